/*
 * Drift.  Missing values come from two tables that settling keeps anyway
 * (findings by signature; what known() looked for in vain); use of codes
 * from the journals of the last month, kept in memory.
 */
#include "flow/drift.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "book/finding.h"
#include "book/nearest.h"
#include "core/clock.h"
#include "core/vec.h"

#define DAY_US INT64_C(86400000000)
#define DAYS 30			/* back for use, ahead for closing */
#define RATE_DAYS 7
#define PIECE 1000		/* journals read at once */
#define USED_MAX 500000
#define VALUES_MAX 2000
#define SIGNATURES_MAX 1000
#define SHOWN_MAX 200
#define BUDGET 3000000		/* letters compared for suggestions */

enum { USED_CURRENCY = REF_TABLES, USED_TABLES };

struct used {
	const char *code;
	struct day last;
	int64_t entries;
};

struct drift {
	pthread_mutex_t lock;
	struct db *db;			/* of drift_follow */
	char *store;
	struct arena *arena;
	struct map *used[USED_TABLES];
	struct used *before[USED_TABLES];	/* of the entry before */
	struct used *pair[2];	/* that before[USED_CURRENCY] is of */
	size_t n;
	int64_t journal;		/* read to here */
	bool begun, complete;
};

struct drift *
drift_new(const char *store)
{
	struct drift *drift = calloc(1, sizeof *drift);

	if (drift == NULL || (drift->store = strdup(store)) == NULL)
		bug("out of memory");
	pthread_mutex_init(&drift->lock, NULL);
	drift->arena = arena_new();
	for (int i = 0; i < USED_TABLES; i++)
		drift->used[i] = map_new();
	return drift;
}

void
drift_free(struct drift **dp)
{
	struct drift *drift = *dp;

	if (drift == NULL)
		return;
	*dp = NULL;
	db_close(&drift->db);
	for (int i = 0; i < USED_TABLES; i++)
		map_free(&drift->used[i], NULL);
	arena_free(&drift->arena);
	pthread_mutex_destroy(&drift->lock);
	free(drift->store);
	free(drift);
}

/* ---- following -------------------------------------------------------- */

/* When the event of the first journal from `id` on came; none: the end. */
static bool
received_at(struct db *db, int64_t id, int64_t *at, struct err *e)
{
	static const char SQL[] = "SELECT e.received FROM journal j"
	    " JOIN event e ON e.seq = j.event WHERE j.id >= $1"
	    " ORDER BY j.id LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*at = INT64_MAX;
	if (step == STEP_ROW) {
		*at = col_int(s, 0);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* Journals come nearly in the order of their events, which is enough to
 * leave the old ones out. */
static bool
find_start(struct drift *drift, int64_t last, struct err *e)
{
	int64_t low = 1, high = last + 1, at;
	int64_t since = clock_now() - DAYS * DAY_US;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (!received_at(drift->db, middle, &at, e))
			return false;
		if (at < since)
			low = middle + 1;
		else
			high = middle;
	}
	drift->journal = low - 1;
	drift->begun = true;
	return true;
}

static struct used *
find_used(struct drift *drift, int table, const char *code)
{
	struct map *map = drift->used[table];
	struct used *used = map_find(map, span_of(code));

	if (used != NULL || drift->n >= USED_MAX)
		return used;
	drift->n++;
	used = arena_alloc(drift->arena, sizeof *used);
	used->code = arena_strdup(drift->arena, code);
	map_set(map, span_of(code), used);
	return used;
}

static void
count(struct used *used, const char *day)
{
	if (used == NULL)
		return;
	used->entries++;
	if (strcmp(day, used->last.text) > 0)
		snprintf(used->last.text, sizeof used->last.text, "%s", day);
}

/* Entries are much like the ones before them. */
static void
note(struct drift *drift, int table, const char *code, const char *day)
{
	struct used **before = &drift->before[table];

	if (code == NULL)
		return;
	if (*before == NULL || strcmp((*before)->code, code) != 0)
		*before = find_used(drift, table, code);
	count(*before, day);
}

/* The currencies of an entity: what rates it needs. */
static void
note_pair(struct drift *drift, const char *entity, const char *currency,
    const char *day)
{
	struct used **before = &drift->before[USED_CURRENCY];
	struct used *pair[2] = { drift->before[REF_ENTITY],
	    drift->before[REF_CURRENCY] };
	struct str name;

	if (pair[0] == NULL || pair[1] == NULL)
		return;
	if (*before == NULL || memcmp(pair, drift->pair, sizeof pair) != 0) {
		str_init(&name, 4096);
		str_adds(&name, entity);
		str_addc(&name, '/');
		str_adds(&name, currency);
		*before = find_used(drift, USED_CURRENCY, name.p);
		str_free(&name);
		memcpy(drift->pair, pair, sizeof pair);
	}
	count(*before, day);
}

static const struct {
	int table, column;
} columns[] = {
	{ REF_ENTITY, 2 }, { REF_ACCOUNT, 3 }, { REF_PARTY, 4 },
	{ REF_COST_CENTRE, 5 }, { REF_TAX_CODE, 6 }, { REF_ITEM, 7 },
	{ REF_LOCATION, 8 }, { REF_CURRENCY, 9 },
};

static void
note_entry(struct drift *drift, struct stmt *s)
{
	const char *day = col_text(s, 1);

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		note(drift, columns[i].table, col_text(s, columns[i].column),
		    day);
	note_pair(drift, col_text(s, 2), col_text(s, 9), day);
}

static bool
read_piece(struct drift *drift, int64_t last, struct err *e)
{
	static const char SQL[] = "SELECT j.id, j.date, j.entity, e.account,"
	    " e.party, e.cost_centre, e.tax_code, e.item, e.location,"
	    " e.currency FROM journal j JOIN entry e ON e.journal = j.id"
	    " WHERE j.id > $1 AND j.id <= $2 ORDER BY j.id";
	struct stmt *s = db_stmt(drift->db, SQL);
	enum step step;

	stmt_int(s, 1, drift->journal);
	stmt_int(s, 2, last);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		note_entry(drift, s);
	if (step == STEP_DONE)
		drift->journal = last;
	return step == STEP_DONE;
}

static bool
last_journal(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(id), 0) FROM journal";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	if (step == STEP_ROW) {
		*out = col_int(s, 0);
		stmt_reset(s);
	}
	return step == STEP_ROW;
}

