/*
 * `bahid replay`: events once more through the rules of today, while no
 * daemon runs.  What is open is tried again; what is posted is only compared.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "bahid/import.h"
#include "bahid/verbs.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "flow/decide.h"
#include "flow/pump.h"

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool finished;
};

static void
finished(struct decision *d)
{
	struct waiter *w = d->owner;

	pthread_mutex_lock(&w->lock);
	w->finished = true;
	pthread_cond_signal(&w->done);
	pthread_mutex_unlock(&w->lock);
}

static bool
read_moment(const char *text, int64_t *out, struct err *e)
{
	return clock_parse(span_of(text), out) || err_set(e, ERR_USAGE,
	    "%.60s is no RFC 3339 time", text);
}

/* SOURCE or * or E12, then from when and up to when. */
static bool
read_range(struct decision *d, int argc, char **argv, struct err *e)
{
	d->range.to = INT64_MAX;
	if (argc > 0 && argv[0][0] == 'E' &&
	    strspn(argv[0] + 1, "0123456789") == strlen(argv[0] + 1) &&
	    strlen(argv[0]) > 1 && strlen(argv[0]) < 19) {
		d->picks = arena_alloc(d->arena, sizeof *d->picks);
		d->picks[0].event = strtoll(argv[0] + 1, NULL, 10);
		d->n_picks = 1;
		d->any_version = true;
	} else if (argc > 0 && strcmp(argv[0], "*") != 0) {
		d->range.source = argv[0];
	}
	return (argc < 2 || read_moment(argv[1], &d->range.from, e)) &&
	    (argc < 3 || read_moment(argv[2], &d->range.to, e));
}

static bool
run(struct pump *pump, struct decision *d, struct err *e)
{
	struct waiter w = { PTHREAD_MUTEX_INITIALIZER,
	    PTHREAD_COND_INITIALIZER, false };

	d->owner = &w;
	d->finished = finished;
	if (!pump_call(pump, decision_step, d, e))
		return false;
	pthread_mutex_lock(&w.lock);
	while (!w.finished)
		pthread_cond_wait(&w.done, &w.lock);
	pthread_mutex_unlock(&w.lock);
	return d->err.code == ERR_NONE ||
	    err_set(e, d->err.code, "%s", d->err.why);
}

static void
print(const struct decision *d)
{
	printf(_("%zu events: %lld the same, %lld differ, %lld moved, "
	    "%lld still open\n"), d->n_picks, (long long)d->same,
	    (long long)d->differs, (long long)(d->done - d->same -
	    d->differs), (long long)d->failed);
	for (size_t i = 0; i < d->n_picks; i++)
		if (d->results[i].verdict != NULL &&
		    strcmp(d->results[i].verdict, "differs") == 0)
			printf(_("E%lld would post differently today\n"),
			    (long long)d->results[i].seq);
}

bool
verb_replay(struct options *options, int argc, char **argv, struct err *e)
{
	struct pump_options at = {
		.store = options_text(options, "store"),
		.rules = options_text(options, "rules"),
		.privacy = options_text(options, "privacy"),
		.queue = (size_t)options_count(options, "queue"),
		.group = (size_t)options_count(options, "group"),
	};
	struct decision *d = decision_new();
	struct pump *pump = NULL;
	bool ok;

	d->act = act_find("replay");
	d->actor = user_name(d->arena);
	ok = read_range(d, argc, argv, e) && pump_open(&pump, &at, e) &&
	    run(pump, d, e);
	if (ok)
		print(d);
	pump_close(&pump);
	decision_free(&d);
	return ok;
}
