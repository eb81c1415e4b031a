/*
 * Strict JSON in, JSON out, no doubles.  json_quote is the gate of foreign
 * text; the writer below it makes every answer; cJSON only reads quoted text.
 */
#include "core/json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/utf8.h"

/* ---- judging and quoting ---------------------------------------------- */

#define KEYS_MAX 100000		/* of one document, all objects together */

struct key {
	size_t at, n;		/* in the output, without quotes */
};

struct quoter {
	struct span in;
	size_t at;
	int depth_max;
	struct str *out;
	struct json_where *where;
	struct key *keys;	/* of the open objects, innermost last */
	size_t n_keys, cap_keys;
	size_t n_values, values_max;	/* 0: as many as there are */
	bool telling;		/* tokens are wanted */
	struct json_token *tokens;
	size_t n_tokens, cap_tokens;
};

static enum json_fault quote_value(struct quoter *, int depth);

static int
peek(const struct quoter *q)
{
	return q->at < q->in.n ? (unsigned char)q->in.p[q->at] : -1;
}

static void
skip_space(struct quoter *q)
{
	int c;

	while ((c = peek(q)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		q->at++;
}

/* Where the output stands now a value begins. */
static size_t
token_open(struct quoter *q, enum json_kind kind, size_t quote)
{
	if (!q->telling)
		return 0;
	if (q->n_tokens == q->cap_tokens) {
		q->cap_tokens = q->cap_tokens > 0 ? q->cap_tokens * 2 : 256;
		q->tokens = realloc(q->tokens,
		    q->cap_tokens * sizeof *q->tokens);
		if (q->tokens == NULL)
			bug("out of memory");
	}
	q->tokens[q->n_tokens] = (struct json_token){ .kind = kind,
	    .from = (uint32_t)q->at, .at = (uint32_t)(q->out->n + quote) };
	return q->n_tokens++;
}

static void
token_close(struct quoter *q, size_t i, size_t quote)
{
	if (!q->telling)
		return;
	q->tokens[i].n = (uint32_t)(q->out->n - quote) - q->tokens[i].at;
	q->tokens[i].end = (uint32_t)q->n_tokens;
	q->tokens[i].to = (uint32_t)q->at;
}

static int
hex4(const struct quoter *q, size_t at)
{
	int v = 0;

	if (at + 4 > q->in.n)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int c = (unsigned char)q->in.p[at + i];
		int d = c >= '0' && c <= '9' ? c - '0' :
		    c >= 'a' && c <= 'f' ? c - 'a' + 10 :
		    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

static void
add_utf8(struct str *out, uint32_t cp)
{
	char b[4];
	size_t n = 0;

	if (cp < 0x80) {
		b[n++] = (char)cp;
	} else if (cp < 0x800) {
		b[n++] = (char)(0xc0 | cp >> 6);
		b[n++] = (char)(0x80 | (cp & 63));
	} else if (cp < 0x10000) {
		b[n++] = (char)(0xe0 | cp >> 12);
		b[n++] = (char)(0x80 | (cp >> 6 & 63));
		b[n++] = (char)(0x80 | (cp & 63));
	} else {
		b[n++] = (char)(0xf0 | cp >> 18);
		b[n++] = (char)(0x80 | (cp >> 12 & 63));
		b[n++] = (char)(0x80 | (cp >> 6 & 63));
		b[n++] = (char)(0x80 | (cp & 63));
	}
	str_add(out, b, n);
}

/* One code point of a string as JSON: escapes are normalised, so that two
 * spellings of one key are seen as the same key. */
static void
add_escaped(struct str *out, uint32_t cp)
{
	switch (cp) {
	case '"': str_add(out, "\\\"", 2); return;
	case '\\': str_add(out, "\\\\", 2); return;
	case '\n': str_add(out, "\\n", 2); return;
	case '\r': str_add(out, "\\r", 2); return;
	case '\t': str_add(out, "\\t", 2); return;
	}
	if (cp < 0x20)
		str_addf(out, "\\u%04x", cp);
	else
		add_utf8(out, cp);
}

static enum json_fault
unescape(struct quoter *q, uint32_t *cp)
{
	int c = peek(q), v, low;

	if (c < 0)
		return JSON_SYNTAX;
	q->at++;
	switch (c) {
	case '"': case '\\': case '/': *cp = (uint32_t)c; return JSON_OK;
	case 'b': *cp = '\b'; return JSON_OK;
	case 'f': *cp = '\f'; return JSON_OK;
	case 'n': *cp = '\n'; return JSON_OK;
	case 'r': *cp = '\r'; return JSON_OK;
	case 't': *cp = '\t'; return JSON_OK;
	case 'u': break;
	default: return JSON_SYNTAX;
	}
	v = hex4(q, q->at);
	if (v < 0)
		return JSON_SYNTAX;
	q->at += 4;
	if (v == 0)
		return JSON_NUL;
	if (v >= 0xdc00 && v < 0xe000)
		return JSON_UTF8;
	if (v >= 0xd800 && v < 0xdc00) {
		if (peek(q) != '\\' || q->at + 1 >= q->in.n ||
		    q->in.p[q->at + 1] != 'u')
			return JSON_UTF8;
		low = hex4(q, q->at + 2);
		if (low < 0xdc00 || low > 0xdfff)
			return JSON_UTF8;
		q->at += 6;
		v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
	}
	*cp = (uint32_t)v;
	return JSON_OK;
}

/* Plain printable ASCII runs are copied whole. */
static size_t
plain_length(struct span s)
{
	size_t n = 0;

	while (n < s.n) {
		unsigned char c = (unsigned char)s.p[n];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
		n++;
	}
	return n;
}

static enum json_fault
quote_string(struct quoter *q)
{
	size_t token = token_open(q, JSON_STRING, 1);
	enum json_fault fault;
	uint32_t cp;

	q->at++;
	str_addc(q->out, '"');
	for (;;) {
		size_t n = plain_length((struct span){ q->in.p + q->at,
		    q->in.n - q->at });
		int c;

		str_add(q->out, q->in.p + q->at, n);
		q->at += n;
		c = peek(q);
		if (c < 0)
			return JSON_SYNTAX;
		if (c == '"')
			break;
		if (c == 0)
			return JSON_NUL;
		if (c < 0x20)
			return JSON_SYNTAX;
		if (c == '\\') {
			q->at++;
			fault = unescape(q, &cp);
			if (fault != JSON_OK)
				return fault;
			add_escaped(q->out, cp);
			continue;
		}
		n = utf8_next((struct span){ q->in.p + q->at,
		    q->in.n - q->at }, &cp);
		if (n == 1 && c >= 0x80)
			return JSON_UTF8;
		str_add(q->out, q->in.p + q->at, n);
		q->at += n;
	}
	q->at++;
	str_addc(q->out, '"');
	token_close(q, token, 1);
	return JSON_OK;
}

static size_t
digit_run(struct quoter *q)
{
	size_t n = 0;

	while (peek(q) >= '0' && peek(q) <= '9') {
		q->at++;
		n++;
	}
	return n;
}

static enum json_fault
quote_number(struct quoter *q)
{
	size_t from = q->at, n, token = token_open(q, JSON_NUMBER, 1);
	int first;

	if (peek(q) == '-')
		q->at++;
	first = peek(q);
	n = digit_run(q);
	if (n == 0 || (first == '0' && n > 1))
		return JSON_SYNTAX;
	if (peek(q) == '.') {
		q->at++;
		if (digit_run(q) == 0)
			return JSON_SYNTAX;
	}
	if (peek(q) == 'e' || peek(q) == 'E') {
		q->at++;
		if (peek(q) == '+' || peek(q) == '-')
			q->at++;
		if (digit_run(q) == 0)
			return JSON_SYNTAX;
	}
	if (q->at - from > JSON_NUMBER_MAX)
		return JSON_SYNTAX;
	str_addc(q->out, '"');
	str_add(q->out, q->in.p + from, q->at - from);
	str_addc(q->out, '"');
	token_close(q, token, 1);
	return JSON_OK;
}

static enum json_fault
quote_word(struct quoter *q, const char *word, enum json_kind kind)
{
	size_t n = strlen(word), token = token_open(q, kind, 0);

	if (q->in.n - q->at < n || memcmp(q->in.p + q->at, word, n) != 0)
		return JSON_SYNTAX;
	q->at += n;
	str_add(q->out, word, n);
	token_close(q, token, 0);
	return JSON_OK;
}

static void
push_key(struct quoter *q, struct key key)
{
	if (q->n_keys == q->cap_keys) {
		q->cap_keys = q->cap_keys > 0 ? q->cap_keys * 2 : 64;
		q->keys = realloc(q->keys, q->cap_keys * sizeof *q->keys);
		if (q->keys == NULL)
			bug("out of memory");
	}
	q->keys[q->n_keys++] = key;
}

static int
compare_keys(const void *a, const void *b, void *base)
{
	const struct key *x = a, *y = b;
	const char *text = base;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return memcmp(text + x->at, text + y->at, x->n);
}

/* The key for a person to read: cut, but never inside a character. */
static void
tell_key(struct json_where *where, struct span key)
{
	uint32_t cp;
	size_t n = 0, next;

	while ((next = utf8_next((struct span){ key.p + n, key.n - n },
	    &cp)) > 0 && n + next < sizeof where->key)
		n += next;
	memcpy(where->key, key.p, n);
	where->key[n] = '\0';
}

static enum json_fault
judge_keys(struct quoter *q, size_t from)
{
	size_t n = q->n_keys - from;
	struct key *keys;

	if (n == 0)
		return JSON_OK;
	keys = q->keys + from;
	qsort_r(keys, n, sizeof *keys, compare_keys, q->out->p);
	for (size_t i = 1; i < n; i++) {
		const struct key *key = &keys[i];

		if (compare_keys(key, key - 1, q->out->p) != 0)
			continue;
		tell_key(q->where, (struct span){ q->out->p + key->at,
		    key->n });
		return JSON_DUPLICATE;
	}
	q->n_keys = from;
	return JSON_OK;
}

static enum json_fault
quote_member(struct quoter *q, int depth)
{
	enum json_fault fault;
	size_t from, token = q->n_tokens;

	skip_space(q);
	if (peek(q) != '"')
		return JSON_SYNTAX;
	from = q->out->n + 1;
	fault = quote_string(q);
	if (fault != JSON_OK)
		return fault;
	if (q->n_keys >= KEYS_MAX || q->out->over)
		return JSON_TOO_LARGE;
	push_key(q, (struct key){ from, q->out->n - 1 - from });
	skip_space(q);
	if (peek(q) != ':')
		return JSON_SYNTAX;
	q->at++;
	str_addc(q->out, ':');
	fault = quote_value(q, depth);
	if (fault == JSON_OK && q->telling)
		q->tokens[token].end = (uint32_t)q->n_tokens;
	return fault;
}

static enum json_fault
quote_group(struct quoter *q, int depth, char close)
{
	size_t from = q->n_keys, token;
	enum json_fault fault;

	if (depth > q->depth_max)
		return JSON_DEPTH;
	token = token_open(q, close == '}' ? JSON_OBJECT : JSON_ARRAY, 0);
	str_addc(q->out, q->in.p[q->at++]);
	skip_space(q);
	if (peek(q) != close) {
		for (;;) {
			fault = close == '}' ? quote_member(q, depth) :
			    quote_value(q, depth);
			if (fault != JSON_OK)
				return fault;
			skip_space(q);
			if (peek(q) != ',')
				break;
			q->at++;
			str_addc(q->out, ',');
		}
	}
	if (peek(q) != close)
		return JSON_SYNTAX;
	q->at++;
	str_addc(q->out, close);
	token_close(q, token, 0);
	if (q->out->over)
		return JSON_TOO_LARGE;
	return close == '}' ? judge_keys(q, from) : JSON_OK;
}

static enum json_fault
quote_value(struct quoter *q, int depth)
{
	skip_space(q);
	if (++q->n_values > q->values_max && q->values_max > 0)
		return JSON_TOO_LARGE;
	switch (peek(q)) {
	case '{': return quote_group(q, depth + 1, '}');
	case '[': return quote_group(q, depth + 1, ']');
	case '"': return quote_string(q);
	case 't': return quote_word(q, "true", JSON_BOOL);
	case 'f': return quote_word(q, "false", JSON_BOOL);
	case 'n': return quote_word(q, "null", JSON_NULL);
	case 0: return JSON_NUL;
	default: return quote_number(q);
	}
}

/* After the last value there is nothing. */
static enum json_fault
quote_end(struct quoter *q)
{
	skip_space(q);
	if (q->at != q->in.n)
		return peek(q) == 0 ? JSON_NUL : JSON_SYNTAX;
	return q->out->over ? JSON_TOO_LARGE : JSON_OK;
}

static enum json_fault
quote_all(struct quoter *q)
{
	enum json_fault fault;

	*q->where = (struct json_where){ 0 };
	str_clear(q->out);
	fault = quote_value(q, 0);
	if (fault == JSON_OK)
		fault = quote_end(q);
	q->where->offset = q->at;
	free(q->keys);
	return fault;
}

static enum json_fault
quote_some(struct span in, int depth_max, size_t values_max, struct str *out,
    struct json_where *where)
{
	struct quoter q = { .in = in, .depth_max = depth_max, .out = out,
	    .where = where, .values_max = values_max };

	return quote_all(&q);
}

enum json_fault
json_quote(struct span in, int depth_max, struct str *out,
    struct json_where *where)
{
	return quote_some(in, depth_max, 0, out, where);
}

const char *
json_fault_name(enum json_fault fault)
{
	switch (fault) {
	case JSON_OK: return "json.ok";
	case JSON_SYNTAX: return "json.syntax";
	case JSON_DEPTH: return "json.depth";
	case JSON_UTF8: return "json.utf8";
	case JSON_DUPLICATE: return "json.duplicate_key";
	case JSON_NUL: return "json.nul";
	case JSON_TOO_LARGE: return "json.too_large";
	}
	return "json.syntax";
}

/* ---- reading without a tree -------------------------------------------- */

/* Tokens count in 32 bits: no text may have more bytes. */
static size_t
quoted_max(size_t n)
{
	return n < (UINT32_MAX - 64) / 4 ? n * 4 + 64 : UINT32_MAX - 1;
}

static struct json_tape
keep_tape(struct span text, const struct json_token *tokens, size_t n,
    struct arena *arena)
{
	struct json_token *copy = arena_alloc(arena, n * sizeof *copy);

	memcpy(copy, tokens, n * sizeof *copy);
	return (struct json_tape){ .tokens = copy, .n = n,
	    .text = { arena_strndup(arena, text.p, text.n), text.n } };
}

struct json_tape
json_tape_copy(const struct json_tape *tape, struct arena *arena)
{
	return keep_tape(tape->text, tape->tokens, tape->n, arena);
}

enum json_fault
json_read(struct span in, int depth_max, struct arena *arena,
    struct json_tape *out, struct json_where *where)
{
	return json_read_bounded(in, depth_max, 0, arena, out, where);
}

enum json_fault
json_read_bounded(struct span in, int depth_max, size_t values_max,
    struct arena *arena, struct json_tape *out, struct json_where *where)
{
	struct str text;
	struct quoter q = { .in = in, .depth_max = depth_max, .out = &text,
	    .where = where, .telling = true, .values_max = values_max };
	enum json_fault fault;

	str_init(&text, quoted_max(in.n));
	fault = quote_all(&q);
	if (fault == JSON_OK)
		*out = keep_tape(str_span(&text), q.tokens, q.n_tokens,
		    arena);
	free(q.tokens);
	str_free(&text);
	return fault;
}

bool
json_is_array(struct span in)
{
	struct quoter q = { .in = in };

	skip_space(&q);
	return peek(&q) == '[';
}

/* item NULL: only judged. */
static enum json_fault
read_item(struct quoter *q, struct arena *arena, struct json_item *item)
{
	enum json_fault fault;
	size_t from;

	str_clear(q->out);
	q->n_tokens = 0;
	skip_space(q);
	from = q->at;
	fault = quote_value(q, 1);
	if (fault == JSON_OK && item != NULL) {
		/* places are those in the item, as if it had come alone */
		for (size_t i = 0; i < q->n_tokens; i++) {
			q->tokens[i].from -= (uint32_t)from;
			q->tokens[i].to -= (uint32_t)from;
		}
		item->text = (struct span){ q->in.p + from, q->at - from };
		item->tape = keep_tape(str_span(q->out), q->tokens,
		    q->n_tokens, arena);
	}
	return fault;
}

static enum json_fault
read_items(struct quoter *q, struct arena *arena, struct json_item *items,
    size_t max, size_t *n)
{
	enum json_fault fault;

	skip_space(q);
	if (peek(q) != '[')
		return JSON_SYNTAX;
	q->at++;
	skip_space(q);
	for (*n = 0; *n > 0 || peek(q) != ']'; q->at++) {
		fault = read_item(q, arena, *n < max ? &items[*n] : NULL);
		if (fault != JSON_OK)
			return fault;
		++*n;
		skip_space(q);
		if (peek(q) != ',')
			break;
	}
	if (peek(q) != ']')
		return JSON_SYNTAX;
	q->at++;
	return quote_end(q);
}

enum json_fault
json_read_items(struct span in, int depth_max, struct arena *arena,
    struct json_item *items, size_t max, size_t *n, struct json_where *where)
{
	struct str text;
	struct quoter q = { .in = in, .depth_max = depth_max, .out = &text,
	    .where = where, .telling = true };
	enum json_fault fault;

	*where = (struct json_where){ 0 };
	str_init(&text, quoted_max(in.n));
	fault = read_items(&q, arena, items, max, n);
	where->offset = q.at;
	free(q.keys);
	free(q.tokens);
	str_free(&text);
	return fault;
}

struct span
json_told(const struct json_tape *tape, size_t i)
{
	const struct json_token *token = &tape->tokens[i];

	return (struct span){ tape->text.p + token->at, token->n };
}

/* One byte of a told text: add_escaped() leaves no other escapes. */
static char
next_plain(const char **p)
{
	struct quoter q = { 0 };
	char c = *(*p)++;

	if (c != '\\')
		return c;
	c = *(*p)++;
	switch (c) {
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case 'u':
		q.in = (struct span){ *p, 4 };
		*p += 4;
		return (char)hex4(&q, 0);
	default: return c;
	}
}

static bool
has_escape(struct span told)
{
	return told.n > 0 && memchr(told.p, '\\', told.n) != NULL;
}

struct span
json_plain(const struct json_tape *tape, size_t i, struct arena *arena)
{
	struct span told = json_told(tape, i);
	const char *p = told.p;
	char *copy, *to;

	if (!has_escape(told))
		return told;
	to = copy = arena_alloc(arena, told.n);
	while (p < told.p + told.n)
		*to++ = next_plain(&p);
	return (struct span){ copy, (size_t)(to - copy) };
}

static bool
is_named(const struct json_tape *tape, size_t i, struct span key)
{
	struct span told = json_told(tape, i);
	const char *p = told.p, *end = told.p + told.n;
	size_t n = 0;

	if (told.n < key.n)
		return false;
	if (!has_escape(told))
		return span_equal(told, key);
	while (p < end && n < key.n && next_plain(&p) == key.p[n])
		n++;
	return p == end && n == key.n;
}

size_t
json_find(const struct json_tape *tape, size_t object, struct span key)
{
	const struct json_token *tokens = tape->tokens;

	if (tokens[object].kind != JSON_OBJECT)
		return 0;
	for (size_t i = object + 1; i < tokens[object].end;
	    i = tokens[i].end)
		if (is_named(tape, i, key))
			return i + 1;
	return 0;
}

const char *
json_take(const struct json_tape *tape, const char *path,
    struct arena *arena)
{
	enum json_kind kind;
	struct span text;
	size_t i = 0;

	do {
		struct span key = { path, strcspn(path, ".") };

		i = json_find(tape, i, key);
		path += key.n;
	} while (i > 0 && *path++ == '.');
	kind = i > 0 ? tape->tokens[i].kind : JSON_NULL;
	if (kind != JSON_STRING && kind != JSON_NUMBER)
		return NULL;
	text = json_plain(tape, i, arena);
	return arena_strndup(arena, text.p, text.n);
}

struct span
json_member(const struct json_tape *tape, const char *key)
{
	size_t i = json_find(tape, 0, span_of(key));
	enum json_kind kind = i > 0 ? tape->tokens[i].kind : JSON_NULL;

	if ((kind != JSON_STRING && kind != JSON_NUMBER) ||
	    has_escape(json_told(tape, i)))
		return (struct span){ NULL, 0 };
	return json_told(tape, i);
}

/* ---- reading ---------------------------------------------------------- */

struct cJSON *
json_parse(struct span quoted)
{
	return cJSON_ParseWithLength(quoted.p, quoted.n);
}

struct cJSON *
json_strict(struct span text, struct err *e)
{
	return json_bounded(text, 0, e);
}

struct cJSON *
json_bounded(struct span text, size_t values_max, struct err *e)
{
	struct json_where where = { 0 };
	enum json_fault fault;
	struct str quoted;
	cJSON *tree = NULL;

	str_init(&quoted, text.n * 4 + 64);
	fault = quote_some(text, JSON_DEPTH_MAX, values_max, &quoted, &where);
	if (fault == JSON_OK)
		tree = json_parse(str_span(&quoted));
	str_free(&quoted);
	if (tree == NULL)
		err_set(e, ERR_JSON, "%s at byte %zu",
		    json_fault_name(fault), where.offset);
	return tree;
}

const struct cJSON *
json_at(const struct cJSON *tree, const char *path)
{
	char key[128];

	while (tree != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		if (n >= sizeof key)
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		tree = cJSON_GetObjectItemCaseSensitive(tree, key);
		path += n + (path[n] == '.');
	}
	return tree;
}

const char *
json_text(const struct cJSON *tree, const char *path)
{
	return cJSON_GetStringValue(json_at(tree, path));
}

const char *
json_word(const cJSON *tree, const char *path)
{
	const char *text = json_text(tree, path);

	return text != NULL ? text : "";
}

int64_t
json_digits(const cJSON *tree, const char *path)
{
	char *end;

	return strtoll(json_word(tree, path), &end, 10);
}

/* ---- writing ---------------------------------------------------------- */

void
json_start(struct json *j, struct str *out)
{
	*j = (struct json){ .out = out };
	j->first[0] = 1;
}

static void
separate(struct json *j)
{
	if (j->keyed) {
		j->keyed = false;
		return;
	}
	if (!j->first[j->depth])
		str_addc(j->out, ',');
	j->first[j->depth] = 0;
}

void
json_open(struct json *j, char open)
{
	separate(j);
	if (j->depth >= JSON_DEPTH_MAX)
		bug("JSON deeper than %d", JSON_DEPTH_MAX);
	j->first[++j->depth] = 1;
	str_addc(j->out, open);
}

void
json_close(struct json *j, char close)
{
	if (j->depth == 0)
		bug("JSON closed once too often");
	j->depth--;
	str_addc(j->out, close);
}

void
json_span(struct json *j, struct span s)
{
	uint32_t cp;
	size_t n;

	separate(j);
	str_addc(j->out, '"');
	while (s.n > 0) {
		n = plain_length(s);	/* most text, most of the time */
		if (n > 0) {
			str_add(j->out, s.p, n);
		} else {
			n = utf8_next(s, &cp);
			add_escaped(j->out, cp);
		}
		s.p += n;
		s.n -= n;
	}
	str_addc(j->out, '"');
}

void
json_key(struct json *j, const char *key)
{
	json_span(j, span_of(key));
	str_addc(j->out, ':');
	j->keyed = true;
}

void
json_str(struct json *j, const char *s)
{
	if (s == NULL)
		json_null(j);
	else
		json_span(j, span_of(s));
}

void
json_int(struct json *j, int64_t i)
{
	separate(j);
	str_addi(j->out, i);
}

void
json_bool(struct json *j, bool b)
{
	json_raw(j, b ? SPAN("true") : SPAN("false"));
}

void
json_null(struct json *j)
{
	json_raw(j, SPAN("null"));
}

void
json_raw(struct json *j, struct span s)
{
	separate(j);
	str_add(j->out, s.p, s.n);
}

void
json_kstr(struct json *j, const char *key, const char *s)
{
	json_key(j, key);
	json_str(j, s);
}

void
json_kint(struct json *j, const char *key, int64_t i)
{
	json_key(j, key);
	json_int(j, i);
}
