/* Debits equal credits in every currency and in the base. */
#include "checks/list.h"

#include "book/money.h"

static bool
even_in_base(const struct journal *journal)
{
	__int128 sum = 0;

	for (size_t i = 0; i < journal->n_entries; i++)
		sum += journal->entries[i].base;
	return sum == 0;
}

void
check_balanced(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	struct str text;
	char currency[4];
	int64_t rest;

	(void)document;
	(void)reference;
	if (journal == NULL)
		return;
	if (journal_balanced(journal, currency, &rest)) {
		if (!even_in_base(journal))
			finding_add(findings, arena, FIND_UNBALANCED, "base",
			    "entries", "");
		return;
	}
	str_init(&text, 64);
	money_plain((struct money){ rest, { currency[0], currency[1],
	    currency[2], 0 } }, &text);
	str_addc(&text, ' ');
	str_adds(&text, currency);
	finding_add(findings, arena, FIND_UNBALANCED, text.p, "entries", "");
	str_free(&text);
}
