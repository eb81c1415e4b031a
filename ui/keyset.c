#include "ui/keyset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/panes.h"

#define PLACES_MAX 200

bool
keyset_read(struct arena *arena, const char *name, struct key_report *report,
    struct err *e)
{
	const char *folder = getenv("BAHI_DATADIR");
	/* A set is a word; of bahi.conf it comes with that file's folder. */
	const char *slash = strrchr(name, '/');
	const char *word = slash != NULL ? slash + 1 : name;

	keys_reset();
	if (word[0] == '\0' || strcmp(word, "default") == 0)
		return true;
	if (strcmp(word, "vi") == 0)
		name = arena_printf(arena, "%s/keys/vi.keys",
		    folder != NULL ? folder : BAHI_DATADIR);
	return keys_read(name, report, e);
}

const char *
keyset_own(struct arena *arena)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return arena_printf(arena, "%s/bahi/keys", base);
	return home == NULL ? NULL :
	    arena_printf(arena, "%s/.config/bahi/keys", home);
}

void
keyset_judge(struct key_report *report)
{
	struct key_place places[PLACES_MAX];
	size_t n = 0;

	for (; panes[n] != NULL && n < PLACES_MAX; n++)
		places[n] = (struct key_place){ panes[n]->name,
		    panes[n]->can };
	keys_judge(places, n, report);
}

bool
keyset_open(const struct options *options, struct key_report *report,
    struct err *e)
{
	const char *own = keyset_own(report->arena);

	if (!keyset_read(report->arena, options_text(options, "keys"),
	    report, e) || (own != NULL && access(own, F_OK) == 0 &&
	    !keys_read(own, report, e)))
		return false;
	keyset_judge(report);
	return true;
}
