#ifndef BAHI_API_INSIDE_H
#define BAHI_API_INSIDE_H
/* Inside of api/: what the resources share. */
#include <stdatomic.h>
#include "api/api.h"
#include "book/role.h"
#include "core/json.h"
#include "sources/sources.h"
#include "store/views.h"

struct caller {
	enum role role;
	const char *name;	/* Unix user, or the token's client */
	bool local;
	bool reads_only;	/* whatever his role may otherwise */
	const char *entities;	/* "IN01 IN02"; "" or NULL: all */
	const char *sees;	/* topics of what is restricted; NULL: as his
				 * role does */
};

#define ARGS_MAX 3

struct call {			/* one request on its way to its handler */
	struct api *api;
	struct request *request;
	struct caller caller;
	struct db *db;		/* of this thread; inside one snapshot */
	bool narrow;		/* which shows him less than there is */
	struct arena *arena;
	const char *args[ARGS_MAX];	/* of the path */
};

/* What is left of a route for a caller of some entities. */
enum reach {
	REACH_ALL,		/* nothing: it is of all entities */
	REACH_ROWS,		/* it reads, and sees the rows of those */
	REACH_NAMED,		/* it may say something of what it could see */
	REACH_SENT,		/* what is sent is judged when it is read */
};

struct route {
	const char *method, *path;	/* "/v1/events/{}" */
	const char *roles;		/* "open", or as book/role.h */
	enum reach reach;
	bool reads;			/* wants db */
	void (*handle)(struct call *);
};

extern const struct route routes[];
extern const size_t n_routes;

/* query.c: what it may be asked, "state=open|done after limit"; "":
 * nothing. */
const char *route_names(const struct route *);
/* A kind of documents, or none is said. */
MUST_CHECK bool query_kind(const char *kind, struct err *);
/* False: e names what it may not. */
MUST_CHECK bool query_check(struct call *, const struct route *,
	struct err *);

struct counts {
	atomic_llong requests, unauthentic, slowed;
};

struct pump *api_pump(struct api *);
const struct api_options *api_options(struct api *);
struct counts *api_counts(struct api *);
/* This thread's reading connection. NULL: err says why. */
struct db *api_reader(struct api *, struct err *);

/* scoped.c: connections of one thread, the whole one and those of who sees
 * less. */
struct readers;
struct readers *api_readers(struct api *);
void readers_free(void *);
struct db *readers_whole(struct readers **, const char *store, struct err *);
/* One that shows what is in the scope; narrow: which is not all. */
struct scope;
struct db *api_scoped(struct api *, const struct scope *, struct arena *,
	bool *narrow, struct err *);
struct scope caller_scope(const struct caller *);
bool scope_all(const struct caller *);	/* of all entities */
/* Role and scope as master data says; as they are when it says nothing. */
MUST_CHECK bool access_of_user(struct api *, const char *user,
	const char *const *groups, size_t n, struct arena *, struct caller *,
	struct err *);
MUST_CHECK bool access_of_client(struct api *, struct arena *,
	struct caller *, struct err *);
MUST_CHECK bool table_may(const struct call *, const char *table, bool writes,
	struct err *);
struct route;
/* Within a snapshot. False: e says that what is named is not there. */
MUST_CHECK bool scope_admits(struct call *, const struct route *,
	struct err *);
/* secrets.c: registered sources with their secrets, read again when a name is
 * new or a signature failed (rotation), at most once a second. */
struct sources;
struct held;			/* one snapshot of them */
struct sources *sources_new(void);
void sources_free(struct sources **);
struct sources *api_sources(struct api *);
/* NULL: no such source. Valid until held_drop. */
const struct source *source_find(struct api *, const char *name,
	struct held **);
/* True when they were read again, so that another try makes sense. */
bool sources_refresh(struct api *);
void held_drop(struct held **);

/* May this caller? Else e names who may. */
MUST_CHECK bool caller_may(const struct call *, const char *roles,
	struct err *e);
bool route_open(const struct route *);	/* to everybody */
MUST_CHECK bool route_may(const struct call *, const struct route *,
	struct err *e);
/* Is the connection one that this client may use? certificate: "" any. */
MUST_CHECK bool certificate_fits(struct request *, const char *client,
	const char *certificate, struct err *);
