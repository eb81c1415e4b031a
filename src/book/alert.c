/*
 * The table of alerts: one row gives code, urgency, the sentence and what to
 * do; and the texts of notices.  Pure; flow/watch.c finds the conditions.
 */
#include "book/alert.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/i18n.h"
#include "core/utf8.h"

#define IST 19800000000		/* microseconds before UTC */

static const struct alert_info infos[ALERT_CODES] = {
	[ALERT_LATE] = { "flow.late", false,
	    N_("The flow %1$s is late; open events (the oldest): %2$s."),
	    N_("Look at its events and decide, or correct what stops it.") },
	[ALERT_AGING] = { "events.aging", false,
	    N_("Events of %1$s are old; how many (the oldest): %2$s."),
	    N_("Retry, fix or dismiss them before the period closes.") },
	[ALERT_CONSERVATION] = { "conservation.broken", true,
	    N_("Events of %1$s are lost or doubled: the counts differ by "
	    "%2$s."),
	    N_("Stop bahid, keep a copy of the store, run bahid rebuild.") },
	[ALERT_AUDIT] = { "audit.broken", true,
	    N_("The audit chain of %1$s is broken: %2$s."),
	    N_("Keep a copy of the store and compare it with the last "
	    "backup.") },
	[ALERT_DISK] = { "disk.low", true,
	    N_("The disk of %1$s is nearly full; free: %2$s."),
	    N_("Make room, or move the store to a larger disk.") },
	[ALERT_QUEUE] = { "queue.full", true,
	    N_("Events were refused since the %1$s was full: %2$s."),
	    N_("Senders come again by themselves; if it lasts, raise queue or "
	    "find out what slows the disk.") },
	[ALERT_POLL] = { "poll.failing", false,
	    N_("The poll %1$s brings nothing: %2$s."),
	    N_("Correct its file in the folder polls, or ask whose server it "
	    "is.") },
	[ALERT_TARGET] = { "target.failing", true,
	    N_("Nothing reaches the target %1$s: %2$s."),
	    N_("When it answers again bahid goes on by itself; if it is "
	    "stopped, correct its file in the folder targets, then resume "
	    "it.") },
	[ALERT_COMMITS] = { "commits.failed", false,
	    N_("The target %1$s refused journals; how many: %2$s."),
	    N_("Look at bahi commits: correct what they name, then retry "
	    "all with the same cause.") },
	[ALERT_COMMITS_LATE] = { "commits.late", false,
	    N_("Journals for the target %1$s are late; how many (the "
	    "oldest): %2$s."),
	    N_("Look at bahi targets: is it paused, away, or too slow for "
	    "its rate?") },
	[ALERT_TARGET_DRIFT] = { "target.drift", false,
	    N_("The target %1$s holds something else than we sent; how many: "
	    "%2$s."),
	    N_("Look at bahi target drift: is theirs right, or ours?") },
	[ALERT_PAUSED] = { "source.paused", false,
	    N_("The source %1$s is paused; events that wait (the oldest): "
	    "%2$s."),
	    N_("Correct what made all that it sends fail, then resume it.") },
	[ALERT_DRIFT] = { "drift.found", false,
	    N_("Values of %1$s are not in the master data; how many (one of "
	    "them): %2$s."),
	    N_("Look at bahi drift; map or add them before they fail.") },
	[ALERT_OVERSOLD] = { "stock.oversold", false,
	    N_("More of %1$s is sold than there is; short by: %2$s."),
	    N_("Count the stock and correct it, or tell the customer.") },
	[ALERT_DIFFER] = { "books.differ", true,
	    N_("The ledger does not add up (%1$s); first seen: %2$s."),
	    N_("Keep a copy of the store, compare with bahid rebuild and the "
	    "last backup.") },
	[ALERT_CERTIFICATE_ENDS] = { "certificate.ends", true,
	    N_("The certificate %1$s is good until %2$s and no longer."),
	    N_("Renew it; a new file is used without a restart.") },
	[ALERT_CERTIFICATE_KEPT] = { "certificate.refused", true,
	    N_("A changed certificate is not used (%1$s): %2$s."),
	    N_("The one before is still shown. Put right its file, its key or "
	    "the file of the authorities.") },
	[ALERT_BACKUP_LATE] = { "backup.late", true,
	    N_("There is no recent backup in %1$s; the last good one: "
	    "%2$s."),
	    N_("If this machine is lost now, so is all that came since. Ask "
	    "your administrator to look at backup_to in bahid.conf.") },
	[ALERT_BACKUP_FAILED] = { "backup.failed", false,
	    N_("The last try of %1$s failed: %2$s."),
	    N_("It is tried again by itself; bahid backup and bahid restore "
	    "--verify say more.") },
	[ALERT_FULL] = { "disk.full", true,
	    N_("Nothing more is taken in: the disk of %1$s is full; free: "
	    "%2$s."),
	    N_("Make room. Senders come again by themselves, and bahid goes "
	    "on by itself.") },
};

const struct alert_info *
alert_info(enum alert_code code)
{
	if ((unsigned)code >= ALERT_CODES)
		bug("alert code %d", code);
	return &infos[code];
}

bool
alert_find(const char *name, enum alert_code *out)
{
	for (int i = 0; i < ALERT_CODES; i++) {
		if (strcmp(infos[i].name, name) == 0) {
			*out = (enum alert_code)i;
			return true;
		}
	}
	return false;
}

