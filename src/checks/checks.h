#ifndef BAHI_CHECKS_CHECKS_H
#define BAHI_CHECKS_CHECKS_H
/* Validators: pure, one file each, in one table. Each adds all it finds. */
#include "book/document.h"
#include "book/finding.h"
#include "book/journal.h"
#include "book/reference.h"

struct check {
	const char *name;
	void (*judge)(const struct document *, const struct journal *,
	    const struct reference *, struct arena *, struct findings *);
};

extern const struct check checks[];
extern const size_t n_checks;

/* Fills entries' base amounts first (rate of the day), then runs them all, and
 * those of GST.  journal may be NULL when the post rule already failed; supply
 * is NULL for what has nothing to do with GST. */
struct supply;
void checks_run(const struct document *, struct journal *,
	const struct supply *, const struct reference *, struct arena *,
	struct findings *);

#endif
