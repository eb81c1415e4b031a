/* Called by the loop. What is acted on is what was drawn: by the row's own
 * name, and not when it is drawn as it no longer is. */
#include "ui/banking.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/bank.h"
#include "ui/marks.h"
#include "ui/text.h"

/* ---- what is shown ------------------------------------------------------ */

/* Open ones, matched ones, ignored ones, and open ones again. */
static void
next_state(struct console *console)
{
	static const char *const states[] = { "", "matched", "ignored" };
	struct view *view = console_view(console);
	size_t at = 0;

	while (at < 2 && strcmp(states[at], view->place.key) != 0)
		at++;
	snprintf(view->place.key, sizeof view->place.key, "%s",
	    states[(at + 1) % 3]);
	view->asked = false;
	console_load(console);
	grid_first(&view->grid);
}

/* Lines, then the reconciliation statement, tills, payouts. */
static void
next_page(struct console *console)
{
	static const struct pane *const pages[] = { &pane_bank,
		&pane_bank_statement, &pane_bank_tills, &pane_bank_payouts };
	const struct pane *now = console_view(console)->place.pane;
	size_t at = 0;

	while (at < 3 && pages[at] != now)
		at++;
	console_top(console, pages[(at + 1) % 4], "");
}

static void
next_account(struct console *console)
{
	struct arena *arena = arena_new();
	const char *of = bank_next_account(console_view(console), arena);

	if (of != NULL)
		console_top(console, &pane_bank_statement, of);
	else
		console_say(console, false, _("There is no other account."));
	arena_free(&arena);
}

/* ---- what is acted on --------------------------------------------------- */

static void
take(struct wire_bank_word *word, const char **lines, const char **entries,
    const char *id)
{
	if (id[0] == 'L')
		lines[word->n_lines++] = id;
	else if (id[0] == 'N')
		entries[word->n_entries++] = id;
}

/* The marked rows, or the one under the cursor. */
static void
collect(struct console *console, struct wire_bank_word *word)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct arena *arena = console->pending.arena;
	size_t n = marks_single(view), at = 0;
	const char **lines = arena_alloc(arena, (n + 1) * sizeof *lines);
	const char **entries = arena_alloc(arena, (n + 1) * sizeof *entries);
	struct subject subject;
	struct span key;
	void *value;

	while (n > 0 && map_next(view->marks, &at, &key, &value)) {
		const struct subject *mark = value;

		if (mark->kind == SUBJECT_ROW)
			take(word, lines, entries, arena_strdup(arena,
			    mark->source));
	}
	if (n == 0 && row != NULL && view->place.pane->subject(view, row,
	    &subject))
		take(word, lines, entries, arena_strdup(arena,
		    subject.source));
	word->lines = lines;
	word->entries = entries;
}

/* How much it is of those rows: L, lines of statements; N, entries. */
static const char *
sum_of(struct console *console, char kind)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct arena *arena = console->pending.arena;
	size_t n = marks_single(view), at = 0, got = 0;
	const struct subject **all = arena_alloc(arena, (n + 1) *
	    sizeof *all);
	struct subject *own = arena_alloc(arena, sizeof *own);
	const char *text;
	struct span key;
	void *value;

	while (n > 0 && map_next(view->marks, &at, &key, &value)) {
		const struct subject *mark = value;

		if (mark->kind == SUBJECT_ROW && mark->source[0] == kind)
			all[got++] = mark;
	}
	if (n == 0 && row != NULL && view->place.pane->subject(view, row,
	    own) && own->source[0] == kind)
		all[got++] = own;
	text = actions_sum(arena, all, got);
	return text != NULL && text[0] != '\0' ? text : _("no amounts");
}

static struct wire_bank_word *
start(struct console *console, const char *act)
{
	actions_new(console);
	console->pending.bank = (struct wire_bank_word){ .act = act };
	return &console->pending.bank;
}

/* NULL: there is no line, which is said. */
static struct wire_bank_word *
begin(struct console *console, const char *act)
{
	struct wire_bank_word *word;

	if (!actions_online(console))
		return NULL;
	word = start(console, act);
	collect(console, word);
	if (strcmp(act, "match") != 0)
		word->n_entries = 0;
	if (word->n_lines > 0 && word->n_lines <= WIRE_BANK_ROWS)
		return word;
	console_say(console, true, word->n_lines == 0 ?
	    _("No line of a statement is here.") :
	    _("Too many marked at once."));
	actions_drop(console);
	return NULL;
}

