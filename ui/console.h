#ifndef BAHI_UI_CONSOLE_H
#define BAHI_UI_CONSOLE_H
/* The console: one screen, one loop, a stack of views. */
#include "core/option.h"
#include "ui/feed.h"
#include "ui/panes.h"
#include "wire/close.h"
#include "wire/bank.h"
#include "wire/gst.h"
#include "wire/intercompany.h"
#include "wire/word.h"

#define CONSOLE_DEPTH 16

enum console_mode {
	MODE_BROWSE,
	MODE_FILTER,		/* typing a pattern */
	MODE_PICK,		/* typing to narrow a list */
	MODE_REASON,		/* typing why */
	MODE_EDIT,		/* typing a column's new value */
	MODE_COUNT,		/* typing how many */
	MODE_LINE,		/* typing what pending.typed takes */
	MODE_COLUMNS,		/* arranging them */
	MODE_CONFIRM		/* y, n, or what the question offers */
};

struct console;

/* A decision that waits for its y. */
struct pending {
	struct arena *arena;	/* NULL: none */
	struct wire_decide decide;
	struct edit edit;	/* instead, when it names a record */
	struct wire_adjust adjust;	/* instead, when it names one */
	struct wire_close_word close;	/* instead, when it says what */
	struct wire_gst_word gst;	/* instead, when it says what */
	struct wire_word word;	/* instead, when it says what */
	struct wire_bank_word bank;	/* instead, when it says what */
	const char *format;	/* of an export */
	const char *again;	/* behind it: what is asked anew */
	void (*typed)(struct console *);	/* Enter of MODE_LINE */
	const struct choice *choice;	/* that a reason is typed for; NULL:
					 * of the decision as it stands */
	const char *question;	/* of that one, behind the reason */
	enum job_kind run_job;	/* instead, when `run` is one: R7 */
	char run[24];
	bool undo;		/* instead: what was decided last */
	void (*yes)(struct console *);	/* instead, of what is not sent */
	const char **withs;	/* of several events, each by itself */
	int64_t entry;		/* of the queue */
};

/* What may be gone back to, while it is offered on the line of messages. */
enum offer { OFFER_NONE, OFFER_SESSION, OFFER_DRAFT };

struct cJSON;

struct session {
	bool keeps, asks;	/* option `restore` */
	enum offer offered;
	uint64_t signed_as;	/* of what was noted last */
	struct cJSON *tree;	/* where the last one was; NULL: nowhere */
};

#define DRAFT_STEPS 4

struct draft {
	enum offer offered;
	bool noted, typed;
	bool waits;		/* for its review to come, or to come anew */
	bool asked;		/* by the key that is being taken */
	const void *chosen;	/* the review that was chosen in */
	enum act act;		/* that asked */
	char version[80];	/* of what it was asked about */
	char steps[DRAFT_STEPS][256];	/* lines taken already */
	size_t n_steps;
	char input[256], prompt[400];	/* as noted */
	uint64_t sum;		/* of a review's choices, as noted */
	struct cJSON *tree;	/* of the last console; NULL: none */
};

struct console {
	struct cache *cache;
	struct feed *feed;
	struct jobs *jobs;
	struct queue *queue;
	struct shared shared;
	struct shared_view seen;
	struct view *stack[CONSOLE_DEPTH];
	size_t depth;
	enum console_mode mode;
	char prompt[400], input[256];
	char before[256];	/* the filter, while another is typed */
	char message[400];
	bool bad, quit;
	bool lost;		/* it says why the daemon is away */
	const struct options *options;
	struct pending pending;
	int64_t factor;		/* decision that wants a code; 0: none */
	int64_t proved;		/* the last one a code was typed for */
	/* What the reason is being typed for: the row as it was when asked. */
	struct subject subject;
	bool on_marks;
	bool offer;		/* the last reasons, by one key */
	char entity[200], at[40];	/* of the top line */
	int64_t at_time;	/* clock_now of what the cache has; 0: nothing */
	uint64_t top;		/* generation that it shows */
	int64_t topped;		/* clock_mono of when it was read */
	int64_t loaded;		/* clock_mono of the last reload */
	int64_t type_count;	/* above it, how many must be typed */
	char progress[120];	/* of the run that goes on; "": none */
	char run_told[24];	/* the last one that ended */
	bool run_read;		/* whether one had is known */
	char gst[VIEW_KEY];	/* GSTIN and period looked at last */
	bool news;		/* what keys act on was drawn anew */
	struct session session;
	struct draft draft;
	char standing[400];	/* the offer, before any message */
	enum act acted;		/* by the last key */
	bool hung;		/* the line has dropped */
	int prefix;		/* first of two keys; 0: none */
	int trigger;		/* the key that began what is asked */
	struct finding *finding;	/* see finding.h */
	bool moving;		/* what may wait until it rests does */
	int64_t pressed;	/* clock_mono of the last key */
	const struct view *lower_of;	/* whose lower half is drawn */
};

/* Returns when the person quits. */
MUST_CHECK bool console_run(const struct options *, struct err *);

struct view *console_view(struct console *);
/* As its key would, also when something was drawn anew meanwhile. */
void console_do(struct console *, enum act);
void console_push(struct console *, const struct place *);
void console_pop(struct console *);
/* Alone, on what key says. */
void console_top(struct console *, const struct pane *, const char *key);
/* Another view in the place of this one. */
void console_turn(struct console *, const struct place *);
/* The views were put there: the one on top is as new as what is known. */
void console_return(struct console *);
/* Asks for a line; `typed` takes console->input. */
void console_line(struct console *, const char *prompt, const char *input,
	void (*typed)(struct console *));
/* How old what is shown is, in microseconds; -1: there is nothing. */
int64_t console_age(const struct console *);
void console_load(struct console *);	/* the view anew, from the cache */
/* "": all rows. False: it is wrong, which is said, and the last one stays. */
bool console_filter(struct console *, const char *text);
/* As if its key had been pressed. */
void console_act(struct console *, enum act);
void console_say(struct console *, bool bad, const char *text);

#endif
