/* A file of SELECTs that a target speaks by; all of them are judged before
 * the first is run. */
#include "rules/phrases.h"

#include <stdlib.h>

#include "core/file.h"
#include "rules/section.h"

#define PHRASES_SIZE_MAX 65536
#define PHRASES_MAX 32
#define PHRASE_COLUMNS_MAX 24

struct phrase {
	struct section section;
	sqlite3_stmt *stmt;
	const char *names[PHRASE_COLUMNS_MAX];
	int n_names;
};

struct phrases {
	struct sandbox sandbox;
	struct arena *arena;
	struct phrase all[PHRASES_MAX];
	size_t n;
};

/* ---- reading ---------------------------------------------------------- */

static const struct phrase_shape *
shape_of(const struct phrase_shape *shapes, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(shapes[i].section, name) == 0)
			return &shapes[i];
	return NULL;
}

static bool
judge_columns(struct phrases *phrases, struct phrase *phrase,
    const struct phrase_shape *shape, struct err *e)
{
	int n = sqlite3_column_count(phrase->stmt);

	if (n > PHRASE_COLUMNS_MAX)
		return err_set(e, ERR_RULE, "%s:%u: more than %d columns",
		    phrase->section.file, phrase->section.line,
		    PHRASE_COLUMNS_MAX);
	for (int i = 0; i < n; i++) {
		const char *name = sqlite3_column_name(phrase->stmt, i);

		if (!section_lists(shape->columns, name))
			return err_set(e, ERR_RULE,
			    "%s:%u: unknown column %.60s in %s",
			    phrase->section.file, phrase->section.line, name,
			    phrase->section.name);
		phrase->names[i] = arena_strdup(phrases->arena, name);
	}
	phrase->n_names = n;
	return true;
}

static struct phrase *
find(const struct phrases *phrases, const char *name)
{
	for (size_t i = 0; i < phrases->n; i++)
		if (strcmp(phrases->all[i].section.name, name) == 0)
			return (struct phrase *)&phrases->all[i];
	return NULL;
}

static bool
add(struct phrases *phrases, const struct section *section,
    const struct phrase_shape *shapes, size_t n, struct err *e)
{
	const struct phrase_shape *shape = shape_of(shapes, n, section->name);
	struct phrase *phrase = &phrases->all[phrases->n];

	if (shape == NULL || phrases->n == PHRASES_MAX)
		return err_set(e, ERR_RULE, "%s:%u: no section %.60s belongs "
		    "here", section->file, section->line, section->name);
	if (find(phrases, section->name) != NULL)
		return err_set(e, ERR_RULE, "%s:%u: %s is there twice",
		    section->file, section->line, section->name);
	phrases->n++;
	phrase->section = *section;
	return section_prepare(&phrases->sandbox, section, &phrase->stmt,
	    e) && judge_columns(phrases, phrase, shape, e);
}

bool
phrases_open(struct phrases **out, const char *path,
    const struct phrase_shape *shapes, size_t n, struct err *e)
{
	struct phrases *phrases = calloc(1, sizeof *phrases);
	struct section_walk walk = { .file = path };
	struct section section;
	struct span text;
	bool ok;

	if (phrases == NULL)
		bug("out of memory");
	phrases->arena = arena_new();
	sandbox_open(&phrases->sandbox);
	ok = file_read(path, PHRASES_SIZE_MAX, phrases->arena, &text, e);
	walk.text = ok ? text.p : "";
	walk.file = arena_strdup(phrases->arena, path);
	while (ok && section_next(&walk, phrases->arena, &section))
		ok = add(phrases, &section, shapes, n, e);
	if (ok && phrases->n == 0)
		ok = err_set(e, ERR_RULE, "%s:1: no `-- name:` line", path);
	*out = phrases;
	if (!ok)
		phrases_close(out);
	return ok;
}

void
phrases_close(struct phrases **pp)
{
	struct phrases *phrases = *pp;

	if (phrases == NULL)
		return;
	*pp = NULL;
	for (size_t i = 0; i < phrases->n; i++)
		sqlite3_finalize(phrases->all[i].stmt);
	sandbox_close(&phrases->sandbox);
	arena_free(&phrases->arena);
	free(phrases);
}

