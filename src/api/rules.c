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
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = view_rules(call->db, &a.j, &a.e);
	answer_end(call, &a, ok);
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
	struct span files = { "", 0 }, other = { "", 0 };
	struct answer a;
	bool ok, found;

	answer_start(&a, ANSWER_MAX);
	ok = rules_files(call->db, call->args[0], call->arena, &files, &a.e) &&
	    (against == NULL || rules_files(call->db, against, call->arena,
	    &other, &a.e));
	found = files.n > 0 && (against == NULL || other.n > 0);
	json_open(&a.j, '{');
	json_kstr(&a.j, "digest", call->args[0]);
	if (ok && found && against != NULL) {
		write_diff(&a.j, against, other, files);
	} else if (ok && found) {
		json_key(&a.j, "files");
		json_raw(&a.j, files);
	}
	json_close(&a.j, '}');
	answer_end_found(call, &a, ok, found, "such version of the rules");
}

void
rules_now_get(struct call *call)
{
	struct rulebook *book = pump_rules(api_pump(call->api));
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = view_rules_now(call->db, rulebook_digest(book), &a.j, &a.e);
	rulebook_drop(&book);
	answer_end(call, &a, ok);
}
