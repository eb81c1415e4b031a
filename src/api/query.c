/*
 * What a route may be asked beside its path.  A name that it does not know is
 * refused, so that a slip never looks like an empty list, or like an act that
 * was only to be tried.  data/openapi.yaml describes each; tests/docs/check.py
 * compares.
 */
#include "api/inside.h"

#include <string.h>

#include "book/document.h"

/* Routes that are not here take nothing. name=a|b: these words alone; where
 * none stand, the handler judges. */
static const struct {
	const char *method, *path, *names;
} queries[] = {
	{ "GET", "/v1/events",
	    "state assignee snoozed=yes|no source code signature q after "
	    "limit" },
	{ "GET", "/v1/trial-balance", "entity to" },
	{ "GET", "/v1/accounts/{}/entries", "entity after limit" },
	{ "GET", "/v1/documents", "kind q order after limit" },
	{ "GET", "/v1/documents/{}/{}/{}", "version" },
	{ "GET", "/v1/reference/{}", "sheet" },
	{ "POST", "/v1/reference/{}", "reason dry_run" },
	{ "GET", "/v1/stock", "location q after limit" },
	{ "GET", "/v1/counts", "entity location after limit" },
	{ "GET", "/v1/counts/lines", "of entity count state after limit" },
	{ "GET", "/v1/orders", "number after limit" },
	{ "GET", "/v1/batches", "after limit" },
	{ "GET", "/v1/dead-letters",
	    "class=data|reference|system after limit" },
	{ "GET", "/v1/accounts/{}/explain", "entity period after limit" },
	{ "GET", "/v1/changes", "after limit wait" },
	{ "GET", "/v1/proposals",
	    "state=draft|approved|rejected|superseded before limit" },
	{ "GET", "/v1/rules/{}", "against" },
	{ "GET", "/v1/alerts", "state after limit" },
	{ "GET", "/v1/alerts/sent", "after limit" },
	{ "GET", "/v1/files",
	    "source state=reading|done|failed after limit" },
	{ "POST", "/v1/journals", "dry_run" },
	{ "GET", "/v1/conflicts", "entity after limit" },
	{ "GET", "/v1/runs", "state after limit" },
	{ "GET", "/v1/runs/{}/rows", "outcome after limit" },
	{ "GET", "/v1/intercompany", "entity period all=0|1" },
	{ "POST", "/v1/intercompany/adjust", "dry_run" },
	{ "GET", "/v1/close", "entity period" },
	{ "GET", "/v1/approvals", "after limit" },
	{ "GET", "/v1/delegations", "after limit" },
	{ "GET", "/v1/gst/gstr3b", "gstin period" },
	{ "GET", "/v1/gst/entries", "gstin period" },
	{ "GET", "/v1/gst/liability", "gstin period" },
	{ "GET", "/v1/gst/calendar", "gstin" },
	{ "GET", "/v1/gst/exports", "gstin after limit" },
	{ "GET", "/v1/gst/agree", "gstin period" },
	{ "GET", "/v1/gst/summary", "gstin period form" },
	{ "GET", "/v1/gst/cells", "gstin period form section" },
	{ "GET", "/v1/gst/documents",
	    "gstin period form section type place rate after limit" },
	{ "GET", "/v1/gst/hsn", "gstin period part" },
	{ "GET", "/v1/gst/issued", "gstin period" },
	{ "GET", "/v1/gst/changes", "gstin period after limit" },
	{ "GET", "/v1/gst/filings", "gstin" },
	{ "POST", "/v1/gst/inward", "gstin period name" },
	{ "GET", "/v1/gst/recon",
	    "gstin period status party after credit limit" },
	{ "GET", "/v1/gst/followup", "gstin period after limit" },
	{ "GET", "/v1/bank/lines", "entity account state on after limit" },
	{ "GET", "/v1/bank/entries", "entity account state on after limit" },
	{ "GET", "/v1/bank/ages", "entity day on" },
	{ "GET", "/v1/bank/statement", "entity account of day on" },
	{ "GET", "/v1/bank/tills", "entity month" },
	{ "GET", "/v1/bank/payouts", "entity after limit" },
	{ "GET", "/v1/bank/payouts/{}", "entity" },
	{ "GET", "/v1/targets/{}/drift", "kind state after limit" },
	{ "GET", "/v1/targets/{}/trial", "entity day" },
	{ "GET", "/v1/targets/{}/against/{}", "day after" },
	{ "GET", "/v1/commits",
	    "target state cause of entity kind number after limit" },
	{ "GET", "/v1/commits/causes", "target" },
	{ "GET", "/v1/search", "q" },
	{ "GET", "/v1/activity", "period" },
	{ "GET", "/v1/decisions",
	    "actor action event since until after limit" },
	{ "GET", "/v1/problem-events", "cell after limit" },
	{ "POST", "/v1/events/{}/correct", "dry_run" },
	{ "GET", "/v1/audit", "object actor action since until after limit" },
	{ "GET", "/v1/audit/verify", "from to hash" },
};

const char *
route_names(const struct route *route)
{
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		if (strcmp(queries[i].path, route->path) == 0 &&
		    strcmp(queries[i].method, route->method) == 0)
			return queries[i].names;
	return "";
}

/* Of what it is in the list, with what may be its value behind it. */
static const char *
find_name(const char *names, const char *name)
{
	size_t n = strlen(name);

	while (*names != '\0') {
		size_t length = strcspn(names, " ");

		if (strcspn(names, " =") == n && memcmp(names, name, n) == 0)
			return names;
		names += length + (names[length] == ' ');
	}
	return NULL;
}

static bool
is_known(void *arg, const char *name)
{
	return *name == '\0' || find_name(arg, name) != NULL;
}

static bool
is_one_of(const char *words, size_t n, const char *word)
{
	size_t length = strlen(word);

	for (size_t at = 0; at < n; at++) {
		size_t end = at + strcspn(words + at, "| ");

		if (end - at == length && memcmp(words + at, word, length) ==
		    0)
			return true;
		at = end;
	}
	return false;
}

/* state=open|closed: nothing else. */
static bool
check_words(struct call *call, const char *names, struct err *e)
{
	while (*names != '\0') {
		size_t length = strcspn(names, " "), n = strcspn(names, " =");
		const char *words = names + n + 1, *name, *value;

		name = arena_strndup(call->arena, names, n);
		value = n < length ? call_query(call, name) : NULL;
		if (value != NULL && !is_one_of(words, length - n - 1, value))
			return err_set(e, ERR_REQUEST, "%s: %.60s is none of "
			    "%.*s", name, value, (int)(length - n - 1), words);
		names += length + (names[length] == ' ');
	}
	return true;
}

bool
query_check(struct call *call, const struct route *route, struct err *e)
{
	const char *names = route_names(route);
	char *known = arena_strdup(call->arena, names);
	const char *other;

	if (route_open(route))
		return true;
	other = request_query_other(call->request, is_known, known);
	if (other == NULL)
		return check_words(call, names, e);
	return *names == '\0' ? err_set(e, ERR_REQUEST, "query: %.60s: "
	    "nothing is asked here", other) : err_set(e, ERR_REQUEST,
	    "query: %.60s is none of %s", other, names);
}

bool
query_kind(const char *kind, struct err *e)
{
	enum document_kind any;

	return kind == NULL || document_kind_find(kind, &any) ||
	    err_set(e, ERR_REQUEST, "kind: %.60s is none", kind);
}
