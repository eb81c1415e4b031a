/*
 * What is said is judged by how lines and entries stand now, logged with all
 * that it names, then done. A rebuild does the same from the row of the log,
 * and what it did not find open then would be a fault of ours.
 */
#include "flow/bank.h"

#include <string.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/vec.h"
#include "flow/bank_inside.h"
#include "flow/inside.h"

static const char *const acts[BANK_ACTS] = { "match", "accept", "unmatch",
	"book", "ignore", "restore", "undo", "pair" };

const char *
bank_act_name(enum bank_act act)
{
	return acts[act];
}

bool
bank_act_find(const char *name, enum bank_act *out)
{
	for (int i = 0; i < BANK_ACTS; i++)
		if (strcmp(acts[i], name) == 0) {
			*out = (enum bank_act)i;
			return true;
		}
	return false;
}

/* ---- judging ------------------------------------------------------------ */

/* False: it is in it already. */
static bool
use(struct plan *p, char letter, int64_t id)
{
	struct span key = span_of(arena_id(p->arena, letter, id));

	if (map_find(p->used, key) != NULL)
		return false;
	map_set(p->used, key, p);
	return true;
}

static void
leave_out(struct bank_saying *said, int64_t line, const char *why)
{
	if (said->n_left++ < BANK_LEFT_MAX)
		said->left[said->n_left - 1] = (struct bank_left){ line,
		    why };
}

static void
of_entity(struct plan *p, const char *entity)
{
	if (p->entity == NULL)
		p->entity = entity;
	else if (strcmp(p->entity, entity) != 0)
		p->entity = "";
}

/* What a line came as and nobody could use: it is in the books now, or never
 * will be, so it is not to be posted once more. */
static bool
end_event(struct settler *settler, struct plan *p, int64_t line,
    struct err *e)
{
	static const char SQL[] = "SELECT e.seq, e.state FROM bank_line l"
	    " JOIN event e ON e.seq = l.event WHERE l.id = $1";
	struct stmt *s = db_stmt(settler_books(settler)->db, SQL);
	enum event_state state = EVENT_POSTED;
	int64_t seq;
	enum step step;

	stmt_int(s, 1, line);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	seq = col_int(s, 0);
	(void)event_state_find(col_text(s, 1), &state);
	stmt_reset(s);
	if (event_state_open(state) && event_state_may(state,
	    EVENT_DISMISSED) && use(p, 'E', seq))
		bank_plan_add(&p->events, seq);
	return true;
}

static bool
end_events(struct settler *settler, struct plan *p, const int64_t *lines,
    size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!end_event(settler, p, lines[i], e))
			return false;
	return true;
}

static bool
use_all(struct plan *p, const struct bank_pair *pair)
{
	for (size_t i = 0; i < pair->n_lines; i++)
		if (!use(p, 'L', pair->lines[i]))
			return false;
	for (size_t i = 0; i < pair->n_items; i++)
		if (!use(p, 'N', pair->items[i]))
			return false;
	return true;
}

/* In the currency of the line, as pairing reads it. */
static bool
tolerance_of(struct db *db, const char *account, int64_t line, int64_t *out,
    struct err *e)
{
	static const char SQL[] = "SELECT r.tolerance, l.currency"
	    " FROM bank_line l JOIN bank_rule r ON r.account IN ($1, '*')"
	    " WHERE l.id = $2 ORDER BY r.account = '*' LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	struct money tolerance;
	enum step step;

