/* One question to a rest target and its answer: the request is what the rule
 * says, within bounds; the answer is judged before the rule hears it. */
#include "targets/rest.h"

#include <stdlib.h>
#include <strings.h>

#include <cjson/cJSON.h>

#include "core/digest.h"
#include "core/json.h"

/* ---- who we are ------------------------------------------------------- */

static bool
is_header(const char *name, const char *value)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	return *name != '\0' && strspn(name, token) == strlen(name) &&
	    is_one_line(value);
}

static void
add_basic(struct str *line, const struct targetconf *conf)
{
	struct str pair;

	str_init(&pair, 1 << 17);
	str_addf(&pair, "%s:%s", conf->user, conf->secret);
	str_adds(line, "Authorization: Basic ");
	digest_base64((const unsigned char *)pair.p, pair.n, line);
	digest_clean(pair.p, pair.n);
	str_free(&pair);
}

bool
rest_login(struct rest *rest, const struct targetconf *conf, struct err *e)
{
	const char *how = options_text(conf->options, "login");
	const char *name = options_text(conf->options, "login_header");
	struct str line;

	if (*conf->secret == '\0')
		return true;
	if (!is_header(name, conf->secret))
		return err_set(e, ERR_CONFIG, "login_header, or the secret: "
		    "not what a header can be");
	str_init(&line, 1 << 17);
	if (strcmp(how, "basic") == 0)
		add_basic(&line, conf);
	else if (strcmp(how, "header") == 0)
		str_addf(&line, "%s: %s", name, conf->secret);
	else
		str_addf(&line, "Authorization: Bearer %s", conf->secret);
	rest->login = line.p;
	return true;
}

/* ---- asking ----------------------------------------------------------- */

void
talk_bind(struct talk *talk, const char *name, const char *text)
{
	if (talk->n_words < REST_WORDS_MAX)
		talk->words[talk->n_words++] = (struct phrase_word){ name,
		    text != NULL ? span_of(text) : (struct span){ NULL, 0 } };
}

struct talk
talk_new(struct target *target, struct arena *arena)
{
	struct talk talk = { .target = target, .rest = target->state,
	    .arena = arena };

	talk_bind(&talk, ":company", target->conf->company);
	talk_bind(&talk, ":database", target->conf->database);
	talk_bind(&talk, ":user", target->conf->user);
	return talk;
}

struct headers {
	const char *lines[REST_HEADERS_MAX + 3];	/* and three of ours */
	size_t n;
};

/* What frames a message, says who we are or keeps it from being doubled is
 * ours to say. */
static bool
is_ours(const char *name)
{
	static const char *const ours[] = { "Host", "Transfer-Encoding",
		"Connection", "Expect", "Upgrade", "Idempotency-Key" };

	if (strncasecmp(name, "Content-", 8) == 0)
		return true;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcasecmp(ours[i], name) == 0)
			return true;
	return false;
}

static bool
add_header(struct headers *h, const cJSON *item, struct arena *arena)
{
	if (h->n == REST_HEADERS_MAX || !cJSON_IsString(item) ||
	    !is_header(item->string, item->valuestring) ||
	    is_ours(item->string))
		return false;
	h->lines[h->n++] = arena_printf(arena, "%s: %s", item->string,
	    item->valuestring);
	return true;
}

static bool
read_headers(const struct talk *talk, const char *text, struct headers *h,
    struct err *e)
{
	cJSON *tree = text != NULL ? json_strict(span_of(text), e) : NULL;
	const cJSON *item;
	bool ok = text == NULL || cJSON_IsObject(tree);

	cJSON_ArrayForEach(item, tree) {
		if (ok)
			ok = add_header(h, item, talk->arena);
	}
	cJSON_Delete(tree);
	if (!ok)
		return err_set(e, ERR_RULE, "headers: an object of texts, "
		    "none of those that are ours: %.200s", text);
	if (talk->rest->login != NULL)
		h->lines[h->n++] = talk->rest->login;
	if (talk->key != NULL)
		h->lines[h->n++] = arena_printf(talk->arena,
		    "Idempotency-Key: %s", talk->key);
	return true;
}

/* RFC 9530: what arrives otherwise on the way is not booked by an ERP that
 * looks at it, and goes again as it is. */
static void
add_digest(struct headers *h, struct span body, struct arena *arena)
{
	unsigned char digest[SHA256_SIZE];
	struct str text;

	digest_sha256(body, digest);
	str_init(&text, 64);
	digest_base64(digest, sizeof digest, &text);
	h->lines[h->n++] = arena_printf(arena, "Content-Digest: sha-256=:%s:",
	    text.p);
	str_free(&text);
}

static bool
is_path(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '\\' ||
		    *p == '#')
			return false;
	return *text == '/' || *text == '?' || *text == '\0';
}

static bool
is_method(const char *text)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH",
		"DELETE" };

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i], text) == 0)
			return true;
	return false;
}

/* The one row of a section that asks, as a request. */
static bool
phrase_request(struct talk *talk, const struct phrase_row *row,
    const char *method, struct headers *h, struct target_request *out,
    struct err *e)
{
	const char *said = phrase_text(row, "method");
	const char *body = phrase_text(row, "body");
	const char *key = phrase_text(row, "key");

