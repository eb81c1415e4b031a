/*
 * UN/EDIFACT (ISO 9735): UNB/UNG/UNH envelopes, the separators those of UNA
 * or the usual ones, and a release character before a byte that is text.
 */
#include "formats/edi.h"

#define UNA_LENGTH 9

static int
byte_or_none(char c)
{
	return c == ' ' ? -1 : (unsigned char)c;
}

static bool
all_differ(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (p[i] == p[k] && p[i] != ' ')
				return false;
	return true;
}

static int
edifact_head(const char *p, size_t n, struct separators *s, bool *keep)
{
	/* component element decimal release repetition end */
	const char *c = ":+.? '";

	if (memcmp(p, "UNA", n < 3 ? n : 3) != 0 &&
	    memcmp(p, "UNB", n < 3 ? n : 3) != 0)
		return -1;
	if (n < 3 || (p[2] == 'A' && n < UNA_LENGTH))
		return 0;
	*keep = p[2] == 'B';
	if (p[2] == 'A')
		c = p + 3;
	if (!all_differ(c, 6) || c[0] == ' ' || c[1] == ' ' || c[5] == ' ' ||
	    (c[2] != '.' && c[2] != ','))
		return -1;
	*s = (struct separators){ .component = (unsigned char)c[0],
		.element = (unsigned char)c[1], .decimal = c[2],
		.release = byte_or_none(c[3]),
		.repetition = byte_or_none(c[4]),
		.end = (unsigned char)c[5] };
	return 1;
}

const struct dialect dialect_edifact = {
	.name = "EDIFACT",
	.tags = { "UNB", "UNG", "UNH", "UNT", "UNE", "UNZ" },
	.head = edifact_head,
	.sender = { 2, 0 }, .sender_qualifier = { 2, 1 },
	.receiver = { 3, 0 }, .receiver_qualifier = { 3, 1 },
	.interchange = { 5, 0 }, .test = { 11, 0 }, .is_test = "1",
	.group = { 5, 0 },
	.type = { 2, 0 }, .control = { 1, 0 },
	.version = { { 2, 1 }, { 2, 2 } },
};

static struct reader *
edifact_open(void)
{
	return edi_open(&dialect_edifact);
}

const struct format format_edifact = {
	.name = "edifact", .suffixes = ".edifact .edf",
	.open = edifact_open, .close = edi_close, .feed = edi_feed,
	.next = edi_record, .end = edi_end,
	.sealed = true,
};
