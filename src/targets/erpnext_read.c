/* ERPNext's documents and refusals as ours. Foreign bytes end here; asks
 * nobody, keeps nothing. */
#include "targets/erpnext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/json.h"
#include "core/map.h"
#include "targets/foreign.h"

#define LINES_MAX 20000		/* of one document */
#define MESSAGES_MAX 20		/* of one refusal */
#define NAME_MOST 255

/* As it is, but for what no name has. */
static const char *
name_of(const cJSON *row, const char *member, struct arena *arena)
{
	const char *text = json_word(row, member);

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f ||
		    p - text >= NAME_MOST)
			return words_of(span_of(text), arena);
	return arena_strdup(arena, text);
}

/* ---- accounts --------------------------------------------------------- */

void
erpnext_book_begin(struct erpnext_book *book, struct arena *arena,
    const char *field, bool numbers)
{
	*book = (struct erpnext_book){ .arena = arena, .field = field,
	    .numbers = numbers, .names = map_new(), .codes = map_new() };
}

void
erpnext_book_end(struct erpnext_book *book)
{
	map_free(&book->names, NULL);
	map_free(&book->codes, NULL);
}

/* By number, an account without one keeps its name. */
static const char *
code_of(const struct erpnext_book *book, const char *name, const char *number)
{
	return book->numbers && *number != '\0' ? number : name;
}

bool
erpnext_book_add(struct erpnext_book *book, const cJSON *row)
{
	const char *currency = json_word(row, "account_currency");
	struct erpnext_account *account = arena_alloc(book->arena,
	    sizeof *account);

	account->name = name_of(row, "name", book->arena);
	if (*account->name == '\0')
		return false;
	account->title = name_of(row, "account_name", book->arena);
	account->type = name_of(row, "account_type", book->arena);
	account->code = code_of(book, account->name, name_of(row,
	    "account_number", book->arena));
	snprintf(account->currency, sizeof account->currency, "%.3s",
	    *currency != '\0' ? currency : book->currency);
	map_set(book->names, span_of(account->name), account);
	map_set(book->codes, span_of(account->code), account);
	return true;
}

static const struct erpnext_account *
account_named(const struct erpnext_book *book, const char *name)
{
	return map_find(book->names, span_of(name));
}

bool
erpnext_owes(const struct erpnext_account *account)
{
	return strcmp(account->type, "Receivable") == 0 ||
	    strcmp(account->type, "Payable") == 0;
}

/* ---- parties ---------------------------------------------------------- */

static const char *
usual_type(const struct erpnext_account *account)
{
	return account != NULL && strcmp(account->type, "Payable") == 0 ?
	    "Supplier" : "Customer";
}

void
erpnext_party(const struct erpnext_account *account, const char *party,
    struct arena *arena, const char **type, const char **name)
{
	static const char *const types[] = { "Customer", "Supplier",
	    "Employee", "Shareholder" };
	const char *slash = strchr(party, '/');

	*type = usual_type(account);
	*name = party;
	for (size_t i = 0; slash != NULL && i < sizeof types / sizeof *types;
	    i++)
		if (strlen(types[i]) == (size_t)(slash - party) &&
		    memcmp(types[i], party, strlen(types[i])) == 0) {
			*type = types[i];
			*name = arena_strdup(arena, slash + 1);
		}
}

/* "[ACME] memo", where a line may not name a party. */
static void
split_remark(const char *remark, struct arena *arena,
    struct posting_line *line)
{
	const char *end = *remark == '[' ? strchr(remark, ']') : NULL;

	line->memo = arena_strdup(arena, remark);
	if (end == NULL || *line->party != '\0')
		return;
	line->party = arena_strndup(arena, remark + 1,
	    (size_t)(end - remark) - 1);
	line->memo = arena_strdup(arena, end + 1 + strspn(end + 1, " "));
}

static void
read_party(const cJSON *row, const struct erpnext_account *account,
    struct arena *arena, struct posting_line *line)
{
	const char *type = name_of(row, "party_type", arena);

