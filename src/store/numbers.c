/* Reading the numbers: a few rows for each source, day, account. */
#include "store/numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/views.h"

#define ROWS_MAX 100000		/* of any list */
#define HOUR INT64_C(3600000000)
#define DAYS 30			/* of WINDOW_MONTH, today included */

const char *const window_names[WINDOWS] = { "all", "today", "30d" };
const char *const age_names[AGES] = { "0-1h", "1-24h", "1-3d", "3d+" };
const char *const account_role_names[ACCOUNT_ROLES] = {
	"cash", "clearing", "receivable", "payable"
};

const char *const order_stage_names[ORDER_STAGES] = {
	"to_ship", "to_invoice"
};

struct reading {
	struct db *db;
	struct arena *arena;
	int64_t now;
	struct numbers *out;
};

/* ---- text ------------------------------------------------------------- */

void
ratio_text(int64_t n, int64_t of, char out[16])
{
	int millionths = (int)((__int128)n * 1000000 / of);

	snprintf(out, 16, "%d.%06d", millionths / 1000000,
	    millionths % 1000000);
}

void
seconds_text(int64_t micros, char out[32])
{
	snprintf(out, 32, "%lld.%06d", (long long)(micros / 1000000),
	    (int)(micros % 1000000));
}

/* ---- roles of accounts ------------------------------------------------ */

static bool
word_is(const char *at, size_t n, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strlen(*words) == n && strncasecmp(at, *words, n) == 0)
			return true;
	return false;
}

static bool
word_role(const char *at, size_t n, bool asset, enum account_role *out)
{
	static const char *const cash[] = { "bank", "banks", "cash", NULL };
	static const char *const clearing[] = { "clearing", NULL };
	static const char *const receivable[] = { "receivable",
	    "receivables", "debtors", NULL };
	static const char *const payable[] = { "payable", "payables",
	    "creditors", NULL };

	if (asset && word_is(at, n, cash))
		*out = ROLE_OF_CASH;
	else if (word_is(at, n, clearing))
		*out = ROLE_OF_CLEARING;
	else if (asset && word_is(at, n, receivable))
		*out = ROLE_OF_RECEIVABLE;
	else if (!asset && word_is(at, n, payable))
		*out = ROLE_OF_PAYABLE;
	else
		return false;
	return true;
}

/* The first word of the path that says something, from the left: the path is
 * what the accountant's own chart calls it. */
bool
account_role(const char *kind, const char *path, enum account_role *out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool asset = strcmp(kind, "asset") == 0;

	if (!asset && strcmp(kind, "liability") != 0)
		return false;
	while (*(path += strcspn(path, letters)) != '\0') {
		size_t n = strspn(path, letters);

		if (word_role(path, n, asset, out))
			return true;
		path += n;
	}
	return false;
}

/* ---- lists ------------------------------------------------------------ */

static void *
add(struct vec *vec, struct err *e)
{
	void *row = vec_add(vec);

	if (row == NULL)
		err_set(e, ERR_STORE, "more than %d numbers", ROWS_MAX);
	return row;
}

static const char *
keep(struct reading *r, struct stmt *s, int at)
{
	return col_null(s, at) ? "" : arena_strdup(r->arena, col_text(s, at));
}

static bool
read_as_of(struct reading *r, struct err *e)
{
	r->out->at = r->now;
	return view_last_seq(r->db, &r->out->seq, e) &&
	    view_last_change(r->db, &r->out->change, e);
}

/* ---- sources ---------------------------------------------------------- */

