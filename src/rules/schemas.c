/*
 * The schemas of one rulebook.  A rule names the schema of its messages in its
 * head, so that both change together and a rebuild judges as was judged then.
 */
#include "rules/schemas.h"

#include <stdlib.h>

#include "core/json.h"
#include "core/map.h"

struct named {
	const char *text;
	struct schema *schema;
};

struct schemas {
	struct map *named;	/* NAME -> struct named */
	struct map *bound;	/* map file -> NAME, copied */
};

struct schemas *
schemas_new(void)
{
	struct schemas *schemas = calloc(1, sizeof *schemas);

	if (schemas == NULL)
		bug("out of memory");
	schemas->named = map_new();
	schemas->bound = map_new();
	return schemas;
}

static void
free_named(void *p)
{
	struct named *named = p;

	schema_free(&named->schema);
	free(named);
}

void
schemas_free(struct schemas **sp)
{
	struct schemas *schemas = *sp;

	if (schemas == NULL)
		return;
	map_free(&schemas->named, free_named);
	map_free(&schemas->bound, free);
	free(schemas);
	*sp = NULL;
}

static const char HEAD[] = "schema/", TAIL[] = ".json";

/* NAME of schema/NAME.json. */
static struct span
name_of(const char *file)
{
	size_t n = strlen(file), fixed = sizeof HEAD + sizeof TAIL - 2;

	if (n <= fixed || strncmp(file, HEAD, sizeof HEAD - 1) != 0 ||
	    strcmp(file + n - (sizeof TAIL - 1), TAIL) != 0)
		return (struct span){ NULL, 0 };
	return (struct span){ file + sizeof HEAD - 1, n - fixed };
}

bool
schemas_is(const char *file)
{
	return name_of(file).p != NULL;
}

static bool
add_schema(struct schemas *schemas, const char *file, const char *text,
    struct err *e)
{
	struct named *named;
	struct schema *schema;
	struct err why = { 0 };

	if (!schema_new(&schema, span_of(text), &why))
		return err_set(e, ERR_RULE, "%s:1: %.300s", file, why.why);
	named = calloc(1, sizeof *named);
	if (named == NULL)
		bug("out of memory");
	named->text = text;
	named->schema = schema;
	map_set(schemas->named, name_of(file), named);
	return true;
}

static void
add_binding(struct schemas *schemas, const char *file, const char *text)
{
	static const char MARK[] = "-- schema: ", END[] = "-- name: ";
	const char *line = text;

	for (; *line != '\0'; line += strcspn(line, "\n"),
	    line += *line == '\n') {
		char *name;

		if (strncmp(line, END, sizeof END - 1) == 0)
			return;
		if (strncmp(line, MARK, sizeof MARK - 1) != 0)
			continue;
		line += sizeof MARK - 1;
		name = strndup(line, strcspn(line, " \r\n"));
		if (name == NULL)
			bug("out of memory");
		map_set(schemas->bound, span_of(file), name);
		return;
	}
}

bool
schemas_add(struct schemas *schemas, const char *file, const char *text,
    struct err *e)
{
	if (schemas_is(file))
		return add_schema(schemas, file, text, e);
	add_binding(schemas, file, text);
	return true;
}

bool
schemas_bound(const struct schemas *schemas, struct err *e)
{
	struct span file;
	void *name;

	for (size_t at = 0; map_next(schemas->bound, &at, &file, &name);)
		if (map_find(schemas->named, span_of(name)) == NULL)
			return err_set(e, ERR_RULE,
			    "%.*s:1: there is no schema/%.60s.json",
			    (int)file.n, file.p, (const char *)name);
	return true;
}

const char *
schemas_text(const struct schemas *schemas, const char *name)
{
	const struct named *named = map_find(schemas->named, span_of(name));

	return named != NULL ? named->text : NULL;
}

const char *
schemas_next(const struct schemas *schemas, size_t *at)
{
	struct span name;
	void *named;

	return map_next(schemas->named, at, &name, &named) ? name.p : NULL;
}

bool
schemas_canonical(const char *file)
{
	static const char OURS[] = "map/events/in_bahi_";

	return strncmp(file, OURS, sizeof OURS - 1) == 0;
}

/* ---- judging ---------------------------------------------------------- */

/* A CloudEvent in one piece carries its message in `data`; what is ours has
 * its paths begin there in every mode, as its rules name fields. */
static const char *
member_of(const char *file, const struct json_tape *tape,
    const char **root)
{
	bool whole = json_member(tape, "specversion").p != NULL;

	*root = whole || schemas_canonical(file) ? "data" : "";
	return whole ? "data" : NULL;
}

void
schemas_check(const struct schemas *schemas, const char *file,
    const struct json_tape *tape, struct arena *arena,
    struct schema_faults *faults)
{
	const char *name = map_find(schemas->bound, span_of(file));
	const char *member, *root;
	const struct named *named;

	*faults = (struct schema_faults){ 0 };
	if (name == NULL)
		return;
	named = map_find(schemas->named, span_of(name));
	member = member_of(file, tape, &root);
	schema_check(named->schema, tape, member, root, arena, faults);
}

/* The rule may have missed the same field: then it only lacks the cause. */
static bool
is_said(struct findings *findings, const struct schema_fault *fault)
{
	const char *path = fault->path;
	const char *field = strncmp(path, "data.", 5) == 0 ? path + 5 : path;

	for (size_t i = 0; i < findings->n; i++) {
		struct finding *f = &findings->items[i];

		if (f->code != FIND_SCHEMA || (strcmp(f->value, path) != 0 &&
		    strcmp(f->value, field) != 0))
			continue;
		if (f->detail[0] == '\0')
			f->detail = fault->rule;
		return true;
	}
	return false;
}

void
schemas_tell(const struct schema_faults *faults, struct arena *arena,
    struct findings *findings)
{
	for (size_t i = 0; i < faults->n; i++) {
		const struct schema_fault *fault = &faults->items[i];

		if (!is_said(findings, fault))
			finding_add(findings, arena, FIND_SCHEMA, fault->path,
			    fault->path, fault->rule);
	}
}
