/*
 * Companies of the group: what each pair owes each other, both sides beside
 * each other where there is room, else one below the other; and for each
 * thing that they do not agree on the entry that would make them.
 */
#include "ui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/text.h"
#include "wire/intercompany.h"

#define BESIDE 120	/* columns that both sides take */
#define LIST "intercompany"

static const struct column columns[] = {
	{ N_("Name"), 10, true, false, 0 },
	{ N_("Why"), 14, false, false, 0 },
	{ N_("Here"), 22, false, false, 0 },
	{ N_("Amount"), 13, false, true, 0 },
	{ N_("There"), 22, false, false, 3 },
	{ N_("Amount"), 13, false, true, 3 },
	{ N_("Difference"), 13, false, true, 0 },
	{ N_("Cur"), 3, false, false, 2 },
};

static bool
read_all(struct view *view, struct wire_intercompany *all)
{
	struct span json;

	return cache_find(view->cache, view->arena, "view", LIST, &json) &&
	    shape_intercompany(json, view->arena, all);
}

static const char *
key_of(struct arena *arena, const struct wire_mismatch *m)
{
	return arena_printf(arena, "%s/%s", m->pair, m->name);
}

static int64_t
version_of(const struct wire_mismatch *m)
{
	char *end;

	return m->version[0] == 'J' ? strtoll(m->version + 1, &end, 10) : 0;
}

/* ---- the list ---------------------------------------------------------- */

struct cells {
	const char *name, *why, *here, *amount, *there, *other;
	const char *difference, *currency;
};

static void
add_beside(struct view *view, enum tone tone, const struct wire_mismatch *m,
    const struct cells *c, const char *entity)
{
	const char *key = m != NULL ? key_of(view->arena, m) : "";
	int64_t version = m != NULL ? version_of(m) : 0;

	view_add_version(view, tone, key, version, (const char *const []){
	    c->name, c->why, c->here, c->amount, c->there, c->other,
	    c->difference, c->currency, NULL });
	if (term_columns() < BESIDE && c->there[0] != '\0')
		view_add_version(view, tone, key, version,
		    (const char *const []){ "", entity, c->there, c->other,
		    "", "", "", "", NULL });
}

static void
add_pair(struct view *view, const struct wire_pair *pair)
{
	struct arena *arena = view->arena;
	const char *slash = strchr(pair->pair, '/');
	const char *here = arena_strndup(arena, pair->pair, slash != NULL ?
	    (size_t)(slash - pair->pair) : strlen(pair->pair));
	const char *there = slash != NULL ? slash + 1 : "";

	for (size_t i = 0; i < pair->n || i == 0; i++) {
		const struct wire_pair_balance *b = &pair->balances[i];
		bool any = i < pair->n;
		const char *currency = any ? b->currency : "";

		add_beside(view, TONE_HEAD, NULL, &(struct cells){
		    text_cut(arena, pair->pair, 60),
		    any ? _("balance") : _("nothing yet"),
		    text_cut(arena, here, 60), any ? text_money(arena,
		    currency, b->here) : "", text_cut(arena, there, 60),
		    any ? text_money(arena, currency, b->there) : "",
		    any ? text_money(arena, currency, b->difference) : "",
		    text_cut(arena, currency, 8) }, "");
	}
}

static const char *
document(struct arena *arena, const struct wire_mutual_side *side, size_t i)
{
	if (i < side->n)
		return text_document(arena, side->documents[i].document);
	return i == 0 ? "-" : i == side->n && side->more ? "..." : "";
}

static const char *
amount(struct arena *arena, const struct wire_mutual_side *side, size_t i)
{
	return i < side->n ? text_money(arena, side->documents[i].currency,
	    side->documents[i].amount) : "";
}

