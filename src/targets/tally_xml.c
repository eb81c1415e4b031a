/*
 * Reads what Tally answers, by expat, after what is no XML was taken out of
 * it. Whatever it is, memory is bounded by the size of the answer.
 */
#include "targets/tally_xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "targets/list.h"

/* ---- bytes to UTF-8 --------------------------------------------------- */

static void
add_letter(struct str *out, uint32_t cp)
{
	char b[4];
	size_t n = 0;

	if (cp < 0x80)
		b[n++] = (char)cp;
	else if (cp < 0x800) {
		b[n++] = (char)(0xc0 | cp >> 6);
		b[n++] = (char)(0x80 | (cp & 0x3f));
	} else if (cp < 0x10000) {
		b[n++] = (char)(0xe0 | cp >> 12);
		b[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (cp & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | cp >> 18);
		b[n++] = (char)(0x80 | (cp >> 12 & 0x3f));
		b[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (cp & 0x3f));
	}
	str_add(out, b, n);
}

/* The production Char of XML 1.0. */
static bool
is_char(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' ||
	    (cp >= 0x20 && cp < 0xd800) || (cp >= 0xe000 && cp < 0xfffe) ||
	    (cp >= 0x10000 && cp <= 0x10ffff);
}

static void
from_utf16(struct span in, bool big, struct str *out)
{
	for (size_t i = 0; i + 1 < in.n; i += 2) {
		const unsigned char *p = (const unsigned char *)in.p + i;
		uint32_t cp = big ? (uint32_t)p[0] << 8 | p[1] :
		    (uint32_t)p[1] << 8 | p[0], low;

		if (cp >= 0xd800 && cp < 0xdc00 && i + 3 < in.n) {
			low = big ? (uint32_t)p[2] << 8 | p[3] :
			    (uint32_t)p[3] << 8 | p[2];
			if (low >= 0xdc00 && low < 0xe000) {
				cp = 0x10000 + ((cp & 0x3ff) << 10) +
				    (low & 0x3ff);
				i += 2;
			}
		}
		if (is_char(cp) && cp != 0xfeff)
			add_letter(out, cp);
	}
}

/* Windows-1252: what Windows uses in India, and ASCII with it. */
static void
from_ansi(struct span in, struct str *out)
{
	static const uint16_t upper[32] = {
		0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
		0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178
	};

	for (size_t i = 0; i < in.n; i++) {
		uint32_t cp = (unsigned char)in.p[i];

		if (cp >= 0x80 && cp < 0xa0)
			cp = upper[cp - 0x80];
		if (is_char(cp))
			add_letter(out, cp);
	}
}

/* "&#4;" of what is no character: its length; 0: it is something else. */
static size_t
bad_reference(const char *p, const char *end)
{
	const char *at = p + 2;
	bool hex = at < end && (*at == 'x' || *at == 'X');
	uint32_t cp = 0;
	const char *digits = at += hex;

	for (; at < end && at - digits < 8; at++) {
		unsigned c = (unsigned char)*at;
		unsigned digit = c >= '0' && c <= '9' ? c - '0' :
		    hex && (c | 32) >= 'a' && (c | 32) <= 'f' ?
		    (c | 32) - 'a' + 10 : 99;

		if (digit == 99)
			break;
		cp = cp * (hex ? 16 : 10) + digit;
	}
	return at > digits && at < end && *at == ';' && !is_char(cp) ?
	    (size_t)(at + 1 - p) : 0;
}

static void
strip(const struct str *in, struct str *out)
{
	const char *p = in->n > 0 ? in->p : "", *end = p + in->n;
	const char *kept = p;
	size_t bad;

	while (p < end) {
		bad = 0;
		if ((unsigned char)*p < 0x20 && *p != '\t' && *p != '\n' &&
		    *p != '\r')
			bad = 1;
		else if (*p == '&' && p + 1 < end && p[1] == '#')
			bad = bad_reference(p, end);
		if (bad > 0) {
			str_add(out, kept, (size_t)(p - kept));
			kept = p + bad;
		}
		p += bad > 0 ? bad : 1;
	}
	str_add(out, kept, (size_t)(p - kept));
}

void
xml_clean(struct span in, struct str *out)
{
	struct str text;
	const unsigned char *b = (const unsigned char *)in.p;

	str_clear(out);
	str_init(&text, 3 * in.n + 1);
	if (in.n >= 2 && ((b[0] == 0xff && b[1] == 0xfe) ||
	    (b[0] == '<' && b[1] == 0)))
		from_utf16(in, false, &text);
	else if (in.n >= 2 && ((b[0] == 0xfe && b[1] == 0xff) ||
	    (b[0] == 0 && b[1] == '<')))
		from_utf16(in, true, &text);
	else if (in.n >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0 &&
	    utf8_valid((struct span){ in.p + 3, in.n - 3 }))
		str_add(&text, in.p + 3, in.n - 3);
	else if (utf8_valid(in))
		str_add(&text, in.p, in.n);
	else
		from_ansi(in, &text);
	strip(&text, out);
	str_free(&text);
}

/* ---- the tree --------------------------------------------------------- */

struct level {
	struct xml_node *node, *last;	/* the last child */
	size_t text;			/* where its text begins */
};

struct builder {
	XML_Parser parser;
	struct arena *arena;
	struct level levels[ANSWER_DEPTH];
	size_t depth, n;
	struct str text;		/* of all open elements, in a row */
	struct xml_node *root;
	const char *fault;
	bool large;
};

static void
refuse(struct builder *b, const char *why)
{
	if (b->fault == NULL)
		b->fault = why;
	XML_StopParser(b->parser, XML_FALSE);
}

static const char *
attribute(struct builder *b, const XML_Char **pairs, const char *name)
{
	for (; *pairs != NULL; pairs += 2)
		if (strcmp(pairs[0], name) == 0)
			return arena_strdup(b->arena, pairs[1]);
	return "";
}

static void
begin_node(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct builder *b = arg;
	struct level *up = b->depth > 0 ? &b->levels[b->depth - 1] : NULL;
	struct xml_node *node;

	if (b->depth == ANSWER_DEPTH) {
		refuse(b, "nested too deep");
		return;
	}
	if (++b->n > XML_NODES_MAX) {
		b->large = true;
		refuse(b, "too many elements");
		return;
	}
	node = arena_alloc(b->arena, sizeof *node);
	node->name = arena_strdup(b->arena, name);
	node->text = "";
	node->title = attribute(b, pairs, "NAME");
	node->remote = attribute(b, pairs, "REMOTEID");
	if (up == NULL)
		b->root = node;
	else if (up->last == NULL)
		up->node->first = node;
	else
		up->last->next = node;
	if (up != NULL)
		up->last = node;
	b->levels[b->depth++] = (struct level){ node, NULL, b->text.n };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
end_node(void *arg, const XML_Char *name)
{
	struct builder *b = arg;
	const struct level *level = &b->levels[--b->depth];
	const char *p, *end;

	(void)name;
	if (b->text.n == level->text)
		return;
	p = b->text.p + level->text;
	end = b->text.p + b->text.n;
	while (p < end && is_blank(*p))
		p++;
	while (end > p && is_blank(end[-1]))
		end--;
	if (end > p)
		level->node->text = arena_strndup(b->arena, p,
		    (size_t)(end - p));
	b->text.n = level->text;
	b->text.p[b->text.n] = '\0';
}

static void
take_text(void *arg, const XML_Char *text, int n)
{
	struct builder *b = arg;

	str_add(&b->text, text, (size_t)n);
}

static void
refuse_type(void *arg, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(arg, "it has a document type");
}

static bool
parse(struct builder *b, const struct str *text, struct err *e)
{
	enum XML_Status status;

	XML_SetUserData(b->parser, b);
	XML_SetElementHandler(b->parser, begin_node, end_node);
	XML_SetCharacterDataHandler(b->parser, take_text);
	XML_SetStartDoctypeDeclHandler(b->parser, refuse_type);
	status = XML_Parse(b->parser, text->n > 0 ? text->p : "",
	    (int)text->n, 1);
	if (b->fault == NULL && status == XML_STATUS_OK)
		return true;
	return err_set(e, b->large ? ERR_TOO_LARGE : ERR_UNREACHABLE,
	    "not an answer in XML: %s",
	    b->fault != NULL ? b->fault :
	    XML_ErrorString(XML_GetErrorCode(b->parser)));
}

bool
xml_read(struct span in, struct arena *arena, const struct xml_node **root,
    struct err *e)
{
	struct builder b = { .arena = arena };
	struct str text;
	bool ok;

	*root = NULL;
	if (in.n > ANSWER_MAX)
		return err_set(e, ERR_TOO_LARGE, "an answer of %zu bytes",
		    in.n);
	str_init(&text, 3 * in.n + 1);
	str_init(&b.text, 3 * in.n + 1);
	xml_clean(in, &text);
	/* whatever its own first line says: these bytes are UTF-8 now */
	b.parser = XML_ParserCreate("UTF-8");
	if (b.parser == NULL)
		bug("out of memory");
	ok = parse(&b, &text, e);
	XML_ParserFree(b.parser);
	str_free(&b.text);
	str_free(&text);
	if (ok)
		*root = b.root;
	return ok;
}

/* ---- looking ---------------------------------------------------------- */

const struct xml_node *
xml_next(const struct xml_node *parent, const struct xml_node *last,
    const char *name)
{
	const struct xml_node *node;

	if (parent == NULL)
		return NULL;
	for (node = last == NULL ? parent->first : last->next; node != NULL;
	    node = node->next)
		if (strcmp(node->name, name) == 0)
			return node;
	return NULL;
}

const struct xml_node *
xml_at(const struct xml_node *node, const char *path)
{
	char name[64];
	size_t n;

	while (node != NULL && *path != '\0') {
		n = strcspn(path, "/");
		if (n >= sizeof name)
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		node = xml_next(node, NULL, name);
		path += n + (path[n] == '/');
	}
	return node;
}

const char *
xml_text(const struct xml_node *node, const char *path)
{
	const struct xml_node *at = xml_at(node, path);

	return at != NULL ? at->text : "";
}

/* ---- writing ---------------------------------------------------------- */

void
xml_put(struct str *out, const char *text)
{
	struct span in = span_of(text);
	uint32_t cp;

	for (size_t n; (n = utf8_next(in, &cp)) > 0; in.p += n, in.n -= n)
		switch (cp) {
		case '&':
			str_adds(out, "&amp;");
			break;
		case '<':
			str_adds(out, "&lt;");
			break;
		case '>':
			str_adds(out, "&gt;");
			break;
		case '"':
			str_adds(out, "&quot;");
			break;
		case '\'':
			str_adds(out, "&apos;");
			break;
		case '\t':
		case '\n':
		case '\r':
			str_addc(out, ' ');
			break;
		default:
			if (is_char(cp))
				add_letter(out, cp);
		}
}
