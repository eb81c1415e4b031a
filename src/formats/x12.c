/*
 * ANSI X12: ISA/GS/ST envelopes. ISA has a fixed length; the separators are
 * the bytes at fixed places in it (X12.5, ISA16 and the byte behind it; ISA11
 * is the repetition separator since version 00402).
 */
#include <ctype.h>

#include "formats/edi.h"

#define AT_REPETITION 82
#define AT_VERSION 84
#define AT_COMPONENT 104
#define AT_END 105

static bool
separates(char c)
{
	return !isalnum((unsigned char)c) && c != ' ' && c != '\0';
}

static int
x12_head(const char *p, size_t n, struct separators *s, bool *keep)
{
	if (memcmp(p, "ISA", n < 3 ? n : 3) != 0)
		return -1;
	if (n < EDI_HEAD_MAX)
		return 0;
	if (!separates(p[3]) || !separates(p[AT_COMPONENT]) ||
	    !separates(p[AT_END]) || p[3] == p[AT_COMPONENT] ||
	    p[3] == p[AT_END] || p[AT_COMPONENT] == p[AT_END] ||
	    p[AT_COMPONENT - 1] != p[3] || p[AT_REPETITION - 1] != p[3])
		return -1;
	*s = (struct separators){ .element = (unsigned char)p[3],
		.component = (unsigned char)p[AT_COMPONENT],
		.end = (unsigned char)p[AT_END],
		.repetition = -1, .release = -1, .decimal = '.' };
	if (separates(p[AT_REPETITION]) && p[AT_REPETITION] != p[3] &&
	    p[AT_REPETITION] != p[AT_COMPONENT] &&
	    p[AT_REPETITION] != p[AT_END] &&
	    memcmp(p + AT_VERSION, "00402", 5) >= 0)
		s->repetition = (unsigned char)p[AT_REPETITION];
	*keep = true;
	return 1;
}

const struct dialect dialect_x12 = {
	.name = "X12",
	.tags = { "ISA", "GS", "ST", "SE", "GE", "IEA" },
	.head = x12_head,
	.sender = { 6, 0 }, .sender_qualifier = { 5, 0 },
	.receiver = { 8, 0 }, .receiver_qualifier = { 7, 0 },
	.interchange = { 13, 0 }, .test = { 15, 0 }, .is_test = "T",
	.group = { 6, 0 }, .group_version = { 8, 0 },
	.type = { 1, 0 }, .control = { 2, 0 },
	.numeric = true,
};

static struct reader *
x12_open(void)
{
	return edi_open(&dialect_x12);
}

const struct format format_x12 = {
	.name = "x12", .suffixes = ".x12",
	.open = x12_open, .close = edi_close, .feed = edi_feed,
	.next = edi_record, .end = edi_end,
	.sealed = true,
};
