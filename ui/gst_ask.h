#ifndef BAHI_UI_GST_ASK_H
#define BAHI_UI_GST_ASK_H
/* What the jobs thread asks and says of GST. Called by jobs.c only. */
#include "ui/cache.h"
#include "ui/shared.h"
#include "wire/gst.h"

/* Fetches lists of ui/lists.c, "summary+hsn 27.. 102026"; each is kept as
 * "gst" of its own name and the words behind ("hsn 27.. 102026").  A page
 * behind the first is "documents@1 27..", several are "documents@1-20 27..",
 * each once the one before is kept; a name with ~ before it is not asked for
 * twice within a minute.  What cannot be had is left out; false: something
 * was. */
MUST_CHECK bool gst_ask(struct wire *, struct cache *, struct shared *,
	struct arena *, const char *key, struct err *);

#endif
