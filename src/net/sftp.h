#ifndef BAHI_NET_SFTP_H
#define BAHI_NET_SFTP_H
/*
 * Files to and from a folder of a server by SFTP. The server's key must be
 * one that the settings name, ours is a file of our own; no password is ever
 * sent. A file is there under its name only when all of it is.
 */
#include <stdatomic.h>
#include "core/arena.h"
#include "core/err.h"

#define SFTP_FILES_MAX 10000	/* of a folder that is listed */

struct sftp {
	const char *url;	/* sftp://USER@HOST[:PORT]/FOLDER */
	const char *key;	/* file of our private key */
	const char *hosts;	/* known_hosts file, or SHA256:... of the key */
	atomic_bool *stop;	/* may be NULL */
};

bool sftp_is(const char *place);
MUST_CHECK bool sftp_judge(const struct sftp *, struct err *);
/* Sends `path` as NAME.part, then renames it. */
MUST_CHECK bool sftp_put(const struct sftp *, const char *path,
	const char *name, struct err *);
MUST_CHECK bool sftp_get(const struct sftp *, const char *name,
	const char *path, struct err *);
/* Names in the folder, in the arena. */
MUST_CHECK bool sftp_list(const struct sftp *, struct arena *,
	const char ***names, size_t *n, struct err *);
MUST_CHECK bool sftp_remove(const struct sftp *, const char *name,
	struct err *);

#endif
