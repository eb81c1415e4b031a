/*
 * Master data: tables and rows out as JSON or CSV, in as CSV by a
 * controller.  A change of one row names the row it was made against, so
 * that two editors collide where they can see it.
 */
#include "api/inside.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/csv.h"
#include "flow/govern.h"
#include "store/master.h"
#include "store/master_table.h"
#include "store/period.h"

#define TABLE_MAX (256 << 20)
#define CSV_MEDIA "text/csv; charset=utf-8; header=present"

static bool
asked(struct call *call, const char *name)
{
	const char *value = request_query(call->request, name);

	return value != NULL && strcmp(value, "1") == 0;
}

static const char *
header(struct call *call, const char *name)
{
	return request_header(call->request, name, NULL);
}

/* ---- out -------------------------------------------------------------- */

static bool
wants_csv(struct call *call)
{
	const char *accept = header(call, "Accept");

	return accept != NULL && strstr(accept, "text/csv") != NULL;
}

static bool
say_version(struct call *call, struct err *e)
{
	int64_t version;

	if (!master_version(call->db, call->args[0], &version, e))
		return false;
	request_say(call->request, "ETag", arena_printf(call->arena,
	    "\"R%lld\"", (long long)version));
	return true;
}

static void
answer_csv(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	bool found, ok;

	str_init(&out, TABLE_MAX);
	ok = view_reference_csv(call->db, call->args[0], asked(call,
	    "sheet"), &out, &found, &e);
	if (ok && !found)
		answer_absent(call, "such table");
	else if (ok && !out.over && say_version(call, &e))
		request_answer(call->request, 200, CSV_MEDIA,
		    str_span(&out));
	else
		answer_view(call, false, &out, &e);
	str_free(&out);
}

void
reference_get(struct call *call)
{
	struct answer a;
	bool found, ok;

	if (wants_csv(call)) {
		answer_csv(call);
		return;
	}
	answer_start(&a, TABLE_MAX);
	ok = view_reference(call->db, call->args[0], &a.j, &found, &a.e) &&
	    (!found || say_version(call, &a.e));
	answer_end_found(call, &a, ok, found, "such table");
}

/* ---- one row ---------------------------------------------------------- */

/* What the row says, shortly: the same text is the same row. */
static const char *
etag_of(struct arena *arena, const struct str *line)
{
	unsigned char digest[SHA256_SIZE];
	char hex[17];

	digest_sha256(str_span(line), digest);
	digest_hex(digest, 8, hex);
	return arena_printf(arena, "\"%s\"", hex);
}

static void
write_row(struct json *j, const struct master_table *table,
    const struct csv *csv)
{
	json_key(j, "row");
	json_open(j, '{');
	for (size_t i = 0; i < master_table_columns(table); i++)
		json_kstr(j, table->columns[i], csv_field(csv, i));
	json_close(j, '}');
}

static void
answer_row(struct call *call, const struct str *line)
{
	const struct master_table *table = master_table_find(call->args[0]);
	const char *etag = etag_of(call->arena, line);
	struct answer a;
	struct csv csv;
	bool ok;

	csv_open(&csv, str_span(line));
	answer_start(&a, CSV_RECORD_MAX * 8);
	ok = csv_next(&csv, &a.e);
	json_open(&a.j, '{');
	json_kstr(&a.j, "table", call->args[0]);
	json_kstr(&a.j, "key", call->args[1]);
	json_kstr(&a.j, "etag", etag);
	write_row(&a.j, table, &csv);
	json_close(&a.j, '}');
	request_say(call->request, "ETag", etag);
	answer_end(call, &a, ok);
	csv_close(&csv);
}

void
reference_row_get(struct call *call)
{
	struct err e = { 0 };
	struct str line;

	str_init(&line, CSV_RECORD_MAX * 2);
	if (!master_line(call->db, call->args[0], call->args[1], &line, &e))
		request_fail(call->request, &e);
	else if (line.n == 0)
		answer_absent(call, "such row");
	else
		answer_row(call, &line);
	str_free(&line);
}

/* ---- in --------------------------------------------------------------- */

/* A change on its way to the writer. The request's memory holds all of it. */
struct change {
	struct request *request;
	struct arena *arena;
	const char *actor, *table, *key;	/* key NULL: the whole table */
	const char *match, *none_match;		/* headers, or NULL */
	const char **values;	/* by column, NULL: as it is; NULL: remove */
	struct span csv;
	const char *reason;
	bool govern;		/* it is proposed, not done */
	bool setting_up;	/* an administrator, see store/period.h */
	int64_t rows;		/* of the csv, or the one */
	int64_t seq, proposal;	/* outcome */
	bool done;
};

