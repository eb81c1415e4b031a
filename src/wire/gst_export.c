/* Receipts of exports made into structs, and the calls. */
#include "wire/gst_export.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "wire/inside.h"

#define HOUR 3600		/* a large file on a slow line */

static const char *
text(const cJSON *at, const char *path, struct arena *arena)
{
	const char *value = json_text(at, path);

	return value != NULL ? arena_strdup(arena, value) : "";
}

static int64_t
number(const cJSON *at, const char *path)
{
	const char *value = json_text(at, path);

	return value != NULL ? strtoll(value, NULL, 10) : 0;
}

static void *
room(const cJSON *items, size_t size, struct arena *arena)
{
	return arena_alloc(arena, size * ((size_t)cJSON_GetArraySize(items) +
	    1));
}

static void
read_lists(const cJSON *root, struct arena *arena,
    struct wire_gst_export *out)
{
	const cJSON *files = json_at(root, "files");
	const cJSON *warnings = json_at(root, "warnings"), *one;

	out->files = room(files, sizeof *out->files, arena);
	cJSON_ArrayForEach(one, files)
		out->files[out->n_files++] = (struct wire_gst_file){
		    text(one, "name", arena), text(one, "sha256", arena),
		    number(one, "bytes"), number(one, "rows") };
	out->warnings = room(warnings, sizeof *out->warnings, arena);
	cJSON_ArrayForEach(one, warnings)
		out->warnings[out->n_warnings++] = (struct wire_gst_warning){
		    text(one, "sentence", arena), number(one, "count") };
}

bool
shape_gst_export(struct span in, struct arena *arena,
    struct wire_gst_export *out)
{
	cJSON *root = wire_tree(in);

	*out = (struct wire_gst_export){
		.id = text(root, "export", arena),
		.gstin = text(root, "gstin", arena),
		.form = text(root, "form", arena),
		.period = text(root, "period", arena),
		.format = text(root, "format", arena),
		.state = text(root, "state", arena),
		.why = text(root, "why", arena),
		.done = number(root, "done"),
		.total = number(root, "total"),
	};
	out->ended = strcmp(out->state, "waiting") != 0 &&
	    strcmp(out->state, "running") != 0;
	read_lists(root, arena, out);
	cJSON_Delete(root);
	return out->id[0] == 'X';
}

bool
wire_gst_export_start(struct wire *wire, const char *gstin,
    const char *period, const char *form, const char *format,
    struct arena *arena, struct span *json, struct err *e)
{
	struct http_call call = { .method = "POST",
	    .path = "/v1/gst/exports" };
	struct json j;
	struct str body;
	bool ok;

	str_init(&body, 4096);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "gstin", gstin);
	json_kstr(&j, "period", period);
	json_kstr(&j, "form", form);
	json_kstr(&j, "format", format);
	json_close(&j, '}');
	call.body = str_span(&body);
	ok = wire_ask(wire, &call, arena, json, e);
	str_free(&body);
	return ok;
}

bool
wire_gst_export_get(struct wire *wire, const char *id, struct arena *arena,
    struct span *json, struct err *e)
{
	return wire_get(wire, wire_path(arena, "/v1/gst/exports/", id, ""),
	    arena, json, e);
}

bool
wire_gst_export_cancel(struct wire *wire, const char *id,
    struct arena *arena, struct err *e)
{
	struct http_call call = { .method = "DELETE",
	    .path = wire_path(arena, "/v1/gst/exports/", id, "") };
	struct span answer;

	return wire_ask(wire, &call, arena, &answer, e);
}

bool
wire_gst_export_file(struct wire *wire, const char *id, const char *name,
    const struct http_sink *sink, struct arena *arena, struct err *e)
{
	struct http_call call = { .method = "GET", .sink = sink,
	    .accept = "*/*", .seconds = HOUR };
	struct span answer;

	call.path = wire_path(arena, wire_path(arena, "/v1/gst/exports/", id,
	    "/files/"), name, "");
	return wire_ask(wire, &call, arena, &answer, e);
}
