#ifndef BAHI_UI_KEYS_H
#define BAHI_UI_KEYS_H
/*
 * What a person can ask for and by which keys. The bottom bar, the help, the
 * palette, bahi-keys(7) and --dump=keys all come from this one table.
 */
#include <stdint.h>
#include <stdio.h>
#include "core/arena.h"
#include "core/vec.h"

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
	ACT_PALETTE, ACT_PERIOD, ACT_QUIT,
	ACT_SORT_LEFT, ACT_SORT_RIGHT, ACT_SORT_TURN, ACT_COLUMNS, ACT_CELLS,
	ACT_GROUP, ACT_SAVED, ACT_VIEW_SAVE, ACT_VIEW_NAME, ACT_VIEW_DROP,
	ACT_VIEW_FIRST, ACT_HISTORY_BACK, ACT_HISTORY_ON, ACT_SEARCH,
	ACT_RANGE, ACT_MARK_UP, ACT_MARK_DOWN, ACT_MARK_LIKE,
	ACT_MATCH_NEXT, ACT_MATCH_BEFORE,
	ACT_DOCUMENTS, ACT_DECISIONS, ACT_RULEBOOK, ACT_TRACE, ACT_MESSAGES,
	ACT_COPY,
	ACT_QUEUE, ACT_QUEUE_CHANGE, ACT_QUEUE_DROP, ACT_QUEUE_CLEAR,
	ACT_CELL_LEFT, ACT_CELL_RIGHT, ACT_JOBS,
	ACT_CORRECT,
	ACT_COUNTS, ACT_COUNT_APPROVE, ACT_COUNT_REJECT, ACT_COUNT_UNDO,
	ACT_TARGETS, ACT_TARGET_PAUSE, ACT_TARGET_RESUME, ACT_TARGET_CHECK,
	ACT_TARGET_LOOK, ACT_COMMITS, ACT_COMMIT_RETRY, ACT_COMMIT_RESEND,
	ACT_COMMIT_SKIP, ACT_COMMIT_ALL, ACT_COMMIT_MEND,
	ACT_BANK, ACT_BANK_PAGE, ACT_BANK_STATE, ACT_BANK_ACCEPT,
	ACT_BANK_ALIKE, ACT_BANK_MATCH, ACT_BANK_BOOK, ACT_BANK_IGNORE,
	ACT_BANK_APART, ACT_BANK_RESTORE, ACT_BANK_UNDO, ACT_BANK_NEXT,
	ACT_DRIFT, ACT_TRIAL, ACT_DRIFT_OURS, ACT_DRIFT_THEIRS,
	ACT_DRIFT_ADOPT, ACT_DRIFT_IGNORE, ACT_DRIFT_STATE,
	ACT_COUNT
};

