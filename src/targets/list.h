#ifndef BAHI_TARGETS_LIST_H
#define BAHI_TARGETS_LIST_H
/* Inside of targets/: the adapters of the table, and what they share. */
#include "net/fetch.h"
#include "targets/targets.h"

extern const struct adapter adapter_erpnext, adapter_odoo;

#define ANSWER_MAX ((size_t)8 << 20)	/* bytes of one answer that we read */
#define ANSWER_DEPTH 24			/* and how deep it may be nested */
#define ANSWER_VALUES ((size_t)1 << 20)	/* and how many values it may have */

extern const struct adapter adapter_rest;
extern const struct adapter adapter_tally;
extern const struct adapter adapter_tally_file;
extern const struct adapter adapter_tryton;

struct target {
	const struct adapter *adapter;
	const struct targetconf *conf;
	struct fetch *fetch;		/* NULL: mute */
	void *state;			/* the adapter's own */
	int64_t until;			/* as it asked; see target_until */
};

struct target_request {
	const char *method;		/* "GET", or what fetch_send takes */
	const char *path;		/* after the conf's url, encoded */
	const char *const *headers;	/* "Name: value" */
	size_t n_headers;
	const char *type;		/* of the body; NULL: JSON */
	struct span body;
};

/* Any status is success. On false answer->sent says whether the server may
 * have acted. body is cleared first. */
MUST_CHECK bool target_ask(struct target *, const struct target_request *,
	struct fetch_answer *, struct str *body, struct err *);

/* Asks about `n` of them from `at` on. What it had found of a question that
 * failed it leaves out. */
typedef bool ask_part_fn(void *, size_t at, size_t n, struct err *);
/* About all n, `most` at once; what is too much for one answer is asked for in
 * halves, or long entries could be neither looked at nor found again. */
MUST_CHECK bool ask_parts(size_t n, size_t most, ask_part_fn *, void *,
	struct err *);

/* What an ask_part_fn of find_parts is given, and adds to. */
struct searching {
	struct target *target;
	const char *const *references;
	struct arena *arena;
	struct remote *out;
	size_t n;
};
/* Is it one of those n? */
bool is_among(const char *, const char *const *, size_t n);
void searching_add(struct searching *, const struct remote *, size_t n);
/* As adapter.find, `most` references at once. */
MUST_CHECK bool find_parts(struct target *, const char *const *references,
	size_t n, size_t most, ask_part_fn *, struct arena *,
	struct remote **, size_t *n_out, struct err *);

/* What the status alone says: 2xx is left to the adapter (false); 429 is
 * AWAY with the wait that was asked for; 401, 403 refused for want of rights;
 * another 4xx refused as data; 408 (a gateway's, perhaps), 5xx and the rest
 * UNKNOWN. Words are the
 * adapter's to fill. */
bool verdict_of_status(const struct fetch_answer *, struct verdict *);
/* Nothing is known of any of them yet. */
void verdicts_begin(struct verdict *, size_t n);
/* No word came about any of them. */
void verdicts_lost(struct verdict *, size_t n, bool sent, const struct err *,
	struct arena *);
void verdict_refuse(struct verdict *, enum refusal, const char *words);
/* Of what is there, if only as a draft: "away" would have it sent again. */
void verdict_never_away(struct verdict *);
/* SHA-256 of what went, of each of them. */
void verdicts_sent(struct verdict *, size_t n, struct span body);
/* Of what the target says that it holds, in our codes or in its own: as
 * posting_text. */
void verdict_held(struct verdict *, struct day, const struct posting_line *,
	size_t n);
/* Does it hold what it was told: day and lines, as posting_text has them? */
bool remote_same(const struct posting *, const struct remote *);
/* Into found->faults, which has room for so many; more are left out. */
#define FOUND_FAULTS 8
void fault_add(struct target_found *, enum refusal, const char *field,
	const char *value, const char *words);
/* Without controls: what may go into a header. */
bool is_one_line(const char *);
/* Foreign text as we keep it: UTF-8, one line, no controls, TARGET_WORDS. */
const char *words_of(struct span, struct arena *);
/* What a row says for adapter.reach: its first word; one without any is no
 * row of ours. */
const char *reach_said(const char *text, struct arena *);
/* "1180.00" of minor units; no sign is lost. */
const char *amount_text(int64_t minor, const char *currency, struct arena *);
/* The other way; false: no amount of that currency. */
MUST_CHECK bool amount_read(const char *text, const char *currency,
	int64_t *minor);

#endif
