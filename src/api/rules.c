/* Versions of the rules: which were in force since when, and what differs. */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "core/textdiff.h"
#include "rules/rules.h"
#include "store/proposal.h"

#define ANSWER_MAX (256 << 20)

void
rules_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	ok = view_rules(call->db, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

static void
write_line(void *arg, char op, unsigned number, struct span text)
{
	struct json *j = arg;

	json_open(j, '{');
	json_kstr(j, "what", op == '-' ? "removed" : "added");
	json_kint(j, "line", number);
	json_key(j, "text");
	json_span(j, text);
	json_close(j, '}');
}

static struct span
text_of(const cJSON *file)
{
	return span_of(cJSON_IsString(file) ? file->valuestring : "");
}

static void
write_file(struct json *j, const char *name, const cJSON *old,
    const cJSON *new)
{
	if (old != NULL && new != NULL &&
	    span_equal(text_of(old), text_of(new)))
		return;
	json_open(j, '{');
	json_kstr(j, "file", name);
	json_kstr(j, "what", old == NULL ? "added" : new == NULL ?
	    "removed" : "changed");
	json_key(j, "lines");
	json_open(j, '[');
	text_diff(text_of(old), text_of(new), write_line, j);
	json_close(j, ']');
	json_close(j, '}');
}

static void
write_diff(struct json *j, const char *against, struct span old_text,
    struct span new_text)
{
	cJSON *old = json_parse(old_text), *new = json_parse(new_text);
	const cJSON *file;

	json_kstr(j, "against", against);
	json_key(j, "changes");
	json_open(j, '[');
	cJSON_ArrayForEach(file, old)
		write_file(j, file->string, file,
		    cJSON_GetObjectItemCaseSensitive(new, file->string));
	cJSON_ArrayForEach(file, new)
		if (cJSON_GetObjectItemCaseSensitive(old, file->string) ==
		    NULL)
			write_file(j, file->string, NULL, file);
	json_close(j, ']');
	cJSON_Delete(old);
	cJSON_Delete(new);
}

void
rules_version_get(struct call *call)
{
	const char *against = request_query(call->request, "against");
	struct span files, other = { "", 0 };
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	ok = rules_files(call->db, call->args[0], call->arena, &files, &e) &&
	    (against == NULL || rules_files(call->db, against, call->arena,
	    &other, &e));
	if (ok && (files.n == 0 || (against != NULL && other.n == 0))) {
		answer_absent(call, "such version of the rules");
		return;
	}
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "digest", call->args[0]);
	if (ok && against != NULL) {
		write_diff(&j, against, other, files);
	} else if (ok) {
		json_key(&j, "files");
		json_raw(&j, files);
	}
	json_close(&j, '}');
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
rules_now_get(struct call *call)
{
	struct rulebook *book = pump_rules(api_pump(call->api));
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	ok = view_rules_now(call->db, rulebook_digest(book), &j, &e);
	rulebook_drop(&book);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}
