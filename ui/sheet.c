/*
 * One way to write about one thing, whether it has the screen or half of it.
 */
#include "ui/sheet.h"

#include <stdint.h>
#include <string.h>

#include "core/str.h"
#include "core/utf8.h"
#include "ui/text.h"
#include "wire/wire.h"

#define NAME_CELLS 14
#define ROOM_LEAST 10
#define INDENT 6
#define WORDS 2		/* that the lines of a sentence are set in */

struct sheet
sheet_rows(struct view *view)
{
	return (struct sheet){ view, view->arena, NULL,
	    term_columns() - 6 };
}

struct sheet
sheet_below(struct view *view, struct vec *lines)
{
	return (struct sheet){ view, view->lower, lines,
	    view->lower_room - 2 };
}

/* Whole words of it, as far as there is room; at least something. */
static size_t
fit_words(const char *tame, int room)
{
	int used;
	size_t fit = room < ROOM_LEAST ? 0 : utf8_fit(span_of(tame), room,
	    &used), at = fit;

	while (fit > 0 && tame[fit] != '\0' && at > 0 && tame[at] != ' ')
		at--;
	return fit == 0 ? strlen(tame) : at > 0 ? at : fit;
}

void
sheet_row(struct sheet *sheet, enum tone tone, const char *key,
    const char *tame)
{
	struct below *line;

	if (sheet->lines == NULL) {
		view_add(sheet->view, tone, key, (const char *const []){
		    tame, NULL });
		return;
	}
	/* What does not fit goes on below, as far as there are lines. */
	for (bool first = true; first || *tame != '\0'; first = false) {
		size_t fit = fit_words(tame, sheet->room + 2 -
		    (first ? 0 : INDENT));

		line = vec_add(sheet->lines);
		if (line == NULL)
			return;
		*line = (struct below){ tone, arena_printf(sheet->arena,
		    "%*s%.*s", first ? 0 : INDENT, "", (int)fit, tame) };
		tame += fit;
		tame += strspn(tame, " ");
	}
}

void
sheet_text(struct sheet *sheet, enum tone tone, const char *tame)
{
	sheet_row(sheet, tone, "", tame);
}

void
sheet_head(struct sheet *sheet, const char *tame)
{
	sheet_text(sheet, TONE_HEAD, tame);
}

void
sheet_words(struct sheet *sheet, enum tone tone, const char *tame)
{
	for (bool first = true; first || *tame != '\0'; first = false) {
		size_t fit = fit_words(tame, sheet->room -
		    (first ? 0 : WORDS));

		sheet_row(sheet, tone, "", arena_printf(sheet->arena,
		    "%*s%.*s", first ? 0 : WORDS, "", (int)fit, tame));
		tame += fit;
		tame += strspn(tame, " ");
	}
}

static const char *
in_cells(struct arena *arena, const char *tame, int cells, bool right)
{
	const char *text = text_middle(arena, tame, cells);
	int pad = cells - utf8_width(span_of(text));

	return arena_printf(arena, "%*s%s%*s", right && pad > 0 ? pad : 0, "",
	    text, !right && pad > 0 ? pad : 0, "");
}

const char *
sheet_left(struct arena *arena, const char *tame, int cells)
{
	return in_cells(arena, tame, cells, false);
}

const char *
sheet_right(struct arena *arena, const char *tame, int cells)
{
	return in_cells(arena, tame, cells, true);
}

void
sheet_wrapped(struct sheet *sheet, const char *line, size_t n)
{
	const char *tame = text_tame(sheet->arena, arena_strndup(
	    sheet->arena, line, n));
	int used;

	while (utf8_width(span_of(tame)) > sheet->room &&
	    sheet->room > ROOM_LEAST) {
		size_t fit = utf8_fit(span_of(tame), sheet->room, &used);

		sheet_text(sheet, TONE_PLAIN, arena_printf(sheet->arena,
		    "  %.*s", (int)fit, tame));
		tame += fit;
	}
	sheet_text(sheet, TONE_PLAIN, arena_printf(sheet->arena, "  %s",
	    tame));
}

