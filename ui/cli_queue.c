/*
 * Decisions that wait on this side: what they are, to send them, to remove
 * one; and --queue, by which a verb's decision waits when the daemon is away.
 */
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cache.h"
#include "ui/cli_inside.h"
#include "ui/jobs.h"
#include "ui/options.h"

#define SHOWN 10000

static const char *const states[] = {
	[KEEP_WAITING] = "waiting", [KEEP_APPLIED] = "applied",
	[KEEP_REFUSED] = "refused", [KEEP_CONFLICT] = "conflict"
};

static bool
open_kept(struct job *job, struct keep **out, struct err *e)
{
	struct http_place place;
	const char *folder, *aside;

	if (!options_place(job->options, job->arena, &place, e) ||
	    !options_state(job->options, job->arena, "queue", &folder, e) ||
	    !file_mkdir(folder, 0700, e) ||
	    !keep_open(out, queue_file(job->arena, folder, place.socket ?
	    place.socket : place.url), job->arena, &aside, e))
		return false;
	if (aside != NULL)
		fprintf(stderr, _("bahi: what waited here is damaged; it is "
		    "set aside: %s\n"), cli_tame(job, aside));
	return true;
}

/* ---- listing --------------------------------------------------------- */

static void
print_json(const struct keep_entry *all, size_t n)
{
	struct json json;
	struct str out;

	str_init(&out, (size_t)64 << 20);
	json_start(&json, &out);
	json_open(&json, '{');
	json_key(&json, "items");
	json_open(&json, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&json, '{');
		json_kint(&json, "n", all[i].n);
		json_kstr(&json, "decided", all[i].at);
		json_kstr(&json, "state", states[all[i].state]);
		json_kstr(&json, "what", all[i].what);
		json_kstr(&json, "of", all[i].about);
		json_kstr(&json, "with", all[i].value);
		json_kstr(&json, "key", all[i].key);
		json_kstr(&json, "outcome", all[i].said);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	puts(out.p);
	str_free(&out);
}

static void
print_table(struct job *job, const struct keep_entry *all, size_t n)
{
	static const char *const heads[] = { N_("No"), N_("Decided"),
		N_("State"), N_("What"), N_("Of"), N_("With"),
		N_("What came of it"), NULL };
	struct table table;

	table_start(&table, "><<<<<<", heads);
	for (size_t i = 0; i < n; i++)
		table_add(&table, (const char *const []){
		    text_count(job->arena, all[i].n),
		    text_time(job->arena, all[i].at),
		    _(states[all[i].state]), cli_tame(job, all[i].what),
		    cli_tame(job, all[i].about), cli_tame(job, all[i].value),
		    cli_tame(job, all[i].said) });
	cli_table(job, &table);
}

/* 1: something waits, or failed. */
static int
list(struct job *job, struct keep *keep)
{
	struct keep_entry *all = arena_alloc(job->arena, SHOWN *
	    sizeof *all);
	size_t n = keep_list(keep, job->arena, all, SHOWN);
	int status = 0;

	if (job->json)
		print_json(all, n);
	else
		print_table(job, all, n);
	for (size_t i = 0; i < n; i++)
		if (all[i].state != KEEP_APPLIED)
			status = 1;
	return status;
}

/* ---- doing ----------------------------------------------------------- */

static bool
send_all(struct job *job, struct keep *keep, int *status, struct err *e)
{
	struct sent_tally tally = { 0 };
	bool ok = jobs_send(job->wire, keep, &tally, e);

	if (!ok && tally.applied + tally.refused + tally.conflict == 0)
		return false;
	printf(_("%lld applied, %lld in conflict, %lld refused\n"),
	    (long long)tally.applied, (long long)tally.conflict,
	    (long long)tally.refused);
	*status = tally.refused + tally.conflict > 0;
	return ok;
}

static bool
verify(struct keep *keep, int *status, struct err *e)
{
	int64_t lines, bad;

	if (!keep_verify(keep, &lines, &bad, e))
		return false;
	printf(_("%lld lines, %lld not as they were written or missing\n"),
	    (long long)lines, (long long)bad);
	*status = bad > 0;
	return true;
}

