/* Returns of GST: what stands in them, and that they were filed. */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/gstfiling.h"
#include "flow/pump.h"
#include "gst/due.h"
#include "gst/rate.h"
#include "store/view_gst.h"

#define ANSWER_MAX (16 << 20)
#define WORD_MAX 100		/* of a query */
#define GSTIN_SIZE 15
#define ARN_MAX 40

/* ---- asking ----------------------------------------------------------- */

typedef bool ask_one(struct call *, const struct reference *,
    const struct gst_ask *, struct json *, struct err *);

/* Any month of the quarter is that quarter's, but for what an IFF has. */
static bool
read_return(struct call *call, const struct reference *reference,
    struct gst_ask *ask, struct err *e)
{
	const char *gstin = call_query(call, "gstin");
	const char *text = call_query(call, "period");
	const char *form = call_query(call, "form");
	int64_t period;
	size_t at = 0;

	if (gstin == NULL || text == NULL ||
	    !gst_period_parse(span_of(text), &period))
		return err_set(e, ERR_REQUEST, "gstin, and period as MMYYYY");
	ask->own = reference_registration(reference, gstin,
	    gst_period_last(period));
	while (ask->own == NULL && (ask->own = reference_next_registration(
	    reference, &at)) != NULL)
		if (strcmp(ask->own->gstin, gstin) != 0)
			ask->own = NULL;
	if (ask->own == NULL)
		return err_set(e, ERR_NOT_FOUND, "no registration %.20s",
		    gstin);
	ask->first = ask->period = period;
	if (strcmp(ask->own->filing, "quarterly") == 0 && (form == NULL ||
	    strcmp(form, "iff") != 0)) {
		ask->period = gst_period_quarter(period);
		ask->first = gst_period_add(ask->period, -2);
	}
	return true;
}

static bool
read_word(struct call *call, const char *name, const char **out,
    struct err *e)
{
	*out = call_query(call, name);
	return *out == NULL || strlen(*out) <= WORD_MAX ||
	    err_set(e, ERR_REQUEST, "%s: too long", name);
}

static bool
read_filter(struct call *call, struct gst_ask *ask, struct err *e)
{
	const char *rate = call_query(call, "rate");

	ask->rate = -1;
	if (rate != NULL && !gst_rate_parse(span_of(rate), &ask->rate))
		return err_set(e, ERR_REQUEST, "rate: 18, 0.25");
	return read_word(call, "section", &ask->section, e) &&
	    read_word(call, "type", &ask->type, e) &&
	    read_word(call, "place", &ask->place, e) &&
	    read_word(call, "after", &ask->after, e);
}

static void
answer(struct call *call, ask_one *view)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct gst_ask ask = { 0 };
	struct answer a;
	bool ok;

	if (!limit_of(call, &ask.limit)) {
		reference_drop(&reference);
		return;
	}
	answer_start(&a, ANSWER_MAX);
	ok = read_return(call, reference, &ask, &a.e) &&
	    read_filter(call, &ask, &a.e) &&
	    view(call, reference, &ask, &a.j, &a.e);
	reference_drop(&reference);
	answer_end(call, &a, ok);
}

void
gst_registrations_get(struct call *call)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = view_gst_registrations(call->db, reference, &a.j, &a.e);
	reference_drop(&reference);
	answer_end(call, &a, ok);
}

static bool
ask_summary(struct call *call, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	return view_gst_summary(call->db, reference, ask,
	    day_from_time(clock_now()), j, e);
}

void
gst_summary_get(struct call *call)
{
	answer(call, ask_summary);
}

static bool
need_section(const struct gst_ask *ask, struct err *e)
{
	return ask->section != NULL || err_set(e, ERR_REQUEST, "section: "
	    "b2b, a cell like 3.1(a), ...");
}

static bool
ask_cells(struct call *call, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	(void)reference;
	return need_section(ask, e) && view_gst_cells(call->db, ask, j, e);
}

void
gst_cells_get(struct call *call)
{
	answer(call, ask_cells);
}

static bool
ask_documents(struct call *call, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	(void)reference;
	return need_section(ask, e) && view_gst_documents(call->db, ask,
	    call->arena, j, e);
}

void
gst_documents_get(struct call *call)
{
	answer(call, ask_documents);
}

static bool
ask_hsn(struct call *call, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	struct gst_ask part = *ask;

	part.section = call_query(call, "part");
	return view_gst_hsn(call->db, reference, &part, j, e);
}

void
gst_hsn_get(struct call *call)
{
	answer(call, ask_hsn);
}

static bool
ask_issued(struct call *call, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	(void)reference;
	return view_gst_issued(call->db, ask, call->arena, j, e);
}

void
gst_issued_get(struct call *call)
{
	answer(call, ask_issued);
}

static bool
ask_changes(struct call *call, const struct reference *reference,
    const struct gst_ask *ask, struct json *j, struct err *e)
{
	(void)reference;
	return view_gst_changes(call->db, ask, call->arena, j, e);
}

void
gst_changes_get(struct call *call)
{
	answer(call, ask_changes);
}

void
gst_filings_get(struct call *call)
{
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = view_gst_filings(call->db, call_query(call, "gstin"), &a.j, &a.e);
	answer_end(call, &a, ok);
}

/* ---- filing ----------------------------------------------------------- */

struct filing_word {
	struct gst_filing filing;
	const char *reason;
	bool withdraw;
};

static bool
say(struct settler *settler, void *what, struct err *e)
{
	struct filing_word *word = what;

	return (word->withdraw ? gst_filing_withdraw : gst_filing_say)(
	    settler, &word->filing, word->reason, e);
}

static void
show_word(struct json *j, const void *what)
{
	const struct filing_word *word = what;

	show_gst_filing(j, &word->filing);
}

static bool
read_which(struct call *call, const cJSON *tree, struct filing_word *word,
    struct err *e)
{
	struct gst_filing *f = &word->filing;
	const char *period = json_text(tree, "period");

	if (period == NULL || !gst_period_parse(span_of(period), &f->period))
		return err_set(e, ERR_REQUEST, "period: MMYYYY");
	return body_need(tree, "gstin", GSTIN_SIZE, call->arena, &f->gstin,
	    e) && body_need(tree, "form", WORD_MAX, call->arena, &f->form,
	    e) && body_reason(tree, call->arena, &word->reason, e) &&
	    (!word->withdraw || *word->reason != '\0' || err_set(e,
	    ERR_REQUEST, "reason: must be said"));
}

static bool
read_filing(struct call *call, const cJSON *tree, void *what, struct err *e)
{
	struct filing_word *word = what;
	struct gst_filing *f = &word->filing;
	const char *filed = json_text(tree, "filed");

	if (!read_which(call, tree, word, e) || word->withdraw)
		return e->code == ERR_NONE;
	if (filed == NULL || !day_parse(span_of(filed), &f->filed))
		return err_set(e, ERR_REQUEST, "filed: a day, YYYY-MM-DD");
	if (!body_text(tree, "arn", ARN_MAX, call->arena, &f->arn, e))
		return false;
	if (f->arn == NULL)
		f->arn = "";
	return true;
}

static void
take_word(struct call *call, bool withdraw)
{
	static const struct wording wording = { read_filing, say, show_word };
	struct filing_word *word = arena_alloc(call->arena, sizeof *word);

	word->withdraw = withdraw;
	word->filing.actor = call->caller.name;
	wording_offer(call, &wording, word);
}

void
gst_filings_post(struct call *call)
{
	take_word(call, false);
}

void
gst_filings_withdraw(struct call *call)
{
	take_word(call, true);
}
