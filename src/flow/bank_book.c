/*
 * A line that nobody booked becomes a document of the desk: the bank's account
 * against the one that was said. It is an event like any other, so policies
 * and periods have their say, and a rebuild meets it in the log by itself.
 */
#include "flow/bank.h"

#include <string.h>

#include "flow/contest.h"
#include "flow/inside.h"

#define LINES 4

const char *
bank_book_number(struct arena *arena, int64_t line, int64_t decision)
{
	return arena_printf(arena, "BNK-%lld-%lld", (long long)line,
	    (long long)decision);
}

static bool
takes(const struct settler *settler, const char *entity, struct day day)
{
	const char *state = reference_period(settler->reference, entity, day);

	return state != NULL && strcmp(state, "closed") != 0;
}

/* Of what is owed by or to somebody, and of what is at hand, the month counts
 * by itself; of charges and interest it does not. */
static bool
is_result(const struct settler *settler, const char *account)
{
	const struct master *one = reference_find(settler->reference,
	    REF_ACCOUNT, account);

	return one == NULL || strcmp(one->kind, "expense") == 0 ||
	    strcmp(one->kind, "income") == 0 ||
	    strcmp(one->kind, "revenue") == 0;
}

static const char *
why_closed(struct arena *arena, bool open, struct day next)
{
	return !open ? "its period is closed: match it with what is booked in "
	    "an open one" : arena_printf(arena, "its period is closed: book "
	    "it into %s, or match it with what is booked in an open one",
	    next.text);
}

/* A period that is not open takes no document of a line of its days; said
 * before it is tried, so that the others of many are booked. */
void
bank_book_day(const struct settler *settler, const struct bank_booking *b,
    const struct bank_standing *line, const char *account,
    struct arena *arena, struct day *out, const char **why)
{
	struct day next;
	bool open;

	*why = NULL;
	*out = (struct day){ "" };
	if (takes(settler, line->entity, line->day))
		return;
	open = reference_next_open(settler->reference, line->entity,
	    line->day, &next);
	*out = next;
	if (b->into == NULL || !open)
		*why = why_closed(arena, open, next);
	else if (!is_result(settler, account))
		*why = "only charges, interest and the like are booked into "
		    "another period";
	else if (strcmp(b->into, "next") != 0 && (!day_parse(span_of(b->into),
	    out) || strcmp(out->text, line->day.text) <= 0 ||
	    !takes(settler, line->entity, *out)))
		*why = arena_printf(arena, "%.10s is in no open period after "
		    "it: %s is the first", b->into, next.text);
}

/* GST that is inside an amount, rounded to the paisa. */
static int64_t
inside(int64_t amount, int64_t rate)
{
	int64_t size = amount < 0 ? -amount : amount;
	int64_t per = 100 + rate, tax;

	tax = size / per * rate + (size % per * rate + per / 2) / per;
	return amount < 0 ? -tax : tax;
}

static bool
tax_account(const struct settler *settler, const char *head,
    struct arena *arena, const char **out, struct err *e)
{
	const char *name = arena_printf(arena, "@input_%s", head);

	*out = reference_lookup(settler->reference, "bank", "account", name);
	return *out != NULL || err_set(e, ERR_REFUSED,
	    "no account is mapped to %s", name);
}

struct drafting {
	struct settler *settler;
	struct arena *arena;
	const struct bank_booking *booking;
	struct document_line lines[LINES];
	size_t n;
};

static bool
add_tax(struct drafting *d, const char *head, int64_t amount, struct err *e)
{
	struct document_line *line = &d->lines[d->n++];

	*line = (struct document_line){ .type = "fee_tax", .head = head,
	    .amount = amount };
	return tax_account(d->settler, head, d->arena, &line->account, e);
}

