/* Stock counts as JSON: all of them, and one of them line by line. */
#include <string.h>

#include "store/count.h"
#include "store/show.h"

/* ---- lines -------------------------------------------------------------- */

struct listing {
	struct json *j;
	struct arena *arena;
	const char *state;	/* only those; NULL: all */
	int left;
	bool more;
	struct count_key last;
};

static bool
listed(const struct listing *l, const struct count_line *line)
{
	if (l->state == NULL)
		return true;
	return strcmp(l->state, "open") == 0 ?
	    count_adjustable(line->is.state) :
	    strcmp(l->state, count_state_name(line->is.state)) == 0;
}

static void
write_word(struct json *j, const struct count_line *line)
{
	json_key(j, "rejected");
	if (line->is.state != COUNT_REJECTED) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_kstr(j, "by", line->word.actor);
	show_time(j, "at", line->word.at);
	json_kstr(j, "reason", line->word.reason);
	json_close(j, '}');
}

static void
write_counted(struct json *j, const struct count_line *line)
{
	const struct counting *c = &line->counting;

	show_quantity(j, "counted", c->counted);
	show_quantity(j, "difference", line->is.difference);
	show_quantity(j, "open", line->is.open);
	show_amount(j, "value", line->is.value, line->currency);
	/* What came later and is dated of before. */
	show_quantity(j, "moved_since", c->expected - line->then);
}

static void
show_line_id(struct json *j, const struct count_line *line)
{
	struct str text;

	str_init(&text, 4096);
	str_addf(&text, "%s/%s/%s", line->key.day, line->key.location,
	    line->key.item);
	json_kstr(j, "id", text.p);
	str_free(&text);
}

static void
write_line(struct json *j, const struct count_line *line)
{
	const struct counting *c = &line->counting;

	json_open(j, '{');
	show_line_id(j, line);
	json_kstr(j, "entity", line->key.entity);
	json_kstr(j, "count", line->key.count);
	json_kstr(j, "location", line->key.location);
	json_kstr(j, "item", line->key.item);
	json_kstr(j, "day", line->key.day);
	json_kstr(j, "state", count_state_name(line->is.state));
	json_key(j, "decide");
	json_bool(j, count_adjustable(line->is.state));
	show_quantity(j, "expected", c->expected);
	if (c->was_counted)
		write_counted(j, line);
	show_quantity(j, "adjusted", c->adjusted);
	show_amount(j, "adjusted_value", line->adjusted_value,
	    line->currency);
	json_kstr(j, "currency", line->currency);
	show_quantity(j, "reserved", line->reserved);
	show_quantity(j, "in_transit", line->transit);
	json_kstr(j, "counter", line->counter);
	json_kstr(j, "memo", line->memo);
	show_id(j, "event", 'E', line->event);
	show_id(j, "adjusted_by", 'E', line->adjusted_by);
	show_id(j, "waits_for", 'E', line->is.state == COUNT_WAITS ?
	    line->waits_for : 0);
	json_kstr(j, "recounted_in", line->is.state == COUNT_RECOUNTED ?
	    line->recounted_in : NULL);
	write_word(j, line);
	json_close(j, '}');
}

static bool
list_line(void *arg, const struct count_line *line)
{
	struct listing *l = arg;

	if (!listed(l, line))
		return true;
	if (l->left-- == 0) {
		l->more = true;
		return false;
	}
	write_line(l->j, line);
	l->last = (struct count_key){ NULL, NULL,
	    arena_strdup(l->arena, line->key.location),
	    arena_strdup(l->arena, line->key.item),
	    arena_strdup(l->arena, line->key.day) };
	return true;
}

/* DAY/LOCATION/ITEM: an item may have slashes of its own. */
static bool
read_after(struct arena *arena, const char *after, struct count_key *key)
{
	size_t day = strcspn(after, "/"), place;

	if (after[day] != '/')
		return false;
	place = strcspn(after + day + 1, "/");
	if (after[day + 1 + place] != '/')
		return false;
	key->day = arena_strndup(arena, after, day);
	key->location = arena_strndup(arena, after + day + 1, place);
	key->item = arena_strdup(arena, after + day + 1 + place + 1);
	return true;
}

/* An empty list of a name with a slip would look as if nothing differed. */
static bool
find_count(struct db *db, const char *entity, const char *count,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM count_line"
	    " WHERE entity = $1 AND count = $2 LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	bool found;

	stmt_text(s, 1, entity);
	stmt_text(s, 2, count);
	return stmt_found(s, &found, e) && (found || err_set(e,
	    ERR_NOT_FOUND, "no count %.60s/%.60s", entity, count));
}

bool
view_count_lines(struct db *db, struct arena *arena, const char *entity,
    const char *count, const char *state, const char *after, int limit,
    struct json *j, struct err *e)
{
	struct listing l = { .j = j, .arena = arena, .state = state,
	    .left = limit };
	struct count_key from;
	bool ok;

	if (after != NULL && !read_after(arena, after, &from))
		return err_set(e, ERR_REQUEST, "after: as `next` said");
	if (!find_count(db, entity, count, e))
		return false;
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	ok = count_lines(db, arena, entity, count, true, after != NULL ? &from :
	    NULL, COUNT_LINES_MAX, list_line, &l, e);
	json_close(j, ']');
	json_kstr(j, "next", l.more ? arena_printf(arena, "%s/%s/%s",
	    l.last.day, l.last.location, l.last.item) : NULL);
	json_close(j, '}');
	return ok;
}

