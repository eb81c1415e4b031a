/*
 * The table of validators.  Base amounts are filled first, since balance and
 * rate are judged on them; then every check speaks, so that an accountant
 * sees all that is wrong at once.
 */
#include "checks/checks.h"

#include "book/money.h"
#include "checks/list.h"

const struct check checks[] = {
	{ "entity", check_entity },
	{ "currency", check_currency },
	{ "period", check_period },
	{ "party", check_party },
	{ "zero", check_zero },
	{ "sign", check_sign },
	{ "account", check_account },
	{ "combination", check_combination },
	{ "cost_centre", check_cost_centre },
	{ "tax_code", check_tax_code },
	{ "item", check_item },
	{ "quantity", check_quantity },
	{ "balanced", check_balanced },
};

const size_t n_checks = sizeof checks / sizeof *checks;

static const char *
base_of(const struct reference *reference, const char *entity)
{
	const struct master *row = reference_find(reference, REF_ENTITY,
	    entity);

	return row != NULL ? row->extra : NULL;
}

static int64_t
size_of(int64_t n)
{
	return n < 0 ? -n : n;
}

/* Posted at zero it would be balanced and wrong. */
static void
add_too_large(const struct money *m, const char *why, struct arena *arena,
    struct findings *findings)
{
	struct str text;

	str_init(&text, 64);
	money_plain(*m, &text);
	finding_add(findings, arena, FIND_AMOUNT, text.p, "entries", why);
	str_free(&text);
}

/* Sums over journals are kept in 64 bits, so one journal has but a small
 * part of them. Each entry is bounded: no sum here overflows. */
static void
bound_sums(const struct journal *journal, const char *base,
    struct arena *arena, struct findings *findings)
{
	int64_t amounts = 0, bases = 0;
	struct money m = { 0 };

	for (size_t i = 0; i < journal->n_entries; i++) {
		amounts += size_of(journal->entries[i].amount);
		bases += size_of(journal->entries[i].base);
	}
	m.minor = (amounts > bases ? amounts : bases) / 2;
	memcpy(m.currency, base, strnlen(base, 3));
	if (m.minor > AMOUNT_MAX)
		add_too_large(&m, "too large in sum", arena, findings);
}

/* In the base currency the amount is the base amount. Without a rate it stays
 * zero and check_currency says why. The rate is that of the document's day,
 * whenever it is posted. */
static void
fill_base(struct journal *journal, struct day day,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	const char *base = base_of(reference, journal->entity);

	if (base == NULL)
		return;
	for (size_t i = 0; i < journal->n_entries; i++) {
		struct entry *entry = &journal->entries[i];
		struct money m = { .minor = entry->amount }, out;
		int64_t rate;

		if (strcmp(entry->currency, base) == 0) {
			entry->base = entry->amount;
			continue;
		}
		memcpy(m.currency, entry->currency, 4);
		if (!reference_rate(reference, entry->currency, base,
		    day, &rate))
			continue;
		if (money_convert(m, base, rate, &out) &&
		    size_of(out.minor) <= AMOUNT_MAX)
			entry->base = out.minor;
		else
			add_too_large(&m, "too large in the base currency",
			    arena, findings);
	}
	/* Conversion rounds each entry: at most a unit each is taken up by
	 * the largest; check_balanced sees what is more. */
	(void)journal_balance_base(journal);
	bound_sums(journal, base, arena, findings);
}

void
checks_run(const struct document *document, struct journal *journal,
    const struct supply *supply, const struct reference *reference,
    struct arena *arena, struct findings *findings)
{
	if (journal != NULL)
		fill_base(journal, document->date, reference, arena,
		    findings);
	for (size_t i = 0; i < n_checks; i++)
		checks[i].judge(document, journal, reference, arena,
		    findings);
	check_gst(document, supply, reference, arena, findings);
}
