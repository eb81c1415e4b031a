/*
 * Documents, their versions, journals and entries.  Journals are append
 * only; an amendment is a reversal and a new one.
 */
#include "store/books.h"

#include "core/digest.h"
#include "store/closing.h"
#include "store/figure.h"

/* ---- documents -------------------------------------------------------- */

static void
bind_document(struct stmt *s, int at, const struct document *document)
{
	stmt_text(s, at, document->entity);
	stmt_text(s, at + 1, document_kind_name(document->kind));
	stmt_text(s, at + 2, document->number);
}

bool
document_look(struct db *db, const struct document *document,
    struct arena *arena, struct document_row *row, bool *found,
    struct err *e)
{
	static const char SQL[] = "SELECT version, source, sole, revision,"
	    " event, journal, part, shared FROM document"
	    " WHERE entity = $1 AND kind = $2 AND number = $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*row = (struct document_row){ 0 };
	bind_document(s, 1, document);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	row->version = col_int(s, 0);
	row->source = arena_strdup(arena, col_text(s, 1));
	row->sole = col_int(s, 2) != 0;
	row->revision = arena_strdup(arena, col_text(s, 3));
	row->event = col_int(s, 4);
	row->journal = col_int(s, 5);
	row->part = col_int(s, 6);
	row->shared = col_int(s, 7) != 0;
	stmt_reset(s);
	return true;
}

bool
document_find(struct books *books, const struct document *document,
    struct arena *arena, struct document_row *row, bool *found,
    struct err *e)
{
	return document_look(books->db, document, arena, row, found, e);
}

bool
document_put(struct books *books, const struct document *document,
    const struct document_row *row, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO document VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
	    " $10, $11)"
	    " ON CONFLICT DO UPDATE SET version = excluded.version,"
	    " source = excluded.source, sole = excluded.sole,"
	    " revision = excluded.revision, event = excluded.event,"
	    " part = excluded.part, journal = excluded.journal,"
	    " shared = excluded.shared";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_document(s, 1, document);
	stmt_int(s, 4, row->version);
	stmt_text(s, 5, row->source);
	stmt_int(s, 6, row->sole);
	stmt_text(s, 7, row->revision);
	stmt_int(s, 8, row->event);
	stmt_int(s, 9, row->part);
	stmt_int(s, 10, row->journal);
	stmt_int(s, 11, row->shared);
	return stmt_run(s, e);
}

/* Payouts are listed by name: their bodies are not read for it. */
static bool
add_to_payout(struct books *books, const struct document *document,
    int64_t version, struct err *e)
{
	static const char SQL[] = "INSERT INTO payout_row VALUES"
	    " ($1, $2, $3)";
	struct stmt *s;

	if (document->kind != DOC_SETTLEMENT || (document->channel != NULL &&
	    strcmp(document->channel, "bank") == 0))
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, document->batch != NULL ? document->batch :
	    document->number);
	stmt_text(s, 2, document->entity);
	stmt_int(s, 3, version);
	return stmt_run(s, e);
}

bool
document_add_version(struct books *books, const struct document *document,
    const struct document_row *row, struct span body,
    const char *rule_digest, int64_t generation, struct err *e)
{
	static const char SQL[] = "INSERT INTO document_version VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, VERSION_ID(row->event, row->part));
	bind_document(s, 2, document);
	stmt_int(s, 5, row->version);
	stmt_span(s, 6, body);
	stmt_text(s, 7, rule_digest);
	stmt_int(s, 8, generation);
	stmt_int(s, 9, row->journal);
	stmt_int(s, 10, row->before);
	stmt_text(s, 11, row->actor);
	stmt_int(s, 12, row->ruling);
	return stmt_run(s, e) && add_to_payout(books, document, VERSION_ID(
	    row->event, row->part), e);
}

/* ---- journals --------------------------------------------------------- */

void
entry_bind(struct stmt *s, int at, const struct entry *entry)
{
	stmt_text(s, at, entry->account);
	stmt_text(s, at + 1, entry->currency);
	stmt_int(s, at + 2, entry->amount);
	stmt_int(s, at + 3, entry->base);
	stmt_text(s, at + 4, entry->party);
	stmt_text(s, at + 5, entry->cost_centre);
	stmt_text(s, at + 6, entry->tax_code);
	stmt_text(s, at + 7, entry->item);
	stmt_text(s, at + 8, entry->location);
	stmt_text(s, at + 9, entry->memo);
}

