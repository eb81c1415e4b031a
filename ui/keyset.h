#ifndef BAHI_UI_KEYSET_H
#define BAHI_UI_KEYSET_H
/* The keys that somebody works with: a set, and what they changed of it. */
#include "core/option.h"
#include "ui/keys.h"

/* That of the option `keys`, then the person's own file. Only a file that is
 * named and can not be read fails; the rest is in the report. */
MUST_CHECK bool keyset_open(const struct options *, struct key_report *,
	struct err *);
/* default, vi or a file, upon what is built in. */
MUST_CHECK bool keyset_read(struct arena *, const char *name,
	struct key_report *, struct err *);
void keyset_judge(struct key_report *);	/* over all panes */
/* bahi-keys(7); keys_man.c */
MUST_CHECK bool keys_man(FILE *, struct err *);
void keys_actions(FILE *);	/* --dump=actions */
/* The person's own file, whether it is there or not; NULL: no home. */
const char *keyset_own(struct arena *);

#endif
