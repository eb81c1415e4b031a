/*
 * `bahid client` and `bahid token`: programs that ask over TCP.  While a
 * daemon runs it does what is asked, over its socket; else the store is
 * changed here.  Either way it is in the audit, and a secret is shown once.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "bahid/import.h"
#include "bahid/there.h"
#include "bahid/verbs.h"
#include "book/mandate.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/json.h"
#include "net/http.h"
#include "store/client.h"

#define DAY (INT64_C(86400) * 1000000)

struct change {
	struct arena *arena;
	const char *name, *scope, *certificate;	/* "": none */
	int64_t days;
	bool keyed;		/* a secret or token comes of it */
	char plain[SHA256_HEX];
	unsigned char digest[SHA256_SIZE];
	/* In the store. */
	bool (*write)(struct books *, const struct change *, const char *actor,
		struct err *);
	/* As the daemon is asked. */
	const char *method, *path;
	void (*say)(const struct change *, struct json *);
};

/* ---- in the store ------------------------------------------------------ */

static bool
write_add(struct books *books, const struct change *c, const char *actor,
    struct err *e)
{
	const struct client client = { .name = c->name, .scope = c->scope,
	    .certificate = c->certificate };

	return client_add(books, actor, &client, c->digest, e);
}

static bool
write_rotate(struct books *books, const struct change *c, const char *actor,
    struct err *e)
{
	return client_rotate(books, actor, c->name, c->digest, clock_now() +
	    c->days * DAY, e);
}

static bool
write_revoke(struct books *books, const struct change *c, const char *actor,
    struct err *e)
{
	return client_revoke(books, actor, c->name, e);
}

static bool
write_remove(struct books *books, const struct change *c, const char *actor,
    struct err *e)
{
	return client_remove(books, actor, c->name, e);
}

static bool
write_token(struct books *books, const struct change *c, const char *actor,
    struct err *e)
{
	int64_t now = clock_now();
	const struct token token = { .client = c->name, .scope = c->scope,
	    .since = now, .until = now + c->days * DAY, .lasting = true };

	return token_grant(books, actor, &token, c->digest, e);
}

static void
make_plain(struct change *c)
{
	unsigned char bytes[32];

	digest_random(bytes, sizeof bytes);
	digest_hex(bytes, sizeof bytes, c->plain);
	digest_sha256(span_of(c->plain), c->digest);
}

