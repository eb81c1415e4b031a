/*
 * Conflicts without a screen: the list, one field by field, and the decision.
 * It carries the versions that were read just before, so that it is refused
 * when the document moved on meanwhile.
 */
#include <string.h>

#include "core/file.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "ui/diff.h"
#include "ui/review.h"
#include "ui/restricted.h"

#define DOCUMENT_MAX ((size_t)4 << 20)

/* ---- show ----------------------------------------------------------- */

static const char *
shown(struct job *job, const struct merge *m, const struct merge_field *f,
    const char *text)
{
	return text == NULL ? "" : f->money && m->incoming->currency ?
	    text_money(job->arena, m->incoming->currency, text) :
	    cli_tame(job, text);
}

static void
print_fields(struct job *job, const struct merge *m)
{
	static const char *const heads[] = {
		N_("Field"), N_("Base"), N_("Current"), N_("Incoming"),
		N_("Overlap"), NULL
	};
	struct table table;

	table_start(&table, "<<<<<", heads);
	for (size_t i = 0; i < m->n; i++) {
		const struct merge_field *f = &m->fields[i];
		const char *current = shown(job, m, f, f->current);
		const char *base = m->base == NULL ? current :
		    shown(job, m, f, f->base);

		table_add(&table, (const char *const []){
		    cli_tame(job, f->path), m->base == NULL ? "" : base,
		    diff_text(job->arena, base, current),
		    diff_text(job->arena, base, shown(job, m, f,
		    f->incoming)), f->overlap ? _("yes") : "" });
	}
	cli_table(job, &table);
}

static void
print_findings(struct job *job, const struct wire_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		printf("%s  %s\n", cli_tame(job, findings->items[i].code),
		    cli_tame(job, findings->items[i].sentence));
}

static void
print_part(struct job *job, const struct wire_conflict_part *part,
    const struct merge *m)
{
	printf("%s/%s/%s\n", cli_tame(job, part->entity),
	    cli_tame(job, part->kind), cli_tame(job, part->number));
	printf(_("in the books: version %s of %s, %s\n"),
	    cli_tame(job, part->current_version),
	    cli_tame(job, part->current_by),
	    text_time(job->arena, part->current_at));
	printf(_("incoming: of %s, made from version %s\n"),
	    cli_tame(job, part->incoming_by), part->base_version[0] != '\0' ?
	    cli_tame(job, part->base_version) : _("unknown"));
	print_fields(job, m);
	if (m->summed)
		puts(_("Total or tax is added up again from the lines of "
		    "both."));
}

static bool
get(struct job *job, const char *id, struct review **out, struct err *e)
{
	const char *path = wire_path(job->arena, "/v1/conflicts/", id, "");
	struct span body;

	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	*out = review_new(body);
	return *out != NULL || err_set(e, ERR_JSON, "the answer to %.100s",
	    path);
}

static bool
show(struct job *job, int *status, struct err *e)
{
	struct review *review;

	if (job->argc != 2)
		return err_set(e, ERR_USAGE, "conflicts show E12");
	if (job->json)
		return cli_print_json(job, wire_path(job->arena,
		    "/v1/conflicts/", job->argv[1], ""), e);
	if (!get(job, job->argv[1], &review, e))
		return false;
	for (size_t i = 0; i < review->conflict.n; i++)
		print_part(job, &review->conflict.parts[i],
		    &review->merges[i]);
	print_findings(job, &review->conflict.findings);
	puts(review_clean(review) ?
	    _("The changes do not overlap: --take merge takes both.") :
	    _("The changes overlap."));
	*status = !review_clean(review);
	review_free(&review);
	return true;
}

/* ---- resolve -------------------------------------------------------- */

struct request {
	const char *event, *take, *document, *reason;
};

static bool
read_request(struct job *job, struct request *out, struct err *e)
{
	const struct {
		const char *name;
		const char **to;
	} words[] = {
		{ "--take", &out->take }, { "--document", &out->document },
		{ "--reason", &out->reason },
	};

	*out = (struct request){ .event = "" };
	for (int i = 1; i < job->argc; i++) {
		const char **to = &out->event;

		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (strcmp(words[k].name, job->argv[i]) == 0)
				to = words[k].to;
		if (to != &out->event && ++i == job->argc)
			return err_set(e, ERR_USAGE, "%s needs a value",
			    job->argv[i - 1]);
		*to = job->argv[i];
	}
	if (out->event[0] != 'E' || (out->take == NULL) ==
	    (out->document == NULL))
		return err_set(e, ERR_USAGE,
		    "conflicts resolve E12 --take SIDE or --document FILE");
	return job->dry || cli_reason(job, &out->reason, e);
}

static bool
choose_side(struct review *review, const char *take, struct err *e)
{
	static const struct {
		const char *name;
		enum review_whole whole;
	} sides[] = {
		{ "current", WHOLE_CURRENT }, { "incoming", WHOLE_INCOMING },
		{ "merge", WHOLE_MERGE },
	};

	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
		if (strcmp(sides[i].name, take) != 0)
			continue;
		review_take_all(review, sides[i].whole);
		return true;
	}
	return err_set(e, ERR_USAGE, "--take %.40s", take);
}

/* The document as `show --json` has it, changed by hand. */
static bool
read_document(struct job *job, const char *path,
    const struct review *review, const char **body, const char **with,
    struct err *e)
{
	const struct wire_conflict_part *part = &review->conflict.parts[0];
	struct document d;
	struct span file;
	struct str text;

