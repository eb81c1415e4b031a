/*
 * Conflicts: which there are, each with base, current and incoming side by
 * side, and what a resolution would come to.  All of it is judged with the
 * rules and master data in force now, as the resolution itself will be.
 */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "checks/gst.h"
#include "flow/effect.h"
#include "flow/intake.h"
#include "flow/resolution.h"
#include "flow/work.h"
#include "gst/rate.h"
#include "store/show.h"

#define ANSWER_MAX (256 << 20)

/* ---- judging ---------------------------------------------------------- */

static bool
load(struct call *call, int64_t seq, struct work *work, bool *found,
    struct err *e)
{
	if (!event_load(call->db, seq, work->arena, &work->event,
	    &work->placing, found, e) || !*found)
		return *found;
	if (!rulings_load(call->db, seq, work->arena, &work->rulings,
	    &work->n_rulings, e))
		return false;
	intake_judge(api_pump(call->api), work);
	return true;
}

bool
judged_event(struct call *call, int64_t seq, struct work **out,
    struct contest **contests)
{
	struct work *work = work_new();
	struct err e = { 0 };
	bool found = false;

	if (load(call, seq, work, &found, &e) &&
	    contests_open(call->db, work, contests, &e)) {
		*out = work;
		return true;
	}
	if (e.code == ERR_NONE)
		answer_absent(call, "such event");
	else
		request_fail(call->request, &e);
	work_free(&work);
	return false;
}

/* ---- side by side ----------------------------------------------------- */

static void
show_version(struct json *j, const char *key, int64_t version)
{
	json_key(j, key);
	if (version >= 0)
		json_int(j, version);
	else
		json_null(j);
}

static void
show_document(struct json *j, const char *key, const struct document *d,
    struct arena *arena)
{
	json_key(j, key);
	if (d != NULL)
		json_raw(j, document_body(d, arena));
	else
		json_null(j);
}

static int64_t
base_of(const struct contest *c)
{
	return c->based ? c->base.version : c->incoming->base_version;
}

static void
show_sides(struct json *j, const struct work *work, const struct contest *c)
{
	show_version(j, "base_version", base_of(c));
	show_version(j, "current_version", c->found ? c->row.version : -1);
	json_kstr(j, "current_by", c->found ? maker_of(c->current.actor) :
	    NULL);
	json_kstr(j, "incoming_by", maker_of(work->event.source));
}

static void
show_name_of(struct json *j, const struct document *d)
{
	json_kstr(j, "entity", d->entity);
	json_kstr(j, "kind", document_kind_name(d->kind));
	json_kstr(j, "number", d->number);
}

static void
show_field(struct json *j, const struct merge_field *f)
{
	json_open(j, '{');
	json_kstr(j, "path", f->path);
	json_kstr(j, "base", f->base);
	json_kstr(j, "current", f->current);
	json_kstr(j, "incoming", f->incoming);
	json_kstr(j, "by", merge_by_name(f->by));
	json_key(j, "overlap");
	json_bool(j, f->overlap);
	json_close(j, '}');
}

static void
show_contest(struct json *j, struct work *work, const struct contest *c)
{
	struct document merged;

	json_open(j, '{');
	json_kint(j, "part", (int64_t)c->part);
	show_name_of(j, c->incoming);
	show_sides(j, work, c);
	show_time(j, "current_at", c->found ? c->current.at : 0);
	show_document(j, "base", c->based ? &c->base.document : NULL,
	    work->arena);
	show_document(j, "current", c->found ? &c->current.document : NULL,
	    work->arena);
	show_document(j, "incoming", c->incoming, work->arena);
	if (c->clean)
		contest_merged(c, work->arena, &merged);
	show_document(j, "merged", c->clean ? &merged : NULL, work->arena);
	json_key(j, "contested");
	json_bool(j, c->contested);
	json_key(j, "clean");
	json_bool(j, c->clean);
	json_key(j, "fields");
	json_open(j, '[');
	for (size_t i = 0; c->found && i < c->merge.n; i++)
		show_field(j, &c->merge.fields[i]);
	json_close(j, ']');
	json_close(j, '}');
}

void
conflict_get(struct call *call)
{
	struct contest *contests;
	struct work *work;
	struct answer a;
	int64_t seq;

	if (!parse_id(call->args[0], 'E', &seq)) {
		answer_absent(call, "such event");
		return;
	}
	if (!judged_event(call, seq, &work, &contests))
		return;
	answer_start(&a, ANSWER_MAX);
	json_open(&a.j, '{');
	json_kstr(&a.j, "event", arena_id(call->arena, 'E', seq));
	json_kint(&a.j, "version", work->event.version);
	json_kstr(&a.j, "state", event_state_name(work->event.state));
	show_findings(work, &a.j);
	json_key(&a.j, "documents");
	json_open(&a.j, '[');
	for (size_t i = 0; i < work->n_pieces; i++)
		show_contest(&a.j, work, &contests[i]);
	json_close(&a.j, ']');
	json_close(&a.j, '}');
	answer_end(call, &a, true);
	work_free(&work);
}

