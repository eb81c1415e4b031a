/* bahi targets, bahi commits: what is at which ERP, why not, and what people
 * say of it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "ui/lists.h"
#include "ui/target_words.h"
#include "wire/gst.h"
#include "wire/word.h"

#define BODY_MAX ((size_t)4 << 20)
#define CHECK_WAIT 600		/* seconds: what one call may take */

static bool
list_all(struct job *job, const char *name, const char *path,
    struct list_rows *rows, struct err *e)
{
	const struct list *list = list_find(name);

	if (job->json)
		return cli_print_json(job, path, e);
	if (!cli_list_get(job, list, path, rows, e))
		return false;
	cli_print_list(job, list, rows);
	cli_more(job, job->verb, rows->next);
	return true;
}

/* 1 when something needs a person. */
static int
alarmed(const struct list_rows *rows)
{
	int out = 0;

	for (size_t i = 0; i < rows->n; i++)
		out |= rows->items[i].alarm != 0;
	return out;
}

static bool
send_word(struct job *job, const struct wire_word *word, int *status,
    struct err *e)
{
	struct wire_said said;
	struct span answer;

	if (!wire_word_post(job->wire, word, NULL, job->arena, &answer, e))
		return false;
	if (!shape_said(answer, job->arena, &said))
		return err_set(e, ERR_JSON, "the answer to %s", word->what);
	*status = said.refused[0] != '\0' && strcmp(said.refused, "0") != 0;
	if (job->json)
		cli_put_json(job, answer);
	else if (said.done[0] == '\0')
		printf("%s %s: %s\n", word->what, cli_tame(job, word->about),
		    _("done"));
	else if (*status != 0)
		printf(_("%s: %s done, %s left out: %s\n"), word->what,
		    cli_tame(job, said.done), cli_tame(job, said.refused),
		    cli_tame(job, said.why));
	else
		printf(_("%s: %s done\n"), word->what,
		    cli_tame(job, said.done));
	if (!job->json && said.unknown[0] != '\0')
		printf(_("Of %s nobody knows whether it is there: look "
		    "there.\n"), cli_tame(job, said.unknown));
	return true;
}

/* ---- targets ------------------------------------------------------------ */

/* What the last check found; at "": none was yet. */
struct checked {
	const char *at, *why;
	bool good;
	cJSON *tree;
};

static bool
last_check(struct job *job, const char *path, struct checked *out,
    struct err *e)
{
	struct span body;

	cJSON_Delete(out->tree);
	*out = (struct checked){ .at = "", .why = "" };
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	out->tree = json_parse(body);
	out->at = arena_strdup(job->arena, json_word(out->tree, "check.at"));
	out->why = arena_strdup(job->arena, json_word(out->tree,
	    "check.why"));
	out->good = cJSON_IsTrue(json_at(out->tree, "check.good"));
	return true;
}

static void
print_checked(struct job *job, const struct checked *check)
{
	const cJSON *fault, *all = json_at(check->tree, "check.faults");

	if (check->why[0] != '\0')
		printf("%s: %s\n", cli_tame(job, job->argv[1]),
		    cli_tame(job, check->why));
	else if (check->good)
		printf("%s\n", arena_printf(job->arena,
		    _("Checked %s: it can work.%s"), text_time(job->arena,
		    check->at), ""));
	cJSON_ArrayForEach(fault, all)
		printf("%s: %s %s: %s\n", list_word(job->arena,
		    json_word(fault, "refusal")),
		    cli_tame(job, json_word(fault, "field")),
		    cli_tame(job, json_word(fault, "value")),
		    cli_tame(job, json_word(fault, "words")));
}

/* Asked for, and waited for: there is another than before. */
static bool
check_target(struct job *job, int *status, struct err *e)
{
	const char *path = wire_path(job->arena, "/v1/targets/", job->argv[1],
	    "");
	struct http_call call = { .method = "POST", .path = arena_printf(
	    job->arena, "%s/check", path), .body = span_of(job->argc > 2 ?
	    "{\"now\":true}" : "{}") };
	const struct timespec pause = { .tv_nsec = 100000000 };
	int64_t until = clock_mono() + CHECK_WAIT * INT64_C(1000000);
	struct checked check = { .tree = NULL };
	const char *before;
	struct span body;
	bool ok;

	ok = last_check(job, path, &check, e) &&
	    wire_ask(job->wire, &call, job->arena, &body, e);
	before = check.at;
	while (ok && strcmp(check.at, before) == 0 && clock_mono() < until) {
		nanosleep(&pause, NULL);
		ok = last_check(job, path, &check, e);
	}
	if (ok && strcmp(check.at, before) == 0)
		ok = err_set(e, ERR_BUSY, "it is still asked");
	if (ok && job->json)
		ok = cli_print_json(job, path, e);
	else if (ok)
		print_checked(job, &check);
	*status = !check.good;
	cJSON_Delete(check.tree);
	return ok;
}

