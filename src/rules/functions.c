/*
 * What a rule may call: a list of SQLite's own deterministic functions, and
 * ours, which alone make integers of amounts and which turn what is missing
 * into findings instead of failing.
 */
#include <stdlib.h>

#include "book/money.h"
#include "book/quantity.h"
#include "core/rx.h"
#include "rules/sandbox.h"

static const char *const allowed[] = {
	/* of SQLite */
	"->", "->>", "abs", "coalesce", "concat", "count", "glob",
	"group_concat", "ifnull", "iif", "instr", "json", "json_array",
	"json_array_length", "json_each", "json_extract", "json_group_array",
	"json_object", "json_tree", "json_type", "json_valid", "length",
	"like", "lower", "ltrim", "max", "min", "nullif", "replace",
	"row_number", "rtrim", "substr", "substring", "sum", "trim",
	"typeof", "upper",
	/* ours */
	"allowed", "cost", "day", "decimal", "finding", "known", "lookup",
	"minor", "need", "paise", "rx", "url",
};

bool
function_allowed(const char *name)
{
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (strcmp(allowed[i], name) == 0)
			return true;
	return false;
}

static const char *
text_of(sqlite3_value *value)
{
	return sqlite3_value_type(value) == SQLITE_NULL ? NULL :
	    (const char *)sqlite3_value_text(value);
}

static const char *
text_or(sqlite3_value *value, const char *other)
{
	const char *text = text_of(value);

	return text != NULL ? text : other;
}

static void
add(sqlite3_context *ctx, enum finding_code code, const char *value,
    const char *field)
{
	struct sandbox *sandbox = sqlite3_user_data(ctx);

	if (sandbox->findings != NULL)
		finding_add(sandbox->findings, sandbox->arena, code, value,
		    field, "");
}

/* Every JSON number reaches a rule as text. What SQLite holds as a number was
 * true or false, or came out of arithmetic: neither is an amount. */
static const char *
amount_text(sqlite3_value *value, bool *exact)
{
	*exact = sqlite3_value_type(value) == SQLITE_TEXT;
	if (sqlite3_value_type(value) != SQLITE_INTEGER)
		return text_of(value);
	return sqlite3_value_int(value) != 0 ? "true" : "false";
}

/* paise(text, currency [, field]): exact minor units. Null stays null, since
 * absent is not zero; need() says what may not be absent. */
static void
fn_paise(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	bool exact;
	const char *text = amount_text(args[0], &exact);
	const char *currency = text_of(args[1]);
	const char *field = n > 2 ? text_or(args[2], "") : "";
	struct money m;

	if (text == NULL || currency == NULL)
		return;
	if (!exact) {
		add(ctx, FIND_AMOUNT, text, field);
	} else if (money_exponent(currency) < 0) {
		add(ctx, FIND_CURRENCY, currency, field);
	} else if (!money_parse(span_of(text), currency, &m)) {
		add(ctx, FIND_AMOUNT, text, field);
	} else {
		sqlite3_result_int64(ctx, m.minor);
	}
}

/* minor(text [, field]): a whole number of minor units. */
static void
fn_minor(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	bool exact;
	const char *text = amount_text(args[0], &exact);
	const char *field = n > 1 ? text_or(args[1], "") : "";
	struct money m;

	if (text == NULL)
		return;
	/* The yen has no decimals: its parser takes whole numbers only. */
	if (!exact || !money_parse(span_of(text), "JPY", &m))
		add(ctx, FIND_AMOUNT, text, field);
	else
		sqlite3_result_int64(ctx, m.minor);
}

/* need(value, field): the value; absent or empty is a finding. */
static void
fn_need(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	const char *text = text_of(args[0]);
	const char *field = text_or(args[1], "");

	(void)n;
	if (text == NULL || text[0] == '\0')
		add(ctx, FIND_SCHEMA, field, field);
	else
		sqlite3_result_value(ctx, args[0]);
}

static const struct {
	const char *dimension;
	enum finding_code code;
} misses[] = {
	{ "entity", FIND_ENTITY }, { "account", FIND_ACCOUNT },
	{ "cost_centre", FIND_COST_CENTRE }, { "tax_code", FIND_TAX_CODE },
	{ "currency", FIND_CURRENCY }, { "party", FIND_PARTY },
	{ "item", FIND_ITEM }, { "location", FIND_LOCATION },
};