/* Tabs of eight cells, as whoever wrote the text saw them. */
static const char *
untabbed(struct arena *arena, const char *text)
{
	const char *copy;
	size_t column = 0;
	struct str out;

	str_init(&out, SIZE_MAX);
	for (; *text != '\0'; text++) {
		if (*text != '\t') {
			str_addc(&out, *text);
			column = *text == '\n' ? 0 : column + 1;
			continue;
		}
		do
			str_addc(&out, ' ');
		while (++column % 8 != 0);
	}
	copy = arena_strndup(arena, out.p, out.n);
	str_free(&out);
	return copy;
}

void
sheet_lines(struct sheet *sheet, const char *text)
{
	text = untabbed(sheet->arena, text);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		sheet_wrapped(sheet, text, n);
		text += n + (text[n] == '\n');
	}
}

/* What does not fit beside its name goes on below. */
void
sheet_pair(struct sheet *sheet, const char *name, const char *value)
{
	int pad = NAME_CELLS - utf8_width(span_of(name));
	int room = sheet->room - NAME_CELLS - (sheet->lines != NULL ?
	    WORDS : 0);
	const char *tame = text_tame(sheet->arena, value);
	size_t fit;

	if (value[0] == '\0')
		return;
	for (bool first = true; first || tame[0] != '\0'; first = false) {
		fit = fit_words(tame, room);
		sheet_text(sheet, TONE_PLAIN, arena_printf(sheet->arena,
		    "  %s%*s  %.*s", first ? name : "", !first ? NAME_CELLS :
		    pad > 0 ? pad : 0, "", (int)fit, tame));
		tame += fit;
		tame += strspn(tame, " ");
	}
}

/* ---- where it is ------------------------------------------------------- */

/* Of ENTITY/KIND/NUMBER only the number may have a slash in it. */
static const char *
document_path(struct arena *arena, const char *name)
{
	const char *path = "/v1/documents";

	for (int i = 0; i < 3; i++) {
		size_t n = i < 2 ? strcspn(name, "/") : strlen(name);

		path = wire_path(arena, arena_printf(arena, "%s/", path),
		    arena_strndup(arena, name, n), "");
		name += n + (name[n] != '\0');
	}
	return path;
}

/* Of TARGET/J12. */
static const char *
commit_path(struct arena *arena, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash != NULL ? (size_t)(slash - name) : strlen(name);

	return wire_path(arena, arena_printf(arena, "%s/", wire_path(arena,
	    "/v1/commits/", arena_strndup(arena, name, n), "")),
	    slash != NULL ? slash + 1 : "", "");
}

const char *
sheet_path(struct arena *arena, const char *key)
{
	static const struct {
		const char *kind, *path;
	} kinds[] = {
		{ "event/", "/v1/events/" }, { "trace/", "/v1/trace/" },
		{ "rules/", "/v1/rules/" },
		{ "problem/", "/v1/signatures/" },
		{ "conflict/", "/v1/conflicts/" },
	};
	static const char document[] = "document/", commit[] = "commit/";

	if (strncmp(key, document, strlen(document)) == 0)
		return document_path(arena, key + strlen(document));
	if (strncmp(key, commit, strlen(commit)) == 0)
		return commit_path(arena, key + strlen(commit));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(key, kinds[i].kind, strlen(kinds[i].kind)) == 0)
			return wire_path(arena, kinds[i].path,
			    key + strlen(kinds[i].kind), "");
	return NULL;
}

bool
sheet_is(const char *key)
{
	struct arena *arena = arena_new();
	bool is = sheet_path(arena, key) != NULL;

	arena_free(&arena);
	return is;
}

bool
sheet_find(struct view *view, const char *key, struct span *json)
{
	bool found = cache_find(view->cache, view->arena, "sheet", key,
	    json);

	if (view_ages(view))
		view_want(view, JOB_SHEET, key);
	return found;
}
