/*
 * The close board and what people say on it.  Reading asks the writer to note
 * a sign-off that the figures have overtaken; all else is flow/close.c.
 */
#include "api/inside.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/log.h"
#include "flow/close.h"
#include "flow/pump.h"

#define BOARD_MAX (1 << 20)
#define ENTITY_MAX 128

/* ---- noting what was overtaken ---------------------------------------- */

struct overtaken {
	struct consistency *consistency;
	char entity[ENTITY_MAX + 1], period[8];
};

/* On the writer's thread. */
static bool
note(struct settler *settler, void *arg)
{
	struct overtaken *job = arg;
	struct err e = { 0 };

	if (!close_suspend(settler, job->consistency, job->entity,
	    job->period, &e))
		log_line(LOG_ERROR, "close.suspend", "period=\"%s/%s\" "
		    "why=\"%s\"", job->entity, job->period, e.why);
	free(job);
	return false;
}

static void
note_overtaken(struct call *call, const struct board *board)
{
	struct overtaken *job;
	struct err e = { 0 };

	if (!close_moved(board))
		return;
	job = calloc(1, sizeof *job);
	if (job == NULL)
		bug("out of memory");
	job->consistency = api_options(call->api)->consistency;
	snprintf(job->entity, sizeof job->entity, "%s", board->entity);
	snprintf(job->period, sizeof job->period, "%s", board->period);
	/* A busy writer is asked again at the next look. */
	if (!pump_call(api_pump(call->api), note, job, &e))
		free(job);
}

/* ---- the board -------------------------------------------------------- */

static const char *
state_of(const struct board_line *line)
{
	if (!line->ok)
		return "open";
	return line->signer == NULL ? "clean" : line->suspended ?
	    "suspended" : "signed";
}

static void
write_signed(struct json *j, const struct board_line *line)
{
	char at[25];

	json_key(j, "signed");
	if (line->signer == NULL) {
		json_null(j);
		return;
	}
	clock_format(line->signed_at, at);
	json_open(j, '{');
	json_kstr(j, "by", line->signer);
	json_kstr(j, "at", at);
	json_kstr(j, "figures", line->signed_figures);
	json_key(j, "suspended");
	json_bool(j, line->suspended);
	json_close(j, '}');
}

static void
write_due(struct json *j, const struct board *board,
    const struct board_line *line)
{
	struct day due, today = day_from_time(clock_now());

	json_kstr(j, "owner", line->owner[0] != '\0' ? line->owner : NULL);
	json_key(j, "due");
	if (line->due == 0) {
		json_null(j);
		json_key(j, "days_left");
		json_null(j);
		return;
	}
	due = period_due(board->period, line->due);
	json_str(j, due.text);
	json_kint(j, "days_left", day_between(today, due));
}

static void
write_amount(struct json *j, const struct board_line *line)
{
	struct money money = { .minor = line->amount };
	struct str text;

	snprintf(money.currency, sizeof money.currency, "%s",
	    line->currency);
	json_kstr(j, "currency", line->currency[0] != '\0' ?
	    line->currency : NULL);
	json_key(j, "amount");
	if (line->currency[0] == '\0') {
		json_null(j);
		return;
	}
	str_init(&text, 64);
	money_plain(money, &text);
	json_span(j, str_span(&text));
	str_free(&text);
}

static void
write_line(struct json *j, const struct board *board, int at)
{
	const struct board_line *line = &board->lines[at];
	const struct close_info *info = close_info((enum close_line)at);

	json_open(j, '{');
	json_kstr(j, "line", info->name);
	json_kstr(j, "state", state_of(line));
	json_key(j, "ok");
	json_bool(j, line->ok);
	json_kstr(j, "sentence", info->sentence);
	json_kstr(j, "note", line->note);
	json_kint(j, "count", line->count);
	write_amount(j, line);
	json_kstr(j, "figures", line->figures);
	write_due(j, board, line);
	write_signed(j, line);
	json_kstr(j, "pane", info->pane);
	json_close(j, '}');
}

static void
write_reopening(struct json *j, const struct board *board)
{
	char at[25];

	json_key(j, "reopening");
	if (board->author == NULL) {
		json_null(j);
		return;
	}
	clock_format(board->asked_at, at);
	json_open(j, '{');
	json_kstr(j, "by", board->author);
	json_kstr(j, "at", at);
	json_kstr(j, "reason", board->reason);
	json_close(j, '}');
}

static bool
write_board(struct call *call, const struct board *board, struct json *j,
    struct err *e)
{
	json_open(j, '{');
	json_kstr(j, "entity", board->entity);
	json_kstr(j, "period", board->period);
	json_kstr(j, "state", board->state);
	json_kint(j, "open", board->open);
	json_kint(j, "unsigned", board->unsigned_lines);
	json_key(j, "ready");
	json_bool(j, board->state != NULL && board->open == 0 &&
	    board->unsigned_lines == 0);
	write_reopening(j, board);
	json_key(j, "items");
	json_open(j, '[');
	for (int i = 0; i < CLOSE_LINES; i++)
		write_line(j, board, i);
	json_close(j, ']');
	json_key(j, "entities");
	if (!board_entities(call->db, j, e))
		return false;
	json_key(j, "periods");
	if (!board_periods(call->db, board->entity, j, e))
		return false;
	json_close(j, '}');
	return true;
}

