/* Trial balance, the entries of one account, and one journal: the way from a
 * sum down to what made it. */
#include "core/i18n.h"
#include "ui/paged.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- trial balance ------------------------------------------------------ */

static const struct column trial_columns[] = {
	{ N_("Account"), 10, false, false, 0 },
	{ N_("Name"), 14, true, false, 0 },
	{ N_("Entity"), 6, false, false, 1 },
	{ N_("Kind"), 10, false, false, 3 },
	{ N_("Cur"), 3, false, false, 0 },
	{ N_("Debit"), 16, false, true, 2 },
	{ N_("Credit"), 16, false, true, 2 },
	{ N_("Balance"), 16, false, true, 0 },
};

static void
add_balance(struct view *view, enum tone tone,
    const struct wire_balance *one, const char *name)
{
	struct arena *arena = view->arena;

	view_add(view, tone, one->account, (const char *const []){
	    text_cut(arena, one->account, 60), name,
	    text_cut(arena, one->entity, 40), text_cut(arena, one->kind, 40),
	    text_cut(arena, one->currency, 8),
	    text_money(arena, one->currency, one->debit),
	    text_money(arena, one->currency, one->credit),
	    text_money(arena, one->currency, one->balance), NULL });
}

static void
load_trial(struct view *view)
{
	struct wire_trial trial;
	struct span json;

	if (!cache_find(view->cache, view->arena, "trial", "", &json) ||
	    !shape_trial(json, view->arena, &trial))
		return;
	for (size_t i = 0; i < trial.n; i++)
		add_balance(view, TONE_PLAIN, &trial.items[i],
		    text_cut(view->arena, trial.items[i].name, 120));
	for (size_t i = 0; i < trial.n_totals; i++)
		add_balance(view, TONE_STRONG, &trial.totals[i], _("Total"));
}

static bool
is_alone(const struct view *view, const struct row *row)
{
	int n = 0;

	for (size_t i = 0; i < view->list.n; i++)
		n += strcmp(((const struct row *)vec_at(&view->list, i))->key,
		    row->key) == 0;
	return n < 2;
}

/* Entries are kept by account; a row is those of one company and currency. */
static bool
open_account(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] == '\0')
		return false;
	place_set(out, &pane_entries, row->key, arena_printf(view->arena,
	    "%s %s", row->cells[0], row->cells[1]));
	if (!is_alone(view, row))
		snprintf(out->filter, sizeof out->filter,
		    "entity:\"%s\" cur:\"%s\"", row->cells[2],
		    row->cells[4]);
	return true;
}

const struct pane pane_ledger = {
	.name = "ledger", .title = N_("ledger"), .act = ACT_LEDGER,
	.columns = trial_columns,
	.n_columns = sizeof trial_columns / sizeof *trial_columns,
	.can = CAN_OPEN | CAN_FILTER, .load = load_trial, .open = open_account
};

/* ---- entries ------------------------------------------------------------ */

static const struct column entry_columns[] = {
	{ N_("Date"), 10, false, false, 0 },
	{ N_("Journal"), 8, false, false, 0 },
	{ N_("Document"), 26, false, false, 2 },
	{ N_("Entity"), 6, false, false, 1 },
	{ N_("Party"), 10, false, false, 4 },
	{ N_("Cost centre"), 11, false, false, 5 },
	{ N_("Tax"), 8, false, false, 6 },
	{ N_("Narration"), 10, true, false, 3 },
	{ N_("Amount"), 16, false, true, 0 },
	{ N_("Cur"), 3, false, false, 0 },
};

/* What the feed brings is the newest; the older ones are asked for once, and as
 * somebody gets there. */
static void
load_entries(struct view *view)
{
	const char *next, *account = view->place.key;
	int pages = paged_kept(view->cache, view->arena,
	    paged_entries(view->arena, account), &next);

	paged_follow(view, JOB_ACCOUNT, account, pages, next[0] != '\0', -1);
	if (pages == 0 && !view->asked)
		view_want(view, JOB_ACCOUNT, account);
}

/* A document's name begins with it. */
static const char *
entity_of(struct arena *arena, const char *document)
{
	return text_tame(arena, arena_strndup(arena, document,
	    strcspn(document, "/")));
}

