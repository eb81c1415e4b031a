/* Approvals of the API as plain structs. */
#include "wire/approval.h"

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

static void *
room(const cJSON *list, struct arena *arena, size_t size)
{
	return arena_alloc(arena,
	    ((size_t)cJSON_GetArraySize(list) + 1) * size);
}

static void
read_reasons(const cJSON *root, struct arena *arena,
    struct wire_approval *out)
{
	const cJSON *list = json_at(root, "policies"), *at;

	out->policies = room(list, arena, sizeof *out->policies);
	cJSON_ArrayForEach(at, list)
		out->policies[out->n_policies++] = (struct wire_policy){
			text(at, "policy", arena), text(at, "why", arena) };
	list = json_at(root, "given");
	out->given = room(list, arena, sizeof *out->given);
	cJSON_ArrayForEach(at, list)
		out->given[out->n_given++] = (struct wire_given){
			text(at, "by", arena), text(at, "for", arena),
			text(at, "at", arena),
			cJSON_IsTrue(json_at(at, "totp")) };
}

static bool
read_documents(const cJSON *root, struct arena *arena,
    struct wire_approval *out)
{
	const cJSON *list = json_at(root, "documents"), *at;

	out->documents = room(list, arena, sizeof *out->documents);
	cJSON_ArrayForEach(at, list) {
		struct document *d = arena_alloc(arena, sizeof *d);

		if (!document_decode(span_of(wire_printed(at, arena)), arena,
		    d))
			return false;
		out->documents[out->n_documents++] = d;
	}
	return true;
}

bool
shape_approval(struct span in, struct arena *arena,
    struct wire_approval *out)
{
	cJSON *root = wire_tree(in);
	bool ok = json_text(root, "event") != NULL;

	*out = (struct wire_approval){
		.event = text(root, "event", arena),
		.document = text(root, "document", arena),
		.party = text(root, "party", arena),
		.amount = text(root, "amount", arena),
		.currency = text(root, "currency", arena),
		.maker = text(root, "maker", arena),
		.role = text(root, "role", arena),
		.since = text(root, "since", arena),
		.expires = text(root, "expires", arena),
		.version = count(root, "version"),
		.needed = count(root, "needed"),
		.totp = cJSON_IsTrue(json_at(root, "totp")),
		.mine = cJSON_IsTrue(json_at(root, "mine")),
	};
	read_reasons(root, arena, out);
	ok = ok && read_documents(root, arena, out);
	cJSON_Delete(root);
	return ok && shape_preview(in, arena, &out->preview);
}
