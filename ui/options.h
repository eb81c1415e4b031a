#ifndef BAHI_UI_OPTIONS_H
#define BAHI_UI_OPTIONS_H
/* Settings of bahi.conf, and what follows from them. */
#include "core/option.h"
#include "ui/term.h"
#include "wire/wire.h"

extern const struct option_info ui_options[];
extern const size_t n_ui_options;

/* Of the file named, or else of /etc/bahi/bahi.conf and over it the person's
 * own, $XDG_CONFIG_HOME/bahi/bahi.conf, where they are. */
MUST_CHECK bool options_open(struct options **, const char *named,
	struct err *);
/* The person's own file; "": neither XDG_CONFIG_HOME nor HOME is set. */
const char *options_own(struct arena *);
/* What must not be lost: $XDG_STATE_HOME/bahi/NAME; the folder is made. */
MUST_CHECK bool options_state(const struct options *, struct arena *,
	const char *name, const char **path, struct err *);

/* Texts are the options' or the arena's; the token file is read. */
MUST_CHECK bool options_place(const struct options *, struct arena *,
	struct http_place *, struct err *);
/* The cache's file; its folder is made when it is the usual one. */
MUST_CHECK bool options_cache(const struct options *, struct arena *,
	const char **path, struct err *);
/* How the terminal is to be used; texts are the options'. */
void options_wish(const struct options *, struct term_wish *);

#endif