/* Its address, or the number of its user. */
const char *request_who(struct api *, struct request *);
/* What is answered by other than request_fail: who did not prove itself. */
void refused_note(struct call *, const char *who, const char *route,
	const char *why);
int64_t refused_count(struct api *, int status);	/* 401 or 403 */
/* guess.h: ERR_LIMIT, with Retry-After said, for who tries secrets out. */
MUST_CHECK bool guess_admits(struct api *, struct request *,
	const char *name, struct err *);
void guess_tell(struct api *, struct request *, const char *name,
	bool proved);
MUST_CHECK bool caller_find(struct api *, struct request *, struct caller *,
	struct err *);

struct answer {			/* of a reading call, as it is written */
	struct str out;
	struct json j;
	struct err e;
};

void answer_start(struct answer *, size_t most);	/* bytes */
/* The JSON or the problem, and frees it. */
void answer_end(struct call *, struct answer *, bool ok);
/* The same; what was asked for may be none that there is: 404. */
void answer_end_found(struct call *, struct answer *, bool ok, bool found,
	const char *what);
void answer_view(struct call *, bool ok, const struct str *, struct err *);
void answer_absent(struct call *, const char *what);
/* A parameter of the query; NULL: absent or empty. */
const char *call_query(struct call *, const char *name);
/* The limit of a page, 1..VIEW_LIMIT; false and answered when malformed. */
bool limit_of(struct call *, int *limit);
/* The same with where it starts; false and answered when malformed. */
bool page_of(struct call *, char letter, int64_t *after, int *limit);
bool parse_id(const char *text, char letter, int64_t *out);
/* Of a decision; it is in each piece of the log. */
#define REASON_MAX 2000		/* bytes */
/* [{"id": "E12", "version": "3"}, ...], at most PICKS_MAX. */
struct cJSON;
struct pick;
/* body.c: texts of a body are in the arena, and longer ones are refused.
 * NULL: it is no JSON; an absent one is an empty object. */
struct cJSON *body_read(struct call *, struct err *);
/* NULL: it says none. */
MUST_CHECK bool body_text(const struct cJSON *, const char *name,
	size_t most, struct arena *, const char **out, struct err *);
/* The same, and an empty one is none. */
MUST_CHECK bool body_word(const struct cJSON *, const char *name,
	size_t most, struct arena *, const char **out, struct err *);
/* The same, and it must say one. */
MUST_CHECK bool body_need(const struct cJSON *, const char *name,
	size_t most, struct arena *, const char **out, struct err *);
/* Of REASON_MAX; "": none. */
MUST_CHECK bool body_reason(const struct cJSON *, struct arena *,
	const char **out, struct err *);
/* The Idempotency-Key; else what the request says is its own, PREFIX-DIGEST
 * of `of` and the body, so that the same again is the same event. */
MUST_CHECK bool call_key(struct call *, const char *prefix, const char *of,
	const char **key, struct err *);
MUST_CHECK bool read_picks(const struct cJSON *list, struct arena *,
	struct pick **out, size_t *n, struct err *);
/* The request as a signature scheme sees it. */
struct delivery delivery_of(struct request *);

/* limit.c: what a source may send. Each answers the request on false. Before
 * the sender is proved: is there room, is it its address. */
struct limits;
struct limits *limits_new(void);
void limits_free(struct limits **);
struct limits *api_limits(struct api *);
bool limit_admits(struct call *, const char *source);
/* The sender's address: of the connection, or as a front says it. */
struct span sender_of(struct api *, struct request *);
/* Proved: takes room for n events. For those whose sender is proved before
 * the body is read, this alone. */
bool limit_takes(struct call *, const char *source, size_t n);
/* Not proved: false when this sender did so too often. */
bool limit_forged(struct call *, const char *source);
void limit_figures(struct api *, void (*each)(void *, const char *source,
	const char *reason, int64_t n), void *arg);

/* conflicts.c: an event as it would be judged now, with what it meets. False:
 * answered. Free the work. */
struct work;
struct contest;
bool judged_event(struct call *, int64_t seq, struct work **,
	struct contest **);
/* "effect" and "tax" of a judged work: what would change in the books. */
MUST_CHECK bool show_effects(struct call *, struct work *,
	const struct contest *, struct json *, struct err *);
