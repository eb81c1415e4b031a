/*
 * A schema is compiled once into nodes and then walked beside a message: the
 * row of its values, that says what is a number and has its exact digits.
 * Steps, depth and faults are bounded.
 */
#include "rules/schema.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "book/day.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/map.h"
#include "core/rx.h"
#include "core/utf8.h"
#include "core/vec.h"

#define STEPS_MAX 1000000	/* nodes applied to one message */
#define DEPTH_MAX 100		/* of values and references together */
#define LIST_MAX 1000		/* properties or choices of one node */
#define PATTERNS_MAX 1000

enum {
	IS_NULL = 1, IS_BOOLEAN = 2, IS_OBJECT = 4, IS_ARRAY = 8,
	IS_NUMBER = 16, IS_INTEGER = 32, IS_STRING = 64
};

enum format { FORMAT_NONE, FORMAT_DATE, FORMAT_TIME };

struct node {
	unsigned types;			/* 0: any */
	bool closed;			/* no other properties */
	enum format format;
	int64_t min_items, max_items, min_length, max_length;	/* -1: none */
	int64_t minimum, maximum;
	bool has_minimum, has_maximum;
	struct map *properties;		/* name -> struct node; NULL: none */
	const struct node *others, *items, *ref;
	const struct node **any, **one;
	size_t n_any, n_one;
	const char **required;
	size_t n_required;
	const cJSON *choices;		/* of texts; the schema's own tree */
	const char *constant;
	struct rx *pattern;
};

struct schema {
	struct arena *arena;
	cJSON *tree;
	struct node *root;
	struct map *defs;		/* name -> struct node */
	struct vec maps, patterns;	/* to be freed */
};

/* ---- making ----------------------------------------------------------- */

static bool make(struct schema *, const cJSON *, struct node *, struct err *);

static struct node *
new_node(struct schema *schema)
{
	struct node *node = arena_alloc(schema->arena, sizeof *node);

	node->min_items = node->max_items = -1;
	node->min_length = node->max_length = -1;
	return node;
}

static bool
refuse(const cJSON *at, struct err *e)
{
	return err_set(e, ERR_RULE, "schema: %.60s is not of a form that is "
	    "judged here", at->string != NULL ? at->string : "a value");
}

static const struct node *
make_new(struct schema *schema, const cJSON *at, struct err *e)
{
	struct node *node = new_node(schema);

	return make(schema, at, node, e) ? node : NULL;
}

static bool
read_count(const cJSON *at, int64_t *out, struct err *e)
{
	const char *text = cJSON_GetStringValue(at);
	size_t n = text != NULL ? strlen(text) : 0;
	size_t sign = n > 0 && text[0] == '-';

	if (n == sign || n > 18 ||
	    strspn(text + sign, "0123456789") != n - sign)
		return refuse(at, e);
	*out = strtoll(text, NULL, 10);
	return true;
}

static const struct {
	const char *name;
	unsigned bit;
} type_names[] = {
	{ "null", IS_NULL }, { "boolean", IS_BOOLEAN },
	{ "object", IS_OBJECT }, { "array", IS_ARRAY },
	{ "number", IS_NUMBER | IS_INTEGER }, { "integer", IS_INTEGER },
	{ "string", IS_STRING },
};

static bool
add_type(const cJSON *at, struct node *node, struct err *e)
{
	const char *name = cJSON_GetStringValue(at);

	for (size_t i = 0; name != NULL &&
	    i < sizeof type_names / sizeof *type_names; i++) {
		if (strcmp(type_names[i].name, name) == 0) {
			node->types |= type_names[i].bit;
			return true;
		}
	}
	return refuse(at, e);
}

static bool
read_type(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	const cJSON *one;
	bool ok = true;

	(void)schema;
	if (!cJSON_IsArray(at))
		return add_type(at, node, e);
	cJSON_ArrayForEach(one, at)
		ok = ok && add_type(one, node, e);
	return ok;
}

static bool
read_choices(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	const cJSON *one;

	(void)schema;
	if (!cJSON_IsArray(at))
		return refuse(at, e);
	cJSON_ArrayForEach(one, at)
		if (!cJSON_IsString(one))
			return refuse(at, e);
	node->choices = at;
	return true;
}