	line->party = name_of(row, "party", arena);
	if (*line->party != '\0' && *type != '\0' &&
	    strcmp(type, usual_type(account)) != 0)
		line->party = arena_printf(arena, "%s/%s", type,
		    line->party);
	line->party_name = "";
	split_remark(name_of(row, "user_remark", arena), arena, line);
}

/* ---- lines ------------------------------------------------------------ */

/* An absent one is nought. */
static bool
amount_at(const cJSON *row, const char *member, const char *currency,
    int64_t *out)
{
	const char *text = json_text(row, member);

	*out = 0;
	return text == NULL || foreign_amount(text, currency, out);
}

static bool
difference(const cJSON *row, const char *debit, const char *credit,
    const char *currency, int64_t *out)
{
	int64_t less;

	if (!amount_at(row, debit, currency, out) ||
	    !amount_at(row, credit, currency, &less))
		return false;
	*out -= less;
	return true;
}

static bool
read_line(const struct erpnext_book *book, const cJSON *row,
    struct arena *arena, struct posting_line *line)
{
	const char *name = name_of(row, "account", arena);
	const struct erpnext_account *account = account_named(book, name);
	const char *currency = json_word(row, "account_currency");

	line->account = account != NULL ? arena_strdup(arena,
	    account->code) : name;
	line->ours = "";
	line->cost_centre = name_of(row, "cost_center", arena);
	line->tax_code = line->item = line->location = "";
	read_party(row, account, arena, line);
	if (money_exponent(currency) < 0)
		currency = book->currency;
	snprintf(line->currency, sizeof line->currency, "%s", currency);
	return *name != '\0' && difference(row, "debit", "credit",
	    book->currency, &line->amount) && difference(row,
	    "debit_in_account_currency", "credit_in_account_currency",
	    currency, &line->foreign);
}

bool
erpnext_read_lines(const struct erpnext_book *book, const cJSON *rows,
    const char *member, const char *value, struct arena *arena,
    struct remote *out)
{
	int all = cJSON_IsArray(rows) ? cJSON_GetArraySize(rows) : -1;
	const cJSON *row;

	out->n_lines = 0;
	out->lined = all >= 0 && all <= LINES_MAX;
	if (!out->lined)
		return false;
	out->lines = arena_alloc(arena, sizeof *out->lines *
	    ((size_t)all + 1));
	cJSON_ArrayForEach(row, rows) {
		struct posting_line *line = &out->lines[out->n_lines];

		if (member != NULL &&
		    strcmp(json_word(row, member), value) != 0)
			continue;
		if (!read_line(book, row, arena, line))
			return out->lined = false;
		out->n_lines += line->amount != 0;
	}
	return true;
}

/* ---- documents -------------------------------------------------------- */

/* "REF" or, of an amended one, "REF.2"; what is not ours is "". */
static const char *
reference_of(const char *text, struct arena *arena)
{
	const char *dot = strchr(text, '.');
	size_t n = dot != NULL ? (size_t)(dot - text) : strlen(text);
	const char *reference = arena_strndup(arena, text, n);

	if (n >= REFERENCE_MAX || posting_journal(reference) == 0)
		return "";
	if (dot == NULL)
		return reference;
	n = strlen(++dot);
	return n > 0 && n <= 4 && strspn(dot, "0123456789") == n ?
	    reference : "";
}

bool
erpnext_read_head(const struct erpnext_book *book, const cJSON *doc,
    struct arena *arena, struct remote *out, struct erpnext_head *head)
{
	static const enum remote_state states[] = { REMOTE_DRAFT,
	    REMOTE_BOOKED, REMOTE_CANCELLED };
	const char *state = json_word(doc, "docstatus");

	*out = (struct remote){
	    .remote = name_of(doc, "name", arena),
	    .version = name_of(doc, "modified", arena),
	    .changed_by = name_of(doc, "modified_by", arena),
	    .narration = words_of(span_of(json_word(doc, "user_remark")),
	    arena),
	};
	out->number = out->remote;
	out->reference = reference_of(json_word(doc, book->field), arena);
	head->amended_from = name_of(doc, "amended_from", arena);
	if (strlen(state) != 1 || *state < '0' || *state > '2' ||
	    *out->remote == '\0' || *out->version == '\0')
		return false;
	out->state = states[*state - '0'];
	return day_parse(span_of(json_word(doc, "posting_date")), &out->date);
}

