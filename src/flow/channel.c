/* The settings of the alerts as lanes, and the delivery into each. */
#include "flow/channel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/secret.h"
#include "core/utf8.h"
#include "flow/command.h"
#include "net/mail.h"

#define RECIPIENTS 16
#define COMMAND_SECONDS 10
#define VALUE_MAX 2000		/* bytes of a variable of the environment */
#define VARIABLES 8

struct lane {
	struct alert_lane lane;
	enum send_result (*send)(const struct channels *,
		const struct alert_lane *, const struct alert_notice *,
		const atomic_bool *stop, struct err *);
	bool reads;
};

struct channels {
	const struct options *options;
	struct arena *arena;
	struct lane lanes[LANES_MAX];
	size_t n;
};

static const char *
setting(const struct channels *c, const char *name)
{
	return options_text(c->options, name);
}

static void
add_lane(struct channels *c, const struct lane *lane)
{
	c->lanes[c->n++] = *lane;
}

static bool
check_secret(struct channels *c, const char *name, struct err *e)
{
	struct span secret;

	return setting(c, name)[0] == '\0' ||
	    secret_read(setting(c, name), c->arena, &secret, e);
}

/* ---- mail ------------------------------------------------------------- */

static enum send_result
deliver_mail(const struct channels *c, const struct alert_lane *lane,
    const struct alert_notice *notice, const atomic_bool *stop,
    struct err *e)
{
	const struct send_place place = { setting(c, "alert_smtp"),
	    setting(c, "alert_ca"), setting(c, "alert_smtp_secret"), stop };
	const struct mail mail = { setting(c, "alert_mail_from"),
	    lane->target, notice->message, notice->at, notice->title,
	    notice->body };
	enum send_result result;
	struct str text;

	str_init(&text, 8 << 20);
	mail_write(&mail, &text);
	result = send_mail(&place, mail.from, mail.to, str_span(&text), e);
	str_free(&text);
	return result;
}

static bool
add_recipient(struct channels *c, struct span one, struct err *e)
{
	const char *to = arena_strndup(c->arena, one.p, one.n);
	const struct lane lane = { { "mail", to }, deliver_mail, true };

	if (!mail_address(to))
		return err_set(e, ERR_CONFIG,
		    "alert_mail_to: %.100s is no address", to);
	if (c->n == RECIPIENTS)
		return err_set(e, ERR_CONFIG,
		    "alert_mail_to: more than %d addresses", RECIPIENTS);
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->lanes[i].lane.target, to) == 0)
			return true;
	add_lane(c, &lane);
	return true;
}

static bool
open_mail(struct channels *c, struct err *e)
{
	const char *to = setting(c, "alert_mail_to"), *origin;
	const char *from = setting(c, "alert_mail_from");

	if (to[strspn(to, ", ")] == '\0')
		return true;
	if (!mail_address(from))
		return err_set(e, ERR_CONFIG,
		    "alert_mail_from: %.100s is no address", from);
	if (!send_judge(setting(c, "alert_smtp"), SEND_MAIL, c->arena,
	    &origin, e) || !check_secret(c, "alert_smtp_secret", e))
		return false;
	while (*(to += strspn(to, ", ")) != '\0') {
		size_t n = strcspn(to, ", ");

		if (!add_recipient(c, (struct span){ to, n }, e))
			return false;
		to += n;
	}
	return true;
}

/* ---- webhook ---------------------------------------------------------- */

static enum send_result
deliver_hook(const struct channels *c, const struct alert_lane *lane,
    const struct alert_notice *notice, const atomic_bool *stop,
    struct err *e)
{
	const struct send_place place = { setting(c, "alert_webhook"),
	    setting(c, "alert_ca"), setting(c, "alert_webhook_secret"),
	    stop };

	(void)lane;
	return send_hook(&place, notice->message, clock_now(),
	    span_of(notice->body), e);
}

