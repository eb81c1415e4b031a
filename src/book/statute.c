/*
 * The law as tables, part of the snapshot of master data.  Made only when the
 * first row comes: an entity without a registration costs one comparison.
 */
#include "book/statute.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "book/reference.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/map.h"
#include "core/vec.h"

#define REGISTRATIONS_MAX 100000
#define RATES_MAX 10000
#define DUES_MAX 10000
#define KEY_MAX 256

struct held {			/* a registration, among those of its key */
	struct registration row;
	struct held *of_gstin;	/* the one that began before it */
	struct held *of_entity;	/* the one that came after it */
};

struct value {
	struct day first;
	int64_t value;
	struct value *older;
};

struct gst_item {
	const char *hsn, *unit;
};

struct statute {
	struct arena *arena;
	struct vec registrations;	/* of struct held * */
	struct map *gstins;	/* GSTIN -> newest struct held */
	struct map *entities;	/* entity -> first struct held */
	struct map *taxpayers;	/* party -> struct taxpayer */
	struct map *taxpayers_of;	/* GSTIN -> struct taxpayer */
	struct map *states;	/* code, alpha, name -> struct gst_state */
	struct map *units;	/* code -> struct gst_unit */
	struct vec rates;	/* of struct gst_rate */
	struct map *limits;	/* name -> newest struct value */
	struct vec dues;	/* of struct gst_due */
	struct map *levels;	/* check NUL entity -> level */
	struct map *hsn;	/* code -> name */
	struct map *items;	/* item -> struct gst_item */
};

struct statute *
statute_new(void)
{
	struct statute *s = calloc(1, sizeof *s);

	if (s == NULL)
		bug("out of memory");
	s->arena = arena_new();
	vec_init(&s->registrations, sizeof(struct held *), REGISTRATIONS_MAX);
	vec_init(&s->rates, sizeof(struct gst_rate), RATES_MAX);
	vec_init(&s->dues, sizeof(struct gst_due), DUES_MAX);
	s->gstins = map_new();
	s->entities = map_new();
	s->taxpayers = map_new();
	s->taxpayers_of = map_new();
	s->states = map_new();
	s->units = map_new();
	s->limits = map_new();
	s->levels = map_new();
	s->hsn = map_new();
	s->items = map_new();
	return s;
}

void
statute_free(struct statute **sp)
{
	struct statute *s = *sp;

	*sp = NULL;
	if (s == NULL)
		return;
	map_free(&s->gstins, NULL);
	map_free(&s->entities, NULL);
	map_free(&s->taxpayers, NULL);
	map_free(&s->taxpayers_of, NULL);
	map_free(&s->states, NULL);
	map_free(&s->units, NULL);
	map_free(&s->limits, NULL);
	map_free(&s->levels, NULL);
	map_free(&s->hsn, NULL);
	map_free(&s->items, NULL);
	vec_free(&s->registrations);
	vec_free(&s->rates);
	vec_free(&s->dues);
	arena_free(&s->arena);
	free(s);
}

static const char *
copy(struct statute *s, const char *text)
{
	return arena_strdup(s->arena, text != NULL ? text : "");
}

/* Upper case: "Maharashtra" and "MAHARASHTRA" are one state.  A key that does
 * not fit finds nothing. */
static struct span
folded(const char *text, size_t n, char out[KEY_MAX])
{
	if (n >= KEY_MAX)
		n = 0;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)toupper((unsigned char)text[i]);
	return (struct span){ out, n };
}

static struct span
pair_of(const char *a, const char *b, char out[KEY_MAX])
{
	size_t n = strlen(a) + 1, m = strlen(b) + 1;

	if (n + m > KEY_MAX)
		return (struct span){ out, 0 };
	memcpy(out, a, n);
	memcpy(out + n, b, m);
	return (struct span){ out, n + m };
}

static void
put(struct map *map, struct span key, void *value)
{
	if (key.n > 0)
		map_set(map, key, value);
}

static bool
in_force(struct day from, struct day to, struct day day)
{
	return strcmp(from.text, day.text) <= 0 &&
	    (to.text[0] == '\0' || strcmp(day.text, to.text) <= 0);
}

/* ---- filling ---------------------------------------------------------- */

/* Newest first; they come in any order. */
static void
link_gstin(struct statute *s, struct held *new)
{
	struct span key = span_of(new->row.gstin);
	struct held *newest = map_find(s->gstins, key), **at = &newest;

	while (*at != NULL && strcmp((*at)->row.from.text,
	    new->row.from.text) > 0)
		at = &(*at)->of_gstin;
	new->of_gstin = *at;
	*at = new;
	put(s->gstins, key, newest);
}

static void
link_entity(struct statute *s, struct held *new)
{
	struct span key = span_of(new->row.entity);
	struct held *first = map_find(s->entities, key), **at = &first;

	while (*at != NULL)
		at = &(*at)->of_entity;
	*at = new;
	put(s->entities, key, first);
}

