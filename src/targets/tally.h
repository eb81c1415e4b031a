#ifndef BAHI_TARGETS_TALLY_H
#define BAHI_TARGETS_TALLY_H
/* Inside of the tally adapter: what is asked of Tally. Each call is one
 * request; Tally takes one at a time. */
#include "core/map.h"
#include "targets/list.h"
#include "targets/tally_answer.h"
#include "targets/tally_voucher.h"

struct tally {
	bool known;		/* what follows was read */
	char company[256];	/* as Tally writes it */
	char currency[4];	/* base, ISO; */
	bool told;		/* as it says itself, and in no sign of its own */
	char from[9];		/* its books, as Tally writes days */
	struct map *missing;	/* ledgers that a refusal told us of: group */
};

#define TALLY_MISSING_MAX 200	/* names that are kept */

/* Sends it; err is filled when no XML came. *answer as of target_ask. */
MUST_CHECK bool tally_post(struct target *, const struct str *body,
	struct arena *, const struct xml_node **root, struct fetch_answer *,
	struct err *);
/* The company, once; which are open goes to names[*n], of room. */
#define TALLY_COMPANIES_MAX 100
MUST_CHECK bool tally_learn(struct target *, struct arena *,
	const char **names, size_t *n, struct err *);
MUST_CHECK bool tally_be_known(struct target *, struct arena *,
	struct err *);
MUST_CHECK bool tally_find(struct target *, const char *const *references,
	size_t n, struct arena *, struct remote **out, size_t *n_out,
	struct err *);
/* Those of a formula and days ("20260521"), ours or not, and cancelled ones.
 * ERR_TOO_LARGE: more than one answer may hold. */
MUST_CHECK bool tally_vouchers(struct target *, const char *from,
	const char *to, const char *formula, struct arena *,
	struct remote **out, size_t *n_out, struct err *);
/* Their names, and what they stand at. */
MUST_CHECK bool tally_ledgers(struct target *, struct arena *,
	struct remote_balance **out, size_t *n_out, struct err *);
/* At the end of that day; where each party is a ledger, all debtors and all
 * creditors stand under the name of their group, as our accounts do. */
#define TALLY_DEBTORS "Sundry Debtors"
#define TALLY_CREDITORS "Sundry Creditors"
MUST_CHECK bool tally_balances(struct target *, struct day, struct arena *,
	struct remote_balance **out, size_t *n_out, struct err *);

/* `masters = create`: what is missing is made first. Whether that went well
 * the vouchers will say. */
MUST_CHECK bool tally_make_missing(struct target *, const struct posting *,
	size_t n, struct arena *, struct err *);
/* What was missing once, and is there by now. */
void tally_forget(struct tally *, const struct remote_balance *, size_t n);
/* Its words, and which ledgers it does not have. */
const char *tally_explain(struct target *, const struct posting *,
	const char *words, struct arena *);

/* ---- sending ---------------------------------------------------------- */

struct sending {
	struct target *target;
	const struct posting *postings;
	size_t n;
	struct arena *arena;
	struct verdict *verdicts;
	struct tally_result result;
};

/* False: the company keeps its books in another currency; the verdict says
 * so. */
bool tally_takes(const struct target *, const struct posting *,
	struct arena *, struct verdict *);
/* action: "Create" or "Alter". *known false: no answer of an import came, and
 * the verdicts say so. */
MUST_CHECK bool tally_transmit(struct sending *, const char *action,
	bool *known, struct err *);
MUST_CHECK bool tally_judge(struct sending *, struct err *);
/* Id, number, version and digest of what is there. */
void tally_held(struct verdict *, const struct remote *);
/* Does it say what we sent? */
enum refusal tally_class(const char *words);
bool tally_finish(struct target *, const struct posting *,
	const struct remote *, struct arena *, struct verdict *,
	struct err *);
bool tally_restore(struct target *, const struct posting *,
	const struct remote *, struct arena *, struct verdict *,
	struct err *);

#endif
