/*
 * GET /metrics, as OpenMetrics 1.0: one family after the other, each with its
 * type, unit and help once.  Names say their unit; names from outside are
 * only ever label values, escaped.  bahid(8) has the list.
 */
#include "flow/consistency.h"

#include "api/inside.h"
#include "api/metrics.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "core/clock.h"
#include "flow/pump.h"
#include "gst/due.h"
#include "store/gst3b.h"
#include "store/backups.h"
#include "store/numbers.h"
#include "store/poll.h"

/* ---- events and the daemon -------------------------------------------- */

static void
write_tally(void *arg, const char *source, const char *state, int64_t n)
{
	metric_count(arg, "bahi_events", (const char *const []){ "source",
	    source, "state", state, NULL }, n);
}

static bool
write_events(struct call *call, struct str *out, struct err *e)
{
	metric_family(out, "bahi_events", "gauge", NULL,
	    "Events by source and state; received counts all.");
	return view_tally(call->db, write_tally, out, e);
}

static void
write_alert(void *arg, const char *code, int64_t n)
{
	metric_count(arg, "bahi_alerts", (const char *const []){ "code",
	    code, NULL }, n);
}

static bool
write_alerts(struct call *call, struct str *out, struct err *e)
{
	metric_family(out, "bahi_alerts", "gauge", NULL,
	    "Alerts that are raised, by code.");
	return view_alert_counts(call->db, write_alert, out, e);
}

static void
write_daemon(struct call *call, struct str *out)
{
	struct counts *counts = api_counts(call->api);
	struct pump_figures f;

	pump_figures(api_pump(call->api), &f);
	metric_counter(out, "bahi_requests", "Requests handled.",
	    atomic_load(&counts->requests));
	metric_counter(out, "bahi_unauthentic",
	    "Deliveries and calls that did not prove their sender.",
	    atomic_load(&counts->unauthentic));
	metric_family(out, "bahi_denied", "counter", NULL,
	    "Calls turned away: not proved (401), not allowed (403).");
	metric_count(out, "bahi_denied_total", (const char *const []){
	    "status", "401", NULL }, refused_count(call->api, 401));
	metric_count(out, "bahi_denied_total", (const char *const []){
	    "status", "403", NULL }, refused_count(call->api, 403));
	metric_counter(out, "bahi_slowed",
	    "Tries of secrets and tokens that were told to wait.",
	    atomic_load(&counts->slowed));
	metric_counter(out, "bahi_settled", "Events in the groups committed.",
	    f.works);
	metric_counter(out, "bahi_refused",
	    "Events refused because the queue was full.", f.refused);
	metric_gauge(out, "bahi_waiting", "Events that wait for the writer.",
	    f.waiting);
	metric_counter(out, "bahi_commits", "Groups committed.", f.groups);
	metric_family(out, "bahi_commit_seconds", "summary", "seconds",
	    "Settling and committing a group, the disk included.");
	metric_count(out, "bahi_commit_seconds_count", metric_none, f.groups);
	metric_seconds(out, "bahi_commit_seconds_sum", metric_none, f.commits_took);
}

/* Requests a connection, and handshakes that a ticket saved: whether clients
 * keep what they have. */
static void
write_connections(struct str *out)
{
	struct httpd_figures f;

	httpd_figures(&f);
	metric_counter(out, "bahi_connections", "Connections taken.",
	    f.connections);
	metric_counter(out, "bahi_connections_crowded",
	    "Connections cut off, as their peer held enough.", f.crowded);
	metric_family(out, "bahi_handshakes", "counter", NULL,
	    "TLS handshakes that a request came after.");
	metric_count(out, "bahi_handshakes_total", (const char *const []){
	    "kind", "full", NULL }, f.handshakes);
	metric_count(out, "bahi_handshakes_total", (const char *const []){
	    "kind", "resumed", NULL }, f.resumed);
}

