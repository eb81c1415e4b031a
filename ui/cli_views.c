/* Saved views as a list, counted in the local copy: no daemon is asked. */
#include <poll.h>
#include <string.h>

#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "ui/options.h"
#include "ui/saved.h"

#define WAIT 200		/* milliseconds between two looks */

static bool
wait_all(struct tally *tally, struct shared *shared,
    struct saved_views *views)
{
	size_t left = views->n;

	for (size_t i = 0; i < views->n; i++)
		saved_ask(tally, &views->items[i]);
	while (left > 0) {
		struct pollfd wake = { .fd = shared->wake,
		    .events = POLLIN };
		struct shared_view seen;

		if (poll(&wake, 1, WAIT) < 0)
			return false;
		shared_take(shared, &seen);
		for (size_t i = 0; i < views->n; i++) {
			struct saved *one = &views->items[i];
			struct tally_answer answer;

			if (one->ticket == 0 || !tally_take(tally,
			    one->ticket, &answer))
				continue;
			one->ticket = 0;
			one->sum = answer.sum;
			one->unread = answer.unread;
			one->known = true;
			tally_free(&answer);
			left--;
		}
	}
	return true;
}

static bool
count(struct job *job, struct saved_views *views, struct err *e)
{
	struct http_place place;
	struct shared shared;
	struct tally *tally = NULL;
	const char *cache;
	bool ok;

	if (!options_place(job->options, job->arena, &place, e) ||
	    !options_cache(job->options, job->arena, &cache, e))
		return false;
	shared_open(&shared);
	ok = tally_start(&tally, cache, place.socket ? place.socket :
	    place.url, &shared, e) && (wait_all(tally, &shared, views) ||
	    err_set(e, ERR_SYSTEM, "poll"));
	tally_stop(&tally);
	shared_close(&shared);
	return ok;
}

static void
print_json(struct job *job, const struct saved_views *views)
{
	struct json j;
	struct str out;

	str_init(&out, 1 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "items");
	json_open(&j, '[');
	for (size_t i = 0; i < views->n; i++) {
		const struct saved *one = &views->items[i];

		json_open(&j, '{');
		json_kstr(&j, "name", one->id);
		json_kstr(&j, "pane", one->pane->name);
		json_kstr(&j, "filter", one->filter);
		json_kstr(&j, "sort", one->sort);
		json_kstr(&j, "group", one->group);
		json_key(&j, "default");
		json_bool(&j, one->first);
		json_key(&j, "rows");
		if (one->unread)
			json_null(&j);
		else
			json_int(&j, one->sum.n);
		json_kstr(&j, "money", tally_text(job->arena, &one->sum));
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	cli_put_json(job, str_span(&out));
	str_free(&out);
}

static void
print_table(struct job *job, const struct saved_views *views)
{
	static const char *const heads[] = { N_("View"), N_("Rows"),
	    N_("Money"), N_("Pane"), N_("Filter"), NULL };
	struct table table;

	table_start(&table, "<>><<", heads);
	for (size_t i = 0; i < views->n; i++) {
		const struct saved *one = &views->items[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, one->name),
		    one->unread ? "?" : text_count(job->arena,
		    one->sum.n),
		    tally_text(job->arena, &one->sum), one->pane->name,
		    cli_tame(job, one->filter) });
	}
	cli_table(job, &table);
}

bool
run_views(struct job *job, int *status, struct err *e)
{
	struct saved_views *views = arena_alloc(job->arena, sizeof *views);
	const char *path;

	*status = 0;
	if (!options_state(job->options, job->arena, "views", &path, e))
		return false;
	saved_read(path, job->arena, views);
	if (views->bad > 0)
		cli_say(job, _("views:%u is not understood and left out.\n"),
		    views->bad);
	if (!count(job, views, e))
		return false;
	if (job->json)
		print_json(job, views);
	else
		print_table(job, views);
	return true;
}
