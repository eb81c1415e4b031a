/*
 * libFuzzer target of the gate. What passes is said again by a reader that is
 * as strict as RFC 9112 can be read: one meaning, whoever reads it.
 */
#include "fuzz.h"

#include <stdio.h>
#include <strings.h>

#include "net/gate.h"

struct head {
	char *method, *uri, *version;
	struct gate_header headers[GATE_HEADERS_MAX];
	size_t n;
	size_t bytes;
};

static struct span
trim(struct span s)
{
	while (s.n > 0 && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static struct span
line_of(struct span *in)
{
	struct span line = fuzz_cut(in, '\n');

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* As forgiving as a parser gets: LF alone, blanks, a NUL that cuts. */
static void
parse(struct span in, struct head *head)
{
	struct span all = in, line = line_of(&in);

	head->method = fuzz_text(fuzz_cut(&line, ' '));
	head->uri = fuzz_text(fuzz_cut(&line, ' '));
	head->version = fuzz_text(line);
	head->n = 0;
	while (in.n > 0 && (line = line_of(&in)).n > 0) {
		struct gate_header *h = &head->headers[head->n];

		if (head->n == GATE_HEADERS_MAX)
			continue;
		h->name = fuzz_cut(&line, ':');
		h->value = trim(line);
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

/* The very bytes of the head, if each part stands once where it should. */
static void
judge_again(struct span in, const struct head *head)
{
	size_t n = strlen(head->method) + strlen(head->uri) +
	    strlen(head->version) + 4;

	must(in.n >= n && in.p[n - 2] == '\r' && in.p[n - 1] == '\n');
	for (size_t i = 0; i < head->n; i++) {
		const struct gate_header *h = &head->headers[i];

		must(h->name.p == in.p + n);
		n = (size_t)(h->value.p - in.p) + h->value.n;
		must(in.p[n] == '\r' && in.p[n + 1] == '\n');
		n += 2;
	}
	must(in.p[n] == '\r' && in.p[n + 1] == '\n' && n + 2 == head->bytes);
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
			if (whole == 1 && head.bytes > 0)
				judge_again(in, &head);
		} else {
			must(e.code != ERR_NONE && e.why[0] != '\0');
		}
	}
	free(head.method);
	free(head.uri);
	free(head.version);
	return 0;
}