static bool
find_default(struct call *call, const char **entity, const char **period,
    struct err *e)
{
	const char *first;
	char month[8];

	*entity = call_query(call, "entity");
	*period = call_query(call, "period");
	if (*period != NULL && !period_valid(*period))
		return err_set(e, ERR_REQUEST, "period: YYYY-MM");
	day_period(day_from_time(clock_now()), month);
	if (*entity == NULL) {
		if (!board_default(call->db, call->arena, month, entity,
		    &first, e))
			return false;
		if (*entity == NULL)
			return err_set(e, ERR_NOT_FOUND, "no entity");
		*period = *period != NULL ? *period : first;
	}
	return *period != NULL || board_period(call->db, call->arena,
	    *entity, month, period, e);
}

void
close_get(struct call *call)
{
	const char *entity, *period;
	struct board board;
	struct answer a;
	bool ok;

	answer_start(&a, BOARD_MAX);
	ok = find_default(call, &entity, &period, &a.e) &&
	    close_board(call->db, call->arena,
	    api_options(call->api)->consistency, entity, period, &board,
	    &a.e) && write_board(call, &board, &a.j, &a.e);
	if (ok)
		note_overtaken(call, &board);
	answer_end(call, &a, ok);
}

/* ---- the metric ------------------------------------------------------- */

struct counting {
	struct call *call;
	void (*each)(void *, const char *entity, const char *period, int n);
	void *arg;
};

static bool
count(void *arg, const char *entity, const char *period, struct err *e)
{
	struct counting *c = arg;
	struct arena *arena = arena_new();
	struct board board;
	bool ok = close_board(c->call->db, arena,
	    api_options(c->call->api)->consistency, entity, period, &board,
	    e);

	if (ok) {
		note_overtaken(c->call, &board);
		c->each(c->arg, entity, period, board.open);
	}
	arena_free(&arena);
	return ok;
}

bool
close_figures(struct call *call, void (*each)(void *, const char *entity,
    const char *period, int n), void *arg, struct err *e)
{
	struct counting c = { call, each, arg };
	char month[8];

	day_period(day_from_time(clock_now()), month);
	return board_current(call->db, month, count, &c, e);
}

/* ---- saying ----------------------------------------------------------- */

struct said_of_close {
	struct arena *arena;
	struct consistency *consistency;
	struct close_word word;
	const char *state;	/* of the period, afterwards */
};

static bool
say(struct settler *settler, void *what, struct err *e)
{
	struct said_of_close *said = what;

	return close_say(settler, said->consistency, &said->word,
	    said->arena, &said->state, e);
}

static void
show_said(struct json *j, const void *what)
{
	const struct said_of_close *said = what;

	json_open(j, '{');
	json_kstr(j, "entity", said->word.entity);
	json_kstr(j, "period", said->word.period);
	json_kstr(j, "state", said->state);
	json_kstr(j, "line", said->word.line);
	json_close(j, '}');
}

static bool
read_word(struct call *call, const cJSON *tree, void *what, struct err *e)
{
	struct said_of_close *said = what;
	struct close_word *word = &said->word;
	struct arena *arena = call->arena;

	if (!body_text(tree, "entity", ENTITY_MAX, arena, &word->entity, e) ||
	    !body_text(tree, "period", 7, arena, &word->period, e) ||
	    !body_text(tree, "line", 40, arena, &word->line, e) ||
	    !body_text(tree, "figures", BOARD_FIGURES, arena, &word->figures,
	    e) || !body_reason(tree, arena, &word->reason, e))
		return false;
	if (word->entity == NULL || word->period == NULL ||
	    !period_valid(word->period))
		return err_set(e, ERR_REQUEST, "entity and period");
	return word->act != CLOSE_REOPEN || word->reason[0] != '\0' ||
	    err_set(e, ERR_REQUEST, "this needs a reason");
}

static void
hand_over(struct call *call, enum close_act act)
{
	static const struct wording wording = { read_word, say, show_said };
	struct said_of_close *said = arena_alloc(call->arena, sizeof *said);

	*said = (struct said_of_close){ .arena = call->arena,
	    .consistency = api_options(call->api)->consistency,
	    .word = { .act = act, .actor = call->caller.name } };
	wording_offer(call, &wording, said);
}

void
close_sign_post(struct call *call)
{
	hand_over(call, CLOSE_SIGN);
}

void
close_soft_post(struct call *call)
{
	hand_over(call, CLOSE_SOFT);
}

void
close_close_post(struct call *call)
{
	hand_over(call, CLOSE_CLOSE);
}

void
close_reopen_post(struct call *call)
{
	hand_over(call, CLOSE_REOPEN);
}

void
close_agree_post(struct call *call)
{
	hand_over(call, CLOSE_AGREE);
}
