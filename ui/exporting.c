/* Runs on the jobs thread, with its connections. */
#include "ui/exporting.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/save.h"

static const char *
name(const struct exporting *x, const char *what)
{
	return arena_printf(x->arena, "%s %s", what, x->key);
}

static bool
keep(const struct exporting *x, const char *const what[],
    const struct span *values, size_t n, struct err *e)
{
	bool ok = cache_begin(x->cache, e);

	for (size_t i = 0; ok && i < n; i++)
		ok = cache_keep(x->cache, "gst", name(x, what[i]),
		    values[i], e);
	if (ok && cache_commit(x->cache, e))
		return true;
	cache_rollback(x->cache);
	return false;
}

bool
exporting_start(const struct exporting *x, const char *form,
    const char *format, const char *folder, struct err *e)
{
	const struct span nothing = { 0 };
	char *space = strchr(x->key, ' ');
	const char *gstin = arena_strndup(x->arena, x->key, space == NULL ?
	    0 : (size_t)(space - x->key));
	struct span json;

	return wire_gst_export_start(x->wire, gstin, space == NULL ? "" :
	    space + 1, form, format, x->arena, &json, e) &&
	    keep(x, (const char *const []){ "export", "folder", "saved" },
	    (struct span []){ json, span_of(folder), nothing }, 3, e);
}

/* What cannot be written is said in the pane, where another folder can be
 * named. */
static bool
fetch_files(const struct exporting *x, const struct wire_gst_export *export,
    struct err *e)
{
	struct save save = { .force = false };
	struct err why = { 0 };
	const char *text;
	struct span folder;

	if (!cache_find(x->cache, x->arena, "gst", name(x, "folder"),
	    &folder))
		return true;
	save.folder = save_folder(x->arena, arena_strndup(x->arena, folder.p,
	    folder.n));
	if (save_export(x->wire, export, &save, x->arena, &why))
		text = arena_printf(x->arena, _("Written to %s: %zu; there "
		    "already: %zu."), save.folder, save.written,
		    save.same);
	else
		text = arena_printf(x->arena, _("NOT WRITTEN: %s (%s)"),
		    _(err_info(why.code)->what), why.why);
	return keep(x, (const char *const []){ "saved" },
	    (struct span []){ span_of(text) }, 1, e);
}

static bool
current(const struct exporting *x, struct wire_gst_export *out)
{
	struct span json;

	return cache_find(x->cache, x->arena, "gst", name(x, "export"),
	    &json) && shape_gst_export(json, x->arena, out);
}

bool
exporting_look(const struct exporting *x, struct err *e)
{
	const struct span nothing = { 0 };
	struct wire_gst_export export;
	struct span json, saved;

	if (!current(x, &export))
		return true;
	if (strcmp(export.state, "done") == 0)
		return cache_find(x->cache, x->arena, "gst", name(x,
		    "saved"), &saved) || fetch_files(x, &export, e);
	if (wire_gst_export_get(x->wire, export.id, x->arena, &json, e))
		return keep(x, (const char *const []){ "export" }, &json, 1,
		    e);
	/* One that is gone is not asked for again. */
	if (e->code == ERR_NOT_FOUND && !keep(x, (const char *const []){
	    "export" }, &nothing, 1, e))
		return false;
	return false;
}

bool
exporting_stop(const struct exporting *x, struct err *e)
{
	struct wire_gst_export export;

	return !current(x, &export) || (wire_gst_export_cancel(x->wire,
	    export.id, x->arena, e) && exporting_look(x, e));
}
