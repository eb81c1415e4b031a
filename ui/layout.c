/*
 * Arranging columns. The grid asks layout_fit() for what it draws; nothing
 * else here is on the way of a key.
 */
#include "ui/layout.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/utf8.h"

#define WIDTH_MAX 120
#define HEAD_MAX 48

void
layout_reset(struct layout *layout, size_t n)
{
	*layout = (struct layout){ .n = n < GRID_CELLS ? n : GRID_CELLS,
	    .sort = -1, .chosen = -1 };
	for (size_t i = 0; i < layout->n; i++)
		layout->order[i] = (unsigned char)i;
}

bool
layout_own(const struct layout *layout)
{
	struct layout plain;

	layout_reset(&plain, layout->n);
	return layout->sort >= 0 ||
	    memcmp(plain.order, layout->order, sizeof plain.order) != 0 ||
	    memcmp(plain.show, layout->show, sizeof plain.show) != 0 ||
	    memcmp(plain.width, layout->width, sizeof plain.width) != 0;
}

/* ---- fitting ----------------------------------------------------------- */

static int
width_of(const struct layout *layout, const struct column *columns, size_t i)
{
	return layout->width[i] > 0 ? layout->width[i] : columns[i].width;
}

static bool
chosen(const struct layout *layout, size_t place)
{
	return layout->chosen >= 0 && (size_t)layout->chosen == place;
}

/* Does the column at this place stand, when those above are dropped? */
static bool
stands(const struct layout *layout, const struct column *columns,
    size_t place, int above)
{
	size_t i = layout->order[place];

	if (chosen(layout, place))
		return true;
	return layout->show[i] == SHOW_ALWAYS ||
	    (layout->show[i] == SHOW_AUTO && columns[i].drop <= above);
}

static int
take(const struct layout *layout, const struct column *columns, int above,
    struct layout_fit *out)
{
	int total = -1;

	out->n = 0;
	for (size_t place = 0; place < layout->n; place++) {
		size_t i = layout->order[place];

		if (!stands(layout, columns, place, above))
			continue;
		out->column[out->n] = (unsigned char)i;
		out->width[out->n++] = width_of(layout, columns, i);
		total += width_of(layout, columns, i) + 1;
	}
	return total;
}

static int
total_of(const struct layout_fit *fit)
{
	int total = -1;

	for (size_t i = 0; i < fit->n; i++)
		total += fit->width[i] + 1;
	return total;
}

/* Also what must stay has no room: from the right, as far as some of it is to
 * be seen, but never the first and never the chosen one. */
static void
cut(const struct layout *layout, struct layout_fit *fit, int room)
{
	int keep = layout->chosen >= 0 ? layout->order[layout->chosen] : -1;

	for (size_t i = fit->n; i > 1 && total_of(fit) > room;) {
		size_t last = --i;
		int over = total_of(fit) - room;

		if (fit->column[last] == keep)
			continue;
		if (keep < 0 && over < fit->width[last]) {
			fit->width[last] -= over;
			break;
		}
		fit->n--;
		memmove(fit->column + last, fit->column + last + 1,
		    fit->n - last);
		memmove(fit->width + last, fit->width + last + 1,
		    (fit->n - last) * sizeof *fit->width);
	}
}

/* In another language a head may be longer than what stands below it. */
static int
widen(const struct layout *layout, const struct column *columns,
    struct layout_fit *fit, int room)
{
	for (size_t i = 0; i < fit->n && room > 0; i++) {
		const struct column *column = &columns[fit->column[i]];
		int more = column->head[0] == '\0' || column->stretch ||
		    layout->width[fit->column[i]] > 0 ? 0 :
		    utf8_width(span_of(_(column->head))) - fit->width[i];

		if (more <= 0)
			continue;
		if (more > room)
			more = room;
		fit->width[i] += more;
		room -= more;
	}
	return room;
}

void
layout_fit(const struct layout *layout, const struct column *columns,
    int room, struct layout_fit *out)
{
	int above = 9, total;

	while ((total = take(layout, columns, above, out)) > room && above > 0)
		above--;
	if (total > room)
		cut(layout, out, room);
	if (total < room)
		total = room - widen(layout, columns, out, room - total);
	for (size_t i = 0; i < out->n && total < room; i++)
		if (columns[out->column[i]].stretch &&
		    layout->width[out->column[i]] == 0)
			out->width[i] += room - total;
}

/* ---- the keys of columns mode ------------------------------------------ */

void
layout_choose(struct layout *layout, int step)
{
	int at = layout->chosen + step;

	if (at >= 0 && at < (int)layout->n)
		layout->chosen = at;
}

void
layout_shift(struct layout *layout, int step)
{
	int at = layout->chosen, to = at + step;
	unsigned char moved;

	if (at < 0 || to < 0 || to >= (int)layout->n)
		return;
	moved = layout->order[at];
	layout->order[at] = layout->order[to];
	layout->order[to] = moved;
	layout->chosen = to;
}

void
layout_turn(struct layout *layout, const struct column *columns, int room)
{
	struct layout plain = *layout;
	size_t i = layout->order[layout->chosen];
	struct layout_fit fit;
	bool there = false;

	plain.chosen = -1;
	layout_fit(&plain, columns, room, &fit);
	for (size_t k = 0; k < fit.n; k++)
		there |= fit.column[k] == i;
	/* One stays, or there would be nothing to look at. */
	if (there && fit.n > 1)
		layout->show[i] = SHOW_NEVER;
	else if (layout->show[i] == SHOW_NEVER && columns[i].drop == 0)
		layout->show[i] = SHOW_AUTO;
	else if (!there)
		layout->show[i] = SHOW_ALWAYS;
}

