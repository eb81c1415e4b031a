#include "store/recon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "core/vec.h"
#include "store/purchase.h"

#define UNIT_MAX 2000000	/* documents of one side */

/* ---- units ------------------------------------------------------------ */

bool
recon_next(struct db *db, struct arena *arena, struct recon_unit *out,
    size_t max, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT own, pan, year, seq FROM recon_dirty"
	    " ORDER BY seq, own, pan, year LIMIT $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_int(s, 1, (int64_t)max);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		out[(*n)++] = (struct recon_unit){
		    arena_strdup(arena, col_text(s, 0)),
		    arena_strdup(arena, col_text(s, 1)), col_int(s, 2),
		    col_int(s, 3) };
	return step == STEP_DONE;
}

bool
recon_unit_of(struct db *db, struct arena *arena, int64_t inward,
    int64_t version, struct recon_unit *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT own, pan, year FROM inward_row"
	    " WHERE id = $1 AND $1 <> 0 UNION ALL SELECT own, pan, year"
	    " FROM purchase WHERE version = $2 AND $2 <> 0 AND class <> ''"
	    " LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, inward);
	stmt_int(s, 2, version);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct recon_unit){ arena_strdup(arena, col_text(s, 0)),
	    arena_strdup(arena, col_text(s, 1)), col_int(s, 2), 0 };
	stmt_reset(s);
	return true;
}

/* ---- loading ---------------------------------------------------------- */

static void
read_bill(struct stmt *s, struct arena *arena, struct recon_bill *out)
{
	enum bill_class class = BILL_B2B;

	(void)bill_class_find(col_text(s, 1), &class);
	out->id = col_int(s, 0);
	out->bill = (struct bill){ .id = out->id, .class = class,
	    .credit = col_int(s, 2) != 0,
	    .own = arena_strdup(arena, col_text(s, 3)),
	    .party = arena_strdup(arena, col_text(s, 4)),
	    .number = arena_strdup(arena, col_text(s, 5)),
	    .place = arena_strdup(arena, col_text(s, 7)),
	    .reverse_charge = col_int(s, 8) != 0,
	    .taxable = col_int(s, 9) };
	(void)day_parse(col_span(s, 6), &out->bill.date);
	for (int h = 0; h < GST_HEADS; h++)
		out->bill.tax[h] = col_int(s, 10 + h);
	out->period = col_int(s, 14);
	out->name = arena_strdup(arena, col_text(s, 15));
	out->word_action = out->word_ims = out->link = out->parted = "";
}

static void
read_word(struct stmt *s, int at, struct arena *arena,
    struct recon_bill *out)
{
	if (col_null(s, at))
		return;
	out->word_action = arena_strdup(arena, col_text(s, at));
	out->word_ims = arena_strdup(arena, col_text(s, at + 1));
	out->link = arena_strdup(arena, col_text(s, at + 2));
	out->parted = arena_strdup(arena, col_text(s, at + 3));
}

static void
bind_unit(struct stmt *s, const struct recon_unit *unit)
{
	stmt_text(s, 1, unit->own);
	stmt_text(s, 2, unit->pan);
	stmt_int(s, 3, unit->year);
}

/* 2B speaks before 2A, and both before the list of IMS. */
static bool
load_portal(struct db *db, struct arena *arena,
    const struct recon_unit *unit, struct vec *out, struct err *e)
{
	static const char SQL[] = "SELECT r.id, r.class, r.credit, r.gstin,"
	    " r.party, r.number, r.date, r.place, r.reverse_charge,"
	    " r.taxable, r.igst, r.cgst, r.sgst, r.cess, r.period, r.name,"
	    " w.action, w.ims, w.link, w.parted FROM inward_row r"
	    " LEFT JOIN recon_word w ON w.item = 'R' || r.id"
	    " WHERE r.own = $1 AND r.pan = $2 AND r.year = $3"
	    " AND r.gone = 0 AND r.apart = 0 AND r.amended_by = 0"
	    " AND (r.form = '2b' OR NOT EXISTS (SELECT 1 FROM inward_row b"
	    " WHERE b.gstin = r.gstin AND b.party = r.party"
	    " AND b.number = r.number AND b.date = r.date"
	    " AND b.credit = r.credit AND b.class = r.class AND b.gone = 0"
	    " AND (b.form = '2b' OR (b.form = '2a' AND r.form = 'ims'))))"
	    " ORDER BY r.id";
	struct stmt *s = db_stmt(db, SQL);
	struct recon_bill *one;
	enum step step;

	bind_unit(s, unit);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		one = vec_add(out);
		if (one == NULL) {
			stmt_reset(s);
			return err_set(e, ERR_TOO_LARGE, "more than %d "
			    "documents of %s", UNIT_MAX, unit->pan);
		}
		read_bill(s, arena, one);
		read_word(s, 16, arena, one);
		one->key = arena_id(arena, 'R', one->id);
	}
	return step == STEP_DONE;
}

