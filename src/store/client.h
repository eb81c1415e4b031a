#ifndef BAHI_STORE_CLIENT_H
#define BAHI_STORE_CLIENT_H
/*
 * Programs that ask over TCP, their secrets and their tokens. A secret and a
 * token are each 256 random bits of ours, so a plain SHA-256 of it is all that
 * is kept: nobody can try them out, and a slow password hash would slow down
 * nobody but us. What changes is a row of the audit, without the secret.
 */
#include "core/digest.h"
#include "store/books.h"

#define CLIENT_TOKENS 100	/* good at once; one more ends the oldest */
#define CLIENTS_MAX 1000

struct client {
	const char *name, *scope;	/* scope: as book/mandate.h */
	const char *certificate;	/* SHA-256 in hex; "": none is asked */
	int64_t since, revoked;		/* revoked 0: not */
	int64_t secrets, secret_until;	/* good ones; when the first ends */
	int64_t tokens, seen;		/* good ones; the last one given */
};

/* Names of clients and of sources are one space: each is a sender, and keys
 * are kept by sender. ERR_USAGE when it is taken. digest NULL: no secret. */
MUST_CHECK bool client_add(struct books *, const char *actor,
	const struct client *, const unsigned char *digest, struct err *);
/* One more secret; what was good before is so until `until`, but of more than
 * one the latest alone. */
MUST_CHECK bool client_rotate(struct books *, const char *actor,
	const char *name, const unsigned char digest[SHA256_SIZE],
	int64_t until, struct err *);
/* Secrets and tokens are good for nothing from now on; the name stays. */
MUST_CHECK bool client_revoke(struct books *, const char *actor,
	const char *name, struct err *);
/* No trace but in the audit; the name may be given anew. */
MUST_CHECK bool client_remove(struct books *, const char *actor,
	const char *name, struct err *);
/* All, in an arena array of at most CLIENTS_MAX. */
MUST_CHECK bool client_all(struct db *, int64_t now, struct arena *,
	struct client **, size_t *n, struct err *);
/* name NULL in *out: there is none. */
MUST_CHECK bool client_find(struct db *, const char *name, struct arena *,
	struct client *out, struct err *);
/* Has it such a secret? Takes as long for a name that is not there. */
MUST_CHECK bool client_proves(struct db *, const char *name,
	const unsigned char digest[SHA256_SIZE], int64_t now, bool *proves,
	struct err *);

/* ---- tokens ------------------------------------------------------------ */

struct token {
	const char *client, *scope;	/* client NULL: not known */
	int64_t since, until;
	bool lasting;		/* made by an administrator */
	bool revoked;		/* its client is */
	const char *certificate;	/* of its client */
};

/* Sweeps what is long over. */
MUST_CHECK bool token_add(struct books *, const struct token *,
	const unsigned char digest[SHA256_SIZE], struct err *);
/* A lasting one; a client that is not there is made with that scope. */
MUST_CHECK bool token_grant(struct books *, const char *actor,
	const struct token *, const unsigned char digest[SHA256_SIZE],
	struct err *);
MUST_CHECK bool token_find(struct db *,
	const unsigned char digest[SHA256_SIZE], struct arena *,
	struct token *out, struct err *);
MUST_CHECK bool token_revoke(struct books *,
	const unsigned char digest[SHA256_SIZE], struct err *);

#endif
