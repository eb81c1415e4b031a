/*
 * Conflicts, and the review of one: what both sides came from, what is in the
 * books, what wants to be, and the result; below, what that does to accounts
 * and tax. Side by side where there is room, else one below the other.
 */
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/diff.h"
#include "ui/panes.h"
#include "ui/review.h"
#include "ui/sheet.h"
#include "ui/paged.h"
#include "ui/text.h"

/* ---- the list ------------------------------------------------------- */

/* What a row stands for, behind what is shown of it. */
static const char *const extra[] = {
	"entity", "version", "current_version", "amount", "currency", "kind",
	"number"
};

enum { ENTITY, VERSION, CURRENT_VERSION, AMOUNT, CURRENCY, KIND, NUMBER,
	EXTRAS };

static void
add_row(struct view *view, const struct list_row *row,
    const char *const *more)
{
	struct subject *one = arena_alloc(view->arena, sizeof *one);
	char *end;

	*one = (struct subject){ .kind = SUBJECT_EVENT, .conflict = true };
	one->version = strtoll(more[VERSION], &end, 10);
	snprintf(one->event, sizeof one->event, "%s", row->key);
	snprintf(one->seen, sizeof one->seen, "%s",
	    more[CURRENT_VERSION][0] ? more[CURRENT_VERSION] : "0");
	snprintf(one->amount, sizeof one->amount, "%s", more[AMOUNT]);
	snprintf(one->currency, sizeof one->currency, "%s", more[CURRENCY]);
	snprintf(one->document, sizeof one->document, "%s/%s/%s",
	    more[ENTITY], more[KIND], more[NUMBER]);
	view_add_version(view, TONE_PLAIN, row->key, one->version,
	    row->cells);
	map_set(view->data, span_of(row->key), one);
}

static bool
add_page(struct view *view, struct span json, struct list_rows *rows)
{
	const struct list *list = list_find("conflicts");
	struct wire_rows raw;

	if (!list_read(list, json, view->arena, rows) || !shape_rows(json,
	    list->items, extra, EXTRAS, view->arena, &raw))
		return false;
	for (size_t i = 0; i < rows->n; i++)
		add_row(view, &rows->items[i], raw.texts + i * EXTRAS);
	return true;
}

static void
drop_subjects(struct view *view)
{
	struct map *subjects = view->data;

	map_free(&subjects, NULL);
}

static void
load_list(struct view *view)
{
	struct list_rows rows = { .next = "+" };
	const char *next;
	int kept = paged_kept(view->cache, view->arena, "conflicts", &next);
	struct span json;

	if (view->data == NULL) {
		view->data = map_new();
		view->drop = drop_subjects;
	}
	map_clear(view->data);
	for (int n = 0; n < kept && rows.next[0] != '\0' &&
	    cache_find(view->cache, view->arena, "view", view_page(
	    view->arena, "conflicts", n), &json); n++)
		if (!add_page(view, json, &rows))
			break;
	/* Those behind the first ones are as of when they were asked for. */
	if (kept <= VIEW_PAGES || !view->asked)
		view_freshen(view, "conflicts");
	paged_follow(view, JOB_MORE, "conflicts", kept, next[0] != '\0',
	    (int64_t)view->list.n);
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	const struct subject *one = map_find(view->data, span_of(row->key));

	if (one != NULL)
		*out = *one;
	return one != NULL;
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0')
		return false;
	place_set(out, &pane_review, row->key, row->key);
	return true;
}

/* ---- beside the list -------------------------------------------------- */

static const char *
about(struct view *view, const struct row *row)
{
	return row->key[0] == '\0' ? "" : arena_printf(view->arena,
	    "conflict/%s", row->key);
}

static const char *
sketch(struct sheet *sheet, const struct wire_conflict_part *part,
    const struct merge_field *f, const char *text)
{
	return text == NULL ? "-" : f->money && part->incoming->currency ?
	    text_money(sheet->arena, part->incoming->currency, text) : text;
}

/* "! memo  STORE-MUM > Ann | Ben": what both changed comes first. */
static void
sketch_fields(struct sheet *sheet, const struct wire_conflict_part *part,
    const struct merge *m, bool overlap)
{
	struct arena *arena = sheet->arena;

	for (size_t i = 0; i < m->n; i++) {
		const struct merge_field *f = &m->fields[i];

		if (f->overlap == overlap)
			sheet_pair(sheet, text_tame(arena, arena_printf(arena,
			    "%s %s", overlap ? "!" : " ", f->path)),
			    arena_printf(arena, "%s > %s | %s",
			    sketch(sheet, part, f, f->base),
			    sketch(sheet, part, f, f->current),
			    sketch(sheet, part, f, f->incoming)));
	}
}

