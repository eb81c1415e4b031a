#ifndef BAHI_UI_JOBS_H
#define BAHI_UI_JOBS_H
/*
 * The thread that asks the daemon for one thing, or tells it a decision, so
 * that the screen never waits. Outcomes arrive through struct shared and the
 * cache. A decision is on the disk (ui/queue.h) before it goes out, and stays
 * there until it is answered: the daemon may be away meanwhile.
 */
#include "ui/queue.h"
#include "wire/wire.h"

struct jobs;

enum job_kind {
	JOB_EVENT,		/* key E12: payload, document, history */
	JOB_JOURNAL,		/* key J9 */
	JOB_ACCOUNT,		/* key 4010: its entries */
	JOB_VIEW,		/* key "stock" or "order/SO-1": lists, by + */
	JOB_MORE,		/* the same, of one: what is behind its pages */
	JOB_RECORD,		/* key account/4010: a row of master data */
	JOB_APPROVAL,		/* key E12: what it takes, what it does */
	JOB_CONFLICT,		/* key E12: what differs */
	JOB_BOARD,		/* key IN01/2026-10, or "": a close board */
	JOB_GST,		/* key: as gst_ask() takes it */
	JOB_ABOUT,		/* the same, of the row under the cursor */
	JOB_SHEET,		/* key: as sheet_path() takes it */
	JOB_BESIDE,		/* the same, of the row under the cursor */
	JOB_UNDO,		/* key E12: of the event; "": the last one */
	JOB_PREVIEW,
	JOB_EXPORT_LOOK, JOB_EXPORT_STOP,	/* key: GSTIN and period */
	JOB_EXPORT, JOB_INWARD,
	JOB_PLAN,		/* key: where the plan is kept */
	JOB_RUN,		/* key: the plan's id */
	JOB_RUN_AGAIN, JOB_RUN_CANCEL	/* key R7 */
};

struct sent_tally {
	int64_t applied, refused, conflict;
};

/* Without a screen: all that waits, now. ERR_BUSY: another console does it;
 * ERR_UNREACHABLE: some still waits. */
MUST_CHECK bool jobs_send(struct wire *, struct keep *, struct sent_tally *,
	struct err *);

/* Pages of one list that are kept, and where: kind "view". */
#define VIEW_PAGES 20
const char *view_page(struct arena *, const char *name, int page);

/* kept: the queue's file. */
MUST_CHECK bool jobs_start(struct jobs **, const struct http_place *,
	const char *path, const char *kept, struct queue *, struct shared *,
	struct err *);
void jobs_stop(struct jobs **);
void jobs_ring(void *);		/* of struct jobs: look what may be sent */
/* The daemon is gone: a decision under way is not waited for. */
void jobs_cut(struct jobs *);
void jobs_fetch(struct jobs *, enum job_kind, const char *key);
/* Decisions: written down, then sent. The key of idempotence is made here, so
 * that asking once is done once. */
void jobs_decide(struct jobs *, const struct wire_decide *);

/* The same, only planned: kept as "plan" of that key, until the next one. */
void jobs_plan(struct jobs *, const struct wire_decide *, const char *key);
/* kind: one of the three, or of undo. */
void jobs_run(struct jobs *, enum job_kind kind, const char *key);

/* One column of a row of master data, as it was seen. */
struct edit {
	const char *record;	/* account/4010 */
	const char *etag, *column, *value;
};

void jobs_edit(struct jobs *, const struct edit *);
struct wire_adjust;
void jobs_adjust(struct jobs *, const struct wire_adjust *);
struct wire_close_word;
/* board: the key of the one that is fetched again. */
void jobs_close(struct jobs *, const struct wire_close_word *,
	const char *board);
struct wire_word;
void jobs_say(struct jobs *, const struct wire_word *);
/* What is known of the row under the cursor; of the one before nobody asks any
 * more. */
void jobs_about(struct jobs *, const char *key);
struct wire_bank_word;
void jobs_bank(struct jobs *, const struct wire_bank_word *);
struct wire_gst_word;
/* A file of what suppliers filed, by its path. */
void jobs_inward(struct jobs *, const char *path, const char *again);
/* Of key, into a folder as typed. */
void jobs_export(struct jobs *, const char *key, const char *form,
	const char *format, const char *folder);
/* again: what is asked afterwards, as gst_ask() takes it. */
void jobs_gst(struct jobs *, const struct wire_gst_word *,
	const char *again);
/* What a result of a conflict would do. One that waits for the same event is
 * not asked any more. The answer is kept with the body. */
void jobs_preview(struct jobs *, const char *event, const char *body);

#endif
