/*
 * What Tally is asked: collections, each defined in the request itself, so
 * that nothing has to be installed there. An answer that is no collection is
 * no word, never "there is none".
 */
#include "targets/tally.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "core/clock.h"

#define FIND_MAX 20		/* references of one formula */
#define REQUEST_MAX ((size_t)64 << 10)
#define LEDGERS_MAX 200000
#define GROUPS_DEEP 32

static const char voucher_fields[] = "Date, VoucherTypeName, VoucherNumber, "
    "Narration, Guid, MasterId, AlterId, AlteredBy, IsCancelled, IsOptional, "
    "AllLedgerEntries";

bool
tally_post(struct target *target, const struct str *body,
    struct arena *arena, const struct xml_node **root,
    struct fetch_answer *answer, struct err *e)
{
	struct target_request request = {
	    .method = "POST", .path = "", .body = str_span(body),
	    .type = "text/xml; charset=utf-8"
	};
	struct str text;
	bool ok;

	*root = NULL;
	*answer = (struct fetch_answer){ 0 };
	if (body->over)
		return err_set(e, ERR_TOO_LARGE, "a request too large");
	str_init(&text, ANSWER_MAX);
	ok = target_ask(target, &request, answer, &text, e) &&
	    (answer->status < 200 || answer->status > 299 ||
	    xml_read(str_span(&text), arena, root, e));
	str_free(&text);
	return ok;
}

/* ---- collections ------------------------------------------------------ */

struct query {
	const char *type, *fields;
	const char *formula;		/* NULL: all */
	const char *company;		/* "": whichever is open */
	const char *from, *to;		/* "": not said */
};

static void
put_variable(struct str *out, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	str_addf(out, "<%s>", name);
	xml_put(out, value);
	str_addf(out, "</%s>\n", name);
}

static void
put_query(struct str *out, const struct query *q)
{
	str_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<ENVELOPE>\n<HEADER><VERSION>1</VERSION>"
	    "<TALLYREQUEST>Export</TALLYREQUEST><TYPE>Collection</TYPE>"
	    "<ID>Bahi Rows</ID></HEADER>\n<BODY><DESC><STATICVARIABLES>\n"
	    "<SVEXPORTFORMAT>$$SysName:XML</SVEXPORTFORMAT>\n");
	put_variable(out, "SVCURRENTCOMPANY", q->company);
	put_variable(out, "SVFROMDATE", q->from);
	put_variable(out, "SVTODATE", q->to);
	str_addf(out, "</STATICVARIABLES>\n<TDL><TDLMESSAGE>\n"
	    "<COLLECTION NAME=\"Bahi Rows\" ISMODIFY=\"No\">\n"
	    "<TYPE>%s</TYPE>\n<FETCH>%s</FETCH>\n", q->type, q->fields);
	if (q->formula != NULL) {
		str_adds(out, "<FILTERS>BahiOnly</FILTERS>\n</COLLECTION>\n"
		    "<SYSTEM TYPE=\"Formulae\" NAME=\"BahiOnly\">");
		xml_put(out, q->formula);
		str_adds(out, "</SYSTEM>\n");
	} else
		str_adds(out, "</COLLECTION>\n");
	str_adds(out, "</TDLMESSAGE></TDL></DESC></BODY>\n</ENVELOPE>\n");
}

static bool
refused(const struct xml_node *root, const struct fetch_answer *answer,
    struct arena *arena, struct err *e)
{
	struct tally_result result;

	if (answer->status < 200 || answer->status > 299)
		return err_set(e, ERR_UNREACHABLE, "it answered %d",
		    answer->status);
	tally_result_read(root, arena, &result);
	return err_set(e, ERR_UNREACHABLE, "no rows came: %.300s",
	    *result.words != '\0' ? result.words : "not what was asked for");
}

