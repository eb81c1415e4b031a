/* Scopes of programs: read, written, compared. */
#include "book/mandate.h"

#include <stdlib.h>

#include "core/str.h"

#define PREFIX "entity:"
#define ENTITY_MAX 60

static bool
has_entity(const struct mandate *m, const char *entity)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->entities[i], entity) == 0)
			return true;
	return false;
}

static bool
add_entity(struct mandate *m, const char *entity, struct err *e)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	size_t n = strlen(entity);

	if (n == 0 || n > ENTITY_MAX || strspn(entity, allowed) != n)
		return err_set(e, ERR_REQUEST, "no code of an entity: %.60s",
		    entity);
	if (has_entity(m, entity))
		return err_set(e, ERR_REQUEST, "%.60s is named twice",
		    entity);
	if (m->n == MANDATE_ENTITIES)
		return err_set(e, ERR_REQUEST, "more than %d entities",
		    MANDATE_ENTITIES);
	m->entities[m->n++] = entity;
	return true;
}

static bool
add_word(struct mandate *m, const char *word, struct err *e)
{
	enum role role;

	if (strncmp(word, PREFIX, strlen(PREFIX)) == 0)
		return add_entity(m, word + strlen(PREFIX), e);
	if (strcmp(word, "read") == 0 && !m->reads_only)
		return m->reads_only = true;
	if (!role_find(word, &role))
		return err_set(e, ERR_REQUEST, "no role: %.60s", word);
	if (m->role != ROLE_NONE)
		return err_set(e, ERR_REQUEST, "more than one role: %.60s",
		    word);
	m->role = role;
	return true;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool
mandate_parse(struct span text, struct arena *arena, struct mandate *out,
    struct err *e)
{
	size_t at = 0;

	*out = (struct mandate){ .role = ROLE_NONE };
	if (text.n > MANDATE_MAX || memchr(text.p, '\0', text.n) != NULL)
		return err_set(e, ERR_REQUEST, "the scope is too long");
	while (at < text.n) {
		size_t end = at;

		while (end < text.n && text.p[end] != ' ')
			end++;
		if (end > at && !add_word(out, arena_strndup(arena,
		    text.p + at, end - at), e))
			return false;
		at = end + 1;
	}
	if (out->n > 1)
		qsort(out->entities, out->n, sizeof *out->entities, compare);
	return out->role != ROLE_NONE ||
	    err_set(e, ERR_REQUEST, "the scope names no role");
}

const char *
mandate_text(const struct mandate *m, struct arena *arena)
{
	struct str text;
	const char *out;

	str_init(&text, (size_t)MANDATE_MAX * 2);
	str_adds(&text, role_name(m->role));
	if (m->reads_only)
		str_adds(&text, " read");
	for (size_t i = 0; i < m->n; i++)
		str_addf(&text, " " PREFIX "%s", m->entities[i]);
	out = arena_strdup(arena, text.p);
	str_free(&text);
	return out;
}

const char *
mandate_entities(const struct mandate *m, struct arena *arena)
{
	struct str text;
	const char *out;

	str_init(&text, MANDATE_MAX);
	for (size_t i = 0; i < m->n; i++)
		str_addf(&text, "%s%s", i > 0 ? " " : "", m->entities[i]);
	out = arena_strdup(arena, text.n > 0 ? text.p : "");
	str_free(&text);
	return out;
}

/* From viewer up each may all that stands before it; what only sends or only
 * sees goods stands beside them. */
static bool
role_covers(enum role has, enum role wants)
{
	return has == wants || has == ROLE_ADMIN ||
	    (wants >= ROLE_VIEWER && has > wants);
}

bool
mandate_covers(const struct mandate *has, const struct mandate *wants)
{
	if (!role_covers(has->role, wants->role) ||
	    (has->reads_only && !wants->reads_only) ||
	    (has->n > 0 && wants->n == 0))
		return false;
	for (size_t i = 0; has->n > 0 && i < wants->n; i++)
		if (!has_entity(has, wants->entities[i]))
			return false;
	return true;
}
