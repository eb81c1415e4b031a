/*
 * What a caller sees, and the one place where a caller of some entities is
 * stopped: what he names is looked for among the rows that he sees, so what he
 * does not see is not there for him, whatever he wants of it.
 */
#include "api/inside.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "book/reference.h"
#include "flow/act.h"
#include "store/access.h"
#include "store/scope.h"

/* ---- connections ------------------------------------------------------- */

#define NARROW_MAX 8		/* of a thread, each of another scope */

struct narrow {
	char *key;
	struct db *db;
	unsigned long used;
};

struct readers {		/* of one thread */
	struct db *whole;
	struct narrow narrow[NARROW_MAX];
	unsigned long calls;
};

void
readers_free(void *p)
{
	struct readers *r = p;

	for (size_t i = 0; i < NARROW_MAX; i++) {
		db_close(&r->narrow[i].db);
		free(r->narrow[i].key);
	}
	db_close(&r->whole);
	free(r);
}

struct db *
readers_whole(struct readers **rp, const char *store, struct err *e)
{
	struct readers *r = *rp;

	if (r == NULL) {
		r = *rp = calloc(1, sizeof *r);
		if (r == NULL)
			bug("out of memory");
	}
	if (r->whole == NULL && !db_open(&r->whole, store, DB_READ, e))
		return NULL;
	return r->whole;
}

/* The one that was used longest ago makes way. */
static struct narrow *
place_of(struct readers *r, const char *key)
{
	struct narrow *oldest = &r->narrow[0];

	for (size_t i = 0; i < NARROW_MAX; i++) {
		struct narrow *n = &r->narrow[i];

		if (n->key != NULL && strcmp(n->key, key) == 0)
			return n;
		if (n->used < oldest->used)
			oldest = n;
	}
	db_close(&oldest->db);
	free(oldest->key);
	*oldest = (struct narrow){ .key = strdup(key) };
	if (oldest->key == NULL)
		bug("out of memory");
	return oldest;
}

struct db *
api_scoped(struct api *api, const struct scope *scope, struct arena *arena,
    bool *narrow, struct err *e)
{
	struct db *whole = api_reader(api, e);
	struct readers *r = api_readers(api);
	struct narrow *place;
	const char *key;
	bool all;

	*narrow = true;
	if (whole == NULL || !scope_whole(whole, scope, &all, e))
		return NULL;
	if (all) {
		*narrow = false;
		return whole;
	}
	if (!scope_key(whole, scope, arena, &key, e))
		return NULL;
	place = place_of(r, key);
	place->used = ++r->calls;
	if (place->db == NULL && (!db_open(&place->db,
	    api_options(api)->store, DB_READ, e) ||
	    !scope_open(place->db, scope, e)))
		db_close(&place->db);
	return place->db;
}

/* ---- who sees what ------------------------------------------------------ */

struct scope
caller_scope(const struct caller *caller)
{
	bool admin = caller->role == ROLE_ADMIN;

	return (struct scope){
		.entities = caller->entities != NULL &&
		    caller->entities[0] != '\0' ? caller->entities : "*",
		.sees = caller->sees != NULL ? caller->sees :
		    admin ? "*" : "",
		.goods = caller->role == ROLE_WAREHOUSE,
	};
}

bool
scope_all(const struct caller *caller)
{
	return strcmp(caller_scope(caller).entities, "*") == 0;
}

#define NONE "-"		/* of no entity: nothing said means all */

static bool
take_row(struct caller *caller, const struct access_row *row, struct err *e)
{
	enum role role;
	bool reads;

	if (!role_words(row->role, &role, &reads))
		return err_set(e, ERR_CORRUPT, "role %.40s", row->role);
	if (role < caller->role)
		return true;
	caller->role = role;
	caller->reads_only = reads;
	caller->entities = row->entities;
	caller->sees = row->sees;
	return true;
}

bool
access_of_user(struct api *api, const char *user, const char *const *groups,
    size_t n, struct arena *arena, struct caller *caller, struct err *e)
{
	struct db *db = api_reader(api, e);
	struct access_row row;
	bool found;

	if (db == NULL || !access_find(db, "user", user, arena, &row, &found,
	    e))
		return false;
	if (found)
		return take_row(caller, &row, e);
	for (size_t i = 0; i < n; i++)
		if (!access_find(db, "group", groups[i], arena, &row, &found,
		    e) || (found && !take_row(caller, &row, e)))
			return false;
	return true;
}