static bool
ask(struct target *target, const struct query *q, struct arena *arena,
    const struct xml_node **rows, struct err *e)
{
	const struct xml_node *root;
	struct fetch_answer answer;
	struct str body;
	bool ok;

	str_init(&body, REQUEST_MAX);
	put_query(&body, q);
	ok = tally_post(target, &body, arena, &root, &answer, e);
	str_free(&body);
	if (!ok)
		return false;
	*rows = tally_rows(root);
	return *rows != NULL || refused(root, &answer, arena, e);
}

static const char *
name_of(const struct xml_node *node, struct arena *arena)
{
	const char *name = xml_text(node, "NAME");

	return tally_name(*name != '\0' ? name : node->title, arena);
}

/* ---- the company ------------------------------------------------------ */

static void
set_currency(struct tally *tally, const char *said)
{
	static const char *const rupees[] = { "\xe2\x82\xb9", "Rs.", "Rs",
	    "INR", "?", NULL };		/* the sign is in no code page */

	for (size_t i = 0; rupees[i] != NULL; i++)
		if (strcmp(said, rupees[i]) == 0)
			said = "INR";
	tally->told = money_exponent(said) >= 0;
	memcpy(tally->currency, tally->told ? said : "INR", 4);
}

static void
set_days(struct tally *tally, const struct xml_node *node)
{
	struct day first;
	const char *from = xml_text(node, "BOOKSFROM");

	if (*from == '\0')
		from = xml_text(node, "STARTINGFROM");
	if (!tally_day_read(from, &first))
		memcpy(first.text, "1990-04-01", sizeof first.text);
	tally_day(first, tally->from);
}

/* The end of the next financial year, as of now: a handle lives for years. */
static void
last_day(char out[9])
{
	struct day today = day_from_time(clock_now());
	unsigned year = 0;

	for (int i = 0; i < 4; i++)
		year = year * 10 + (unsigned)(today.text[i] - '0');
	snprintf(out, 9, "%04u0331", (year + 2) % 10000);
}

static void
keep_company(struct target *target, const struct xml_node *node,
    const char *name)
{
	struct tally *tally = target->state;
	size_t n = strlen(name);

	if (n >= sizeof tally->company)
		return;
	memcpy(tally->company, name, n + 1);
	set_currency(tally, xml_text(node, "CURRENCYNAME"));
	set_days(tally, node);
	tally->known = true;
}

bool
tally_learn(struct target *target, struct arena *arena, const char **names,
    size_t *n, struct err *e)
{
	static const char fields[] = "Name, BooksFrom, StartingFrom, "
	    "CurrencyName";
	struct tally *tally = target->state;
	struct query q = { "Company", fields, NULL, "", "", "" };
	const struct xml_node *rows, *node = NULL, *only = NULL;
	const char *company = target->conf->company;

	*n = 0;
	tally->known = false;
	if (!ask(target, &q, arena, &rows, e))
		return false;
	while (*n < TALLY_COMPANIES_MAX &&
	    (node = xml_next(rows, node, "COMPANY")) != NULL) {
		const char *name = name_of(node, arena);

		names[(*n)++] = name;
		only = node;
		if (strcasecmp(name, company) == 0)
			keep_company(target, node, name);
	}
	if (!tally->known && *company == '\0' && *n == 1)
		keep_company(target, only, names[0]);
	return true;
}

bool
tally_be_known(struct target *target, struct arena *arena, struct err *e)
{
	const char *names[TALLY_COMPANIES_MAX];
	struct tally *tally = target->state;
	size_t n;

	if (tally->known)
		return true;
	if (!tally_learn(target, arena, names, &n, e))
		return false;
	return tally->known || err_set(e, ERR_UNREACHABLE,
	    *target->conf->company != '\0' ?
	    "this company is not open in Tally: %.200s" :
	    "not one company alone is open in Tally%s",
	    target->conf->company);
}

/* ---- vouchers --------------------------------------------------------- */

/* What cannot be read and is not ours is left out of a list: a stock journal,
 * say. Of what was asked for nothing is left out. */
