/* The numbers that finance asks for, as JSON. */
#include "flow/consistency.h"

#include "api/inside.h"

#include "core/clock.h"
#include "store/numbers.h"
#include "store/show.h"

static void
write_rate(struct json *j, const struct consistency_report *report)
{
	const struct walked *last = &report->last;
	char ratio[16];

	if (last->events > 0)
		ratio_text(last->events > last->differing ? last->events -
		    last->differing : 0, last->events, ratio);
	json_kstr(j, "ratio", last->events > 0 ? ratio : NULL);
	json_kint(j, "passes", report->passes);
	show_time(j, "at", report->at);
	json_kint(j, "events", last->events);
	json_kint(j, "posted", last->posted);
	json_kint(j, "documents", last->versions);
	json_kint(j, "journals", last->journals);
	json_kint(j, "entries", last->entries);
	json_kint(j, "differing", last->differing);
	json_kint(j, "differences", report->differences);
}

static const struct consistency_report *
report_of(struct call *call)
{
	struct consistency_report *report = arena_alloc(call->arena,
	    sizeof *report);

	consistency_read(api_options(call->api)->consistency, report);
	return report;
}

void
consistency_get(struct call *call)
{
	const struct consistency_report *report = report_of(call);
	struct answer a;

	answer_start(&a, 1 << 20);
	json_open(&a.j, '{');
	write_rate(&a.j, report);
	json_key(&a.j, "items");
	json_open(&a.j, '[');
	for (size_t i = 0; i < report->n; i++) {
		const struct difference *one = &report->items[i];

		json_open(&a.j, '{');
		json_kstr(&a.j, "code", one->code);
		json_kstr(&a.j, "name", one->name);
		json_kstr(&a.j, "detail", one->detail);
		show_time(&a.j, "since", one->since);
		json_close(&a.j, '}');
	}
	json_close(&a.j, ']');
	json_close(&a.j, '}');
	answer_end(call, &a, true);
}

static void
write_consistency(struct call *call, struct json *j)
{
	json_key(j, "consistency");
	json_open(j, '{');
	write_rate(j, report_of(call));
	json_close(j, '}');
}

void
numbers_get(struct call *call)
{
	struct numbers numbers;
	struct answer a;
	bool ok;

	answer_start(&a, 16 << 20);
	ok = numbers_read(call->db, call->arena, clock_now(), &numbers, &a.e);
	if (ok) {
		json_open(&a.j, '{');
		view_numbers(&a.j, &numbers, api_options(call->api)->minutes);
		write_consistency(call, &a.j);
		json_close(&a.j, '}');
		numbers_free(&numbers);
	}
	answer_end(call, &a, ok);
}

void
activity_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok, found;

	str_init(&out, 16 << 20);
	json_start(&j, &out);
	ok = view_activity(call->db, call_query(call, "period"), clock_now(),
	    &j, &found, &e);
	if (ok && !found) {
		err_set(&e, ERR_REQUEST, "period: a month is YYYY-MM");
		request_fail(call->request, &e);
	} else {
		answer_view(call, ok, &out, &e);
	}
	str_free(&out);
}
