/*
 * OAuth 2.0 for programs: client credentials (RFC 6749 section 4.4), its
 * errors (5.2), and revocation (RFC 7009).  Tokens are random and short-lived;
 * only their hash is kept.
 */
#include "api/inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "book/mandate.h"
#include "core/clock.h"
#include "core/form.h"
#include "flow/witness.h"
#include "store/client.h"

#define FORM_MEDIA "application/x-www-form-urlencoded"

struct refusal {		/* RFC 6749 5.2 */
	int status;
	const char *error, *why;	/* why: plain ASCII of ours */
	const char *name;	/* that it came with; NULL: none */
};

struct proof {			/* what a client says of itself */
	const char *name, *secret;
	bool basic;
};

struct grant {			/* for the writer */
	const char *client, *scope;
	int64_t seconds;
	char plain[SECRET_HEX];
	unsigned char digest[SHA256_SIZE];
};

/* Beside Cache-Control, which no answer of ours is without (5.1). */
static void
say_no_store(struct request *request)
{
	request_say(request, "Pragma", "no-cache");
}

static void
refuse(struct call *call, const struct refusal *r)
{
	struct str out;
	struct json j;

	str_init(&out, 4096);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "error", r->error);
	json_kstr(&j, "error_description", r->why);
	json_close(&j, '}');
	say_no_store(call->request);
	if (r->status == 401) {
		refused_note(call, request_who(call->api, call->request),
		    request_path(call->request), arena_printf(call->arena,
		    "%s: %.60s", r->why, r->name != NULL ? r->name : "-"));
		request_say(call->request, "WWW-Authenticate",
		    "Basic realm=\"bahi\"");
	}
	request_answer(call->request, r->status, "application/json",
	    str_span(&out));
	str_free(&out);
}

static bool
invalid(struct refusal *r, const char *error, const char *why)
{
	*r = (struct refusal){ strcmp(error, "invalid_client") == 0 ? 401 :
	    400, error, why, NULL };
	return false;
}

/* ---- who asks ---------------------------------------------------------- */

static bool
is_form(struct call *call)
{
	bool twice = false;
	const char *media = request_header(call->request, "Content-Type",
	    &twice);
	size_t n = strlen(FORM_MEDIA);

	return media != NULL && !twice && strncasecmp(media, FORM_MEDIA,
	    n) == 0 && strchr("; \t", media[n]) != NULL;
}

/* NAME:SECRET in base64, each of them encoded as in a form (2.3.1). */
static bool
read_basic(struct call *call, const char *text, struct proof *out)
{
	char *plain;
	size_t n = strlen(text);
	char *colon;

	if (n > 4096)
		return false;
	plain = arena_alloc(call->arena, n + 1);
	if (!digest_unbase64(span_of(text), (unsigned char *)plain, &n) ||
	    memchr(plain, '\0', n) != NULL)
		return false;
	plain[n] = '\0';
	colon = strchr(plain, ':');
	if (colon == NULL)
		return false;
	out->basic = true;
	out->name = form_decode((struct span){ plain,
	    (size_t)(colon - plain) }, call->arena);
	out->secret = form_decode(span_of(colon + 1), call->arena);
	return out->name != NULL && out->secret != NULL;
}

static bool
read_proof(struct call *call, const struct form *form, struct proof *out,
    struct refusal *r)
{
	bool twice = false;
	const char *header = request_header(call->request, "Authorization",
	    &twice);
	const char *id = form_value(form, "client_id");
	const char *secret = form_value(form, "client_secret");

	*out = (struct proof){ id, secret, false };
	if (header == NULL && (id == NULL || secret == NULL))
		return invalid(r, "invalid_client",
		    "no client_id and client_secret");
	if (header == NULL)
		return true;
	if (secret != NULL)
		return invalid(r, "invalid_request",
		    "the client authenticates in two ways");
	if (twice || strncasecmp(header, "Basic ", 6) != 0 ||
	    !read_basic(call, header + 6 + strspn(header + 6, " "), out))
		return invalid(r, "invalid_client",
		    "Authorization is not Basic with name and secret");
	return id == NULL || strcmp(id, out->name) == 0 || invalid(r,
	    "invalid_request", "client_id is not that of Authorization");
}

/* False: answered. Unknown and wrong are one thing, and take one time. */
static bool
prove(struct call *call, const struct form *form, struct client *out)
{
	struct db *db;
	struct proof proof;
	struct refusal r;
	struct err e = { 0 };
	unsigned char digest[SHA256_SIZE];
	bool proves = false;

	if (!read_proof(call, form, &proof, &r)) {
		refuse(call, &r);
		return false;
	}
	if (!guess_admits(call->api, call->request, proof.name, &e)) {
		request_fail(call->request, &e);
		return false;
	}
	digest_sha256(span_of(proof.secret), digest);
	db = api_reader(call->api, &e);
	if (db == NULL || !client_proves(db, proof.name, digest, clock_now(),
	    &proves, &e) || (proves && !client_find(db, proof.name,
	    call->arena, out, &e))) {
		request_fail(call->request, &e);
		return false;
	}
	proves = proves && out->name != NULL;
	guess_tell(call->api, call->request, proof.name, proves);
	if (proves && certificate_fits(call->request, out->name,
	    out->certificate, &e))
		return true;
	invalid(&r, "invalid_client", proves ? arena_strdup(call->arena,
	    e.why) : "no such client, or another secret");
	r.name = proof.name;
	refuse(call, &r);
	return false;
}