static bool
read_rows(const struct xml_node *rows, bool asked, const char *currency,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	const struct xml_node *node = NULL;
	size_t n = 0;

	*n_out = 0;
	while ((node = xml_next(rows, node, "VOUCHER")) != NULL)
		n++;
	*out = arena_alloc(arena, sizeof **out * (n + 1));
	while ((node = xml_next(rows, node, "VOUCHER")) != NULL) {
		struct remote *remote = &(*out)[*n_out];

		if (tally_voucher_read(node, currency, arena, remote))
			(*n_out)++;
		else if (asked || *remote->reference != '\0')
			return err_set(e, ERR_UNREACHABLE,
			    "a voucher cannot be read: %.60s",
			    remote->narration);
	}
	return true;
}

bool
tally_vouchers(struct target *target, const char *from, const char *to,
    const char *formula, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	struct tally *tally = target->state;
	struct query q = { "Voucher", voucher_fields, formula,
	    tally->company, from, to };
	const struct xml_node *rows;
	char last[9];

	*n_out = 0;
	if (!tally_be_known(target, arena, e))
		return false;
	if (*from == '\0') {
		last_day(last);
		q.from = tally->from;
		q.to = last;
	}
	return ask(target, &q, arena, &rows, e) &&
	    read_rows(rows, formula != NULL, tally->currency, arena, out,
	    n_out, e);
}

static bool
find_some(void *asking, size_t at, size_t n, struct err *e)
{
	struct searching *s = asking;
	const char *const *references = s->references + at;
	struct remote *some;
	struct str formula;
	size_t n_some, kept = 0;
	bool ok;

	str_init(&formula, REQUEST_MAX);
	for (size_t i = 0; i < n; i++)
		str_addf(&formula, "%s($Narration CONTAINS \"%s\")",
		    i > 0 ? " OR " : "", references[i]);
	ok = tally_vouchers(s->target, "", "", formula.p, s->arena, &some,
	    &n_some, e);
	str_free(&formula);
	if (!ok)
		return false;
	for (size_t i = 0; i < n_some; i++)
		if (is_among(some[i].reference, references, n))
			some[kept++] = some[i];
	searching_add(s, some, kept);
	return true;
}

bool
tally_find(struct target *target, const char *const *references, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	*n_out = 0;
	return find_parts(target, references, n, FIND_MAX, find_some, arena,
	    out, n_out, e);
}

/* ---- ledgers ---------------------------------------------------------- */

static bool
read_ledger(const struct xml_node *node, const char *currency,
    struct arena *arena, struct remote_balance *out)
{
	int64_t amount;

	out->account = out->name = name_of(node, arena);
	if (*out->name == '\0' || !tally_amount_read(xml_text(node,
	    "CLOSINGBALANCE"), currency, &amount))
		return false;
	out->debit = amount > 0 ? amount : 0;
	out->credit = amount < 0 ? -amount : 0;
	return true;
}

static bool
ask_ledgers(struct target *target, const char *day, struct arena *arena,
    const struct xml_node **rows, size_t *n, struct err *e)
{
	struct tally *tally = target->state;
	struct query q = { "Ledger", "Name, Parent, ClosingBalance", NULL,
	    tally->company, *day != '\0' ? tally->from : "", day };
	const struct xml_node *node = NULL;

	*n = 0;
	if (!tally_be_known(target, arena, e) ||
	    !ask(target, &q, arena, rows, e))
		return false;
	while ((node = xml_next(*rows, node, "LEDGER")) != NULL)
		(*n)++;
	return *n <= LEDGERS_MAX || err_set(e, ERR_TOO_LARGE, "%zu ledgers",
	    *n);
}

static bool
unread(const struct xml_node *node, struct arena *arena, struct err *e)
{
	return err_set(e, ERR_UNREACHABLE, "a ledger cannot be read: %.200s",
	    words_of(span_of(node->title), arena));
}

bool
tally_ledgers(struct target *target, struct arena *arena,
    struct remote_balance **out, size_t *n_out, struct err *e)
{
	struct tally *tally = target->state;
	const struct xml_node *rows, *node = NULL;
	size_t n;

