/* What waits for an approval, who gave one, who may do so for whom. */
#include "store/show.h"

#include <string.h>

#include "book/finding.h"
#include "core/clock.h"
#include "store/approval.h"
#include "store/ruling.h"

#define MAKERS_MAX 16	/* shown of one document */

static void
write_policies(const struct findings *findings, struct json *j)
{
	json_key(j, "policies");
	json_open(j, '[');
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->items[i];

		if (f->code != FIND_APPROVAL)
			continue;
		json_open(j, '{');
		json_kstr(j, "policy", f->value);
		json_kstr(j, "why", f->detail);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
write_given(const struct approval *given, size_t n, struct json *j)
{
	json_key(j, "given");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(j, '{');
		json_kstr(j, "by", given[i].actor);
		json_kstr(j, "for", given[i].giver);
		json_key(j, "totp");
		json_bool(j, given[i].totp);
		show_time(j, "at", given[i].at);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* Who made it and who ruled on it; *mine: the reader is one of them. */
static bool
write_makers(struct db *db, int64_t event, const char *source,
    const char *reader, struct json *j, bool *mine, struct err *e)
{
	static const char SQL[] = "SELECT actor FROM ruler WHERE event = $1"
	    " ORDER BY actor LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	const char *maker = maker_of(source);
	struct str all;
	enum step step;

	*mine = made_by(source, reader);
	str_init(&all, 65536);
	str_adds(&all, maker);
	stmt_int(s, 1, event);
	stmt_int(s, 2, MAKERS_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		*mine = *mine || strcmp(reader, col_text(s, 0)) == 0;
		if (strcmp(col_text(s, 0), maker) != 0)
			str_addf(&all, ", %s", col_text(s, 0));
	}
	json_key(j, "maker");
	json_span(j, str_span(&all));
	str_free(&all);
	return step == STEP_DONE;
}

struct held {
	struct db *db;
	const char *reader;
	struct arena *arena;
	struct json *j;
};

static bool
write_hold(const struct held *h, const struct event *event,
    const struct hold *hold, struct err *e)
{
	struct json *j = h->j;
	struct findings findings;
	struct approval *given;
	size_t n;
	bool mine;

	if (!findings_load(h->db, event->seq, h->arena, &findings, e) ||
	    !approvals_load(h->db, event->seq, hold->digest, h->arena,
	    &given, &n, e) || !write_makers(h->db, event->seq, event->source,
	    h->reader, j, &mine, e))
		return false;
	write_policies(&findings, j);
	json_kint(j, "needed", hold->needed);
	json_kint(j, "approved", (int64_t)n);
	write_given(given, n, j);
	json_key(j, "totp");
	json_bool(j, hold->totp);
	json_kstr(j, "role", role_name(hold->role));
	show_time(j, "since", hold->since);
	show_time(j, "expires", hold->expires);
	json_key(j, "mine");
	json_bool(j, mine);
	return true;
}

/* Leaves the object open for more. */
static bool
write_item(const struct held *h, const struct event *event,
    const struct placing *p, const struct hold *hold, struct err *e)
{
	struct json *j = h->j;

	json_open(j, '{');
	show_id(j, "event", 'E', event->seq);
	json_kint(j, "version", event->version);
	json_kstr(j, "source", event->source);
	json_kstr(j, "entity", p->entity);
	json_kstr(j, "kind", p->kind);
	json_kstr(j, "number", p->number);
	show_name(j, p->entity, p->kind, p->number);
	json_kstr(j, "party", p->party);
	if (p->currency != NULL)
		show_amount(j, "amount", p->amount, p->currency);
	else
		json_kstr(j, "amount", NULL);
	json_kstr(j, "currency", p->currency);
	return write_hold(h, event, hold, e);
}

bool
view_approval(struct db *db, int64_t seq, const char *reader,
    struct arena *arena, struct json *j, bool *found, struct err *e)
{
	struct held h = { db, reader, arena, j };
	struct event event;
	struct placing placing;
	struct hold hold;

	if (!hold_find(db, seq, arena, &hold, found, e) || !*found)
		return e->code == ERR_NONE;
	return event_load(db, seq, arena, &event, &placing, found, e) &&
	    (!*found || write_item(&h, &event, &placing, &hold, e));
}

bool
view_approvals(struct db *db, const char *reader, int64_t after, int limit,
    struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT event FROM hold WHERE event > $1 ORDER BY event LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena = arena_new();
	int64_t last = 0;
	int n = 0;
	bool ok = true, found;
	enum step step;

	stmt_int(s, 1, after);
	stmt_int(s, 2, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		last = col_int(s, 0);
		ok = ok && view_approval(db, last, reader, arena, j, &found,
		    e);
		if (ok && found)
			json_close(j, '}');
		arena_reset(arena);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'E', last);
	json_close(j, '}');
	arena_free(&arena);
	return ok && step != STEP_FAILED;
}

/* ---- delegations ------------------------------------------------------ */

static void
write_delegation(struct json *j, struct stmt *s, int64_t now)
{
	bool over = !col_null(s, 8) || col_int(s, 6) <= now;

	json_open(j, '{');
	show_id(j, "id", 'D', col_int(s, 0));
	json_kstr(j, "giver", col_text(s, 1));
	json_kstr(j, "taker", col_text(s, 2));
	json_kstr(j, "role", col_text(s, 3));
	json_kstr(j, "limit", col_text(s, 4)[0] != '\0' ? col_text(s, 4) :
	    NULL);
	show_time(j, "at", col_int(s, 5));
	show_time(j, "until", col_int(s, 6));
	json_kstr(j, "reason", col_text(s, 7));
	show_time(j, "revoked", col_int(s, 8));
	json_kstr(j, "state", over ? "over" : "in force");
	json_close(j, '}');
}

bool
view_delegations(struct db *db, int64_t after, int limit, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT id, giver, taker, role, amount, at,"
	    " until, reason, revoked FROM delegation"
	    " WHERE ($1 = 0 OR id < $1) ORDER BY id DESC LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	int64_t last = 0, now = clock_now();
	int n = 0;
	enum step step;

	stmt_int(s, 1, after);
	stmt_int(s, 2, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		last = col_int(s, 0);
		write_delegation(j, s, now);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'D', last);
	json_close(j, '}');
	return step != STEP_FAILED;
}