static bool
read_names(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT n.name, coalesce((SELECT n FROM"
	    " tally WHERE source = n.name AND state = 'received'), 0),"
	    " coalesce((SELECT n FROM tally WHERE source = n.name"
	    " AND state = 'duplicate'), 0), coalesce(h.last, 0),"
	    " coalesce(e.received, 0) FROM (SELECT name FROM source UNION"
	    " SELECT source FROM tally) AS n LEFT JOIN heard h"
	    " ON h.source = n.name LEFT JOIN event e ON e.seq = h.last"
	    " ORDER BY n.name";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct number_source *one = add(&r->out->sources, e);

		if (one == NULL) {
			stmt_reset(s);
			return false;
		}
		one->name = keep(r, s, 0);
		one->received = col_int(s, 1);
		one->duplicate = col_int(s, 2);
		one->last = col_int(s, 3);
		one->last_at = col_int(s, 4);
	}
	return step == STEP_DONE;
}

static bool
read_count(struct reading *r, const char *what, const char *source,
    int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT n FROM figure WHERE what = $1"
	    " AND detail = '' AND source = $2 AND day = ''";
	struct stmt *s = db_stmt(r->db, SQL);

	stmt_text(s, 1, what);
	stmt_text(s, 2, source);
	return stmt_number(s, out, e);
}

/* Days are text: '' sorts before each, so that both ends pick what is meant. */
static bool
read_spread(struct reading *r, const char *what, const char *source,
    const char *from, const char *to, struct spread *out, struct err *e)
{
	static const char SQL[] = "SELECT bucket, sum(n), sum(micros)"
	    " FROM latency WHERE what = $1 AND source = $2 AND day >= $3"
	    " AND day <= $4 GROUP BY bucket";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	stmt_text(s, 1, what);
	stmt_text(s, 2, source);
	stmt_text(s, 3, from);
	stmt_text(s, 4, to);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t bucket = col_int(s, 0);

		if (bucket < 0 || bucket > LATENCY_BUCKETS)
			continue;
		out->n[bucket] += col_int(s, 1);
		out->micros += col_int(s, 2);
	}
	return step == STEP_DONE;
}

static bool
read_spreads(struct reading *r, const char *what, const char *source,
    struct spread out[WINDOWS], struct err *e)
{
	struct day today = day_from_time(r->now);
	struct day first = day_from_time(r->now - (DAYS - 1) * 24 * HOUR);

	return read_spread(r, what, source, "", "", &out[WINDOW_ALL], e) &&
	    read_spread(r, what, source, today.text, today.text,
	    &out[WINDOW_TODAY], e) && read_spread(r, what, source,
	    first.text, today.text, &out[WINDOW_MONTH], e);
}

static void
sum_spreads(struct spread to[WINDOWS], const struct spread from[WINDOWS])
{
	for (int w = 0; w < WINDOWS; w++) {
		for (int i = 0; i <= LATENCY_BUCKETS; i++)
			to[w].n[i] += from[w].n[i];
		to[w].micros += from[w].micros;
	}
}

static void
sum_source(struct number_source *all, const struct number_source *one)
{
	all->received += one->received;
	all->duplicate += one->duplicate;
	all->posted += one->posted;
	all->touchless += one->touchless;
	all->manual += one->manual;
	if (one->last > all->last) {
		all->last = one->last;
		all->last_at = one->last_at;
	}
	sum_spreads(all->sync, one->sync);
	sum_spreads(all->resolve, one->resolve);
	sum_spreads(all->invoice, one->invoice);
	all->orders += one->orders;
	all->order_exceptions += one->order_exceptions;
}

static bool
read_sources(struct reading *r, struct err *e)
{
	if (!read_names(r, e))
		return false;
	for (size_t i = 0; i < r->out->sources.n; i++) {
		struct number_source *one = vec_at(&r->out->sources, i);

		if (!read_count(r, "posted", one->name, &one->posted, e) ||
		    !read_count(r, "touchless", one->name, &one->touchless,
		    e) || !read_count(r, "manual", one->name, &one->manual,
		    e) || !read_spreads(r, "sync", one->name, one->sync, e) ||
		    !read_spreads(r, "resolve", one->name, one->resolve, e) ||
		    !read_spreads(r, "invoice", one->name, one->invoice, e) ||
		    !read_count(r, "order", one->name, &one->orders, e) ||
		    !read_count(r, "order_exception", one->name,
		    &one->order_exceptions, e))
			return false;
		sum_source(&r->out->all, one);
	}
	return true;
}

/* ---- what waits for a person ------------------------------------------ */

