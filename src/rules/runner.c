/*
 * Running rules on one event: the header and lines of its document, the
 * entries of its journal.  One runner a thread.  A rule that fails costs its
 * event a finding, never more.
 */
#include <stdlib.h>

#include "book/document_gst.h"
#include "book/money.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "core/vec.h"
#include "rules/rulebook.h"
#include "rules/sandbox.h"

#define COLUMNS_MAX 32

/* A section made ready. Asking SQLite for a name takes a lock each time; and
 * of each row the same is asked in the same order. */
struct ready {
	sqlite3_stmt *stmt;
	const char *names[COLUMNS_MAX];
	int n_names;
	struct {
		const char *name;	/* the very text; NULL: not yet */
		int at;
	} asked[COLUMNS_MAX];
	size_t turn;			/* of this row */
};

struct runner {
	struct sandbox sandbox;
	struct rulebook *book;
	struct ready *ready;	/* by section index, made when first used */
	struct vec documents, lines, entries;	/* room that is used again */
};

/* A document and the part of the event that it is; a line and its part. */
struct part {
	struct document document;
	const char *name;
};

struct part_line {
	struct document_line line;
	const char *name;
	size_t document;
};

struct runner *
runner_new(void)
{
	struct runner *runner = calloc(1, sizeof *runner);

	if (runner == NULL)
		bug("out of memory");
	sandbox_open(&runner->sandbox);
	vec_init(&runner->documents, sizeof(struct part), DOCUMENT_PARTS_MAX);
	vec_init(&runner->lines, sizeof(struct part_line),
	    DOCUMENT_LINES_MAX);
	vec_init(&runner->entries, sizeof(struct entry),
	    JOURNAL_ENTRIES_MAX);
	return runner;
}

static void
forget_book(struct runner *runner)
{
	if (runner->book == NULL)
		return;
	for (size_t i = 0; i < rulebook_sections(runner->book); i++)
		sqlite3_finalize(runner->ready[i].stmt);
	free(runner->ready);
	runner->ready = NULL;
	rulebook_drop(&runner->book);
}

void
runner_free(struct runner **rp)
{
	struct runner *runner = *rp;

	if (runner == NULL)
		return;
	forget_book(runner);
	sandbox_close(&runner->sandbox);
	vec_free(&runner->documents);
	vec_free(&runner->lines);
	vec_free(&runner->entries);
	free(runner);
	*rp = NULL;
}

static void
use_book(struct runner *runner, struct rulebook *book)
{
	if (runner->book == book)
		return;
	forget_book(runner);
	runner->book = rulebook_hold(book);
	runner->ready = calloc(rulebook_sections(book) + 1,
	    sizeof *runner->ready);
	if (runner->ready == NULL)
		bug("out of memory");
}

/* ---- one run of one section ------------------------------------------- */

struct run {
	struct runner *runner;
	const struct section *section;
	struct ready *ready;
	sqlite3_stmt *stmt;
	struct arena *arena;
	struct findings *findings;
};

static void
run_failed(const struct run *run, const char *why)
{
	finding_add(run->findings, run->arena, FIND_RULE, run->section->file,
	    run->section->name, why);
}

static bool
run_open(struct run *run)
{
	sqlite3 *db = run->runner->sandbox.db;
	struct ready *ready = &run->runner->ready[run->section->index];

	if (ready->stmt == NULL) {
		if (sqlite3_prepare_v3(db, run->section->sql, -1,
		    SQLITE_PREPARE_PERSISTENT, &ready->stmt, NULL) !=
		    SQLITE_OK) {
			run_failed(run, sqlite3_errmsg(db));
			return false;
		}
		ready->n_names = sqlite3_column_count(ready->stmt);
		if (ready->n_names > COLUMNS_MAX)
			ready->n_names = COLUMNS_MAX;
		for (int i = 0; i < ready->n_names; i++)
			ready->names[i] = sqlite3_column_name(ready->stmt, i);
	}
	run->ready = ready;
	run->stmt = ready->stmt;
	sandbox_start(&run->runner->sandbox);
	return true;
}

