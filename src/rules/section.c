/* Cutting a file of named SELECTs, and making one of them ready. */
#include "rules/section.h"

#include <string.h>

static const char MARK[] = "-- name: ";

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

static bool
is_mark(const char *line)
{
	return strncmp(line, MARK, sizeof MARK - 1) == 0;
}

bool
section_next(struct section_walk *walk, struct arena *arena,
    struct section *out)
{
	const char *line = walk->at, *end;

	if (line == NULL) {
		line = walk->text;
		walk->line = 1;
	}
	for (; *line != '\0' && !is_mark(line); line = next_line(line))
		walk->line++;
	if (*line == '\0')
		return false;
	*out = (struct section){ .file = walk->file,
	    .name = arena_strndup(arena, line + sizeof MARK - 1,
		strcspn(line + sizeof MARK - 1, " \r\n")),
	    .line = ++walk->line };
	line = next_line(line);
	for (end = line; *end != '\0' && !is_mark(end); end = next_line(end))
		walk->line++;
	out->sql = arena_strndup(arena, line, (size_t)(end - line));
	walk->at = end;
	return true;
}

static unsigned
line_at(const struct section *section, int offset)
{
	unsigned line = section->line;

	for (int i = 0; i < offset && section->sql[i] != '\0'; i++)
		line += section->sql[i] == '\n';
	return line;
}

static bool
only_space(const char *text)
{
	while (*text != '\0') {
		if (strncmp(text, "--", 2) == 0)
			text += strcspn(text, "\n");
		else if (strchr(" \t\r\n;", *text) != NULL)
			text++;
		else
			return false;
	}
	return true;
}

bool
section_prepare(struct sandbox *sandbox, const struct section *section,
    sqlite3_stmt **out, struct err *e)
{
	const char *rest = "";

	if (sqlite3_prepare_v3(sandbox->db, section->sql, -1,
	    SQLITE_PREPARE_PERSISTENT, out, &rest) != SQLITE_OK)
		return err_set(e, ERR_RULE, "%s:%u: %s", section->file,
		    line_at(section, sqlite3_error_offset(sandbox->db)),
		    sqlite3_errmsg(sandbox->db));
	if (*out == NULL)
		return err_set(e, ERR_RULE, "%s:%u: %s is empty",
		    section->file, section->line, section->name);
	if (only_space(rest))
		return true;
	sqlite3_finalize(*out);
	*out = NULL;
	return err_set(e, ERR_RULE, "%s:%u: more than one statement in %s",
	    section->file, line_at(section, (int)(rest - section->sql)),
	    section->name);
}

bool
section_lists(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}
