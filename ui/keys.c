/*
 * The one table of actions and their keys. Read once at start; the loop asks
 * key_act() for every key outside a prompt.
 */
#include "ui/keys.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/i18n.h"
#include "ui/term.h"

#define FILE_MAX 65536
#define KEYS_EACH 6

static const struct key_info infos[ACT_COUNT] = {
	[ACT_NONE] = { "none", "", "", "", 0, KEY_MOVES, "" },
	[ACT_DOWN] = { "down", "j Down", "", N_("one row down"), 0,
	    KEY_MOVES, "" },
	[ACT_UP] = { "up", "k Up", "", N_("one row up"), 0, KEY_MOVES, "" },
	[ACT_FIRST] = { "first", "g Home", "", N_("first row"), 0,
	    KEY_MOVES, "" },
	[ACT_LAST] = { "last", "G End", "", N_("last row"), 0, KEY_MOVES, "" },
	[ACT_HALF_DOWN] = { "half-down", "Ctrl-D", "",
	    N_("half a screen down"), 0, KEY_MOVES, "" },
	[ACT_HALF_UP] = { "half-up", "Ctrl-U", "",
	    N_("half a screen up"), 0, KEY_MOVES, "" },
	[ACT_PAGE_DOWN] = { "page-down", "Ctrl-F PageDown", "",
	    N_("a screen down"), 0, KEY_MOVES, "" },
	[ACT_PAGE_UP] = { "page-up", "Ctrl-B PageUp", "",
	    N_("a screen up"), 0, KEY_MOVES, "" },
	[ACT_OPEN] = { "open", "Enter l Right", N_("open"),
	    N_("open the row: group, members, event, account, journal"),
	    CAN_OPEN, KEY_VIEWS, "" },
	[ACT_BACK] = { "back", "q", N_("back"),
	    N_("back; at the top: quit"), 0, KEY_MOVES, "" },
	[ACT_LEAVE] = { "leave", "h Left Esc", "",
	    N_("show all again when filtered, else back; never quits"), 0,
	    KEY_MOVES, "" },
	[ACT_OVERVIEW] = { "overview", "1", "",
	    N_("overview: problems by age, states, sources"), 0,
	    KEY_VIEWS, "status" },
	[ACT_BACKLOG] = { "backlog", "2", "",
	    N_("backlog: every event not posted, oldest first"), 0,
	    KEY_VIEWS, "events" },
	[ACT_FAILURES] = { "failures", "3", "",
	    N_("failures: one row a problem, most events first"), 0,
	    KEY_VIEWS, "failures" },
	[ACT_LEDGER] = { "ledger", "4", "",
	    N_("ledger: trial balance, entries, journals"), 0,
	    KEY_VIEWS, "ledger" },
	[ACT_SYNC] = { "sync", "5", "",
	    N_("sync: flows with window and objective, late ones first"), 0,
	    KEY_VIEWS, "flows" },
	[ACT_ORDERS] = { "orders", "6", "",
	    N_("orders: from order to cash, what is still to come"), 0,
	    KEY_VIEWS, "orders" },
	[ACT_STOCK] = { "stock", "7", "",
	    N_("stock: quantity and value, short items first"), 0,
	    KEY_VIEWS, "stock" },
	[ACT_FILES] = { "files", "8", "",
	    N_("files: what came into the inbox, what became of it"), 0,
	    KEY_VIEWS, "files" },
	[ACT_DEAD] = { "dead", "9", "",
	    N_("dead letters: what failed, by whose it is to correct"), 0,
	    KEY_VIEWS, "dead" },
	[ACT_MASTERS] = { "masters", "0", "",
	    N_("masters: master data, table by table"), 0,
	    KEY_VIEWS, "reference TABLE" },
	[ACT_FILTER] = { "filter", "/", N_("filter"),
	    N_("show only rows that match a pattern (PCRE2); empty: all"),
	    CAN_FILTER, KEY_VIEWS, "events q=PATTERN" },
	[ACT_MARK] = { "mark", "Space", N_("mark"),
	    N_("mark or unmark the row; actions take all marked rows"),
	    CAN_MARK, KEY_MOVES, "" },
	[ACT_MARK_ALL] = { "mark-all", "*", "",
	    N_("mark all that the filter shows; or, when some are, none"),
	    CAN_MARK, KEY_MOVES, "" },
	[ACT_RETRY] = { "retry", "r", N_("retry"),
	    N_("process again: the row, the marked rows, or the whole group"),
	    CAN_RETRY, KEY_ACTS, "retry ROW" },
	[ACT_FIX] = { "fix", "f", N_("fix"),
	    N_("map the missing value, then retry all that share it"),
	    CAN_FIX, KEY_ACTS, "fix ROW TO" },
	[ACT_DISMISS] = { "dismiss", "d", N_("dismiss"),
	    N_("not for the books: take it off the backlog, with a reason"),
	    CAN_RETRY, KEY_ACTS, "dismiss ROW REASON" },
	[ACT_APPROVE] = { "approve", "a", N_("approve"),
	    N_("release what is held: the row, the marked rows, the group"),
	    CAN_APPROVE, KEY_ACTS, "approve ROW" },
	[ACT_REJECT] = { "reject", "x", N_("reject"),
	    N_("turn down what waits for an approval, with a reason"),
	    CAN_REJECT, KEY_ACTS, "reject ROW --reason TEXT" },
	[ACT_APPROVALS] = { "approvals", "A", "",
	    N_("approvals: what waits for somebody's yes, and why"), 0,
	    KEY_VIEWS, "approvals" },
	[ACT_REPLAY] = { "replay", "R", N_("replay"),
	    N_("judge again from the bytes; what is right stays as it is"),
	    CAN_RETRY, KEY_ACTS, "replay ROW" },
	[ACT_RESUME] = { "resume", "u", N_("resume"),
	    N_("post what a paused source has sent, and go on"),
	    CAN_RESUME, KEY_ACTS, "resume ROW" },
	[ACT_EDIT] = { "edit", "e", N_("edit"),
	    N_("change this column of the row of master data"), CAN_EDIT,
	    KEY_ACTS, "set TABLE CODE COLUMN=VALUE" },
	[ACT_INTERCOMPANY] = { "intercompany", "I", "",
	    N_("intercompany: what companies of the group owe each other"),
	    0, KEY_VIEWS, "intercompany" },
	[ACT_ADJUST] = { "adjust", "p", N_("propose"),
	    N_("show the entry that makes two companies agree, then post it"),
	    CAN_ADJUST, KEY_ACTS, "intercompany adjust HERE/THERE NAME" },
	[ACT_CONFLICTS] = { "conflicts", "C", "",
	    N_("conflicts: what two sides changed, to review by field"), 0,
	    KEY_VIEWS, "conflicts" },
	[ACT_NEXT] = { "next", "] n", N_("next"),
	    N_("next field that differs"), CAN_REVIEW, KEY_MOVES, "" },
	[ACT_PREVIOUS] = { "previous", "[ N", "",
	    N_("field that differs before this one"), CAN_REVIEW,
	    KEY_MOVES, "" },
	[ACT_BASE] = { "base", "1", N_("base"),
	    N_("this field as it was before both changes"), CAN_REVIEW,
	    KEY_MOVES, "" },
	[ACT_CURRENT] = { "current", "2", N_("current"),
	    N_("this field as it is in the books"), CAN_REVIEW,
	    KEY_MOVES, "" },
	[ACT_INCOMING] = { "incoming", "3", N_("incoming"),
	    N_("this field as it came"), CAN_REVIEW, KEY_MOVES, "" },
	[ACT_REVISE] = { "revise", "e", N_("edit"),
	    N_("write this field of the result yourself"), CAN_REVIEW,
	    KEY_MOVES, "" },
	[ACT_MERGE] = { "merge", "c", N_("merge"),
	    N_("apply both changes where they do not overlap"), CAN_TAKE,
	    KEY_ACTS, "conflicts resolve ROW --take merge" },
	[ACT_KEEP] = { "keep", "K", N_("keep"),
	    N_("keep what is in the books, drop what came"), CAN_TAKE,
	    KEY_ACTS, "conflicts resolve ROW --take current" },
	[ACT_TAKE] = { "take", "T", N_("take"),
	    N_("take what came, replace what is in the books"), CAN_TAKE,
	    KEY_ACTS, "conflicts resolve ROW --take incoming" },
	[ACT_APPLY] = { "apply", "a", N_("apply"),
	    N_("write the result into the books, with a reason"),
	    CAN_REVIEW,
	    KEY_ACTS, "conflicts resolve ROW --document FILE --reason TEXT" },
	[ACT_RUNS] = { "runs", "J", "",
	    N_("runs: actions on many events, how far, and their receipts"),
	    0, KEY_VIEWS, "runs" },
	[ACT_RUN] = { "run", "y", N_("do it"),
	    N_("do what is planned; many events are counted first"),
	    CAN_RUN, KEY_ACTS, "runs" },
	[ACT_RUN_NOT] = { "run-not", "n", N_("leave it"),
	    N_("do nothing of what is planned"), CAN_RUN, KEY_MOVES, "" },
	[ACT_STOP] = { "stop", "c", N_("stop"),
	    N_("stop a run; what is done stays done"), CAN_RERUN,
	    KEY_ACTS, "runs cancel ROW" },
	[ACT_AGAIN] = { "again", "R", N_("again"),
	    N_("try again what failed in a run, and nothing else"),
	    CAN_RERUN, KEY_ACTS, "runs retry ROW" },
	[ACT_CLOSE] = { "close", "B", "",
	    N_("close board: what keeps a period from closing"), 0,
	    KEY_VIEWS, "close status" },
	[ACT_SIGN] = { "sign", "s", N_("sign"),
	    N_("sign this line of the close board off, on its figures"),
	    CAN_CLOSE, KEY_ACTS, "close sign ROW" },
	[ACT_SOFT] = { "soft", "S", N_("soft"),
	    N_("close the period softly: nothing more posts as it comes"),
	    CAN_CLOSE, KEY_ACTS, "close soft" },
	[ACT_SHUT] = { "shut", "K", N_("close"),
	    N_("close the period, once all lines are signed off"),
	    CAN_CLOSE, KEY_ACTS, "close period" },
	[ACT_REOPEN] = { "reopen", "O", N_("reopen"),
	    N_("ask that the period is opened again, with a reason"),
	    CAN_CLOSE, KEY_ACTS, "close reopen REASON" },
	[ACT_AGREE] = { "agree", "a", "",
	    N_("approve that it is opened again, as another one asked"),
	    CAN_CLOSE, KEY_ACTS, "close approve" },
	[ACT_EARLIER] = { "earlier", "[", "", N_("the period before"),
	    CAN_PERIOD, KEY_VIEWS, "" },
	[ACT_LATER] = { "later", "]", "", N_("the period after"),
	    CAN_PERIOD, KEY_VIEWS, "" },
	[ACT_COMPANY] = { "company", "e", N_("company"),
	    N_("the board of the next company"), CAN_CLOSE, KEY_VIEWS, "" },
	[ACT_ASSIGN] = { "assign", "w @", N_("who"),
	    N_("give it to somebody: the row, the marked rows, the group"),
	    CAN_SHARE, KEY_ACTS, "assign ROW WHO" },
	[ACT_SNOOZE] = { "snooze", "z", N_("later"),
	    N_("put it off: 4h, 3d, tomorrow, monday, a day; it comes back"),
	    CAN_SHARE, KEY_ACTS, "snooze ROW UNTIL" },
	[ACT_COMMENT] = { "comment", ";", N_("say"),
	    N_("say something of the event; it stays where it is"),
	    CAN_COMMENT, KEY_ACTS, "comment ROW TEXT" },
	[ACT_PUT_OFF] = { "put-off", "Z", "",
	    N_("show what is put off, or hide it again"), CAN_PUT_OFF,
	    KEY_VIEWS, "events snoozed=yes" },
	[ACT_HISTORY] = { "history", "H", N_("history"),
	    N_("what was settled, by whom and why; and back"),
	    CAN_HISTORY, KEY_VIEWS, "failures --history" },
	[ACT_UNSETTLE] = { "reopen-event", "o", N_("reopen"),
	    N_("in history: what was dismissed is to be done after all"),
	    CAN_SETTLED, KEY_ACTS, "reopen ROW REASON" },
	[ACT_UNDO] = { "undo", "u", N_("undo"),
	    N_("take back what you decided last of the event; posted: "
	    "reverse it"), CAN_UNDO, KEY_ACTS, "undo ROW" },
	[ACT_UNDO_LAST] = { "undo-last", "U", "",
	    N_("take back what you decided last, whatever it was of"),
	    CAN_UNDO, KEY_ACTS, "undo" },
	[ACT_GST] = { "gst", "X", "",
	    N_("GST: what is to be filed and paid, down to the document"),
	    0, KEY_VIEWS, "gst summary" },
	[ACT_TAB] = { "tab", "Tab t", N_("more"),
	    N_("the next page of the return: GSTR-3B, HSN, numbers, ..."),
	    CAN_GST, KEY_VIEWS, "" },
	[ACT_GSTIN] = { "gstin", "c", "GSTIN",
	    N_("the next GSTIN"), CAN_GST, KEY_VIEWS, "gst registrations" },
	[ACT_FILE] = { "file", "F", N_("filed"),
	    N_("mark the return as filed, with its ARN: it is locked"),
	    CAN_FILE, KEY_ACTS, "gst file --form FORM --arn ARN" },
	[ACT_EXPORT] = { "export", "x", N_("export"),
	    N_("write returns and registers into files"), CAN_GST,
	    KEY_VIEWS, "gst exports" },
	[ACT_WRITE] = { "write", "Enter x", N_("write"),
	    N_("write this form into a folder; progress and receipt follow"),
	    CAN_EXPORT, KEY_ACTS, "gst gstr1 --out DIR" },
	[ACT_WRITE_NOT] = { "write-not", "c", N_("stop"),
	    N_("stop what is being written"), CAN_EXPORT,
	    KEY_ACTS, "gst stop ROW" },
	[ACT_ENTER] = { "enter", "e", N_("enter"),
	    N_("enter this cell of GSTR-3B yourself, with a reason"),
	    CAN_ENTER, KEY_ACTS, "gst enter CELL HEAD=AMOUNT" },
	[ACT_MATCHING] = { "matching", "M", "",
	    N_("matching: purchases beside GSTR-2B, and why they differ"),
	    0, KEY_VIEWS, "gst recon" },
	[ACT_ACCEPT] = { "accept", "a", N_("accept"),
	    N_("accept the row or the marked rows as they are"), CAN_RECON,
	    KEY_ACTS, "gst recon accept ROW" },
	[ACT_IGNORE] = { "ignore", "i", N_("ignore"),
	    N_("leave the row out of the reconciliation, with a reason"),
	    CAN_RECON, KEY_ACTS, "gst recon ignore ROW" },
	[ACT_PENDING] = { "pending", "p", N_("pending"),
	    N_("leave the row for a later period"), CAN_RECON,
	    KEY_ACTS, "gst recon pending ROW" },
	[ACT_LINK] = { "link", "L =", N_("link"),
	    N_("the two marked rows, one of each side, are one document"),
	    CAN_RECON, KEY_ACTS, "gst recon link ROW ROW" },
	[ACT_UNLINK] = { "unlink", "u", N_("apart"),
	    N_("books and 2B of this row are not one document"), CAN_RECON,
	    KEY_ACTS, "gst recon unlink ROW" },
	[ACT_IMS_ACCEPT] = { "ims-accept", "A", "",
	    N_("for the invoice management system: accept"), CAN_RECON,
	    KEY_ACTS, "gst recon ims.accept ROW" },
	[ACT_IMS_REJECT] = { "ims-reject", "R", "",
	    N_("for the invoice management system: reject"), CAN_RECON,
	    KEY_ACTS, "gst recon ims.reject ROW" },
	[ACT_IMS_PENDING] = { "ims-pending", "P", "",
	    N_("for the invoice management system: keep pending"),
	    CAN_RECON, KEY_ACTS, "gst recon ims.pending ROW" },
	[ACT_RESET] = { "reset", "r", "",
	    N_("forget what was said of the row or the marked rows"),
	    CAN_RECON, KEY_ACTS, "gst recon reset ROW" },
	[ACT_TAKE_BACK] = { "take-back", "z", "",
	    N_("take back what you said last of the reconciliation"),
	    CAN_RECON, KEY_ACTS, "gst recon undo D12" },
	[ACT_STATUS] = { "status", "s", N_("state"),
	    N_("show only rows of the next state, then all again"),
	    CAN_FOLLOW, KEY_VIEWS, "" },
	[ACT_SUPPLIER] = { "supplier", "o", N_("supplier"),
	    N_("show only this supplier, or all again"), CAN_FOLLOW,
	    KEY_VIEWS, "" },
	[ACT_FOLLOWUP] = { "followup", "f", N_("follow up"),
	    N_("suppliers and what they have not filed"), CAN_FOLLOW,
	    KEY_VIEWS, "gst followup" },
	[ACT_INWARD] = { "inward", "m", N_("import"),
	    N_("read a file of GSTR-2B, 2A or IMS"), CAN_RECON,
	    KEY_ACTS, "gst import FILE" },
	[ACT_REFRESH] = { "refresh", "Ctrl-R F5", "",
	    N_("ask the daemon for news now"), 0, KEY_MOVES, "" },
	[ACT_REDRAW] = { "redraw", "Ctrl-L", "",
	    N_("draw the screen anew"), 0, KEY_MOVES, "" },
	[ACT_HELP] = { "help", "? F1", N_("help"), N_("this list of keys"),
	    0, KEY_VIEWS, "help" },
};

