/* One alert's way: raised, told, held back in the quiet hours, repeated,
 * over. Called by alert.c; it must never tell the same thing twice. */
#include "flow/notify.h"

#include <string.h>

#define REFRESH 60000000	/* a value that moves is kept once a minute */

static bool
told(const struct standing *s, const char *what)
{
	return strcmp(s->row.told, what) == 0;
}

static void
change(struct standing *s)
{
	if (s->change == STANDING_KEPT)
		s->change = STANDING_CHANGED;
}

static void
raise_anew(struct standing *s, int64_t now)
{
	s->row.raised = true;
	s->row.since = s->row.last_seen = now;
	s->row.recovered_at = 0;
	s->row.value = s->value;
	if (told(s, "recovered"))
		s->row.told = "";
	s->change = STANDING_NEW;
}

static void
see(struct standing *s, int64_t now)
{
	if (s->seen && !s->row.raised) {
		raise_anew(s, now);
	} else if (s->seen) {
		if (now - s->row.last_seen < REFRESH)
			return;
		s->row.last_seen = now;
		s->row.value = s->value;
		change(s);
	} else if (s->row.raised && s->over) {
		s->row.raised = false;
		s->row.recovered_at = now;
		change(s);
	}
}

/* Is there something that people do not know yet? */
static bool
news(struct standing *s, const struct notify_rules *rules)
{
	if (s->row.raised) {
		s->event = told(s, "") ? ALERT_RAISED : ALERT_REPEATED;
		return told(s, "") || (rules->repeat > 0 &&
		    rules->now - s->row.told_at >= rules->repeat);
	}
	s->event = ALERT_RECOVERED;
	return told(s, "raised") || (told(s, "") && s->row.held);
}

void
notify_judge(struct standing *s, const struct notify_rules *rules)
{
	bool wanted, wait = rules->quiet && !alert_info(s->row.code)->urgent;

	see(s, rules->now);
	wanted = news(s, rules);
	s->tell = wanted && !wait && rules->may_tell;
	s->together = s->row.held;
	if (s->tell) {
		s->row.told = s->row.raised ? "raised" : "recovered";
		s->row.told_at = rules->now;
		s->row.held = false;
		change(s);
	} else if (wanted && wait && !s->row.held) {
		s->row.held = true;
		change(s);
	} else if (!wanted && s->row.held) {
		s->row.held = false;
		change(s);
	}
	/* Came and went while there was nobody to tell. */
	if (!wanted && !s->row.raised && told(s, "")) {
		s->row.told = "recovered";
		change(s);
	}
}

struct alert
notify_alert(const struct standing *s)
{
	return (struct alert){ s->row.code, s->event, s->row.subject,
	    s->row.value, s->row.since, s->row.recovered_at };
}