static void
run_bind(struct run *run, const char *name, struct span text)
{
	int at = sqlite3_bind_parameter_index(run->stmt, name);

	if (at > 0 && text.p != NULL)
		sqlite3_bind_text(run->stmt, at, text.p, (int)text.n,
		    SQLITE_STATIC);
}

static bool
asks_for(const struct run *run, const char *name)
{
	return sqlite3_bind_parameter_index(run->stmt, name) > 0;
}

/* False at the end or on failure, which is then a finding. */
static bool
run_step(struct run *run)
{
	int rc = sqlite3_step(run->stmt);

	run->ready->turn = 0;
	if (rc == SQLITE_ROW)
		return true;
	if (rc == SQLITE_INTERRUPT)
		run_failed(run, "took more steps or memory than a rule may");
	else if (rc != SQLITE_DONE)
		run_failed(run, sqlite3_errmsg(run->runner->sandbox.db));
	return false;
}

static void
run_close(struct run *run)
{
	sqlite3_reset(run->stmt);
	sqlite3_clear_bindings(run->stmt);
}

static int
find_column(const struct ready *ready, const char *name)
{
	for (int i = 0; i < ready->n_names; i++)
		if (strcmp(ready->names[i], name) == 0)
			return i;
	return -1;
}

static int
column_of(const struct run *run, const char *name)
{
	struct ready *ready = run->ready;
	size_t turn = ready->turn++;

	if (turn >= COLUMNS_MAX)
		return find_column(ready, name);
	if (ready->asked[turn].name != name) {
		ready->asked[turn].name = name;
		ready->asked[turn].at = find_column(ready, name);
	}
	return ready->asked[turn].at;
}

#define TEXT_MAX 1000
#define MEMO_MAX 200

/* A memo says what a person may like to read and is cut; every other text
 * names something, and half a name is another name. */
static const char *
text(const struct run *run, const char *name)
{
	int at = column_of(run, name), used;
	const char *text;
	size_t n;

	if (at < 0 || sqlite3_column_type(run->stmt, at) == SQLITE_NULL)
		return NULL;
	text = (const char *)sqlite3_column_text(run->stmt, at);
	n = strlen(text);
	if (n > TEXT_MAX && strcmp(name, "memo") == 0)
		n = utf8_fit((struct span){ text, TEXT_MAX }, MEMO_MAX, &used);
	if (n <= TEXT_MAX)
		return arena_strndup(run->arena, text, n);
	finding_add(run->findings, run->arena, FIND_SCHEMA, name, name,
	    "longer than 1000 bytes");
	return NULL;
}

/* Only an integer is an amount: a REAL came of an overflow or a double. */
static bool
number(const struct run *run, const char *name, int64_t *out)
{
	int at = column_of(run, name);

	*out = 0;
	if (at < 0 || sqlite3_column_type(run->stmt, at) == SQLITE_NULL)
		return false;
	*out = sqlite3_column_int64(run->stmt, at);
	if (sqlite3_column_type(run->stmt, at) == SQLITE_INTEGER &&
	    *out <= AMOUNT_MAX && *out >= -AMOUNT_MAX)
		return true;
	*out = 0;
	finding_add(run->findings, run->arena, FIND_AMOUNT,
	    (const char *)sqlite3_column_text(run->stmt, at), name,
	    run->section->file);
	return false;
}

/* ---- mapping ---------------------------------------------------------- */

static const char *
file_name(struct arena *arena, const char *source, const char *topic)
{
	char *name = arena_printf(arena, "map/%s/%s.sql", source, topic);
	size_t fixed = strlen("map/") + strlen(source) + 1;

	for (char *p = name + fixed; p < name + strlen(name) - 4; p++)
		if (*p == '/' || *p == '.')
			*p = '_';
	return name;
}

