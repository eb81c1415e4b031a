/* Deciding, destroying, and doing it again. */
#include "flow/erase.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "flow/inside.h"
#include "store/audit.h"
#include "store/vault.h"

#define ACTION "privacy_erase"

static bool
log_it(struct books *books, struct erasure *a, int64_t at, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", ACTION);
	json_key(&j, "subjects");
	json_open(&j, '[');
	for (size_t i = 0; i < a->n_subjects; i++)
		json_str(&j, arena_id(books->arena, 'S', a->subjects[i]));
	json_close(&j, ']');
	json_key(&j, "parties");
	json_open(&j, '[');
	for (size_t i = 0; i < a->n_parties; i++)
		json_str(&j, a->parties[i]);
	json_close(&j, ']');
	json_kstr(&j, "reason", a->reason);
	json_close(&j, '}');
	ok = !body.over && log_add(books, "decision", at, a->actor,
	    str_span(&body), &a->seq, e);
	str_free(&body);
	return ok;
}

static bool
put_erased(struct books *books, int64_t subject, int64_t at,
    const char *actor, int64_t seq, struct err *e)
{
	static const char SQL[] = "INSERT INTO erased VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, subject);
	stmt_int(s, 2, at);
	stmt_text(s, 3, actor);
	stmt_int(s, 4, seq);
	return stmt_run(s, e);
}

static bool
put(struct books *books, struct erasure *a, struct err *e)
{
	int64_t at = clock_now();

	if (!log_it(books, a, at, e))
		return false;
	/* Consoles keep whole answers. */
	books_touch(books, "erased", "");
	for (size_t i = 0; i < a->n_subjects; i++)
		if (!put_erased(books, a->subjects[i], at, a->actor, a->seq,
		    e) || !audit_add(books, a->actor, AUDIT_ERASED,
		    arena_id(books->arena, 'S', a->subjects[i]), "key",
		    arena_printf(books->arena, "decision=D%lld reason=%s",
		    (long long)a->seq, a->reason), e) ||
		    !person_touch(books, a->subjects[i], e))
			return false;
	for (size_t i = 0; i < a->n_parties; i++)
		if (!person_scrub(books, a->actor, a->parties[i], e))
			return false;
	return true;
}