static bool
say_target(struct job *job, const char *reason, int *status, struct err *e)
{
	static const char *const known[] = { "check", "pause", "resume" };
	struct wire_word word = { .what = job->argv[0], .members = "",
	    .about = job->argc > 1 ? job->argv[1] : "",
	    .reason = reason };
	size_t i = 0;

	while (i < sizeof known / sizeof *known &&
	    strcmp(known[i], word.what) != 0)
		i++;
	if (i == sizeof known / sizeof *known || job->argc < 2 ||
	    (job->argc > 2 && (i != 0 || strcmp(job->argv[2], "now") != 0)))
		return err_set(e, ERR_USAGE, "check NAME [now], pause NAME or "
		    "resume NAME");
	if (strcmp(word.what, "check") == 0)
		return check_target(job, status, e);
	if (strcmp(word.what, "pause") == 0 && !cli_reason(job, &word.reason,
	    e))
		return false;
	word.path = wire_path(job->arena, "/v1/targets/", job->argv[1],
	    arena_printf(job->arena, "/%s", word.what));
	return send_word(job, &word, status, e);
}

bool
run_targets(struct job *job, int *status, struct err *e)
{
	const char *reason = cli_given_reason(job);
	struct list_rows rows = { .n = 0 };

	if (job->argc > 0)
		return say_target(job, reason, status, e);
	if (!list_all(job, "targets", "/v1/targets", &rows, e))
		return false;
	*status = alarmed(&rows);
	return true;
}

/* ---- commits ------------------------------------------------------------ */

/* TARGET/J12, else the name of a cause. */
static bool
is_commit(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL && slash[1] == 'J' && slash[2] != '\0' &&
	    strspn(slash + 2, "0123456789") == strlen(slash + 2);
}

/* When it last changed, as it is now; one that is not there has never, and
 * what is said of it is refused. */
static bool
write_seen(struct job *job, struct json *j, const char *name, struct err *e)
{
	static const char *const paths[] = { "at" };
	const char *path = sheet_path(job->arena, arena_printf(job->arena,
	    "commit/%s", name)), *at;
	struct err missing = { 0 };
	struct span body;

	if (!wire_get(job->wire, path, job->arena, &body, &missing)) {
		if (missing.code == ERR_NOT_FOUND)
			return true;
		*e = missing;
		return false;
	}
	if (!shape_texts(body, paths, 1, job->arena, &at))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	json_kstr(j, "at", at);
	return true;
}

/* The last change of those that have that cause, as they are now. */
static bool
write_cause(struct job *job, struct json *j, const char *name, struct err *e)
{
	static const char *const paths[] = { "id", "change" };
	const char *path = wire_path(job->arena,
	    "/v1/commits/causes?target=", arena_strndup(job->arena, name,
	    strcspn(name, "/")), "");
	struct wire_rows rows;
	struct span body;

	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!shape_rows(body, "items", paths, 2, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	for (size_t i = 0; i < rows.n; i++)
		if (strcmp(rows.texts[2 * i], name) == 0) {
			json_key(j, "where");
			json_open(j, '{');
			json_kstr(j, "of", name);
			json_kint(j, "change", strtoll(rows.texts[2 * i + 1],
			    NULL, 10));
			json_close(j, '}');
			return true;
		}
	return err_set(e, ERR_NOT_FOUND, "nothing is refused because of "
	    "%.60s", name);
}

static bool
write_rows(struct job *job, struct json *j, struct err *e)
{
	json_key(j, "rows");
	json_open(j, '[');
	for (int i = 1; i < job->argc; i++) {
		const char *name = job->argv[i];
		const char *slash = strrchr(name, '/');

		if (!is_commit(name))
			return err_set(e, ERR_USAGE, "ROW is TARGET/J12, or "
			    "one cause alone");
		json_open(j, '{');
		json_key(j, "target");
		json_span(j, (struct span){ name, (size_t)(slash - name) });
		json_kstr(j, "journal", slash + 1);
		if (!write_seen(job, j, name, e))
			return false;
		json_close(j, '}');
	}
	json_close(j, ']');
	return true;
}

static bool
write_act(struct job *job, struct str *out, struct err *e)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "act", job->argv[0]);
	if (!(job->argc == 2 && !is_commit(job->argv[1]) ?
	    write_cause(job, &j, job->argv[1], e) :
	    write_rows(job, &j, e)))
		return false;
	json_close(&j, '}');
	return true;
}