static bool
add_entry(struct books *books, int64_t journal, size_t line,
    const struct entry *entry, struct err *e)
{
	static const char SQL[] = "INSERT INTO entry VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, journal);
	stmt_int(s, 2, (int64_t)line);
	entry_bind(s, 3, entry);
	return stmt_run(s, e);
}

bool
journal_add(struct books *books, struct journal *journal,
    const struct journal_head *head, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO journal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	struct stmt *s = db_stmt(books->db, SQL);
	char period[8];

	if (journal->id == 0)
		journal->id = ++books->journal;
	stmt_int(s, 1, journal->id);
	stmt_text(s, 2, journal->entity);
	stmt_text(s, 3, journal->date.text);
	stmt_text(s, 4, head->kind);
	stmt_text(s, 5, head->number);
	stmt_int(s, 6, head->version);
	stmt_int(s, 7, head->event);
	if (journal->reverses != 0)
		stmt_int(s, 8, journal->reverses);
	stmt_text(s, 9, journal->narration);
	if (!stmt_run(s, e))
		return false;
	figures_journal(books, journal->entity, journal->date);
	day_period(journal->date, period);
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];

		if (!add_entry(books, journal->id, i + 1, entry, e))
			return false;
		books_balance(books, journal->entity, period, entry);
		closing_entry(books, journal->entity, period, entry);
		if (!figures_stand(books, journal->entity, entry,
		    head->event, e))
			return false;
	}
	return true;
}

bool
entries_load(struct stmt *s, struct arena *arena, struct journal *journal,
    struct err *e)
{
	enum step step;

	journal->n_entries = 0;
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct entry *entry;

		if (journal->entries == NULL)
			journal->entries = arena_alloc(arena,
			    (size_t)col_int(s, 10) * sizeof *entry);
		entry = &journal->entries[journal->n_entries++];
		entry->account = arena_strdup(arena, col_text(s, 0));
		memcpy(entry->currency, col_text(s, 1), 4);
		entry->amount = col_int(s, 2);
		entry->base = col_int(s, 3);
		entry->party = arena_strdup(arena, col_text(s, 4));
		entry->cost_centre = arena_strdup(arena, col_text(s, 5));
		entry->tax_code = arena_strdup(arena, col_text(s, 6));
		entry->item = arena_strdup(arena, col_text(s, 7));
		entry->location = arena_strdup(arena, col_text(s, 8));
		entry->memo = arena_strdup(arena, col_text(s, 9));
	}
	return step == STEP_DONE;
}

static bool
load_entries(struct db *db, struct arena *arena, struct journal *journal,
    struct err *e)
{
	static const char SQL[] = "SELECT account, currency, amount, base,"
	    " party, cost_centre, tax_code, item, location, memo,"
	    " count(*) OVER () FROM entry WHERE journal = $1 ORDER BY line";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, journal->id);
	return entries_load(s, arena, journal, e);
}

bool
journal_load(struct db *db, int64_t id, struct arena *arena,
    struct journal *journal, struct journal_head *head, bool *found,
    struct err *e)
{
	static const char SQL[] = "SELECT entity, date, kind, number,"
	    " version, event, reverses, narration FROM journal"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*journal = (struct journal){ .id = id };
	journal->entity = arena_strdup(arena, col_text(s, 0));
	memcpy(journal->date.text, col_text(s, 1), 11);
	head->kind = arena_strdup(arena, col_text(s, 2));
	head->number = arena_strdup(arena, col_text(s, 3));
	head->version = col_int(s, 4);
	head->event = col_int(s, 5);
	journal->reverses = col_int(s, 6);
	journal->narration = arena_strdup(arena, col_text(s, 7));
	stmt_reset(s);
	return load_entries(db, arena, journal, e);
}

bool
journal_last(struct db *db, int64_t *id, struct err *e)
{
	static const char SQL[] = "SELECT max(id) FROM journal";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, id, e);
}

/* One text of all columns, unit separators between: no two journals share
 * it, since absent and empty differ and separators are not in the texts. */
static void
add_text(struct str *out, const char *text)
{
	if (text != NULL) {
		str_addc(out, '=');
		str_adds(out, text);
	}
	str_addc(out, '\x1f');
}

static void
add_number(struct str *out, int64_t n)
{
	str_addi(out, n);
	str_addc(out, '\x1f');
}

void
entries_text(const struct journal *journal, struct str *text)
{
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];

		add_text(text, entry->account);
		add_text(text, entry->currency);
		add_number(text, entry->amount);
		add_number(text, entry->base);
		add_text(text, entry->party);
		add_text(text, entry->cost_centre);
		add_text(text, entry->tax_code);
		add_text(text, entry->item);
		add_text(text, entry->location);
		add_text(text, entry->memo);
	}
}

