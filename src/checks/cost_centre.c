/* Each cost centre exists and is in use on the day. */
#include "checks/list.h"

void
check_cost_centre(const struct document *document,
    const struct journal *journal, const struct reference *reference,
    struct arena *arena, struct findings *findings)
{
	for (size_t i = 0; journal != NULL && i < journal->n_entries; i++) {
		const char *code = journal->entries[i].cost_centre;
		const struct master *row;

		if (code == NULL)
			continue;
		row = reference_find(reference, REF_COST_CENTRE, code);
		if (row == NULL || !master_valid(row, document->date))
			finding_add(findings, arena, FIND_COST_CENTRE, code,
			    "cost_centre", "");
	}
}