static int
by_entity_and_age(const void *pa, const void *pb)
{
	const struct number_backlog *a = pa, *b = pb;
	int n = strcmp(a->entity, b->entity);

	if (n == 0)
		n = (int)a->age - (int)b->age;
	if (n == 0)
		n = strcmp(a->state, b->state);
	if (n == 0)
		n = strcmp(a->kind, b->kind);
	return n != 0 ? n : strcmp(a->currency, b->currency);
}

/* A minute is as old as its end: ages are true to the minute. */
static enum numbers_age
age_of(int64_t minute, int64_t now)
{
	int64_t age = now - (minute + 1) * (HOUR / 60);

	return age < HOUR ? AGE_HOUR : age < 24 * HOUR ? AGE_DAY :
	    age < 72 * HOUR ? AGE_THREE_DAYS : AGE_OLDER;
}

static bool
is_of(const struct number_backlog *one, struct stmt *s,
    enum numbers_age age)
{
	return one->age == age && strcmp(one->state, col_text(s, 0)) == 0 &&
	    strcmp(one->entity, col_text(s, 1)) == 0 &&
	    strcmp(one->kind, col_text(s, 2)) == 0 &&
	    strcmp(one->currency, col_text(s, 3)) == 0;
}

/* By entity and age in the end; as read, those of one age stand together. */
static bool
read_backlog(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT state, entity, kind, currency,"
	    " minute, n, amount FROM backlog"
	    " ORDER BY state, entity, kind, currency, minute";
	struct stmt *s = db_stmt(r->db, SQL);
	struct vec *vec = &r->out->backlog;
	struct number_backlog *one = NULL;
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		enum numbers_age age = age_of(col_int(s, 4), r->now);

		if (one == NULL || !is_of(one, s, age)) {
			one = add(vec, e);
			if (one == NULL) {
				stmt_reset(s);
				return false;
			}
			one->state = keep(r, s, 0);
			one->entity = keep(r, s, 1);
			one->kind = keep(r, s, 2);
			one->currency = keep(r, s, 3);
			one->age = age;
		}
		one->count += col_int(s, 5);
		one->amount += col_int(s, 6);
	}
	if (vec->n > 0)
		qsort(vec->p, vec->n, vec->size, by_entity_and_age);
	return step == STEP_DONE;
}

static struct number_dimension *
dimension_of(struct reading *r, const char *source, const char *dimension,
    struct err *e)
{
	struct vec *vec = &r->out->dimensions;
	struct number_dimension *one;

	for (size_t i = 0; i < vec->n; i++) {
		one = vec_at(vec, i);
		if (strcmp(one->source, source) == 0 &&
		    strcmp(one->dimension, dimension) == 0)
			return one;
	}
	one = add(vec, e);
	if (one != NULL) {
		one->source = arena_strdup(r->arena, source);
		one->dimension = arena_strdup(r->arena, dimension);
	}
	return one;
}

static bool
read_failed(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT source, detail, n FROM figure"
	    " WHERE what = 'dimension' AND day = ''";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct number_dimension *one = dimension_of(r,
		    col_text(s, 0), col_text(s, 1), e);

		if (one == NULL) {
			stmt_reset(s);
			return false;
		}
		one->failed = col_int(s, 2);
	}
	return step == STEP_DONE;
}

static bool
read_open(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT g.source, g.code, sum(d.count)"
	    " FROM signature_day d JOIN signature g ON g.id = d.signature"
	    " WHERE d.count > 0 GROUP BY g.source, g.code";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct number_dimension *one;
		enum finding_code code;

		if (!finding_find(col_text(s, 1), &code) ||
		    finding_info(code)->dimension[0] == '\0' ||
		    finding_info(code)->level != FINDING_BLOCK)
			continue;
		one = dimension_of(r, col_text(s, 0),
		    finding_info(code)->dimension, e);
		if (one == NULL) {
			stmt_reset(s);
			return false;
		}
		one->open += col_int(s, 2);
	}
	return step == STEP_DONE;
}

/* ---- where accounts stand --------------------------------------------- */

