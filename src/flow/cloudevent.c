/*
 * CloudEvents in their three modes.  A batch is split into the exact bytes of
 * each event, so that each is kept as it came.
 */
#include "flow/cloudevent.h"

#include <strings.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/utf8.h"

static bool
is_type(const char *have, const char *want)
{
	size_t n = strlen(want);

	return strncasecmp(have, want, n) == 0 && (have[n] == '\0' ||
	    have[n] == ';' || have[n] == ' ');
}

bool
cloudevent_mode(const struct delivery *d, enum cloudevent_mode *out,
    struct err *e)
{
	bool twice = false;
	const char *type = d->header(d->request, "Content-Type", &twice);

	if (type == NULL || twice)
		return err_set(e, ERR_MEDIA, "no single Content-Type");
	if (is_type(type, "application/cloudevents+json"))
		*out = CLOUDEVENT_STRUCTURED;
	else if (is_type(type, "application/cloudevents-batch+json"))
		*out = CLOUDEVENT_BATCH;
	else if (is_type(type, "application/json") &&
	    d->header(d->request, "ce-specversion", NULL) != NULL)
		*out = CLOUDEVENT_BINARY;
	else
		return err_set(e, ERR_MEDIA, "%.80s is no CloudEvent", type);
	return true;
}

/* A CloudEvents string: text without control characters. */
static bool
is_text(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return text[0] != '\0' && utf8_valid(span_of(text));
}

static bool
judge(const char *version, const char *id, const char *source,
    const char *type, const char *time, struct arena *arena,
    struct verified *out, struct err *e)
{
	if (version == NULL || strcmp(version, "1.0") != 0)
		return err_set(e, ERR_REQUEST, "specversion is not 1.0");
	if (id == NULL || !is_text(id))
		return err_set(e, ERR_REQUEST, "id is missing or no text");
	/* A URI has no space, so the key parts them in one way only. */
	if (source == NULL || !is_text(source) || strchr(source, ' ') != NULL)
		return err_set(e, ERR_REQUEST, "source is missing or no URI");
	if (type == NULL || !is_text(type) || strlen(type) > 200)
		return err_set(e, ERR_REQUEST, "type is missing or long");
	if (strlen(id) + strlen(source) > 400)
		return err_set(e, ERR_REQUEST, "source and id are too long");
	*out = (struct verified){ .topic = arena_strdup(arena, type),
	    .key = arena_printf(arena, "%s %s", source, id) };
	if (time != NULL && !clock_parse(span_of(time), &out->sent))
		return err_set(e, ERR_REQUEST, "time is not RFC 3339");
	return true;
}

bool
cloudevent_binary(const struct delivery *d, struct arena *arena,
    struct verified *out, struct err *e)
{
	static const char *const names[] = { "ce-specversion", "ce-id",
	    "ce-source", "ce-type", "ce-time" };
	const char *values[5];

	for (size_t i = 0; i < 5; i++) {
		bool twice = false;

		values[i] = d->header(d->request, names[i], &twice);
		if (twice)
			return err_set(e, ERR_REQUEST, "%s came twice",
			    names[i]);
	}
	return judge(values[0], values[1], values[2], values[3], values[4],
	    arena, out, e);
}

bool
cloudevent_structured(struct span text, struct arena *arena,
    struct verified *out, struct err *e)
{
	struct json_where where;
	struct str quoted;
	cJSON *tree = NULL;
	enum json_fault fault;
	bool ok = false;

	str_init(&quoted, text.n * 4 + 64);
	fault = json_quote(text, JSON_DEPTH_MAX, &quoted, &where);
	if (fault == JSON_OK)
		tree = json_parse(str_span(&quoted));
	if (tree == NULL)
		err_set(e, ERR_JSON, "%s at byte %zu",
		    json_fault_name(fault), where.offset);
	else
		ok = judge(json_text(tree, "specversion"),
		    json_text(tree, "id"), json_text(tree, "source"),
		    json_text(tree, "type"), json_text(tree, "time"), arena,
		    out, e);
	cJSON_Delete(tree);
	str_free(&quoted);
	return ok;
}

/* End of the value at the start of s; brackets inside strings do not count.
 * The text was judged before, so brackets match. */
static size_t
value_end(struct span s)
{
	int depth = 0;
	bool string = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				string = false;
		} else if (c == '"') {
			string = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (depth-- == 0)
				return i;
			if (depth == 0)
				return i + 1;
		} else if (c == ',' && depth == 0) {
			return i;
		}
	}
	return s.n;
}

static struct span
skip(struct span s)
{
	while (s.n > 0 && strchr(" \t\r\n,", s.p[0]) != NULL) {
		s.p++;
		s.n--;
	}
	return s;
}

bool
cloudevent_split(struct span batch, struct arena *arena,
    struct span **items, size_t *n, struct err *e)
{
	struct json_where where;
	struct str quoted;
	enum json_fault fault;
	struct span rest = skip(batch);

	str_init(&quoted, batch.n * 4 + 64);
	fault = json_quote(batch, JSON_DEPTH_MAX, &quoted, &where);
	str_free(&quoted);
	if (fault != JSON_OK)
		return err_set(e, ERR_JSON, "%s at byte %zu",
		    json_fault_name(fault), where.offset);
	if (rest.n == 0 || rest.p[0] != '[')
		return err_set(e, ERR_REQUEST, "a batch is a JSON array");
	*items = arena_alloc(arena, CLOUDEVENTS_MAX * sizeof **items);
	*n = 0;
	rest = skip((struct span){ rest.p + 1, rest.n - 1 });
	while (rest.n > 0 && rest.p[0] != ']') {
		size_t end = value_end(rest);

		if (*n == CLOUDEVENTS_MAX)
			return err_set(e, ERR_TOO_LARGE,
			    "a batch has at most %d events", CLOUDEVENTS_MAX);
		(*items)[(*n)++] = (struct span){ rest.p, end };
		rest = skip((struct span){ rest.p + end, rest.n - end });
	}
	return true;
}