#define PURCHASE "SELECT p.version, p.class, p.credit, p.gstin, p.ctin," \
	" p.bill, p.date, p.place, p.reverse_charge, p.taxable, p.igst," \
	" p.cgst, p.sgst, p.cess, p.period, p.name, w.action, w.ims," \
	" w.link, w.parted, p.entity, p.kind, p.number FROM purchase p" \
	" LEFT JOIN recon_word w ON w.item =" \
	" p.entity || '/' || p.kind || '/' || p.number"

static void
read_purchase(struct stmt *s, struct arena *arena, struct recon_bill *out)
{
	read_bill(s, arena, out);
	read_word(s, 16, arena, out);
	out->key = purchase_key(arena, col_text(s, 20), col_text(s, 21),
	    col_text(s, 22));
	if (out->bill.class == BILL_IMPG)
		out->bill.party = "";
}

static bool
load_books(struct db *db, struct arena *arena,
    const struct recon_unit *unit, struct vec *out, struct err *e)
{
	static const char SQL[] = PURCHASE " WHERE p.own = $1 AND p.pan = $2"
	    " AND p.year = $3 AND p.class <> ''"
	    " ORDER BY p.entity, p.kind, p.number";
	struct stmt *s = db_stmt(db, SQL);
	struct recon_bill *one;
	enum step step;

	bind_unit(s, unit);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		one = vec_add(out);
		if (one == NULL) {
			stmt_reset(s);
			return err_set(e, ERR_TOO_LARGE, "more than %d "
			    "purchases of %s", UNIT_MAX, unit->pan);
		}
		read_purchase(s, arena, one);
	}
	return step == STEP_DONE;
}

/* One of another year or supplier that a person linked with a row of ours. */
static bool
load_linked(struct db *db, struct arena *arena, const char *key,
    struct vec *out, struct err *e)
{
	static const char SQL[] = PURCHASE " WHERE p.entity = $1"
	    " AND p.kind = $2 AND p.number = $3 AND p.class <> ''";
	struct stmt *s = db_stmt(db, SQL);
	const char *kind = strchr(key, '/');
	const char *number = kind != NULL ? strchr(kind + 1, '/') : NULL;
	enum step step;

	if (number == NULL)
		return true;
	stmt_text(s, 1, arena_strndup(arena, key, (size_t)(kind - key)));
	stmt_text(s, 2, arena_strndup(arena, kind + 1,
	    (size_t)(number - kind - 1)));
	stmt_text(s, 3, number + 1);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		struct recon_bill *one = vec_add(out);

