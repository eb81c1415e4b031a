/*
 * What waits for an approval: why each is held, who made it, what it still
 * takes; and one of them with its documents and what they do to the books.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/money.h"
#include "core/i18n.h"
#include "ui/panes.h"
#include "ui/paged.h"
#include "ui/text.h"
#include "wire/approval.h"

/* ---- the list ------------------------------------------------------- */

/* What a row stands for, behind what is shown of it. */
static const char *const extra[] = { "version", "amount", "currency",
	"totp", "mine" };

enum { VERSION, AMOUNT, CURRENCY, TOTP, MINE, EXTRAS };

static void
add_row(struct view *view, const struct list_row *row,
    const char *const *more)
{
	struct subject *one = arena_alloc(view->arena, sizeof *one);
	char *end;

	*one = (struct subject){ .kind = SUBJECT_EVENT,
	    .version = strtoll(more[VERSION], &end, 10),
	    .code = more[TOTP][0] != '\0' };
	snprintf(one->event, sizeof one->event, "%s", row->key);
	snprintf(one->amount, sizeof one->amount, "%s", more[AMOUNT]);
	snprintf(one->currency, sizeof one->currency, "%s", more[CURRENCY]);
	view_add_version(view, more[MINE][0] != '\0' ? TONE_HEAD : TONE_PLAIN,
	    row->key, one->version, row->cells);
	map_set(view->data, span_of(row->key), one);
}

static bool
add_page(struct view *view, struct span json, struct list_rows *rows)
{
	const struct list *list = list_find("approvals");
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
	int kept = paged_kept(view->cache, view->arena, "approvals", &next);
	struct span json;

	if (view->data == NULL) {
		view->data = map_new();
		view->drop = drop_subjects;
	}
	map_clear(view->data);
	for (int n = 0; n < kept && rows.next[0] != '\0' &&
	    cache_find(view->cache, view->arena, "view", view_page(
	    view->arena, "approvals", n), &json); n++)
		if (!add_page(view, json, &rows))
			break;
	/* Those behind the first ones are as of when they were asked for. */
	if (kept <= VIEW_PAGES || !view->asked)
		view_freshen(view, "approvals");
	paged_follow(view, JOB_MORE, "approvals", kept, next[0] != '\0',
	    (int64_t)view->list.n);
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	const struct subject *one = map_find(view->data, span_of(row->key));

	if (one == NULL)
		return false;
	*out = *one;
	/* Another thread brings news; what counts was drawn. */
	if (one->version != row->version)
		out->kind = SUBJECT_MOVED_ON;
	return true;
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'E')
		return false;
	place_set(out, &pane_approval, row->key, row->key);
	return true;
}

const struct pane pane_approvals = {
	.name = "approvals", .title = N_("approvals"),
	.act = ACT_APPROVALS, .list = "approvals",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_APPROVE | CAN_REJECT,
	.load = load_list, .open = open_row, .subject = subject
};

/* ---- one of them ---------------------------------------------------- */

static const struct column columns[] = {
	{ "", 30, true, false, 0 },
	{ N_("Balance"), 15, false, true, 0 },
	{ N_("Change"), 15, false, true, 0 },
	{ N_("After"), 15, false, true, 0 },
};

static void
add(struct view *view, enum tone tone, const char *text)
{
	view_add(view, tone, "", (const char *const []){ text, "", "", "",
	    NULL });
}

static void
add_reasons(struct view *view, const struct wire_approval *a)
{
	struct arena *arena = view->arena;

	for (size_t i = 0; i < a->n_policies; i++)
		add(view, TONE_BAD, arena_printf(arena, "%s: %s",
		    text_cut(arena, a->policies[i].policy, 60),
		    text_cut(arena, a->policies[i].why, 200)));
	add(view, TONE_PLAIN, arena_printf(arena, _("made by %s"),
	    text_cut(arena, a->maker, 200)));
	add(view, TONE_PLAIN, arena_printf(arena, a->totp ?
	    _("approved by %zu of %lld, each with a one-time code") :
	    _("approved by %zu of %lld"), a->n_given,
	    (long long)a->needed));
	for (size_t i = 0; i < a->n_given; i++)
		add(view, TONE_PLAIN, arena_printf(arena,
		    a->given[i].whose[0] != '\0' ? "  %s, %s (%s)" :
		    "  %s, %s", text_cut(arena, a->given[i].by, 60),
		    text_time(arena, a->given[i].at), text_cut(arena,
		    a->given[i].whose, 60)));
	if (a->expires[0] != '\0')
		add(view, TONE_PLAIN, arena_printf(arena, _("until %s"),
		    text_time(arena, a->expires)));
	if (a->mine)
		add(view, TONE_STRONG,
		    _("It is your own: somebody else approves it."));
}

