/* Clients, secrets and tokens in the store. */
#include "store/client.h"

#include "book/mandate.h"
#include "core/clock.h"
#include "core/conf.h"
#include "store/access.h"

/* What is over is kept for a day, so that who comes with it hears that. */
#define KEPT (INT64_C(86400) * 1000000)

/* ---- clients ----------------------------------------------------------- */

static bool
run_named(struct db *db, const char *sql, const char *name, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);

	stmt_text(s, 1, name);
	return stmt_run(s, e);
}

static bool
add_secret(struct db *db, const char *name, const unsigned char *digest,
    int64_t now, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO client_secret VALUES ($1, $2, $3, 0)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_blob(s, 1, digest, SHA256_SIZE);
	stmt_text(s, 2, name);
	stmt_int(s, 3, now);
	return stmt_run(s, e);
}

static bool
must_be(struct books *books, const char *name, struct client *out,
    struct err *e)
{
	return client_find(books->db, name, books->arena, out, e) &&
	    (out->name != NULL || err_set(e, ERR_NOT_FOUND,
	    "no client %.60s", name));
}

/* It is a part of paths and of a folder of rules. */
static bool
judge_name(const char *name, struct err *e)
{
	return conf_name_valid(name) || err_set(e, ERR_USAGE,
	    "a client's name has a-z 0-9 - _ only: %.80s", name);
}

/* One that is mistyped would show nothing, and nobody would know why. */
static bool
judge_scope(struct books *books, const char *scope, struct err *e)
{
	static const char SQL[] =
	    "SELECT 1 FROM master WHERE tab = 'entity' AND code = $1";
	struct mandate m;

	if (!mandate_parse(span_of(scope), books->arena, &m, e))
		return false;
	for (size_t i = 0; i < m.n; i++) {
		struct stmt *s = db_stmt(books->db, SQL);
		enum step step;

		stmt_text(s, 1, m.entities[i]);
		step = stmt_step(s, e);
		if (step == STEP_ROW)
			stmt_reset(s);
		else
			return step == STEP_DONE ? err_set(e, ERR_USAGE,
			    "no entity %.60s", m.entities[i]) : false;
	}
	return true;
}

bool
client_add(struct books *books, const char *actor,
    const struct client *client, const unsigned char *digest, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO client VALUES ($1, $2, $3, $4, 0)";
	int64_t now = clock_now();
	struct stmt *s;

	if (!judge_name(client->name, e) ||
	    !sender_name_free(books->db, client->name, e) ||
	    !judge_scope(books, client->scope, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, client->name);
	stmt_text(s, 2, client->scope);
	stmt_text(s, 3, client->certificate);
	stmt_int(s, 4, now);
	return stmt_run(s, e) && (digest == NULL ||
	    add_secret(books->db, client->name, digest, now, e)) &&
	    audit_add(books, actor, "client.added", client->name, "",
	    arena_printf(books->arena, "scope=%s certificate=%s",
	    client->scope, client->certificate), e);
}

/* The latest alone goes on, and not beyond `until`. */
static bool
end_secrets(struct db *db, const char *name, int64_t until, struct err *e)
{
	static const char OLD[] = "DELETE FROM client_secret"
	    " WHERE client = $1 AND digest NOT IN (SELECT digest"
	    " FROM client_secret WHERE client = $1"
	    " ORDER BY since DESC, until LIMIT 1)";
	static const char END[] = "UPDATE client_secret SET until = $2"
	    " WHERE client = $1 AND (until = 0 OR until > $2)";
	struct stmt *s;

	if (!run_named(db, OLD, name, e))
		return false;
	s = db_stmt(db, END);
	stmt_text(s, 1, name);
	stmt_int(s, 2, until);
	return stmt_run(s, e);
}

bool
client_rotate(struct books *books, const char *actor, const char *name,
    const unsigned char digest[SHA256_SIZE], int64_t until, struct err *e)
{
	int64_t now = clock_now();
	struct client client;
	char text[25];

	if (!must_be(books, name, &client, e))
		return false;
	if (client.revoked != 0)
		return err_set(e, ERR_REFUSED, "client %.60s is revoked",
		    name);
	clock_format(until, text);
	return end_secrets(books->db, name, until, e) &&
	    add_secret(books->db, name, digest, now, e) &&
	    audit_add(books, actor, "client.rotated", name, "",
	    arena_printf(books->arena, "before=%s", text), e);
}

bool
client_revoke(struct books *books, const char *actor, const char *name,
    struct err *e)
{
	static const char SECRETS[] =
	    "DELETE FROM client_secret WHERE client = $1";
	static const char SQL[] = "UPDATE client SET revoked = $2"
	    " WHERE name = $1";
	struct client client;
	struct stmt *s;

	if (!must_be(books, name, &client, e))
		return false;
	if (client.revoked != 0)
		return err_set(e, ERR_REFUSED, "client %.60s is revoked "
		    "already", name);
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, name);
	stmt_int(s, 2, clock_now());
	return stmt_run(s, e) && run_named(books->db, SECRETS, name, e) &&
	    audit_add(books, actor, "client.revoked", name, client.scope, "",
	    e);
}

