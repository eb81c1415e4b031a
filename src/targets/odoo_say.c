/* A posting in the words of Odoo: numbers instead of codes, lines as commands.
 * What cannot be said is refused here, before anything goes. */
#include "targets/odoo.h"

#include <string.h>

#include "core/json.h"
#include "targets/foreign.h"

/* ---- what is named ---------------------------------------------------- */

struct codes {
	const char **of[ODOO_KINDS];
	size_t n[ODOO_KINDS];
};

static const char *
book_of(const struct target *t, const struct posting *posting)
{
	return *posting->book != '\0' ? posting->book :
	    options_text(t->conf->options, "book");
}

static void
collect(struct target *t, const struct posting *postings, size_t n,
    struct arena *arena, struct codes *codes)
{
	size_t all = n;

	for (size_t i = 0; i < n; i++)
		all += postings[i].n_lines;
	*codes = (struct codes){ 0 };
	for (int k = 0; k < ODOO_KINDS; k++)
		codes->of[k] = arena_alloc(arena, (all + 1) *
		    sizeof *codes->of[k]);
	for (size_t i = 0; i < n; i++) {
		codes->of[ODOO_JOURNAL][codes->n[ODOO_JOURNAL]++] =
		    book_of(t, &postings[i]);
		for (size_t k = 0; k < postings[i].n_lines; k++) {
			const struct posting_line *line =
			    &postings[i].lines[k];
			const char *said[ODOO_KINDS] = { line->account,
			    line->party, line->cost_centre, "",
			    line->currency };

			for (int kind = 0; kind < ODOO_KINDS; kind++)
				if (*said[kind] != '\0')
					codes->of[kind][codes->n[kind]++] =
					    said[kind];
		}
	}
}

bool
odoo_learn(struct target *t, const struct posting *postings, size_t n,
    struct arena *arena, struct err *e)
{
	struct codes codes;

	if (!odoo_ready(t, e))
		return false;
	collect(t, postings, n, arena, &codes);
	for (int kind = 0; kind < ODOO_KINDS; kind++)
		if (!odoo_learn_codes(t, (enum odoo_kind)kind, codes.of[kind],
		    codes.n[kind], arena, e))
			return false;
	return true;
}

/* ---- what is said ----------------------------------------------------- */

static bool
cannot(struct odoo_saying *s, enum refusal refusal, const char *words)
{
	s->words = words;
	s->refusal = refusal;
	return false;
}

/* The number there of a code; a miss is said by what it is. */
static bool
number_of(struct odoo_saying *s, enum odoo_kind kind, const char *code,
    int64_t *id)
{
	static const char *const nouns[ODOO_KINDS] = {
		[ODOO_ACCOUNT] = "account with the code",
		[ODOO_PARTNER] = "contact with the reference",
		[ODOO_ANALYTIC] = "analytic account with the reference",
		[ODOO_JOURNAL] = "journal with the code",
		[ODOO_CURRENCY] = "active currency" };
	const struct odoo *odoo = s->t->state;
	const struct odoo_name *name = odoo_by_code(&odoo->names, kind, code);

	*id = name != NULL ? name->id : 0;
	if (*id > 0)
		return true;
	return cannot(s, REFUSAL_MAPPING, arena_printf(s->arena,
	    name != NULL ? "%s has more than one %s \"%s\" in Odoo" :
	    "%s has no %s \"%s\" in Odoo", s->t->conf->company, nouns[kind],
	    code));
}

static void
put_amount(struct odoo_saying *s, const char *member, int64_t minor,
    const char *currency)
{
	json_key(s->j, member);
	json_raw(s->j, span_of(amount_text(minor, currency, s->arena)));
}

static bool
put_foreign(struct odoo_saying *s, const struct posting_line *line)
{
	int64_t id;

	if (!number_of(s, ODOO_CURRENCY, line->currency, &id))
		return false;
	json_kint(s->j, "currency_id", id);
	put_amount(s, "amount_currency", line->foreign, line->currency);
	return true;
}

static bool
put_dimensions(struct odoo_saying *s, const struct posting_line *line)
{
	int64_t id;

	if (*line->party != '\0') {
		if (!number_of(s, ODOO_PARTNER, line->party, &id))
			return false;
		json_kint(s->j, "partner_id", id);
	}
	if (*line->cost_centre != '\0') {
		if (!number_of(s, ODOO_ANALYTIC, line->cost_centre, &id))
			return false;
		json_key(s->j, "analytic_distribution");
		json_open(s->j, '{');
		json_kint(s->j, arena_printf(s->arena, "%lld",
		    (long long)id), 100);
		json_close(s->j, '}');
	}
	return true;
}

static bool
put_line(struct odoo_saying *s, const struct posting *posting,
    const struct posting_line *line)
{
	const struct odoo *odoo = s->t->state;
	int64_t id, amount = line->amount;

	if (!number_of(s, ODOO_ACCOUNT, line->account, &id))
		return false;
	json_open(s->j, '[');
	json_int(s->j, 0);
	json_int(s->j, 0);
	json_open(s->j, '{');
	json_kint(s->j, "account_id", id);
	json_kstr(s->j, "name", *line->memo != '\0' ? line->memo :
	    posting->number);
	put_amount(s, "debit", amount > 0 ? amount : 0, posting->currency);
	put_amount(s, "credit", amount < 0 ? -amount : 0, posting->currency);
	if (!put_dimensions(s, line) || (strcmp(line->currency,
	    odoo->names.currency) != 0 && !put_foreign(s, line)))
		return false;
	json_close(s->j, '}');
	json_close(s->j, ']');
	return true;
}

bool
odoo_put_lines(struct odoo_saying *s, const struct posting *posting, bool renew)
{
	json_key(s->j, "line_ids");
	json_open(s->j, '[');
	if (renew)
		json_raw(s->j, SPAN("[5,0,0]"));
	for (size_t i = 0; i < posting->n_lines; i++)
		if (!put_line(s, posting, &posting->lines[i]))
			return false;
	json_close(s->j, ']');
	return true;
}

bool
odoo_is_open(struct odoo_saying *s, const struct posting *posting)
{
	const struct odoo *odoo = s->t->state;

	if (strcmp(posting->date.text, odoo->closed.text) > 0)
		return true;
	return cannot(s, REFUSAL_PERIOD, arena_printf(s->arena,
	    "%s is closed in Odoo up to %s", s->t->conf->company,
	    odoo->closed.text));
}

bool
odoo_put_move(struct odoo_saying *s, const struct posting *posting)
{
	const struct odoo *odoo = s->t->state;
	const char *book = book_of(s->t, posting);
	int64_t journal;

	if (strcmp(posting->currency, odoo->names.currency) != 0)
		return cannot(s, REFUSAL_MAPPING, arena_printf(s->arena,
		    "%s keeps its books in %s, and the journal is in %s",
		    s->t->conf->company, odoo->names.currency,
		    posting->currency));
	if (*book == '\0')
		return cannot(s, REFUSAL_MAPPING, arena_printf(s->arena,
		    "no journal of Odoo is named for %s", posting->kind));
	if (!odoo_is_open(s, posting) ||
	    !number_of(s, ODOO_JOURNAL, book, &journal))
		return false;
	json_open(s->j, '{');
	json_kstr(s->j, "move_type", "entry");
	json_kstr(s->j, "ref", posting->reference);
	json_kstr(s->j, "date", posting->date.text);
	json_kint(s->j, "journal_id", journal);
	json_kstr(s->j, "narration", foreign_html(posting->narration,
	    s->arena));
	if (!odoo_put_lines(s, posting, false))
		return false;
	json_close(s->j, '}');
	return true;
}
