/*
 * Opening, locking, group commits, and the sums a group gathers.  Called by
 * the one writer and the maintenance verbs; nobody else may write.
 */
#include "store/audit.h"
#include "store/bank.h"
#include "store/books.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/approval.h"
#include "store/closing.h"
#include "store/gst.h"
#include "store/outbox.h"
#include "store/tie.h"
#include "store/till.h"
#include "store/sums.h"
#include "store/vault.h"

/* ---- sums ------------------------------------------------------------- */

#define KEY_MOST 256		/* keys are seldom longer */

static struct delta *
new_delta(struct books *books, struct map *map, struct span key)
{
	struct delta *delta = arena_alloc(books->arena, sizeof *delta);
	const char *part = arena_strndup(books->arena, key.p, key.n);

	for (int i = 0; i < 4; i++, part += strlen(part) + 1)
		delta->part[i] = part;
	map_set(map, key, delta);
	return delta;
}

/* part[] joined by NUL is the key. Most are there already: only what is new
 * is copied. */
struct delta *
delta_of(struct books *books, struct map *map, const char *const part[4])
{
	char most[KEY_MOST], *key = most;
	struct delta *delta;
	size_t n[4], total = 0;

	for (int i = 0; i < 4; i++)
		total += n[i] = strlen(part[i]) + 1;
	if (total > sizeof most)
		key = arena_alloc(books->arena, total);
	for (size_t i = 0, at = 0; i < 4; at += n[i++])
		memcpy(key + at, part[i], n[i]);
	delta = map_find(map, (struct span){ key, total });
	return delta != NULL ? delta :
	    new_delta(books, map, (struct span){ key, total });
}

void
books_tally(struct books *books, const char *source, const char *state,
    int n)
{
	const char *const part[4] = { source, state, "", "" };

	delta_of(books, books->tallies, part)->n[0] += n;
}

void
books_stands(struct books *books, const char *source,
    const struct placing *placing, const char *state, int n)
{
	const char *const part[4] = { placing->entity, placing->kind != NULL ?
	    placing->kind : "", source, state };

	if (placing->entity != NULL && !placing->several)
		delta_of(books, books->stands, part)->n[0] += n;
}

void
books_day(struct books *books, const char *signature, struct day day,
    const char *currency, int n, int64_t amount)
{
	const char *const part[4] = { signature, day.text, currency, "" };
	struct delta *delta = delta_of(books, books->days, part);

	delta->n[0] += n;
	delta->n[1] += n * amount;
	books_touch(books, "signature", signature);
}

void
books_balance(struct books *books, const char *entity, const char *period,
    const struct entry *entry)
{
	const char *const part[4] = { entity, entry->account,
	    entry->currency, period };
	struct delta *delta = delta_of(books, books->balances, part);

	delta->n[entry->amount < 0] += entry->amount < 0 ? -entry->amount :
	    entry->amount;
	delta->n[2 + (entry->base < 0)] += entry->base < 0 ? -entry->base :
	    entry->base;
}

void
books_misses(struct books *books, const struct event *event,
    const struct findings *findings)
{
	for (size_t i = 0; i < findings->n_misses; i++) {
		const char *const part[4] = { event->source,
		    findings->misses[i].dimension,
		    findings->misses[i].value, "" };
		struct delta *delta = delta_of(books, books->misses, part);

		if (delta->n[0]++ == 0)
			delta->n[1] = event->received;
		delta->n[2] = event->received;
	}
}

void
books_touch(struct books *books, const char *topic, const char *key)
{
	const char *const part[4] = { topic, key, "", "" };

	delta_of(books, books->touched, part);
}

/* What each source sent in this group is somewhere: received is the sum of
 * all other states. A group that breaks this is ours to answer for, and is
 * not committed. */
static bool
conserved(struct books *books, struct err *e)
{
	struct map *sums = map_new();
	struct span key;
	void *value;
	bool ok = true;

	for (size_t at = 0; map_next(books->tallies, &at, &key, &value);) {
		const struct delta *delta = value;
		struct span source = span_of(delta->part[0]);
		int64_t *sum = map_find(sums, source);

		if (sum == NULL) {
			sum = arena_alloc(books->arena, sizeof *sum);
			map_set(sums, source, sum);
		}
		*sum += strcmp(delta->part[1], "received") == 0 ?
		    -delta->n[0] : delta->n[0];
	}
	for (size_t at = 0; map_next(sums, &at, &key, &value);)
		if (*(int64_t *)value != 0)
			ok = err_set(e, ERR_CORRUPT,
			    "conservation of %s is off by %lld", key.p,
			    (long long)*(int64_t *)value);
	map_free(&sums, NULL);
	return ok;
}

