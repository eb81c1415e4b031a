#ifndef BAHI_FLOW_CONSISTENCY_H
#define BAHI_FLOW_CONSISTENCY_H
/*
 * What the walk over the whole ledger found, for whoever asks.  In memory
 * only: after a restart the walk begins anew.  A difference is told as soon
 * as it is seen and forgotten when a whole pass no longer sees it.
 */
#include <stdint.h>
#include "core/err.h"
#include "store/verify.h"

#define DIFFERENCES_MAX 100	/* told by name; all are counted */

struct difference {
	char code[24], name[208], detail[240];
	int64_t since;		/* when it was seen first */
};

struct consistency_report {
	int64_t passes;		/* whole ones */
	int64_t at;		/* when the last one ended; 0: none yet */
	struct walked last;	/* what it saw */
	int64_t differences;	/* known now, those without a name included */
	size_t n;
	struct difference items[DIFFERENCES_MAX];
};

struct consistency;

struct consistency *consistency_new(void);
void consistency_free(struct consistency **);
void consistency_read(struct consistency *, struct consistency_report *);

/* Of one pass, by the job. */
void consistency_begin(struct consistency *);
verify_differs consistency_note;	/* arg: the struct consistency */
void consistency_end(struct consistency *, const struct walked *);

#endif