static void
sketch_part(struct sheet *sheet, const struct wire_conflict_part *part)
{
	struct arena *arena = sheet->arena;
	struct merge m;

	sheet_head(sheet, text_tame(arena, arena_printf(arena,
	    "%s/%s/%s  %s > %s | %s", part->entity, part->kind, part->number,
	    _("Base"), part->current == NULL ? "-" : part->current_by,
	    part->incoming_by)));
	if (part->current == NULL)
		return;
	merge_open(&m, arena, part->base, part->current, part->incoming);
	sketch_fields(sheet, part, &m, true);
	sketch_fields(sheet, part, &m, false);
}

static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	struct wire_conflict conflict;
	struct span json;

	if (row->key[0] == '\0' || !cache_find(view->cache, view->lower,
	    "sheet", arena_printf(view->lower, "conflict/%s", row->key),
	    &json) || !shape_conflict(json, view->lower, &conflict) ||
	    conflict.version != row->version)
		return;
	for (size_t i = 0; i < conflict.n; i++)
		sketch_part(&sheet, &conflict.parts[i]);
}

const struct pane pane_conflicts = {
	.name = "conflicts", .title = N_("conflicts"),
	.act = ACT_CONFLICTS, .list = "conflicts",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_TAKE,
	.load = load_list, .open = open_row, .subject = subject,
	.below = show_below, .about = about, .lower = 7
};

/* ---- the review: its shape ------------------------------------------ */

#define SIDE_BY_SIDE 100	/* columns of the screen from which it is */
#define NAME 20			/* cells of a field's name */
#define TAKEN 9
#define LINES 8			/* of one value */

enum { COLUMN_NAME, COLUMN_BASE, COLUMN_CURRENT, COLUMN_INCOMING,
	COLUMN_RESULT, COLUMN_TAKEN, COLUMNS };

static bool
wide(void)
{
	return term_columns() >= SIDE_BY_SIDE;
}

static int
value_width(void)
{
	return wide() ? (term_columns() - 2 - NAME - TAKEN - COLUMNS) / 4 :
	    term_columns() - 16;
}

static void
shape(struct view *view)
{
	static const char *const heads[COLUMNS] = {
		N_("Field"), N_("Base"), N_("Current"), N_("Incoming"),
		N_("Result"), N_("Taken")
	};

	view->grid.marked = true;
	view->grid.n_columns = wide() ? COLUMNS : 1;
	for (int i = 0; i < COLUMNS; i++)
		view->columns[i] = (struct column){ .head = heads[i],
		    .width = i == COLUMN_NAME ? NAME : i == COLUMN_TAKEN ?
		    TAKEN : value_width() };
	if (!wide())
		view->columns[0] = (struct column){ .head = N_("Field"),
		    .width = 20, .stretch = true };
}

static void
add_text(struct view *view, enum tone tone, const char *text)
{
	const char *lines[LINES];
	size_t n = diff_lines(view->arena, text, text, term_columns() - 3,
	    lines, LINES);

	for (size_t i = 0; i < n; i++)
		view_add(view, tone, "", (const char *const []){ lines[i],
		    NULL });
}

/* ---- one field ------------------------------------------------------ */

static const char *
side_name(enum merge_side side)
{
	switch (side) {
	case MERGE_NONE: return "?";
	case MERGE_BASE: return _("base");
	case MERGE_CURRENT: return _("current");
	case MERGE_INCOMING: return _("incoming");
	case MERGE_OWN: return _("written");
	case MERGE_SUM: return _("summed");
	}
	return "";
}

static const char *
shown(struct view *view, const struct review *review, size_t i,
    const char *text)
{
	const struct merge_field *f = review_at(review, i);
	const struct wire_conflict_part *part =
	    &review->conflict.parts[review->fields[i].part];

	return text == NULL ? "" : f->money && part->incoming->currency ?
	    text_money(view->arena, part->incoming->currency, text) : text;
}

/* Base and result as they are; each side as what it made of the base. */
struct values {
	const char *lines[4][LINES];
	size_t n[4], most;
};

