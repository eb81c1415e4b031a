#include "wire/bank.h"

#include <stdlib.h>

#include "core/json.h"
#include "wire/gst.h"

#define WORD_MAX ((size_t)4 << 20)

static void
put(struct json *json, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		json_kstr(json, name, value);
}

static void
put_list(struct json *json, const char *name, const char *const *items,
    size_t n)
{
	if (n == 0)
		return;
	json_key(json, name);
	json_open(json, '[');
	for (size_t i = 0; i < n; i++)
		json_str(json, items[i]);
	json_close(json, ']');
}

static void
put_where(struct json *json, const struct wire_bank_word *word)
{
	json_key(json, "where");
	json_open(json, '{');
	put(json, "entity", word->entity);
	put(json, "account", word->of);
	put(json, "rule", word->rule);
	json_close(json, '}');
}

static void
write_word(struct str *out, const struct wire_bank_word *word)
{
	struct json json;

	json_start(&json, out);
	json_open(&json, '{');
	put(&json, "act", word->act);
	put_list(&json, "lines", word->lines, word->n_lines);
	put_list(&json, "entries", word->entries, word->n_entries);
	if (word->n_lines == 0 && word->rule != NULL)
		put_where(&json, word);
	put(&json, "account", word->account);
	put(&json, "party", word->party);
	put(&json, "cost_centre", word->cost_centre);
	put(&json, "memo", word->memo);
	put(&json, "gst", word->gst);
	put(&json, "supply", word->supply);
	put(&json, "into", word->into);
	put(&json, "decision", word->decision);
	put(&json, "reason", word->reason);
	json_close(&json, '}');
}

bool
wire_bank_post(struct wire *wire, const struct wire_bank_word *word,
    const char *key, struct arena *arena, struct span *answer,
    struct err *e)
{
	struct http_call call = { .method = "POST", .key = key,
	    .path = "/v1/bank/act", .seconds = 300 };
	struct str body;
	bool ok;

	str_init(&body, WORD_MAX);
	write_word(&body, word);
	call.body = str_span(&body);
	ok = body.over ? err_set(e, ERR_TOO_LARGE, "%zu lines at once",
	    word->n_lines) : wire_ask(wire, &call, arena, answer, e);
	str_free(&body);
	return ok;
}

bool
shape_bank_said(struct span in, struct arena *arena,
    struct wire_bank_said *out)
{
	static const char *const paths[] = { "decision", "done", "held",
		"left" };
	static const char *const why[] = { "why" };
	struct wire_rows rows;
	const char *t[4];

	if (!shape_texts(in, paths, 4, arena, t) ||
	    !shape_rows(in, "items", why, 1, arena, &rows))
		return false;
	*out = (struct wire_bank_said){ .decision = t[0],
	    .done = strtoll(t[1], NULL, 10),
	    .held = strtoll(t[2], NULL, 10),
	    .left = strtoll(t[3], NULL, 10),
	    .why = rows.n > 0 ? rows.texts[0] : "" };
	return true;
}