static bool
write_backups(struct call *call, struct str *out, struct err *e)
{
	struct backup_state made, tried;

	if (!backup_state(call->db, "backup", &made, e) ||
	    !backup_state(call->db, "drill", &tried, e))
		return false;
	metric_family(out, "bahi_backup_time_seconds", "gauge", "seconds",
	    "When the last good backup was made, since 1970.");
	if (made.at != 0)
		metric_seconds(out, "bahi_backup_time_seconds", metric_none,
		    made.at);
	metric_family(out, "bahi_backup_seconds", "gauge", "seconds",
	    "What the last good backup took.");
	if (made.at != 0)
		metric_seconds(out, "bahi_backup_seconds", metric_none, made.took);
	metric_family(out, "bahi_restore_seconds", "gauge", "seconds",
	    "What restoring took in the last good trial.");
	if (tried.at != 0)
		metric_seconds(out, "bahi_restore_seconds", metric_none,
		    tried.took);
	return true;
}

static void
write_limit(void *arg, const char *source, const char *reason, int64_t n)
{
	metric_count(arg, "bahi_limited_total", (const char *const []){
	    "source", source, "reason", reason, NULL }, n);
}

static void
write_limited(struct call *call, struct str *out)
{
	metric_family(out, "bahi_limited", "counter", NULL,
	    "Deliveries refused: over a limit of their source.");
	limit_figures(call->api, write_limit, out);
}

static void
write_as_of(struct str *out, const struct numbers *n)
{
	metric_gauge(out, "bahi_log_sequence",
	    "Last committed number of the log that these figures are of.",
	    n->seq);
	metric_gauge(out, "bahi_change_sequence", "Last change of the feed.",
	    n->change);
}

/* ---- latencies -------------------------------------------------------- */

static void
write_histograms(struct str *out, const struct numbers *n)
{
	static const char SYNC[] = "bahi_sync_latency_seconds";
	static const char RESOLVE[] = "bahi_resolution_seconds";
	static const char INVOICE[] = "bahi_shipment_to_invoice_seconds";

	metric_family(out, SYNC, "histogram", "seconds", "From what happened "
	    "(else was received) to its journal in the books.");
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		metric_histogram(out, SYNC, "source", one->name,
		    one->sync[WINDOW_ALL].n, one->sync[WINDOW_ALL].micros);
	}
	metric_family(out, INVOICE, "histogram", "seconds", "From an order's first "
	    "shipment to its first invoice, as their events say.");
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		metric_histogram(out, INVOICE, "source", one->name,
		    one->invoice[WINDOW_ALL].n, one->invoice[WINDOW_ALL].micros);
	}
	metric_family(out, RESOLVE, "histogram", "seconds",
	    "From received to resolved, of events that were exceptions.");
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		metric_histogram(out, RESOLVE, "source", one->name,
		    one->resolve[WINDOW_ALL].n, one->resolve[WINDOW_ALL].micros);
	}
}

static void
write_quantile(struct str *out, const char *name, const char *source,
    enum numbers_window window, const struct spread *spread,
    const char *quantile, int64_t part)
{
	int64_t micros = latency_quantile(spread->n, part, 100);

	if (micros >= 0)
		metric_seconds(out, name, (const char *const []){ "source",
		    source, "window", window_names[window], "quantile",
		    quantile, NULL }, micros);
}

static void
write_quantiles(struct str *out, const struct numbers *n)
{
	static const char SYNC[] = "bahi_sync_latency_quantile_seconds";
	static const char RESOLVE[] = "bahi_resolution_median_seconds";
	int64_t median = latency_quantile(n->all.resolve[WINDOW_MONTH].n, 50,
	    100);

	metric_family(out, SYNC, "gauge", "seconds", "What that part of the events "
	    "posted in the window did not exceed, between bucket bounds.");
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		for (int w = WINDOW_TODAY; w < WINDOWS; w++) {
			const struct spread *s = &one->sync[w];
			enum numbers_window at = (enum numbers_window)w;

			write_quantile(out, SYNC, one->name, at, s, "0.5",
			    50);
			write_quantile(out, SYNC, one->name, at, s, "0.95",
			    95);
			write_quantile(out, SYNC, one->name, at, s, "0.99",
			    99);
		}
	}
	metric_family(out, RESOLVE, "gauge", "seconds",
	    "Half of the exceptions resolved in 30 days took no longer.");
	if (median >= 0)
		metric_seconds(out, RESOLVE, metric_none, median);
}

/* ---- rates ------------------------------------------------------------ */