static bool
follow(struct drift *drift, bool *done, struct err *e)
{
	int64_t last;

	if (!last_journal(drift->db, &last, e) ||
	    (!drift->begun && !find_start(drift, last, e)))
		return false;
	*done = last - drift->journal <= PIECE;
	if (!*done)
		last = drift->journal + PIECE;
	return last == drift->journal || read_piece(drift, last, e);
}

bool
drift_follow(struct drift *drift, bool *done, struct err *e)
{
	bool ok;

	*done = true;
	if (drift->db == NULL &&
	    !db_open(&drift->db, drift->store, DB_READ, e))
		return false;
	pthread_mutex_lock(&drift->lock);
	ok = db_begin_read(drift->db, e);
	if (ok) {
		ok = follow(drift, done, e);
		db_rollback(drift->db);
	}
	drift->complete = ok && *done;
	pthread_mutex_unlock(&drift->lock);
	return ok;
}

/* ---- what the master lacks -------------------------------------------- */

struct missing {
	const char *dimension, *value, *code;	/* code NULL: no finding */
	struct str sources;			/* by newline */
	int64_t count, open;
	struct day first, last;
};

struct look {
	struct drift *drift;
	struct db *db;
	struct reference *reference;
	struct json *j;
	struct arena *arena;
	struct vec missing;		/* of struct missing * */
	struct map *by_name;
	struct day today, ahead, back;
	bool cut;
};

static void
add_source(struct missing *m, const char *source)
{
	size_t n = strlen(source);

	for (const char *at = m->sources.p; at != NULL && *at != '\0';) {
		size_t length = strcspn(at, "\n");

		if (length == n && memcmp(at, source, n) == 0)
			return;
		at += length + (at[length] == '\n');
	}
	str_addf(&m->sources, "%s\n", source);
}

static struct missing *
missing_of(struct look *look, const char *dimension, const char *value)
{
	const char *name = arena_printf(look->arena, "%s\n%s", dimension,
	    value);
	struct missing *m = map_find(look->by_name, span_of(name)), **slot;

	if (m != NULL)
		return m;
	slot = vec_add(&look->missing);
	if (slot == NULL) {
		look->cut = true;
		return NULL;
	}
	m = *slot = arena_alloc(look->arena, sizeof *m);
	m->dimension = arena_strdup(look->arena, dimension);
	m->value = arena_strdup(look->arena, value);
	str_init(&m->sources, 4096);
	map_set(look->by_name, span_of(name), m);
	return m;
}

