#ifndef BAHI_NET_TLS_H
#define BAHI_NET_TLS_H
/*
 * What a TLS listener shows and asks for: certificate and key, whose clients
 * it takes, tickets to come back with. TLS 1.3 and nothing older, no early
 * data. The files are read again when they change; what cannot be used leaves
 * what was good in force.
 */
#include <stddef.h>
#include <stdint.h>
#include "core/arena.h"
#include "core/digest.h"
#include "core/err.h"

struct tls;
struct tls_face;	/* what one connection was greeted with */

struct tls_options {
	const char *cert;	/* PEM: the certificate, then who vouches */
	const char *key;	/* 0600 file of its key, PEM */
	const char *client_ca;	/* PEM; "": clients show none */
	bool demand;		/* who shows none is refused */
};

/* Texts are copied. */
MUST_CHECK bool tls_open(struct tls **, const struct tls_options *,
	struct err *);
void tls_close(struct tls **);	/* after the listener */

/* Reads the files again when they changed and lie still since the last look;
 * at_once: in any case. From any thread. */
void tls_refresh(struct tls *, bool at_once);

#define TLS_PIN_MAX 64

struct tls_state {
	int64_t ends;		/* when the first of the chain does; micros */
	char pin[TLS_PIN_MAX];	/* "sha256//..." of the public key */
	char spoken[SHA256_SPOKEN];	/* the same to be read aloud */
	char why[480];		/* the files cannot be used; "": they are */
};

void tls_state(struct tls *, struct tls_state *out);
/* The same as a line of the log. */
void tls_say(struct tls *);

/* ---- for httpd.c: sessions are gnutls_session_t ------------------------ */

extern const char tls_priorities[];

/* Before the handshake; the face is given back after the session's end. */
struct tls_face *tls_greet(struct tls *, void *session);
void tls_part(struct tls *, struct tls_face **);

bool tls_resumed(void *session);
/* The names that the client's certificate proves, NULL ended; NULL: none was
 * shown. Texts are the arena's. */
const char *const *tls_names(void *session, struct arena *);
/* SHA-256 of that certificate in hex; NULL: none was shown. */
const char *tls_certificate(void *session, struct arena *);

#endif
