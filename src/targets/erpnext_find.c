/* What ERPNext has: by our reference, by days, by account. A cancelled entry
 * that was amended is its amendment, whoever made it. */
#include "targets/erpnext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"

#define HOPS 20			/* amendments of one entry */
#define FOUND_MAX 5000		/* documents of one question */
#define ROWS_MAX 20000		/* lines of as many as are asked at once */
#define FILTERS_MAX 16384

struct found {
	struct remote *remotes;
	struct erpnext_head *heads;
	size_t n, cap;
};

static void
found_begin(struct found *f, size_t cap, struct arena *arena)
{
	*f = (struct found){ .cap = cap,
	    .remotes = arena_alloc(arena, cap * sizeof *f->remotes),
	    .heads = arena_alloc(arena, cap * sizeof *f->heads) };
}

static bool
add_rows(struct target *t, const cJSON *rows, struct arena *arena,
    struct found *f, struct err *e)
{
	const struct erpnext *erp = t->state;
	const cJSON *row;

	cJSON_ArrayForEach(row, rows) {
		if (f->n == f->cap)
			return err_set(e, ERR_TOO_LARGE,
			    "Journal Entry: more than %zu at once", f->cap);
		if (!erpnext_read_head(&erp->book, row, arena,
		    &f->remotes[f->n], &f->heads[f->n]))
			return err_set(e, ERR_UNREACHABLE, "Journal Entry:"
			    " a row without name, state or date");
		f->n++;
	}
	return true;
}

/* What is searched for: the filters stand between these two. */
static void
where_begin(struct json *j, struct str *filters)
{
	str_init(filters, FILTERS_MAX);
	json_start(j, filters);
	json_open(j, '[');
}

static bool
where_end(struct target *t, struct erpnext_query *query, struct json *j,
    struct str *filters, struct arena *arena, struct erpnext_answer *answer,
    const cJSON **rows, struct err *e)
{
	bool ok;

	json_close(j, ']');
	query->filters = str_span(filters);
	ok = erpnext_rows(t, query, arena, answer, rows, e);
	str_free(filters);
	return ok;
}

static const char *
fields(struct target *t, struct arena *arena)
{
	const struct erpnext *erp = t->state;

	return arena_printf(arena, "[\"name\",\"docstatus\",\"modified\","
	    "\"modified_by\",\"posting_date\",\"user_remark\","
	    "\"amended_from\",\"%s\"]", erp->book.field);
}

/* Journal Entries of the company whose `field` is one of values. */
static bool
ask_in(struct target *t, const char *field, const char *const *values,
    size_t n, struct arena *arena, struct found *f, struct err *e)
{
	struct erpnext_query query = { .doctype = "Journal Entry",
	    .fields = fields(t, arena), .order = "name asc",
	    .limit = ERPNEXT_NAMES * HOPS };
	struct erpnext_answer answer;
	const cJSON *rows;
	struct str filters;
	struct json j;
	bool ok;

	where_begin(&j, &filters);
	erpnext_filter_in(&j, field, values, n);
	erpnext_filter(&j, "company", "=", t->conf->company);
	ok = where_end(t, &query, &j, &filters, arena, &answer, &rows, e) &&
	    add_rows(t, rows, arena, f, e);
	erpnext_done(&answer);
	return ok;
}

static bool
ask_all(struct target *t, const char *field, const char *const *values,
    size_t n, struct arena *arena, struct found *f, struct err *e)
{
	for (size_t i = 0; i < n; i += ERPNEXT_NAMES)
		if (!ask_in(t, field, values + i, n - i < ERPNEXT_NAMES ?
		    n - i : ERPNEXT_NAMES, arena, f, e))
			return false;
	return true;
}

/* ---- amendments ------------------------------------------------------- */

static size_t
position(const struct found *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->remotes[i].remote, name) == 0)
			return i;
	return f->n;
}

/* Names of the cancelled among those from `from` on. */
static const char *const *
cancelled(const struct found *f, size_t from, struct arena *arena, size_t *n)
{
	const char **names = arena_alloc(arena, (f->n + 1) * sizeof *names);

	*n = 0;
	for (size_t i = from; i < f->n; i++)
		if (f->remotes[i].state == REMOTE_CANCELLED)
			names[(*n)++] = f->remotes[i].remote;
	return (const char *const *)names;
}

