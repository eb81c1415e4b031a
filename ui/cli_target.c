/*
 * One target by its words: what it holds otherwise than we do, a look on
 * demand, its trial balance beside ours, and it beside another target.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "wire/gst.h"

#define LOOK_WAIT 600		/* seconds that a look may take here */

/* ---- shared ----------------------------------------------------------- */

static const char *
money(struct job *job, const char *currency, const char *amount)
{
	return text_money(job->arena, currency, amount);
}

/* /v1/targets/NAME/WHAT?QUERY of the arguments from that one on. */
static bool
path_of(struct job *job, const char *what, int from,
    const char *const names[], const char **out, struct err *e)
{
	const char *query;

	if (!cli_query(job, from, names, &query, e))
		return false;
	*out = arena_printf(job->arena, "%s%s%s", wire_path(job->arena,
	    "/v1/targets/", job->argv[1], what), *query != '\0' ? "?" : "",
	    query);
	return true;
}

static bool
get_rows(struct job *job, const char *path, const char *list,
    const char *const *paths, size_t n, struct wire_rows *rows,
    struct span *body, struct err *e)
{
	return wire_get(job->wire, path, job->arena, body, e) &&
	    (shape_rows(*body, list, paths, n, job->arena, rows) ||
	    err_set(e, ERR_JSON, "the answer to %.100s", path));
}

/* Members of the answer itself. */
static bool
shape_whole(struct job *job, struct span body, const char *const *paths,
    size_t n, const char ***out, struct err *e)
{
	*out = arena_alloc(job->arena, n * sizeof **out);
	return shape_texts(body, paths, n, job->arena, *out) ||
	    err_set(e, ERR_JSON, "the answer of a target");
}

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* ---- drift ------------------------------------------------------------ */

#define DRIFT 12

static const char *const of_drift[DRIFT] = {
	"id", "kind", "state", "journal", "document", "remote_number",
	"date", "amount", "currency", "found", "version", "remote"
};

static void
print_drift(struct job *job, const struct wire_rows *rows)
{
	static const char *const heads[] = { N_("Row"), N_("Kind"),
		N_("State"), N_("Journal"), N_("Document"), N_("There"),
		N_("Date"), N_("Amount"), N_("Cur"), N_("Age"), NULL };
	struct table table;

	table_start(&table, "<<<<<<<><<", heads);
	for (size_t i = 0; i < rows->n; i++) {
		const char **t = rows->texts + i * DRIFT;

		table_add_raw(&table, (const char *const []){
		    cli_tame(job, t[0]), cli_tame(job, t[1]),
		    text_state(job->arena, t[2]), cli_tame(job, t[3]),
		    text_document(job->arena, t[4]),
		    cli_tame(job, t[5][0] != '\0' ? t[5] : t[11]),
		    cli_tame(job, t[6]), money(job, t[8], t[7]),
		    cli_tame(job, t[8]), text_age(job->arena, t[9]) },
		    (const char *const []){ NULL, NULL, t[2], NULL, NULL,
		    NULL, NULL, t[7], NULL, t[9] });
	}
	cli_table(job, &table);
}

/* An empty list says nothing as long as nobody has seen all. */
static bool
tell_looking(struct job *job, struct span body, struct err *e)
{
	static const char *const paths[] = { "look.ended", "looking.began",
		"looking.seen", "looking.ours" };
	const char **t;

	if (!shape_whole(job, body, paths, 4, &t, e))
		return false;
	if (t[1][0] != '\0')
		cli_say(job, "%s\n", arena_printf(job->arena, _("It is being "
		    "looked at since %s: %s there so far, %s ours."),
		    text_time(job->arena, t[1]), text_number(job->arena,
		    t[2]), text_number(job->arena, t[3])));
	else if (t[0][0] == '\0')
		cli_say(job, "%s\n", _("Nobody has looked there yet."));
	return true;
}

static bool
list_drift(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = { "kind", "state", "after",
		"limit", NULL };
	struct wire_rows rows;
	const char *path;
	struct span body;

	if (!path_of(job, "/drift", 2, names, &path, e) || !get_rows(job,
	    path, "items", of_drift, DRIFT, &rows, &body, e))
		return false;
	if (!job->json && !tell_looking(job, body, e))
		return false;
	if (job->json)
		cli_put_json(job, body);
	else
		print_drift(job, &rows);
	for (size_t i = 0; i < rows.n; i++)
		*status |= !is(rows.texts[i * DRIFT + 2], "closed");
	return true;
}

