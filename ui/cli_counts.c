/* bahi counts: what was counted, beside stock, and what is decided of it. */
#include <string.h>

#include <cjson/cJSON.h>

#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "ui/lists.h"
#include "ui/restricted.h"
#include "wire/word.h"

#define FILE_MAX ((size_t)4 << 20)
#define ROWS_MAX 500

/* ---- a count, by file --------------------------------------------------- */

/* What is none would be an event that failed, and stay one. */
static bool
judge_count(struct job *job, struct span body, struct err *e)
{
	struct err wrong = { 0 };
	cJSON *tree = json_strict(body, &wrong);
	bool ok = cJSON_IsObject(tree);

	cJSON_Delete(tree);
	return ok || err_set(e, ERR_USAGE, "%.100s is no JSON like "
	    "{\"number\": \"CC-1\", \"date\": \"2026-10-18\", \"location\": "
	    "\"WH-1\", \"lines\": [{\"item\": \"A-1\", \"counted\": \"3\"}]}; "
	    "a sheet goes into the inbox", job->argv[1]);
}

static bool
add(struct job *job, int *status, struct err *e)
{
	struct http_call call = { .method = "POST", .path = "/v1/counts" };
	static const char *const paths[] = { "event", "state", "document",
		"findings.0.sentence" };
	struct span answer;
	struct wire_rows rows;

	if (job->argc != 2)
		return err_set(e, ERR_USAGE, "add FILE");
	if (!restricted_read(job->argv[1], FILE_MAX, job->arena, &call.body,
	    e) || !judge_count(job, call.body, e) ||
	    !wire_ask(job->wire, &call, job->arena, &answer, e))
		return false;
	if (job->json) {
		cli_put_json(job, answer);
		return true;
	}
	/* One answer is a list of one. */
	if (!shape_rows(span_of(arena_printf(job->arena, "{\"items\":[%.*s]}",
	    (int)answer.n, answer.p)), "items", paths, 4, job->arena,
	    &rows) || rows.n != 1)
		return err_set(e, ERR_JSON, "the answer to %s", call.path);
	printf("%s  %s  %s  %s\n", cli_tame(job, rows.texts[0]),
	    text_state(job->arena, rows.texts[1]), cli_tame(job,
	    rows.texts[2]), cli_tame(job, rows.texts[3]));
	*status = strcmp(rows.texts[1], "posted") != 0;
	return true;
}

/* ---- what is decided ---------------------------------------------------- */

#define LINE_PATHS 6

static const char *const line_paths[LINE_PATHS] = {
	"item", "location", "day", "open", "state", "id"
};

/* An item, LOCATION/ITEM, or the whole name of a line. */
static bool
named(struct job *job, const char *const *line)
{
	for (int i = 2; i < job->argc; i++) {
		const char *word = job->argv[i];

		if (strcmp(word, line[0]) == 0 || strcmp(word, line[5]) == 0 ||
		    strcmp(word, arena_printf(job->arena, "%s/%s", line[1],
		    line[0])) == 0)
			return true;
	}
	return false;
}

static void
write_line(struct json *j, const char *const *line)
{
	json_open(j, '{');
	for (int i = 0; i < 4; i++)
		json_kstr(j, line_paths[i], line[i]);
	json_close(j, '}');
}

/* Those that are named, as they are now. */
static bool
write_lines(struct job *job, struct json *j, struct err *e)
{
	const char *path = wire_path(job->arena, "/v1/counts/lines?of=",
	    job->argv[1], "&limit=500"), *page = path;
	struct wire_rows rows;
	struct span body;
	size_t n = 0;

	json_open(j, '[');
	do {
		if (!wire_get(job->wire, page, job->arena, &body, e))
			return false;
		if (!shape_rows(body, "items", line_paths, LINE_PATHS,
		    job->arena, &rows))
			return err_set(e, ERR_JSON, "the answer to %.100s",
			    path);
		for (size_t i = 0; i < rows.n; i++)
			if (named(job, rows.texts + i * LINE_PATHS)) {
				write_line(j, rows.texts + i * LINE_PATHS);
				n++;
			}
		page = wire_page(job->arena, path, rows.next);
	} while (rows.next[0] != '\0');
	json_close(j, ']');
	if (n > ROWS_MAX)
		return err_set(e, ERR_USAGE, "at most %d lines at once",
		    ROWS_MAX);
	return n > 0 || err_set(e, ERR_NOT_FOUND, "%.80s has no such line",
	    job->argv[1]);
}

