/*
 * JSON of the API to structs and nothing else: no judging, no sums. Called
 * by wire.c for answers and by the console for what its cache keeps. An
 * unknown member is ignored, so an older console reads a newer daemon.
 */
#include "wire/shapes.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "book/finding.h"
#include "core/i18n.h"
#include "core/json.h"
#include "wire/inside.h"

#define ANSWER_MAX ((size_t)128 << 20)

cJSON *
wire_tree(struct span in)
{
	struct json_where where;
	struct str quoted;
	cJSON *root = NULL;

	str_init(&quoted, ANSWER_MAX);
	if (json_quote(in, JSON_DEPTH_MAX, &quoted, &where) == JSON_OK &&
	    !quoted.over)
		root = json_parse(str_span(&quoted));
	str_free(&quoted);
	return root;
}

static const char *
text(const cJSON *at, const char *name, struct arena *arena)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(at, name);

	return item != NULL && cJSON_IsString(item) ?
	    arena_strdup(arena, item->valuestring) : "";
}

static int64_t
count_of(const cJSON *item)
{
	char *end;
	int64_t n;

	if (item == NULL || !cJSON_IsString(item))
		return 0;
	errno = 0;
	n = strtoll(item->valuestring, &end, 10);
	return errno == 0 && *end == '\0' ? n : 0;
}

static int64_t
count(const cJSON *at, const char *name)
{
	return count_of(cJSON_GetObjectItemCaseSensitive(at, name));
}

static bool
truth(const cJSON *at, const char *name)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(at, name));
}

static const cJSON *
list(const cJSON *at, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(at, name);

	return cJSON_IsArray(item) || cJSON_IsObject(item) ? item : NULL;
}

/* Room for the members of a list; *n starts at 0 and counts them. */
static void *
room(const cJSON *items, size_t size, struct arena *arena)
{
	return arena_alloc(arena, size * (size_t)(items ?
	    cJSON_GetArraySize(items) + 1 : 1));
}

static void
read_amounts(const cJSON *items, struct arena *arena,
    struct wire_amounts *out)
{
	const cJSON *at;

	out->items = room(items, sizeof *out->items, arena);
	out->n = 0;
	cJSON_ArrayForEach(at, items) {
		struct wire_amount *amount = &out->items[out->n++];

		amount->currency = text(at, "currency", arena);
		amount->amount = text(at, "amount", arena);
	}
}

static void
read_counts(const cJSON *items, struct arena *arena, struct wire_counts *out)
{
	const cJSON *at;

	out->items = room(items, sizeof *out->items, arena);
	out->n = 0;
	cJSON_ArrayForEach(at, items) {
		struct wire_count *one = &out->items[out->n++];

		one->name = arena_strdup(arena, at->string ? at->string : "");
		one->count = count_of(at);
	}
}

/* What the daemon says is in the daemon's language. When ours has words for
 * that code they are taken; a code we do not know stays as it was said. */
static void
translate(const char *code, const char *value, struct arena *arena,
    const char **sentence, const char **hint)
{
	struct finding f = { .value = value };
	const struct finding_info *info;
	struct str text;

	if (!finding_find(code, &f.code))
		return;
	info = finding_info(f.code);
	if (info->hint[0] != '\0' && _(info->hint) != info->hint)
		*hint = arena_strdup(arena, _(info->hint));
	if (_(info->what) == info->what)
		return;
	str_init(&text, 4096);
	finding_sentence(&f, &text);
	*sentence = arena_strdup(arena, text.p);
	str_free(&text);
}

void
wire_findings(const cJSON *items, struct arena *arena,
    struct wire_findings *out)
{
	const cJSON *at;

	out->items = room(items, sizeof *out->items, arena);
	out->n = 0;
	cJSON_ArrayForEach(at, items) {
		struct wire_finding *f = &out->items[out->n++];

		f->code = text(at, "code", arena);
		f->level = text(at, "level", arena);
		f->dimension = text(at, "dimension", arena);
		f->value = text(at, "value", arena);
		f->field = text(at, "field", arena);
		f->sentence = text(at, "sentence", arena);
		f->hint = text(at, "hint", arena);
		f->signature = text(at, "signature", arena);
		f->fixable = truth(at, "fixable");
		translate(f->code, f->value, arena, &f->sentence, &f->hint);
	}
}

