/* Keys of cache and queue, found by the path of what is opened. */
#include "ui/keyring.h"

#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/sealed.h"
#include "ui/options.h"

#define PATHS 16

/* Looked at once each: to look again would drop SQLite's locks. */
static struct {
	char *path;
	struct sealkey *key;	/* NULL: it is not sealed */
} known[PATHS];
static size_t n_known;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool kept;		/* the cache's key, too */

/* One who logs in twice at once makes it only once. */
static bool
take(const char *path, struct sealkey **out, struct err *e)
{
	struct err made = { 0 };

	if (access(path, F_OK) != 0 && !sealkey_make(path, &made) &&
	    access(path, F_OK) != 0)
		return err_set(e, made.code, "%s", made.why);
	return sealkey_read(out, path, false, e);
}

/* A folder of ours alone that goes with the last login. */
static const char *
passing(struct arena *arena)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	return base != NULL && base[0] == '/' && stat(base, &st) == 0 &&
	    S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0 ? arena_printf(arena, "%s/bahi-key",
	    base) : NULL;
}

/* SQLite's paths have no links in them. */
static bool
is_below(const char *path, const char *beside)
{
	char copy[PATH_MAX], folder[PATH_MAX];
	size_t n;

	snprintf(copy, sizeof copy, "%s", beside);
	if (realpath(dirname(copy), folder) == NULL)
		return true;
	n = strlen(folder);
	return strncmp(path, folder, n) == 0 && path[n] == '/';
}

static bool
key_of(const char *path, struct sealkey **out, struct err *e)
{
	struct arena *arena = arena_new();
	const char *state, *where = NULL;
	bool ok = options_state(NULL, arena, "key", &state, e);

	if (ok && !kept && !is_below(path, state))
		where = passing(arena);
	ok = ok && take(where != NULL ? where : state, out, e);
	arena_free(&arena);
	return ok;
}

static bool
find(const char *path, struct sealkey **out, struct err *e)
{
	struct sealkey *key = NULL;
	bool ok = true;
	size_t i = 0;

	pthread_mutex_lock(&lock);
	while (i < n_known && strcmp(known[i].path, path) != 0)
		i++;
	if (i < n_known) {
		key = known[i].key;
	} else {
		/* What was there before, in plain, is read as it is. */
		if (sealed_look(path) != SEALED_NOT)
			ok = key_of(path, &key, e);
		if (ok && n_known == PATHS)
			bug("more than %d files", PATHS);
		if (ok) {
			known[n_known].path = strdup(path);
			known[n_known++].key = key;
		}
	}
	pthread_mutex_unlock(&lock);
	*out = key;
	return ok;
}

void
keyring_use(const struct options *options)
{
	const char *seal = options_text(options, "seal");

	kept = strcmp(seal, "kept") == 0;
	sealed_use_finder(strcmp(seal, "no") == 0 ? NULL : find);
}