static void
add_item(struct view *view, const struct wire_mismatch *m)
{
	struct arena *arena = view->arena;
	const struct wire_mutual_side *here = &m->side[0];
	const struct wire_mutual_side *there = &m->side[1];
	size_t n = here->n + here->more, other = there->n + there->more;

	if (other > n)
		n = other;
	for (size_t i = 0; i < n; i++)
		add_beside(view, m->why[0] != '\0' ? TONE_BAD : TONE_PLAIN,
		    m, &(struct cells){
		    i == 0 ? text_cut(arena, m->name, 120) : "",
		    i > 0 ? "" : m->adjusting[0] != '\0' ? arena_printf(
		    arena, _("by %s"), text_cut(arena, m->adjusting, 20)) :
		    text_mismatch(arena, m->why),
		    document(arena, here, i), amount(arena, here, i),
		    document(arena, there, i), amount(arena, there, i),
		    i == 0 ? text_money(arena, m->currency, m->difference) :
		    "", i == 0 ? text_cut(arena, m->currency, 8) : "" },
		    text_cut(arena, there->entity, 60));
}

static void
add_unnamed(struct view *view, const struct wire_unnamed *one)
{
	struct arena *arena = view->arena;

	add_beside(view, TONE_BAD, NULL, &(struct cells){
	    text_cut(arena, one->entity, 60), _("names nobody"),
	    text_cut(arena, one->account, 60), text_money(arena,
	    one->currency, one->amount), "", "", "",
	    text_cut(arena, one->currency, 8) }, "");
}

static void
load_list(struct view *view)
{
	struct wire_intercompany all;

	if (read_all(view, &all)) {
		for (size_t i = 0; i < all.n_pairs; i++) {
			add_pair(view, &all.pairs[i]);
			for (size_t k = 0; k < all.n; k++)
				if (strcmp(all.items[k].pair,
				    all.pairs[i].pair) == 0)
					add_item(view, &all.items[k]);
		}
		for (size_t i = 0; i < all.n_unnamed; i++)
			add_unnamed(view, &all.unnamed[i]);
	}
	view_freshen(view, LIST);
}

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_adjust, row->key, row->key);
	return true;
}

/* Nothing that a decision takes: only which row a key was meant for. */
static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	(void)view;
	*out = (struct subject){ .version = row->version };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	return row->key[0] != '\0';
}

const struct pane pane_intercompany = {
	.name = "intercompany", .title = N_("intercompany"),
	.act = ACT_INTERCOMPANY,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.can = CAN_OPEN | CAN_FILTER | CAN_ADJUST, .load = load_list,
	.open = open_row, .subject = subject
};

/* ---- one of them ------------------------------------------------------- */

static const struct column of_entry[] = {
	{ N_("Account"), 7, false, false, 0 },
	{ N_("Name"), 23, true, false, 0 },
	{ N_("Party"), 8, false, false, 1 },
	{ N_("Date"), 10, false, false, 2 },
	{ N_("Debit"), 14, false, true, 0 },
	{ N_("Credit"), 14, false, true, 0 },
	{ N_("Cur"), 3, false, false, 0 },
};

bool
adjust_find(struct cache *cache, struct arena *arena, const char *key,
    struct wire_mismatch *out)
{
	struct wire_intercompany all;
	struct span json;

	if (!cache_find(cache, arena, "view", LIST, &json) ||
	    !shape_intercompany(json, arena, &all))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(key_of(arena, &all.items[i]), key) == 0) {
			*out = all.items[i];
			return true;
		}
	return false;
}

const char *
adjust_missing(struct arena *arena, const struct wire_mismatch *m)
{
	const char *what = m->missing;

	if (m->adjusting[0] != '\0')
		return arena_printf(arena, _("%s adjusts it already."),
		    text_cut(arena, m->adjusting, 20));
	if (strcmp(what, "period") == 0)
		return _("No entry: the month is closed.");
	if (strcmp(what, "rate") == 0)
		return _("No entry: no rate of exchange for it.");
	if (strcmp(what, "intercompany") == 0)
		return _("No entry: no account for it in the table "
		    "intercompany.");
	if (what[0] != '\0')
		return arena_printf(arena, _("No entry: no account is mapped "
		    "to %s."), text_cut(arena, what, 60));
	return m->entity[0] == '\0' ? _("They agree.") : NULL;
}

