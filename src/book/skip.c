/* The table of reasons to leave an event out of a run. */
#include "book/skip.h"

#include <string.h>

#include "core/i18n.h"

static const struct skip_info infos[SKIPS] = {
	[SKIP_NONE] = { "none", "", "" },
	[SKIP_ABSENT] = { "absent", N_("There is no such event."),
	    N_("Check the number.") },
	[SKIP_TWICE] = { "named_twice", N_("It is named twice."),
	    N_("It is done once; there is nothing to do.") },
	[SKIP_STALE] = { "stale", N_("It has changed since you looked."),
	    N_("Look again, then plan again.") },
	[SKIP_POSTED] = { "posted", N_("It is posted already."),
	    N_("Correct it by a new version of the document.") },
	[SKIP_STATE] = { "state",
	    N_("This action does not start from the state it is in."),
	    N_("See the event: another action may.") },
	[SKIP_LOCKED] = { "locked_period",
	    N_("Its period is closed for posting."),
	    N_("Have the period reopened, or decide on it by itself.") },
	[SKIP_OWN] = { "own", N_("You made it, or changed it."),
	    N_("Somebody else approves it.") },
	[SKIP_RIGHT] = { "no_right", N_("Your role does not allow this."),
	    N_("Ask somebody who may, or an administrator for the role.") },
	[SKIP_GIVEN] = { "given", N_("You have approved it already."),
	    N_("It waits for somebody else's approval.") },
	[SKIP_CODE] = { "code", N_("It needs a one-time code."),
	    N_("Approve it with a code of your second factor.") },
	[SKIP_OVERLAP] = { "overlap",
	    N_("Both changed the same, or what they changed is not known."),
	    N_("Review it: one of the two, or a value of your own.") },
};

const struct skip_info *
skip_info(enum skip skip)
{
	return &infos[skip];
}

bool
skip_find(const char *name, enum skip *out)
{
	for (int i = 0; i < SKIPS; i++) {
		if (strcmp(infos[i].name, name) == 0) {
			*out = (enum skip)i;
			return true;
		}
	}
	return false;
}