static void
read_values(struct view *view, const struct review *review, size_t i,
    struct values *out)
{
	const struct merge_field *f = review_at(review, i);
	bool based = review->merges[review->fields[i].part].base != NULL;
	const char *result = f->take == MERGE_NONE ? "?" : shown(view, review,
	    i, review_result(review, i, view->arena));
	const char *base = based ? shown(view, review, i, f->base) : "";
	const char *current = shown(view, review, i, f->current);
	const char *incoming = shown(view, review, i, f->incoming);
	const char *const pairs[4][2] = {
		{ base, base }, { based ? base : current, current },
		{ based ? base : current, incoming }, { result, result }
	};

	out->most = 1;
	for (int k = 0; k < 4; k++) {
		out->n[k] = diff_lines(view->arena, pairs[k][0],
		    pairs[k][1], value_width(), out->lines[k], LINES);
		if (out->n[k] == 1 && out->lines[k][0][0] == '\0' &&
		    (k > 0 || based))
			out->lines[k][0] = "-";		/* there is none */
		if (out->n[k] > out->most)
			out->most = out->n[k];
	}
}

/* "amount" of "lines[2].amount"; what the line is stands above it. */
static const char *
name_of(struct view *view, const struct merge_field *f)
{
	const char *dot = strchr(f->path, '.');

	if (f->row == MERGE_HEAD)
		return f->path;
	return f->member == NULL ? _("  whole line") : arena_printf(
	    view->arena, "  %s", dot + 1);
}

static void
add_wide(struct view *view, const struct review *review, size_t i,
    const char *key)
{
	const struct merge_field *f = review_at(review, i);
	enum tone tone = f->take == MERGE_NONE ? TONE_STRONG : TONE_PLAIN;
	struct values v;

	read_values(view, review, i, &v);
	for (size_t at = 0; at < v.most; at++) {
		const char *cells[COLUMNS + 1] = { "", "", "", "", "", "" };

		if (at == 0) {
			cells[COLUMN_NAME] = name_of(view, f);
			cells[COLUMN_TAKEN] = side_name(f->take);
		}
		for (int k = 0; k < 4; k++)
			if (at < v.n[k])
				cells[COLUMN_BASE + k] = v.lines[k][at];
		view_add(view, tone, key, cells);
	}
}

static const char *
says_who(const struct merge_field *f)
{
	if (f->take == MERGE_SUM)
		return _("follows from the lines");
	switch (f->by) {
	case MERGE_BY_CURRENT: return _("changed in the books");
	case MERGE_BY_INCOMING: return _("changed by what came");
	case MERGE_BY_BOTH: break;
	}
	return f->overlap ? _("changed by both, differently") :
	    _("changed by both, alike");
}

static void
add_stacked(struct view *view, const struct review *review, size_t i,
    const char *key)
{
	static const char *const names[4] = {
		N_("base"), N_("current"), N_("incoming"), N_("result")
	};
	const struct merge_field *f = review_at(review, i);
	enum tone tone = f->take == MERGE_NONE ? TONE_STRONG : TONE_PLAIN;
	struct values v;

	read_values(view, review, i, &v);
	view_add(view, tone, key, (const char *const []){ arena_printf(
	    view->arena, "%s: %s (%s)", name_of(view, f), says_who(f),
	    side_name(f->take)), NULL });
	for (int k = 0; k < 4; k++) {
		const char *name = _(names[k]);
		int pad = 10 - utf8_width(span_of(name));

		for (size_t at = 0; at < v.n[k]; at++, name = "", pad = 10)
			view_add(view, TONE_PLAIN, key,
			    (const char *const []){ arena_printf(view->arena,
			    "  %s%*s %s", name, pad > 0 ? pad : 0, "",
			    v.lines[k][at]), NULL });
	}
}

/* ---- all of them ---------------------------------------------------- */

static void
add_line_head(struct view *view, const struct merge *m, size_t row)
{
	const struct merge_row *r = &m->rows[row];
	const struct document_line *l = r->current ? r->current :
	    r->incoming ? r->incoming : r->base;

	add_text(view, TONE_HEAD, arena_printf(view->arena,
	    _("Line %zu: %s %s"), row + 1, l->type ? l->type : "",
	    l->item ? l->item : l->account ? l->account :
	    l->tax_code ? l->tax_code : ""));
}

