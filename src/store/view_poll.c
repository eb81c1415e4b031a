/* How the polls do.  Not their cursors: some hold what is a secret. */
#include "store/poll.h"
#include "store/show.h"

static void
write_poll(void *arg, const struct poll_row *row)
{
	struct json *j = arg;

	json_open(j, '{');
	json_kstr(j, "name", row->name);
	json_kstr(j, "source", row->source);
	json_kstr(j, "state", row->state);
	json_kstr(j, "breaker", row->breaker);
	show_time(j, "last_attempt", row->at);
	show_time(j, "last_success", row->good);
	show_time(j, "next_attempt", row->next_at);
	json_kint(j, "attempts", row->attempts);
	json_kint(j, "failures", row->failures);
	json_kint(j, "pages", row->pages);
	json_kint(j, "items", row->items);
	json_kstr(j, "why", *row->why != '\0' ? row->why : NULL);
	json_close(j, '}');
}

bool
view_polls(struct db *db, struct json *j, struct err *e)
{
	bool ok;

	json_open(j, '[');
	ok = poll_all(db, write_poll, j, e);
	json_close(j, ']');
	return ok;
}
