/* What the readers share: taking bytes of a piece, and text as JSON. */
#include "formats/list.h"

#define MARK "\xef\xbb\xbf"
#define MARK_DONE 3

void
input_open(struct input *in)
{
	*in = (struct input){ .rest = SPAN(""), .line = 1 };
}

void
input_feed(struct input *in, const char *p, size_t n)
{
	if (in->rest.n > 0)
		bug("a reader was fed before it was emptied");
	if (n == 0)
		in->ended = true;
	else
		in->rest = (struct span){ p, n };
}

/* True when it is known whether the text begins with the mark. */
static bool
pass_mark(struct input *in)
{
	while (in->mark < MARK_DONE && in->rest.n > 0) {
		if (in->rest.p[0] != MARK[in->mark]) {
			in->back = in->mark;
			in->mark = MARK_DONE;
			return true;
		}
		in->mark++;
		in->rest.p++;
		in->rest.n--;
	}
	if (in->mark < MARK_DONE && in->ended) {
		in->back = in->mark;
		in->mark = MARK_DONE;
	}
	return in->mark == MARK_DONE;
}

int
input_take(struct input *in)
{
	int c;

	if (in->mark < MARK_DONE && !pass_mark(in))
		return -1;
	if (in->given < in->back)
		return (unsigned char)MARK[in->given++];
	if (in->rest.n == 0)
		return -1;
	c = (unsigned char)in->rest.p[0];
	in->rest.p++;
	in->rest.n--;
	if (c == '\n')
		in->line++;
	return c;
}

bool
input_over(const struct input *in)
{
	return in->ended && in->rest.n == 0 && in->mark == MARK_DONE &&
	    in->given == in->back;
}

/* The code points of ISO 8859-1 are its bytes. */
void
text_utf8(struct str *out, struct span latin)
{
	for (size_t i = 0; i < latin.n; i++) {
		unsigned char c = (unsigned char)latin.p[i];

		if (c >= 0x80) {
			str_addc(out, (char)(0xc0 | c >> 6));
			c = 0x80 | (c & 0x3f);
		}
		str_addc(out, (char)c);
	}
}

void
text_write(struct json *j, struct span s, bool latin)
{
	struct str out;

	if (!latin) {
		json_span(j, s);
		return;
	}
	str_init(&out, 2 * s.n);
	text_utf8(&out, s);
	json_span(j, str_span(&out));
	str_free(&out);
}