/* What a cancelled one became: it goes by the reference of the first, and the
 * first is left out. An amendment that is only a draft is nothing yet. */
static void
hand_on(struct found *f)
{
	bool *gone = calloc(f->n + 1, sizeof *gone);
	size_t kept = 0;

	if (gone == NULL)
		bug("out of memory");
	for (size_t i = 0; i < f->n; i++) {
		size_t from = position(f, f->heads[i].amended_from);

		if (position(f, f->remotes[i].remote) < i) {
			gone[i] = true;
			continue;
		}
		if (from == f->n)
			continue;
		gone[f->remotes[i].state == REMOTE_DRAFT ? i : from] = true;
		if (*f->remotes[i].reference == '\0')
			f->remotes[i].reference = f->remotes[from].reference;
	}
	for (size_t i = 0; i < f->n; i++)
		if (!gone[i]) {
			f->remotes[kept] = f->remotes[i];
			f->heads[kept++] = f->heads[i];
		}
	f->n = kept;
	free(gone);
}

static bool
follow(struct target *t, struct arena *arena, struct found *f, struct err *e)
{
	size_t from = 0;

	for (int hop = 0; hop < HOPS && from < f->n; hop++) {
		size_t before = f->n, n;
		const char *const *names = cancelled(f, from, arena, &n);

		if (!ask_all(t, "amended_from", names, n, arena, f, e))
			return false;
		from = before;
	}
	hand_on(f);
	return true;
}

/* ---- lines ------------------------------------------------------------ */

/* Whose lines are asked for. */
struct filling {
	struct target *target;
	struct arena *arena;
	struct remote *list;
	struct day from, to;	/* of vouchers */
};

static bool
some_lines(void *asking, size_t at, size_t n, struct err *e)
{
	const struct filling *f = asking;
	const struct erpnext *erp = f->target->state;
	struct remote *found = f->list + at;
	const char *names[ERPNEXT_NAMES];
	struct erpnext_query query = { .doctype = "Journal Entry Account",
	    .parent = "Journal Entry", .order = "parent asc, idx asc",
	    .limit = ROWS_MAX, .fields = "[\"parent\",\"account\","
	    "\"party_type\",\"party\",\"cost_center\",\"user_remark\","
	    "\"account_currency\",\"debit\",\"credit\","
	    "\"debit_in_account_currency\",\"credit_in_account_currency\"]" };
	struct erpnext_answer answer;
	const cJSON *rows;
	struct str filters;
	struct json j;
	bool ok;

	for (size_t i = 0; i < n; i++)
		names[i] = found[i].remote;
	where_begin(&j, &filters);
	erpnext_filter_in(&j, "parent", names, n);
	erpnext_filter(&j, "parenttype", "=", "Journal Entry");
	ok = where_end(f->target, &query, &j, &filters, f->arena, &answer,
	    &rows, e);
	if (ok && cJSON_GetArraySize(rows) >= ROWS_MAX)
		ok = err_set(e, ERR_TOO_LARGE, "Journal Entry Account:"
		    " more than %d lines at once", ROWS_MAX);
	for (size_t i = 0; ok && i < n; i++)
		ok = erpnext_read_lines(&erp->book, rows, "parent", names[i],
		    f->arena, &found[i]) || err_set(e, ERR_UNREACHABLE,
		    "Journal Entry Account: no amount");
	erpnext_done(&answer);
	return ok;
}

static bool
all_lines(struct target *t, struct arena *arena, struct remote *found,
    size_t n, struct err *e)
{
	struct filling f = { .target = t, .arena = arena, .list = found };

	return ask_parts(n, ERPNEXT_NAMES, some_lines, &f, e);
}

/* ---- one of a name ---------------------------------------------------- */

static bool
count_back(struct target *t, const char *name, struct arena *arena,
    int *times, struct err *e)
{
	for (*times = 1; *times < HOPS; (*times)++) {
		struct found f;

		found_begin(&f, 2, arena);
		if (!ask_in(t, "name", &name, 1, arena, &f, e))
			return false;
		if (f.n == 0 || *f.heads[0].amended_from == '\0')
			return true;
		name = f.heads[0].amended_from;
	}
	return err_set(e, ERR_TOO_LARGE,
	    "Journal Entry: amended more than %d times", HOPS);
}

bool
erpnext_entry(struct target *t, const char *name, struct arena *arena,
    struct remote *out, int *times, bool *found, struct err *e)
{
	struct found f;

