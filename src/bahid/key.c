/* The verbs of keys and of sealed files. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bahid/key.h"
#include "bahid/verbs.h"
#include "core/i18n.h"
#include "core/seal.h"
#include "core/sealed.h"
#include "store/books.h"
#include "store/convert.h"
#include "store/vault.h"

bool
key_open(struct sealkey **out, const struct options *options, struct err *e)
{
	const char *where = options_text(options, "key");

	*out = NULL;
	return where[0] == '\0' || sealkey_read(out, where, false, e);
}

bool
verb_key_new(struct options *options, int argc, char **argv, struct err *e)
{
	(void)options;
	(void)argc;
	if (!sealkey_make(argv[0], e))
		return false;
	printf(_("%s: a new key. Keep a copy elsewhere: without it what it "
	    "seals is lost\n"), argv[0]);
	return true;
}

/* ---- files -------------------------------------------------------------- */

typedef bool between(struct sealkey *, int from, int to, struct err *);

/* Under its name only when it is whole; never over another file. */
static bool
write_new(struct sealkey *key, between *convert, int from, const char *to,
    struct err *e)
{
	struct arena *arena = arena_new();
	const char *beside = arena_printf(arena, "%s.new", to);
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	bool ok = fd >= 0 || err_set(e, ERR_SYSTEM, "create %.200s: %s",
	    beside, strerror(errno));

	ok = ok && convert(key, from, fd, e);
	if (ok && fsync(fd) != 0)
		ok = err_set(e, ERR_SYSTEM, "write %.200s: %s", beside,
		    strerror(errno));
	if (ok && link(beside, to) != 0)
		ok = err_set(e, ERR_SYSTEM, "write %.200s: %s", to,
		    strerror(errno));
	if (fd >= 0) {
		close(fd);
		unlink(beside);
	}
	arena_free(&arena);
	return ok;
}

static bool
convert_file(char **argv, between *convert, struct err *e)
{
	int fd;
	bool ok;

	if (sealed_key() == NULL)
		return err_set(e, ERR_CONFIG, "key: none is set");
	fd = open(argv[0], O_RDONLY | O_CLOEXEC);
	ok = fd >= 0 ? write_new(sealed_key(), convert, fd, argv[1], e) :
	    err_set(e, ERR_SYSTEM, "open %.200s: %s", argv[0],
	    strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

bool
verb_seal_file(struct options *options, int argc, char **argv,
    struct err *e)
{
	(void)options;
	(void)argc;
	return convert_file(argv, seal_file, e);
}

bool
verb_unseal_file(struct options *options, int argc, char **argv,
    struct err *e)
{
	(void)options;
	(void)argc;
	return convert_file(argv, seal_open_file, e);
}

/* ---- the store ---------------------------------------------------------- */

/* The keys of people lie in a file of their own beside it. */
#define FILES 2

static void
name_files(const char *store, struct arena *arena, const char *out[FILES])
{
	out[0] = arena_printf(arena, "%s%s", store, VAULT_SUFFIX);
	out[1] = store;
}

static bool
convert_one(const char *path, enum convert what, struct err *e)
{
	int64_t tables, rows;

	if (!convert_store(path, what, &tables, &rows, e))
		return false;
	printf(_("%s: %lld tables, %lld rows, the same as before\n"), path,
	    (long long)tables, (long long)rows);
	return true;
}

/* What an earlier stop left undone, too: a file that is as it is to be is
 * passed over, unless none is otherwise. */
static bool
convert(struct options *options, enum convert what, struct err *e)
{
	const enum sealed_state done = what == CONVERT_SEAL ? SEALED_YES :
	    what == CONVERT_UNSEAL ? SEALED_NOT : SEALED_ABSENT;
	struct arena *arena = arena_new();
	const char *files[FILES];
	bool ok = true, first;

	name_files(options_text(options, "store"), arena, files);
	first = sealed_look(files[0]) != SEALED_ABSENT &&
	    sealed_look(files[0]) != done;
	if (first)
		ok = convert_one(files[0], what, e);
	if (ok && (!first || sealed_look(files[1]) != done))
		ok = convert_one(files[1], what, e);
	arena_free(&arena);
	return ok;
}

bool
verb_seal(struct options *options, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	return convert(options, CONVERT_SEAL, e);
}

bool
verb_unseal(struct options *options, int argc, char **argv, struct err *e)
{
	(void)argc;
	(void)argv;
	if (!convert(options, CONVERT_UNSEAL, e))
		return false;
	printf(_("take `key` out of the settings\n"));
	return true;
}

bool
verb_rekey_data(struct options *options, int argc, char **argv,
    struct err *e)
{
	(void)argc;
	(void)argv;
	return convert(options, CONVERT_RESEAL, e);
}

static bool
rekey_all(const char *store, struct sealkey *to, struct err *e)
{
	struct arena *arena = arena_new();
	const char *files[FILES];
	bool ok = true;

	name_files(store, arena, files);
	for (size_t i = 0; ok && i < FILES; i++)
		if (sealed_look(files[i]) != SEALED_ABSENT || i > 0)
			ok = sealed_rekey(files[i], sealed_key(), to, e);
	arena_free(&arena);
	return ok;
}

bool
verb_rekey(struct options *options, int argc, char **argv, struct err *e)
{
	const char *store = options_text(options, "store");
	struct sealkey *to = NULL;
	struct books *books = NULL;
	bool ok;

	(void)argc;
	if (sealed_key() == NULL)
		return err_set(e, ERR_CONFIG, "key: none is set");
	/* Only when nobody else has it. */
	ok = books_open(&books, store, false, e);
	books_close(&books);
	ok = ok && sealkey_read(&to, argv[0], true, e) &&
	    rekey_all(store, to, e);
	sealkey_free(&to);
	if (ok)
		printf(_("%s: set key = %s\n"), store, argv[0]);
	return ok;
}
