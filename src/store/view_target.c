/* How a target does: its row and the sums of its commits. */
#include "store/view_target.h"

#include "store/show.h"

static void
show_state(struct json *j, const struct target_row *row)
{
	json_kstr(j, "state", row->state);
	json_kstr(j, "why", row->why);
	json_kstr(j, "actor", row->actor);
	json_kstr(j, "reason", row->reason);
	show_time(j, "at", row->at);
	json_kstr(j, "breaker", row->breaker);
	json_kint(j, "rate", row->rate);
	json_kstr(j, "product", row->product);
	json_kstr(j, "company", row->company);
	show_id(j, "taken", 'J', row->taken);
	show_time(j, "tried", row->tried);
	show_time(j, "good", row->good);
	show_time(j, "next_at", row->next_at);
	show_time(j, "looked", row->looked);
}

static void
show_sums_of(struct json *j, const struct target_sums *sums)
{
	json_kint(j, "backlog", sums->backlog);
	show_time(j, "oldest", sums->oldest);
	json_key(j, "states");
	json_open(j, '{');
	for (unsigned i = 0; i < COMMIT_STATES; i++)
		json_kint(j, commit_state_name((enum commit_state)i),
		    sums->states[i]);
	json_close(j, '}');
}

bool
view_target(struct db *db, const struct target_row *row, struct json *j,
    struct err *e)
{
	struct target_sums sums;

	if (!target_sums(db, row, &sums, e))
		return false;
	json_kstr(j, "name", row->name);
	json_kstr(j, "kind", row->kind);
	json_key(j, "entities");
	json_raw(j, span_of(row->entities));
	json_kstr(j, "first", *row->first != '\0' ? row->first : NULL);
	show_state(j, row);
	show_sums_of(j, &sums);
	return true;
}