const char *
alert_event_name(enum alert_event event)
{
	switch (event) {
	case ALERT_RAISED:
		return "raised";
	case ALERT_REPEATED:
		return "repeated";
	case ALERT_RECOVERED:
		return "recovered";
	}
	bug("alert event %d", event);
}

void
alert_signature(enum alert_code code, const char *subject,
    char out[ALERT_SIGNATURE])
{
	const char *name = alert_info(code)->name;
	unsigned char digest[SHA256_SIZE];
	struct span parts[] = {
		{ name, strlen(name) + 1 }, span_of(subject)
	};

	digest_sha256v(parts, 2, digest);
	digest_hex(digest, 8, out);
}

/* %1$s and %2$s are put in by hand: a translation is foreign text and never
 * a format string. */
void
alert_sentence(const struct alert *alert, struct str *out)
{
	const char *what = _(alert_info(alert->code)->what);
	const char *at;

	for (; (at = strchr(what, '%')) != NULL; what = at) {
		str_add(out, what, (size_t)(at - what));
		if (strncmp(at, "%1$s", 4) == 0) {
			utf8_tame(span_of(alert->subject), out);
			at += 4;
		} else if (strncmp(at, "%2$s", 4) == 0) {
			utf8_tame(span_of(alert->value), out);
			at += 4;
		} else {
			str_addc(out, *at++);
		}
	}
	str_adds(out, what);
}

void
alert_time(int64_t at, char out[ALERT_TIME])
{
	char utc[25];

	clock_format(at + IST, utc);
	snprintf(out, ALERT_TIME, "%.10s %.5s IST", utc, utc + 11);
}

/* ---- notices ---------------------------------------------------------- */

static const char *
event_word(enum alert_event event)
{
	switch (event) {
	case ALERT_RAISED:
		return _("Alert");
	case ALERT_REPEATED:
		return _("Still");
	case ALERT_RECOVERED:
		return _("Over");
	}
	bug("alert event %d", event);
}

void
alerts_title(const struct alert *alerts, size_t n, struct str *out)
{
	if (n != 1) {
		str_addf(out, "[bahi] %s: %zu", _("Alerts"), n);
		return;
	}
	str_addf(out, "[bahi] %s: ", event_word(alerts[0].event));
	alert_sentence(&alerts[0], out);
}

static void
line(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s: ", name);
	utf8_tame(span_of(value), out);
	str_addc(out, '\n');
}

static void
write_text(const struct alert *alert, struct str *out)
{
	const struct alert_info *info = alert_info(alert->code);
	char signature[ALERT_SIGNATURE], at[ALERT_TIME];

	alert_signature(alert->code, alert->subject, signature);
	str_addf(out, "%s: ", event_word(alert->event));
	alert_sentence(alert, out);
	str_adds(out, "\n\n");
	alert_time(alert->since, at);
	line(out, _("Since"), at);
	if (alert->event == ALERT_RECOVERED) {
		alert_time(alert->recovered, at);
		line(out, _("Over"), at);
	}
	line(out, _("Where"), alert->subject);
	line(out, _("How much"), alert->value);
	if (alert->event != ALERT_RECOVERED)
		line(out, _("What to do"), _(info->hint));
	line(out, _("Known as"), info->name);
	line(out, _("Signature"), signature);
}

void
alerts_text(const struct alert *alerts, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_adds(out, "\n----\n\n");
		write_text(&alerts[i], out);
	}
}

const char *
alerts_type(const struct alert *alerts, size_t n)
{
	if (n != 1)
		return "alert.digest";
	switch (alerts[0].event) {
	case ALERT_RAISED:
		return "alert.raised";
	case ALERT_REPEATED:
		return "alert.repeated";
	case ALERT_RECOVERED:
		return "alert.recovered";
	}
	bug("alert event %d", alerts[0].event);
}

static void
time_member(struct json *j, const char *key, int64_t at)
{
	char text[25];

	clock_format(at, text);
	json_kstr(j, key, text);
}

static void
encode(const struct alert *alert, struct json *j)
{
	const struct alert_info *info = alert_info(alert->code);
	char signature[ALERT_SIGNATURE];
	struct str sentence;

	alert_signature(alert->code, alert->subject, signature);
	str_init(&sentence, 4096);
	alert_sentence(alert, &sentence);
	json_open(j, '{');
	json_kstr(j, "event", alert_event_name(alert->event));
	json_kstr(j, "signature", signature);
	json_kstr(j, "code", info->name);
	json_key(j, "urgent");
	json_bool(j, info->urgent);
	json_kstr(j, "subject", alert->subject);
	json_kstr(j, "value", alert->value);
	json_key(j, "sentence");
	json_span(j, str_span(&sentence));
	json_kstr(j, "hint", _(info->hint));
	time_member(j, "since", alert->since);
	if (alert->event == ALERT_RECOVERED)
		time_member(j, "recovered_at", alert->recovered);
	json_close(j, '}');
	str_free(&sentence);
}

void
alerts_encode(const struct alert *alerts, size_t n, const char *message,
    int64_t at, struct json *j)
{
	json_open(j, '{');
	json_kstr(j, "type", alerts_type(alerts, n));
	json_kstr(j, "id", message);
	time_member(j, "timestamp", at);
	json_key(j, "data");
	json_open(j, '{');
	json_key(j, "alerts");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		encode(&alerts[i], j);
	json_close(j, ']');
	json_close(j, '}');
	json_close(j, '}');
}
