/* Values of Tryton, made and read; no protocol and no network here. */
#include "targets/tryton_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 40

struct tv *
tv_new(struct arena *arena, enum tv_kind kind)
{
	struct tv *value = arena_alloc(arena, sizeof *value);

	value->kind = kind;
	return value;
}

struct tv *
tv_text(struct arena *arena, const char *text)
{
	struct tv *value = tv_new(arena, TV_TEXT);

	value->text = text;
	return value;
}

struct tv *
tv_int(struct arena *arena, int64_t n)
{
	struct tv *value = tv_new(arena, TV_NUMBER);

	value->text = arena_printf(arena, "%lld", (long long)n);
	return value;
}

struct tv *
tv_bool(struct arena *arena, bool yes)
{
	struct tv *value = tv_new(arena, TV_BOOL);

	value->yes = yes;
	return value;
}

struct tv *
tv_decimal(struct arena *arena, const char *text)
{
	struct tv *value = tv_new(arena, TV_GROUP);

	tv_put(value, "__class__", tv_text(arena, "Decimal"));
	tv_put(value, "decimal", tv_text(arena, text));
	return value;
}

static int64_t
digits_of(const char *text, size_t n)
{
	int64_t out = 0;

	for (size_t i = 0; i < n; i++)
		out = out * 10 + (text[i] - '0');
	return out;
}

struct tv *
tv_day(struct arena *arena, struct day day)
{
	struct tv *value = tv_new(arena, TV_GROUP);

	tv_put(value, "__class__", tv_text(arena, "date"));
	tv_put(value, "year", tv_int(arena, digits_of(day.text, 4)));
	tv_put(value, "month", tv_int(arena, digits_of(day.text + 5, 2)));
	tv_put(value, "day", tv_int(arena, digits_of(day.text + 8, 2)));
	return value;
}

void
tv_add(struct tv *list, struct tv *value)
{
	if (list->last == NULL)
		list->first = value;
	else
		list->last->next = value;
	list->last = value;
}

void
tv_put(struct tv *group, const char *key, struct tv *value)
{
	value->key = key;
	tv_add(group, value);
}

struct tv *
tv_clause(struct arena *arena, const char *field, const char *op,
    struct tv *value)
{
	struct tv *clause = tv_new(arena, TV_LIST);

	tv_add(clause, tv_text(arena, field));
	tv_add(clause, tv_text(arena, op));
	tv_add(clause, value);
	return clause;
}

struct tv *
tv_words(struct arena *arena, const char *const *words)
{
	struct tv *list = tv_new(arena, TV_LIST);

	for (size_t i = 0; words[i] != NULL; i++)
		tv_add(list, tv_text(arena, words[i]));
	return list;
}

/* ---- reading ---------------------------------------------------------- */

const struct tv *
tv_get(const struct tv *group, const char *key)
{
	if (group == NULL || group->kind != TV_GROUP)
		return NULL;
	for (const struct tv *one = group->first; one != NULL;
	    one = one->next)
		if (strcmp(one->key, key) == 0)
			return one;
	return NULL;
}

const char *
tv_word(const struct tv *group, const char *key)
{
	const struct tv *value = tv_get(group, key);

	return value == NULL || value->text == NULL ? "" : value->text;
}

int64_t
tv_number(const struct tv *value)
{
	size_t n;

	if (value == NULL || value->kind != TV_NUMBER)
		return 0;
	n = strlen(value->text);
	return n > 18 || strspn(value->text, "0123456789") != n ? 0 :
	    digits_of(value->text, n);
}

int64_t
tv_id(const struct tv *group, const char *key)
{
	return tv_number(tv_get(group, key));
}

bool
tv_true(const struct tv *group, const char *key)
{
	const struct tv *value = tv_get(group, key);

	return value != NULL && (value->yes || tv_number(value) != 0);
}

bool
tv_date(const struct tv *group, const char *key, struct day *out)
{
	const struct tv *value = tv_get(group, key);
	char text[24];

	if (strcmp(tv_word(value, "__class__"), "date") != 0 ||
	    tv_id(value, "year") > 9999 || tv_id(value, "month") > 12 ||
	    tv_id(value, "day") > 31)
		return false;
	snprintf(text, sizeof text, "%04d-%02d-%02d",
	    (int)tv_id(value, "year"), (int)tv_id(value, "month"),
	    (int)tv_id(value, "day"));
	return day_parse(span_of(text), out);
}

/* Digits with the point `places` from their end. */
static const char *
point(bool minus, const char *digits, int n, int places, struct arena *arena)
{
	struct str out;
	const char *text;

	str_init(&out, 2 * DIGITS_MAX + 8);
	if (minus)
		str_addc(&out, '-');
	for (int i = 0; i < n - places; i++)
		str_addc(&out, i < n ? digits[i] : '0');
	if (n <= places)
		str_addc(&out, '0');
	if (places > 0)
		str_addc(&out, '.');
	for (int i = n - places; i < n; i++)
		str_addc(&out, i < 0 ? '0' : digits[i]);
	text = out.over ? NULL : arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

/* E, and at most two digits with their sign. */
static bool
exponent_of(const char *p, int *out)
{
	bool minus = *p == '-';

	*out = 0;
	if (*p == '-' || *p == '+')
		p++;
	if (strspn(p, "0123456789") != strlen(p) || *p == '\0' ||
	    strlen(p) > 2)
		return false;
	*out = (int)digits_of(p, strlen(p)) * (minus ? -1 : 1);
	return true;
}

static const char *
plain(const char *p, struct arena *arena)
{
	char digits[DIGITS_MAX];
	int n = 0, places = 0, exponent = 0;
	bool minus = *p == '-', pointed = false;

	if (minus)
		p++;
	for (; (*p >= '0' && *p <= '9') || (*p == '.' && !pointed); p++) {
		if (*p == '.') {
			pointed = true;
			continue;
		}
		if (n == DIGITS_MAX)
			return NULL;
		digits[n++] = *p;
		places += pointed;
	}
	if (n == 0 || ((*p == 'e' || *p == 'E') ?
	    !exponent_of(p + 1, &exponent) : *p != '\0'))
		return NULL;
	places -= exponent;
	if (places > DIGITS_MAX || places < -DIGITS_MAX)
		return NULL;
	return point(minus, digits, n, places, arena);
}

const char *
tv_amount(const struct tv *group, const char *key, struct arena *arena)
{
	const struct tv *value = tv_get(group, key);

	if (value != NULL && value->kind == TV_GROUP &&
	    strcmp(tv_word(value, "__class__"), "Decimal") == 0)
		return plain(tv_word(value, "decimal"), arena);
	return value != NULL && value->kind == TV_NUMBER ?
	    plain(value->text, arena) : NULL;
}