bool
erpnext_read_balances(const struct erpnext_book *book, const cJSON *rows,
    struct arena *arena, struct remote_balance **out, size_t *n)
{
	int all = cJSON_IsArray(rows) ? cJSON_GetArraySize(rows) : -1;
	const cJSON *row;

	*n = 0;
	if (all < 0)
		return false;
	*out = arena_alloc(arena, sizeof **out * ((size_t)all + 1));
	cJSON_ArrayForEach(row, rows) {
		const char *name = name_of(row, "account", arena);
		const struct erpnext_account *account = account_named(book,
		    name);
		struct remote_balance *one = &(*out)[*n];

		one->account = account != NULL ? arena_strdup(arena,
		    account->code) : name;
		one->name = account != NULL ? arena_strdup(arena,
		    account->title) : one->account;
		if (*name == '\0' || !amount_at(row, "debit", book->currency,
		    &one->debit) || !amount_at(row, "credit", book->currency,
		    &one->credit))
			return false;
		(*n)++;
	}
	return true;
}

/* ---- what was told and what is held ------------------------------------ */

void
erpnext_take(const struct posting *posting, const struct remote *remote,
    struct arena *arena, struct verdict *verdict)
{
	verdict->remote = remote->remote;
	verdict->number = remote->number;
	verdict->version = remote->version;
	verdict_held(verdict, remote->date, remote->lines, remote->n_lines);
	if (remote->state == REMOTE_BOOKED && remote_same(posting, remote))
		verdict->kind = VERDICT_DONE;
	else if (remote->state == REMOTE_BOOKED)
		verdict_refuse(verdict, REFUSAL_CONFLICT,
		    arena_printf(arena, "ERPNext booked it as %s with other"
		    " lines or another day than it was told",
		    remote->number));
	if (verdict->kind == VERDICT_DONE) {
		verdict->refusal = REFUSAL_NONE;
		verdict->words = "";
	}
}

void
erpnext_take_answer(const struct erpnext_book *book, const cJSON *root,
    const struct posting *posting, struct arena *arena,
    struct verdict *verdict)
{
	const cJSON *doc = json_at(root, "data");
	struct erpnext_head head;
	struct remote remote;

	verdict->words = "the answer is none of ERPNext";
	if (!erpnext_read_head(book, doc, arena, &remote, &head) ||
	    !erpnext_read_lines(book, json_at(doc, "accounts"), NULL, NULL,
	    arena, &remote) ||
	    strcmp(remote.reference, posting->reference) != 0)
		return;
	verdict->words = "ERPNext took it, and did not submit it";
	erpnext_take(posting, &remote, arena, verdict);
}

/* ---- refusals --------------------------------------------------------- */

/* JSON within JSON within JSON: a list of texts, each an object. */
static void
add_messages(const char *list, struct arena *arena, struct str *out)
{
	struct err none = { 0 };
	cJSON *root = json_strict(span_of(list), &none);
	const cJSON *one;
	int n = 0;

	cJSON_ArrayForEach(one, root) {
		struct err not = { 0 };
		cJSON *message;

		if (!cJSON_IsString(one) || ++n > MESSAGES_MAX)
			continue;
		message = json_strict(span_of(one->valuestring), &not);
		str_adds(out, out->n > 0 ? "; " : "");
		str_adds(out, foreign_plain(message != NULL ?
		    json_word(message, "message") : one->valuestring, arena));
		cJSON_Delete(message);
	}
	cJSON_Delete(root);
}

