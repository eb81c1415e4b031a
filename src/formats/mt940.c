/*
 * SWIFT MT940 customer statements, in pieces: an `entry` for each :61: with
 * the :86: behind it, and a `statement` once its closing balance came. Parts
 * joined by :60M: and :62M: are one statement. What stands around the
 * messages (blocks {1: to {4:, unknown fields) is passed over.
 */
#include <stdio.h>
#include <stdlib.h>

#include "formats/list.h"
#include "formats/statement.h"

#define FIELD_MAX 16384

struct entry_line {		/* a :61: that waits for its :86: */
	bool there;
	int64_t line;
	struct str text, details;
	struct day value, booked;	/* "": not said */
	enum mark mark;
	struct decimal amount;
	struct span type, reference, bank_reference, more;	/* in text */
	const char *wrong;
};

struct reader {
	struct input in;
	struct str line;	/* being read */
	bool line_any, line_whole;
	int64_t line_at;
	struct str field;	/* its text, lines joined by LF */
	char tag[4];		/* "61", "60F"; "-": the message ends */
	int64_t field_at;
	bool field_open, field_whole;
	struct statement message;	/* account and number of :25: :28C: */
	struct statement statement;
	bool between;		/* :62M: came: another part may join */
	bool any;
	struct entry_line entry;
	struct str json;
	struct err fault;
};

static struct reader *
mt940_reader(void)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	input_open(&r->in);
	str_init(&r->line, FIELD_MAX);
	str_init(&r->field, FIELD_MAX);
	str_init(&r->entry.text, FIELD_MAX);
	str_init(&r->entry.details, FIELD_MAX);
	str_init(&r->json, RECORD_MAX);
	statement_init(&r->message);
	statement_init(&r->statement);
	return r;
}

static void
mt940_reader_close(struct reader **reader)
{
	struct reader *r = *reader;

	*reader = NULL;
	if (r == NULL)
		return;
	str_free(&r->line);
	str_free(&r->field);
	str_free(&r->entry.text);
	str_free(&r->entry.details);
	str_free(&r->json);
	statement_free(&r->message);
	statement_free(&r->statement);
	free(r);
}

static void
mt940_feed(struct reader *r, const char *p, size_t n)
{
	input_feed(&r->in, p, n);
}

/* ---- parts of a field ------------------ */

static bool
take_digits(struct span *s, size_t n, struct span *out)
{
	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
	*out = (struct span){ s->p, n };
	s->p += n;
	s->n -= n;
	return true;
}

static bool
take_letter(struct span *s, const char *letters, char *out)
{
	if (s->n == 0 || s->p[0] == '\0' || strchr(letters, s->p[0]) == NULL)
		return false;
	*out = s->p[0];
	s->p++;
	s->n--;
	return true;
}

/* YYMMDD: of this century, but for the nineties. */
static bool
take_day(struct span *s, struct day *out)
{
	struct span digits;
	char text[11];

	if (!take_digits(s, 6, &digits))
		return false;
	snprintf(text, sizeof text, "%s%.2s-%.2s-%.2s",
	    digits.p[0] == '9' ? "19" : "20", digits.p, digits.p + 2,
	    digits.p + 4);
	return day_parse(span_of(text), out);
}

