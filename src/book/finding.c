/*
 * The table of what checks can find: one row gives code, level, dimension,
 * the accountant's sentence and what to do.  Pure.
 */
#include "book/finding.h"

#include <stdio.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "core/utf8.h"

#define TEXT_MAX 200		/* bytes kept of a value or a field */
#include "core/json.h"

static const struct finding_info infos[FIND_GST_FIRST] = {
	[FIND_JSON] = { "payload.json", FINDING_BLOCK, "",
	    N_("The message is not readable JSON."),
	    N_("Ask the sender to correct it and send it under a new key."),
	    false },
	[FIND_JSON_DUPLICATE] = { "payload.duplicate_key", FINDING_BLOCK,
	    "", N_("The message says \"%s\" twice, so it has two meanings."),
	    N_("Ask the sender to name each field once."), false },
	[FIND_JSON_DEPTH] = { "payload.depth", FINDING_BLOCK, "",
	    N_("The message is nested too deeply."),
	    N_("Ask the sender for the documented shape."), false },
	[FIND_JSON_UTF8] = { "payload.utf8", FINDING_BLOCK, "",
	    N_("The message has characters that are not UTF-8 text."),
	    N_("Ask the sender to send UTF-8."), false },
	[FIND_TOPIC] = { "topic.unknown", FINDING_BLOCK, "topic",
	    N_("There is no rule for messages of the kind \"%s\"."),
	    N_("Add a map rule for it, or dismiss the event."), false },
	[FIND_SCHEMA] = { "payload.schema", FINDING_BLOCK, "",
	    N_("The field \"%s\" is missing or not of its documented form."),
	    N_("Ask the sender to correct it, or correct the map rule."),
	    false },
	[FIND_RULE] = { "rule.failed", FINDING_BLOCK, "",
	    N_("The rule \"%s\" could not be run on this event."),
	    N_("Correct the rule file, then retry."), false },
	[FIND_KEY_REUSE] = { "key.reused", FINDING_BLOCK, "",
	    N_("The key \"%s\" came before with other content."),
	    N_("Compare the two; the first one stands."), false },
	[FIND_AMOUNT] = { "amount.invalid", FINDING_BLOCK, "",
	    N_("\"%s\" is not an exact amount of its currency."),
	    N_("Ask the sender for a plain decimal number."), false },
	[FIND_ZERO] = { "amount.zero", FINDING_BLOCK, "",
	    N_("The document amounts to %s."),
	    N_("Dismiss it when nothing was sold; else ask the sender."),
	    false },
	[FIND_UNBALANCED] = { "journal.unbalanced", FINDING_BLOCK, "",
	    N_("Debits and credits differ by %s."),
	    N_("Compare lines and total in the payload."), false },
	[FIND_ENTITY] = { "entity.unknown", FINDING_BLOCK, "entity",
	    N_("There is no legal entity \"%s\"."),
	    N_("Map it to one of yours."), true },
	[FIND_ACCOUNT] = { "account.unmapped", FINDING_BLOCK, "account",
	    N_("No account is known for \"%s\"."),
	    N_("Map it to an account."), true },
	[FIND_ACCOUNT_INACTIVE] = { "account.inactive", FINDING_BLOCK,
	    "account", N_("The account \"%s\" is not in use on that day."),
	    N_("Map to an account in use, or reopen this one."), true },
	[FIND_COMBINATION] = { "account.combination", FINDING_BLOCK,
	    "account", N_("Account and cost centre may not combine: %s."),
	    N_("Map to a cost centre that the account allows."), false },
	[FIND_COST_CENTRE] = { "cost_centre.unmapped", FINDING_BLOCK,
	    "cost_centre", N_("No cost centre is known for \"%s\"."),
	    N_("Map it to a cost centre."), true },
	[FIND_TAX_CODE] = { "tax_code.unmapped", FINDING_BLOCK, "tax_code",
	    N_("No tax code is known for \"%s\"."),
	    N_("Map it to a tax code."), true },
	[FIND_CURRENCY] = { "currency.unknown", FINDING_BLOCK, "currency",
	    N_("The currency \"%s\" is not in use here."),
	    N_("Add the currency and its rate."), false },
	[FIND_RATE] = { "rate.missing", FINDING_BLOCK, "currency",
	    N_("There is no exchange rate for %s."),
	    N_("Add the rate of that day, then retry."), false },
	[FIND_PERIOD_CLOSED] = { "period.closed", FINDING_BLOCK, "period",
	    N_("The period %s is closed."),
	    N_("Carry it into the open period, or have this reopened."), false },
	[FIND_PERIOD_UNKNOWN] = { "period.unknown", FINDING_BLOCK, "period",
	    N_("The period %s has not been set up."),
	    N_("Add the period, then retry."), false },
	[FIND_PARTY] = { "party.unknown", FINDING_BLOCK, "party",
	    N_("There is no customer or supplier \"%s\"."),
	    N_("Map it to one of yours, or add it."), true },
	[FIND_DATE] = { "date.invalid", FINDING_BLOCK, "",
	    N_("\"%s\" is not a date."),
	    N_("Ask the sender for an ISO 8601 date."), false },
	[FIND_ITEM] = { "item.unknown", FINDING_BLOCK, "item",
	    N_("There is no item \"%s\"."),
	    N_("Map it to one of yours, or add it."), true },
	[FIND_LOCATION] = { "location.unknown", FINDING_BLOCK, "location",
	    N_("There is no location \"%s\"."),
	    N_("Map it to one of yours, or add it."), true },
	[FIND_NUMBER_USED] = { "document.number_used", FINDING_BLOCK, "",
	    N_("The document number %s is taken by another source."),
	    N_("Find which of the two is right; dismiss the other."), false },
	[FIND_VERSION] = { "document.version", FINDING_BLOCK, "",
	    N_("The change was made against version %s, not the present."),
	    N_("Compare the versions, then decide."), false },
	[FIND_TEST_MODE] = { "event.test_mode", FINDING_WARN, "",
	    N_("This is a test message of the vendor."), "", false },
	[FIND_WAIT_DOCUMENT] = { "wait.document", FINDING_WARN, "",
	    N_("It waits for %s, which has not come yet."),
	    N_("Nothing; it posts by itself when that arrives."), false },
	[FIND_WAIT_STOCK] = { "wait.stock", FINDING_WARN, "item",
	    N_("There is not enough stock of %s to promise it."),
	    N_("Receive or move stock, or dismiss the order."), false },
	[FIND_WAIT_WINDOW] = { "wait.window", FINDING_WARN, "",
	    N_("It waits for the posting window %s."),
	    N_("Nothing; it posts by itself when the window opens."), false },
	[FIND_WAIT_BATCH] = { "wait.batch", FINDING_WARN, "",
	    N_("It waits for its batch %s to be complete."),
	    N_("Nothing; the batch posts as one entry."), false },
	[FIND_WAIT_PAUSED] = { "wait.paused", FINDING_WARN, "",
	    N_("The source %s is paused; all it sends is kept."),
	    N_("Correct the cause, then resume the source."), false },
	[FIND_WAIT_EXPIRED] = { "wait.expired", FINDING_BLOCK, "",
	    N_("It waited too long for %s."),
	    N_("Find out why that is missing; then retry or dismiss."),
	    false },
	[FIND_CONTROL] = { "control.mismatch", FINDING_BLOCK, "",
	    N_("The batch differs from its control total by %s."),
	    N_("Find what is missing or too much, then retry."), false },
	[FIND_OVERSOLD] = { "stock.oversold", FINDING_WARN, "item",
	    N_("More of %s was sold than there was."),
	    N_("Count the stock and correct it."), false },
	[FIND_ORDER_EXCEEDED] = { "order.exceeded", FINDING_WARN, "",
	    N_("This goes beyond what was ordered: %s."),
	    N_("Compare with the order; credit what is too much."), false },
	[FIND_FORBIDDEN] = { "account.forbidden", FINDING_BLOCK, "account",
	    N_("The sender may not use the account \"%s\"."),
	    N_("Grant it to the sender, or dismiss the event."), false },
	[FIND_SYSTEM] = { "system.failed", FINDING_BLOCK, "",
	    N_("The event was kept, but our system could not work on it."),
	    N_("Tell whoever runs bahid; then retry."), false },
	[FIND_APPROVAL] = { "approval.needed", FINDING_WARN, "",
	    N_("The policy \"%s\" wants an approval."),
	    N_("Have it approved by somebody else than its maker."), false },
	[FIND_APPROVAL_EXPIRED] = { "approval.expired", FINDING_BLOCK, "",
	    N_("Nobody approved it in time (policy \"%s\")."),
	    N_("Retry it, and have it approved; or dismiss it."), false },
	[FIND_BANK_REPEATED] = { "bank.repeated", FINDING_BLOCK, "",
	    N_("The bank said this line before: %s."),
	    N_("Ignore the line, or book it when it is other money."),
	    false },
	[FIND_FORMAT] = { "payload.format", FINDING_BLOCK, "",
	    N_("The record is not of its format: %s."),
	    N_("Ask the sender for a correct file."), false },
};

