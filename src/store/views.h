#ifndef BAHI_STORE_VIEWS_H
#define BAHI_STORE_VIEWS_H
/*
 * What the API shows, read from one connection and written as JSON of the
 * shapes in data/openapi.yaml. Amounts leave as text in major units. Views
 * never change anything. *found false: there is no such thing.
 */
#include "core/json.h"
#include "store/db.h"

#define VIEW_LIMIT 500		/* rows of a page at most */

struct event_filter {
	const char *state;	/* NULL: any; "open": what a person may act on;
				 * "resolved": what somebody settled */
	const char *source, *code, *signature, *q;	/* NULL: any */
	const char *assignee;	/* NULL: any; "-": nobody */
	const char *snoozed;	/* NULL: any; "yes", "no" */
	int64_t now;		/* by which that is judged */
	int64_t after;
	int limit;
};

struct numbers;
/* numbers NULL: without them. */
/* plan NULL: it is not said whether a backup is late. */
struct backup_plan;
MUST_CHECK bool view_status(struct db *, const struct numbers *,
	const struct backup_plan *plan, struct json *, struct err *);
/* 31 days up to now, or those of the month YYYY-MM; *found false: it is no
 * month. */
MUST_CHECK bool view_activity(struct db *, const char *period, int64_t now,
	struct json *, bool *found, struct err *);
MUST_CHECK bool view_events(struct db *, const struct event_filter *,
	struct json *, struct err *);
/* Of that source only; NULL: of any. */
MUST_CHECK bool view_event(struct db *, int64_t seq, const char *source,
	struct json *, bool *found, struct err *);
MUST_CHECK bool view_signatures(struct db *, struct json *, struct err *);
MUST_CHECK bool view_trial_balance(struct db *, const char *entity,
	const char *to, struct json *, struct err *);
MUST_CHECK bool view_entries(struct db *, const char *account,
	const char *entity, int64_t after, int limit, struct json *,
	struct err *);
MUST_CHECK bool view_journal(struct db *, int64_t id, struct json *,
	bool *found, struct err *);
MUST_CHECK bool view_documents(struct db *, const char *kind, const char *q,
	const char *after, int limit, struct json *, struct err *);
/* The same by when they came, the newest first; before 0: from there. */
MUST_CHECK bool view_documents_newest(struct db *, const char *kind,
	const char *q, int64_t before, int limit, struct json *,
	struct err *);
/* Of its key that version, 0: the present one; *shown 0: there is none. */
struct document;
MUST_CHECK bool view_document(struct db *, const struct document *,
	int64_t version, struct json *, int64_t *shown, struct err *);
/* Events in conflict after that one, oldest first; entity NULL: of any. */
MUST_CHECK bool view_conflicts(struct db *, const char *entity, int64_t after,
	int64_t *out, size_t max, size_t *n, struct err *);
MUST_CHECK bool view_reference(struct db *, const char *table,
	struct json *, bool *found, struct err *);
/* As import takes it; sheet: safe to open in a spreadsheet instead. */
MUST_CHECK bool view_reference_csv(struct db *, const char *table,
	bool sheet, struct str *out, bool *found, struct err *);

struct file_filter {
	const char *source, *state;	/* NULL: any */
	int64_t after;			/* older than F..; 0: from the newest */
	int limit;
};

MUST_CHECK bool view_files(struct db *, const struct file_filter *,
	struct json *, struct err *);
MUST_CHECK bool view_file(struct db *, int64_t id, struct json *,
	bool *found, struct err *);
/* NDJSON lines of changes after `after`, the end line included. */
MUST_CHECK bool view_changes(struct db *, int64_t after, int limit,
	struct str *out, size_t *n, struct err *);
struct reference;
/* Stock counts, the newest first, each with how its lines stand; and the
 * lines of one. state: of book/count.h, or "open": what is to be decided. */
MUST_CHECK bool view_counts(struct db *, struct arena *, const char *entity,
	const char *location, const char *after, int limit, struct json *,
	struct err *);
MUST_CHECK bool view_count_lines(struct db *, struct arena *,
	const char *entity, const char *count, const char *state,
	const char *after, int limit, struct json *, struct err *);
MUST_CHECK bool view_stock(struct db *, const char *location, const char *q,
	const char *after, int limit, struct json *, struct err *);
/* number: that order only; NULL: all. */
MUST_CHECK bool view_orders(struct db *, const char *number,
	const char *after, int limit, struct json *, struct err *);
MUST_CHECK bool view_batches(struct db *, const char *after, int limit,
	struct json *, struct err *);
MUST_CHECK bool view_flows(struct db *, const struct reference *,
	struct json *, struct err *);
