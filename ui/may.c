#include "ui/may.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/map.h"
#include "wire/shapes.h"

#define RESOLVE "resolve"
#define RECON "POST /v1/gst/recon"
#define DRIFT "POST /v1/targets/{}/drift/act"
#define BANK "POST /v1/bank/act"

static const char *const rights[ACT_COUNT] = {
	[ACT_OVERVIEW] = "GET /v1/status", [ACT_BACKLOG] = "GET /v1/events",
	[ACT_FAILURES] = "GET /v1/signatures",
	[ACT_LEDGER] = "GET /v1/trial-balance", [ACT_SYNC] = "GET /v1/flows",
	[ACT_ORDERS] = "GET /v1/orders", [ACT_STOCK] = "GET /v1/stock",
	[ACT_FILES] = "GET /v1/files", [ACT_DEAD] = "GET /v1/dead-letters",
	[ACT_MASTERS] = "GET /v1/reference/{}",
	[ACT_INTERCOMPANY] = "GET /v1/intercompany",
	[ACT_CONFLICTS] = "GET /v1/conflicts", [ACT_RUNS] = "GET /v1/runs",
	[ACT_CLOSE] = "GET /v1/close", [ACT_APPROVALS] = "GET /v1/approvals",
	[ACT_HISTORY] = "GET /v1/events",
	[ACT_GST] = "GET /v1/gst/registrations",
	[ACT_MATCHING] = "GET /v1/gst/recon",
	[ACT_FOLLOWUP] = "GET /v1/gst/followup",
	[ACT_SEARCH] = "GET /v1/search",
	[ACT_DOCUMENTS] = "GET /v1/documents",
	[ACT_DECISIONS] = "GET /v1/decisions",
	[ACT_RULEBOOK] = "GET /v1/rules-in-force",
	[ACT_TRACE] = "GET /v1/trace/{}",
	[ACT_COUNTS] = "GET /v1/counts",
	[ACT_TARGETS] = "GET /v1/targets",
	[ACT_TARGET_PAUSE] = "POST /v1/targets/{}/pause",
	[ACT_TARGET_RESUME] = "POST /v1/targets/{}/resume",
	[ACT_TARGET_CHECK] = "POST /v1/targets/{}/check",
	[ACT_TARGET_LOOK] = "POST /v1/targets/{}/look",
	[ACT_COMMITS] = "GET /v1/commits",
	[ACT_COMMIT_RETRY] = "commit.retry",
	[ACT_COMMIT_RESEND] = "commit.resend",
	[ACT_COMMIT_SKIP] = "commit.skip",
	[ACT_COMMIT_ALL] = "GET /v1/commits",
	[ACT_COMMIT_MEND] = "PATCH /v1/reference/{}/{}",
	[ACT_DRIFT] = "GET /v1/targets/{}/drift",
	[ACT_TRIAL] = "GET /v1/targets/{}/trial",
	[ACT_DRIFT_OURS] = DRIFT, [ACT_DRIFT_THEIRS] = DRIFT,
	[ACT_DRIFT_ADOPT] = DRIFT, [ACT_DRIFT_IGNORE] = DRIFT,
	[ACT_DRIFT_STATE] = "GET /v1/targets/{}/drift",
	[ACT_COUNT_APPROVE] = "POST /v1/counts/act",
	[ACT_COUNT_REJECT] = "POST /v1/counts/act",
	[ACT_COUNT_UNDO] = "POST /v1/counts/act",

	[ACT_RETRY] = "retry", [ACT_FIX] = "fix", [ACT_DISMISS] = "dismiss",
	[ACT_APPROVE] = "approve", [ACT_REJECT] = "reject",
	[ACT_REPLAY] = "replay", [ACT_RESUME] = "resume",
	[ACT_EDIT] = "PATCH /v1/reference/{}/{}",
	[ACT_ADJUST] = "POST /v1/intercompany/adjust",
	[ACT_MERGE] = RESOLVE, [ACT_KEEP] = RESOLVE, [ACT_TAKE] = RESOLVE,
	[ACT_APPLY] = RESOLVE, [ACT_RUN] = "POST /v1/runs",
	[ACT_STOP] = "DELETE /v1/runs/{}",
	[ACT_AGAIN] = "POST /v1/runs/{}/retry",
	[ACT_SIGN] = "POST /v1/close/sign", [ACT_SOFT] = "POST /v1/close/soft",
	[ACT_SHUT] = "POST /v1/close/close",
	[ACT_REOPEN] = "POST /v1/close/reopen",
	[ACT_AGREE] = "POST /v1/close/reopen/approve",
	[ACT_ASSIGN] = "assign", [ACT_SNOOZE] = "snooze",
	[ACT_COMMENT] = "comment", [ACT_UNSETTLE] = "reopen",
	[ACT_UNDO] = "POST /v1/decisions/{}/undo",
	[ACT_UNDO_LAST] = "POST /v1/decisions/{}/undo",
	[ACT_FILE] = "POST /v1/gst/filings",
	[ACT_EXPORT] = "GET /v1/gst/exports",
	[ACT_WRITE] = "POST /v1/gst/exports",
	[ACT_WRITE_NOT] = "DELETE /v1/gst/exports/{}",
	[ACT_ENTER] = "POST /v1/gst/entries",
	[ACT_ACCEPT] = RECON, [ACT_IGNORE] = RECON, [ACT_PENDING] = RECON,
	[ACT_LINK] = RECON, [ACT_UNLINK] = RECON, [ACT_IMS_ACCEPT] = RECON,
	[ACT_IMS_REJECT] = RECON, [ACT_IMS_PENDING] = RECON,
	[ACT_RESET] = RECON, [ACT_TAKE_BACK] = RECON,
	[ACT_BANK] = "GET /v1/bank/lines",
	[ACT_BANK_PAGE] = "GET /v1/bank/statement",
	[ACT_BANK_NEXT] = "GET /v1/bank/statement",
	[ACT_BANK_STATE] = "GET /v1/bank/lines", [ACT_BANK_ACCEPT] = BANK,
	[ACT_BANK_ALIKE] = BANK, [ACT_BANK_MATCH] = BANK,
	[ACT_BANK_BOOK] = BANK, [ACT_BANK_IGNORE] = BANK,
	[ACT_BANK_APART] = BANK, [ACT_BANK_RESTORE] = BANK,
	[ACT_BANK_UNDO] = BANK,
	[ACT_INWARD] = "POST /v1/gst/inward", [ACT_CORRECT] = "correct",
};