/* A source `shopify-mumbai` without rules of its own uses `shopify`'s.
 * Canonical events mean the same whoever sends them; but a voucher names its
 * accounts freely, and is only for those who were made a sender of such. */
static const char *
file_of(struct rulebook *book, struct arena *arena,
    const struct event *event)
{
	const char *file = file_name(arena, event->source, event->topic);
	size_t n = strcspn(event->source, "-");

	if (rulebook_find(book, file, "header") == NULL &&
	    event->source[n] != '\0')
		file = file_name(arena,
		    arena_strndup(arena, event->source, n), event->topic);
	if (rulebook_find(book, file, "header") == NULL) {
		file = file_name(arena, "events", event->topic);
		if (!schemas_canonical(file) || strcmp(file,
		    "map/events/in_bahi_journal_voucher.sql") == 0)
			return NULL;
	}
	return rulebook_find(book, file, "header") != NULL ? file : NULL;
}

static void
bind_event(struct run *run, const struct event *event, struct span quoted)
{
	char *received = arena_alloc(run->arena, 25);
	struct day *day = arena_alloc(run->arena, sizeof *day);

	if (asks_for(run, ":received"))
		clock_format(event->received, received);
	if (asks_for(run, ":day"))
		*day = day_from_time(event->received);
	run_bind(run, ":body", quoted);
	run_bind(run, ":source", span_of(event->source));
	run_bind(run, ":topic", span_of(event->topic));
	run_bind(run, ":key", span_of(event->key));
	run_bind(run, ":received", span_of(received));
	run_bind(run, ":day", span_of(day->text));
}

/* What a document cannot be without. When the rule's own functions already
 * said what is wrong, it is not said twice. */
static void
require(struct run *run, const char *value, const char *field)
{
	if ((value == NULL || value[0] == '\0') &&
	    !findings_block(run->findings))
		finding_add(run->findings, run->arena, FIND_SCHEMA, field,
		    field, run->section->file);
}

static void
read_process(struct run *run, struct document *d)
{
	enum document_kind kind;

	d->order_number = text(run, "order_number");
	d->after_kind = text(run, "after_kind");
	d->after_number = text(run, "after_number");
	d->batch = text(run, "batch");
	d->has_control = number(run, "control_total", &d->control_total);
	if (!number(run, "control_count", &d->control_count))
		d->control_count = -1;
	if (d->after_kind == NULL || d->after_number == NULL)
		d->after_kind = d->after_number = NULL;
	else if (!document_kind_find(d->after_kind, &kind))
		run_failed(run, "after_kind is none of the document kinds");
}

static void
read_day(struct run *run, const char *text, const char *field,
    struct day *out)
{
	if (text != NULL && !day_parse(span_of(text), out))
		finding_add(run->findings, run->arena, FIND_DATE, text,
		    field, run->section->file);
}

static bool
read_header(struct run *run, struct document *d)
{
	const char *kind = text(run, "kind"), *date = text(run, "date");
	int64_t voided;

	*d = (struct document){ .base_version = -1, .control_count = -1 };
	d->entity = text(run, "entity");
	d->number = text(run, "number");
	d->party = text(run, "party");
	d->currency = text(run, "currency");
	d->channel = text(run, "channel");
	d->reference = text(run, "reference");
	d->memo = text(run, "memo");
	d->revision = text(run, "revision");
	read_process(run, d);
	if (!number(run, "base_version", &d->base_version))
		d->base_version = -1;
	number(run, "tax", &d->tax);
	if (!number(run, "total", &d->total))
		require(run, NULL, "total");
	if (kind == NULL || !document_kind_find(kind, &d->kind))
		run_failed(run, "kind is none of the document kinds");
	read_day(run, date, "date", &d->date);
	read_day(run, text(run, "posting_date"), "posting_date",
	    &d->posting);
	d->voided = number(run, "void", &voided) && voided != 0;
	require(run, d->entity, "entity");
	require(run, d->number, "number");
	require(run, date, "date");
	require(run, d->currency, "currency");
	return kind != NULL && d->entity != NULL && d->number != NULL &&
	    d->number[0] != '\0' && d->currency != NULL &&
	    d->date.text[0] != '\0';
}

