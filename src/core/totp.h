#ifndef BAHI_CORE_TOTP_H
#define BAHI_CORE_TOTP_H
/*
 * A person's second factor (RFC 6238: SHA-1, six digits, 30 seconds). Each
 * has one 0600 file: the secret in base32, the step of the code used last and
 * how often a wrong one came. All of liboath's use is here.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/str.h"

#define TOTP_TRIES 5		/* wrong codes in a row, and it is shut */
#define TOTP_SHUT 300		/* seconds until one more may be tried */
#define TOTP_CODES 10		/* recovery codes of a person */
#define TOTP_CODE 20		/* "abcd-efgh-ijkl-mnop" and its end */

/* Can this person have a file? */
bool totp_name(const char *person);
/* Is it the code of a step near `now` (seconds) and later than `after`? */
bool totp_match(const char *secret, const char *code, int64_t now,
	int64_t after, int64_t *step);
/* A new secret for a person who has none; base32. And codes for when the
 * telephone is lost, each good once: only their digests are kept. */
MUST_CHECK bool totp_enrol(const char *folder, const char *person,
	struct str *secret, char codes[TOTP_CODES][TOTP_CODE],
	struct err *);
/* New ones; the old ones are good no more. */
MUST_CHECK bool totp_recode(const char *folder, const char *person,
	char codes[TOTP_CODES][TOTP_CODE], struct err *);
MUST_CHECK bool totp_remove(const char *folder, const char *person,
	struct err *);
/* Takes the code: it is good once. *left: -1, or how many recovery codes there
 * are after this one. ERR_FORBIDDEN: none enrolled, wrong, or used before;
 * ERR_LIMIT: too many wrong ones. Any thread. */
MUST_CHECK bool totp_use(const char *folder, const char *person,
	const char *code, int64_t now, int *left, struct err *);
/* What an authenticator reads: otpauth://totp/... */
void totp_uri(const char *person, const char *secret, struct str *out);

#endif
