#ifndef BAHI_BOOK_POLICY_H
#define BAHI_BOOK_POLICY_H
/*
 * Which policy asks for an approval of which documents: configuration, not
 * code. Reference table `policy`; `*` stands for any. What a policy asks is
 * its rule, data/rules/policy/NAME.sql.
 */
#include <stdbool.h>
#include <stdint.h>
#include "book/role.h"

struct policy {
	const char *name, *kind, *entity;
	/* Decimals in the base currency of the document's entity; "": none.
	 * Beyond the second two people approve, beyond the third with a
	 * one-time code. */
	const char *amount, *second, *third;
	enum role role;		/* that may approve, at least */
	int64_t expires;	/* hours after which it is too late; 0: never */
};

/* The policy of this name is not of documents but of acts: `kind` is one of
 * those below, `expires` how many minutes one code is good for more of them;
 * 0: each time anew. */
#define POLICY_FACTOR "second_factor"

bool policy_act(const char *name);

#endif