void
reference_add_registration(struct reference *r,
    const struct registration *row)
{
	struct statute *s = reference_statute(r);
	struct held *new = arena_alloc(s->arena, sizeof *new);
	struct held **slot = vec_add(&s->registrations);

	if (slot == NULL)
		bug("more than %d registrations", REGISTRATIONS_MAX);
	*slot = new;
	new->row = *row;
	new->row.gstin = copy(s, row->gstin);
	new->row.entity = copy(s, row->entity);
	new->row.kind = copy(s, row->kind);
	new->row.filing = copy(s, row->filing);
	new->of_gstin = new->of_entity = NULL;
	link_gstin(s, new);
	link_entity(s, new);
}

void
reference_add_taxpayer(struct reference *r, const struct taxpayer *row)
{
	struct statute *s = reference_statute(r);
	struct taxpayer *new = arena_alloc(s->arena, sizeof *new);

	*new = *row;
	new->party = copy(s, row->party);
	new->gstin = row->gstin != NULL ? copy(s, row->gstin) : NULL;
	new->category = copy(s, row->category);
	new->state = copy(s, row->state);
	new->pin = copy(s, row->pin);
	new->address = copy(s, row->address);
	new->status = copy(s, row->status);
	put(s->taxpayers, span_of(new->party), new);
	if (new->gstin != NULL &&
	    map_find(s->taxpayers_of, span_of(new->gstin)) == NULL)
		put(s->taxpayers_of, span_of(new->gstin), new);
}

static void
name_state(struct statute *s, const char *text, size_t n,
    struct gst_state *state)
{
	char key[KEY_MAX];

	put(s->states, folded(text, n, key), state);
}

void
reference_add_gst_state(struct reference *r, const struct gst_state *row)
{
	struct statute *s = reference_statute(r);
	struct gst_state *new = arena_alloc(s->arena, sizeof *new);

	*new = *row;
	new->code = copy(s, row->code);
	new->name = copy(s, row->name);
	new->alpha = copy(s, row->alpha);
	new->pins = copy(s, row->pins);
	new->group = copy(s, row->group);
	for (const char *at = new->alpha; *at != '\0'; at += strspn(at, " ")) {
		name_state(s, at, strcspn(at, " "), new);
		at += strcspn(at, " ");
	}
	name_state(s, new->name, strlen(new->name), new);
	name_state(s, new->code, strlen(new->code), new);
}

void
reference_add_gst_unit(struct reference *r, const struct gst_unit *row)
{
	struct statute *s = reference_statute(r);
	struct gst_unit *new = arena_alloc(s->arena, sizeof *new);
	char key[KEY_MAX];

	*new = *row;
	new->code = copy(s, row->code);
	new->name = copy(s, row->name);
	put(s->units, folded(new->code, strlen(new->code), key), new);
}

void
reference_add_gst_rate(struct reference *r, const struct gst_rate *row)
{
	struct statute *s = reference_statute(r);
	struct gst_rate *new = vec_add(&s->rates);

	if (new == NULL)
		bug("more than %d rates of GST", RATES_MAX);
	*new = *row;
	new->hsn = copy(s, row->hsn);
}

void
reference_add_gst_limit(struct reference *r, const char *name,
    struct day first, int64_t value)
{
	struct statute *s = reference_statute(r);
	struct value *new = arena_alloc(s->arena, sizeof *new);
	struct value *newest = map_find(s->limits, span_of(name));
	struct value **at = &newest;

	new->first = first;
	new->value = value;
	while (*at != NULL && strcmp((*at)->first.text, first.text) > 0)
		at = &(*at)->older;
	new->older = *at;
	*at = new;
	put(s->limits, span_of(name), newest);
}

void
reference_add_gst_due(struct reference *r, const struct gst_due *row)
{
	struct statute *s = reference_statute(r);
	struct gst_due *new = vec_add(&s->dues);

	if (new == NULL)
		bug("more than %d due days", DUES_MAX);
	*new = *row;
	new->form = copy(s, row->form);
	new->filing = copy(s, row->filing);
	new->group = copy(s, row->group);
}

void
reference_add_gst_level(struct reference *r, const char *check,
    const char *entity, const char *level)
{
	struct statute *s = reference_statute(r);
	char key[KEY_MAX];

	put(s->levels, pair_of(check, entity, key),
	    arena_strdup(s->arena, level));
}

void
reference_add_hsn(struct reference *r, const char *code, const char *name)
{
	struct statute *s = reference_statute(r);

	put(s->hsn, span_of(code), arena_strdup(s->arena, name));
}

void
reference_add_gst_item(struct reference *r, const char *item,
    const char *hsn, const char *unit)
{
	struct statute *s = reference_statute(r);
	struct gst_item *new = arena_alloc(s->arena, sizeof *new);

	new->hsn = copy(s, hsn);
	new->unit = copy(s, unit);
	put(s->items, span_of(item), new);
}

