#ifndef BAHI_CORE_SECRET_H
#define BAHI_CORE_SECRET_H
/*
 * The one way in which a secret is read. Its file is a regular one, no link,
 * owned by us or root, that nobody else can read or write: anything looser is
 * refused with the command that mends it. `credential:NAME` is a credential
 * of the service manager, $CREDENTIALS_DIRECTORY/NAME; a folder that it was
 * given is known to it as NAME_FILE, and to us as credential:NAME/FILE.
 */
#include "core/arena.h"
#include "core/span.h"

#define SECRET_MAX ((size_t)64 << 10)
#define SECRET_CREDENTIAL "credential:"

/* Newlines at its end are cut; NUL terminated besides. An empty one is
 * refused: with it, everybody could sign. */
MUST_CHECK bool secret_read(const char *path, struct arena *,
	struct span *out, struct err *);

#endif