static bool
draft(struct drafting *d, const struct bank_standing *line,
    const char *account, int64_t *tax, struct err *e)
{
	const struct bank_booking *b = d->booking;
	int64_t half = inside(line->amount, b->rate) / 2;

	*tax = b->inter ? inside(line->amount, b->rate) : 2 * half;
	d->lines[d->n++] = (struct document_line){ .type = "bank",
	    .account = line->account, .amount = line->amount };
	d->lines[d->n++] = (struct document_line){ .type = "adjustment",
	    .account = account, .party = b->party,
	    .cost_centre = b->cost_centre, .memo = b->memo,
	    .amount = *tax - line->amount };
	if (*tax == 0)
		return true;
	return b->inter ? add_tax(d, "igst", - *tax, e) :
	    add_tax(d, "cgst", -half, e) && add_tax(d, "sgst", -half, e);
}

static struct span
body_of(struct arena *arena, const struct bank_saying *said,
    const struct document *document)
{
	struct str body;
	struct json j;
	const char *text;
	size_t n;

	str_init(&body, 1 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "reason", said->reason);
	json_key(&j, "documents");
	json_open(&j, '[');
	json_open(&j, '{');
	json_kint(&j, "base_version", 0);
	json_key(&j, "document");
	json_raw(&j, document_body(document, arena));
	json_close(&j, '}');
	json_close(&j, ']');
	json_close(&j, '}');
	n = body.n;
	text = arena_strndup(arena, body.p, n);
	str_free(&body);
	return (struct span){ text, n };
}

/* Kept for who says the rest once more, without this line. */
static void
set_apart(struct bank_saying *said, int64_t line, const char *why)
{
	said->refused = said->n_apart < BANK_APART_MAX;
	if (said->refused)
		said->apart[said->n_apart++] = (struct bank_left){ line,
		    arena_strdup(said->arena, why) };
}

static bool
settle(struct settler *settler, struct bank_saying *said, struct work *own,
    int64_t line, bool *held, struct err *e)
{
	struct str why;
	bool ok;

	settler->remap(own, settler->arg);
	if (!settle_new(settler, own, e))
		return false;
	*held = own->event.state != EVENT_POSTED;
	if (own->event.state != EVENT_FAILED)
		return true;
	str_init(&why, 2000);
	if (own->findings.n > 0)
		finding_sentence(&own->findings.items[0], &why);
	set_apart(said, line, why.n > 0 ? why.p : "it cannot be booked");
	ok = err_set(e, ERR_REFUSED, "L%lld cannot be booked: %.500s",
	    (long long)line, why.n > 0 ? why.p : "");
	str_free(&why);
	return ok;
}

/* What is posted on another day keeps its own one in words, too. */
static const char *
memo_of(struct arena *arena, const struct bank_standing *line,
    struct day posting)
{
	if (posting.text[0] != '\0')
		return arena_printf(arena, "%s%s%s", line->day.text,
		    line->text[0] != '\0' ? " " : "", line->text);
	return line->text[0] != '\0' ? line->text : NULL;
}

bool
bank_book_send(struct settler *settler, struct bank_saying *said,
    const struct bank_standing *line, const char *number,
    const char *account, int64_t now, bool *held, struct err *e)
{
	struct work *own = work_new();
	struct event *event = &own->event;
	struct drafting d = { .settler = settler, .arena = own->arena,
	    .booking = &said->booking };
	struct document document = { .kind = DOC_SETTLEMENT,
	    .entity = line->entity, .number = number,
	    .party = said->booking.party, .currency = line->currency,
	    .channel = "bank", .reference = line->reference[0] != '\0' ?
	    line->reference : NULL, .control_count = -1, .date = line->day,
	    .total = line->amount, .base_version = -1, .lines = d.lines };
	const char *why;
	bool ok = draft(&d, line, account, &document.tax, e);

	bank_book_day(settler, &said->booking, line, account, own->arena,
	    &document.posting, &why);
	if (why != NULL)
		document.posting = (struct day){ "" };
	document.memo = memo_of(own->arena, line, document.posting);
	document.n_lines = d.n;
	event->source = arena_printf(own->arena, DESK "%s", said->actor);
	event->key = arena_printf(own->arena, "bank-%s", number);
	event->topic = DESK_TOPIC;
	event->received = now;
	event->body = ok ? body_of(own->arena, said, &document) :
	    (struct span){ "", 0 };
	event->version = event->attempts = 1;
	digest_sha256(event->body, event->digest);
	ok = ok && settle(settler, said, own, line->id, held, e);
	work_free(&own);
	return ok;
}
