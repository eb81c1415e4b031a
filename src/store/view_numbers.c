/* The numbers as JSON: seconds and ratios as decimal text, counts as they are,
 * amounts in major units. */
#include "store/show.h"

#include <string.h>

#include "store/numbers.h"

static void
show_ratio(struct json *j, const char *key, int64_t n, int64_t of)
{
	char text[16];

	if (of > 0 && n >= 0 && n <= of)
		ratio_text(n, of, text);
	json_kstr(j, key, of > 0 && n >= 0 && n <= of ? text : NULL);
}

static void
show_seconds(struct json *j, const char *key, int64_t micros)
{
	char text[32];

	if (micros >= 0)
		seconds_text(micros, text);
	json_kstr(j, key, micros >= 0 ? text : NULL);
}

static int64_t
count_of(const struct spread *spread)
{
	int64_t n = 0;

	for (int i = 0; i <= LATENCY_BUCKETS; i++)
		n += spread->n[i];
	return n;
}

static void
show_spread(struct json *j, const struct spread *spread)
{
	json_open(j, '{');
	json_kint(j, "count", count_of(spread));
	show_seconds(j, "p50_seconds", latency_quantile(spread->n, 50, 100));
	show_seconds(j, "p95_seconds", latency_quantile(spread->n, 95, 100));
	show_seconds(j, "p99_seconds", latency_quantile(spread->n, 99, 100));
	json_close(j, '}');
}

static void
show_spreads(struct json *j, const char *key,
    const struct spread spreads[WINDOWS])
{
	json_key(j, key);
	json_open(j, '{');
	for (int w = 0; w < WINDOWS; w++) {
		json_key(j, window_names[w]);
		show_spread(j, &spreads[w]);
	}
	json_close(j, '}');
}

static void
show_source(struct json *j, const struct number_source *one)
{
	json_kint(j, "received", one->received);
	json_kint(j, "duplicates", one->duplicate);
	show_ratio(j, "duplicate_ratio", one->duplicate, one->received);
	json_kint(j, "posted", one->posted);
	json_kint(j, "touchless", one->touchless);
	show_ratio(j, "touchless_ratio", one->touchless, one->posted);
	json_kint(j, "manual", one->manual);
	show_ratio(j, "manual_ratio", one->manual, one->posted);
	show_spreads(j, "latency", one->sync);
	show_spreads(j, "resolution", one->resolve);
	show_id(j, "last_event", 'E', one->last);
	show_time(j, "last_received", one->last_at);
}