static bool
read_accounts(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT s.entity, s.account, s.currency,"
	    " s.balance, s.base, m.kind, m.extra, m.name, n.extra,"
	    " l.received, coalesce(f.received, 0) FROM standing s"
	    " JOIN master m ON m.tab = 'account' AND m.code = s.account"
	    " LEFT JOIN master n ON n.tab = 'entity' AND n.code = s.entity"
	    " LEFT JOIN event l ON l.seq = s.last"
	    " LEFT JOIN event f ON f.seq = s.since"
	    " WHERE m.kind IN ('asset', 'liability')"
	    " ORDER BY s.entity, s.account, s.currency";
	struct stmt *s = db_stmt(r->db, SQL);
	enum account_role role;
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct number_account *one;

		if (!account_role(col_text(s, 5), col_text(s, 6), &role))
			continue;
		one = add(&r->out->accounts, e);
		if (one == NULL) {
			stmt_reset(s);
			return false;
		}
		one->role = role;
		one->entity = keep(r, s, 0);
		one->account = keep(r, s, 1);
		one->currency = keep(r, s, 2);
		one->balance = col_int(s, 3);
		one->base = col_int(s, 4);
		one->name = keep(r, s, 7);
		one->base_currency = keep(r, s, 8);
		one->last_at = col_int(s, 9);
		one->since_at = col_int(s, 10);
	}
	return step == STEP_DONE;
}

/* ---- orders ----------------------------------------------------------- */

/* Of the partial indexes ordering_to_ship and ordering_to_invoice alone. */
static const char *const COUNT_STAGE[ORDER_STAGES] = {
	"SELECT count(*) FROM (SELECT 1 FROM ordering"
	    " WHERE ordered_at IS NOT NULL AND shipped_at IS NULL"
	    " AND invoiced_at IS NULL AND ordered <> 0 AND ordered_at > $1"
	    " AND ordered_at <= $2 LIMIT $3)",
	"SELECT count(*) FROM (SELECT 1 FROM ordering"
	    " WHERE shipped_at IS NOT NULL AND invoiced_at IS NULL"
	    " AND shipped_at > $1 AND shipped_at <= $2 LIMIT $3)",
};
static const char *const NAME_STAGE[ORDER_STAGES] = {
	"SELECT entity, number, ordered_at FROM ordering"
	    " WHERE ordered_at IS NOT NULL AND shipped_at IS NULL"
	    " AND invoiced_at IS NULL AND ordered <> 0 AND ordered_at <= $1"
	    " ORDER BY ordered_at LIMIT $2",
	"SELECT entity, number, shipped_at FROM ordering"
	    " WHERE shipped_at IS NOT NULL AND invoiced_at IS NULL"
	    " AND shipped_at <= $1 ORDER BY shipped_at LIMIT $2",
};

static bool
count_stage(struct reading *r, enum order_stage stage, enum numbers_age age,
    struct err *e)
{
	static const int64_t hours[AGES + 1] = { 0, 1, 24, 72, 0 };
	struct stmt *s = db_stmt(r->db, COUNT_STAGE[stage]);

	stmt_int(s, 1, age == AGE_OLDER ? INT64_MIN : r->now -
	    hours[age + 1] * HOUR);
	stmt_int(s, 2, age == AGE_HOUR ? INT64_MAX : r->now -
	    hours[age] * HOUR);
	stmt_int(s, 3, STUCK_COUNTED);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	r->out->stages[stage][age] = col_int(s, 0);
	stmt_reset(s);
	return true;
}

static bool
name_stage(struct reading *r, enum order_stage stage, struct err *e)
{
	struct stmt *s = db_stmt(r->db, NAME_STAGE[stage]);
	enum step step;

	stmt_int(s, 1, r->now - 72 * HOUR);
	stmt_int(s, 2, STUCK_NAMED);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct number_stuck *one = add(&r->out->stuck, e);

		if (one == NULL) {
			stmt_reset(s);
			return false;
		}
		one->stage = stage;
		one->entity = keep(r, s, 0);
		one->number = keep(r, s, 1);
		one->since = col_int(s, 2);
	}
	return step == STEP_DONE;
}

