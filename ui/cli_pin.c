/* bahi pin: what the server shows, to be compared by telephone. */
#include <stdio.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/cli_inside.h"
#include "ui/restricted.h"

static bool
put_json(struct job *job, const char *url, const struct http_shown *s)
{
	char from[25], until[25];
	struct json j;
	struct str out;

	clock_format(s->from, from);
	clock_format(s->until, until);
	str_init(&out, 65536);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "url", url);
	json_kstr(&j, "pin", s->pin);
	json_kstr(&j, "spoken", s->spoken);
	json_kstr(&j, "subject", s->subject);
	json_kstr(&j, "issuer", s->issuer);
	json_kstr(&j, "from", from);
	json_kstr(&j, "until", until);
	json_key(&j, "vouched");
	json_bool(&j, s->vouched);
	json_key(&j, "named");
	json_bool(&j, s->named);
	json_kstr(&j, "why", s->why);
	json_close(&j, '}');
	cli_put_json(job, str_span(&out));
	str_free(&out);
	return true;
}

static void
put_text(struct job *job, const char *url, const struct http_shown *s)
{
	char until[25];

	clock_format(s->until, until);
	printf(_("Server:       %s\n"), cli_tame(job, url));
	printf(_("Certificate:  %s, of %s\n"), cli_tame(job, s->subject),
	    cli_tame(job, s->issuer));
	printf(_("Good until:   %.10s\n"), until);
	printf(_("Vouched for:  %s\n"), s->vouched ? _("yes") :
	    cli_tame(job, s->why));
	printf(_("For its name: %s\n"), s->named ? _("yes") : _("no"));
	printf(_("Pin:          %s\n"), s->pin);
	printf(_("Read aloud:   %s\n"), s->spoken);
	cli_say(job, _("Compare it with what `bahid pin` prints on the server, "
	    "by telephone; when both are the same, it is the value of the "
	    "setting pin.\n"));
}

/* Who may use nothing but bahi may not look around the network with it. */
bool
run_pin(struct job *job, int *status, struct err *e)
{
	const char *own = options_text(job->options, "url");
	const char *url = job->argc > 0 ? job->argv[0] : own;
	struct http_shown shown;

	if (restricted_on() && job->argc > 0)
		return err_set(e, ERR_FORBIDDEN, "a restricted session looks "
		    "at its own server only");
	if (url[0] == '\0')
		return err_set(e, ERR_USAGE, "no url is set; bahi pin URL");
	if (!http_show(url, options_text(job->options, "ca"), job->arena,
	    &shown, e))
		return false;
	*status = shown.vouched && shown.named ? EXIT_DONE : EXIT_OPEN;
	if (job->json)
		return put_json(job, url, &shown);
	put_text(job, url, &shown);
	return true;
}