static void
read_entry(const cJSON *at, struct arena *arena, struct wire_entry *out)
{
	out->journal = text(at, "journal", arena);
	out->date = text(at, "date", arena);
	out->document = text(at, "document", arena);
	out->narration = text(at, "narration", arena);
	out->line = count(at, "line");
	out->account = text(at, "account", arena);
	out->party = text(at, "party", arena);
	out->cost_centre = text(at, "cost_centre", arena);
	out->tax_code = text(at, "tax_code", arena);
	out->item = text(at, "item", arena);
	out->location = text(at, "location", arena);
	out->memo = text(at, "memo", arena);
	out->currency = text(at, "currency", arena);
	out->amount = text(at, "amount", arena);
	out->base = text(at, "base", arena);
}

static void
read_entries(const cJSON *items, struct arena *arena,
    struct wire_entries *out)
{
	const cJSON *at;

	out->items = room(items, sizeof *out->items, arena);
	out->n = 0;
	cJSON_ArrayForEach(at, items)
		read_entry(at, arena, &out->items[out->n++]);
}

static void
read_journal(const cJSON *at, struct arena *arena, void *p)
{
	struct wire_journal *out = p;

	out->id = text(at, "id", arena);
	out->entity = text(at, "entity", arena);
	out->date = text(at, "date", arena);
	out->period = text(at, "period", arena);
	out->narration = text(at, "narration", arena);
	out->document = text(at, "document", arena);
	out->event = text(at, "event", arena);
	out->reverses = text(at, "reverses", arena);
	out->version = count(at, "version");
	read_entries(list(at, "entries"), arena, &out->entries);
}

static void
read_history(const cJSON *items, struct arena *arena, struct wire_event *out)
{
	const cJSON *at;

	out->history = room(items, sizeof *out->history, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_step *step = &out->history[out->n_history++];

		step->at = text(at, "at", arena);
		step->actor = text(at, "actor", arena);
		step->action = text(at, "action", arena);
		step->old = text(at, "old", arena);
		step->now = text(at, "new", arena);
	}
}

static void
read_thread(const cJSON *items, struct arena *arena, struct wire_event *out)
{
	const cJSON *at;

	out->thread = room(items, sizeof *out->thread, arena);
	cJSON_ArrayForEach(at, items)
		out->thread[out->n_thread++] = (struct wire_step){
		    .at = text(at, "at", arena),
		    .actor = text(at, "actor", arena),
		    .now = text(at, "text", arena) };
}

static void
read_settled(const cJSON *at, struct arena *arena, struct wire_step *out)
{
	out->at = text(at, "at", arena);
	out->actor = text(at, "by", arena);
	out->action = text(at, "as", arena);
	out->now = text(at, "why", arena);
}

static void
read_detail(const cJSON *at, struct arena *arena, struct wire_event *out)
{
	const cJSON *body = cJSON_GetObjectItemCaseSensitive(at,
	    "document_body");
	const cJSON *items = list(at, "journals"), *one;
	char *printed = NULL;

	out->payload = text(at, "payload", arena);
	out->payload_base64 = text(at, "payload_base64", arena);
	out->digest = text(at, "digest", arena);
	if (body != NULL && !cJSON_IsNull(body))
		printed = cJSON_Print(body);
	out->document_body = arena_strdup(arena, printed ? printed : "");
	cJSON_free(printed);
	out->journals = room(items, sizeof *out->journals, arena);
	cJSON_ArrayForEach(one, items)
		read_journal(one, arena, &out->journals[out->n_journals++]);
	read_history(list(at, "history"), arena, out);
	read_thread(list(at, "thread"), arena, out);
}

