/* bahi report: gathers what the page shows, of the daemon or the copy. */
#include "ui/cli_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/i18n.h"
#include "ui/cache.h"
#include "ui/gst.h"
#include "ui/report.h"
#include "ui/restricted.h"

#define PAGE_MAX ((size_t)32 << 20)
#define PROBLEMS 2000

struct asked {
	const char *file, *period, *entity, *gstin;	/* "": not said */
};

struct gathering {
	struct job *job;
	struct cache *cache;	/* NULL: of the daemon */
	struct report report;
};

static bool
read_asked(struct job *job, struct asked *out, struct err *e)
{
	*out = (struct asked){ "", "", "", "" };
	for (int i = 0; i < job->argc; i += 2) {
		const char *word = job->argv[i];
		const char **to = strcmp(word, "--html") == 0 ? &out->file :
		    strcmp(word, "--period") == 0 ? &out->period :
		    strcmp(word, "--entity") == 0 ? &out->entity :
		    strcmp(word, "--gstin") == 0 ? &out->gstin : NULL;

		if (to == NULL || i + 1 == job->argc)
			return err_set(e, ERR_USAGE, "%.60s is not understood here", word);
		*to = job->argv[i + 1];
	}
	return out->file[0] != '\0' || err_set(e, ERR_USAGE, "--html FILE");
}

static bool
open_cache(struct gathering *g, struct err *e)
{
	const struct options *options = g->job->options;
	struct http_place place;
	const char *path;

	return options_place(options, g->job->arena, &place, e) &&
	    options_cache(options, g->job->arena, &path, e) &&
	    cache_open(&g->cache, path, place.socket != NULL ? place.socket :
	    place.url, e);
}

/* The answer of the path; without a daemon what a verb kept of it, or else
 * the console. False without an error: nobody did. */
static bool
get(struct gathering *g, const char *path, const char *kind, const char *key,
    struct span *json, struct err *e)
{
	struct err refused = { 0 };

	if (wire_get(g->job->wire, path, g->job->arena, json, &refused))
		return true;
	if (refused.code != ERR_UNREACHABLE) {
		*e = refused;
		return false;
	}
	g->report.cached = true;
	return (g->cache != NULL || open_cache(g, e)) &&
	    cache_find(g->cache, g->job->arena, kind, key, json);
}

/* ---- what is on it ----------------------------------------------------- */

static bool
read_status(struct gathering *g, struct err *e)
{
	struct span json;

	if (!get(g, "/v1/status", "status", "", &json, e))
		return e->code != ERR_NONE ? false : err_set(e,
		    ERR_UNREACHABLE, "and nothing is kept");
	return shape_status(json, g->job->arena, &g->report.status) ||
	    err_set(e, ERR_JSON, "the answer to /v1/status");
}

/* Kept under what was asked for; "" is as the daemon chose. */
static bool
read_board(struct gathering *g, const struct asked *asked, struct err *e)
{
	struct arena *arena = g->job->arena;
	const char *key = asked->period[0] == '\0' ? "" : arena_printf(arena,
	    "%s/%s", asked->entity[0] != '\0' || g->report.status.n_entities
	    == 0 ? asked->entity : g->report.status.entities[0].code,
	    asked->period);
	struct span json;

	if (!get(g, wire_close_path(arena, asked->entity, asked->period),
	    "close", key, &json, e))
		return e->code != ERR_NONE ? false : err_set(e, ERR_UNREACHABLE,
		    "no close board of %.20s is in the copy",
		    asked->period[0] ? asked->period : "this period");
	return shape_close(json, arena, &g->report.board) ||
	    err_set(e, ERR_JSON, "the answer to /v1/close");
}

static bool
read_problems(struct gathering *g, struct err *e)
{
	struct arena *arena = g->job->arena;
	struct wire_signatures all;
	struct err refused = { 0 };
	struct span json;

	if (!wire_get(g->job->wire, "/v1/signatures", arena, &json, &refused)) {
		if (refused.code != ERR_UNREACHABLE) {
			*e = refused;
			return false;
		}
		g->report.cached = true;
		g->report.problems = arena_alloc(arena, PROBLEMS *
		    sizeof *g->report.problems);
		if (g->cache == NULL && !open_cache(g, e))
			return false;
		g->report.n_problems = cache_signatures(g->cache, arena,
		    0, NULL, false, g->report.problems, PROBLEMS);
		return true;
	}
	if (!shape_signatures(json, arena, &all))
		return err_set(e, ERR_JSON, "the answer to /v1/signatures");
	g->report.problems = all.items;
	g->report.n_problems = all.n;
	return true;
}

