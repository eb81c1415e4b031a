/*
 * Master data as one immutable snapshot.  Filled by the store before it is
 * shared; afterwards only read, by any thread, until the last one drops it.
 */
#include "book/reference.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "book/statute.h"
#include "core/arena.h"
#include "core/vec.h"

#define ROWS_MAX 5000000
#define FLOWS_MAX 1000
#define POLICIES_MAX 1000

struct mapping {
	const char *source, *dimension, *from, *to;
};

struct rate {
	struct day first;
	int64_t rate;
	struct rate *older;
};

struct flow_link {		/* of one source, the last first */
	const struct flow *flow;
	size_t n;		/* among all */
	struct flow_link *next;
};

struct grant {
	const char *account;	/* or prefix* */
	struct grant *next;
};

struct reference {
	atomic_int users;
	int64_t generation;
	struct arena *arena;
	struct vec rows[REF_TABLES];	/* of struct master * */
	struct map *index[REF_TABLES];
	struct vec mappings;		/* of struct mapping * */
	struct map *mapping;	/* source NUL dimension NUL from -> mapping */
	struct map *rates;	/* from NUL to -> newest struct rate */
	struct map *periods;	/* entity NUL period -> state */
	struct map *paired;	/* account -> any */
	struct map *pairs;	/* account NUL cost centre -> any */
	struct map *grants;	/* client -> struct grant */
	struct map *limits;	/* source -> struct source_limit */
	struct map *costs;	/* item -> newest struct rate */
	struct vec flows;	/* of struct flow * */
	struct map *flows_of;	/* source -> struct flow_link */
	struct vec policies;	/* of struct policy */
	struct statute *statute;	/* NULL: no law of GST */
};

static const char *const names[REF_TABLES] = {
	[REF_ENTITY] = "entity",
	[REF_ACCOUNT] = "account",
	[REF_COST_CENTRE] = "cost_centre",
	[REF_TAX_CODE] = "tax_code",
	[REF_CURRENCY] = "currency",
	[REF_PARTY] = "party",
	[REF_ITEM] = "item",
	[REF_LOCATION] = "location",
};

struct reference *
reference_new(int64_t generation)
{
	struct reference *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	atomic_init(&r->users, 1);
	r->generation = generation;
	r->arena = arena_new();
	for (int i = 0; i < REF_TABLES; i++) {
		vec_init(&r->rows[i], sizeof(struct master *), ROWS_MAX);
		r->index[i] = map_new();
	}
	vec_init(&r->mappings, sizeof(struct mapping *), ROWS_MAX);
	r->mapping = map_new();
	r->rates = map_new();
	r->periods = map_new();
	r->paired = map_new();
	r->pairs = map_new();
	r->grants = map_new();
	r->limits = map_new();
	r->costs = map_new();
	r->flows_of = map_new();
	vec_init(&r->flows, sizeof(struct flow *), FLOWS_MAX);
	vec_init(&r->policies, sizeof(struct policy), POLICIES_MAX);
	return r;
}

struct reference *
reference_hold(struct reference *r)
{
	atomic_fetch_add(&r->users, 1);
	return r;
}

void
reference_drop(struct reference **rp)
{
	struct reference *r = *rp;

	*rp = NULL;
	if (r == NULL || atomic_fetch_sub(&r->users, 1) > 1)
		return;
	for (int i = 0; i < REF_TABLES; i++) {
		vec_free(&r->rows[i]);
		map_free(&r->index[i], NULL);
	}
	vec_free(&r->mappings);
	map_free(&r->mapping, NULL);
	map_free(&r->rates, NULL);
	map_free(&r->periods, NULL);
	map_free(&r->paired, NULL);
	map_free(&r->pairs, NULL);
	map_free(&r->grants, NULL);
	map_free(&r->limits, NULL);
	map_free(&r->costs, NULL);
	map_free(&r->flows_of, NULL);
	vec_free(&r->flows);
	vec_free(&r->policies);
	statute_free(&r->statute);
	arena_free(&r->arena);
	free(r);
}

