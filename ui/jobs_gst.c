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

#define INWARD_MAX ((size_t)64 << 20)

/* Also what could be had before something could not. */
static bool
ask_gst(struct jobs *jobs, struct job *job, struct err *e)
{
	return gst_ask(jobs->wire, jobs->cache, jobs->shared, job->arena,
	    job->key, e);
}

/* Which decision it was is kept, to be taken back. */
static bool
tell_said(struct jobs *jobs, struct job *job, struct span answer,
    struct err *e)
{
	struct wire_gst_said said;

	if (!shape_gst_said(answer, job->arena, &said))
		return err_set(e, ERR_JSON, "the answer to recon");
	shared_say(jobs->shared, said.skipped > 0, arena_printf(job->arena,
	    said.skipped > 0 ? _("%s %s: %lld done, %lld left out: %s") :
	    _("%s %s: %lld done"), said.decision, job->gst.action,
	    (long long)said.done, (long long)said.skipped, said.why));
	if (said.decision[0] == '\0')
		return true;
	if (!cache_begin(jobs->cache, e))
		return false;
	if (cache_keep(jobs->cache, "gst", "said", span_of(said.decision), e)
	    && cache_commit(jobs->cache, e))
		return true;
	cache_rollback(jobs->cache);
	return false;
}

/* Also when it was refused: what has moved is to be seen. */
static bool
say_gst(struct jobs *jobs, struct job *job, struct err *e)
{
	struct err again = { 0 };
	struct span answer;
	bool ok;

	atomic_store(&jobs->deciding, true);
	ok = wire_gst_post(jobs->wire, &job->gst, job->decide.key, job->arena,
	    &answer, e);
	atomic_store(&jobs->deciding, false);
	if (ok && job->gst.action != NULL)
		ok = tell_said(jobs, job, answer, e);
	else if (ok)
		shared_say(jobs->shared, false, _("Done."));
	if (!ask_gst(jobs, job, &again) && ok)
		return err_set(e, again.code, "%s", again.why);
	return ok;
}

static bool
take_inward(struct jobs *jobs, struct job *job, struct err *e)
{
	const char *path = save_folder(job->arena, job->folder);
	const char *slash = strrchr(path, '/');
	struct err again = { 0 };
	struct span file, answer;
	bool ok;

	atomic_store(&jobs->deciding, true);
	ok = file_read(path, INWARD_MAX, job->arena, &file, e) &&
	    wire_gst_inward(jobs->wire, file, slash != NULL ? slash + 1 :
	    path, job->arena, &answer, e);
	atomic_store(&jobs->deciding, false);
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
	case JOB_GST_SAY: return say_gst(jobs, job, e);
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

void
jobs_gst(struct jobs *jobs, const struct wire_gst_word *from,
    const char *again)
{
	struct job *job = job_new(JOB_GST_SAY);
	struct wire_gst_word *to = &job->gst;
	const char **items = arena_alloc(job->arena, (from->n_items + 1) *
	    sizeof *items);

	job->key = arena_strdup(job->arena, again);
	job->decide.key = job_key(job);
	for (size_t i = 0; i < from->n_items; i++)
		items[i] = arena_strdup(job->arena, from->items[i]);
	to->what = arena_strdup(job->arena, from->what);
	to->gstin = arena_strdup(job->arena, from->gstin);
	to->period = arena_strdup(job->arena, from->period);
	to->form = arena_strdup(job->arena, from->form);
	to->filed = arena_strdup(job->arena, from->filed);
	to->arn = arena_strdup(job->arena, from->arn);
	to->cell = arena_strdup(job->arena, from->cell);
	for (int i = 0; i < WIRE_GST_HEADS; i++)
		to->heads[i] = arena_strdup(job->arena, from->heads[i]);
	to->remove = from->remove;
	to->action = arena_strdup(job->arena, from->action);
	to->with = arena_strdup(job->arena, from->with);
	to->decision = arena_strdup(job->arena, from->decision);
	to->items = items;
	to->n_items = from->n_items;
	to->reason = arena_strdup(job->arena, from->reason);
	job_add(jobs, job);
}
