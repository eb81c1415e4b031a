#ifndef BAHI_CORE_CONF_H
#define BAHI_CORE_CONF_H
/*
 * A folder with one thing a file, NAME.conf: how such a thing is named, as
 * sources and clients are, too, and what tells that one has changed.
 */
#include <stdbool.h>
#include "core/digest.h"
#include "core/span.h"

#define CONF_NAME_SIZE 61	/* with its NUL */

/* a-z 0-9 - _, no - at the start: it is a part of URLs, of paths and of
 * folders of rules. */
bool conf_name_valid(const char *);
/* NAME of NAME.conf. False: the file is none of these. */
bool conf_name_of(const char *file, char name[CONF_NAME_SIZE]);
/* Of when the files were written and of what was found in them: a touch is a
 * wish to try again, too. A file that is not there is as good as any. */
void conf_digest(const char *const *files, size_t n_files,
	const struct span *found, size_t n_found, char out[SHA256_HEX]);

#endif