bool
access_of_client(struct api *api, struct arena *arena, struct caller *caller,
    struct err *e)
{
	struct db *db = api_reader(api, e);
	struct access_row row;
	bool found;

	if (db == NULL || !access_find(db, "client", caller->name, arena,
	    &row, &found, e))
		return false;
	if (found) {
		caller->entities = scope_meet(arena,
		    caller_scope(caller).entities, row.entities);
		if (caller->entities[0] == '\0')
			caller->entities = NONE;
		caller->sees = row.sees;
	}
	return true;
}

static bool
one_of(const char *name, const char *const names[])
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* Who may say who may is an admin; a warehouse has no use for the rest. */
bool
table_may(const struct call *call, const char *table, bool writes,
    struct err *e)
{
	static const char *const of_admins[] = { "access", "restricted",
	    NULL };
	static const char *const of_goods[] = { "item", "location", NULL };

	if (writes && one_of(table, of_admins))
		return caller_may(call, "----a--", e);
	return call->caller.role != ROLE_WAREHOUSE ||
	    one_of(table, of_goods) || err_set(e, ERR_FORBIDDEN,
	    "a warehouse sees items and locations");
}

/* ---- what is named ------------------------------------------------------ */

struct naming {
	struct call *call;
	bool items;		/* "item" is of what is to be matched */
	struct err *e;
};

static bool
absent(struct naming *n, const char *what, const char *name)
{
	return err_set(n->e, ERR_NOT_FOUND, "no %s %.80s", what, name);
}

static bool
seen(struct naming *n, enum scope_thing thing, const char *what,
    const char *name, int64_t id)
{
	bool has;

	return scope_has(n->call->db, thing, name, id, &has, n->e) &&
	    (has || absent(n, what, name));
}

static bool
seen_id(struct naming *n, enum scope_thing thing, const char *what,
    char letter, const char *name)
{
	int64_t id;

	return parse_id(name, letter, &id) ?
	    seen(n, thing, what, name, id) : absent(n, what, name);
}

/* R12 is of a file, B34 of the purchase register; L56 is a line of a bank, N78
 * an entry of its account. */
static bool
seen_item(struct naming *n, const char *item)
{
	if (item[0] == 'L')
		return seen_id(n, SCOPE_BANK_LINE, "line", 'L', item);
	if (item[0] == 'N')
		return seen_id(n, SCOPE_BANK_ENTRY, "entry", 'N', item);
	return item[0] == 'B' ?
	    seen_id(n, SCOPE_PURCHASE, "purchase", 'B', item) :
	    seen_id(n, SCOPE_ROW, "row", 'R', item);
}

static bool
name_text(struct naming *n, const char *key, const char *text)
{
	if (strcmp(key, "entity") == 0 || strcmp(key, "counterparty") == 0)
		return seen(n, SCOPE_ENTITY, "entity", text, 0);
	if (strcmp(key, "gstin") == 0)
		return seen(n, SCOPE_GSTIN, "registration", text, 0);
	if (strcmp(key, "event") == 0)
		return seen_id(n, SCOPE_EVENT, "such event", 'E', text);
	if (!n->items)
		return true;
	if (strcmp(key, "decision") == 0)
		return seen_id(n, SCOPE_DECISION, "decision", 'D', text);
	return (strcmp(key, "item") != 0 && strcmp(key, "with") != 0) ||
	    seen_item(n, text);
}

static bool
name_events(struct naming *n, const cJSON *list)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, list) {
		const char *id = json_text(one, "id");

		if (id != NULL && !seen_id(n, SCOPE_EVENT, "such event", 'E',
		    id))
			return false;
	}
	return true;
}

/* Wherever it stands: a request has no other use for these names. */
static bool
name_all(struct naming *n, const cJSON *tree)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, tree) {
		const char *key = item->string != NULL ? item->string : "item";

		if (cJSON_IsString(item) && !name_text(n, key,
		    item->valuestring))
			return false;
		if (strcmp(key, "events") == 0 && cJSON_IsArray(item) &&
		    !name_events(n, item))
			return false;
		if ((cJSON_IsArray(item) || cJSON_IsObject(item)) &&
		    !name_all(n, item))
			return false;
	}
	return true;
}