const struct finding_info *
finding_info(enum finding_code code)
{
	if ((unsigned)code >= FIND_CODES)
		bug("finding code %d", code);
	return code < FIND_GST_FIRST ? &infos[code] :
	    &findings_gst[code - FIND_GST_FIRST].info;
}

const char *
finding_check(enum finding_code code)
{
	return code < FIND_GST_FIRST ? "" :
	    findings_gst[code - FIND_GST_FIRST].check;
}

const char *
finding_level_name(enum finding_level level)
{
	return level == FINDING_BLOCK ? "block" : "warn";
}

bool
finding_find(const char *name, enum finding_code *out)
{
	for (int i = 0; i < FIND_CODES; i++) {
		if (strcmp(finding_info((enum finding_code)i)->name,
		    name) == 0) {
			*out = (enum finding_code)i;
			return true;
		}
	}
	return false;
}

/* What is kept of a text: whole characters only. */
static struct span
cut(const char *text)
{
	struct span s = span_of(text);
	uint32_t cp;
	size_t n = 0, next;

	while ((next = utf8_next((struct span){ s.p + n, s.n - n }, &cp)) > 0
	    && n + next <= TEXT_MAX)
		n += next;
	s.n = n;
	return s;
}

/* The place of one more. When all are taken, one that blocks still replaces
 * a warning: else the event would post in spite of it. */