/* Where an action makes sense; a pane names the ones it offers. */
typedef uint64_t key_can;
#define CAN_BIT(n) ((key_can)1 << (n))
#define CAN_OPEN CAN_BIT(0)
#define CAN_FILTER CAN_BIT(1)
#define CAN_MARK CAN_BIT(2)
#define CAN_RETRY CAN_BIT(3)
#define CAN_FIX CAN_BIT(4)
#define CAN_RESUME CAN_BIT(5)
#define CAN_EDIT CAN_BIT(6)
#define CAN_TAKE CAN_BIT(7)
#define CAN_REVIEW CAN_BIT(8)
#define CAN_RECON CAN_BIT(9)
#define CAN_SHARE CAN_BIT(10)
#define CAN_COMMENT CAN_BIT(11)
#define CAN_PUT_OFF CAN_BIT(12)
#define CAN_HISTORY CAN_BIT(13)
#define CAN_SETTLED CAN_BIT(14)
#define CAN_UNDO CAN_BIT(15)
#define CAN_RUN CAN_BIT(16)
#define CAN_RERUN CAN_BIT(17)
#define CAN_FOLLOW CAN_BIT(18)
#define CAN_ADJUST CAN_BIT(20)
#define CAN_CLOSE CAN_BIT(21)
#define CAN_APPROVE CAN_BIT(22)
#define CAN_REJECT CAN_BIT(23)
#define CAN_PERIOD CAN_BIT(24)
#define CAN_GST CAN_BIT(25)
#define CAN_FILE CAN_BIT(26)
#define CAN_ENTER CAN_BIT(27)
#define CAN_EXPORT CAN_BIT(28)
#define CAN_VIEWS CAN_BIT(19)
#define CAN_QUEUE CAN_BIT(40)
#define CAN_CELLS CAN_BIT(29)
#define CAN_CORRECT CAN_BIT(41)
#define CAN_COUNT CAN_BIT(50)
#define CAN_TARGET CAN_BIT(51)
#define CAN_COMMIT CAN_BIT(52)
#define CAN_COMMITS CAN_BIT(53)
#define CAN_BANK CAN_BIT(54)
#define CAN_BANK_PAGES CAN_BIT(55)
#define CAN_BANK_NEXT CAN_BIT(56)
#define CAN_DRIFT CAN_BIT(57)
#define CAN_SIDES CAN_BIT(58)
#define CAN_LOOK CAN_BIT(59)
#define CAN_DRIFT_STATE CAN_BIT(60)
/* what changes something */
#define CAN_ACT (~(CAN_OPEN | CAN_FILTER | CAN_PUT_OFF | CAN_HISTORY | \
	CAN_PERIOD | CAN_GST | CAN_FOLLOW | CAN_VIEWS | CAN_CELLS | \
	CAN_COMMITS | CAN_BANK_PAGES | CAN_BANK_NEXT | CAN_SIDES | \
	CAN_DRIFT_STATE))

enum key_kind {
	KEY_MOVES,	/* the cursor, the screen; nothing is behind it */
	KEY_VIEWS,	/* shows something; a verb that does too, or "" */
	KEY_ACTS	/* changes something: it has a verb */
};

struct key_info {
	const char *name;	/* in a keys file: "half-down" */
	const char *keys;	/* default: "Ctrl-D" */
	const char *label;	/* N_(): bar; "" keeps it off the bar */
	const char *help;	/* N_() */
	key_can needs;		/* CAN_ bits; 0: everywhere */
	enum key_kind kind;
	/* What does the same without a screen: "retry ROW", where ROW stands
	 * for the row under the cursor, other capitals for what is typed. */
	const char *verb;
};

const struct key_info *key_info(enum act);
enum act key_named(const char *name);	/* ACT_NONE: no such */

/* ---- which keys are in force (keymap.c) -------------------------------- */

/* As a person writes them: "gg Home"; the first is what the bar shows. */
const char *key_names(enum act);
/* first: as of term_key(), of a sequence of two; 0: there was none. A pane's
 * own goes before what is the same everywhere. */
enum act key_act(int first, int key, key_can can);
bool key_begins(int key, key_can can);	/* a sequence, in such a pane */
/* "g": as it is written; out is for those that are one character. */
const char *key_name(int key, char out[8]);
/* What may follow it: "gg first, gz put-off". */
const char *key_follow(struct arena *, int first, key_can can);

enum key_level { KEY_NOTE, KEY_WARNING, KEY_ERROR };

struct key_fault {
	enum key_level level;
	const char *text;	/* with FILE:LINE; untamed */
};

struct key_report {
	struct arena *arena;
	struct vec faults;	/* struct key_fault */
};

void key_report_open(struct key_report *);
void key_report_close(struct key_report *);
size_t key_report_count(const struct key_report *, enum key_level least);

/* `name = key ...` lines upon what is in force; none: no key. A line that is
 * not understood is reported and left out. False: it can not be read. */
MUST_CHECK bool keys_read(const char *path, struct key_report *,
	struct err *);
void keys_reset(void);		/* as built in */

struct key_place {
	const char *name;
	key_can can;
};

/* One key for two actions in a pane: the later file has it, in one file it
 * is an error; what a pane has of its own goes before what is general. */
void keys_judge(const struct key_place *, size_t n, struct key_report *);
void keys_dump(FILE *);		/* as a file of keys: built in */

#endif
