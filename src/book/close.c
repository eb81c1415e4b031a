/* The table of the close board's lines, and days of periods. */
#include "book/close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"

static const struct close_info infos[CLOSE_LINES] = {
	[CLOSE_BACKLOG] = { "backlog",
	    N_("Nothing of the period still waits to be posted."), "backlog" },
	[CLOSE_FAILURES] = { "failures",
	    N_("Nothing of the period has failed."), "failures" },
	[CLOSE_CONFLICTS] = { "conflicts",
	    N_("No conflict of the period is unresolved."), "conflicts" },
	[CLOSE_APPROVALS] = { "approvals",
	    N_("Nothing of the period waits for approval."), "approvals" },
	[CLOSE_INTERCOMPANY] = { "intercompany",
	    N_("Group companies agree on what they owe each other."),
	    "intercompany" },
	[CLOSE_SETTLEMENT] = { "settlement",
	    N_("All that was captured has reached the bank."), "ledger" },
	[CLOSE_GST] = { "gst",
	    N_("The tax of the documents is the tax in the ledger."),
	    "ledger" },
	[CLOSE_TARGETS] = { "targets",
	    N_("Every target has what was posted."), "sync" },
	[CLOSE_CONSISTENCY] = { "consistency",
	    N_("The ledger balances and says what the events say."),
	    "ledger" },
	[CLOSE_AUDIT] = { "audit", N_("The audit chain is whole."),
	    "overview" },
};

const struct close_info *
close_info(enum close_line line)
{
	return &infos[line];
}

bool
close_line_find(const char *name, enum close_line *out)
{
	for (int i = 0; i < CLOSE_LINES; i++) {
		if (strcmp(infos[i].name, name) == 0) {
			*out = (enum close_line)i;
			return true;
		}
	}
	return false;
}

bool
period_valid(const char *text)
{
	char first[16];
	struct day day;

	if (strlen(text) != 7)
		return false;
	snprintf(first, sizeof first, "%s-01", text);
	return day_parse(span_of(first), &day);
}

struct day
period_due(const char *period, int day)
{
	int year = (int)strtol(period, NULL, 10);
	int month = (int)strtol(period + 5, NULL, 10) + 1;
	struct day out = { "" };
	char text[32];

	if (month == 13) {
		month = 1;
		year++;
	}
	do {
		snprintf(text, sizeof text, "%04d-%02d-%02d", year, month,
		    day);
	} while (!day_parse(span_of(text), &out) && --day > 0);
	return out;
}