enum count_of { OF_POSTED, OF_TOUCHLESS, OF_MANUAL, OF_DUPLICATE,
	OF_RECEIVED, OF_ORDERS, OF_ORDER_EXCEPTIONS };

static int64_t
count_of(const struct number_source *one, enum count_of what)
{
	switch (what) {
	case OF_POSTED:
		return one->posted;
	case OF_TOUCHLESS:
		return one->touchless;
	case OF_MANUAL:
		return one->manual;
	case OF_DUPLICATE:
		return one->duplicate;
	case OF_RECEIVED:
		return one->received;
	case OF_ORDERS:
		return one->orders;
	case OF_ORDER_EXCEPTIONS:
		return one->order_exceptions;
	}
	return 0;
}

static void
write_counts(struct str *out, const struct numbers *n, const char *name,
    enum count_of what, const char *help)
{
	char total[80];

	metric_family(out, name, "counter", NULL, help);
	snprintf(total, sizeof total, "%s_total", name);
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		metric_count(out, total, (const char *const []){ "source",
		    one->name, NULL }, count_of(one, what));
	}
}

static void
write_ratios(struct str *out, const struct numbers *n, const char *name,
    enum count_of part, enum count_of whole, const char *help)
{
	metric_family(out, name, "gauge", "ratio", help);
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		metric_ratio(out, name, (const char *const []){ "source",
		    one->name, NULL }, count_of(one, part),
		    count_of(one, whole));
	}
}

static void
write_heard(struct str *out, const struct numbers *n)
{
	static const char NAME[] = "bahi_source_last_event_timestamp_seconds";

	metric_family(out, NAME, "gauge", "seconds",
	    "When the last new event of the source was received.");
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		if (one->last_at != 0)
			metric_seconds(out, NAME, (const char *const []){
			    "source", one->name, NULL }, one->last_at);
	}
}

static void
write_rates(struct call *call, struct str *out, const struct numbers *n)
{
	static const char SAVED[] = "bahi_time_saved_seconds";

	write_counts(out, n, "bahi_posted", OF_POSTED,
	    "Events that came to be posted.");
	write_counts(out, n, "bahi_touchless", OF_TOUCHLESS,
	    "Of these, posted without anybody's decision.");
	write_counts(out, n, "bahi_manual", OF_MANUAL,
	    "Of these, journal vouchers: written by hand.");
	write_ratios(out, n, "bahi_touchless_ratio", OF_TOUCHLESS, OF_POSTED,
	    "Touchless of all that posted.");
	write_ratios(out, n, "bahi_manual_ratio", OF_MANUAL, OF_POSTED,
	    "Journal vouchers of all that posted.");
	write_ratios(out, n, "bahi_duplicate_ratio", OF_DUPLICATE,
	    OF_RECEIVED, "Deliveries that came again, of all received.");
	metric_family(out, SAVED, "gauge", "seconds",
	    "Touchless items times the setting minutes_per_item.");
	metric_count(out, SAVED, metric_none, n->all.touchless * 60 *
	    api_options(call->api)->minutes);
	write_heard(out, n);
}

/* ---- what waits ------------------------------------------------------- */

/* In the order read, those of one entity, age and state stand together. */
static void
write_backlog(struct str *out, const struct numbers *n)
{
	static const char COUNT[] = "bahi_unposted";
	static const char AMOUNT[] = "bahi_unposted_amount";

	metric_family(out, COUNT, "gauge", NULL,
	    "Events not posted that somebody may act on.");
	for (size_t i = 0; i < n->backlog.n; i++) {
		const struct number_backlog *one = vec_at(&n->backlog, i);

		metric_count(out, COUNT, (const char *const []){ "entity",
		    one->entity, "kind", one->kind, "state", one->state,
		    "age", age_names[one->age], "currency", one->currency,
		    NULL }, one->count);
	}
	metric_family(out, AMOUNT, "gauge", NULL,
	    "What their documents amount to, in that currency.");
	for (size_t i = 0; i < n->backlog.n; i++) {
		const struct number_backlog *one = vec_at(&n->backlog, i);

		if (one->currency[0] != '\0')
			metric_amount(out, AMOUNT, (const char *const []){
			    "entity", one->entity, "kind", one->kind,
			    "state", one->state, "age",
			    age_names[one->age], "currency", one->currency,
			    NULL }, one->amount, one->currency);
	}
}

