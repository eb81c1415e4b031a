/*
 * The gate: what every request must be before a handler sees it.  Each row
 * is a whole head as a sender wrote it; it is cut into lines here the way
 * the parser would, so that the sum of bytes is judged too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/gate.h"

struct head {
	char text[8192];
	struct gate_header headers[GATE_HEADERS_MAX + 8];
	struct gate_request request;
};

#define GET "GET /v1/events HTTP/1.1\r\n"
#define POST "POST /v1/hooks/pos HTTP/1.1\r\n"
#define HOST "Host: localhost\r\n"

static char *
cut(char *p, const char *at)
{
	char *end = strstr(p, at);

	assert_non_null(end);
	*end = '\0';
	return end + strlen(at);
}

static char *
header(struct head *h, char *line)
{
	struct gate_header *out = &h->headers[h->request.n_headers++];
	char *next = cut(line, "\r\n");
	char *value = cut(line, ":");

	next[-1] = '\0';
	value += strspn(value, " \t");
	out->name = span_of(line);
	out->value = span_of(value);
	return next;
}

static void
head_of(struct head *h, const char *text)
{
	char *p = h->text;

	memset(h, 0, sizeof *h);
	assert_true(strlen(text) < sizeof h->text);
	memcpy(h->text, text, strlen(text));
	h->request.headers = h->headers;
	h->request.bytes = strlen(text);
	h->request.method = p;
	p = cut(p, " ");
	h->request.uri = p;
	p = cut(p, " ");
	h->request.version = p;
	p = cut(p, "\r\n");
	while (strncmp(p, "\r\n", 2) != 0)
		p = header(h, p);
}

static enum err_code
judged(struct head *h, const char *text)
{
	struct err e = { 0 };
	bool ok;

	head_of(h, text);
	ok = gate_judge(&h->request, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	if (!ok)
		assert_true(e.why[0] != '\0');
	return e.code;
}

struct row {
	enum err_code code;
	const char *text;
};

static void
judge_rows(const struct row *rows, size_t n)
{
	struct head head;

	for (size_t i = 0; i < n; i++) {
		enum err_code code = judged(&head, rows[i].text);

		if (code != rows[i].code)
			fail_msg("row %zu gives %d: %s", i, (int)code,
			    rows[i].text);
	}
}

static void
good_heads_pass(void **state)
{
	static const struct row rows[] = {
		{ ERR_NONE, GET HOST "\r\n" },
		{ ERR_NONE, "HEAD / HTTP/1.0\r\nhost: [::1]:80\r\n\r\n" },
		{ ERR_NONE, GET "Host:\r\n\r\n" },
		{ ERR_NONE, GET HOST "X-A: \t b \t \r\nX-B:\r\n\r\n" },
		{ ERR_NONE, GET HOST "X-A: caf\xc3\xa9\r\n\r\n" },
		{ ERR_NONE, POST HOST "Content-Length: 5\r\n\r\n" },
		{ ERR_NONE, POST HOST "content-length: 007\r\n\r\n" },
		{ ERR_NONE, POST HOST "Transfer-Encoding: Chunked\r\n\r\n" },
		{ ERR_NONE, POST HOST "Content-Encoding: identity\r\n\r\n" },
		{ ERR_NONE, "GET /a%2Fb?q=%0a+c HTTP/1.1\r\n" HOST "\r\n" },
	};

	(void)state;
	judge_rows(rows, sizeof rows / sizeof *rows);
}

static void
two_readings_are_refused(void **state)
{
	static const struct row rows[] = {
		{ ERR_REQUEST, POST HOST
		    "Content-Length: 5\r\nContent-Length: 5\r\n\r\n" },
		{ ERR_REQUEST, POST HOST
		    "Content-Length: 5\r\ncontent-length: 6\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length: 5, 5\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length: +5\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length: -5\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length: 0x10\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length: 5 \r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length:\r\n\r\n" },
		{ ERR_REQUEST, POST HOST
		    "Content-Length: 99999999999999999999\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Content-Length: 5\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Transfer-Encoding: chunked\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n" },
		{ ERR_REQUEST, POST HOST "Transfer-Encoding: gzip\r\n\r\n" },
		{ ERR_REQUEST, POST HOST
		    "Transfer-Encoding: gzip, chunked\r\n\r\n" },
		{ ERR_REQUEST, POST HOST
		    "Transfer-Encoding: xchunked\r\n\r\n" },
		{ ERR_REQUEST, POST HOST
		    "Transfer-Encoding : chunked\r\n\r\n" },
		{ ERR_REQUEST, "POST / HTTP/1.0\r\n" HOST
		    "Transfer-Encoding: chunked\r\n\r\n" },
		{ ERR_REQUEST, GET "\r\n" },
		{ ERR_REQUEST, "GET / HTTP/1.0\r\n\r\n" },
		{ ERR_REQUEST, GET HOST HOST "\r\n" },
		{ ERR_REQUEST, GET "Host: a b\r\n\r\n" },
		{ ERR_REQUEST, GET "Host: a/b\r\n\r\n" },
		{ ERR_REQUEST, GET "Host: u@b\r\n\r\n" },
	};

	(void)state;
	judge_rows(rows, sizeof rows / sizeof *rows);
}

static void
bad_bytes_are_refused(void **state)
{
	static const struct row rows[] = {
		{ ERR_REQUEST, GET HOST "X-A: a\x01""b\r\n\r\n" },
		{ ERR_REQUEST, GET HOST "X-A: a\rb\r\n\r\n" },
		{ ERR_REQUEST, GET HOST "X-A: a\x7f\r\n\r\n" },
		{ ERR_REQUEST, GET HOST "X A: a\r\n\r\n" },
		{ ERR_REQUEST, GET HOST ": a\r\n\r\n" },
		{ ERR_REQUEST, GET HOST "X\xc3\xa9: a\r\n\r\n" },
		{ ERR_REQUEST, "GET /a\x01 HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a#b HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a%00 HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /?q=%00 HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a%0A HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a%7f HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a%zz HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a%4 HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET /a% HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET a HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET http://a/b HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET  HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET / HTTP/1.2\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET / HTTP/2.0\r\n" HOST "\r\n" },
		{ ERR_REQUEST, "GET / \r\n" HOST "\r\n" },
		{ ERR_METHOD, "BREW / HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_METHOD, "get / HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_METHOD, "CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n" },
		{ ERR_MEDIA, POST HOST "Content-Encoding: gzip\r\n\r\n" },
		{ ERR_MEDIA, POST HOST "Content-Encoding: identity\r\n"
		    "Content-Encoding: gzip\r\n\r\n" },
	};

	(void)state;
	judge_rows(rows, sizeof rows / sizeof *rows);
}

/* A parser that steps over bytes leaves a head that does not add up. */
static void
every_byte_counts(void **state)
{
	struct head head;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(judged(&head, GET HOST "X-A: b\r\n\r\n"), ERR_NONE);
	head.request.bytes++;
	assert_false(gate_judge(&head.request, &e));
	assert_int_equal(e.code, ERR_REQUEST);
	e.code = ERR_NONE;
	head.request.bytes -= 2;
	assert_false(gate_judge(&head.request, &e));
	e.code = ERR_NONE;
	head.request.bytes = 0;
	assert_true(gate_judge(&head.request, &e));
}

