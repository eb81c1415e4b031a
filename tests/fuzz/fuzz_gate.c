/*
 * libFuzzer target of the gate. What passes is said again by a reader that is
 * as strict as RFC 9112 can be read: one meaning, whoever reads it.
 */
#include "fuzz.h"

#include <stdio.h>
#include <strings.h>

#include "net/gate.h"

struct head {
	char *text;		/* of the whole input, to be cut up */
	const char *method, *version;
	char *uri;
	struct gate_header headers[GATE_HEADERS_MAX];
	size_t n;
	size_t bytes;
	bool complete;		/* its empty line came */
};

static struct span
line_of(struct span *in)
{
	struct span line = fuzz_cut(in, '\n');

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* In place, as the library does: it ends what it found with a NUL. */
static const char *
end_with_nul(struct head *head, struct span in, struct span part)
{
	char *at = head->text + (part.p - in.p);

	at[part.n] = '\0';
	return at;
}

/* As forgiving as a parser gets: LF alone, blanks, a NUL that cuts. */
static void
parse(struct span in, struct head *head)
{
	struct span all = in, line = line_of(&in), method, uri;

	head->text = fuzz_text(all);
	method = fuzz_cut(&line, ' ');
	uri = fuzz_cut(&line, ' ');
	head->uri = fuzz_text(uri);
	while (line.n > 0 && *line.p == ' ')
		line.p++, line.n--;
	head->method = end_with_nul(head, all, method);
	head->version = end_with_nul(head, all, line);
	head->n = 0;
	head->complete = false;
	while (in.n > 0 && !head->complete) {
		struct gate_header *h = &head->headers[head->n];
		const char *nul;

		line = line_of(&in);
		head->complete = line.n == 0;
		if (head->complete || head->n == GATE_HEADERS_MAX)
			continue;
		h->name = fuzz_cut(&line, ':');
		while (line.n > 0 && (*line.p == ' ' || *line.p == '\t'))
			line.p++, line.n--;
		nul = line.n > 0 ? memchr(line.p, '\0', line.n) : NULL;
		if (nul != NULL)
			line.n = (size_t)(nul - line.p);
		h->name.p = head->text + (h->name.p - all.p);
		h->value = (struct span){ head->text + (line.p - all.p),
		    line.n };
		head->n++;
	}
	head->bytes = all.n - in.n;
}

static size_t
named(const struct head *head, const char *name, struct span *value)
{
	size_t n = 0;

	for (size_t i = 0; i < head->n; i++) {
		const struct gate_header *h = &head->headers[i];

		if (h->name.n != strlen(name) ||
		    strncasecmp(h->name.p, name, h->name.n) != 0)
			continue;
		*value = h->value;
		n++;
	}
	return n;
}

static void
judge_bytes(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		must(s.p[i] == '\t' || ((unsigned char)s.p[i] >= 0x20 &&
		    s.p[i] != 0x7f));
}

static void
judge_passed(const struct head *head, const struct gate_request *r)
{
	struct span length, coding, host;
	size_t lengths = named(head, "Content-Length", &length);
	size_t codings = named(head, "Transfer-Encoding", &coding);
	char text[40];

	must(head->uri[0] == '/' && strchr(head->uri, ' ') == NULL);
	must(strcasestr(head->uri, "%00") == NULL);
	must(named(head, "Host", &host) == 1);
	must(lengths <= 1 && codings <= 1 && lengths + codings <= 1);
	must(codings == 0 || (coding.n == 7 &&
	    strncasecmp(coding.p, "chunked", 7) == 0));
	for (size_t i = 0; i < head->n; i++) {
		const struct gate_header *h = &head->headers[i];

		judge_bytes(h->name);
		judge_bytes(h->value);
		must(h->name.n > 0 && memchr(h->name.p, ' ', h->name.n) ==
		    NULL);
	}
	must(lengths == 1 || gate_length(r) == -1);
	if (lengths == 1) {
		while (length.n > 1 && length.p[0] == '0')
			length.p++, length.n--;
		snprintf(text, sizeof text, "%lld", gate_length(r));
		must(span_is(length, text));
	}
}

/* Ends of lines: by the time that the gate looks, the library has put NULs
 * there, so that one which was there before looks like CR. */
static bool
is_end(struct span in, size_t at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (in.p[at + i] != '\0' && in.p[at + i] != '\r' &&
		    in.p[at + i] != '\n')
			return false;
	return in.p[at + n - 1] == '\n';
}

/* The very bytes of the head, if each part stands once where it should. */
static void
judge_again(struct span in, const struct head *head)
{
	size_t n = strlen(head->method) + strlen(head->uri) +
	    strlen(head->version) + 4;

	must(in.n >= n);
	must(head->n == 0 || is_end(in, n - 2, 2));
	for (size_t i = 0; i < head->n; i++) {
		const struct gate_header *h = &head->headers[i];

		must(h->name.p == head->text + n);
		n = (size_t)(h->value.p - head->text) + h->value.n;
		must(i + 1 == head->n || is_end(in, n, 2));
		n += 2;
	}
	must(n + 2 == head->bytes && is_end(in, n - 2, 4));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	struct head head;
	struct gate_request r;
	struct err e = { 0 };

	parse(in, &head);
	for (int whole = 0; whole < 2; whole++) {
		r = (struct gate_request){ head.method, head.version,
		    head.uri, head.headers, head.n,
		    whole == 1 ? head.bytes : 0 };
		e = (struct err){ 0 };
		if (gate_judge(&r, &e)) {
			judge_passed(&head, &r);
			if (whole == 1 && head.complete)
				judge_again(in, &head);
		} else {
			must(e.code != ERR_NONE && e.why[0] != '\0');
		}
	}
	free(head.text);
	free(head.uri);
	return 0;
}