bool
client_remove(struct books *books, const char *actor, const char *name,
    struct err *e)
{
	static const char SECRETS[] =
	    "DELETE FROM client_secret WHERE client = $1";
	static const char TOKENS[] = "DELETE FROM token WHERE client = $1";
	static const char SQL[] = "DELETE FROM client WHERE name = $1";
	struct client client;

	return must_be(books, name, &client, e) &&
	    run_named(books->db, SECRETS, name, e) &&
	    run_named(books->db, TOKENS, name, e) &&
	    run_named(books->db, SQL, name, e) &&
	    audit_add(books, actor, "client.removed", name, client.scope, "",
	    e);
}

bool
client_all(struct db *db, int64_t now, struct arena *arena,
    struct client **out, size_t *n, struct err *e)
{
	static const char SQL[] =
	    "SELECT name, scope, certificate, since, revoked,"
	    " (SELECT count(*) FROM client_secret WHERE client = c.name"
	    "	AND (until = 0 OR until > $1)),"
	    " (SELECT min(until) FROM client_secret WHERE client = c.name"
	    "	AND until > $1),"
	    " (SELECT count(*) FROM token WHERE client = c.name"
	    "	AND until > $1),"
	    " (SELECT max(since) FROM token WHERE client = c.name)"
	    " FROM client AS c ORDER BY name";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, CLIENTS_MAX * sizeof **out);
	stmt_int(s, 1, now);
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < CLIENTS_MAX)
		(*out)[(*n)++] = (struct client){
		    arena_strdup(arena, col_text(s, 0)),
		    arena_strdup(arena, col_text(s, 1)),
		    arena_strdup(arena, col_text(s, 2)),
		    col_int(s, 3), col_int(s, 4), col_int(s, 5),
		    col_int(s, 6), col_int(s, 4) == 0 ? col_int(s, 7) : 0,
		    col_int(s, 8) };
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
client_find(struct db *db, const char *name, struct arena *arena,
    struct client *out, struct err *e)
{
	static const char SQL[] = "SELECT name, scope, certificate, since,"
	    " revoked FROM client WHERE name = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = (struct client){ 0 };
	stmt_text(s, 1, name);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		out->name = arena_strdup(arena, col_text(s, 0));
		out->scope = arena_strdup(arena, col_text(s, 1));
		out->certificate = arena_strdup(arena, col_text(s, 2));
		out->since = col_int(s, 3);
		out->revoked = col_int(s, 4);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* Looked up by the digest: a name that is not there is never looked for, so
 * nobody can tell by the time which names are. */
bool
client_proves(struct db *db, const char *name,
    const unsigned char digest[SHA256_SIZE], int64_t now, bool *proves,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM client_secret"
	    " WHERE digest = $1 AND client = $2"
	    " AND (until = 0 OR until > $3)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_blob(s, 1, digest, SHA256_SIZE);
	stmt_text(s, 2, name);
	stmt_int(s, 3, now);
	return stmt_found(s, proves, e);
}

/* ---- tokens ------------------------------------------------------------ */

static bool
sweep(struct books *books, const char *client, struct err *e)
{
	static const char OVER[] = "DELETE FROM token WHERE until < $1";
	static const char MANY[] = "DELETE FROM token WHERE digest IN"
	    " (SELECT digest FROM token WHERE client = $1 AND NOT lasting"
	    " ORDER BY since DESC LIMIT -1 OFFSET $2)";
	struct stmt *s = db_stmt(books->db, OVER);

	stmt_int(s, 1, clock_now() - KEPT);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, MANY);
	stmt_text(s, 1, client);
	stmt_int(s, 2, CLIENT_TOKENS);
	return stmt_run(s, e);
}