static bool
read_activity(struct gathering *g, struct err *e)
{
	struct arena *arena = g->job->arena;
	const char *period = g->report.board.period;
	struct span json;

	if (!get(g, arena_printf(arena, "/v1/activity?period=%s", period),
	    "view", arena_printf(arena, "activity/%s", period), &json, e))
		return e->code == ERR_NONE;
	g->report.has_activity = activity_read(json, arena,
	    &g->report.activity);
	return true;
}

/* ---- returns ----------------------------------------------------------- */

static bool
read_list(struct gathering *g, const char *word, const char *key,
    struct span *json, struct err *e)
{
	struct arena *arena = g->job->arena;

	return get(g, gst_path(arena, gst_list(arena, word), key), "gst",
	    gst_stored(arena, word, key), json, e);
}

static bool
read_return(struct gathering *g, const char *key, struct err *e)
{
	static const char *const totals[] = { "total.documents",
		"total.taxable", "total.igst", "total.cgst", "total.sgst",
		"total.cess" };
	struct arena *arena = g->job->arena;
	struct report_return *one =
	    &g->report.returns[g->report.n_returns];
	struct err none = { 0 };
	struct span json;

	if (!read_list(g, "summary", key, &json, e))
		return e->code == ERR_NONE;
	if (!shape_gst_summary(json, arena, &one->summary) || !shape_texts(
	    json, totals, 6, arena, one->total) || !list_read(list_find(
	    "gst_summary"), json, arena, &one->sections))
		return err_set(e, ERR_JSON, "the answer to /v1/gst/summary");
	g->report.n_returns++;
	/* A return that cannot be made yet has none. */
	if (read_list(g, "liability", key, &json, &none) &&
	    !list_read(list_find("gst_liability"), json, arena,
	    &one->liability))
		one->liability.n = 0;
	return true;
}

static bool
read_returns(struct gathering *g, const struct asked *asked, struct err *e)
{
	static const char *const paths[] = { "gstin", "entity" };
	struct arena *arena = g->job->arena;
	const char *month = gst_period(arena, g->report.board.period);
	struct wire_rows rows;
	struct span json;
	bool ok = true;

	if (!read_list(g, "registrations", "", &json, e))
		return e->code == ERR_NONE;
	if (!shape_rows(json, "items", paths, 2, arena, &rows))
		return err_set(e, ERR_JSON, "the GSTINs");
	g->report.returns = arena_alloc(arena, (rows.n + 1) *
	    sizeof *g->report.returns);
	for (size_t i = 0; ok && month != NULL && i < rows.n; i++) {
		const char *gstin = rows.texts[2 * i];

		if (asked->gstin[0] != '\0' ? strcmp(gstin, asked->gstin) ==
		    0 : strcmp(rows.texts[2 * i + 1],
		    g->report.board.entity) == 0)
			ok = read_return(g, arena_printf(arena, "%s %s",
			    gstin, month), e);
	}
	if (ok && asked->gstin[0] != '\0' && g->report.n_returns == 0)
		return err_set(e, ERR_USAGE, "no GSTIN %.20s", asked->gstin);
	return ok;
}

static bool
gather(struct gathering *g, const struct asked *asked, struct err *e)
{
	return read_status(g, e) && read_board(g, asked, e) &&
	    read_problems(g, e) && read_activity(g, e) &&
	    read_returns(g, asked, e);
}

bool
run_report(struct job *job, int *status, struct err *e)
{
	struct gathering g = { .job = job };
	struct asked asked;
	struct str page;
	bool ok;

	str_init(&page, PAGE_MAX);
	ok = read_asked(job, &asked, e) && gather(&g, &asked, e);
	g.report.cached |= cli_stale(job) != NULL;
	if (ok) {
		report_html(&g.report, job->arena, &page);
		ok = !page.over || err_set(e, ERR_SYSTEM, "the page is too "
		    "large");
	}
	if (ok && strcmp(asked.file, "-") == 0)
		fwrite(page.p, 1, page.n, stdout);
	else if (ok)
		ok = restricted_path(job->arena, asked.file, &asked.file,
		    e) && file_write(asked.file, str_span(&page), 0644,
		    e);
	if (g.report.cached)
		*status = EXIT_CACHE;
	cache_close(&g.cache);
	str_free(&page);
	return ok;
}
