/*
 * Balances between companies of the group, and the entry that makes two of
 * them agree: proposed from what was seen, posted like any other journal.
 */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "flow/intake.h"
#include "flow/pump.h"
#include "flow/settle.h"
#include "flow/work.h"
#include "store/mismatch.h"

#define ANSWER_MAX (64 << 20)
#define TEXT_MAX 1000

static bool
period_valid(struct call *call, const char *period)
{
	struct day day;

	return period == NULL || (strlen(period) == 7 && day_parse(span_of(
	    arena_printf(call->arena, "%s-01", period)), &day));
}

void
intercompany_get(struct call *call)
{
	const char *all = call_query(call, "all");
	const struct mismatch_filter filter = {
		.entity = call_query(call, "entity"),
		.period = call_query(call, "period"),
		.all = all != NULL && strcmp(all, "0") != 0,
	};
	struct answer a = { 0 };
	bool ok;

	if (!period_valid(call, filter.period)) {
		err_set(&a.e, ERR_REQUEST, "period: a period is YYYY-MM");
		request_fail(call->request, &a.e);
		return;
	}
	answer_start(&a, ANSWER_MAX);
	ok = view_intercompany(call->db, &filter, &a.j, &a.e);
	answer_end(call, &a, ok);
}

/* ---- adjusting -------------------------------------------------------- */

struct wish {			/* what the request says */
	const char *entity, *party, *name, *version;
	const char *period, *in, *against, *reason;	/* NULL: as usual */
};

struct adjust {
	struct call *call;
	struct wish wish;
	struct request *request;
	struct arena *arena;
	struct db *db;			/* the writer's, once it is there */
	int64_t journal;		/* the last one when it was read */
	struct mismatch *m;
	struct adjusting a;
	struct work *work;
	int64_t open, dismissed;	/* its events before */
};

static bool
take_text(struct call *call, const cJSON *tree, const char *name,
    const char **out, struct err *e)
{
	const cJSON *item = json_at(tree, name);

	*out = NULL;
	if (item == NULL || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsString(item) || strlen(item->valuestring) > TEXT_MAX)
		return err_set(e, ERR_REQUEST, "%s: a text of at most %d "
		    "bytes", name, TEXT_MAX);
	if (*item->valuestring != '\0')
		*out = arena_strdup(call->arena, item->valuestring);
	return true;
}

static bool
take_wish(struct call *call, const cJSON *tree, struct wish *w,
    struct err *e)
{
	const struct {
		const char *name, **at;
	} texts[] = {
		{ "entity", &w->entity }, { "party", &w->party },
		{ "name", &w->name }, { "version", &w->version },
		{ "period", &w->period }, { "in", &w->in },
		{ "against", &w->against }, { "reason", &w->reason },
	};

	if (!cJSON_IsObject(tree))
		return err_set(e, ERR_REQUEST, "an object");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!take_text(call, tree, texts[i].name, texts[i].at, e))
			return false;
	if (w->entity == NULL || w->party == NULL || w->name == NULL)
		return err_set(e, ERR_REQUEST, "entity, party and name say "
		    "what is to be adjusted");
	if (w->version == NULL)
		return err_set(e, ERR_NO_VERSION, "version: the one that was "
		    "seen");
	return period_valid(call, w->period) || err_set(e, ERR_REQUEST,
	    "period: a period is YYYY-MM");
}

static bool
read_wish(struct call *call, struct wish *w, struct err *e)
{
	cJSON *tree = json_strict(request_body(call->request), e);
	bool ok = tree != NULL && take_wish(call, tree, w, e);

	cJSON_Delete(tree);
	return ok;
}

/* What was seen is still so. */
static bool
find_mismatch(struct adjust *a, struct err *e)
{
	const struct wish *w = &a->wish;
	const struct mismatch_filter filter = { .entity = w->entity,
	    .party = w->party, .period = w->period, .name = w->name };
	size_t n;
	bool cut;

	if (!journal_last(a->db, &a->journal, e) || !mismatches_read(a->db,
	    a->arena, &filter, &a->m, &n, &cut, e))
		return false;
	if (n == 0)
		return err_set(e, ERR_STALE, "%.60s and %.60s agree on %.60s "
		    "by now", w->entity, w->party, w->name);
	return strcmp(w->version, arena_id(a->arena, 'J', a->m->version)) ==
	    0 || err_set(e, ERR_STALE,
	    "%.60s has moved on to J%lld", w->name,
	    (long long)a->m->version);
}

static void
note_event(void *arg, const char *number, int64_t event, bool dismissed)
{
	struct adjust *a = arg;

	if (strcmp(number, a->a.number) != 0)
		return;
	if (dismissed)
		a->dismissed = event;
	else
		a->open = event;
}

static bool
refuse_open(struct adjust *a, struct err *e)
{
	a->open = a->dismissed = 0;
	if (!adjusting_events(a->db, note_event, a, e))
		return false;
	return a->open == 0 || err_set(e, ERR_REFUSED, "E%lld adjusts it "
	    "already", (long long)a->open);
}

static bool
refuse_missing(const struct adjusting *a, struct err *e)
{
	if (strcmp(a->missing, "period") == 0)
		return err_set(e, ERR_REFUSED, "%.60s has no open period for "
		    "it", a->entity);
	if (strcmp(a->missing, "rate") == 0)
		return err_set(e, ERR_REFUSED, "no rate of exchange for it");
	if (strcmp(a->missing, "intercompany") == 0)
		return err_set(e, ERR_REFUSED, "no account of %.60s with "
		    "%.60s in the table intercompany", a->entity, a->party);
	return err_set(e, ERR_REFUSED, "no account is mapped to %.60s",
	    a->missing);
}

