#ifndef BAHI_UI_SAVED_H
#define BAHI_UI_SAVED_H
/*
 * Saved views: a pane with its filter, order, columns and grouping, by a name.
 * Those that everybody needs are there from the start.
 */
#include "ui/panes.h"
#include "ui/stanza.h"
#include "ui/tally.h"

#define SAVED_MAX (STANZAS_MAX + 16)

struct saved {
	const char *id, *name;	/* id: of the file; name: as it is shown */
	const struct pane *pane;
	const char *key, *title, *filter, *columns, *sort, *group;
	bool ready;		/* not of the file */
	bool first;		/* its pane opens with it */
	uint64_t ticket;	/* of its count */
	bool known, unread;
	struct tally_sum sum;
};

struct saved_views {
	struct saved items[SAVED_MAX];
	size_t n;
	unsigned bad;		/* line of the file that is none; 0: none */
};

/* In the arena; one of a pane that is no more is left out. */
void saved_read(const char *path, struct arena *, struct saved_views *);
void saved_place(const struct saved *, struct place *);
void saved_ask(struct tally *, struct saved *);

#endif
