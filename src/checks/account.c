/* Each account exists and is in use on the day. */
#include "checks/list.h"

void
check_account(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	for (size_t i = 0; journal != NULL && i < journal->n_entries; i++) {
		const char *code = journal->entries[i].account;
		const struct master *row;

		if (code == NULL)
			continue;	/* the rule said why */
		row = reference_find(reference, REF_ACCOUNT, code);
		if (row == NULL)
			finding_add(findings, arena, FIND_ACCOUNT, code,
			    "account", "");
		else if (!master_valid(row, document->date))
			finding_add(findings, arena, FIND_ACCOUNT_INACTIVE,
			    code, "account", document->date.text);
	}
}
