/* A plan written to the log and done: the same now and in a rebuild. */
#include "flow/bank_inside.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "flow/inside.h"

#define SAY "bank"

/* ---- plans -------------------------------------------------------------- */

void
bank_plan_init(struct plan *p, struct arena *arena)
{
	*p = (struct plan){ .arena = arena, .used = map_new() };
	vec_init(&p->pairs, sizeof(struct bank_pair), BANK_SAID_MAX);
	vec_init(&p->lines, sizeof(int64_t), BANK_SAID_MAX);
	vec_init(&p->matches, sizeof(int64_t), BANK_SAID_MAX);
	vec_init(&p->bookings, sizeof(struct booked), BANK_BOOK_MAX);
	vec_init(&p->events, sizeof(int64_t), 16 * BANK_SAID_MAX);
}

void
bank_plan_free(struct plan *p)
{
	vec_free(&p->pairs);
	vec_free(&p->lines);
	vec_free(&p->matches);
	vec_free(&p->bookings);
	vec_free(&p->events);
	map_free(&p->used, NULL);
}

size_t
bank_plan_size(const struct plan *p)
{
	return p->pairs.n + p->lines.n + p->matches.n + p->bookings.n;
}

void
bank_plan_add(struct vec *vec, int64_t id)
{
	int64_t *at = vec_add(vec);

	if (at != NULL)
		*at = id;
}

/* ---- the row of the log ------------------------------------------------- */

static void
write_ids(struct json *j, const char *key, const int64_t *ids, size_t n)
{
	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		json_int(j, ids[i]);
	json_close(j, ']');
}

static void
write_vec(struct json *j, const char *key, const struct vec *ids)
{
	if (ids->n > 0)
		write_ids(j, key, ids->p, ids->n);
}

