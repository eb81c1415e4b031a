/*
 * Settings files.  Every fault names file and line; nothing unknown passes,
 * since a mistyped setting that is silently ignored costs somebody a night.
 */
#include "core/option.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/file.h"
#include "core/sealkey.h"
#include "core/secret.h"

#define SETTINGS_MAX 65536

struct options {
	struct arena *arena;
	const struct option_info *infos;
	size_t n;
	const char **values;
	const char **origins;	/* NULL: nobody said anything */
	unsigned *given;	/* in which layer, from 1 */
	unsigned layer;
	const char *folder, *file;
};

const struct option_info *
option_find(const struct option_info *infos, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(infos[i].name, name) == 0)
			return &infos[i];
	return NULL;
}

static size_t
find(const struct options *options, const char *name)
{
	const struct option_info *info = option_find(options->infos,
	    options->n, name);

	return info != NULL ? (size_t)(info - options->infos) : SIZE_MAX;
}

static bool
parse_count(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

static bool
no_choice(const struct option_info *info, const char *value, struct err *e)
{
	char all[200] = "";
	size_t n = 0;

	for (size_t i = 0; info->choices[i] != NULL && n < sizeof all; i++)
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s",
		    i > 0 ? ", " : "", info->choices[i]);
	return err_set(e, ERR_CONFIG, "%s: no such choice: %.40s; there are "
	    "%s", info->name, value, all);
}

static bool
judge(const struct option_info *info, const char *value, struct err *e)
{
	int64_t n;

	if (info->kind == OPTION_COUNT && (!parse_count(value, &n) ||
	    n < info->least || n > info->most))
		return err_set(e, ERR_CONFIG,
		    "%s: %.40s is not between %lld and %lld", info->name,
		    value, (long long)info->least, (long long)info->most);
	if (info->kind == OPTION_CHOICE) {
		for (size_t i = 0; info->choices[i] != NULL; i++)
			if (strcmp(info->choices[i], value) == 0)
				return true;
		return no_choice(info, value, e);
	}
	return true;
}

/* Of the service manager, or asked on the terminal: no path. */
static bool
is_elsewhere(const char *value)
{
	return strncmp(value, SECRET_CREDENTIAL,
	    strlen(SECRET_CREDENTIAL)) == 0 ||
	    strcmp(value, SEALKEY_ASK) == 0 || strncmp(value,
	    SEALKEY_ASK ":", strlen(SEALKEY_ASK ":")) == 0;
}

static const char *
settle_value(struct options *options, size_t i, const char *value)
{
	if (options->infos[i].kind == OPTION_PATH && value[0] != '/' &&
	    value[0] != '\0' && !is_elsewhere(value))
		return arena_printf(options->arena, "%s/%s", options->folder,
		    value);
	return arena_strdup(options->arena, value);
}

bool
options_set(struct options *options, const char *name, const char *value,
    struct err *e)
{
	size_t i = find(options, name);

	if (i == SIZE_MAX)
		return err_set(e, ERR_CONFIG, "no such setting: %.60s", name);
	if (!judge(&options->infos[i], value, e))
		return false;
	options->values[i] = settle_value(options, i, value);
	return true;
}

bool
options_say(struct options *options, const char *name, const char *value,
    const char *who, struct err *e)
{
	const char *folder = options->folder;
	char here[4096];
	bool ok;

	if (getcwd(here, sizeof here) == NULL)
		return err_set(e, ERR_SYSTEM, "working directory: %s",
		    strerror(errno));
	options->folder = here;
	ok = options_set(options, name, value, e);
	options->folder = folder;
	if (ok)
		options->origins[find(options, name)] =
		    arena_strdup(options->arena, who);
	return ok;
}

const char *
options_origin(const struct options *options, const char *name)
{
	size_t i = find(options, name);

	if (i == SIZE_MAX)
		bug("setting %s", name);
	return options->origins[i] != NULL ? options->origins[i] : "";
}

