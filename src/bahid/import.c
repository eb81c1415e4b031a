/* `bahid import`: master data from CSV files, while no daemon runs. */
#include "bahid/import.h"

#include <pwd.h>
#include <unistd.h>

#include "bahid/verbs.h"
#include "core/file.h"
#include "core/i18n.h"
#include "store/master.h"

#include <stdio.h>

const char *
user_name(struct arena *arena)
{
	struct passwd pw, *found = NULL;
	char space[4096];

	if (getpwuid_r(getuid(), &pw, space, sizeof space, &found) != 0 ||
	    found == NULL)
		return arena_printf(arena, "uid %u", (unsigned)getuid());
	return arena_strdup(arena, pw.pw_name);
}

static bool
import_all(struct books *books, const char *folder, const char *actor,
    int *n, struct err *e)
{
	*n = 0;
	for (size_t i = 0; master_tables[i] != NULL; i++) {
		struct arena *arena = arena_new();
		const char *path = arena_printf(arena, "%s/%s.csv", folder,
		    master_tables[i]);
		struct span csv;
		int64_t seq;
		bool ok = true;

		if (access(path, F_OK) == 0) {
			ok = file_read(path, MASTER_CSV_MAX, arena, &csv, e)
			    && master_import(books, actor, master_tables[i],
			    csv, &seq, e);
			++*n;
		}
		arena_free(&arena);
		if (!ok)
			return false;
	}
	return *n > 0 || err_set(e, ERR_CONFIG, "%s: no table there",
	    folder);
}

bool
import_folder(struct books *books, const char *folder, const char *actor,
    int *tables, struct err *e)
{
	if (!books_begin(books, e))
		return false;
	if (import_all(books, folder, actor, tables, e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

bool
verb_import(struct options *options, int argc, char **argv, struct err *e)
{
	struct books *books = NULL;
	struct arena *arena = arena_new();
	bool ok;
	int n;

	(void)argc;
	ok = books_open(&books, options_text(options, "store"), false, e) &&
	    import_folder(books, argv[0], user_name(arena), &n, e);
	if (ok)
		printf(ngettext("done: %d table; master data is at version "
		    "R%lld\n", "done: %d tables; master data is at version "
		    "R%lld\n", (unsigned long)n), n,
		    (long long)books->generation);
	books_close(&books);
	arena_free(&arena);
	return ok;
}
