#ifndef BAHI_FLOW_READING_H
#define BAHI_FLOW_READING_H
/*
 * One file from .reading/ to done/ or failed/: looked through as a whole
 * first, then record by record to the pump, then moved away with its report.
 * Stopped or killed anywhere, the same call goes on where it was.
 */
#include "flow/pump.h"

#define READING_NAME_MAX 180	/* bytes; a time and .report.json are added */

struct reading;

struct reading_file {
	const char *source, *name;
	int fd;			/* at its start, for reading */
	int from, done, failed;	/* folders: .reading/, done/, failed/ */
};

/* One thread uses it. */
MUST_CHECK bool reading_open(struct reading **, struct pump *,
	const char *store, struct err *);
void reading_close(struct reading **);
/* False: not now; the file stays, to be tried again. err without a code: it
 * was told to stop. */
MUST_CHECK bool reading_run(struct reading *, const struct reading_file *,
	struct err *);
/* No file is in any .reading/: what the books still wait for is gone. */
MUST_CHECK bool reading_forget(struct reading *, struct err *);
/* From any thread, for good. */
void reading_stop(struct reading *);

#endif
