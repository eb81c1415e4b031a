/*
 * The gate in front of every handler; see gate.h.  Refuses, never repairs:
 * what is repaired here is read otherwise by the next program.
 */
#include "net/gate.h"

#include <stdint.h>
#include <strings.h>

static bool
named(const struct gate_header *header, const char *name)
{
	return header->name.n == strlen(name) &&
	    strncasecmp(header->name.p, name, header->name.n) == 0;
}

static bool
says(const struct gate_header *header, const char *value)
{
	return header->value.n == strlen(value) &&
	    strncasecmp(header->value.p, value, header->value.n) == 0;
}

static size_t
count(const struct gate_request *r, const char *name,
    const struct gate_header **first)
{
	size_t n = 0;

	*first = NULL;
	for (size_t i = 0; i < r->n_headers; i++)
		if (named(&r->headers[i], name) && n++ == 0)
			*first = &r->headers[i];
	return n;
}

static bool
alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
only(struct span s, const char *other)
{
	for (size_t i = 0; i < s.n; i++)
		if (!alnum(s.p[i]) && (s.p[i] == '\0' ||
		    strchr(other, s.p[i]) == NULL))
			return false;
	return true;
}

static bool
token(struct span s)
{
	return s.n > 0 && only(s, "!#$%&'*+-.^_`|~");
}

static bool
clean(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') ||
		    s.p[i] == 0x7f)
			return false;
	return true;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Escapes are whole, and none is a control byte in the path or a NUL in the
 * query: names are shown, logged and compared as C strings. */
static bool
judge_escapes(const char *uri, struct err *e)
{
	bool query = false;

	for (const char *p = uri; *p != '\0'; p++) {
		int high, low;

		query = query || *p == '?';
		if (*p != '%')
			continue;
		high = hex(p[1]);
		low = high < 0 ? -1 : hex(p[2]);
		if (low < 0)
			return err_set(e, ERR_REQUEST,
			    "the target has a broken escape");
		if ((high == 0 && low == 0) || (!query && (high < 2 ||
		    (high == 7 && low == 15))))
			return err_set(e, ERR_REQUEST,
			    "the target has an escaped control byte");
		p += 2;
	}
	return true;
}

static bool
judge_target(const char *uri, struct err *e)
{
	if (uri == NULL || uri[0] != '/')
		return err_set(e, ERR_REQUEST, "the target is no path");
	for (const char *p = uri; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f ||
		    *p == '#')
			return err_set(e, ERR_REQUEST,
			    "the target has bytes that no URI has");
	return judge_escapes(uri, e);
}

static bool
judge_line(const struct gate_request *r, struct err *e)
{
	static const char *const methods[] = {
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
	};
	bool known = false;

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		known = known || strcmp(methods[i], r->method) == 0;
	if (!known)
		return err_set(e, ERR_METHOD, "no such method");
	if (strcmp(r->version, "HTTP/1.1") != 0 &&
	    strcmp(r->version, "HTTP/1.0") != 0)
		return err_set(e, ERR_REQUEST, "neither HTTP/1.1 nor 1.0");
	return judge_target(r->uri, e);
}

/* Ends of lines, over which the library may have put NULs. */
static bool
is_end(uintptr_t at, size_t n)
{
	const char *p = (const char *)at;

	for (size_t i = 0; i < n; i++)
		if (p[i] != '\0' && p[i] != '\r' && p[i] != '\n')
			return false;
	return true;
}

/* Every byte of the head must be one that was shown to us, so each part has
 * to begin where the one before it ended. What a parser stepped over leaves a
 * gap: a NUL that ended a string early, a folded line, a line that ended in LF
 * alone, a second space. A sum would not do: two of these can cancel out. */
