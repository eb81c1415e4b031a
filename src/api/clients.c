/* Programs that ask over TCP: made, told a new secret, ended. */
#include "api/inside.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "book/mandate.h"
#include "core/clock.h"
#include "store/client.h"
#include "store/show.h"

#define DAY (INT64_C(86400) * 1000000)
#define OVERLAP_DAYS 7
#define OVERLAP_MOST 90
#define TOKEN_DAYS 365
#define TOKEN_MOST 3650
#define CLIENTS_BYTES (8 << 20)

struct change {			/* of one client, for the writer */
	struct client client;
	const char *actor;
	bool proves;		/* it gets a secret */
	int64_t until;
	char plain[SECRET_HEX];	/* shown once, and kept nowhere */
	unsigned char digest[SHA256_SIZE];
	const char *state;
};

void
secret_make(char plain[SECRET_HEX], unsigned char digest[SHA256_SIZE])
{
	unsigned char bytes[32];

	digest_random(bytes, sizeof bytes);
	digest_hex(bytes, sizeof bytes, plain);
	digest_sha256(span_of(plain), digest);
}

/* ---- reading what is asked --------------------------------------------- */

static bool
read_days(const cJSON *tree, const char *name, int64_t most, int64_t *days,
    struct err *e)
{
	const char *text = json_text(tree, name);

	return text == NULL || (parse_id(text, '\0', days) && *days <= most)
	    || err_set(e, ERR_REQUEST, "%s: 0 to %lld", name,
	    (long long)most);
}

static bool
read_certificate(const cJSON *tree, struct change *c, struct arena *arena,
    struct err *e)
{
	const char *text = json_text(tree, "certificate");
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	c->client.certificate = "";
	if (text == NULL || text[0] == '\0')
		return true;
	if (!digest_unhex(span_of(text), digest, sizeof digest))
		return err_set(e, ERR_REQUEST, "certificate: its SHA-256 as "
		    "64 hex digits");
	digest_hex(digest, sizeof digest, hex);
	c->client.certificate = arena_strdup(arena, hex);
	return true;
}

static bool
read_scope(const cJSON *tree, struct change *c, struct arena *arena,
    struct err *e)
{
	struct mandate m;

	if (!mandate_parse(span_of(json_text(tree, "scope")), arena, &m, e))
		return false;
	c->client.scope = mandate_text(&m, arena);
	return true;
}

static bool
read_new(const cJSON *tree, struct change *c, struct arena *arena,
    struct err *e)
{
	const char *name = json_text(tree, "name");

	if (name == NULL)
		return err_set(e, ERR_REQUEST, "name");
	c->client.name = arena_strdup(arena, name);
	c->proves = true;
	return read_scope(tree, c, arena, e) &&
	    read_certificate(tree, c, arena, e);
}

static bool
read_rotation(const cJSON *tree, struct change *c, struct arena *arena,
    struct err *e)
{
	int64_t days = OVERLAP_DAYS;

	(void)arena;
	if (!read_days(tree, "overlap_days", OVERLAP_MOST, &days, e))
		return false;
	c->until = clock_now() + days * DAY;
	c->proves = true;
	return true;
}

static bool
read_token(const cJSON *tree, struct change *c, struct arena *arena,
    struct err *e)
{
	int64_t days = TOKEN_DAYS;

	if (!read_days(tree, "days", TOKEN_MOST, &days, e))
		return false;
	c->until = clock_now() + days * DAY;
	return read_scope(tree, c, arena, e);
}

/* ---- writing ----------------------------------------------------------- */

static bool
write_new(struct books *books, void *what, struct err *e)
{
	struct change *c = what;

	c->state = "added";
	return client_add(books, c->actor, &c->client, c->digest, e);
}

static bool
write_rotation(struct books *books, void *what, struct err *e)
{
	struct change *c = what;

	c->state = "rotated";
	return client_rotate(books, c->actor, c->client.name, c->digest,
	    c->until, e);
}

