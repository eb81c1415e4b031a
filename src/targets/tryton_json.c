/* Tryton's JSON-RPC: one object a request, decimals and dates as objects with
 * `__class__`. Pure. */
#include <string.h>

#include "core/json.h"
#include "targets/list.h"
#include "targets/tryton_value.h"

static void
write_value(struct json *j, const struct tv *value)
{
	switch (value->kind) {
	case TV_NIL:
		json_null(j);
		break;
	case TV_BOOL:
		json_bool(j, value->yes);
		break;
	case TV_NUMBER:
		json_raw(j, span_of(value->text));
		break;
	case TV_TEXT:
		json_str(j, value->text);
		break;
	case TV_LIST:
	case TV_GROUP:
		json_open(j, value->kind == TV_LIST ? '[' : '{');
		for (const struct tv *one = value->first; one != NULL;
		    one = one->next) {
			if (value->kind == TV_GROUP)
				json_key(j, one->key);
			write_value(j, one);
		}
		json_close(j, value->kind == TV_LIST ? ']' : '}');
		break;
	}
}

static void
value(const struct tv *value, struct str *out)
{
	struct json j;

	json_start(&j, out);
	write_value(&j, value);
}

static void
request(const char *method, const struct tv *params, struct str *out)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kint(&j, "id", 1);
	json_kstr(&j, "method", method);
	json_key(&j, "params");
	write_value(&j, params);
	json_close(&j, '}');
}

/* ---- answers ---------------------------------------------------------- */

struct reading {
	const struct json_tape *tape;
	struct arena *arena;
	size_t at, n;
};

static const char *
text_at(const struct reading *r, size_t token)
{
	struct span text = json_plain(r->tape, token, r->arena);

	return arena_strndup(r->arena, text.p, text.n);
}

/* The depth is what json_read allowed. NULL: too much of it. */
static struct tv *
read_value(struct reading *r)
{
	size_t token = r->at++;
	const struct json_token *t = &r->tape->tokens[token];
	struct tv *value, *one;
	const char *key = NULL;

	if (++r->n > TV_MAX)
		return NULL;
	value = tv_new(r->arena, TV_NIL);
	switch (t->kind) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		value->kind = TV_BOOL;
		value->yes = r->tape->text.p[t->at] == 't';
		break;
	case JSON_NUMBER:
	case JSON_STRING:
		value->kind = t->kind == JSON_NUMBER ? TV_NUMBER : TV_TEXT;
		value->text = text_at(r, token);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		value->kind = t->kind == JSON_ARRAY ? TV_LIST : TV_GROUP;
		while (r->at < t->end) {
			if (value->kind == TV_GROUP)
				key = text_at(r, r->at++);
			if ((one = read_value(r)) == NULL)
				return NULL;
			one->key = key;
			tv_add(value, one);
		}
		break;
	}
	return value;
}

/* ["UserError", [words, description, domain]], ["UserWarning", [name, words,
 * description]], ["ConcurrencyException", words]; or of its own: [words, how
 * it came to that]. */
static void
read_fault(const struct tv *error, struct tryton_answer *out)
{
	static const struct {
		const char *name;
		enum tryton_fault fault;
	} names[] = {
		{ "UserError", TRYTON_USER },
		{ "UserWarning", TRYTON_WARNING },
		{ "LoginException", TRYTON_LOGIN },
		{ "ConcurrencyException", TRYTON_CONCURRENCY },
	};
	const struct tv *name = error->first, *said;

	out->fault = TRYTON_OTHER;
	out->words = "";
	if (error->kind != TV_LIST || name == NULL || name->text == NULL)
		return;
	out->words = name->text;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i].name, name->text) == 0)
			out->fault = names[i].fault;
	said = out->fault == TRYTON_OTHER ? NULL : name->next;
	if (said != NULL && said->kind == TV_LIST)
		said = said->first;
	if (said != NULL && out->fault != TRYTON_USER &&
	    out->fault != TRYTON_CONCURRENCY && said->next != NULL)
		said = said->next;
	if (said != NULL && said->text != NULL)
		out->words = said->text;
}

static bool
answer(struct span text, struct arena *arena, struct tryton_answer *out,
    struct err *e)
{
	struct json_where where;
	struct json_tape tape;
	enum json_fault fault = json_read_bounded(text, ANSWER_DEPTH, TV_MAX,
	    arena, &tape, &where);
	struct reading r = { .tape = &tape, .arena = arena };
	const struct tv *whole, *error;

	*out = (struct tryton_answer){ 0 };
	if (fault != JSON_OK)
		return err_set(e, fault == JSON_TOO_LARGE ? ERR_TOO_LARGE :
		    ERR_UNREACHABLE, "its answer is not JSON: %s at byte %zu",
		    json_fault_name(fault), where.offset);
	if ((whole = read_value(&r)) == NULL)
		return err_set(e, ERR_TOO_LARGE,
		    "more than %zu values in its answer", TV_MAX);
	if ((error = tv_get(whole, "error")) != NULL)
		read_fault(error, out);
	else if ((out->result = tv_get(whole, "result")) == NULL)
		return err_set(e, ERR_UNREACHABLE,
		    "its answer says neither result nor error");
	return true;
}

const struct tryton_protocol tryton_json = {
	"json", "application/json", request, value, answer
};
