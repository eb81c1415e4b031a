#include "ui/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/utf8.h"

#define FILE_MAX 65536

static bool
folder_of(struct arena *arena, bool make, const char **out, struct err *e)
{
	const char *base = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME"), *local;

	if (base == NULL || base[0] != '/') {
		if (home == NULL)
			return err_set(e, ERR_CONFIG,
			    "neither XDG_STATE_HOME nor HOME is set");
		local = arena_printf(arena, "%s/.local", home);
		if (make && !file_mkdir(local, 0700, e))
			return false;
		base = arena_printf(arena, "%s/state", local);
	}
	*out = arena_printf(arena, "%s/bahi", base);
	return !make || (file_mkdir(base, 0700, e) &&
	    file_mkdir(*out, 0700, e));
}

static bool
known(const struct reasons *reasons, const char *text)
{
	for (size_t i = 0; i < reasons->n; i++)
		if (strcmp(reasons->items[i], text) == 0)
			return true;
	return false;
}

static void
add(struct reasons *reasons, const char *text)
{
	if (text[0] != '\0' && reasons->n < REASONS_MAX &&
	    !known(reasons, text))
		reasons->items[reasons->n++] = text;
}

void
reasons_read(struct arena *arena, struct reasons *out)
{
	struct err e = { 0 };
	const char *folder;
	struct span text;
	char *next;

	*out = (struct reasons){ .n = 0 };
	if (!folder_of(arena, false, &folder, &e) || !file_read(arena_printf(
	    arena, "%s/reasons", folder), FILE_MAX, arena, &text, &e) ||
	    !utf8_valid(text))
		return;
	next = arena_strndup(arena, text.p, text.n);
	while (next != NULL) {
		char *line = next;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		add(out, line);
	}
}

bool
reasons_add(const char *reason, struct err *e)
{
	struct arena *arena = arena_new();
	struct reasons old, all = { .n = 0 };
	const char *folder;
	struct str text;
	bool ok;

	reasons_read(arena, &old);
	add(&all, reason);
	for (size_t i = 0; i < old.n; i++)
		add(&all, old.items[i]);
	str_init(&text, FILE_MAX);
	for (size_t i = 0; i < all.n; i++)
		str_addf(&text, "%s\n", all.items[i]);
	ok = folder_of(arena, true, &folder, e) && file_write(arena_printf(
	    arena, "%s/reasons", folder), str_span(&text), 0600, e);
	str_free(&text);
	arena_free(&arena);
	return ok;
}