		if (one != NULL)
			read_purchase(s, arena, one);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
recon_linked(struct db *db, const char *purchase, struct arena *arena,
    const char **item, struct err *e)
{
	static const char SQL[] = "SELECT w.item FROM recon_word w"
	    " JOIN inward_row r ON r.id = CAST(substr(w.item, 2) AS INTEGER)"
	    " AND 'R' || r.id = w.item WHERE w.link = $1"
	    " AND w.link <> '' AND r.gone = 0 AND r.amended_by = 0"
	    " ORDER BY w.seq, r.id LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*item = "";
	stmt_text(s, 1, purchase);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*item = arena_strdup(arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
any_links(struct db *db, bool *out, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM recon_word"
	    " WHERE link <> '' LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_found(s, out, e);
}

struct links {
	struct map *rows, *purchases;	/* key -> index + 1 */
};

static void
index_keys(struct map *map, const struct vec *bills)
{
	for (size_t i = 0; i < bills->n; i++) {
		const struct recon_bill *one = vec_at(bills, i);

		map_set(map, span_of(one->key), (void *)(uintptr_t)(i + 1));
	}
}

/* Purchases of ours that a person gave to a row elsewhere are not here. */
static bool
drop_given(struct db *db, struct arena *arena, struct links *links,
    struct vec *books, struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < books->n; i++) {
		struct recon_bill *one = vec_at(books, i);
		const char *row;

		if (!recon_linked(db, one->key, arena, &row, e))
			return false;
		if (*row == '\0' || map_find(links->rows, span_of(row)) !=
		    NULL)
			*(struct recon_bill *)vec_at(books, n++) = *one;
	}
	books->n = n;
	return true;
}

static bool
add_taken(struct db *db, struct arena *arena, struct links *links,
    struct vec *books, const struct vec *portal, struct err *e)
{
	for (size_t i = 0; i < portal->n; i++) {
		const struct recon_bill *row = vec_at(portal, i);

		if (*row->link != '\0' && map_find(links->purchases,
		    span_of(row->link)) == NULL && !load_linked(db, arena,
		    row->link, books, e))
			return false;
	}
	return true;
}

/* The first that a person linked has it. */
static void
set_links(struct links *links, struct vec *books, const struct vec *portal)
{
	for (size_t i = 0; i < portal->n; i++) {
		const struct recon_bill *row = vec_at(portal, i);
		size_t at = *row->link != '\0' ? (size_t)(uintptr_t)map_find(
		    links->purchases, span_of(row->link)) : 0;
		struct recon_bill *one = at > 0 ? vec_at(books, at - 1) :
		    NULL;

		if (one != NULL && one->bill.link == 0)
			one->bill.link = i + 1;
	}
}

static bool
resolve_links(struct db *db, struct arena *arena, struct vec *books,
    struct vec *portal, struct err *e)
{
	struct links links = { map_new(), map_new() };
	bool any, ok = any_links(db, &any, e);

	if (ok && any) {
		index_keys(links.rows, portal);
		ok = drop_given(db, arena, &links, books, e);
		index_keys(links.purchases, books);
		ok = ok && add_taken(db, arena, &links, books, portal, e);
		map_clear(links.purchases);
		index_keys(links.purchases, books);
		set_links(&links, books, portal);
	}
	map_free(&links.rows, NULL);
	map_free(&links.purchases, NULL);
	return ok;
}

static size_t
count_parted(const struct recon_bill *row)
{
	size_t n = 0;

	for (const char *p = row->parted; *p != '\0'; p++)
		n += *p == '"';
	return n / 2;
}

/* A purchase's key has no quotes but escaped ones, so that this is enough to
 * know the room; the list itself is parsed. */
static void
read_parted(const struct recon_bill *row, struct map *purchases,
    const struct recon_bill *books, struct match_part *parts, size_t *n,
    size_t max)
{
	cJSON *list = *row->parted != '\0' ? json_parse(span_of(
	    row->parted)) : NULL;
	const cJSON *one;

	cJSON_ArrayForEach(one, list) {
		size_t at = cJSON_IsString(one) ? (size_t)(uintptr_t)map_find(
		    purchases, span_of(one->valuestring)) : 0;

		if (at > 0 && *n < max)
			parts[(*n)++] = (struct match_part){
			    books[at - 1].id, row->id };
	}
	cJSON_Delete(list);
}

static void
find_parted(struct recon_pool *pool, struct arena *arena)
{
	struct match_part *parts;
	struct map *purchases;
	size_t max = 0, n = 0;

	for (size_t i = 0; i < pool->n_portal; i++)
		max += count_parted(&pool->portal[i]);
	if (max == 0)
		return;
	parts = arena_alloc(arena, max * sizeof *parts);
	purchases = map_new();
	for (size_t i = 0; i < pool->n_books; i++)
		map_set(purchases, span_of(pool->books[i].key),
		    (void *)(uintptr_t)(i + 1));
	for (size_t i = 0; i < pool->n_portal; i++)
		read_parted(&pool->portal[i], purchases, pool->books, parts,
		    &n, max);
	map_free(&purchases, NULL);
	pool->matching.parted = parts;
	pool->matching.n_parted = n;
}

static struct bill *
bills_of(const struct recon_bill *all, size_t n, struct arena *arena)
{
	struct bill *bills = arena_alloc(arena, (n + 1) * sizeof *bills);

	for (size_t i = 0; i < n; i++)
		bills[i] = all[i].bill;
	return bills;
}

static struct recon_bill *
copy_of(const struct vec *v, struct arena *arena)
{
	struct recon_bill *all = arena_alloc(arena, (v->n + 1) *
	    sizeof *all);

	if (v->n > 0)
		memcpy(all, v->p, v->n * sizeof *all);
	return all;
}

bool
recon_load(struct db *db, struct arena *arena,
    const struct recon_unit *unit, struct recon_pool *out, struct err *e)
{
	struct vec books, portal;
	struct matching *m = &out->matching;
	bool ok;

	*out = (struct recon_pool){ .unit = *unit };
	vec_init(&books, sizeof(struct recon_bill), UNIT_MAX);
	vec_init(&portal, sizeof(struct recon_bill), UNIT_MAX);
	ok = load_portal(db, arena, unit, &portal, e) &&
	    load_books(db, arena, unit, &books, e) &&
	    resolve_links(db, arena, &books, &portal, e);
	out->n_books = books.n;
	out->n_portal = portal.n;
	out->books = copy_of(&books, arena);
	out->portal = copy_of(&portal, arena);
	vec_free(&books);
	vec_free(&portal);
	if (!ok)
		return false;
	find_parted(out, arena);
	m->books = bills_of(out->books, out->n_books, arena);
	m->portal = bills_of(out->portal, out->n_portal, arena);
	m->n_books = out->n_books;
	m->n_portal = out->n_portal;
	match_run(arena, m);
	return true;
}

/* ---- what it says ----------------------------------------------------- */

/* Fields by which the two differ at all, whatever the rule wanted. */
static const char *
differences(const struct bill *books, const struct bill *portal,
    struct arena *arena)
{
	struct match_look look;
	struct str out;
	const char *text;

	str_init(&out, 512);
	match_look(1, books, portal, &look);
	for (int i = 0; i < MATCH_FIELDS; i++)
		if (!look.fields[i].ok)
			str_addf(&out, "%s%s", out.n > 0 ? " " : "",
			    match_field_name((enum match_field)i));
	if (strcmp(books->date.text, portal->date.text) != 0)
		str_addf(&out, "%s%s", out.n > 0 ? " " : "",
		    match_field_name(MATCH_DATE));
	text = arena_strndup(arena, out.p != NULL ? out.p : "", out.n);
	str_free(&out);
	return text;
}

/* A pair that was accepted stays a pair; what it is worth is what the first
 * rule that it fits says. */
static int
rule_of(const struct recon_bill *row, const struct recon_bill *books,
    int rule)
{
	struct match_look look;

	if (rule != MATCH_BY_HAND || strcmp(row->word_action, "accept") != 0)
		return rule;
	for (int i = 1; i <= MATCH_RULES; i++) {
		match_look(i, &books->bill, &row->bill, &look);
		if (look.fits)
			return i;
	}
	return rule;
}

static int64_t
signed_tax(const struct bill *bill, int64_t *taxable)
{
	int sign = bill->credit ? -1 : 1;

	*taxable = sign * bill->taxable;
	return sign * (bill_gst(bill) + bill->tax[GST_CESS]);
}

static struct recon_line
line_of_row(const struct recon_pool *pool, size_t i, struct arena *arena)
{
	const struct recon_bill *row = &pool->portal[i], *other;
	const struct match_result *r = &pool->matching.of_portal[i];
	struct recon_line line = { .gstin = row->bill.own,
	    .party = row->bill.party, .status = "only_2b", .differs = "",
	    .period = row->period, .inward = row->id, .rule = r->rule };

	line.portal_tax = signed_tax(&row->bill, &line.portal_taxable);
	if (r->rule == 0)
		return line;
	other = &pool->books[r->other];
	line.books_tax = signed_tax(&other->bill, &line.books_taxable);
	line.rule = rule_of(row, other, r->rule);
	line.status = match_kind_name(match_kind(line.rule));
	line.version = other->id;
	line.books = other->period;
	line.differs = differences(&other->bill, &row->bill, arena);
	return line;
}

static struct recon_line
line_of_purchase(const struct recon_pool *pool, size_t i)
{
	const struct recon_bill *one = &pool->books[i];
	size_t twin = pool->matching.of_books[i].twin;

	struct recon_line line = { .gstin = one->bill.own,
	    .party = one->bill.party, .status = "only_books", .differs = "",
	    .period = one->period, .version = one->id,
	    .books = one->period,
	    .twin = twin > 0 ? pool->books[twin - 1].id : 0 };

	line.books_tax = signed_tax(&one->bill, &line.books_taxable);
	return line;
}

static struct recon_line *
lines_of(const struct recon_pool *pool, struct arena *arena, size_t *n)
{
	struct recon_line *lines = arena_alloc(arena, (pool->n_books +
	    pool->n_portal + 1) * sizeof *lines);

	*n = 0;
	for (size_t i = 0; i < pool->n_portal; i++)
		lines[(*n)++] = line_of_row(pool, i, arena);
	for (size_t i = 0; i < pool->n_books; i++)
		if (pool->matching.of_books[i].rule == 0)
			lines[(*n)++] = line_of_purchase(pool, i);
	return lines;
}

static int
compare_lines(const void *a, const void *b)
{
	const struct recon_line *x = a, *y = b;

	if (x->inward != y->inward)
		return x->inward < y->inward ? -1 : 1;
	return (x->version > y->version) - (x->version < y->version);
}

static bool
same_line(const struct recon_line *a, const struct recon_line *b)
{
	return strcmp(a->gstin, b->gstin) == 0 &&
	    strcmp(a->party, b->party) == 0 &&
	    strcmp(a->status, b->status) == 0 &&
	    strcmp(a->differs, b->differs) == 0 && a->period == b->period &&
	    a->twin == b->twin && a->books == b->books &&
	    a->rule == b->rule && a->portal_tax == b->portal_tax &&
	    a->portal_taxable == b->portal_taxable &&
	    a->books_tax == b->books_tax &&
	    a->books_taxable == b->books_taxable;
}

static bool
load_lines(struct db *db, struct arena *arena,
    const struct recon_unit *unit, struct vec *out, struct err *e)
{
	static const char SQL[] = "SELECT gstin, party, status, differs,"
	    " period, inward, version, twin, books, rule, portal_taxable,"
	    " portal_tax, books_taxable, books_tax FROM recon"
	    " WHERE own = $1 AND pan = $2 AND year = $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	bind_unit(s, unit);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct recon_line *line = vec_add(out);

		if (line == NULL)
			break;
		*line = (struct recon_line){
			.gstin = arena_strdup(arena, col_text(s, 0)),
			.party = arena_strdup(arena, col_text(s, 1)),
			.status = arena_strdup(arena, col_text(s, 2)),
			.differs = arena_strdup(arena, col_text(s, 3)),
			.period = col_int(s, 4), .inward = col_int(s, 5),
			.version = col_int(s, 6), .twin = col_int(s, 7),
			.books = col_int(s, 8), .rule = (int)col_int(s, 9),
			.portal_taxable = col_int(s, 10),
			.portal_tax = col_int(s, 11),
			.books_taxable = col_int(s, 12),
			.books_tax = col_int(s, 13)
		};
	}
	if (out->n > 0)
		qsort(out->p, out->n, sizeof(struct recon_line),
		    compare_lines);
	return step == STEP_DONE || (step == STEP_ROW && err_set(e,
	    ERR_TOO_LARGE, "more lines than %d", UNIT_MAX));
}

/* Both are sorted: what is only in one, or says something else. */
static void
compare_sets(const struct vec *old, const struct recon_line *new, size_t n,
    struct recon_result *out)
{
	size_t i = 0, j = 0;