static const char *
minor(struct arena *arena, const char *currency, int64_t amount)
{
	struct money m = { .minor = amount };
	const char *out;
	struct str text;

	memcpy(m.currency, currency, strnlen(currency, 3));
	str_init(&text, 64);
	money_plain(m, &text);
	out = text_money(arena, currency, text.p);
	str_free(&text);
	return out;
}

static void
add_document(struct view *view, const struct document *d)
{
	struct arena *arena = view->arena;
	const char *currency = d->currency != NULL ? d->currency : "";

	view_add(view, TONE_HEAD, "", (const char *const []){
	    arena_printf(arena, "%s  %s  %s", text_document(arena,
	    arena_printf(arena, "%s/%s/%s", d->entity, document_kind_name(
	    d->kind), d->number)), text_day(arena, d->date.text),
	    text_cut(arena, d->party != NULL ? d->party : "", 60)), "",
	    minor(arena, currency,
	    d->total), text_cut(arena, currency, 8), NULL });
	for (size_t i = 0; i < d->n_lines; i++) {
		const struct document_line *line = &d->lines[i];

		view_add(view, TONE_PLAIN, "", (const char *const []){
		    arena_printf(arena, "  %s %s %s", text_cut(arena,
		    line->type, 20), text_cut(arena, line->account != NULL ?
		    line->account : "", 40), text_cut(arena, line->memo !=
		    NULL ? line->memo : line->tax_code != NULL ?
		    line->tax_code : "", 60)), "", minor(arena, currency,
		    line->amount), "", NULL });
	}
}

/* Balances of the whole account; of a tax code only what changes. */
static void
add_effects(struct view *view, const char *title,
    const struct wire_effect *items, size_t n)
{
	struct arena *arena = view->arena;

	add(view, TONE_HEAD, title);
	for (size_t i = 0; i < n; i++) {
		const struct wire_effect *f = &items[i];
		const char *name = text_cut(arena, arena_printf(arena,
		    "  %s %s", f->account, f->name), 120);
		bool whole = f->balance[0] != '\0';

		view_add(view, TONE_PLAIN, "", (const char *const []){ name,
		    text_money(arena, f->currency, whole ? f->balance :
		    f->before), text_money(arena, f->currency, f->change),
		    text_money(arena, f->currency, whole ? f->then :
		    f->after), NULL });
	}
	if (n == 0)
		add(view, TONE_PLAIN, _("  no change"));
}

static void
load_one(struct view *view)
{
	struct wire_approval a;
	struct cache_event ev;
	struct span json;
	char *end;
	bool held = cache_event(view->cache, view->arena, strtoll(
	    view->place.key + 1, &end, 10), &ev) && strcmp(ev.state,
	    "held") == 0;

	if (!held) {
		add(view, TONE_STRONG, _("It waits for no approval."));
		return;
	}
	if (view_ages(view))
		view_want(view, JOB_APPROVAL, view->place.key);
	if (!cache_find(view->cache, view->arena, "approval",
	    view->place.key, &json) ||
	    !shape_approval(json, view->arena, &a)) {
		add(view, TONE_PLAIN, _("It is being asked for."));
		return;
	}
	view->version = a.version;
	add_reasons(view, &a);
	for (size_t i = 0; i < a.n_documents; i++)
		add_document(view, a.documents[i]);
	add_effects(view, _("Effect on balances"), a.preview.effects,
	    a.preview.n_effects);
	add_effects(view, _("Effect on tax"), a.preview.taxes,
	    a.preview.n_taxes);
}

/* What is drawn is what is approved. */
static bool
one_subject(struct view *view, const struct row *row, struct subject *out)
{
	struct row self = { .key = "", .version = view->version };
	struct wire_approval a;
	struct span json;
	char *end;

	(void)row;
	self.id = strtoll(view->place.key + 1, &end, 10);
	if (view->version == 0 || !events_subject(view, &self, out))
		return false;
	out->code = cache_find(view->cache, view->arena, "approval",
	    view->place.key, &json) && shape_approval(json, view->arena, &a)
	    && a.totp;
	return true;
}

const struct pane pane_approval = {
	.name = "approval", .title = N_("approval"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns,
	.can = CAN_FILTER | CAN_APPROVE | CAN_REJECT, .load = load_one,
	.subject = one_subject
};