static bool
same_key(const struct document *a, const struct document *b)
{
	return a->kind == b->kind && strcmp(a->entity, b->entity) == 0 &&
	    strcmp(a->number, b->number) == 0;
}

/* Each part must be told from the others, by name and as a document. */
static bool
judge_part(struct run *run, const struct part *part)
{
	const struct vec *parts = &run->runner->documents;

	for (size_t i = 0; i + 1 < parts->n; i++) {
		const struct part *other = vec_at(parts, i);

		if (part->name != NULL && other->name != NULL &&
		    strcmp(part->name, other->name) != 0 &&
		    !same_key(&part->document, &other->document))
			continue;
		run_failed(run, part->name == NULL || other->name == NULL ?
		    "header has more than one row and no part" :
		    "two parts are one document");
		return false;
	}
	return true;
}

static bool
read_part(struct run *run)
{
	struct part *part = vec_add(&run->runner->documents);

	if (part == NULL) {
		run_failed(run, "more than 128 documents");
		return false;
	}
	part->name = text(run, "part");
	return read_header(run, &part->document) && judge_part(run, part);
}

static enum map_result
map_header(struct run *run, const struct event *event, struct span quoted)
{
	enum map_result result = MAP_IGNORED;

	vec_clear(&run->runner->documents);
	if (!run_open(run))
		return MAP_FINDINGS;
	bind_event(run, event, quoted);
	while (result != MAP_FINDINGS && run_step(run))
		result = read_part(run) ? MAP_DOCUMENT : MAP_FINDINGS;
	run_close(run);
	return findings_block(run->findings) && result == MAP_IGNORED ?
	    MAP_FINDINGS : result;
}

static void
read_line(struct run *run, struct part_line *part)
{
	struct document_line *line = &part->line;

	part->name = text(run, "part");
	part->document = 0;
	line->type = text(run, "type");
	line->account = text(run, "account");
	line->party = text(run, "party");
	line->cost_centre = text(run, "cost_centre");
	line->tax_code = text(run, "tax_code");
	line->item = text(run, "item");
	line->location = text(run, "location");
	line->memo = text(run, "memo");
	line->quantity = text(run, "quantity");
	line->hsn = text(run, "hsn");
	line->unit = text(run, "unit");
	line->supply = text(run, "supply");
	line->head = text(run, "head");
	number(run, "cost", &line->cost);
	if (!number(run, "amount", &line->amount))
		require(run, NULL, "lines.amount");
	require(run, line->type, "lines.type");
}

