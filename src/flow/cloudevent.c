/*
 * CloudEvents in their three modes.  A batch is split into the exact bytes of
 * each event, so that each is kept as it came; what was judged of it on the
 * way goes with it.
 */
#include "flow/cloudevent.h"

#include <strings.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/utf8.h"

static bool
is_type(const char *have, const char *want)
{
	size_t n = strlen(want);

	return strncasecmp(have, want, n) == 0 && (have[n] == '\0' ||
	    have[n] == ';' || have[n] == ' ');
}

bool
cloudevent_mode(const struct delivery *d, enum cloudevent_mode *out,
    struct err *e)
{
	bool twice = false;
	const char *type = d->header(d->request, "Content-Type", &twice);

	if (type == NULL || twice)
		return err_set(e, ERR_MEDIA, "no single Content-Type");
	if (is_type(type, "application/cloudevents+json"))
		*out = CLOUDEVENT_STRUCTURED;
	else if (is_type(type, "application/cloudevents-batch+json"))
		*out = CLOUDEVENT_BATCH;
	else if (is_type(type, "application/json") &&
	    d->header(d->request, "ce-specversion", NULL) != NULL)
		*out = CLOUDEVENT_BINARY;
	else
		return err_set(e, ERR_MEDIA, "%.80s is no CloudEvent", type);
	return true;
}

/* A CloudEvents string: text without control characters. */
static bool
is_text(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return text[0] != '\0' && utf8_valid(span_of(text));
}

static bool
judge(const char *version, const char *id, const char *source,
    const char *type, const char *time, struct arena *arena,
    struct verified *out, struct err *e)
{
	if (version == NULL || strcmp(version, "1.0") != 0)
		return err_set(e, ERR_REQUEST, "specversion is not 1.0");
	if (id == NULL || !is_text(id))
		return err_set(e, ERR_REQUEST, "id is missing or no text");
	/* A URI has no space, so the key parts them in one way only. */
	if (source == NULL || !is_text(source) || strchr(source, ' ') != NULL)
		return err_set(e, ERR_REQUEST, "source is missing or no URI");
	if (type == NULL || !is_text(type) || strlen(type) > 200)
		return err_set(e, ERR_REQUEST, "type is missing or long");
	if (strlen(id) + strlen(source) > 400)
		return err_set(e, ERR_REQUEST, "source and id are too long");
	*out = (struct verified){ .topic = arena_strdup(arena, type),
	    .key = arena_printf(arena, "%s %s", source, id) };
	if (time != NULL && !clock_parse(span_of(time), &out->sent))
		return err_set(e, ERR_REQUEST, "time is not RFC 3339");
	return true;
}

bool
cloudevent_binary(const struct delivery *d, struct arena *arena,
    struct verified *out, struct err *e)
{
	static const char *const names[] = { "ce-specversion", "ce-id",
	    "ce-source", "ce-type", "ce-time" };
	const char *values[5];

	for (size_t i = 0; i < 5; i++) {
		bool twice = false;

		values[i] = d->header(d->request, names[i], &twice);
		if (twice)
			return err_set(e, ERR_REQUEST, "%s came twice",
			    names[i]);
	}
	return judge(values[0], values[1], values[2], values[3], values[4],
	    arena, out, e);
}

bool
cloudevent_read(struct span text, struct arena *arena,
    struct json_item *out, struct err *e)
{
	struct json_where where;
	enum json_fault fault = json_read(text, JSON_DEPTH_MAX, arena,
	    &out->tape, &where);

	out->text = text;
	return fault == JSON_OK || err_set(e, ERR_JSON, "%s at byte %zu",
	    json_fault_name(fault), where.offset);
}

bool
cloudevent_structured(const struct json_item *item, struct arena *arena,
    struct verified *out, struct err *e)
{
	static const char *const names[] = { "specversion", "id", "source",
	    "type", "time" };
	const char *values[5];

	for (size_t i = 0; i < 5; i++)
		values[i] = json_take(&item->tape, names[i], arena);
	if (!judge(values[0], values[1], values[2], values[3], values[4],
	    arena, out, e))
		return false;
	out->tape = &item->tape;
	return true;
}

bool
cloudevent_split(struct span batch, struct arena *arena,
    struct json_item **items, size_t *n, struct err *e)
{
	struct json_where where;
	enum json_fault fault;
	struct json_item other;

	if (!json_is_array(batch))
		return cloudevent_read(batch, arena, &other, e) &&
		    err_set(e, ERR_REQUEST, "a batch is a JSON array");
	*items = arena_alloc(arena, CLOUDEVENTS_MAX * sizeof **items);
	fault = json_read_items(batch, JSON_DEPTH_MAX, arena, *items,
	    CLOUDEVENTS_MAX, n, &where);
	if (fault != JSON_OK)
		return err_set(e, ERR_JSON, "%s at byte %zu",
		    json_fault_name(fault), where.offset);
	return *n <= CLOUDEVENTS_MAX || err_set(e, ERR_TOO_LARGE,
	    "a batch has at most %d events", CLOUDEVENTS_MAX);
}
