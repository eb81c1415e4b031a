/*
 * What an import would do, and what a row is now.  Only reads: for whoever
 * wants to look before a change, and for the check that nobody changed it
 * meanwhile.
 */
#include <stdio.h>

#include "book/money.h"
#include "core/utf8.h"
#include "store/master.h"
#include "store/master_row.h"

#define SHOWN_MAX 200		/* rows named in the answer */

/* ---- one row ---------------------------------------------------------- */

bool
master_key(const char *name, const char *key, struct arena *arena,
    const char **parts, size_t *n, struct err *e)
{
	const struct master_table *table = master_table_find(name);
	char *at = arena_strdup(arena, key);

	if (table == NULL)
		return err_set(e, ERR_NOT_FOUND, "no table %.60s", name);
	*n = table->keys;
	for (size_t i = 0; i < table->keys; i++) {
		bool last = i + 1 == table->keys;
		/* What senders call a thing may hold a slash: it is last. */
		char *end = last ? NULL : table->keys == 2 ?
		    strrchr(at, '/') : strchr(at, '/');

		if (!last && end == NULL)
			return err_set(e, ERR_NOT_FOUND,
			    "a row of %.60s has a key of %zu parts", name,
			    table->keys);
		parts[i] = at;
		if (end != NULL) {
			*end = '\0';
			at = end + 1;
		}
	}
	return true;
}