struct name {
	const char *name;
	int key;
};

static const struct name names[] = {
	{ "Up", TERM_UP }, { "Down", TERM_DOWN }, { "Left", TERM_LEFT },
	{ "Right", TERM_RIGHT }, { "PageUp", TERM_PAGE_UP },
	{ "PageDown", TERM_PAGE_DOWN }, { "Home", TERM_HOME },
	{ "End", TERM_END }, { "Enter", TERM_ENTER },
	{ "Esc", TERM_ESCAPE }, { "Space", ' ' },
	{ "Backspace", TERM_BACKSPACE }, { "Tab", '\t' },
	{ "Delete", TERM_DELETE }, { "Shift-Tab", TERM_SHIFT_TAB },
	{ "Shift-Up", TERM_SHIFT_UP }, { "Shift-Down", TERM_SHIFT_DOWN },
	{ "F1", TERM_F1 }, { "F2", TERM_F1 + 1 }, { "F3", TERM_F1 + 2 },
	{ "F4", TERM_F1 + 3 }, { "F5", TERM_F1 + 4 }, { "F6", TERM_F1 + 5 },
	{ "F7", TERM_F1 + 6 }, { "F8", TERM_F1 + 7 }, { "F9", TERM_F1 + 8 },
	{ "F10", TERM_F1 + 9 }, { "F11", TERM_F1 + 10 },
	{ "F12", TERM_F1 + 11 },
};

