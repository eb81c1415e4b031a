/* Asking ERPNext, and what is asked of a company once: currency, accounts,
 * the field of our reference. Called by erpnext.c and erpnext_find.c. */
#include "targets/erpnext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/map.h"
#include "net/http.h"

#define ACCOUNT_PAGE 500
#define ACCOUNTS_MAX 50000
#define REFRESH (INT64_C(30) * 1000000)
#define KEPT (INT64_C(300) * 1000000)

/* ---- asking ----------------------------------------------------------- */

static cJSON *
tree_of(const struct str *body)
{
	struct err none = { 0 };

	return body->n > 0 ? json_bounded(str_span(body), ANSWER_VALUES,
	    &none) : NULL;
}

bool
erpnext_ask(struct target *t, const char *method, const char *path,
    struct span body, struct arena *arena, struct erpnext_answer *answer,
    struct err *e)
{
	const struct erpnext *erp = t->state;
	const char *headers[3] = { erp->authorization };
	struct target_request request = { .method = method, .path = path,
	    .headers = headers, .n_headers = 1, .body = body };
	unsigned char digest[SHA256_SIZE];
	struct str text;
	bool ok;

	*answer = (struct erpnext_answer){ .type = "", .words = "" };
	digest_sha256(body, digest);
	digest_hex(digest, SHA256_SIZE, answer->sent);
	if (strcmp(method, "GET") != 0)
		headers[request.n_headers++] = "Accept: application/json";
	if (*erp->site != '\0')
		headers[request.n_headers++] = erp->site;
	str_init(&text, ANSWER_MAX);
	ok = target_ask(t, &request, &answer->http, &text, e);
	if (ok) {
		answer->root = tree_of(&text);
		if (answer->http.status >= 300)
			erpnext_read_fault(answer->root, arena, &answer->type,
			    &answer->words);
		if (answer->http.status >= 300 && *answer->words == '\0')
			answer->words = arena_printf(arena, "HTTP %d %s",
			    answer->http.status, answer->type);
	}
	str_free(&text);
	return ok;
}

void
erpnext_done(struct erpnext_answer *answer)
{
	cJSON_Delete(answer->root);
	answer->root = NULL;
}

/* A question that was not answered with what was asked for. */
static bool
refused(const struct erpnext_answer *answer, const char *doctype,
    struct err *e)
{
	enum err_code code = answer->http.status == 401 ? ERR_UNAUTHENTIC :
	    answer->http.status == 403 ? ERR_FORBIDDEN :
	    answer->http.status == 404 ? ERR_NOT_FOUND :
	    answer->http.status == 429 ? ERR_LIMIT : ERR_UNREACHABLE;

	if (answer->http.status < 300)
		return err_set(e, ERR_UNREACHABLE,
		    "%s: not an answer of ERPNext", doctype);
	return err_set(e, code, "%s: %.300s", doctype, answer->words);
}

const char *
erpnext_path(const char *doctype, const char *name, struct arena *arena)
{
	struct str path;
	const char *kept;

	str_init(&path, 4096);
	str_adds(&path, "/api/resource/");
	http_encode(&path, span_of(doctype));
	if (name != NULL) {
		str_addc(&path, '/');
		http_encode(&path, span_of(name));
	}
	kept = arena_strdup(arena, path.p);
	str_free(&path);
	return kept;
}

bool
erpnext_rows(struct target *t, const struct erpnext_query *query,
    struct arena *arena, struct erpnext_answer *answer, const cJSON **rows,
    struct err *e)
{
	char limit[16];
	struct str path;
	bool ok;

	snprintf(limit, sizeof limit, "%d", query->limit);
	str_init(&path, 16384);
	str_adds(&path, erpnext_path(query->doctype, NULL, arena));
	fetch_query(&path, "fields", span_of(query->fields));
	fetch_query(&path, "filters", query->filters);
	fetch_query(&path, "limit_page_length", span_of(limit));
	if (query->parent != NULL)
		fetch_query(&path, "parent", span_of(query->parent));
	if (query->group != NULL)
		fetch_query(&path, "group_by", span_of(query->group));
	if (query->order != NULL)
		fetch_query(&path, "order_by", span_of(query->order));
	ok = erpnext_ask(t, "GET", path.p, SPAN(""), arena, answer, e);
	str_free(&path);
	*rows = ok && answer->http.status == 200 ?
	    json_at(answer->root, "data") : NULL;
	return ok && (cJSON_IsArray(*rows) ||
	    refused(answer, query->doctype, e));
}

void
erpnext_filter(struct json *j, const char *field, const char *op,
    const char *value)
{
	json_open(j, '[');
	json_str(j, field);
	json_str(j, op);
	json_str(j, value);
	json_close(j, ']');
}