	found_begin(&f, 2, arena);
	if (!ask_in(t, "name", &name, 1, arena, &f, e))
		return false;
	*times = 0;
	*found = f.n == 1;
	if (!*found)
		return true;
	if (*f.heads[0].amended_from != '\0' &&
	    !count_back(t, f.heads[0].amended_from, arena, times, e))
		return false;
	*out = f.remotes[0];
	return all_lines(t, arena, out, 1, e);
}

/* ---- by reference ----------------------------------------------------- */

bool
erpnext_find(struct target *t, const char *const *references, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	const struct erpnext *erp = t->state;
	struct found f;

	*n_out = 0;
	found_begin(&f, FOUND_MAX, arena);
	if (!erpnext_ready(t, e) ||
	    !ask_all(t, erp->book.field, references, n, arena, &f, e) ||
	    !follow(t, arena, &f, e) ||
	    !all_lines(t, arena, f.remotes, f.n, e))
		return false;
	*out = f.remotes;
	*n_out = f.n;
	return true;
}

bool
erpnext_reach(struct target *t, const char *series, struct arena *arena,
    const char **last, struct err *e)
{
	const struct erpnext *erp = t->state;
	struct erpnext_query query = { .doctype = "Journal Entry",
	    .limit = 1 };
	struct erpnext_answer answer;
	const cJSON *rows;
	struct str filters;
	struct json j;
	bool ok;

	if (!erpnext_ready(t, e))
		return false;
	query.fields = arena_printf(arena, "[\"%s\"]", erp->book.field);
	query.order = arena_printf(arena, "%s desc", erp->book.field);
	where_begin(&j, &filters);
	erpnext_filter(&j, erp->book.field, "like", arena_printf(arena, "%s"
	    POSTING_DIGITS, series));
	erpnext_filter(&j, "company", "=", t->conf->company);
	ok = where_end(t, &query, &j, &filters, arena, &answer, &rows, e);
	if (ok)
		*last = rows->child == NULL ? "" : reach_said(
		    json_word(rows->child, erp->book.field), arena);
	erpnext_done(&answer);
	return ok;
}

/* ---- by days ---------------------------------------------------------- */

static bool
ask_days(struct target *t, struct day from, struct day to, const char *after,
    struct arena *arena, struct found *f, struct err *e)
{
	struct erpnext_query query = { .doctype = "Journal Entry",
	    .fields = fields(t, arena), .order = "name asc",
	    .limit = ERPNEXT_PAGE };
	struct erpnext_answer answer;
	const cJSON *rows;
	struct str filters;
	struct json j;
	bool ok;

	where_begin(&j, &filters);
	erpnext_filter(&j, "company", "=", t->conf->company);
	erpnext_filter(&j, "posting_date", ">=", from.text);
	erpnext_filter(&j, "posting_date", "<=", to.text);
	erpnext_filter(&j, "docstatus", ">", "0");
	if (*after != '\0')
		erpnext_filter(&j, "name", ">", after);
	ok = where_end(t, &query, &j, &filters, arena, &answer, &rows, e) &&
	    add_rows(t, rows, arena, f, e);
	erpnext_done(&answer);
	return ok;
}

/* Amendments that people made carry no reference: the first one's is
 * theirs. */
static bool
trace_back(struct target *t, struct arena *arena, struct found *f,
    struct err *e)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *name = f->heads[i].amended_from;

		for (int hop = 0; *f->remotes[i].reference == '\0' &&
		    *name != '\0' && hop < HOPS; hop++) {
			struct found up;

			found_begin(&up, 2, arena);
			if (!ask_in(t, "name", &name, 1, arena, &up, e))
				return false;
			if (up.n == 0)
				break;
			f->remotes[i].reference = up.remotes[0].reference;
			name = up.heads[0].amended_from;
		}
	}
	return true;
}

/* A cancelled one is told when it was ours and nothing came of it. */
static bool
sift(struct target *t, struct arena *arena, struct found *f, struct err *e)
{
	struct found next;
	const char *const *names;
	size_t n, kept = 0;

	found_begin(&next, ERPNEXT_PAGE * 2, arena);
	names = cancelled(f, 0, arena, &n);
	if (!ask_all(t, "amended_from", names, n, arena, &next, e))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		bool over = f->remotes[i].state == REMOTE_CANCELLED;

		for (size_t k = 0; over && k < next.n; k++)
			if (strcmp(next.heads[k].amended_from,
			    f->remotes[i].remote) == 0 &&
			    next.remotes[k].state != REMOTE_DRAFT)
				f->remotes[i].reference = "";
		if (!over || *f->remotes[i].reference != '\0')
			f->remotes[kept++] = f->remotes[i];
	}
	f->n = kept;
	return true;
}

