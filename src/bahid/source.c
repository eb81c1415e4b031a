/*
 * `bahid source`: who may send.  The secret is made here, shown never; it is
 * in its file, to be copied to the vendor or replaced by the vendor's own.
 */
#include <config.h>
#include <stdio.h>
#include <unistd.h>

#include "bahid/verbs.h"
#include "core/conf.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/i18n.h"
#include "sources/sources.h"
#include "bahid/import.h"
#include "store/access.h"
#include "store/audit.h"

/* In the form that the scheme's vendors use. */
static void
make_secret(const char *scheme, struct str *out)
{
	unsigned char bytes[32];
	char hex[65];

	digest_random(bytes, sizeof bytes);
	if (strcmp(scheme, "standard") == 0) {
		str_adds(out, "whsec_");
		digest_base64(bytes, sizeof bytes, out);
	} else {
		digest_hex(bytes, sizeof bytes, hex);
		str_addf(out, "%s%s", strcmp(scheme, "stripe") == 0 ?
		    "whsec_" : "", hex);
	}
	str_addc(out, '\n');
}

/* A name is a part of a URL, a file name and a folder of rules. */
static bool
judge_name(const char *name, struct err *e)
{
	return conf_name_valid(name) || err_set(e, ERR_USAGE,
	    "a source's name has a-z 0-9 - _ only: %.80s", name);
}

/* One of the table, or one that a file declares. */
static bool
judge_scheme(const struct options *options, const char *scheme,
    struct arena *arena, struct err *e)
{
	struct declared *declared;

	if (scheme_find(scheme) != NULL)
		return true;
	if (declared_read(options_text(options, "schemes"), scheme, arena,
	    &declared, e))
		return true;
	for (size_t i = 0; schemes[i] != NULL; i++)
		fprintf(stderr, "%s\n", schemes[i]->name);
	return false;
}

/* Where its files go; in a folder that is not ours its owner makes it. */
static bool
make_inbox(struct options *options, const char *name, struct arena *arena,
    struct err *e)
{
	const char *inbox = options_text(options, "inbox");

	return inbox[0] == '\0' || access(inbox, W_OK) != 0 ||
	    file_mkdir(arena_printf(arena, "%s/%s", inbox, name), 0770, e);
}

bool
verb_source_add(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct arena *arena = arena_new();
	const char *path = arena_printf(arena, "%s/%s",
	    options_text(options, "secrets"), argv[0]);
	struct db *db = NULL;
	struct str secret;
	bool ok;

	(void)argc;
	str_init(&secret, 256);
	make_secret(argv[1], &secret);
	ok = judge_scheme(options, argv[1], arena, e) &&
	    judge_name(argv[0], e) && db_open(&db,
	    options_text(options, "store"), DB_WRITE, e) &&
	    db_begin(db, e) && source_put(db, argv[0], argv[1], e) &&
	    audit_leave(db, user_name(arena), "source.add", argv[0], "",
	    argv[1], e) && db_commit(db, e) &&
	    (access(path, F_OK) == 0 ||
	    file_write(path, str_span(&secret), 0600, e)) &&
	    make_inbox(options, argv[0], arena, e);
	if (ok)
		printf(_("%s: POST /v1/hooks/%s, secret in %s\n"), argv[0],
		    argv[0], path);
	db_close(&db);
	str_free(&secret);
	arena_free(&arena);
	return ok;
}

bool
verb_source_list(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct source_row *rows;
	struct db *db = NULL;
	size_t n = 0;
	bool ok;

	(void)argc;
	(void)argv;
	ok = db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    source_all(db, arena, &rows, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		printf("%-20s %s\n", rows[i].name, rows[i].scheme);
	db_close(&db);
	arena_free(&arena);
	return ok;
}