static bool
say_commits(struct job *job, const char *reason, int *status, struct err *e)
{
	struct wire_word word = { .what = job->argv[0],
	    .path = "/v1/commits/act", .about = "", .reason = reason };
	struct str body;
	bool ok;

	if (job->argc < 2)
		return err_set(e, ERR_USAGE, "%s ROW ...", word.what);
	if (strcmp(word.what, "retry") != 0 && !cli_reason(job, &word.reason,
	    e))
		return false;
	str_init(&body, BODY_MAX);
	ok = write_act(job, &body, e);
	/* Without its braces. */
	word.members = ok ? arena_printf(job->arena, "%.*s", (int)body.n - 2,
	    body.p + 1) : NULL;
	str_free(&body);
	return ok && send_word(job, &word, status, e);
}

/* One with all that was tried. */
static bool
show_commit(struct job *job, int *status, struct err *e)
{
	static const char *const own[] = { "state", "refusal", "words",
		"remote_number", "sent", "held", "target", "behind" };
	static const char *const paths[] = { "at", "act", "outcome", "actor",
		"words" };
	const char *path, *t[8], *hint;
	struct wire_rows rows;
	struct span body;

	if (job->argc != 2 || !is_commit(job->argv[1]))
		return err_set(e, ERR_USAGE, "show TARGET/J12");
	path = sheet_path(job->arena, arena_printf(job->arena, "commit/%s",
	    job->argv[1]));
	if (job->json)
		return cli_print_json(job, path, e);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!shape_texts(body, own, 8, job->arena, t) || !shape_rows(body,
	    "tries", paths, 5, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	printf("%s  %s  %s  %s\n", cli_tame(job, t[0]), cli_tame(job, t[1]),
	    cli_tame(job, t[3]), cli_tame(job, t[2]));
	hint = refusal_hint(job->arena, t[1], t[6],
	    strcmp(t[0], "retrying") == 0);
	if (hint[0] != '\0')
		puts(hint);
	if (t[7][0] != '\0')
		printf("%s %s\n", _("Waits for"), cli_tame(job, t[7]));
	if (t[4][0] != '\0')
		printf("SHA-256 %s %s\n", cli_tame(job, t[4]), cli_tame(job,
		    t[5]));
	for (size_t i = 0; i < rows.n; i++)
		printf("%s  %s  %s  %s  %s\n",
		    text_time(job->arena, rows.texts[i * 5]),
		    cli_tame(job, rows.texts[i * 5 + 1]),
		    cli_tame(job, rows.texts[i * 5 + 2]),
		    cli_tame(job, rows.texts[i * 5 + 3]),
		    cli_tame(job, rows.texts[i * 5 + 4]));
	*status = t[1][0] != '\0';
	return true;
}

bool
run_commits(struct job *job, int *status, struct err *e)
{
	const char *reason = cli_given_reason(job), *query;
	const char *word = job->argc > 0 ? job->argv[0] : "";
	struct list_rows rows = { .n = 0 };

	if (strcmp(word, "show") == 0)
		return show_commit(job, status, e);
	if (strcmp(word, "retry") == 0 || strcmp(word, "resend") == 0 ||
	    strcmp(word, "skip") == 0)
		return say_commits(job, reason, status, e);
	if (strcmp(word, "causes") == 0 && job->argc > 2)
		return err_set(e, ERR_USAGE, "%.60s is not understood here",
		    job->argv[2]);
	if (strcmp(word, "causes") == 0) {
		if (!list_all(job, "causes", job->argc > 1 ? wire_path(
		    job->arena, "/v1/commits/causes?target=", job->argv[1],
		    "") : "/v1/commits/causes", &rows, e))
			return false;
		*status = rows.n > 0;
		return true;
	}
	if (!cli_query(job, 0, list_find("commits")->names, &query, e) ||
	    !list_all(job, "commits", arena_printf(job->arena,
	    "/v1/commits?%s", query), &rows, e))
		return false;
	*status = alarmed(&rows);
	return true;
}