static void
write_exceptions(struct str *out, const struct numbers *n)
{
	static const char NAME[] = "bahi_exceptions";

	metric_family(out, NAME, "gauge", NULL,
	    "Open events by state and age since received.");
	for (int s = 0; s < EVENT_STATES; s++) {
		const char *state = event_state_name((enum event_state)s);

		for (int age = 0; event_state_open((enum event_state)s) &&
		    age < AGES; age++)
			metric_count(out, NAME, (const char *const []){
			    "state", state, "age", age_names[age], NULL },
			    numbers_open(n, state, (enum numbers_age)age));
	}
}

static void
write_dimensions(struct str *out, const struct numbers *n)
{
	static const char FAILED[] = "bahi_dimension_failures";
	static const char OPEN[] = "bahi_dimension_open";

	metric_family(out, FAILED, "counter", NULL,
	    "Events that came with a value that the dimension lacks.");
	for (size_t i = 0; i < n->dimensions.n; i++) {
		const struct number_dimension *one = vec_at(&n->dimensions,
		    i);

		metric_count(out, "bahi_dimension_failures_total",
		    (const char *const []){ "source", one->source,
		    "dimension", one->dimension, NULL }, one->failed);
	}
	metric_family(out, OPEN, "gauge", NULL,
	    "Open findings of that dimension: events times values.");
	for (size_t i = 0; i < n->dimensions.n; i++) {
		const struct number_dimension *one = vec_at(&n->dimensions,
		    i);

		metric_count(out, OPEN, (const char *const []){ "source",
		    one->source, "dimension", one->dimension, NULL },
		    one->open);
	}
}

/* ---- money ------------------------------------------------------------ */

static void
write_positions(struct str *out, const struct numbers *n)
{
	static const char NAME[] = "bahi_position_amount";
	const char *entity, *currency;

	metric_family(out, NAME, "gauge", NULL, "Live balance of the accounts of "
	    "a role, in the entity's own currency; debit positive.");
	for (size_t at = 0; numbers_next_entity(n, &at, &entity, &currency);)
		for (int role = 0; role < ACCOUNT_ROLES; role++)
			metric_amount(out, NAME, (const char *const []){
			    "entity", entity, "role",
			    account_role_names[role], "currency", currency,
			    NULL }, numbers_position(n,
			    (enum account_role)role, entity), currency);
}

static void
write_clearing(struct str *out, const struct numbers *n)
{
	static const char AMOUNT[] = "bahi_clearing_amount";
	static const char AGE[] = "bahi_clearing_age_seconds";

	metric_family(out, AMOUNT, "gauge", NULL,
	    "Balance of each clearing account.");
	for (size_t i = 0; i < n->accounts.n; i++) {
		const struct number_account *one = vec_at(&n->accounts, i);

		if (one->role == ROLE_OF_CLEARING)
			metric_amount(out, AMOUNT, (const char *const []){
			    "entity", one->entity, "account", one->account,
			    "currency", one->currency, NULL }, one->balance,
			    one->currency);
	}
	metric_family(out, AGE, "gauge", "seconds",
	    "How long it has not been zero; 0: it is.");
	for (size_t i = 0; i < n->accounts.n; i++) {
		const struct number_account *one = vec_at(&n->accounts, i);
		bool old = one->since_at != 0 && one->since_at < n->at;

		if (one->role == ROLE_OF_CLEARING)
			metric_seconds(out, AGE, (const char *const []){
			    "entity", one->entity, "account", one->account,
			    "currency", one->currency, NULL }, old ?
			    n->at - one->since_at : 0);
	}
}

/* ---- orders and stock ------------------------------------------------- */