static void
add_part(struct view *view, const struct review *review, size_t part)
{
	const struct wire_conflict_part *p = &review->conflict.parts[part];
	struct arena *arena = view->arena;

	add_text(view, TONE_STRONG, arena_printf(arena, "%s/%s/%s",
	    p->entity, p->kind, p->number));
	add_text(view, TONE_PLAIN, p->current == NULL ?
	    arena_printf(arena, _("Nothing of it is in the books; it came "
	    "from %s."), p->incoming_by) : p->base == NULL ?
	    arena_printf(arena, _("Version %s is of %s, %s; what came is of "
	    "%s and says not which version it knew."), p->current_version,
	    p->current_by, text_time(arena, p->current_at), p->incoming_by) :
	    arena_printf(arena, _("Version %s is of %s, %s; what came is of "
	    "%s and knew version %s."), p->current_version, p->current_by,
	    text_time(arena, p->current_at), p->incoming_by,
	    p->base_version));
	if (review->merges[part].summed)
		add_text(view, TONE_PLAIN, _("Total or tax is added up again "
		    "from the lines of both."));
}

static void
add_fields(struct view *view, const struct review *review)
{
	size_t row = MERGE_HEAD, part = review->conflict.n;

	for (size_t i = 0; i < review->n; i++) {
		const struct review_field *at = &review->fields[i];
		const struct merge_field *f = review_at(review, i);
		const char *key = arena_printf(view->arena, "f%zu", i);

		if (at->part != part) {
			part = at->part;
			row = MERGE_HEAD;
			if (review->conflict.n > 1)
				add_part(view, review, part);
		}
		if (f->row != row)
			add_line_head(view, &review->merges[part], f->row);
		row = f->row;
		if (wide())
			add_wide(view, review, i, key);
		else
			add_stacked(view, review, i, key);
	}
}

bool
review_judged(struct view *view, const struct review *review,
    struct arena *arena, struct wire_preview *out)
{
	struct span of, json;

	return cache_find(view->cache, arena, "previewed", view->place.key,
	    &of) && span_is(of, review_body(review, arena)) &&
	    cache_find(view->cache, arena, "preview", view->place.key,
	    &json) && shape_preview(json, arena, out);
}

const char *
review_objection(const struct wire_preview *preview)
{
	for (size_t i = 0; i < preview->findings.n; i++)
		if (strcmp(preview->findings.items[i].level, "warn") != 0)
			return preview->findings.items[i].sentence;
	return NULL;
}

/* Nothing is open any more: may it be applied? */
static void
add_chosen(struct view *view, const struct review *review)
{
	struct wire_preview preview;
	bool judged = review_judged(view, review, view->arena, &preview);

	if (!judged && review->whole != WHOLE_CURRENT)
		add_text(view, TONE_STRONG,
		    _("All is chosen; it is being checked."));
	else if (judged && review_objection(&preview) != NULL)
		add_text(view, TONE_BAD, _("All is chosen, but not valid yet: "
		    "see below."));
	else if (review_clean(review) && review->whole == WHOLE_MERGE)
		add_text(view, TONE_GOOD,
		    _("The changes do not overlap: c applies both."));
	else
		add_text(view, TONE_STRONG,
		    _("All is chosen: a applies the result."));
}

static void
add_verdict(struct view *view, const struct review *review)
{
	size_t open = review_open(review);
	struct arena *arena = view->arena;

	if (review->moved)
		add_text(view, TONE_BAD, _("It moved on while you looked: "
		    "what differs now is shown, choose anew."));
	if (review->sent)
		add_text(view, TONE_STRONG, _("Sent; the outcome follows."));
	else if (review->n == 0 && review->whole == WHOLE_NOT)
		add_text(view, TONE_STRONG, _("There is nothing to choose: T "
		    "takes what came, K drops it."));
	else if (open > 0)
		add_text(view, TONE_STRONG, arena_printf(arena, ngettext(
		    "%zu field overlaps and is not chosen yet.",
		    "%zu fields overlap and are not chosen yet.", open),
		    open));
	else
		add_chosen(view, review);
}

static void
add_rest(void *arg, const char *path, const char *text)
{
	struct view *view = arg;
	char *end;

	if (strncmp(path, "lines[", 6) == 0)
		path = arena_printf(view->arena, _("line %lu"),
		    strtoul(path + 6, &end, 10) + 1);
	add_text(view, TONE_PLAIN, arena_printf(view->arena, "%-*s %s",
	    NAME, path, text));
}

static void
add_unchanged(struct view *view, const struct review *review)
{
	add_text(view, TONE_HEAD, _("The same in all"));
	for (size_t i = 0; i < review->conflict.n; i++)
		merge_rest(&review->merges[i], view->arena, add_rest, view);
}

