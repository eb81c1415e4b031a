/*
 * Targets, what does not get there by cause, and commits: three lists. Below
 * a target stands what it said last and what its check found; below a cause,
 * what helps.
 */
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/i18n.h"
#include "ui/saying.h"
#include "ui/sheet.h"
#include "ui/target_words.h"
#include "ui/targeting.h"
#include "ui/text.h"

#define AGAIN 2000000		/* microseconds, while a check is under way */

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	unsigned char digest[SHA256_SIZE];

	if (row->key[0] == '\0' || strlen(row->key) >= sizeof out->source)
		return false;
	*out = (struct subject){ .kind = SUBJECT_ROW };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	/* A row is what is drawn of it: its name and state. */
	digest_sha256v((struct span[]){ span_of(row->key), span_of("\n"),
	    span_of(saying_raw(view, row, "state")), span_of(saying_raw(view,
	    row, "n")) }, 4, digest);
	for (int i = 0; i < 7; i++)
		out->version = out->version * 256 + digest[i];
	out->version++;
	return true;
}

/* ---- targets ------------------------------------------------------------ */

static void
load_targets(struct view *view)
{
	int64_t now = clock_mono(), due = view->asked_at + AGAIN;

	if (targeting_waits() && view->asked && now >= due)
		view->asked = false;
	list_load(view);
	if (view->list.n == 0 && !view->unread)
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    _("No target is set up: see bahid-target.conf(5)."),
		    NULL });
	if (targeting_waits() && view->again > view->asked_at + AGAIN)
		view->again = view->asked_at + AGAIN;
}

static bool
open_target(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_causes, row->key, arena_printf(view->arena,
	    _("%s: what is in the way"), text_tame(view->arena, row->key)));
	return true;
}

static void
target_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	struct span json;

	if (cache_find(view->cache, view->lower, "view", "targets", &json))
		target_tell(&sheet, json, row->key);
}

const struct pane pane_targets = {
	.name = "targets", .title = N_("targets"), .act = ACT_TARGETS,
	.list = "targets", .can = CAN_OPEN | CAN_FILTER | CAN_TARGET |
	    CAN_LOOK | CAN_COMMITS | CAN_SIDES,
	.load = load_targets, .open = open_target,
	.subject = subject, .below = target_below
};

/* ---- causes ------------------------------------------------------------- */

static void
load_causes(struct view *view)
{
	list_load(view);
	if (view->list.n == 0 && !view->unread)
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    _("Nothing is in the way."), NULL });
}

static bool
open_cause(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_commits, row->key, text_cut(view->arena,
	    saying_raw(view, row, "words"), 60));
	return true;
}

static void
cause_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);

	if (row->key[0] == '\0')
		return;
	if (saying_raw(view, row, "words")[0] != '\0')
		sheet_words(&sheet, TONE_STRONG, text_tame(view->lower,
		    saying_raw(view, row, "words")));
	refusal_tell(&sheet, saying_raw(view, row, "refusal"),
	    saying_raw(view, row, "target"),
	    text_is_zero(saying_raw(view, row, "failed")) &&
	    text_is_zero(saying_raw(view, row, "dead")));
}

const struct pane pane_causes = {
	.name = "causes", .title = N_("commits"), .act = ACT_COMMITS,
	.list = "causes", .can = CAN_OPEN | CAN_FILTER | CAN_COMMIT |
	    CAN_COMMITS, .load = load_causes, .open = open_cause,
	.subject = subject, .below = cause_below
};

/* ---- commits ------------------------------------------------------------ */

static bool
open_commit(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' ||
	    strlen(row->key) >= VIEW_KEY - strlen("commit/"))
		return false;
	place_set(out, &pane_commit, row->key, row->key);
	return true;
}

/* As of when it is shown: what changed since is not for who saw it so. */
static bool
commit_subject(struct view *view, const struct row *row,
    struct subject *out)
{
	bool is = subject(view, row, out);

	if (is)
		snprintf(out->seen, sizeof out->seen, "%s",
		    saying_raw(view, row, "at"));
	return is;
}

static void
load_commits(struct view *view)
{
	list_load(view);
	if (view->list.n == 0 && view->paged == NULL && !view->unread)
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    _("No commit is here."), NULL });
}

const struct pane pane_commits = {
	.name = "commits", .title = N_("commits"), .list = "commits",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_COMMIT | CAN_COMMITS,
	.load = load_commits, .open = open_commit, .subject = commit_subject,
	.below = commit_below, .about = commit_about, .lower = -1
};
