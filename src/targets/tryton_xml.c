/* Tryton's XML-RPC, the twin of its JSON-RPC. A document type is refused, and
 * with it every entity of the sender's. Pure. */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "targets/list.h"
#include "targets/tryton_value.h"

/* ---- requests --------------------------------------------------------- */

/* What no XML may have; one of it and the whole call is refused. */
static bool
is_banned(const char *p)
{
	return ((unsigned char)*p < ' ' && strchr("\t\n\r", *p) == NULL) ||
	    strncmp(p, "\xef\xbf\xbe", 3) == 0 ||
	    strncmp(p, "\xef\xbf\xbf", 3) == 0;
}

static void
escape(const char *text, struct str *out)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (is_banned(p)) {
			str_adds(out, "\xef\xbf\xbd");
			p += (unsigned char)*p < ' ' ? 0 : 2;
			continue;
		}
		switch (*p) {
		case '&':
			str_adds(out, "&amp;");
			break;
		case '<':
			str_adds(out, "&lt;");
			break;
		case '>':
			str_adds(out, "&gt;");
			break;
		default:
			str_addc(out, *p);
		}
	}
}

static void
wrap(const char *tag, const char *text, struct str *out)
{
	str_addf(out, "<%s>", tag);
	escape(text, out);
	str_addf(out, "</%s>", tag);
}

static void value(const struct tv *, struct str *);

static void
write_group(const struct tv *group, struct str *out)
{
	str_adds(out, "<struct>");
	for (const struct tv *one = group->first; one != NULL;
	    one = one->next) {
		str_adds(out, "<member>");
		wrap("name", one->key, out);
		value(one, out);
		str_adds(out, "</member>");
	}
	str_adds(out, "</struct>");
}

static void
value(const struct tv *value_of, struct str *out)
{
	str_adds(out, "<value>");
	switch (value_of->kind) {
	case TV_NIL:
		str_adds(out, "<nil/>");
		break;
	case TV_BOOL:
		wrap("boolean", value_of->yes ? "1" : "0", out);
		break;
	case TV_NUMBER:
		wrap("int", value_of->text, out);
		break;
	case TV_TEXT:
		wrap("string", value_of->text, out);
		break;
	case TV_LIST:
		str_adds(out, "<array><data>");
		for (const struct tv *one = value_of->first; one != NULL;
		    one = one->next)
			value(one, out);
		str_adds(out, "</data></array>");
		break;
	case TV_GROUP:
		write_group(value_of, out);
		break;
	}
	str_adds(out, "</value>");
}

static void
request(const char *method, const struct tv *params, struct str *out)
{
	str_adds(out, "<?xml version=\"1.0\"?><methodCall>");
	wrap("methodName", method, out);
	str_adds(out, "<params>");
	for (const struct tv *one = params->first; one != NULL;
	    one = one->next) {
		str_adds(out, "<param>");
		value(one, out);
		str_adds(out, "</param>");
	}
	str_adds(out, "</params></methodCall>");
}

/* ---- answers ---------------------------------------------------------- */

/* A value nests as value, array, data or value, struct, member. */
#define ELEMENTS_MAX (3 * ANSWER_DEPTH + 8)

struct reading {
	XML_Parser parser;
	struct arena *arena;
	struct str text;	/* of the innermost element */
	struct tv *open[ANSWER_DEPTH + 1];	/* values, the outer first */
	size_t depth, elements, n;
	const char *names[ANSWER_DEPTH + 1];	/* of the next member of each */
	bool typed;		/* the innermost value said its type */
	bool fault, large;
	struct tv *whole;
	const char *why;
};

static void
stop(struct reading *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	XML_StopParser(r->parser, XML_FALSE);
}

static void
begin_value(struct reading *r)
{
	struct tv *made;

	if (r->depth > ANSWER_DEPTH || ++r->n > TV_MAX) {
		r->large = r->n > TV_MAX;
		stop(r, "it holds too much");
		return;
	}
	made = tv_new(r->arena, TV_TEXT);
	made->text = "";
	r->names[r->depth] = NULL;
	r->open[r->depth++] = made;
	r->typed = false;
}

static void XMLCALL
on_begin(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = arg;

	(void)attributes;
	str_clear(&r->text);
	if (r->why != NULL)	/* some still come after a stop */
		return;
	if (++r->elements > ELEMENTS_MAX)
		stop(r, "it is nested too deep");
	else if (strcmp(name, "value") == 0)
		begin_value(r);
	else if (strcmp(name, "fault") == 0)
		r->fault = true;
	else if (r->depth > 0 && strcmp(name, "array") == 0)
		r->open[r->depth - 1]->kind = TV_LIST;
	else if (r->depth > 0 && strcmp(name, "struct") == 0)
		r->open[r->depth - 1]->kind = TV_GROUP;
	else if (r->depth > 0 && strcmp(name, "nil") == 0)
		r->open[r->depth - 1]->kind = TV_NIL;
}