static void
write_pairs(struct json *j, const struct vec *pairs)
{
	if (pairs->n == 0)
		return;
	json_key(j, "pairs");
	json_open(j, '[');
	for (size_t i = 0; i < pairs->n; i++) {
		const struct bank_pair *pair = vec_at(pairs, i);

		json_open(j, '{');
		json_kstr(j, "rule", pair->rule);
		json_kstr(j, "sure", pair->sure);
		json_kstr(j, "by", pair->by != NULL ? pair->by : "");
		write_ids(j, "lines", pair->lines, pair->n_lines);
		write_ids(j, "items", pair->items, pair->n_items);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
write_bookings(struct json *j, const struct vec *bookings)
{
	if (bookings->n == 0)
		return;
	json_key(j, "bookings");
	json_open(j, '[');
	for (size_t i = 0; i < bookings->n; i++) {
		const struct booked *one = vec_at(bookings, i);

		json_open(j, '{');
		json_kint(j, "line", one->line);
		json_kstr(j, "account", one->account);
		json_close(j, '}');
	}
	json_close(j, ']');
}

bool
bank_plan_log(struct settler *settler, struct bank_saying *said,
    const struct plan *p, int64_t now, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 64 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", SAY);
	json_kstr(&j, "do", bank_act_name(said->act));
	json_kstr(&j, "reason", said->reason);
	if (p->entity != NULL && *p->entity != '\0')
		json_kstr(&j, "entity", p->entity);
	if (said->of != 0)
		json_kint(&j, "of", said->of);
	write_pairs(&j, &p->pairs);
	write_vec(&j, "lines", &p->lines);
	write_vec(&j, "matches", &p->matches);
	write_bookings(&j, &p->bookings);
	write_vec(&j, "ends", &p->events);
	json_close(&j, '}');
	ok = log_add(settler_books(settler), "decision", now, said->actor,
	    str_span(&body), &said->seq, e);
	str_free(&body);
	return ok;
}

/* ---- doing -------------------------------------------------------------- */

static bool
join(struct books *books, const struct bank_pair *pair,
    const struct bank_word *word, struct err *e)
{
	const char *entity, *account;
	enum bank_open open;
	int64_t off;

	if (!bank_look(books->db, pair, &open, &off, &entity, &account,
	    books->arena, e))
		return false;
	return open == BANK_OPEN ? bank_join(books, pair, entity, account,
	    off, word, e) : err_set(e, ERR_CORRUPT, "D%lld matches what is "
	    "not open", (long long)word->seq);
}

/* The document comes next: now as an event that is made here, in a rebuild as
 * the next row of the log. */
static bool
book(struct settler *settler, struct bank_saying *said,
    const struct booked *one, const struct bank_word *word, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *number = bank_book_number(books->arena, one->line,
	    word->seq);
	struct bank_standing line;
	bool found, held = false;

	if (!bank_find(books->db, one->line, books->arena, &line, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "D%lld books a line that is "
		    "not there", (long long)word->seq);
	if (!bank_expect(books, &line, number, one->account, word, e) ||
	    (!books->replaying && !bank_book_send(settler, said, &line,
	    number, one->account, word->at, &held, e)))
		return false;
	said->held += held;
	return true;
}

static bool
dismiss(struct settler *settler, int64_t seq, const struct bank_word *word,
    struct err *e)
{
	struct work *work = work_new();
	bool found, ok;

	ok = event_load(settler_books(settler)->db, seq, work->arena,
	    &work->event, &work->placing, &found, e);
	if (ok && found && event_state_may(work->event.state,
	    EVENT_DISMISSED))
		ok = settle_move(settler, work, EVENT_DISMISSED, word->actor,
		    arena_printf(work->arena, "bank D%lld %s",
		    (long long)word->seq, word->reason), e);
	work_free(&work);
	return ok;
}

static bool
do_lines(struct settler *settler, struct bank_saying *said,
    const struct plan *p, const struct bank_word *word, struct err *e)
{
	struct books *books = settler_books(settler);

	for (size_t i = 0; i < p->matches.n; i++)
		if (!bank_part(books, ((const int64_t *)p->matches.p)[i],
		    word, e))
			return false;
	for (size_t i = 0; i < p->lines.n; i++)
		if (!bank_ignore(books, ((const int64_t *)p->lines.p)[i],
		    said->act == BANK_IGNORE, word, e))
			return false;
	return true;
}

bool
bank_plan_do(struct settler *settler, struct bank_saying *said,
    const struct plan *p, int64_t now, struct err *e)
{
	struct bank_word word = { said->actor, said->reason, now,
	    said->seq };

	for (size_t i = 0; i < p->pairs.n; i++)
		if (!join(settler_books(settler), vec_at(&p->pairs, i),
		    &word, e))
			return false;
	if (!do_lines(settler, said, p, &word, e))
		return false;
	for (size_t i = 0; i < p->events.n; i++)
		if (!dismiss(settler, ((const int64_t *)p->events.p)[i],
		    &word, e))
			return false;
	for (size_t i = 0; i < p->bookings.n; i++)
		if (!book(settler, said, vec_at(&p->bookings, i), &word, e))
			return false;
	said->done += (int64_t)bank_plan_size(p);
	return true;
}

/* ---- again -------------------------------------------------------------- */

static bool
read_vec(const cJSON *list, struct plan *p, struct vec *out)
{
	int64_t *ids;
	size_t n;

	if (!bank_ids_of(list, p->arena, &ids, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		bank_plan_add(out, ids[i]);
	return true;
}

static bool
read_pair(const cJSON *tree, struct plan *p)
{
	struct bank_pair *pair = vec_add(&p->pairs);
	int64_t *lines, *items;

	if (pair == NULL)
		return false;
	*pair = (struct bank_pair){ .rule = json_text(tree, "rule"),
	    .sure = json_text(tree, "sure"), .by = json_text(tree, "by") };
	if (pair->rule == NULL || pair->sure == NULL ||
	    !bank_ids_of(json_at(tree, "lines"), p->arena, &lines,
	    &pair->n_lines) || !bank_ids_of(json_at(tree, "items"), p->arena,
	    &items, &pair->n_items))
		return false;
	pair->lines = lines;
	pair->items = items;
	return true;
}

static bool
read_bookings(const cJSON *tree, struct plan *p)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_at(tree, "bookings")) {
		struct booked *booked = vec_add(&p->bookings);
		const char *account = json_text(one, "account");

		if (booked == NULL || account == NULL)
			return false;
		*booked = (struct booked){ json_digits(one, "line"),
		    arena_strdup(p->arena, account) };
	}
	return true;
}

bool
bank_plan_booked(struct db *db, int64_t decision, struct plan *p,
    struct err *e)
{
	static const char SQL[] = "SELECT body FROM log WHERE seq = $1"
	    " AND kind = 'decision'";
	struct stmt *s = db_stmt(db, SQL);
	struct err unread = { 0 };
	cJSON *tree = NULL;
	enum step step;
	bool ok;

	stmt_int(s, 1, decision);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	tree = json_strict(col_span(s, 0), &unread);
	stmt_reset(s);
	ok = tree != NULL && read_bookings(tree, p);
	cJSON_Delete(tree);
	return ok || err_set(e, ERR_CORRUPT, "D%lld of the log",
	    (long long)decision);
}

static bool
read_plan(const cJSON *tree, struct plan *p)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_at(tree, "pairs"))
		if (!read_pair(one, p))
			return false;
	return read_bookings(tree, p) &&
	    read_vec(json_at(tree, "lines"), p, &p->lines) &&
	    read_vec(json_at(tree, "matches"), p, &p->matches) &&
	    read_vec(json_at(tree, "ends"), p, &p->events);
}

static bool
replay(struct settler *settler, const cJSON *tree, struct bank_saying *said,
    int64_t at, struct err *e)
{
	struct bank_word word = { said->actor, said->reason, at, said->seq };
	struct plan plan;
	bool ok;

	if (said->act == BANK_UNDO)
		return bank_undo(settler_books(settler), json_digits(tree,
		    "of"), &word, &said->done, &said->n_left, e);
	bank_plan_init(&plan, said->arena);
	ok = read_plan(tree, &plan) ? bank_plan_do(settler, said, &plan, at,
	    e) : err_set(e, ERR_CORRUPT, "a decision of the log");
	bank_plan_free(&plan);
	return ok;
}

bool
bank_replay(struct settler *settler, const cJSON *tree, const char *actor,
    int64_t at, bool *mine, struct err *e)
{
	struct bank_saying said = { .actor = actor,
	    .reason = json_text(tree, "reason"),
	    .seq = settler_books(settler)->seq };
	const char *action = json_text(tree, "action");
	const char *what = json_text(tree, "do");
	bool ok;

	*mine = action != NULL && strcmp(action, SAY) == 0;
	if (!*mine)
		return true;
	if (what == NULL || said.reason == NULL || !bank_act_find(what,
	    &said.act))
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	said.arena = arena_new();
	ok = replay(settler, tree, &said, at, e);
	arena_free(&said.arena);
	return ok;
}
