/*
 * The table of panes, and what is the same for all of them.
 */
#include "ui/panes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/marks.h"
#include "ui/paged.h"
#include "ui/may.h"
#include "ui/text.h"

#define LIST_MAX 1000000

const struct pane *const panes[] = {
	&pane_overview, &pane_backlog, &pane_failures, &pane_ledger,
	&pane_sync, &pane_orders, &pane_stock, &pane_files, &pane_dead,
	&pane_masters,		/* so far the digits */
	&pane_approvals, &pane_conflicts, &pane_intercompany, &pane_close,
	&pane_runs, &pane_gst, &pane_recon, &pane_help, &pane_history,
	&pane_views, &pane_search, &pane_groups, &pane_cells,
	&pane_documents, &pane_decisions, &pane_rulebook, &pane_messages,
	&pane_jobs, &pane_counts, &pane_targets, &pane_causes, &pane_bank,
	/* what a row of those leads to */
	&pane_members, &pane_event, &pane_entries, &pane_journal,
	&pane_order, &pane_rows, &pane_record, &pane_approval, &pane_review,
	&pane_adjust, &pane_plan, &pane_receipt, &pane_pick, &pane_gst_cells,
	&pane_gst_documents, &pane_gst_3b, &pane_gst_hsn, &pane_gst_issued,
	&pane_gst_changes, &pane_gst_agree, &pane_gst_calendar,
	&pane_gst_filings, &pane_gst_export, &pane_followup, &pane_document,
	&pane_trace, &pane_rule, &pane_source, &pane_cell, &pane_palette,
	&pane_output, &pane_queue, &pane_count, &pane_commits, &pane_commit,
	&pane_bank_statement, &pane_bank_tills, &pane_bank_payouts,
	&pane_bank_payout,
	&pane_drift, &pane_drifted, &pane_trial, NULL
};

const struct pane *
pane_of(enum act act)
{
	for (size_t i = 0; act != ACT_NONE && panes[i] != NULL; i++)
		if (panes[i]->act == act)
			return panes[i];
	return NULL;
}

static size_t
fetch_list(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	struct view *view = ctx;
	int64_t at, step = backward ? -1 : 1;
	size_t got = 0;

	(void)arena;
	at = anchor ? anchor->id + step : backward ?
	    (int64_t)view->list.n - 1 : 0;
	if (at >= (int64_t)view->list.n && backward)
		at = (int64_t)view->list.n - 1;
	for (; got < n && at >= 0 && at < (int64_t)view->list.n; at += step)
		out[got++] = *(struct row *)vec_at(&view->list, (size_t)at);
	if (got < n && !backward)
		paged_end(view);
	return got;
}

/* Lists come anew as a whole, and then a row may stand elsewhere. */
static bool
find_list(void *ctx, struct arena *arena, const struct row *was,
    struct row *now)
{
	struct view *view = ctx;
	int best = 0;

	(void)arena;
	for (size_t i = 0; was->key[0] != '\0' && i < view->list.n; i++) {
		struct row *row = vec_at(&view->list, i);
		int like = grid_likeness(row, was);

		if (like > best) {
			best = like;
			*now = *row;
		}
	}
	return best > 0;
}

void
view_columns(struct view *view)
{
	const struct list *list = list_find(view->place.pane->list);

	for (size_t i = 0; i < list_width(list); i++) {
		const struct list_column *from = &list->columns[i];

		int more = from->form == FORM_DAY || from->form == FORM_TIME ?
		    text_day_width() - 10 : 0;

		view->columns[i] = (struct column){ from->head,
		    from->width + more,
		    from->drop < 0, list_right(from->form),
		    from->drop < 0 ? 0 : from->drop };
	}
}

/* What a filter knows of a list's columns. */
static void
name_columns(struct grid *grid, const struct list *list)
{
	for (size_t i = 0; i < grid->n_columns; i++) {
		enum form form = list->columns[i].form;

		grid->named[i].field = list->columns[i].path;
		grid->named[i].kind = form == FORM_TIME || form == FORM_AGE ?
		    FILTER_TIME : form == FORM_STATE ? FILTER_STATE :
		    list_right(form) ? FILTER_NUMBER : FILTER_TEXT;
	}
}

struct view *
view_new(struct cache *cache, const struct place *place)
{
	struct view *view = calloc(1, sizeof *view);
	const struct pane *pane = place->pane;

	if (view == NULL)
		bug("out of memory");
	view->place = *place;
	view->cache = cache;
	view->arena = arena_new();
	view->lower = arena_new();
	view->total = -1;
	view->go = -1;
	vec_init(&view->list, sizeof(struct row), LIST_MAX);
	if (pane->list != NULL)
		view_columns(view);
	grid_open(&view->grid, pane->columns ? pane->columns : view->columns,
	    pane->list ? list_width(list_find(pane->list)) : pane->n_columns,
	    pane->fetch ? pane->fetch : fetch_list, view);
	if (pane->list != NULL)
		name_columns(&view->grid, list_find(pane->list));
	if (pane->columns == events_columns)
		events_start(view);
	else if (pane->fetch == NULL)
		view->grid.find = find_list;
	return view;
}

void
view_free(struct view **vp)
{
	struct view *view = *vp;

	*vp = NULL;
	if (view == NULL || view->held-- > 0)
		return;
	if (view->drop != NULL)
		view->drop(view);
	grid_close(&view->grid);
	vec_free(&view->list);
	marks_free(view);
	paged_free(&view->paged);
	arena_free(&view->lower);
	arena_free(&view->arena);
	free(view);
}

