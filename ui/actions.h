#ifndef BAHI_UI_ACTIONS_H
#define BAHI_UI_ACTIONS_H
/* What a person decides: on the row, on the marked rows, on a whole problem.
 * More than one event is asked about first, with count and money. */
#include "ui/console.h"

/* Says that what a key was meant for is not what is there. */
void actions_changed(struct console *);
/* A decision that takes rows, marks or a problem. */
struct choice {
	const char *action, *nothing;	/* the last one N_() */
	const char *because;	/* N_(): prompt for the reason; NULL: none */
	const char *one;	/* N_(): asked of one event; NULL: not asked */
	const char *take;	/* of a conflict: this side */
	bool code;		/* a one-time code is asked for first */
	/* What is typed is no reason but this parameter, as read() has it;
	 * NULL of that: it is not understood. */
	const char *word;
	const char *(*read)(struct arena *, const char *typed);
	bool talk;		/* nor is it one to be offered again */
};

/* Of what is there now; asks why first, when it needs a reason. */
void actions_choose(struct console *, const struct choice *);
/* For a decision made elsewhere: forgets what was pending. */
struct wire_decide *actions_new(struct console *);
void actions_drop(struct console *);
/* Says why not. What the daemon must plan, or what holds only now, is not
 * queued: it takes one that answers. */
bool actions_online(struct console *);
/* What may wait: it is bound to the version that is on the screen. */
bool actions_may(struct console *);
/* "12,34,567.00 INR + 5.00 USD"; NULL: it can not be told. */
const char *actions_sum(struct arena *, const struct subject *const *,
	size_t n);
/* Before it is done: y, n, or what the question offers. */
void actions_ask(struct console *, const char *question);
/* Asks why; with a choice, that follows, else `question` about the pending
 * decision. */
void actions_why(struct console *, const char *prompt,
	const struct choice *, const char *question);

void actions_retry(struct console *);
void actions_adjust(struct console *);
void actions_approve(struct console *);
void actions_reject(struct console *);
void actions_replay(struct console *);
void actions_resume(struct console *);
void actions_dismiss(struct console *);
/* Enter behind the reason of a dismissal. */
void actions_reason(struct console *);
/* Takes one of the last reasons into an empty line. */
bool actions_offered(struct console *, int key);
void actions_edit(struct console *);
/* Enter behind the new value of a column. */
void actions_edited(struct console *);
void actions_fix(struct console *);
/* Enter in the list of choices. */
void actions_picked(struct console *);
/* A key while a question stands. */
void actions_answer(struct console *, int key);

#endif
