/* The verb of the audit: its rows, and whether the chain is whole. */
#include <string.h>

#include <cjson/cJSON.h>

#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"

struct piece {
	long long to, last, rows, anchors;
	bool done;
	char hash[65];
};

static long long
number(const cJSON *tree, const char *name)
{
	return (long long)cJSON_GetNumberValue(json_at(tree, name));
}

static bool
read_piece(struct job *job, struct span body, struct piece *p,
    struct err *e)
{
	cJSON *tree = json_parse(body);
	const cJSON *broken = json_at(tree, "broken");
	const char *why = json_text(broken, "why");
	const char *hash = json_text(tree, "hash");
	bool ok = hash != NULL || err_set(e, ERR_JSON, "the answer");

	if (ok && cJSON_IsObject(broken))
		ok = err_set(e, ERR_CORRUPT, "%s", cli_tame(job,
		    why != NULL ? why : ""));
	if (ok) {
		p->rows += number(tree, "to") - number(tree, "from") + 1;
		p->to = number(tree, "to");
		p->last = number(tree, "last");
		p->anchors = number(tree, "anchors");
		p->done = cJSON_IsTrue(json_at(tree, "done"));
		snprintf(p->hash, sizeof p->hash, "%s", hash);
	}
	cJSON_Delete(tree);
	return ok;
}

/* The last piece is what --json prints; else only what is wrong. */
static bool
verify(struct job *job, const char *from, const char *to, struct err *e)
{
	struct piece p = { .done = false };
	struct span body = { "", 0 };
	bool shown = false;

	while (!p.done) {
		const char *path = wire_path(job->arena, "/v1/audit/verify?from=",
		    p.to > 0 ? arena_printf(job->arena, "%lld", p.to + 1) :
		    from, "&");

		if (to[0] != '\0')
			path = wire_path(job->arena, arena_printf(job->arena,
			    "%sto=", path), to, "&");
		if (p.hash[0] != '\0')
			path = arena_printf(job->arena, "%shash=%s", path,
			    p.hash);
		if (!wire_get(job->wire, path, job->arena, &body, e))
			return false;
		if (!read_piece(job, body, &p, e)) {
			if (job->json)
				cli_put_json(job, body);
			return false;
		}
		if (!p.done || shown)
			cli_say(job, _("%lld of %lld rows\n"), p.to, p.last);
		shown = true;
	}
	if (job->json)
		cli_put_json(job, body);
	else
		printf(_("%lld audit rows, the chain is whole; %lld "
		    "anchors\n"), p.rows, p.anchors);
	return true;
}

bool
run_audit(struct job *job, int *status, struct err *e)
{
	const char *from = "", *to = "";

	if (job->argc == 0 || strcmp(job->argv[0], "verify") != 0)
		return run_list(job, status, e);
	for (int i = 1; i < job->argc; i++) {
		if (strncmp(job->argv[i], "from=", 5) == 0)
			from = job->argv[i] + 5;
		else if (strncmp(job->argv[i], "to=", 3) == 0)
			to = job->argv[i] + 3;
		else
			return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[i]);
	}
	return verify(job, from, to, e);
}