static bool
read_orders(struct reading *r, struct err *e)
{
	for (int stage = 0; stage < ORDER_STAGES; stage++) {
		for (int age = 0; age < AGES; age++)
			if (!count_stage(r, (enum order_stage)stage,
			    (enum numbers_age)age, e))
				return false;
		if (!name_stage(r, (enum order_stage)stage, e))
			return false;
	}
	return true;
}

/* ---- stock ------------------------------------------------------------ */

static bool
sum_adjusted(struct reading *r, struct number_location *one, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(sum(n), 0) FROM figure"
	    " WHERE what = 'adjusted' AND day >= $1 AND day <= $2"
	    " AND detail = $3 AND source = $4";
	struct day today = day_from_time(r->now);
	struct day first = day_from_time(r->now - (DAYS - 1) * 24 * HOUR);
	struct stmt *s = db_stmt(r->db, SQL);

	stmt_text(s, 1, first.text);
	stmt_text(s, 2, today.text);
	stmt_text(s, 3, one->location);
	stmt_text(s, 4, one->entity);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	one->adjusted_month = col_int(s, 0);
	stmt_reset(s);
	return true;
}

/* Where a count found other than the books, or the books say less than
 * nothing. */
static bool
read_locations(struct reading *r, struct err *e)
{
	static const char SQL[] = "SELECT x.entity, x.location,"
	    " coalesce(m.extra, ''), coalesce((SELECT n FROM figure"
	    " WHERE what = 'adjusted' AND day = '' AND detail = x.location"
	    " AND source = x.entity), 0), (SELECT count(*) FROM stock"
	    " WHERE entity = x.entity AND location = x.location"
	    " AND on_hand < 0 AND tracked = 1) FROM"
	    " (SELECT source AS entity, detail AS location FROM figure"
	    " WHERE what = 'adjusted' AND day = '' UNION"
	    " SELECT entity, location FROM stock WHERE on_hand < 0"
	    " AND tracked = 1) AS x LEFT JOIN master m"
	    " ON m.tab = 'entity' AND m.code = x.entity ORDER BY 1, 2";
	struct stmt *s = db_stmt(r->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct number_location *one = add(&r->out->locations, e);

		if (one == NULL) {
			stmt_reset(s);
			return false;
		}
		one->entity = keep(r, s, 0);
		one->location = keep(r, s, 1);
		one->currency = keep(r, s, 2);
		one->adjusted = col_int(s, 3);
		one->negative = col_int(s, 4);
	}
	for (size_t i = 0; i < r->out->locations.n; i++)
		if (!sum_adjusted(r, vec_at(&r->out->locations, i), e))
			return false;
	return step == STEP_DONE;
}

/* ---- all -------------------------------------------------------------- */

bool
numbers_read(struct db *db, struct arena *arena, int64_t now,
    struct numbers *out, struct err *e)
{
	struct reading r = { db, arena, now, out };

	*out = (struct numbers){ .all.name = "" };
	vec_init(&out->sources, sizeof(struct number_source), ROWS_MAX);
	vec_init(&out->backlog, sizeof(struct number_backlog), ROWS_MAX);
	vec_init(&out->dimensions, sizeof(struct number_dimension),
	    ROWS_MAX);
	vec_init(&out->accounts, sizeof(struct number_account), ROWS_MAX);
	vec_init(&out->stuck, sizeof(struct number_stuck), ROWS_MAX);
	vec_init(&out->locations, sizeof(struct number_location), ROWS_MAX);
	if (read_as_of(&r, e) && read_sources(&r, e) && read_backlog(&r, e) &&
	    read_failed(&r, e) && read_open(&r, e) &&
	    read_accounts(&r, e) && read_orders(&r, e) &&
	    read_locations(&r, e))
		return true;
	numbers_free(out);
	return false;
}

void
numbers_free(struct numbers *numbers)
{
	vec_free(&numbers->sources);
	vec_free(&numbers->backlog);
	vec_free(&numbers->dimensions);
	vec_free(&numbers->accounts);
	vec_free(&numbers->stuck);
	vec_free(&numbers->locations);
}
