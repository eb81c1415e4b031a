#ifndef BAHI_UI_LISTS_H
#define BAHI_UI_LISTS_H
/*
 * The lists of the API as the console shows them. One table, of which the
 * verbs and the panes both live: another list is one entry of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "wire/shapes.h"

enum form {
	FORM_TEXT, FORM_STATE, FORM_LINK, FORM_WORDS, FORM_DOCUMENT,
	FORM_FLAG, FORM_COUNT, FORM_QUANTITY, FORM_SECONDS, FORM_MONEY,
	FORM_TIME, FORM_AGE,
	FORM_RUPEES,		/* whatever the item says of a currency */
	FORM_RATE, FORM_GST,	/* percent; a word of returns */
	FORM_MONTH,		/* 102026 */
	FORM_DAY,		/* 2026-10-25 */
	FORM_KIND		/* of a document */
};

#define LIST_COLUMNS 16
#define LIST_ALARMS 4

struct list_column {
	const char *path;	/* in each item */
	const char *head;	/* N_(); NULL: not shown, only looked at */
	enum form form;
	int width;		/* of the pane */
	int drop;		/* as of struct column; -1: it stretches */
};

struct list {
	const char *name;	/* of the verb and of what is kept */
	const char *title;	/* N_(): what it shows */
	const char *path;	/* of the API */
	const char *items;	/* as of shape_rows() */
	const char *names[9];	/* of its query; a bare word is the first's */
	bool paged;
	const char *key;	/* path of what a row stands for */
	/* Paths: neither "" nor zero, it needs a look; of the first before. */
	const char *alarm[LIST_ALARMS];
	const char *currency;	/* path, of the money */
	struct list_column columns[LIST_COLUMNS];
	const char *version;	/* path: of the record that a row acts on */
};

extern const struct list lists[];
extern const size_t n_lists;

/* NULL: no such list. */
const struct list *list_find(const char *name);
/* A word that the API has for a state or an act, in the reader's language. */
const char *list_word(struct arena *, const char *name);
size_t list_width(const struct list *);	/* how many columns */
bool list_right(enum form);

struct list_row {
	const char *key;
	int64_t version;	/* 0: it has none */
	int alarm;		/* LIST_ALARMS: the first; 0: all is well */
	const char *cells[LIST_COLUMNS];	/* tame */
	const char *raw[LIST_COLUMNS];		/* as they came */
};

struct list_rows {
	struct list_row *items;
	size_t n;
	const char *next;	/* untamed; "" when that was all */
};

/* Rows of an answer of the API, those that alarm first. */
MUST_CHECK bool list_read(const struct list *, struct span json,
	struct arena *, struct list_rows *);

#endif