static bool
write_words(struct job *job, const char *act, struct str *out,
    struct err *e)
{
	const char *of = job->argv[1];
	size_t n = strcspn(of, "/");
	struct json j;

	if (of[n] != '/')
		return err_set(e, ERR_USAGE, "OF is IN01/CC-7");
	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "act", act);
	json_key(&j, "entity");
	json_span(&j, (struct span){ of, n });
	json_kstr(&j, "count", of + n + 1);
	if (job->argc == 3 && strncmp(job->argv[2], "state=", 6) == 0) {
		json_kstr(&j, "state", job->argv[2] + 6);
	} else {
		json_key(&j, "rows");
		if (!write_lines(job, &j, e))
			return false;
	}
	json_close(&j, '}');
	return true;
}

static bool
print_said(struct job *job, const char *act, struct span answer,
    int *status, struct err *e)
{
	struct wire_said said;

	if (!shape_said(answer, job->arena, &said))
		return err_set(e, ERR_JSON, "the answer to %s", act);
	*status = said.why[0] != '\0' || (said.event[0] != '\0' &&
	    strcmp(said.state, "posted") != 0);
	if (job->json) {
		cli_put_json(job, answer);
		return true;
	}
	if (said.why[0] != '\0')
		printf(_("%s: %s done, %s left out: %s\n"), act,
		    cli_tame(job, said.done), cli_tame(job, said.refused),
		    cli_tame(job, said.why));
	else
		printf(_("%s: %s done\n"), act, cli_tame(job, said.done));
	if (said.event[0] != '\0')
		printf("%s  %s\n", cli_tame(job, said.event),
		    text_state(job->arena, said.state));
	return true;
}

static bool
decide(struct job *job, const char *reason, int *status, struct err *e)
{
	const char *act = job->argv[0];
	struct wire_word word = { .what = act, .path = "/v1/counts/act",
	    .reason = reason };
	struct span answer;
	struct str body;
	bool ok;

	if (job->argc < 3)
		return err_set(e, ERR_USAGE, "%s OF ITEM ...|state=STATE",
		    act);
	if (strcmp(act, "reject") == 0 && !cli_reason(job, &word.reason, e))
		return false;
	str_init(&body, FILE_MAX);
	ok = write_words(job, act, &body, e);
	/* Without its braces. */
	word.members = ok ? arena_printf(job->arena, "%.*s", (int)body.n - 2,
	    body.p + 1) : NULL;
	str_free(&body);
	return ok && wire_word_post(job->wire, &word, NULL, job->arena,
	    &answer, e) && print_said(job, act, answer, status, e);
}

/* ---- what there is ------------------------------------------------------ */

static bool
list_all(struct job *job, const char *name, const char *path, int from,
    int *status, struct err *e)
{
	const struct list *list = list_find(name);
	struct list_rows rows;
	const char *query;

	if (!cli_query(job, from, list->names, &query, e))
		return false;
	path = arena_printf(job->arena, "%s%s", path, query);
	if (job->json)
		return cli_print_json(job, path, e);
	if (!cli_list_get(job, list, path, &rows, e))
		return false;
	cli_print_list(job, list, &rows);
	cli_more(job, job->verb, rows.next);
	*status = 0;
	for (size_t i = 0; i < rows.n; i++)
		*status |= rows.items[i].alarm != 0;
	return true;
}

bool
run_counts(struct job *job, int *status, struct err *e)
{
	const char *reason = cli_given_reason(job);
	const char *word = job->argc > 0 ? job->argv[0] : "";

	if (strcmp(word, "add") == 0)
		return add(job, status, e);
	if (strcmp(word, "show") == 0 && job->argc > 1)
		return list_all(job, "count_lines", wire_path(job->arena,
		    "/v1/counts/lines?of=", job->argv[1], "&"), 2, status, e);
	if (strcmp(word, "approve") == 0 || strcmp(word, "reject") == 0 ||
	    strcmp(word, "undo") == 0)
		return decide(job, reason, status, e);
	return list_all(job, "counts", "/v1/counts?", 0, status, e);
}
