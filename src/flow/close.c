/*
 * The close of a period, on the writer's thread: what is judged here was
 * computed in the same transaction, so that nothing can move in between.
 */
#include "flow/close.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/csv.h"
#include "core/json.h"
#include "store/master.h"

static const char *const words[CLOSE_ACTS] = {
	"sign", "soft-close", "close", "reopen", "reopen"
};

static const char *const states[CLOSE_ACTS] = {
	NULL, "soft", "closed", NULL, "open"
};

struct closing {
	struct settler *settler;
	struct books *books;
	const struct close_word *word;
	struct board board;
	const char *name;	/* ENTITY/PERIOD */
	int64_t now;
};

bool
close_board(struct db *db, struct arena *arena,
    struct consistency *consistency, const char *entity, const char *period,
    struct board *out, struct err *e)
{
	struct consistency_report *report = arena_alloc(arena,
	    sizeof *report);
	struct board_walk walk;

	consistency_read(consistency, report);
	walk = (struct board_walk){ report->passes > 0,
	    report->differences };
	return board_read(db, arena, entity, period, &walk, out, e);
}

bool
close_moved(const struct board *board)
{
	for (int i = 0; i < CLOSE_LINES; i++)
		if (board->lines[i].suspended &&
		    board->lines[i].suspended_at == 0)
			return true;
	return false;
}

/* ---- judging ---------------------------------------------------------- */

static bool
judge_sign(struct closing *c, struct err *e)
{
	const struct board_line *line;
	enum close_line at;

	if (c->word->line == NULL || !close_line_find(c->word->line, &at))
		return err_set(e, ERR_REQUEST, "line: no such line");
	line = &c->board.lines[at];
	if (strcmp(c->board.state, "closed") == 0)
		return err_set(e, ERR_REFUSED, "%s is closed", c->name);
	if (!line->ok)
		return err_set(e, ERR_REFUSED, "%s of %s is open: %lld, %s",
		    c->word->line, c->name, (long long)line->count,
		    line->figures);
	if (c->word->figures != NULL &&
	    strcmp(c->word->figures, line->figures) != 0)
		return err_set(e, ERR_STALE, "%s of %s is now \"%.120s\"",
		    c->word->line, c->name, line->figures);
	return true;
}

static bool
judge_order(struct closing *c, struct arena *arena, struct err *e)
{
	const char *before;

	if (!board_before(c->books->db, arena, c->board.entity,
	    c->board.period, states[c->word->act], &before, e))
		return false;
	return before == NULL || err_set(e, ERR_REFUSED,
	    "%s of %s comes first", before, c->board.entity);
}

static bool
judge_soft(struct closing *c, struct arena *arena, struct err *e)
{
	if (strcmp(c->board.state, "open") != 0)
		return err_set(e, ERR_REFUSED, "%s is %s", c->name,
		    c->board.state);
	return judge_order(c, arena, e);
}

static bool
judge_close(struct closing *c, struct arena *arena, struct err *e)
{
	if (strcmp(c->board.state, "closed") == 0)
		return err_set(e, ERR_REFUSED, "%s is closed", c->name);
	for (int i = 0; i < CLOSE_LINES; i++) {
		const struct board_line *line = &c->board.lines[i];
		const char *name = close_info((enum close_line)i)->name;

		if (!line->ok)
			return err_set(e, ERR_REFUSED, "%s of %s is open",
			    name, c->name);
		if (line->signer == NULL)
			return err_set(e, ERR_REFUSED, "%s of %s is not "
			    "signed off", name, c->name);
		if (line->suspended)
			return err_set(e, ERR_REFUSED, "%s of %s has moved "
			    "since it was signed off", name, c->name);
	}
	return judge_order(c, arena, e);
}