static void
write_orders(struct str *out, const struct numbers *n)
{
	static const char OPEN[] = "bahi_orders_open";

	write_counts(out, n, "bahi_orders", OF_ORDERS,
	    "Events of sales orders and shipments.");
	write_counts(out, n, "bahi_order_exceptions", OF_ORDER_EXCEPTIONS,
	    "Of these, failed, held, in conflict, oversold, short of stock "
	    "or beyond their order.");
	write_ratios(out, n, "bahi_order_exception_ratio",
	    OF_ORDER_EXCEPTIONS, OF_ORDERS,
	    "Of all events of sales orders and shipments.");
	metric_family(out, OPEN, "gauge", NULL,
	    "Orders not shipped, or shipped and not invoiced, by age.");
	for (int stage = 0; stage < ORDER_STAGES; stage++)
		for (int age = 0; age < AGES; age++)
			metric_count(out, OPEN, (const char *const []){
			    "stage", order_stage_names[stage], "age",
			    age_names[age], NULL }, n->stages[stage][age]);
}

static void
write_locations(struct str *out, const struct numbers *n)
{
	static const char ADJUSTED[] = "bahi_inventory_divergence_amount";
	static const char NEGATIVE[] = "bahi_inventory_negative_items";

	metric_family(out, ADJUSTED, "gauge", NULL, "Value at cost that counts of "
	    "30 days found different, signs dropped.");
	for (size_t i = 0; i < n->locations.n; i++) {
		const struct number_location *one = vec_at(&n->locations, i);

		metric_amount(out, ADJUSTED, (const char *const []){
		    "entity", one->entity, "location", one->location,
		    "currency", one->currency, NULL }, one->adjusted_month,
		    one->currency);
	}
	metric_family(out, NEGATIVE, "gauge", NULL,
	    "Items of which the books say fewer than none.");
	for (size_t i = 0; i < n->locations.n; i++) {
		const struct number_location *one = vec_at(&n->locations, i);

		metric_count(out, NEGATIVE, (const char *const []){
		    "entity", one->entity, "location", one->location, NULL },
		    one->negative);
	}
}

/* ---- the group -------------------------------------------------------- */

#define MISMATCHES "bahi_intercompany_mismatches"
#define MISMATCH_AMOUNT "bahi_intercompany_mismatch_amount"

struct mismatch_families {
	struct str counts, amounts;
};

static void
write_mismatch(void *arg, const char *pair, const char *currency, int64_t n,
    int64_t amount)
{
	struct mismatch_families *f = arg;

	if (currency == NULL)
		metric_count(&f->counts, MISMATCHES, (const char *const []){
		    "pair", pair, NULL }, n);
	else
		metric_amount(&f->amounts, MISMATCH_AMOUNT,
		    (const char *const []){ "pair", pair, "currency",
		    currency, NULL }, amount, currency);
}

static bool
write_group(struct call *call, struct str *out, struct err *e)
{
	struct mismatch_families f;
	bool ok;

	str_init(&f.counts, 4 << 20);
	str_init(&f.amounts, 4 << 20);
	ok = view_intercompany_sums(call->db, write_mismatch, &f, e);
	metric_family(out, MISMATCHES, "gauge", NULL,
	    "What two companies of the group do not agree on.");
	str_add(out, f.counts.p, f.counts.n);
	metric_family(out, MISMATCH_AMOUNT, "gauge", NULL,
	    "By how much, signs dropped.");
	str_add(out, f.amounts.p, f.amounts.n);
	str_free(&f.counts);
	str_free(&f.amounts);
	return ok;
}

/* ---- consistency ------------------------------------------------------ */

static void
write_consistency(struct call *call, struct str *out)
{
	static const char RATIO[] = "bahi_consistency_ratio";
	static const char WHEN[] = "bahi_consistency_timestamp_seconds";
	struct consistency_report *report = arena_alloc(call->arena,
	    sizeof *report);
	const struct walked *last = &report->last;

	consistency_read(api_options(call->api)->consistency, report);
	metric_family(out, RATIO, "gauge", "ratio", "Events whose effect on the "
	    "ledger is as expected, of those last seen.");
	metric_ratio(out, RATIO, metric_none, last->events > last->differing ?
	    last->events - last->differing : 0, last->events);
	metric_gauge(out, "bahi_consistency_differences",
	    "What differs now; GET /v1/consistency names it.",
	    report->differences);
	metric_counter(out, "bahi_consistency_passes",
	    "Whole walks over the ledger since the start.", report->passes);
	metric_family(out, WHEN, "gauge", "seconds",
	    "When the last whole walk ended.");
	if (report->at != 0)
		metric_seconds(out, WHEN, metric_none, report->at);
}