struct statute *
reference_statute(struct reference *r)
{
	if (r->statute == NULL)
		r->statute = statute_new();
	return r->statute;
}

const struct statute *
reference_law(const struct reference *r)
{
	return r->statute;
}

int64_t
reference_generation(const struct reference *r)
{
	return r->generation;
}

const char *
reference_table_name(enum reference_table table)
{
	return names[table];
}

bool
reference_table_find(const char *name, enum reference_table *out)
{
	for (int i = 0; i < REF_TABLES; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum reference_table)i;
			return true;
		}
	}
	return false;
}

/* ---- keys of several parts -------------------------------------------- */

#define KEY_MAX 1024

struct key {
	char text[KEY_MAX];
	size_t n;
};

/* A key that does not fit finds nothing, which is a finding, not a fault. */
static struct span
key_of(struct key *key, const char *const *parts, size_t n)
{
	key->n = 0;
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(parts[i]) + 1;

		if (length > KEY_MAX - key->n)
			return (struct span){ "", 0 };
		memcpy(key->text + key->n, parts[i], length);
		key->n += length;
	}
	return (struct span){ key->text, key->n };
}

#define KEY(key, ...) key_of(key, (const char *const[]){ __VA_ARGS__ }, \
	sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(char *))

/* Every key goes in here, so that one without a place never gets in. */
static void
put(struct map *map, struct span key, void *value)
{
	if (key.n > 0)
		map_set(map, key, value);
}

/* ---- filling ---------------------------------------------------------- */

void
reference_add(struct reference *r, enum reference_table table,
    const struct master *row)
{
	struct master *copy = arena_alloc(r->arena, sizeof *copy);
	struct master **slot;

	copy->code = arena_strdup(r->arena, row->code);
	copy->name = arena_strdup(r->arena, row->name ? row->name : "");
	copy->entity = arena_strdup(r->arena, row->entity);
	copy->kind = arena_strdup(r->arena, row->kind ? row->kind : "");
	copy->extra = arena_strdup(r->arena, row->extra ? row->extra : "");
	copy->from = row->from;
	copy->to = row->to;
	slot = vec_add(&r->rows[table]);
	if (slot == NULL)
		bug("more than %d rows of %s", ROWS_MAX, names[table]);
	*slot = copy;
	map_set(r->index[table], span_of(copy->code), copy);
}

void
reference_add_mapping(struct reference *r, const char *source,
    const char *dimension, const char *from, const char *to)
{
	struct mapping *mapping = arena_alloc(r->arena, sizeof *mapping);
	struct mapping **slot = vec_add(&r->mappings);
	struct key key;
	struct span at = KEY(&key, source, dimension, from);

	if (slot == NULL)
		bug("more than %d mappings", ROWS_MAX);
	mapping->source = arena_strdup(r->arena, source);
	mapping->dimension = arena_strdup(r->arena, dimension);
	mapping->from = arena_strdup(r->arena, from);
	mapping->to = arena_strdup(r->arena, to);
	*slot = mapping;
	put(r->mapping, at, mapping);
}

/* A value from that day on, among those of its key. */
static void
add_dated(struct reference *r, struct map *map, struct span key,
    struct day first, int64_t value)
{
	struct rate *new = arena_alloc(r->arena, sizeof *new);
	struct rate *newest, **at = &newest;

	new->first = first;
	new->rate = value;
	newest = map_find(map, key);
	while (*at != NULL && strcmp((*at)->first.text, first.text) > 0)
		at = &(*at)->older;
	new->older = *at;
	*at = new;
	put(map, key, newest);
}

void
reference_add_rate(struct reference *r, const char *from, const char *to,
    struct day first, int64_t rate)
{
	struct key key;

	add_dated(r, r->rates, KEY(&key, from, to), first, rate);
}

void
reference_add_cost(struct reference *r, const char *item, struct day first,
    int64_t cost)
{
	add_dated(r, r->costs, span_of(item), first, cost);
}

