#ifndef BAHI_CORE_SEALED_H
#define BAHI_CORE_SEALED_H
/*
 * A SQLite VFS that seals what it writes: database pages and frames of the
 * write-ahead log in place, journals and temporary files in blocks. What
 * comes back is what was written, at the place and of the version that it was,
 * or an error. sealed_inside.h says how.
 */
#include "core/sealkey.h"

struct sqlite3;

#define SEALED_VFS "bahi-sealed"
#define SEALED_RESERVE 40	/* bytes at the end of each page */

/* From now on this process opens with this key; it stays the caller's and
 * must outlive all connections. NULL: with none. Not while any is open. */
void sealed_use(struct sealkey *);
struct sealkey *sealed_key(void);
/* The VFS for sqlite3_open_v2: NULL when no key is in use. */
const char *sealed_vfs(void);
/* Instead: the key of a path, NULL when it is not sealed; from any thread. */
typedef bool sealed_finder(const char *path, struct sealkey **,
	struct err *);
void sealed_use_finder(sealed_finder *);
/* Before anything is written: room for what is put behind each page. */
void sealed_prepare(struct sqlite3 *);

enum sealed_state { SEALED_NOT, SEALED_YES, SEALED_ABSENT };

/* What that file is, by its first bytes. */
enum sealed_state sealed_look(const char *path);
/* Puts another outer key on it; the data stay as they are. Nobody may have it
 * open. A stop at any moment leaves it with one of the two. */
MUST_CHECK bool sealed_rekey(const char *path, struct sealkey *from,
	struct sealkey *to, struct err *);
/* What a failure on this thread was of, if it was of sealing; it is told
 * once. */
bool sealed_failed(struct err *);

#endif