static bool
put(struct settler *settler, struct change *c, struct span csv, bool remove,
    struct err *e)
{
	struct proposal p = { .table = c->table, .remove = remove,
	    .body = csv, .author = c->actor, .reason = c->reason };
	bool ok;

	if (!period_guard(settler_books(settler)->db, c->table, csv,
	    c->setting_up, e))
		return false;
	if (!c->govern)
		return (remove ? master_remove : master_import)(
		    settler_books(settler), c->actor, c->table, csv,
		    &c->seq, e);
	ok = govern_propose_reference(settler, &p, e);
	c->proposal = p.id;
	return ok;
}

static bool
judge_table(struct db *db, const struct change *c, struct err *e)
{
	int64_t version;
	const char *now;

	if (c->match == NULL || strcmp(c->match, "*") == 0)
		return true;
	if (!master_version(db, c->table, &version, e))
		return false;
	now = arena_printf(c->arena, "\"R%lld\"", (long long)version);
	return strcmp(now, c->match) == 0 || err_set(e, ERR_STALE,
	    "%.60s is at %s, you saw %.60s", c->table, now, c->match);
}

static bool
judge_row(const struct change *c, const struct str *line, struct err *e)
{
	const char *now = etag_of(c->arena, line);

	if (c->match == NULL && c->none_match == NULL)
		return err_set(e, ERR_NO_VERSION,
		    "If-Match with the row's ETag, or If-None-Match: *");
	if (c->match == NULL)
		return (line->n == 0 && strcmp(c->none_match, "*") == 0) ||
		    err_set(e, ERR_STALE, "%.60s %.80s is there already",
		    c->table, c->key);
	if (line->n == 0)
		return err_set(e, ERR_STALE, "%.60s %.80s is not there",
		    c->table, c->key);
	return strcmp(c->match, "*") == 0 || strcmp(c->match, now) == 0 ||
	    err_set(e, ERR_STALE, "%.60s %.80s is now %s, you saw %.60s",
	    c->table, c->key, now, c->match);
}

/* The row as it is, with the named columns changed. */
static bool
merge(const struct change *c, const struct str *line, struct str *csv,
    struct err *e)
{
	const struct master_table *table = master_table_find(c->table);
	const char *parts[MASTER_KEY_PARTS];
	struct csv old;
	size_t n;
	bool ok;

	if (!master_key(c->table, c->key, c->arena, parts, &n, e))
		return false;
	csv_open(&old, str_span(line));
	ok = line->n == 0 || csv_next(&old, e);
	master_table_head(table, csv);
	for (size_t i = 0; ok && i < master_table_columns(table); i++) {
		const char *cell = i < n ? parts[i] : c->values[i];

		str_addc(csv, i == 0 ? '\n' : ',');
		csv_write_plain(csv, span_of(cell != NULL ? cell :
		    csv_field(&old, i)));
	}
	str_addc(csv, '\n');
	csv_close(&old);
	return ok;
}