static void
link_flow(struct reference *r, const struct flow *flow)
{
	struct flow_link *link = arena_alloc(r->arena, sizeof *link);
	struct span source = span_of(flow->source);

	link->flow = flow;
	link->n = r->flows.n;
	link->next = map_find(r->flows_of, source);
	map_set(r->flows_of, source, link);
}

void
reference_add_flow(struct reference *r, const struct flow *flow)
{
	struct flow *copy = arena_alloc(r->arena, sizeof *copy);
	struct flow **slot = vec_add(&r->flows);

	if (slot == NULL)
		bug("more than %d flows", FLOWS_MAX);
	*slot = copy;
	*copy = *flow;
	copy->source = arena_strdup(r->arena, flow->source);
	copy->kind = arena_strdup(r->arena, flow->kind);
	copy->entity = arena_strdup(r->arena, flow->entity);
	copy->owner = arena_strdup(r->arena, flow->owner);
	copy->control = arena_strdup(r->arena, flow->control);
	link_flow(r, copy);
}

void
reference_add_policy(struct reference *r, const struct policy *policy)
{
	struct policy *copy = vec_add(&r->policies);

	if (copy == NULL)
		bug("more than %d policies", POLICIES_MAX);
	*copy = *policy;
	copy->name = arena_strdup(r->arena, policy->name);
	copy->kind = arena_strdup(r->arena, policy->kind);
	copy->entity = arena_strdup(r->arena, policy->entity);
	copy->amount = arena_strdup(r->arena, policy->amount);
	copy->second = arena_strdup(r->arena, policy->second);
	copy->third = arena_strdup(r->arena, policy->third);
}

void
reference_add_period(struct reference *r, const char *entity,
    const char *period, const char *state)
{
	struct key key;

	put(r->periods, KEY(&key, entity, period),
	    arena_strdup(r->arena, state));
}

void
reference_add_pair(struct reference *r, const char *account,
    const char *cost_centre)
{
	struct key key;

	map_set(r->paired, span_of(account), r);
	put(r->pairs, KEY(&key, account, cost_centre), r);
}

void
reference_add_grant(struct reference *r, const char *client,
    const char *account)
{
	struct grant *grant = arena_alloc(r->arena, sizeof *grant);

	grant->account = arena_strdup(r->arena, account);
	grant->next = map_find(r->grants, span_of(client));
	map_set(r->grants, span_of(client), grant);
}

/* ---- asking ----------------------------------------------------------- */

const struct master *
reference_find(const struct reference *r, enum reference_table table,
    const char *code)
{
	return code != NULL ? map_find(r->index[table], span_of(code)) : NULL;
}

bool
master_valid(const struct master *row, struct day day)
{
	return (row->from.text[0] == '\0' ||
	    strcmp(day.text, row->from.text) >= 0) &&
	    (row->to.text[0] == '\0' || strcmp(day.text, row->to.text) <= 0);
}

static const struct mapping *
find_mapping(const struct reference *r, const char *source,
    const char *dimension, const char *value)
{
	struct key key;
	struct span at = KEY(&key, source, dimension, value);

	return at.n > 0 ? map_find(r->mapping, at) : NULL;
}

/* `shopify-mumbai` uses the mappings of `shopify`, as it does its rules. */
static const struct mapping *
find_of_family(const struct reference *r, const char *source,
    const char *dimension, const char *value)
{
	char family[64];
	size_t n = strcspn(source, "-");

	if (source[n] == '\0' || n >= sizeof family)
		return NULL;
	memcpy(family, source, n);
	family[n] = '\0';
	return find_mapping(r, family, dimension, value);
}

const char *
reference_lookup(const struct reference *r, const char *source,
    const char *dimension, const char *value)
{
	const struct mapping *mapping;
	const struct master *row;
	enum reference_table table;

	mapping = find_mapping(r, source, dimension, value);
	if (mapping == NULL)
		mapping = find_of_family(r, source, dimension, value);
	if (mapping == NULL)
		mapping = find_mapping(r, "*", dimension, value);
	if (mapping != NULL)
		return mapping->to;
	if (!reference_table_find(dimension, &table))
		return NULL;
	row = reference_find(r, table, value);
	return row != NULL ? row->code : NULL;
}

