/* A count line by line, with all that it is judged by. */
#include <string.h>

#include "book/money.h"
#include "store/count.h"

/* ---- tolerance ---------------------------------------------------------- */

struct tolerance {
	const char *location;		/* NULL: not asked yet */
	int64_t percent, limit;
	bool any;
};

/* -1: any. What is no amount of that currency tolerates nothing. */
static int64_t
amount(const char *text, const char *currency)
{
	struct money m;

	if (text[0] == '\0')
		return -1;
	return money_parse(span_of(text), currency, &m) ? m.minor : 0;
}

/* Percent has two digits, as rupees have; a value is of the entity's
 * currency. */
static bool
find_tolerance(struct db *db, struct arena *arena, const struct count_key *key,
    const char *currency, struct tolerance *t, struct err *e)
{
	static const char SQL[] = "SELECT percent, value FROM tolerance"
	    " WHERE entity IN ($1, '*') AND location IN ($2, '*')"
	    " ORDER BY entity = '*', location = '*' LIMIT 1";
	struct stmt *s;
	enum step step;

	if (t->location != NULL && strcmp(t->location, key->location) == 0)
		return true;
	s = db_stmt(db, SQL);
	stmt_text(s, 1, key->entity);
	stmt_text(s, 2, key->location);
	step = stmt_step(s, e);
	*t = (struct tolerance){ .location = arena_strdup(arena, key->location),
	    .any = step == STEP_ROW };
	if (step == STEP_ROW) {
		t->percent = amount(col_text(s, 0), "INR");
		t->limit = amount(col_text(s, 1), currency);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* ---- adjustments under way ---------------------------------------------- */

/* "ADJ-COUNT-2", or of several days "ADJ-COUNT-2/2026-10-11". */
static bool
is_of(const char *number, const char *count)
{
	size_t n = strlen(count), m = strlen(COUNT_PREFIX);
	const char *rest;

	if (strncmp(number, COUNT_PREFIX, m) != 0 ||
	    strncmp(number + m, count, n) != 0 || number[m + n] != '-')
		return false;
	rest = number + m + n + 1;
	n = strspn(rest, "0123456789");
	return n > 0 && (rest[n] == '\0' || rest[n] == '/');
}

bool
count_pending(struct db *db, const char *entity, const char *count,
    int64_t *event, int64_t *dismissed, struct err *e)
{
	/* source: all that people enter, by the index of what is open */
	static const char SQL[] = "SELECT number, seq, state FROM event"
	    " WHERE state <> 'posted' AND source >= 'desk-'"
	    " AND source < 'desk.' AND topic = $1 AND entity = $2"
	    " AND number IS NOT NULL ORDER BY seq";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*event = *dismissed = 0;
	stmt_text(s, 1, COUNT_TOPIC);
	stmt_text(s, 2, entity);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *state = col_text(s, 2);

		if (!is_of(col_text(s, 0), count))
			continue;
		if (strcmp(state, "dismissed") == 0)
			*dismissed = col_int(s, 1);
		else if (strcmp(state, "duplicate") != 0 &&
		    strcmp(state, "stale") != 0 &&
		    strcmp(state, "ignored") != 0)
			*event = col_int(s, 1);
	}
	return step == STEP_DONE;
}

bool
count_documents(struct db *db, const char *entity, const char *count,
    int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT number FROM document"
	    " WHERE entity = $1 AND kind = 'inventory_move'"
	    " AND number >= $2 AND number < $3";
	struct stmt *s = db_stmt(db, SQL);
	struct str low, high;
	enum step step;

	str_init(&low, 4096);
	str_init(&high, 4096);
	str_addf(&low, COUNT_PREFIX "%s-", count);
	str_addf(&high, COUNT_PREFIX "%s.", count);
	stmt_text(s, 1, entity);
	stmt_text(s, 2, low.p);
	stmt_text(s, 3, high.p);
	*out = 0;
	while ((step = stmt_step(s, e)) == STEP_ROW)
		*out += is_of(col_text(s, 0), count);
	str_free(&low);
	str_free(&high);
	return step == STEP_DONE;
}

/* ---- lines -------------------------------------------------------------- */

/* $1 entity, $2 count, $3-$5 behind location, item and day, $6 how many. A
 * later count is one of a later day, or of the same that came later. */
#define OF_ITEM(t) t ".entity = $1 AND " t ".location = k.location AND " \
	t ".item = k.item"
#define LATER(t) "(" t ".day, " t ".event) > (k.day, k.event)"
#define EARLIER(t) "(" t ".day, " t ".event) < (k.day, k.event)"
#define OWN " FROM count_adjusted a WHERE " OF_ITEM("a") \
	" AND a.count = $2 AND a.day = k.day"

/* What is in stock at the places of the count and is not in it. */
#define MISSED \
    " UNION ALL SELECT d.location, d.item, p.day, NULL, NULL, 0, NULL, NULL" \
    " FROM (SELECT location, max(day) AS day FROM count_line" \
    " WHERE entity = $1 AND count = $2 GROUP BY location) p JOIN stock_day d" \
    " ON d.entity = $1 AND d.location = p.location AND d.day <= p.day" \
    " WHERE NOT EXISTS (SELECT 1 FROM count_line x WHERE x.entity = $1" \
    " AND x.count = $2 AND x.location = d.location AND x.item = d.item)" \
    " GROUP BY d.location, d.item, p.day HAVING sum(d.quantity) <> 0"

#define LINES(missed) "SELECT k.location, k.item, k.day, k.counted," \
    " k.expected, k.event, k.counter, k.memo," \
    " coalesce((SELECT sum(d.quantity) FROM stock_day d WHERE " \
    OF_ITEM("d") " AND d.day <= k.day), 0)," \
    " (SELECT sum(a.quantity)" OWN "), (SELECT sum(a.value)" OWN ")," \
    " (SELECT max(a.event)" OWN ")," \
    " (SELECT n.count FROM count_line n WHERE " OF_ITEM("n") " AND " \
    LATER("n") " ORDER BY n.day, n.event LIMIT 1)," \
    " (SELECT p.counted - p.expected FROM count_line p WHERE " \
    OF_ITEM("p") " AND " EARLIER("p") " AND NOT EXISTS (SELECT 1 FROM" \
    " count_adjusted x WHERE x.entity = p.entity AND x.count = p.count" \
    " AND x.location = p.location AND x.item = p.item AND x.day = p.day)" \
    " ORDER BY p.day DESC, p.event DESC LIMIT 1)," \
    " (SELECT c.cost FROM cost c WHERE c.item = k.item" \
    " AND c.first <= k.day ORDER BY c.first DESC LIMIT 1)," \
    " coalesce(m.extra, 'INR'), s.reserved," \
    " (SELECT sum(t.on_hand) FROM master l JOIN stock t" \
    " ON t.entity = $1 AND t.item = k.item AND t.location = l.code" \
    " WHERE l.tab = 'location' AND l.kind = 'transit'" \
    " AND l.code <> k.location)," \
    " w.difference, w.actor, w.reason, w.at" \
    " FROM (SELECT location, item, day, counted, expected, event, counter," \
    " memo FROM count_line WHERE entity = $1 AND count = $2" \
    missed ") k" \
    " LEFT JOIN stock s ON s.entity = $1 AND s.item = k.item" \
    " AND s.location = k.location" \
    " LEFT JOIN count_word w ON w.entity = $1 AND w.count = $2" \
    " AND w.location = k.location AND w.item = k.item AND w.day = k.day" \
    " LEFT JOIN master m ON m.tab = 'entity' AND m.code = $1" \
    " WHERE (k.location, k.item, k.day) > ($3, $4, $5)" \
    " ORDER BY k.location, k.item, k.day LIMIT $6"

static void
take_line(struct stmt *s, struct count_line *line)
{
	struct counting *c = &line->counting;
	struct money each;

	line->key.location = col_text(s, 0);
	line->key.item = col_text(s, 1);
	line->key.day = col_text(s, 2);
	line->then = col_int(s, 4);
	line->event = col_int(s, 5);
	line->counter = col_text(s, 6);
	line->memo = col_text(s, 7);
	line->adjusted_value = col_int(s, 10);
	line->adjusted_by = col_int(s, 11);
	line->recounted_in = col_text(s, 12);
	line->currency = col_text(s, 15);
	line->reserved = col_int(s, 16);
	line->transit = col_int(s, 17);
	line->word = (struct count_word){ col_int(s, 18), col_text(s, 19),
	    col_text(s, 20), col_int(s, 21), 0 };
	c->was_counted = !col_null(s, 3);
	c->adjusted = col_int(s, 9);
	c->any_adjusted = !col_null(s, 9);
	c->counted = col_int(s, 3);
	c->expected = col_int(s, 8) - c->adjusted;
	c->recounted = !col_null(s, 12);
	c->again = !col_null(s, 13);
	c->before = col_int(s, 13);
	c->rejected = line->word.actor != NULL;
	c->rejected_at = line->word.difference;
	c->each = !col_null(s, 14) && money_parse(span_of(col_text(s, 14)),
	    line->currency, &each) ? each.minor : -1;
}

bool
count_lines(struct db *db, struct arena *arena, const char *entity,
    const char *count, bool missed, const struct count_key *after,
    int limit, bool (*each)(void *, const struct count_line *), void *arg,
    struct err *e)
{
	static const char ALL[] = LINES(MISSED), COUNTED[] = LINES("");
	struct tolerance tolerance = { .location = NULL };
	int64_t pending, dismissed;
	bool ok = true, more = true;
	enum step step;
	struct stmt *s;

	if (!count_pending(db, entity, count, &pending, &dismissed, e))
		return false;
	s = missed ? db_stmt(db, ALL) : db_stmt(db, COUNTED);
	stmt_text(s, 1, entity);
	stmt_text(s, 2, count);
	stmt_text(s, 3, after != NULL ? after->location : "");
	stmt_text(s, 4, after != NULL ? after->item : "");
	stmt_text(s, 5, after != NULL ? after->day : "");
	stmt_int(s, 6, limit);
	while ((step = stmt_step(s, e)) == STEP_ROW && ok && more) {
		struct count_line line = { .key = { entity, count, NULL,
		    NULL, NULL }, .waits_for = pending };

		take_line(s, &line);
		ok = find_tolerance(db, arena, &line.key, line.currency,
		    &tolerance, e);
		line.counting.percent = tolerance.percent;
		line.counting.limit = tolerance.limit;
		line.counting.tolerates = tolerance.any;
		line.counting.waits = pending != 0;
		line.is = count_judge(&line.counting);
		more = ok && each(arg, &line);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return ok && step != STEP_FAILED;
}