void
erpnext_filter_in(struct json *j, const char *field,
    const char *const *values, size_t n)
{
	json_open(j, '[');
	json_str(j, field);
	json_str(j, "in");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		json_str(j, values[i]);
	json_close(j, ']');
	json_close(j, ']');
}

/* ---- the company ------------------------------------------------------ */

static bool
read_company(struct target *t, struct arena *arena, char currency[4],
    struct err *e)
{
	struct erpnext_answer answer;
	const char *text = "";
	bool ok = erpnext_ask(t, "GET", erpnext_path("Company",
	    t->conf->company, arena), SPAN(""), arena, &answer, e);

	if (ok && answer.http.status == 200)
		text = json_word(answer.root, "data.default_currency");
	if (ok && strlen(text) != 3)
		ok = refused(&answer, "Company", e);
	snprintf(currency, 4, "%.3s", text);
	erpnext_done(&answer);
	return ok;
}

/* One page after `*last`, which moves on; *n rows were there. */
static bool
read_accounts(struct target *t, struct erpnext_book *book, const char **last,
    struct arena *arena, int *n, struct err *e)
{
	struct erpnext_query query = { .doctype = "Account",
	    .fields = "[\"name\",\"account_name\",\"account_number\","
	    "\"account_type\",\"account_currency\"]",
	    .order = "name asc", .limit = ACCOUNT_PAGE };
	struct erpnext_answer answer;
	const cJSON *rows, *row;
	struct str filters;
	struct json j;
	bool ok;

	str_init(&filters, 4096);
	json_start(&j, &filters);
	json_open(&j, '[');
	erpnext_filter(&j, "company", "=", t->conf->company);
	erpnext_filter(&j, "is_group", "=", "0");
	if (**last != '\0')
		erpnext_filter(&j, "name", ">", *last);
	json_close(&j, ']');
	query.filters = str_span(&filters);
	ok = erpnext_rows(t, &query, arena, &answer, &rows, e);
	*n = ok ? cJSON_GetArraySize(rows) : 0;
	if (ok)
		cJSON_ArrayForEach(row, rows) {
			if (erpnext_book_add(book, row))
				*last = arena_strdup(arena,
				    json_word(row, "name"));
		}
	str_free(&filters);
	erpnext_done(&answer);
	return ok;
}

static bool
read_book(struct target *t, struct err *e)
{
	struct erpnext *erp = t->state;
	struct arena *arena = arena_new(), *kept = arena_new();
	struct erpnext_book book;
	const char *last = "", *before;
	int n = 0, all = 0;
	bool ok;

	erpnext_book_begin(&book, kept, erp->book.field, erp->book.numbers);
	ok = read_company(t, arena, book.currency, e);
	do {
		before = last;
		ok = ok && read_accounts(t, &book, &last, arena, &n, e);
		all += n;
		/* In the order of its database, where "a" may be before "B". */
	} while (ok && n == ACCOUNT_PAGE && all < ACCOUNTS_MAX &&
	    strcmp(before, last) != 0);
	if (ok && all >= ACCOUNTS_MAX)
		ok = err_set(e, ERR_TOO_LARGE, "Account: more than %d",
		    ACCOUNTS_MAX);
	if (ok) {
		erpnext_book_end(&erp->book);
		arena_free(&erp->arena);
		erp->book = book;
		erp->arena = kept;
		erp->read = clock_mono();
	} else {
		erpnext_book_end(&book);
		arena_free(&kept);
	}
	arena_free(&arena);
	return ok;
}

/* Frappe drops a member that it does not know without a word: a reference
 * that is not kept would be one that cannot be asked for. */
static bool
probe_field(struct target *t, struct err *e)
{
	const struct erpnext *erp = t->state;
	struct arena *arena = arena_new();
	struct erpnext_answer answer;
	const cJSON *rows;
	struct erpnext_query query = { .doctype = "Journal Entry",
	    .filters = SPAN("[]"), .limit = 1,
	    .fields = arena_printf(arena, "[\"name\",\"%s\"]",
	    erp->book.field) };
	bool ok = erpnext_rows(t, &query, arena, &answer, &rows, e);

	erpnext_done(&answer);
	arena_free(&arena);
	return ok;
}

bool
erpnext_ready(struct target *t, struct err *e)
{
	struct erpnext *erp = t->state;

	if (erp->ready)
		return clock_mono() - erp->read < KEPT || read_book(t, e);
	erp->ready = probe_field(t, e) && read_book(t, e);
	return erp->ready;
}