static bool
change_here(struct books *books, struct change *c, struct err *e)
{
	if (c->keyed)
		make_plain(c);
	if (!books_begin(books, e))
		return false;
	if (c->write(books, c, user_name(c->arena), e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

/* ---- by the daemon ----------------------------------------------------- */

static void
say_add(const struct change *c, struct json *j)
{
	json_kstr(j, "name", c->name);
	json_kstr(j, "scope", c->scope);
	json_kstr(j, "certificate", c->certificate);
}

static void
say_rotate(const struct change *c, struct json *j)
{
	json_kint(j, "overlap_days", c->days);
}

static void
say_token(const struct change *c, struct json *j)
{
	json_kstr(j, "scope", c->scope);
	json_kint(j, "days", c->days);
}

static bool
take_secret(struct change *c, const cJSON *tree, struct err *e)
{
	const char *plain = json_text(tree, "secret");

	if (plain == NULL)
		plain = json_text(tree, "token");
	if (plain == NULL || strlen(plain) >= sizeof c->plain)
		return err_set(e, ERR_SYSTEM, "no secret in the answer");
	snprintf(c->plain, sizeof c->plain, "%s", plain);
	return true;
}

static bool
change_there(struct options *options, struct change *c, struct err *e)
{
	struct http_call call = { .method = c->method, .path = c->path };
	struct str body, answer;
	struct json j;
	cJSON *tree;
	bool ok;

	str_init(&body, 64 << 10);
	str_init(&answer, 64 << 10);
	json_start(&j, &body);
	json_open(&j, '{');
	if (c->say != NULL)
		c->say(c, &j);
	json_close(&j, '}');
	call.body = str_span(&body);
	ok = there_ask(options, &call, &answer, &tree, e) && (!c->keyed ||
	    take_secret(c, tree, e));
	cJSON_Delete(tree);
	if (answer.n > 0)
		explicit_bzero(answer.p, answer.n);
	str_free(&answer);
	str_free(&body);
	return ok;
}

/* A running daemon holds the store. */
static bool
change(struct options *options, struct change *c, struct err *e)
{
	struct books *books = NULL;
	bool ok;

	if (books_open(&books, options_text(options, "store"), false, e)) {
		ok = change_here(books, c, e);
		books_close(&books);
	} else if (e->code == ERR_IN_USE) {
		*e = (struct err){ 0 };
		ok = change_there(options, c, e);
	} else {
		ok = false;
	}
	if (ok && c->keyed)
		printf("%s\n", c->plain);
	explicit_bzero(c->plain, sizeof c->plain);
	return ok;
}

/* ---- the verbs --------------------------------------------------------- */

static bool
take_days(const char *text, int64_t least, int64_t most, int64_t *days,
    struct err *e)
{
	size_t n = strlen(text);

	if (n > 0 && n < 6 && strspn(text, "0123456789") == n)
		*days = strtoll(text, NULL, 10);
	else
		*days = -1;
	return (*days >= least && *days <= most) || err_set(e, ERR_USAGE,
	    "%.20s is not a number of days from %lld to %lld", text,
	    (long long)least, (long long)most);
}

/* Words of the command line as a scope: a role, read, codes of entities. */
static bool
take_scope(struct change *c, int argc, char **argv, struct err *e)
{
	struct err why = { 0 };
	struct mandate m;
	struct str text;
	bool ok;

	str_init(&text, MANDATE_MAX);
	for (int i = 0; i < argc; i++)
		str_addf(&text, "%s%s ", i == 0 || strcmp(argv[i],
		    "read") == 0 ? "" : "entity:", argv[i]);
	ok = !text.over && mandate_parse(str_span(&text), c->arena, &m, &why);
	str_free(&text);
	if (ok)
		c->scope = mandate_text(&m, c->arena);
	return ok || err_set(e, ERR_USAGE, "%s", why.why);
}

/* Its certificate stands last, as sha256:HEX. */
static bool
take_certificate(struct change *c, int *argc, char **argv, struct err *e)
{
	static const char prefix[] = "sha256:";
	const char *last = argv[*argc - 1];
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	if (strncmp(last, prefix, sizeof prefix - 1) != 0)
		return true;
	last += sizeof prefix - 1;
	--*argc;
	if (!digest_unhex(span_of(last), digest, sizeof digest))
		return err_set(e, ERR_USAGE, "sha256: and 64 hex digits");
	digest_hex(digest, sizeof digest, hex);
	c->certificate = arena_strdup(c->arena, hex);
	return true;
}

static struct change
start(const char *name, const char *behind)
{
	struct change c = { .arena = arena_new(), .name = name,
	    .scope = "", .certificate = "", .method = "POST" };
	struct str path;

	str_init(&path, 4096);
	str_adds(&path, "/v1/clients/");
	http_encode(&path, span_of(name));
	str_adds(&path, behind);
	c.path = arena_strdup(c.arena, path.p);
	str_free(&path);
	return c;
}

bool
verb_client_add(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct change c = start(argv[0], "");
	bool ok = take_certificate(&c, &argc, argv, e) &&
	    take_scope(&c, argc - 1, argv + 1, e);

	c.path = "/v1/clients";
	c.keyed = true;
	c.write = write_add;
	c.say = say_add;
	ok = ok && change(options, &c, e);
	arena_free(&c.arena);
	return ok;
}

bool
verb_client_rotate(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct change c = start(argv[0], "/rotate");
	bool ok;

	c.days = 7;
	c.keyed = true;
	c.write = write_rotate;
	c.say = say_rotate;
	ok = (argc < 2 || take_days(argv[1], 0, 90, &c.days, e)) &&
	    change(options, &c, e);
	arena_free(&c.arena);
	return ok;
}

bool
verb_client_revoke(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct change c = start(argv[0], "/revoke");
	bool ok;

	(void)argc;
	c.write = write_revoke;
	ok = change(options, &c, e);
	if (ok)
		printf(_("%s: its secrets and tokens are good for nothing "
		    "now\n"), argv[0]);
	arena_free(&c.arena);
	return ok;
}

bool
verb_client_remove(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct change c = start(argv[0], "");
	bool ok;

	(void)argc;
	c.method = "DELETE";
	c.write = write_remove;
	ok = change(options, &c, e);
	if (ok)
		printf(_("%s is gone; its name may be given anew\n"),
		    argv[0]);
	arena_free(&c.arena);
	return ok;
}

/* NAME ROLE [DAYS] */
bool
verb_token_add(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct change c = start(argv[0], "/tokens");
	bool ok;

	c.days = 365;
	c.keyed = true;
	c.write = write_token;
	c.say = say_token;
	ok = take_scope(&c, 1, argv + 1, e) &&
	    (argc < 3 || take_days(argv[2], 1, 3650, &c.days, e)) &&
	    change(options, &c, e);
	arena_free(&c.arena);
	return ok;
}

static void
print_client(const struct client *c)
{
	char text[25] = "";

	printf("%-20s %-24s ", c->name, c->scope);
	if (c->revoked != 0) {
		clock_format(c->revoked, text);
		printf(_("revoked %s\n"), text);
		return;
	}
	printf(ngettext("%lld secret", "%lld secrets",
	    (unsigned long)c->secrets), (long long)c->secrets);
	if (c->secret_until != 0) {
		clock_format(c->secret_until, text);
		printf(_(" (one until %s)"), text);
	}
	printf(ngettext(", %lld token", ", %lld tokens",
	    (unsigned long)c->tokens), (long long)c->tokens);
	if (c->certificate[0] != '\0')
		printf(" sha256:%s", c->certificate);
	printf("\n");
}

bool
verb_client_list(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct client *clients = NULL;
	struct db *db = NULL;
	size_t n = 0;
	bool ok;

	(void)argc;
	(void)argv;
	ok = db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    client_all(db, clock_now(), arena, &clients, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		print_client(&clients[i]);
	db_close(&db);
	arena_free(&arena);
	return ok;
}
