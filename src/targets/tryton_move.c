/* A posting as a move of Tryton, and a move as what we know. Pure, but for
 * tryton_read. */
#include <stdlib.h>
#include <string.h>

#include "targets/tryton.h"

const char *const tryton_move_fields[] = { "number", "post_number", "state",
	"_timestamp", "date", "description", "write_uid.rec_name",
	"lines.account.code", "lines.account.name", "lines.party.code",
	"lines.debit", "lines.credit", "lines.description", NULL };

/* ---- ours to theirs --------------------------------------------------- */

static struct tv *
line_of(const struct tryton *t, const struct posting *p,
    const struct posting_line *line, struct arena *arena)
{
	const struct tryton_account *account = tryton_account(t,
	    line->account);
	int64_t amount = line->amount < 0 ? -line->amount : line->amount;
	struct tv *out = tv_new(arena, TV_GROUP);
	struct tv *value = tv_decimal(arena, amount_text(amount, p->currency,
	    arena));
	struct tv *none = tv_decimal(arena, "0");

	tv_put(out, "account", tv_int(arena, account->id));
	tv_put(out, "debit", line->amount > 0 ? value : none);
	tv_put(out, "credit", line->amount > 0 ? none : value);
	if (account->party)
		tv_put(out, "party", tv_int(arena, tryton_party(t,
		    tryton_party_code(t, line))));
	if (*line->memo != '\0')
		tv_put(out, "description", tv_text(arena, words_of(
		    span_of(line->memo), arena)));
	/* Tryton wants it of the same sign, and has no use for it else. */
	if (line->foreign != 0 && strcmp(line->currency, p->currency) != 0 &&
	    (line->foreign > 0) == (line->amount > 0)) {
		tv_put(out, "second_currency", tv_int(arena,
		    tryton_foreign(t, line->currency)));
		tv_put(out, "amount_second_currency", tv_decimal(arena,
		    amount_text(line->foreign, line->currency, arena)));
	}
	return out;
}

struct tv *
tryton_lines(const struct tryton *t, const struct posting *p,
    struct arena *arena)
{
	struct tv *lines = tv_new(arena, TV_LIST);

	for (size_t i = 0; i < p->n_lines; i++)
		tv_add(lines, line_of(t, p, &p->lines[i], arena));
	return lines;
}

static bool
refuse(struct verdict *verdict, enum refusal refusal, const char *words)
{
	verdict_refuse(verdict, refusal, words);
	return false;
}

static bool
judge_account(const struct tryton *t, const struct posting *p,
    const struct posting_line *line, struct arena *arena, struct verdict *v)
{
	const struct tryton_account *account = tryton_account(t,
	    line->account);
	const char *why = account == NULL ? "Tryton has no such account" :
	    account->twice ? "two accounts of Tryton have this code" :
	    account->heading ? "it is a heading there, without a type" :
	    account->closed ? "it is closed there" :
	    (account->from.text[0] != '\0' &&
	    strcmp(p->date.text, account->from.text) < 0) ||
	    (account->to.text[0] != '\0' &&
	    strcmp(p->date.text, account->to.text) > 0) ?
	    "it is not in use there on that day" : NULL;
	const char *party = tryton_party_code(t, line);

	if (why != NULL)
		return refuse(v, REFUSAL_MAPPING, arena_printf(arena,
		    "account \"%s\": %s", line->account, why));
	if (!account->party || tryton_party(t, party) != 0)
		return true;
	return refuse(v, REFUSAL_MAPPING, *party == '\0' ?
	    arena_printf(arena, "account \"%s\": it wants a party there, and "
	    "this entry has none", line->account) :
	    arena_printf(arena, "party \"%s\": Tryton has no such party%s%s",
	    party, *line->party_name != '\0' ? ", " : "",
	    line->party_name));
}

static bool
judge(const struct tryton *t, const struct posting *p, struct arena *arena,
    struct verdict *v)
{
	bool closed;

	if (strcmp(p->currency, t->currency) != 0)
		return refuse(v, REFUSAL_MAPPING, arena_printf(arena,
		    "currency \"%s\": the company's books are in %s",
		    p->currency, t->currency));
	if (tryton_journal(t, p->book) == 0)
		return refuse(v, REFUSAL_MAPPING, *p->book == '\0' ?
		    "book: no journal is named, by a mapping or the setting" :
		    arena_printf(arena, "book \"%s\": Tryton has no such journal",
		    p->book));
	if (tryton_period(t, p->date, &closed) == 0 || closed)
		return refuse(v, REFUSAL_PERIOD, arena_printf(arena, closed ?
		    "the period of %s is closed in Tryton" :
		    "Tryton has no period for %s", p->date.text));
	if (p->n_lines == 0)
		return refuse(v, REFUSAL_DATA, "there is nothing to book");
	for (size_t i = 0; i < p->n_lines; i++) {
		const struct posting_line *line = &p->lines[i];

		if (!judge_account(t, p, line, arena, v))
			return false;
		if (line->foreign != 0 && strcmp(line->currency,
		    p->currency) != 0 && tryton_foreign(t,
		    line->currency) == 0)
			return refuse(v, REFUSAL_MAPPING, arena_printf(arena,
			    "currency \"%s\": Tryton has no such currency",
			    line->currency));
	}
	return true;
}

struct tv *
tryton_move(const struct tryton *t, const struct posting *p,
    struct arena *arena, struct verdict *verdict)
{
	struct tv *move, *all, *act;
	bool closed;