bool
token_add(struct books *books, const struct token *token,
    const unsigned char digest[SHA256_SIZE], struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO token VALUES ($1, $2, $3, $4, $5, $6)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_blob(s, 1, digest, SHA256_SIZE);
	stmt_text(s, 2, token->client);
	stmt_text(s, 3, token->scope);
	stmt_int(s, 4, token->since);
	stmt_int(s, 5, token->until);
	stmt_int(s, 6, token->lasting);
	return stmt_run(s, e) && sweep(books, token->client, e);
}

bool
token_find(struct db *db, const unsigned char digest[SHA256_SIZE],
    struct arena *arena, struct token *out, struct err *e)
{
	static const char SQL[] = "SELECT client, t.scope, t.since, until,"
	    " lasting, revoked, certificate FROM token AS t"
	    " JOIN client AS c ON c.name = t.client WHERE digest = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = (struct token){ 0 };
	stmt_blob(s, 1, digest, SHA256_SIZE);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		out->client = arena_strdup(arena, col_text(s, 0));
		out->scope = arena_strdup(arena, col_text(s, 1));
		out->since = col_int(s, 2);
		out->until = col_int(s, 3);
		out->lasting = col_int(s, 4) != 0;
		out->revoked = col_int(s, 5) != 0;
		out->certificate = arena_strdup(arena, col_text(s, 6));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
token_revoke(struct books *books, const unsigned char digest[SHA256_SIZE],
    struct err *e)
{
	static const char SQL[] = "DELETE FROM token WHERE digest = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_blob(s, 1, digest, SHA256_SIZE);
	return stmt_run(s, e);
}

static bool
may_have(struct books *books, const char *actor, const struct token *token,
    struct err *e)
{
	struct mandate has, wants;
	struct client client;

	if (!client_find(books->db, token->client, books->arena, &client, e))
		return false;
	if (client.name == NULL) {
		client = (struct client){ .name = token->client,
		    .scope = token->scope, .certificate = "" };
		return client_add(books, actor, &client, NULL, e);
	}
	if (client.revoked != 0)
		return err_set(e, ERR_REFUSED, "client %.60s is revoked",
		    client.name);
	return mandate_parse(span_of(client.scope), books->arena, &has, e) &&
	    mandate_parse(span_of(token->scope), books->arena, &wants, e) &&
	    (mandate_covers(&has, &wants) || err_set(e, ERR_REFUSED,
	    "client %.60s has %.200s, and no more", client.name,
	    client.scope));
}

bool
token_grant(struct books *books, const char *actor,
    const struct token *token, const unsigned char digest[SHA256_SIZE],
    struct err *e)
{
	char until[25];

	clock_format(token->until, until);
	return may_have(books, actor, token, e) &&
	    token_add(books, token, digest, e) && audit_add(books, actor,
	    "token.added", token->client, "", arena_printf(books->arena,
	    "scope=%s until=%s", token->scope, until), e);
}