static void
read_event(const cJSON *at, struct arena *arena, void *p)
{
	struct wire_event *out = p;

	*out = (struct wire_event){ .id = text(at, "id", arena) };
	out->seq = count(at, "seq");
	out->version = count(at, "version");
	out->doc_version = count(at, "doc_version");
	out->attempts = count(at, "attempts");
	out->source = text(at, "source", arena);
	out->key = text(at, "key", arena);
	out->topic = text(at, "topic", arena);
	out->state = text(at, "state", arena);
	out->received = text(at, "received", arena);
	out->occurred = text(at, "occurred", arena);
	out->entity = text(at, "entity", arena);
	out->document = text(at, "document", arena);
	out->party = text(at, "party", arena);
	out->amount = text(at, "amount", arena);
	out->currency = text(at, "currency", arena);
	out->correlation = text(at, "correlation", arena);
	out->owner = text(at, "owner", arena);
	out->assignee = text(at, "assignee", arena);
	out->snoozed = text(at, "snoozed", arena);
	out->comments = count(at, "comments");
	read_settled(cJSON_GetObjectItemCaseSensitive(at, "settled"), arena,
	    &out->settled);
	wire_findings(list(at, "findings"), arena, &out->findings);
	read_detail(at, arena, out);
}

static void
read_signature(const cJSON *at, struct arena *arena, void *p)
{
	struct wire_signature *out = p;

	out->id = text(at, "id", arena);
	out->code = text(at, "code", arena);
	out->level = text(at, "level", arena);
	out->source = text(at, "source", arena);
	out->dimension = text(at, "dimension", arena);
	out->value = text(at, "value", arena);
	out->sentence = text(at, "sentence", arena);
	out->hint = text(at, "hint", arena);
	out->oldest = text(at, "oldest", arena);
	out->newest = text(at, "newest", arena);
	out->fixable = truth(at, "fixable");
	out->count = count(at, "count");
	read_amounts(list(at, "amounts"), arena, &out->amounts);
	read_counts(list(at, "ages"), arena, &out->ages);
	translate(out->code, out->value[0] != '\0' ? out->value :
	    "\xe2\x80\xa6", arena, &out->sentence, &out->hint);
}

typedef void read_fn(const cJSON *, struct arena *, void *one);

static bool
read_one(struct span in, read_fn *read, struct arena *arena, void *out)
{
	cJSON *root = wire_tree(in);

	if (root != NULL)
		read(root, arena, out);
	cJSON_Delete(root);
	return root != NULL;
}

/* The members of `items`, each of that size; NULL: there is no such list.
 * next may be NULL. */
static void *
read_page(struct span in, size_t size, read_fn *read, struct arena *arena,
    size_t *n, const char **next)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = list(root, "items"), *at;
	char *out = items != NULL ? room(items, size, arena) : NULL;

	*n = 0;
	if (next != NULL)
		*next = text(root, "next", arena);
	cJSON_ArrayForEach(at, items)
		read(at, arena, out + size * (*n)++);
	cJSON_Delete(root);
	return out;
}

bool
shape_event(struct span in, struct arena *arena, struct wire_event *out)
{
	return read_one(in, read_event, arena, out) && out->id[0] != '\0';
}

bool
shape_events(struct span in, struct arena *arena, struct wire_events *out)
{
	out->items = read_page(in, sizeof *out->items, read_event, arena,
	    &out->n, &out->next);
	return out->items != NULL;
}

bool
shape_signature(struct span in, struct arena *arena,
    struct wire_signature *out)
{
	return read_one(in, read_signature, arena, out) && out->id[0] != '\0';
}

bool
shape_signatures(struct span in, struct arena *arena,
    struct wire_signatures *out)
{
	out->items = read_page(in, sizeof *out->items, read_signature, arena,
	    &out->n, NULL);
	return out->items != NULL;
}

static void
read_alert(const cJSON *at, struct arena *arena, void *p)
{
	struct wire_alert *out = p;

	out->id = text(at, "id", arena);
	out->code = text(at, "code", arena);
	out->state = text(at, "state", arena);
	out->since = text(at, "since", arena);
	out->recovered = text(at, "recovered_at", arena);
	out->sentence = text(at, "sentence", arena);
	out->why = text(at, "why", arena);
}

bool
shape_alerts(struct span in, struct arena *arena, struct wire_alerts *out)
{
	out->items = read_page(in, sizeof *out->items, read_alert, arena,
	    &out->n, &out->next);
	return out->items != NULL;
}

static void
read_sending(const cJSON *at, struct arena *arena, void *p)
{
	struct wire_sending *out = p;

	out->at = text(at, "at", arena);
	out->channel = text(at, "channel", arena);
	out->to = text(at, "to", arena);
	out->signature = text(at, "signature", arena);
	out->outcome = text(at, "outcome", arena);
}