static bool
judge_whole(const struct gate_request *r, struct err *e)
{
	uintptr_t start = (uintptr_t)r->method;
	uintptr_t at = start + strlen(r->method) + 1 + strlen(r->uri) + 1;
	bool whole = at == (uintptr_t)r->version;

	if (r->bytes == 0)
		return true;
	at += strlen(r->version);
	for (size_t i = 0; whole && i < r->n_headers; i++) {
		const struct gate_header *h = &r->headers[i];
		uintptr_t value = (uintptr_t)h->value.p;

		whole = (uintptr_t)h->name.p == at + 2 && is_end(at, 2) &&
		    value > at + h->name.n && value <= start + r->bytes;
		at = value + h->value.n;
	}
	return (whole && at + 4 == start + r->bytes && is_end(at, 4)) ||
	    err_set(e, ERR_REQUEST, "the head has a NUL, a folded line or a line "
	    "without CR LF");
}

static bool
judge_coding(const struct gate_request *r, struct err *e)
{
	const struct gate_header *length, *coding;
	size_t codings = count(r, "Transfer-Encoding", &coding);

	if (codings == 0)
		return true;
	if (codings > 1)
		return err_set(e, ERR_REQUEST, "Transfer-Encoding twice");
	if (count(r, "Content-Length", &length) > 0)
		return err_set(e, ERR_REQUEST,
		    "Content-Length with Transfer-Encoding");
	if (!says(coding, "chunked"))
		return err_set(e, ERR_REQUEST,
		    "a Transfer-Encoding other than chunked");
	if (strcmp(r->version, "HTTP/1.0") == 0)
		return err_set(e, ERR_REQUEST, "chunked in HTTP/1.0");
	return true;
}

static bool
judge_length(const struct gate_request *r, struct err *e)
{
	const struct gate_header *length;
	size_t n = count(r, "Content-Length", &length);

	if (n == 0)
		return true;
	if (n > 1)
		return err_set(e, ERR_REQUEST, "Content-Length came twice");
	/* 18 digits fit in every 64-bit number. */
	if (length->value.n == 0 || length->value.n > 18)
		return err_set(e, ERR_REQUEST, "Content-Length is no number");
	for (size_t i = 0; i < length->value.n; i++)
		if (length->value.p[i] < '0' || length->value.p[i] > '9')
			return err_set(e, ERR_REQUEST,
			    "Content-Length is no number");
	return true;
}

static bool
judge_host(const struct gate_request *r, struct err *e)
{
	const struct gate_header *host;
	size_t n = count(r, "Host", &host);

	if (n != 1)
		return err_set(e, ERR_REQUEST, n == 0 ? "no Host header" :
		    "several Host headers");
	return only(host->value, "-._~!$&'()*+,;=%:[]") ||
	    err_set(e, ERR_REQUEST, "Host is no host");
}

static bool
judge_media(const struct gate_request *r, struct err *e)
{
	const struct gate_header *coding;
	size_t n = count(r, "Content-Encoding", &coding);

	return n == 0 || (n == 1 && says(coding, "identity")) ||
	    err_set(e, ERR_MEDIA, "the body is encoded");
}

bool
gate_judge(const struct gate_request *r, struct err *e)
{
	if (!judge_line(r, e))
		return false;
	if (r->n_headers >= GATE_HEADERS_MAX)
		return err_set(e, ERR_REQUEST, "%d headers or more",
		    GATE_HEADERS_MAX);
	for (size_t i = 0; i < r->n_headers; i++)
		if (!token(r->headers[i].name) || !clean(r->headers[i].value))
			return err_set(e, ERR_REQUEST,
			    "a header has bytes that no header has");
	return judge_whole(r, e) && judge_coding(r, e) &&
	    judge_length(r, e) && judge_host(r, e) && judge_media(r, e);
}

long long
gate_length(const struct gate_request *r)
{
	const struct gate_header *length;
	long long n = 0;

	if (count(r, "Content-Length", &length) == 0)
		return -1;
	for (size_t i = 0; i < length->value.n; i++)
		n = n * 10 + (length->value.p[i] - '0');
	return n;
}