bool
phrases_has(const struct phrases *phrases, const char *section)
{
	return find(phrases, section) != NULL;
}

/* ---- running ---------------------------------------------------------- */

static void
bind(sqlite3_stmt *stmt, const struct phrase_word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int at = sqlite3_bind_parameter_index(stmt, words[i].name);

		if (at > 0 && words[i].text.p != NULL)
			sqlite3_bind_text64(stmt, at, words[i].text.p,
			    words[i].text.n, SQLITE_STATIC, SQLITE_UTF8);
	}
}

static bool
failed(const struct phrases *phrases, const struct phrase *phrase, int rc,
    struct err *e)
{
	return err_set(e, ERR_RULE, "%s:%u: %s: %s", phrase->section.file,
	    phrase->section.line, phrase->section.name,
	    rc == SQLITE_INTERRUPT ? "took more steps or memory than a rule "
	    "may" : sqlite3_errmsg(phrases->sandbox.db));
}

/* A double is refused: whatever it was, it is not what was written. */
static bool
read_row(const struct phrase *phrase, struct arena *arena,
    struct phrase_row *out, struct err *e)
{
	const char **texts = arena_alloc(arena,
	    ((size_t)phrase->n_names + 1) * sizeof *texts);

	for (int i = 0; i < phrase->n_names; i++) {
		int type = sqlite3_column_type(phrase->stmt, i);
		const char *text;

		if (type == SQLITE_NULL)
			continue;
		if (type != SQLITE_TEXT && type != SQLITE_INTEGER)
			return err_set(e, ERR_RULE,
			    "%s:%u: %s is neither text nor a whole number",
			    phrase->section.file, phrase->section.line,
			    phrase->names[i]);
		text = (const char *)sqlite3_column_text(phrase->stmt, i);
		texts[i] = arena_strdup(arena, text);
	}
	*out = (struct phrase_row){ phrase->names, texts,
	    (size_t)phrase->n_names };
	return true;
}

/* Doubled as they come: a page has a hundred, most others one. */
static struct phrase_row *
grow(struct phrase_row *rows, size_t n, size_t *room, struct arena *arena)
{
	struct phrase_row *more;

	if (n < *room)
		return rows;
	*room = *room * 2 + 1;
	more = arena_alloc(arena, *room * sizeof *more);
	if (n > 0)
		memcpy(more, rows, n * sizeof *more);
	return more;
}

static bool
gather(struct phrases *phrases, struct phrase *phrase, size_t most,
    struct arena *arena, struct phrase_row **rows, size_t *n, struct err *e)
{
	size_t room = 0;
	int rc;

	*n = 0;
	*rows = NULL;
	while ((rc = sqlite3_step(phrase->stmt)) == SQLITE_ROW) {
		if (*n == most)
			return err_set(e, ERR_RULE,
			    "%s:%u: %s gives more than %zu rows",
			    phrase->section.file, phrase->section.line,
			    phrase->section.name, most);
		*rows = grow(*rows, *n, &room, arena);
		if (!read_row(phrase, arena, &(*rows)[(*n)++], e))
			return false;
	}
	return rc == SQLITE_DONE || failed(phrases, phrase, rc, e);
}

bool
phrases_run(struct phrases *phrases, const char *section,
    const struct phrase_word *words, size_t n_words, size_t most,
    struct arena *arena, struct phrase_row **rows, size_t *n, struct err *e)
{
	struct phrase *phrase = find(phrases, section);
	bool ok;

	if (phrase == NULL)
		return err_set(e, ERR_RULE, "there is no section %s",
		    section);
	phrases->sandbox.arena = arena;
	sandbox_start(&phrases->sandbox);
	bind(phrase->stmt, words, n_words);
	ok = gather(phrases, phrase, most, arena, rows, n, e);
	sqlite3_reset(phrase->stmt);
	sqlite3_clear_bindings(phrase->stmt);
	return ok;
}

const char *
phrase_text(const struct phrase_row *row, const char *name)
{
	for (size_t i = 0; i < row->n; i++)
		if (strcmp(row->names[i], name) == 0)
			return row->texts[i];
	return NULL;
}
