#ifndef BAHI_UI_OPTIONS_H
#define BAHI_UI_OPTIONS_H
/* Settings of bahi.conf, and what follows from them. */
#include "core/option.h"
#include "wire/wire.h"

extern const struct option_info ui_options[];
extern const size_t n_ui_options;

/* Texts are the options' or the arena's; the token file is read. */
MUST_CHECK bool options_place(const struct options *, struct arena *,
	struct http_place *, struct err *);
/* The cache's file; its folder is made when it is the usual one. */
MUST_CHECK bool options_cache(const struct options *, struct arena *,
	const char **path, struct err *);

#endif