static bool
write_token(struct books *books, void *what, struct err *e)
{
	struct change *c = what;
	const struct token token = { .client = c->client.name,
	    .scope = c->client.scope, .since = clock_now(),
	    .until = c->until, .lasting = true };

	c->state = "token";
	return token_grant(books, c->actor, &token, c->digest, e);
}

static bool
write_revocation(struct books *books, void *what, struct err *e)
{
	struct change *c = what;

	c->state = "revoked";
	return client_revoke(books, c->actor, c->client.name, e);
}

static bool
write_removal(struct books *books, void *what, struct err *e)
{
	struct change *c = what;

	c->state = "removed";
	return client_remove(books, c->actor, c->client.name, e);
}

static void
answer_change(struct request *request, void *what)
{
	struct change *c = what;
	bool made = c->plain[0] != '\0';
	char until[25];
	struct str out;
	struct json j;

	str_init(&out, 64 << 10);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "name", c->client.name);
	json_kstr(&j, "state", c->state);
	if (made)
		json_kstr(&j, c->proves ? "secret" : "token", c->plain);
	if (c->until != 0) {
		clock_format(c->until, until);
		json_kstr(&j, c->proves ? "before_until" : "until", until);
	}
	json_close(&j, '}');
	explicit_bzero(c->plain, sizeof c->plain);
	request_answer(request, made ? 201 : 200, "application/json",
	    str_span(&out));
	explicit_bzero(out.p, out.n);
	str_free(&out);
}

/* ---- routes ------------------------------------------------------------ */

typedef bool reader(const cJSON *, struct change *, struct arena *,
	struct err *);

static void
change(struct call *call, reader *read, bool (*write)(struct books *, void *,
    struct err *))
{
	struct change *c = arena_alloc(call->arena, sizeof *c);
	struct span body = request_body(call->request);
	struct err e = { 0 };
	cJSON *tree = NULL;
	bool ok = true;

	c->actor = call->caller.name;
	c->client.name = call->args[0];
	if (read != NULL) {
		tree = json_strict(body.n > 0 ? body : SPAN("{}"), &e);
		ok = tree != NULL && read(tree, c, call->arena, &e);
		cJSON_Delete(tree);
		secret_make(c->plain, c->digest);
	}
	if (ok)
		writing_offer(call, &(struct writing){ .write = write,
		    .answer = answer_change, .what = c });
	else
		request_fail(call->request, &e);
}

void
clients_post(struct call *call)
{
	change(call, read_new, write_new);
}

void
client_rotate_post(struct call *call)
{
	change(call, read_rotation, write_rotation);
}

void
client_token_post(struct call *call)
{
	change(call, read_token, write_token);
}

void
client_revoke_post(struct call *call)
{
	change(call, NULL, write_revocation);
}

void
client_delete(struct call *call)
{
	change(call, NULL, write_removal);
}

static void
show_client(const struct client *c, struct json *j)
{
	json_open(j, '{');
	json_kstr(j, "name", c->name);
	json_kstr(j, "scope", c->scope);
	json_kstr(j, "certificate", c->certificate[0] != '\0' ?
	    c->certificate : NULL);
	show_time(j, "since", c->since);
	show_time(j, "revoked", c->revoked);
	json_kint(j, "secrets", c->secrets);
	show_time(j, "secret_until", c->secret_until);
	json_kint(j, "tokens", c->tokens);
	show_time(j, "seen", c->seen);
	json_close(j, '}');
}

void
clients_get(struct call *call)
{
	struct client *clients;
	struct answer a;
	size_t n = 0;
	bool ok;

	answer_start(&a, CLIENTS_BYTES);
	ok = client_all(call->db, clock_now(), call->arena, &clients, &n,
	    &a.e);
	json_open(&a.j, '{');
	json_key(&a.j, "items");
	json_open(&a.j, '[');
	for (size_t i = 0; i < n; i++)
		show_client(&clients[i], &a.j);
	json_close(&a.j, ']');
	json_close(&a.j, '}');
	answer_end(call, &a, ok);
}