/* ---- what it does --------------------------------------------------- */

static const char *
right(struct arena *arena, const char *text, int width)
{
	int pad = width - utf8_width(span_of(text));

	return pad > 0 ? arena_printf(arena, "%*s%s", pad, "", text) : text;
}

static void
add_effect(struct view *view, const struct wire_effect *one)
{
	const char *currency = one->currency;
	struct arena *arena = view->arena;
	int width = wide() ? value_width() : 16;
	const char *name = arena_printf(arena, "%s %s", one->account,
	    one->name);
	const char *before = right(arena, text_money(arena, currency,
	    one->before), width);
	const char *after = right(arena, text_money(arena, currency,
	    one->after), width);
	const char *change = right(arena, text_money(arena, currency,
	    one->change), width);

	if (wide())
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    text_middle(arena, text_tame(arena, name), NAME), before,
		    after, change, text_tame(arena, one->entity), NULL });
	else
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    arena_printf(arena, "  %s %s %s %s", text_middle(arena,
		    right(arena, text_tame(arena, name), 20), 20), before,
		    after, change), NULL });
}

static void
add_effects(struct view *view, const char *title,
    const struct wire_effect *items, size_t n)
{
	struct arena *arena = view->arena;
	int width = wide() ? value_width() : 16;
	const char *before = right(arena, _("before"), width);
	const char *after = right(arena, _("after"), width);
	const char *change = right(arena, _("change"), width);

	if (wide())
		view_add(view, TONE_HEAD, "", (const char *const []){ title,
		    before, after, change, NULL });
	else
		view_add(view, TONE_HEAD, "", (const char *const []){
		    arena_printf(arena, "%s%s %s %s", right(arena, title, 22),
		    before, after, change), NULL });
	for (size_t i = 0; i < n; i++)
		add_effect(view, &items[i]);
	if (n == 0)
		add_text(view, TONE_PLAIN, _("  no change"));
}

static void
add_findings(struct view *view, const struct wire_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct wire_finding *f = &findings->items[i];
		bool block = strcmp(f->level, "warn") != 0;

		add_text(view, block ? TONE_BAD : TONE_STRONG, arena_printf(
		    view->arena, "%s %s %s", block ? "!" : "~", f->sentence,
		    f->hint));
	}
}

static const char *
cause_of(struct arena *arena, const struct wire_head *one)
{
	static const struct {
		const char *cause, *words;
	} causes[] = {
		{ "rounding", N_("rounding") },
		{ "amount", N_("tax is not rate x value") },
		{ "head", N_("the wrong head") },
	};

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (strcmp(one->cause, causes[i].cause) == 0)
			return arena_printf(arena, "%s %s",
			    _(causes[i].words), text_money(arena, "INR",
			    one->difference));
	return "";
}

/* "CGST 18%" */
static const char *
head_of(struct arena *arena, const struct wire_head *one)
{
	char name[8];
	size_t n = 0;

	for (; n + 1 < sizeof name && one->head[n] != '\0'; n++)
		name[n] = one->head[n] >= 'a' && one->head[n] <= 'z' ?
		    (char)(one->head[n] - 'a' + 'A') : one->head[n];
	name[n] = '\0';
	return text_tame(arena, one->rate[0] == '\0' ? name : arena_printf(
	    arena, "%s (%s%%)", name, one->rate));
}

/* Each head once more from the lines of the result: rate by value. */
static void
add_heads(struct view *view, const struct wire_preview *preview)
{
	struct arena *arena = view->arena;

	if (preview->n_heads > 0)
		add_text(view, TONE_HEAD, _("Tax by its lines"));
	for (size_t i = 0; i < preview->n_heads; i++) {
		const struct wire_head *one = &preview->heads[i];
		const char *charged = text_money(arena, "INR", one->charged);
		const char *lines = text_money(arena, "INR", one->by_lines);
		const char *head = head_of(arena, one);

		if (one->cause[0] == '\0')
			add_text(view, TONE_PLAIN, arena_printf(arena,
			    _("  %s %s, as by lines"), head, charged));
		else if (strcmp(one->cause, "unknown") == 0)
			add_text(view, TONE_PLAIN, arena_printf(arena,
			    _("  %s %s, with no rate to compare"), head,
			    charged));
		else
			add_text(view, strcmp(one->cause, "rounding") == 0 ?
			    TONE_STRONG : TONE_BAD, arena_printf(arena,
			    _("  %s %s, by lines %s: %s"), head, charged,
			    lines, cause_of(arena, one)));
	}
}

