/* The accounting period of the day that it is posted on is not closed. What is
 * in one that is closed softly is held for an approval, see flow/policy.c. */
#include "checks/list.h"

void
check_period(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	struct day day = document_posting(document);
	const char *state;
	char period[8];

	(void)journal;
	if (reference_find(reference, REF_ENTITY, document->entity) == NULL)
		return;		/* check_entity says so */
	day_period(day, period);
	state = reference_period(reference, document->entity, day);
	if (state == NULL)
		finding_add(findings, arena, FIND_PERIOD_UNKNOWN, period,
		    "date", day.text);
	else if (strcmp(state, "closed") == 0)
		finding_add(findings, arena, FIND_PERIOD_CLOSED, period,
		    "date", day.text);
}
