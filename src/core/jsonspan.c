/* Finding the bytes of a value without touching them. */
#include "core/jsonspan.h"

static int
peek(struct span s, size_t at)
{
	return at < s.n ? (unsigned char)s.p[at] : -1;
}

static void
skip_blanks(struct span s, size_t *at)
{
	int c;

	while ((c = peek(s, *at)) == ' ' || c == '\t' || c == '\n' ||
	    c == '\r')
		++*at;
}

static bool
skip_string(struct span s, size_t *at)
{
	for (++*at; *at < s.n; ++*at) {
		if (s.p[*at] == '"') {
			++*at;
			return true;
		}
		if (s.p[*at] == '\\')
			++*at;
	}
	return false;
}

/* A number or a word: up to what can only follow one. */
static bool
skip_word(struct span s, size_t *at)
{
	static const char ends[] = " \t\r\n,:[]{}\"";
	size_t from = *at;

	while (*at < s.n && s.p[*at] != '\0' &&
	    strchr(ends, s.p[*at]) == NULL)
		++*at;
	return *at > from;
}

static bool
skip_nest(struct span s, size_t *at)
{
	char close[JSONSPAN_DEPTH_MAX];
	size_t depth = 0;

	for (; *at < s.n; ++*at) {
		char c = s.p[*at];

		if (c == '"') {
			if (!skip_string(s, at))
				return false;
			--*at;
		} else if (c == '{' || c == '[') {
			if (depth == JSONSPAN_DEPTH_MAX)
				return false;
			close[depth++] = c == '{' ? '}' : ']';
		} else if (c == '}' || c == ']') {
			if (close[--depth] != c)
				return false;
			if (depth == 0) {
				++*at;
				return true;
			}
		}
	}
	return false;
}

bool
jsonspan_value(struct span text, size_t *at, struct span *out)
{
	size_t from;
	bool ok;
	int c;

	skip_blanks(text, at);
	from = *at;
	c = peek(text, from);
	if (c == '"')
		ok = skip_string(text, at);
	else if (c == '{' || c == '[')
		ok = skip_nest(text, at);
	else
		ok = skip_word(text, at);
	*out = (struct span){ text.p + from, *at - from };
	return ok;
}

bool
jsonspan_whole(struct span text, struct span *out)
{
	size_t at = 0;

	if (!jsonspan_value(text, &at, out))
		return false;
	skip_blanks(text, &at);
	return at == text.n;
}

static bool
find_member(struct span object, struct span name, struct span *out)
{
	size_t at = 1;
	struct span key;

	if (peek(object, 0) != '{')
		return false;
	for (;;) {
		skip_blanks(object, &at);
		if (peek(object, at) != '"' ||
		    !jsonspan_value(object, &at, &key))
			return false;
		skip_blanks(object, &at);
		if (peek(object, at++) != ':' ||
		    !jsonspan_value(object, &at, out))
			return false;
		if (key.n == name.n + 2 &&
		    memcmp(key.p + 1, name.p, name.n) == 0)
			return true;
		skip_blanks(object, &at);
		if (peek(object, at++) != ',')
			return false;
	}
}

bool
jsonspan_find(struct span value, const char *path, struct span *out)
{
	*out = value;
	while (*path != '\0') {
		struct span name = { path, strcspn(path, ".") };

		if (!find_member(*out, name, out))
			return false;
		path += name.n + (path[name.n] == '.');
	}
	return true;
}

enum jsonspan_step
jsonspan_next(struct span array, size_t *at, struct span *item)
{
	bool first = *at == 0;

	if (first && peek(array, (*at)++) != '[')
		return JSONSPAN_BROKEN;
	skip_blanks(array, at);
	if (peek(array, *at) == ']')
		return JSONSPAN_END;
	if (!first && peek(array, (*at)++) != ',')
		return JSONSPAN_BROKEN;
	return jsonspan_value(array, at, item) ? JSONSPAN_ITEM :
	    JSONSPAN_BROKEN;
}