void
view_load(struct view *view)
{
	const struct pane *pane = view->place.pane;

	vec_clear(&view->list);
	arena_reset(view->arena);
	if (pane->load != NULL)
		pane->load(view);
	view->total = view->paged != NULL ? paged_count(view->paged) :
	    pane->count != NULL ? pane->count(view) :
	    pane->fetch == NULL ? (int64_t)view->list.n : -1;
	if (view->loaded)
		grid_again(&view->grid);
	else
		grid_first(&view->grid);
	if (view->paged != NULL && paged_to_end(view->paged))
		grid_last(&view->grid, view->total);
	if (view->go >= 0)
		grid_move(&view->grid, (int)(view->go - (grid_row(
		    &view->grid) ? grid_row(&view->grid)->id : 0)));
	view->go = -1;
	view->loaded = true;
}

void
view_size(struct view *view, int height)
{
	grid_size(&view->grid, height);
}

void
view_add(struct view *view, enum tone tone, const char *key,
    const char *const *cells)
{
	view_add_version(view, tone, key, 0, cells);
}

void
view_add_version(struct view *view, enum tone tone, const char *key,
    int64_t version, const char *const *cells)
{
	struct row *row = vec_add(&view->list);

	if (row == NULL)
		return;
	row->id = (int64_t)view->list.n - 1;
	row->version = version;
	row->tone = tone;
	row->key = arena_strdup(view->arena, key);
	for (size_t i = 0; i < GRID_CELLS && cells[i] != NULL; i++)
		row->cells[i] = cells[i];
}

void
view_add_raw(struct view *view, enum tone tone, const char *key,
    int64_t version, const char *const *cells, const char *const *raw)
{
	size_t n = view->list.n;

	view_add_version(view, tone, key, version, cells);
	if (view->list.n > n)
		memcpy(((struct row *)vec_at(&view->list, n))->raw, raw,
		    LIST_COLUMNS * sizeof *raw);
}

bool
row_subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= sizeof out->source)
		return false;
	*out = (struct subject){ .kind = SUBJECT_ROW,
	    .version = row->version };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	return true;
}

void
view_want(struct view *view, enum job_kind kind, const char *key)
{
	view->wants = true;
	view->want = kind;
	snprintf(view->want_key, sizeof view->want_key, "%s", key);
}

#define SPACING 2000000	/* microseconds between two askings */
#define PATIENCE 15000000	/* for the answer to one */
#define STALE 60000000		/* a flow becomes late without any change */

/* Of lists by their names, with + between them, those that the caller may
 * have; "": none. */
static const char *
allowed(struct arena *arena, const char *key)
{
	const char *out = "";

	if (strchr(key, '/') != NULL)
		return key;
	for (size_t n; *key != '\0'; key += n + (key[n] == '+')) {
		const char *name;
		const struct list *list;

		n = strcspn(key, "+");
		name = arena_strndup(arena, key, n);
		list = list_find(name);
		if (list == NULL || may_get(list->path))
			out = arena_printf(arena, "%s%s%s", out,
			    *out != '\0' ? "+" : "", name);
	}
	return out;
}

/* When opened, when the feed has moved on, and once a minute. Never two at a
 * time, and not so often that a busy day is one long asking. */
void
view_freshen(struct view *view, const char *key)
{
	int64_t seq = cache_seq(view->cache), now = clock_mono(), known = -1;
	const char *asked = allowed(view->arena, key);
	const char *first = arena_strndup(view->arena, asked,
	    strchr(asked, '/') ? strlen(asked) : strcspn(asked, "+"));
	struct span text;
	char *end;

	view->again = 0;
	if (asked[0] == '\0')
		return;
	if (cache_find(view->cache, view->arena, "viewed", first, &text))
		known = strtoll(text.p, &end, 10);
	view->unread = known < 0;
	if (!cache_find(view->cache, view->arena, "answered", first, &text) ||
	    !clock_parse(text, &view->answered))
		view->answered = 0;
	if (view->asked) {
		int64_t due = view->asked_at + (known >= seq ||
		    view->asked_seq == seq ? STALE :
		    known != view->known_seq ? SPACING : PATIENCE);

		if (now < due) {
			view->again = due;
			return;
		}
	}
	view->asked_seq = seq;
	/* An answer as of the same moment would not show that it came. */
	view->known_seq = known >= seq ? -1 : known;
	view->asked_at = now;
	view_want(view, JOB_VIEW, asked);
}

bool
view_ages(struct view *view)
{
	int64_t seq = cache_seq(view->cache), now = clock_mono();
	int64_t due = view->asked_at +
	    (seq == view->asked_seq ? STALE : SPACING);

	view->again = 0;
	if (view->asked && now < due) {
		view->again = due;
		return false;
	}
	view->asked_seq = seq;
	view->asked_at = now;
	return true;
}

const struct pane *
pane_named(const char *name)
{
	for (size_t i = 0; panes[i] != NULL; i++)
		if (strcmp(panes[i]->name, name) == 0)
			return panes[i];
	return NULL;
}

void
place_set(struct place *place, const struct pane *pane, const char *key,
    const char *title)
{
	size_t n = strnlen(title, sizeof place->title - 1);

	place->pane = pane;
	place->filter[0] = '\0';
	snprintf(place->key, sizeof place->key, "%s", key);
	while (n > 0 && title[n] != '\0' && (title[n] & 0xc0) == 0x80)
		n--;
	memcpy(place->title, title, n);
	place->title[n] = '\0';
}

struct map *
view_names(struct view *view, const char *table)
{
	struct map *names = map_new();
	struct wire_masters all;
	struct span json;

	if (!cache_find(view->cache, view->arena, "reference", table, &json)
	    || !shape_masters(json, view->arena, &all))
		return names;
	for (size_t i = 0; i < all.n; i++)
		map_set(names, span_of(all.items[i].code),
		    (void *)text_cut(view->arena, all.items[i].name, 120));
	return names;
}
