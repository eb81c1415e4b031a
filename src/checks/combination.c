/* The account may be used with the cost centre. */
#include "checks/list.h"

void
check_combination(const struct document *document,
    const struct journal *journal, const struct reference *reference,
    struct arena *arena, struct findings *findings)
{
	(void)document;
	for (size_t i = 0; journal != NULL && i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];

		if (entry->account == NULL || reference_pair(reference,
		    entry->account, entry->cost_centre))
			continue;
		finding_add(findings, arena, FIND_COMBINATION,
		    arena_printf(arena, "%s / %s", entry->account,
		    entry->cost_centre != NULL ? entry->cost_centre : "-"),
		    "cost_centre", "");
	}
}
