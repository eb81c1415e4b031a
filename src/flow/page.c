/* Reading a page: envelope strictly, items as spans of what came. */
#include "flow/page.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/jsonspan.h"

#define KEY_PART_MAX 1000

/* ---- times and numbers ------------------------------------------------ */

/* As 2026-10-05T14:03:11, an offset if it is not UTC. */
static bool
read_time(const char *text, int64_t *out)
{
	char zoned[64];
	size_t n = strlen(text);

	if (clock_parse(span_of(text), out))
		return true;
	if (n + 2 > sizeof zoned)
		return false;
	memcpy(zoned, text, n);
	memcpy(zoned + n, "Z", 2);
	return clock_parse(span_of(zoned), out);
}

static bool
read_number(const char *text, int64_t *out)
{
	size_t n = strlen(text);

	if (n == 0 || n > 18 || strspn(text, "0123456789") != n)
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

/* 0: neither; numbers are less than times. */
static int
rank_of(const char *text, int64_t *value)
{
	return read_number(text, value) ? 1 : read_time(text, value) ? 2 : 0;
}

bool
page_later(const char *a, const char *b)
{
	int64_t x = 0, y = 0;
	int rank_a = rank_of(a, &x), rank_b = rank_of(b, &y);

	return rank_a != rank_b ? rank_a > rank_b : rank_a > 0 && x > y;
}

#define MILLISECONDS INT64_C(100000000000)	/* from here on: not seconds */

static int64_t
moment(const char *text)
{
	int64_t at;

	if (text == NULL)
		return 0;
	if (read_number(text, &at))
		return at < MILLISECONDS ? at * 1000000 :
		    at < MILLISECONDS * 1000 ? at * 1000 : 0;
	return read_time(text, &at) ? at : 0;
}

/* ---- templates -------------------------------------------------------- */

bool
page_template(const char *text)
{
	while (*(text += strcspn(text, "{")) != '\0') {
		size_t n = strcspn(text, "}");

		if (text[n] == '\0' || !((n == 7 &&
		    memcmp(text, "{digest", 7) == 0) ||
		    (n > 6 && memcmp(text, "{body:", 6) == 0)))
			return false;
		text += n + 1;
	}
	return true;
}

static const char *
member(const struct cJSON *tree, const char *path)
{
	const char *text = json_text(tree, path);

	return text != NULL && *text != '\0' && strlen(text) <= KEY_PART_MAX ?
	    text : NULL;
}

static const char *
digest_of(struct span text, struct arena *arena)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	digest_sha256(text, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	return arena_strdup(arena, hex);
}

/* NULL: the item lacks a part. */
static const char *
expand(const char *template, struct span text, const struct cJSON *tree,
    struct arena *arena)
{
	const char *out = "";

	while (*template != '\0') {
		size_t n = strcspn(template, "{");
		const char *part = arena_strndup(arena, template, n);

		if (n == 0) {
			n = strcspn(template, "}") + 1;
			part = template[1] == 'd' ? digest_of(text, arena) :
			    member(tree, arena_strndup(arena, template + 6,
			    n - 7));
		}
		if (part == NULL)
			return NULL;
		out = arena_printf(arena, "%s%s", out, part);
		template += n;
	}
	return *out != '\0' ? out : NULL;
}

/* ---- items ------------------------------------------------------------ */

struct reading {
	const struct page_shape *shape;
	struct arena *arena;
	struct page *page;
	struct str quoted;
};

static void
read_item(struct reading *r, struct page_item *item)
{
	const struct page_shape *shape = r->shape;
	struct json_where where;
	struct cJSON *tree = NULL;
	const char *since;

	if (json_quote(item->text, JSON_DEPTH_MAX, &r->quoted, &where) ==
	    JSON_OK)
		tree = json_parse(str_span(&r->quoted));
	item->key = strchr(shape->key, '{') != NULL ?
	    expand(shape->key, item->text, tree, r->arena) :
	    arena_strdup(r->arena, member(tree, shape->key));
	if (item->key == NULL)
		item->key = digest_of(item->text, r->arena);
	item->topic = expand(shape->topic, item->text, tree, r->arena);
	item->occurred = *shape->occurred == '\0' ? 0 :
	    moment(member(tree, shape->occurred));
	since = *shape->since != '\0' ? member(tree, shape->since) : NULL;
	if (since != NULL && page_later(since, r->page->since != NULL ?
	    r->page->since : ""))
		r->page->since = arena_strdup(r->arena, since);
	cJSON_Delete(tree);
}

static bool
read_items(struct reading *r, struct span array, struct err *e)
{
	enum jsonspan_step step;
	struct span item;
	size_t at = 0, n = 0;

	while ((step = jsonspan_next(array, &at, &item)) == JSONSPAN_ITEM)
		n++;
	if (step == JSONSPAN_BROKEN)
		return err_set(e, ERR_JSON, "the list of items is broken");
	if (n > PAGE_ITEMS_MAX)
		return err_set(e, ERR_JSON, "%zu items, more than %d", n,
		    PAGE_ITEMS_MAX);
	r->page->items = arena_alloc(r->arena, (n + 1) *
	    sizeof *r->page->items);
	at = 0;
	while (jsonspan_next(array, &at, &item) == JSONSPAN_ITEM) {
		struct page_item *one = &r->page->items[r->page->n++];

		one->text = item;
		read_item(r, one);
	}
	return true;
}

/* The page with its items taken out, quoted into r->quoted. */
static bool
read_envelope(struct reading *r, struct span whole, struct span array,
    struct err *e)
{
	size_t from = (size_t)(array.p - whole.p);
	struct span rest = { array.p + array.n, whole.n - from - array.n };
	struct json_where where = { 0 };
	enum json_fault fault;
	struct str text;

	str_init(&text, PAGE_BYTES_MAX + 2);
	str_add(&text, whole.p, from);
	str_adds(&text, "[]");
	str_add(&text, rest.p, rest.n);
	fault = json_quote(str_span(&text), JSON_DEPTH_MAX, &r->quoted,
	    &where);
	str_free(&text);
	return fault == JSON_OK || err_set(e, ERR_JSON, "the page is not "
	    "strict JSON: %s at byte %zu", json_fault_name(fault),
	    where.offset);
}

static void
read_next(struct reading *r)
{
	struct cJSON *tree = json_parse(str_span(&r->quoted));
	const char *next = json_text(tree, r->shape->next);

	if (next != NULL && *next != '\0')
		r->page->next = arena_strdup(r->arena, next);
	cJSON_Delete(tree);
}

bool
page_read(const struct page_shape *shape, struct span body,
    struct arena *arena, struct page *page, struct err *e)
{
	struct reading r = { .shape = shape, .arena = arena, .page = page };
	struct span whole, array;
	bool ok;

	*page = (struct page){ 0 };
	if (!jsonspan_whole(body, &whole))
		return err_set(e, ERR_JSON, "the page is not JSON");
	if (!jsonspan_find(whole, shape->items, &array) || *array.p != '[')
		return err_set(e, ERR_JSON, "no list of items at %.100s",
		    *shape->items != '\0' ? shape->items : "its top");
	str_init(&r.quoted, PAGE_BYTES_MAX * 4);
	ok = read_envelope(&r, whole, array, e);
	if (ok && *shape->next != '\0')
		read_next(&r);
	ok = ok && read_items(&r, array, e);
	str_free(&r.quoted);
	return ok;
}
