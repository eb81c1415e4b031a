/*
 * From authentic bytes to a work the writer can settle, on the request's own
 * thread: quote the numbers, find the topic, map, post, check.  Called by the
 * API for each delivery and by the writer for a retry.  Never refuses: what
 * cannot be used is kept and says why in its findings.
 */
#include "flow/intake.h"

#include <pthread.h>

#include "checks/checks.h"
#include "core/json.h"
#include "core/utf8.h"
#include "flow/policy.h"
#include "flow/pump.h"
#include "flow/work.h"
#include "rules/rules.h"
#include "store/subject.h"

/* One sandbox a thread, freed with it. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t runner_key;

static void
free_runner(void *p)
{
	struct runner *runner = p;

	runner_free(&runner);
}

static void
make_key(void)
{
	if (pthread_key_create(&runner_key, free_runner) != 0)
		bug("no thread key");
}

static struct runner *
this_runner(void)
{
	struct runner *runner;

	pthread_once(&once, make_key);
	runner = pthread_getspecific(runner_key);
	if (runner == NULL) {
		runner = runner_new();
		pthread_setspecific(runner_key, runner);
	}
	return runner;
}

static const enum finding_code fault_finding[] = {
	[JSON_SYNTAX] = FIND_JSON,
	[JSON_DEPTH] = FIND_JSON_DEPTH,
	[JSON_UTF8] = FIND_JSON_UTF8,
	[JSON_DUPLICATE] = FIND_JSON_DUPLICATE,
	[JSON_NUL] = FIND_JSON_UTF8,
	[JSON_TOO_LARGE] = FIND_JSON,
};

/* False: the body is not strict JSON, and a finding says where. */
static bool
quote(struct work *work)
{
	struct json_where where = { 0 };
	enum json_fault fault = json_read(work->event.body, JSON_DEPTH_MAX,
	    work->arena, &work->tape, &where);

	if (fault == JSON_OK)
		return true;
	finding_add(&work->findings, work->arena, fault_finding[fault],
	    where.key, arena_printf(work->arena, "byte %zu", where.offset),
	    json_fault_name(fault));
	return false;
}

/* Where a scheme leaves the topic in the body, it is read from there. */
static void
find_topic(struct work *work, const char *paths)
{
	while (*paths != '\0' && work->event.topic == NULL) {
		size_t n = strcspn(paths, " ");
		struct span topic = json_member(&work->tape,
		    arena_strndup(work->arena, paths, n));

		if (topic.p != NULL)
			work->event.topic = arena_strndup(work->arena,
			    topic.p, topic.n);
		paths += n + (paths[n] == ' ');
	}
}

/* What the writer will keep, made ready here: its time is everybody's. */
static void
prepare(struct work *work, struct piece *piece)
{
	struct str body;
	const char *copy;

	str_init(&body, 16 << 20);
	document_encode(&piece->document, &body);
	copy = arena_strndup(work->arena, body.p, body.n);
	piece->body = (struct span){ copy, body.n };
	str_free(&body);
	if (piece->has_journal)
		entries_digest(&piece->journal, piece->entries);
}

static void
judge_piece(struct work *work, struct piece *piece, struct runner *runner,
    struct rulebook *rules, struct reference *reference)
{
	enum post_result result = runner_post(runner, rules, reference,
	    work->event.source, &piece->document, work->arena,
	    &piece->journal, &work->findings);

	piece->has_journal = result == POST_JOURNAL;
	piece->posts_nothing = result == POST_NOTHING;
	piece->supply = supply_read(&piece->document, reference, work->arena);
	if (piece->supply != NULL && work->event.received > 0)
		piece->supply->received = day_from_time(work->event.received);
	checks_run(&piece->document,
	    piece->has_journal ? &piece->journal : NULL, piece->supply,
	    reference, work->arena, &work->findings);
}

/* ---- what a person ruled ---------------------------------------------- */

static bool
ruled_document(struct work *work, const struct ruling *ruling,
    struct document *out)
{
	if (document_decode(ruling->document, work->arena, out))
		return true;
	finding_add(&work->findings, work->arena, FIND_SYSTEM, "", "",
	    "a ruling is not a document");
	return false;
}

/* Then there is nothing left that a map rule could say. */
static bool
ruled_wholly(const struct work *work)
{
	for (size_t i = 0; i < work->n_rulings; i++)
		if (work->rulings[i].document.p == NULL)
			return false;
	return work->n_rulings > 0 &&
	    work->rulings[0].parts == (int64_t)work->n_rulings;
}

static bool
apply_rulings(struct work *work, struct document *documents, size_t n)
{
	for (size_t i = 0; i < work->n_rulings; i++) {
		const struct ruling *ruling = &work->rulings[i];
		struct document *d;

		if (ruling->part >= (int64_t)n)
			continue;
		d = &documents[ruling->part];
		if (ruling->document.p != NULL &&
		    !ruled_document(work, ruling, d))
			return false;
		if (ruling->base >= 0)
			d->base_version = ruling->base;
		if (ruling->day.text[0] != '\0')
			d->posting = ruling->day;
	}
	return true;
}

static enum map_result
map(struct work *work, struct runner *runner, struct rulebook *rules,
    struct reference *reference, struct document **documents, size_t *n)
{
	enum map_result result = MAP_DOCUMENT;