static bool
say_securely(struct books *books, struct erasure *a, struct err *e)
{
	if (!books_begin(books, e))
		return false;
	if (put(books, a, e) && books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

bool
erase_say(struct settler *settler, struct erasure *a, struct err *e)
{
	/* What is written over must not be found in free pages; from now
	 * on. */
	static const char ON[] = "PRAGMA secure_delete = ON";
	static const char EMPTY[] = "PRAGMA wal_checkpoint(TRUNCATE)";
	struct books *books = settler_books(settler);
	bool ok;

	ok = stmt_run(db_stmt(books->db, ON), e) && say_securely(books, a, e);
	crash_point("erase.between");
	ok = ok && vault_destroy(books->vault, a->subjects, a->n_subjects,
	    clock_now(), e) && settler_reload(settler, e);
	/* As far as no reader is in the way. */
	return ok && stmt_run(db_stmt(books->db, EMPTY), e);
}

/* ---- again ------------------------------------------------------------ */

#define AT_ONCE 500

/* Decided, and then the process was stopped; or an older file of keys came
 * back. */
static bool
destroy_decided(struct books *books, struct err *e)
{
	static const char SQL[] = "SELECT subject FROM erased"
	    " WHERE subject > $1 ORDER BY subject LIMIT 500";
	int64_t after = 0, ids[AT_ONCE];
	size_t n;

	do {
		struct stmt *s = db_stmt(books->db, SQL);
		int64_t still[AT_ONCE];
		size_t n_still = 0;
		enum step step;

		n = 0;
		stmt_int(s, 1, after);
		while ((step = stmt_step(s, e)) == STEP_ROW)
			ids[n++] = col_int(s, 0);
		if (step == STEP_FAILED)
			return false;
		for (size_t i = 0; i < n; i++) {
			unsigned char key[AEAD_KEY];
			enum vault_key state;

			if (!vault_key(books->vault, ids[i], key, &state, e))
				return false;
			aead_forget(key, sizeof key);
			if (state == VAULT_KEY)
				still[n_still++] = ids[i];
			after = ids[i];
		}
		if (!vault_destroy(books->vault, still, n_still, clock_now(),
		    e))
			return false;
	} while (n == AT_ONCE);
	return true;
}

/* An older store came back: his parties are those that his events name and
 * nobody else's do. */
static bool
parties_of(struct db *db, const int64_t *subjects, size_t n,
    struct arena *arena, const char **out, size_t most, size_t *n_out,
    struct err *e)
{
	static const char SQL[] = "SELECT DISTINCT e.party FROM personal x"
	    " JOIN event e ON e.seq = x.event JOIN master m ON m.tab ="
	    " 'party' AND m.code = e.party AND m.kind = 'customer'"
	    " WHERE x.subject = $1 AND NOT EXISTS (SELECT 1 FROM taxpayer t"
	    " WHERE t.party = e.party AND t.gstin <> '')"
	    " AND NOT EXISTS (SELECT 1 FROM event o JOIN personal y"
	    " ON y.event = o.seq WHERE o.party = e.party"
	    " AND y.subject <> $1)";

	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		struct stmt *s = db_stmt(db, SQL);
		enum step step;

		stmt_int(s, 1, subjects[i]);
		while ((step = stmt_step(s, e)) == STEP_ROW &&
		    *n_out < most)
			out[(*n_out)++] = arena_strdup(arena,
			    col_text(s, 0));
		if (step == STEP_ROW)
			stmt_reset(s);
		if (step == STEP_FAILED)
			return false;
	}
	return true;
}

static bool
apply_again(struct settler *settler, const int64_t *ids, size_t n,
    struct err *e)
{
	struct books *books = settler_books(settler);
	struct arena *arena = arena_new();
	const char **parties = arena_alloc(arena, AT_ONCE * sizeof *parties);
	struct erasure a = { .subjects = ids, .n_subjects = n,
	    .actor = "bahid", .reason = "this store is older than the "
	    "erasure" };
	bool ok = parties_of(books->db, ids, n, arena, parties, AT_ONCE,
	    &a.n_parties, e);

	a.parties = parties;
	ok = ok && erase_say(settler, &a, e);
	arena_free(&arena);
	if (ok)
		log_line(LOG_INFO, "erase.again", "subjects=%zu", n);
	return ok;
}

/* No number is given twice, even when the file of keys is an older one. */
static bool
raise_floor(struct books *books, struct err *e)
{
	static const char SQL[] =
	    "SELECT coalesce(max(subject), 0) FROM personal";
	struct stmt *s = db_stmt(books->db, SQL);

	if (stmt_step(s, e) != STEP_ROW)
		return false;
	vault_floor(books->vault, col_int(s, 0));
	stmt_reset(s);
	return true;
}

bool
erase_resume(struct settler *settler, struct err *e)
{
	struct books *books = settler_books(settler);
	int64_t gone[AT_ONCE], lost[AT_ONCE], after = 0;
	size_t n, n_lost;

	if (!destroy_decided(books, e) || !raise_floor(books, e))
		return false;
	do {
		n_lost = 0;
		if (!vault_gone(books->vault, after, gone, AT_ONCE, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			bool yes;

			if (!person_erased(books->db, gone[i], &yes, e))
				return false;
			if (!yes)
				lost[n_lost++] = gone[i];
			after = gone[i];
		}
		if (n_lost > 0 && !apply_again(settler, lost, n_lost, e))
			return false;
	} while (n == AT_ONCE);
	return true;
}

bool
erase_replay(struct settler *settler, const cJSON *tree, const char *actor,
    int64_t at, bool *mine, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *action = json_text(tree, "action");
	const cJSON *one;

	*mine = action != NULL && strcmp(action, ACTION) == 0;
	if (!*mine)
		return true;
	cJSON_ArrayForEach(one, json_at(tree, "subjects")) {
		if (!cJSON_IsString(one) || one->valuestring[0] != 'S')
			return err_set(e, ERR_CORRUPT, "a decision of the "
			    "log");
		if (!put_erased(books, strtoll(one->valuestring + 1, NULL,
		    10), at, actor, books->seq, e))
			return false;
	}
	return true;
}