static bool
find_line(struct db *db, const struct master_table *table, const char *name,
    const char *const *key, struct str *line, struct err *e)
{
	struct stmt *s = master_table_one(db, table, name, key);
	enum step step = stmt_step(s, e);

	str_clear(line);
	if (step == STEP_ROW) {
		master_table_line(table, s, false, line);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
master_line(struct db *db, const char *name, const char *key,
    struct str *line, struct err *e)
{
	struct arena *arena = arena_new();
	const char *parts[MASTER_KEYS_MAX];
	size_t n;
	bool ok = master_key(name, key, arena, parts, &n, e) &&
	    find_line(db, master_table_find(name), name, parts, line, e);

	arena_free(&arena);
	return ok;
}

static bool
add_base(struct row *row, struct str *all, struct err *e)
{
	const char *key[MASTER_KEYS_MAX];
	struct str line;
	bool ok;

	for (size_t i = 0; i < row->table->keys; i++) {
		key[i] = row_field(row, i);
		str_adds(all, key[i]);
		str_addc(all, '\n');
	}
	str_init(&line, CSV_RECORD_MAX * 2);
	ok = find_line(row->db, row->table, row->name, key, &line, e);
	str_adds(all, line.n > 0 ? line.p : "-\n");
	str_free(&line);
	return ok;
}

bool
master_base(struct db *db, const char *name, struct span text, bool remove,
    char out[SHA256_HEX], struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	struct csv csv;
	struct row row = { db, name, master_table_find(name), &csv, e };
	struct str all;
	bool ok, first = true;

	if (row.table == NULL)
		return err_set(e, ERR_NOT_FOUND, "no table %.60s", name);
	str_init(&all, (size_t)MASTER_CSV_MAX * 2);
	csv_open(&csv, text);
	for (ok = true; ok && csv_next(&csv, e); first = false)
		ok = first ? row_judge_head(&row, remove) :
		    (remove ? row_judge_key(&row) : row_judge(&row)) &&
		    add_base(&row, &all, e);
	csv_close(&csv);
	if (ok && first)
		ok = err_set(e, ERR_REQUEST, "%s: empty", name);
	ok = ok && e->code == ERR_NONE && (!all.over ||
	    err_set(e, ERR_TOO_LARGE, "%s", name));
	digest_sha256(str_span(&all), digest);
	digest_hex(digest, SHA256_SIZE, out);
	str_free(&all);
	return ok;
}

/* ---- a trial ---------------------------------------------------------- */

struct trial {
	struct row row;
	struct json *j;
	int64_t added, changed, same, refused;
	int shown;
	struct str old, new;
};

/* As it would be kept: 88.15 and 88.150000 are one rate. */
static void
write_new(struct trial *t)
{
	const struct row *row = &t->row;
	char text[32];
	int64_t rate;

	str_clear(&t->new);
	for (size_t i = 0; i < row->csv->n; i++) {
		struct span cell = span_of(row_field(row, i));

		if (strcmp(row->name, "rate") == 0 && i == 3 &&
		    money_rate_parse(cell, &rate)) {
			snprintf(text, sizeof text, "%lld.%06lld",
			    (long long)(rate / 1000000),
			    (long long)(rate % 1000000));
			cell = span_of(text);
		}
		str_adds(&t->new, i > 0 ? "," : "");
		csv_write_plain(&t->new, cell);
	}
	str_addc(&t->new, '\n');
}

static struct span
line_of(const struct str *text)
{
	return (struct span){ text->p, text->n > 0 ? text->n - 1 : 0 };
}

static void
show(struct trial *t, const char *what, const char *why)
{
	if (t->shown++ >= SHOWN_MAX)
		return;
	json_open(t->j, '{');
	json_kint(t->j, "line", t->row.csv->line);
	json_kstr(t->j, "what", what);
	json_kstr(t->j, "why", why);
	json_key(t->j, "old");
	if (t->old.n > 0 && why == NULL)
		json_span(t->j, line_of(&t->old));
	else
		json_null(t->j);
	json_key(t->j, "new");
	if (why == NULL)
		json_span(t->j, line_of(&t->new));
	else
		json_null(t->j);
	json_close(t->j, '}');
}

static bool
try_row(struct trial *t, struct err *e)
{
	const char *key[MASTER_KEYS_MAX];
	struct err refusal = { 0 };

	t->row.e = &refusal;
	if (!row_judge(&t->row)) {
		if (refusal.code != ERR_REQUEST)
			return err_set(e, refusal.code, "%s", refusal.why);
		t->refused++;
		show(t, "refused", refusal.why);
		return true;
	}
	for (size_t i = 0; i < t->row.table->keys; i++)
		key[i] = row_field(&t->row, i);
	if (!find_line(t->row.db, t->row.table, t->row.name, key, &t->old,
	    e))
		return false;
	write_new(t);
	if (t->old.n == 0) {
		t->added++;
		show(t, "added", NULL);
	} else if (strcmp(t->old.p, t->new.p) != 0) {
		t->changed++;
		show(t, "changed", NULL);
	} else {
		t->same++;
	}
	return true;
}

static bool
try_all(struct trial *t, struct csv *csv, struct err *e)
{
	struct err broken = { 0 };
	bool ok = true;

	if (!csv_next(csv, &broken))
		return err_set(e, ERR_REQUEST, "%s: %s", t->row.name,
		    broken.code != ERR_NONE ? broken.why : "empty");
	t->row.e = e;
	if (!row_judge_head(&t->row, false))
		return false;
	while (ok && csv_next(csv, &broken))
		ok = try_row(t, e);
	if (ok && broken.code != ERR_NONE) {
		t->refused++;
		show(t, "refused", broken.why);
	}
	return ok;
}

bool
master_trial(struct db *db, const char *name, struct span text,
    struct json *j, struct err *e)
{
	struct csv csv;
	struct trial t = { { db, name, master_table_find(name), &csv, e },
	    .j = j };
	bool ok;

	if (t.row.table == NULL)
		return err_set(e, ERR_NOT_FOUND, "no table %.60s", name);
	if (!utf8_valid(text))
		return err_set(e, ERR_REQUEST, "%s: not UTF-8 text", name);
	csv_open(&csv, text);
	str_init(&t.old, CSV_RECORD_MAX * 2);
	str_init(&t.new, CSV_RECORD_MAX * 2);
	json_open(j, '{');
	json_key(j, "rows");
	json_open(j, '[');
	ok = try_all(&t, &csv, e);
	json_close(j, ']');
	json_kint(j, "added", t.added);
	json_kint(j, "changed", t.changed);
	json_kint(j, "same", t.same);
	json_kint(j, "refused", t.refused);
	json_key(j, "cut");
	json_bool(j, t.shown > SHOWN_MAX);
	json_close(j, '}');
	str_free(&t.old);
	str_free(&t.new);
	csv_close(&csv);
	return ok;
}
