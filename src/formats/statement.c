/* What a bank statement of any format proves, and how it is written. */
#include "formats/statement.h"

#include "core/utf8.h"
#include "formats/list.h"

void
statement_init(struct statement *s)
{
	*s = (struct statement){ 0 };
	str_init(&s->wrong, 256);
}

void
statement_clear(struct statement *s)
{
	struct str wrong = s->wrong;

	str_clear(&wrong);
	*s = (struct statement){ .wrong = wrong };
}

void
statement_free(struct statement *s)
{
	str_free(&s->wrong);
}

void
statement_fault(struct statement *s, const char *why)
{
	if (s->wrong.n == 0)
		str_adds(&s->wrong, why);
}

void
statement_keep(struct statement *s, char *member, struct span text)
{
	if (text.n > STATEMENT_TEXT_MAX || memchr(text.p, '\0', text.n)) {
		statement_fault(s, "account or number is too long");
		return;
	}
	memcpy(member, text.p, text.n);
	member[text.n] = '\0';
}

bool
mark_minus(enum mark mark)
{
	return mark == MARK_DEBIT || mark == MARK_REVERSED_CREDIT;
}

const char *
mark_text(enum mark mark)
{
	switch (mark) {
	case MARK_CREDIT: return "C";
	case MARK_DEBIT: return "D";
	case MARK_REVERSED_CREDIT: return "RC";
	case MARK_REVERSED_DEBIT: return "RD";
	case MARK_NONE: break;
	}
	return "";
}

void
statement_count(struct statement *s, enum mark mark, struct decimal amount)
{
	if (!decimal_add(&s->sum, amount, mark_minus(mark)))
		statement_fault(s, "the entries are too large to add up");
}

void
statement_judge(struct statement *s)
{
	struct decimal was = { 0 }, is = { 0 };

	if (s->opening.mark == MARK_NONE)
		statement_fault(s, "there is no opening balance");
	if (s->closing.mark == MARK_NONE)
		statement_fault(s, "there is no closing balance");
	if (s->wrong.n > 0)
		return;
	if (strcmp(s->opening.currency, s->closing.currency) != 0)
		statement_fault(s, "its balances are of two currencies");
	if (!decimal_add(&was, s->opening.amount,
	    mark_minus(s->opening.mark)) ||
	    !decimal_add(&was, s->sum, false) ||
	    !decimal_add(&is, s->closing.amount, mark_minus(s->closing.mark)))
		statement_fault(s, "the balances are too large to add up");
	if (s->wrong.n > 0 || was.units == is.units)
		return;
	str_adds(&s->wrong, "opening balance and entries make ");
	decimal_write(was, &s->wrong);
	str_adds(&s->wrong, ", the closing balance is ");
	decimal_write(is, &s->wrong);
}

void
text_member(struct json *j, const char *key, struct span s)
{
	if (s.n == 0)
		return;
	json_key(j, key);
	text_write(j, s, !utf8_valid(s));
}

void
decimal_member(struct json *j, const char *key, struct decimal d)
{
	struct str text;

	str_init(&text, 64);
	decimal_write(d, &text);
	json_kstr(j, key, text.p);
	str_free(&text);
}

static void
write_balance(const struct balance *b, const char *key, struct json *j)
{
	if (b->mark == MARK_NONE)
		return;
	json_key(j, key);
	json_open(j, '{');
	json_kstr(j, "mark", mark_text(b->mark));
	json_kstr(j, "date", b->date.text);
	decimal_member(j, "amount", b->amount);
	json_close(j, '}');
}

void
statement_write_head(const struct statement *s, struct json *j)
{
	text_member(j, "account", span_of(s->account));
	text_member(j, "statement", span_of(s->number));
	text_member(j, "sequence", span_of(s->sequence));
	text_member(j, "currency", span_of(s->currency));
}

void
statement_write(const struct statement *s, struct json *j)
{
	statement_write_head(s, j);
	write_balance(&s->opening, "opening", j);
	write_balance(&s->closing, "closing", j);
	json_kint(j, "entries", s->entries);
	decimal_member(j, "sum", s->sum);
	if (s->wrong.n > 0)
		json_kstr(j, "wrong", s->wrong.p);
}
