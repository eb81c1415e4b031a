/* The legal entity exists. */
#include "checks/list.h"

void
check_entity(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	(void)journal;
	if (document->entity != NULL &&
	    reference_find(reference, REF_ENTITY, document->entity) == NULL)
		finding_add(findings, arena, FIND_ENTITY, document->entity,
		    "entity", "");
}
