/*
 * What is posted stays posted; it is undone by a new version of each of its
 * documents: what stood before it, or one that is void. That is an event of
 * the desk, so a rebuild meets it in the log by itself.
 */
#include "flow/act.h"

#include "flow/contest.h"
#include "flow/inside.h"

static bool
load_last(struct saying *s, struct work *work, int64_t id,
    struct version *out, struct err *e)
{
	struct books *books = s->settler->books;
	struct document_row row;
	struct document name;
	bool found;

	if (!version_load(books, id, work->arena, &name, e) ||
	    !document_find(books, &name, work->arena, &row, &found, e))
		return false;
	if (!found || VERSION_ID(row.event, row.part) != id)
		return err_set(e, ERR_REFUSED, "%s was amended since, by "
		    "E%lld", document_key(work->arena, &name),
		    (long long)row.event);
	return version_find(books->db, id, row.version, NULL, work->arena,
	    out, &found, e);
}

/* What it was before that version; void when it was nothing. */
static bool
find_before(struct saying *s, struct work *work, const struct version *last,
    struct document *out, struct err *e)
{
	*out = last->document;
	if (last->before != 0 && !version_load(s->settler->books,
	    last->before, work->arena, out, e))
		return false;
	if (last->before != 0)
		return true;
	out->voided = true;
	return !last->document.voided || err_set(e, ERR_REFUSED,
	    "%s is void already", document_key(work->arena, out));
}

/* On its own day while that is open, like every reversal. */
static bool
find_day(struct saying *s, struct document *document, struct err *e)
{
	const char *state = reference_period(s->settler->reference,
	    document->entity, document_posting(document));

	if (state != NULL && strcmp(state, "open") == 0)
		return true;
	return reference_next_open(s->settler->reference, document->entity,
	    document_posting(document), &document->posting) ||
	    err_set(e, ERR_REFUSED, "%.80s has no open period",
	    document->entity);
}

static bool
add_document(struct saying *s, struct work *work, int64_t id, struct json *j,
    struct err *e)
{
	struct document document;
	struct version last;

	if (!load_last(s, work, id, &last, e) ||
	    !find_before(s, work, &last, &document, e) ||
	    !find_day(s, &document, e))
		return false;
	json_open(j, '{');
	json_kint(j, "base_version", last.version);
	json_key(j, "document");
	json_raw(j, document_body(&document, work->arena));
	json_close(j, '}');
	return true;
}

/* All documents of the event, together or not at all. */
static bool
write_body(struct saying *s, struct work *work, struct str *body,
    struct err *e)
{
	static const char SQL[] = "SELECT id FROM document_version"
	    " WHERE id BETWEEN $1 AND $2 ORDER BY id";
	struct stmt *stmt = db_stmt(s->settler->books->db, SQL);
	int64_t ids[DOCUMENT_PARTS_MAX];
	enum step step;
	struct json j;
	size_t n = 0;
	bool ok = true;

	stmt_int(stmt, 1, VERSION_ID(work->event.seq, 0));
	stmt_int(stmt, 2, VERSION_ID(work->event.seq + 1, 0) - 1);
	while ((step = stmt_step(stmt, e)) == STEP_ROW)
		ids[n++] = col_int(stmt, 0);
	if (step != STEP_DONE)
		return false;
	json_start(&j, body);
	json_open(&j, '{');
	json_kstr(&j, "reason", s->reason);
	json_key(&j, "documents");
	json_open(&j, '[');
	for (size_t i = 0; ok && i < n; i++)
		ok = add_document(s, work, ids[i], &j, e);
	json_close(&j, ']');
	json_close(&j, '}');
	return ok;
}

static bool
send(struct saying *s, const struct work *work, struct span body,
    enum event_state *state, struct err *e)
{
	struct work *own = work_new();
	struct event *event = &own->event;
	bool ok;

	event->source = arena_printf(own->arena, DESK "%s", s->actor);
	event->key = arena_printf(own->arena, "reverse-E%lld-D%lld",
	    (long long)work->event.seq, (long long)s->seq);
	event->topic = DESK_TOPIC;
	event->received = s->at;
	event->body = (struct span){ arena_strndup(own->arena, body.p,
	    body.n), body.n };
	event->version = event->attempts = 1;
	digest_sha256(event->body, event->digest);
	s->settler->remap(own, s->settler->arg);
	ok = settle_new(s->settler, own, e);
	*state = own->event.state;
	if (ok && *state == EVENT_FAILED)
		ok = err_set(e, ERR_REFUSED, "E%lld cannot be undone: %s",
		    (long long)work->event.seq, own->findings.n > 0 ?
		    finding_info(own->findings.items[0].code)->name : "");
	work_free(&own);
	return ok;
}

bool
act_reverse(struct saying *s, struct work *work, struct err *e)
{
	enum event_state state = EVENT_POSTED;
	struct str body;
	bool ok;

	/* Then it is the next row of the log. */
	if (s->settler->books->replaying)
		return true;
	str_init(&body, 64 << 20);
	ok = write_body(s, work, &body, e) &&
	    send(s, work, str_span(&body), &state, e);
	str_free(&body);
	s->verdict = state == EVENT_POSTED ? "reversed" : "reversing";
	return ok;
}