static void
show_sources(struct json *j, const struct numbers *n)
{
	json_key(j, "total");
	json_open(j, '{');
	show_source(j, &n->all);
	json_close(j, '}');
	json_key(j, "sources");
	json_open(j, '[');
	for (size_t i = 0; i < n->sources.n; i++) {
		const struct number_source *one = vec_at(&n->sources, i);

		json_open(j, '{');
		json_kstr(j, "name", one->name);
		show_source(j, one);
		/* No source numbers its deliveries: what is missing on the
		 * way to us cannot be known. */
		json_key(j, "complete_to");
		json_null(j);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* ---- what waits ------------------------------------------------------- */

static bool
same_group(const struct number_backlog *a, const struct number_backlog *b)
{
	return a->age == b->age && strcmp(a->entity, b->entity) == 0;
}

/* Those of one entity and age stand together. */
static void
show_group(struct json *j, const struct vec *vec, size_t *at)
{
	const struct number_backlog *first = vec_at(vec, *at);
	struct sums sums = { .n = 0 };
	int64_t count = 0;

	for (; *at < vec->n; ++*at) {
		const struct number_backlog *one = vec_at(vec, *at);

		if (!same_group(first, one))
			break;
		count += one->count;
		sums_add(&sums, one->currency, one->amount);
	}
	json_open(j, '{');
	json_kstr(j, "entity", first->entity[0] != '\0' ? first->entity :
	    NULL);
	json_kstr(j, "age", age_names[first->age]);
	json_kint(j, "count", count);
	json_key(j, "amounts");
	show_sums(j, &sums);
	json_close(j, '}');
}

static void
show_backlog(struct json *j, const struct vec *vec)
{
	json_key(j, "backlog");
	json_open(j, '[');
	for (size_t at = 0; at < vec->n;)
		show_group(j, vec, &at);
	json_close(j, ']');
}

int64_t
numbers_open(const struct numbers *n, const char *state,
    enum numbers_age age)
{
	int64_t count = 0;

	for (size_t i = 0; i < n->backlog.n; i++) {
		const struct number_backlog *one = vec_at(&n->backlog, i);

		if (one->age == age && strcmp(one->state, state) == 0)
			count += one->count;
	}
	return count;
}

static void
show_exceptions(struct json *j, const struct numbers *n)
{
	json_key(j, "exceptions");
	json_open(j, '[');
	for (int s = 0; s < EVENT_STATES; s++) {
		const char *name = event_state_name((enum event_state)s);

		if (!event_state_open((enum event_state)s))
			continue;
		json_open(j, '{');
		json_kstr(j, "state", name);
		json_key(j, "ages");
		json_open(j, '{');
		for (int age = 0; age < AGES; age++)
			json_kint(j, age_names[age], numbers_open(n, name,
			    (enum numbers_age)age));
		json_close(j, '}');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
show_dimensions(struct json *j, const struct vec *vec)
{
	json_key(j, "dimensions");
	json_open(j, '[');
	for (size_t i = 0; i < vec->n; i++) {
		const struct number_dimension *one = vec_at(vec, i);

		json_open(j, '{');
		json_kstr(j, "source", one->source);
		json_kstr(j, "dimension", one->dimension);
		json_kint(j, "failed", one->failed);
		json_kint(j, "open", one->open);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* ---- money ------------------------------------------------------------ */

static void
show_account(struct json *j, const struct number_account *one, int64_t now)
{
	json_open(j, '{');
	json_kstr(j, "role", account_role_names[one->role]);
	json_kstr(j, "entity", one->entity);
	json_kstr(j, "account", one->account);
	json_kstr(j, "name", one->name);
	json_kstr(j, "currency", one->currency);
	show_amount(j, "balance", one->balance, one->currency);
	show_amount(j, "base_balance", one->base, one->base_currency);
	show_time(j, "moved", one->last_at);
	show_time(j, "since", one->since_at);
	show_seconds(j, "age_seconds", one->since_at == 0 ? -1 :
	    one->since_at > now ? 0 : now - one->since_at);
	json_close(j, '}');
}

int64_t
numbers_position(const struct numbers *n, enum account_role role,
    const char *entity)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n->accounts.n; i++) {
		const struct number_account *one = vec_at(&n->accounts, i);

		if (one->role == role && strcmp(one->entity, entity) == 0)
			sum += one->base;
	}
	return sum;
}

/* Accounts are read in the order of their entity. */
bool
numbers_next_entity(const struct numbers *n, size_t *at,
    const char **entity, const char **currency)
{
	const struct number_account *one;

	if (*at >= n->accounts.n)
		return false;
	one = vec_at(&n->accounts, *at);
	*entity = one->entity;
	*currency = one->base_currency;
	for (; *at < n->accounts.n; ++*at) {
		one = vec_at(&n->accounts, *at);
		if (strcmp(one->entity, *entity) != 0)
			break;
	}
	return true;
}

static void
show_cash(struct json *j, const struct numbers *n)
{
	const char *entity, *currency;

	json_key(j, "cash");
	json_open(j, '{');
	json_key(j, "positions");
	json_open(j, '[');
	for (size_t at = 0; numbers_next_entity(n, &at, &entity, &currency);) {
		json_open(j, '{');
		json_kstr(j, "entity", entity);
		json_kstr(j, "currency", currency);
		for (int role = 0; role < ACCOUNT_ROLES; role++)
			show_amount(j, account_role_names[role],
			    numbers_position(n, (enum account_role)role,
			    entity), currency);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_key(j, "accounts");
	json_open(j, '[');
	for (size_t i = 0; i < n->accounts.n; i++)
		show_account(j, vec_at(&n->accounts, i), n->at);
	json_close(j, ']');
	json_close(j, '}');
}

/* ---- orders and stock ------------------------------------------------- */

static void
show_stuck(struct json *j, const struct vec *vec)
{
	json_key(j, "stuck");
	json_open(j, '[');
	for (size_t i = 0; i < vec->n; i++) {
		const struct number_stuck *one = vec_at(vec, i);

		json_open(j, '{');
		json_kstr(j, "stage", order_stage_names[one->stage]);
		json_kstr(j, "entity", one->entity);
		json_kstr(j, "order", one->number);
		show_time(j, "since", one->since);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
show_orders(struct json *j, const struct numbers *n)
{
	json_key(j, "orders");
	json_open(j, '{');
	json_kint(j, "received", n->all.orders);
	json_kint(j, "exceptions", n->all.order_exceptions);
	show_ratio(j, "exception_ratio", n->all.order_exceptions,
	    n->all.orders);
	show_spreads(j, "shipment_to_invoice", n->all.invoice);
	for (int stage = 0; stage < ORDER_STAGES; stage++) {
		json_key(j, order_stage_names[stage]);
		json_open(j, '{');
		for (int age = 0; age < AGES; age++)
			json_kint(j, age_names[age], n->stages[stage][age]);
		json_close(j, '}');
	}
	show_stuck(j, &n->stuck);
	json_close(j, '}');
}

static void
show_locations(struct json *j, const struct vec *vec)
{
	json_key(j, "inventory");
	json_open(j, '[');
	for (size_t i = 0; i < vec->n; i++) {
		const struct number_location *one = vec_at(vec, i);

		json_open(j, '{');
		json_kstr(j, "entity", one->entity);
		json_kstr(j, "location", one->location);
		json_kstr(j, "currency", one->currency);
		show_amount(j, "adjusted", one->adjusted, one->currency);
		show_amount(j, "adjusted_30d", one->adjusted_month,
		    one->currency);
		json_kint(j, "negative_items", one->negative);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* ---- all -------------------------------------------------------------- */

void
view_numbers(struct json *j, const struct numbers *n, int64_t minutes)
{
	json_key(j, "as_of");
	json_open(j, '{');
	json_kint(j, "seq", n->seq);
	json_kint(j, "change", n->change);
	show_time(j, "at", n->at);
	json_close(j, '}');
	show_sources(j, n);
	json_key(j, "time_saved");
	json_open(j, '{');
	json_kint(j, "items", n->all.touchless);
	json_kint(j, "minutes_per_item", minutes);
	json_kint(j, "minutes", n->all.touchless * minutes);
	json_close(j, '}');
	show_backlog(j, &n->backlog);
	show_exceptions(j, n);
	show_dimensions(j, &n->dimensions);
	show_cash(j, n);
	show_orders(j, n);
	show_locations(j, &n->locations);
}

void
view_numbers_brief(struct json *j, const struct numbers *n)
{
	json_key(j, "numbers");
	json_open(j, '{');
	show_ratio(j, "touchless_ratio", n->all.touchless, n->all.posted);
	show_ratio(j, "duplicate_ratio", n->all.duplicate, n->all.received);
	show_ratio(j, "manual_ratio", n->all.manual, n->all.posted);
	show_spreads(j, "latency", n->all.sync);
	show_spreads(j, "resolution", n->all.resolve);
	show_exceptions(j, n);
	json_close(j, '}');
}