static bool
list_entries(struct target *t, struct day from, struct day to,
    const char **after, struct arena *arena, struct found *f, struct err *e)
{
	found_begin(f, ERPNEXT_PAGE, arena);
	if (!ask_days(t, from, to, *after, arena, f, e))
		return false;
	*after = f->n == ERPNEXT_PAGE ? f->remotes[f->n - 1].remote : "";
	return trace_back(t, arena, f, e) && sift(t, arena, f, e) &&
	    all_lines(t, arena, f->remotes, f->n, e);
}

/* ---- vouchers of other kinds ------------------------------------------ */

/* Invoices, payments.. are booked by no Journal Entry; the ledger has them. */
static bool
ask_ledger(struct target *t, const struct erpnext_query *what,
    struct day from, struct day to, const char *after,
    const char *const *vouchers, size_t n, struct arena *arena,
    struct erpnext_answer *answer, const cJSON **rows, struct err *e)
{
	struct erpnext_query query = *what;
	struct str filters;
	struct json j;
	bool ok;

	query.doctype = "GL Entry";
	where_begin(&j, &filters);
	erpnext_filter(&j, "company", "=", t->conf->company);
	erpnext_filter(&j, "is_cancelled", "=", "0");
	erpnext_filter(&j, "voucher_type", "!=", "Journal Entry");
	erpnext_filter(&j, "posting_date", ">=", from.text);
	erpnext_filter(&j, "posting_date", "<=", to.text);
	if (*after != '\0')
		erpnext_filter(&j, "voucher_no", ">", after);
	if (n > 0)
		erpnext_filter_in(&j, "voucher_no", vouchers, n);
	ok = where_end(t, &query, &j, &filters, arena, answer, rows, e);
	return ok;
}

static void
read_voucher(const cJSON *row, struct arena *arena, struct remote *out)
{
	*out = (struct remote){ .reference = "", .state = REMOTE_BOOKED,
	    .number = words_of(span_of(json_word(row, "voucher_no")), arena),
	    .changed_by = "" };
	out->narration = words_of(span_of(json_word(row, "voucher_type")),
	    arena);
	out->remote = arena_printf(arena, "%s/%s", out->narration,
	    out->number);
	out->version = "";
}

/* The latest change of its rows is its version. */
static bool
fill_voucher(const struct erpnext *erp, const cJSON *rows,
    struct arena *arena, struct remote *out, struct err *e)
{
	const cJSON *row;

	cJSON_ArrayForEach(row, rows) {
		const char *modified = json_word(row, "modified");

		if (strcmp(json_word(row, "voucher_no"), out->number) != 0)
			continue;
		if (strcmp(modified, out->version) > 0)
			out->version = words_of(span_of(modified), arena);
		if (!day_parse(span_of(json_word(row, "posting_date")),
		    &out->date))
			return err_set(e, ERR_UNREACHABLE,
			    "GL Entry: no posting date");
	}
	return erpnext_read_lines(&erp->book, rows, "voucher_no", out->number,
	    arena, out) || err_set(e, ERR_UNREACHABLE, "GL Entry: no amount");
}

static bool
some_vouchers(void *asking, size_t at, size_t n, struct err *e)
{
	static const struct erpnext_query what = { .limit = ROWS_MAX,
	    .order = "voucher_no asc", .fields = "[\"voucher_no\","
	    "\"posting_date\",\"modified\",\"account\",\"party_type\","
	    "\"party\",\"cost_center\",\"account_currency\",\"debit\","
	    "\"credit\",\"debit_in_account_currency\","
	    "\"credit_in_account_currency\"]" };
	const struct filling *f = asking;
	struct remote *list = f->list + at;
	const char *names[ERPNEXT_NAMES];
	struct erpnext_answer answer;
	const cJSON *rows;
	bool ok;

	for (size_t i = 0; i < n; i++)
		names[i] = list[i].number;
	ok = ask_ledger(f->target, &what, f->from, f->to, "", names, n,
	    f->arena, &answer, &rows, e);
	if (ok && cJSON_GetArraySize(rows) >= ROWS_MAX)
		ok = err_set(e, ERR_TOO_LARGE, "GL Entry: more than %d lines at"
		    " once", ROWS_MAX);
	for (size_t i = 0; ok && i < n; i++)
		ok = fill_voucher(f->target->state, rows, f->arena, &list[i],
		    e);
	erpnext_done(&answer);
	return ok;
}