/* ---- the list --------------------------------------------------------- */

/* What moves between accounts when the incoming one is taken: half of all
 * that changes, in the document's currency. */
static bool
find_stake(struct call *call, struct work *work,
    const struct contest *contests, const char *currency, int64_t *out,
    struct err *e)
{
	struct effects effects;

	*out = 0;
	if (!effects_find(call->db, work, contests, &effects, e))
		return false;
	for (size_t i = 0; i < effects.n_accounts; i++) {
		const struct effect *f = &effects.accounts[i];
		int64_t change = f->after - f->before;

		if (strcmp(f->currency, currency) == 0)
			*out += change < 0 ? -change : change;
	}
	*out /= 2;
	return true;
}

static const struct contest *
first_contested(const struct work *work, const struct contest *contests)
{
	for (size_t i = 0; i < work->n_pieces; i++)
		if (contests[i].contested)
			return &contests[i];
	return &contests[0];
}

static void
show_sums_of(struct json *j, const struct work *work,
    const struct contest *contests)
{
	int64_t fields = 0, overlap = 0;
	bool clean = true;

	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct contest *c = &contests[i];

		if (!c->contested)
			continue;
		clean = clean && c->clean;
		for (size_t k = 0; c->found && k < c->merge.n; k++) {
			fields++;
			overlap += c->merge.fields[k].overlap;
		}
	}
	json_kint(j, "fields", fields);
	json_kint(j, "overlap", overlap);
	json_key(j, "clean");
	json_bool(j, clean);
}

/* Master data may have changed so that no document comes of it any more. */
static bool
show_item(struct call *call, struct work *work,
    const struct contest *contests, struct json *j, struct err *e)
{
	const struct contest *c;
	const struct document *d;
	int64_t stake;

	json_open(j, '{');
	json_kstr(j, "event", arena_id(call->arena, 'E', work->event.seq));
	json_kint(j, "version", work->event.version);
	show_time(j, "received", work->event.received);
	if (work->n_pieces == 0) {
		json_kstr(j, "entity", work->placing.entity);
		json_kstr(j, "kind", work->placing.kind);
		json_kstr(j, "number", work->placing.number);
		json_close(j, '}');
		return true;
	}
	c = first_contested(work, contests);
	d = c->incoming;
	show_name_of(j, d);
	show_sides(j, work, c);
	json_kstr(j, "party", d->party);
	json_kstr(j, "currency", d->currency);
	show_minor(j, "amount", d->total, d->currency);
	if (!find_stake(call, work, contests, d->currency, &stake, e))
		return false;
	show_minor(j, "at_stake", stake, d->currency);
	show_sums_of(j, work, contests);
	json_close(j, '}');
	return true;
}

static bool
show_conflict(struct call *call, int64_t seq, struct json *j, struct err *e)
{
	struct work *work = work_new();
	struct contest *contests;
	bool found, ok;

	ok = load(call, seq, work, &found, e) &&
	    contests_open(call->db, work, &contests, e) &&
	    show_item(call, work, contests, j, e);
	work_free(&work);
	return ok;
}

