/* The answers about the close of a period made into structs, and the calls. */
#include "wire/close.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"

#define CLOSE_MAX (4 << 20)

static cJSON *
tree_of(struct span in)
{
	struct json_where where;
	struct str quoted;
	cJSON *tree = NULL;

	str_init(&quoted, CLOSE_MAX);
	if (json_quote(in, JSON_DEPTH_MAX, &quoted, &where) == JSON_OK &&
	    !quoted.over)
		tree = json_parse(str_span(&quoted));
	str_free(&quoted);
	return tree;
}

static const char *
text(const cJSON *at, const char *path, struct arena *arena)
{
	const char *value = json_text(at, path);

	return value != NULL ? arena_strdup(arena, value) : "";
}

static void
read_line(const cJSON *at, struct arena *arena, struct wire_close_line *out)
{
	*out = (struct wire_close_line){
		.line = text(at, "line", arena),
		.state = text(at, "state", arena),
		.sentence = text(at, "sentence", arena),
		.note = text(at, "note", arena),
		.count = text(at, "count", arena),
		.currency = text(at, "currency", arena),
		.amount = text(at, "amount", arena),
		.figures = text(at, "figures", arena),
		.owner = text(at, "owner", arena),
		.due = text(at, "due", arena),
		.days_left = text(at, "days_left", arena),
		.signer = text(at, "signed.by", arena),
		.signed_at = text(at, "signed.at", arena),
		.pane = text(at, "pane", arena),
		.ok = cJSON_IsTrue(json_at(at, "ok")),
	};
}

static void
read_lists(const cJSON *tree, struct arena *arena, struct wire_close *out)
{
	const cJSON *periods = json_at(tree, "periods");
	const cJSON *entities = json_at(tree, "entities"), *one;

	out->periods = arena_alloc(arena, ((size_t)cJSON_GetArraySize(
	    periods) + 1) * sizeof *out->periods);
	cJSON_ArrayForEach(one, periods)
		out->periods[out->n_periods++] = (struct wire_close_period){
		    text(one, "period", arena), text(one, "state", arena) };
	out->entities = arena_alloc(arena, ((size_t)cJSON_GetArraySize(
	    entities) + 1) * sizeof *out->entities);
	cJSON_ArrayForEach(one, entities)
		out->entities[out->n_entities++] = cJSON_IsString(one) ?
		    arena_strdup(arena, one->valuestring) : "";
}

bool
shape_close(struct span in, struct arena *arena, struct wire_close *out)
{
	cJSON *tree = tree_of(in);
	const cJSON *one;

	if (!cJSON_IsArray(json_at(tree, "items"))) {
		cJSON_Delete(tree);
		return false;
	}
	*out = (struct wire_close){
		.entity = text(tree, "entity", arena),
		.period = text(tree, "period", arena),
		.state = text(tree, "state", arena),
		.open = text(tree, "open", arena),
		.unsigned_lines = text(tree, "unsigned", arena),
		.ready = cJSON_IsTrue(json_at(tree, "ready")),
		.asked_by = text(tree, "reopening.by", arena),
		.reason = text(tree, "reopening.reason", arena),
	};
	cJSON_ArrayForEach(one, json_at(tree, "items"))
		if (out->n < WIRE_CLOSE_LINES)
			read_line(one, arena, &out->lines[out->n++]);
	read_lists(tree, arena, out);
	cJSON_Delete(tree);
	return true;
}

const char *
wire_close_path(struct arena *arena, const char *entity, const char *period)
{
	const char *path = "/v1/close";

	if (entity[0] != '\0')
		path = wire_path(arena, "/v1/close?entity=", entity, "");
	if (period[0] != '\0')
		path = wire_path(arena, arena_printf(arena, "%s%cperiod=",
		    path, entity[0] != '\0' ? '&' : '?'), period, "");
	return path;
}

bool
wire_close_get(struct wire *wire, const char *entity, const char *period,
    struct arena *arena, struct wire_close *out, struct err *e)
{
	struct span body;

	return wire_get(wire, wire_close_path(arena, entity, period), arena,
	    &body, e) && (shape_close(body, arena, out) || err_set(e,
	    ERR_JSON, "the answer to /v1/close is not as documented"));
}

static void
write_word(struct str *out, const struct wire_close_word *word)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "entity", word->entity);
	json_kstr(&j, "period", word->period);
	if (word->line != NULL)
		json_kstr(&j, "line", word->line);
	if (word->figures != NULL)
		json_kstr(&j, "figures", word->figures);
	if (word->reason != NULL)
		json_kstr(&j, "reason", word->reason);
	json_close(&j, '}');
}

bool
wire_close_post(struct wire *wire, const struct wire_close_word *word,
    struct arena *arena, const char **state, struct span *json,
    struct err *e)
{
	struct http_call call = { .method = "POST", .path = arena_printf(
	    arena, "/v1/close/%s", word->what) };
	struct str body;
	cJSON *tree;
	bool ok;

	str_init(&body, 65536);
	write_word(&body, word);
	call.body = str_span(&body);
	ok = wire_ask(wire, &call, arena, json, e);
	str_free(&body);
	if (!ok)
		return false;
	tree = tree_of(*json);
	*state = text(tree, "state", arena);
	ok = tree != NULL || err_set(e, ERR_JSON,
	    "the answer to %s is not as documented", call.path);
	cJSON_Delete(tree);
	return ok;
}