bool
shape_sendings(struct span in, struct arena *arena,
    struct wire_sendings *out)
{
	out->items = read_page(in, sizeof *out->items, read_sending, arena,
	    &out->n, &out->next);
	return out->items != NULL;
}

static void
read_file(const cJSON *at, struct arena *arena, void *p)
{
	struct wire_file *out = p;
	const cJSON *amounts = list(at, "amounts"), *one;

	*out = (struct wire_file){
		.id = text(at, "id", arena),
		.source = text(at, "source", arena),
		.name = text(at, "name", arena),
		.format = text(at, "format", arena),
		.digest = text(at, "digest", arena),
		.state = text(at, "state", arena),
		.trailer = text(at, "trailer", arena),
		.started = text(at, "started", arena),
		.ended = text(at, "ended", arena),
		.place = text(at, "place", arena),
		.why = text(at, "why", arena),
		.size = count(at, "size"), .at_byte = count(at, "at_byte"),
		.of = count(at, "of"), .read = count(at, "read"),
		.posted = count(at, "posted"),
		.waiting = count(at, "waiting"),
		.failed = count(at, "failed"),
		.duplicate = count(at, "duplicate"),
		.ignored = count(at, "ignored"),
	};
	out->amounts = room(amounts, sizeof *out->amounts, arena);
	cJSON_ArrayForEach(one, amounts)
		out->amounts[out->n_amounts++] = (struct wire_total){
			.currency = text(one, "currency", arena),
			.total = text(one, "total", arena),
			.posted = text(one, "posted", arena),
			.records = count(one, "records"),
		};
}

bool
shape_file(struct span in, struct arena *arena, struct wire_file *out)
{
	return read_one(in, read_file, arena, out) && out->id[0] != '\0';
}

bool
shape_files(struct span in, struct arena *arena, struct wire_files *out)
{
	out->items = read_page(in, sizeof *out->items, read_file, arena,
	    &out->n, &out->next);
	return out->items != NULL;
}

bool
shape_journal(struct span in, struct arena *arena, struct wire_journal *out)
{
	return read_one(in, read_journal, arena, out) && out->id[0] != '\0';
}

bool
shape_entries(struct span in, struct arena *arena, struct wire_entries *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = list(root, "items");

	read_entries(items, arena, out);
	out->next = text(root, "next", arena);
	cJSON_Delete(root);
	return items != NULL;
}

static size_t
read_balances(const cJSON *items, struct arena *arena,
    struct wire_balance **out)
{
	const cJSON *at;
	size_t n = 0;

	*out = room(items, sizeof **out, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_balance *one = &(*out)[n++];

		one->entity = text(at, "entity", arena);
		one->account = text(at, "account", arena);
		one->name = text(at, "name", arena);
		one->kind = text(at, "kind", arena);
		one->currency = text(at, "currency", arena);
		one->debit = text(at, "debit", arena);
		one->credit = text(at, "credit", arena);
		one->balance = text(at, "balance", arena);
		one->base_balance = text(at, "base_balance", arena);
	}
	return n;
}

bool
shape_trial(struct span in, struct arena *arena, struct wire_trial *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = list(root, "items");

	out->n = read_balances(items, arena, &out->items);
	out->n_totals = read_balances(list(root, "totals"), arena,
	    &out->totals);
	cJSON_Delete(root);
	return items != NULL;
}

static const char *
joined(const cJSON *items, struct arena *arena)
{
	const char *out = "";
	const cJSON *at;

	cJSON_ArrayForEach(at, items)
		if (cJSON_IsString(at))
			out = arena_printf(arena, "%s%s%s", out, *out != '\0' ?
			    ", " : "", at->valuestring);
	return out;
}

bool
shape_me(struct span in, struct arena *arena, struct wire_me *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *may = list(root, "may"), *acts = list(root, "acts"), *at;

	*out = (struct wire_me){
		.name = text(root, "name", arena),
		.role = text(root, "role", arena),
		.entities = joined(json_at(root, "scope.entities"), arena),
		.reads_only = cJSON_IsTrue(json_at(root, "read_only")),
		.may = room(may, sizeof *out->may, arena),
		.acts = room(acts, sizeof *out->acts, arena),
	};
	cJSON_ArrayForEach(at, may)
		out->may[out->n_may++] = arena_printf(arena, "%s %s",
		    text(at, "method", arena), text(at, "path", arena));
	cJSON_ArrayForEach(at, acts)
		out->acts[out->n_acts++] = arena_strdup(arena,
		    cJSON_IsString(at) ? at->valuestring : "");
	cJSON_Delete(root);
	return may != NULL && acts != NULL;
}

