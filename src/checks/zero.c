/* Nothing is posted for nothing: a 0.00 document needs a person. */
#include "checks/list.h"

void
check_zero(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	(void)reference;
	if (document->total == 0 || (journal != NULL &&
	    journal->n_entries == 0))
		finding_add(findings, arena, FIND_ZERO, "0.00", "total", "");
}