static void
stretch(struct missing *m, const char *first, const char *last)
{
	if (m->first.text[0] == '\0' || strcmp(first, m->first.text) < 0)
		snprintf(m->first.text, sizeof m->first.text, "%s", first);
	if (strcmp(last, m->last.text) > 0)
		snprintf(m->last.text, sizeof m->last.text, "%s", last);
}

/* As a JSON list: the findings that a mapping or a row would put right. */
static const char *
fixable_codes(struct arena *arena)
{
	const char *out = NULL;

	for (int code = 0; code < FIND_CODES; code++) {
		const struct finding_info *info = finding_info(code);

		if (info->fixable || code == FIND_CURRENCY)
			out = arena_printf(arena, "%s%s\"%s\"", out != NULL ?
			    out : "[", out != NULL ? "," : "", info->name);
	}
	return arena_printf(arena, "%s]", out);
}

/* Only the most frequent: to find out of all of them when they were first
 * seen costs more than to count them. */
static bool
gather_findings(struct look *look, struct err *e)
{
	static const char SQL[] = "SELECT s.code, s.source, s.value,"
	    " (SELECT min(day) FROM signature_day WHERE signature = s.id"
	    " AND count > 0), (SELECT max(day) FROM signature_day"
	    " WHERE signature = s.id AND count > 0), d.n"
	    " FROM (SELECT signature, sum(count) AS n FROM signature_day"
	    " WHERE count > 0 AND signature IN (SELECT id FROM signature"
	    " WHERE code IN (SELECT value FROM json_each($1)))"
	    " GROUP BY signature ORDER BY n DESC, signature LIMIT $2) d"
	    " CROSS JOIN signature s ON s.id = d.signature"
	    " ORDER BY d.n DESC";
	struct stmt *s = db_stmt(look->db, SQL);
	enum finding_code code;
	enum step step;
	int n = 0;

	stmt_text(s, 1, fixable_codes(look->arena));
	stmt_int(s, 2, SIGNATURES_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct missing *m;

		n++;
		if (!finding_find(col_text(s, 0), &code))
			continue;
		m = missing_of(look, finding_info(code)->dimension,
		    col_text(s, 2));
		if (m == NULL)
			continue;
		m->code = finding_info(code)->name;
		add_source(m, col_text(s, 1));
		stretch(m, col_text(s, 3), col_text(s, 4));
		m->open += col_int(s, 5);
	}
	look->cut = look->cut || n == SIGNATURES_MAX;
	return step == STEP_DONE;
}

static bool
gather_misses(struct look *look, struct err *e)
{
	static const char SQL[] = "SELECT source, dimension, value, count,"
	    " first, last FROM drift ORDER BY count DESC";
	struct stmt *s = db_stmt(look->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct missing *m;

		if (reference_lookup(look->reference, col_text(s, 0),
		    col_text(s, 1), col_text(s, 2)) != NULL)
			continue;	/* put right meanwhile */
		m = missing_of(look, col_text(s, 1), col_text(s, 2));
		if (m == NULL)
			continue;
		add_source(m, col_text(s, 0));
		stretch(m, day_from_time(col_int(s, 4)).text,
		    day_from_time(col_int(s, 5)).text);
		m->count += col_int(s, 3);
	}
	return step == STEP_DONE;
}

static int
by_count(const void *a, const void *b)
{
	const struct missing *x = *(struct missing *const *)a;
	const struct missing *y = *(struct missing *const *)b;
	int64_t m = x->count + x->open, n = y->count + y->open;

	if (m != n)
		return m < n ? 1 : -1;
	return strcmp(x->value, y->value);
}

static void
show_missing(struct look *look, const struct missing *m, int64_t *budget)
{
	const struct master *near = NULL;
	enum reference_table table;
	struct json *j = look->j;

	if (reference_table_find(m->dimension, &table))
		near = nearest_master(look->reference, table, m->value,
		    budget);
	json_open(j, '{');
	json_kstr(j, "dimension", m->dimension);
	json_kstr(j, "value", m->value);
	json_kstr(j, "code", m->code);
	json_kint(j, "open", m->open);
	json_kint(j, "unseen", m->count);
	json_kstr(j, "first", m->first.text);
	json_kstr(j, "last", m->last.text);
	json_key(j, "sources");
	json_open(j, '[');
	for (const char *at = m->sources.p; *at != '\0';) {
		size_t n = strcspn(at, "\n");

		json_span(j, (struct span){ at, n });
		at += n + (at[n] == '\n');
	}
	json_close(j, ']');
	json_kstr(j, "suggestion", near != NULL ? near->code : NULL);
	json_kstr(j, "suggestion_name", near != NULL ? near->name : NULL);
	json_close(j, '}');
}