static bool
propose(struct adjust *a, struct err *e)
{
	const struct wish *w = &a->wish;

	if (w->in != NULL && strcmp(w->in, w->entity) != 0 &&
	    strcmp(w->in, w->party) != 0)
		return err_set(e, ERR_REQUEST, "in: one of the two");
	if (!adjusting_propose(a->db, a->arena, a->m, w->in, w->against,
	    &a->a, e))
		return false;
	return a->a.missing != NULL ? refuse_missing(&a->a, e) :
	    refuse_open(a, e);
}

static void
write_line(struct json *j, const struct adjusting *a, const char *account,
    const char *party, int64_t amount)
{
	struct money m = { .minor = amount < 0 ? -amount : amount };
	struct str text;

	memcpy(m.currency, a->currency, 4);
	str_init(&text, 64);
	money_plain(m, &text);
	json_open(j, '{');
	json_kstr(j, "account", account);
	if (party != NULL)
		json_kstr(j, "party", party);
	json_kstr(j, amount < 0 ? "credit" : "debit", text.p);
	json_close(j, '}');
	str_free(&text);
}

static void
write_body(struct adjust *a, struct str *out)
{
	const struct adjusting *one = &a->a;
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "entity", one->entity);
	json_kstr(&j, "number", one->number);
	json_kstr(&j, "date", one->date);
	if (one->reverse_on != NULL)
		json_kstr(&j, "reverse_on", one->reverse_on);
	json_kstr(&j, "currency", one->currency);
	json_kstr(&j, "reference", a->m->name);
	if (a->wish.reason != NULL)
		json_kstr(&j, "memo", a->wish.reason);
	json_key(&j, "lines");
	json_open(&j, '[');
	write_line(&j, one, one->account, one->party, one->amount);
	write_line(&j, one, one->against, NULL, -one->amount);
	json_close(&j, ']');
	json_close(&j, '}');
}

/* The same proposal again is the same event, until somebody dismissed it. */
static struct work *
take(struct adjust *a)
{
	struct call *call = a->call;
	const struct verified verified = { .topic = ADJUSTING_TOPIC,
	    .key = arena_printf(call->arena, "%s/%lld", a->a.number,
	    (long long)a->dismissed) };
	const struct source source = { .name = arena_printf(call->arena,
	    "desk-%s", call->caller.name) };
	struct delivery delivery = delivery_of(call->request);
	struct str body;
	struct work *work;

	str_init(&body, 1 << 20);
	write_body(a, &body);
	delivery.body = str_span(&body);
	work = intake_take(api_pump(call->api), &source, &delivery,
	    &verified);
	str_free(&body);
	return work;
}

static void
answer_dry(struct adjust *a, struct work *work)
{
	const struct findings *findings = &work->findings;
	struct err e = { 0 };
	struct str out;
	struct json j;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_key(&j, "dry_run");
	json_bool(&j, true);
	json_key(&j, "valid");
	json_bool(&j, work->n_pieces > 0 && !findings_block(findings));
	show_mismatch(&j, a->m);
	json_key(&j, "proposal");
	show_adjusting(&j, &a->a);
	json_key(&j, "findings");
	json_open(&j, '[');
	for (size_t i = 0; i < findings->n; i++)
		finding_encode(&findings->items[i], work->event.source, &j);
	json_close(&j, ']');
	json_close(&j, '}');
	answer_view(a->call, true, &out, &e);
	str_free(&out);
}

/* Between the reading and this others may have had their turn: what was
 * seen must still be so, or nothing is written. */
static bool
still_so(struct adjust *a, struct books *books, struct err *e)
{
	bool moved = books->journal != a->journal;

	a->db = books->db;
	return (!moved || find_mismatch(a, e)) && refuse_open(a, e);
}

/* On the writer's thread. After the answer the request's memory is gone. */
static bool
settle(struct settler *settler, void *arg)
{
	struct adjust *a = arg;
	struct request *request = a->request;
	struct work *work = a->work;
	struct err e = { 0 };

	if (still_so(a, settler_books(settler), &e) &&
	    settle_group(settler, work, NULL, &e)) {
		answer_work(work);
	} else {
		work_free(&work);
		request_fail(request, &e);
	}
	return false;
}

static void
hand_over(struct adjust *a, struct work *work)
{
	struct err e = { 0 };

	a->work = work;
	work->owner = a->request;
	if (pump_call(api_pump(a->call->api), settle, a, &e))
		return;
	work_free(&work);
	request_fail(a->request, &e);
}

static void
post(struct adjust *a)
{
	struct work *work = take(a);
	const char *dry = call_query(a->call, "dry_run");
	struct err e = { 0 };

	if (dry != NULL && strcmp(dry, "0") != 0) {
		answer_dry(a, work);
	} else if (!would_post(work, &e)) {
		request_fail(a->call->request, &e);
	} else {
		hand_over(a, work);
		return;
	}
	work_free(&work);
}

void
intercompany_adjust(struct call *call)
{
	struct adjust *a = arena_alloc(call->arena, sizeof *a);
	struct err e = { 0 };

	*a = (struct adjust){ .call = call, .request = call->request,
	    .arena = call->arena, .db = call->db };
	if (!read_wish(call, &a->wish, &e) || !find_mismatch(a, &e) ||
	    !propose(a, &e))
		request_fail(call->request, &e);
	else
		post(a);
}