static void
fill(struct arena *arena, const struct wire_entry *en, struct row *row)
{
	char *end;

	*row = (struct row){ .id = strtoll(en->journal + 1, &end, 10) };
	row->key = arena_printf(arena, "%lld", (long long)en->line);
	row->cells[0] = text_tame(arena, en->date);
	row->cells[1] = text_tame(arena, en->journal);
	row->cells[2] = text_document(arena, en->document);
	row->cells[3] = entity_of(arena, en->document);
	row->cells[4] = text_tame(arena, en->party);
	row->cells[5] = text_tame(arena, en->cost_centre);
	row->cells[6] = text_tame(arena, en->tax_code);
	row->cells[7] = text_tame(arena, en->narration);
	row->cells[8] = text_money(arena, en->currency, en->amount);
	row->cells[9] = text_tame(arena, en->currency);
}

static size_t
fetch_entries(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	struct view *view = ctx;
	struct wire_entry *entries = arena_alloc(arena, n * sizeof *entries);
	char *end;
	size_t got = cache_entries(view->cache, arena, view->place.key,
	    anchor ? anchor->id : 0, anchor ? strtoll(anchor->key, &end, 10) :
	    0, backward, entries, n);

	for (size_t i = 0; i < got; i++)
		fill(arena, &entries[i], &out[i]);
	if (got < n && !backward)
		paged_end(view);
	return got;
}

static bool
open_journal(struct view *view, const struct row *row, struct place *out)
{
	place_set(out, &pane_journal, row->cells[1], arena_printf(
	    view->arena, "%s  %s  %s", row->cells[1], row->cells[0],
	    row->cells[2]));
	return true;
}

const struct pane pane_entries = {
	.name = "entries", .title = N_("entries"), .columns = entry_columns,
	.n_columns = sizeof entry_columns / sizeof *entry_columns,
	.can = CAN_OPEN | CAN_FILTER, .load = load_entries,
	.fetch = fetch_entries, .open = open_journal
};

/* ---- one journal -------------------------------------------------------- */

static const struct column journal_columns[] = {
	{ N_("Account"), 24, false, false, 0 },
	{ N_("Cost centre"), 12, false, false, 2 },
	{ N_("Tax"), 8, false, false, 3 },
	{ N_("Party"), 12, false, false, 4 },
	{ N_("Item"), 12, false, false, 5 },
	{ N_("Memo"), 12, true, false, 0 },
	{ N_("Debit"), 15, false, true, 0 },
	{ N_("Credit"), 15, false, true, 0 },
	{ N_("Cur"), 3, false, false, 0 },
};

static void
add_entry(struct view *view, const char *event, const struct map *names,
    const struct wire_entry *en)
{
	const char *name = map_find(names, span_of(en->account));
	struct arena *arena = view->arena;
	bool credit = en->amount[0] == '-';
	const char *amount = text_money(arena, en->currency,
	    en->amount + credit);

	view_add(view, TONE_PLAIN, event, (const char *const []){
	    arena_printf(arena, "%s %s", text_tame(arena, en->account),
	    name ? name : ""), text_tame(arena, en->cost_centre),
	    text_tame(arena, en->tax_code), text_tame(arena, en->party),
	    text_tame(arena, en->item), text_tame(arena, en->memo),
	    credit ? "" : amount, credit ? amount : "",
	    text_tame(arena, en->currency), NULL });
}

static void
load_journal(struct view *view)
{
	struct wire_journal journal;
	struct span json;
	struct map *names;

	if (!cache_find(view->cache, view->arena, "journal", view->place.key,
	    &json) || !shape_journal(json, view->arena, &journal)) {
		if (!view->asked)
			view_want(view, JOB_JOURNAL, view->place.key);
		return;
	}
	names = view_names(view, "account");
	for (size_t i = 0; i < journal.entries.n; i++)
		add_entry(view, journal.event, names,
		    &journal.entries.items[i]);
	map_free(&names, NULL);
}

static bool
open_event(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] == '\0')
		return false;
	place_set(out, &pane_event, row->key, text_tame(view->arena,
	    row->key));
	return true;
}

const struct pane pane_journal = {
	.name = "journal", .title = N_("journal"), .columns = journal_columns,
	.n_columns = sizeof journal_columns / sizeof *journal_columns,
	.can = CAN_OPEN, .load = load_journal, .open = open_event
};