static bool
number(struct job *job, int64_t *out, struct err *e)
{
	const char *text = job->argc > 1 ? job->argv[1] : "";
	char *end;

	*out = strtoll(text, &end, 10);
	return (end != text && *end == '\0') || err_set(e, ERR_USAGE,
	    "queue %.40s needs a number", job->argv[0]);
}

static bool
perform(struct job *job, struct keep *keep, int *status, struct err *e)
{
	const char *word = job->argc > 0 ? job->argv[0] : "list";
	int64_t n;

	if (job->argc <= 1 && strcmp(word, "list") == 0) {
		*status = list(job, keep);
		return true;
	}
	if (job->argc == 1 && strcmp(word, "send") == 0)
		return send_all(job, keep, status, e);
	if (job->argc == 1 && strcmp(word, "verify") == 0)
		return verify(keep, status, e);
	if (job->argc == 1 && strcmp(word, "clear") == 0)
		return keep_clear(keep, e);
	if (job->argc == 2 && strcmp(word, "drop") == 0)
		return number(job, &n, e) && keep_drop(keep, n, e);
	if (job->argc == 3 && strcmp(word, "change") == 0)
		return number(job, &n, e) && keep_change(keep, n,
		    job->argv[2], e);
	return err_set(e, ERR_USAGE, "queue %.40s", word);
}

bool
run_queue(struct job *job, int *status, struct err *e)
{
	struct keep *keep = NULL;
	bool ok = open_kept(job, &keep, e) && perform(job, keep, status, e);

	keep_close(&keep);
	return ok;
}

/* ---- --queue --------------------------------------------------------- */

/* It is judged when it is sent. */
bool
cli_queue_version(struct job *job, const char *id, int64_t *version,
    struct err *e)
{
	struct cache *cache = NULL;
	struct cache_event event;
	struct http_place place;
	const char *path;
	bool ok;
	char *end;

	ok = options_place(job->options, job->arena, &place, e) &&
	    options_cache(job->options, job->arena, &path, e) &&
	    cache_open(&cache, path, place.socket ? place.socket : place.url,
	    e) && (cache_event(cache, job->arena, strtoll(id + 1, &end, 10),
	    &event) || err_set(e, ERR_NOT_FOUND, "%.40s is not in the local "
	    "copy", id));
	if (ok)
		*version = event.version;
	cache_close(&cache);
	return ok;
}

static bool
catch_decision(struct job *job, const struct wire_decide *what,
    struct http_call *call, struct err *e)
{
	struct wire_decision none;
	struct http_place place;
	struct wire *wire = NULL;

	if (!options_place(job->options, job->arena, &place, e) ||
	    !wire_open(&wire, &place, e))
		return false;
	wire_catch(wire, call, job->arena);
	if (wire_decide_post(wire, what, job->arena, &none, e))
		bug("a request was sent");
	wire_close(&wire);
	return call->path != NULL;
}

bool
cli_queue_put(struct job *job, const struct wire_decide *what,
    struct err *e)
{
	struct http_call call = { .path = NULL };
	struct keep_entry entry = { .kind = "decide", .what = what->action,
	    .key = what->key };
	struct keep *keep = NULL;
	char at[25];
	bool ok;

	if (what->n_events != 1 || !catch_decision(job, what, &call, e))
		return err_set(e, ERR_REFUSED, "only what is said of one "
		    "event is queued");
	clock_format(clock_now(), at);
	entry.at = at;
	entry.about = what->events[0].id;
	entry.method = call.method;
	entry.path = call.path;
	entry.body = call.body.p;
	if (what->reason != NULL && what->reason[0] != '\0') {
		entry.member = "reason";
		entry.value = what->reason;
	}
	ok = open_kept(job, &keep, e) && keep_put(keep, &entry, e);
	keep_close(&keep);
	if (ok)
		printf(_("Queued: %s %s. `bahi queue` lists what waits.\n"),
		    cli_tame(job, what->action), cli_tame(job, entry.about));
	return ok;
}
