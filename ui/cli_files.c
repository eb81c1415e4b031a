/* bahi files: what came into the inbox, and what became of its records. */
#include "ui/cli_inside.h"

#include "core/i18n.h"
#include "net/http.h"

static const char *
totals(struct job *job, const struct wire_file *file)
{
	const char *out = "";

	for (size_t i = 0; i < file->n_amounts; i++) {
		const struct wire_total *t = &file->amounts[i];

		out = arena_printf(job->arena, "%s%s%s %s", out, i > 0 ?
		    ", " : "", cli_tame(job, t->currency),
		    text_money(job->arena, t->currency, t->total));
	}
	return out;
}

static void
print_files(struct job *job, const struct wire_files *files)
{
	static const char *const heads[] = { N_("File"), N_("State"),
		N_("Source"), N_("Name"), N_("Read"), N_("Posted"),
		N_("Waiting"), N_("Failed"), N_("Duplicate"), N_("Ignored"),
		N_("Control total"), N_("Why"), NULL };
	struct arena *arena = job->arena;
	struct table table;

	table_start(&table, "<<<<>>>>>><<", heads);
	for (size_t i = 0; i < files->n; i++) {
		const struct wire_file *f = &files->items[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, f->id), text_state(arena, f->state),
		    cli_tame(job, f->source), cli_tame(job, f->name),
		    text_count(arena, f->read), text_count(arena, f->posted),
		    text_count(arena, f->waiting),
		    text_count(arena, f->failed),
		    text_count(arena, f->duplicate),
		    text_count(arena, f->ignored), totals(job, f),
		    cli_tame(job, f->why) });
	}
	cli_table(job, &table);
}

static void
print_file(struct job *job, const struct wire_file *f)
{
	struct arena *arena = job->arena;

	printf(_("%s %s: %s of %s, %s, %lld of %lld bytes\n"),
	    cli_tame(job, f->id), text_state(arena, f->state),
	    cli_tame(job, f->name), cli_tame(job, f->source),
	    f->format[0] != '\0' ? cli_tame(job, f->format) : "-",
	    (long long)f->at_byte, (long long)f->size);
	printf(_("%lld of %lld records: %lld posted, %lld waiting, "
	    "%lld failed, %lld duplicate, %lld ignored\n"),
	    (long long)f->read, (long long)f->of, (long long)f->posted,
	    (long long)f->waiting, (long long)f->failed,
	    (long long)f->duplicate, (long long)f->ignored);
	for (size_t i = 0; i < f->n_amounts; i++) {
		const struct wire_total *t = &f->amounts[i];

		printf(_("%s: %s in %lld records, %s of it posted\n"),
		    cli_tame(job, t->currency),
		    text_money(arena, t->currency, t->total),
		    (long long)t->records,
		    text_money(arena, t->currency, t->posted));
	}
	if (f->trailer[0] != '\0')
		printf(_("Its own totals: %s\n"),
		    text_state(arena, f->trailer));
	if (f->why[0] != '\0')
		printf(_("Why: %s\n"), cli_tame(job, f->why));
	printf(_("From %s to %s\n"), text_time(arena, f->started),
	    f->ended[0] != '\0' ? text_time(arena, f->ended) : "-");
	if (f->place[0] != '\0')
		printf(_("In %s/%s\n"), cli_tame(job, f->source),
		    cli_tame(job, f->place));
}

static bool
run_one(struct job *job, struct err *e)
{
	struct wire_file file;
	struct str path;
	bool ok;

	if (job->json) {
		str_init(&path, 4096);
		str_adds(&path, "/v1/files/");
		http_encode(&path, span_of(job->argv[0]));
		ok = cli_print_json(job, path.p, e);
		str_free(&path);
		return ok;
	}
	if (!wire_file_get(job->wire, job->argv[0], job->arena, &file, e))
		return false;
	print_file(job, &file);
	return true;
}

bool
run_files(struct job *job, int *status, struct err *e)
{
	static const char *const names[] = { "source", "state", "after",
		"limit", NULL };
	struct wire_files files;
	const char *query;

	if (job->argc == 1 && strchr(job->argv[0], '=') == NULL)
		return run_one(job, e);
	if (!cli_query(job, 0, names, &query, e))
		return false;
	if (job->json)
		return cli_print_json(job, arena_printf(job->arena,
		    "/v1/files%s%s", query[0] ? "?" : "", query), e);
	if (!wire_files_get(job->wire, query, job->arena, &files, e))
		return false;
	print_files(job, &files);
	cli_more(job, "files", files.next);
	*status = files.n == 0;
	return true;
}
