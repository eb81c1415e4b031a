#ifndef BAHI_WIRE_APPROVAL_H
#define BAHI_WIRE_APPROVAL_H
/* What waits for an approval, as the API tells it: why, what it takes, what
 * it would post and what that changes. */
#include "book/document.h"
#include "wire/conflict.h"

struct wire_policy {
	const char *policy, *why;
};

struct wire_given {
	const char *by, *whose;	/* whose right; "": his own */
	const char *at;
	bool totp;
};

struct wire_approval {
	const char *event, *document, *party, *amount, *currency, *maker;
	const char *role, *since, *expires;
	int64_t version, needed;
	bool totp, mine;
	struct wire_policy *policies;
	struct wire_given *given;
	const struct document **documents;
	size_t n_policies, n_given, n_documents;
	struct wire_preview preview;
};

MUST_CHECK bool shape_approval(struct span, struct arena *,
	struct wire_approval *);

#endif
