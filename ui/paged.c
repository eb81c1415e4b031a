/*
 * The rows of a long list, page by page. Written by the thread of jobs (what
 * is kept), read by the panes.
 */
#include "ui/paged.h"

#include <stdlib.h>
#include <string.h>

#define HELD 4		/* pages in memory */
#define PAGE_BITS 12	/* rows of a page; an id is both */

struct held {
	int page;		/* -1: none */
	uint64_t used;
	struct arena *arena;
	struct list_rows rows;
};

struct paged {
	const struct list *list;
	enum job_kind job;	/* that brings more */
	char key[VIEW_KEY];
	int pages, asked;	/* kept; when more were asked for */
	bool more, to_end;
	int64_t rows;
	uint64_t clock;
	struct held held[HELD];
};

int
paged_kept(struct cache *cache, struct arena *arena, const char *key,
    const char **next)
{
	struct span text;
	char *end;
	long n;

	*next = "";
	if (!cache_find(cache, arena, "pages", key, &text))
		return 0;
	n = strtol(text.p, &end, 10);
	*next = *end == ' ' ? end + 1 : "";
	return n > 0 && n < INT32_MAX ? (int)n : 0;
}

const char *
paged_entries(struct arena *arena, const char *account)
{
	return arena_printf(arena, "entries/%s", account);
}

bool
paged_keep(struct cache *cache, struct arena *arena, const char *key,
    int pages, const char *next, struct err *e)
{
	return cache_keep(cache, "pages", key, span_of(arena_printf(arena,
	    "%d %s", pages, next)), e);
}

/* Of a page that is held; else it takes the place of the one that nobody
 * looked at for the longest. NULL: it is not kept. */
static const struct list_rows *
page_rows(struct view *view, int page)
{
	struct paged *paged = view->paged;
	struct held *oldest = &paged->held[0];
	struct span json;

	for (int i = 0; i < HELD; i++) {
		struct held *held = &paged->held[i];

		if (held->page == page) {
			held->used = ++paged->clock;
			return &held->rows;
		}
		if (held->used < oldest->used)
			oldest = held;
	}
	arena_reset(oldest->arena);
	oldest->page = -1;
	oldest->used = ++paged->clock;
	if (!cache_find(view->cache, oldest->arena, "view", view_page(
	    oldest->arena, paged->key, page), &json) ||
	    !list_read(paged->list, json, oldest->arena, &oldest->rows))
		return NULL;
	oldest->page = page;
	return &oldest->rows;
}

static void
fill(const struct list_row *from, int64_t id, struct row *out)
{
	*out = (struct row){ .id = id, .version = from->version,
	    .tone = from->alarm > 0 ? TONE_BAD : TONE_PLAIN,
	    .key = from->key };
	memcpy(out->cells, from->cells, sizeof out->cells);
	memcpy(out->raw, from->raw, sizeof out->raw);
}

/* Once for the pages that there are; a key asks again. */
static void
want_more(struct view *view)
{
	struct paged *paged = view->paged;

	if (!paged->more || paged->asked == paged->pages)
		return;
	paged->asked = paged->pages;
	if (paged->job == JOB_GST)
		view->pages = paged->pages + VIEW_PAGES - 1;
	view_want(view, paged->job, paged->key);
}

static size_t
fetch(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	struct view *view = ctx;
	struct paged *paged = view->paged;
	int64_t id = anchor ? anchor->id : -1;
	int page = anchor ? (int)(id >> PAGE_BITS) : backward ?
	    paged->pages - 1 : 0;
	int64_t at = anchor ? (id & ((1 << PAGE_BITS) - 1)) +
	    (backward ? -1 : 1) : backward ? INT64_MAX : 0;
	size_t got = 0;

	(void)arena;
	while (got < n && page >= 0 && page < paged->pages) {
		const struct list_rows *rows = page_rows(view, page);

		if (rows == NULL)
			break;
		if (at >= (int64_t)rows->n && backward)
			at = (int64_t)rows->n - 1;
		for (; got < n && at >= 0 && at < (int64_t)rows->n;
		    at += backward ? -1 : 1)
			fill(&rows->items[at], ((int64_t)page << PAGE_BITS) |
			    at, &out[got++]);
		if (got == n)
			break;
		page += backward ? -1 : 1;
		at = backward ? INT64_MAX : 0;
	}
	if (got < n && !backward)
		want_more(view);
	return got;
}

static void
count(struct view *view)
{
	struct paged *paged = view->paged;
	const struct list_rows *rows = page_rows(view, 0);
	int64_t full = rows ? (int64_t)rows->n : 0;

	rows = page_rows(view, paged->pages - 1);
	paged->rows = full * (paged->pages - 1) + (rows ? (int64_t)rows->n :
	    0);
}

static struct paged *
paged_of(struct view *view)
{
	struct paged *paged = view->paged;

	if (paged != NULL)
		return paged;
	paged = calloc(1, sizeof *paged);
	if (paged == NULL)
		bug("out of memory");
	for (int i = 0; i < HELD; i++)
		paged->held[i].arena = arena_new();
	view->paged = paged;
	return paged;
}

void
paged_follow(struct view *view, enum job_kind job, const char *key,
    int pages, bool more, int64_t rows)
{
	struct paged *paged = paged_of(view);

	paged->job = job;
	snprintf(paged->key, sizeof paged->key, "%s", key);
	paged->pages = pages;
	paged->more = more;
	paged->rows = rows;
	if (paged->to_end)
		want_more(view);
}

void
paged_end(struct view *view)
{
	if (view->paged != NULL)
		want_more(view);
}

void
paged_load(struct view *view, const struct list *list, const char *key,
    int pages, bool more)
{
	struct paged *paged = paged_of(view);

	paged->job = JOB_MORE;
	/* Pages behind those that were there are added; when there are fewer
	 * they came anew. */
	for (int i = 0; i < HELD; i++)
		if (pages <= paged->pages)
			paged->held[i].page = -1;
	for (int i = 0; paged->pages == 0 && i < HELD; i++)
		paged->held[i].page = -1;
	paged->list = list;
	snprintf(paged->key, sizeof paged->key, "%s", key);
	paged->pages = pages;
	paged->more = more;
	view->grid.fetch = fetch;
	view->grid.find = NULL;
	count(view);
	if (paged->to_end)
		want_more(view);
}

void
paged_free(struct paged **pp)
{
	struct paged *paged = *pp;

	if (paged == NULL)
		return;
	for (int i = 0; i < HELD; i++)
		arena_free(&paged->held[i].arena);
	free(paged);
	*pp = NULL;
}

int64_t
paged_count(const struct paged *paged)
{
	return paged->rows;
}

bool
paged_more(const struct paged *paged)
{
	return paged->more;
}

void
paged_moved(struct view *view, bool last)
{
	struct paged *paged = view->paged;

	if (paged == NULL)
		return;
	paged->to_end = last && paged->more;
	paged->asked = 0;
	if (paged->to_end)
		want_more(view);
}

bool
paged_to_end(const struct paged *paged)
{
	return paged->to_end;
}