/* ---- what is said ------------------------------------------------------- */

static void
accept(struct console *console)
{
	struct wire_bank_word *word = begin(console, "accept");

	if (word == NULL)
		return;
	if (word->n_lines == 1)
		actions_answer(console, 'y');
	else
		actions_ask(console, arena_printf(console->pending.arena,
		    _("Accept what is suggested for %zu lines, %s?"),
		    word->n_lines, sum_of(console, 'L')));
}

static bool
find_row(struct console *console, struct arena *arena, struct bank_row *out)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	const char *name = view->place.key[0] == '\0' ? "bank" :
	    arena_printf(arena, "bank/%s", view->place.key);
	struct bank_rows rows;
	struct span json;

	for (int page = 0; row != NULL && page < VIEW_PAGES; page++) {
		if (!cache_find(console->cache, arena, "view",
		    view_page(arena, name, page), &json) ||
		    !bank_read(json, arena, &rows))
			break;
		for (size_t i = 0; i < rows.n; i++)
			if (strcmp(rows.items[i].id, row->key) == 0) {
				*out = rows.items[i];
				return true;
			}
	}
	return false;
}

/* All that this rule suggests for the account of the row. */
static void
accept_alike(struct console *console)
{
	struct wire_bank_word *word;
	struct bank_row row;

	if (!actions_online(console))
		return;
	word = start(console, "accept");
	if (!find_row(console, console->pending.arena, &row) ||
	    row.rule[0] == '\0') {
		console_say(console, true,
		    _("Nothing is suggested for this row."));
		actions_drop(console);
		return;
	}
	word->entity = row.entity;
	word->of = row.account;
	word->rule = row.rule;
	actions_ask(console, arena_printf(console->pending.arena,
	    _("Accept every suggestion \"%s\" of %s that nothing else fits "
	    "as well as?"), bank_rule(row.rule), text_cut(
	    console->pending.arena, row.account, 20)));
}

static void
match(struct console *console)
{
	struct wire_bank_word *word = begin(console, "match");

	if (word == NULL)
		return;
	if (word->n_entries > 0) {
		actions_why(console, _("They are the same money, because: "),
		    NULL, arena_printf(console->pending.arena,
		    _("Match %zu at the bank, %s, with %zu in books, %s?"),
		    word->n_lines, sum_of(console, 'L'), word->n_entries,
		    sum_of(console, 'N')));
		return;
	}
	if (word->n_lines > 1) {
		actions_why(console, _("They are the same money, because: "),
		    NULL, arena_printf(console->pending.arena,
		    _("Match %zu at the bank with each other, %s?"),
		    word->n_lines, sum_of(console, 'L')));
		return;
	}
	console_say(console, true, _("Mark lines of the statement and entries "
	    "in books, then match them."));
	actions_drop(console);
}

static const char *booking;	/* how much it is; with what is pending */

static bool
is_of(const struct wire_bank_word *word, const char *id)
{
	for (size_t i = 0; i < word->n_lines; i++)
		if (strcmp(word->lines[i], id) == 0)
			return true;
	return false;
}

/* The day on which those are booked whose own period is closed; NULL: none
 * is. */
static const char *
closed_into(struct console *console, const struct wire_bank_word *word)
{
	struct arena *arena = console->pending.arena;
	const char *out = NULL;
	struct bank_rows rows;
	struct span json;

	for (int page = 0; page < VIEW_PAGES && cache_find(console->cache,
	    arena, "view", view_page(arena, "bank", page), &json) &&
	    bank_read(json, arena, &rows); page++)
		for (size_t i = 0; i < rows.n; i++) {
			const char *into = rows.items[i].into;

			if (into[0] != '\0' && is_of(word,
			    rows.items[i].id) && (out == NULL ||
			    strcmp(into, out) > 0))
				out = into;
		}
	return out;
}