	if (!judge(t, p, arena, verdict))
		return NULL;
	move = tv_new(arena, TV_GROUP);
	tv_put(move, "company", tv_int(arena, tryton_company(t)));
	tv_put(move, "journal", tv_int(arena, tryton_journal(t, p->book)));
	tv_put(move, "period", tv_int(arena, tryton_period(t, p->date,
	    &closed)));
	tv_put(move, "date", tv_day(arena, p->date));
	tv_put(move, "description", tv_text(arena, words_of(
	    span_of(p->narration), arena)));
	act = tv_new(arena, TV_LIST);
	tv_add(act, tv_text(arena, "create"));
	tv_add(act, tryton_lines(t, p, arena));
	all = tv_new(arena, TV_LIST);
	tv_add(all, act);
	tv_put(move, "lines", all);
	return move;
}

/* ---- theirs to ours --------------------------------------------------- */

static const char *
kept(struct arena *arena, const char *text)
{
	return words_of(span_of(text), arena);
}

static bool
read_line(const struct tryton *t, const struct tv *row, struct arena *arena,
    struct posting_line *line, struct err *e)
{
	const struct tv *account = tv_get(row, "account.");
	int64_t debit, credit;

	*line = (struct posting_line){ .ours = "", .cost_centre = "",
	    .tax_code = "", .item = "", .location = "", .party_name = "" };
	line->account = kept(arena, tv_word(account, *tv_word(account,
	    "code") != '\0' ? "code" : "name"));
	line->party = kept(arena, tv_word(tv_get(row, "party."), "code"));
	line->memo = kept(arena, tv_word(row, "description"));
	memcpy(line->currency, t->currency, 4);
	if (!amount_read(tv_amount(row, "debit", arena), t->currency,
	    &debit) || !amount_read(tv_amount(row, "credit", arena),
	    t->currency, &credit))
		return err_set(e, ERR_UNREACHABLE,
		    "a line of its answer has no amounts of %s",
		    t->currency);
	line->amount = debit - credit;
	line->foreign = line->amount;
	return true;
}

static bool
read_lines(const struct tryton *t, const struct tv *rows,
    struct arena *arena, struct remote *out, struct err *e)
{
	size_t n = 0;

	for (const struct tv *row = rows->first; row != NULL; row = row->next)
		n++;
	out->lines = arena_alloc(arena, sizeof *out->lines * (n + 1));
	for (const struct tv *row = rows->first; row != NULL;
	    row = row->next) {
		if (!read_line(t, row, arena, &out->lines[out->n_lines], e))
			return false;
		out->n_lines += out->lines[out->n_lines].amount != 0;
	}
	return true;
}

/* The first word, when it is one of ours. */
static const char *
reference_of(const char *description, struct arena *arena)
{
	size_t n = strcspn(description, " ");
	const char *word = n < REFERENCE_MAX ?
	    arena_strndup(arena, description, n) : "";

	return posting_journal(word) != 0 ? word : "";
}

bool
tryton_remote(const struct tryton *t, const struct tv *row,
    struct arena *arena, struct remote *out, struct err *e)
{
	const struct tv *lines = tv_get(row, "lines.");
	int64_t id = tv_id(row, "id");
	const char *number = tv_word(row, "post_number");

	*out = (struct remote){ .lined = true };
	if (id == 0 || lines == NULL || lines->kind != TV_LIST ||
	    !tv_date(row, "date", &out->date))
		return err_set(e, ERR_UNREACHABLE,
		    "a move of its answer has no id, day or lines");
	out->remote = arena_printf(arena, "%lld", (long long)id);
	out->number = kept(arena, *number != '\0' ? number :
	    tv_word(row, "number"));
	out->version = kept(arena, tv_word(row, "_timestamp"));
	out->state = strcmp(tv_word(row, "state"), "posted") == 0 ?
	    REMOTE_BOOKED : REMOTE_DRAFT;
	out->narration = kept(arena, tv_word(row, "description"));
	out->reference = reference_of(out->narration, arena);
	out->changed_by = kept(arena, tv_word(tv_get(row, "write_uid."),
	    "rec_name"));
	return read_lines(t, lines, arena, out, e);
}

bool
tryton_same(const struct tryton *t, const struct posting *p,
    const struct remote *there, struct arena *arena)
{
	struct posting_line *lines = arena_alloc(arena, sizeof *lines *
	    (p->n_lines + 1));
	struct posting ours = *p;

	for (size_t i = 0; i < p->n_lines; i++) {
		const struct tryton_account *account;

		lines[i] = p->lines[i];
		account = tryton_account(t, lines[i].account);
		if (account != NULL)
			lines[i].party = account->party ?
			    tryton_party_code(t, &lines[i]) : "";
	}
	ours.lines = lines;
	return remote_same(&ours, there);
}

bool
tryton_read(struct target *target, const char *const *ids, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out,
    struct tryton_said *said, struct err *e)
{
	struct tv *domain = tv_new(arena, TV_LIST);
	struct tv *list = tv_new(arena, TV_LIST);

	for (size_t i = 0; i < n; i++)
		tv_add(list, tv_int(arena, strtoll(ids[i], NULL, 10)));
	tv_add(domain, tv_clause(arena, "id", "in", list));
	*n_out = 0;
	*out = arena_alloc(arena, sizeof **out * (n + 1));
	if (!tryton_search(target, "account.move", domain, (int64_t)n,
	    tryton_move_fields, NULL, arena, said, e))
		return false;
	for (const struct tv *row = said->result->first;
	    row != NULL && *n_out < n; row = row->next)
		if (!tryton_remote(target->state, row, arena,
		    &(*out)[(*n_out)++], e))
			return false;
	return true;
}