static bool
read_constant(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	(void)schema;
	node->constant = cJSON_GetStringValue(at);
	return node->constant != NULL || refuse(at, e);
}

static bool
read_required(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	int n = cJSON_GetArraySize(at);
	const cJSON *one;

	if (!cJSON_IsArray(at) || n > LIST_MAX)
		return refuse(at, e);
	node->required = arena_alloc(schema->arena,
	    ((size_t)n + 1) * sizeof *node->required);
	cJSON_ArrayForEach(one, at) {
		const char *name = cJSON_GetStringValue(one);

		if (name == NULL)
			return refuse(at, e);
		node->required[node->n_required++] = name;
	}
	return true;
}

static bool
read_properties(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	struct map **slot = vec_add(&schema->maps);
	const cJSON *one;

	if (slot == NULL || !cJSON_IsObject(at) ||
	    cJSON_GetArraySize(at) > LIST_MAX)
		return refuse(at, e);
	*slot = node->properties = map_new();
	cJSON_ArrayForEach(one, at) {
		struct node *property = new_node(schema);

		if (!make(schema, one, property, e))
			return false;
		map_set(node->properties, span_of(one->string), property);
	}
	return true;
}

static bool
read_others(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	node->closed = cJSON_IsFalse(at);
	if (cJSON_IsBool(at))
		return true;
	node->others = make_new(schema, at, e);
	return node->others != NULL;
}

static bool
read_items(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	node->items = make_new(schema, at, e);
	return node->items != NULL;
}

static bool
read_list(struct schema *schema, const cJSON *at, const struct node ***out,
    size_t *n, struct err *e)
{
	const cJSON *one;

	if (!cJSON_IsArray(at) || cJSON_GetArraySize(at) > LIST_MAX)
		return refuse(at, e);
	*out = arena_alloc(schema->arena,
	    ((size_t)cJSON_GetArraySize(at) + 1) * sizeof **out);
	cJSON_ArrayForEach(one, at) {
		const struct node *choice = make_new(schema, one, e);

		if (choice == NULL)
			return false;
		(*out)[(*n)++] = choice;
	}
	return true;
}

static bool
read_any(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	return read_list(schema, at, &node->any, &node->n_any, e);
}

static bool
read_one(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	return read_list(schema, at, &node->one, &node->n_one, e);
}

static bool
read_ref(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	static const char HEAD[] = "#/$defs/";
	const char *text = cJSON_GetStringValue(at);

	if (text == NULL || strncmp(text, HEAD, sizeof HEAD - 1) != 0)
		return refuse(at, e);
	node->ref = map_find(schema->defs, span_of(text + sizeof HEAD - 1));
	return node->ref != NULL || err_set(e, ERR_RULE,
	    "schema: there is no %.80s", text);
}

static bool
read_pattern(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	const char *text = cJSON_GetStringValue(at);
	struct rx **slot = vec_add(&schema->patterns);

	if (text == NULL || slot == NULL)
		return refuse(at, e);
	if (!rx_new(&node->pattern, span_of(text), false, e))
		return false;
	*slot = node->pattern;
	return true;
}

static bool
read_format(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	const char *text = cJSON_GetStringValue(at);

	(void)schema;
	if (text != NULL && strcmp(text, "date") == 0)
		node->format = FORMAT_DATE;
	else if (text != NULL && strcmp(text, "date-time") == 0)
		node->format = FORMAT_TIME;
	else
		return refuse(at, e);
	return true;
}

