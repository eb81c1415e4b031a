#ifndef BAHI_WIRE_WIRE_H
#define BAHI_WIRE_WIRE_H
/*
 * One typed call per route of the API. A wire serves one thread. Results are
 * in the arena given. A problem document becomes an error of its code, with
 * the daemon's own detail as the reason, and what it was asked beside it.
 */
#include "net/http.h"
#include "wire/shapes.h"

struct wire;

MUST_CHECK bool wire_open(struct wire **, const struct http_place *,
	struct err *);
void wire_close(struct wire **);
/* A one-time or recovery code for the next change that goes out, by whichever
 * wire: with it, and only with it. */
#define WIRE_CODE 40
void wire_prove(const char *code);
void wire_interrupt(struct wire *);	/* as http_interrupt() */
/* From now on calls are not sent: each is written to *out, in the arena, and
 * fails without an error. */
void wire_catch(struct wire *, struct http_call *out, struct arena *);

/* Whether a call changes nothing: it may go where only reading is allowed. */
bool wire_harmless(const struct http_call *);
/* Asked before any other call; false: it is not sent. */
typedef bool wire_gate(void *ctx, const struct http_call *, struct err *);
void wire_guard(struct wire *, wire_gate *, void *ctx);
/* Answers of GET are shown to `keep`; where the daemon cannot be reached,
 * `find` is asked for one. */
struct wire_copy {
	void (*keep)(void *ctx, const char *path, struct span);
	bool (*find)(void *ctx, const char *path, struct str *out);
	void *ctx;
};
void wire_remember(struct wire *, const struct wire_copy *);

/* The body as the daemon sent it, for --json. */
MUST_CHECK bool wire_get(struct wire *, const char *path, struct arena *,
	struct span *body, struct err *);

/* Any call of the API; its answer as it came. */
MUST_CHECK bool wire_ask(struct wire *, const struct http_call *,
	struct arena *, struct span *body, struct err *);

MUST_CHECK bool wire_status_get(struct wire *, struct arena *,
	struct wire_status *, struct err *);
MUST_CHECK bool wire_numbers_get(struct wire *, struct arena *,
	struct wire_numbers *, struct err *);
MUST_CHECK bool wire_events_get(struct wire *, const char *query,
	struct arena *, struct wire_events *, struct err *);
/* `id` is E12. */
MUST_CHECK bool wire_event_get(struct wire *, const char *id,
	struct arena *, struct wire_event *, struct err *);
MUST_CHECK bool wire_signatures_get(struct wire *, struct arena *,
	struct wire_signatures *, struct err *);
MUST_CHECK bool wire_balance_get(struct wire *, const char *entity,
	const char *to, struct arena *, struct wire_trial *, struct err *);
MUST_CHECK bool wire_account_get(struct wire *, const char *account,
	const char *after, struct arena *, struct wire_entries *,
	struct err *);
MUST_CHECK bool wire_files_get(struct wire *, const char *query,
	struct arena *, struct wire_files *, struct err *);
/* `id` is F12. */
MUST_CHECK bool wire_file_get(struct wire *, const char *id,
	struct arena *, struct wire_file *, struct err *);
MUST_CHECK bool wire_journal_get(struct wire *, const char *id,
	struct arena *, struct wire_journal *, struct err *);
MUST_CHECK bool wire_reference_get(struct wire *, const char *table,
	struct arena *, struct wire_masters *, struct err *);

/* One column of a row, as it was seen with `etag`. *proposal: what it became
 * where a second person must agree; "": it is in force. */
MUST_CHECK bool wire_record_patch(struct wire *, const char *path,
	const char *etag, const char *column, const char *value,
	struct arena *, const char **proposal, struct err *);

/* query: "state=raised&limit=5", or "". */
MUST_CHECK bool wire_alerts_get(struct wire *, const char *query,
	struct arena *, struct wire_alerts *, struct err *);
MUST_CHECK bool wire_sendings_get(struct wire *, const char *query,
	struct arena *, struct wire_sendings *, struct err *);

MUST_CHECK bool wire_rows_get(struct wire *, const char *path,
	const char *items, const char *const *paths, size_t n_paths,
	struct arena *, struct wire_rows *, struct err *);
/* `id`: anything that /v1/trace takes. */
MUST_CHECK bool wire_trace_get(struct wire *, const char *id,
	struct arena *, struct wire_trace *, struct err *);
/* Path of the API with `part` encoded between. */
const char *wire_path(struct arena *, const char *before, const char *part,
	const char *behind);
/* The page of it behind `after`; "": the first. */
const char *wire_page(struct arena *, const char *path, const char *after);

struct wire_pick {
	const char *id;		/* E12 */
	int64_t version;
};

struct wire_decide {
	const char *action;	/* as the API names it */
	const struct wire_pick *events;	/* or signature */
	size_t n_events;
	const char *signature;	/* NULL: events */
	const char *reason;	/* NULL: none */
	const char *dimension, *source, *value, *to;	/* of a fix */
	bool range;		/* of a replay: source and time, not events */
	const char *since, *until;	/* of a range; NULL: open */
	bool retry;		/* of a fix: retry all that share it */
	const char *where;	/* of a plan: "state=failed,source=pos" */
	const char *with;	/* the action's own, as JSON; NULL: nothing */
	const char *body;	/* to correct: the payload; NULL: no such */
	const char *key;	/* Idempotency-Key */
};

/* of: D12, R7 or last; event "": of any. */
MUST_CHECK bool wire_undo_post(struct wire *, const char *of,
	const char *event, const char *reason, const char *key,
	struct arena *, struct wire_decision *, struct err *);
MUST_CHECK bool wire_decide_post(struct wire *, const struct wire_decide *,
	struct arena *, struct wire_decision *, struct err *);

/* The request of a correction; dry: what would come of it. */
struct http_call wire_correct_call(const struct wire_decide *, bool dry,
	struct arena *);

/* What the decision would do to many events; `json` as it came. */
MUST_CHECK bool wire_plan_post(struct wire *, const struct wire_decide *,
	struct arena *, struct wire_plan *, struct span *json,
	struct err *);
/* Runs the plan; it goes on in the daemon. */
MUST_CHECK bool wire_run_post(struct wire *, const char *plan,
	struct arena *, struct wire_run *, struct err *);
/* `id` is R7. */
MUST_CHECK bool wire_run_get(struct wire *, const char *id, struct arena *,
	struct wire_run *, struct span *json, struct err *);
/* Another run of what failed; `key` as of a decision. */
MUST_CHECK bool wire_run_retry(struct wire *, const char *id,
	const char *key, struct arena *, struct wire_run *, struct err *);
MUST_CHECK bool wire_run_cancel(struct wire *, const char *id,
	struct arena *, struct wire_run *, struct err *);

/* Calls `each` for every change after `after`; waits up to `wait` seconds
 * for the first. `*end` is the daemon's own sequence. `each` may refuse. */
typedef bool wire_each(void *ctx, const struct wire_change *,
	struct err *);
MUST_CHECK bool wire_changes_get(struct wire *, int64_t after, int limit,
	int wait, wire_each *each, void *ctx, int64_t *end, struct err *);

#endif
