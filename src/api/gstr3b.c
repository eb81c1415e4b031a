/* GSTR-3B: the form, what is owed, when, and what people enter of it. */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/clock.h"
#include "flow/gstentry.h"
#include "flow/pump.h"
#include "gst/due.h"
#include "store/gst_agree.h"
#include "store/view_gst3b.h"

#define ANSWER_MAX (1 << 20)
#define REASON_MAX 2000
#define CELL_MAX 40
#define GSTIN_SIZE 15

/* ---- asking ----------------------------------------------------------- */

typedef bool ask_one(struct call *, const struct reference *,
    const char *gstin, int64_t period, struct json *, struct err *);

static void
answer(struct call *call, ask_one *ask, const char *gstin, int64_t period)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = ask(call, reference, gstin, period, &a.j, &a.e);
	reference_drop(&reference);
	answer_end(call, &a, ok);
}

/* Of one registration and period; both must be said. */
static void
answer_period(struct call *call, ask_one *ask)
{
	const char *gstin = call_query(call, "gstin");
	const char *text = call_query(call, "period");
	struct err e = { 0 };
	int64_t period;

	if (gstin != NULL && text != NULL && gst_period_parse(span_of(text),
	    &period)) {
		answer(call, ask, gstin, period);
		return;
	}
	err_set(&e, ERR_REQUEST, "gstin, and period as MMYYYY");
	request_fail(call->request, &e);
}

static bool
ask_form(struct call *call, const struct reference *reference,
    const char *gstin, int64_t period, struct json *j, struct err *e)
{
	return view_gst3b(call->db, reference, gstin, period, call->arena, j,
	    e);
}

void
gstr3b_get(struct call *call)
{
	answer_period(call, ask_form);
}

static bool
ask_liability(struct call *call, const struct reference *reference,
    const char *gstin, int64_t period, struct json *j, struct err *e)
{
	return view_gst_liability(call->db, reference, gstin, period,
	    day_from_time(clock_now()), call->arena, j, e);
}

void
gst_liability_get(struct call *call)
{
	answer_period(call, ask_liability);
}

static bool
ask_entries(struct call *call, const struct reference *reference,
    const char *gstin, int64_t period, struct json *j, struct err *e)
{
	(void)reference;
	return view_gst_entries(call->db, gstin, period, call->arena, j, e);
}

void
gst_entries_get(struct call *call)
{
	answer_period(call, ask_entries);
}

static bool
ask_calendar(struct call *call, const struct reference *reference,
    const char *gstin, int64_t period, struct json *j, struct err *e)
{
	(void)period;
	return view_gst_calendar(call->db, reference, gstin,
	    day_from_time(clock_now()), j, e);
}

void
gst_calendar_get(struct call *call)
{
	answer(call, ask_calendar, call_query(call, "gstin"), 0);
}

static bool
ask_agreement(struct call *call, const struct reference *reference,
    const char *gstin, int64_t period, struct json *j, struct err *e)
{
	return view_gst_agree(call->db, reference, gstin, period, VIEW_LIMIT,
	    call->arena, j, e);
}

void
gst_agree_get(struct call *call)
{
	answer_period(call, ask_agreement);
}

/* ---- entering --------------------------------------------------------- */

struct saying {
	struct request *request;
	struct arena *arena;	/* of the request */
	struct gst_word word;
};

/* On the writer's thread. */
static bool
say(struct settler *settler, void *arg)
{
	struct saying *job = arg;
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (!gst_entry_say(settler, &job->word, &e)) {
		request_fail(job->request, &e);
		return false;
	}
	str_init(&out, 65536);
	json_start(&j, &out);
	show_gst_entry(&j, &job->word.entry);
	request_answer(job->request, 200, "application/json",
	    str_span(&out));
	str_free(&out);
	return false;
}

static bool
read_text(struct saying *job, const cJSON *tree, const char *name,
    size_t most, const char **out, struct err *e)
{
	const char *text = json_text(tree, name);

	if (text == NULL || *text == '\0' || strlen(text) > most)
		return err_set(e, ERR_REQUEST, "%s: at most %zu bytes", name,
		    most);
	*out = arena_strdup(job->arena, text);
	return true;
}

static bool
read_amounts(struct gst_entry *entry, const cJSON *tree, struct err *e)
{
	for (int h = 0; h < GST_HEADS; h++) {
		const char *name = gst_head_name((enum gst_head)h);
		const char *text = json_text(tree, name);
		struct money money = { 0 };

		if (text != NULL && (!money_parse(span_of(text), "INR",
		    &money) || money.minor > AMOUNT_MAX ||
		    money.minor < -AMOUNT_MAX))
			return err_set(e, ERR_REQUEST, "%s: rupees", name);
		entry->amount[h] = money.minor;
	}
	return true;
}

static bool
read_word(struct saying *job, const cJSON *tree, struct err *e)
{
	struct gst_entry *entry = &job->word.entry;
	const char *period = json_text(tree, "period");

	job->word.remove = cJSON_IsTrue(json_at(tree, "remove"));
	if (period == NULL || !gst_period_parse(span_of(period),
	    &entry->period))
		return err_set(e, ERR_REQUEST, "period: MMYYYY");
	return read_text(job, tree, "gstin", GSTIN_SIZE, &entry->gstin, e) &&
	    read_text(job, tree, "cell", CELL_MAX, &entry->cell, e) &&
	    read_text(job, tree, "reason", REASON_MAX, &entry->reason, e) &&
	    read_amounts(entry, tree, e);
}

void
gst_entries_post(struct call *call)
{
	struct saying *job = arena_alloc(call->arena, sizeof *job);
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	bool ok;

	*job = (struct saying){ .request = call->request,
	    .arena = call->arena, .word.entry.actor = call->caller.name };
	ok = tree != NULL && read_word(job, tree, &e);
	cJSON_Delete(tree);
	if (!ok || !pump_call(api_pump(call->api), say, job, &e))
		request_fail(call->request, &e);
}
