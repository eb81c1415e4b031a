/* Each currency is in use, and has a rate of the day to the base: that of the
 * document and those of its entries, which a rule may choose. */
#include "checks/list.h"

#include "book/money.h"

struct asking {
	const struct document *document;
	const struct reference *reference;
	const struct master *entity;
	struct arena *arena;
	struct findings *findings;
};

static void
judge(const struct asking *a, const char *currency)
{
	const struct document *document = a->document;
	int64_t rate;

	if (money_exponent(currency) < 0 ||
	    reference_find(a->reference, REF_CURRENCY, currency) == NULL)
		finding_add(a->findings, a->arena, FIND_CURRENCY, currency,
		    "currency", "");
	else if (a->entity != NULL &&
	    strcmp(currency, a->entity->extra) != 0 &&
	    !reference_rate(a->reference, currency, a->entity->extra,
	    document->date, &rate))
		finding_add(a->findings, a->arena, FIND_RATE, currency,
		    "date", document->date.text);
}

void
check_currency(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	const struct asking asking = { document, reference,
	    reference_find(reference, REF_ENTITY, document->entity), arena,
	    findings };
	const char *last = document->currency;

	if (last == NULL)
		return;
	judge(&asking, last);
	for (size_t i = 0; journal != NULL && i < journal->n_entries; i++) {
		const char *currency = journal->entries[i].currency;

		if (currency[0] == '\0' || strcmp(currency, last) == 0)
			continue;	/* empty: the rule said why */
		judge(&asking, currency);
		last = currency;
	}
}
