/* What goes into the rule of a rest target, and what its rows mean. All of an
 * ERP's own texts are cleaned and cut here. */
#include "targets/rest.h"

#include <cjson/cJSON.h>

#include "core/json.h"
#include "targets/list.h"

static const char *const asking[] = { "method", "path", "headers", "body",
	"key", "absent", "rows", NULL };
static const char *const judging[] = { "outcome", "refusal", "words", "id",
	"number", "version", "reference", "date", "lines", "currency", NULL };
static const char *const holding[] = { "reference", "id", "number",
	"version", "state", "date", "narration", "changed_by", "lines",
	"currency", NULL };
static const char *const weighing[] = { "account", "name", "debit", "credit",
	"balance", "currency", NULL };
static const char *const knowing[] = { "product", "company", "currency",
	"refusal", "field", "value", "words", NULL };
static const char *const reaching[] = { "reference", NULL };
static const char *const going_on[] = { "cursor", NULL };

const struct phrase_shape rest_shapes[] = {
	{ "send", asking }, { "sent", judging },
	{ "find", asking }, { "found", holding },
	{ "reach", asking }, { "reached", reaching },
	{ "finish", asking }, { "finished", judging },
	{ "restore", asking }, { "restored", judging },
	{ "list", asking }, { "listed", holding },
	{ "balance", asking }, { "balanced", weighing },
	{ "more", going_on },
	{ "check", asking }, { "checked", knowing },
};
const size_t rest_n_shapes = sizeof rest_shapes / sizeof *rest_shapes;

/* ---- what it is given ------------------------------------------------- */

static void
add_line(struct json *j, const struct posting_line *line,
    const struct posting *posting, struct arena *arena)
{
	int64_t debit = line->amount > 0 ? line->amount : 0;

	json_open(j, '{');
	json_kstr(j, "account", line->account);
	json_kstr(j, "party", line->party);
	json_kstr(j, "party_name", line->party_name);
	json_kstr(j, "cost_centre", line->cost_centre);
	json_kstr(j, "tax_code", line->tax_code);
	json_kstr(j, "item", line->item);
	json_kstr(j, "location", line->location);
	json_kstr(j, "memo", line->memo);
	json_kstr(j, "amount", amount_text(line->amount, posting->currency,
	    arena));
	json_kstr(j, "debit", amount_text(debit, posting->currency, arena));
	json_kstr(j, "credit", amount_text(debit - line->amount,
	    posting->currency, arena));
	json_kint(j, "minor", line->amount);
	json_kstr(j, "currency", line->currency);
	json_kstr(j, "foreign", amount_text(line->foreign, line->currency,
	    arena));
	json_close(j, '}');
}

static int64_t
debits(const struct posting *posting)
{
	int64_t sum = 0;

	for (size_t i = 0; i < posting->n_lines; i++)
		if (posting->lines[i].amount > 0)
			sum += posting->lines[i].amount;
	return sum;
}

struct span
rest_posting(const struct posting *posting, struct arena *arena)
{
	struct str out;
	struct json j;
	char *kept;
	size_t n;

	str_init(&out, (size_t)8 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "reference", posting->reference);
	json_kstr(&j, "entity", posting->entity);
	json_kstr(&j, "kind", posting->kind);
	json_kstr(&j, "number", posting->number);
	json_kint(&j, "version", posting->version);
	json_kstr(&j, "date", posting->date.text);
	json_kstr(&j, "currency", posting->currency);
	json_kstr(&j, "book", posting->book);
	json_kstr(&j, "narration", posting->narration);
	json_kstr(&j, "reverses", posting->reverses);
	json_kstr(&j, "reverses_id", posting->reverses_remote);
	json_kstr(&j, "total", amount_text(debits(posting),
	    posting->currency, arena));
	json_key(&j, "lines");
	json_open(&j, '[');
	for (size_t i = 0; i < posting->n_lines; i++)
		add_line(&j, &posting->lines[i], posting, arena);
	json_close(&j, ']');
	json_close(&j, '}');
	n = out.n;
	kept = arena_strndup(arena, out.p, n);
	str_free(&out);
	return (struct span){ kept, n };
}

/* ---- what it gives ---------------------------------------------------- */

static const char *
clean(const struct phrase_row *row, const char *name, struct arena *arena)
{
	const char *text = row != NULL ? phrase_text(row, name) : NULL;

	return text != NULL ? words_of(span_of(text), arena) : "";
}

static const char *
currency_of(const struct phrase_row *row, const char *other)
{
	const char *said = phrase_text(row, "currency");

	return said != NULL && strlen(said) == 3 ? said : other;
}

static const char *
member(const cJSON *object, const char *name, struct arena *arena)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsString(value) ?
	    words_of(span_of(value->valuestring), arena) : "";
}

