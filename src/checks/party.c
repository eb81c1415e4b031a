/* The customer or supplier exists. */
#include "checks/list.h"

void
check_party(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	(void)journal;
	if (document->party != NULL &&
	    reference_find(reference, REF_PARTY, document->party) == NULL)
		finding_add(findings, arena, FIND_PARTY, document->party,
		    "party", "");
}