bool
shape_masters(struct span in, struct arena *arena, struct wire_masters *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = list(root, "items"), *at;

	out->items = room(items, sizeof *out->items, arena);
	out->n = 0;
	cJSON_ArrayForEach(at, items) {
		out->items[out->n].code = text(at, "code", arena);
		out->items[out->n++].name = text(at, "name", arena);
	}
	cJSON_Delete(root);
	return items != NULL;
}

bool
shape_record(struct span in, struct arena *arena, struct wire_record *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *row = list(root, "row"), *at;

	*out = (struct wire_record){
		.table = text(root, "table", arena),
		.key = text(root, "key", arena),
		.etag = text(root, "etag", arena),
		.fields = room(row, sizeof *out->fields, arena),
	};
	cJSON_ArrayForEach(at, row)
		out->fields[out->n++] = (struct wire_field){
			.name = arena_strdup(arena, at->string ? at->string :
			    ""),
			.value = arena_strdup(arena, cJSON_IsString(at) ?
			    at->valuestring : ""),
		};
	cJSON_Delete(root);
	return out->etag[0] != '\0' && out->n > 0;
}

const char *
shape_proposal(struct span in, struct arena *arena)
{
	cJSON *root = wire_tree(in);
	const char *out = text(root, "proposal", arena);

	cJSON_Delete(root);
	return out;
}

static void
read_entities(const cJSON *items, struct arena *arena,
    struct wire_status *out)
{
	const cJSON *at;

	out->entities = room(items, sizeof *out->entities, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_entity *one = &out->entities[out->n_entities++];

		one->code = text(at, "code", arena);
		one->name = text(at, "name", arena);
		one->base = text(at, "base", arena);
	}
}

static void
read_sources(const cJSON *items, struct arena *arena,
    struct wire_status *out)
{
	const cJSON *at;

	out->sources = room(items, sizeof *out->sources, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_source *one = &out->sources[out->n_sources++];

		one->name = text(at, "name", arena);
		one->scheme = text(at, "scheme", arena);
		one->received = count(at, "received");
		one->holds = truth(at, "holds");
		read_counts(list(at, "states"), arena, &one->states);
	}
}

static void
read_backup(const cJSON *at, struct arena *arena, struct wire_backup *out)
{
	*out = (struct wire_backup){ text(at, "at", arena),
	    text(at, "last_event_at", arena), text(at, "place", arena),
	    text(at, "why", arena), text(at, "tried_at", arena),
	    text(at, "tried_why", arena), count(at, "restore_seconds"),
	    truth(at, "late") };
}

bool
shape_status(struct span in, struct arena *arena, struct wire_status *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *as_of = json_at(root, "as_of");
	const cJSON *unposted = json_at(root, "unposted");

	*out = (struct wire_status){ .seq = count(as_of, "change") };
	out->at = text(as_of, "at", arena);
	out->conservation = truth(root, "conservation");
	out->unposted = count(unposted, "count");
	read_amounts(list(unposted, "amounts"), arena, &out->amounts);
	read_counts(list(root, "states"), arena, &out->states);
	read_entities(list(root, "entities"), arena, out);
	read_sources(list(root, "sources"), arena, out);
	read_backup(json_at(root, "backup"), arena, &out->backup);
	cJSON_Delete(root);
	return as_of != NULL;
}

static void
read_numbers_source(const cJSON *at, struct arena *arena,
    struct wire_numbers_source *out)
{
	const cJSON *today = json_at(at, "latency.today");

	out->name = text(at, "name", arena);
	out->touchless = text(at, "touchless_ratio", arena);
	out->duplicate = text(at, "duplicate_ratio", arena);
	out->manual = text(at, "manual_ratio", arena);
	out->posted = count(at, "posted");
	out->p50 = text(today, "p50_seconds", arena);
	out->p95 = text(today, "p95_seconds", arena);
	out->p99 = text(today, "p99_seconds", arena);
	out->resolution = text(json_at(at, "resolution.30d"), "p50_seconds",
	    arena);
}

