/* The verbs that look: rules test, export, audit verify, rebuild. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bahid/verbs.h"
#include "book/money.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/i18n.h"
#include "exports/exports.h"
#include "flow/intake.h"
#include "flow/rebuild.h"
#include "flow/work.h"
#include "rules/rules.h"
#include "store/master.h"

#define SAMPLE_MAX (8 << 20)

/* ---- rules test ------------------------------------------------------- */

/* .../rules/map/SOURCE/TOPIC.sql: folder of the rules, source and topic. */
static bool
take_apart(const char *file, struct arena *arena, const char **folder,
    const char **source, const char **topic, struct err *e)
{
	char *path = arena_strdup(arena, file), *parts[3];
	size_t n;

	for (int i = 2; i >= 0; i--) {
		parts[i] = strrchr(path, '/');
		if (parts[i] == NULL && i == 0 &&
		    strcmp(path, "map") == 0) {
			*folder = ".";
			break;
		}
		if (parts[i] == NULL)
			return err_set(e, ERR_USAGE,
			    "%s is not rules/map/SOURCE/TOPIC.sql", file);
		*parts[i]++ = '\0';
		*folder = path;
	}
	n = strlen(parts[2]);
	if (n < 5 || strcmp(parts[2] + n - 4, ".sql") != 0)
		return err_set(e, ERR_USAGE, "%s is no .sql file", file);
	parts[2][n - 4] = '\0';
	*source = parts[1];
	*topic = parts[2];
	return true;
}

static void
print_entry(const struct entry *entry)
{
	struct money m = { .minor = entry->amount };
	struct str amount;

	memcpy(m.currency, entry->currency, 4);
	str_init(&amount, 64);
	money_plain(m, &amount);
	printf("  %-12s %-14s %-12s %15s %s\n", entry->account ?
	    entry->account : "?", entry->cost_centre ? entry->cost_centre :
	    "", entry->tax_code ? entry->tax_code : "", amount.p,
	    entry->currency);
	str_free(&amount);
}

static void
print_work(const struct work *work)
{
	struct str text;

	str_init(&text, 16 << 20);
	if (work->ignored)
		printf("%s\n", _("ignored: not for the books"));
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct piece *piece = &work->pieces[i];

		str_clear(&text);
		document_encode(&piece->document, &text);
		printf("%s\n%s\n%s\n", _("document"), text.p,
		    _("journal"));
		for (size_t k = 0; piece->has_journal &&
		    k < piece->journal.n_entries; k++)
			print_entry(&piece->journal.entries[k]);
	}
	printf("%s\n", _("findings"));
	for (size_t i = 0; i < work->findings.n; i++) {
		const struct finding *f = &work->findings.items[i];

		str_clear(&text);
		finding_sentence(f, &text);
		printf("  %s %s %s %s\n", finding_info(f->code)->name,
		    f->field, text.p, f->detail);
	}
	str_free(&text);
}

bool
verb_rules_test(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct work *work = work_new();
	struct rulebook *rules = NULL;
	struct reference *reference = NULL;
	struct db *db = NULL;
	const char *folder = NULL, *source = NULL, *topic = NULL;
	bool ok;

	(void)argc;
	ok = take_apart(argv[0], work->arena, &folder, &source, &topic, e) &&
	    rulebook_load(&rules, folder, e) &&
	    db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    master_load(db, &reference, e) &&
	    file_read(argv[1], SAMPLE_MAX, work->arena, &work->event.body,
	    e);
	if (ok) {
		work->event.source = source;
		work->event.topic = topic;
		work->event.key = "SAMPLE";
		work->event.received = clock_now();
		intake_judge_with(work, rules, reference);
		print_work(work);
	}
	reference_drop(&reference);
	rulebook_drop(&rules);
	db_close(&db);
	work_free(&work);
	return ok;
}

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
	ok = db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    db_begin_read(db, e) && export_all(db, format, argc > 1 ?
	    argv[1] : NULL, e);
	db_close(&db);
	return ok;
}

/* ---- audit, rebuild --------------------------------------------------- */

bool
verb_audit(struct options *options, int argc, char **argv, struct err *e)
{
	struct db *db = NULL;
	int64_t rows;
	bool ok;

	(void)argc;
	(void)argv;
	ok = db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    db_begin_read(db, e) && audit_verify(db, &rows, e);
	if (ok)
		printf(_("%lld audit rows, the chain is whole\n"),
		    (long long)rows);
	db_close(&db);
	return ok;
}

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
	for (const char *const *end = (const char *const[]){ "", "-wal",
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