/* ---- asking ----------------------------------------------------------- */

const struct registration *
reference_registration(const struct reference *r, const char *gstin,
    struct day day)
{
	const struct statute *s = reference_law(r);
	const struct held *at;

	at = s != NULL && gstin != NULL ?
	    map_find(s->gstins, span_of(gstin)) : NULL;
	while (at != NULL && strcmp(at->row.from.text, day.text) > 0)
		at = at->of_gstin;
	return at != NULL && in_force(at->row.from, at->row.to, day) ?
	    &at->row : NULL;
}

const struct registration *
reference_registered(const struct reference *r, const char *entity,
    const char *state, struct day day)
{
	const struct statute *s = reference_law(r);
	const struct held *at;

	if (s == NULL || entity == NULL)
		return NULL;
	for (at = map_find(s->entities, span_of(entity)); at != NULL;
	    at = at->of_entity)
		if ((state == NULL || strncmp(at->row.gstin, state, 2) == 0) &&
		    reference_registration(r, at->row.gstin, day) == &at->row)
			return &at->row;
	return NULL;
}

const struct registration *
reference_next_registration(const struct reference *r, size_t *at)
{
	const struct statute *s = reference_law(r);
	struct held **slot;

	if (s == NULL || *at >= s->registrations.n)
		return NULL;
	slot = vec_at(&s->registrations, (*at)++);
	return &(*slot)->row;
}

bool
reference_taxable(const struct reference *r, const char *entity)
{
	const struct statute *s = reference_law(r);

	return s != NULL && s->registrations.n > 0 && entity != NULL &&
	    map_find(s->entities, span_of(entity)) != NULL;
}

const struct taxpayer *
reference_taxpayer(const struct reference *r, const char *party)
{
	const struct statute *s = reference_law(r);

	return s != NULL && party != NULL ?
	    map_find(s->taxpayers, span_of(party)) : NULL;
}

const struct taxpayer *
reference_taxpayer_of(const struct reference *r, const char *gstin)
{
	const struct statute *s = reference_law(r);

	return s != NULL && gstin != NULL ?
	    map_find(s->taxpayers_of, span_of(gstin)) : NULL;
}

const struct gst_state *
reference_gst_state(const struct reference *r, const char *text)
{
	const struct statute *s = reference_law(r);
	char key[KEY_MAX];

	return s != NULL && text != NULL && text[0] != '\0' ?
	    map_find(s->states, folded(text, strlen(text), key)) : NULL;
}

const struct gst_unit *
reference_gst_unit(const struct reference *r, const char *code)
{
	const struct statute *s = reference_law(r);
	char key[KEY_MAX];

	return s != NULL && code != NULL && code[0] != '\0' ?
	    map_find(s->units, folded(code, strlen(code), key)) : NULL;
}

const struct gst_rate *
reference_next_gst_rate(const struct reference *r, size_t *at)
{
	const struct statute *s = reference_law(r);

	return s != NULL && *at < s->rates.n ? vec_at(&s->rates, (*at)++) :
	    NULL;
}

bool
reference_gst_limit(const struct reference *r, const char *name,
    struct day day, int64_t *value)
{
	const struct statute *s = reference_law(r);
	const struct value *at;

	at = s != NULL ? map_find(s->limits, span_of(name)) : NULL;
	while (at != NULL && strcmp(at->first.text, day.text) > 0)
		at = at->older;
	if (at != NULL)
		*value = at->value;
	return at != NULL;
}

const struct gst_due *
reference_next_gst_due(const struct reference *r, size_t *at)
{
	const struct statute *s = reference_law(r);

	return s != NULL && *at < s->dues.n ? vec_at(&s->dues, (*at)++) :
	    NULL;
}

const char *
reference_gst_level(const struct reference *r, const char *check,
    const char *entity)
{
	const struct statute *s = reference_law(r);
	const char *level = NULL;
	char key[KEY_MAX];

	if (s == NULL)
		return NULL;
	if (entity != NULL)
		level = map_find(s->levels, pair_of(check, entity, key));
	return level != NULL ? level :
	    map_find(s->levels, pair_of(check, "*", key));
}

const char *
reference_hsn(const struct reference *r, const char *code)
{
	const struct statute *s = reference_law(r);

	return s != NULL && code != NULL ?
	    map_find(s->hsn, span_of(code)) : NULL;
}

bool
reference_has_hsn(const struct reference *r)
{
	const struct statute *s = reference_law(r);

	return s != NULL && map_count(s->hsn) > 0;
}

bool
reference_gst_item(const struct reference *r, const char *item,
    const char **hsn, const char **unit)
{
	const struct statute *s = reference_law(r);
	const struct gst_item *found;

	found = s != NULL && item != NULL ?
	    map_find(s->items, span_of(item)) : NULL;
	if (found == NULL)
		return false;
	*hsn = found->hsn;
	*unit = found->unit;
	return true;
}