static struct finding *
place(struct findings *findings, enum finding_level level)
{
	if (findings->n < FINDINGS_MAX)
		return &findings->items[findings->n++];
	findings->cut = true;
	if (level != FINDING_BLOCK || findings_block(findings))
		return NULL;
	return &findings->items[FINDINGS_MAX - 1];
}

void
finding_add(struct findings *findings, struct arena *arena,
    enum finding_code code, const char *value, const char *field,
    const char *detail)
{
	finding_add_at(findings, arena, code, finding_info(code)->level,
	    value, field, detail);
}

void
finding_add_at(struct findings *findings, struct arena *arena,
    enum finding_code code, enum finding_level level, const char *value,
    const char *field, const char *detail)
{
	struct span v = cut(value), at = cut(field);
	struct finding *f;

	for (size_t i = 0; i < findings->n; i++) {
		f = &findings->items[i];
		if (f->code == code && span_is(v, f->value) &&
		    span_is(at, f->field))
			return;
	}
	f = place(findings, level);
	if (f == NULL)
		return;
	f->code = code;
	f->level = level;
	f->value = arena_strndup(arena, v.p, v.n);
	f->field = arena_strndup(arena, at.p, at.n);
	f->detail = arena_strdup(arena, detail != NULL ? detail : "");
}

void
finding_miss(struct findings *findings, struct arena *arena,
    const char *dimension, const char *value)
{
	struct miss *miss = &findings->misses[findings->n_misses];

	for (size_t i = 0; i < findings->n_misses; i++)
		if (strcmp(findings->misses[i].dimension, dimension) == 0 &&
		    strcmp(findings->misses[i].value, value) == 0)
			return;
	if (findings->n_misses == MISSES_MAX)
		return;
	miss->dimension = arena_strdup(arena, dimension);
	miss->value = arena_strdup(arena, value);
	findings->n_misses++;
}

