/*
 * Trial balances side by side, and two targets beside each other. The targets
 * are asked on the threads of their lookers, and the answer leaves from there.
 */
#include "api/inside.h"

#include <stddef.h>
#include <string.h>

#include "core/clock.h"
#include "flow/beside.h"
#include "store/show.h"

#define ANSWER_MAX (64 << 20)

/* ---- shared ----------------------------------------------------------- */

static bool
read_day(struct call *call, struct day *out, struct err *e)
{
	const char *text = call_query(call, "day");

	*out = day_from_time(clock_now());
	return text == NULL || day_parse(span_of(text), out) ||
	    err_set(e, ERR_REQUEST, "day: YYYY-MM-DD, not %.40s", text);
}

static void
answer(struct request *request, struct str *out)
{
	struct err e = { 0 };

	if (out->over) {
		err_set(&e, ERR_TOO_LARGE, "the answer");
		request_fail(request, &e);
	} else {
		request_answer(request, 200, "application/json",
		    str_span(out));
	}
	str_free(out);
}

/* It is the target that is away: who asks did reach us. */
static void
fail(struct request *request, struct err *e)
{
	if (err_is_away(e->code))
		e->code = ERR_AWAY;
	request_fail(request, e);
}

/* ---- one target ------------------------------------------------------- */

struct trying {
	struct look_task task;
	struct request *request;
	struct beside beside;
	const char *target, *entity;	/* NULL: all that are there */
};

struct sums_of {
	int64_t amount, in_flight, refused, skipped, expected, held,
		difference;
};

static void
show_sums_of(struct json *j, const struct sums_of *sums,
    const char *currency)
{
	show_amount(j, "amount", sums->amount, currency);
	show_amount(j, "in_flight", sums->in_flight, currency);
	show_amount(j, "refused", sums->refused, currency);
	show_amount(j, "skipped", sums->skipped, currency);
	show_amount(j, "expected", sums->expected, currency);
	show_amount(j, "held", sums->held, currency);
	show_amount(j, "difference", sums->difference, currency);
}

static void
show_own(struct json *j, const struct standing_sum *sum,
    const char *currency)
{
	json_open(j, '{');
	json_kstr(j, "account", sum->account);
	json_kstr(j, "name", sum->name);
	show_amount(j, "amount", sum->amount, currency);
	show_amount(j, "in_flight", sum->in_flight, currency);
	show_amount(j, "refused", sum->refused, currency);
	show_amount(j, "skipped", sum->skipped, currency);
	json_close(j, '}');
}

static const char *
only(const struct trial_row *row)
{
	return row->n_ours == 0 ? "theirs" : row->has ? NULL : "ours";
}

static void
show_row(struct json *j, const struct trial_row *row, const char *currency)
{
	const struct sums_of sums = { row->amount, row->in_flight,
		row->refused, row->skipped, row->expected, row->held,
		row->difference };

	json_open(j, '{');
	json_kstr(j, "account", *row->theirs != '\0' ? row->theirs : NULL);
	json_kstr(j, "name", row->name);
	json_kstr(j, "only", only(row));
	show_sums_of(j, &sums, currency);
	json_key(j, "ours");
	json_open(j, '[');
	for (size_t i = 0; i < row->n_ours; i++)
		show_own(j, row->ours[i], currency);
	json_close(j, ']');
	json_close(j, '}');
}

/* Nothing was ever on it. */
static bool
is_empty(const struct trial_row *row)
{
	return row->amount == 0 && row->held == 0 && row->in_flight == 0 &&
	    row->refused == 0 && row->skipped == 0;
}

/* The debit side: that of the whole is always 0. */
static void
add(struct sums_of *to, const struct trial_row *row)
{
	to->amount += row->amount > 0 ? row->amount : 0;
	to->in_flight += row->in_flight > 0 ? row->in_flight : 0;
	to->refused += row->refused > 0 ? row->refused : 0;
	to->skipped += row->skipped > 0 ? row->skipped : 0;
	to->expected += row->expected > 0 ? row->expected : 0;
	to->held += row->held > 0 ? row->held : 0;
	to->difference += row->difference > 0 ? row->difference : 0;
}