static char *
trim(char *s)
{
	char *end;

	while (*s == ' ' || *s == '\t')
		s++;
	end = s + strlen(s);
	while (end > s && (end[-1] == ' ' || end[-1] == '\t' ||
	    end[-1] == '\r'))
		*--end = '\0';
	return s;
}

static bool
read_line(struct options *options, char *line, const char *origin,
    struct err *e)
{
	char *equals, *name, *value;
	size_t i;

	line = trim(line);
	if (*line == '\0' || *line == '#')
		return true;
	equals = strchr(line, '=');
	if (equals == NULL)
		return err_set(e, ERR_CONFIG, "no = in the line");
	*equals = '\0';
	name = trim(line);
	value = trim(equals + 1);
	if (!options_set(options, name, value, e))
		return false;
	i = find(options, name);
	if (options->given[i] == options->layer)
		return err_set(e, ERR_CONFIG, "%s is given twice", name);
	options->given[i] = options->layer;
	options->origins[i] = origin;
	return true;
}

static bool
read_lines(struct options *options, struct span text, const char *path,
    struct err *e)
{
	unsigned number = 0;
	char *next;

	if (memchr(text.p, '\0', text.n) != NULL)
		return err_set(e, ERR_CONFIG, "%.200s: NUL in the text", path);
	for (char *line = (char *)text.p; line != NULL; line = next) {
		struct err why = { 0 };

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		number++;
		if (!read_line(options, line, arena_printf(options->arena,
		    "%s:%u", path, number), &why))
			return err_set(e, ERR_CONFIG, "%.200s:%u: %.200s",
			    path, number, why.why);
	}
	return true;
}

static void
settle_defaults(struct options *options)
{
	for (size_t i = 0; i < options->n; i++)
		if (options->infos[i].value != NULL &&
		    options->origins[i] == NULL)
			options->values[i] = settle_value(options, i,
			    options->infos[i].value);
}

void
options_new(struct options **out, const struct option_info *infos, size_t n)
{
	struct options *options = calloc(1, sizeof *options);

	if (options == NULL)
		bug("out of memory");
	options->arena = arena_new();
	options->infos = infos;
	options->n = n;
	options->values = arena_alloc(options->arena, n * sizeof(char *));
	options->origins = arena_alloc(options->arena, n * sizeof(char *));
	options->given = arena_alloc(options->arena, n * sizeof(unsigned));
	options->folder = ".";
	options->file = "";
	settle_defaults(options);
	*out = options;
}

bool
options_layer(struct options *options, const char *path, struct err *e)
{
	char *copy = arena_strdup(options->arena, path);
	struct span text;

	options->folder = arena_strdup(options->arena, dirname(copy));
	options->file = arena_strdup(options->arena, path);
	options->layer++;
	return file_read(path, SETTINGS_MAX, options->arena, &text, e) &&
	    read_lines(options, text, path, e);
}

bool
options_read(struct options **out, const struct option_info *infos,
    size_t n, const char *path, struct err *e)
{
	struct options *options;
	bool ok;

	options_new(&options, infos, n);
	if (access(path, F_OK) != 0)
		ok = err_set(e, ERR_CONFIG, "%s is not there; name yours "
		    "with --config FILE", path);
	else
		ok = options_layer(options, path, e);
	settle_defaults(options);
	if (!ok)
		options_free(&options);
	else
		*out = options;
	return ok;
}

void
options_free(struct options **op)
{
	struct options *options = *op;

	if (options == NULL)
		return;
	arena_free(&options->arena);
	free(options);
	*op = NULL;
}

const char *
options_file(const struct options *options)
{
	return options->file;
}

const char *
options_text(const struct options *options, const char *name)
{
	size_t i = find(options, name);

	if (i == SIZE_MAX)
		bug("setting %s", name);
	return options->values[i];
}

int64_t
options_count(const struct options *options, const char *name)
{
	int64_t n;

	if (!parse_count(options_text(options, name), &n))
		bug("setting %s", name);
	return n;
}
