#ifndef BAHI_UI_CHART_H
#define BAHI_UI_CHART_H
/*
 * Pictures made of characters. Pure: counts in, text out. Each also says in
 * letters or numbers what its shades say; term.c turns blocks into ASCII where
 * the terminal has no others.
 */
#include <stdint.h>
#include "core/arena.h"

/* One cell a value: its eighth of the most; a blank is nothing at all. */
const char *chart_spark(struct arena *, const int64_t *values, size_t n);
/* `cells` shared by size, each part of its own fill; what is not nothing has a
 * cell at least. Nothing at all: "". */
const char *chart_bar(struct arena *, const int64_t *parts, size_t n,
	int cells);
const char *chart_fill(size_t part);	/* of a legend; at most CHART_FILLS */
#define CHART_FILLS 5

/* Two cells a day, a shade and its letter: "--" nothing, then a to d by
 * quarters of the most. */
#define CHART_LEVELS 4
const char *chart_heat(struct arena *, const int64_t *values, size_t n);
/* The most that a level is for: its legend. */
int64_t chart_level_most(const int64_t *values, size_t n, int level);
const char *chart_level(int level);	/* "▓c" of 3 */

#endif