bool
findings_block(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->items[i].level == FINDING_BLOCK)
			return true;
	return false;
}

bool
finding_fixable(const struct finding *f)
{
	return finding_info(f->code)->fixable && f->value[0] != '\0';
}

/* The sentence has at most one %s, put in by hand: a translation is foreign
 * text and never a format string. */
void
finding_sentence(const struct finding *f, struct str *out)
{
	const char *what = _(finding_info(f->code)->what);
	const char *at = strstr(what, "%s");

	if (at == NULL) {
		str_adds(out, what);
		return;
	}
	str_add(out, what, (size_t)(at - what));
	str_adds(out, f->value);
	str_adds(out, at + 2);
}

bool
finding_by_value(enum finding_code code)
{
	return finding_info(code)->dimension[0] != '\0' ||
	    code == FIND_SCHEMA ||
	    code == FIND_ZERO || code == FIND_RULE ||
	    code == FIND_APPROVAL || code == FIND_APPROVAL_EXPIRED ||
	    code == FIND_WAIT_PAUSED;
}

const char *
finding_class(enum finding_code code)
{
	if (code == FIND_SYSTEM || code == FIND_RULE)
		return "system";
	return finding_info(code)->dimension[0] != '\0' ? "reference" :
	    "data";
}

const char *
finding_kind(enum finding_code code)
{
	switch ((int)code) {
	case FIND_KEY_REUSE: case FIND_NUMBER_USED: case FIND_GST_NUMBER_USED:
	case FIND_GST_BILL: case FIND_BANK_REPEATED:
		return "duplicate";
	case FIND_FORBIDDEN: case FIND_APPROVAL: case FIND_APPROVAL_EXPIRED:
	case FIND_PERIOD_CLOSED: case FIND_GST_FILED:
		return "rights";
	case FIND_SYSTEM: case FIND_WAIT_PAUSED:
		return "connection";
	case FIND_WAIT_WINDOW:
		return "limit";
	case FIND_WAIT_DOCUMENT: case FIND_WAIT_STOCK: case FIND_WAIT_BATCH:
		return "waiting";
	case FIND_TOPIC: case FIND_RULE:
		return "mapping";
	}
	return finding_info(code)->fixable ? "mapping" : "data";
}

void
finding_signature(const struct finding *f, const char *source, char out[17])
{
	const struct finding_info *info = finding_info(f->code);
	unsigned char digest[SHA256_SIZE];
	struct span parts[] = {
		{ info->name, strlen(info->name) + 1 },
		{ source, strlen(source) + 1 },
		{ info->dimension, strlen(info->dimension) + 1 },
		span_of(finding_by_value(f->code) ? f->value : ""),
	};

	digest_sha256v(parts, 4, digest);
	digest_hex(digest, 8, out);
}

void
finding_encode(const struct finding *f, const char *source, struct json *j)
{
	const struct finding_info *info = finding_info(f->code);
	char signature[17];
	struct str sentence;

	finding_signature(f, source, signature);
	str_init(&sentence, 2048);
	finding_sentence(f, &sentence);
	json_open(j, '{');
	json_kstr(j, "code", info->name);
	if (finding_check(f->code)[0] != '\0')
		json_kstr(j, "check", finding_check(f->code));
	json_kstr(j, "level", finding_level_name(f->level));
	json_kstr(j, "class", finding_class(f->code));
	json_kstr(j, "dimension", info->dimension);
	json_kstr(j, "value", f->value);
	json_kstr(j, "field", f->field);
	json_key(j, "sentence");
	json_span(j, str_span(&sentence));
	json_kstr(j, "hint", info->hint[0] != '\0' ? _(info->hint) : "");
	json_kstr(j, "detail", f->detail);
	json_kstr(j, "signature", signature);
	json_key(j, "fixable");
	json_bool(j, finding_fixable(f));
	json_close(j, '}');
	str_free(&sentence);
}
