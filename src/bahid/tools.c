/* The verbs that look: export, rebuild. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bahid/verbs.h"
#include "core/i18n.h"
#include "exports/exports.h"
#include "flow/rebuild.h"
#include "store/master.h"

/* ---- export ----------------------------------------------------------- */

#define PAGE_MAX (64 << 20)

static bool
export_journal(struct db *db, const struct export *format,
    const struct reference *reference, const char *entity, int64_t id,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct journal journal;
	struct journal_head head;
	struct str out;
	bool found, ok = journal_load(db, id, arena, &journal, &head, &found,
	    e);

	str_init(&out, PAGE_MAX);
	if (ok && found && (entity == NULL ||
	    strcmp(entity, journal.entity) == 0)) {
		format->journal(reference, &journal, arena_printf(arena,
		    "%s %s", head.kind, head.number), &out);
		if (fwrite(out.p, 1, out.n, stdout) != out.n)
			ok = err_set(e, ERR_SYSTEM, "cannot write");
	}
	str_free(&out);
	arena_free(&arena);
	return ok;
}

static bool
export_all(struct db *db, const struct export *format, const char *entity,
    struct err *e)
{
	struct reference *reference;
	struct str out;
	int64_t last;
	bool ok;

	if (!master_load(db, &reference, e))
		return false;
	str_init(&out, PAGE_MAX);
	format->open(reference, entity, &out);
	fwrite(out.p, 1, out.n, stdout);
	str_free(&out);
	ok = journal_last(db, &last, e);
	for (int64_t id = 1; ok && id <= last; id++)
		ok = export_journal(db, format, reference, entity, id, e);
	reference_drop(&reference);
	return ok && (fflush(stdout) == 0 ||
	    err_set(e, ERR_SYSTEM, "cannot write"));
}

bool
verb_export(struct options *options, int argc, char **argv, struct err *e)
{
	const struct export *format = export_find(argv[0]);
	struct db *db = NULL;
	bool ok;

	if (format == NULL)
		return err_set(e, ERR_USAGE, "no format %.60s", argv[0]);
	ok = audit_say(options_text(options, "store"), "export", "journals",
	    argc > 1 ? argv[1] : "all", e) &&
	    db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    db_begin_read(db, e) && export_all(db, format, argc > 1 ?
	    argv[1] : NULL, e);
	db_close(&db);
	return ok;
}

/* ---- rebuild ---------------------------------------------------------- */

bool
verb_rebuild(struct options *options, int argc, char **argv, struct err *e)
{
	const char *store = options_text(options, "store");
	struct arena *arena = arena_new();
	const char *fresh = arena_printf(arena, "%s.rebuilt", store);
	struct rebuilt rebuilt;
	bool ok;

	(void)argc;
	(void)argv;
	for (const char *const *end = (const char *const[]){ "", "-wal", "-swal",
	    "-shm", "-lock", NULL }; *end != NULL; end++)
		unlink(arena_printf(arena, "%s%s", fresh, *end));
	ok = rebuild(store, fresh, &rebuilt, e);
	if (ok)
		printf(_("%lld events, %lld journals, the same as kept: "
		    "%.16s\n"), (long long)rebuilt.events,
		    (long long)rebuilt.journals, rebuilt.digest);
	arena_free(&arena);
	return ok;
}