static void
show_trial(struct json *j, const struct trying *t)
{
	const struct beside *b = &t->beside;
	struct sums_of total = { .amount = 0 };
	struct trial_row *rows;
	bool same = true;
	size_t n;

	trial_match(&b->side, b->arena, &rows, &n);
	json_open(j, '{');
	json_kstr(j, "target", t->target);
	json_kstr(j, "day", b->day.text);
	json_kstr(j, "currency", b->currency);
	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		same = same && rows[i].difference == 0;
		add(&total, &rows[i]);
		if (!is_empty(&rows[i]))
			show_row(j, &rows[i], b->currency);
	}
	json_close(j, ']');
	json_key(j, "totals");
	json_open(j, '{');
	show_sums_of(j, &total, b->currency);
	json_close(j, '}');
	json_key(j, "same");
	json_bool(j, same);
	json_key(j, "moving");
	json_bool(j, b->moving);
	json_kint(j, "drift", b->drift);
	json_close(j, '}');
}

/* Its ledger is one: of several entities none can be told apart. */
static bool
judge_entity(const struct trying *t, const struct looking *in,
    struct err *e)
{
	const struct targetconf *conf = in->conf;

	if (t->entity == NULL)
		return true;
	if (!targetconf_takes(conf, t->entity))
		return err_set(e, ERR_REQUEST, "entity: %.60s is not at %.60s",
		    t->entity, conf->name);
	return conf->n_entities == 1 || err_set(e, ERR_REFUSED, "%.60s has "
	    "one ledger for several entities", conf->name);
}

/* On the looker's thread. */
static void
try(struct look_task *task, struct looking *in, const struct err *why)
{
	struct trying *t = (struct trying *)task;
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (in == NULL)
		e = *why;
	if (in == NULL || !judge_entity(t, in, &e) ||
	    !beside_take(in, &t->beside, &e)) {
		fail(t->request, &e);
		return;
	}
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	show_trial(&j, t);
	answer(t->request, &out);
}

void
target_trial_get(struct call *call)
{
	struct trying *t = arena_alloc(call->arena, sizeof *t);
	struct err e = { 0 };

	*t = (struct trying){ .task = { .run = try },
	    .request = call->request, .target = call->args[0],
	    .entity = call_query(call, "entity"),
	    .beside = { .arena = call->arena } };
	if (!read_day(call, &t->beside.day, &e) || !lookers_ask(
	    api_options(call->api)->lookers, t->target, &t->task, &e))
		target_fail(call, &e);
}

/* ---- two targets ------------------------------------------------------ */

struct pairing {
	struct look_task task;
	struct request *request;
	struct lookers *lookers;
	struct beside_pair pair;
};

static const char *const judgements[] = { "same", "missing", "differs",
	"unproven" };

static void
show_names(struct json *j, const char *key, const char *const *names,
    size_t n)
{
	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		json_str(j, names[i]);
	json_close(j, ']');
}

static void
show_balance_of(struct json *j, const struct against_row *row,
    const char *currency)
{
	json_open(j, '{');
	show_names(j, "ours", row->ours, row->n_ours);
	show_names(j, "a", row->a, row->n_a);
	show_names(j, "b", row->b, row->n_b);
	show_amount(j, "held_a", row->held_a, currency);
	show_amount(j, "held_b", row->held_b, currency);
	show_amount(j, "away_a", row->away_a, currency);
	show_amount(j, "away_b", row->away_b, currency);
	show_amount(j, "difference", row->difference, currency);
	json_close(j, '}');
}

/* *same: all of them. */
static void
show_balances(struct json *j, const struct beside_pair *p, bool *same)
{
	const struct beside *a = &p->sides[0];
	struct against_row *rows;
	size_t n;

	json_key(j, "balances");
	if (!p->balances) {
		json_null(j);
		return;
	}
	trial_against(&a->side, &p->sides[1].side, a->arena, &rows, &n);
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		const struct against_row *row = &rows[i];

		*same = *same && row->difference == 0;
		if (row->held_a != 0 || row->held_b != 0 ||
		    row->away_a != 0 || row->away_b != 0)
			show_balance_of(j, row, a->currency);
	}
	json_close(j, ']');
}

