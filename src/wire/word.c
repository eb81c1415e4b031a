/* What is said of rows, as a request, and its answer. */
#include "wire/word.h"

#include <string.h>

#include "core/json.h"
#include "wire/gst.h"

#define WORD_MAX ((size_t)4 << 20)
#define SECONDS 300

/* A member of its own, as its text. */
static void
add_reason(struct str *out, const char *reason)
{
	struct json j;
	struct str text;

	str_init(&text, WORD_MAX);
	json_start(&j, &text);
	json_str(&j, reason);
	str_addf(out, "%s\"reason\":%s", out->n > 1 ? "," : "", text.p);
	str_free(&text);
}

bool
wire_word_post(struct wire *wire, const struct wire_word *word,
    const char *key, struct arena *arena, struct span *answer,
    struct err *e)
{
	struct http_call call = { .method = "POST", .key = key,
	    .path = word->path, .seconds = SECONDS };
	struct str body;
	bool ok;

	str_init(&body, WORD_MAX);
	str_addf(&body, "{%s", word->members);
	if (word->reason != NULL && word->reason[0] != '\0')
		add_reason(&body, word->reason);
	str_adds(&body, "}");
	call.body = str_span(&body);
	ok = body.over ? err_set(e, ERR_LIMIT, "too many at once") :
	    wire_ask(wire, &call, arena, answer, e);
	str_free(&body);
	return ok;
}

bool
shape_said(struct span in, struct arena *arena, struct wire_said *out)
{
	static const char *const paths[] = { "done", "refused", "why",
		"skipped.0.why", "refused.0.why", "adjusting.event",
		"adjusting.state", "unknown" };
	const char *t[8], *why;

	if (!shape_texts(in, paths, 8, arena, t))
		return false;
	why = t[2][0] != '\0' ? t[2] : t[3][0] != '\0' ? t[3] : t[4];
	*out = (struct wire_said){ t[0], t[1], why, t[5], t[6],
	    strcmp(t[7], "0") == 0 ? "" : t[7] };
	return true;
}
