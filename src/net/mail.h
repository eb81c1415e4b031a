#ifndef BAHI_NET_MAIL_H
#define BAHI_NET_MAIL_H
/*
 * A mail as the bytes of RFC 5322 with MIME. Pure. Whatever the title says,
 * it stays within its own header: no text can add a header or a recipient.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/str.h"

struct mail {
	const char *from, *to;	/* addresses that mail_address() takes */
	const char *message;	/* left half of the Message-ID */
	int64_t at;
	const char *title;	/* UTF-8 */
	const char *body;	/* UTF-8, lines end in \n */
};

/* A plain ASCII name@host, which needs no quoting anywhere. */
bool mail_address(const char *);
/* RFC 2047 where it must be. */
void mail_header(const char *name, const char *text, struct str *out);
void mail_write(const struct mail *, struct str *out);

#endif