	*n_out = 0;
	if (!ask_ledgers(target, "", arena, &rows, &n, e))
		return false;
	*out = arena_alloc(arena, sizeof **out * (n + 1));
	while ((node = xml_next(rows, node, "LEDGER")) != NULL)
		if (!read_ledger(node, tally->currency, arena,
		    &(*out)[(*n_out)++]))
			return unread(node, arena, e);
	return true;
}

/* Groups and the groups that they are in. */
static bool
ask_groups(struct target *target, struct arena *arena, struct map *parents,
    struct err *e)
{
	struct tally *tally = target->state;
	struct query q = { "Group", "Name, Parent", NULL, tally->company, "",
	    "" };
	const struct xml_node *rows, *node = NULL;

	if (!ask(target, &q, arena, &rows, e))
		return false;
	while (map_count(parents) < LEDGERS_MAX &&
	    (node = xml_next(rows, node, "GROUP")) != NULL)
		map_set(parents, span_of(name_of(node, arena)),
		    arena_strdup(arena, xml_text(node, "PARENT")));
	return true;
}

/* The group of all debtors or all creditors that it is below; NULL: none. */
static const char *
parties_of(const struct map *parents, const char *group)
{
	if (parents == NULL)
		return NULL;
	for (int level = 0; group != NULL && level < GROUPS_DEEP; level++) {
		if (strcmp(group, TALLY_DEBTORS) == 0)
			return TALLY_DEBTORS;
		if (strcmp(group, TALLY_CREDITORS) == 0)
			return TALLY_CREDITORS;
		group = map_find(parents, span_of(group));
	}
	return NULL;
}

/* Those of one account are one. */
static bool
add_balance(const struct remote_balance *one, struct map *by_account,
    struct remote_balance *all, size_t *n)
{
	struct remote_balance *row = map_find(by_account,
	    span_of(one->account));
	int64_t net;

	if (row == NULL) {
		row = &all[(*n)++];
		*row = *one;
		map_set(by_account, span_of(one->account), row);
		return true;
	}
	if (__builtin_add_overflow(row->debit - row->credit,
	    one->debit - one->credit, &net) || net > MONEY_MAX ||
	    net < -MONEY_MAX)
		return false;
	row->debit = net > 0 ? net : 0;
	row->credit = net < 0 ? -net : 0;
	return true;
}

static bool
sum_ledgers(const struct xml_node *rows, const char *currency,
    const struct map *parents, struct arena *arena,
    struct remote_balance *out, size_t *n_out, struct err *e)
{
	const struct xml_node *node = NULL;
	struct map *by_account = map_new();
	bool ok = true;

	while (ok && (node = xml_next(rows, node, "LEDGER")) != NULL) {
		struct remote_balance one;
		const char *group = parties_of(parents, xml_text(node,
		    "PARENT"));

		ok = read_ledger(node, currency, arena, &one);
		if (ok && group != NULL)
			one.account = one.name = group;
		ok = (ok && add_balance(&one, by_account, out, n_out)) ||
		    unread(node, arena, e);
	}
	map_free(&by_account, NULL);
	return ok;
}

bool
tally_balances(struct target *target, struct day day, struct arena *arena,
    struct remote_balance **out, size_t *n_out, struct err *e)
{
	struct tally *tally = target->state;
	bool ledgers = strcmp(options_text(target->conf->options, "parties"),
	    "ledgers") == 0;
	const struct xml_node *rows;
	struct map *parents;
	char text[9];
	size_t n;
	bool ok;

	*n_out = 0;
	tally_day(day, text);
	if (!ask_ledgers(target, text, arena, &rows, &n, e))
		return false;
	*out = arena_alloc(arena, sizeof **out * (n + 1));
	parents = map_new();
	ok = !ledgers || ask_groups(target, arena, parents, e);
	ok = ok && sum_ledgers(rows, tally->currency, ledgers ? parents :
	    NULL, arena, *out, n_out, e);
	map_free(&parents, NULL);
	return ok;
}
