/*
 * Taking a party's name and address away: out of master data, the imports in
 * the log, the texts of the audit, old proposals, and what GST copied of
 * them. Rows stay; the audit says what stands in each instead, so the chain
 * holds, and a rebuild finds the same.
 */
#include "store/person.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/csv.h"
#include "core/json.h"
#include "store/audit.h"

#include <cjson/cJSON.h>

#define SCRUB_MAX (256 << 20)
#define NAMES_MAX 64		/* that one party ever had */

struct scrub {
	struct books *books;
	const char *actor, *party;
	const char *names[NAMES_MAX];
	size_t n_names;
};

/* ---- one text --------------------------------------------------------- */

static void
note_name(struct scrub *s, const char *name)
{
	if (name[0] == '\0' || strcmp(name, PERSON_ERASED) == 0)
		return;
	for (size_t i = 0; i < s->n_names; i++)
		if (strcmp(s->names[i], name) == 0)
			return;
	if (s->n_names < NAMES_MAX)
		s->names[s->n_names++] = arena_strdup(s->books->arena, name);
}

#define PARTY_COLUMNS 7		/* code,name,.. */
#define TAXPAYER_COLUMNS 8	/* party,gstin,..,address at 5 */

static const char *
instead(struct scrub *s, const struct csv *csv, size_t column)
{
	const char *field = csv_field(csv, column);

	if (csv->n == PARTY_COLUMNS && column == 1) {
		note_name(s, field);
		return PERSON_ERASED;
	}
	if (csv->n == TAXPAYER_COLUMNS && column == 5)
		return "";
	return field;
}

/* *changed: a row of the party was in it. */
static bool
scrub_csv(struct scrub *s, struct span text, struct str *out, bool *changed,
    struct err *e)
{
	struct csv csv;

	*changed = false;
	csv_open(&csv, text);
	while (csv_next(&csv, e)) {
		bool his = strcmp(csv_field(&csv, 0), s->party) == 0 &&
		    (csv.n == PARTY_COLUMNS || csv.n == TAXPAYER_COLUMNS);

		*changed = *changed || his;
		for (size_t i = 0; i < csv.n; i++) {
			if (i > 0)
				str_addc(out, ',');
			csv_write_plain(out, span_of(his ? instead(s, &csv,
			    i) : csv_field(&csv, i)));
		}
		str_addc(out, '\n');
	}
	csv_close(&csv);
	return e->code == ERR_NONE && (!out->over || err_set(e,
	    ERR_TOO_LARGE, "master data"));
}

static bool
say_erased(struct scrub *s, const char *object, const char *now,
    struct err *e)
{
	return audit_add(s->books, s->actor, AUDIT_ERASED, object,
	    "personal", arena_printf(s->books->arena, "now=%s", now), e);
}

/* ---- the log ---------------------------------------------------------- */

static bool
put_log(struct scrub *s, int64_t seq, struct span body, const char *kind,
    int64_t at, const char *actor, struct err *e)
{
	static const char SQL[] = "UPDATE log SET body = $2 WHERE seq = $1";
	struct stmt *put = db_stmt(s->books->db, SQL);
	char now[SHA256_HEX];

	stmt_int(put, 1, seq);
	stmt_span(put, 2, body);
	audit_log_digest(kind, at, actor, body, now);
	return stmt_run(put, e) && say_erased(s, arena_id(s->books->arena,
	    'L', seq), now, e);
}

static bool
scrub_body(struct scrub *s, struct span body, struct str *out,
    bool *changed, struct err *e)
{
	cJSON *tree = json_parse(body);
	const char *csv = json_text(tree, "csv");
	struct str fresh;
	struct json j;
	bool ok = true;

	*changed = false;
	str_init(&fresh, SCRUB_MAX);
	if (csv != NULL)
		ok = scrub_csv(s, span_of(csv), &fresh, changed, e);
	if (ok && *changed) {
		json_start(&j, out);
		json_open(&j, '{');
		json_kstr(&j, "table", json_text(tree, "table"));
		if (json_text(tree, "do") != NULL)
			json_kstr(&j, "do", json_text(tree, "do"));
		json_key(&j, "csv");
		json_span(&j, str_span(&fresh));
		json_close(&j, '}');
	}
	str_free(&fresh);
	cJSON_Delete(tree);
	return ok;
}

static bool
scrub_log(struct scrub *s, struct err *e)
{
	static const char SQL[] = "SELECT seq, at, actor, body FROM log"
	    " WHERE kind = 'reference' AND seq > $2"
	    " AND instr(body, $1) ORDER BY seq LIMIT 1";
	int64_t after = 0;

	for (;;) {
		struct stmt *read = db_stmt(s->books->db, SQL);
		struct arena *arena;
		struct str out;
		const char *actor;
		int64_t at;
		bool changed, ok;
		enum step step;

		stmt_text(read, 1, s->party);
		stmt_int(read, 2, after);
		step = stmt_step(read, e);
		if (step != STEP_ROW)
			return step == STEP_DONE;
		arena = arena_new();
		after = col_int(read, 0);
		at = col_int(read, 1);
		actor = arena_strdup(arena, col_text(read, 2));
		str_init(&out, SCRUB_MAX);
		ok = scrub_body(s, col_span(read, 3), &out, &changed, e);
		stmt_reset(read);
		ok = ok && (!changed || put_log(s, after, str_span(&out),
		    "reference", at, actor, e));
		str_free(&out);
		arena_free(&arena);
		if (!ok)
			return false;
	}
}