static bool
read_bound(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	const struct {
		const char *name;
		int64_t *out;
	} bounds[] = {
		{ "minItems", &node->min_items },
		{ "maxItems", &node->max_items },
		{ "minLength", &node->min_length },
		{ "maxLength", &node->max_length },
		{ "minimum", &node->minimum },
		{ "maximum", &node->maximum },
	};

	(void)schema;
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
		if (strcmp(bounds[i].name, at->string) == 0 &&
		    !read_count(at, bounds[i].out, e))
			return false;
	node->has_minimum |= strcmp(at->string, "minimum") == 0;
	node->has_maximum |= strcmp(at->string, "maximum") == 0;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct schema *, const cJSON *, struct node *,
	    struct err *);		/* NULL: says nothing of validity */
} keywords[] = {
	{ "type", read_type }, { "enum", read_choices },
	{ "const", read_constant }, { "required", read_required },
	{ "properties", read_properties },
	{ "additionalProperties", read_others }, { "items", read_items },
	{ "minItems", read_bound }, { "maxItems", read_bound },
	{ "minLength", read_bound }, { "maxLength", read_bound },
	{ "minimum", read_bound }, { "maximum", read_bound },
	{ "pattern", read_pattern }, { "format", read_format },
	{ "$ref", read_ref }, { "anyOf", read_any }, { "oneOf", read_one },
	{ "$schema", NULL }, { "$id", NULL }, { "$defs", NULL },
	{ "$comment", NULL }, { "title", NULL }, { "description", NULL },
	{ "default", NULL }, { "examples", NULL }, { "deprecated", NULL },
};

static bool
make_keyword(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (strcmp(keywords[i].name, at->string) == 0)
			return keywords[i].read == NULL ||
			    keywords[i].read(schema, at, node, e);
	return refuse(at, e);
}

static bool
make(struct schema *schema, const cJSON *at, struct node *node,
    struct err *e)
{
	const cJSON *one;

	if (!cJSON_IsObject(at))
		return refuse(at, e);
	cJSON_ArrayForEach(one, at)
		if (!make_keyword(schema, one, node, e))
			return false;
	return true;
}

/* All are there before the first is made: they may name one another. */
static bool
make_defs(struct schema *schema, struct err *e)
{
	const cJSON *defs = json_at(schema->tree, "$defs"), *one;

	if (defs != NULL && !cJSON_IsObject(defs))
		return refuse(defs, e);
	cJSON_ArrayForEach(one, defs)
		map_set(schema->defs, span_of(one->string),
		    new_node(schema));
	cJSON_ArrayForEach(one, defs)
		if (!make(schema, one, map_find(schema->defs,
		    span_of(one->string)), e))
			return false;
	return true;
}

/* The tree has numbers as texts: only before that can they be told apart. */
static bool
has_texts_only(const cJSON *at, bool listed)
{
	const cJSON *one;

	if (listed && cJSON_IsNumber(at))
		return false;
	cJSON_ArrayForEach(one, at)
		if (!has_texts_only(one, listed || (one->string != NULL &&
		    (strcmp(one->string, "enum") == 0 ||
		    strcmp(one->string, "const") == 0))))
			return false;
	return true;
}

static cJSON *
parse(struct span text)
{
	struct json_where where;
	struct str quoted;
	cJSON *tree = NULL, *typed;

	str_init(&quoted, text.n * 4 + 64);
	if (json_quote(text, JSON_DEPTH_MAX, &quoted, &where) == JSON_OK) {
		typed = json_parse(text);
		if (has_texts_only(typed, false))
			tree = json_parse(str_span(&quoted));
		cJSON_Delete(typed);
	}
	str_free(&quoted);
	return tree;
}

bool
schema_new(struct schema **out, struct span text, struct err *e)
{
	struct schema *schema = calloc(1, sizeof *schema);

	if (schema == NULL)
		bug("out of memory");
	schema->arena = arena_new();
	schema->defs = map_new();
	vec_init(&schema->maps, sizeof(struct map *), LIST_MAX);
	vec_init(&schema->patterns, sizeof(struct rx *), PATTERNS_MAX);
	schema->tree = parse(text);
	schema->root = new_node(schema);
	if (schema->tree == NULL)
		err_set(e, ERR_RULE, "schema: not JSON, or with "
		    "numbers in enum or const");
	else if (make_defs(schema, e) &&
	    make(schema, schema->tree, schema->root, e)) {
		*out = schema;
		return true;
	}
	schema_free(&schema);
	return false;
}