static void
miss(sqlite3_context *ctx, const char *dimension, const char *value,
    const char *field)
{
	for (size_t i = 0; i < sizeof misses / sizeof *misses; i++) {
		if (strcmp(misses[i].dimension, dimension) == 0) {
			add(ctx, misses[i].code, value, field);
			return;
		}
	}
	sqlite3_result_error(ctx, "lookup: no such dimension", -1);
}

/* lookup(dimension, value [, field]): the code it maps to, or a finding. */
static void
fn_lookup(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	struct sandbox *sandbox = sqlite3_user_data(ctx);
	const char *dimension = text_or(args[0], "");
	const char *value = text_of(args[1]);
	const char *field = n > 2 ? text_or(args[2], dimension) : dimension;
	const char *code = NULL;

	if (value == NULL)
		return;
	if (sandbox->reference != NULL)
		code = reference_lookup(sandbox->reference, sandbox->source,
		    dimension, value);
	if (code != NULL)
		sqlite3_result_text(ctx, code, -1, SQLITE_TRANSIENT);
	else
		miss(ctx, dimension, value, field);
}

/* known(dimension, value): the code it maps to, or null without a finding. A
 * name of ours (@bank) that nobody mapped is no drift of a sender. */
static void
fn_known(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	struct sandbox *sandbox = sqlite3_user_data(ctx);
	const char *value = text_of(args[1]), *code;

	(void)n;
	if (value == NULL || sandbox->reference == NULL)
		return;
	code = reference_lookup(sandbox->reference, sandbox->source,
	    text_or(args[0], ""), value);
	if (code != NULL)
		sqlite3_result_text(ctx, code, -1, SQLITE_TRANSIENT);
	else if (sandbox->findings != NULL && value[0] != '\0' &&
	    value[0] != '@')
		finding_miss(sandbox->findings, sandbox->arena,
		    text_or(args[0], ""), value);
}

/* Vendors also send Unix seconds. */
static bool
day_of_seconds(const char *text, struct day *out)
{
	size_t n = strlen(text);

	if (n < 9 || n > 10 || strspn(text, "0123456789") != n)
		return false;
	*out = day_from_time(strtoll(text, NULL, 10) * 1000000);
	return true;
}

/* day(text [, field]): the day in IST of a day, RFC 3339 time or Unix time. */
static void
fn_day(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	const char *text = text_of(args[0]);
	struct day day;

	if (text == NULL)
		return;
	if (day_from_text(span_of(text), &day) || day_of_seconds(text, &day))
		sqlite3_result_text(ctx, day.text, -1, SQLITE_TRANSIENT);
	else
		add(ctx, FIND_DATE, text, n > 1 ? text_or(args[1], "") : "");
}

/* cost(item, quantity, date [, field]): value at standard cost in minor units
 * of the base currency; null when the item has no cost. */
static void
fn_cost(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	struct sandbox *sandbox = sqlite3_user_data(ctx);
	const char *item = text_of(args[0]), *text = text_of(args[1]);
	const char *date = text_of(args[2]);
	int64_t quantity, each, value;
	struct day day;

	if (item == NULL || text == NULL || date == NULL ||
	    sandbox->reference == NULL || !day_parse(span_of(date), &day) ||
	    !reference_cost(sandbox->reference, item, day, &each))
		return;
	if (quantity_parse(span_of(text), &quantity) &&
	    quantity_value(quantity, each, &value))
		sqlite3_result_int64(ctx, value);
	else
		add(ctx, FIND_AMOUNT, text, n > 3 ? text_or(args[3], "") : "");
}

/* allowed(account, field [, 'listed']): the account; a finding unless the
 * sender may post to it. `events` is who runs the books, over the socket; with
 * 'listed' whoever has no grant at all is free, too. */