static bool
dated(const struct rate *at, struct day day, int64_t *value)
{
	while (at != NULL && strcmp(at->first.text, day.text) > 0)
		at = at->older;
	if (at != NULL)
		*value = at->rate;
	return at != NULL;
}

bool
reference_rate(const struct reference *r, const char *from, const char *to,
    struct day day, int64_t *rate)
{
	struct key key;

	return dated(map_find(r->rates, KEY(&key, from, to)), day, rate);
}

bool
reference_cost(const struct reference *r, const char *item, struct day day,
    int64_t *cost)
{
	return dated(map_find(r->costs, span_of(item)), day, cost);
}

static int
fit(const struct flow *flow, const char *kind, const char *entity)
{
	int weight = 0;

	if (strcmp(flow->kind, "*") != 0) {
		if (strcmp(flow->kind, kind) != 0)
			return -1;
		weight += 2;
	}
	if (strcmp(flow->entity, "*") != 0) {
		if (strcmp(flow->entity, entity) != 0)
			return -1;
		weight++;
	}
	return weight;
}

struct fitting {
	const struct flow_link *best;
	int most;
};

/* What fits most; of equals the first. */
static void
fit_source(const struct reference *r, struct span source, int weight,
    const char *kind, const char *entity, struct fitting *out)
{
	for (const struct flow_link *link = map_find(r->flows_of, source);
	    link != NULL; link = link->next) {
		int fits = fit(link->flow, kind, entity);

		if (fits < 0 || weight + fits < out->most ||
		    (weight + fits == out->most && out->best != NULL &&
		    out->best->n < link->n))
			continue;
		out->best = link;
		out->most = weight + fits;
	}
}

/* A source `shopify-mumbai` has the flows of `shopify`, too. */
const struct flow *
reference_flow(const struct reference *r, const char *source,
    const char *kind, const char *entity)
{
	struct fitting f = { .most = 0 };

	if (r->flows.n == 0)
		return NULL;
	fit_source(r, span_of(source), strcmp(source, "*") != 0 ? 8 : 0,
	    kind, entity, &f);
	for (size_t n = 0; source[n] != '\0'; n++)
		if (source[n] == '-')
			fit_source(r, (struct span){ source, n }, 4, kind,
			    entity, &f);
	fit_source(r, SPAN("*"), 0, kind, entity, &f);
	return f.best != NULL ? f.best->flow : NULL;
}

const struct flow *
reference_next_flow(const struct reference *r, size_t *at)
{
	return *at < r->flows.n ?
	    *(struct flow **)vec_at(&r->flows, (*at)++) : NULL;
}

const char *
reference_period(const struct reference *r, const char *entity,
    struct day day)
{
	char period[8];
	struct key key;

	day_period(day, period);
	return map_find(r->periods, KEY(&key, entity, period));
}

#define MONTHS_AHEAD 1200

bool
reference_next_open(const struct reference *r, const char *entity,
    struct day day, struct day *out)
{
	int year, month;

	if (sscanf(day.text, "%4d-%2d", &year, &month) != 2)
		return false;
	for (int i = 0; i < MONTHS_AHEAD; i++) {
		const char *state;
		char text[32];

		year += month == 12;
		month = month % 12 + 1;
		snprintf(text, sizeof text, "%04d-%02d-01", year, month);
		if (!day_parse(span_of(text), out))
			return false;
		state = reference_period(r, entity, *out);
		if (state != NULL && strcmp(state, "open") == 0)
			return true;
	}
	return false;
}

bool
reference_pair(const struct reference *r, const char *account,
    const char *cost_centre)
{
	struct key key;

	if (map_find(r->paired, span_of(account)) == NULL)
		return true;
	return cost_centre != NULL &&
	    map_find(r->pairs, KEY(&key, account, cost_centre)) != NULL;
}

const struct master *
reference_next(const struct reference *r, enum reference_table table,
    size_t *at)
{
	struct master **slot;

	if (*at >= r->rows[table].n)
		return NULL;
	slot = vec_at(&r->rows[table], (*at)++);
	return *slot;
}

