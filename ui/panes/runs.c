/* A plan: what would be done, and what is left out and why. Runs and their
 * receipts are lists. */
#include "core/i18n.h"
#include "ui/panes.h"
#include "ui/text.h"

static const struct column columns[] = {
	{ N_("Events"), 8, false, true, 0 },
	{ N_("Amounts"), 24, false, true, 1 },
	{ N_("What happens"), 40, true, false, 0 },
};

static void
add_part(struct view *view, const struct wire_part *part, enum tone tone,
    const char *what)
{
	view_add(view, tone, part->code, (const char *const []){
	    text_count(view->arena, part->events),
	    text_amounts(view->arena, &part->amounts), what, NULL });
}

static void
add_line(struct view *view, const char *text)
{
	view_add(view, TONE_PLAIN, "", (const char *const []){ "", "", text,
	    NULL });
}

static void
load(struct view *view)
{
	struct wire_plan plan;
	const char *what;
	struct span json;

	if (!cache_find(view->cache, view->arena, "plan", view->place.key,
	    &json) || !shape_plan(json, view->arena, &plan)) {
		add_line(view, _("It is being planned."));
		return;
	}
	what = arena_printf(view->arena, "%s%s%s",
	    text_cut(view->arena, plan.action, 60),
	    plan.take[0] != '\0' ? " " : "",
	    text_cut(view->arena, plan.take, 60));
	if (plan.reason[0] != '\0')
		what = arena_printf(view->arena, _("%s, because: %s"), what,
		    text_cut(view->arena, plan.reason, 200));
	add_part(view, &plan.acts, TONE_STRONG, what);
	if (plan.acts.events > 0)
		add_line(view, arena_printf(view->arena,
		    _("oldest %s, newest %s"),
		    text_time(view->arena, plan.oldest),
		    text_time(view->arena, plan.newest)));
	for (size_t i = 0; i < plan.n_skipped; i++)
		add_part(view, &plan.skipped[i], TONE_BAD,
		    arena_printf(view->arena, _("left out: %s"),
		    text_cut(view->arena, plan.skipped[i].sentence, 200)));
}

const struct pane pane_plan = {
	.name = "plan", .title = N_("plan"), .columns = columns,
	.n_columns = 3, .can = CAN_RUN, .load = load
};
