/*
 * Stock counts: what was counted comes in as an event of the desk, its lines
 * are shown beside stock, and stock is adjusted to them by another event,
 * judged on the lines that a person saw.
 */
#include "api/inside.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/quantity.h"
#include "flow/contest.h"
#include "flow/count.h"
#include "flow/intake.h"
#include "flow/pump.h"
#include "flow/work.h"

#define ANSWER_MAX (64 << 20)
#define TOPIC "in.bahi.stock.counted"
#define CODE_MAX 128
#define COUNTS_MAX 50		/* on a page */

/* ---- reading ------------------------------------------------------------ */

void
counts_get(struct call *call)
{
	struct answer a;
	int limit;
	bool ok;

	if (!limit_of(call, &limit))
		return;
	/* Each is added up from its lines. */
	if (limit > COUNTS_MAX)
		limit = COUNTS_MAX;
	answer_start(&a, ANSWER_MAX);
	ok = view_counts(call->db, call->arena, call_query(call, "entity"),
	    call_query(call, "location"), call_query(call, "after"), limit,
	    &a.j, &a.e);
	answer_end(call, &a, ok);
}

static bool
known_state(const char *state)
{
	enum count_state any;

	return state == NULL || strcmp(state, "open") == 0 ||
	    count_state_find(state, &any);
}