void show_minor(struct json *, const char *key, int64_t minor,
	const char *currency);	/* as text */
/* "documents", "findings", "effect" and "tax" of a judged work. */
MUST_CHECK bool show_judged(struct call *, struct work *, struct json *,
	struct err *);
/* "findings" */
void show_findings(const struct work *, struct json *);
/* Of what is not kept when it could not be posted, since who asks is there:
 * false names the first finding that blocks. */
MUST_CHECK bool would_post(const struct work *, struct err *);

/* events.c: to the pump, answered after the commit. Works are taken. */
struct work;
void offer_work(struct call *, struct work *);
void offer_works(struct call *, struct work **, size_t n);
/* Of a work that is settled; its owner is the request. Taken. */
void answer_work(struct work *);

void me_get(struct call *);
void status_get(struct call *);
void events_get(struct call *);
void event_get(struct call *);
void events_post(struct call *);
void hooks_post(struct call *);
void signatures_get(struct call *);
void decisions_post(struct call *);
void decisions_get(struct call *);
void decision_undo(struct call *);
struct decision;
/* To the writer, who answers; false: it is not taken, d is the caller's. */
bool decision_hand_over(struct call *, struct decision *, struct err *);
void trial_balance_get(struct call *);
void account_entries_get(struct call *);
void journal_get(struct call *);
void documents_get(struct call *);
void document_get(struct call *);
void document_write(struct call *);
void conflicts_get(struct call *);
void conflict_get(struct call *);
void conflict_preview(struct call *);
void reference_get(struct call *);
void reference_post(struct call *);
void reference_row_get(struct call *);
void reference_row_patch(struct call *);
void reference_row_delete(struct call *);
void drift_get(struct call *);
void files_get(struct call *);
void file_get(struct call *);
void proposals_get(struct call *);
void proposals_post(struct call *);
void proposal_get(struct call *);
void proposal_approve(struct call *);
void proposal_reject(struct call *);
void proposal_backtest(struct call *);
void proposal_backtest_delete(struct call *);
void rules_get(struct call *);
void rules_version_get(struct call *);
void rules_now_get(struct call *);
void changes_get(struct call *);
void health_get(struct call *);
void metrics_get(struct call *);
void alerts_get(struct call *);
void alerts_sent_get(struct call *);
void stock_get(struct call *);
void counts_get(struct call *);
void count_lines_get(struct call *);
void counts_post(struct call *);
void counts_act(struct call *);
void orders_get(struct call *);
void batches_get(struct call *);
void flows_get(struct call *);
void clearing_get(struct call *);
void dead_letters_get(struct call *);
void trace_get(struct call *);
void problems_get(struct call *);
void problem_events_get(struct call *);
void explain_get(struct call *);
void numbers_get(struct call *);
void activity_get(struct call *);
void consistency_get(struct call *);
void journals_post(struct call *);
void schemas_get(struct call *);
void schema_get(struct call *);
void plans_post(struct call *);
void runs_post(struct call *);
void runs_get(struct call *);
void run_get(struct call *);
void run_delete(struct call *);
void run_rows_get(struct call *);
void run_retry(struct call *);
void intercompany_get(struct call *);
void intercompany_adjust(struct call *);
void close_get(struct call *);
void close_sign_post(struct call *);
void close_soft_post(struct call *);
void close_close_post(struct call *);
void close_reopen_post(struct call *);
void close_agree_post(struct call *);
/* Lines that are open, of periods that are. */
MUST_CHECK bool close_figures(struct call *, void (*each)(void *,
	const char *entity, const char *period, int n), void *arg,
	struct err *);

/* gstr3b.c */
void gstr3b_get(struct call *);
void gst_entries_get(struct call *);
void gst_entries_post(struct call *);
void gst_liability_get(struct call *);
void gst_calendar_get(struct call *);
void gst_agree_get(struct call *);

/* gst.c */
void gst_registrations_get(struct call *);
void gst_summary_get(struct call *);
void gst_cells_get(struct call *);
void gst_documents_get(struct call *);
void gst_hsn_get(struct call *);
void gst_issued_get(struct call *);
void gst_changes_get(struct call *);
void gst_filings_get(struct call *);
void gst_filings_post(struct call *);
void gst_filings_withdraw(struct call *);