	while (i < old->n || j < n) {
		const struct recon_line *a = i < old->n ? vec_at(old, i) :
		    NULL;
		int order = a == NULL ? 1 : j == n ? -1 :
		    compare_lines(a, &new[j]);

		if (order < 0 || (order == 0 && !same_line(a, &new[j])))
			out->drop[out->n_drop++] = *a;
		if (order > 0 || (order == 0 && !same_line(a, &new[j])))
			out->put[out->n_put++] = new[j];
		i += order <= 0;
		j += order >= 0;
	}
}

bool
recon_compute(struct db *db, struct arena *arena,
    const struct recon_unit *unit, struct recon_result *out, struct err *e)
{
	struct recon_pool pool;
	struct recon_line *lines;
	struct vec old;
	size_t n;
	bool ok;

	*out = (struct recon_result){ .unit = *unit };
	if (!recon_load(db, arena, unit, &pool, e))
		return false;
	out->cut = pool.matching.cut;
	lines = lines_of(&pool, arena, &n);
	if (n > 0)
		qsort(lines, n, sizeof *lines, compare_lines);
	vec_init(&old, sizeof(struct recon_line), 2 * UNIT_MAX);
	ok = load_lines(db, arena, unit, &old, e);
	out->put = arena_alloc(arena, (n + 1) * sizeof *out->put);
	out->drop = arena_alloc(arena, (old.n + 1) * sizeof *out->drop);
	if (ok)
		compare_sets(&old, lines, n, out);
	vec_free(&old);
	return ok;
}

/* ---- writing ---------------------------------------------------------- */

static bool
drop_line(struct books *books, const struct recon_line *line, struct err *e)
{
	static const char SQL[] = "DELETE FROM recon WHERE gstin = $1"
	    " AND period = $2 AND party = $3 AND inward = $4"
	    " AND version = $5";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, line->gstin);
	stmt_int(s, 2, line->period);
	stmt_text(s, 3, line->party);
	stmt_int(s, 4, line->inward);
	stmt_int(s, 5, line->version);
	return stmt_run(s, e);
}