bool
erpnext_read_again(struct target *t, bool *read, struct err *e)
{
	struct erpnext *erp = t->state;
	int64_t now = clock_mono();

	*read = erp->again == 0 || now - erp->again >= REFRESH;
	if (!*read)
		return true;
	erp->again = now;
	return read_book(t, e);
}

bool
erpnext_refresh(struct target *t, struct err *e)
{
	const struct erpnext *erp = t->state;

	return clock_mono() - erp->read < REFRESH || read_book(t, e);
}

/* ---- what it is ------------------------------------------------------- */

/* "15.38.0" of frappe and of erpnext. */
static void
read_versions(struct target *t)
{
	struct erpnext *erp = t->state;
	struct arena *arena = arena_new();
	struct erpnext_answer answer;
	struct err none = { 0 };

	if (erpnext_ask(t, "GET",
	    "/api/method/frappe.utils.change_log.get_versions", SPAN(""),
	    arena, &answer, &none) && answer.http.status == 200) {
		erp->major = (int)strtol(json_word(answer.root,
		    "message.frappe.version"), NULL, 10);
		snprintf(erp->product, sizeof erp->product, "ERPNext %.40s",
		    words_of(span_of(json_word(answer.root,
		    "message.erpnext.version")), arena));
	}
	erpnext_done(&answer);
	arena_free(&arena);
}

int
erpnext_major(struct target *t)
{
	struct erpnext *erp = t->state;

	if (erp->major == 0)
		read_versions(t);
	return erp->major > 0 ? erp->major : 15;
}

/* ---- check ------------------------------------------------------------ */

/* Whether a second document of the same reference is refused there. */
static bool
is_unique(const cJSON *root, const char *field)
{
	const cJSON *docs = json_at(root, "docs"), *one;

	cJSON_ArrayForEach(one, json_at(cJSON_GetArrayItem(docs, 0),
	    "fields")) {
		if (strcmp(json_word(one, "fieldname"), field) == 0)
			return strcmp(json_word(one, "unique"), "1") == 0;
	}
	return false;
}

static bool
check_unique(struct target *t, struct arena *arena,
    struct target_found *found, struct err *e)
{
	const struct erpnext *erp = t->state;
	struct erpnext_answer answer;
	bool ok = erpnext_ask(t, "GET", "/api/method/"
	    "frappe.desk.form.load.getdoctype?doctype=Journal%20Entry",
	    SPAN(""), arena, &answer, e);

	if (ok && (answer.http.status != 200 ||
	    !is_unique(answer.root, erp->book.field)))
		fault_add(found, REFUSAL_DUPLICATE, "field", erp->book.field,
		    "the field is not unique there, so that ERPNext itself"
		    " would not refuse a second one");
	erpnext_done(&answer);
	return ok;
}

static bool
check_year(struct target *t, struct arena *arena, struct target_found *found,
    struct err *e)
{
	const char *today = arena_strdup(arena,
	    day_from_time(clock_now()).text);
	struct erpnext_query query = { .doctype = "Fiscal Year",
	    .fields = "[\"name\"]", .limit = 1 };
	struct erpnext_answer answer;
	const cJSON *rows;
	struct str filters;
	struct json j;
	bool ok;

	str_init(&filters, 1024);
	json_start(&j, &filters);
	json_open(&j, '[');
	erpnext_filter(&j, "year_start_date", "<=", today);
	erpnext_filter(&j, "year_end_date", ">=", today);
	erpnext_filter(&j, "disabled", "=", "0");
	json_close(&j, ']');
	query.filters = str_span(&filters);
	ok = erpnext_rows(t, &query, arena, &answer, &rows, e);
	if (ok && cJSON_GetArraySize(rows) == 0)
		fault_add(found, REFUSAL_PERIOD, "fiscal year", today,
		    "no fiscal year has this day there");
	str_free(&filters);
	erpnext_done(&answer);
	return ok;
}

bool
erpnext_check(struct target *t, struct arena *arena,
    struct target_found *found, struct err *e)
{
	struct erpnext *erp = t->state;

	*found = (struct target_found){ .company = t->conf->company,
	    .product = "ERPNext", .currency = "",
	    .faults = arena_alloc(arena, FOUND_FAULTS *
	    sizeof *found->faults) };
	erp->ready = false;
	if (!erpnext_ready(t, e))
		return false;
	(void)erpnext_major(t);
	if (erp->product[0] != '\0')
		found->product = arena_strdup(arena, erp->product);
	found->currency = arena_strdup(arena, erp->book.currency);
	if (map_count(erp->book.names) == 0)
		fault_add(found, REFUSAL_MAPPING, "company", t->conf->company,
		    "it has no account there");
	return check_unique(t, arena, found, e) &&
	    check_year(t, arena, found, e);
}