static void
read_exceptions(const cJSON *items, struct arena *arena,
    struct wire_numbers *out)
{
	const cJSON *at;

	out->exceptions = room(items, sizeof *out->exceptions, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_exceptions *one =
		    &out->exceptions[out->n_exceptions++];

		one->state = text(at, "state", arena);
		read_counts(list(at, "ages"), arena, &one->ages);
	}
}

static void
read_positions(const cJSON *items, struct arena *arena,
    struct wire_numbers *out)
{
	const cJSON *at;

	out->positions = room(items, sizeof *out->positions, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_position *one =
		    &out->positions[out->n_positions++];

		one->entity = text(at, "entity", arena);
		one->currency = text(at, "currency", arena);
		one->cash = text(at, "cash", arena);
		one->clearing = text(at, "clearing", arena);
		one->receivable = text(at, "receivable", arena);
		one->payable = text(at, "payable", arena);
	}
}

bool
shape_numbers(struct span in, struct arena *arena, struct wire_numbers *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *sources = list(root, "sources"), *at;
	const cJSON *consistency = json_at(root, "consistency");
	bool ok = json_at(root, "total") != NULL;

	*out = (struct wire_numbers){
		.seq = count(json_at(root, "as_of"), "seq"),
		.at = text(json_at(root, "as_of"), "at", arena),
	};
	read_numbers_source(json_at(root, "total"), arena, &out->total);
	out->sources = room(sources, sizeof *out->sources, arena);
	cJSON_ArrayForEach(at, sources)
		read_numbers_source(at, arena,
		    &out->sources[out->n_sources++]);
	out->minutes_saved = count(json_at(root, "time_saved"), "minutes");
	read_exceptions(list(root, "exceptions"), arena, out);
	read_positions(list(json_at(root, "cash"), "positions"), arena, out);
	out->consistency = text(consistency, "ratio", arena);
	out->checked = count(consistency, "events");
	out->differences = count(consistency, "differences");
	cJSON_Delete(root);
	return ok;
}

bool
shape_decision(struct span in, struct arena *arena,
    struct wire_decision *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = list(root, "results"), *at;
	bool ok = root != NULL;

	*out = (struct wire_decision){ .id = text(root, "decision", arena),
	    .undone = text(root, "undone", arena) };
	out->done = count(root, "done");
	out->failed = count(root, "failed");
	out->same = count(root, "same");
	out->differs = count(root, "differs");
	out->results = room(items, sizeof *out->results, arena);
	cJSON_ArrayForEach(at, items) {
		struct wire_result *one = &out->results[out->n_results++];

		one->event = text(at, "event", arena);
		one->state = text(at, "state", arena);
		one->verdict = text(at, "verdict", arena);
		one->made = text(at, "corrected_as", arena);
		one->became = text(at, "became", arena);
		wire_findings(list(at, "findings"), arena, &one->findings);
	}
	cJSON_Delete(root);
	return ok;
}

const char *
wire_printed(const cJSON *item, struct arena *arena)
{
	char *text = item != NULL && !cJSON_IsNull(item) ?
	    cJSON_PrintUnformatted(item) : NULL;
	const char *copy = arena_strdup(arena, text ? text : "");

	cJSON_free(text);
	return copy;
}

bool
shape_items(struct span in, struct arena *arena, struct span **out,
    size_t *n)
{
	cJSON *root = wire_tree(in);
	const cJSON *items = list(root, "items"), *at;

	*out = room(items, sizeof **out, arena);
	*n = 0;
	cJSON_ArrayForEach(at, items)
		(*out)[(*n)++] = span_of(wire_printed(at, arena));
	cJSON_Delete(root);
	return items != NULL;
}

/* As json_at(), and into lists by number. */
static const cJSON *
reach(const cJSON *at, const char *path)
{
	char step[80], *end;

	while (at != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");
		long place;

		if (n >= sizeof step)
			return NULL;
		memcpy(step, path, n);
		step[n] = '\0';
		place = strtol(step, &end, 10);
		at = cJSON_IsArray(at) && *end == '\0' && place >= 0 &&
		    place < INT_MAX ? cJSON_GetArrayItem(at, (int)place) :
		    cJSON_GetObjectItemCaseSensitive(at, step);
		path += n + (path[n] == '.');
	}
	return at;
}

