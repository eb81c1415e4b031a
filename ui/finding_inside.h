#ifndef BAHI_UI_FINDING_INSIDE_H
#define BAHI_UI_FINDING_INSIDE_H
/* Shared by the files of finding, and by nobody else. */
#include "ui/finding.h"
#include "ui/marks.h"
#include "ui/saved.h"
#include "ui/stanza.h"
#include "ui/tally.h"

#define VISITS 32
#define FILTERS_MAX 100

struct visit {
	struct view *views[CONSOLE_DEPTH];
	size_t depth;
};

struct visits {
	struct visit items[VISITS];
	size_t n;
};

struct finding {
	const struct options *options;
	struct tally *tally;		/* see finding_tally() */
	const char *cache, *place;
	struct arena *arena;		/* of texts that are kept */
	struct stanzas layouts;		/* by the name of the pane */
	struct layout before;		/* of columns mode */
	struct visits past, ahead;
	struct arena *views_arena;
	struct saved_views views;
	bool views_read;
	uint64_t counted;		/* generation that they are of */
	char *filters[FILTERS_MAX];	/* typed before, the newest last */
	size_t n_filters, filter_at;	/* 0: what is being typed */
	char typed[256], sought[256];	/* sought: the last filter or search */
};

/* A file of the state directory; NULL: there is none, and it was said. */
const char *finding_file(struct console *, struct arena *, const char *name);

/* The thread that counts; it is there from the first question on. NULL: the
 * cache cannot be opened, which was said. */
struct tally *finding_tally(struct console *);

/* arrange.c */
void arrange_read(struct console *);
void arrange_open(struct console *, struct view *);
/* The rows as view->layout has it. */
void arrange_apply(struct console *, struct view *);
bool arrange_act(struct console *, enum act);

/* history.c */
void history_read(struct console *);
void history_free(struct finding *);
bool history_act(struct console *, enum act);

/* views.c */
bool views_act(struct console *, enum act);
void views_hear(struct console *);

/* groups.c */
bool groups_act(struct console *, enum act);
void groups_hear(struct console *);
/* By a column of the view on top, as it is typed. */
void groups_open(struct console *, const char *column);
bool groups_base(const struct view *);		/* is it one of groups? */
const char *groups_column(const struct view *);

/* seek.c */
bool seek_act(struct console *, enum act);

#endif
