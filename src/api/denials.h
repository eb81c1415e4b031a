#ifndef BAHI_API_DENIALS_H
#define BAHI_API_DENIALS_H
/*
 * Whom we turned away: each who, where and why is a row of the audit at once,
 * and what comes of it again within the minute is counted in one more. So a
 * flood leaves a few rows a minute, however many it comes from.
 */
#include "core/err.h"
#include "flow/pump.h"

#define DENIALS_APART 20	/* in a minute; further ones are one */
#define DENIALS_SECONDS 60

struct denials;

struct denials *denials_new(void);
/* After the pump is drained: it wrote what there was. */
void denials_free(struct denials **);
/* From any thread. who: a name or an address; status: 401 or 403. */
void denials_note(struct denials *, struct pump *, int status,
	const char *who, const char *route, const char *why);
int64_t denials_count(struct denials *, int status);

#endif