/* Asked for again after each choice; what is shown says what it is of. */
static void
add_preview(struct view *view, const struct review *review)
{
	const char *body = review_body(review, view->arena);
	struct wire_preview preview;
	bool ours = review_judged(view, review, view->arena, &preview);

	if (!ours && !view->wants && review_open(review) == 0 &&
	    !review->sent) {
		view_want(view, JOB_PREVIEW, view->place.key);
		view->want_body = body;
	}
	if (!ours)
		add_text(view, TONE_PLAIN, review_open(review) > 0 ?
		    _("What it does to the books is worked out when all is "
		    "chosen.") : _("Working out what it does to the books."));
	if (!ours)
		return;
	add_findings(view, &preview.findings);
	add_effects(view, _("Effect on accounts"), preview.effects,
	    preview.n_effects);
	add_effects(view, _("Effect on tax"), preview.taxes, preview.n_taxes);
	add_heads(view, &preview);
}

/* ---- the whole ------------------------------------------------------ */

static void
drop_review(struct view *view)
{
	struct review *review = view->data;

	review_free(&review);
}

/* The choices stay as long as it is about the same versions. */
static struct review *
reviewed(struct view *view, bool *fresh)
{
	struct review *old = view->data, *new = NULL;
	struct span json;

	*fresh = false;
	if (cache_find(view->cache, view->arena, "conflict", view->place.key,
	    &json))
		new = review_new(json);
	if (new == NULL)
		return old;
	if (old != NULL && review_same(old, new)) {
		review_free(&new);
		return old;
	}
	new->moved = old != NULL;
	review_free(&old);
	view->data = new;
	view->drop = drop_review;
	*fresh = true;
	return new;
}

/* At the first field that somebody must choose, else at the first one. */
static void
start_at(struct view *view, const struct review *review)
{
	size_t n = view->list.n;
	char *end;

	for (size_t at = (size_t)view->go; at < n; at++) {
		const struct row *row = vec_at(&view->list, at);

		if (row->key[0] == 'f' && (review_open(review) == 0 ||
		    review_at(review, strtoul(row->key + 1, &end, 10))->take
		    == MERGE_NONE)) {
			view->go = (int64_t)at;
			return;
		}
	}
}

static bool
over(struct view *view)
{
	struct cache_event ev;
	char *end;

	return !cache_event(view->cache, view->arena,
	    strtoll(view->place.key + 1, &end, 10), &ev) ||
	    strcmp(ev.state, "conflict") != 0;
}

static void
load_review(struct view *view)
{
	bool gone = over(view), fresh;
	struct review *review;

	shape(view);
	if (!gone && view_ages(view))
		view_want(view, JOB_CONFLICT, view->place.key);
	review = reviewed(view, &fresh);
	view->done = gone && review != NULL && review->sent;
	if (gone)
		add_text(view, TONE_STRONG,
		    _("This is in conflict no more."));
	if (review == NULL) {
		if (!gone)
			add_text(view, TONE_PLAIN, _("What differs is being "
			    "asked for."));
		return;
	}
	if (review->conflict.n == 1)
		add_part(view, review, 0);
	if (!gone)
		add_verdict(view, review);
	if (fresh)
		view->go = (int64_t)view->list.n;
	add_fields(view, review);
	if (fresh)
		start_at(view, review);
	add_findings(view, &review->conflict.findings);
	if (!gone)
		add_preview(view, review);
	add_unchanged(view, review);
}

static bool
review_subject(struct view *view, const struct row *row,
    struct subject *out)
{
	const struct review *review = view->data;

	(void)row;
	if (review == NULL)
		return false;
	*out = (struct subject){ .kind = SUBJECT_EVENT,
	    .version = review->conflict.version };
	snprintf(out->event, sizeof out->event, "%s",
	    review->conflict.event);
	for (size_t i = 0; i < review->conflict.n; i++) {
		size_t n = strlen(out->seen);

		snprintf(out->seen + n, sizeof out->seen - n, "%s ",
		    review->conflict.parts[i].current_version);
	}
	return true;
}

const struct pane pane_review = {
	.name = "review", .title = N_("review"),
	.can = CAN_TAKE | CAN_REVIEW, .load = load_review,
	.subject = review_subject
};
