/* Which addresses a list means: for the intake's allow lists and fronts. */
#include "core/cidr.h"

#include <arpa/inet.h>

#define ADDRESS_MAX 64

static const unsigned char mapped[12] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
};

/* All are IPv6 here; *offset: the bits before those that the text names. */
static bool
read_address(struct span s, unsigned char out[16], int *offset)
{
	char text[ADDRESS_MAX];

	if (s.n == 0 || s.n >= sizeof text ||
	    memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	memcpy(out, mapped, sizeof mapped);
	*offset = 96;
	if (inet_pton(AF_INET, text, out + 12) == 1)
		return true;
	*offset = 0;
	return inet_pton(AF_INET6, text, out) == 1;
}

struct range {
	unsigned char base[16];
	int bits;
};

static bool
read_range(struct span s, struct range *out)
{
	const char *slash = memchr(s.p, '/', s.n);
	struct span base = s, length;
	int offset, bits = 0;

	if (slash == NULL) {
		out->bits = 128;
		return read_address(s, out->base, &offset);
	}
	base.n = (size_t)(slash - s.p);
	length = (struct span){ slash + 1, s.n - base.n - 1 };
	if (!read_address(base, out->base, &offset) || length.n == 0 ||
	    length.n > 3)
		return false;
	for (size_t i = 0; i < length.n; i++) {
		if (length.p[i] < '0' || length.p[i] > '9')
			return false;
		bits = bits * 10 + length.p[i] - '0';
	}
	out->bits = offset + bits;
	return out->bits <= 128;
}

static bool
next_word(const char **list, struct span *out)
{
	static const char blanks[] = " \t,";

	*list += strspn(*list, blanks);
	*out = (struct span){ *list, strcspn(*list, blanks) };
	*list += out->n;
	return out->n > 0;
}

bool
cidr_valid(const char *list)
{
	struct range range;
	struct span word;

	if (strlen(list) > CIDR_LIST_MAX)
		return false;
	while (next_word(&list, &word))
		if (!read_range(word, &range))
			return false;
	return true;
}

static bool
within(const struct range *range, const unsigned char address[16])
{
	int whole = range->bits / 8, rest = range->bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	return memcmp(range->base, address, (size_t)whole) == 0 &&
	    (rest == 0 || ((range->base[whole] ^ address[whole]) & mask) == 0);
}

bool
cidr_has(const char *list, struct span address)
{
	unsigned char bytes[16];
	struct range range;
	struct span word;
	int offset;

	if (!read_address(address, bytes, &offset))
		return false;
	while (next_word(&list, &word))
		if (read_range(word, &range) && within(&range, bytes))
			return true;
	return false;
}

bool
cidr_sender(struct span address, unsigned char out[16])
{
	int offset;

	if (!read_address(address, out, &offset))
		return false;
	if (memcmp(out, mapped, sizeof mapped) != 0)
		memset(out + 8, 0, 8);
	return true;
}