static bool
list_vouchers(struct target *t, struct day from, struct day to,
    const char **after, struct arena *arena, struct remote **out, size_t *n,
    struct err *e)
{
	static const struct erpnext_query what = { .limit = ERPNEXT_NAMES,
	    .order = "voucher_no asc", .group = "voucher_type, voucher_no",
	    .fields = "[\"voucher_type\",\"voucher_no\"]" };
	struct erpnext_answer answer;
	const cJSON *rows, *row;
	bool ok = ask_ledger(t, &what, from, to, *after, NULL, 0, arena,
	    &answer, &rows, e);

	*n = 0;
	*out = arena_alloc(arena, ERPNEXT_NAMES * sizeof **out);
	if (ok)
		cJSON_ArrayForEach(row, rows) {
			if (*n < ERPNEXT_NAMES)
				read_voucher(row, arena, &(*out)[(*n)++]);
		}
	erpnext_done(&answer);
	*after = *n == ERPNEXT_NAMES ? (*out)[*n - 1].number : "";
	return ok && ask_parts(*n, ERPNEXT_NAMES, some_vouchers,
	    &(struct filling){ t, arena, *out, from, to }, e);
}

/* The cursor: "J:NAME" among the entries, "G:NAME" among the rest. */
bool
erpnext_list(struct target *t, struct day from, struct day to,
    const char **cursor, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	bool strangers = strcmp(options_text(t->conf->options, "strangers"),
	    "list") == 0;
	bool rest = **cursor == 'G';
	const char *after = **cursor != '\0' ? *cursor + 2 : "";
	struct found f = { 0 };

	*n_out = 0;
	if (!erpnext_ready(t, e))
		return false;
	if (rest) {
		if (!list_vouchers(t, from, to, &after, arena, out, n_out, e))
			return false;
		*cursor = *after != '\0' ? arena_printf(arena, "G:%s",
		    after) : "";
		return true;
	}
	if (!list_entries(t, from, to, &after, arena, &f, e))
		return false;
	*out = f.remotes;
	*n_out = f.n;
	*cursor = *after != '\0' ? arena_printf(arena, "J:%s", after) :
	    strangers ? "G:" : "";
	return true;
}

/* ---- by account ------------------------------------------------------- */

bool
erpnext_balances(struct target *t, struct day day, struct arena *arena,
    struct remote_balance **out, size_t *n_out, struct err *e)
{
	const struct erpnext *erp = t->state;
	struct erpnext_query query = { .doctype = "GL Entry",
	    .group = "account", .order = "account asc", .limit = ROWS_MAX };
	struct erpnext_answer answer;
	const cJSON *rows;
	struct str filters;
	struct json j;
	bool ok;

	if (!erpnext_ready(t, e))
		return false;
	/* Sums are said by objects since 16, and by texts before. */
	query.fields = erpnext_major(t) >= 16 ? "[\"account\","
	    "{\"SUM\":\"debit\",\"as\":\"debit\"},"
	    "{\"SUM\":\"credit\",\"as\":\"credit\"}]" : "[\"account\","
	    "\"sum(debit) as debit\",\"sum(credit) as credit\"]";
	where_begin(&j, &filters);
	erpnext_filter(&j, "company", "=", t->conf->company);
	erpnext_filter(&j, "is_cancelled", "=", "0");
	erpnext_filter(&j, "posting_date", "<=", day.text);
	ok = where_end(t, &query, &j, &filters, arena, &answer, &rows, e);
	if (ok && cJSON_GetArraySize(rows) >= ROWS_MAX)
		ok = err_set(e, ERR_TOO_LARGE, "GL Entry: balances of more than"
		    " %d accounts", ROWS_MAX - 1);
	ok = ok && (erpnext_read_balances(&erp->book, rows, arena, out, n_out) ||
	    err_set(e, ERR_UNREACHABLE, "GL Entry: no sum"));
	erpnext_done(&answer);
	return ok;
}
