/* Asking Odoo, and what is asked of a company: its number, currency, lock
 * dates, and the numbers that its records have. Called by odoo.c and
 * odoo_find.c. */
#include "targets/odoo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/map.h"

#define KEPT (INT64_C(300) * 1000000)
#define LEARN 200		/* names of one question */
#define BODY_MAX ((size_t)4 << 20)

static const struct {
	const char *model, *field;
} kinds[ODOO_KINDS] = {
	[ODOO_ACCOUNT] = { "account.account", "code" },
	[ODOO_PARTNER] = { "res.partner", "ref" },
	[ODOO_ANALYTIC] = { "account.analytic.account", "code" },
	[ODOO_JOURNAL] = { "account.journal", "code" },
	[ODOO_CURRENCY] = { "res.currency", "name" },
};

/* ---- asking ----------------------------------------------------------- */

void
odoo_begin(struct target *t, struct json *j, struct str *body)
{
	const struct odoo *odoo = t->state;

	str_clear(body);
	json_start(j, body);
	json_open(j, '{');
	json_key(j, "context");
	json_open(j, '{');
	json_kstr(j, "lang", "en_US");
	if (odoo->company > 0) {
		json_key(j, "allowed_company_ids");
		json_open(j, '[');
		json_int(j, odoo->company);
		json_close(j, ']');
	}
	json_close(j, '}');
}

static bool
ask(struct target *t, const char *verb, const char *path, struct span body,
    struct arena *arena, struct odoo_answer *answer, struct err *e)
{
	const struct odoo *odoo = t->state;
	struct target_request request = { .method = verb, .path = path,
	    .headers = odoo->headers, .n_headers = odoo->n_headers,
	    .type = "application/json; charset=utf-8", .body = body };
	unsigned char digest[SHA256_SIZE];
	struct err none = { 0 };
	struct str text;
	bool ok;

	*answer = (struct odoo_answer){ .type = "", .words = "" };
	digest_sha256(body, digest);
	digest_hex(digest, SHA256_SIZE, answer->sent);
	str_init(&text, ANSWER_MAX);
	ok = target_ask(t, &request, &answer->http, &text, e);
	if (ok && text.n > 0)
		answer->root = json_bounded(str_span(&text), ANSWER_VALUES,
		    &none);
	if (ok && answer->http.status >= 300)
		odoo_read_fault(answer->root, arena, &answer->type,
		    &answer->words);
	if (ok && answer->http.status >= 300 && *answer->words == '\0')
		answer->words = arena_printf(arena, "HTTP %d %s",
		    answer->http.status, answer->type);
	str_free(&text);
	return ok;
}

bool
odoo_ask(struct target *t, const char *method, const struct str *body,
    struct arena *arena, struct odoo_answer *answer, struct err *e)
{
	*answer = (struct odoo_answer){ .type = "", .words = "" };
	if (body->over)
		return err_set(e, ERR_TOO_LARGE, "too much for one call");
	return ask(t, "POST", arena_printf(arena, "/json/2/%s", method),
	    str_span(body), arena, answer, e);
}

void
odoo_done(struct odoo_answer *answer)
{
	cJSON_Delete(answer->root);
	answer->root = NULL;
}

bool
odoo_rows(struct target *t, const char *method, const struct str *body,
    struct arena *arena, struct odoo_answer *answer, struct err *e)
{
	static const struct { int status; enum err_code code; } codes[] = {
		{ 401, ERR_UNAUTHENTIC }, { 403, ERR_FORBIDDEN },
		{ 404, ERR_NOT_FOUND }, { 429, ERR_LIMIT } };
	enum err_code code = ERR_UNREACHABLE;

	if (!odoo_ask(t, method, body, arena, answer, e))
		return false;
	if (answer->http.status == 200 && cJSON_IsArray(answer->root))
		return true;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].status == answer->http.status)
			code = codes[i].code;
	return err_set(e, code, "%s: %.300s", method,
	    answer->http.status < 300 ? "not an answer of Odoo" :
	    answer->words);
}

static void
put_ids(struct json *j, const int64_t *ids, size_t n)
{
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		json_int(j, ids[i]);
	json_close(j, ']');
}

static void
put_texts(struct json *j, const char *const *texts, size_t n)
{
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		json_str(j, texts[i]);
	json_close(j, ']');
}

static void
term_begin(struct json *j, const char *field, const char *op)
{
	json_open(j, '[');
	json_str(j, field);
	json_str(j, op);
}

void
odoo_term(struct json *j, const char *field, const char *op,
    const char *value)
{
	term_begin(j, field, op);
	json_str(j, value);
	json_close(j, ']');
}

void
odoo_term_int(struct json *j, const char *field, const char *op,
    int64_t value)
{
	term_begin(j, field, op);
	json_int(j, value);
	json_close(j, ']');
}

