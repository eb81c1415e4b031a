/* Answers about returns made into structs, and what is posted. */
#include "wire/gst.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

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
		out[i] = cJSON_IsTrue(json_at(root, paths[i])) ? "yes" :
		    text(root, paths[i], arena);
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
	for (size_t i = 0; i < word->n_items; i++)
		json_str(json, word->items[i]);
	json_close(json, ']');
}

static void
put_filter(struct json *json, const struct wire_gst_word *word)
{
	json_key(json, "filter");
	json_open(json, '{');
	put(json, "gstin", word->gstin);
	put(json, "period", word->period);
	put(json, "status", word->status);
	put(json, "party", word->party);
	json_close(json, '}');
}

static void
write_word(struct str *out, const struct wire_gst_word *word)
{
	struct json json;

	json_start(&json, out);
	json_open(&json, '{');
	if (word->action == NULL) {
		put(&json, "gstin", word->gstin);
		put(&json, "period", word->period);
	}
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
	put(&json, "with", word->with);
	put(&json, "decision", word->decision);
	if (word->n_items > 0)
		put_items(&json, word);
	else if (word->status != NULL)
		put_filter(&json, word);
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
shape_gst_said(struct span in, struct arena *arena,
    struct wire_gst_said *out)
{
	static const char *const paths[] = { "decision", "done", "skipped",
		"why" };
	static const char *const why[] = { "why" };
	struct wire_rows rows;
	const char *t[4];

	if (!shape_texts(in, paths, 4, arena, t) ||
	    !shape_rows(in, "items", why, 1, arena, &rows))
		return false;
	*out = (struct wire_gst_said){ .decision = t[0],
	    .done = strtoll(t[1], NULL, 10),
	    .skipped = strtoll(t[2], NULL, 10),
	    .why = rows.n > 0 ? rows.texts[0] : "" };
	return true;
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