struct binding {
	bool read;
	char text[64];
	int keys[KEYS_EACH];
	size_t n;
};

static struct binding bindings[ACT_COUNT];

static int
key_of(struct span s)
{
	if (s.n == 1 && s.p[0] > ' ' && s.p[0] < 0x7f)
		return s.p[0];
	if (s.n == 6 && memcmp(s.p, "Ctrl-", 5) == 0 && s.p[5] >= 'A' &&
	    s.p[5] <= 'Z')
		return s.p[5] - '@';
	if (s.n == 5 && memcmp(s.p, "Alt-", 4) == 0 && s.p[4] >= 'A' &&
	    s.p[4] <= 'Z')
		return TERM_ALT + s.p[4];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_is(s, names[i].name))
			return names[i].key;
	return TERM_NONE;
}

static bool
bind_keys(enum act act, const char *text)
{
	struct binding *b = &bindings[act];
	size_t n = strlen(text);

	if (n >= sizeof b->text)
		return false;
	memcpy(b->text, text, n + 1);
	b->n = 0;
	b->read = true;
	for (const char *p = text; *p != '\0';) {
		n = strcspn(p, " ");
		if (n > 0) {
			int key = key_of((struct span){ p, n });

			if (key == TERM_NONE || b->n == KEYS_EACH)
				return false;
			b->keys[b->n++] = key;
		}
		p += n + (p[n] == ' ');
	}
	return true;
}