void
layout_widen(struct layout *layout, const struct column *columns, int step)
{
	size_t i = layout->order[layout->chosen];
	int width = width_of(layout, columns, i) + step;

	if (width >= 1 && width <= WIDTH_MAX)
		layout->width[i] = (short)width;
}

void
layout_sort(struct layout *layout, int column)
{
	if (layout->sort != column) {
		layout->sort = column;
		layout->down = false;
	} else if (!layout->down) {
		layout->down = true;
	} else {
		layout->sort = -1;
		layout->down = false;
	}
}

/* ---- as text ----------------------------------------------------------- */

static const char *
plain_name(struct arena *arena, const struct column *column, size_t i)
{
	char *name = arena_strndup(arena, column->head,
	    strnlen(column->head, HEAD_MAX));

	if (name[0] == '\0')
		return arena_printf(arena, "column%zu", i + 1);
	for (char *p = name; *p != '\0'; p++)
		*p = *p == ' ' || *p == ':' || *p == '!' || *p == '#' ? '_' :
		    (char)tolower((unsigned char)*p);
	return name;
}

const char *
layout_name(struct arena *arena, const struct column *columns, size_t n,
    size_t column)
{
	const char *name = plain_name(arena, &columns[column], column);
	int before = 1;

	for (size_t i = 0; i < column && i < n; i++)
		before += strcmp(plain_name(arena, &columns[i], i),
		    name) == 0;
	return before == 1 ? name : arena_printf(arena, "%s#%d", name,
	    before);
}

int
layout_find(const struct column *columns, size_t n, const char *name)
{
	struct arena *arena = arena_new();
	int found = -1;

	for (size_t i = 0; i < n && found < 0; i++)
		if (strcmp(layout_name(arena, columns, n, i), name) == 0)
			found = (int)i;
	arena_free(&arena);
	return found;
}

const char *
layout_columns_text(struct arena *arena, const struct layout *layout,
    const struct column *columns)
{
	const char *out = "";

	for (size_t place = 0; place < layout->n; place++) {
		size_t i = layout->order[place];

		out = arena_printf(arena, "%s%s%s%s%s", out, place ? " " :
		    "", layout->show[i] == SHOW_NEVER ? "-" : "",
		    layout_name(arena, columns, layout->n, i),
		    layout->show[i] == SHOW_ALWAYS ? "!" : "");
		if (layout->width[i] > 0)
			out = arena_printf(arena, "%s:%d", out,
			    layout->width[i]);
	}
	return out;
}

const char *
layout_sort_text(struct arena *arena, const struct layout *layout,
    const struct column *columns)
{
	return layout->sort < 0 ? "" : arena_printf(arena, "%s%s",
	    layout_name(arena, columns, layout->n, (size_t)layout->sort),
	    layout->down ? " down" : "");
}

/* One word of the columns, cut up in place. False: no such column. */
static bool
read_column(struct layout *layout, const struct column *columns, char *word,
    bool seen[GRID_CELLS], size_t place)
{
	char *width = strchr(word, ':'), *end = word;
	bool never = word[0] == '-', always;
	int i;
	long n = 0;

	if (width != NULL) {
		*width++ = '\0';
		n = strtol(width, &end, 10);
		if (*end != '\0' || n < 1 || n > WIDTH_MAX)
			return false;
	}
	word += never;
	always = word[0] != '\0' && word[strlen(word) - 1] == '!';
	if (always)
		word[strlen(word) - 1] = '\0';
	i = layout_find(columns, layout->n, word);
	if (i < 0 || seen[i] || place >= layout->n)
		return false;
	seen[i] = true;
	layout->order[place] = (unsigned char)i;
	layout->show[i] = never ? SHOW_NEVER : always ? SHOW_ALWAYS :
	    SHOW_AUTO;
	layout->width[i] = (short)n;
	return true;
}

static bool
read_columns(struct layout *layout, const struct column *columns, char *text)
{
	bool seen[GRID_CELLS] = { false };
	size_t place = 0;
	char *save = NULL;

	for (char *word = strtok_r(text, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		if (!read_column(layout, columns, word, seen, place++))
			return false;
	return place == 0 || place == layout->n;
}

static bool
read_sort(struct layout *layout, const struct column *columns, char *text)
{
	char *behind = strchr(text, ' ');

	if (text[0] == '\0')
		return true;
	if (behind != NULL) {
		*behind++ = '\0';
		if (strcmp(behind, "down") != 0)
			return false;
	}
	layout->sort = layout_find(columns, layout->n, text);
	layout->down = behind != NULL;
	return layout->sort >= 0;
}

bool
layout_read(struct layout *layout, const struct column *columns,
    const char *columns_text, const char *sort)
{
	struct arena *arena = arena_new();
	struct layout now;
	bool ok;

	layout_reset(&now, layout->n);
	ok = read_columns(&now, columns, arena_strdup(arena, columns_text))
	    && read_sort(&now, columns, arena_strdup(arena, sort));
	if (ok)
		*layout = now;
	arena_free(&arena);
	return ok;
}
