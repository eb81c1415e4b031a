/*
 * bahi gst gstr1, gstr3b, iff, ims, purchases, followup --out DIR: an export
 * is made by the daemon, then fetched and proved here.
 */
#include "ui/cli_gst_inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/i18n.h"
#include "ui/lists.h"
#include "ui/save.h"

static bool
known(const char *form, const char **format, struct err *e)
{
	const char *all = NULL;

	for (size_t i = 0; i < n_gst_forms; i++) {
		if (strcmp(gst_forms[i].form, form) != 0)
			continue;
		if (all == NULL)
			all = gst_forms[i].format;
		if (*format != NULL &&
		    strcmp(gst_forms[i].format, *format) == 0)
			return true;
	}
	if (*format == NULL && all != NULL) {
		*format = all;
		return true;
	}
	return err_set(e, ERR_USAGE, "%.40s is not written as %.40s", form,
	    *format);
}

static void
progress(const struct wire_gst_export *x)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, x->total > 0 ? _("\r%s: %lld of %lld rows") :
	    _("\r%s: %lld rows"), x->id, (long long)x->done,
	    (long long)x->total);
}

static bool
follow(struct job *job, struct span *json, struct wire_gst_export *x,
    struct err *e)
{
	const struct timespec blink = { 0, 100000000 };

	cli_interrupts(true);
	while (!x->ended) {
		progress(x);
		nanosleep(&blink, NULL);
		if (cli_interrupted() && !job->stopped) {
			job->stopped = true;
			if (!wire_gst_export_cancel(job->wire, x->id,
			    job->arena, e))
				return false;
		}
		if (!wire_gst_export_get(job->wire, x->id, job->arena, json,
		    e))
			return false;
		if (!shape_gst_export(*json, job->arena, x))
			return err_set(e, ERR_JSON, "the answer to exports");
	}
	progress(x);
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	if (job->stopped)
		cli_say(job, _("%s is stopped.\n"), cli_tame(job, x->id));
	return strcmp(x->state, "done") == 0 || err_set(e, ERR_REFUSED,
	    "%.20s: %.20s %.250s", x->id, x->state, x->why);
}

static void
print_receipt(struct job *job, struct span json,
    const struct wire_gst_export *x, const struct save *save)
{
	const struct list *totals = list_find("gst_totals");
	struct list_rows rows;

	if (list_read(totals, json, job->arena, &rows) && rows.n > 0)
		cli_print_list(job, totals, &rows);
	for (size_t i = 0; i < x->n_files; i++)
		printf(_("%s/%s: %lld rows, %lld bytes\n"), save->folder,
		    cli_tame(job, x->files[i].name),
		    (long long)x->files[i].rows,
		    (long long)x->files[i].bytes);
	for (size_t i = 0; i < x->n_warnings; i++)
		printf(_("WARNING: %s (%lld)\n"), cli_tame(job,
		    x->warnings[i].sentence),
		    (long long)x->warnings[i].count);
	printf(_("Files written: %zu; there already: %zu.\n"),
	    save->written, save->same);
}

bool
gst_write(struct job *job, struct gst_asked *asked, const char *form,
    struct err *e)
{
	struct save save = { .folder = asked->out, .force = asked->force };
	struct wire_gst_export x;
	struct span json;

	if (!known(form, &asked->format, e) || !gst_settle(job, asked, e) ||
	    !wire_gst_export_start(job->wire, asked->gstin, asked->period,
	    form, asked->format, job->arena, &json, e))
		return false;
	if (!shape_gst_export(json, job->arena, &x))
		return err_set(e, ERR_JSON, "the answer to exports");
	if (isatty(STDERR_FILENO))
		fprintf(stderr, _("%s runs; bahi gst stop %s stops it.\n"),
		    cli_tame(job, x.id), cli_tame(job, x.id));
	if (!follow(job, &json, &x, e) || !save_export(job->wire, &x, &save,
	    job->arena, e))
		return false;
	if (job->json)
		cli_put_json(job, json);
	else
		print_receipt(job, json, &x, &save);
	return true;
}

/* What is written already stays. */
bool
gst_stop(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	(void)status;
	if (asked->n != 1)
		return err_set(e, ERR_USAGE, "stop X3");
	if (!wire_gst_export_cancel(job->wire, asked->rest[0], job->arena, e))
		return false;
	if (job->json)
		return cli_print_json(job, wire_path(job->arena,
		    "/v1/gst/exports/", asked->rest[0], ""), e);
	printf(_("%s is stopped.\n"), cli_tame(job, asked->rest[0]));
	return true;
}