	*out = 0;
	stmt_text(s, 1, account);
	stmt_int(s, 2, line);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		if (money_parse(col_span(s, 0), col_text(s, 1), &tolerance))
			*out = tolerance.minor;
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* *why NULL: they may be one. */
static bool
judge_pair(struct settler *settler, struct plan *p,
    const struct bank_pair *pair, const char **why, struct err *e)
{
	struct db *db = settler_books(settler)->db;
	const char *entity, *account;
	int64_t off, tolerance;
	enum bank_open open;

	*why = NULL;
	if (!bank_look(db, pair, &open, &off, &entity, &account, p->arena,
	    e))
		return false;
	if (open == BANK_ABSENT)
		*why = "there is no such line or entry";
	else if (open == BANK_TAKEN)
		*why = "it is matched or ignored already";
	else if (open == BANK_APART)
		*why = "they are of different accounts or currencies";
	if (*why != NULL || !tolerance_of(db, account, pair->n_lines > 0 ?
	    pair->lines[0] : 0, &tolerance, e))
		return *why != NULL;
	if (pair->n_items == 0 && off != 0)
		*why = "these lines do not take each other back: say with "
		    "which entries they are one";
	else if (off > tolerance || off < -tolerance)
		*why = "they do not add up: book the difference, or match "
		    "what makes it";
	else if (!use_all(p, pair))
		*why = "it is named twice";
	if (*why != NULL)
		return true;
	of_entity(p, entity);
	*(struct bank_pair *)vec_add(&p->pairs) = *pair;
	return end_events(settler, p, pair->lines, pair->n_lines, e);
}

static bool
judge_match(struct settler *settler, struct bank_saying *said,
    struct plan *p, struct err *e)
{
	struct bank_pair pair = { "hand", "certain", "", said->lines,
	    said->items, said->n_lines, said->n_items };
	const char *why;

	return judge_pair(settler, p, &pair, &why, e) && (why == NULL ||
	    err_set(e, ERR_REFUSED, "%s", why));
}

/* What pairing found a moment ago, and still is so. */
static bool
judge_pairs(struct settler *settler, struct bank_saying *said,
    struct plan *p, struct err *e)
{
	const char *why;

	for (size_t i = 0; i < said->n_pairs && i < BANK_SAID_MAX; i++)
		if (!judge_pair(settler, p, &said->pairs[i], &why, e))
			return false;
	return true;
}

/* *why NULL: it stands like that. */
static bool
judge_line(struct settler *settler, struct plan *p, int64_t line,
    int64_t match, struct bank_standing *out, const char **why,
    struct err *e)
{
	bool found;

	*why = NULL;
	if (!bank_find(settler_books(settler)->db, line, p->arena, out,
	    &found, e))
		return false;
	if (!found)
		*why = "there is no such line";
	else if (match > 0 ? out->match <= 0 : out->match != match)
		*why = match > 0 ? "it is not matched" : match < 0 ?
		    "it is not ignored" : "it is matched or ignored already";
	else if (!use(p, 'L', line))
		*why = "it is named twice";
	if (*why == NULL)
		of_entity(p, out->entity);
	return true;
}

/* What was booked already comes in by itself. */
static bool
is_coming(struct db *db, const struct bank_standing *line, bool *yes,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM event e JOIN bank_line l"
	    " ON l.id = $1 AND e.number = l.number AND e.entity = l.entity"
	    " WHERE l.seq <> 0 AND e.state IN ('held', 'waiting')"
	    " AND e.state <> 'posted' LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, line->id);
	return stmt_found(s, yes, e);
}

/* Its document posted, and nobody says that the two are not the same: they were
 * taken apart. Another document would book the money twice. */
static bool
is_booked(struct db *db, const struct bank_standing *line, bool *yes,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM bank_line l JOIN bank_item i"
	    " ON i.entity = l.entity AND i.account = l.account"
	    " AND i.number = l.number AND i.amount = l.amount"
	    " AND i.currency = l.currency AND i.match = 0"
	    " WHERE l.id = $1 AND l.number <> '' LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, line->id);
	return stmt_found(s, yes, e);
}

/* NULL: the books did not refuse it. */
static const char *
refused(const struct bank_saying *said, int64_t line)
{
	for (size_t i = 0; i < said->n_apart; i++)
		if (said->apart[i].line == line)
			return said->apart[i].why;
	return NULL;
}

static bool
judge_booking(struct settler *settler, struct bank_saying *said,
    struct plan *p, int64_t line, const char *account, struct err *e)
{
	struct bank_standing standing;
	const char *why;
	struct booked *one;
	struct day day;
	struct db *db = settler_books(settler)->db;
	bool coming = false, booked = false;