static void
show_pair(struct json *j, const struct pair_row *row, const char *judged)
{
	json_open(j, '{');
	show_id(j, "journal", 'J', row->journal);
	show_name(j, row->entity, row->kind, row->number);
	json_kint(j, "version", row->version);
	json_kstr(j, "date", row->day);
	json_kstr(j, "is", judged);
	json_kstr(j, "a", *row->sides[0].state != '\0' ?
	    row->sides[0].state : "waiting");
	json_kstr(j, "b", *row->sides[1].state != '\0' ?
	    row->sides[1].state : "waiting");
	json_close(j, '}');
}

/* Counts of all; of those that are the same no more. */
static void
show_pairs(struct json *j, const struct beside_pair *p, bool *same)
{
	int64_t counts[sizeof judgements / sizeof *judgements] = { 0 };

	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < p->n; i++) {
		const char *judged = beside_judge(&p->rows[i]);

		for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
			counts[k] += strcmp(judged, judgements[k]) == 0;
		if (strcmp(judged, "same") != 0)
			show_pair(j, &p->rows[i], judged);
	}
	json_close(j, ']');
	json_key(j, "journals");
	json_open(j, '{');
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
		json_kint(j, judgements[k], counts[k]);
	json_close(j, '}');
	*same = *same && counts[0] == (int64_t)p->n;
	show_next(j, p->more, 'J', p->n > 0 ? p->rows[p->n - 1].journal : 0);
}

static void
show_against(struct json *j, const struct beside_pair *p)
{
	const struct beside *a = &p->sides[0];
	bool same = true;

	json_open(j, '{');
	json_kstr(j, "a", p->names[0]);
	json_kstr(j, "b", p->names[1]);
	json_kstr(j, "day", a->day.text);
	json_kstr(j, "currency", p->balances ? a->currency : NULL);
	show_pairs(j, p, &same);
	show_balances(j, p, &same);
	json_key(j, "same");
	json_bool(j, same);
	json_key(j, "moving");
	json_bool(j, a->moving || p->sides[1].moving);
	json_close(j, '}');
}

static bool
judge_currencies(const struct beside_pair *p, struct err *e)
{
	return !p->balances || strcmp(p->sides[0].currency,
	    p->sides[1].currency) == 0 || err_set(e, ERR_REFUSED,
	    "they are of different base currencies");
}

static void
pair_second(struct look_task *task, struct looking *in,
    const struct err *why)
{
	struct pairing *g = (struct pairing *)task;
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (in == NULL)
		e = *why;
	if (in == NULL || !beside_pair_take(in, &g->pair, 1, &e) ||
	    !judge_currencies(&g->pair, &e)) {
		fail(g->request, &e);
		return;
	}
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	show_against(&j, &g->pair);
	answer(g->request, &out);
}

static void
pair_first(struct look_task *task, struct looking *in,
    const struct err *why)
{
	struct pairing *g = (struct pairing *)task;
	struct err e = { 0 };

	if (in == NULL)
		e = *why;
	g->task.run = pair_second;
	if (in == NULL || !beside_pair_take(in, &g->pair, 0, &e) ||
	    !lookers_ask(g->lookers, g->pair.names[1], &g->task, &e))
		fail(g->request, &e);
}

void
target_against_get(struct call *call)
{
	struct pairing *g = arena_alloc(call->arena, sizeof *g);
	struct beside_pair *p = &g->pair;
	const char *after = call_query(call, "after");
	struct err e = { 0 };
	bool ok;

	*g = (struct pairing){ .task = { .run = pair_first },
	    .request = call->request,
	    .lookers = api_options(call->api)->lookers };
	p->names[0] = call->args[0];
	p->names[1] = call->args[1];
	p->balances = after == NULL;
	p->sides[0].arena = p->sides[1].arena = call->arena;
	ok = read_day(call, &p->sides[0].day, &e) && (after == NULL ||
	    parse_id(after, 'J', &p->after) || err_set(&e, ERR_REQUEST,
	    "after: %.40s", after)) && (strcmp(p->names[0],
	    p->names[1]) != 0 || err_set(&e, ERR_REQUEST,
	    "two targets are two"));
	p->sides[1].day = p->sides[0].day;
	if (!ok || !lookers_ask(g->lookers, p->names[0], &g->task, &e))
		request_fail(call->request, &e);
}
