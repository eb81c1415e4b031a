/*
 * --where of a verb that acts on many events. What the daemon can find by
 * itself, code=a,state=failed, goes to it as it is; a filter as in the console,
 * code:a amount>10000, is matched here against what is open, and the plan
 * names the events with the versions that were seen.
 */
#include <string.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"
#include "ui/filter.h"

#define PICKS_MAX 100000	/* of one plan, as the daemon takes */

static const struct filter_column columns[] = {
	{ N_("Event"), "event", FILTER_TEXT },
	{ N_("State"), "state", FILTER_TEXT },
	{ N_("Source"), "source", FILTER_TEXT },
	{ N_("Code"), "code", FILTER_TEXT },
	{ N_("Signature"), "signature", FILTER_TEXT },
	{ N_("Entity"), "entity", FILTER_TEXT },
	{ N_("Document"), "document", FILTER_TEXT },
	{ N_("Party"), "party", FILTER_TEXT },
	{ N_("Amount"), "amount", FILTER_NUMBER },
	{ N_("Cur"), "currency", FILTER_TEXT },
	{ N_("Received"), "received", FILTER_TIME },
	{ N_("Age"), "age", FILTER_TIME },
	{ N_("Who"), "assignee", FILTER_TEXT },
	{ N_("Finding"), "finding", FILTER_TEXT },
};

#define COLUMNS (sizeof columns / sizeof *columns)

/* NAME=VALUE pairs that the daemon knows. */
static bool
is_the_daemons(const char *where)
{
	static const char *const names[] = {
		"state", "source", "code", "entity", "kind", "q", "age"
	};

	for (size_t n; *where != '\0'; where += n + (where[n] != '\0')) {
		size_t k = 0, name = strcspn(where, "=");

		n = strcspn(where, ",");
		while (k < sizeof names / sizeof *names && (name >= n ||
		    !span_is((struct span){ where, name }, names[k])))
			k++;
		if (k == sizeof names / sizeof *names)
			return false;
	}
	return true;
}

static bool
matches(const struct filter *filter, const struct wire_event *ev)
{
	const struct wire_finding *first = ev->findings.n > 0 ?
	    &ev->findings.items[0] : NULL;
	const char *const values[COLUMNS] = { ev->id, ev->state, ev->source,
		first ? first->code : "", first ? first->signature : "",
		ev->entity, ev->document, ev->party, ev->amount,
		ev->currency, ev->received, ev->received, ev->assignee,
		first ? first->sentence : "" };

	return filter_match(filter, values);
}

static bool
add_page(const struct filter *filter, const struct wire_events *page,
    struct wire_decide *what, struct wire_pick *picks, struct err *e)
{
	for (size_t i = 0; i < page->n; i++) {
		const struct wire_event *ev = &page->items[i];

		if (!matches(filter, ev))
			continue;
		if (what->n_events == PICKS_MAX)
			return err_set(e, ERR_TOO_LARGE, "at most %d events",
			    PICKS_MAX);
		picks[what->n_events++] = (struct wire_pick){ ev->id,
		    ev->version };
	}
	return true;
}

static bool
pick_all(struct job *job, const struct filter *filter,
    struct wire_decide *what, struct err *e)
{
	struct wire_pick *picks = arena_alloc(job->arena, PICKS_MAX *
	    sizeof *picks);
	struct wire_events page = { .next = "" };

	do {
		const char *query = page.next[0] == '\0' ?
		    "state=open&limit=500" : wire_path(job->arena,
		    "state=open&limit=500&after=", page.next, "");

		if (!wire_events_get(job->wire, query, job->arena, &page,
		    e) || !add_page(filter, &page, what, picks, e))
			return false;
	} while (page.next[0] != '\0');
	what->events = picks;
	return what->n_events > 0 || err_set(e, ERR_NOT_FOUND,
	    "nothing that is open matches %.100s", what->where);
}

bool
cli_where(struct job *job, struct wire_decide *what, struct err *e)
{
	struct filter *filter;
	bool ok;

	if (what->where == NULL || is_the_daemons(what->where))
		return true;
	if (!filter_parse(what->where, columns, COLUMNS, &filter, e)) {
		e->code = ERR_USAGE;
		return false;
	}
	ok = pick_all(job, filter, what, e);
	filter_free(&filter);
	if (ok)
		what->where = NULL;
	return ok;
}