static bool
take_amount(struct span *s, struct decimal *out)
{
	size_t n = 0;

	while (n < s->n && (s->p[n] == ',' ||
	    (s->p[n] >= '0' && s->p[n] <= '9')))
		n++;
	if (!decimal_parse((struct span){ s->p, n }, ',', out))
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static bool
take_mark(struct span *s, enum mark *out)
{
	char r = '\0', mark;

	take_letter(s, "R", &r);
	if (!take_letter(s, "CD", &mark))
		return false;
	if (mark == 'C')
		*out = r != '\0' ? MARK_REVERSED_CREDIT : MARK_CREDIT;
	else
		*out = r != '\0' ? MARK_REVERSED_DEBIT : MARK_DEBIT;
	return true;
}

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool
take_balance(struct span s, struct balance *out)
{
	struct balance b = { 0 };

	if (!take_mark(&s, &b.mark) || !take_day(&s, &b.date))
		return false;
	for (int i = 0; i < 3; i++)
		if (!take_letter(&s, capitals, &b.currency[i]))
			return false;
	if (!take_amount(&s, &b.amount))
		return false;
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	if (s.n > 0)
		return false;
	*out = b;
	return true;
}

/* MMDD is of the year that brings it nearest to the value date. */
static void
entry_day(struct span mmdd, struct day value, struct day *out)
{
	int year = (value.text[0] - '0') * 1000 + (value.text[1] - '0') * 100 +
	    (value.text[2] - '0') * 10 + (value.text[3] - '0');
	int best = -1;

	for (int y = year - 1; y <= year + 1; y++) {
		struct day day;
		char text[32];
		int far;

		snprintf(text, sizeof text, "%04d-%.2s-%.2s", y, mmdd.p,
		    mmdd.p + 2);
		if (!day_parse(span_of(text), &day))
			continue;
		far = abs(day_between(value, day));
		if (best < 0 || far < best) {
			best = far;
			*out = day;
		}
	}
}

static struct span
take_until(struct span *s, const char *end)
{
	const char *at = memmem(s->p, s->n, end, strlen(end));
	struct span out = *s;

	if (at == NULL) {
		*s = SPAN("");
		return out;
	}
	out.n = (size_t)(at - s->p);
	s->p += out.n + strlen(end);
	s->n -= out.n + strlen(end);
	return out;
}

/* :61: 6!n[4!n]2a[1!a]15d1!a3!c16x[//16x][LF34x] */
static const char *
parse_entry(struct entry_line *entry)
{
	struct span all = str_span(&entry->text), mmdd, s;
	char funds, letter;

	s = take_until(&all, "\n");
	entry->more = all;
	if (!take_day(&s, &entry->value))
		return "the value date of the entry is no date";
	if (take_digits(&s, 4, &mmdd))
		entry_day(mmdd, entry->value, &entry->booked);
	if (!take_mark(&s, &entry->mark))
		return "the entry is neither C nor D";
	take_letter(&s, capitals, &funds);
	if (!take_amount(&s, &entry->amount))
		return "the amount of the entry is no amount";
	entry->type = (struct span){ s.p, 4 };
	if (s.n < 4 || !take_letter(&s, capitals, &letter))
		return "the entry has no type";
	s.p += 3;
	s.n -= 3;
	entry->reference = take_until(&s, "//");
	entry->bank_reference = s;
	return NULL;
}

/* ---- records ------------------ */

static void
write_entry_members(const struct reader *r, struct json *j)
{
	const struct entry_line *entry = &r->entry;

	if (entry->wrong != NULL) {
		text_member(j, "text", str_span(&entry->text));
	} else {
		text_member(j, "value_date", span_of(entry->value.text));
		text_member(j, "entry_date", span_of(entry->booked.text));
		json_kstr(j, "mark", mark_text(entry->mark));
		decimal_member(j, "amount", entry->amount);
		text_member(j, "type", entry->type);
		text_member(j, "reference", entry->reference);
		text_member(j, "bank_reference", entry->bank_reference);
		text_member(j, "supplementary", entry->more);
	}
	text_member(j, "details", str_span(&entry->details));
	if (entry->wrong != NULL)
		json_kstr(j, "wrong", entry->wrong);
}

static bool
give_entry(struct reader *r, struct record *record)
{
	struct entry_line *entry = &r->entry;
	const struct statement *statement = &r->statement;
	struct json j;

	if (entry->wrong == NULL && entry->details.over)
		entry->wrong = "the details of the entry are too long";
	str_clear(&r->json);
	json_start(&j, &r->json);
	json_open(&j, '{');
	statement_write_head(statement, &j);
	text_member(&j, "opening_date", span_of(statement->opening.date.text));
	json_kint(&j, "n", statement->entries);
	write_entry_members(r, &j);
	json_close(&j, '}');
	*record = (struct record){ .topic = "entry", .line = entry->line,
		.json = str_span(&r->json), .wrong = entry->wrong };
	entry->there = false;
	return true;
}

static bool
give_statement(struct reader *r, struct record *record)
{
	struct statement *s = &r->statement;
	struct json j;

	statement_judge(s);
	str_clear(&r->json);
	json_start(&j, &r->json);
	json_open(&j, '{');
	statement_write(s, &j);
	json_close(&j, '}');
	*record = (struct record){ .topic = "statement", .line = s->line,
		.json = str_span(&r->json),
		.wrong = s->wrong.n > 0 ? s->wrong.p : NULL };
	s->open = r->between = false;
	return true;
}

/* ---- fields ------------------ */

static bool
tag_is(const struct reader *r, const char *tag)
{
	return strcmp(r->tag, tag) == 0;
}

static void
take_number(struct reader *r)
{
	struct span s = str_span(&r->field), number = take_until(&s, "/");

	statement_keep(&r->message, r->message.number, number);
	statement_keep(&r->message, r->message.sequence, s);
}

static void
begin_entry(struct reader *r)
{
	struct entry_line *entry = &r->entry;
	struct str text = entry->text, details = entry->details;

	str_clear(&text);
	str_clear(&details);
	str_add(&text, r->field.p, r->field.n);
	*entry = (struct entry_line){ .there = true, .line = r->field_at,
		.text = text, .details = details };
	entry->wrong = r->field.over ? "the entry is too long" :
	    parse_entry(entry);
	if (!r->statement.open && entry->wrong == NULL)
		entry->wrong = "there is no opening balance before the entry";
	r->statement.entries++;
	if (entry->wrong != NULL)
		statement_fault(&r->statement, entry->wrong);
	else
		statement_count(&r->statement, entry->mark, entry->amount);
}

static bool
joins(const struct reader *r)
{
	return r->statement.open && r->between && tag_is(r, "60M") &&
	    strcmp(r->statement.account, r->message.account) == 0 &&
	    strcmp(r->statement.number, r->message.number) == 0;
}

static void
join(struct reader *r)
{
	struct statement *s = &r->statement;
	struct balance opening;

	memcpy(s->sequence, r->message.sequence, sizeof s->sequence);
	if (!take_balance(str_span(&r->field), &opening))
		statement_fault(s, "the opening balance cannot be read");
	else if (opening.amount.units != s->closing.amount.units ||
	    opening.mark != s->closing.mark)
		statement_fault(s, "its parts do not join");
	s->closing = (struct balance){ 0 };
	r->between = false;
}

static void
begin_statement(struct reader *r)
{
	struct statement *s = &r->statement;

	statement_clear(s);
	s->open = r->any = true;
	s->line = r->field_at;
	memcpy(s->account, r->message.account, sizeof s->account);
	memcpy(s->number, r->message.number, sizeof s->number);
	memcpy(s->sequence, r->message.sequence, sizeof s->sequence);
	if (r->message.wrong.n > 0)
		statement_fault(s, r->message.wrong.p);
	if (!take_balance(str_span(&r->field), &s->opening))
		statement_fault(s, "the opening balance cannot be read");
	memcpy(s->currency, s->opening.currency, sizeof s->currency);
}

/* The statement before it goes out first: false, and the field stays. */
static bool
take_opening(struct reader *r)
{
	if (joins(r)) {
		join(r);
		return true;
	}
	if (r->statement.open)
		return false;
	begin_statement(r);
	return true;
}

/* True: that was the whole statement. */
static bool
take_closing(struct reader *r)
{
	struct statement *s = &r->statement;

	if (!s->open) {
		err_set(&r->fault, ERR_REQUEST,
		    "line %lld: a closing balance without an opening one",
		    (long long)r->field_at);
		return false;
	}
	if (!take_balance(str_span(&r->field), &s->closing))
		statement_fault(s, "the closing balance cannot be read");
	r->between = tag_is(r, "62M");
	return !r->between;
}

/* A whole field. True: it gave a record; it is asked again while whole. */
static bool
take_field(struct reader *r, struct record *record)
{
	if (r->entry.there && !tag_is(r, "86"))
		return give_entry(r, record);
	if ((tag_is(r, "60F") || tag_is(r, "60M")) && !take_opening(r))
		return give_statement(r, record);
	r->field_whole = false;
	if (tag_is(r, "20")) {
		r->any = true;
		statement_clear(&r->message);
	} else if (tag_is(r, "25") || tag_is(r, "25P")) {
		struct span s = str_span(&r->field);

		statement_keep(&r->message, r->message.account,
		    take_until(&s, "\n"));
	} else if (tag_is(r, "28C") || tag_is(r, "28")) {
		take_number(r);
	} else if (tag_is(r, "61")) {
		begin_entry(r);
	} else if (tag_is(r, "86") && r->entry.there) {
		str_add(&r->entry.details, r->field.p, r->field.n);
		r->entry.details.over |= r->field.over;
		return give_entry(r, record);
	} else if ((tag_is(r, "62F") || tag_is(r, "62M")) && take_closing(r)) {
		return give_statement(r, record);
	}
	return false;
}

/* ---- lines ------------------ */

static bool
read_line(struct reader *r)
{
	int c;

	while ((c = input_take(&r->in)) >= 0) {
		if (!r->line_any)
			r->line_at = r->in.line - (c == '\n');
		r->line_any = true;
		if (c == '\n')
			return true;
		str_addc(&r->line, c == '\0' ? SUBSTITUTE : (char)c);
	}
	return r->line_any && input_over(&r->in);
}

/* ":60F:" and its like; the length of it, or 0. */
static size_t
tag_length(struct span s)
{
	size_t n = 3;

	if (s.n < 4 || s.p[0] != ':' || s.p[1] < '0' || s.p[1] > '9' ||
	    s.p[2] < '0' || s.p[2] > '9')
		return 0;
	if (s.p[n] >= 'A' && s.p[n] <= 'Z')
		n++;
	return n < s.n && s.p[n] == ':' ? n + 1 : 0;
}

static void
begin_field(struct reader *r, size_t tag)
{
	struct span s = str_span(&r->line);
	size_t n = tag > 0 ? tag - 2 : 1;

	memcpy(r->tag, s.p + (tag > 0), n);
	r->tag[n] = '\0';
	str_clear(&r->field);
	str_add(&r->field, s.p + tag, tag > 0 ? s.n - tag : 0);
	r->field.over |= r->line.over;
	r->field_at = r->line_at;
	r->field_open = true;
}

/* A line begins a field, ends a message, or goes on with a field. A field
 * that it ends comes first: then the line is asked again. */
static void
take_line(struct reader *r)
{
	size_t tag = tag_length(str_span(&r->line));
	bool ends = r->line.n > 0 && r->line.p[0] == '-' &&
	    (r->line.n == 1 || r->line.p[1] == '}');

	if (r->field_open && (tag > 0 || ends)) {
		r->field_open = false;
		r->field_whole = true;
		return;
	}
	if (tag > 0 || ends) {
		begin_field(r, tag);
	} else if (r->field_open && !tag_is(r, "-") && r->line.n > 0) {
		str_addc(&r->field, '\n');
		str_add(&r->field, r->line.p, r->line.n);
		r->field.over |= r->line.over;
	}
	r->line_whole = r->line_any = false;
	str_clear(&r->line);
}

static bool
read_whole_line(struct reader *r)
{
	if (!read_line(r))
		return false;
	while (r->line.n > 0 && r->line.p[r->line.n - 1] == '\r')
		r->line.p[--r->line.n] = '\0';
	r->line_whole = true;
	return true;
}

/* At the end of the file: what is still open. */
static bool
give_rest(struct reader *r, struct record *record)
{
	if (r->entry.there)
		return give_entry(r, record);
	if (!r->statement.open)
		return false;
	if (!r->between)
		err_set(&r->fault, ERR_REQUEST,
		    "line %lld: the statement that begins here is not closed",
		    (long long)r->statement.line);
	return give_statement(r, record);
}

static bool
mt940_record(struct reader *r, struct record *record)
{
	for (;;) {
		if (r->field_whole) {
			if (take_field(r, record))
				return true;
		} else if (r->line_whole) {
			take_line(r);
		} else if (read_whole_line(r)) {
			continue;
		} else if (!input_over(&r->in)) {
			return false;
		} else if (r->field_open) {
			r->field_open = false;
			r->field_whole = true;
		} else {
			return give_rest(r, record);
		}
	}
}

static bool
mt940_end(struct reader *r, struct err *e)
{
	if (r->fault.code != ERR_NONE)
		return err_set(e, r->fault.code, "%s", r->fault.why);
	if (!r->any)
		return err_set(e, ERR_REQUEST, "there is no statement in it");
	return true;
}

const struct format format_mt940 = {
	.name = "mt940", .suffixes = ".sta .mt940 .940",
	.open = mt940_reader, .close = mt940_reader_close,
	.feed = mt940_feed, .next = mt940_record, .end = mt940_end,
	.sealed = true,
};