/* ---- polls ------------------------------------------------------------ */

enum poll_figure { POLL_GOOD, POLL_BREAKER, POLL_STOPPED, POLL_SUCCESS,
	POLL_ITEMS, POLL_FAILURES, POLL_FIGURES };

static const struct {
	const char *name, *type, *unit, *help;
} poll_families[POLL_FIGURES] = {
	[POLL_GOOD] = { "bahi_poll_good", "gauge", NULL,
	    "1 while the last try went well." },
	[POLL_BREAKER] = { "bahi_poll_breaker_open", "gauge", NULL,
	    "1 while the breaker is open or half-open." },
	[POLL_STOPPED] = { "bahi_poll_stopped", "gauge", NULL,
	    "1 while it waits for a change of its file." },
	[POLL_SUCCESS] = { "bahi_poll_last_success_timestamp_seconds",
	    "gauge", "seconds", "When the last page was kept." },
	[POLL_ITEMS] = { "bahi_poll_items", "counter", NULL,
	    "Items given to the books." },
	[POLL_FAILURES] = { "bahi_poll_failures", "counter", NULL,
	    "Tries that failed." },
};

struct poll_family {
	struct str *out;
	enum poll_figure figure;
};

static void
write_poll(void *arg, const struct poll_row *row)
{
	const struct poll_family *f = arg;
	const int64_t values[POLL_FIGURES] = {
		[POLL_GOOD] = strcmp(row->state, "good") == 0,
		[POLL_BREAKER] = strcmp(row->breaker, "closed") != 0,
		[POLL_STOPPED] = strcmp(row->state, "stopped") == 0,
		[POLL_SUCCESS] = row->good / 1000000,
		[POLL_ITEMS] = row->items,
		[POLL_FAILURES] = row->failures,
	};
	char name[80];

	snprintf(name, sizeof name, "%s%s", poll_families[f->figure].name,
	    strcmp(poll_families[f->figure].type, "counter") == 0 ? "_total" :
	    "");
	metric_count(f->out, name, (const char *const []){ "poll", row->name,
	    NULL }, values[f->figure]);
}

static bool
write_polls(struct call *call, struct str *out, struct err *e)
{
	for (int i = 0; i < POLL_FIGURES; i++) {
		struct poll_family f = { out, (enum poll_figure)i };

		metric_family(out, poll_families[i].name, poll_families[i].type,
		    poll_families[i].unit, poll_families[i].help);
		if (!poll_all(call->db, write_poll, &f, e))
			return false;
	}
	return true;
}

/* ---- the close -------------------------------------------------------- */

static const char CLOSE_OPEN[] = "bahi_close_open_lines";

static void
write_close(void *arg, const char *entity, const char *period, int n)
{
	metric_count(arg, CLOSE_OPEN, (const char *const []){ "entity",
	    entity, "period", period, NULL }, n);
}

static bool
write_closes(struct call *call, struct str *out, struct err *e)
{
	metric_family(out, CLOSE_OPEN, "gauge", NULL, "Lines of the close board "
	    "that are not clean, of the oldest three periods that are "
	    "not closed.");
	return close_figures(call, write_close, out, e);
}

/* ---- GST -------------------------------------------------------------- */

#define LIABILITY "bahi_gst_liability_amount"
#define CREDIT "bahi_gst_credit_amount"
#define DUE "bahi_gst_days_to_due"

struct gst_families {
	struct str liability, credit, due;
	int64_t since;		/* months before are told no more */
};

/* What is to be paid in cash, and what credit is left after. */
static bool
write_form(void *arg, const struct gst3b_form *form, struct err *e)
{
	struct gst_families *f = arg;
	const struct gst3b *is = &form->figures;
	char period[GST_PERIOD_SIZE];

	(void)e;
	gst_period_text(form->period, period);
	for (int h = 0; form->period >= f->since && h < GST_HEADS; h++) {
		const char *const labels[] = { "gstin", form->own->gstin,
		    "period", period, "head",
		    gst_head_name((enum gst_head)h), "currency", "INR",
		    NULL };

		metric_amount(&f->liability, LIABILITY, labels,
		    is->paid.cash[h] + is->paid.reverse[h] +
		    is->extra[GST3B_INTEREST][h] + is->extra[GST3B_FEE][h],
		    "INR");
		metric_amount(&f->credit, CREDIT, labels, is->paid.left[h],
		    "INR");
	}
	return true;
}

