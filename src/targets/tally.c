/*
 * TallyPrime, by XML over HTTP. Every answer is 200: what became of a voucher
 * stands in counters, and those are of a whole request. So what they do not
 * say clearly of each voucher is asked by our reference, and never guessed.
 */
#include "targets/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

#define BATCH 25		/* vouchers of one request */
#define PAGE_DAYS 7		/* of one request of a list */

/* ---- a handle --------------------------------------------------------- */

/* `plain` lets a link without TLS pass that is not of this machine; it stays
 * a URL of HTTP. */
static bool
judge(const struct target *target, struct err *e)
{
	const char *url = target->conf->url;
	struct str there;
	bool ok;

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return err_set(e, ERR_CONFIG, "url: not http or https");
	str_init(&there, 65536);
	ok = fetch_join(url, "/", &there, e);
	str_free(&there);
	return ok;
}

static bool
open_tally(struct target *target, struct err *e)
{
	struct tally *tally;

	if (!judge(target, e))
		return false;
	tally = calloc(1, sizeof *tally);
	if (tally == NULL)
		bug("out of memory");
	memcpy(tally->currency, "INR", 4);
	tally->missing = map_new();
	target->state = tally;
	return true;
}

static void
close_tally(struct target *target)
{
	struct tally *tally = target->state;

	map_free(&tally->missing, NULL);
	free(tally);
}

/* ---- check ------------------------------------------------------------ */

static void
add_fault(struct target_found *found, enum refusal refusal,
    const char *field, const char *value, const char *words)
{
	found->faults[found->n_faults++] =
	    (struct target_fault){ refusal, field, value, words };
}

static const char *
list_names(const char **names, size_t n, struct arena *arena)
{
	const char *words;
	struct str text;

	str_init(&text, 4 * TARGET_WORDS);
	str_adds(&text, n == 0 ? "no company is open" : "open there:");
	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%s %s", i > 0 ? "," : "", names[i]);
	words = words_of(str_span(&text), arena);
	str_free(&text);
	return words;
}

static bool
check(struct target *target, struct arena *arena, struct target_found *found,
    struct err *e)
{
	const char *names[TALLY_COMPANIES_MAX];
	struct tally *tally = target->state;
	struct remote_balance *ledgers;
	struct span name;
	size_t n, n_ledgers, at = 0;
	void *what;

	*found = (struct target_found){ .product = "TallyPrime",
	    .company = "", .currency = "" };
	found->faults = arena_alloc(arena, sizeof *found->faults *
	    (TALLY_MISSING_MAX + 1));
	if (!tally_learn(target, arena, names, &n, e))
		return false;
	if (!tally->known) {
		add_fault(found, REFUSAL_DATA, "company",
		    target->conf->company, list_names(names, n, arena));
		return true;
	}
	found->company = arena_strdup(arena, tally->company);
	found->currency = arena_strdup(arena, tally->currency);
	if (!tally_ledgers(target, arena, &ledgers, &n_ledgers, e))
		return false;
	tally_forget(tally, ledgers, n_ledgers);
	while (map_next(tally->missing, &at, &name, &what))
		add_fault(found, REFUSAL_MAPPING, "account",
		    arena_strndup(arena, name.p, name.n), arena_printf(arena,
		    "%s that Tally has no ledger of: create it there, or map"
		    " it in mapping.csv (source to:%s)", (const char *)what,
		    target->conf->name));
	return true;
}

/* ---- send ------------------------------------------------------------- */

static bool
prepare(struct sending *s, struct err *e)
{
	if (strcmp(options_text(s->target->conf->options, "masters"),
	    "create") == 0)
		return tally_make_missing(s->target, s->postings, s->n, s->arena,
		    e);
	return tally_be_known(s->target, s->arena, e);
}

/* An amount says no currency there: it is of the company's. */
bool
tally_takes(const struct target *target, const struct posting *posting,
    struct arena *arena, struct verdict *verdict)
{
	const struct tally *tally = target->state;