void
odoo_term_ids(struct json *j, const char *field, const int64_t *ids,
    size_t n)
{
	term_begin(j, field, "in");
	put_ids(j, ids, n);
	json_close(j, ']');
}

void
odoo_term_texts(struct json *j, const char *field, const char *const *texts,
    size_t n)
{
	term_begin(j, field, "in");
	put_texts(j, texts, n);
	json_close(j, ']');
}

void
odoo_ids(struct json *j, const int64_t *ids, size_t n)
{
	json_key(j, "ids");
	put_ids(j, ids, n);
}

void
odoo_texts(struct json *j, const char *key, const char *const *texts,
    size_t n)
{
	json_key(j, key);
	put_texts(j, texts, n);
}

/* ---- the company ------------------------------------------------------ */

static struct day
day_of(const cJSON *row, const char *member)
{
	struct day day = { "" };

	if (!day_parse(span_of(json_word(row, member)), &day))
		day.text[0] = '\0';
	return day;
}

static bool
read_company(struct target *t, const cJSON *row, struct err *e)
{
	struct odoo *odoo = t->state;
	const cJSON *currency = cJSON_GetArrayItem(json_at(row,
	    "currency_id"), 1);
	struct day hard = day_of(row, "user_hard_lock_date");

	odoo->company = odoo_id(json_at(row, "id"));
	if (odoo->company == 0 || !cJSON_IsString(currency) ||
	    strlen(currency->valuestring) != 3)
		return err_set(e, ERR_NOT_FOUND, "res.company: none is"
		    " named %.100s", t->conf->company);
	snprintf(odoo->names.currency, sizeof odoo->names.currency, "%s",
	    currency->valuestring);
	odoo->closed = day_of(row, "user_fiscalyear_lock_date");
	if (strcmp(hard.text, odoo->closed.text) > 0)
		odoo->closed = hard;
	return true;
}

static bool
ask_company(struct target *t, struct err *e)
{
	static const char *const fields[] = { "name", "currency_id",
	    "user_fiscalyear_lock_date", "user_hard_lock_date" };
	struct arena *arena = arena_new();
	struct odoo_answer answer;
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	json_key(&j, "domain");
	json_open(&j, '[');
	odoo_term(&j, "name", "=", t->conf->company);
	json_close(&j, ']');
	odoo_texts(&j, "fields", fields, sizeof fields / sizeof *fields);
	json_kint(&j, "limit", 2);
	json_close(&j, '}');
	ok = odoo_rows(t, "res.company/search_read", &body, arena, &answer,
	    e) && read_company(t, cJSON_GetArrayItem(answer.root, 0), e);
	odoo_done(&answer);
	str_free(&body);
	arena_free(&arena);
	return ok;
}

bool
odoo_ready(struct target *t, struct err *e)
{
	struct odoo *odoo = t->state;

	if (odoo->company > 0 && clock_mono() - odoo->read < KEPT)
		return true;
	odoo_names_end(&odoo->names);
	arena_reset(odoo->arena);
	odoo_names_begin(&odoo->names, odoo->arena);
	odoo->company = 0;
	odoo->read = clock_mono();
	return ask_company(t, e);
}

/* ---- names ------------------------------------------------------------ */

/* searched, or only read. */
static bool
ask_names(struct target *t, enum odoo_kind kind, bool searched,
    const struct str *body, struct arena *arena, struct err *e)
{
	struct odoo *odoo = t->state;
	struct odoo_answer answer;
	const cJSON *row;
	bool ok = odoo_rows(t, arena_printf(arena, "%s/%s",
	    kinds[kind].model, searched ? "search_read" : "read"), body,
	    arena, &answer, e);

	if (ok)
		cJSON_ArrayForEach(row, answer.root) {
			odoo_names_add(&odoo->names, kind,
			    odoo_id(json_at(row, "id")),
			    json_word(row, kinds[kind].field), searched);
		}
	odoo_done(&answer);
	return ok;
}

static bool
learn_codes(struct target *t, enum odoo_kind kind, const char *const *codes,
    size_t n, struct arena *arena, struct err *e)
{
	const struct odoo *odoo = t->state;
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	json_key(&j, "domain");
	json_open(&j, '[');
	odoo_term_texts(&j, kinds[kind].field, codes, n);
	if (kind == ODOO_JOURNAL)
		odoo_term_int(&j, "company_id", "=", odoo->company);
	json_close(&j, ']');
	odoo_texts(&j, "fields", &kinds[kind].field, 1);
	json_close(&j, '}');
	ok = ask_names(t, kind, true, &body, arena, e);
	str_free(&body);
	return ok;
}

