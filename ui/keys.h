#ifndef BAHI_UI_KEYS_H
#define BAHI_UI_KEYS_H
/*
 * What a person can ask for and by which keys. The bottom bar, the help and
 * --dump=keys all come from this one table.
 */
#include <stdio.h>
#include "core/err.h"

enum act {
	ACT_NONE, ACT_DOWN, ACT_UP, ACT_FIRST, ACT_LAST, ACT_HALF_DOWN,
	ACT_HALF_UP, ACT_PAGE_DOWN, ACT_PAGE_UP, ACT_OPEN, ACT_OVERVIEW,
	ACT_BACKLOG, ACT_FAILURES, ACT_LEDGER, ACT_SYNC, ACT_ORDERS,
	ACT_STOCK, ACT_FILES, ACT_DEAD, ACT_MASTERS, ACT_FILTER, ACT_MARK,
	ACT_MARK_ALL, ACT_RETRY,
	ACT_FIX, ACT_DISMISS, ACT_REFRESH, ACT_REDRAW, ACT_LEAVE, ACT_HELP,
	ACT_BACK, ACT_APPROVE, ACT_REPLAY, ACT_RESUME, ACT_EDIT,
	ACT_INTERCOMPANY, ACT_ADJUST, ACT_CONFLICTS,
	ACT_APPLY, ACT_MERGE, ACT_BASE, ACT_CURRENT, ACT_INCOMING, ACT_REVISE,
	ACT_NEXT, ACT_PREVIOUS, ACT_KEEP, ACT_TAKE,
	ACT_RUNS, ACT_RUN, ACT_RUN_NOT, ACT_STOP, ACT_AGAIN,
	ACT_CLOSE, ACT_SIGN, ACT_SOFT, ACT_SHUT, ACT_REOPEN, ACT_AGREE,
	ACT_EARLIER, ACT_LATER, ACT_COMPANY,
	ACT_APPROVALS, ACT_REJECT,
	ACT_ASSIGN, ACT_SNOOZE, ACT_COMMENT, ACT_PUT_OFF, ACT_HISTORY,
	ACT_UNSETTLE, ACT_UNDO, ACT_UNDO_LAST,
	ACT_ACCEPT, ACT_IGNORE, ACT_PENDING, ACT_LINK, ACT_UNLINK,
	ACT_IMS_ACCEPT, ACT_IMS_REJECT, ACT_IMS_PENDING, ACT_RESET,
	ACT_TAKE_BACK, ACT_STATUS,
	ACT_SUPPLIER, ACT_FOLLOWUP, ACT_INWARD, ACT_GST, ACT_MATCHING,
	ACT_TAB, ACT_GSTIN, ACT_EXPORT, ACT_WRITE, ACT_WRITE_NOT, ACT_FILE,
	ACT_ENTER,
	ACT_COUNT
};

/* Where an action makes sense; a pane names the ones it offers. */
enum {
	CAN_OPEN = 1, CAN_FILTER = 2, CAN_MARK = 4, CAN_RETRY = 8,
	CAN_FIX = 16, CAN_RESUME = 32, CAN_EDIT = 64, CAN_TAKE = 128,
	CAN_REVIEW = 256, CAN_ADJUST = 1 << 20,
	CAN_RUN = 1 << 16, CAN_RERUN = 1 << 17, CAN_CLOSE = 1 << 21,
	CAN_APPROVE = 1 << 22, CAN_REJECT = 1 << 23,
	CAN_SHARE = 1 << 10, CAN_COMMENT = 1 << 11, CAN_PUT_OFF = 1 << 12,
	CAN_HISTORY = 1 << 13, CAN_SETTLED = 1 << 14, CAN_UNDO = 1 << 15,
	CAN_PERIOD = 1 << 24, CAN_GST = 1 << 25, CAN_FILE = 1 << 26,
	CAN_ENTER = 1 << 27, CAN_EXPORT = 1 << 28,
	CAN_RECON = 1 << 9, CAN_FOLLOW = 1 << 18,
	/* what changes something */
	CAN_ACT = ~(CAN_OPEN | CAN_FILTER | CAN_PUT_OFF | CAN_HISTORY |
	    CAN_PERIOD | CAN_GST | CAN_FOLLOW)
};

struct key_info {
	const char *name;	/* in a keys file: "half-down" */
	const char *keys;	/* default: "Ctrl-D" */
	const char *label;	/* N_(): bar; "" keeps it off the bar */
	const char *help;	/* N_() */
	unsigned needs;		/* CAN_ bits; 0: everywhere */
};

const struct key_info *key_info(enum act);
/* The keys in force, "j Down". */
const char *key_names(enum act);
/* key as of term_key(). What only some panes can goes before what is the same
 * everywhere, so that a pane may have a key of its own. */
enum act key_act(int key, unsigned can);
/* `name = keys` lines; a name or key that is not known is refused. */
MUST_CHECK bool keys_read(const char *path, struct err *);
void keys_dump(FILE *);

#endif