static bool
judge_reopen(struct closing *c, struct arena *arena, struct err *e)
{
	const char *after;

	if (strcmp(c->board.state, "open") == 0)
		return err_set(e, ERR_REFUSED, "%s is open", c->name);
	if (c->word->act == CLOSE_REOPEN && c->board.author != NULL)
		return err_set(e, ERR_REFUSED, "%s has asked for it already",
		    c->board.author);
	if (c->word->act == CLOSE_AGREE && c->board.author == NULL)
		return err_set(e, ERR_REFUSED, "nobody has asked for it");
	if (c->word->act == CLOSE_AGREE &&
	    strcmp(c->board.author, c->word->actor) == 0)
		return err_set(e, ERR_FORBIDDEN,
		    "%s asked for it; somebody else must approve",
		    c->word->actor);
	if (!board_after(c->books->db, arena, c->board.entity,
	    c->board.period, &after, e))
		return false;
	return after == NULL || err_set(e, ERR_REFUSED,
	    "%s of %s is closed; it comes first", after, c->board.entity);
}

static bool
judge(struct closing *c, struct arena *arena, struct err *e)
{
	if (c->board.state == NULL)
		return err_set(e, ERR_NOT_FOUND, "no period %s", c->name);
	switch (c->word->act) {
	case CLOSE_SIGN: return judge_sign(c, e);
	case CLOSE_SOFT: return judge_soft(c, arena, e);
	case CLOSE_CLOSE: return judge_close(c, arena, e);
	case CLOSE_REOPEN: case CLOSE_AGREE: return judge_reopen(c, arena, e);
	case CLOSE_ACTS: break;
	}
	return err_set(e, ERR_REQUEST, "no such act");
}

/* ---- doing ------------------------------------------------------------ */

static const char *
figures_of(const struct closing *c)
{
	enum close_line line;

	return c->word->act == CLOSE_SIGN && close_line_find(c->word->line,
	    &line) ? c->board.lines[line].figures : NULL;
}

static bool
log_word(struct closing *c, struct err *e)
{
	const struct close_word *word = c->word;
	struct str body;
	struct json j;
	int64_t seq;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", "period");
	json_kstr(&j, "do", words[word->act]);
	json_kstr(&j, "entity", word->entity);
	json_kstr(&j, "period", word->period);
	json_kstr(&j, "reason", word->reason);
	json_kstr(&j, "asked_by", c->board.author);
	json_kstr(&j, "line", word->line);
	json_kstr(&j, "figures", figures_of(c));
	json_close(&j, '}');
	ok = log_add(c->books, "decision", c->now, word->actor,
	    str_span(&body), &seq, e);
	str_free(&body);
	return ok;
}

static bool
import_state(struct closing *c, struct err *e)
{
	const struct close_word *word = c->word;
	struct str csv;
	int64_t seq;
	bool ok;

	str_init(&csv, 4096);
	str_adds(&csv, "entity,period,state\n");
	csv_write_plain(&csv, span_of(word->entity));
	str_addf(&csv, ",%s,%s\n", word->period, states[word->act]);
	ok = master_import(c->books, word->actor, "period", str_span(&csv),
	    &seq, e);
	str_free(&csv);
	return ok;
}

static bool
put_period(struct closing *c, struct err *e)
{
	const struct close_word *word = c->word;

	return log_word(c, e) && import_state(c, e) &&
	    reopening_drop(c->books, word->entity, word->period, e) &&
	    audit_add(c->books, word->actor, words[word->act], c->name,
	    c->board.state, arena_printf(c->books->arena,
	    "state=%s asked_by=%s reason=%s", states[word->act],
	    c->board.author != NULL ? c->board.author : "-", word->reason),
	    e);
}

static bool
put_sign(struct closing *c, struct err *e)
{
	const struct close_word *word = c->word;
	const char *figures = figures_of(c);

	return log_word(c, e) && signoff_put(c->books, word->entity,
	    word->period, word->line, word->actor, c->now, figures, e) &&
	    audit_add(c->books, word->actor, "sign", c->name, "",
	    arena_printf(c->books->arena, "line=%s figures=%s", word->line,
	    figures), e);
}

