#ifndef BAHI_FORMATS_LIST_H
#define BAHI_FORMATS_LIST_H
/* Inside of formats/: the formats of the table, and what they share. */
#include "core/json.h"
#include "formats/formats.h"

extern const struct format format_csv, format_jsonl, format_mt940,
    format_camt053, format_x12, format_edifact, format_edi;

/* The piece that was fed; a mark of byte order at the start is no text. */
struct input {
	struct span rest;
	bool ended;
	unsigned char mark;	/* bytes of the mark seen; then MARK_DONE */
	unsigned char back, given;	/* it was none: give these back */
	int64_t line;		/* of the byte taken next, from 1 */
};

void input_open(struct input *);
void input_feed(struct input *, const char *p, size_t n);
int input_take(struct input *);	/* -1: feed more, or the end */
bool input_over(const struct input *);	/* all was fed and taken */

#define SUBSTITUTE '\x1a'	/* stands for a NUL, which JSON may not have */

/* Foreign text as a JSON string; `latin`: it is ISO 8859-1. */
void text_write(struct json *, struct span, bool latin);
void text_utf8(struct str *out, struct span latin);

#endif