static const char *
booked_question(struct arena *arena, const struct wire_bank_word *word)
{
	const char *to = text_cut(arena, word->account, 20);

	if (word->into != NULL)
		return arena_printf(arena, ngettext("Its period is closed. "
		    "Book %zu line, %s, to %s on %s?", "Book %zu lines, %s, "
		    "to %s, those of closed periods on %s?", word->n_lines),
		    word->n_lines, booking, to, text_day(arena, word->into));
	return arena_printf(arena, ngettext("Book %zu line, %s, to %s?",
	    "Book %zu lines, %s, to %s?", word->n_lines), word->n_lines,
	    booking, to);
}

/* "5230", "5230 18" with GST inside, "5230 18 inter". */
static void
typed_account(struct console *console)
{
	struct wire_bank_word *word = &console->pending.bank;
	struct arena *arena = console->pending.arena;
	char *at = arena_strdup(arena, console->input), *rest;
	const char *words[3] = { NULL, NULL, NULL };

	for (int i = 0; i < 3; i++)
		words[i] = strtok_r(i == 0 ? at : NULL, " ", &rest);
	if (words[0] == NULL) {
		actions_drop(console);
		console_say(console, false, _("Nothing was done."));
		return;
	}
	word->account = words[0];
	word->gst = words[1];
	word->supply = words[2];
	word->into = closed_into(console, word);
	actions_why(console, _("Booked, because: "), NULL,
	    booked_question(arena, word));
}

static void
book(struct console *console)
{
	struct wire_bank_word *word = begin(console, "book");
	struct bank_row row = { .to = "" };

	if (word == NULL)
		return;
	if (!find_row(console, console->pending.arena, &row))
		row.to = "";
	booking = sum_of(console, 'L');
	console_line(console, _("Book to account (and GST inside, percent): "),
	    row.to, typed_account);
}

static void
ignore(struct console *console)
{
	struct wire_bank_word *word = begin(console, "ignore");

	if (word != NULL)
		actions_why(console, _("Not for the books, because: "), NULL,
		    arena_printf(console->pending.arena, ngettext("Ignore %zu "
		    "line, %s?", "Ignore %zu lines, %s?", word->n_lines),
		    word->n_lines, sum_of(console, 'L')));
}

/* What stands elsewhere is not asked about here. */
static bool
shows(struct console *console, const char *state, const char *else_say)
{
	bool here = strcmp(console_view(console)->place.key, state) == 0;

	if (!here)
		console_say(console, true, else_say);
	return here;
}

static void
take_apart(struct console *console)
{
	struct wire_bank_word *word = shows(console, "matched", _("Nothing "
	    "here is matched: s shows what is.")) ? begin(console,
	    "unmatch") : NULL;

	if (word != NULL)
		actions_why(console, _("Not the same money, because: "), NULL,
		    arena_printf(console->pending.arena, ngettext("Take the "
		    "match of %zu line apart, %s?", "Take the matches of %zu "
		    "lines apart, %s?", word->n_lines), word->n_lines,
		    sum_of(console, 'L')));
}

static void
take_back(struct console *console)
{
	struct wire_bank_word *word;
	struct span said;

	if (!actions_online(console))
		return;
	word = start(console, "undo");
	if (!cache_find(console->cache, console->pending.arena, "bank",
	    "said", &said)) {
		console_say(console, true, _("You said nothing here yet."));
		actions_drop(console);
		return;
	}
	word->decision = arena_strndup(console->pending.arena, said.p,
	    said.n);
	actions_ask(console, arena_printf(console->pending.arena,
	    _("Take back %s?"), word->decision));
}

static void
restore(struct console *console)
{
	if (shows(console, "ignored", _("Nothing here is ignored: s shows "
	    "what is.")) && begin(console, "restore") != NULL)
		actions_answer(console, 'y');
}

bool
banking_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_BANK: console_top(console, &pane_bank, ""); break;
	case ACT_BANK_PAGE: next_page(console); break;
	case ACT_BANK_NEXT: next_account(console); break;
	case ACT_BANK_STATE: next_state(console); break;
	case ACT_BANK_ACCEPT: accept(console); break;
	case ACT_BANK_ALIKE: accept_alike(console); break;
	case ACT_BANK_MATCH: match(console); break;
	case ACT_BANK_BOOK: book(console); break;
	case ACT_BANK_IGNORE: ignore(console); break;
	case ACT_BANK_APART: take_apart(console); break;
	case ACT_BANK_RESTORE: restore(console); break;
	case ACT_BANK_UNDO: take_back(console); break;
	default: return false;
	}
	return true;
}