/* A body that is no JSON is refused by who reads it. */
static bool
name_body(struct naming *n)
{
	struct err fault = { 0 };
	cJSON *tree = json_strict(request_body(n->call->request), &fault);
	bool ok = tree == NULL || name_all(n, tree);

	cJSON_Delete(tree);
	return ok;
}

/* What the path names; the other routes name nothing of one entity there. */
static const struct {
	const char *path;
	enum scope_thing thing;
	char letter;
	const char *what;
} paths[] = {
	{ "/v1/events/{}", SCOPE_EVENT, 'E', "such event" },
	{ "/v1/conflicts/{}", SCOPE_EVENT, 'E', "such event" },
	{ "/v1/approvals/{}", SCOPE_EVENT, 'E', "such event" },
	{ "/v1/documents/{}", SCOPE_ENTITY, '\0', "such document" },
	{ "/v1/runs/{}", SCOPE_RUN, 'R', "run" },
	{ "/v1/decisions/{}", SCOPE_DECISION, 'D', "such decision" },
	{ "/v1/gst/exports/{}", SCOPE_EXPORT, 'X', "such export" },
};

/* D12 or, of a run, R7. */
static bool
name_path(struct naming *n, const char *path)
{
	const char *arg = n->call->args[0];

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		if (strncmp(path, paths[i].path, strlen(paths[i].path)) != 0)
			continue;
		if (paths[i].thing == SCOPE_ENTITY)
			return seen(n, SCOPE_ENTITY, paths[i].what, arg, 0);
		if (paths[i].thing == SCOPE_DECISION && arg[0] == 'R')
			return seen_id(n, SCOPE_RUN, "run", 'R', arg);
		return seen_id(n, paths[i].thing, paths[i].what,
		    paths[i].letter, arg);
	}
	return true;
}

static bool
name_query(struct naming *n)
{
	static const char *const names[] = { "entity", "gstin" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = call_query(n->call, names[i]);

		if (value != NULL && !name_text(n, names[i], value))
			return false;
	}
	return true;
}

/* An empty list of what is nobody's looks as if all were well. What a source
 * sent is not for everybody to know, and neither is that it is one. */
static bool
name_codes(struct naming *n, const struct route *route)
{
	static const struct {
		const char *name;
		enum scope_thing thing;
		const char *what;
	} codes[] = {
		{ "entity", SCOPE_CODE, "entity" },
		{ "account", SCOPE_ACCOUNT, "account" },
		{ "location", SCOPE_LOCATION, "location" },
		{ "gstin", SCOPE_GSTIN, "registration" },
		{ "source", SCOPE_SOURCE, "source" },
	};

	if (strcmp(route->method, "GET") != 0)
		return true;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		const char *value = call_query(n->call, codes[i].name);

		if (value != NULL && (codes[i].thing != SCOPE_SOURCE ||
		    !n->call->narrow) && !seen(n, codes[i].thing,
		    codes[i].what, value, 0))
			return false;
	}
	return strncmp(route->path, "/v1/accounts/", 13) != 0 || seen(n,
	    SCOPE_ACCOUNT, "account", n->call->args[0], 0);
}

/* Reports that are restricted are not there for who may not see them. */
static bool
name_report(struct naming *n, const char *path)
{
	return strcmp(path, "/v1/gst/liability") != 0 || seen(n,
	    SCOPE_REPORT, "report", "gst_liability", 0);
}

bool
scope_admits(struct call *call, const struct route *route, struct err *e)
{
	struct naming n = { call,
	    strcmp(route->path, "/v1/gst/recon") == 0 ||
	    strcmp(route->path, "/v1/bank/act") == 0, e };

	if (!call->narrow)
		return name_codes(&n, route);
	return name_report(&n, route->path) && name_query(&n) &&
	    name_codes(&n, route) &&
	    (route->reach != REACH_NAMED || (name_path(&n, route->path) &&
	    name_body(&n)));
}
