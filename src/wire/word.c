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

/* Of a list of what was left out: how many, and why the first was. */
static bool
left_out(struct span in, const char *name, struct arena *arena,
    const char **n, const char **why)
{
	static const char *const each[] = { "why" };
	struct wire_rows rows;

	if (!shape_rows(in, name, each, 1, arena, &rows) || rows.n == 0)
		return false;
	*n = arena_printf(arena, "%zu", rows.n);
	*why = rows.texts[0];
	return true;
}

bool
shape_said(struct span in, struct arena *arena, struct wire_said *out)
{
	static const char *const paths[] = { "done", "refused", "why",
		"adjusting.event", "adjusting.state", "unknown", "held" };
	const char *t[7];

	if (!shape_texts(in, paths, 7, arena, t))
		return false;
	*out = (struct wire_said){ t[0], t[1], t[2], t[3], t[4],
	    strcmp(t[5], "0") == 0 ? "" : t[5],
	    strcmp(t[6], "0") == 0 ? "" : t[6] };
	if (!left_out(in, "skipped", arena, &out->refused, &out->why))
		(void)left_out(in, "refused", arena, &out->refused,
		    &out->why);
	return true;
}