static bool
begin(struct call *call, struct form *form, struct client *client)
{
	struct refusal r;
	struct err e = { 0 };

	if (!is_form(call))
		invalid(&r, "invalid_request", "the body is not " FORM_MEDIA);
	else if (!form_read(request_body(call->request), call->arena, form,
	    &e))
		invalid(&r, "invalid_request", e.why);
	else
		return prove(call, form, client);
	refuse(call, &r);
	return false;
}

/* ---- tokens ------------------------------------------------------------ */

static bool
write_grant(struct books *books, void *what, struct err *e)
{
	const struct grant *g = what;
	int64_t now = clock_now();
	const struct token token = { .client = g->client, .scope = g->scope,
	    .since = now, .until = now + g->seconds * 1000000 };

	return token_add(books, &token, g->digest, e);
}

static void
answer_grant(struct request *request, void *what)
{
	struct grant *g = what;
	struct str out;
	struct json j;

	str_init(&out, 16 << 10);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "access_token", g->plain);
	json_kstr(&j, "token_type", "Bearer");
	json_kint(&j, "expires_in", g->seconds);
	json_kstr(&j, "scope", g->scope);
	json_close(&j, '}');
	explicit_bzero(g->plain, sizeof g->plain);
	say_no_store(request);
	request_answer(request, 200, "application/json", str_span(&out));
	explicit_bzero(out.p, out.n);
	str_free(&out);
}

/* What it asks for, or all that it has. */
static bool
find_scope(const struct client *client, const struct form *form,
    struct arena *arena, const char **scope, struct refusal *r)
{
	const char *asked = form_value(form, "scope");
	struct mandate has, wants;
	struct err e = { 0 };

	*scope = client->scope;
	if (asked == NULL)
		return true;
	if (!mandate_parse(span_of(client->scope), arena, &has, &e) ||
	    !mandate_parse(span_of(asked), arena, &wants, &e))
		return invalid(r, "invalid_scope",
		    "a role, read, entity:CODE: nothing else, each once");
	*scope = mandate_text(&wants, arena);
	return mandate_covers(&has, &wants) || invalid(r, "invalid_scope",
	    "more than this client may");
}

void
oauth_token_post(struct call *call)
{
	struct form form;
	struct client client;
	struct grant *g;
	struct refusal r;
	const char *type, *scope;

	if (!begin(call, &form, &client))
		return;
	type = form_value(&form, "grant_type");
	if (type == NULL)
		invalid(&r, "invalid_request", "no grant_type");
	else if (strcmp(type, "client_credentials") != 0)
		invalid(&r, "unsupported_grant_type",
		    "client_credentials only");
	else if (find_scope(&client, &form, call->arena, &scope, &r)) {
		g = arena_alloc(call->arena, sizeof *g);
		g->client = client.name;
		g->scope = scope;
		g->seconds = api_options(call->api)->token_minutes * 60;
		secret_make(g->plain, g->digest);
		witness_note(api_options(call->api)->witness, g->client,
		    "token", request_path(call->request), g->scope);
		writing_offer(call, &(struct writing){ .write = write_grant,
		    .answer = answer_grant, .what = g });
		return;
	}
	refuse(call, &r);
}

/* ---- revocation -------------------------------------------------------- */

static bool
write_revocation(struct books *books, void *what, struct err *e)
{
	return token_revoke(books, what, e);
}

static void
answer_revocation(struct request *request, void *what)
{
	(void)what;
	say_no_store(request);
	request_answer(request, 200, "application/json", SPAN("{}"));
}

/* A token that is not known is none that could be used: all is well. */
void
oauth_revoke_post(struct call *call)
{
	unsigned char *digest = arena_alloc(call->arena, SHA256_SIZE);
	struct form form;
	struct client client;
	struct token token;
	struct refusal r;
	struct err e = { 0 };
	struct db *db;
	const char *text;

	if (!begin(call, &form, &client))
		return;
	db = api_reader(call->api, &e);
	text = form_value(&form, "token");
	digest_sha256(span_of(text), digest);
	if (text == NULL) {
		invalid(&r, "invalid_request", "no token");
		refuse(call, &r);
	} else if (db == NULL || !token_find(db, digest, call->arena, &token,
	    &e)) {
		request_fail(call->request, &e);
	} else if (token.client == NULL) {
		answer_revocation(call->request, NULL);
	} else if (strcmp(token.client, client.name) != 0) {
		invalid(&r, "invalid_grant",
		    "the token was issued to another client");
		refuse(call, &r);
	} else {
		writing_offer(call, &(struct writing){
		    .write = write_revocation, .answer = answer_revocation,
		    .what = digest });
	}
}
