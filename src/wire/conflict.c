/* Conflicts and previews of the API as plain structs. */
#include "wire/conflict.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "core/json.h"
#include "wire/inside.h"

static const char *
text(const cJSON *at, const char *name, struct arena *arena)
{
	const char *found = json_text(at, name);

	return arena_strdup(arena, found != NULL ? found : "");
}

static int64_t
count(const cJSON *at, const char *name)
{
	const char *found = json_text(at, name);

	return found != NULL ? strtoll(found, NULL, 10) : 0;
}

/* *out NULL: there is none. */
static bool
document(const cJSON *item, struct arena *arena,
    const struct document **out)
{
	struct document *d;

	*out = NULL;
	if (item == NULL || cJSON_IsNull(item))
		return true;
	d = arena_alloc(arena, sizeof *d);
	*out = d;
	return document_decode(span_of(wire_printed(item, arena)), arena, d);
}

static bool
part(const cJSON *at, struct arena *arena, struct wire_conflict_part *out)
{
	*out = (struct wire_conflict_part){
		.part = count(at, "part"),
		.entity = text(at, "entity", arena),
		.kind = text(at, "kind", arena),
		.number = text(at, "number", arena),
		.base_version = text(at, "base_version", arena),
		.current_version = text(at, "current_version", arena),
		.current_by = text(at, "current_by", arena),
		.current_at = text(at, "current_at", arena),
		.incoming_by = text(at, "incoming_by", arena),
	};
	return document(json_at(at, "base"), arena, &out->base) &&
	    document(json_at(at, "current"), arena, &out->current) &&
	    document(json_at(at, "incoming"), arena, &out->incoming) &&
	    out->incoming != NULL;
}

/* A document that posts as it is needs nobody to choose. */
static bool
contested(const cJSON *items, const cJSON *at)
{
	const cJSON *other;
	bool some = false;

	cJSON_ArrayForEach(other, items)
		some |= !cJSON_IsFalse(json_at(other, "contested"));
	return !some || !cJSON_IsFalse(json_at(at, "contested"));
}

bool
shape_conflict(struct span in, struct arena *arena,
    struct wire_conflict *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = json_at(root, "documents"), *at;
	bool ok = cJSON_IsArray(items);

	*out = (struct wire_conflict){ .event = text(root, "event", arena),
	    .version = count(root, "version") };
	wire_findings(json_at(root, "findings"), arena, &out->findings);
	out->parts = arena_alloc(arena, sizeof *out->parts *
	    ((size_t)cJSON_GetArraySize(items) + 1));
	cJSON_ArrayForEach(at, items) {
		if (ok && contested(items, at))
			ok = part(at, arena, &out->parts[out->n++]);
	}
	cJSON_Delete(root);
	return ok && out->n > 0;
}

static void
effects(const cJSON *items, const char *code, struct arena *arena,
    struct wire_effect **out, size_t *n)
{
	const cJSON *at;

	*n = 0;
	*out = arena_alloc(arena, sizeof **out *
	    ((size_t)cJSON_GetArraySize(items) + 1));
	cJSON_ArrayForEach(at, items)
		(*out)[(*n)++] = (struct wire_effect){
			.entity = text(at, "entity", arena),
			.account = text(at, code, arena),
			.name = text(at, "name", arena),
			.before = text(at, "before", arena),
			.after = text(at, "after", arena),
			.change = text(at, "change", arena),
			.currency = text(at, "currency", arena),
			.balance = text(at, "balance", arena),
			.then = text(at, "balance_after", arena),
		};
}

static void
heads(const cJSON *items, struct arena *arena, struct wire_preview *out)
{
	const cJSON *at;

	out->heads = arena_alloc(arena, sizeof *out->heads *
	    ((size_t)cJSON_GetArraySize(items) + 1));
	cJSON_ArrayForEach(at, items)
		out->heads[out->n_heads++] = (struct wire_head){
			.number = text(at, "number", arena),
			.head = text(at, "head", arena),
			.rate = text(at, "rate", arena),
			.charged = text(at, "charged", arena),
			.by_lines = text(at, "by_lines", arena),
			.difference = text(at, "difference", arena),
			.cause = text(at, "cause", arena),
		};
}

bool
shape_preview(struct span in, struct arena *arena, struct wire_preview *out)
{
	cJSON *root = wire_tree(in);
	bool ok = cJSON_IsArray(json_at(root, "effect"));

	*out = (struct wire_preview){ .n_effects = 0 };
	wire_findings(json_at(root, "findings"), arena, &out->findings);
	effects(json_at(root, "effect"), "account", arena, &out->effects,
	    &out->n_effects);
	effects(json_at(root, "tax"), "tax_code", arena, &out->taxes,
	    &out->n_taxes);
	heads(json_at(root, "heads"), arena, out);
	cJSON_Delete(root);
	return ok;
}