static bool
flush_tallies(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO tally VALUES ($1, $2, $3)"
	    " ON CONFLICT DO UPDATE SET n = n + excluded.n";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->tallies, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		if (delta->n[0] == 0)
			continue;
		stmt_text(s, 1, delta->part[0]);
		stmt_text(s, 2, delta->part[1]);
		stmt_int(s, 3, delta->n[0]);
		if (!stmt_run(s, e))
			return false;
		books_touch(books, "status", "");
	}
	return true;
}

static bool
flush_stands(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO tally_entity VALUES"
	    " ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET"
	    " n = n + excluded.n";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->stands, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		if (delta->n[0] == 0)
			continue;
		for (int i = 0; i < 4; i++)
			stmt_text(s, i + 1, delta->part[i]);
		stmt_int(s, 5, delta->n[0]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

static bool
flush_days(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO signature_day VALUES"
	    " ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET"
	    " count = count + excluded.count,"
	    " amount = amount + excluded.amount";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->days, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		for (int i = 0; i < 3; i++)
			stmt_text(s, i + 1, delta->part[i]);
		stmt_int(s, 4, delta->n[0]);
		stmt_int(s, 5, delta->n[1]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

static bool
flush_balances(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO balance VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO UPDATE SET"
	    " debit = debit + excluded.debit,"
	    " credit = credit + excluded.credit,"
	    " base_debit = base_debit + excluded.base_debit,"
	    " base_credit = base_credit + excluded.base_credit";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->balances, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		for (int i = 0; i < 4; i++) {
			stmt_text(s, i + 1, delta->part[i]);
			stmt_int(s, i + 5, delta->n[i]);
		}
		if (!stmt_run(s, e))
			return false;
		books_touch(books, "balance", arena_printf(books->arena,
		    "%s/%s/%s", delta->part[0], delta->part[1],
		    delta->part[2]));
	}
	return true;
}

/* Of each source and dimension the latest thousand values: a sender that
 * never says the same twice cannot fill the disk. */
static bool
flush_misses(struct books *books, struct err *e)
{
	static const char ADD[] = "INSERT INTO drift VALUES"
	    " ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET"
	    " count = count + excluded.count, last = excluded.last";
	static const char DROP[] = "DELETE FROM drift WHERE source = $1"
	    " AND dimension = $2 AND (SELECT count(*) FROM drift"
	    " WHERE source = $1 AND dimension = $2) > 1000"
	    " AND value = (SELECT value FROM drift WHERE source = $1"
	    " AND dimension = $2 ORDER BY last LIMIT 1)";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->misses, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, ADD);

		for (int i = 0; i < 3; i++) {
			stmt_text(s, i + 1, delta->part[i]);
			stmt_int(s, i + 4, delta->n[i]);
		}
		if (!stmt_run(s, e))
			return false;
		s = db_stmt(books->db, DROP);
		stmt_text(s, 1, delta->part[0]);
		stmt_text(s, 2, delta->part[1]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

/* The feed keeps the latest change of a key: the older row goes. */
static bool
feed_one(struct books *books, const struct delta *delta, struct err *e)
{
	static const char DROP[] = "DELETE FROM change WHERE seq = $1";
	static const char ADD[] = "INSERT INTO change VALUES ($1, $2, $3)";
	const char *name = arena_printf(books->arena, "%s/%s",
	    delta->part[0], delta->part[1]);
	int64_t *last = map_find(books->feed, span_of(name));
	struct stmt *s;

	if (last != NULL) {
		s = db_stmt(books->db, DROP);
		stmt_int(s, 1, *last);
		if (!stmt_run(s, e))
			return false;
	} else {
		last = malloc(sizeof *last);
		if (last == NULL)
			bug("out of memory");
		map_set(books->feed, span_of(name), last);
	}
	*last = ++books->change;
	s = db_stmt(books->db, ADD);
	stmt_int(s, 1, *last);
	stmt_text(s, 2, delta->part[0]);
	stmt_text(s, 3, delta->part[1]);
	return stmt_run(s, e);
}

static bool
flush_touched(struct books *books, struct err *e)
{
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->touched, &at, &key, &value);)
		if (!feed_one(books, value, e))
			return false;
	return true;
}

/* ---- senders ---------------------------------------------------------- */

struct sender *
books_sender(struct books *books, const char *name)
{
	struct sender *sender = map_find(books->senders, span_of(name));

	if (sender != NULL)
		return sender;
	sender = calloc(1, sizeof *sender);
	if (sender == NULL)
		bug("out of memory");
	map_set(books->senders, span_of(name), sender);
	return sender;
}

static bool
load_senders(struct books *books, struct err *e)
{
	static const char SQL[] =
	    "SELECT name, good, failing, paused FROM sender";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	map_free(&books->senders, free);
	books->senders = map_new();
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct sender *sender = books_sender(books, col_text(s, 0));

		sender->good = col_int(s, 1) != 0;
		sender->failing = col_int(s, 2);
		sender->paused = !col_null(s, 3);
		sender->since = col_int(s, 3);
	}
	return step == STEP_DONE;
}

static bool
flush_senders(struct books *books, struct err *e)
{
	static const char SQL[] =
	    "INSERT OR REPLACE INTO sender VALUES ($1, $2, $3, $4)";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->senders, &at, &key, &value);) {
		struct sender *sender = value;
		struct stmt *s;

		if (!sender->changed)
			continue;
		s = db_stmt(books->db, SQL);
		stmt_span(s, 1, key);
		stmt_int(s, 2, sender->good);
		stmt_int(s, 3, sender->failing);
		if (sender->paused)
			stmt_int(s, 4, sender->since);
		if (!stmt_run(s, e))
			return false;
		sender->changed = false;
		books_touch(books, "status", "");
	}
	return true;
}

