/*
 * `bahid init`: a folder with everything in it.  Refuses one that is in use,
 * so that it can never empty anybody's books.
 */
#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bahid/import.h"
#include "bahid/verbs.h"
#include "core/file.h"
#include "core/i18n.h"

/* Where rules are: as installed, unless the environment says otherwise. */
static const char *
data_folder(void)
{
	const char *folder = getenv("BAHI_DATADIR");

	return folder != NULL ? folder : BAHI_DATADIR;
}

static bool
write_settings(const char *folder, struct arena *arena, struct err *e)
{
	const char *daemon = arena_printf(arena,
	    "# bahid.conf(5)\n"
	    "store = bahi.db\n"
	    "socket = bahid.sock\n"
	    "listen = 127.0.0.1:0\n"
	    "url = url\n"
	    "secrets = secrets\n"
	    "rules = %s/rules\n"
	    "schemes = %s/conf/schemes\n"
	    "privacy = %s/privacy\n"
	    "inbox = inbox\n%s", data_folder(), data_folder(), data_folder(),
	    geteuid() != 0 ? "" : "# made by root: give the folder to a user "
	    "of its own and take this out\nroot = yes\n");
	const char *console =
	    "# bahi(1)\n"
	    "socket = bahid.sock\n"
	    "cache = cache.db\n";

	return file_write(arena_printf(arena, "%s/bahi.conf", folder),
	    span_of(console), 0644, e) &&
	    file_write(arena_printf(arena, "%s/bahid.conf", folder),
	    span_of(daemon), 0600, e);
}

static bool
make_store(const char *folder, const char *csv, struct arena *arena,
    struct err *e)
{
	struct books *books = NULL;
	int tables;
	bool ok = books_open(&books, arena_printf(arena, "%s/bahi.db",
	    folder), true, e) && (csv == NULL ||
	    import_folder(books, csv, user_name(arena), &tables, e));

	books_close(&books);
	return ok;
}

bool
verb_init(struct options *options, int argc, char **argv, struct err *e)
{
	struct arena *arena = arena_new();
	const char *folder = argv[0];
	const char *settings = arena_printf(arena, "%s/bahid.conf", folder);
	bool ok;

	(void)options;
	if (access(settings, F_OK) == 0)
		ok = err_set(e, ERR_CONFIG, "%s is there already", settings);
	else
		ok = file_mkdir(folder, 0700, e) &&
		    file_mkdir(arena_printf(arena, "%s/secrets", folder),
		    0700, e) &&
		    file_mkdir(arena_printf(arena, "%s/inbox", folder),
		    0750, e) && make_store(folder, argc > 1 ? argv[1] : NULL,
		    arena, e) && write_settings(folder, arena, e);
	if (ok)
		printf(_("ready: bahid --config %s run\n"), settings);
	arena_free(&arena);
	return ok;
}