/* Which of the documents is the part of that name. */
static bool
find_document(const struct runner *runner, const char *name, size_t *out)
{
	const struct vec *parts = &runner->documents;

	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = vec_at(parts, i);

		if (parts->n > 1 && (name == NULL ||
		    strcmp(name, part->name) != 0))
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* The documents with their lines, in the arena. */
static struct document *
gather(const struct run *run)
{
	const struct vec *parts = &run->runner->documents;
	const struct vec *lines = &run->runner->lines;
	struct document *all = arena_alloc(run->arena,
	    (parts->n + 1) * sizeof *all);
	struct document_line *room = arena_alloc(run->arena,
	    (lines->n + 1) * sizeof *room);

	for (size_t i = 0; i < parts->n; i++) {
		struct document *d = &all[i];

		*d = ((const struct part *)vec_at(parts, i))->document;
		d->lines = room;
		for (size_t k = 0; k < lines->n; k++) {
			const struct part_line *line = vec_at(lines, k);

			if (line->document == i)
				d->lines[d->n_lines++] = line->line;
		}
		room += d->n_lines;
	}
	return all;
}

static void
map_lines(struct run *run, const struct event *event, struct span quoted)
{
	struct vec *rows = &run->runner->lines;

	vec_clear(rows);
	if (!run_open(run))
		return;
	bind_event(run, event, quoted);
	while (run_step(run)) {
		struct part_line *line = vec_add(rows);

		if (line == NULL) {
			run_failed(run, "more than 1000 lines");
			break;
		}
		read_line(run, line);
		if (!find_document(run->runner, line->name,
		    &line->document)) {
			run_failed(run, "a line belongs to no part");
			break;
		}
	}
	run_close(run);
}

static void
read_gst(struct run *run, struct document *d)
{
	struct document_gst *gst = arena_alloc(run->arena, sizeof *gst);

	*gst = (struct document_gst){ 0 };
	for (size_t i = 0; i < DOCUMENT_GST_MEMBERS; i++) {
		const struct gst_member *m = &document_gst_members[i];
		int64_t flag;
		const char *said = m->form != GST_FLAG ? text(run, m->name) :
		    number(run, m->name, &flag) && flag != 0 ? "true" : NULL;

		if (!document_gst_set(gst, m, said))
			finding_add(run->findings, run->arena, FIND_DATE,
			    said, m->name, run->section->file);
	}
	if (document_gst_said(gst))
		d->gst = gst;
}

/* Optional, as are the columns of it: at most one row a part. */
static void
map_gst(struct run *run, const struct event *event, struct span quoted)
{
	if (run->section == NULL || !run_open(run))
		return;
	bind_event(run, event, quoted);
	while (run_step(run)) {
		struct part *part;
		size_t at;

		if (!find_document(run->runner, text(run, "part"), &at)) {
			run_failed(run, "a row belongs to no part");
			break;
		}
		part = vec_at(&run->runner->documents, at);
		if (part->document.gst != NULL) {
			run_failed(run, "more than one row of a part");
			break;
		}
		read_gst(run, &part->document);
	}
	run_close(run);
}

/* What was gathered, in the arena. */
static void *
settle_rows(const struct run *run, const struct vec *rows)
{
	void *all = arena_alloc(run->arena, (rows->n + 1) * rows->size);

	if (rows->n > 0)
		memcpy(all, rows->p, rows->n * rows->size);
	return all;
}

static void
enter(struct runner *runner, struct rulebook *book,
    struct reference *reference, const char *source, struct arena *arena,
    struct findings *findings)
{
	use_book(runner, book);
	runner->sandbox.reference = reference;
	runner->sandbox.source = source;
	runner->sandbox.arena = arena;
	runner->sandbox.findings = findings;
}

static enum map_result
map_file(struct run *run, const char *file, const struct event *event,
    struct span quoted, struct document **out, size_t *n)
{
	struct runner *runner = run->runner;
	enum map_result result;

	run->section = rulebook_find(runner->book, file, "header");
	result = map_header(run, event, quoted);
	if (result != MAP_DOCUMENT)
		return result;
	run->section = rulebook_find(runner->book, file, "lines");
	map_lines(run, event, quoted);
	run->section = rulebook_find(runner->book, file, "gst");
	map_gst(run, event, quoted);
	*out = gather(run);
	*n = runner->documents.n;
	return MAP_DOCUMENT;
}

enum map_result
runner_map(struct runner *runner, struct rulebook *book,
    struct reference *reference, const struct event *event,
    const struct json_tape *tape, struct arena *arena,
    struct document **out, size_t *n, struct findings *findings)
{
	const char *file = file_of(book, arena, event);
	struct run run = { .runner = runner, .arena = arena,
	    .findings = findings };
	enum map_result result = MAP_FINDINGS;
	struct schema_faults faults;

	if (file == NULL) {
		finding_add(findings, arena, FIND_TOPIC, event->topic, "",
		    "");
		return MAP_FINDINGS;
	}
	schemas_check(rulebook_schemas(book), file, tape, arena, &faults);
	enter(runner, book, reference, event->source, arena, findings);
	if (!faults.shape)
		result = map_file(&run, file, event, tape->text, out, n);
	schemas_tell(&faults, arena, findings);
	return faults.n > 0 && result == MAP_IGNORED ? MAP_FINDINGS : result;
}

/* ---- what banks say ----------------------------------------------------- */

static bool
read_bank(struct run *run, struct bank_line *line)
{
	const char *says = text(run, "says"), *day;

	*line = (struct bank_line){ .entity = text(run, "entity"),
	    .account = text(run, "account"), .holder = text(run, "holder"),
	    .currency = text(run, "currency"), .text = text(run, "text"),
	    .reference = text(run, "reference"),
	    .party = text(run, "party") };
	day = text(run, "day");
	if (!number(run, "count", &line->count))
		line->count = -1;
	return number(run, "amount", &line->amount) && says != NULL &&
	    bank_says_find(says, &line->says) && line->entity != NULL &&
	    line->account != NULL && line->currency != NULL && day != NULL &&
	    strlen(line->currency) == 3 && day_parse(span_of(day),
	    &line->day);
}

size_t
runner_bank(struct runner *runner, struct rulebook *book,
    struct reference *reference, const struct event *event,
    const struct json_tape *tape, struct arena *arena,
    struct bank_line **out)
{
	const char *file = file_of(book, arena, event);
	struct findings unsaid = { 0 };
	struct run run = { .runner = runner, .arena = arena,
	    .findings = &unsaid };
	size_t n = 0;

	run.section = file != NULL ? rulebook_find(book, file, "bank") : NULL;
	if (run.section == NULL)
		return 0;
	enter(runner, book, reference, event->source, arena, &unsaid);
	if (!run_open(&run))
		return 0;
	*out = arena_alloc(arena, BANK_LINES * sizeof **out);
	bind_event(&run, event, tape->text);
	while (n < BANK_LINES && run_step(&run))
		n += read_bank(&run, &(*out)[n]);
	run_close(&run);
	return findings_block(&unsaid) ? 0 : n;
}

/* ---- posting ---------------------------------------------------------- */

static void
read_entry(struct run *run, const struct document *d, struct entry *entry)
{
	const char *currency = text(run, "currency");

	*entry = (struct entry){ 0 };
	entry->account = text(run, "account");
	entry->party = text(run, "party");
	entry->cost_centre = text(run, "cost_centre");
	entry->tax_code = text(run, "tax_code");
	entry->item = text(run, "item");
	entry->location = text(run, "location");
	entry->memo = text(run, "memo");
	if (currency == NULL)
		currency = d->currency;
	if (strlen(currency) == 3)
		memcpy(entry->currency, currency, 4);
	else
		finding_add(run->findings, run->arena, FIND_CURRENCY,
		    currency, "currency", run->section->file);
	number(run, "amount", &entry->amount);
	require(run, entry->account, "account");
}

static void
bind_number(struct run *run, const char *name, int64_t n)
{
	int at = sqlite3_bind_parameter_index(run->stmt, name);

	if (at > 0)
		sqlite3_bind_int64(run->stmt, at, n);
}

static void
bind_text(struct run *run, const char *name, const char *text)
{
	if (text != NULL)
		run_bind(run, name, span_of(text));
}

static void
bind_document(struct run *run, const struct document *d)
{
	bind_text(run, ":kind", document_kind_name(d->kind));
	bind_text(run, ":entity", d->entity);
	bind_text(run, ":number", d->number);
	bind_text(run, ":date", d->date.text);
	bind_text(run, ":party", d->party);
	bind_text(run, ":currency", d->currency);
	bind_text(run, ":channel", d->channel);
	bind_text(run, ":reference", d->reference);
	bind_text(run, ":memo", d->memo);
	bind_text(run, ":order_number", d->order_number);
	bind_number(run, ":total", d->total);
	bind_number(run, ":tax", d->tax);
}

static void
post_entries(struct run *run, const struct document *d,
    struct journal *out)
{
	struct vec *rows = &run->runner->entries;

	vec_clear(rows);
	bind_document(run, d);
	while (run_step(run)) {
		struct entry entry, *kept;

		read_entry(run, d, &entry);
		if (entry.amount == 0)
			continue;	/* nothing moves */
		kept = vec_add(rows);
		if (kept == NULL) {
			run_failed(run, "more than 2000 entries");
			break;
		}
		*kept = entry;
	}
	run_close(run);
	out->entries = settle_rows(run, rows);
	out->n_entries = rows->n;
}

enum post_result
runner_post(struct runner *runner, struct rulebook *book,
    struct reference *reference, const char *source,
    const struct document *d, struct arena *arena, struct journal *out,
    struct findings *findings)
{
	const char *file = arena_printf(arena, "post/%s.sql",
	    document_kind_name(d->kind));
	struct run run = { .runner = runner, .arena = arena,
	    .findings = findings };

	*out = (struct journal){ .entity = d->entity,
	    .date = document_posting(d), .narration = d->memo };
	enter(runner, book, reference, source, arena, findings);
	run.section = rulebook_find(book, file, "entries");
	if (d->voided || rulebook_posts_nothing(book, file))
		return POST_NOTHING;
	if (run.section == NULL) {
		finding_add(findings, arena, FIND_RULE, file, "", "no such "
		    "file");
		return POST_FINDINGS;
	}
	if (!run_open(&run))
		return POST_FINDINGS;
	runner->sandbox.document = d;
	post_entries(&run, d, out);
	runner->sandbox.document = NULL;
	return POST_JOURNAL;
}

/* ---- policies --------------------------------------------------------- */

static size_t
read_reasons(struct run *run, struct policy_reason *out)
{
	size_t n = 0;

	while (n < POLICY_REASONS_MAX && run_step(run)) {
		out[n].why = text(run, "why");
		out[n].condition = text(run, "condition");
		if (out[n].why == NULL)
			run_failed(run, "a row without why");
		n++;
	}
	run_close(run);
	return n;
}

/* What a policy looks for in vain is nobody's mistake: only what blocks is
 * told of its findings. */
static void
tell_blocking(const struct findings *from, struct run *run)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct finding *f = &from->items[i];

		if (f->level == FINDING_BLOCK)
			finding_add(run->findings, run->arena, f->code,
			    f->value, f->field, f->detail);
	}
}

size_t
runner_policy(struct runner *runner, struct rulebook *book,
    struct reference *reference, const struct policy_run *p,
    struct arena *arena, struct policy_reason *out,
    struct findings *findings)
{
	const char *file = arena_printf(arena, "policy/%s.sql", p->policy);
	struct findings *own = arena_alloc(arena, sizeof *own);
	struct run run = { .runner = runner, .arena = arena,
	    .findings = own };
	size_t n = 0;

	enter(runner, book, reference, p->source, arena, own);
	run.section = rulebook_find(book, file, "holds");
	if (run.section == NULL) {
		finding_add(findings, arena, FIND_RULE, file, "", "no such "
		    "file");
		return 0;
	}
	if (run_open(&run)) {
		runner->sandbox.document = p->document;
		bind_document(&run, p->document);
		bind_text(&run, ":source", p->source);
		bind_number(&run, ":base_total", p->base_total);
		if (p->limited)
			bind_number(&run, ":limit", p->limit);
		n = read_reasons(&run, out);
		runner->sandbox.document = NULL;
	}
	run.findings = findings;
	tell_blocking(own, &run);
	return n;
}