static bool
show_all_missing(struct look *look, struct err *e)
{
	int64_t budget = BUDGET;
	bool ok = gather_findings(look, e) && gather_misses(look, e);

	if (look->missing.n > 1)
		qsort(look->missing.p, look->missing.n,
		    sizeof(struct missing *), by_count);
	json_key(look->j, "missing");
	json_open(look->j, '[');
	for (size_t i = 0; i < look->missing.n; i++) {
		struct missing *m = *(struct missing **)vec_at(
		    &look->missing, i);

		if (ok && i < SHOWN_MAX)
			show_missing(look, m, &budget);
		look->cut = look->cut || i >= SHOWN_MAX;
		str_free(&m->sources);
	}
	json_close(look->j, ']');
	return ok;
}

/* ---- codes that close ------------------------------------------------- */

struct closing {
	enum reference_table table;
	const struct master *row;	/* NULL: there is none */
	const char *code;
	int64_t mappings;
	const char *mapping;		/* one of them */
};

static struct closing *
closing_of(struct look *look, struct map *map, enum reference_table table,
    const char *code, bool add)
{
	const char *name = arena_printf(look->arena, "%d %s", (int)table,
	    code);
	struct closing *c = map_find(map, span_of(name));

	if (c == NULL && add && map_count(map) < VALUES_MAX) {
		c = arena_alloc(look->arena, sizeof *c);
		c->table = table;
		c->code = arena_strdup(look->arena, code);
		map_set(map, span_of(name), c);
	}
	return c;
}

static void
gather_closing(struct look *look, struct map *map)
{
	const struct master *row;

	for (int t = 0; t < REF_TABLES; t++)
		for (size_t at = 0; (row = reference_next(look->reference,
		    (enum reference_table)t, &at)) != NULL;) {
			struct closing *c;

			if (row->to.text[0] == '\0' ||
			    strcmp(row->to.text, look->ahead.text) > 0)
				continue;
			c = closing_of(look, map, (enum reference_table)t,
			    row->code, true);
			if (c != NULL)
				c->row = row;
		}
}

static void
gather_mappings(struct look *look, struct map *map)
{
	const char *source, *dimension, *from, *to;
	enum reference_table table;

	for (size_t at = 0; reference_next_mapping(look->reference, &at,
	    &source, &dimension, &from, &to);) {
		struct closing *c;

		if (!reference_table_find(dimension, &table))
			continue;
		c = closing_of(look, map, table, to, reference_find(
		    look->reference, table, to) == NULL);
		if (c == NULL)
			continue;
		if (c->mappings++ == 0)
			c->mapping = arena_printf(look->arena, "%s/%s/%s",
			    source, dimension, from);
	}
}

static const char *
state_of(const struct look *look, const struct closing *c)
{
	if (c->row == NULL)
		return "missing";
	return strcmp(c->row->to.text, look->today.text) < 0 ? "closed" :
	    "closing";
}

static void
show_closing(struct look *look, const struct closing *c)
{
	const struct used *used = map_find(look->drift->used[c->table],
	    span_of(c->code));
	struct json *j = look->j;

	if (used != NULL && strcmp(used->last.text, look->back.text) < 0)
		used = NULL;
	if (used == NULL && c->mappings == 0)
		return;
	json_open(j, '{');
	json_kstr(j, "table", reference_table_name(c->table));
	json_kstr(j, "code", c->code);
	json_kstr(j, "name", c->row != NULL ? c->row->name : NULL);
	json_kstr(j, "to", c->row != NULL ? c->row->to.text : NULL);
	json_kstr(j, "state", state_of(look, c));
	json_kint(j, "entries", used != NULL ? used->entries : 0);
	json_kstr(j, "last", used != NULL ? used->last.text : NULL);
	json_kint(j, "mappings", c->mappings);
	json_kstr(j, "mapping", c->mapping);
	json_close(j, '}');
}

static void
show_all_closing(struct look *look)
{
	struct map *map = map_new();
	struct span key;
	void *value;

	gather_closing(look, map);
	gather_mappings(look, map);
	json_key(look->j, "closed");
	json_open(look->j, '[');
	for (size_t at = 0; map_next(map, &at, &key, &value);)
		show_closing(look, value);
	json_close(look->j, ']');
	map_free(&map, NULL);
}

/* ---- periods and rates ------------------------------------------------ */

