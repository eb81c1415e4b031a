/* Rows of banks: read, and put into words. Asks nobody. */
#include "ui/bank.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/text.h"
#include "wire/bank.h"
#include "wire/gst.h"

#define PATHS 33

static const char *const paths[PATHS] = {
	"id", "event", "state", "entity", "account", "currency", "day",
	"amount", "text", "reference", "said.actor", "said.reason",
	"suggestion.rule", "suggestion.sure", "suggestion.off",
	"suggestion.days", "suggestion.alike", "suggestion.by",
	"suggestion.account", "suggestion.line.id", "suggestion.line.day",
	"suggestion.lines", "suggestion.items",
	"suggestion.first.number", "suggestion.first.day",
	"suggestion.first.party", "match.rule", "match.sure", "match.by",
	"match.actor", "match.reason", "into", "before",
};

bool
bank_read(struct span json, struct arena *arena, struct bank_rows *out)
{
	struct wire_rows rows;

	if (!shape_rows(json, "items", paths, PATHS, arena, &rows))
		return false;
	*out = (struct bank_rows){ .n = rows.n, .next = rows.next };
	out->items = arena_alloc(arena, (rows.n + 1) * sizeof *out->items);
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * PATHS;

		out->items[i] = (struct bank_row){ t[0], t[1], t[2], t[3],
		    t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12],
		    t[13], t[14], t[15], t[16], t[17], t[18], t[19], t[20],
		    t[21], t[22], t[23], t[24], t[25], t[26], t[27], t[28],
		    t[29], t[30], t[31], t[32] };
	}
	return true;
}

/* ---- words -------------------------------------------------------------- */

struct word {
	const char *name, *text;
};

static const char *
find(const struct word *words, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i].name, name) == 0)
			return _(words[i].text);
	return "";
}

const char *
bank_rule(const char *rule)
{
	static const struct word words[] = {
		{ "own", N_("its own document") },
		{ "reference", N_("reference") },
		{ "references", N_("references add up") },
		{ "lines", N_("lines of one reference") },
		{ "off", N_("reference, amount off") },
		{ "name", N_("amount and name") },
		{ "day", N_("amount and day") },
		{ "amount", N_("amount") }, { "near", N_("nearly the amount") },
		{ "sum", N_("entries add up") },
		{ "parts", N_("lines add up") },
		{ "reversed", N_("reversal") }, { "hand", N_("by hand") },
		{ "habit", N_("as before") },
	};

	return find(words, sizeof words / sizeof *words, rule);
}

const char *
bank_part(const char *what)
{
	static const struct word words[] = {
		{ "before_first_statement", N_("before the first statement") },
		{ "deposits_in_transit", N_("booked, not yet at the bank: in") },
		{ "payments_not_presented",
		    N_("booked, not yet at the bank: out") },
		{ "credited_not_booked", N_("at the bank, not booked: in") },
		{ "charged_not_booked", N_("at the bank, not booked: out") },
		{ "matched_off", N_("matched, though by then not to the paisa") },
	};

	return find(words, sizeof words / sizeof *words, what);
}

const char *
bank_opening(struct arena *arena, struct span json)
{
	static const char *const paths[] = { "currency", "opening.day",
		"opening.ledger", "opening.bank" };
	const char *t[4];

	if (!shape_texts(json, paths, 4, arena, t) || t[1][0] == '\0')
		return "";
	return arena_printf(arena, _("as %s began: in books %s, at the bank "
	    "%s"), text_day(arena, t[1]), text_money(arena, t[0], t[2]),
	    text_money(arena, t[0], t[3]));
}

static bool
is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

/* One more of several is named by its first. */
static const char *
target(struct arena *arena, const struct bank_row *row)
{
	const char *number = text_cut(arena, row->number, 40);

	if (row->to[0] != '\0')
		return arena_printf(arena, _("book to %s"), text_cut(arena,
		    row->to, 20));
	if (row->back[0] != '\0')
		return text_cut(arena, row->back, 20);
	if (strtoll(row->items, NULL, 10) > 1)
		return arena_printf(arena, _("%s and %lld more"), number,
		    strtoll(row->items, NULL, 10) - 1);
	return number;
}

const char *
bank_suggested(struct arena *arena, const struct bank_row *row)
{
	const char *mark = is(row->sure, "maybe") ? "? " : "";

	if (row->rule[0] == '\0' && row->before[0] != '\0')
		return arena_printf(arena, _("the same as %s"), text_cut(
		    arena, row->before, 20));
	if (row->rule[0] == '\0')
		return "-";
	return arena_printf(arena, "%s%s, %s", mark, target(arena, row),
	    bank_rule(row->rule));
}

const char *
bank_why(struct arena *arena, const struct bank_row *row)
{
	const char *out;

	if (row->rule[0] == '\0')
		return _("Nothing in books comes near: book it, or match it by "
		    "hand (mark a line and entries, then =).");
	if (row->to[0] != '\0')
		return arena_printf(arena, _("Lines that begin like this were "
		    "booked to %s, %s times."), text_cut(arena, row->to, 20),
		    text_cut(arena, row->alike, 8));
	out = arena_printf(arena, _("%s: %s"), bank_rule(row->rule),
	    target(arena, row));
	if (row->by[0] != '\0')
		out = arena_printf(arena, _("%s; both have %s"), out,
		    text_cut(arena, row->by, 40));
	if (row->back_day[0] != '\0')
		out = arena_printf(arena, _("%s; the bank's line of %s"), out,
		    text_day(arena, row->back_day));
	if (row->item_day[0] != '\0')
		out = arena_printf(arena, _("%s; booked on %s"), out,
		    text_day(arena, row->item_day));
	if (!text_is_zero(row->off))
		out = arena_printf(arena, _("%s; off by %s"), out,
		    text_money(arena, row->currency, row->off));
	if (strtoll(row->lines, NULL, 10) > 1 && row->back[0] == '\0')
		out = arena_printf(arena, _("%s; %s lines together"), out,
		    text_cut(arena, row->lines, 8));
	if (!is(row->alike, "0"))
		out = arena_printf(arena, _("%s; others fit as well, look "
		    "yourself"), out);
	return out;
}

const char *
bank_settled(struct arena *arena, const struct bank_row *row)
{
	const char *who = is(row->state, "matched") ? row->match_actor :
	    row->said_by;
	const char *why = is(row->state, "matched") ? row->match_reason :
	    row->said;
	const char *how = is(row->state, "matched") ?
	    bank_rule(row->match_rule) : is(row->state, "ignored") ?
	    _("ignored") : "";

	return arena_printf(arena, "%s%s%s%s%s", how, how[0] != '\0' &&
	    who[0] != '\0' ? ", " : "", text_cut(arena, who, 30),
	    why[0] != '\0' ? ": " : "", text_cut(arena, why, 120));
}

const char *
bank_report(struct span json, const char *what, struct arena *arena,
    bool *bad, const char **decision)
{
	struct wire_bank_said said;
	const char *out;

	*decision = "";
	*bad = false;
	if (!shape_bank_said(json, arena, &said))
		return NULL;
	*decision = said.decision;
	*bad = said.left > 0;
	out = arena_printf(arena, said.left > 0 ?
	    _("%s %s: %lld done, %lld left out: %s") : _("%s %s: %lld done"),
	    said.decision, what, (long long)said.done, (long long)said.left,
	    said.why);
	if (said.held > 0)
		out = arena_printf(arena, _("%s; %lld wait for an approval"),
		    out, (long long)said.held);
	return out;
}