static void
fn_allowed(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	struct sandbox *sandbox = sqlite3_user_data(ctx);
	const struct reference *r = sandbox->reference;
	const char *account = text_of(args[0]), *source = sandbox->source;

	if (account == NULL)
		return;
	sqlite3_result_value(ctx, args[0]);
	if (r == NULL || strcmp(source, "events") == 0 ||
	    (n > 2 && !reference_has_grants(r, source)) ||
	    reference_granted(r, source, account))
		return;
	add(ctx, FIND_FORBIDDEN, account, text_or(args[1], ""));
}

/* finding(code, value, field): null, and the finding. */
static void
fn_finding(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	enum finding_code code;

	(void)n;
	if (finding_find(text_or(args[0], ""), &code))
		add(ctx, code, text_or(args[1], ""), text_or(args[2], ""));
	else
		sqlite3_result_error(ctx, "finding: no such code", -1);
}

#define PATTERNS_MAX 200

static const struct rx *
pattern(struct sandbox *sandbox, const char *text, struct err *e)
{
	struct rx *rx = map_find(sandbox->patterns, span_of(text));

	if (rx != NULL)
		return rx;
	if (map_count(sandbox->patterns) >= PATTERNS_MAX) {
		err_set(e, ERR_RULE, "more than %d patterns", PATTERNS_MAX);
		return NULL;
	}
	if (!rx_new(&rx, span_of(text), false, e))
		return NULL;
	map_set(sandbox->patterns, span_of(text), rx);
	return rx;
}

/* rx(pattern, text): 1 when it matches somewhere. */
static void
fn_rx(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	const char *text = text_of(args[1]);
	const struct rx *rx;
	struct err e = { 0 };

	(void)n;
	if (text == NULL)
		return;
	rx = pattern(sqlite3_user_data(ctx), text_or(args[0], ""), &e);
	if (rx == NULL)
		sqlite3_result_error(ctx, e.why, -1);
	else
		sqlite3_result_int(ctx, rx_match(rx, span_of(text)));
}

/* decimal(minor, currency): the amount as text, the way back of paise. */
static void
fn_decimal(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	const char *currency = text_of(args[1]);
	struct money m = { .minor = sqlite3_value_int64(args[0]) };
	struct str out;

	(void)n;
	if (sqlite3_value_type(args[0]) != SQLITE_INTEGER ||
	    m.minor > MONEY_MAX || m.minor < -MONEY_MAX ||
	    currency == NULL || money_exponent(currency) < 0)
		return;
	memcpy(m.currency, currency, sizeof m.currency);
	str_init(&out, 64);
	money_plain(m, &out);
	sqlite3_result_text(ctx, out.p, (int)out.n, SQLITE_TRANSIENT);
	str_free(&out);
}

/* url(text): as a part of an address may stand. */
static void
fn_url(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	const char *text = text_of(args[0]);
	struct str out;

	(void)n;
	if (text == NULL)
		return;
	str_init(&out, 1 << 16);
	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			str_addc(&out, *text);
		else
			str_addf(&out, "%%%02X", (unsigned char)*text);
	}
	if (out.over)
		sqlite3_result_error_toobig(ctx);
	else
		sqlite3_result_text(ctx, out.n > 0 ? out.p : "", (int)out.n,
		    SQLITE_TRANSIENT);
	str_free(&out);
}

static const struct {
	const char *name;
	int args;
	void (*fn)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
	{ "paise", 2, fn_paise }, { "paise", 3, fn_paise },
	{ "minor", 1, fn_minor }, { "minor", 2, fn_minor },
	{ "need", 2, fn_need },
	{ "lookup", 2, fn_lookup }, { "lookup", 3, fn_lookup },
	{ "known", 2, fn_known },
	{ "day", 1, fn_day }, { "day", 2, fn_day },
	{ "cost", 3, fn_cost }, { "cost", 4, fn_cost },
	{ "allowed", 2, fn_allowed }, { "allowed", 3, fn_allowed },
	{ "finding", 3, fn_finding },
	{ "rx", 2, fn_rx },
	{ "decimal", 2, fn_decimal }, { "url", 1, fn_url },
};

void
functions_add(struct sandbox *sandbox)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (sqlite3_create_function_v2(sandbox->db,
		    functions[i].name, functions[i].args, SQLITE_UTF8,
		    sandbox, functions[i].fn, NULL, NULL, NULL) != SQLITE_OK)
			bug("function %s", functions[i].name);
}
