/*
 * What is not posted by problem and age: each open event counts once, with the
 * finding to look at first. The sums are kept, so that many cost no more.
 */
#include "store/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "store/books.h"
#include "store/desk.h"

#define AGES 5
#define PROBLEMS_MAX 10000

static const char *const names[AGES] = { "0-2", "3-7", "8-15", "16-30",
	"30+" };
static const int oldest[AGES] = { 2, 7, 15, 30, 100000 };

struct cell {
	int64_t n;
	struct sums sums;
};

struct problem {
	char id[FINDING_SIGNATURE];
	struct cell ages[AGES], all, blocks;
	char first[11], last[11];
};

/* ---- the period that is filed next -------------------------------------- */

static void
month_before(char period[8])
{
	char text[32], *end;
	long year = strtol(period, &end, 10);
	long month = strtol(period + 5, &end, 10) - 1;

	if (month == 0) {
		month = 12;
		year--;
	}
	snprintf(text, sizeof text, "%04ld-%02ld", year, month);
	memcpy(period, text, 7);
}

/* The month before, while a return of it is still to be filed. */
static bool
filed_next(struct db *db, char period[8], struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM registration r WHERE"
	    " NOT EXISTS (SELECT 1 FROM gst_filing f WHERE"
	    " f.gstin = r.gstin AND f.form = 'gstr1' AND f.period = $1)"
	    " LIMIT 1";
	char now[8], *end;
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	day_period(day_from_time(clock_now()), period);
	memcpy(now, period, sizeof now);
	month_before(period);
	stmt_int(s, 1, strtol(period, &end, 10) * 100 +
	    strtol(period + 5, &end, 10));
	step = stmt_step(s, e);
	if (step == STEP_ROW)
		stmt_reset(s);
	else
		memcpy(period, now, sizeof now);
	return step != STEP_FAILED;
}

#define BLOCKS "(c.dated AND c.period <= $1 AND EXISTS (SELECT 1 FROM" \
	" registration r WHERE r.entity = c.entity))"

/* ---- one problem --------------------------------------------------------- */

static size_t
age_of(const char *text)
{
	struct day today = day_from_time(clock_now()), then;
	size_t age = 0;
	int days;

	if (!day_parse(span_of(text), &then))
		return AGES - 1;
	days = day_between(then, today);
	while (age < AGES - 1 && days > oldest[age])
		age++;
	return age;
}

static void
count(struct cell *cell, int64_t n, const char *currency, int64_t amount)
{
	cell->n += n;
	if (n > 0 && currency[0] != '\0')
		sums_add(&cell->sums, currency, amount);
}

static void
write_cell(struct json *j, const char *name, const struct cell *cell)
{
	json_key(j, name);
	json_open(j, '{');
	json_kint(j, "count", cell->n);
	json_key(j, "amounts");
	show_sums(j, &cell->sums);
	json_close(j, '}');
}

static bool
write_sentence(struct db *db, const char *id, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT code, source, value FROM signature WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	struct finding f = { .value = "\xe2\x80\xa6" };
	const struct finding_info *info;
	enum step step;
	struct str out;

	stmt_text(s, 1, id);
	step = stmt_step(s, e);
	if (step != STEP_ROW || !finding_find(col_text(s, 0), &f.code)) {
		json_kstr(j, "kind", "waiting");
		json_kstr(j, "sentence", NULL);
		if (step == STEP_ROW)
			stmt_reset(s);
		return step != STEP_FAILED;
	}
	info = finding_info(f.code);
	if (col_text(s, 2)[0] != '\0')
		f.value = col_text(s, 2);
	str_init(&out, 4096);
	finding_sentence(&f, &out);
	json_kstr(j, "code", info->name);
	json_kstr(j, "source", col_text(s, 1));
	json_kstr(j, "kind", finding_kind(f.code));
	json_key(j, "sentence");
	json_span(j, str_span(&out));
	json_kstr(j, "hint", info->hint);
	json_key(j, "fixable");
	json_bool(j, info->fixable && col_text(s, 2)[0] != '\0');
	str_free(&out);
	stmt_reset(s);
	return true;
}

/* What goes on by itself and when, of the first thousand; how often the first
 * hundred were tried. */
