#ifndef BAHI_UI_RESTRICTED_H
#define BAHI_UI_RESTRICTED_H
/*
 * As a login shell, or behind ForceCommand of sshd: no other program, no
 * setting of whoever logs in, and no file but in one folder. Else all of it
 * changes nothing.
 */
#include "core/option.h"
#include "ui/split.h"

/* Before anything else: whether it is one. Then the environment is cleaned and
 * argv is what is allowed of what was asked for. Exit status when that is
 * refused; else -1. */
int restricted_enter(int *argc, char ***argv);
/* When the settings are read: they may say so, too; the folder. */
MUST_CHECK bool restricted_settle(const struct options *, struct err *);
bool restricted_on(void);
/* A verb and its words, as a person typed them: nothing that the settings
 * have decided. */
MUST_CHECK bool restricted_words(const struct split *, struct err *);

/* What a person typed for a file or folder; restricted: beneath the folder,
 * also through links. All that they name goes this way. */
MUST_CHECK bool restricted_path(struct arena *, const char *typed,
	const char **out, struct err *);
MUST_CHECK bool restricted_read(const char *typed, size_t max,
	struct arena *, struct span *, struct err *);

#endif