static void
add_text(struct view *view, enum tone tone, const char *text)
{
	view_add(view, tone, "", (const char *const []){ "", text, NULL });
}

static void
add_side(struct view *view, const struct wire_mutual_side *side)
{
	struct arena *arena = view->arena;

	add_text(view, TONE_HEAD, arena_printf(arena, _("Books of %s"),
	    text_cut(arena, side->entity, 60)));
	for (size_t i = 0; i < side->n; i++) {
		const struct wire_mutual *d = &side->documents[i];
		bool credit = d->amount[0] == '-';
		const char *money = text_money(arena, d->currency,
		    d->amount + credit);

		view_add(view, TONE_PLAIN, "", (const char *const []){
		    text_cut(arena, d->account, 40),
		    text_document(arena, d->document), "",
		    text_day(arena, d->date), credit ? "" : money,
		    credit ? money : "", text_cut(arena, d->currency, 8),
		    NULL });
	}
	if (side->n == 0)
		add_text(view, TONE_PLAIN, _("nothing"));
	if (side->more)
		add_text(view, TONE_PLAIN, _("and more: ask with the verb"));
}

static void
add_line(struct view *view, const struct wire_mismatch *m,
    const struct wire_adjust_line *line)
{
	struct arena *arena = view->arena;

	view_add(view, TONE_STRONG, "", (const char *const []){
	    text_cut(arena, line->account, 40),
	    text_cut(arena, line->name, 120), text_cut(arena, line->party,
	    60), text_day(arena, m->date),
	    line->debit[0] != '\0' ? text_money(arena, m->proposed,
	    line->debit) : "", line->credit[0] != '\0' ? text_money(arena,
	    m->proposed, line->credit) : "", text_cut(arena, m->proposed, 8),
	    NULL });
}

static void
add_entry(struct view *view, const struct wire_mismatch *m)
{
	struct arena *arena = view->arena;
	const char *missing = adjust_missing(arena, m);

	if (missing != NULL) {
		add_text(view, TONE_BAD, missing);
		return;
	}
	view_add(view, TONE_HEAD, "", (const char *const []){ "",
	    arena_printf(arena, _("Entry proposed in %s"), text_cut(arena,
	    m->entity, 60)), "", "", text_cut(arena, m->number, 80), NULL });
	for (int i = 0; i < 2; i++)
		add_line(view, m, &m->lines[i]);
	if (m->reverse_on[0] != '\0')
		add_text(view, TONE_PLAIN, arena_printf(arena,
		    _("taken back on %s"), text_cut(arena, m->reverse_on,
		    20)));
}

static void
load_one(struct view *view)
{
	struct arena *arena = view->arena;
	struct wire_mismatch m;

	view->version = 0;
	if (!adjust_find(view->cache, arena, view->place.key, &m)) {
		add_text(view, TONE_PLAIN, _("They agree by now."));
	} else {
		view->version = version_of(&m);
		view_add(view, TONE_BAD, "", (const char *const []){ "",
		    text_mismatch(arena, m.why), "", m.period[0] != '\0' ?
		    text_cut(arena, m.period, 20) : "", text_money(arena,
		    m.currency, m.difference), "", text_cut(arena,
		    m.currency, 8), NULL });
		add_side(view, &m.side[0]);
		add_side(view, &m.side[1]);
		add_entry(view, &m);
	}
	view_freshen(view, LIST);
}

const struct pane pane_adjust = {
	.name = "adjust", .title = N_("adjust"), .columns = of_entry,
	.n_columns = sizeof of_entry / sizeof *of_entry,
	.can = CAN_ADJUST, .load = load_one
};
