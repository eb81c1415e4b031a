#ifndef BAHI_STORE_KEEPER_H
#define BAHI_STORE_KEEPER_H
/*
 * Keeps the write-ahead log short beside the writer: a thread moves committed
 * pages into the database, so that no commit pays for it; the writer only
 * starts the log anew when it has grown past its bound.
 */
#include "store/db.h"

struct keeper;

MUST_CHECK bool keeper_open(struct keeper **, const char *path,
	struct err *);
void keeper_close(struct keeper **);
/* On the writer's thread, between groups. Most calls only compare. */
void keeper_rest(struct keeper *, struct db *writer);

#endif