static struct binding *
binding(enum act act)
{
	if (!bindings[act].read && !bind_keys(act, infos[act].keys))
		bug("default keys of %s", infos[act].name);
	return &bindings[act];
}

const struct key_info *
key_info(enum act act)
{
	return &infos[act];
}

const char *
key_names(enum act act)
{
	return binding(act)->text;
}

static bool
bound(enum act act, int key)
{
	const struct binding *b = binding(act);

	for (size_t i = 0; i < b->n; i++)
		if (b->keys[i] == key)
			return true;
	return false;
}

enum act
key_act(int key, key_can can)
{
	enum act found = ACT_NONE;

	for (int act = 1; act < ACT_COUNT; act++) {
		key_can needs = infos[act].needs;

		if ((needs & ~can) != 0 || !bound((enum act)act, key))
			continue;
		if (needs != 0)
			return (enum act)act;
		if (found == ACT_NONE)
			found = (enum act)act;
	}
	return found;
}

static bool
read_line(char *line)
{
	char *equals = strstr(line, " = ");

	if (line[0] == '\0' || line[0] == '#')
		return true;
	if (equals == NULL)
		return false;
	*equals = '\0';
	for (int act = 1; act < ACT_COUNT; act++)
		if (strcmp(infos[act].name, line) == 0)
			return bind_keys((enum act)act, equals + 3);
	return false;
}

bool
keys_read(const char *path, struct err *e)
{
	struct arena *arena = arena_new();
	unsigned number = 0;
	struct span text;
	bool ok = file_read(path, FILE_MAX, arena, &text, e);
	char *next = ok ? arena_strndup(arena, text.p, text.n) : NULL;

	while (ok && next != NULL) {
		char *line = next;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		number++;
		if (!read_line(line))
			ok = err_set(e, ERR_CONFIG, "%.200s:%u: no such "
			    "action or key", path, number);
	}
	arena_free(&arena);
	return ok;
}

void
keys_dump(FILE *out)
{
	for (int act = 1; act < ACT_COUNT; act++)
		fprintf(out, "%s = %s\n", infos[act].name,
		    infos[act].keys);
}