static struct day
next_month(struct day day)
{
	int year, month;
	struct day out;

	if (sscanf(day.text, "%d-%d", &year, &month) != 2)
		bug("day %s", day.text);
	year += month == 12;
	month = month % 12 + 1;
	snprintf(out.text, sizeof out.text, "%04u-%02u-01",
	    (unsigned)year % 10000, (unsigned)month % 100);
	return out;
}

static void
show_periods(struct look *look)
{
	struct day next = next_month(look->today);
	const struct master *entity;
	char period[8];

	day_period(next, period);
	json_key(look->j, "periods");
	json_open(look->j, '[');
	for (size_t at = 0; (entity = reference_next(look->reference,
	    REF_ENTITY, &at)) != NULL;) {
		if (!master_valid(entity, next) || reference_period(
		    look->reference, entity->code, next) != NULL)
			continue;
		json_open(look->j, '{');
		json_kstr(look->j, "entity", entity->code);
		json_kstr(look->j, "period", period);
		json_close(look->j, '}');
	}
	json_close(look->j, ']');
}

static bool
last_rate(struct look *look, const char *from, const char *to,
    struct day *out, struct err *e)
{
	static const char SQL[] = "SELECT max(first) FROM rate WHERE"
	    " from_currency = $1 AND to_currency = $2 AND first <= $3";
	struct stmt *s = db_stmt(look->db, SQL);
	enum step step;

	*out = (struct day){ "" };
	stmt_text(s, 1, from);
	stmt_text(s, 2, to);
	stmt_text(s, 3, look->today.text);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		if (!col_null(s, 0))
			snprintf(out->text, sizeof out->text, "%s",
			    col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* pair: ENTITY/CUR, as entries of the entity were in that currency. */
static bool
show_rate(struct look *look, const char *pair, struct err *e)
{
	const char *slash = strrchr(pair, '/');
	const struct master *entity = reference_find(look->reference,
	    REF_ENTITY, arena_strndup(look->arena, pair,
	    (size_t)(slash - pair)));
	struct day last;

	if (entity == NULL || strcmp(entity->extra, slash + 1) == 0)
		return true;
	if (!last_rate(look, slash + 1, entity->extra, &last, e))
		return false;
	if (last.text[0] != '\0' &&
	    day_between(last, look->today) <= RATE_DAYS)
		return true;
	json_open(look->j, '{');
	json_kstr(look->j, "entity", entity->code);
	json_kstr(look->j, "from", slash + 1);
	json_kstr(look->j, "to", entity->extra);
	json_kstr(look->j, "last", last.text[0] != '\0' ? last.text : NULL);
	json_close(look->j, '}');
	return true;
}

static bool
show_rates(struct look *look, struct err *e)
{
	struct span key;
	void *value;
	bool ok = true;

	json_key(look->j, "rates");
	json_open(look->j, '[');
	for (size_t at = 0; ok && map_next(look->drift->used[USED_CURRENCY],
	    &at, &key, &value);) {
		const struct used *used = value;

		if (strcmp(used->last.text, look->back.text) >= 0)
			ok = show_rate(look, arena_strndup(look->arena,
			    key.p, key.n), e);
	}
	json_close(look->j, ']');
	return ok;
}

/* ---- all of it -------------------------------------------------------- */

bool
drift_view(struct drift *drift, struct db *db, struct reference *reference,
    struct json *j, struct err *e)
{
	int64_t now = clock_now();
	struct look look = { .drift = drift, .db = db,
	    .reference = reference, .j = j, .arena = arena_new(),
	    .by_name = map_new(), .today = day_from_time(now),
	    .ahead = day_from_time(now + DAYS * DAY_US),
	    .back = day_from_time(now - DAYS * DAY_US) };
	bool ok;

	vec_init(&look.missing, sizeof(struct missing *), VALUES_MAX);
	json_open(j, '{');
	ok = show_all_missing(&look, e);
	pthread_mutex_lock(&drift->lock);
	show_all_closing(&look);
	show_periods(&look);
	ok = ok && show_rates(&look, e);
	json_kstr(j, "journal", arena_id(look.arena, 'J', drift->journal));
	json_key(j, "complete");
	json_bool(j, drift->complete);
	pthread_mutex_unlock(&drift->lock);
	json_key(j, "cut");
	json_bool(j, look.cut);
	json_close(j, '}');
	vec_free(&look.missing);
	map_free(&look.by_name, NULL);
	arena_free(&look.arena);
	return ok;
}