/* `amount`, or `debit` and `credit`, of which one may be absent. */
static bool
read_amount(const cJSON *object, const char *currency, int64_t *out)
{
	const char *amount = json_text(object, "amount");
	const char *debit = json_text(object, "debit");
	const char *credit = json_text(object, "credit");
	int64_t d = 0, c = 0;

	if (amount != NULL)
		return amount_read(amount, currency, out);
	if ((debit == NULL && credit == NULL) ||
	    (debit != NULL && *debit != '\0' &&
	    !amount_read(debit, currency, &d)) ||
	    (credit != NULL && *credit != '\0' &&
	    !amount_read(credit, currency, &c)))
		return false;
	*out = d - c;
	return true;
}

static bool
read_line(const cJSON *object, const char *currency, struct arena *arena,
    struct posting_line *line)
{
	*line = (struct posting_line){
	    .account = member(object, "account", arena), .ours = "",
	    .party = member(object, "party", arena),
	    .cost_centre = member(object, "cost_centre", arena),
	    .tax_code = "", .item = "", .location = "", .party_name = "",
	    .memo = member(object, "memo", arena),
	};
	memcpy(line->currency, currency, sizeof line->currency);
	if (!cJSON_IsObject(object) || *line->account == '\0' ||
	    !read_amount(object, currency, &line->amount))
		return false;
	line->foreign = line->amount;
	return true;
}

/* Lines of nothing are left out, as they are of ours. */
static bool
read_lines(const char *text, const char *currency, struct arena *arena,
    struct posting_line **out, size_t *n, struct err *e)
{
	cJSON *tree = json_strict(span_of(text), e);
	const cJSON *item;
	int count = cJSON_GetArraySize(tree);
	bool ok = cJSON_IsArray(tree) && count <= REST_LINES_MAX;

	*n = 0;
	*out = arena_alloc(arena, ((size_t)(ok ? count : 0) + 1) *
	    sizeof **out);
	cJSON_ArrayForEach(item, tree) {
		if (!ok)
			break;
		ok = read_line(item, currency, arena, &(*out)[*n]);
		if (ok && (*out)[*n].amount != 0)
			++*n;
	}
	cJSON_Delete(tree);
	return ok || err_set(e, ERR_UNREACHABLE,
	    "lines that cannot be read: %.200s", text);
}

static bool
read_state(const char *text, enum remote_state *out)
{
	static const char *const states[] = {
		[REMOTE_DRAFT] = "draft", [REMOTE_BOOKED] = "booked",
		[REMOTE_CANCELLED] = "cancelled"
	};

	*out = REMOTE_BOOKED;
	if (text == NULL)
		return true;
	for (int i = 0; i <= REMOTE_CANCELLED; i++)
		if (strcmp(states[i], text) == 0) {
			*out = (enum remote_state)i;
			return true;
		}
	return false;
}

bool
rest_remote(const struct phrase_row *row, const char *currency,
    struct arena *arena, struct remote *out, struct err *e)
{
	const char *date = phrase_text(row, "date");
	const char *lines = phrase_text(row, "lines");

	*out = (struct remote){
	    .reference = clean(row, "reference", arena),
	    .remote = clean(row, "id", arena),
	    .number = clean(row, "number", arena),
	    .version = clean(row, "version", arena),
	    .narration = clean(row, "narration", arena),
	    .changed_by = clean(row, "changed_by", arena),
	    .lined = lines != NULL,
	};
	if (*out->remote == '\0')
		return err_set(e, ERR_UNREACHABLE, "a posting without an id");
	if (!read_state(phrase_text(row, "state"), &out->state))
		return err_set(e, ERR_UNREACHABLE, "%.100s is in no state "
		    "that we know", out->remote);
	if (date != NULL && !day_parse(span_of(date), &out->date))
		return err_set(e, ERR_UNREACHABLE, "%.100s has no day: %.60s",
		    out->remote, date);
	return lines == NULL || read_lines(lines, currency_of(row, currency),
	    arena, &out->lines, &out->n_lines, e);
}

static bool
read_sum(const struct phrase_row *row, const char *name,
    const char *currency, int64_t *out)
{
	const char *text = phrase_text(row, name);

	*out = 0;
	return text == NULL || *text == '\0' ||
	    amount_read(text, currency, out);
}

bool
rest_balance(const struct phrase_row *row, const char *currency,
    struct arena *arena, struct remote_balance *out, struct err *e)
{
	int64_t balance;

	currency = currency_of(row, currency);
	out->account = clean(row, "account", arena);
	out->name = clean(row, "name", arena);
	if (*out->account == '\0' ||
	    !read_sum(row, "debit", currency, &out->debit) ||
	    !read_sum(row, "credit", currency, &out->credit) ||
	    !read_sum(row, "balance", currency, &balance))
		return err_set(e, ERR_UNREACHABLE,
		    "a balance that cannot be read, of %.100s", out->account);
	if (balance > 0)
		out->debit += balance;
	else
		out->credit -= balance;
	return true;
}

