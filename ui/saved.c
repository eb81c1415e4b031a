#include "ui/saved.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/i18n.h"
#include "ui/text.h"

/* %s: who looks. */
static const struct {
	const char *name, *pane, *filter, *sort;
} ready[] = {
	{ N_("mine"), "backlog", "who:%s", "" },
	{ N_("above 1,00,000"), "backlog", "amount>=100000",
	    "amount down" },
	{ N_("older than 7 days"), "backlog", "age>7d", "" },
	{ N_("blocks GSTR-1"), "backlog",
	    "document:sales_invoice,credit_note,debit_note,advance", "" },
	{ N_("blocks GSTR-3B"), "backlog",
	    "document:purchase_invoice", "" },
	{ N_("in conflict"), "backlog", "state:conflict", "" },
	{ N_("held for a yes"), "backlog", "state:held", "" },
	{ N_("failed today"), "backlog", "state:failed age<24h", "" },
	{ N_("late flows"), "sync", "late>0", "" },
	{ N_("short of stock"), "stock", "available<0", "" },
};

static const char *
user(struct arena *arena)
{
	const struct passwd *pw = getpwuid(geteuid());

	return arena_strdup(arena, pw != NULL ? pw->pw_name : "");
}

static struct saved *
add(struct saved_views *all, const char *name, const char *pane)
{
	struct saved *one;

	if (all->n == SAVED_MAX || pane_named(pane) == NULL)
		return NULL;
	one = &all->items[all->n++];
	*one = (struct saved){ .id = name, .name = name, .pane = pane_named(pane),
	    .key = "", .title = "", .filter = "", .columns = "", .sort = "",
	    .group = "" };
	return one;
}

/* A first word of whoever named it is not a name of ours. */
static void
add_ready(struct saved_views *all, struct arena *arena,
    struct stanzas *file)
{
	const char *name = user(arena);

	for (size_t i = 0; i < sizeof ready / sizeof *ready; i++) {
		struct saved *one = add(all, _(ready[i].name),
		    ready[i].pane);
		const struct stanza *said;

		if (one == NULL)
			continue;
		one->ready = true;
		one->id = ready[i].name;
		one->filter = strstr(ready[i].filter, "%s") == NULL ?
		    ready[i].filter : arena_printf(arena, "who:\"%s\"",
		    name);
		one->sort = ready[i].sort;
		/* That its pane opens with it is all that may be said. */
		said = stanzas_find(file, ready[i].name);
		one->first = said != NULL && strcmp(stanza_value(said,
		    "first"), "yes") == 0;
	}
}

static bool
is_ready(const char *name)
{
	for (size_t i = 0; i < sizeof ready / sizeof *ready; i++)
		if (strcmp(ready[i].name, name) == 0)
			return true;
	return false;
}

void
saved_read(const char *path, struct arena *arena, struct saved_views *out)
{
	struct stanzas *file = arena_alloc(arena, sizeof *file);

	out->n = 0;
	stanzas_read(path, arena, file);
	out->bad = file->bad;
	for (size_t i = 0; i < file->n; i++) {
		const struct stanza *from = &file->items[i];
		struct saved *one = is_ready(from->name) ? NULL :
		    add(out, from->name, stanza_value(from, "pane"));

		if (one == NULL)
			continue;
		one->key = stanza_value(from, "key");
		one->title = stanza_value(from, "title");
		one->filter = stanza_value(from, "filter");
		one->columns = stanza_value(from, "columns");
		one->sort = stanza_value(from, "sort");
		one->group = stanza_value(from, "group");
		one->first = strcmp(stanza_value(from, "first"), "yes") == 0;
	}
	add_ready(out, arena, file);
}

void
saved_place(const struct saved *one, struct place *place)
{
	struct arena *arena = arena_new();

	place_set(place, one->pane, one->key, one->title[0] != '\0' ?
	    text_tame(arena, one->title) : _(one->pane->title));
	arena_free(&arena);
}

void
saved_ask(struct tally *tally, struct saved *one)
{
	struct tally_ask ask = { .kind = TALLY_COUNT };

	saved_place(one, &ask.place);
	snprintf(ask.filter, sizeof ask.filter, "%s", one->filter);
	one->ticket = tally_ask(tally, &ask);
}
