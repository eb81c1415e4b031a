/*
 * The chain as people look at it, the newest first. Of one object by its index;
 * else rows are walked, so many of them in one answer, and the answer says
 * where to go on.
 */
#include "store/audit_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/anchor.h"
#include "store/show.h"

#define WALKED 20000		/* rows at most in one answer */

struct listing {
	struct db *db;
	const struct audit_filter *filter;
	struct json *j;
	int64_t last;		/* row that was looked at last */
	int shown;
};

/* What is kept beside the chain, while it is there. */
static bool
show_value(struct listing *l, const char *key, const char *value,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT text FROM audit_text WHERE digest = $1";
	struct stmt *s;
	enum step step;

	if (strncmp(value, "text=", 5) != 0) {
		json_kstr(l->j, key, value);
		return true;
	}
	s = db_stmt(l->db, SQL);
	stmt_text(s, 1, value + 5);
	step = stmt_step(s, e);
	json_kstr(l->j, key, step == STEP_ROW ? col_text(s, 0) : value);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

static bool
wanted(const struct audit_filter *f, struct stmt *s)
{
	return (f->actor == NULL || strcmp(f->actor, col_text(s, 2)) == 0) &&
	    (f->action == NULL || strcmp(f->action, col_text(s, 3)) == 0) &&
	    col_int(s, 1) >= f->since &&
	    (f->until == 0 || col_int(s, 1) < f->until);
}

static bool
show_row(struct listing *l, struct stmt *s, struct err *e)
{
	char row[24];
	bool ok;

	snprintf(row, sizeof row, "%lld", (long long)col_int(s, 0));
	json_open(l->j, '{');
	json_kstr(l->j, "row", row);
	show_time(l->j, "at", col_int(s, 1));
	json_kstr(l->j, "actor", col_text(s, 2));
	json_kstr(l->j, "action", col_text(s, 3));
	json_kstr(l->j, "object", col_text(s, 4));
	ok = show_value(l, "old", col_text(s, 5), e) &&
	    show_value(l, "new", col_text(s, 6), e);
	json_close(l->j, '}');
	l->shown++;
	return ok;
}

#define COLUMNS "seq, at, actor, action, object, old, new"

static struct stmt *
rows_of(struct listing *l)
{
	static const char ALL[] = "SELECT " COLUMNS " FROM audit"
	    " WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
	static const char OTHER[] = "SELECT " COLUMNS " FROM audit"
	    " WHERE object = $3 AND substr(object, 1, 1) <> 'E'"
	    " AND seq < $1 ORDER BY seq DESC LIMIT $2";
	static const char EVENT[] = "SELECT * FROM (SELECT " COLUMNS
	    " FROM audit WHERE object = $3 AND old <> '' UNION SELECT "
	    COLUMNS " FROM audit WHERE object = $3 AND seq ="
	    " (SELECT audit FROM event WHERE seq = $4)) WHERE seq < $1"
	    " ORDER BY seq DESC LIMIT $2";
	const char *object = l->filter->object;
	struct stmt *s = db_stmt(l->db, object == NULL ? ALL :
	    object[0] == 'E' ? EVENT : OTHER);

	stmt_int(s, 1, l->filter->before > 0 ? l->filter->before :
	    INT64_MAX);
	stmt_int(s, 2, WALKED);
	if (object != NULL)
		stmt_text(s, 3, object);
	if (object != NULL && object[0] == 'E')
		stmt_int(s, 4, strtoll(object + 1, NULL, 10));
	return s;
}

bool
audit_view(struct db *db, const struct audit_filter *filter, int limit,
    struct json *j, struct err *e)
{
	struct listing l = { .db = db, .filter = filter, .j = j };
	struct stmt *s = rows_of(&l);
	enum step step;
	char next[24];
	int walked = 0;
	bool ok = true;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while (ok && l.shown < limit && (step = stmt_step(s, e)) == STEP_ROW) {
		walked++;
		l.last = col_int(s, 0);
		ok = !wanted(filter, s) || show_row(&l, s, e);
	}
	if (!ok || l.shown == limit)
		stmt_reset(s);
	else
		ok = step == STEP_DONE;
	json_close(j, ']');
	snprintf(next, sizeof next, "%lld", (long long)l.last);
	json_kstr(j, "next", l.shown == limit || walked == WALKED ? next :
	    NULL);
	json_close(j, '}');
	return ok;
}

/* ---- verifying in pieces ------------------------------------------------ */

#define PIECE 2000		/* rows of one answer */

static void
show_broken(struct json *j, enum audit_fault fault, int64_t row,
    const char *why)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)row);
	json_key(j, "broken");
	json_open(j, '{');
	json_kstr(j, "row", text);
	json_kstr(j, "fault", audit_fault_name(fault));
	json_kstr(j, "why", why);
	json_close(j, '}');
}

struct piece {
	struct audit_mark mark;
	int64_t from, to, last, anchors;
	bool done;
};

static bool
walk_piece(struct db *db, const char *hash, struct piece *p,
    struct audit_report *report, struct err *e)
{
	const struct anchor_trust trust = { 0 };
	unsigned char want[SHA256_SIZE];
	bool end, ok;

	if (!audit_mark_at(db, p->from, &p->mark, e))
		return false;
	if (hash != NULL && (!digest_unhex(span_of(hash), want,
	    SHA256_SIZE) || memcmp(want, p->mark.hash, SHA256_SIZE) != 0)) {
		p->mark.fault = AUDIT_EDITED;
		p->mark.broken = p->from - 1;
		return err_set(e, ERR_CORRUPT, "audit row %lld is not as it "
		    "was", (long long)p->from - 1);
	}
	ok = p->to < p->from || audit_walk(db, &p->mark, p->to - p->from + 1,
	    &end, e);
	report->fault = p->mark.fault;
	report->broken = p->mark.broken;
	return ok && (!p->done || p->to < p->last ||
	    anchor_verify(db, &trust, report, &p->anchors, e));
}

bool
audit_view_verify(struct db *db, const struct audit_range *range,
    const char *hash, struct json *j, struct err *e)
{
	struct piece p = { .from = range->from > 1 ? range->from : 1 };
	struct audit_report report = { 0 };
	char hex[SHA256_HEX];
	bool ok;

	if (!audit_last(db, &p.last, e))
		return false;
	p.to = range->to > 0 && range->to < p.last ? range->to : p.last;
	p.done = p.to - p.from < PIECE;
	if (!p.done)
		p.to = p.from + PIECE - 1;
	ok = walk_piece(db, hash, &p, &report, e);
	if (!ok && e->code != ERR_CORRUPT)
		return false;
	digest_hex(p.mark.hash, SHA256_SIZE, hex);
	json_open(j, '{');
	json_kint(j, "from", p.from);
	json_kint(j, "to", p.to);
	json_kint(j, "last", p.last);
	json_kstr(j, "hash", hex);
	json_key(j, "done");
	json_bool(j, p.done || !ok);
	json_kint(j, "anchors", p.anchors);
	if (ok) {
		json_key(j, "broken");
		json_null(j);
	} else {
		show_broken(j, report.fault != AUDIT_WHOLE ? report.fault :
		    p.mark.fault, report.broken != 0 ? report.broken :
		    p.mark.broken, e->why);
		*e = (struct err){ 0 };
	}
	json_close(j, '}');
	return true;
}