void
count_lines_get(struct call *call)
{
	const char *of = call_query(call, "of");
	size_t n = of != NULL ? strcspn(of, "/") : 0;
	const char *entity = of != NULL ? arena_strndup(call->arena, of, n) :
	    call_query(call, "entity");
	const char *count = of == NULL ? call_query(call, "count") :
	    of[n] == '/' ? of + n + 1 : NULL;
	const char *state = call_query(call, "state");
	struct answer a;
	int limit;
	bool ok;

	if (!limit_of(call, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	ok = (entity != NULL && count != NULL) || err_set(&a.e, ERR_REQUEST,
	    "entity and count say of which, or of: IN01/CC-1");
	ok = ok && (known_state(state) || err_set(&a.e, ERR_REQUEST,
	    "state: there is no such"));
	ok = ok && view_count_lines(call->db, call->arena, entity, count,
	    state, call_query(call, "after"), limit, &a.j, &a.e);
	answer_end(call, &a, ok);
}

/* ---- a count ------------------------------------------------------------ */

void
counts_post(struct call *call)
{
	struct delivery delivery = delivery_of(call->request);
	struct source source = { .name = arena_printf(call->arena, DESK "%s",
	    call->caller.name) };
	struct verified verified = { .topic = TOPIC };
	struct err e = { 0 };

	if (!call_key(call, "count", "", &verified.key, &e))
		request_fail(call->request, &e);
	else if (limit_takes(call, source.name, 1))
		offer_work(call, intake_take(api_pump(call->api), &source,
		    &delivery, &verified));
}

/* ---- what is said of lines ---------------------------------------------- */

struct deciding {
	struct call *call;
	struct request *request;
	struct count_saying said;
	const char *act, *state;	/* of all in that state; NULL: rows */
	bool more;			/* there were more than fit */
	const char *number;		/* of the adjusting document */
	struct work *work;
};

static bool
take_row(struct deciding *d, const cJSON *row, struct count_pick *pick,
    struct err *e)
{
	struct arena *arena = d->call->arena;
	const char *open;

	if (!cJSON_IsObject(row))
		return err_set(e, ERR_REQUEST, "rows: objects");
	return body_need(row, "location", CODE_MAX, arena, &pick->location,
	    e) && body_need(row, "item", CODE_MAX, arena, &pick->item, e) &&
	    body_need(row, "day", 10, arena, &pick->day, e) &&
	    body_need(row, "open", 40, arena, &open, e) &&
	    (quantity_parse(span_of(open), &pick->open) || err_set(e,
	    ERR_REQUEST, "open: how much of it was open, as it was seen"));
}

static bool
take_rows(struct deciding *d, const cJSON *rows, struct err *e)
{
	int n = cJSON_GetArraySize(rows);
	const cJSON *row;

	if (!cJSON_IsArray(rows) || n < 1 || n > COUNT_ROWS_MAX)
		return err_set(e, ERR_REQUEST, "rows: 1 to %d of them",
		    COUNT_ROWS_MAX);
	d->said.picks = arena_alloc(d->call->arena, (size_t)n *
	    sizeof *d->said.picks);
	cJSON_ArrayForEach(row, rows)
		if (!take_row(d, row, &d->said.picks[d->said.n++], e))
			return false;
	return true;
}

static bool
take_words(struct deciding *d, const cJSON *tree, struct err *e)
{
	const cJSON *rows = json_at(tree, "rows");
	struct arena *arena = d->call->arena;
	enum count_state state;

	if (!body_need(tree, "act", 20, arena, &d->act, e) ||
	    !body_need(tree, "entity", CODE_MAX, arena, &d->said.entity, e) ||
	    !body_need(tree, "count", CODE_MAX, arena, &d->said.count, e) ||
	    !body_word(tree, "reason", REASON_MAX, arena, &d->said.reason,
	    e) || !body_word(tree, "state", 20, arena, &d->state, e))
		return false;
	if (strcmp(d->act, "approve") != 0 && strcmp(d->act, "reject") != 0 &&
	    strcmp(d->act, "undo") != 0)
		return err_set(e, ERR_REQUEST, "act: approve, reject or undo");
	d->said.undo = strcmp(d->act, "undo") == 0;
	if (d->said.reason == NULL && strcmp(d->act, "reject") == 0)
		return err_set(e, ERR_REQUEST, "reason: why it was counted "
		    "wrong");
	if ((rows == NULL) == (d->state == NULL))
		return err_set(e, ERR_REQUEST, "rows, or a state");
	return rows != NULL ? take_rows(d, rows, e) :
	    (count_state_find(d->state, &state) && state != COUNT_NOT) ||
	    err_set(e, ERR_REQUEST, "state: there is no such");
}

static bool
add_line(void *arg, const struct count_line *line)
{
	struct deciding *d = arg;
	struct arena *arena = d->call->arena;

	if (strcmp(count_state_name(line->is.state), d->state) != 0)
		return true;
	d->more = d->said.n == COUNT_ROWS_MAX;
	if (d->more)
		return false;
	d->said.picks[d->said.n++] = (struct count_pick){
	    arena_strdup(arena, line->key.location),
	    arena_strdup(arena, line->key.item),
	    arena_strdup(arena, line->key.day), line->is.open, NULL };
	return true;
}

static bool
find_lines(struct deciding *d, struct err *e)
{
	if (d->state == NULL)
		return true;
	d->said.picks = arena_alloc(d->call->arena, COUNT_ROWS_MAX *
	    sizeof *d->said.picks);
	return count_lines(d->call->db, d->call->arena, d->said.entity,
	    d->said.count, false, NULL, COUNT_LINES_MAX, add_line, d, e) &&
	    (d->said.n > 0 || err_set(e, ERR_NOT_FOUND,
	    "%.60s has no line that is %.20s", d->said.count, d->state));
}

static bool
read_words(struct deciding *d, struct err *e)
{
	cJSON *tree = json_strict(request_body(d->call->request), e);
	bool ok = tree != NULL && take_words(d, tree, e);

	cJSON_Delete(tree);
	return ok && find_lines(d, e);
}

/* ---- answers ------------------------------------------------------------ */

static void
write_skipped(struct json *j, const struct count_saying *said)
{
	json_key(j, "skipped");
	json_open(j, '[');
	for (size_t i = 0; i < said->n; i++) {
		const struct count_pick *pick = &said->picks[i];

		if (pick->why == NULL)
			continue;
		json_open(j, '{');
		json_kstr(j, "location", pick->location);
		json_kstr(j, "item", pick->item);
		json_kstr(j, "day", pick->day);
		json_kstr(j, "why", pick->why);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
answer_said(struct deciding *d)
{
	const struct count_saying *said = &d->said;
	struct request *request = d->request;
	struct str out, one;
	struct json j;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "act", d->act);
	json_kstr(&j, "count", said->count);
	json_kstr(&j, "decision", said->seq != 0 ? arena_id(said->arena, 'D',
	    said->seq) : NULL);
	json_kint(&j, "done", said->done);
	json_kint(&j, "refused", (int64_t)said->n - said->done);
	json_key(&j, "more");
	json_bool(&j, d->more);
	write_skipped(&j, said);
	if (d->work != NULL) {
		str_init(&one, ANSWER_MAX);
		work_answer(d->work, &one);
		json_key(&j, "adjusting");
		json_raw(&j, str_span(&one));
		str_free(&one);
	}
	json_close(&j, '}');
	work_free(&d->work);
	request_answer(request, 200, "application/json", str_span(&out));
	str_free(&out);
}

/* On the writer's thread. After the answer the request's memory is gone. */
static bool
say(struct settler *settler, void *arg)
{
	struct deciding *d = arg;
	struct err e = { 0 };

	if (count_say(settler, &d->said, &e))
		answer_said(d);
	else
		request_fail(d->request, &e);
	return false;
}

/* ---- adjusting ---------------------------------------------------------- */

static const char *
judge_adjusting(void *arg, const struct count_line *line)
{
	const struct deciding *d = arg;

	if (line->is.state == COUNT_WAITS)
		return arena_printf(d->call->arena, "%s adjusts it already",
		    arena_id(d->call->arena, 'E', line->waits_for));
	if (!count_adjustable(line->is.state))
		return "there is nothing to adjust";
	if (line->is.state == COUNT_DIFFERS && d->said.reason == NULL)
		return "it differs by more than is tolerated: count again, or "
		    "say why";
	return NULL;
}

static bool
judge_all(struct deciding *d, struct db *db, struct err *e)
{
	struct count_saying *said = &d->said;

	said->done = 0;
	if (!count_judge_picks(db, d->call->arena, said->entity, said->count,
	    said->picks, said->n, judge_adjusting, d, e))
		return false;
	for (size_t i = 0; i < said->n; i++)
		said->done += said->picks[i].why == NULL;
	return said->done > 0 || err_set(e, ERR_REFUSED, "%.60s: %.160s",
	    said->picks[0].item, said->picks[0].why);
}

/* On the day of the count while that is open, else in the next open one. */
static bool
write_posting(struct deciding *d, struct json *j,
    const struct reference *reference, const char *text, struct err *e)
{
	const char *state;
	struct day day, posting;

	if (!day_parse(span_of(text), &day))
		return err_set(e, ERR_CORRUPT, "a day of a count");
	state = reference_period(reference, d->said.entity, day);
	if (state != NULL && strcmp(state, "open") == 0)
		return true;
	if (!reference_next_open(reference, d->said.entity, day, &posting))
		return err_set(e, ERR_REFUSED, "%.60s has no open period for "
		    "it", d->said.entity);
	json_kstr(j, "posting", posting.text);
	return true;
}

static bool
write_lines(struct deciding *d, struct json *j, struct err *e)
{
	struct reference *reference = pump_reference(api_pump(d->call->api));
	bool ok = true;

	for (size_t i = 0; ok && i < d->said.n; i++) {
		const struct count_pick *pick = &d->said.picks[i];
		struct str quantity;

		if (pick->why != NULL)
			continue;
		str_init(&quantity, 64);
		quantity_plain(pick->open, &quantity);
		json_open(j, '{');
		json_kstr(j, "day", pick->day);
		ok = write_posting(d, j, reference, pick->day, e);
		json_kstr(j, "location", pick->location);
		json_kstr(j, "item", pick->item);
		json_kstr(j, "quantity", quantity.p);
		json_close(j, '}');
		str_free(&quantity);
	}
	reference_drop(&reference);
	return ok;
}

static bool
write_event(struct deciding *d, struct str *body, struct err *e)
{
	struct json j;
	bool ok;

	json_start(&j, body);
	json_open(&j, '{');
	json_kstr(&j, "entity", d->said.entity);
	json_kstr(&j, "number", d->number);
	json_kstr(&j, "count", d->said.count);
	if (d->said.reason != NULL)
		json_kstr(&j, "memo", d->said.reason);
	json_key(&j, "lines");
	json_open(&j, '[');
	ok = write_lines(d, &j, e);
	json_close(&j, ']');
	json_close(&j, '}');
	return ok;
}

/* What came of an event of its number that was dismissed is not in the way. */
static bool
make_work(struct deciding *d, struct err *e)
{
	struct call *call = d->call;
	struct delivery delivery = delivery_of(call->request);
	const struct source source = { .name = arena_printf(call->arena,
	    DESK "%s", call->caller.name) };
	struct verified verified = { .topic = COUNT_TOPIC };
	int64_t n, pending, dismissed;
	struct str body;
	bool ok;

	if (!count_documents(call->db, d->said.entity, d->said.count, &n, e) ||
	    !count_pending(call->db, d->said.entity, d->said.count, &pending,
	    &dismissed, e))
		return false;
	d->number = arena_printf(call->arena, COUNT_PREFIX "%s-%lld",
	    d->said.count, (long long)n + 1);
	verified.key = arena_printf(call->arena, "%s/%s/%lld", d->said.entity,
	    d->number, (long long)dismissed);
	str_init(&body, ANSWER_MAX);
	ok = write_event(d, &body, e);
	if (ok) {
		delivery.body = str_span(&body);
		d->work = intake_take(api_pump(call->api), &source,
		    &delivery, &verified);
	}
	str_free(&body);
	return ok;
}

/* Others may have had their turn since it was read: every line must still be
 * open by what was seen. */
static bool
adjust(struct settler *settler, void *arg)
{
	struct deciding *d = arg;
	struct db *db = settler_books(settler)->db;
	int64_t before = d->said.done;
	struct err e = { 0 };

	if (judge_all(d, db, &e) && (d->said.done == before || err_set(&e,
	    ERR_STALE, "%.60s has moved on meanwhile", d->said.count)) &&
	    settle_group(settler, d->work, NULL, &e) && (d->work->err.code ==
	    ERR_NONE || err_set(&e, d->work->err.code, "%s",
	    d->work->err.why))) {
		answer_said(d);
	} else {
		work_free(&d->work);
		request_fail(d->request, &e);
	}
	return false;
}

void
counts_act(struct call *call)
{
	struct deciding *d = arena_alloc(call->arena, sizeof *d);
	struct pump *pump = api_pump(call->api);
	struct err e = { 0 };
	bool ok;

	*d = (struct deciding){ .call = call, .request = call->request,
	    .said = { .arena = call->arena, .actor = call->caller.name } };
	ok = read_words(d, &e);
	if (ok && strcmp(d->act, "approve") != 0) {
		if (d->said.reason == NULL)
			d->said.reason = "";
		ok = pump_call(pump, say, d, &e);
	} else if (ok) {
		ok = judge_all(d, call->db, &e) && make_work(d, &e) &&
		    would_post(d->work, &e) && pump_call(pump, adjust, d, &e);
	}
	if (ok)
		return;
	work_free(&d->work);
	request_fail(call->request, &e);
}
