/* Before and after, by account and by tax code. */
#include "flow/effect.h"

#include <string.h>

#include "core/map.h"

struct gathering {
	struct arena *arena;
	struct map *map;	/* entity, code, currency -> struct effect */
};

static struct effect *
effect_of(struct gathering *g, const char *entity, const char *code,
    const char *currency)
{
	char *key = arena_printf(g->arena, "%s/%s/%s", entity, currency,
	    code);
	struct effect *effect = map_find(g->map, span_of(key));

	if (effect == NULL) {
		effect = arena_alloc(g->arena, sizeof *effect);
		*effect = (struct effect){ entity, code,
		    arena_strdup(g->arena, currency), 0, 0 };
		map_set(g->map, span_of(key), effect);
	}
	return effect;
}

static void
add_journal(struct gathering *g, const char *entity,
    const struct journal *journal, bool after)
{
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];
		struct effect *effect;

		if (entry->account == NULL)
			continue;	/* a finding says why */
		effect = effect_of(g, entity, entry->account,
		    entry->currency);
		*(after ? &effect->after : &effect->before) += entry->amount;
	}
}

static bool
is_tax(const struct document_line *line)
{
	return line->type != NULL && (strcmp(line->type, "tax") == 0 ||
	    strcmp(line->type, "reverse_charge") == 0);
}

/* Tax is also told by its account where no code is said. */
static void
add_tax(struct gathering *g, const struct document *d, bool after)
{
	for (size_t i = 0; !d->voided && i < d->n_lines; i++) {
		const struct document_line *line = &d->lines[i];
		const char *code = line->tax_code != NULL ? line->tax_code :
		    line->account != NULL ? line->account : "";
		struct effect *effect;

		if (!is_tax(line))
			continue;
		effect = effect_of(g, d->entity, code, d->currency);
		*(after ? &effect->after : &effect->before) += line->amount;
	}
}

/* What the version's journal says of the document alone. */
static bool
load_current(struct db *db, const struct contest *c, struct arena *arena,
    struct journal *out, struct err *e)
{
	struct journal_head head;
	bool found;

	*out = (struct journal){ 0 };
	if (!c->found || c->row.journal == 0)
		return true;
	return c->row.shared ? share_load(db, c->current.id, arena, out, e) :
	    journal_load(db, c->row.journal, arena, out, &head, &found, e);
}

/* Those that change, in the order in which they were met. */
static void
settle(struct gathering *g, struct effect **out, size_t *n)
{
	size_t at = 0;
	struct span key;
	void *value;

	*n = 0;
	*out = arena_alloc(g->arena, (map_count(g->map) + 1) *
	    sizeof **out);
	while (map_next(g->map, &at, &key, &value)) {
		const struct effect *effect = value;

		if (effect->before != effect->after)
			(*out)[(*n)++] = *effect;
	}
	map_free(&g->map, NULL);
}

bool
effects_find(struct db *db, struct work *work, const struct contest *all,
    struct effects *out, struct err *e)
{
	struct gathering accounts = { work->arena, map_new() };
	struct gathering taxes = { work->arena, map_new() };
	bool ok = true;

	for (size_t i = 0; ok && i < work->n_pieces; i++) {
		const struct piece *piece = &work->pieces[i];
		const char *entity = piece->document.entity;
		struct journal current;

		ok = load_current(db, &all[i], work->arena, &current, e);
		if (ok)
			add_journal(&accounts, entity, &current, false);
		if (piece->has_journal)
			add_journal(&accounts, entity, &piece->journal,
			    true);
		if (all[i].found)
			add_tax(&taxes, &all[i].current.document, false);
		add_tax(&taxes, &piece->document, true);
	}
	settle(&accounts, &out->accounts, &out->n_accounts);
	settle(&taxes, &out->taxes, &out->n_taxes);
	return ok;
}
