/* The table of acts, and those that are no more than a step of settling. */
#include "flow/act.h"

#include <string.h>

#include "flow/act_approve.h"
#include "flow/decide.h"

static bool
may_any(enum event_state state)
{
	(void)state;
	return true;
}

static bool
may_dismissed(enum event_state state)
{
	return state == EVENT_DISMISSED;
}

static bool
may_posted(enum event_state state)
{
	return state == EVENT_POSTED;
}

static bool
may_held(enum event_state state)
{
	return state == EVENT_HELD;
}

static bool
retry(struct saying *s, struct work *work, struct err *e)
{
	return settle_again(s->settler, work, s->actor, e);
}

static bool
dismiss(struct saying *s, struct work *work, struct err *e)
{
	return settle_move(s->settler, work, EVENT_DISMISSED, s->actor,
	    s->reason, e);
}

/* Posted ones are only compared: a replay never changes what is posted. */
static bool
replay(struct saying *s, struct work *work, struct err *e)
{
	enum event_state state = work->event.state;
	bool same;

	if (event_state_open(state) || state == EVENT_IGNORED)
		return settle_again(s->settler, work, s->actor, e);
	if (state != EVENT_POSTED)
		return true;
	if (!settle_compare(s->settler, work, &same, e))
		return false;
	s->verdict = same ? "same" : "differs";
	return true;
}

const struct act acts[] = {
	{ "retry", "-cpka--", false, true, false, event_state_open, NULL,
	    retry },
	{ "fix", "-cpka--", false, true, false, event_state_open, NULL,
	    retry },
	{ "dismiss", "-cpka--", true, true, false, event_state_open, NULL,
	    dismiss },
	{ "reopen", "-cpka--", true, false, false, may_dismissed,
	    judge_reopen, retry },
	{ "approve", "-cpka--", false, true, false, may_held, approve_judge,
	    approve_run },
	{ "replay", "-cpka--", false, true, false, may_any, NULL, replay },
	{ "pause", "---ka--", true, false, true, event_state_open,
	    NULL, retry },
	{ "resume", "---ka--", false, false, true, event_state_open,
	    NULL, retry },
	{ "resolve", "-cpka--", true, false, false, event_state_open,
	    judge_resolve, act_resolve },
	{ "carry", "-cpka--", true, true, false, event_state_open, NULL,
	    act_carry },
	{ "reverse", "-cpka--", true, false, false, may_posted, NULL,
	    act_reverse },
	{ "reject", "-cpka--", true, true, false, may_held, reject_judge,
	    reject_run },
	{ "delegate", "--pka--", true, false, false, NULL, delegate_judge,
	    delegate_run },
	{ "assign", "-cpka--", false, true, false, event_state_open,
	    judge_assign, act_assign },
	{ "snooze", "-cpka--", false, true, false, event_state_open,
	    judge_snooze, act_snooze },
	{ "comment", "-cpka--", true, false, false, may_any, NULL,
	    act_comment },
	{ "undo", "-cpka--", false, false, false, may_any, judge_undo,
	    act_undo },
	{ "correct", "-cpka--", true, false, false, event_state_open,
	    judge_correct, act_correct },
};

const size_t n_acts = sizeof acts / sizeof *acts;

const struct act *
act_find(const char *name)
{
	for (size_t i = 0; i < n_acts; i++)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

bool
act_alone(const struct act *act)
{
	return act->may == NULL;
}

bool
act_forgotten(const struct act *act)
{
	return act->run == replay || act->run == act_reverse ||
	    act->run == act_undo;
}
