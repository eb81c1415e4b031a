#ifndef BAHI_FLOW_DELIVERY_H
#define BAHI_FLOW_DELIVERY_H
/*
 * Inside of a committer: one group of postings on its way. It is formed
 * (delivery.c), asked for where it may be there already (asking.c), kept
 * before it is sent and kept again with what came of it (keeping.c).
 */
#include <pthread.h>
#include <stdatomic.h>
#include "core/map.h"
#include "flow/committer.h"
#include "flow/pump.h"
#include "flow/verdict.h"

#define GROUP_MAX 100		/* postings under way */
#define MICROS INT64_C(1000000)	/* of a second */

enum stage {
	STAGE_SEND,	/* to be kept as on its way, then sent */
	STAGE_WAIT,	/* to be kept as behind another of its document */
	STAGE_SAID,	/* its row says what came of it: to be kept */
	STAGE_WRITTEN,	/* kept as on its way: may be sent */
	STAGE_OVER	/* nothing more to do */
};

struct slot {
	struct commit_row row;
	struct posting posting;	/* when `loaded` */
	bool loaded;
	enum stage stage;
	bool fresh;		/* it had no row */
	bool kept;		/* it has one that says that it is on its
				 * way: nobody else moves it */
	bool asked;		/* it is asked for before this try */
	bool recent;		/* since this start: it is not there where its
				 * number is behind all that is */
	bool unsent;		/* nothing of it went, says the store */
	bool plain;		/* nobody said anything of it yet */
	struct commit_row was;	/* its row as it was read */
	int64_t received;	/* its event; 0: not known */
	struct verdict verdict;
	const char *act, *outcome;	/* of the try to be noted; NULL */
	bool gone;		/* in this write: others moved it meanwhile */
	bool late;		/* in this write: it turned out to be behind
				 * another of its document */
};

struct group {
	struct arena *arena;
	struct slot slots[GROUP_MAX];
	size_t n;
	int64_t seen;		/* journals up to it were looked at */
};

/* Of a document there, by a reference that this store had not taken. */
struct stranger {
	struct stranger *next;
	int64_t journal;
};

/* New journals up to `last` may be there, since the store may be older than
 * what was sent; documents that went from a later one are there up to `older`,
 * and known up to `learnt`. */
struct reached {
	int64_t last, older, learnt;
};

struct committer {
	struct pump *pump;
	struct targetconf *conf;
	struct target *target;
	const struct adapter *adapter;
	struct pace *pace;
	struct db *db;			/* of the thread */
	struct target_row row;		/* its texts: those below, the conf's
					 * or constants */
	struct str entities, why, product, company;
	bool running;			/* as the row in the store says */
	bool stopping;			/* who we are is not taken */
	bool mute;			/* it cannot be asked what it has */
	unsigned denied;		/* refused for want of rights, in a
					 * row */
	struct map *reached;		/* by entity, of its struct reached */
	bool reached_all;		/* of each that there is */
	int64_t last;			/* that it had taken at its start */
	struct map *strangers;		/* by document; and all that is kept
					 * of them: */
	struct arena *older;
	int64_t began;			/* wall clock */
	unsigned throttled;		/* told to wait, in a row */
	int64_t took;			/* the last call, microseconds */
	bool away;			/* in the hours that it is given */
	const char *shown;		/* breaker, as the row in the store says */
	struct group *now, *before;	/* of before only what it said is
					 * left to keep */
	int64_t said_at;		/* monotonic; of what is not kept */
	int64_t kept_at;		/* the same, of the last write */

	pthread_t thread;
	pthread_mutex_t lock;		/* all below */
	pthread_cond_t wake;
	bool woken, idle, stop;
	struct str check;		/* JSON; "": not yet */
	struct committer_figures figures;
	atomic_bool check_asked, check_now;	/* now: whatever the hour */
};

/* committer.c */
bool committer_stopped(struct committer *);
/* Nobody paused it meanwhile, these are not its own hours, and it goes on. */
bool committer_goes(struct committer *);
void committer_why(struct committer *, const char *why);
/* No word came of a call: why, and one failure more in a row. */
void committer_bad(struct committer *, const char *why);
/* Breaker and next try, as they are now, into its row. */
void committer_note(struct committer *);
/* Waits for its turn; false: told to stop, to wait or paused, and nothing
 * taken. Else committer_ended is due when the call is over. */
bool committer_turn(struct committer *, int64_t n);
void committer_ended(struct committer *);

/* delivery.c */
struct group *group_new(void);
void group_free(struct group **);
void group_clear(struct group *);
/* What is due and what is new, at most `most`; trial: one, not one that failed
 * often. */
MUST_CHECK bool group_form(struct committer *, struct group *, size_t most,
	bool trial, struct err *);
size_t call_most(const struct committer *);	/* postings of one call */
/* Sends what is written, as long as it goes well; the rest is put back. */
void group_send(struct committer *, struct group *);
void slot_apply(struct committer *, struct slot *, bool several);
bool slot_resent(const struct slot *);
uint64_t chance(void);

/* asking.c: of those that may be there. False: no word came, and those that
 * are new stay where they are. */
bool group_ask(struct committer *, struct group *);

/* keeping.c: one write that shares the commit of the next group: what was
 * said before, and what is on its way now. */
MUST_CHECK bool group_keep(struct committer *, struct err *);
bool group_unkept(const struct group *);	/* something was said */

#endif