	if (ruled_wholly(work)) {
		*n = work->n_rulings;
		*documents = arena_alloc(work->arena,
		    *n * sizeof **documents);
	} else {
		result = runner_map(runner, rules, reference, &work->event,
		    &work->tape, work->arena, documents, n,
		    &work->findings);
	}
	return result == MAP_DOCUMENT && !apply_rulings(work, *documents,
	    *n) ? MAP_FINDINGS : result;
}

/* ---- judging ---------------------------------------------------------- */

static void
judge(struct work *work, struct rulebook *rules,
    struct reference *reference)
{
	struct runner *runner = this_runner();
	struct document *documents;
	size_t n;

	work->generation = reference_generation(reference);
	work->rule_digest = arena_strdup(work->arena, rulebook_digest(rules));
	work->n_bank = runner_bank(runner, rules, reference, &work->event,
	    &work->tape, work->arena, &work->bank);
	switch (map(work, runner, rules, reference, &documents, &n)) {
	case MAP_FINDINGS:
		return;
	case MAP_IGNORED:
		work->ignored = true;
		return;
	case MAP_DOCUMENT:
		break;
	}
	work->pieces = arena_alloc(work->arena, n * sizeof *work->pieces);
	work->n_pieces = n;
	for (size_t i = 0; i < n; i++) {
		work->pieces[i].document = documents[i];
		judge_piece(work, &work->pieces[i], runner, rules, reference);
	}
	if (findings_block(&work->findings))
		return;
	policy_judge(work, runner, rules, reference);
	for (size_t i = 0; i < n; i++)
		prepare(work, &work->pieces[i]);
}

void
intake_judge_with(struct work *work, struct rulebook *rules,
    struct reference *reference)
{
	work_clear(work);
	if (work->event.wrong != NULL) {
		finding_add(&work->findings, work->arena,
		    event_ours(&work->event) ? FIND_SYSTEM : FIND_FORMAT,
		    work->event.wrong, "", "");
		return;
	}
	if (work->tape.n == 0 && !quote(work))
		return;
	if (work->event.topic == NULL) {
		finding_add(&work->findings, work->arena, FIND_TOPIC, "", "",
		    "the event names no topic");
		return;
	}
	judge(work, rules, reference);
}

void
intake_judge(struct pump *pump, struct work *work)
{
	struct rulebook *rules = pump_rules(pump);
	struct reference *reference = pump_reference(pump);

	intake_judge_with(work, rules, reference);
	reference_drop(&reference);
	rulebook_drop(&rules);
}

#define CORRELATION_MAX 200

/* The sender's own name of the errand, when it gives one. */
static const char *
find_correlation(const struct delivery *d)
{
	const char *id = d->header(d->request, "X-Correlation-Id", NULL);

	if (id == NULL)
		id = d->header(d->request, "X-Request-Id", NULL);
	if (id == NULL || *id == '\0' || strlen(id) > CORRELATION_MAX ||
	    !utf8_valid(span_of(id)))
		return NULL;
	return id;
}

static struct work *
keep(const struct arrival *a)
{
	struct work *work = work_new();
	struct event *event = &work->event;

	event->source = arena_strdup(work->arena, a->source);
	event->key = arena_strdup(work->arena, a->key);
	event->topic = arena_strdup(work->arena, a->topic);
	event->correlation = arena_strdup(work->arena, a->correlation);
	event->secret_id = arena_strdup(work->arena, a->secret_id);
	event->received = a->received;
	event->occurred = a->occurred;
	event->wrong = arena_strdup(work->arena, a->wrong);
	event->body = (struct span){
	    arena_strndup(work->arena, a->body.p, a->body.n), a->body.n };
	event->version = event->attempts = 1;
	digest_sha256(event->body, event->digest);
	return work;
}

void
intake_seal(struct work *work, const struct personal *personal,
    struct vault *vault)
{
	bool cut = false;

	/* What is no JSON is kept as it is: nothing can be told apart in it. */
	if (work->tape.n == 0 && !quote(work)) {
		work_clear(work);
		return;
	}
	if (!subject_seal(vault, personal, &work->event, &work->tape,
	    work->arena, &cut, &work->err) || !cut)
		return;
	work->tape = (struct json_tape){ 0 };
	if (!quote(work))
		bug("a payload that was cut is no JSON");
}

struct work *
intake_arrival(struct pump *pump, const struct arrival *arrival)
{
	struct work *work = keep(arrival);

	pump_seal(pump, work);
	intake_judge(pump, work);
	return work;
}

struct work *
intake_take(struct pump *pump, const struct source *source,
    const struct delivery *delivery, const struct verified *verified)
{
	struct work *work = keep(&(struct arrival){
	    .source = source->name,
	    .key = verified->key,
	    .topic = verified->topic,
	    .correlation = find_correlation(delivery),
	    .secret_id = verified->secret_id,
	    .received = delivery->now,
	    .occurred = verified->sent,
	    .body = delivery->body,
	});

	if (verified->tape != NULL)
		work->tape = json_tape_copy(verified->tape, work->arena);
	if (work->event.topic == NULL && verified->topic_path != NULL &&
	    (work->tape.n > 0 || quote(work)))
		find_topic(work, verified->topic_path);
	if (work->findings.n == 0) {
		pump_seal(pump, work);
		intake_judge(pump, work);
	}
	return work;
}