	if (!restricted_read(path, DOCUMENT_MAX, job->arena, &file, e))
		return false;
	if (!document_decode(file, job->arena, &d))
		return err_set(e, ERR_REQUEST, "%.200s is no document", path);
	if (review->conflict.n != 1)
		return err_set(e, ERR_REQUEST, "it has %zu documents; take a "
		    "side, or use the console", review->conflict.n);
	str_init(&text, DOCUMENT_MAX * 2);
	document_encode(&d, &text);
	*body = arena_printf(job->arena, "{\"documents\":[{\"part\":%lld,"
	    "\"base\":\"%s\",\"document\":%s}]}", (long long)part->part,
	    review_version(part), text.p);
	str_free(&text);
	*with = *body;
	return true;
}

static void
print_effects(struct job *job, const struct wire_effect *items, size_t n,
    const char *head)
{
	const char *const heads[] = { head, N_("Name"), N_("Before"),
		N_("After"), N_("Change"), NULL };
	struct table table;

	if (n == 0)
		return;
	table_start(&table, "<<>>>", heads);
	for (size_t i = 0; i < n; i++)
		table_add(&table, (const char *const []){
		    cli_tame(job, items[i].account),
		    cli_tame(job, items[i].name),
		    text_money(job->arena, items[i].currency,
			items[i].before),
		    text_money(job->arena, items[i].currency,
			items[i].after),
		    text_money(job->arena, items[i].currency,
			items[i].change) });
	cli_table(job, &table);
}

static void
print_heads(struct job *job, const struct wire_preview *seen)
{
	const char *const heads[] = { N_("GST"), N_("Rate"), N_("Charged"),
		N_("By lines"), N_("Difference"), N_("Cause"), NULL };
	struct table table;

	if (seen->n_heads == 0)
		return;
	table_start(&table, "<>>>><", heads);
	for (size_t i = 0; i < seen->n_heads; i++) {
		const struct wire_head *one = &seen->heads[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, one->head), cli_tame(job, one->rate),
		    text_money(job->arena, "INR", one->charged),
		    text_money(job->arena, "INR", one->by_lines),
		    text_money(job->arena, "INR", one->difference),
		    cli_tame(job, one->cause) });
	}
	cli_table(job, &table);
}

static struct http_call
asking(struct job *job, const struct review *review, const char *body)
{
	return (struct http_call){ .method = "POST", .path = wire_path(
	    job->arena, "/v1/conflicts/", review->conflict.event,
	    "/preview"), .body = span_of(body) };
}

static bool
judge(struct job *job, const struct http_call *call, struct span *answer,
    struct wire_preview *out, struct err *e)
{
	return wire_ask(job->wire, call, job->arena, answer, e) &&
	    (shape_preview(*answer, job->arena, out) || err_set(e, ERR_JSON,
	    "the answer to %.100s", call->path));
}

/* What would not be valid is not sent. */
static bool
validate(struct job *job, const struct review *review, const char *body,
    struct err *e)
{
	struct http_call call = asking(job, review, body);
	struct wire_preview seen;
	struct span answer;

	if (!judge(job, &call, &answer, &seen, e))
		return false;
	for (size_t i = 0; i < seen.findings.n; i++)
		if (strcmp(seen.findings.items[i].level, "warn") != 0)
			return err_set(e, ERR_REFUSED, "not valid: %.300s",
			    cli_tame(job, seen.findings.items[i].sentence));
	return true;
}

bool
cli_preview(struct job *job, const struct http_call *call, int *status,
    struct err *e)
{
	struct wire_preview seen;
	struct span answer;

	if (!judge(job, call, &answer, &seen, e))
		return false;
	for (size_t i = 0; i < seen.findings.n; i++)
		*status |= strcmp(seen.findings.items[i].level, "warn") != 0;
	if (job->json) {
		cli_put_json(job, answer);
		return true;
	}
	print_effects(job, seen.effects, seen.n_effects, N_("Account"));
	print_effects(job, seen.taxes, seen.n_taxes, N_("Tax code"));
	print_heads(job, &seen);
	print_findings(job, &seen.findings);
	if (*status == 0)
		puts(_("Valid; nothing was written."));
	return true;
}

static bool
preview(struct job *job, const struct review *review, const char *body,
    int *status, struct err *e)
{
	struct http_call call = asking(job, review, body);

	return cli_preview(job, &call, status, e);
}

static bool
perform(struct job *job, const struct request *request,
    struct review *review, int *status, struct err *e)
{
	struct wire_decide what = { .action = "resolve",
	    .reason = request->reason, .n_events = 1 };
	struct wire_pick pick = { review->conflict.event,
	    review->conflict.version };
	const char *body = NULL;

	what.events = &pick;
	if (request->document != NULL) {
		if (!read_document(job, request->document, review, &body,
		    &what.with, e))
			return false;
	} else {
		if (!choose_side(review, request->take, e))
			return false;
		body = review_body(review, job->arena);
		what.with = review_with(review, job->arena);
	}
	if (job->dry)
		return preview(job, review, body, status, e);
	return validate(job, review, body, e) &&
	    cli_decide(job, &what, status, e);
}

static bool
resolve(struct job *job, int *status, struct err *e)
{
	struct request request;
	struct review *review;
	bool ok;

	if (!read_request(job, &request, e) ||
	    !get(job, request.event, &review, e))
		return false;
	ok = perform(job, &request, review, status, e);
	review_free(&review);
	return ok;
}

bool
run_conflicts(struct job *job, int *status, struct err *e)
{
	if (job->argc > 0 && strcmp(job->argv[0], "show") == 0)
		return show(job, status, e);
	if (job->argc > 0 && strcmp(job->argv[0], "resolve") == 0)
		return resolve(job, status, e);
	return run_list(job, status, e);
}