static void
end_value(struct reading *r)
{
	struct tv *made = r->open[--r->depth], *within;

	if (made->kind == TV_TEXT && !r->typed)
		made->text = arena_strndup(r->arena, r->text.p, r->text.n);
	else if (made->kind != TV_TEXT && made->kind != TV_NUMBER)
		made->text = NULL;
	r->typed = true;
	if (r->depth == 0) {
		r->whole = made;
		return;
	}
	within = r->open[r->depth - 1];
	if (within->kind == TV_GROUP) {
		made->key = r->names[r->depth - 1];
		if (made->key == NULL)
			stop(r, "a member without a name");
	} else if (within->kind != TV_LIST)
		stop(r, "a value within a value");
	else
		made->key = NULL;
	r->names[r->depth - 1] = NULL;
	tv_add(within, made);
}

static void
end_scalar(struct reading *r, const char *name)
{
	static const char *const numbers[] = { "int", "i4", "i8",
		"biginteger", "double", NULL };
	struct tv *made = r->open[r->depth - 1];

	if (made->kind != TV_TEXT)
		return;
	if (strcmp(name, "boolean") == 0) {
		made->kind = TV_BOOL;
		made->yes = strcmp(r->text.p, "1") == 0;
	} else {
		made->text = arena_strndup(r->arena, r->text.p, r->text.n);
		for (size_t i = 0; numbers[i] != NULL; i++)
			if (strcmp(numbers[i], name) == 0)
				made->kind = TV_NUMBER;
	}
	r->typed = true;
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	static const char *const groups[] = { "array", "data", "struct",
		"member", "nil", "param", "params", "fault",
		"methodResponse", NULL };
	struct reading *r = arg;

	if (r->why != NULL)
		return;
	r->elements--;
	if (strcmp(name, "value") == 0) {
		end_value(r);
		str_clear(&r->text);
		return;
	}
	for (size_t i = 0; groups[i] != NULL; i++)
		if (strcmp(groups[i], name) == 0)
			return;
	if (r->depth > 0 && strcmp(name, "name") == 0)
		r->names[r->depth - 1] = arena_strndup(r->arena, r->text.p,
		    r->text.n);
	else if (r->depth > 0)
		end_scalar(r, name);
	str_clear(&r->text);
}

static void XMLCALL
on_text(void *arg, const XML_Char *text, int n)
{
	struct reading *r = arg;

	str_add(&r->text, text, (size_t)n);
}

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(arg, "a document type");
}

static bool
parse(struct reading *r, struct span text, struct err *e)
{
	enum XML_Status status;

	r->parser = XML_ParserCreate("UTF-8");
	if (r->parser == NULL)
		bug("out of memory");
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_begin, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	status = XML_Parse(r->parser, text.p, (int)text.n, 1);
	if (status != XML_STATUS_OK && r->why == NULL)
		r->why = XML_ErrorString(XML_GetErrorCode(r->parser));
	XML_ParserFree(r->parser);
	if (r->why != NULL)
		return err_set(e, r->large ? ERR_TOO_LARGE : ERR_UNREACHABLE,
		    "its answer is not XML-RPC: %s", r->why);
	return r->whole != NULL || err_set(e, ERR_UNREACHABLE,
	    "its answer says neither result nor fault");
}

/* "words - description", of which the latter is mostly empty. */
static const char *
without_tail(const char *words, struct arena *arena)
{
	size_t n = strlen(words);

	return n >= 3 && strcmp(words + n - 3, " - ") == 0 ?
	    arena_strndup(arena, words, n - 3) : words;
}

static bool
answer(struct span text, struct arena *arena, struct tryton_answer *out,
    struct err *e)
{
	struct reading r = { .arena = arena };
	bool ok;

	*out = (struct tryton_answer){ 0 };
	if (text.n > ANSWER_MAX)
		return err_set(e, ERR_TOO_LARGE, "its answer is too large");
	str_init(&r.text, ANSWER_MAX);
	ok = parse(&r, text, e);
	str_free(&r.text);
	if (!ok)
		return false;
	if (!r.fault) {
		out->result = r.whole;
		return true;
	}
	switch (tv_id(r.whole, "faultCode")) {
	case 1:
		out->fault = TRYTON_USER;
		break;
	case 2:
		out->fault = TRYTON_WARNING;
		break;
	case 3:
		out->fault = TRYTON_LOGIN;
		break;
	case 4:
		out->fault = TRYTON_CONCURRENCY;
		break;
	default:
		out->fault = TRYTON_OTHER;
	}
	out->words = without_tail(tv_word(r.whole, "faultString"), arena);
	return true;
}

const struct tryton_protocol tryton_xml = {
	"xml", "text/xml", request, value, answer
};