	out->method = said != NULL ? said : method;
	out->path = phrase_text(row, "path");
	out->body = span_of(body);
	talk->absent = phrase_text(row, "absent");
	talk->rows = phrase_text(row, "rows");
	if (key != NULL && talk->key != NULL)
		talk->key = key;
	if (out->path == NULL || !is_path(out->path))
		return err_set(e, ERR_RULE, "path: none, or not encoded: "
		    "%.200s", out->path != NULL ? out->path : "");
	if (!is_method(out->method))
		return err_set(e, ERR_RULE, "method: %.60s", out->method);
	/* Asked on the way to be repeated: by whoever stands in between, and
	 * by us */
	if (talk->key != NULL && strcmp(out->method, "GET") == 0)
		return err_set(e, ERR_RULE, "method: GET changes nothing");
	if (talk->key != NULL && !is_header("x", talk->key))
		return err_set(e, ERR_RULE, "key: control characters");
	if (!read_headers(talk, phrase_text(row, "headers"), h, e))
		return false;
	if (body != NULL)
		add_digest(h, out->body, talk->arena);
	out->headers = h->lines;
	out->n_headers = h->n;
	return true;
}

static void
read_json(struct talk *talk)
{
	struct rest *rest = talk->rest;
	struct json_where where;
	enum json_fault fault = json_quote(str_span(&rest->body),
	    ANSWER_DEPTH, &rest->quoted, &where);

	if (fault == JSON_OK && !rest->quoted.over)
		talk->answer.json = str_span(&rest->quoted);
}

void
talk_hear(struct talk *talk)
{
	struct rest_answer *answer = &talk->answer;

	answer->status = talk->raw.status;
	answer->etag = arena_strdup(talk->arena, talk->raw.etag);
	answer->text = words_of(str_span(&talk->rest->body), talk->arena);
	answer->json = (struct span){ NULL, 0 };
	read_json(talk);
	talk_bind(talk, ":status", arena_printf(talk->arena, "%d",
	    answer->status));
	talk_bind(talk, ":etag", answer->etag);
	talk_bind(talk, ":text", answer->text);
	talk->words[talk->n_words++] = (struct phrase_word){ ":answer",
	    answer->json };
}

/* What the section asks, and the answer to it. On false `raw.sent` tells
 * whether anything may have come of it. */
bool
talk_ask(struct talk *talk, const char *section, const char *method,
    struct span *sent, struct err *e)
{
	struct target_request request = { 0 };
	struct headers h = { .n = 0 };
	struct phrase_row *rows;
	size_t n, words = talk->n_words;
	bool ok;

	talk->raw = (struct fetch_answer){ 0 };
	if (!phrases_run(talk->rest->phrases, section, talk->words,
	    talk->n_words, 1, talk->arena, &rows, &n, e))
		return false;
	if (n == 0)
		return err_set(e, ERR_RULE, "%s gives no row", section);
	if (!phrase_request(talk, rows, method, &h, &request, e))
		return false;
	if (sent != NULL)
		*sent = request.body;
	ok = target_ask(talk->target, &request, &talk->raw,
	    &talk->rest->body, e);
	talk->n_words = words;
	if (ok)
		talk_hear(talk);
	return ok;
}

bool
rest_lacks(const struct rest *rest, const char *section, struct err *e)
{
	return !phrases_has(rest->phrases, section) &&
	    !err_set(e, ERR_REFUSED, "its rule has no %s", section);
}

static bool
is_tree(struct span json)
{
	while (json.n > 0 && strchr(" \t\r\n", *json.p) != NULL) {
		json.p++;
		json.n--;
	}
	return json.n > 0 && (*json.p == '{' || *json.p == '[');
}

/* Of a question that changes nothing: 2xx and JSON, or no word. */
bool
talk_is_word(const struct talk *talk, struct err *e)
{
	if (talk->answer.status < 200 || talk->answer.status > 299)
		return err_set(e, talk->answer.status == 401 ?
		    ERR_UNAUTHENTIC : talk->answer.status == 403 ?
		    ERR_FORBIDDEN : ERR_UNREACHABLE, "answer %d: %.300s",
		    talk->answer.status, talk->answer.text);
	if (talk->answer.json.p == NULL)
		return err_set(e, ERR_UNREACHABLE,
		    "the answer is no JSON: %.300s", talk->answer.text);
	/* null is not "there is none" */
	return is_tree(talk->answer.json) || err_set(e, ERR_UNREACHABLE,
	    "the answer is no object and no array: %.300s",
	    talk->answer.text);
}

/* $ and names: $.data.items */
static const cJSON *
go_to(const cJSON *tree, const char *path)
{
	char name[64];

	if (*path++ != '$')
		return NULL;
	while (tree != NULL && *path == '.') {
		size_t n = strcspn(++path, ".");

		if (n == 0 || n >= sizeof name)
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		tree = cJSON_GetObjectItemCaseSensitive(tree, name);
		path += n;
	}
	return *path == '\0' ? tree : NULL;
}

/* {"error": ..} with 200 gives no rows, either. */
bool
talk_lists(const struct talk *talk, struct err *e)
{
	const char *path = talk->rows != NULL ? talk->rows : "$";
	struct err large = { 0 };
	cJSON *tree = json_bounded(talk->answer.json, ANSWER_VALUES, &large);
	bool ok = cJSON_IsArray(go_to(tree, path));

	cJSON_Delete(tree);
	return ok || err_set(e, ERR_UNREACHABLE, "the answer has no list at "
	    "%.100s (column rows of the rule): %.300s", path,
	    talk->answer.text);
}

bool
talk_rows(struct talk *talk, const char *section, size_t most,
    struct phrase_row **rows, size_t *n, struct err *e)
{
	return phrases_run(talk->rest->phrases, section, talk->words,
	    talk->n_words, most, talk->arena, rows, n, e);
}
