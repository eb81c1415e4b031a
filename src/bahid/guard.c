/* Under whom the daemon runs, and who else can read its files. */
#include "bahid/sandbox.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.h"
#include "core/str.h"

/* Named, not mended: who widened it may have meant to. */
static void
look(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISLNK(st.st_mode) &&
	    (st.st_mode & (S_IRWXO | S_IRWXG)) != 0)
		log_line(LOG_WARN, "file.loose", "path=%s mode=%04o "
		    "mend=\"chmod go= %s\"", path,
		    (unsigned)(st.st_mode & 07777), path);
}

static void
look_at_store(const char *store)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	struct str path;

	str_init(&path, 4096);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		str_clear(&path);
		str_addf(&path, "%s%s", store, ends[i]);
		look(path.p);
	}
	str_free(&path);
}

/* SQLite's large sorts go to files: beside the store, not into a folder that
 * all can write in. */
static bool
keep_sorts(const char *store, struct err *e)
{
	const char *slash = strrchr(store, '/');
	struct str folder;
	bool ok;

	str_init(&folder, 4096);
	str_add(&folder, store, slash != NULL ? (size_t)(slash - store) : 0);
	ok = slash == NULL || setenv("SQLITE_TMPDIR", slash == store ? "/" :
	    folder.p, 1) == 0;
	str_free(&folder);
	return ok || err_set(e, ERR_SYSTEM, "SQLITE_TMPDIR");
}

bool
guard_check(const struct options *options, struct err *e)
{
	static const char *const folders[] = { "secrets", "totp", "exports" };
	const struct rlimit none = { 0, 0 };
	bool root = geteuid() == 0;

	if (root && strcmp(options_text(options, "root"), "yes") != 0)
		return err_set(e, ERR_CONFIG, "bahid is not run as root; give "
		    "it a user of its own, or say `root = yes`");
	if (root)
		log_line(LOG_WARN, "bahid.root", "mend=\"a user of its own\"");
	look_at_store(options_text(options, "store"));
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		look(options_text(options, folders[i]));
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return err_set(e, ERR_SYSTEM, "setrlimit");
	return keep_sorts(options_text(options, "store"), e);
}