static const char *
words(const cJSON *at, struct arena *arena)
{
	const cJSON *one;
	const char *out = "";

	if (cJSON_IsTrue(at))
		return "yes";
	if (cJSON_IsString(at))
		return arena_strdup(arena, at->valuestring);
	if (!cJSON_IsArray(at))
		return "";
	cJSON_ArrayForEach(one, at)
		if (cJSON_IsString(one))
			out = arena_printf(arena, "%s%s%s", out, out[0] ? " " :
			    "", one->valuestring);
	return out;
}

static void
read_rows(const cJSON *items, const char *const *paths, size_t n_paths,
    struct arena *arena, struct wire_rows *out)
{
	size_t n = (size_t)cJSON_GetArraySize(items);
	const char **old = out->texts;
	const cJSON *at;

	out->texts = arena_alloc(arena, ((out->n + n) * n_paths + 1) *
	    sizeof *out->texts);
	for (size_t i = 0; i < out->n * n_paths; i++)
		out->texts[i] = old[i];
	cJSON_ArrayForEach(at, items) {
		for (size_t k = 0; k < n_paths; k++)
			out->texts[out->n * n_paths + k] =
			    words(reach(at, paths[k]), arena);
		out->n++;
	}
}

bool
shape_rows(struct span in, const char *items, const char *const *paths,
    size_t n_paths, struct arena *arena, struct wire_rows *out)
{
	size_t outer = strcspn(items, "/");
	cJSON *root = wire_tree(in);
	const cJSON *all = reach(root, arena_strndup(arena, items, outer));
	const cJSON *at;
	bool ok = cJSON_IsArray(all);

	*out = (struct wire_rows){ .next = text(root, "next", arena) };
	if (items[outer] == '\0')
		read_rows(all, paths, n_paths, arena, out);
	else
		cJSON_ArrayForEach(at, all)
			read_rows(reach(at, items + outer + 1), paths,
			    n_paths, arena, out);
	cJSON_Delete(root);
	return ok;
}

const char *
shape_member(struct span in, const char *of, const char *name,
    struct arena *arena)
{
	cJSON *root = wire_tree(in);
	const cJSON *at = cJSON_GetObjectItemCaseSensitive(reach(root, of),
	    name);
	const char *out = cJSON_IsString(at) ? arena_strdup(arena,
	    at->valuestring) : NULL;

	cJSON_Delete(root);
	return out;
}

/* What is registered goes by rate, what is not by tax code. */
static const char *
rate_or_code(const cJSON *at, struct arena *arena)
{
	const char *rate = json_text(at, "rate");

	return rate != NULL ? arena_printf(arena, "%s%%", rate) :
	    text(at, "tax_code", arena);
}

static void
read_returns(const cJSON *all, struct arena *arena, struct wire_event *out)
{
	const cJSON *at;

	out->returns = room(all, sizeof *out->returns, arena);
	out->n_returns = 0;
	cJSON_ArrayForEach(at, all)
		out->returns[out->n_returns++] = (struct wire_return){
			text(at, "document", arena), text(at, "return", arena),
			text(at, "table", arena), text(at, "period", arena),
			rate_or_code(at, arena), text(at, "tax", arena),
			text(at, "currency", arena) };
}

bool
shape_trace(struct span in, struct arena *arena, struct wire_trace *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *events = list(root, "events"), *at;

	out->events = room(events, sizeof *out->events, arena);
	out->n = 0;
	out->of = text(root, "of", arena);
	out->cut = truth(root, "cut");
	cJSON_ArrayForEach(at, events) {
		struct wire_event *event = &out->events[out->n++];

		read_event(json_at(at, "event"), arena, event);
		read_returns(list(at, "returns"), arena, event);
	}
	cJSON_Delete(root);
	return events != NULL;
}

bool
shape_change(struct span line, struct arena *arena, struct wire_change *out)
{
	cJSON *root = wire_tree(line);
	bool ok = root != NULL;

	out->seq = count(root, "seq");
	out->topic = text(root, "topic", arena);
	out->key = text(root, "key", arena);
	out->value = span_of(wire_printed(cJSON_GetObjectItemCaseSensitive(root,
	    "value"), arena));
	cJSON_Delete(root);
	return ok && out->topic[0] != '\0';
}

