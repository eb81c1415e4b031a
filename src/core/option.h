#ifndef BAHI_CORE_OPTION_H
#define BAHI_CORE_OPTION_H
/*
 * Settings: `name = value` lines, `#` comments. The program gives the table;
 * an unknown name, a value out of range or a name given twice is refused with
 * file and line. bahid.conf(5) and `--dump=options` come from the table.
 */
#include <stdint.h>
#include "core/arena.h"

enum option_kind { OPTION_TEXT, OPTION_PATH, OPTION_COUNT, OPTION_CHOICE };

struct option_info {
	const char *name;
	enum option_kind kind;
	const char *value;		/* default; NULL: none */
	int64_t least, most;		/* OPTION_COUNT */
	const char *const *choices;	/* OPTION_CHOICE, NULL ended */
	const char *help;
};

struct options;

MUST_CHECK bool options_read(struct options **, const struct option_info *,
	size_t n, const char *path, struct err *);
/* Only the defaults; then file by file, the later ones over the earlier. */
void options_new(struct options **, const struct option_info *, size_t n);
MUST_CHECK bool options_layer(struct options *, const char *path,
	struct err *);
void options_free(struct options **);
MUST_CHECK bool options_set(struct options *, const char *name,
	const char *value, struct err *);
/* The same, said by `who`; a path is taken from the working directory. */
MUST_CHECK bool options_say(struct options *, const char *name,
	const char *value, const char *who, struct err *);
/* Who said it: "/etc/bahi/bahi.conf:3"; "": it is the default. */
const char *options_origin(const struct options *, const char *name);
/* The file that was read last; "": none. */
const char *options_file(const struct options *);
const char *options_text(const struct options *, const char *name);
int64_t options_count(const struct options *, const char *name);
/* OPTION_PATH: relative ones are taken from the file's own folder. */
/* The one of infos, or NULL. */
const struct option_info *option_find(const struct option_info *, size_t n,
	const char *name);

#endif
