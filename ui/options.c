/*
 * Every setting of bahi.conf, in one table that bahi --dump=options prints,
 * and the two places that follow from it: the daemon and the cache.
 */
#include "ui/options.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/i18n.h"

const struct option_info ui_options[] = {
	{ "socket", OPTION_PATH, "/run/bahi/bahid.sock", 0, 0, NULL,
	    N_("Unix socket of the daemon; who you are is your login") },
	{ "url", OPTION_TEXT, "", 0, 0, NULL,
	    N_("daemon's base URL instead of the socket, from elsewhere") },
	{ "token", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file with the bearer token for url") },
	{ "keys", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of keys that replaces the usual ones; empty: none") },
	{ "type_count", OPTION_COUNT, "100", 0, 100000, NULL,
	    N_("an action on more events than this asks for their number") },
	{ "cache", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of the local copy; empty: ~/.cache/bahi/cache.db") },
};

const size_t n_ui_options = sizeof(ui_options) / sizeof(ui_options[0]);

bool
options_place(const struct options *options, struct arena *arena,
    struct http_place *out, struct err *e)
{
	const char *url = options_text(options, "url");
	const char *token = options_text(options, "token");
	struct span secret = { 0 };

	*out = (struct http_place){ 0 };
	if (url[0] == '\0') {
		out->socket = options_text(options, "socket");
		return true;
	}
	out->url = url;
	if (token[0] == '\0')
		return true;
	if (!file_secret(token, arena, &secret, e))
		return false;
	out->token = arena_strndup(arena, secret.p, secret.n);
	return true;
}

bool
options_cache(const struct options *options, struct arena *arena,
    const char **path, struct err *e)
{
	const char *base = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	const char *folder;

	*path = options_text(options, "cache");
	if ((*path)[0] != '\0')
		return true;
	if (base == NULL || base[0] != '/') {
		if (home == NULL)
			return err_set(e, ERR_CONFIG,
			    "neither cache nor HOME is set");
		base = arena_printf(arena, "%s/.cache", home);
	}
	folder = arena_printf(arena, "%s/bahi", base);
	if (!file_mkdir(base, 0700, e) || !file_mkdir(folder, 0700, e))
		return false;
	*path = arena_printf(arena, "%s/cache.db", folder);
	return true;
}