void
conflicts_get(struct call *call)
{
	int64_t events[VIEW_LIMIT + 1], after;
	struct answer a;
	int limit;
	size_t n;
	bool ok;

	if (!page_of(call, 'E', &after, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	json_open(&a.j, '{');
	json_key(&a.j, "items");
	json_open(&a.j, '[');
	ok = view_conflicts(call->db, call_query(call, "entity"), after,
	    events, (size_t)limit + 1, &n, &a.e);
	for (size_t i = 0; ok && i < n && i < (size_t)limit; i++)
		ok = show_conflict(call, events[i], &a.j, &a.e);
	json_close(&a.j, ']');
	json_kstr(&a.j, "next", ok && n > (size_t)limit ? arena_id(call->arena,
	    'E', events[limit - 1]) : NULL);
	json_close(&a.j, '}');
	answer_end(call, &a, ok);
}

/* ---- what would come of it -------------------------------------------- */

static bool
resolve(struct call *call, struct work *work, const cJSON *tree,
    struct err *e)
{
	const char *take = json_text(tree, "take");
	const cJSON *list = json_at(tree, "documents");
	struct resolution r;

	if ((take != NULL) == (list != NULL) || (take != NULL &&
	    strcmp(take, "incoming") != 0 && strcmp(take, "merge") != 0 &&
	    strcmp(take, "current") != 0))
		return err_set(e, ERR_REQUEST, "take (incoming, current, "
		    "merge) or documents");
	if (!resolution_open(&r, call->db, work, e) || !(take != NULL ?
	    resolution_take(&r, take, e) :
	    resolution_documents(&r, list, true, e)))
		return false;
	resolution_rule(&r, 0, call->caller.name);
	intake_judge(api_pump(call->api), work);
	return true;
}

/* Everything stays as it is. */
static void
show_current(struct json *j, struct work *work,
    const struct contest *contests)
{
	json_key(j, "documents");
	json_open(j, '[');
	for (size_t i = 0; i < work->n_pieces; i++) {
		if (contests[i].found)
			json_raw(j, document_body(
			    &contests[i].current.document, work->arena));
		else
			json_null(j);
	}
	json_close(j, ']');
	json_key(j, "findings");
	json_open(j, '[');
	json_close(j, ']');
	json_key(j, "effect");
	json_open(j, '[');
	json_close(j, ']');
	json_key(j, "tax");
	json_open(j, '[');
	json_close(j, ']');
	json_key(j, "heads");
	json_open(j, '[');
	json_close(j, ']');
}

static void
show_recount(struct json *j, const struct document *d,
    const struct gst_recount *one)
{
	static const char *const causes[] = {
		[GST_CAUSE_NONE] = "", [GST_CAUSE_ROUNDING] = "rounding",
		[GST_CAUSE_AMOUNT] = "amount", [GST_CAUSE_HEAD] = "head",
		[GST_CAUSE_UNKNOWN] = "unknown"
	};
	char rate[GST_RATE_SIZE] = "";

	if (one->rate >= 0)
		gst_rate_text(one->rate, rate);
	json_open(j, '{');
	json_kstr(j, "number", d->number);
	json_kstr(j, "head", gst_head_name(one->head));
	json_kstr(j, "rate", rate);
	show_minor(j, "charged", one->charged, "INR");
	show_minor(j, "by_lines", one->by_lines, "INR");
	show_minor(j, "difference", one->charged - one->by_lines, "INR");
	json_kstr(j, "cause", causes[one->cause]);
	json_close(j, '}');
}

/* Tax of each head once more, from the lines of the result. */
static void
show_heads(struct call *call, struct work *work, struct json *j)
{
	static const struct document_gst nothing;
	struct reference *reference = pump_reference(api_pump(call->api));

	json_key(j, "heads");
	json_open(j, '[');
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct piece *p = &work->pieces[i];
		const struct gst_case c = { &p->document,
		    p->document.gst != NULL ? p->document.gst : &nothing,
		    p->supply, reference, work->arena, &work->findings };
		struct gst_recount *rows;
		size_t n = p->supply != NULL && !p->supply->voided ?
		    gst_recount(&c, &rows) : 0;

		for (size_t k = 0; k < n; k++)
			show_recount(j, &p->document, &rows[k]);
	}
	json_close(j, ']');
	reference_drop(&reference);
}

bool
show_judged(struct call *call, struct work *work, struct json *j,
    struct err *e)
{
	struct contest *contests;

	json_key(j, "documents");
	json_open(j, '[');
	for (size_t i = 0; i < work->n_pieces; i++)
		json_raw(j, document_body(&work->pieces[i].document,
		    work->arena));
	json_close(j, ']');
	show_findings(work, j);
	show_heads(call, work, j);
	return contests_open(call->db, work, &contests, e) &&
	    show_effects(call, work, contests, j, e);
}

static void
answer_preview(struct call *call, struct work *work,
    const struct contest *contests, const cJSON *tree)
{
	const char *take = json_text(tree, "take");
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	ok = resolve(call, work, tree, &e);
	if (ok && take != NULL && strcmp(take, "current") == 0)
		show_current(&j, work, contests);
	else
		ok = ok && show_judged(call, work, &j, &e);
	json_close(&j, '}');
	if (ok)
		answer_view(call, ok, &out, &e);
	else
		request_fail(call->request, &e);
	str_free(&out);
}

void
conflict_preview(struct call *call)
{
	struct span body = request_body(call->request);
	struct contest *contests;
	struct err e = { 0 };
	struct work *work;
	cJSON *tree;
	int64_t seq;

	if (!parse_id(call->args[0], 'E', &seq)) {
		answer_absent(call, "such event");
		return;
	}
	tree = json_strict(body, &e);
	if (tree == NULL) {
		request_fail(call->request, &e);
	} else if (judged_event(call, seq, &work, &contests)) {
		answer_preview(call, work, contests, tree);
		work_free(&work);
	}
	cJSON_Delete(tree);
}