void
schema_free(struct schema **sp)
{
	struct schema *schema = *sp;

	if (schema == NULL)
		return;
	for (size_t i = 0; i < schema->maps.n; i++)
		map_free(vec_at(&schema->maps, i), NULL);
	for (size_t i = 0; i < schema->patterns.n; i++)
		rx_free(vec_at(&schema->patterns, i));
	vec_free(&schema->maps);
	vec_free(&schema->patterns);
	map_free(&schema->defs, NULL);
	cJSON_Delete(schema->tree);
	arena_free(&schema->arena);
	free(schema);
	*sp = NULL;
}

/* ---- telling ---------------------------------------------------------- */

/* Where a value is: built only on the stack, written out for a fault. */
struct at {
	const struct at *up;
	struct span key;		/* p NULL: an item of an array */
	size_t index;
};

struct walk {
	const struct json_tape *tape;
	struct arena *arena;
	struct schema_faults *faults;	/* NULL: only tried */
	size_t steps;
	size_t at;			/* the last text read */
	struct span plain;		/* p NULL: none yet */
};

#define KEY_CELLS 60		/* a sender's key can be of any length */
#define PATH_BYTES 16384		/* DEPTH_MAX of them fit */

static void
write_path(const struct at *at, bool exact, struct str *out)
{
	int used;

	if (at == NULL)
		return;
	write_path(at->up, exact, out);
	if (at->key.p != NULL) {
		str_adds(out, out->n > 0 && at->key.n > 0 ? "." : "");
		str_add(out, at->key.p, utf8_fit(at->key, KEY_CELLS, &used));
	} else if (exact) {
		str_addf(out, "[%zu]", at->index);
	}
}

static const char *
path_of(const struct walk *w, const struct at *at, bool exact)
{
	struct str text;
	const char *copy;

	str_init(&text, PATH_BYTES);
	write_path(at, exact, &text);
	copy = arena_strndup(w->arena, text.n > 0 ? text.p : "", text.n);
	str_free(&text);
	return copy;
}

/* One fault a path and rule: a thousand lines that lack the same field are
 * one problem of the sender. Always false. */
static bool
fault(struct walk *w, const struct at *at, const char *rule)
{
	struct schema_faults *faults = w->faults;
	const char *path, *exact;

	if (faults == NULL || faults->n == SCHEMA_FAULTS_MAX)
		return false;
	path = path_of(w, at, false);
	for (size_t i = 0; i < faults->n; i++)
		if (strcmp(faults->items[i].path, path) == 0 &&
		    strncmp(faults->items[i].rule, rule, strlen(rule)) == 0)
			return false;
	exact = path_of(w, at, true);
	if (strcmp(exact, path) != 0)
		rule = arena_printf(w->arena, "%s at %s", rule, exact);
	faults->items[faults->n++] = (struct schema_fault){ path, rule };
	return false;
}

/* ---- judging ---------------------------------------------------------- */

/* v: the token of the value. */
static bool apply(struct walk *, const struct node *, size_t v,
    const struct at *, int depth);

static size_t
digits(struct span s, size_t at)
{
	while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
		at++;
	return at;
}

static bool
is_whole(struct span s)
{
	size_t at = digits(s, s.n > 0 && s.p[0] == '-');

	if (at < s.n && s.p[at] == '.')
		for (at++; at < s.n && s.p[at] == '0';)
			at++;
	return at == s.n;
}

static unsigned
type_of(const struct walk *w, size_t v)
{
	switch (w->tape->tokens[v].kind) {
	case JSON_NULL: return IS_NULL;
	case JSON_BOOL: return IS_BOOLEAN;
	case JSON_NUMBER:
		return is_whole(json_told(w->tape, v)) ? IS_INTEGER :
		    IS_NUMBER;
	case JSON_STRING: return IS_STRING;
	case JSON_ARRAY: return IS_ARRAY;
	case JSON_OBJECT: return IS_OBJECT;
	}
	return 0;
}

static bool
judge_type(struct walk *w, const struct node *node, unsigned type,
    const struct at *at)
{
	if (node->types == 0 || (node->types & type) != 0)
		return true;
	if (w->faults != NULL && (node->types & (IS_OBJECT | IS_ARRAY)) != 0)
		w->faults->shape = true;
	return fault(w, at, "type");
}

