/* Answers about returns made into structs, and what is posted. */
#include "wire/gst.h"

#include <cjson/cJSON.h>

#include "core/json.h"
#include "wire/inside.h"

#define WORD_MAX ((size_t)4 << 20)

const char *const wire_gst_heads[WIRE_GST_HEADS] = {
	"igst", "cgst", "sgst", "cess"
};

static const char *
text(const cJSON *at, const char *path, struct arena *arena)
{
	const char *value = json_text(at, path);

	return value != NULL ? arena_strdup(arena, value) : "";
}

bool
shape_texts(struct span in, const char *const *paths, size_t n,
    struct arena *arena, const char **out)
{
	cJSON *root = wire_tree(in);
	bool ok = cJSON_IsObject(root);

	for (size_t i = 0; ok && i < n; i++)
		out[i] = text(root, paths[i], arena);
	cJSON_Delete(root);
	return ok;
}

bool
shape_gst_summary(struct span in, struct arena *arena,
    struct wire_gst_summary *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *one;
	bool ok = cJSON_IsArray(json_at(root, "sections"));

	*out = (struct wire_gst_summary){
		.gstin = text(root, "gstin", arena),
		.period = text(root, "period", arena),
		.filing = text(root, "filing", arena),
		.state = text(root, "state", arena),
		.as_of = text(root, "as_of.at", arena),
		.unplaced = text(root, "unplaced.documents", arena),
		.since = text(root, "changed.since", arena),
		.changed = text(root, "changed.documents", arena),
	};
	cJSON_ArrayForEach(one, json_at(root, "due"))
		if (out->n_due < WIRE_GST_DUES)
			out->due[out->n_due++] = (struct wire_gst_due){
			    text(one, "form", arena),
			    text(one, "date", arena),
			    text(one, "days", arena) };
	cJSON_Delete(root);
	return ok;
}

/* ---- saying ------------------------------------------------------------ */

static void
put(struct json *json, const char *name, const char *value)
{
	if (value != NULL)
		json_kstr(json, name, value);
}

static void
put_items(struct json *json, const struct wire_gst_word *word)
{
	json_key(json, "items");
	json_open(json, '[');
	for (size_t i = 0; i < word->n_items; i++) {
		json_open(json, '{');
		json_kstr(json, "id", word->items[i].id);
		if (word->items[i].version != 0)
			json_kint(json, "version", word->items[i].version);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
write_word(struct str *out, const struct wire_gst_word *word)
{
	struct json json;

	json_start(&json, out);
	json_open(&json, '{');
	put(&json, "gstin", word->gstin);
	put(&json, "period", word->period);
	put(&json, "form", word->form);
	put(&json, "filed", word->filed);
	put(&json, "arn", word->arn);
	put(&json, "cell", word->cell);
	for (int i = 0; i < WIRE_GST_HEADS; i++)
		put(&json, wire_gst_heads[i], word->heads[i]);
	if (word->remove) {
		json_key(&json, "remove");
		json_bool(&json, true);
	}
	put(&json, "action", word->action);
	put(&json, "ims", word->ims);
	if (word->n_items > 0)
		put_items(&json, word);
	put(&json, "reason", word->reason);
	json_close(&json, '}');
}

bool
wire_gst_post(struct wire *wire, const struct wire_gst_word *word,
    const char *key, struct arena *arena, struct span *answer,
    struct err *e)
{
	struct http_call call = { .method = "POST", .key = key,
	    .path = arena_printf(arena, "/v1/gst/%s", word->what),
	    .seconds = 300 };
	struct str body;
	bool ok;

	str_init(&body, WORD_MAX);
	write_word(&body, word);
	call.body = str_span(&body);
	ok = body.over ? err_set(e, ERR_TOO_LARGE, "%zu rows at once",
	    word->n_items) : wire_ask(wire, &call, arena, answer, e);
	str_free(&body);
	return ok;
}

bool
wire_gst_inward(struct wire *wire, struct span file, const char *name,
    struct arena *arena, struct span *answer, struct err *e)
{
	struct http_call call = { .method = "POST", .body = file,
	    .path = wire_path(arena, "/v1/gst/inward?name=", name, ""),
	    .seconds = 600 };

	return wire_ask(wire, &call, arena, answer, e);
}
