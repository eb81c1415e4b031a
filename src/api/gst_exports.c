/* Exports of GST returns: started here, made by flow/exporter.c. */
#include "api/inside.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "book/statute.h"
#include "flow/exporter.h"
#include "gst/due.h"

#define ANSWER_MAX (4 << 20)

/* ---- starting --------------------------------------------------------- */

/* What is a return, and not a list of any month. */
static bool
is_dated(const char *form)
{
	return strcmp(form, "gstr1") == 0 || strcmp(form, "iff") == 0 ||
	    strcmp(form, "gstr3b") == 0;
}

/* Of ours, as it was in that period; of those that are gone, as it was last:
 * returns are filed of what was, too. */
static bool
judge_period(struct call *call, const struct export_row *row, struct err *e)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	const struct registration *own = reference_registration(reference,
	    row->gstin, gst_period_last(row->period)), *one;
	bool ok;

	for (size_t at = 0; own == NULL && (one =
	    reference_next_registration(reference, &at)) != NULL;)
		if (strcmp(one->gstin, row->gstin) == 0)
			own = one;
	if (own == NULL)
		ok = err_set(e, ERR_REQUEST, "gstin: none of ours");
	else
		ok = !is_dated(row->form) || gst_form_due(row->form, own,
		    row->period) || err_set(e, ERR_REQUEST, "period: who"
		    " files %s has no %s of it", own->filing, row->form);
	reference_drop(&reference);
	return ok;
}

static bool
read_order(struct call *call, struct export_order *order, const cJSON *tree,
    struct err *e)
{
	const char *gstin = json_text(tree, "gstin");
	const char *form = json_text(tree, "form");
	const char *format = json_text(tree, "format");
	struct export_row *row = &order->row;

	if (format == NULL)
		format = "json";
	if (gstin == NULL)
		return err_set(e, ERR_REQUEST, "gstin");
	if (!gst_period_parse(span_of(json_text(tree, "period")),
	    &row->period))
		return err_set(e, ERR_REQUEST, "period: MMYYYY, as 102026");
	if (form == NULL || export_form_find(form, format) == NULL)
		return err_set(e, ERR_REQUEST, "no such form and format");
	row->gstin = arena_strdup(order->arena, gstin);
	row->form = arena_strdup(order->arena, form);
	row->format = arena_strdup(order->arena, format);
	return judge_period(call, row, e);
}

static void
answer_row(struct request *request, int status, const struct export_row *row,
    int64_t done, int64_t total)
{
	struct str out;
	struct json j;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	export_encode(row, &j);
	json_kint(&j, "done", done);
	json_kint(&j, "total", total);
	json_close(&j, '}');
	request_answer(request, status, "application/json", str_span(&out));
	str_free(&out);
}

static void
ordered(struct export_order *order)
{
	struct request *request = order->owner;
	char path[64];

	if (order->absent)
		err_set(&order->err, ERR_NOT_FOUND, "no such export");
	if (order->err.code != ERR_NONE) {
		request_fail(request, &order->err);
	} else {
		snprintf(path, sizeof path, "/v1/gst/exports/X%lld",
		    (long long)order->row.id);
		request_say(request, "Location", path);
		answer_row(request, 202, &order->row, 0, 0);
	}
	export_order_free(&order);
}

static struct export_order *
order_of(struct call *call)
{
	struct export_order *order = export_order_new();

	order->exporter = api_options(call->api)->exporter;
	order->actor = arena_strdup(order->arena, call->caller.name);
	order->owner = call->request;
	order->finished = ordered;
	return order;
}

void
gst_exports_post(struct call *call)
{
	struct export_order *order = order_of(call);
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	bool ok = tree != NULL && read_order(call, order, tree, &e);

	cJSON_Delete(tree);
	if (ok && pump_call(api_pump(call->api), exporter_start, order, &e))
		return;
	request_fail(call->request, &e);
	export_order_free(&order);
}

void
gst_export_delete(struct call *call)
{
	struct export_order *order;
	struct err e = { 0 };
	int64_t id;

	if (!parse_id(call->args[0], 'X', &id)) {
		answer_absent(call, "such export");
		return;
	}
	order = order_of(call);
	order->row.id = id;
	if (pump_call(api_pump(call->api), exporter_cancel, order, &e))
		return;
	request_fail(call->request, &e);
	export_order_free(&order);
}

/* ---- looking ---------------------------------------------------------- */

/* False: answered. */
static bool
find_row(struct call *call, struct export_row *row)
{
	struct err e = { 0 };
	bool found = false;
	int64_t id;

	if (parse_id(call->args[0], 'X', &id) && !export_load(call->db, id,
	    call->arena, row, &found, &e)) {
		request_fail(call->request, &e);
		return false;
	}
	if (!found)
		answer_absent(call, "such export");
	return found;
}

void
gst_exports_get(struct call *call)
{
	struct answer a;
	int64_t after;
	int limit;
	bool ok;

	if (!page_of(call, 'X', &after, &limit))
		return;
	answer_start(&a, (size_t)ANSWER_MAX * 16);
	ok = view_exports(call->db, call_query(call, "gstin"), after, limit,
	    &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
gst_export_get(struct call *call)
{
	struct export_row row;
	int64_t done, total;

	if (!find_row(call, &row))
		return;
	if (strcmp(row.state, "done") == 0)
		done = total = row.total;
	else
		exporter_progress(api_options(call->api)->exporter, row.id,
		    &done, &total);
	answer_row(call->request, 200, &row, done, total);
}

static const char *
media_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot != NULL && strcmp(dot, ".json") == 0)
		return "application/json";
	if (dot != NULL && strcmp(dot, ".html") == 0)
		return "text/html; charset=utf-8";
	return "text/csv; charset=utf-8";
}

/* Only a name that the receipt has is looked for. */
static bool
is_listed(const struct export_row *row, const char *name)
{
	cJSON *files = json_parse(span_of(row->files));
	const cJSON *file;
	bool listed = false;

	cJSON_ArrayForEach(file, files)
		listed |= strcmp(name, json_text(file, "name")) == 0;
	cJSON_Delete(files);
	return listed;
}

void
gst_export_file_get(struct call *call)
{
	const char *name = call->args[1];
	struct export_row row;
	int64_t size;
	int fd;

	if (!find_row(call, &row))
		return;
	fd = row.kept && is_listed(&row, name) ? exporter_file(
	    api_options(call->api)->exporter, row.id, name, &size) : -1;
	if (fd < 0) {
		answer_absent(call, "such file, or it is no longer kept");
		return;
	}
	request_say(call->request, "Content-Disposition", "attachment");
	request_answer_file(call->request, 200, media_of(name), fd, size);
}