	if (!tally->told || strcmp(posting->currency, tally->currency) == 0)
		return true;
	verdict_refuse(verdict, REFUSAL_MAPPING, arena_printf(arena,
	    "tally_currency: %s keeps its books in %s, and the journal is in %s",
	    tally->company, tally->currency, posting->currency));
	return false;
}

static bool
transmit(struct sending *s, struct err *e)
{
	bool known;

	if (!tally_transmit(s, "Create", &known, e))
		return false;
	if (!known)
		return true;
	if (tally_judge(s, e))
		return true;
	verdicts_lost(s->verdicts, s->n, true, e, s->arena);
	return false;
}

static bool
send(struct target *target, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct err *e)
{
	struct posting *taken = arena_alloc(arena, sizeof *taken * (n + 1));
	struct verdict *said = arena_alloc(arena, sizeof *said * (n + 1));
	size_t *which = arena_alloc(arena, sizeof *which * (n + 1));
	struct sending s = { .target = target, .postings = postings, .n = n,
	    .arena = arena, .verdicts = verdicts };
	bool ok;

	verdicts_begin(verdicts, n);
	verdicts_begin(said, n);
	if (!prepare(&s, e)) {
		verdicts_lost(verdicts, n, false, e, arena);
		return false;
	}
	s = (struct sending){ .target = target, .postings = taken,
	    .arena = arena, .verdicts = said };
	for (size_t i = 0; i < n; i++)
		if (tally_takes(target, &postings[i], arena, &verdicts[i])) {
			taken[s.n] = postings[i];
			which[s.n++] = i;
		}
	ok = s.n == 0 || transmit(&s, e);
	for (size_t i = 0; i < s.n; i++)
		verdicts[which[i]] = said[i];
	return ok;
}

/* ---- looking ---------------------------------------------------------- */

static struct day
days_after(struct day day, int days)
{
	int64_t at = 0;

	(void)day_moment(span_of(day.text), &at);
	return day_from_time(at + days * INT64_C(86400000000));
}

/* The cursor is the day that comes next. A week that is too much for one
 * answer is asked day by day; what is still to come, of which there is little,
 * at once. */
static bool
list(struct target *target, struct day from, struct day to,
    const char **cursor, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	const struct day today = day_from_time(clock_now());
	struct day first = from, last, next;
	char a[9], b[9];
	bool ok;
	size_t kept = 0;

	if (**cursor != '\0' && !day_parse(span_of(*cursor), &first))
		return err_set(e, ERR_REQUEST, "no cursor of ours");
	last = strcmp(first.text, today.text) > 0 ? to :
	    days_after(first, PAGE_DAYS - 1);
	for (int days = PAGE_DAYS; ; days = 1) {
		if (strcmp(last.text, to.text) > 0)
			last = to;
		tally_day(first, a);
		tally_day(last, b);
		ok = tally_vouchers(target, a, b, NULL, arena, out, n_out, e);
		if (ok || e->code != ERR_TOO_LARGE || days == 1)
			break;
		*e = (struct err){ 0 };
		last = first;
	}
	if (!ok)
		return false;
	for (size_t i = 0; i < *n_out; i++)
		if (strcmp((*out)[i].date.text, first.text) >= 0 &&
		    strcmp((*out)[i].date.text, last.text) <= 0)
			(*out)[kept++] = (*out)[i];
	*n_out = kept;
	next = days_after(last, 1);
	*cursor = strcmp(next.text, to.text) > 0 ? "" :
	    arena_strdup(arena, next.text);
	return true;
}

const struct adapter adapter_tally = {
	.name = "tally", .batch = BATCH, .atomic = true,
	.subledgers = true, .plain = true,
	.open = open_tally, .close = close_tally, .check = check,
	.send = send, .find = tally_find, .finish = tally_finish, .list = list,
	.balances = tally_balances, .restore = tally_restore
};
