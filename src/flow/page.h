#ifndef BAHI_FLOW_PAGE_H
#define BAHI_FLOW_PAGE_H
/*
 * One page of a foreign JSON API: its items, byte for byte as they stood, and
 * where the next page is. Pure. The envelope must be strict JSON; an item
 * that is not is still an item, so that one bad record stops no other.
 */
#include <stdint.h>
#include "core/arena.h"
#include "core/span.h"

#define PAGE_BYTES_MAX ((size_t)16 << 20)
#define PAGE_ITEMS_MAX 10000

/* Paths are members joined by dots, "data.items"; templates are text with
 * {body:PATH} and {digest}, of the item; a template without braces is a path
 * for the key and itself for the topic. "": none. */
struct page_shape {
	const char *items;		/* "": the page is the array */
	const char *next;		/* of the page */
	const char *key, *topic;	/* templates */
	const char *since, *occurred;	/* paths of the item */
};

struct page_item {
	struct span text;
	const char *key;	/* its digest when it has not got one */
	const char *topic;	/* NULL: it lacks a part of it */
	int64_t occurred;	/* 0: not said */
};

struct page {
	struct page_item *items;
	size_t n;
	const char *next;	/* NULL: none */
	const char *since;	/* the latest of the items; NULL: none */
};

/* ERR_JSON: not such a page. Texts in the arena, items in the body. */
MUST_CHECK bool page_read(const struct page_shape *, struct span body,
	struct arena *, struct page *, struct err *);
/* Is a later than b? Numbers by value, times (RFC 3339, without an offset:
 * UTC) by their moment; what is neither is earlier than all. */
bool page_later(const char *a, const char *b);
/* Has it only parts that there are? */
bool page_template(const char *);

#endif
