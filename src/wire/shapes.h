#ifndef BAHI_WIRE_SHAPES_H
#define BAHI_WIRE_SHAPES_H
/*
 * What the API's JSON says, as plain structs. Absent or null text is "".
 * Amounts stay text in major units, as sent ("1180.00"); nothing here is
 * tamed for a terminal. Everything lives in the arena given to the decoder.
 */
#include <stdint.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"

struct wire_amount {
	const char *currency, *amount;
};

struct wire_amounts {
	struct wire_amount *items;
	size_t n;
};

struct wire_count {
	const char *name;
	int64_t count;
};

struct wire_counts {
	struct wire_count *items;
	size_t n;
};

struct wire_finding {
	const char *code, *level, *dimension, *value, *field, *sentence;
	const char *hint, *signature;
	bool fixable;
};

struct wire_findings {
	struct wire_finding *items;
	size_t n;
};

struct wire_entry {
	const char *journal, *date, *document, *narration;	/* of a list */
	int64_t line;
	const char *account, *party, *cost_centre, *tax_code, *item;
	const char *location, *memo, *currency, *amount, *base;
};

struct wire_entries {
	struct wire_entry *items;
	size_t n;
	const char *next;
};

struct wire_journal {
	const char *id, *entity, *date, *period, *narration, *document;
	const char *event, *reverses;
	int64_t version;
	struct wire_entries entries;
};

struct wire_step {
	const char *at, *actor, *action, *old, *now;
};

struct wire_event {
	const char *id;
	int64_t seq, version, doc_version, attempts;
	const char *source, *key, *topic, *state, *received, *occurred;
	const char *entity, *document, *party, *amount, *currency;
	const char *correlation;
	const char *owner;	/* of its flow */
	const char *assignee, *snoozed;	/* until then; "": nobody, no */
	int64_t comments;
	struct wire_step settled;	/* action: how; now: why */
	struct wire_findings findings;
	/* of one event only */
	const char *payload, *payload_base64, *digest, *document_body;
	struct wire_journal *journals;
	size_t n_journals;
	struct wire_step *history;
	size_t n_history;
	struct wire_step *thread;	/* now: what was said */
	size_t n_thread;
	/* of a trace only: rows of returns that its documents are in */
	struct wire_return *returns;
	size_t n_returns;
};

struct wire_return {
	const char *document, *form, *table, *period, *tax_code, *tax;
	const char *currency;
};

struct wire_events {
	struct wire_event *items;
	size_t n;
	const char *next;
};

struct wire_signature {
	const char *id, *code, *level, *source, *dimension, *value, *sentence;
	const char *hint, *oldest, *newest;
	bool fixable;
	int64_t count;
	struct wire_amounts amounts;
	struct wire_counts ages;
};

struct wire_signatures {
	struct wire_signature *items;
	size_t n;
};

struct wire_source {
	const char *name, *scheme;
	int64_t received;
	struct wire_counts states;
	bool holds;
};

struct wire_entity {
	const char *code, *name, *base;
};

struct wire_backup {
	const char *at, *event_at;	/* "": there is none */
	const char *place, *why, *tried_at, *tried_why;
	int64_t restore_seconds;
	bool late;
};

struct wire_status {
	int64_t seq;
	const char *at;
	struct wire_entity *entities;
	size_t n_entities;
	struct wire_counts states;
	struct wire_source *sources;
	size_t n_sources;
	bool conservation;
	int64_t unposted;
	struct wire_amounts amounts;
	struct wire_backup backup;
};

/* Ratios and seconds are decimal text, "" when there is nothing to say. */
struct wire_numbers_source {
	const char *name, *touchless, *duplicate, *manual;
	const char *p50, *p95, *p99;	/* sync latency of today */
	const char *resolution;		/* median of 30 days */
	int64_t posted;
};

struct wire_exceptions {
	const char *state;
	struct wire_counts ages;
};

struct wire_position {
	const char *entity, *currency, *cash, *clearing, *receivable;
	const char *payable;
};

struct wire_numbers {
	int64_t seq;
	const char *at;		/* of that sequence */
	struct wire_numbers_source total, *sources;
	size_t n_sources;
	int64_t minutes_saved;
	struct wire_exceptions *exceptions;
	size_t n_exceptions;
	struct wire_position *positions;
	size_t n_positions;
	const char *consistency;
	int64_t checked, differences;
};

struct wire_balance {
	const char *entity, *account, *name, *kind, *currency, *debit, *credit;
	const char *balance, *base_balance;
};

struct wire_trial {
	struct wire_balance *items, *totals;
	size_t n, n_totals;
};

struct wire_master {
	const char *code, *name;
};

struct wire_masters {
	struct wire_master *items;
	size_t n;
};

struct wire_field {
	const char *name, *value;
};

struct wire_record {		/* one row of master data */
	const char *table, *key, *etag;
	struct wire_field *fields;
	size_t n;
};

struct wire_total {
	const char *currency, *total, *posted;
	int64_t records;
};

struct wire_file {
	const char *id, *source, *name, *format, *digest, *state, *trailer;
	const char *started, *ended, *place, *why;
	int64_t size, at_byte, of, read;
	int64_t posted, waiting, failed, duplicate, ignored;
	struct wire_total *amounts;
	size_t n_amounts;
};