bool
reference_next_mapping(const struct reference *r, size_t *at,
    const char **source, const char **dimension, const char **from,
    const char **to)
{
	struct mapping *m;

	if (*at >= r->mappings.n)
		return false;
	m = *(struct mapping **)vec_at(&r->mappings, (*at)++);
	*source = m->source;
	*dimension = m->dimension;
	*from = m->from;
	*to = m->to;
	return true;
}

/* ---- limits of sources ------------------------------------------------ */

void
reference_add_limit(struct reference *r, const char *source,
    const struct source_limit *limit)
{
	struct source_limit *copy = arena_alloc(r->arena, sizeof *copy);

	*copy = *limit;
	copy->allow = arena_strdup(r->arena, limit->allow);
	map_set(r->limits, span_of(source), copy);
}

const struct source_limit *
reference_limit(const struct reference *r, const char *source)
{
	const struct source_limit *limit = map_find(r->limits,
	    span_of(source));

	return limit != NULL ? limit : map_find(r->limits, SPAN("*"));
}

static bool
is_granted(const struct grant *grant, const char *account)
{
	for (; grant != NULL; grant = grant->next) {
		size_t n = strlen(grant->account);

		if (strcmp(grant->account, account) == 0 || (n > 0 &&
		    grant->account[n - 1] == '*' &&
		    strncmp(grant->account, account, n - 1) == 0))
			return true;
	}
	return false;
}

bool
reference_granted(const struct reference *r, const char *client,
    const char *account)
{
	return is_granted(map_find(r->grants, span_of(client)), account) ||
	    is_granted(map_find(r->grants, SPAN("*")), account);
}

bool
reference_has_grants(const struct reference *r, const char *client)
{
	return map_find(r->grants, span_of(client)) != NULL;
}

/* -1: not of this document; else how particularly it is meant. */
static int
fit_policy(const struct policy *policy, const char *kind,
    const char *entity)
{
	bool any_kind = strcmp(policy->kind, "*") == 0;
	bool any_entity = strcmp(policy->entity, "*") == 0;

	if ((!any_kind && strcmp(policy->kind, kind) != 0) ||
	    (!any_entity && strcmp(policy->entity, entity) != 0))
		return -1;
	return !any_kind * 2 + !any_entity;
}

static bool
most_particular(const struct reference *r, const struct policy *policy,
    const char *kind, const char *entity)
{
	int weight = fit_policy(policy, kind, entity);

	for (size_t i = 0; weight >= 0 && i < r->policies.n; i++) {
		const struct policy *other = vec_at(&r->policies, i);

		if (strcmp(other->name, policy->name) == 0 &&
		    fit_policy(other, kind, entity) > weight)
			return false;
	}
	return weight >= 0;
}

bool
policy_act(const char *name)
{
	static const char *const acts[] = { "close", "reopen", "file",
		"export", "personal", "erase", "reference", "approve_change" };

	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i], name) == 0)
			return true;
	return false;
}

/* The strictest of those that fit: one that is asked each time, else the
 * shortest time. */
const struct policy *
reference_factor(const struct reference *r, const char *act,
    const char *entity)
{
	const struct policy *found = NULL;

	for (size_t i = 0; i < r->policies.n; i++) {
		const struct policy *p = vec_at(&r->policies, i);

		if (strcmp(p->name, POLICY_FACTOR) != 0 ||
		    (strcmp(p->kind, "*") != 0 && strcmp(p->kind, act) != 0) ||
		    (strcmp(p->entity, "*") != 0 && entity != NULL &&
		    strcmp(p->entity, entity) != 0))
			continue;
		if (found == NULL || p->expires < found->expires)
			found = p;
	}
	return found;
}

const struct policy *
reference_next_policy(const struct reference *r, const char *kind,
    const char *entity, size_t *at)
{
	while (*at < r->policies.n) {
		const struct policy *policy = vec_at(&r->policies, (*at)++);

		if (strcmp(policy->name, POLICY_FACTOR) != 0 &&
		    most_particular(r, policy, kind, entity))
			return policy;
	}
	return NULL;
}
