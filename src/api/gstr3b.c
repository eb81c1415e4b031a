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

static bool
say(struct settler *settler, void *what, struct err *e)
{
	return gst_entry_say(settler, what, e);
}

static void
show_word(struct json *j, const void *what)
{
	const struct gst_word *word = what;

	show_gst_entry(j, &word->entry);
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
read_word(struct call *call, const cJSON *tree, void *what, struct err *e)
{
	struct gst_word *word = what;
	struct gst_entry *entry = &word->entry;
	const char *period = json_text(tree, "period");

	word->remove = cJSON_IsTrue(json_at(tree, "remove"));
	if (period == NULL || !gst_period_parse(span_of(period),
	    &entry->period))
		return err_set(e, ERR_REQUEST, "period: MMYYYY");
	return body_need(tree, "gstin", GSTIN_SIZE, call->arena,
	    &entry->gstin, e) && body_need(tree, "cell", CELL_MAX,
	    call->arena, &entry->cell, e) && body_need(tree, "reason",
	    REASON_MAX, call->arena, &entry->reason, e) &&
	    read_amounts(entry, tree, e);
}

void
gst_entries_post(struct call *call)
{
	static const struct wording wording = { read_word, say, show_word };
	struct gst_word *word = arena_alloc(call->arena, sizeof *word);

	word->entry.actor = call->caller.name;
	wording_offer(call, &wording, word);
}
