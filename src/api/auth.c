/*
 * Who asks: over the Unix socket the kernel says (SO_PEERCRED), and user and
 * groups give the role; over TCP a bearer token, of which only the hash is
 * kept.
 */
#include "api/inside.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "book/mandate.h"
#include "core/clock.h"
#include "core/digest.h"
#include "store/client.h"

#define GROUPS_MAX 256

static bool
listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	while (*list != '\0') {
		size_t length = strcspn(list, ",");

		while (length > 0 && *list == ' ')
			list++, length--;
		if (length == n && strncmp(list, name, n) == 0)
			return true;
		list += length;
		list += *list == ',';
	}
	return false;
}

static enum role
role_of_group(const struct api_options *o, const char *group)
{
	const struct {
		const char *list;
		enum role role;
	} lists[] = {
		{ o->admins, ROLE_ADMIN },
		{ o->controllers, ROLE_CONTROLLER },
		{ o->approvers, ROLE_APPROVER },
		{ o->clerks, ROLE_CLERK },
		{ o->viewers, ROLE_VIEWER },
		{ o->warehouses, ROLE_WAREHOUSE },
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (listed(lists[i].list, group))
			return lists[i].role;
	return ROLE_NONE;
}

/* What master data says of him or his groups comes before the options. */
static bool
find_role(struct api *api, const struct passwd *pw, struct arena *arena,
    struct caller *out, struct err *e)
{
	const char *names[GROUPS_MAX];
	gid_t groups[GROUPS_MAX];
	int n = GROUPS_MAX;
	size_t named = 0;
	bool said;

	if (getgrouplist(pw->pw_name, pw->pw_gid, groups, &n) < 0)
		n = 0;
	for (int i = 0; i < n; i++) {
		char space[4096];
		struct group group, *found;

		if (getgrgid_r(groups[i], &group, space, sizeof space,
		    &found) == 0 && found != NULL)
			names[named++] = arena_strdup(arena, group.gr_name);
	}
	if (!access_of_user(api, out->name, names, named, arena, out, e))
		return false;
	said = out->role != ROLE_NONE;
	for (size_t i = 0; !said && i < named; i++) {
		enum role role = role_of_group(api_options(api), names[i]);

		if (role > out->role)
			out->role = role;
	}
	return true;
}

static bool
find_local(struct api *api, struct request *request, struct caller *out,
    struct err *e)
{
	const struct peer *peer = request_peer(request);
	struct arena *arena = request_arena(request);
	struct passwd pw, *found = NULL;
	char space[4096];

	out->local = true;
	if (getpwuid_r(peer->uid, &pw, space, sizeof space, &found) != 0 ||
	    found == NULL)
		out->name = arena_printf(arena, "uid %u",
		    (unsigned)peer->uid);
	else
		out->name = arena_strdup(arena, pw.pw_name);
	if (peer->uid == 0 || peer->uid == geteuid())
		out->role = ROLE_ADMIN;
	else if (found != NULL && !find_role(api, &pw, arena, out, e))
		return false;
	return out->role != ROLE_NONE || err_set(e, ERR_FORBIDDEN,
	    "user %s has no role here", out->name);
}

static bool
take_mandate(const struct token *token, struct arena *arena,
    struct caller *out, struct err *e)
{
	struct mandate m;

	if (!mandate_parse(span_of(token->scope), arena, &m, e))
		return false;
	out->name = token->client;
	out->role = m.role;
	out->reads_only = m.reads_only;
	out->entities = mandate_entities(&m, arena);
	return true;
}

/* Each reason is told: who has the token may know what became of it. */
static bool
judge_token(const struct token *token, struct err *e)
{
	if (token->client == NULL)
		return err_set(e, ERR_UNAUTHENTIC, "the token is not known");
	if (token->revoked)
		return err_set(e, ERR_UNAUTHENTIC, "its client is revoked");
	return token->until > clock_now() || err_set(e, ERR_UNAUTHENTIC,
	    "the token has expired; /v1/oauth/token gives another");
}

/* RFC 8705 in small: the certificate that is the client's, or else, where one
 * is shown, one that names it. */
bool
certificate_fits(struct request *request, const char *client,
    const char *certificate, struct err *e)
{
	const struct peer *peer = request_peer(request);

	if (certificate[0] != '\0')
		return (peer->certificate != NULL && strcmp(peer->certificate,
		    certificate) == 0) || err_set(e, ERR_UNAUTHENTIC,
		    "this client must show its own certificate");
	if (peer->names == NULL)
		return true;
	for (size_t i = 0; peer->names[i] != NULL; i++)
		if (strcmp(peer->names[i], client) == 0)
			return true;
	return err_set(e, ERR_UNAUTHENTIC,
	    "the certificate that is shown names another client");
}

/* A token that nobody has is a guess. */
static bool
guess_found(struct api *api, struct request *request, struct err *e)
{
	struct err wait = { 0 };

	if (guess_admits(api, request, "", &wait)) {
		guess_tell(api, request, "", false);
		return true;
	}
	*e = wait;
	return false;
}

static bool
find_token(struct api *api, struct request *request, struct caller *out,
    struct err *e)
{
	bool twice = false;
	const char *value = request_header(request, "Authorization", &twice);
	struct arena *arena = request_arena(request);
	unsigned char digest[SHA256_SIZE];
	struct token token;
	struct db *db;

	if (value == NULL || twice || strncasecmp(value, "Bearer ", 7) != 0) {
		request_say(request, "WWW-Authenticate",
		    "Bearer realm=\"bahi\"");
		return err_set(e, ERR_UNAUTHENTIC, "no bearer token");
	}
	digest_sha256(span_of(value + 7), digest);
	db = api_reader(api, e);
	if (db == NULL || !token_find(db, digest, arena, &token, e))
		return false;
	out->name = token.client;
	if (judge_token(&token, e) && certificate_fits(request, token.client,
	    token.certificate, e))
		return take_mandate(&token, arena, out, e) &&
		    access_of_client(api, arena, out, e);
	atomic_fetch_add(&api_counts(api)->unauthentic, 1);
	if (token.client == NULL && !guess_found(api, request, e))
		return false;
	request_say(request, "WWW-Authenticate", arena_printf(arena,
	    "Bearer realm=\"bahi\", error=\"invalid_token\","
	    " error_description=\"%s\"", e->why));
	return false;
}

bool
caller_find(struct api *api, struct request *request, struct caller *out,
    struct err *e)
{
	*out = (struct caller){ .entities = "" };
	return request_peer(request)->local ?
	    find_local(api, request, out, e) :
	    find_token(api, request, out, e);
}
