/* Each currency is in use, and has a rate of the day to the base. */
#include "checks/list.h"

#include "book/money.h"

void
check_currency(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	const struct master *entity = reference_find(reference, REF_ENTITY,
	    document->entity);
	const char *currency = document->currency;
	int64_t rate;

	(void)journal;
	if (currency == NULL)
		return;
	if (money_exponent(currency) < 0 ||
	    reference_find(reference, REF_CURRENCY, currency) == NULL) {
		finding_add(findings, arena, FIND_CURRENCY, currency,
		    "currency", "");
		return;
	}
	if (entity == NULL || strcmp(currency, entity->extra) == 0)
		return;
	if (!reference_rate(reference, currency, entity->extra,
	    document->date, &rate))
		finding_add(findings, arena, FIND_RATE, currency, "date",
		    document->date.text);
}