/* Read, not searched: archived ones are in old moves, too. */
static bool
learn_ids(struct target *t, enum odoo_kind kind, const int64_t *ids,
    size_t n, struct arena *arena, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	odoo_ids(&j, ids, n);
	odoo_texts(&j, "fields", &kinds[kind].field, 1);
	json_close(&j, '}');
	ok = ask_names(t, kind, false, &body, arena, e);
	str_free(&body);
	return ok;
}

bool
odoo_learn_codes(struct target *t, enum odoo_kind kind,
    const char *const *codes, size_t n, struct arena *arena, struct err *e)
{
	const struct odoo *odoo = t->state;
	const char *some[LEARN];
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool had = *codes[i] == '\0' ||
		    odoo_by_code(&odoo->names, kind, codes[i]) != NULL;

		for (size_t m = 0; !had && m < k; m++)
			had = strcmp(some[m], codes[i]) == 0;
		if (!had)
			some[k++] = codes[i];
		if (k == LEARN) {
			if (!learn_codes(t, kind, some, k, arena, e))
				return false;
			k = 0;
		}
	}
	return k == 0 || learn_codes(t, kind, some, k, arena, e);
}

bool
odoo_learn_ids(struct target *t, enum odoo_kind kind, const int64_t *ids,
    size_t n, struct arena *arena, struct err *e)
{
	const struct odoo *odoo = t->state;
	int64_t some[LEARN];
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool had = ids[i] == 0 ||
		    odoo_by_id(&odoo->names, kind, ids[i]) != NULL;

		for (size_t m = 0; !had && m < k; m++)
			had = some[m] == ids[i];
		if (!had)
			some[k++] = ids[i];
		if (k == LEARN) {
			if (!learn_ids(t, kind, some, k, arena, e))
				return false;
			k = 0;
		}
	}
	return k == 0 || learn_ids(t, kind, some, k, arena, e);
}

/* ---- check ------------------------------------------------------------ */

static bool
ask_version(struct target *t, struct arena *arena,
    struct target_found *found, struct err *e)
{
	struct odoo_answer answer;
	bool ok = ask(t, "GET", "/web/version", SPAN(""), arena, &answer, e);

	if (ok && answer.http.status == 200)
		found->product = arena_printf(arena, "Odoo %s",
		    words_of(span_of(json_word(answer.root, "version")),
		    arena));
	odoo_done(&answer);
	return ok;
}

static bool
check_book(struct target *t, struct arena *arena, struct target_found *found,
    struct err *e)
{
	const struct odoo *odoo = t->state;
	const char *book = options_text(t->conf->options, "book");

	if (*book == '\0') {
		fault_add(found, REFUSAL_MAPPING, "book", "", "no journal is"
		    " named for what no mapping names one");
		return true;
	}
	if (!odoo_learn_codes(t, ODOO_JOURNAL, &book, 1, arena, e))
		return false;
	if (odoo_by_code(&odoo->names, ODOO_JOURNAL, book) == NULL)
		fault_add(found, REFUSAL_MAPPING, "book", book,
		    "no journal has this code there");
	return true;
}

static bool
check_accounts(struct target *t, struct arena *arena,
    struct target_found *found, struct err *e)
{
	static const char *const fields[] = { "code" };
	struct odoo_answer answer;
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	json_key(&j, "domain");
	json_open(&j, '[');
	json_close(&j, ']');
	odoo_texts(&j, "fields", fields, 1);
	json_kint(&j, "limit", 1);
	json_close(&j, '}');
	ok = odoo_rows(t, "account.account/search_read", &body, arena,
	    &answer, e);
	if (ok && cJSON_GetArraySize(answer.root) == 0)
		fault_add(found, REFUSAL_MAPPING, "company", t->conf->company,
		    "it has no account there");
	odoo_done(&answer);
	str_free(&body);
	return ok;
}

bool
odoo_check(struct target *t, struct arena *arena,
    struct target_found *found, struct err *e)
{
	struct odoo *odoo = t->state;

	*found = (struct target_found){ .company = t->conf->company,
	    .product = "Odoo", .currency = "",
	    .faults = arena_alloc(arena, FOUND_FAULTS *
	    sizeof *found->faults) };
	odoo->company = 0;
	if (!ask_version(t, arena, found, e) || !odoo_ready(t, e))
		return false;
	found->currency = arena_strdup(arena, odoo->names.currency);
	if (odoo->closed.text[0] != '\0' &&
	    strcmp(odoo->closed.text, day_from_time(clock_now()).text) >= 0)
		fault_add(found, REFUSAL_PERIOD, "lock date",
		    arena_strdup(arena, odoo->closed.text),
		    "it is closed there up to this day");
	return check_book(t, arena, found, e) &&
	    check_accounts(t, arena, found, e);
}