void
entries_digest(const struct journal *journal,
    unsigned char out[SHA256_SIZE])
{
	struct str text;

	str_init(&text, 64 << 20);
	entries_text(journal, &text);
	digest_sha256(str_span(&text), out);
	str_free(&text);
}

void
journal_text(const struct journal *journal, const struct journal_head *head,
    struct str *text)
{
	add_number(text, journal->id);
	add_text(text, journal->entity);
	add_text(text, journal->date.text);
	add_text(text, head->kind);
	add_text(text, head->number);
	add_number(text, head->version);
	add_number(text, head->event);
	add_number(text, journal->reverses);
	add_text(text, journal->narration);
}

void
journal_digest(const struct journal *journal,
    const struct journal_head *head,
    const unsigned char entries[SHA256_SIZE], char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];
	struct str text;

	str_init(&text, 1 << 20);
	journal_text(journal, head, &text);
	str_add(&text, entries, SHA256_SIZE);
	digest_sha256(str_span(&text), digest);
	digest_hex(digest, SHA256_SIZE, out);
	str_free(&text);
}

bool
version_load(struct books *books, int64_t version, struct arena *arena,
    struct document *out, struct err *e)
{
	static const char SQL[] =
	    "SELECT body FROM document_version WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);
	bool ok;

	stmt_int(s, 1, version);
	if (stmt_step(s, e) != STEP_ROW)
		return err_set(e, ERR_CORRUPT, "document version %lld is "
		    "missing", (long long)version);
	ok = document_decode(col_span(s, 0), arena, out) ||
	    err_set(e, ERR_CORRUPT, "document version %lld",
	    (long long)version);
	stmt_reset(s);
	return ok;
}

/* ---- the chain of versions -------------------------------------------- */

struct link {			/* what the walk needs of each */
	int64_t version, before;
	bool found, its;	/* sent by the source that is looked for */
	bool merged;		/* a person made another document of it */
};

static bool
walk(struct db *db, int64_t id, const char *source, struct link *out,
    struct err *e)
{
	static const char SQL[] = "SELECT v.version, v.before, e.source = $2,"
	    " r.merged FROM document_version v"
	    " JOIN event e ON e.seq = v.id / 128 LEFT JOIN ruling r"
	    " ON r.event = v.id / 128 AND r.part = v.id % 128"
	    " WHERE v.id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	stmt_text(s, 2, source);
	step = stmt_step(s, e);
	out->found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->version = col_int(s, 0);
	out->before = col_int(s, 1);
	out->its = col_int(s, 2) != 0;
	out->merged = col_int(s, 3) != 0;
	stmt_reset(s);
	return true;
}

static bool
load_version(struct db *db, int64_t id, struct arena *arena,
    struct version *out, struct err *e)
{
	static const char SQL[] = "SELECT v.version, v.journal, v.before,"
	    " v.ruling, v.actor, e.source, coalesce(l.at, e.received), v.body"
	    " FROM document_version v JOIN event e ON e.seq = v.id / 128"
	    " LEFT JOIN log l ON l.seq = v.ruling WHERE v.id = $1";
	struct stmt *s = db_stmt(db, SQL);
	bool ok;

	stmt_int(s, 1, id);
	if (stmt_step(s, e) != STEP_ROW)
		return err_set(e, ERR_CORRUPT, "document version %lld is "
		    "missing", (long long)id);
	out->id = id;
	out->version = col_int(s, 0);
	out->journal = col_int(s, 1);
	out->before = col_int(s, 2);
	out->ruling = col_int(s, 3);
	out->actor = arena_strdup(arena, col_text(s, 4));
	out->source = arena_strdup(arena, col_text(s, 5));
	out->at = col_int(s, 6);
	ok = document_decode(col_span(s, 7), arena, &out->document) ||
	    err_set(e, ERR_CORRUPT, "document version %lld", (long long)id);
	stmt_reset(s);
	return ok;
}

bool
version_find(struct db *db, int64_t id, int64_t number, const char *source,
    struct arena *arena, struct version *out, bool *found, struct err *e)
{
	*found = false;
	while (id != 0) {
		struct link link;

		if (!walk(db, id, source, &link, e))
			return false;
		if (!link.found)
			return err_set(e, ERR_CORRUPT, "document version "
			    "%lld is missing", (long long)id);
		if (number > 0 ? link.version == number : link.its &&
		    (number == VERSION_SENT || !link.merged)) {
			*found = true;
			return load_version(db, id, arena, out, e);
		}
		if (number > link.version)
			break;
		id = link.before;
	}
	return true;
}