static bool
is_choice(const cJSON *choices, struct span text)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, choices)
		if (span_is(text, one->valuestring))
			return true;
	return false;
}

static int64_t
count_characters(struct span s)
{
	int64_t n = 0;
	uint32_t cp;

	for (size_t used; (used = utf8_next(s, &cp)) > 0; n++)
		s = (struct span){ s.p + used, s.n - used };
	return n;
}

static bool
has_format(enum format format, struct span text)
{
	struct day day;
	int64_t time;

	switch (format) {
	case FORMAT_NONE: return true;
	case FORMAT_DATE: return day_parse(text, &day);
	case FORMAT_TIME: return clock_parse(text, &time);
	}
	return false;
}

static bool
judge_string(struct walk *w, const struct node *node, struct span text,
    const struct at *at)
{
	int64_t n = node->min_length >= 0 || node->max_length >= 0 ?
	    count_characters(text) : 0;
	bool ok = true;

	if (node->min_length >= 0 && n < node->min_length)
		ok = fault(w, at, "minLength");
	if (node->max_length >= 0 && n > node->max_length)
		ok = fault(w, at, "maxLength");
	if (node->pattern != NULL && !rx_match(node->pattern, text))
		ok = fault(w, at, "pattern");
	if (!has_format(node->format, text))
		ok = fault(w, at, "format");
	return ok;
}

/* Numbers longer than any bound here are beyond it, on the side of their
 * sign; a fraction is cut, which moves no whole bound's answer. */
static bool
judge_number(struct walk *w, const struct node *node, struct span text,
    const struct at *at)
{
	bool negative = text.p[0] == '-';
	size_t end = digits(text, negative);
	bool huge = end > 18 || memchr(text.p, 'e', text.n) != NULL ||
	    memchr(text.p, 'E', text.n) != NULL;
	int64_t n = 0;

	for (size_t i = negative; i < end && !huge; i++)
		n = n * 10 + text.p[i] - '0';
	n = negative ? -n : n;
	if (node->has_minimum && (huge ? negative : n < node->minimum ||
	    (n == node->minimum && negative && !is_whole(text))))
		return fault(w, at, "minimum");
	if (node->has_maximum && (huge ? !negative : n > node->maximum ||
	    (n == node->maximum && !negative && !is_whole(text))))
		return fault(w, at, "maximum");
	return true;
}

static bool
judge_array(struct walk *w, const struct node *node, size_t v,
    const struct at *up, int depth)
{
	const struct json_token *tokens = w->tape->tokens;
	struct at at = { .up = up };
	int64_t n = 0;
	bool ok = true;

	for (size_t i = v + 1; i < tokens[v].end; i = tokens[i].end)
		n++;
	if (node->min_items >= 0 && n < node->min_items)
		ok = fault(w, up, "minItems");
	if (node->max_items >= 0 && n > node->max_items)
		return fault(w, up, "maxItems");
	if (node->items == NULL)
		return ok;
	for (size_t i = v + 1; i < tokens[v].end; i = tokens[i].end) {
		ok = apply(w, node->items, i, &at, depth + 1) && ok;
		at.index++;
	}
	return ok;
}

static bool
judge_member(struct walk *w, const struct node *node, size_t v,
    const struct at *at, int depth)
{
	const struct node *property = node->properties == NULL ? NULL :
	    map_find(node->properties, at->key);

	if (property == NULL && node->closed)
		return fault(w, at, "additionalProperties");
	if (property == NULL)
		property = node->others;
	return property == NULL || apply(w, property, v, at, depth + 1);
}

/* What lacks an object or array cannot be walked by its rule either. */
static void
note_shape(struct walk *w, const struct node *node, struct span name)
{
	const struct node *property = node->properties == NULL ? NULL :
	    map_find(node->properties, name);

	if (w->faults != NULL && property != NULL &&
	    (property->types & (IS_OBJECT | IS_ARRAY)) != 0)
		w->faults->shape = true;
}

