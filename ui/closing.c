/*
 * What a person says on the close board.  Everything is asked about with
 * entity, period and figures, and sent with what was on the screen.
 */
#include "ui/closing.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/text.h"

/* ---- another one ------------------------------------------------------- */

static void
go(struct console *console, const char *entity, const char *period)
{
	struct view *view = console_view(console);
	const char *key = arena_printf(console->pending.arena, "%s/%s",
	    entity, period);

	if (strlen(key) >= sizeof view->place.key)
		return;
	memcpy(view->place.key, key, strlen(key) + 1);
	view->asked = false;
	console_load(console);
	grid_first(&view->grid);
}

static void
go_period(struct console *console, const struct wire_close *board, int step)
{
	int at = close_at(board) + step;

	if (at >= 0 && at < (int)board->n_periods)
		go(console, board->entity, board->periods[at].period);
}

static void
find_period(struct console *console, const char *period)
{
	struct wire_close board;

	actions_new(console);
	if (!close_find(console->cache, console->pending.arena,
	    console_view(console)->place.key, &board))
		return;
	for (size_t i = 0; i < board.n_periods; i++)
		if (strcmp(board.periods[i].period, period) == 0) {
			go(console, board.entity, board.periods[i].period);
			return;
		}
	console_say(console, true, _("There is no such period."));
}

static void
typed_period(struct console *console)
{
	find_period(console, console->input);
}

static void
go_entity(struct console *console, const struct wire_close *board)
{
	size_t at = 0;

	while (at < board->n_entities &&
	    strcmp(board->entities[at], board->entity) != 0)
		at++;
	if (board->n_entities > 0)
		go(console, board->entities[(at + 1) % board->n_entities],
		    board->period);
}

/* ---- saying ------------------------------------------------------------ */

static const struct wire_close_line *
line_of(struct console *console, const struct wire_close *board)
{
	const struct row *row = grid_row(&console_view(console)->grid);

	for (size_t i = 0; row != NULL && i < board->n; i++)
		if (strcmp(board->lines[i].line, row->key) == 0)
			return &board->lines[i];
	return NULL;
}

static void
sign(struct console *console, const struct wire_close *board,
    struct wire_close_word *word)
{
	struct arena *arena = console->pending.arena;
	const struct wire_close_line *line = line_of(console, board);

	if (line == NULL || !line->ok) {
		console_say(console, true, line == NULL ?
		    _("Nothing here to sign off.") :
		    _("It is open: Enter shows what keeps it so."));
		return;
	}
	word->what = "sign";
	word->line = line->line;
	word->figures = line->figures;
	actions_ask(console, arena_printf(arena,
	    _("Sign off %s of %s %s (%s)?"), text_tame(arena, line->line),
	    text_tame(arena, board->entity),
	    text_tame(arena, board->period), line->figures[0] != '\0' ?
	    text_cut(arena, line->figures, 120) : "-"));
}

static void
move(struct console *console, const struct wire_close *board,
    struct wire_close_word *word, const char *what, const char *question)
{
	struct arena *arena = console->pending.arena;

	word->what = what;
	actions_ask(console, arena_printf(arena, question,
	    text_tame(arena, board->entity),
	    text_tame(arena, board->period)));
}

static void
reopen(struct console *console, const struct wire_close *board,
    struct wire_close_word *word)
{
	struct arena *arena = console->pending.arena;

	word->what = "reopen";
	actions_why(console, _("Open again, because: "), NULL, arena_printf(
	    arena, _("Ask that %s %s is opened again?"),
	    text_tame(arena, board->entity),
	    text_tame(arena, board->period)));
}

static void
say(struct console *console, const struct wire_close *board, enum act act)
{
	struct wire_close_word *word = &console->pending.close;

	word->entity = board->entity;
	word->period = board->period;
	switch ((int)act) {
	case ACT_SIGN: sign(console, board, word); break;
	case ACT_SOFT:
		move(console, board, word, "soft",
		    _("Close %s %s softly: nothing more posts as it comes?"));
		break;
	case ACT_SHUT:
		move(console, board, word, "close", _("Close %s %s?"));
		break;
	case ACT_REOPEN: reopen(console, board, word); break;
	case ACT_AGREE:
		move(console, board, word, "reopen/approve",
		    _("Open %s %s again, as somebody else asked?"));
		break;
	}
}

void
closing_act(struct console *console, enum act act)
{
	struct wire_close board;

	actions_new(console);
	if (!close_find(console->cache, console->pending.arena,
	    console_view(console)->place.key, &board))
		return;
	switch ((int)act) {
	case ACT_EARLIER: go_period(console, &board, -1); break;
	case ACT_LATER: go_period(console, &board, 1); break;
	case ACT_PERIOD:
		console_line(console, _("Period (2026-10): "), "",
		    typed_period);
		break;
	case ACT_COMPANY: go_entity(console, &board); break;
	default:
		/* A sign-off is bound to its figures; what moves a period is
		 * not. */
		if (act == ACT_SIGN ? actions_may(console) :
		    actions_online(console))
			say(console, &board, act);
	}
}
