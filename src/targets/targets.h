#ifndef BAHI_TARGETS_TARGETS_H
#define BAHI_TARGETS_TARGETS_H
/*
 * What we say to an ERP, and what it says. An adapter is one file and one
 * line of targets.c; it knows a vendor's protocol and nothing of queues: what
 * is tried again, when and how often is flow/committer.c's. One handle serves
 * one thread.
 *
 * Nothing may double: every posting carries our reference, kept where the ERP
 * can be asked for it, and target_find asks for it.
 */
#include "core/arena.h"
#include "core/digest.h"
#include "targets/conf.h"
#include "targets/posting.h"

#define TARGET_BATCH_MAX 100	/* postings of one call */
#define TARGET_WORDS 1000	/* bytes that we keep of what an ERP says */

enum verdict_kind {
	VERDICT_UNKNOWN,	/* it may have it or not: ask before sending
				 * again. The first: what nobody judged */
	VERDICT_DONE,		/* it has it, booked */
	VERDICT_REFUSED,	/* it said no, and has nothing of it */
	VERDICT_AWAY,		/* it has nothing of it; later */
	VERDICT_CONFLICT,	/* somebody changed there what we name */
	VERDICT_TOGETHER,	/* one of the batch was refused, and so all:
				 * nothing of it is there; send it apart */
	VERDICT_KINDS
};

/* Whose matter it is that an ERP refused it. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_DATA,		/* the journal itself */
	REFUSAL_MAPPING,	/* an account, a party.. that it does not know */
	REFUSAL_RIGHTS,
	REFUSAL_PERIOD,		/* closed there, or none */
	REFUSAL_DUPLICATE,	/* it says that it has it, and finds another */
	REFUSAL_CONNECTION,	/* after the last try: no word came */
	REFUSAL_RATE,
	REFUSAL_CONFLICT,
	REFUSALS
};

struct verdict {
	enum verdict_kind kind;
	enum refusal refusal;
	const char *words;	/* the ERP's own; "": none. UTF-8, cut */
	const char *remote;	/* its id of it; "" */
	const char *number;	/* the number that people there see; "" */
	const char *version;	/* what changes there when it is changed; "" */
	int64_t wait;		/* microseconds it asked for; -1: not said */
	char sent[SHA256_HEX];	/* of the bytes that went for it; "" */
	char held[SHA256_HEX];	/* of posting_text of what it holds; "" */
};

/* A posting as the ERP has it. */
struct remote {
	const char *reference;	/* ours; "": it has none of ours */
	const char *remote, *number, *version;
	enum remote_state {
		REMOTE_DRAFT,	/* there, and counts for nothing yet */
		REMOTE_BOOKED,
		REMOTE_CANCELLED
	} state;
	struct day date;
	const char *narration;
	const char *changed_by;	/* "": not said */
	struct posting_line *lines;	/* in the ERP's codes */
	size_t n_lines;
	bool lined;		/* false: its lines were not asked for */
};

struct remote_balance {
	const char *account;	/* its code */
	const char *name;
	int64_t debit, credit;	/* minor units of the base currency */
};

struct target_found {		/* what target_check came to know */
	const char *product;	/* "Tryton 6.0.29" */
	const char *company;
	const char *currency;
	struct target_fault {
		enum refusal refusal;
		const char *field, *value, *words;
	} *faults;
	size_t n_faults;
};

struct target;			/* an open handle */

struct adapter {
	const char *name;	/* "tryton" */
	/* One posting, or a batch, in one call: as many as it takes. */
	unsigned batch;
	/* What is created is booked at once; false: a draft may be left. */
	bool atomic;
	/* Files, no server: it has no address. */
	bool mute;
	/* Each party is an account of its own there, with its bills. */
	bool subledgers;
	/* It knows no TLS: `plain = yes` says that the link is private. */
	bool plain;
	/* It is told tax code, item and location of a line; where it is not,
	 * nobody has to map them. */
	bool details;

	bool (*open)(struct target *, struct err *);
	void (*close)(struct target *);
	/* Logs in, looks whether it can work at all: company, accounts,
	 * years. Changes nothing. */
	bool (*check)(struct target *, struct arena *, struct target_found *,
	    struct err *);
	/* Fills verdicts[n]. False, with err: no word about any of them, and
	 * verdicts say UNKNOWN or AWAY. */
	bool (*send)(struct target *, const struct posting *, size_t n,
	    struct arena *, struct verdict *, struct err *);
	/* What a target of this kind may be unable to say at all (a rest rule
	 * without it) is false with ERR_REFUSED, each time: find, finish,
	 * list, balances, restore. What find cannot say stays unknown, and
	 * is for a person: it is never sent again by itself. */
	/* Which of these references are there? out[n] and their number, in
	 * any order; one reference twice is a doubled one, and both are said.
	 * False: no word. */
	bool (*find)(struct target *, const char *const *references, size_t n,
	    struct arena *, struct remote **out, size_t *n_out,
	    struct err *);
	/* The highest reference that it has of a series, "bahi-IN01-", drafts
	 * and cancelled ones too; "": none; what is no reference of that
	 * series: it is not to be relied on. NULL, or ERR_REFUSED: it cannot
	 * say. Both times each is asked for. False: no word. */
	bool (*reach)(struct target *, const char *series, struct arena *,
	    const char **last, struct err *);
	/* Books a draft that a crash left behind. */
	bool (*finish)(struct target *, const struct posting *,
	    const struct remote *, struct arena *, struct verdict *,
	    struct err *);
	/* All that is booked there from day to day, in pages: *cursor "" at
	 * first, "" when no more. lined and with those of others. NULL: it
	 * cannot be asked. */
	bool (*list)(struct target *, struct day from, struct day to,
	    const char **cursor, struct arena *, struct remote **out,
	    size_t *n_out, struct err *);
	/* Of its whole ledger up to the end of that day. NULL as above. */
	bool (*balances)(struct target *, struct day, struct arena *,
	    struct remote_balance **out, size_t *n_out, struct err *);
	/* Takes our side of a drift there: what it has at `remote` becomes
	 * the posting, but only while it has that version (else
	 * VERDICT_CONFLICT). NULL: it cannot. */
	bool (*restore)(struct target *, const struct posting *,
	    const struct remote *, struct arena *, struct verdict *,
	    struct err *);
};

/* NULL: none of that name. */
const struct adapter *adapter_find(const char *name);
extern const struct adapter *const adapters[];	/* NULL ended */

const char *refusal_name(enum refusal);		/* "mapping" */
bool refusal_read(const char *, enum refusal *);
const char *verdict_name(enum verdict_kind);

/* The conf is borrowed, and must live as long. Nothing is asked yet. */
MUST_CHECK bool target_open(struct target **, const struct targetconf *,
	struct err *);
void target_close(struct target **);
const struct adapter *target_adapter(const struct target *);
/* From any thread: what is under way, and all later calls, fail soon. */
void target_stop(struct target *);
/* Nothing goes to it before then, on the monotonic clock: the latest that any
 * answer asked for, to a question, too. 0: none did. */
int64_t target_until(const struct target *);

#endif