static bool
put_line(struct books *books, const struct recon_unit *unit,
    const struct recon_line *line, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO recon VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
	    " $15, $16, $17)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, line->gstin);
	stmt_int(s, 2, line->period);
	stmt_text(s, 3, line->party);
	stmt_int(s, 4, line->inward);
	stmt_int(s, 5, line->version);
	stmt_text(s, 6, unit->own);
	stmt_text(s, 7, unit->pan);
	stmt_int(s, 8, unit->year);
	stmt_text(s, 9, line->status);
	stmt_int(s, 10, line->rule);
	stmt_text(s, 11, line->differs);
	stmt_int(s, 12, line->twin);
	stmt_int(s, 13, line->books);
	stmt_int(s, 14, line->portal_taxable);
	stmt_int(s, 15, line->portal_tax);
	stmt_int(s, 16, line->books_taxable);
	stmt_int(s, 17, line->books_tax);
	return stmt_run(s, e);
}

/* *stale: it is not marked any more, or was marked again since. */
static bool
unmark(struct books *books, const struct recon_unit *unit, bool *stale,
    struct err *e)
{
	static const char SQL[] = "DELETE FROM recon_dirty WHERE own = $1"
	    " AND pan = $2 AND year = $3 AND seq = $4 RETURNING seq";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	bind_unit(s, unit);
	stmt_int(s, 4, unit->seq);
	step = stmt_step(s, e);
	*stale = step != STEP_ROW;
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

/* ---- sums of a month -------------------------------------------------- */

#define SUMS_MAX 64		/* months and places of a unit, before they are
				 * written */

struct sum {
	const char *gstin, *status;
	int64_t period, n, amount[4];
};

struct summing {
	struct books *books;
	struct sum sums[SUMS_MAX];
	size_t n;
};

static bool
write_sums(struct summing *t, struct err *e)
{
	static const char SQL[] = "INSERT INTO recon_sum VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8) ON CONFLICT DO UPDATE SET"
	    " n = n + excluded.n,"
	    " portal_taxable = portal_taxable + excluded.portal_taxable,"
	    " portal_tax = portal_tax + excluded.portal_tax,"
	    " books_taxable = books_taxable + excluded.books_taxable,"
	    " books_tax = books_tax + excluded.books_tax";

	for (size_t i = 0; i < t->n; i++) {
		struct stmt *s = db_stmt(t->books->db, SQL);
		const struct sum *sum = &t->sums[i];

		stmt_text(s, 1, sum->gstin);
		stmt_int(s, 2, sum->period);
		stmt_text(s, 3, sum->status);
		stmt_int(s, 4, sum->n);
		for (int k = 0; k < 4; k++)
			stmt_int(s, 5 + k, sum->amount[k]);
		if (!stmt_run(s, e))
			return false;
	}
	t->n = 0;
	return true;
}

static bool
add_line(struct summing *t, const struct recon_line *line, int sign,
    struct err *e)
{
	const int64_t amount[4] = { line->portal_taxable, line->portal_tax,
	    line->books_taxable, line->books_tax };
	size_t i = 0;

