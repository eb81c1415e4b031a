#ifndef BAHI_UI_SHEET_H
#define BAHI_UI_SHEET_H
/*
 * Text about one thing, line by line: the rows of a pane that shows a record,
 * or the detail of the row under the cursor. What is written is made tame.
 */
#include "ui/panes.h"

struct sheet {
	struct view *view;
	struct arena *arena;
	struct vec *lines;	/* struct below; NULL: rows of the view */
	int room;		/* cells of a line */
};

/* Rows of the view. */
struct sheet sheet_rows(struct view *);
/* The lines of a pane's below(). */
struct sheet sheet_below(struct view *, struct vec *lines);
void sheet_text(struct sheet *, enum tone, const char *tame);
/* A row that Enter opens. */
void sheet_row(struct sheet *, enum tone, const char *key,
	const char *tame);
void sheet_head(struct sheet *, const char *tame);
/* Sentences: what does not fit goes on in another line, between two words. */
void sheet_words(struct sheet *, enum tone, const char *tame);
/* In so many cells, cut in the middle where it has more. */
const char *sheet_left(struct arena *, const char *tame, int cells);
const char *sheet_right(struct arena *, const char *tame, int cells);
/* Nothing, when the value is "". */
void sheet_pair(struct sheet *, const char *name, const char *value);
/* A long line goes on below, indented, so that nothing is out of reach. */
void sheet_wrapped(struct sheet *, const char *line, size_t n);
void sheet_lines(struct sheet *, const char *text);

/* Enter on such a row: E12, J9, or = and what is to be traced. */
bool sheet_open(struct view *, const struct row *, struct place *);

/* panes/overview.c: of a row whose key is a problem. */
void problem_below(struct view *, const struct row *, struct vec *lines);
/* panes/event.c: of the row of a list of events; and what to ask for. */
void event_below(struct view *, const struct row *, struct vec *lines);
const char *event_about(struct view *, const struct row *);

/* What the daemon has of one thing, kept as "sheet" of that key: event/E12,
 * trace/J9, document/ENTITY/KIND/NUMBER, rules/DIGEST, problem/ID,
 * commit/TARGET/J9. */
const char *sheet_path(struct arena *, const char *key);	/* or NULL */
bool sheet_is(const char *key);
/* As it is kept; false: asked for. */
bool sheet_find(struct view *, const char *key, struct span *json);

#endif