static bool
write_key(const struct change *c, struct str *csv, struct err *e)
{
	const struct master_table *table = master_table_find(c->table);
	const char *parts[MASTER_KEY_PARTS];
	size_t n;

	if (!master_key(c->table, c->key, c->arena, parts, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		str_addf(csv, "%s%s", i > 0 ? "," : "", table->columns[i]);
	for (size_t i = 0; i < n; i++) {
		str_addc(csv, i == 0 ? '\n' : ',');
		csv_write_plain(csv, span_of(parts[i]));
	}
	str_addc(csv, '\n');
	return true;
}

static bool
change_row(struct settler *settler, struct change *c, struct err *e)
{
	struct books *books = settler_books(settler);
	struct str line, csv;
	bool ok;

	str_init(&line, CSV_RECORD_MAX * 2);
	str_init(&csv, CSV_RECORD_MAX * 2);
	ok = master_line(books->db, c->table, c->key, &line, e) &&
	    judge_row(c, &line, e);
	if (ok && c->values != NULL)
		ok = merge(c, &line, &csv, e) &&
		    put(settler, c, str_span(&csv), false, e);
	else if (ok)
		ok = write_key(c, &csv, e) &&
		    put(settler, c, str_span(&csv), true, e);
	str_free(&line);
	str_free(&csv);
	return ok;
}

static bool
change_table(struct settler *settler, struct change *c, struct err *e)
{
	return judge_table(settler_books(settler)->db, c, e) &&
	    put(settler, c, c->csv, false, e);
}

static void
answer_change(const struct change *c)
{
	if (c->govern)
		request_answer(c->request, 202, "application/json", span_of(
		    arena_printf(c->arena, "{\"proposal\":\"P%lld\"}",
		    (long long)c->proposal)));
	else
		request_answer(c->request, 200, "application/json", span_of(
		    arena_printf(c->arena, "{\"generation\":%lld,"
		    "\"rows\":%lld}", (long long)c->seq,
		    (long long)c->rows)));
}

/* On the writer's thread. It is answered at the second call: after the first
 * one the new master data is in force for all, whoever asks next. */
static bool
change(struct settler *settler, void *arg)
{
	struct change *c = arg;
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	bool ok;

	if (c->done) {
		answer_change(c);
		return false;
	}
	ok = books_begin(books, &e);
	if (ok && !((c->key != NULL ? change_row : change_table)(settler, c,
	    &e) && books_commit(books, &e))) {
		books_rollback(books);
		ok = false;
	}
	ok = ok && (c->govern || settler_reload(settler, &e));
	c->done = ok;
	if (!ok)
		request_fail(c->request, &e);	/* and c is gone */
	return ok;
}

static struct change *
new_change(struct call *call)
{
	struct change *c = arena_alloc(call->arena, sizeof *c);
	const char *reason = request_query(call->request, "reason");

	*c = (struct change){ .request = call->request,
	    .arena = call->arena, .actor = call->caller.name,
	    .table = call->args[0],
	    .match = header(call, "If-Match"),
	    .none_match = header(call, "If-None-Match"),
	    .csv = request_body(call->request),
	    .reason = reason != NULL ? reason : "",
	    .rows = 1, .govern = api_options(call->api)->govern,
	    .setting_up = call->caller.role == ROLE_ADMIN };
	return c;
}

static void
hand_over(struct call *call, struct change *c)
{
	struct err e = { 0 };

	if (!pump_call(api_pump(call->api), change, c, &e))
		request_fail(call->request, &e);
}

static void
answer_trial(struct call *call)
{
	struct db *db;
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	db = api_reader(call->api, &e);
	if (db == NULL || !db_begin_read(db, &e)) {
		request_fail(call->request, &e);
		return;
	}
	str_init(&out, 64 << 20);
	json_start(&j, &out);
	ok = master_trial(db, call->args[0], request_body(call->request), &j,
	    &e);
	db_rollback(db);
	if (ok)
		answer_view(call, ok, &out, &e);
	else
		request_fail(call->request, &e);
	str_free(&out);
}

/* Below the line of names. */
static int64_t
count_rows(struct span text)
{
	struct err ignored = { 0 };
	struct csv csv;
	int64_t n = 0;

	csv_open(&csv, text);
	while (csv_next(&csv, &ignored))
		n++;
	csv_close(&csv);
	return n > 0 ? n - 1 : 0;
}

void
reference_post(struct call *call)
{
	struct change *c;

	if (asked(call, "dry_run")) {
		answer_trial(call);
		return;
	}
	c = new_change(call);
	c->rows = count_rows(c->csv);
	hand_over(call, c);
}

/* Every value is text, of a column that is there and is not the key. */
static bool
take_column(struct change *c, const struct master_table *table,
    const cJSON *item, struct err *e)
{
	size_t i = table->keys;

	while (i < master_table_columns(table) &&
	    strcmp(table->columns[i], item->string) != 0)
		i++;
	if (i == master_table_columns(table))
		return err_set(e, ERR_REQUEST, "%.60s is no column of %.60s "
		    "that can change", item->string, c->table);
	if (!cJSON_IsString(item))
		return err_set(e, ERR_REQUEST, "%.60s: not text",
		    item->string);
	c->values[i] = arena_strdup(c->arena, item->valuestring);
	return true;
}

static bool
take_columns(struct change *c, const cJSON *tree, struct err *e)
{
	const struct master_table *table = master_table_find(c->table);
	const cJSON *item;

	if (table == NULL)
		return err_set(e, ERR_NOT_FOUND, "no table %.60s", c->table);
	if (!cJSON_IsObject(tree))
		return err_set(e, ERR_REQUEST, "an object of columns");
	c->values = arena_alloc(c->arena,
	    MASTER_COLUMNS_MAX * sizeof *c->values);
	cJSON_ArrayForEach(item, tree)
		if (!take_column(c, table, item, e))
			return false;
	return true;
}

static bool
read_columns(struct change *c, struct err *e)
{
	cJSON *tree = json_strict(c->csv, e);
	bool ok = tree != NULL && take_columns(c, tree, e);

	cJSON_Delete(tree);
	return ok;
}

void
reference_row_patch(struct call *call)
{
	struct change *c = new_change(call);
	struct err e = { 0 };

	c->key = call->args[1];
	if (read_columns(c, &e))
		hand_over(call, c);
	else
		request_fail(call->request, &e);
}

void
reference_row_delete(struct call *call)
{
	struct change *c = new_change(call);

	c->key = call->args[1];
	hand_over(call, c);
}
