/*
 * The one table of program errors: stable name, HTTP status, exit status of
 * bahid and of bahi, the sentence a person reads and what to do.  Findings are
 * elsewhere.
 */
#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/log.h"

static const struct err_info infos[ERR_COUNT] = {
	[ERR_NONE] = { "none", 200, 0, 0, N_("All is well."), "" },
	[ERR_USAGE] = { "usage", 400, 2, 2,
	    N_("The command is not written as it should be."),
	    N_("Run it with --help.") },
	[ERR_CONFIG] = { "config", 500, 3, 2,
	    N_("The configuration cannot be used."),
	    N_("Correct the named line; bahid.conf(5) and bahi.conf(5) "
	    "list the settings.") },
	[ERR_SYSTEM] = { "system", 500, 4, 1,
	    N_("The operating system refused something needed."),
	    N_("See the reason; check permissions and free disk space.") },
	[ERR_STORE] = { "store", 500, 4, 1,
	    N_("The database cannot do what was asked."),
	    N_("Nothing was half written. Check disk space, then retry.") },
	[ERR_SCHEMA] = { "store.schema", 500, 4, 1,
	    N_("The database is of another release."),
	    N_("Run the bahid release that wrote it, or a newer one.") },
	[ERR_CORRUPT] = { "store.corrupt", 500, 5, 1,
	    N_("The records are not as they were written."),
	    N_("Stop, keep the files, and restore the last good copy.") },
	[ERR_RULE] = { "rule.refused", 422, 6, 3,
	    N_("A rule file cannot be used."),
	    N_("Correct the named line; the last good rules stay in force.") },
	[ERR_REQUEST] = { "request.malformed", 400, 2, 2,
	    N_("The request cannot be understood."),
	    N_("See the reason; data/openapi.yaml describes each request.") },
	[ERR_JSON] = { "request.json", 400, 2, 1,
	    N_("The body is not strict JSON."),
	    N_("Correct the text at the named byte.") },
	[ERR_METHOD] = { "request.method", 405, 2, 1,
	    N_("This address does not take that method."),
	    N_("See the Allow header.") },
	[ERR_MEDIA] = { "request.media", 415, 2, 1,
	    N_("This kind or encoding of body is not taken."),
	    N_("Send JSON, uncompressed.") },
	[ERR_TOO_LARGE] = { "request.too_large", 413, 2, 2,
	    N_("The body is larger than this daemon takes."),
	    N_("Send less, or raise `body` in bahid.conf.") },
	[ERR_UNAUTHENTIC] = { "auth.refused", 401, 7, 3,
	    N_("The sender did not prove who it is."),
	    N_("Check the secret or token, and the sender's clock.") },
	[ERR_FORBIDDEN] = { "auth.forbidden", 403, 7, 3,
	    N_("Your role does not allow this."),
	    N_("Ask an administrator for the role.") },
	[ERR_NOT_FOUND] = { "not_found", 404, 8, 1,
	    N_("There is no such thing."),
	    N_("Check the name or number.") },
	[ERR_KEY_REUSE] = { "key.reused", 409, 9, 4,
	    N_("This key was used before with other content."),
	    N_("Use a new key for new content.") },
	[ERR_STALE] = { "version.stale", 412, 10, 4,
	    N_("It has changed since you looked."),
	    N_("Look again, then decide.") },
	[ERR_NO_VERSION] = { "version.missing", 428, 2, 4,
	    N_("A change must name the version it was made against."),
	    N_("Send the version that you saw.") },
	[ERR_REFUSED] = { "decision.refused", 422, 11, 3,
	    N_("This cannot be decided so now."),
	    N_("See the reason.") },
	[ERR_LIMIT] = { "limit.rate", 429, 12, 1,
	    N_("Too many requests."),
	    N_("Wait for the time in Retry-After.") },
	[ERR_BUSY] = { "busy", 503, 12, 1,
	    N_("The daemon cannot take more just now."),
	    N_("Nothing was kept; send it again after Retry-After.") },
	[ERR_IN_USE] = { "in_use", 503, 4, 1,
	    N_("Another bahid works with these files."),
	    N_("Stop it first, or go through it: bahi(1).") },
	[ERR_UNREACHABLE] = { "daemon.unreachable", 503, 13, 5,
	    N_("The daemon cannot be reached."),
	    N_("Is bahid running? What is shown, if anything, comes from the "
	    "cache.") },
	[ERR_FINAL] = { "decision.final", 409, 11, 3,
	    N_("It can no longer be taken back."),
	    N_("What is posted is undone by a new version: reverse it.") },
	[ERR_FACTOR] = { "second_factor", 403, 7, 3,
	    N_("This needs your second factor."),
	    N_("Give your one-time code or a recovery code along: "
	    "--code-file FILE.") },
	[ERR_AWAY] = { "target.away", 503, 12, 1,
	    N_("The target cannot be reached."),
	    N_("Look whether it runs; ask it to check itself: bahi targets "
	    "check NAME.") },
	[ERR_FULL] = { "disk.full", 503, 12, 1,
	    N_("The disk is full, so nothing more is taken in."),
	    N_("Nothing was kept. Make room: it goes on by itself; then send "
	    "again.") },
	[ERR_KEY] = { "store.key", 500, 5, 1,
	    N_("The key does not open what is sealed."),
	    N_("Name the right one as `key`; without it nothing here can be "
	    "read.") },
	[ERR_PLAIN] = { "config.plain", 500, 3, 2,
	    N_("Without TLS nothing leaves or enters this machine."),
	    N_("Serve others by tls_listen with a certificate, and name an "
	    "https:// URL: bahid.conf(5).") },
	[ERR_TLS] = { "tls.failed", 503, 13, 6,
	    N_("No safe connection to the server can be made."),
	    N_("Ask who runs bahid: it must serve TLS 1.3 at this address.") },
	[ERR_TLS_AUTHORITY] = { "tls.authority", 503, 13, 6,
	    N_("Nobody that this computer trusts vouches for the server."),
	    N_("Nothing was sent. Ask who runs bahid for the file of its "
	    "authority and name it as `ca`.") },
	[ERR_TLS_NAME] = { "tls.name", 503, 13, 6,
	    N_("The server is not the one that the URL names."),
	    N_("Nothing was sent. Check `url`; if it is right, call who runs "
	    "bahid.") },
	[ERR_TLS_EXPIRED] = { "tls.expired", 503, 13, 6,
	    N_("The server's certificate is not good today."),
	    N_("Nothing was sent. Check this computer's date; if it is "
	    "right, ask who runs bahid to renew the certificate.") },
	[ERR_TLS_PIN] = { "tls.pin", 503, 13, 6,
	    N_("This is not the server that you pinned."),
	    N_("Do not type anything here. Call who runs bahid, by a number "
	    "that you know, and compare: bahi pin.") },
	[ERR_TLS_OURS] = { "tls.ours", 503, 13, 6,
	    N_("The server does not let you in without a certificate that it "
	    "knows."),
	    N_("Ask who runs bahid for yours, and name it as `cert` and its "
	    "key as `key`.") },
};

const struct err_info *
err_info(enum err_code code)
{
	if ((unsigned)code >= ERR_COUNT)
		bug("error code %d", code);
	return &infos[code];
}

enum err_code
err_named(const char *name)
{
	for (int i = 1; name != NULL && i < ERR_COUNT; i++)
		if (strcmp(infos[i].name, name) == 0)
			return (enum err_code)i;
	return ERR_NONE;
}

bool
err_is_away(enum err_code code)
{
	return code == ERR_UNREACHABLE || (code >= ERR_TLS &&
	    code <= ERR_TLS_OURS);
}

bool
err_set(struct err *e, enum err_code code, const char *why, ...)
{
	va_list ap;

	if (e == NULL || e->code != ERR_NONE)
		return false;
	e->code = code;
	e->asked[0] = '\0';
	va_start(ap, why);
	vsnprintf(e->why, sizeof e->why, why, ap);
	va_end(ap);
	return false;
}

void
bug(const char *why, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, why);
	vsnprintf(text, sizeof text, why, ap);
	va_end(ap);
	log_line(LOG_ERROR, "bug", "why=\"%s\"", text);
	abort();
}