struct saying {
	const char *entity, *cost_centre, *reason;
};

/* --reason TEXT and entity=IN01 among them; the rows are what is left. */
static bool
take_values(struct job *job, struct saying *said, struct err *e)
{
	int left = 3;

	for (int i = 3; i < job->argc; i++) {
		char *arg = job->argv[i];

		if (is(arg, "--reason") && i + 1 < job->argc)
			said->reason = job->argv[++i];
		else if (strncmp(arg, "entity=", 7) == 0)
			said->entity = arg + 7;
		else if (strncmp(arg, "cost_centre=", 12) == 0)
			said->cost_centre = arg + 12;
		else if (arg[0] != 'T')
			return err_set(e, ERR_USAGE, "%.60s is not understood here", arg);
		else
			job->argv[left++] = arg;
	}
	job->argc = left;
	return left > 3 || err_set(e, ERR_USAGE, "which rows? T12 ...");
}

/* The version of this moment, of those that were named. */
static bool
find_versions(struct job *job, struct json *j, struct err *e)
{
	const char *path = wire_path(job->arena, "/v1/targets/",
	    job->argv[1], "/drift?limit=500"), *next = "";
	static const char *const NEXT[] = { "next" };
	struct wire_rows rows;
	struct span body;
	int found = 0;

	do {
		const char **whole;

		if (!get_rows(job, wire_page(job->arena, path, next),
		    "items", of_drift, DRIFT, &rows, &body, e) ||
		    !shape_whole(job, body, NEXT, 1, &whole, e))
			return false;
		next = whole[0];
		for (size_t i = 0; i < rows.n; i++) {
			const char **t = rows.texts + i * DRIFT;
			int at = 3;

			while (at < job->argc && !is(job->argv[at], t[0]))
				at++;
			if (at == job->argc)
				continue;
			found++;
			json_open(j, '{');
			json_kstr(j, "id", t[0]);
			json_kstr(j, "version", t[10]);
			json_close(j, '}');
		}
	} while (*next != '\0');
	return found == job->argc - 3 || err_set(e, ERR_NOT_FOUND,
	    "%d of %d rows are open", found, job->argc - 3);
}

