#ifndef BAHI_STORE_NUMBERS_H
#define BAHI_STORE_NUMBERS_H
/*
 * The numbers that finance asks for, read in one snapshot from what is kept
 * for them: rows by source, day and account, never by event.  Texts are in
 * the arena given; amounts are minor units, times microseconds.
 */
#include "core/arena.h"
#include "core/vec.h"
#include "store/db.h"
#include "store/figure.h"

enum numbers_window { WINDOW_ALL, WINDOW_TODAY, WINDOW_MONTH, WINDOWS };
extern const char *const window_names[WINDOWS];

enum numbers_age { AGE_HOUR, AGE_DAY, AGE_THREE_DAYS, AGE_OLDER, AGES };
extern const char *const age_names[AGES];

/* Of an account, told by the words of its ledger path. */
enum account_role {
	ROLE_OF_CASH, ROLE_OF_CLEARING, ROLE_OF_RECEIVABLE, ROLE_OF_PAYABLE,
	ACCOUNT_ROLES
};
extern const char *const account_role_names[ACCOUNT_ROLES];
/* False: none of them. */
bool account_role(const char *kind, const char *path,
	enum account_role *out);

struct spread {			/* of a latency */
	int64_t n[LATENCY_BUCKETS + 1], micros;
};

struct number_source {
	const char *name;
	int64_t received, duplicate;
	int64_t posted, touchless, manual;
	int64_t last, last_at;	/* event heard last; 0: none yet */
	struct spread sync[WINDOWS], resolve[WINDOWS], invoice[WINDOWS];
	int64_t orders, order_exceptions;
};

struct number_backlog {
	const char *entity, *state, *kind, *currency; /* "": not known */
	enum numbers_age age;
	int64_t count, amount;
};

struct number_dimension {
	const char *source, *dimension;
	int64_t failed, open;	/* events ever; findings now */
};

struct number_account {
	enum account_role role;
	const char *entity, *account, *name, *currency, *base_currency;
	int64_t balance, base;
	int64_t last_at;	/* received when it last moved */
	int64_t since_at;	/* not zero since; 0: it is zero */
};

/* An order that nobody has shipped, or shipped and nobody has billed. */
enum order_stage { STAGE_SHIP, STAGE_INVOICE, ORDER_STAGES };
extern const char *const order_stage_names[ORDER_STAGES];

#define STUCK_NAMED 100		/* orders told by name; all are counted */
#define STUCK_COUNTED 100000	/* more are said to be so many */

struct number_stuck {		/* for longer than three days */
	enum order_stage stage;
	const char *entity, *number;
	int64_t since;
};

struct number_location {
	const char *entity, *location, *currency;
	int64_t adjusted, adjusted_month;	/* by counts, signs dropped */
	int64_t negative;	/* items that are fewer than none */
};

struct numbers {
	int64_t seq, change, at;	/* as of */
	struct vec sources, backlog, dimensions, accounts;
	struct number_source all;	/* name "": the sum of all sources */
	int64_t stages[ORDER_STAGES][AGES];
	struct vec stuck, locations;
};

MUST_CHECK bool numbers_read(struct db *, struct arena *, int64_t now,
	struct numbers *, struct err *);
void numbers_free(struct numbers *);

/* Events in that state and of that age. */
int64_t numbers_open(const struct numbers *, const char *state,
	enum numbers_age);
/* Of all accounts of that role, in the entity's own currency. */
int64_t numbers_position(const struct numbers *, enum account_role,
	const char *entity);
/* Each entity that has such accounts: *at = 0 first; false at the end. */
bool numbers_next_entity(const struct numbers *, size_t *at,
	const char **entity, const char **currency);

/* As members of an open JSON object: all, and what fits a status. */
struct json;
void view_numbers(struct json *, const struct numbers *, int64_t minutes);
void view_numbers_brief(struct json *, const struct numbers *);

/* "0.999998": floor(n / of) to six digits; of > 0, 0 <= n <= of. */
void ratio_text(int64_t n, int64_t of, char out[16]);
/* "0.002100" */
void seconds_text(int64_t micros, char out[32]);

#endif
