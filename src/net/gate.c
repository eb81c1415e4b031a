/* The gate in front of every handler; see gate.h. */
#include "net/gate.h"

#include <strings.h>

static bool
named(const struct gate_header *header, const char *name)
{
	return header->name.n == strlen(name) &&
	    strncasecmp(header->name.p, name, header->name.n) == 0;
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
token(struct span s)
{
	static const char other[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr(other, c) != NULL)))
			return false;
	}
	return s.n > 0;
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
		return err_set(e, ERR_METHOD, "method %.20s", r->method);
	if (strcmp(r->version, "HTTP/1.1") != 0 &&
	    strcmp(r->version, "HTTP/1.0") != 0)
		return err_set(e, ERR_REQUEST, "version %.20s", r->version);
	for (const char *p = r->uri; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f)
			return err_set(e, ERR_REQUEST,
			    "the target has bytes that no URI has");
	if (r->uri[0] != '/')
		return err_set(e, ERR_REQUEST, "the target is no path");
	if (strstr(r->uri, "%00") != NULL)
		return err_set(e, ERR_REQUEST, "the target has a NUL");
	return true;
}

static bool
judge_length(const struct gate_request *r, struct err *e)
{
	const struct gate_header *length, *coding;
	size_t lengths = count(r, "Content-Length", &length);
	size_t codings = count(r, "Transfer-Encoding", &coding);

	if (lengths > 1)
		return err_set(e, ERR_REQUEST, "Content-Length came twice");
	if (codings > 1)
		return err_set(e, ERR_REQUEST, "Transfer-Encoding twice");
	if (lengths == 1 && codings == 1)
		return err_set(e, ERR_REQUEST,
		    "Content-Length with Transfer-Encoding");
	if (codings == 1 && !(coding->value.n == 7 &&
	    strncasecmp(coding->value.p, "chunked", 7) == 0))
		return err_set(e, ERR_REQUEST,
		    "a Transfer-Encoding other than chunked");
	if (codings == 1 && strcmp(r->version, "HTTP/1.0") == 0)
		return err_set(e, ERR_REQUEST, "chunked in HTTP/1.0");
	if (lengths == 0)
		return true;
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

	if (n > 1)
		return err_set(e, ERR_REQUEST, "several Host headers");
	if (n == 0 && strcmp(r->version, "HTTP/1.1") == 0)
		return err_set(e, ERR_REQUEST, "no Host header");
	return true;
}

bool
gate_judge(const struct gate_request *r, struct err *e)
{
	const struct gate_header *encoding;

	if (!judge_line(r, e))
		return false;
	if (r->n_headers >= GATE_HEADERS_MAX)
		return err_set(e, ERR_REQUEST, "more than %d headers",
		    GATE_HEADERS_MAX);
	for (size_t i = 0; i < r->n_headers; i++)
		if (!token(r->headers[i].name) || !clean(r->headers[i].value))
			return err_set(e, ERR_REQUEST,
			    "a header has bytes that no header has");
	if (!judge_length(r, e) || !judge_host(r, e))
		return false;
	if (count(r, "Content-Encoding", &encoding) > 0 &&
	    !(encoding->value.n == 8 &&
	    strncasecmp(encoding->value.p, "identity", 8) == 0))
		return err_set(e, ERR_MEDIA, "the body is encoded");
	return true;
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