/* ---- verdicts --------------------------------------------------------- */

static bool
read_outcome(const char *text, enum verdict_kind *out)
{
	static const struct {
		const char *name;
		enum verdict_kind kind;
	} outcomes[] = {
		{ "done", VERDICT_DONE }, { "refused", VERDICT_REFUSED },
		{ "later", VERDICT_AWAY }, { "conflict", VERDICT_CONFLICT },
		{ "unknown", VERDICT_UNKNOWN },
	};

	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (strcmp(outcomes[i].name, text) == 0) {
			*out = outcomes[i].kind;
			return true;
		}
	return false;
}

/* A refusal for want of a key of ours that is still at work says nothing of
 * what becomes of it; so 409 is unknown where the rule does not say more. */
static void
judge_status(const struct rest_answer *answer, struct verdict *verdict)
{
	if (answer->status == 409) {
		verdict->kind = VERDICT_UNKNOWN;
		verdict->refusal = REFUSAL_CONNECTION;
	} else if (answer->status == 412)
		verdict_refuse(verdict, REFUSAL_CONFLICT, verdict->words);
}

static void
judge_outcome(const struct phrase_row *row, struct arena *arena,
    struct verdict *verdict)
{
	const char *said = phrase_text(row, "outcome");
	const char *refusal = phrase_text(row, "refusal");

	if (said != NULL && !read_outcome(said, &verdict->kind)) {
		verdict->kind = VERDICT_UNKNOWN;
		verdict->words = words_of(span_of(arena_printf(arena,
		    "no such outcome in its rule: %s", said)), arena);
	}
	if (refusal != NULL)
		(void)refusal_read(refusal, &verdict->refusal);
	switch (verdict->kind) {
	case VERDICT_DONE:
		verdict->refusal = REFUSAL_NONE;
		break;
	case VERDICT_REFUSED:
		if (verdict->refusal == REFUSAL_NONE)
			verdict->refusal = REFUSAL_DATA;
		break;
	case VERDICT_CONFLICT:
		verdict->refusal = REFUSAL_CONFLICT;
		break;
	case VERDICT_AWAY:
	case VERDICT_UNKNOWN:
		if (verdict->refusal == REFUSAL_NONE)
			verdict->refusal = REFUSAL_CONNECTION;
		break;
	case VERDICT_TOGETHER:
	case VERDICT_KINDS:
		break;
	}
}

/* Booked is only what has an id and is not somebody else's. */
static void
doubt(const struct phrase_row *row, const struct rest_answer *answer,
    const struct posting *posting, struct arena *arena,
    struct verdict *verdict)
{
	const char *about = row != NULL ? phrase_text(row, "reference") :
	    NULL;

	if (verdict->kind != VERDICT_DONE)
		return;
	if (about != NULL && strcmp(about, posting->reference) != 0)
		verdict->words = words_of(span_of(arena_printf(arena,
		    "the answer is about another one: %s", about)), arena);
	else if (*verdict->remote == '\0')
		verdict->words = words_of(span_of(arena_printf(arena,
		    "answer %d does not say what it was booked as: %s",
		    answer->status, answer->text)), arena);
	else
		return;
	verdict->kind = VERDICT_UNKNOWN;
	verdict->refusal = REFUSAL_CONNECTION;
}

static void
read_held(const struct phrase_row *row, const struct posting *posting,
    struct arena *arena, struct verdict *verdict)
{
	const char *lines = phrase_text(row, "lines");
	const char *date = phrase_text(row, "date");
	struct posting_line *held;
	struct err ignored = { 0 };
	struct day day;
	size_t n;

	if (lines != NULL && date != NULL && day_parse(span_of(date), &day) &&
	    read_lines(lines, currency_of(row, posting->currency), arena,
	    &held, &n, &ignored))
		verdict_held(verdict, day, held, n);
}

void
rest_verdict(const struct phrase_row *row, const struct rest_answer *answer,
    const struct posting *posting, struct arena *arena,
    struct verdict *verdict)
{
	verdict->words = clean(row, "words", arena);
	verdict->remote = clean(row, "id", arena);
	verdict->number = clean(row, "number", arena);
	verdict->version = clean(row, "version", arena);
	if (*verdict->version == '\0')
		verdict->version = words_of(span_of(answer->etag), arena);
	judge_status(answer, verdict);
	if (row != NULL) {
		judge_outcome(row, arena, verdict);
		read_held(row, posting, arena, verdict);
	}
	doubt(row, answer, posting, arena, verdict);
	if (verdict->kind != VERDICT_DONE && *verdict->words == '\0')
		verdict->words = *answer->text != '\0' ? answer->text :
		    arena_printf(arena, "answer %d", answer->status);
}
