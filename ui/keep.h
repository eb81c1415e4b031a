#ifndef BAHI_UI_KEEP_H
#define BAHI_UI_KEEP_H
/*
 * What must not be lost: decisions that the daemon has not answered yet, the
 * trail of all that were made here, and what a person was about to do. A
 * SQLite file of the state directory for each daemon; every change is on the
 * disk when the call returns. One connection serves one thread; several
 * consoles of one person use the same file.
 */
#include "core/arena.h"

struct keep;

enum keep_state {
	KEEP_WAITING,		/* to be sent, or sent and not answered */
	KEEP_APPLIED, KEEP_REFUSED, KEEP_CONFLICT
};

/* A request as it goes out, and what a person sees of it. Texts are "" when
 * absent. */
struct keep_entry {
	int64_t n;
	enum keep_state state;
	bool live;		/* somebody waits for its answer */
	const char *at;		/* RFC 3339: when it was decided */
	const char *key;	/* Idempotency-Key */
	const char *kind;	/* who reads the answer: ui/sending.c */
	const char *what;	/* "retry" */
	const char *about;	/* E12, account/4010: where it leads */
	const char *again;	/* what is fetched behind it */
	const char *method, *path, *match, *body;
	/* What may still be changed: a member of the body, and its text. */
	const char *member, *value;
	const char *said;	/* what came of it */
};

/* A damaged file is set aside: *aside is its new name, or NULL. */
MUST_CHECK bool keep_open(struct keep **, const char *path,
	struct arena *, const char **aside, struct err *);
void keep_close(struct keep **);

/* Of this process, when live. */
MUST_CHECK bool keep_put(struct keep *, const struct keep_entry *,
	struct err *);
/* One sender at a time, of all consoles; ends with the process. */
bool keep_lock(struct keep *);
void keep_unlock(struct keep *);
/* The first that waits and is nobody else's; what a process that is gone left
 * is everybody's. False: none. */
bool keep_next(struct keep *, struct arena *, struct keep_entry *);
/* What was waited for is struck, unless it failed behind somebody's back. */
MUST_CHECK bool keep_answer(struct keep *, const struct keep_entry *,
	enum keep_state, const char *said, bool strike, struct err *);
/* What was refused waits again, for this process; ERR_STALE: it was not. */
MUST_CHECK bool keep_again(struct keep *, int64_t n, struct err *);
/* Nobody waits any more: it goes out when it can. */
MUST_CHECK bool keep_release(struct keep *, struct err *);
/* ERR_STALE: it is answered, or being sent. */
MUST_CHECK bool keep_drop(struct keep *, int64_t n, struct err *);
MUST_CHECK bool keep_change(struct keep *, int64_t n, const char *value,
	struct err *);
/* Takes away all that are answered. */
MUST_CHECK bool keep_clear(struct keep *, struct err *);

size_t keep_list(struct keep *, struct arena *, struct keep_entry *out,
	size_t n);
bool keep_find(struct keep *, struct arena *, int64_t n,
	struct keep_entry *);

struct keep_counts {
	int64_t waiting, own;	/* own: live ones of this process */
	int64_t failed, applied;
};

void keep_count(struct keep *, struct keep_counts *);

/* Lines of the trail that are not as they were written, or missing. */
MUST_CHECK bool keep_verify(struct keep *, int64_t *lines, int64_t *bad,
	struct err *);

/* A note of this process, "draft" or "session"; NULL: none any more. */
MUST_CHECK bool keep_note(struct keep *, const char *kind, const char *text,
	struct err *);
/* The newest of a process that is gone; taken over by this one. */
bool keep_found(struct keep *, struct arena *, const char *kind,
	const char **text);

#endif
