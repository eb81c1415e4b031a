#ifndef BAHI_UI_TEXT_H
#define BAHI_UI_TEXT_H
/* Foreign text, amounts and ages as a person reads them. All results are
 * tamed and live in the arena. */
#include "core/arena.h"
#include "ui/options.h"
#include "wire/shapes.h"

/* How numbers and days are written from now on: the settings digits, numerals
 * and dates. What scripts read (--json, --csv) never comes through here. */
void text_open(const struct options *);

const char *text_tame(struct arena *, const char *);
/* Cut in the middle to so many cells: what a sentence is about stands at one
 * of its ends. Itself when it fits. */
const char *text_middle(struct arena *, const char *, int cells);
/* The word for an event's state; a state of a later daemon as it is. */
const char *text_state(struct arena *, const char *);
/* Also cut to `most` bytes at a character, for lists. */
const char *text_cut(struct arena *, const char *, size_t most);
/* "1234567.00" INR -> "12,34,567.00"; odd ones as they came. */
const char *text_money(struct arena *, const char *currency,
	const char *amount);
/* "12,34,567.00 INR + 5.00 USD" */
const char *text_amounts(struct arena *, const struct wire_amounts *);
/* In so many cells: what has no room is counted, "12,34,567.00 INR +1". */
const char *text_amounts_in(struct arena *, const struct wire_amounts *,
	int cells);
/* "3d" since an RFC 3339 time or a day, by the local clock. */
const char *text_age(struct arena *, const char *since);
/* "2026-10-05", "05-10-2026" or "05 Oct 2026", and its widest in cells. */
const char *text_day(struct arena *, const char *day);
int text_day_width(void);
const char *text_month(struct arena *, const char *month);	/* 2026-10 */
/* The same and "14:02" of an RFC 3339 time, IST. */
const char *text_time(struct arena *, const char *rfc3339);
/* What text_day and text_time wrote, back as a moment. */
bool text_moment(const char *shown, int64_t *out);
/* With digits of ASCII, whatever the numerals. */
const char *text_plain(struct arena *, const char *shown);
/* "sales_invoice/INV-1" of "IN01/sales_invoice/INV-1", for lists. */
const char *text_document(struct arena *, const char *);
/* Of an amount or a count of the API: "-0.00", "0", or nothing said. */
bool text_is_zero(const char *);
/* Why two companies do not agree, as the API has it, in words. */
const char *text_mismatch(struct arena *, const char *why);
const char *text_count(struct arena *, int64_t);
/* In so many cells: "1,23,456", "123456", or in lakhs, rounded down, "1.2L" */
const char *text_count_in(struct arena *, int64_t, int cells);	/* 12,34,567 */
/* Words among which amounts are grouped: "INR 14,56,789.06". */
const char *text_figures(struct arena *, const char *);
/* The same of a number as the API has it, "1234567.5"; others as they are. */
const char *text_number(struct arena *, const char *);
/* The words for a line of the close board and for a period. */
const char *text_close(const char *state);
const char *text_line(struct arena *, const char *line);
/* The word for a kind of document; others as they are. */
const char *text_kind(struct arena *, const char *kind);
const char *text_period(const char *state);
/* "92.30 %" of "0.923076", cut, never rounded up to all of it. */
const char *text_percent(struct arena *, const char *ratio);
int64_t text_micros(const char *seconds);	/* -1: nothing is said */
/* "1.2 ms", "7 min" of seconds, "0.001234"; "-": nothing to say. */
const char *text_duration(struct arena *, const char *seconds);

#endif
