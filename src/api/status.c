/* How things stand: status, signatures, health, metrics. */
#include "api/inside.h"

void
status_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, 4 << 20);
	json_start(&j, &out);
	ok = view_status(call->db, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
signatures_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, 64 << 20);
	json_start(&j, &out);
	ok = view_signatures(call->db, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
health_get(struct call *call)
{
	struct pump_figures figures;
	struct err e = { 0 };

	pump_figures(api_pump(call->api), &figures);
	if (figures.draining) {
		err_set(&e, ERR_BUSY, "shutting down");
		request_fail(call->request, &e);
		return;
	}
	request_answer(call->request, 200, "application/json",
	    SPAN("{\"status\":\"ok\"}"));
}

/* ---- metrics (OpenMetrics 1.0) ---------------------------------------- */

static void
label(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			str_addc(out, '\\');
		str_addc(out, *text == '\n' ? ' ' : *text);
	}
}

static void
write_tally(void *arg, const char *source, const char *state, int64_t n)
{
	struct str *out = arg;

	str_adds(out, "bahi_events{source=\"");
	label(out, source);
	str_adds(out, "\",state=\"");
	label(out, state);
	str_addf(out, "\"} %lld\n", (long long)n);
}

static void
write_limited(void *arg, const char *source, const char *reason, int64_t n)
{
	struct str *out = arg;

	str_adds(out, "bahi_limited_total{source=\"");
	label(out, source);
	str_addf(out, "\",reason=\"%s\"} %lld\n", reason, (long long)n);
}

static void
write_alerts(void *arg, const char *code, int64_t n)
{
	struct str *out = arg;

	str_addf(out, "bahi_alerts{code=\"%s\"} %lld\n", code, (long long)n);
}

static void
metric(struct str *out, const char *name, const char *type,
    const char *help, int64_t n)
{
	bool counter = strcmp(type, "counter") == 0;

	str_addf(out, "# TYPE %s %s\n# HELP %s %s\n%s%s %lld\n", name, type,
	    name, help, name, counter ? "_total" : "", (long long)n);
}

void
metrics_get(struct call *call)
{
	struct pump_figures f;
	struct counts *counts = api_counts(call->api);
	struct err e = { 0 };
	struct str out;

	pump_figures(api_pump(call->api), &f);
	str_init(&out, 4 << 20);
	str_adds(&out, "# TYPE bahi_events gauge\n"
	    "# HELP bahi_events Events by source and state.\n");
	if (!view_tally(call->db, write_tally, &out, &e)) {
		request_fail(call->request, &e);
		str_free(&out);
		return;
	}
	str_adds(&out, "# TYPE bahi_alerts gauge\n"
	    "# HELP bahi_alerts Alerts that are raised, by code.\n");
	if (!view_alert_counts(call->db, write_alerts, &out, &e)) {
		request_fail(call->request, &e);
		str_free(&out);
		return;
	}
	metric(&out, "bahi_requests", "counter", "Requests handled.",
	    atomic_load(&counts->requests));
	metric(&out, "bahi_unauthentic", "counter",
	    "Deliveries and calls that did not prove their sender.",
	    atomic_load(&counts->unauthentic));
	metric(&out, "bahi_commits", "counter", "Groups committed.",
	    f.groups);
	metric(&out, "bahi_settled", "counter", "Events in those groups.",
	    f.works);
	metric(&out, "bahi_refused", "counter",
	    "Events refused because the queue was full.", f.refused);
	metric(&out, "bahi_waiting", "gauge",
	    "Events that wait for the writer.", f.waiting);
	str_adds(&out, "# TYPE bahi_limited counter\n# HELP bahi_limited "
	    "Deliveries refused: over a limit of their source.\n");
	limit_figures(call->api, write_limited, &out);
	str_adds(&out, "# EOF\n");
	request_answer(call->request, 200, "application/openmetrics-text; "
	    "version=1.0.0; charset=utf-8", str_span(&out));
	str_free(&out);
}