/* Clearing accounts: captured, settled, and since when; authorised. */
MUST_CHECK bool view_clearing(struct db *, struct json *, struct err *);
/* What failed, and whose it is to correct: class data, reference, system;
 * NULL: any. */
MUST_CHECK bool view_dead(struct db *, const char *class, int64_t after,
	int limit, struct json *, struct err *);
/* id: E12, J12, ENTITY/KIND/NUMBER, a correlation id, an order's number or a
 * key. */
MUST_CHECK bool view_trace(struct db *, const struct reference *,
	const char *id, struct json *, bool *found, struct err *);
/* Of an account: what it is made of, by source and kind, entry by entry. */
MUST_CHECK bool view_explain(struct db *, const char *account,
	const char *entity, const char *period, int64_t after, int limit,
	struct json *, bool *found, struct err *);
/* Of the one sequence of events, decisions, reference changes, rules. */
MUST_CHECK bool view_last_seq(struct db *, int64_t *seq, struct err *);
/* Of the one sequence of changes. */
/* Of the whole feed, whoever asks: it is where to go on from. */
MUST_CHECK bool view_last_change(struct db *, int64_t *seq, struct err *);
/* Is there news behind it, but for the status? */
MUST_CHECK bool view_changed(struct db *, int64_t after, bool *news,
	struct err *);
/* An array: how each poll of a foreign API does. */
MUST_CHECK bool view_polls(struct db *, struct json *, struct err *);
/* (source, state) counts, for metrics. */
MUST_CHECK bool view_tally(struct db *, void (*each)(void *,
	const char *source, const char *state, int64_t n), void *arg,
	struct err *);

/* Newest first; after 0: from the newest. state NULL: any. */
MUST_CHECK bool view_alerts(struct db *, const char *state, int64_t after,
	int limit, struct json *, struct err *);
MUST_CHECK bool view_alerts_sent(struct db *, int64_t after, int limit,
	struct json *, struct err *);
/* How many are raised of each code, for metrics. */
MUST_CHECK bool view_alert_counts(struct db *, void (*each)(void *,
	const char *code, int64_t n), void *arg, struct err *);

struct mismatch_filter;
/* Pairs of companies, and where they do not agree, each with the entry that
 * would make them. */
MUST_CHECK bool view_intercompany(struct db *,
	const struct mismatch_filter *, struct json *, struct err *);
/* How much an entity and the others do not agree on at the end of the month
 * (NULL: now), in its own currency as far as there are rates. */
MUST_CHECK bool intercompany_open(struct db *, const char *entity,
	const char *period, int64_t *n, int64_t *amount, struct err *);
/* By pair and currency, for metrics. */
MUST_CHECK bool view_intercompany_sums(struct db *, void (*each)(void *,
	const char *pair, const char *currency, int64_t n, int64_t amount),
	void *arg, struct err *);
struct mismatch;
struct adjusting;
void show_mismatch(struct json *, const struct mismatch *);
void show_adjusting(struct json *, const struct adjusting *);

/* Where an account stands, in minor units; 0: nothing is on it. */
MUST_CHECK bool view_balance(struct db *, const char *entity,
	const char *account, const char *currency, int64_t *, struct err *);
/* What waits for an approval, oldest first; reader: who asks, to say what is
 * his own. */
MUST_CHECK bool view_approvals(struct db *, const char *reader,
	int64_t after, int limit, struct json *, struct err *);
/* One of them; leaves the object open for more. */
MUST_CHECK bool view_approval(struct db *, int64_t seq, const char *reader,
	struct arena *, struct json *, bool *found, struct err *);
/* Newest first, those that are over too. */
MUST_CHECK bool view_delegations(struct db *, int64_t after, int limit,
	struct json *, struct err *);

struct said_filter {
	const char *actor, *action;	/* NULL: any; an action of decisions,
					 * or reference, rules */
	int64_t event;		/* 0: any */
	int64_t from, to;	/* microseconds; to is excluded */
	int64_t before;		/* older than D..; 0: from the newest */
	int limit;
};

MUST_CHECK bool view_decisions(struct db *, const struct said_filter *,
	struct json *, struct err *);
/* The rules of that digest, file by file, and what became lately of the
 * events that each was for. */
MUST_CHECK bool view_rules_now(struct db *, const char *digest,
	struct json *, struct err *);

/* What is not posted by problem and age, each event in one cell of its row;
 * what of it keeps the return of `period` from being filed stands beside. */
MUST_CHECK bool view_problems(struct db *, struct json *, struct err *);
/* The events of such a cell, oldest first. cell: ID:3-7, ID:blocks or ID:all;
 * *found false: it is not one. */
MUST_CHECK bool view_problem_events(struct db *, const char *cell,
	int64_t after, int limit, struct json *, bool *found, struct err *);

#endif