/* What is stepped over in one place and lacks in another adds up to the same
 * sum; found by fuzzing. */
static void
sums_do_not_cancel_out(void **state)
{
	struct head head;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(judged(&head, GET HOST "X-A: a_\r\nX-B: c\r\n\r\n"),
	    ERR_NONE);
	head.headers[1].value.n = 1;	/* as if _ were a NUL */
	head.request.bytes--;		/* and a CR were missing */
	assert_false(gate_judge(&head.request, &e));
	assert_int_equal(e.code, ERR_REQUEST);
	e.code = ERR_NONE;
	assert_int_equal(judged(&head, GET HOST "\r\n"), ERR_NONE);
	head.request.version++;		/* a second space before it */
	assert_false(gate_judge(&head.request, &e));
}

/* A NUL ends the value for the parser; the rest of the line is unseen. */
static void
nul_is_refused(void **state)
{
	struct head head;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(judged(&head, GET HOST "X-A: a_b\r\n\r\n"),
	    ERR_NONE);
	head.headers[1].value.n = 1;
	assert_false(gate_judge(&head.request, &e));
	assert_int_equal(e.code, ERR_REQUEST);
}

/* A folded header is put together elsewhere: name and value part. */
static void
fold_is_refused(void **state)
{
	struct head head;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(judged(&head, GET "X-A: b\r\n" HOST "\r\n"),
	    ERR_NONE);
	head.headers[0].name = span_of("X-A");
	assert_false(gate_judge(&head.request, &e));
	assert_int_equal(e.code, ERR_REQUEST);
	e.code = ERR_NONE;
	assert_int_equal(judged(&head, GET "X-A: b\r\n" HOST "\r\n"),
	    ERR_NONE);
	head.headers[0].value = head.headers[0].name;
	assert_false(gate_judge(&head.request, &e));
	assert_int_equal(e.code, ERR_REQUEST);
}

static void
no_target_is_refused(void **state)
{
	struct head head;
	struct err e = { 0 };

	(void)state;
	head_of(&head, GET HOST "\r\n");
	head.request.uri = NULL;
	assert_false(gate_judge(&head.request, &e));
	assert_int_equal(e.code, ERR_REQUEST);
}

static void
headers_are_bounded(void **state)
{
	struct head head;
	char text[4096];
	int n = snprintf(text, sizeof text, GET HOST);

	(void)state;
	for (int i = 0; i < GATE_HEADERS_MAX - 2; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "A: b\r\n");
	snprintf(text + n, sizeof text - (size_t)n, "\r\n");
	assert_int_equal(judged(&head, text), ERR_NONE);
	snprintf(text + n, sizeof text - (size_t)n, "A: b\r\n\r\n");
	assert_int_equal(judged(&head, text), ERR_REQUEST);
}

static void
length_is_read(void **state)
{
	struct head head;

	(void)state;
	assert_int_equal(judged(&head, GET HOST "\r\n"), ERR_NONE);
	assert_true(gate_length(&head.request) == -1);
	assert_int_equal(judged(&head, POST HOST "Content-Length: 0\r\n\r\n"),
	    ERR_NONE);
	assert_true(gate_length(&head.request) == 0);
	assert_int_equal(judged(&head, POST HOST
	    "Content-Length: 999999999999999999\r\n\r\n"), ERR_NONE);
	assert_true(gate_length(&head.request) == 999999999999999999LL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_heads_pass),
		cmocka_unit_test(two_readings_are_refused),
		cmocka_unit_test(bad_bytes_are_refused),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(sums_do_not_cancel_out),
		cmocka_unit_test(nul_is_refused),
		cmocka_unit_test(fold_is_refused),
		cmocka_unit_test(no_target_is_refused),
		cmocka_unit_test(headers_are_bounded),
		cmocka_unit_test(length_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