/* ---- texts of the audit, proposals ------------------------------------ */

static bool
put_text(struct scrub *s, const char *digest, struct span salt,
    struct span text, struct err *e)
{
	static const char SQL[] =
	    "UPDATE audit_text SET text = $2 WHERE digest = $1";
	struct stmt *put = db_stmt(s->books->db, SQL);
	unsigned char bytes[SHA256_SIZE];
	char now[SHA256_HEX];

	stmt_text(put, 1, digest);
	stmt_span(put, 2, text);
	digest_sha256v((struct span[]){ salt, text }, 2, bytes);
	digest_hex(bytes, SHA256_SIZE, now);
	return stmt_run(put, e) && say_erased(s, digest, now, e);
}

static bool
scrub_texts(struct scrub *s, struct err *e)
{
	static const char SQL[] = "SELECT digest, salt, text FROM audit_text"
	    " WHERE digest > $2 AND instr(text, $1) ORDER BY digest LIMIT 1";
	char after[SHA256_HEX] = "";

	for (;;) {
		struct stmt *read = db_stmt(s->books->db, SQL);
		struct arena *arena;
		struct str out;
		struct span salt;
		bool changed, ok;
		enum step step;

		stmt_text(read, 1, s->party);
		stmt_text(read, 2, after);
		step = stmt_step(read, e);
		if (step != STEP_ROW)
			return step == STEP_DONE;
		arena = arena_new();
		str_init(&out, SCRUB_MAX);
		ok = scrub_csv(s, col_span(read, 2), &out, &changed, e);
		salt = (struct span){ arena_strndup(arena, col_span(read,
		    1).p, col_span(read, 1).n), col_span(read, 1).n };
		snprintf(after, sizeof after, "%s", col_text(read, 0));
		stmt_reset(read);
		ok = ok && (!changed || put_text(s, after, salt,
		    str_span(&out), e));
		str_free(&out);
		arena_free(&arena);
		if (!ok)
			return false;
	}
}

/* What is decided says no more than the log; what is a draft still must. */
static bool
scrub_proposals(struct scrub *s, struct err *e)
{
	static const char DRAFT[] = "SELECT id FROM proposal WHERE state ="
	    " 'draft' AND tab IN ('party', 'taxpayer') AND instr(body, $1)"
	    " LIMIT 1";
	static const char SQL[] = "UPDATE proposal SET body = '' WHERE tab IN"
	    " ('party', 'taxpayer') AND state <> 'draft' AND instr(body, $1)";
	struct stmt *draft = db_stmt(s->books->db, DRAFT), *put;
	enum step step;

	stmt_text(draft, 1, s->party);
	step = stmt_step(draft, e);
	if (step == STEP_ROW) {
		err_set(e, ERR_REFUSED, "proposal P%lld still names it; "
		    "decide that first", (long long)col_int(draft, 0));
		stmt_reset(draft);
	}
	if (step != STEP_DONE)
		return false;
	put = db_stmt(s->books->db, SQL);
	stmt_text(put, 1, s->party);
	return stmt_run(put, e);
}

/* ---- master data and what was made of it ------------------------------- */

static bool
run_on_party(struct scrub *s, const char *sql, const char *name,
    struct err *e)
{
	struct stmt *put = db_stmt(s->books->db, sql);

	stmt_text(put, 1, s->party);
	if (name != NULL)
		stmt_text(put, 2, name);
	return stmt_run(put, e);
}

static bool
scrub_master(struct scrub *s, struct err *e)
{
	static const char PARTY[] = "UPDATE master SET name = '"
	    PERSON_ERASED "' WHERE tab = 'party' AND code = $1";
	static const char ADDRESS[] =
	    "UPDATE taxpayer SET address = '' WHERE party = $1";
	static const char GST[] = "UPDATE gst_document SET name = '"
	    PERSON_ERASED "' WHERE party = $1 AND name = $2";
	static const char BOUGHT[] = "UPDATE purchase SET name = '"
	    PERSON_ERASED "' WHERE party = $1 AND name = $2";

	for (size_t i = 0; i < s->n_names; i++)
		if (!run_on_party(s, GST, s->names[i], e) ||
		    !run_on_party(s, BOUGHT, s->names[i], e))
			return false;
	return run_on_party(s, PARTY, NULL, e) &&
	    run_on_party(s, ADDRESS, NULL, e);
}

bool
person_scrub(struct books *books, const char *actor, const char *party,
    struct err *e)
{
	struct scrub s = { .books = books, .actor = actor, .party = party };

	if (!scrub_proposals(&s, e) || !scrub_log(&s, e) ||
	    !scrub_texts(&s, e) || !scrub_master(&s, e))
		return false;
	books_touch(books, "reference", "party");
	books_touch(books, "reference", "taxpayer");
	return true;
}

bool
person_touch(struct books *books, int64_t subject, struct err *e)
{
	static const char SQL[] = "SELECT event FROM personal"
	    " WHERE subject = $1 AND event > $2 ORDER BY event LIMIT 1";
	int64_t event = 0;

	for (;;) {
		struct stmt *s = db_stmt(books->db, SQL);
		enum step step;

		stmt_int(s, 1, subject);
		stmt_int(s, 2, event);
		step = stmt_step(s, e);
		if (step != STEP_ROW)
			return step == STEP_DONE;
		event = col_int(s, 0);
		stmt_reset(s);
		if (!event_touch(books, event, e))
			return false;
	}
}