	if (!judge_line(settler, p, line, 0, &standing, &why, e) ||
	    (why == NULL && (!is_coming(db, &standing, &coming, e) ||
	    !is_booked(db, &standing, &booked, e))))
		return false;
	if (coming)
		why = "it is booked, and waits for an approval";
	else if (booked)
		why = "it is booked already: match it with its document, or "
		    "reverse that";
	else if (why == NULL)
		bank_book_day(settler, &said->booking, &standing, account,
		    said->arena, &day, &why);
	if (why == NULL)
		why = refused(said, line);
	if (why == NULL && strcmp(standing.account, account) == 0)
		why = "it cannot be booked to the bank's own account";
	one = why == NULL ? vec_add(&p->bookings) : NULL;
	if (one == NULL) {
		leave_out(said, line, why != NULL ? why :
		    "more than may be booked at once");
		return true;
	}
	*one = (struct booked){ line, account };
	return end_event(settler, p, line, e);
}

static bool
habit_of(struct db *db, int64_t line, struct arena *arena,
    const char **account, struct err *e)
{
	static const char SQL[] = "SELECT code FROM bank_suggestion"
	    " WHERE line = $1 AND n = 1 AND code <> ''";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*account = NULL;
	stmt_int(s, 1, line);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*account = arena_strdup(arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* As before, unless the bank said the line itself before: that is booked. */
static bool
judge_habit(struct settler *settler, struct bank_saying *said,
    struct plan *p, int64_t line, const char *account, struct err *e)
{
	int64_t before;

	if (!bank_before(settler_books(settler)->db, line, &before, e))
		return false;
	if (before == 0)
		return judge_booking(settler, said, p, line, account, e);
	leave_out(said, line, arena_printf(said->arena, "the bank said it "
	    "before, as L%lld: ignore it, or book it yourself",
	    (long long)before));
	return true;
}

static bool
judge_accept(struct settler *settler, struct bank_saying *said,
    struct plan *p, int64_t line, struct err *e)
{
	struct db *db = settler_books(settler)->db;
	const char *why = NULL, *account;
	struct bank_pair pair;
	bool found;

	if (!bank_first(db, line, p->arena, &pair, &found, e))
		return false;
	if (found) {
		/* Another line of the same match brought it in. */
		if (map_find(p->used, span_of(arena_id(p->arena, 'L',
		    line))) != NULL)
			return true;
		if (!judge_pair(settler, p, &pair, &why, e))
			return false;
	} else {
		if (!habit_of(db, line, p->arena, &account, e))
			return false;
		if (account != NULL)
			return judge_habit(settler, said, p, line, account,
			    e);
		why = "nothing is suggested";
	}
	if (why != NULL)
		leave_out(said, line, why);
	return true;
}

static bool
judge_one(struct settler *settler, struct bank_saying *said, struct plan *p,
    int64_t line, struct err *e)
{
	struct bank_standing standing;
	const char *why;
	int64_t match = said->act == BANK_UNMATCH ? 1 :
	    said->act == BANK_RESTORE ? -1 : 0;

	if (!judge_line(settler, p, line, match, &standing, &why, e))
		return false;
	if (why != NULL) {
		leave_out(said, line, why);
		return true;
	}
	if (said->act == BANK_UNMATCH) {
		if (use(p, 'M', standing.match))
			bank_plan_add(&p->matches, standing.match);
		return true;
	}
	bank_plan_add(&p->lines, line);
	return said->act != BANK_IGNORE || end_event(settler, p, line, e);
}

static bool
judge_lines(struct settler *settler, struct bank_saying *said,
    struct plan *p, struct err *e)
{
	for (size_t i = 0; i < said->n_lines; i++) {
		int64_t line = said->lines[i];
		bool ok = said->act == BANK_ACCEPT ? judge_accept(settler,
		    said, p, line, e) : said->act == BANK_BOOK ?
		    judge_booking(settler, said, p, line,
		    said->booking.account, e) :
		    judge_one(settler, said, p, line, e);

		if (!ok)
			return false;
	}
	return bank_plan_size(p) > 0 || said->n_left != 1 || err_set(e,
	    ERR_REFUSED, "%s", said->left[0].why);
}

static bool
judge(struct settler *settler, struct bank_saying *said, struct plan *p,
    struct err *e)
{
	if (said->chosen) {
		said->lines = arena_alloc(said->arena, BANK_SAID_MAX *
		    sizeof *said->lines);
		if (!bank_gather(settler_books(settler)->db, &said->choice,
		    said->lines, BANK_SAID_MAX, &said->n_lines, &said->more,
		    e))
			return false;
	}
	if (said->act == BANK_MATCH)
		return judge_match(settler, said, p, e);
	return said->act == BANK_PAIR ? judge_pairs(settler, said, p, e) :
	    judge_lines(settler, said, p, e);
}

/* ---- saying ------------------------------------------------------------- */

static bool
say_plan(struct settler *settler, struct bank_saying *said, struct plan *p,
    int64_t now, struct err *e)
{
	if (!judge(settler, said, p, e))
		return false;
	if (bank_plan_size(p) == 0)
		return true;
	return bank_plan_log(settler, said, p, now, e) &&
	    bank_plan_do(settler, said, p, now, e);
}

/* What it booked is in the books: only its document takes that out. */
static bool
leave_booked(struct settler *settler, struct bank_saying *said,
    struct plan *p, struct err *e)
{
	struct db *db = settler_books(settler)->db;

	if (!bank_plan_booked(db, said->of, p, e))
		return false;
	for (size_t i = 0; i < p->bookings.n; i++) {
		const struct booked *one = vec_at(&p->bookings, i);
		const char *number = bank_book_number(said->arena, one->line,
		    said->of);
		struct bank_standing line;
		bool found;

		if (!bank_find(db, one->line, p->arena, &line, &found, e))
			return false;
		if (found && line.match > 0 && strcmp(line.number,
		    number) == 0)
			leave_out(said, one->line, arena_printf(said->arena,
			    "it is booked: reverse its document %s", number));
	}
	return true;
}

static bool
say_undo(struct settler *settler, struct bank_saying *said, struct plan *p,
    int64_t now, struct err *e)
{
	struct bank_word word = { said->actor, said->reason, now, 0 };
	int64_t kept;

	if (!bank_plan_log(settler, said, p, now, e))
		return false;
	word.seq = said->seq;
	if (!bank_undo(settler_books(settler), said->of, &word, &said->done,
	    &kept, e))
		return false;
	if (said->done > 0 && !leave_booked(settler, said, p, e))
		return false;
	said->n_left += kept;
	return said->done > 0 || err_set(e, said->n_left > 0 ? ERR_REFUSED :
	    ERR_NOT_FOUND, said->n_left > 0 ? "D%lld: something else was "
	    "said since" : "D%lld did nothing here that can be taken back; "
	    "what was booked is undone by its document",
	    (long long)said->of);
}

bool
bank_say_within(struct settler *settler, struct bank_saying *said,
    int64_t now, struct err *e)
{
	struct books *books = settler_books(settler);
	struct plan plan;
	bool ok;

	bank_plan_init(&plan, said->arena);
	settler->now = now;
	ok = said->act == BANK_UNDO ? say_undo(settler, said, &plan, now,
	    e) : say_plan(settler, said, &plan, now, e);
	bank_plan_free(&plan);
	return ok && (said->seq == 0 || audit_add(books, said->actor, "bank",
	    arena_id(books->arena, 'D', said->seq), "", arena_printf(
	    books->arena, "do=%s lines=%lld reason=%s",
	    bank_act_name(said->act), (long long)said->done, said->reason),
	    e));
}

static bool
say_once(struct settler *settler, struct bank_saying *said, struct err *e)
{
	struct books *books = settler_books(settler);
	bool ok;

	said->seq = said->done = said->n_left = said->held = 0;
	said->refused = false;
	if (!books_begin(books, e))
		return false;
	ok = bank_say_within(settler, said, clock_now(), e) &&
	    books_commit(books, e);
	if (!ok) {
		release_forget(settler);
		books_rollback(books);
	}
	return ok;
}

/* One line that the books refuse keeps none of the others. */
bool
bank_say(struct settler *settler, struct bank_saying *said, struct err *e)
{
	while (!say_once(settler, said, e)) {
		if (!said->refused)
			return false;
		*e = (struct err){ 0 };
	}
	return true;
}
