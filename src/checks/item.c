/* Each item of an entry exists. */
#include "checks/list.h"

void
check_item(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	for (size_t i = 0; journal != NULL && i < journal->n_entries; i++) {
		const char *code = journal->entries[i].item;
		const struct master *row;

		if (code == NULL)
			continue;
		row = reference_find(reference, REF_ITEM, code);
		if (row == NULL || !master_valid(row, document->date))
			finding_add(findings, arena, FIND_ITEM, code,
			    "item", "");
	}
}