	while (i < t->n && (t->sums[i].period != line->period ||
	    strcmp(t->sums[i].gstin, line->gstin) != 0 ||
	    strcmp(t->sums[i].status, line->status) != 0))
		i++;
	if (i == SUMS_MAX) {
		if (!write_sums(t, e))
			return false;
		i = 0;
	}
	if (i == t->n)
		t->sums[t->n++] = (struct sum){ line->gstin, line->status,
		    line->period, 0, { 0 } };
	t->sums[i].n += sign;
	for (int k = 0; k < 4; k++)
		t->sums[i].amount[k] += sign * amount[k];
	return true;
}

bool
recon_write(struct books *books, const struct recon_result *r, bool *stale,
    struct err *e)
{
	struct summing sums = { .books = books };

	if (!unmark(books, &r->unit, stale, e))
		return false;
	if (*stale)
		return true;
	for (size_t i = 0; i < r->n_drop; i++)
		if (!drop_line(books, &r->drop[i], e) ||
		    !add_line(&sums, &r->drop[i], -1, e))
			return false;
	for (size_t i = 0; i < r->n_put; i++)
		if (!put_line(books, &r->unit, &r->put[i], e) ||
		    !add_line(&sums, &r->put[i], 1, e))
			return false;
	if (r->n_put + r->n_drop > 0)
		books_touch(books, "recon", r->unit.own);
	return write_sums(&sums, e);
}

bool
recon_all(struct books *books, struct err *e)
{
	size_t n = 1;
	bool ok = true;

	while (ok && n > 0) {
		struct arena *arena = arena_new();
		struct recon_unit unit;
		struct recon_result result;
		bool stale;

		ok = recon_next(books->db, arena, &unit, 1, &n, e) &&
		    (n == 0 || (recon_compute(books->db, arena, &unit,
		    &result, e) && recon_write(books, &result, &stale, e)));
		arena_free(&arena);
	}
	return ok;
}

/* ---- words ------------------------------------------------------------ */

bool
recon_word_find(struct db *db, const char *item, struct arena *arena,
    struct recon_word *out, struct err *e)
{
	static const char SQL[] = "SELECT action, ims, link, parted, actor,"
	    " at, reason, seq FROM recon_word WHERE item = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = (struct recon_word){ item, "", "", "", "", "", "", 0, 0 };
	stmt_text(s, 1, item);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->action = arena_strdup(arena, col_text(s, 0));
	out->ims = arena_strdup(arena, col_text(s, 1));
	out->link = arena_strdup(arena, col_text(s, 2));
	out->parted = arena_strdup(arena, col_text(s, 3));
	out->actor = arena_strdup(arena, col_text(s, 4));
	out->at = col_int(s, 5);
	out->reason = arena_strdup(arena, col_text(s, 6));
	out->seq = col_int(s, 7);
	stmt_reset(s);
	return true;
}

static void
bind_word(struct stmt *s, int at, const struct recon_word *word)
{
	stmt_text(s, at, word->item);
	stmt_text(s, at + 1, word->action);
	stmt_text(s, at + 2, word->ims);
	stmt_text(s, at + 3, word->link);
	stmt_text(s, at + 4, word->parted);
	stmt_text(s, at + 5, word->actor);
	stmt_int(s, at + 6, word->at);
	stmt_text(s, at + 7, word->reason);
	stmt_int(s, at + 8, word->seq);
}

static bool
keep_past(struct books *books, const struct recon_word *old,
    int64_t decision, struct err *e)
{
	static const char SQL[] = "INSERT INTO recon_past VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, decision);
	bind_word(s, 2, old);
	return stmt_run(s, e);
}

/* What nobody ever said anything of has no row. */
static bool
write_word(struct books *books, const struct recon_word *word,
    struct err *e)
{
	static const char PUT[] = "INSERT OR REPLACE INTO recon_word VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	static const char DROP[] = "DELETE FROM recon_word WHERE item = $1";
	struct stmt *s = db_stmt(books->db, word->seq != 0 ? PUT : DROP);

