/*
 * Every setting of bahi.conf, in one table that bahi --dump=options prints,
 * where they are read from, and the places that follow from them: the daemon,
 * the cache, which may be deleted, and the state, which may not.
 */
#include "ui/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/secret.h"
#include "net/login.h"
#include "ui/keyring.h"
#include "ui/restricted.h"

static const char *const digits[] = { "indian", "western", NULL };
static const char *const numerals[] = { "latin", "native", NULL };
static const char *const dates[] = { "auto", "iso", "day", "name", NULL };
static const char *const yes_no[] = { "no", "yes", NULL };
static const char *const auto_yes_no[] = { "auto", "yes", "no", NULL };
static const char *const themes[] = { "auto", "dark", "light", "contrast",
    "mono", NULL };
static const char *const when[] = { "auto", "always", "never", NULL };

static const char *const seals[] = { "session", "kept", "no", NULL };
static const char *const restores[] = { "ask", "yes", "no", NULL };

const struct option_info ui_options[] = {
	{ "socket", OPTION_PATH, "/run/bahi/bahid.sock", 0, 0, NULL,
	    N_("Unix socket of the daemon; who you are is your login") },
	{ "url", OPTION_TEXT, "", 0, 0, NULL,
	    N_("daemon's base URL instead of the socket, from elsewhere") },
	{ "token", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file with the bearer token for url") },
	{ "keys", OPTION_PATH, "default", 0, 0, NULL,
	    N_("set of keys: default, vi, or the path of a file") },
	{ "type_count", OPTION_COUNT, "100", 0, 100000, NULL,
	    N_("an action on more events than this asks for their number") },
	{ "cache", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of the local copy; empty: ~/.cache/bahi/cache.db") },
	{ "digits", OPTION_CHOICE, "indian", 0, 0, digits,
	    N_("numbers as 12,34,567.89 (indian) or 1,234,567.89 (western)") },
	{ "numerals", OPTION_CHOICE, "latin", 0, 0, numerals,
	    N_("digits 0-9 (latin), or those of the language (native)") },
	{ "dates", OPTION_CHOICE, "auto", 0, 0, dates,
	    N_("days as 2026-10-25 (iso), 25-10-2026 (day) or 25 Oct 2026 "
	    "(name); auto: day in locales of India, else iso") },
	{ "read_only", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("yes: look only; what would change something is refused") },
	{ "color", OPTION_CHOICE, "auto", 0, 0, when,
	    N_("auto: on terminals, unless NO_COLOR says no; or always, "
	    "never") },
	{ "ascii", OPTION_CHOICE, "auto", 0, 0, auto_yes_no,
	    N_("yes: nothing but ASCII is shown; auto: where the locale is "
	    "not UTF-8") },
	{ "pager", OPTION_TEXT, "", 0, 0, NULL,
	    N_("command that long output on a terminal goes through; empty: "
	    "BAHI_PAGER, PAGER or less; -: none") },
	{ "slow", OPTION_CHOICE, "auto", 0, 0, auto_yes_no,
	    N_("yes: send less; auto: when the terminal answers late") },
	{ "theme", OPTION_CHOICE, "auto", 0, 0, themes,
	    N_("colours for a dark or light background, high contrast or "
	    "none") },
	{ "mouse", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("a click goes to its row, the wheel scrolls") },
	{ "screen_reader", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("for who has the screen read aloud: no borders, no moving "
	    "parts") },
	{ "restore", OPTION_CHOICE, "ask", 0, 0, restores,
	    N_("where you were when the line dropped: ask, yes or no") },
	{ "restricted", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("yes: as a login shell; no other program, no file but in "
	    "export_dir") },
	{ "export_dir", OPTION_PATH, "", 0, 0, NULL,
	    N_("the one folder of a restricted session; empty: ~/exports") },
	{ "client", OPTION_TEXT, "", 0, 0, NULL,
	    N_("name that bahid client add gave this program, for url") },
	{ "client_secret", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file with its secret") },
	{ "seal", OPTION_CHOICE, "session", 0, 0, seals,
	    N_("files of the console: sealed with a key that goes with the "
	    "login (session), or with one that is kept; no: not sealed") },
	{ "ca", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of the authorities that vouch for the server of url; "
	    "empty: the system's") },
	{ "pin", OPTION_TEXT, "", 0, 0, NULL,
	    N_("key that the server of url must have, as bahi pin says it; "
	    "empty: any that is vouched for") },
	{ "cert", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of your certificate, where the server asks for one") },
	{ "key", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file of its key") },
};

#define SYSTEM_CONFIG "/etc/bahi/bahi.conf"

const size_t n_ui_options = sizeof(ui_options) / sizeof(ui_options[0]);

/* With a token that is got, and not one that is kept in a file. */
static bool
log_in(const struct options *options, struct arena *arena,
    struct http_place *out, struct err *e)
{
	const char *client = options_text(options, "client");
	const char *path = options_text(options, "client_secret");
	struct span secret;

	if (options_text(options, "token")[0] != '\0')
		return err_set(e, ERR_CONFIG,
		    "token and client: one of them, not both");
	if (path[0] == '\0')
		return err_set(e, ERR_CONFIG, "client needs client_secret");
	if (!secret_read(path, arena, &secret, e))
		return false;
	out->login = login_of(out->url, client, arena_strndup(arena,
	    secret.p, secret.n));
	return true;
}

/* Several may be good, while a key is changed: joined by `;`. */
static bool
judge_pin(const char *pin, struct err *e)
{
	unsigned char hash[SHA256_SIZE];
	size_t n = sizeof hash;

	while (*pin != '\0') {
		size_t length = strcspn(pin, ";");

		if (length < 8 || strncmp(pin, "sha256//", 8) != 0 ||
		    !digest_unbase64((struct span){ pin + 8, length - 8 },
		    hash, &n) || n != sizeof hash)
			return err_set(e, ERR_CONFIG, "pin: %.80s is not "
			    "sha256// and a hash as bahi pin prints", pin);
		pin += length;
		pin += *pin == ';';
	}
	return true;
}

static bool
read_key(const struct options *options, struct arena *arena,
    struct http_place *out, struct err *e)
{
	const char *key = options_text(options, "key");
	struct span text;

	if ((key[0] == '\0') != (out->cert[0] == '\0'))
		return err_set(e, ERR_CONFIG, "cert and key go together");
	if (key[0] == '\0')
		return true;
	if (!secret_read(key, arena, &text, e))
		return false;
	out->key = arena_strndup(arena, text.p, text.n);
	return true;
}

bool
options_place(const struct options *options, struct arena *arena,
    struct http_place *out, struct err *e)
{
	const char *url = options_text(options, "url");
	const char *token = options_text(options, "token");
	struct span secret = { 0 };

	*out = (struct http_place){ .read_only = strcmp(options_text(options,
	    "read_only"), "yes") == 0 };
	if (url[0] == '\0') {
		out->socket = options_text(options, "socket");
		return true;
	}
	out->url = url;
	out->ca = options_text(options, "ca");
	out->pin = options_text(options, "pin");
	out->cert = options_text(options, "cert");
	if (!judge_pin(out->pin, e) || !read_key(options, arena, out, e))
		return false;
	if (options_text(options, "client")[0] != '\0')
		return log_in(options, arena, out, e);
	if (token[0] == '\0')
		return true;
	if (!secret_read(token, arena, &secret, e))
		return false;
	out->token = arena_strndup(arena, secret.p, secret.n);
	return true;
}

/* A folder of the XDG kind. NULL: nobody says where. */
static const char *
xdg(struct arena *arena, const char *name, const char *below)
{
	const char *base = getenv(name), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return base;
	return home == NULL ? NULL : arena_printf(arena, "%s/%s", home,
	    below);
}

/* With those above it that are missing. */
static bool
make_folder(struct arena *arena, const char *path, struct err *e)
{
	for (const char *at = strchr(path + 1, '/'); at != NULL;
	    at = strchr(at + 1, '/')) {
		const char *one = arena_strndup(arena, path,
		    (size_t)(at - path));

		if (access(one, F_OK) != 0 && !file_mkdir(one, 0700, e))
			return false;
	}
	return file_mkdir(path, 0700, e);
}

static bool
place_of(struct arena *arena, const char *name, const char *below,
    const char *file, const char **path, struct err *e)
{
	const char *base = xdg(arena, name, below);

	if (base == NULL)
		return err_set(e, ERR_CONFIG, "neither %s nor HOME is set",
		    name);
	base = arena_printf(arena, "%s/bahi", base);
	*path = arena_printf(arena, "%s/%s", base, file);
	return make_folder(arena, base, e);
}

bool
options_cache(const struct options *options, struct arena *arena,
    const char **path, struct err *e)
{
	*path = options_text(options, "cache");
	return (*path)[0] != '\0' || place_of(arena, "XDG_CACHE_HOME",
	    ".cache", "cache.db", path, e);
}

bool
options_state(const struct options *options, struct arena *arena,
    const char *name, const char **path, struct err *e)
{
	(void)options;
	return place_of(arena, "XDG_STATE_HOME", ".local/state", name, path,
	    e);
}

/* ---- files ------------------------------------------------------------- */

const char *
options_own(struct arena *arena)
{
	const char *base = xdg(arena, "XDG_CONFIG_HOME", ".config");

	return base == NULL ? "" : arena_printf(arena, "%s/bahi/bahi.conf",
	    base);
}

bool
options_open(struct options **out, const char *named, struct err *e)
{
	struct arena *arena;
	const char *own;
	bool ok;

	if (named != NULL) {
		if (!options_read(out, ui_options, n_ui_options, named, e))
			return false;
		keyring_use(*out);
		return true;
	}
	options_new(out, ui_options, n_ui_options);
	arena = arena_new();
	own = options_own(arena);
	ok = (access(SYSTEM_CONFIG, F_OK) != 0 ||
	    options_layer(*out, SYSTEM_CONFIG, e)) &&
	    (own[0] == '\0' || restricted_on() || strcmp(options_text(*out,
	    "restricted"), "yes") == 0 || access(own, F_OK) != 0 ||
	    options_layer(*out, own, e));
	arena_free(&arena);
	if (!ok)
		options_free(out);
	else
		keyring_use(*out);
	return ok;
}

static bool
is(const struct options *options, const char *name, const char *value)
{
	return strcmp(options_text(options, name), value) == 0;
}

static enum choice_of
choice(const struct options *options, const char *name)
{
	return is(options, name, "yes") ? TERM_YES :
	    is(options, name, "no") ? TERM_NO : TERM_AUTO;
}

void
options_wish(const struct options *options, struct term_wish *out)
{
	*out = (struct term_wish){
		.theme = is(options, "color", "never") ? "mono" :
		    options_text(options, "theme"),
		.colour = is(options, "color", "always"),
		.slow = choice(options, "slow"),
		.ascii = choice(options, "ascii"),
		.mouse = is(options, "mouse", "yes"),
		.reader = is(options, "screen_reader", "yes")
	};
}