struct wire_files {
	struct wire_file *items;
	size_t n;
	const char *next;
};

struct wire_result {
	const char *event, *state;
	const char *verdict;	/* of a replay: same, differs */
	const char *made, *became;	/* of a correction; "": none */
	struct wire_findings findings;
};

struct wire_decision {
	const char *id;
	const char *undone;	/* what was taken back; "": it is no undo */
	int64_t done, failed;
	int64_t same, differs;	/* of a replay */
	struct wire_result *results;
	size_t n_results;
};

struct wire_alert {
	const char *id, *code, *state, *since, *recovered, *sentence, *why;
};

struct wire_alerts {
	struct wire_alert *items;
	size_t n;
	const char *next;
};

struct wire_sending {		/* of an alert */
	const char *at, *channel, *to, *signature, *outcome;
};

struct wire_sendings {
	struct wire_sending *items;
	size_t n;
	const char *next;
};

/* Any list of the API as texts: of each item what some paths lead to. A
 * number stays as it was sent, true is "yes", what is absent is "". */
struct wire_rows {
	const char **texts;	/* n times as many as there are paths */
	size_t n;
	const char *next;
};

struct wire_part {		/* of a plan */
	const char *code, *sentence, *hint;	/* why left out; "" */
	int64_t events;
	struct wire_amounts amounts;
};

struct wire_plan {
	const char *id, *action, *reason, *oldest, *newest, *until;
	const char *take;		/* of a conflict: this side; "" */
	int64_t picked, skips;
	struct wire_part acts;		/* on these */
	struct wire_part *skipped;
	size_t n_skipped;
};

struct wire_run {
	const char *id, *action, *actor, *reason, *state;
	int64_t total, done, failed, skipped, left;
};

struct wire_trace {
	const char *of;
	struct wire_event *events;
	size_t n;
	bool cut;
};

struct wire_change {
	int64_t seq;
	const char *topic, *key;
	struct span value;	/* JSON as sent; n 0: gone */
};

/* Decoders take JSON as the daemon (or our cache) has it. False: not of
 * that shape. */
MUST_CHECK bool shape_status(struct span, struct arena *,
	struct wire_status *);
MUST_CHECK bool shape_numbers(struct span, struct arena *,
	struct wire_numbers *);
MUST_CHECK bool shape_event(struct span, struct arena *,
	struct wire_event *);
MUST_CHECK bool shape_events(struct span, struct arena *,
	struct wire_events *);
MUST_CHECK bool shape_signature(struct span, struct arena *,
	struct wire_signature *);
MUST_CHECK bool shape_signatures(struct span, struct arena *,
	struct wire_signatures *);
MUST_CHECK bool shape_journal(struct span, struct arena *,
	struct wire_journal *);
MUST_CHECK bool shape_entries(struct span, struct arena *,
	struct wire_entries *);
MUST_CHECK bool shape_trial(struct span, struct arena *,
	struct wire_trial *);
struct wire_me {		/* GET /v1/me */
	const char *name, *role;
	bool reads_only;
	const char *entities;	/* "IN01, IN02"; "*": all */
	const char **may;	/* "GET /v1/stock" */
	size_t n_may;
	const char **acts;	/* of POST /v1/decisions: "retry" */
	size_t n_acts;
};

MUST_CHECK bool shape_me(struct span, struct arena *, struct wire_me *);
MUST_CHECK bool shape_masters(struct span, struct arena *,
	struct wire_masters *);
MUST_CHECK bool shape_record(struct span, struct arena *,
	struct wire_record *);
/* The proposal that a change became; "": it is in force. */
const char *shape_proposal(struct span, struct arena *);
MUST_CHECK bool shape_file(struct span, struct arena *, struct wire_file *);
MUST_CHECK bool shape_files(struct span, struct arena *,
	struct wire_files *);
MUST_CHECK bool shape_decision(struct span, struct arena *,
	struct wire_decision *);
MUST_CHECK bool shape_alerts(struct span, struct arena *,
	struct wire_alerts *);
MUST_CHECK bool shape_sendings(struct span, struct arena *,
	struct wire_sendings *);
/* Each member of "items" as JSON of its own. */
MUST_CHECK bool shape_items(struct span, struct arena *, struct span **items,
	size_t *n);
/* `items` is the path of the list; "items/items": the lists inside of it, one
 * behind the other. A step of a path may be a place in a list: "a.0.b". */
MUST_CHECK bool shape_rows(struct span, const char *items,
	const char *const *paths, size_t n_paths, struct arena *,
	struct wire_rows *);
MUST_CHECK bool shape_trace(struct span, struct arena *,
	struct wire_trace *);
MUST_CHECK bool shape_plan(struct span, struct arena *, struct wire_plan *);
MUST_CHECK bool shape_run(struct span, struct arena *, struct wire_run *);
/* Value of a change line stays JSON text. */
MUST_CHECK bool shape_change(struct span line, struct arena *,
	struct wire_change *);
/* The text `name` of its object `of`; the name may have dots in it. NULL: it
 * is not there. */
const char *shape_member(struct span, const char *of, const char *name,
	struct arena *);
/* code, title and detail of a problem document. */
void shape_problem(struct span, struct arena *, const char **code,
	const char **detail);
/* JSON indented, for reading; the text itself when it is not JSON. */
const char *shape_pretty(struct span, struct arena *);

#endif