void
shape_problem(struct span in, struct arena *arena, const char **code,
    const char **detail)
{
	cJSON *root = wire_tree(in);

	*code = text(root, "code", arena);
	*detail = text(root, "detail", arena);
	if ((*detail)[0] == '\0')
		*detail = text(root, "title", arena);
	cJSON_Delete(root);
}

static void
new_line(struct str *out, int depth)
{
	str_addc(out, '\n');
	for (int i = 0; i < depth; i++)
		str_adds(out, "  ");
}

/* One character outside a string. */
static void
lay_out(struct str *out, char c, char next, int *depth)
{
	switch (c) {
	case ' ': case '\t': case '\r': case '\n':
		return;
	case '{': case '[':
		str_addc(out, c);
		++*depth;
		if (next != '}' && next != ']')
			new_line(out, *depth);
		return;
	case '}': case ']':
		--*depth;
		if (out->n > 0 && out->p[out->n - 1] != '{' &&
		    out->p[out->n - 1] != '[')
			new_line(out, *depth);
		str_addc(out, c);
		return;
	case ',':
		str_addc(out, c);
		new_line(out, *depth);
		return;
	case ':':
		str_adds(out, ": ");
		return;
	default:
		str_addc(out, c);
	}
}

static char
next_solid(struct span in, size_t at)
{
	while (at < in.n && memchr(" \t\r\n", in.p[at], 4) != NULL)
		at++;
	return at < in.n ? in.p[at] : '\0';
}

/* Tokens stay byte for byte as the sender wrote them: 150.00 is not 150. */
const char *
shape_pretty(struct span in, struct arena *arena)
{
	cJSON *root = wire_tree(in);
	bool quoted = false;
	const char *copy;
	struct str out;
	int depth = 0;

	if (root == NULL)
		return arena_strndup(arena, in.p, in.n);
	cJSON_Delete(root);
	str_init(&out, ANSWER_MAX);
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] == '"')
			quoted = !quoted;
		if (quoted || in.p[i] == '"')
			str_addc(&out, in.p[i]);
		else
			lay_out(&out, in.p[i], next_solid(in, i + 1), &depth);
		if (quoted && in.p[i] == '\\' && i + 1 < in.n)
			str_addc(&out, in.p[++i]);
	}
	copy = arena_strdup(arena, out.p);
	str_free(&out);
	return copy;
}

static void
read_part(const cJSON *at, struct arena *arena, struct wire_part *out)
{
	out->code = text(at, "code", arena);
	out->sentence = text(at, "sentence", arena);
	out->hint = text(at, "hint", arena);
	out->events = count(at, "events");
	read_amounts(list(at, "amounts"), arena, &out->amounts);
}

bool
shape_plan(struct span in, struct arena *arena, struct wire_plan *out)
{
	cJSON *root = wire_tree(in);
	const cJSON *skipped = list(root, "skipped"), *at;

	*out = (struct wire_plan){ .id = text(root, "plan", arena),
	    .action = text(root, "action", arena),
	    .reason = text(root, "reason", arena),
	    .oldest = text(root, "oldest", arena),
	    .newest = text(root, "newest", arena),
	    .until = text(root, "until", arena),
	    .take = text(list(root, "with"), "take", arena),
	    .picked = count(root, "picked"), .skips = count(root, "skips") };
	read_part(root, arena, &out->acts);
	out->skipped = room(skipped, sizeof *out->skipped, arena);
	cJSON_ArrayForEach(at, skipped)
		read_part(at, arena, &out->skipped[out->n_skipped++]);
	cJSON_Delete(root);
	return out->id[0] != '\0';
}

bool
shape_run(struct span in, struct arena *arena, struct wire_run *out)
{
	cJSON *root = wire_tree(in);

	*out = (struct wire_run){ .id = text(root, "id", arena),
	    .action = text(root, "action", arena),
	    .actor = text(root, "actor", arena),
	    .reason = text(root, "reason", arena),
	    .state = text(root, "state", arena),
	    .total = count(root, "total"), .done = count(root, "done"),
	    .failed = count(root, "failed"),
	    .skipped = count(root, "skipped"), .left = count(root, "left") };
	cJSON_Delete(root);
	return out->id[0] == 'R';
}