static bool
write_due(struct call *call, const struct reference *reference,
    const struct registration *own, struct day today,
    struct gst_families *f, struct err *e)
{
	for (int i = 0; gst_forms[i] != NULL; i++) {
		char text[GST_PERIOD_SIZE];
		struct day due;
		int64_t period;
		bool any;

		if (!gst_next_due(call->db, reference, own, gst_forms[i],
		    today, &period, &due, &any, e))
			return false;
		if (!any)
			continue;
		gst_period_text(period, text);
		metric_count(&f->due, DUE, (const char *const []){ "gstin",
		    own->gstin, "form", gst_forms[i], "period", text, NULL },
		    day_between(today, due));
	}
	return true;
}

static bool
walk_registrations(struct call *call, const struct reference *reference,
    struct gst_families *f, struct err *e)
{
	struct day today = day_from_time(clock_now());
	int64_t now = gst_period_of(today);
	const struct registration *own;
	size_t at = 0;

	f->since = gst_period_add(now, -1);
	while ((own = reference_next_registration(reference, &at)) != NULL) {
		if (reference_registration(reference, own->gstin, today) !=
		    own)
			continue;
		if (!gst3b_each(call->db, reference, own->gstin, now,
		    write_form, f, e) || !write_due(call, reference, own,
		    today, f, e))
			return false;
	}
	return true;
}

static bool
write_gst(struct call *call, struct str *out, struct err *e)
{
	struct reference *reference = pump_reference(api_pump(call->api));
	struct gst_families f;
	bool ok;

	str_init(&f.liability, 1 << 20);
	str_init(&f.credit, 1 << 20);
	str_init(&f.due, 1 << 20);
	ok = walk_registrations(call, reference, &f, e);
	reference_drop(&reference);
	metric_family(out, LIABILITY, "gauge", NULL, "GST to be paid in cash for "
	    "this return and the one before.");
	str_add(out, f.liability.p, f.liability.n);
	metric_family(out, CREDIT, "gauge", NULL,
	    "Input tax credit that is left after it.");
	str_add(out, f.credit.p, f.credit.n);
	metric_family(out, DUE, "gauge", NULL, "Days until the first period of the "
	    "form that is not filed is due; below zero it is late.");
	str_add(out, f.due.p, f.due.n);
	str_free(&f.liability);
	str_free(&f.credit);
	str_free(&f.due);
	return ok;
}

/* ---- all -------------------------------------------------------------- */

static bool
write_metrics(struct call *call, struct str *out, struct err *e)
{
	struct numbers numbers;

	if (!write_events(call, out, e) || !write_alerts(call, out, e) ||
	    !write_backups(call, out, e) ||
	    !write_polls(call, out, e) ||
	    !metrics_targets(call, out, e) || !write_group(call, out, e) ||
	    !write_closes(call, out, e) || !write_gst(call, out, e) ||
	    !numbers_read(call->db, call->arena, clock_now(), &numbers, e))
		return false;
	write_daemon(call, out);
	write_connections(out);
	write_limited(call, out);
	write_as_of(out, &numbers);
	write_histograms(out, &numbers);
	write_quantiles(out, &numbers);
	write_rates(call, out, &numbers);
	write_backlog(out, &numbers);
	write_exceptions(out, &numbers);
	write_dimensions(out, &numbers);
	write_positions(out, &numbers);
	write_clearing(out, &numbers);
	write_orders(out, &numbers);
	write_locations(out, &numbers);
	write_consistency(call, out);
	numbers_free(&numbers);
	str_adds(out, "# EOF\n");
	return !out->over || err_set(e, ERR_STORE, "too many metrics");
}

void
metrics_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;

	str_init(&out, 16 << 20);
	if (write_metrics(call, &out, &e))
		request_answer(call->request, 200,
		    "application/openmetrics-text; version=1.0.0; "
		    "charset=utf-8", str_span(&out));
	else
		request_fail(call->request, &e);
	str_free(&out);
}