/* ---- counts ------------------------------------------------------------- */

struct summing {
	int64_t n[COUNT_STATES], value, adjusted, shortage, surplus;
	char currency[4];
};

static bool
sum_line(void *arg, const struct count_line *line)
{
	struct summing *sum = arg;

	sum->n[line->is.state]++;
	sum->adjusted += line->adjusted_value;
	if (count_adjustable(line->is.state) ||
	    line->is.state == COUNT_WAITS) {
		sum->value += line->is.value;
		sum->shortage += line->is.value < 0 ? line->is.value : 0;
		sum->surplus += line->is.value > 0 ? line->is.value : 0;
	}
	memcpy(sum->currency, line->currency, strnlen(line->currency, 3));
	return true;
}

static int64_t
to_do(const struct summing *sum)
{
	return sum->n[COUNT_SMALL] + sum->n[COUNT_CONFIRMED] +
	    sum->n[COUNT_DIFFERS] + sum->n[COUNT_MOVED];
}

static void
write_sum(struct json *j, const struct summing *sum)
{
	int64_t counted = 0;

	for (int i = 0; i < COUNT_NOT; i++)
		counted += sum->n[i];
	json_kstr(j, "state", to_do(sum) > 0 ? "open" :
	    sum->n[COUNT_WAITS] > 0 ? "waits" : "done");
	json_kint(j, "lines", counted);
	json_kint(j, "open", to_do(sum));
	json_kint(j, "differs", sum->n[COUNT_DIFFERS]);
	show_amount(j, "value", sum->value, sum->currency);
	show_amount(j, "shortage", sum->shortage, sum->currency);
	show_amount(j, "surplus", sum->surplus, sum->currency);
	show_amount(j, "adjusted_value", sum->adjusted, sum->currency);
	json_kstr(j, "currency", sum->currency);
	json_key(j, "states");
	json_open(j, '{');
	for (int i = 0; i < COUNT_NOT; i++)
		json_kint(j, count_state_name((enum count_state)i),
		    sum->n[i]);
	json_close(j, '}');
}

struct count_row {
	const char *entity, *count, *day, *location, *counter;
	int64_t locations, event;
};

static bool
write_count(struct db *db, struct arena *arena, const struct count_row *row,
    struct json *j, struct err *e)
{
	struct summing sum = { .currency = "INR" };

	if (!count_lines(db, arena, row->entity, row->count, false, NULL,
	    COUNT_LINES_MAX, sum_line, &sum, e))
		return false;
	json_open(j, '{');
	json_kstr(j, "id", arena_printf(arena, "%s/%s", row->entity,
	    row->count));
	json_kstr(j, "entity", row->entity);
	json_kstr(j, "count", row->count);
	json_kstr(j, "day", row->day);
	json_kstr(j, "location", row->locations == 1 ? row->location : NULL);
	json_kint(j, "locations", row->locations);
	json_kstr(j, "counter", row->counter);
	show_id(j, "event", 'E', row->event);
	write_sum(j, &sum);
	json_close(j, '}');
	return true;
}

/* The newest first. */
bool
view_counts(struct db *db, struct arena *arena, const char *entity,
    const char *location, const char *after, int limit, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT entity, count, max(day),"
	    " min(location), max(counter), count(DISTINCT location),"
	    " max(event) FROM count_line WHERE ($1 IS NULL OR entity = $1)"
	    " AND ($2 IS NULL OR location = $2) GROUP BY entity, count"
	    " HAVING (max(day), entity, count) < ($3, $4, $5)"
	    " ORDER BY max(day) DESC, entity DESC, count DESC LIMIT $6";
	struct count_row *rows = arena_alloc(arena, ((size_t)limit + 1) *
	    sizeof *rows);
	struct count_key from = { NULL, "", "", "", "9999" };
	struct stmt *s = db_stmt(db, SQL);
	int n = 0;
	bool ok = true;
	enum step step;

	if (after != NULL && !read_after(arena, after, &from)) {
		stmt_reset(s);
		return err_set(e, ERR_REQUEST, "after: as `next` said");
	}
	stmt_text(s, 1, entity);
	stmt_text(s, 2, location);
	stmt_text(s, 3, from.day);
	stmt_text(s, 4, from.location);
	stmt_text(s, 5, from.item);
	stmt_int(s, 6, limit + 1);
	while ((step = stmt_step(s, e)) == STEP_ROW && n <= limit)
		rows[n++] = (struct count_row){
		    arena_strdup(arena, col_text(s, 0)),
		    arena_strdup(arena, col_text(s, 1)),
		    arena_strdup(arena, col_text(s, 2)),
		    arena_strdup(arena, col_text(s, 3)),
		    col_null(s, 4) ? NULL : arena_strdup(arena,
		    col_text(s, 4)), col_int(s, 5), col_int(s, 6) };
	if (step == STEP_FAILED)
		return false;
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	for (int i = 0; ok && i < n && i < limit; i++)
		ok = write_count(db, arena, &rows[i], j, e);
	json_close(j, ']');
	json_kstr(j, "next", n > limit ? arena_printf(arena, "%s/%s/%s",
	    rows[limit - 1].day, rows[limit - 1].entity,
	    rows[limit - 1].count) : NULL);
	json_close(j, '}');
	return ok;
}
