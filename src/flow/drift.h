#ifndef BAHI_FLOW_DRIFT_H
#define BAHI_FLOW_DRIFT_H
/*
 * What senders and master data no longer agree on, seen before it fails at
 * close: values that the master lacks, codes that are closed or soon will be
 * and are still used, periods not set up, rates that are old. What the
 * entries use is followed journal by journal on a thread of its own, so that
 * neither the writer nor whoever asks pays for it.
 */
#include "book/reference.h"
#include "core/json.h"
#include "store/db.h"

struct drift;

struct drift *drift_new(const char *store);
void drift_free(struct drift **);
/* Reads some journals on. *done: there are no more now. */
MUST_CHECK bool drift_follow(struct drift *, bool *done, struct err *);
/* On the asker's own connection. */
MUST_CHECK bool drift_view(struct drift *, struct db *, struct reference *,
	struct json *, struct err *);

#endif
