/* POST /v1/decisions/D12/undo: who decided takes it back. */
#include "api/inside.h"

#include <limits.h>

#include <cjson/cJSON.h>

#include "core/csv.h"
#include "flow/decide.h"
#include "store/deed.h"


struct undo {
	struct call *call;
	struct decision *d;
	int64_t event;		/* 0: of all */
};

/* {"reason","event"}; nothing is as good. */
static bool
read_body(struct undo *u, struct err *e)
{
	cJSON *tree = body_read(u->call, e);
	const char *event = json_text(tree, "event");
	bool ok = tree != NULL && body_reason(tree, u->d->arena,
	    &u->d->reason, e);

	if (ok && event != NULL && !parse_id(event, 'E', &u->event))
		ok = err_set(e, ERR_REQUEST, "event: %.40s", event);
	cJSON_Delete(tree);
	return ok;
}

/* "last" is the caller's own. */
static bool
read_of(struct undo *u, struct err *e)
{
	const char *of = u->call->args[0];
	int64_t n;

	if (strcmp(of, "last") == 0) {
		if (!deed_last(u->call->db, u->d->actor, u->event,
		    u->d->arena, &of, e))
			return false;
		if (of == NULL)
			return err_set(e, ERR_NOT_FOUND,
			    "nothing of yours to take back");
	} else if ((of[0] != 'D' && of[0] != 'R') ||
	    !parse_id(of, of[0], &n)) {
		return err_set(e, ERR_NOT_FOUND, "decision %.40s", of);
	}
	u->d->of = arena_strdup(u->d->arena, of);
	return true;
}

static bool
own(struct undo *u, const char *actor, struct err *e)
{
	return strcmp(actor, u->d->actor) == 0 || err_set(e, ERR_FORBIDDEN,
	    "%s is a decision of %s", u->d->of, actor);
}

/* ---- a mapping that a fix made ---------------------------------------- */

static bool
read_mapping(struct undo *u, struct span csv, struct err *e)
{
	struct decision *d = u->d;
	struct csv reader;
	bool ok;

	csv_open(&reader, csv);
	ok = csv_next(&reader, e) && csv_next(&reader, e) && reader.n == 4;
	if (ok) {
		d->fix.source = arena_strdup(d->arena, csv_field(&reader, 0));
		d->fix.dimension = arena_strdup(d->arena,
		    csv_field(&reader, 1));
		d->fix.value = arena_strdup(d->arena, csv_field(&reader, 2));
		d->fix.to = arena_strdup(d->arena, csv_field(&reader, 3));
		ok = !csv_next(&reader, e) && e->code == ERR_NONE;
	}
	csv_close(&reader);
	return ok || err_set(e, ERR_NOT_FOUND, "%s is no decision",
	    d->of);
}

/* *found false: it is none. */
static bool
find_mapping(struct undo *u, bool *found, struct err *e)
{
	const char *actor, *body;
	cJSON *tree;
	int64_t seq;
	bool ok;

	*found = false;
	if (u->d->of[0] != 'D' || !parse_id(u->d->of, 'D', &seq))
		return true;
	if (!deed_mapping(u->call->db, seq, u->d->arena, &actor, &body, e))
		return false;
	if (body == NULL)
		return true;
	*found = true;
	tree = json_parse(span_of(body));
	if (json_text(tree, "do") != NULL || json_text(tree, "csv") == NULL)
		ok = err_set(e, ERR_NOT_FOUND, "%s is no decision", u->d->of);
	else
		ok = own(u, actor, e) && read_mapping(u, span_of(
		    json_text(tree, "csv")), e);
	cJSON_Delete(tree);
	return ok;
}

/* ---- what was said of events ------------------------------------------ */

static bool
find_deeds(struct undo *u, struct err *e)
{
	struct decision *d = u->d;
	struct deed_row *rows;
	const char *actor;
	size_t n;

	if (!deeds_of(u->call->db, d->of, u->event, u->call->arena, &actor,
	    &rows, &n, PICKS_MAX, e))
		return false;
	if (n == 0)
		return err_set(e, ERR_NOT_FOUND,
		    "%s has left nothing to take back", d->of);
	d->picks = arena_alloc(d->arena, n * sizeof *d->picks);
	for (size_t i = 0; i < n; i++)
		d->picks[i] = (struct pick){ rows[i].event,
		    (int)rows[i].version };
	d->n_picks = n;
	d->with = cJSON_CreateObject();
	if (cJSON_AddStringToObject(d->with, "of", d->of) == NULL)
		bug("out of memory");
	return own(u, actor, e);
}

static bool
read_undo(struct undo *u, struct err *e)
{
	bool mapping;

	return read_body(u, e) && read_of(u, e) &&
	    find_mapping(u, &mapping, e) && (mapping || find_deeds(u, e));
}

void
decision_undo(struct call *call)
{
	struct decision *d = decision_new();
	struct undo undo = { .call = call, .d = d };
	struct err e = { 0 };
	bool twice = false;

	d->act = act_find("undo");
	d->actor = arena_strdup(d->arena, call->caller.name);
	d->key = arena_strdup(d->arena, request_header(call->request,
	    "Idempotency-Key", &twice));
	if (twice || (d->key != NULL && strlen(d->key) > 255))
		err_set(&e, ERR_REQUEST, "Idempotency-Key");
	d->govern = api_options(call->api)->govern;
	digest_sha256v((struct span[]){ span_of(call->args[0]),
	    request_body(call->request) }, 2, d->digest);
	if (e.code == ERR_NONE && read_undo(&undo, &e) &&
	    decision_hand_over(call, d, &e))
		return;
	request_fail(call->request, &e);
	decision_free(&d);
}
