/* The accounting period of the day is open. */
#include "checks/list.h"

void
check_period(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	const char *state;
	char period[8];

	(void)journal;
	if (reference_find(reference, REF_ENTITY, document->entity) == NULL)
		return;		/* check_entity says so */
	day_period(document->date, period);
	state = reference_period(reference, document->entity,
	    document->date);
	if (state == NULL)
		finding_add(findings, arena, FIND_PERIOD_UNKNOWN, period,
		    "date", document->date.text);
	else if (strcmp(state, "open") != 0)
		finding_add(findings, arena, FIND_PERIOD_CLOSED, period,
		    "date", document->date.text);
}