static bool
open_hook(struct channels *c, struct err *e)
{
	struct lane lane = { { "webhook", "" }, deliver_hook, false };
	struct str signature;
	struct span secret;
	bool ok;

	if (setting(c, "alert_webhook")[0] == '\0')
		return true;
	if (!send_judge(setting(c, "alert_webhook"), SEND_HOOK, c->arena,
	    &lane.lane.target, e))
		return false;
	if (setting(c, "alert_webhook_secret")[0] == '\0')
		return err_set(e, ERR_CONFIG,
		    "alert_webhook needs alert_webhook_secret");
	if (!secret_read(setting(c, "alert_webhook_secret"), c->arena,
	    &secret, e))
		return false;
	str_init(&signature, 256);
	ok = send_sign(secret, "", "", SPAN(""), &signature) ||
	    err_set(e, ERR_CONFIG,
	    "alert_webhook_secret: not whsec_ and base64");
	str_free(&signature);
	if (ok)
		add_lane(c, &lane);
	return ok;
}

/* ---- command ---------------------------------------------------------- */

struct variables {
	struct arena *arena;
	char *list[VARIABLES + 1];
	size_t n;
};

/* Tamed, so that a value is one line of visible text. */
static void
set_variable(struct variables *v, const char *name, const char *value)
{
	struct str text;

	str_init(&text, VALUE_MAX);
	str_addf(&text, "%s=", name);
	utf8_tame(span_of(value), &text);
	v->list[v->n++] = arena_strdup(v->arena, text.p);
	str_free(&text);
}

static enum send_result
deliver_command(const struct channels *c, const struct alert_lane *lane,
    const struct alert_notice *notice, const atomic_bool *stop,
    struct err *e)
{
	struct variables v = { .arena = arena_new() };
	const struct command command = { v.list,
	    span_of(notice->body), COMMAND_SECONDS, stop };
	bool ok;

	(void)c;
	(void)lane;
	set_variable(&v, "PATH", "/usr/local/bin:/usr/bin:/bin");
	set_variable(&v, "ALERT_ID", notice->message);
	set_variable(&v, "ALERT_TYPE", notice->type);
	set_variable(&v, "ALERT_CODE", notice->code);
	set_variable(&v, "ALERT_TITLE", notice->title);
	set_variable(&v, "ALERT_SIGNATURES", notice->signatures);
	ok = command_run(&command, e);
	arena_free(&v.arena);
	return ok ? SEND_DONE : e->code == ERR_NONE ? SEND_STOPPED :
	    SEND_LATER;
}

static bool
open_command(struct channels *c, struct err *e)
{
	struct lane lane = { { "command", "" }, deliver_command, false };
	char *argv[COMMAND_ARGS + 1];

	if (!command_words(setting(c, "alert_command"), c->arena, argv, e))
		return false;
	if (argv[0] == NULL)
		return true;
	lane.lane.target = argv[0];
	add_lane(c, &lane);
	return true;
}

/* ---- all of them ------------------------------------------------------ */

bool
channels_open(struct channels **out, const struct options *options,
    struct err *e)
{
	struct channels *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("out of memory");
	c->options = options;
	c->arena = arena_new();
	*out = c;
	if (open_mail(c, e) && open_hook(c, e) && open_command(c, e))
		return true;
	channels_close(out);
	return false;
}

void
channels_close(struct channels **cp)
{
	struct channels *c = *cp;

	*cp = NULL;
	if (c == NULL)
		return;
	arena_free(&c->arena);
	free(c);
}

size_t
channels_count(const struct channels *c)
{
	return c->n;
}

const struct alert_lane *
channel_lane(const struct channels *c, size_t i)
{
	return &c->lanes[i].lane;
}

bool
channel_reads(const struct channels *c, size_t i)
{
	return c->lanes[i].reads;
}

enum send_result
channel_send(const struct channels *c, size_t i,
    const struct alert_notice *notice, const atomic_bool *stop,
    struct err *e)
{
	return c->lanes[i].send(c, &c->lanes[i].lane, notice, stop, e);
}