static bool
print_acted(struct job *job, struct span body, int *status, struct err *e)
{
	static const char *const PATHS[] = { "done", "held" };
	static const char *const REFUSED[] = { "id", "why" };
	const char **whole;
	struct wire_rows rows;

	if (!shape_whole(job, body, PATHS, 2, &whole, e))
		return false;
	if (!shape_rows(body, "refused", REFUSED, 2, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer of a target");
	if (job->json)
		cli_put_json(job, body);
	else
		printf(_("%s done, %zu refused, %s wait for an approval\n"),
		    cli_tame(job, whole[0]), rows.n, cli_tame(job,
		    whole[1]));
	for (size_t i = 0; !job->json && i < rows.n; i++)
		printf("%s: %s\n", cli_tame(job, rows.texts[i * 2]),
		    cli_tame(job, rows.texts[i * 2 + 1]));
	*status = rows.n > 0;
	return true;
}

static bool
act_on_drift(struct job *job, int *status, struct err *e)
{
	struct http_call call = { .method = "POST", .path = wire_path(
	    job->arena, "/v1/targets/", job->argv[1], "/drift/act") };
	struct saying said = { .reason = job->reason };
	struct span answer;
	struct json j;
	struct str body;
	bool ok;

	if (!take_values(job, &said, e) || (!is(job->argv[2], "ours") &&
	    !cli_reason(job, &said.reason, e)))
		return false;
	str_init(&body, 1 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "act", job->argv[2]);
	json_kstr(&j, "reason", said.reason);
	json_kstr(&j, "entity", said.entity);
	json_kstr(&j, "cost_centre", said.cost_centre);
	json_key(&j, "rows");
	json_open(&j, '[');
	ok = find_versions(job, &j, e);
	json_close(&j, ']');
	json_close(&j, '}');
	call.body = str_span(&body);
	ok = ok && wire_ask(job->wire, &call, job->arena, &answer, e) &&
	    print_acted(job, answer, status, e);
	str_free(&body);
	return ok;
}

static bool
drift(struct job *job, int *status, struct err *e)
{
	static const char *const acts[] = { "ours", "theirs", "adopt",
		"ignore", NULL };

	for (size_t i = 0; job->argc > 2 && acts[i] != NULL; i++)
		if (is(job->argv[2], acts[i]))
			return act_on_drift(job, status, e);
	return list_drift(job, status, e);
}

/* ---- a look ----------------------------------------------------------- */

#define LOOK 8

static const char *const of_look[LOOK] = {
	"look.ended", "look.from", "look.to", "look.seen", "look.strangers",
	"look.mended", "look.why", "look.ours"
};

static bool
last_look(struct job *job, const char ***out, struct err *e)
{
	const char *path = wire_path(job->arena, "/v1/targets/",
	    job->argv[1], "/drift?limit=1");
	struct span body;

	return wire_get(job->wire, path, job->arena, &body, e) &&
	    shape_whole(job, body, of_look, LOOK, out, e);
}

/* Asked for, and waited for: there is another than before. */
static bool
look(struct job *job, int *status, struct err *e)
{
	struct http_call call = { .method = "POST", .path = wire_path(
	    job->arena, "/v1/targets/", job->argv[1], "/look") };
	const struct timespec pause = { .tv_nsec = 200000000 };
	int64_t until = clock_mono() + LOOK_WAIT * INT64_C(1000000);
	const char **before, **now;
	struct span body;

	if (job->argc > 2)
		return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[2]);
	if (!last_look(job, &before, e) ||
	    !wire_ask(job->wire, &call, job->arena, &body, e))
		return false;
	do {
		nanosleep(&pause, NULL);
		if (!last_look(job, &now, e))
			return false;
	} while (is(now[0], before[0]) && clock_mono() < until);
	if (is(now[0], before[0]))
		return err_set(e, ERR_BUSY, "it still looks");
	if (now[6][0] != '\0')
		return err_set(e, ERR_REFUSED, "%.200s", now[6]);
	cli_say(job, _("%s to %s: %s postings there, %s of them ours, %s "
	    "mended\n"), cli_tame(job, now[1]), cli_tame(job, now[2]),
	    cli_tame(job, now[3]), cli_tame(job, now[7]),
	    cli_tame(job, now[5]));
	job->argc = 2;
	return list_drift(job, status, e);
}

/* ---- trial balances --------------------------------------------------- */

#define TRIAL 10

static const char *const of_trial[TRIAL] = {
	"account", "name", "ours.0.account", "amount", "in_flight",
	"refused", "skipped", "held", "difference", "only"
};

static void
print_trial(struct job *job, const struct wire_rows *rows,
    const char *currency)
{
	static const char *const heads[] = { N_("There"), N_("Name"),
		N_("Ours"), N_("Balance"), N_("On its way"), N_("Refused"),
		N_("Skipped"), N_("It has"), N_("Difference"), NULL };
	struct table table;

	table_start(&table, "<<<>>>>>>", heads);
	for (size_t i = 0; i < rows->n; i++) {
		const char **t = rows->texts + i * TRIAL;
		const char *cells[9] = { cli_tame(job, t[0]),
			cli_tame(job, t[1]), cli_tame(job, t[2]) };
		const char *raw[9] = { NULL };

		for (int k = 3; k < 9; k++) {
			cells[k] = money(job, currency, t[k]);
			raw[k] = t[k];
		}
		table_add_raw(&table, cells, raw);
	}
	cli_table(job, &table);
}

static bool
trial(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = { "entity", "day", NULL };
	static const char *const WHOLE[] = { "currency", "same", "moving",
		"drift" };
	struct wire_rows rows;
	const char *path, **whole;
	struct span body;

	if (!path_of(job, "/trial", 2, names, &path, e) || !get_rows(job,
	    path, "items", of_trial, TRIAL, &rows, &body, e) ||
	    !shape_whole(job, body, WHOLE, 4, &whole, e))
		return false;
	if (job->json)
		cli_put_json(job, body);
	else
		print_trial(job, &rows, whole[0]);
	if (is(whole[2], "yes"))
		cli_say(job, "%s", _("Commits went there meanwhile; the two "
		    "are not of one moment.\n"));
	if (!is(whole[3], "0"))
		cli_say(job, _("%s rows of drift are open.\n"),
		    cli_tame(job, whole[3]));
	*status = !is(whole[1], "yes");
	return true;
}

/* ---- two targets ------------------------------------------------------ */

#define PAIR 7
#define BALANCE 8

static const char *const of_pair[PAIR] = {
	"journal", "document", "version", "date", "is", "a", "b"
};
static const char *const of_balance[BALANCE] = {
	"ours.0", "a.0", "b.0", "held_a", "held_b", "away_a", "away_b",
	"difference"
};

struct against {
	int64_t counts[4];	/* same missing differs unproven */
	bool same;
};

static void
print_pairs(struct job *job, const struct wire_rows *rows)
{
	const char *const heads[] = { N_("Journal"), N_("Document"),
		N_("Version"), N_("Date"), N_("Is"), job->argv[1],
		job->argv[2], NULL };
	struct table table;

	table_start(&table, "<<><<<<", heads);
	for (size_t i = 0; i < rows->n; i++) {
		const char **t = rows->texts + i * PAIR;

		table_add(&table, (const char *const []){
		    cli_tame(job, t[0]), text_document(job->arena, t[1]),
		    cli_tame(job, t[2]), cli_tame(job, t[3]),
		    cli_tame(job, t[4]), text_state(job->arena, t[5]),
		    text_state(job->arena, t[6]) });
	}
	cli_table(job, &table);
}

static void
print_balances(struct job *job, const struct wire_rows *rows,
    const char *currency)
{
	static const char *const heads[] = { N_("Ours"), N_("First"),
		N_("Second"), N_("First has"), N_("Second has"),
		N_("On its way"), N_("On its way"), N_("Difference"), NULL };
	struct table table;

	table_start(&table, "<<<>>>>>", heads);
	for (size_t i = 0; i < rows->n; i++) {
		const char **t = rows->texts + i * BALANCE;
		const char *cells[BALANCE];
		const char *raw[BALANCE] = { NULL };

		for (int k = 0; k < BALANCE; k++) {
			cells[k] = k < 3 ? cli_tame(job, t[k]) :
			    money(job, currency, t[k]);
			raw[k] = k < 3 ? NULL : t[k];
		}
		table_add_raw(&table, cells, raw);
	}
	cli_table(job, &table);
}

static bool
add_page(struct job *job, struct span body, struct against *all,
    const char **next, struct err *e)
{
	static const char *const WHOLE[] = { "journals.same",
		"journals.missing", "journals.differs", "journals.unproven",
		"same", "next", "currency" };
	struct wire_rows pairs, balances;
	const char **whole;

	if (!shape_whole(job, body, WHOLE, 7, &whole, e))
		return false;
	if (!shape_rows(body, "items", of_pair, PAIR, job->arena, &pairs))
		return err_set(e, ERR_JSON, "the answer of a target");
	for (int i = 0; i < 4; i++)
		all->counts[i] += strtoll(whole[i], NULL, 10);
	all->same = all->same && is(whole[4], "yes");
	if (job->json)
		cli_put_json(job, body);
	else if (pairs.n > 0)
		print_pairs(job, &pairs);
	*next = whole[5];
	if (job->json || whole[6][0] == '\0' || !shape_rows(body, "balances",
	    of_balance, BALANCE, job->arena, &balances))
		return true;
	print_balances(job, &balances, whole[6]);
	return true;
}

static bool
against(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = { "day", NULL };
	struct against all = { .same = true };
	const char *path, *next = "", *query;

	if (job->argc < 3)
		return err_set(e, ERR_USAGE, "against which?");
	if (!cli_query(job, 3, names, &query, e))
		return false;
	path = arena_printf(job->arena, "%s?%s", wire_path(job->arena,
	    wire_path(job->arena, "/v1/targets/", job->argv[1], "/against/"),
	    job->argv[2], ""), query);
	do {
		struct span body;

		if (!wire_get(job->wire, wire_page(job->arena, path, next),
		    job->arena, &body, e) ||
		    !add_page(job, body, &all, &next, e))
			return false;
	} while (*next != '\0');
	cli_say(job, _("%lld journals are the same, %lld are missing, %lld "
	    "differ, of %lld nothing is proven\n"),
	    (long long)all.counts[0], (long long)all.counts[1],
	    (long long)all.counts[2], (long long)all.counts[3]);
	*status = !all.same;
	return true;
}

/* ---- the verb --------------------------------------------------------- */

static const struct {
	const char *name;
	run_fn *run;
} words[] = {
	{ "drift", drift }, { "look", look }, { "trial", trial },
	{ "against", against },
};

bool
run_target(struct job *job, int *status, struct err *e)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is(job->argv[0], words[i].name)) {
			if (job->argc < 2)
				return err_set(e, ERR_USAGE, "%s of which "
				    "target?", words[i].name);
			return words[i].run(job, status, e);
		}
	return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[0]);
}
