#include "ui/stanza.h"

#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/utf8.h"

#define FILE_MAX (256 << 10)

struct stanza *
stanzas_find(struct stanzas *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->items[i].name, name) == 0)
			return &all->items[i];
	return NULL;
}

struct stanza *
stanzas_add(struct stanzas *all, const char *name)
{
	struct stanza *one = stanzas_find(all, name);

	if (one == NULL && all->n < STANZAS_MAX)
		one = &all->items[all->n++];
	if (one != NULL)
		*one = (struct stanza){ .name = name };
	return one;
}

void
stanzas_drop(struct stanzas *all, const char *name)
{
	struct stanza *one = stanzas_find(all, name);
	size_t at;

	if (one == NULL)
		return;
	at = (size_t)(one - all->items);
	all->n--;
	memmove(one, one + 1, (all->n - at) * sizeof *one);
}

const char *
stanza_value(const struct stanza *stanza, const char *name)
{
	for (size_t i = 0; i < stanza->n; i++)
		if (strcmp(stanza->pairs[i].name, name) == 0)
			return stanza->pairs[i].value;
	return "";
}

void
stanza_set(struct stanza *stanza, const char *name, const char *value)
{
	for (size_t i = 0; i < stanza->n; i++)
		if (strcmp(stanza->pairs[i].name, name) == 0) {
			stanza->pairs[i].value = value;
			return;
		}
	if (stanza->n < STANZA_PAIRS && value[0] != '\0')
		stanza->pairs[stanza->n++] = (struct stanza_pair){ name,
		    value };
}

/* ---- the file ---------------------------------------------------------- */

static bool
printable(const char *line)
{
	for (; *line != '\0'; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			return false;
	return true;
}

/* A line, cut up in place. False: it is neither a name nor a value of the one
 * before. */
static bool
read_line(struct stanzas *all, struct stanza **now, char *line)
{
	size_t n = strlen(line);
	char *equals;

	if (line[0] == '#' || n == 0)
		return true;
	if (!printable(line))
		return false;
	if (line[0] == '[') {
		*now = NULL;
		if (n < 3 || line[n - 1] != ']' || all->n == STANZAS_MAX)
			return false;
		line[n - 1] = '\0';
		*now = stanzas_add(all, line + 1);
		return true;
	}
	equals = strstr(line, " = ");
	if (equals == NULL || *now == NULL || (*now)->n == STANZA_PAIRS)
		return false;
	*equals = '\0';
	stanza_set(*now, line, equals + 3);
	return true;
}

void
stanzas_read(const char *path, struct arena *arena, struct stanzas *out)
{
	struct err e = { 0 };
	struct stanza *now = NULL;
	unsigned number = 0;
	struct span text;
	char *next;

	out->n = 0;
	out->bad = 0;
	if (!file_read(path, FILE_MAX, arena, &text, &e)) {
		out->bad = access(path, F_OK) == 0;
		return;
	}
	if (!utf8_valid(text)) {
		out->bad = 1;
		return;
	}
	next = arena_strndup(arena, text.p, text.n);
	while (next != NULL) {
		char *line = next;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		number++;
		if (!read_line(out, &now, line) && out->bad == 0)
			out->bad = number;
	}
}

bool
stanzas_write(const char *path, const struct stanzas *all, struct err *e)
{
	struct str text;
	bool ok;

	str_init(&text, FILE_MAX);
	for (size_t i = 0; i < all->n; i++) {
		const struct stanza *one = &all->items[i];

		str_addf(&text, "%s[%s]\n", i > 0 ? "\n" : "", one->name);
		for (size_t k = 0; k < one->n; k++)
			if (one->pairs[k].value[0] != '\0')
				str_addf(&text, "%s = %s\n",
				    one->pairs[k].name, one->pairs[k].value);
	}
	ok = !text.over || err_set(e, ERR_TOO_LARGE, "%.300s", path);
	ok = ok && file_write(path, str_span(&text), 0600, e);
	str_free(&text);
	return ok;
}