	if (word->seq != 0)
		bind_word(s, 1, word);
	else
		stmt_text(s, 1, word->item);
	return stmt_run(s, e);
}

static bool
touch_item(struct books *books, const char *item, struct err *e)
{
	static const char SQL[] = "INSERT INTO recon_dirty SELECT own, pan,"
	    " year, $2 FROM inward_row WHERE 'R' || id = $1"
	    " AND id = $3 UNION SELECT own, pan, year, $2 FROM purchase"
	    " WHERE entity = $4 AND kind = $5 AND number = $6"
	    " ON CONFLICT DO UPDATE SET seq = excluded.seq";
	const char *kind = strchr(item, '/');
	const char *number = kind != NULL ? strchr(kind + 1, '/') : NULL;
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, item);
	stmt_int(s, 2, books->seq);
	stmt_int(s, 3, item[0] == 'R' && number == NULL ? strtoll(item + 1,
	    NULL, 10) : 0);
	stmt_text(s, 4, number != NULL ? arena_strndup(books->arena, item,
	    (size_t)(kind - item)) : "");
	stmt_text(s, 5, number != NULL ? arena_strndup(books->arena,
	    kind + 1, (size_t)(number - kind - 1)) : "");
	stmt_text(s, 6, number != NULL ? number + 1 : "");
	return stmt_run(s, e);
}

