#ifndef BAHI_STORE_SHOW_H
#define BAHI_STORE_SHOW_H
/* Inside of store/: what the views share. Each writes JSON of one thing. */
#include "book/money.h"
#include "core/arena.h"
#include "store/views.h"

#define SUMS_MAX 16		/* currencies of one sum */

struct sums {
	struct money items[SUMS_MAX];
	size_t n;
};

void sums_add(struct sums *, const char *currency, int64_t amount);
void show_sums(struct json *, const struct sums *);

/* "E12"; null for 0. */
void show_id(struct json *, const char *key, char letter, int64_t id);
void show_amount(struct json *, const char *key, int64_t minor,
	const char *currency);
void show_quantity(struct json *, const char *key, int64_t quantity);
void show_time(struct json *, const char *key, int64_t at);
void show_name(struct json *, const char *entity, const char *kind,
	const char *number);	/* "document" */
void show_next(struct json *, bool more, char letter, int64_t last);
/* An object of "items" and "next". The statement was asked for one row more
 * than the limit; its first column is what the next page goes on behind. */
MUST_CHECK bool show_page(struct json *, struct stmt *, int limit,
	char letter, void (*write)(struct json *, struct stmt *),
	struct err *);
/* A registration of ours is shown when its row is. */
MUST_CHECK bool show_sees_gstin(struct db *, const char *gstin, bool *sees,
	struct err *);
MUST_CHECK bool show_as_of(struct db *, struct json *, struct err *);

/* Without payload; *journal: its last one's id, 0: none; how many. */
MUST_CHECK bool show_event(struct db *, int64_t seq, struct arena *,
	struct json *, int64_t *journal, int64_t *journals, bool *found,
	struct err *);
/* The n journals that end with `last`; none when it is 0. */
MUST_CHECK bool show_journals(struct db *, int64_t last, int64_t n,
	bool (*write)(struct db *, int64_t id, void *, struct err *),
	void *arg, struct err *);
/* "document_body" of a version (VERSION_ID). */
MUST_CHECK bool show_body(struct db *, int64_t version, struct json *,
	struct err *);
/* *n: events that share it; nothing is written when 0. */
MUST_CHECK bool show_problem(struct db *, const char *signature,
	struct json *, int64_t *n, struct err *);
/* key: ENTITY/ACCOUNT/CURRENCY. */
MUST_CHECK bool show_balance(struct db *, const char *key, struct json *,
	bool *found, struct err *);

/* ---- view_desk.c: members of an event --------------------------------- */

MUST_CHECK bool show_desk(struct db *, int64_t event, struct arena *,
	struct json *, struct err *);
MUST_CHECK bool show_thread(struct db *, int64_t event, struct json *,
	struct err *);
/* Who moved it last, when, to what and why; null: nobody did. */
MUST_CHECK bool show_settled(struct db *, int64_t event, struct json *,
	struct err *);

#endif
