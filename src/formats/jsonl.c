/*
 * JSON Lines: each line that is not empty is a record, as it came; intake
 * judges it. Only the topic is looked up here.
 */
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "formats/list.h"

#define TOPIC_MAX 128

struct reader {
	struct input in;
	struct str line, quoted;
	bool whole, any;
	int64_t began;
	char topic[TOPIC_MAX + 1];
	struct str wrong;
};

static struct reader *
jsonl_reader(void)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	input_open(&r->in);
	str_init(&r->line, RECORD_MAX);
	str_init(&r->quoted, 2 * RECORD_MAX);
	str_init(&r->wrong, 256);
	return r;
}

static void
jsonl_reader_close(struct reader **reader)
{
	struct reader *r = *reader;

	*reader = NULL;
	if (r == NULL)
		return;
	str_free(&r->line);
	str_free(&r->quoted);
	str_free(&r->wrong);
	free(r);
}

static void
jsonl_feed(struct reader *r, const char *p, size_t n)
{
	input_feed(&r->in, p, n);
}

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A line that has more than white space. */
static bool
read_line(struct reader *r)
{
	int c;

	while ((c = input_take(&r->in)) >= 0) {
		if (r->any && c == '\n')
			return true;
		if (!r->any && is_space(c))
			continue;
		if (!r->any)
			r->began = r->in.line;
		r->any = true;
		str_addc(&r->line, (char)c);
	}
	return r->any && input_over(&r->in);
}

static void
find_topic(struct reader *r)
{
	static const char *const members[] = { "type", "event", "topic" };
	struct cJSON *tree = json_parse(str_span(&r->quoted));
	const char *text;

	for (size_t i = 0; i < 3; i++) {
		text = json_text(tree, members[i]);
		if (text == NULL || text[0] == '\0' ||
		    strlen(text) > TOPIC_MAX)
			continue;
		memcpy(r->topic, text, strlen(text) + 1);
		break;
	}
	cJSON_Delete(tree);
}

static void
judge(struct reader *r)
{
	struct json_where where;
	enum json_fault fault = json_quote(str_span(&r->line), JSON_DEPTH_MAX,
	    &r->quoted, &where);

	if (fault != JSON_OK)
		str_addf(&r->wrong, "%s at byte %zu", json_fault_name(fault),
		    where.offset);
	else if (r->line.p[0] != '{')
		str_adds(&r->wrong, "it is no JSON object");
	else
		find_topic(r);
}

static void
give_up(struct reader *r)
{
	struct json j;

	str_adds(&r->wrong, "the line is too large");
	str_clear(&r->line);
	json_start(&j, &r->line);
	json_open(&j, '{');
	json_kstr(&j, "wrong", r->wrong.p);
	json_close(&j, '}');
}

static bool
jsonl_record(struct reader *r, struct record *record)
{
	if (r->whole) {
		r->whole = r->any = false;
		str_clear(&r->line);
	}
	if (!read_line(r))
		return false;
	r->whole = true;
	memcpy(r->topic, "row", 4);
	str_clear(&r->wrong);
	while (is_space(r->line.p[r->line.n - 1]))
		r->line.p[--r->line.n] = '\0';
	if (r->line.over)
		give_up(r);
	else
		judge(r);
	*record = (struct record){ .topic = r->topic, .line = r->began,
		.json = str_span(&r->line),
		.wrong = r->wrong.n > 0 ? r->wrong.p : NULL };
	return true;
}

static bool
jsonl_end(struct reader *r, struct err *e)
{
	(void)r;
	(void)e;
	return true;
}

const struct format format_jsonl = {
	.name = "jsonl", .suffixes = ".jsonl .ndjson",
	.open = jsonl_reader, .close = jsonl_reader_close,
	.feed = jsonl_feed, .next = jsonl_record, .end = jsonl_end,
};