static bool
accepted(const struct recon_word *word)
{
	return strcmp(word->action, "accept") == 0;
}

/* Those whose pairs may be others now, or worth something else. */
static bool
touch_word(struct books *books, const struct recon_word *old,
    const struct recon_word *new, struct err *e)
{
	if (strcmp(old->link, new->link) == 0 &&
	    strcmp(old->parted, new->parted) == 0 &&
	    accepted(old) == accepted(new))
		return true;
	return touch_item(books, new->item, e) &&
	    (*old->link == '\0' || touch_item(books, old->link, e)) &&
	    (*new->link == '\0' || touch_item(books, new->link, e));
}

bool
recon_word_put(struct books *books, const struct recon_word *word,
    int64_t decision, struct err *e)
{
	struct recon_word old;

	return recon_word_find(books->db, word->item, books->arena, &old,
	    e) && keep_past(books, &old, decision, e) &&
	    write_word(books, word, e) && touch_word(books, &old, word, e);
}

/* ---- taking back ------------------------------------------------------ */

static bool
undo_one(struct books *books, struct stmt *s, int64_t of, int64_t decision,
    bool *done, struct err *e)
{
	struct arena *arena = books->arena;
	struct recon_word now, old = {
		.item = arena_strdup(arena, col_text(s, 0)),
		.action = arena_strdup(arena, col_text(s, 1)),
		.ims = arena_strdup(arena, col_text(s, 2)),
		.link = arena_strdup(arena, col_text(s, 3)),
		.parted = arena_strdup(arena, col_text(s, 4)),
		.actor = arena_strdup(arena, col_text(s, 5)),
		.at = col_int(s, 6),
		.reason = arena_strdup(arena, col_text(s, 7)),
		.seq = col_int(s, 8),
	};

	if (!recon_word_find(books->db, old.item, arena, &now, e))
		return false;
	*done = now.seq == of;
	return !*done || (keep_past(books, &now, decision, e) &&
	    write_word(books, &old, e) && touch_word(books, &now, &old, e));
}

bool
recon_undo(struct books *books, int64_t of, int64_t decision, int64_t *done,
    int64_t *kept, struct err *e)
{
	static const char SQL[] = "SELECT item, action, ims, link, parted,"
	    " actor, at, reason, seq FROM recon_past WHERE of = $1"
	    " ORDER BY item";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*done = *kept = 0;
	stmt_int(s, 1, of);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		bool one;

		if (!undo_one(books, s, of, decision, &one, e)) {
			stmt_reset(s);
			return false;
		}
		*done += one;
		*kept += !one;
	}
	return step == STEP_DONE;
}