static void
clear_sums(struct books *books)
{
	map_clear(books->balances);
	map_clear(books->tallies);
	map_clear(books->stands);
	map_clear(books->days);
	map_clear(books->touched);
	map_clear(books->misses);
	figures_clear(books);
	closing_clear(books);
	till_clear(books);
	bank_clear(books);
	gst_clear(books);
	tie_clear(books);
	outbox_clear(books);
	arena_reset(books->arena);
}

/* ---- opening ---------------------------------------------------------- */

static bool
last_of(struct books *books, const char *sql, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(books->db, sql);
	enum step step = stmt_step(s, e);

	*out = 0;
	if (step == STEP_ROW) {
		*out = col_int(s, 0);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
load_feed(struct books *books, struct err *e)
{
	static const char SQL[] =
	    "SELECT topic, key, seq FROM change WHERE topic <> 'event'";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	map_free(&books->feed, free);
	books->feed = map_new();
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t *last = malloc(sizeof *last);

		if (last == NULL)
			bug("out of memory");
		*last = col_int(s, 2);
		map_set(books->feed, span_of(arena_printf(books->arena,
		    "%s/%s", col_text(s, 0), col_text(s, 1))), last);
	}
	return step == STEP_DONE;
}

static bool
load_audit(struct books *books, struct err *e)
{
	static const char SQL[] =
	    "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step = stmt_step(s, e);

	books->audit = 0;
	memset(books->audit_hash, 0, SHA256_SIZE);
	if (step == STEP_ROW) {
		struct span hash = col_span(s, 1);

		books->audit = col_int(s, 0);
		if (hash.n == SHA256_SIZE)
			memcpy(books->audit_hash, hash.p, SHA256_SIZE);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
load_rules(struct books *books, struct err *e)
{
	static const char SQL[] = "SELECT body FROM log"
	    " WHERE kind = 'rules' ORDER BY seq DESC LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step = stmt_step(s, e);

	books->rules_text[0] = '\0';
	books->rules = books->rules_text;
	if (step == STEP_ROW) {
		snprintf(books->rules_text, sizeof books->rules_text, "%s",
		    col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
load(struct books *books, struct err *e)
{
	static const char SEQ[] = "SELECT max("
	    "(SELECT coalesce(max(seq), 0) FROM event),"
	    "(SELECT coalesce(max(seq), 0) FROM log))";
	static const char JOURNAL[] = "SELECT max(id) FROM journal";
	static const char CHANGE[] = "SELECT max(seq) FROM change";
	static const char GENERATION[] =
	    "SELECT max(seq) FROM log WHERE kind = 'reference'";

	return last_of(books, SEQ, &books->seq, e) &&
	    last_of(books, JOURNAL, &books->journal, e) &&
	    last_of(books, CHANGE, &books->change, e) &&
	    last_of(books, GENERATION, &books->generation, e) &&
	    load_audit(books, e) && load_rules(books, e) &&
	    load_feed(books, e) && wait_count(books, e) &&
	    habits_load(books, e) &&
	    load_senders(books, e);
}

static bool
take_lock(struct books *books, const char *path, struct err *e)
{
	char name[4096];

	snprintf(name, sizeof name, "%s.lock", path);
	books->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (books->lock < 0)
		return err_set(e, ERR_SYSTEM, "%s: %s", name,
		    strerror(errno));
	if (flock(books->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	return err_set(e, ERR_IN_USE, "%s: another bahid has it open",
	    path);
}

bool
books_open(struct books **out, const char *path, bool create, struct err *e)
{
	struct books *books = calloc(1, sizeof *books);

	if (books == NULL)
		bug("out of memory");
	books->lock = -1;
	books->arena = arena_new();
	books->balances = map_new();
	books->tallies = map_new();
	books->stands = map_new();
	books->days = map_new();
	books->touched = map_new();
	books->misses = map_new();
	books->feed = map_new();
	books->senders = map_new();
	books->latencies = map_new();
	books->figures = map_new();
	books->standings = map_new();
	books->heard = map_new();
	books->backlog = map_new();
	books->closing = map_new();
	books->tills = map_new();
	books->dirty_banks = map_new();
	books->taxes = map_new();
	books->gst = map_new();
	books->commits = map_new();
	books->ties = map_new();
	if (!take_lock(books, path, e) ||
	    !db_open(&books->db, path, create ? DB_CREATE : DB_WRITE, e) ||
	    !db_migrate(books->db, e) || !load(books, e)) {
		books_close(&books);
		return false;
	}
	books->vault = vault_hold(books->db);
	*out = books;
	return true;
}

void
books_close(struct books **bp)
{
	struct books *books = *bp;

	if (books == NULL)
		return;
	vault_drop(&books->vault);
	db_close(&books->db);
	map_free(&books->balances, NULL);
	map_free(&books->tallies, NULL);
	map_free(&books->stands, NULL);
	map_free(&books->days, NULL);
	map_free(&books->touched, NULL);
	map_free(&books->misses, NULL);
	map_free(&books->latencies, NULL);
	map_free(&books->figures, NULL);
	map_free(&books->standings, NULL);
	map_free(&books->heard, NULL);
	map_free(&books->backlog, NULL);
	map_free(&books->closing, NULL);
	map_free(&books->tills, NULL);
	map_free(&books->dirty_banks, NULL);
	map_free(&books->taxes, NULL);
	map_free(&books->gst, NULL);
	map_free(&books->commits, NULL);
	map_free(&books->ties, NULL);
	bank_forget(books);
	free(books->tie);
	map_free(&books->feed, free);
	map_free(&books->senders, free);
	arena_free(&books->arena);
	if (books->lock >= 0)
		close(books->lock);
	free(books);
	*bp = NULL;
}

/* ---- commits ---------------------------------------------------------- */

bool
books_begin(struct books *books, struct err *e)
{
	if (books->broken)
		return err_set(e, ERR_STORE, "an earlier failure could not "
		    "be undone; restart");
	return db_begin(books->db, e);
}

bool
books_commit(struct books *books, struct err *e)
{
	if (!conserved(books, e) || !flush_tallies(books, e) ||
	    !flush_stands(books, e) ||
	    !flush_days(books, e) || !flush_misses(books, e) ||
	    !flush_balances(books, e) || !flush_senders(books, e) ||
	    !figures_flush(books, e) || !closing_flush(books, e) ||
	    !till_flush(books, e) || !bank_flush(books, e) ||
	    !gst_flush(books, e) || !tie_flush(books, e) ||
	    !outbox_flush(books, e) ||
	    !flush_touched(books, e) || !vault_commit(books->vault, e) ||
	    !db_commit(books->db, e))
		return false;
	clear_sums(books);
	return true;
}

void
books_rollback(struct books *books)
{
	struct err e = { 0 };

	db_rollback(books->db);
	clear_sums(books);
	bank_forget(books);
	books->broken = !load(books, &e);
}

/* ---- the rest of the one sequence ------------------------------------- */

bool
log_add(struct books *books, const char *kind, int64_t at,
    const char *actor, struct span body, int64_t *seq, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO log VALUES ($1, $2, $3, $4, $5)";
	struct stmt *s = db_stmt(books->db, SQL);
	char digest[SHA256_HEX];

	*seq = ++books->seq;
	stmt_int(s, 1, *seq);
	stmt_text(s, 2, kind);
	stmt_int(s, 3, at);
	stmt_text(s, 4, actor);
	stmt_span(s, 5, body);
	audit_log_digest(kind, at, actor, body, digest);
	return stmt_run(s, e) && audit_add(books, actor, "log",
	    arena_printf(books->arena, "L%lld", (long long)*seq), "",
	    arena_printf(books->arena, "kind=%s digest=%s", kind, digest), e);
}

bool
rules_keep(struct books *books, const char *digest, struct span files,
    struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO rules VALUES ($1, $2) ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, digest);
	stmt_span(s, 2, files);
	return stmt_run(s, e);
}
