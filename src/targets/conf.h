#ifndef BAHI_TARGETS_CONF_H
#define BAHI_TARGETS_CONF_H
/*
 * One target as its file NAME.conf says it, bahid-target.conf(5). Read whole,
 * secrets included; another content is another digest.
 */
#include "book/hours.h"
#include "core/digest.h"
#include "core/option.h"

#define TARGET_ENTITIES_MAX 64

struct targetconf {
	const char *name;		/* of the file */
	const char *kind;		/* the adapter's */
	const char *folder;		/* of the file, for paths in it */
	const char *url, *ca;		/* "": none */
	const char *database, *company, *user;	/* as the adapter reads them */
	const char *books;		/* "KIND DATABASE/COMPANY at HOST" */
	const char *secret;		/* the text itself; "": none */
	const char *rule;		/* file of SQL, of the rest adapter */
	const char *entities[TARGET_ENTITIES_MAX];
	size_t n_entities;		/* 0: all */
	int64_t rate, burst;		/* postings a second; 0: no bound */
	int64_t batch;			/* of one call; 0: as the adapter has */
	int64_t timeout;		/* seconds of one call */
	int64_t attempts;		/* then it is dead */
	int64_t backoff;		/* seconds between tries at most */
	int64_t failures, pause;	/* breaker: in a row; seconds open */
	int64_t look;			/* seconds between looks; 0: never */
	struct hours away;		/* of each day: it is not spoken to */
	const char *first;		/* day: earlier journals do not go;
					 * "": all */
	struct options *options;	/* the adapter's own settings, too */
	struct arena *arena;
	char digest[SHA256_HEX];
};

/* NULL: err says why. The digest is filled either way, so that a fault is
 * known again. */
struct targetconf *targetconf_read(const char *folder, const char *name,
	char digest[SHA256_HEX], struct err *);
void targetconf_free(struct targetconf **);
bool targetconf_takes(const struct targetconf *, const char *entity);
/* At this moment; ERR_REFUSED says until when it is not. */
MUST_CHECK bool targetconf_spoken_to(const struct targetconf *,
	struct err *);

#endif
