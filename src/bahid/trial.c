/*
 * `bahid rules test`: a map rule on a sample, for people, for programs
 * (--json), or as the map of its fields (--fields).  Keeps nothing.
 */
#include <config.h>
#include <stdio.h>

#include "bahid/fields.h"
#include "bahid/verbs.h"
#include "book/money.h"
#include "book/personal.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/json.h"
#include "flow/intake.h"
#include "flow/work.h"
#include "rules/rules.h"
#include "store/master.h"

#define SAMPLE_MAX (8 << 20)

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

/* ---- for programs ----------------------------------------------------- */

static void
put(struct json *j, const char *key, const char *value)
{
	if (value != NULL)
		json_kstr(j, key, value);
}

static void
encode_entry(const struct entry *entry, struct json *j)
{
	struct money m = { .minor = entry->amount };
	struct str amount;

	memcpy(m.currency, entry->currency, 4);
	str_init(&amount, 64);
	money_plain(m, &amount);
	json_open(j, '{');
	put(j, "account", entry->account);
	put(j, "party", entry->party);
	put(j, "cost_centre", entry->cost_centre);
	put(j, "tax_code", entry->tax_code);
	put(j, "item", entry->item);
	put(j, "location", entry->location);
	put(j, "memo", entry->memo);
	json_kstr(j, "amount", amount.p);
	json_kstr(j, "currency", entry->currency);
	json_close(j, '}');
	str_free(&amount);
}

static void
encode_piece(const struct piece *piece, struct json *j)
{
	struct str text;

	str_init(&text, 16 << 20);
	document_encode(&piece->document, &text);
	json_open(j, '{');
	json_key(j, "document");
	json_raw(j, str_span(&text));
	json_key(j, "entries");
	json_open(j, '[');
	for (size_t i = 0; piece->has_journal &&
	    i < piece->journal.n_entries; i++)
		encode_entry(&piece->journal.entries[i], j);
	json_close(j, ']');
	json_close(j, '}');
	str_free(&text);
}

static void
encode_finding(const struct finding *f, struct json *j)
{
	json_open(j, '{');
	json_kstr(j, "code", finding_info(f->code)->name);
	json_kstr(j, "value", f->value);
	json_kstr(j, "field", f->field);
	json_close(j, '}');
}

static void
print_json(const struct work *work)
{
	struct str out;
	struct json j;

	str_init(&out, 64 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "ignored");
	json_bool(&j, work->ignored);
	json_key(&j, "documents");
	json_open(&j, '[');
	for (size_t i = 0; i < work->n_pieces; i++)
		encode_piece(&work->pieces[i], &j);
	json_close(&j, ']');
	json_key(&j, "findings");
	json_open(&j, '[');
	for (size_t i = 0; i < work->findings.n; i++)
		encode_finding(&work->findings.items[i], &j);
	json_close(&j, ']');
	json_close(&j, '}');
	printf("%s\n", out.p);
	str_free(&out);
}

/* ---- the verb --------------------------------------------------------- */

static const char *const forms[] = { "", "--json", "--fields" };

static bool
print_as(const char *form, const struct work *work, struct rulebook *rules,
    struct reference *reference, struct err *e)
{
	if (strcmp(form, "--json") == 0)
		print_json(work);
	else if (strcmp(form, "--fields") == 0)
		fields_print(work, rules, reference);
	else
		print_work(work);
	return fflush(stdout) == 0 || err_set(e, ERR_SYSTEM, "cannot write");
}

static bool
judge_form(const char *form, struct err *e)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(form, forms[i]) == 0)
			return true;
	return err_set(e, ERR_USAGE, "no form %.60s", form);
}

/* As it would be judged: without what is personal. */
static bool
cut(struct options *options, struct work *work, struct err *e)
{
	struct personal *personal;
	struct personal_found found;
	struct json_where where;
	struct json_tape tape;

	if (!personal_load(&personal, options_text(options, "privacy"), e))
		return false;
	if (json_read(work->event.body, JSON_DEPTH_MAX, work->arena, &tape,
	    &where) == JSON_OK) {
		personal_find(personal, work->event.source, work->event.topic,
		    &tape, "", work->arena, &found);
		if (found.cut)
			work->event.body = personal_cut(work->event.body,
			    &found, work->arena);
	}
	personal_free(&personal);
	return true;
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
	const char *form = argc > 2 ? argv[2] : "";
	bool ok;

	ok = judge_form(form, e) && take_apart(argv[0], work->arena, &folder,
	    &source, &topic, e) &&
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
		ok = cut(options, work, e);
	}
	if (ok) {
		intake_judge_with(work, rules, reference);
		ok = print_as(form, work, rules, reference, e);
	}
	reference_drop(&reference);
	rulebook_drop(&rules);
	db_close(&db);
	work_free(&work);
	return ok;
}