static struct {
	struct arena *arena;	/* of what was read; NULL: not yet */
	struct span json;
	struct map *may;	/* right -> itself */
	const char *role, *entities;
	bool reads_only;	/* as the daemon says, */
	bool only_read;		/* or as was asked for here */
} me;

void
may_only_read(void)
{
	me.only_read = true;
}

const char *
may_right(enum act act)
{
	return rights[act];
}

static void
allow(const char *right)
{
	map_set(me.may, span_of(right), (void *)right);
}

void
may_end(void)
{
	if (me.arena == NULL)
		return;
	map_free(&me.may, NULL);
	arena_free(&me.arena);
	me.json = (struct span){ "", 0 };
}

void
may_read(struct span json)
{
	struct wire_me said;

	if (me.arena != NULL && span_equal(me.json, json))
		return;
	may_end();
	me.arena = arena_new();
	me.may = map_new();
	me.json = (struct span){ arena_strndup(me.arena, json.p, json.n),
	    json.n };
	if (!shape_me(me.json, me.arena, &said)) {
		may_end();
		return;
	}
	me.role = said.role;
	me.entities = said.entities;
	me.reads_only = said.reads_only;
	for (size_t i = 0; i < said.n_may; i++)
		allow(said.may[i]);
	for (size_t i = 0; i < said.n_acts; i++)
		allow(said.acts[i]);
}

bool
may_get(const char *path)
{
	char right[120];

	snprintf(right, sizeof right, "GET %.*s", (int)strcspn(path, "?"),
	    path);
	return me.arena == NULL || map_find(me.may, span_of(right)) != NULL;
}

/* What is of this console alone is everybody's. */
bool
may_act(enum act act)
{
	const char *right = rights[act];

	if (right == NULL)
		return true;
	if (key_info(act)->kind == KEY_ACTS && (me.only_read ||
	    (me.arena != NULL && me.reads_only)))
		return false;
	return me.arena == NULL || map_find(me.may, span_of(right)) != NULL;
}

const char *
may_why(struct arena *arena)
{
	if (me.only_read)
		return _("This console only reads, as it was started.");
	if (me.reads_only)
		return _("Your access only reads.");
	return arena_printf(arena, _("Your access here is %s; this is not "
	    "part of it."), strcmp(me.entities, "*") == 0 ? me.role :
	    arena_printf(arena, "%s (%s)", me.role, me.entities));
}