/* What is only asked for changes nothing yet: no row of the log. */
static bool
put_asked(struct closing *c, struct err *e)
{
	const struct close_word *word = c->word;

	return reopening_put(c->books, word->entity, word->period,
	    word->actor, c->now, word->reason, e) &&
	    audit_add(c->books, word->actor, "reopen.ask", c->name,
	    c->board.state, word->reason, e);
}

static bool
put(struct closing *c, struct err *e)
{
	books_touch(c->books, "close", c->name);
	switch (c->word->act) {
	case CLOSE_SIGN: return put_sign(c, e);
	case CLOSE_REOPEN: return put_asked(c, e);
	default: return put_period(c, e);
	}
}

bool
close_say(struct settler *settler, struct consistency *consistency,
    const struct close_word *word, struct arena *arena, const char **state,
    struct err *e)
{
	struct closing c = { settler, settler_books(settler), word,
	    { 0 }, NULL, clock_now() };

	c.name = arena_printf(arena, "%.60s/%.7s", word->entity,
	    word->period);
	if (!books_begin(c.books, e))
		return false;
	if (!close_board(c.books->db, arena, consistency, word->entity,
	    word->period, &c.board, e) || !judge(&c, arena, e) ||
	    !put(&c, e) || !books_commit(c.books, e)) {
		books_rollback(c.books);
		return false;
	}
	*state = states[word->act] != NULL ? states[word->act] :
	    c.board.state;
	return states[word->act] == NULL || settler_reload(settler, e);
}

/* ---- sign-offs that were overtaken ------------------------------------ */

static bool
suspend_lines(struct books *books, const struct board *board,
    struct err *e)
{
	const char *name = arena_printf(books->arena, "%s/%s", board->entity,
	    board->period);
	int64_t now = clock_now();

	for (int i = 0; i < CLOSE_LINES; i++) {
		const struct board_line *line = &board->lines[i];
		const char *of = close_info((enum close_line)i)->name;

		if (!line->suspended || line->suspended_at != 0)
			continue;
		if (!signoff_suspend(books, board->entity, board->period, of,
		    now, e) || !audit_add(books, "bahid", "sign.suspended",
		    name, arena_printf(books->arena, "line=%s figures=%s", of,
		    line->signed_figures), arena_printf(books->arena,
		    "signer=%s figures=%s", line->signer, line->figures), e))
			return false;
	}
	books_touch(books, "close", name);
	return true;
}

bool
close_suspend(struct settler *settler, struct consistency *consistency,
    const char *entity, const char *period, struct err *e)
{
	struct books *books = settler_books(settler);
	struct arena *arena = arena_new();
	struct board board;
	bool ok = books_begin(books, e);

	if (ok && !(close_board(books->db, arena, consistency, entity,
	    period, &board, e) && (!close_moved(&board) ||
	    suspend_lines(books, &board, e)) && books_commit(books, e))) {
		books_rollback(books);
		ok = false;
	}
	arena_free(&arena);
	return ok;
}

/* ---- again ------------------------------------------------------------ */

bool
close_replay(struct settler *settler, const cJSON *tree, const char *actor,
    int64_t at, bool *mine, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *action = json_text(tree, "action");
	const char *word = json_text(tree, "do");
	const char *entity = json_text(tree, "entity");
	const char *period = json_text(tree, "period");
	const char *line = json_text(tree, "line");
	const char *figures = json_text(tree, "figures");

	*mine = action != NULL && strcmp(action, "period") == 0;
	if (!*mine)
		return true;
	if (word == NULL || entity == NULL || period == NULL)
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	/* The state itself is the row of master data behind this one. */
	if (strcmp(word, words[CLOSE_SIGN]) != 0)
		return true;
	if (line == NULL || figures == NULL)
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	return signoff_put(books, entity, period, line, actor, at, figures,
	    e);
}
