/* What requests say in their body and of themselves, each with its bound. Who
 * answers is the caller's business. */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "core/utf8.h"

#define KEY_MAX 255

cJSON *
body_read(struct call *call, struct err *e)
{
	struct span body = request_body(call->request);

	return body.n == 0 ? cJSON_CreateObject() : json_strict(body, e);
}

bool
body_text(const cJSON *tree, const char *name, size_t most,
    struct arena *arena, const char **out, struct err *e)
{
	const char *text = json_text(tree, name);

	if (text != NULL && strlen(text) > most)
		return err_set(e, ERR_REQUEST, "%s: at most %zu bytes", name,
		    most);
	*out = arena_strdup(arena, text);
	return true;
}

bool
body_word(const cJSON *tree, const char *name, size_t most,
    struct arena *arena, const char **out, struct err *e)
{
	if (!body_text(tree, name, most, arena, out, e))
		return false;
	if (*out != NULL && **out == '\0')
		*out = NULL;
	return true;
}

bool
body_need(const cJSON *tree, const char *name, size_t most,
    struct arena *arena, const char **out, struct err *e)
{
	return body_word(tree, name, most, arena, out, e) && (*out != NULL ||
	    err_set(e, ERR_REQUEST, "%s: must be said", name));
}

bool
body_reason(const cJSON *tree, struct arena *arena, const char **out,
    struct err *e)
{
	if (!body_text(tree, "reason", REASON_MAX, arena, out, e))
		return false;
	if (*out == NULL)
		*out = "";
	return true;
}

bool
call_key(struct call *call, const char *prefix, const char *of,
    const char **key, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	bool twice = false;

	*key = request_header(call->request, "Idempotency-Key", &twice);
	if (twice || (*key != NULL && (**key == '\0' ||
	    strlen(*key) > KEY_MAX || !utf8_valid(span_of(*key)))))
		return err_set(e, ERR_REQUEST, "Idempotency-Key is not one "
		    "text of 1 to %d bytes", KEY_MAX);
	if (*key != NULL)
		return true;
	digest_sha256v((struct span[]){ span_of(of),
	    request_body(call->request) }, 2, digest);
	digest_hex(digest, 16, hex);
	*key = arena_printf(call->arena, "%s-%s", prefix, hex);
	return true;
}
