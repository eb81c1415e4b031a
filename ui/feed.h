#ifndef BAHI_UI_FEED_H
#define BAHI_UI_FEED_H
/* The thread that keeps the cache true while the daemon answers. */
#include "wire/wire.h"
#include "ui/shared.h"

struct feed;

/* `place` and `path` must outlive it. */
MUST_CHECK bool feed_start(struct feed **, const struct http_place *place,
	const char *path, struct shared *, struct err *);
void feed_stop(struct feed **);
void feed_refresh(struct feed *);	/* ask now, do not wait */

#endif
