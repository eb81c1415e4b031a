#ifndef BAHI_UI_PALETTE_H
#define BAHI_UI_PALETTE_H
/*
 * What is looked up by its name: `:` takes an action, a view, a verb or a
 * number; `?` lists the keys of a view, then all others. Both are lists over
 * the one table of keys; both do what is under the cursor.
 */
#include "ui/console.h"

/* What the view below can, and the row under its cursor, as the key of such
 * a list. */
struct palette_of {
	key_can can;
	int64_t version;
	const char *row;	/* "" none; untamed */
};

struct palette_of palette_of(const struct view *);
/* "bahi retry E4711": of that row; "" when there is no verb; tame. */
const char *palette_verb(struct arena *, enum act, const char *row);
/* Why it can not be done there: the views where it can; NULL: it can. */
const char *palette_why_not(struct arena *, enum act, key_can);
/* The last ones taken, newest first; NULL: no more. */
const char *palette_recent(size_t);

bool palette_act(struct console *, enum act);
/* The list of `:`, with this typed already. */
void palette_type(struct console *, const char *typed);
/* Enter on such a list; and a key on the empty line that leaves it. */
void palette_take(struct console *);
bool palette_leaves(const struct console *, int key);

#endif
