/*
 * hledger's journal format: every account and commodity declared, every
 * amount written with its commodity, two spaces before it.  Foreign text is
 * cut to what cannot end a name, start a comment or a line.
 */
#include "exports/hledger.h"

#include "book/money.h"

/* Into an account or description: control characters, ';', '|' and runs of
 * spaces become one space. */
static void
plain(const char *text, struct str *out)
{
	bool space = true;

	for (; text != NULL && *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool gap = c <= 0x20 || c == 0x7f || c == ';' || c == '|' ||
		    c == '(' || c == ')' || c == '*' || c == '!';

		if (gap && space)
			continue;
		str_addc(out, gap ? ' ' : (char)c);
		space = gap;
	}
}

/* A tag's value: no comma either. */
static void
tag(const char *name, const char *value, bool *first, struct str *out)
{
	if (value == NULL)
		return;
	str_addf(out, "%s%s:", *first ? "  ; " : ", ", name);
	*first = false;
	for (; *value != '\0'; value++)
		str_addc(out, (unsigned char)*value <= 0x20 ||
		    *value == ',' || *value == ';' ? '_' : *value);
}

/* The ledger path, and the code, which makes it unique. */
static void
account_name(const struct reference *reference, const char *code,
    struct str *out)
{
	const struct master *row = reference_find(reference, REF_ACCOUNT,
	    code);
	const char *path = row != NULL && row->extra[0] != '\0' ? row->extra :
	    "Unknown";

	plain(path, out);
	str_addc(out, ' ');
	plain(code, out);
}

static const char *
type_of(const struct master *row)
{
	static const struct {
		const char *kind, *type;
	} types[] = {
		{ "asset", "A" }, { "liability", "L" }, { "equity", "E" },
		{ "income", "R" }, { "revenue", "R" }, { "expense", "X" },
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].kind, row->kind) == 0)
			return types[i].type;
	return NULL;
}

static void
declare_currency(const char *code, struct str *out)
{
	struct money one = { .minor = 100000 };

	if (money_exponent(code) < 0)
		return;
	memcpy(one.currency, code, 4);
	str_adds(out, "commodity ");
	money_plain(one, out);
	if (money_exponent(code) == 0)
		str_addc(out, '.');	/* a decimal mark is required */
	str_addf(out, " %s\n", code);
}

void
hledger_open(const struct reference *reference, const char *entity,
    struct str *out)
{
	const struct master *row;

	str_addf(out, "; exported by bahi%s%s\ndecimal-mark .\n",
	    entity != NULL ? ", entity " : "", entity != NULL ? entity : "");
	for (size_t at = 0; (row = reference_next(reference, REF_CURRENCY,
	    &at)) != NULL;)
		declare_currency(row->code, out);
	for (size_t at = 0; (row = reference_next(reference, REF_ACCOUNT,
	    &at)) != NULL;) {
		const char *type = type_of(row);

		str_adds(out, "account ");
		account_name(reference, row->code, out);
		if (type != NULL)
			str_addf(out, "  ; type:%s", type);
		str_addc(out, '\n');
	}
}

static void
write_entry(const struct reference *reference, const struct journal *journal,
    const struct entry *entry, struct str *out)
{
	const struct master *entity = reference_find(reference, REF_ENTITY,
	    journal->entity);
	struct money amount = { .minor = entry->amount };
	struct money base = { .minor = entry->base < 0 ? -entry->base :
	    entry->base };
	bool first = true;

	memcpy(amount.currency, entry->currency, 4);
	str_adds(out, "    ");
	account_name(reference, entry->account, out);
	str_adds(out, "  ");
	money_plain(amount, out);
	str_addf(out, " %s", entry->currency);
	/* The base amount as total price, so that hledger converts as we did
	 * and infers nothing. */
	if (entity != NULL && money_exponent(entity->extra) >= 0 &&
	    strcmp(entity->extra, entry->currency) != 0) {
		memcpy(base.currency, entity->extra, 4);
		str_adds(out, " @@ ");
		money_plain(base, out);
		str_addf(out, " %s", base.currency);
	}
	tag("cc", entry->cost_centre, &first, out);
	tag("tax", entry->tax_code, &first, out);
	tag("party", entry->party, &first, out);
	str_addc(out, '\n');
}

void
hledger_journal(const struct reference *reference,
    const struct journal *journal, const char *document, struct str *out)
{
	str_addf(out, "\n%s * (J%lld) ", journal->date.text,
	    (long long)journal->id);
	plain(document, out);
	if (journal->reverses != 0)
		str_addf(out, " reversal of J%lld",
		    (long long)journal->reverses);
	str_addc(out, '\n');
	for (size_t i = 0; i < journal->n_entries; i++)
		write_entry(reference, journal, &journal->entries[i], out);
}