/* stepup.c: does master data ask for a second factor here, and was it given?
 * False: answered by e, ERR_FACTOR when it is wanting or wrong. */
struct route;
MUST_CHECK bool stepup_check(struct call *, const struct route *,
	struct err *);
/* Takes the caller's code; a recovery code is told to the audit. */
MUST_CHECK bool stepup_prove(struct call *, const char *code, struct err *);
void stepup_forget(void);	/* when the API closes */

/* vouch.c: an act's parameters before they go anywhere: what only we may say
 * is taken out, what the act wants to know of the caller is put in, and the
 * one-time code is taken. */
struct act;
struct cJSON;
MUST_CHECK bool with_vouch(struct call *, const struct act *,
	struct cJSON **with, struct err *);

void approvals_get(struct call *);
void approval_get(struct call *);
void delegations_get(struct call *);

/* gst_exports.c */
void gst_exports_post(struct call *);
void gst_exports_get(struct call *);
void gst_export_get(struct call *);
void gst_export_file_get(struct call *);
void gst_export_delete(struct call *);

/* changes.c: those who wait for news. */
struct waiters;
struct waiters *waiters_new(struct api *);
void waiters_wake(struct waiters *);
void waiters_stop(struct waiters *);
void waiters_free(struct waiters **);
struct waiters *api_waiters(struct api *);

/* runs.c: plans that may still be run. */
struct plans *api_plans(struct api *);

/* bank.c */
void bank_accounts_get(struct call *);
void bank_act_post(struct call *);
void bank_ages_get(struct call *);
void bank_entries_get(struct call *);
void bank_line_get(struct call *);
void bank_lines_get(struct call *);
void bank_statement_get(struct call *);
void bank_tills_get(struct call *);
void bank_payouts_get(struct call *);
void bank_payout_get(struct call *);

/* recon.c */
void gst_inward_post(struct call *);
void gst_recon_get(struct call *);
void gst_recon_item_get(struct call *);
void gst_recon_post(struct call *);
void gst_followup_get(struct call *);

/* correct.c */
void event_correct(struct call *);

/* target_drift.c, target_trial.c */
void target_drift_get(struct call *);
void target_drift_act(struct call *);
void target_look_post(struct call *);
void target_trial_get(struct call *);
void target_against_get(struct call *);

/* audit.c */
void audit_get(struct call *);
void audit_verify_get(struct call *);

/* search.c */
void search_get(struct call *);

/* writing.c: the writer does it in a commit of its own, then the request is
 * answered; `what` is in the request's arena. */
struct books;
struct writing {
	bool (*write)(struct books *, void *what, struct err *);
	void (*answer)(struct request *, void *what);
	void *what;
	struct request *request;
};
void writing_offer(struct call *, const struct writing *);
/* What is said in a body, on a commit or several of whoever does it, answered
 * in JSON; all of `what` is in the request's arena. */
struct settler;
struct wording {
	/* NULL: it is read already. */
	bool (*read)(struct call *, const struct cJSON *body, void *what,
	    struct err *);
	bool (*say)(struct settler *, void *what, struct err *);
	void (*show)(struct json *, const void *what);
};
void wording_offer(struct call *, const struct wording *, void *what);

/* clients.c */
#define SECRET_HEX 65		/* 256 random bits and a NUL */
void secret_make(char plain[SECRET_HEX], unsigned char digest[32]);
void clients_get(struct call *);
void clients_post(struct call *);
void client_rotate_post(struct call *);
void client_token_post(struct call *);
void client_revoke_post(struct call *);
void client_delete(struct call *);

/* privacy.c */
void privacy_find(struct call *);
void privacy_export(struct call *);
void privacy_erase(struct call *);
void privacy_retention(struct call *);

/* targets.c, commits.c */
void targets_get(struct call *);
/* Of one that is not running: why its file is of no use, if it is that. */
void target_fail(struct call *, const struct err *why);
void target_get(struct call *);
void target_pause_post(struct call *);
void target_resume_post(struct call *);
void target_check_post(struct call *);
void commits_get(struct call *);
void commit_get(struct call *);
void commit_causes_get(struct call *);
void commits_act_post(struct call *);

/* oauth.c */
void oauth_token_post(struct call *);
void oauth_revoke_post(struct call *);

#endif