static bool
judge_object(struct walk *w, const struct node *node, size_t v,
    const struct at *up, int depth)
{
	const struct json_token *tokens = w->tape->tokens;
	struct at at = { .up = up };
	bool ok = true;

	for (size_t i = 0; i < node->n_required; i++) {
		at.key = span_of(node->required[i]);
		if (json_find(w->tape, v, at.key) != 0)
			continue;
		note_shape(w, node, at.key);
		ok = fault(w, &at, "required");
	}
	for (size_t i = v + 1; i < tokens[v].end; i = tokens[i].end) {
		at.key = json_plain(w->tape, i, w->arena);
		ok = judge_member(w, node, i + 1, &at, depth) && ok;
	}
	return ok;
}

static size_t
count_matches(struct walk *w, const struct node *const *choices, size_t n,
    size_t v, const struct at *at, int depth)
{
	struct schema_faults *faults = w->faults;
	size_t matches = 0;

	w->faults = NULL;
	for (size_t i = 0; i < n; i++)
		matches += apply(w, choices[i], v, at, depth + 1);
	w->faults = faults;
	return matches;
}

static bool
judge_choices(struct walk *w, const struct node *node, size_t v,
    const struct at *at, int depth)
{
	bool ok = true;

	if (node->n_any > 0 &&
	    count_matches(w, node->any, node->n_any, v, at, depth) == 0)
		ok = fault(w, at, "anyOf");
	if (node->n_one > 0 &&
	    count_matches(w, node->one, node->n_one, v, at, depth) != 1)
		ok = fault(w, at, "oneOf");
	return ok;
}

/* Not to a text, so no choice or constant can hold. */
static bool
apply_other(struct walk *w, const struct node *node, size_t v, unsigned type,
    const struct at *at, int depth)
{
	bool ok = true;

	if (node->choices != NULL)
		ok = fault(w, at, "enum");
	if (node->constant != NULL)
		ok = fault(w, at, "const");
	if (type == IS_ARRAY)
		ok = judge_array(w, node, v, at, depth) && ok;
	else if (type == IS_OBJECT)
		ok = judge_object(w, node, v, at, depth) && ok;
	else if (type == IS_NUMBER || type == IS_INTEGER)
		ok = judge_number(w, node, json_told(w->tape, v), at) && ok;
	return ok;
}

/* Many nodes may judge one text: its escapes are taken out once. */
static struct span
plain(struct walk *w, size_t v)
{
	if (w->plain.p == NULL || w->at != v) {
		w->plain = json_plain(w->tape, v, w->arena);
		w->at = v;
	}
	return w->plain;
}

static bool
apply_string(struct walk *w, const struct node *node, size_t v,
    const struct at *at)
{
	struct span text = plain(w, v);
	bool ok = true;

	if (node->choices != NULL && !is_choice(node->choices, text))
		ok = fault(w, at, "enum");
	if (node->constant != NULL && !span_is(text, node->constant))
		ok = fault(w, at, "const");
	return judge_string(w, node, text, at) && ok;
}

static bool
apply(struct walk *w, const struct node *node, size_t v,
    const struct at *at, int depth)
{
	unsigned type = type_of(w, v);
	bool ok;

	if (depth > DEPTH_MAX || w->steps++ > STEPS_MAX)
		return fault(w, at, "too much to judge");
	if (!judge_type(w, node, type, at))
		return false;
	ok = node->ref == NULL || apply(w, node->ref, v, at, depth + 1);
	if (type == IS_STRING)
		ok = apply_string(w, node, v, at) && ok;
	else
		ok = apply_other(w, node, v, type, at, depth) && ok;
	return judge_choices(w, node, v, at, depth) && ok;
}

void
schema_check(const struct schema *schema, const struct json_tape *tape,
    const char *member, const char *root, struct arena *arena,
    struct schema_faults *faults)
{
	struct walk w = { .tape = tape, .arena = arena, .faults = faults };
	struct at at = { .key = span_of(root) };
	size_t v = 0;

	*faults = (struct schema_faults){ 0 };
	if (member != NULL) {
		v = json_find(tape, 0, span_of(member));
		faults->shape = v == 0;
	}
	if (faults->shape)
		(void)fault(&w, &at, "required");
	else
		(void)apply(&w, schema->root, v, &at, 0);
}
