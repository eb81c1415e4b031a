/*
 * The verb that sends another payload instead of the one that came. Without a
 * file the payload is changed in the editor.
 */
#include <string.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"
#include "ui/editor.h"
#include "ui/restricted.h"

#define PAYLOAD_MAX ((size_t)16 << 20)

struct words {
	const char *event, *file, *reason;
};

static bool
read_words(struct job *job, struct words *out, struct err *e)
{
	*out = (struct words){ .event = job->argv[0] };
	for (int i = 1; i < job->argc; i++) {
		if (strcmp(job->argv[i], "--reason") == 0 &&
		    i + 1 < job->argc)
			out->reason = job->argv[++i];
		else if (out->file == NULL)
			out->file = job->argv[i];
		else
			return err_set(e, ERR_USAGE, "%.60s is not understood here", job->argv[i]);
	}
	return out->event[0] == 'E' || err_set(e, ERR_USAGE, "an event: E12");
}

static bool
read_input(struct job *job, struct span *out, struct err *e)
{
	char piece[8192];
	struct str text;
	size_t n;

	str_init(&text, PAYLOAD_MAX);
	while ((n = fread(piece, 1, sizeof piece, stdin)) > 0)
		str_add(&text, piece, n);
	if (!text.over)
		*out = (struct span){ arena_strndup(job->arena, text.p,
		    text.n), text.n };
	str_free(&text);
	return out->p != NULL || err_set(e, ERR_TOO_LARGE, "the payload");
}

/* Laid out for a person; sent so when anything else was changed in it. */
static bool
edit(struct job *job, const struct wire_event *event, struct span *out,
    struct err *e)
{
	struct span before;

	if (job->no_input || !cli_may_ask(job))
		return err_set(e, ERR_USAGE, "correct E12 FILE, or a "
		    "terminal for the editor");
	if (event->payload[0] == '\0')
		return err_set(e, ERR_REFUSED, "the payload is no text");
	before = span_of(shape_pretty(span_of(event->payload), job->arena));
	if (!editor_change(job->options, job->arena, "payload", before,
	    PAYLOAD_MAX, out, e))
		return false;
	while (out->n > before.n && out->p[out->n - 1] == '\n')
		out->n--;	/* the editor's own */
	return !span_equal(*out, before) || err_set(e, ERR_REFUSED,
	    "nothing was changed");
}

static bool
read_payload(struct job *job, const char *file,
    const struct wire_event *event, struct span *out, struct err *e)
{
	*out = (struct span){ NULL, 0 };
	if (file == NULL)
		return edit(job, event, out, e);
	return strcmp(file, "-") == 0 ? read_input(job, out, e) :
	    restricted_read(file, PAYLOAD_MAX, job->arena, out, e);
}

bool
run_correct(struct job *job, int *status, struct err *e)
{
	struct wire_decide what = { .action = "correct", .n_events = 1 };
	struct wire_event event;
	struct wire_pick pick;
	struct http_call call;
	struct words words;
	struct span body;

	if (!read_words(job, &words, e) || !wire_event_get(job->wire,
	    words.event, job->arena, &event, e) || !read_payload(job,
	    words.file, &event, &body, e))
		return false;
	pick = (struct wire_pick){ event.id, event.version };
	what.events = &pick;
	what.body = arena_strndup(job->arena, body.p, body.n);
	if (job->dry) {
		call = wire_correct_call(&what, true, job->arena);
		return cli_preview(job, &call, status, e);
	}
	what.reason = words.reason;
	return (words.reason != NULL || cli_reason(job, &what.reason, e)) &&
	    cli_decide(job, &what, status, e);
}
