/*
 * What the jobs thread does of GST: lists, what is said of returns, files that
 * suppliers filed, exports.
 */
#include "ui/jobs_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/i18n.h"
#include "ui/exporting.h"
#include "ui/gst_ask.h"
#include "ui/recon.h"
#include "ui/save.h"
#include "ui/restricted.h"

#define INWARD_MAX ((size_t)64 << 20)

/* Also what could be had before something could not. */
static bool
ask_gst(struct jobs *jobs, struct job *job, struct err *e)
{
	return gst_ask(jobs->wire, jobs->cache, jobs->shared, job->arena,
	    job->key, e);
}

static bool
take_inward(struct jobs *jobs, struct job *job, struct err *e)
{
	const char *path = save_folder(job->arena, job->folder);
	const char *slash = strrchr(path, '/');
	struct err again = { 0 };
	struct span file, answer;
	bool ok;

	ok = restricted_read(path, INWARD_MAX, job->arena, &file, e) &&
	    wire_gst_inward(jobs->wire, file, slash != NULL ? slash + 1 :
	    path, job->arena, &answer, e);
	if (ok)
		shared_say(jobs->shared, false, recon_report(answer,
		    job->arena));
	if (!ask_gst(jobs, job, &again) && ok)
		return err_set(e, again.code, "%s", again.why);
	return ok;
}

static bool
export(struct jobs *jobs, struct job *job, struct err *e)
{
	const struct exporting x = { jobs->wire, jobs->cache, job->arena,
	    job->key };
	bool ok = job->kind == JOB_EXPORT ? exporting_start(&x, job->form,
	    job->format, job->folder, e) : job->kind == JOB_EXPORT_STOP ?
	    exporting_stop(&x, e) : exporting_look(&x, e);

	shared_changed(jobs->shared);
	return ok;
}

bool
job_gst(struct jobs *jobs, struct job *job, struct err *e)
{
	switch ((int)job->kind) {
	case JOB_INWARD: return take_inward(jobs, job, e);
	case JOB_EXPORT: case JOB_EXPORT_LOOK: case JOB_EXPORT_STOP:
		return export(jobs, job, e);
	default: return ask_gst(jobs, job, e);
	}
}

/* ---- the loop's side --------------------------------------------------- */

void
jobs_inward(struct jobs *jobs, const char *path, const char *again)
{
	struct job *job = job_new(JOB_INWARD);

	job->key = arena_strdup(job->arena, again);
	job->folder = arena_strdup(job->arena, path);
	job_add(jobs, job);
}

void
jobs_export(struct jobs *jobs, const char *key, const char *form,
    const char *format, const char *folder)
{
	struct job *job = job_new(JOB_EXPORT);

	job->key = arena_strdup(job->arena, key);
	job->form = arena_strdup(job->arena, form);
	job->format = arena_strdup(job->arena, format);
	job->folder = arena_strdup(job->arena, folder);
	job_add(jobs, job);
}