static bool
write_retry(struct db *db, const char *id, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT count(w.event), min(w.until),"
	    " (SELECT max(attempts) FROM event WHERE seq IN (SELECT event"
	    " FROM closing_event WHERE signature = $1 ORDER BY event"
	    " LIMIT 100)) FROM (SELECT event FROM closing_event"
	    " WHERE signature = $1 ORDER BY event LIMIT 1000) c"
	    " JOIN wait w ON w.event = c.event";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, id);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	json_kint(j, "waiting", col_int(s, 0));
	show_time(j, "next", col_int(s, 1));
	json_kint(j, "attempts", col_int(s, 2));
	stmt_reset(s);
	return true;
}

/* Of the first thousand: who has them, until when they are put off, and what
 * was said of them last. */
static bool
write_desk(struct db *db, const char *id, struct json *j, struct err *e)
{
	static const char WHO[] = "SELECT group_concat(DISTINCT d.assignee),"
	    " max(d.snoozed) FROM (SELECT event FROM closing_event"
	    " WHERE signature = $1 ORDER BY event LIMIT 1000) c"
	    " JOIN desk d ON d.event = c.event";
	static const char NOTE[] = "SELECT m.actor || ': ' || m.text"
	    " FROM (SELECT event FROM closing_event WHERE signature = $1"
	    " ORDER BY event LIMIT 1000) c JOIN comment m"
	    " ON m.event = c.event ORDER BY m.at DESC LIMIT 1";
	struct stmt *s = db_stmt(db, WHO);
	enum step step;

	stmt_text(s, 1, id);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	json_kstr(j, "owner", col_null(s, 0) ? NULL : col_text(s, 0));
	show_time(j, "snoozed", col_int(s, 1));
	stmt_reset(s);
	s = db_stmt(db, NOTE);
	stmt_text(s, 1, id);
	step = stmt_step(s, e);
	json_kstr(j, "note", step == STEP_ROW ? col_text(s, 0) : NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

/* What let the last one go. */
static bool
write_past(struct db *db, const char *id, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT p.event, d.actor, d.action, l.at,"
	    " l.body ->> '$.reason', l.body ->> '$.with.to', ev.state"
	    " FROM problem_past p JOIN event ev ON ev.seq = p.event"
	    " LEFT JOIN deed d ON d.event = p.event AND d.seq ="
	    " (SELECT max(seq) FROM deed WHERE event = p.event)"
	    " LEFT JOIN log l ON l.seq = d.seq WHERE p.signature = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, id);
	step = stmt_step(s, e);
	json_key(j, "fixed");
	if (step != STEP_ROW) {
		json_null(j);
		return step == STEP_DONE;
	}
	json_open(j, '{');
	show_id(j, "event", 'E', col_int(s, 0));
	json_kstr(j, "by", col_null(s, 1) ? NULL : col_text(s, 1));
	json_kstr(j, "action", col_null(s, 2) ? NULL : col_text(s, 2));
	show_time(j, "at", col_int(s, 3));
	json_kstr(j, "reason", col_null(s, 4) ? NULL : col_text(s, 4));
	json_kstr(j, "to", col_null(s, 5) ? NULL : col_text(s, 5));
	json_kstr(j, "state", col_text(s, 6));
	json_close(j, '}');
	stmt_reset(s);
	return true;
}

static bool
write_problem(struct db *db, const struct problem *p, struct json *j,
    struct err *e)
{
	bool ok;

	json_open(j, '{');
	json_kstr(j, "id", p->id);
	ok = write_sentence(db, p->id, j, e) &&
	    write_retry(db, p->id, j, e) && write_desk(db, p->id, j, e) &&
	    write_past(db, p->id, j, e);
	json_kstr(j, "oldest", p->first);
	json_kstr(j, "newest", p->last);
	json_key(j, "ages");
	json_open(j, '{');
	for (size_t i = 0; i < AGES; i++)
		write_cell(j, names[i], &p->ages[i]);
	json_close(j, '}');
	write_cell(j, "blocks", &p->blocks);
	write_cell(j, "all", &p->all);
	json_close(j, '}');
	return ok;
}

/* ---- all of them --------------------------------------------------------- */

static void
add_row(struct problem *p, struct stmt *s)
{
	const char *day = col_text(s, 1), *currency = col_text(s, 2);
	int64_t n = col_int(s, 3), amount = col_int(s, 4);

	snprintf(p->id, sizeof p->id, "%s", col_text(s, 0));
	if (p->first[0] == '\0' || strcmp(day, p->first) < 0)
		snprintf(p->first, sizeof p->first, "%s", day);
	if (strcmp(day, p->last) > 0)
		snprintf(p->last, sizeof p->last, "%s", day);
	count(&p->ages[age_of(day)], n, currency, amount);
	count(&p->all, n, currency, amount);
	count(&p->blocks, col_int(s, 5), currency, col_int(s, 6));
}

static bool
write_all(struct db *db, const char *period, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT c.signature, c.day, c.currency,"
	    " sum(c.events), sum(c.amount), sum(c.events * " BLOCKS "),"
	    " sum(c.amount * " BLOCKS ") FROM problem_sum c"
	    " GROUP BY 1, 2, 3 ORDER BY 1";
	struct stmt *s = db_stmt(db, SQL);
	struct problem p = { .id = "" };
	bool any = false, ok = true;
	enum step step;
	int n = 0;

	stmt_text(s, 1, period);
	while (ok && (step = stmt_step(s, e)) == STEP_ROW) {
		if (any && strcmp(p.id, col_text(s, 0)) != 0) {
			ok = write_problem(db, &p, j, e) &&
			    ++n < PROBLEMS_MAX;
			p = (struct problem){ .id = "" };
		}
		any = true;
		add_row(&p, s);
	}
	if (!ok)
		stmt_reset(s);
	return ok ? step == STEP_DONE && (!any ||
	    write_problem(db, &p, j, e)) : n == PROBLEMS_MAX;
}

bool
view_problems(struct db *db, struct json *j, struct err *e)
{
	char period[8];
	bool ok;

	json_open(j, '{');
	ok = show_as_of(db, j, e) && filed_next(db, period, e);
	if (ok) {
		json_kstr(j, "period", period);
		json_key(j, "items");
		json_open(j, '[');
		ok = write_all(db, period, j, e);
		json_close(j, ']');
	}
	json_close(j, '}');
	return ok;
}

/* ---- the events of a cell ------------------------------------------------ */

struct range {
	char id[FINDING_SIGNATURE];
	int from, to;		/* days ago */
	bool blocks;
};

static bool
read_cell(const char *cell, struct range *out)
{
	size_t n = strcspn(cell, ":");

	if (cell[n] != ':' || n >= sizeof out->id)
		return false;
	*out = (struct range){ .from = -100000, .to = 100000 };
	memcpy(out->id, cell, n);
	cell += n + 1;
	out->blocks = strcmp(cell, "blocks") == 0;
	for (size_t i = 0; i < AGES; i++) {
		if (strcmp(cell, names[i]) != 0)
			continue;
		out->from = i == 0 ? -100000 : oldest[i - 1] + 1;
		out->to = oldest[i];
		return true;
	}
	return out->blocks || strcmp(cell, "all") == 0;
}

static bool
in_range(const struct range *range, const char *text)
{
	struct day today = day_from_time(clock_now()), then;
	int days = day_parse(span_of(text), &then) ?
	    day_between(then, today) : 99999;

	return days >= range->from && days <= range->to;
}

static bool
write_event(struct db *db, int64_t seq, struct json *j, struct err *e)
{
	struct arena *arena = arena_new();
	int64_t journal, journals;
	bool found, ok = show_event(db, seq, arena, j, &journal, &journals,
	    &found, e);

	arena_free(&arena);
	return ok;
}

bool
view_problem_events(struct db *db, const char *cell, int64_t after,
    int limit, struct json *j, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT c.event, c.day, " BLOCKS
	    " FROM closing_event c WHERE c.signature = $2 AND c.event > $3"
	    " ORDER BY c.event";
	struct range range;
	struct stmt *s;
	char period[8];
	int64_t last = 0;
	bool ok = true;
	enum step step;
	int n = 0;

	*found = read_cell(cell, &range);
	if (!*found || !filed_next(db, period, e))
		return e->code == ERR_NONE;
	s = db_stmt(db, SQL);
	stmt_text(s, 1, period);
	stmt_text(s, 2, range.id);
	stmt_int(s, 3, after);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while (ok && (step = stmt_step(s, e)) == STEP_ROW) {
		if (!in_range(&range, col_text(s, 1)) ||
		    (range.blocks && col_int(s, 2) == 0))
			continue;
		if (n++ == limit)
			break;
		last = col_int(s, 0);
		ok = write_event(db, last, j, e);
	}
	json_close(j, ']');
	show_next(j, ok && step == STEP_ROW, 'E', last);
	json_close(j, '}');
	if (!ok || step == STEP_ROW)
		stmt_reset(s);
	return ok && step != STEP_FAILED;
}