void
erpnext_read_fault(const cJSON *root, struct arena *arena, const char **type,
    const char **words)
{
	const char *exception = json_word(root, "exception");
	const char *colon = strstr(exception, ": ");
	struct str out;

	*type = words_of(span_of(json_word(root, "exc_type")), arena);
	str_init(&out, TARGET_WORDS * 4);
	add_messages(json_word(root, "_server_messages"), arena, &out);
	if (out.n == 0)
		str_adds(&out, foreign_plain(colon != NULL ? colon + 2 :
		    exception, arena));
	if (out.n == 0)
		str_adds(&out, foreign_plain(json_word(root, "message"),
		    arena));
	*words = words_of(str_span(&out), arena);
	str_free(&out);
}

static const struct { const char *type; enum refusal refusal; } types[] = {
	{ "LinkValidationError", REFUSAL_MAPPING },
	{ "InvalidAccountCurrency", REFUSAL_MAPPING },
	{ "InvalidCurrency", REFUSAL_MAPPING },
	{ "PartyDisabled", REFUSAL_MAPPING },
	{ "PartyFrozen", REFUSAL_MAPPING },
	{ "InvalidAccountDimensionError", REFUSAL_MAPPING },
	{ "MandatoryAccountDimensionError", REFUSAL_MAPPING },
	{ "DoesNotExistError", REFUSAL_MAPPING },
	{ "FiscalYearError", REFUSAL_PERIOD },
	{ "ClosedAccountingPeriod", REFUSAL_PERIOD },
	{ "PermissionError", REFUSAL_RIGHTS },
	{ "TimestampMismatchError", REFUSAL_CONFLICT },
	{ "DocstatusTransitionError", REFUSAL_CONFLICT },
	{ "CancelledLinkError", REFUSAL_CONFLICT },
	{ "UpdateAfterSubmitError", REFUSAL_CONFLICT },
	{ "DuplicateEntryError", REFUSAL_DUPLICATE },
	{ "UniqueValidationError", REFUSAL_DUPLICATE },
};

/* Of a bare ValidationError only the words tell; the user of bahi has English
 * there. */
static const struct { const char *words; enum refusal refusal; } hints[] = {
	{ "Books have been closed", REFUSAL_PERIOD },
	{ "not authorized to add or update entries before", REFUSAL_PERIOD },
	{ "Fiscal Year", REFUSAL_PERIOD },
	{ "Accounting Period", REFUSAL_PERIOD },
	{ "Group Account", REFUSAL_MAPPING },
	{ "group account", REFUSAL_MAPPING },
	{ "does not belong to", REFUSAL_MAPPING },
	{ "Party Type", REFUSAL_MAPPING },
	{ "Multi Currency", REFUSAL_MAPPING },
	{ "Cost Center", REFUSAL_MAPPING },
	{ "is disabled", REFUSAL_MAPPING },
	{ "is frozen", REFUSAL_MAPPING },
	{ "Could not find", REFUSAL_MAPPING },
};

static enum refusal
refusal_of(const char *type, const char *words)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].refusal;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(words, hints[i].words) != NULL)
			return hints[i].refusal;
	return REFUSAL_DATA;
}

/* Rolled back before it did anything, and good later: locks, a site that is
 * being updated. */
static bool
passes(const char *type)
{
	static const char *const names[] = { "DocumentLockedError",
	    "QueryDeadlockError", "QueryTimeoutError", "SessionStopped",
	    "InReadOnlyMode", "TooManyRequestsError", "RateLimitExceededError"
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], type) == 0)
			return true;
	return false;
}

void
erpnext_judge(const struct fetch_answer *answer, const char *type,
    const char *words, bool changing, struct verdict *verdict)
{
	verdict->words = words;
	if (!verdict_of_status(answer, verdict))
		return;
	if (passes(type)) {
		verdict->kind = VERDICT_AWAY;
		verdict->refusal = answer->status == 429 ? REFUSAL_RATE :
		    REFUSAL_CONNECTION;
	} else if (answer->status == 401) {
		/* Of us, not of what we said. */
		verdict->kind = VERDICT_AWAY;
		verdict->refusal = REFUSAL_RIGHTS;
	} else if (verdict->kind == VERDICT_REFUSED &&
	    answer->status != 403) {
		verdict_refuse(verdict, changing && answer->status == 404 ?
		    REFUSAL_CONFLICT : refusal_of(type, words), words);
	}
}
