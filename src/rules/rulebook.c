/*
 * Reading rule files.  All of them are read, split and prepared in a sandbox
 * before any is used, so that a broken file never replaces a good one.
 */
#include "rules/rulebook.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>

#include "book/document_gst.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/json.h"
#include "core/map.h"
#include "core/vec.h"
#include "rules/sandbox.h"

#define FILES_MAX 2000
#define SIZE_MAX_FILE 65536
#define SECTIONS_MAX 10000
#define DEPTH_MAX 4

struct rulebook {
	atomic_int users;
	struct arena *arena;
	struct map *files;	/* name -> text, sorted by name */
	struct map *sections;	/* file NUL name -> struct section */
	struct schemas *schemas;
	size_t n;
	char digest[SHA256_HEX];
	struct str json;
	int64_t newest;		/* mtime, nanoseconds */
	unsigned owner;		/* of that file */
	size_t count;
};

/* ---- the folder ------------------------------------------------------- */

struct walk {
	struct vec names;	/* of char *, relative */
	struct arena *arena;
	int64_t newest;
	unsigned owner;
};

static bool walk(struct walk *, const char *root, const char *below,
    int depth, struct err *);

static bool
walk_one(struct walk *w, const char *root, const char *name, int depth,
    struct err *e)
{
	const char *path = arena_printf(w->arena, "%s/%s", root, name);
	size_t n = strlen(name);
	struct stat st;
	char **slot;
	int64_t at;

	if (stat(path, &st) != 0)
		return err_set(e, ERR_SYSTEM, "%s: %s", path,
		    strerror(errno));
	if (S_ISDIR(st.st_mode))
		return depth >= DEPTH_MAX || walk(w, root, name, depth + 1,
		    e);
	if (!S_ISREG(st.st_mode) || n < 5 ||
	    (strcmp(name + n - 4, ".sql") != 0 && !schemas_is(name)))
		return true;
	slot = vec_add(&w->names);
	if (slot == NULL)
		return err_set(e, ERR_RULE, "more than %d rule files",
		    FILES_MAX);
	*slot = arena_strdup(w->arena, name);
	at = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	if (at > w->newest) {
		w->newest = at;
		w->owner = st.st_uid;
	}
	return true;
}

static bool
walk(struct walk *w, const char *root, const char *below, int depth,
    struct err *e)
{
	const char *path = arena_printf(w->arena, "%s/%s", root, below);
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return err_set(e, ERR_RULE, "%s: %s", path, strerror(errno));
	while (ok && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		ok = walk_one(w, root, below[0] != '\0' ?
		    arena_printf(w->arena, "%s/%s", below, entry->d_name) :
		    entry->d_name, depth, e);
	}
	closedir(dir);
	return ok;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
walk_all(struct walk *w, const char *root, struct err *e)
{
	vec_init(&w->names, sizeof(char *), FILES_MAX);
	w->arena = arena_new();
	w->newest = 0;
	if (!walk(w, root, "", 0, e))
		return false;
	if (w->names.n > 1)
		qsort(w->names.p, w->names.n, sizeof(char *), compare);
	return true;
}

static void
walk_free(struct walk *w)
{
	vec_free(&w->names);
	arena_free(&w->arena);
}

/* ---- splitting -------------------------------------------------------- */

static struct span
key_of(struct rulebook *book, const char *file, const char *name)
{
	size_t a = strlen(file) + 1, b = strlen(name);
	char *key = arena_alloc(book->arena, a + b + 1);

	memcpy(key, file, a);
	memcpy(key + a, name, b);
	return (struct span){ key, a + b };
}

static bool
add_section(struct rulebook *book, const struct section *found,
    struct err *e)
{
	struct section *section = arena_alloc(book->arena, sizeof *section);
	struct span key = key_of(book, found->file, found->name);

	if (map_find(book->sections, key) != NULL)
		return err_set(e, ERR_RULE, "%s:%u: %s is there twice",
		    found->file, found->line, found->name);
	if (book->n >= SECTIONS_MAX)
		return err_set(e, ERR_RULE, "more than %d sections",
		    SECTIONS_MAX);
	*section = *found;
	section->index = book->n++;
	map_set(book->sections, key, section);
	return true;
}

static bool
says_nothing(const char *text)
{
	static const char MARK[] = "-- posts: nothing\n";

	return strncmp(text, MARK, sizeof MARK - 1) == 0 ||
	    strstr(text, "\n-- posts: nothing\n") != NULL;
}

static bool
split(struct rulebook *book, const char *file, const char *text,
    struct err *e)
{
	struct section_walk walk = { .file = file, .text = text };
	struct section section;
	bool any = false;

	while (section_next(&walk, book->arena, &section)) {
		any = true;
		if (!add_section(book, &section, e))
			return false;
	}
	return any || says_nothing(text) || err_set(e, ERR_RULE,
	    "%s:1: no `-- name:` line", file);
}

/* ---- judging ---------------------------------------------------------- */

static const char *const header_columns[] = { "kind", "entity", "number",
	"date", "party", "currency", "total", "tax", "channel", "reference",
	"memo", "base_version", "revision", "part", "order_number",
	"after_kind", "after_number", "batch", "control_count",
	"control_total", "posting_date", "void", NULL };
static const char *const line_columns[] = { "type", "account", "party",
	"cost_centre", "tax_code", "item", "location", "memo", "quantity",
	"amount", "cost", "part", "hsn", "unit", "supply", "head", NULL };
/* and the members of struct document_gst */
static const char *const gst_columns[] = { "part", NULL };
static const char *const bank_columns[] = { "says", "entity", "account",
	"holder", "day", "currency", "amount", "text", "reference", "party",
	"count", NULL };
static const char *const entry_columns[] = { "account", "party",
	"cost_centre", "tax_code", "item", "location", "memo", "currency",
	"amount", NULL };

static const char *const hold_columns[] = { "why", "condition", NULL };

static const struct {
	const char *folder, *name;
	const char *const *columns;
	bool optional;
} kinds[] = {
	{ "map/", "header", header_columns, false },
	{ "map/", "lines", line_columns, false },
	{ "map/", "gst", gst_columns, true },
	{ "map/", "bank", bank_columns, true },
	{ "post/", "entries", entry_columns, false },
	{ "policy/", "holds", hold_columns, false },
};

static const char *const *
columns_of(const struct section *section)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(section->file, kinds[i].folder,
		    strlen(kinds[i].folder)) == 0 &&
		    strcmp(section->name, kinds[i].name) == 0)
			return kinds[i].columns;
	return NULL;
}

static bool
judge_columns(const struct section *section, sqlite3_stmt *stmt,
    struct err *e)
{
	const char *const *columns = columns_of(section);

	if (columns == NULL)
		return err_set(e, ERR_RULE, "%s:%u: no section %s belongs "
		    "here", section->file, section->line, section->name);
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const char *name = sqlite3_column_name(stmt, i);

		if (!section_lists(columns, name) && (columns != gst_columns ||
		    document_gst_find(name) == NULL))
			return err_set(e, ERR_RULE,
			    "%s:%u: unknown column %.60s in %s",
			    section->file, section->line, name,
			    section->name);
	}
	return true;
}

static bool
judge_section(struct sandbox *sandbox, const struct section *section,
    struct err *e)
{
	sqlite3_stmt *stmt;
	bool ok = section_prepare(sandbox, section, &stmt, e);

	if (!ok)
		return false;
	ok = judge_columns(section, stmt, e);
	sqlite3_finalize(stmt);
	return ok;
}

static bool
judge_file(const struct rulebook *book, const char *file, struct err *e)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!kinds[i].optional && strncmp(file, kinds[i].folder,
		    strlen(kinds[i].folder)) == 0 &&
		    !rulebook_posts_nothing(book, file) &&
		    rulebook_find(book, file, kinds[i].name) == NULL)
			return err_set(e, ERR_RULE,
			    "%s:1: the section %s is missing", file,
			    kinds[i].name);
	return true;
}

static bool
judge(const struct rulebook *book, struct err *e)
{
	struct sandbox sandbox;
	struct span key;
	void *value;
	bool ok = true;

	sandbox_open(&sandbox);
	for (size_t at = 0; ok && map_next(book->sections, &at, &key,
	    &value);)
		ok = judge_section(&sandbox, value, e);
	for (size_t at = 0; ok && map_next(book->files, &at, &key, &value);)
		ok = judge_file(book, key.p, e);
	sandbox_close(&sandbox);
	return ok;
}

/* ---- making ----------------------------------------------------------- */

static struct rulebook *
new_book(void)
{
	struct rulebook *book = calloc(1, sizeof *book);

	if (book == NULL)
		bug("out of memory");
	atomic_init(&book->users, 1);
	book->arena = arena_new();
	book->files = map_new();
	book->sections = map_new();
	book->schemas = schemas_new();
	str_init(&book->json, (size_t)FILES_MAX * SIZE_MAX_FILE * 2);
	return book;
}

struct rulebook *
rulebook_hold(struct rulebook *book)
{
	atomic_fetch_add(&book->users, 1);
	return book;
}

void
rulebook_drop(struct rulebook **bp)
{
	struct rulebook *book = *bp;

	*bp = NULL;
	if (book == NULL || atomic_fetch_sub(&book->users, 1) > 1)
		return;
	map_free(&book->files, NULL);
	map_free(&book->sections, NULL);
	schemas_free(&book->schemas);
	str_free(&book->json);
	arena_free(&book->arena);
	free(book);
}

static bool
add_file(struct rulebook *book, const char *name, const char *text,
    struct err *e)
{
	name = arena_strdup(book->arena, name);
	text = arena_strdup(book->arena, text);
	map_set(book->files, span_of(name), (void *)text);
	return schemas_add(book->schemas, name, text, e) &&
	    (schemas_is(name) || split(book, name, text, e));
}

/* Files come in sorted order, so equal rules are equal bytes. */
static bool
finish(struct rulebook **out, struct rulebook *book, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	struct json j;
	struct span key;
	void *value;

	if (!judge(book, e) || !schemas_bound(book->schemas, e)) {
		rulebook_drop(&book);
		return false;
	}
	json_start(&j, &book->json);
	json_open(&j, '{');
	for (size_t at = 0; map_next(book->files, &at, &key, &value);)
		json_kstr(&j, key.p, value);
	json_close(&j, '}');
	digest_sha256(str_span(&book->json), digest);
	digest_hex(digest, SHA256_SIZE, book->digest);
	rulebook_drop(out);
	*out = book;
	return true;
}

bool
rulebook_load(struct rulebook **out, const char *dir, struct err *e)
{
	struct rulebook *book = new_book();
	struct walk w;
	bool ok = walk_all(&w, dir, e);

	for (size_t i = 0; ok && i < w.names.n; i++) {
		const char *name = *(char **)vec_at(&w.names, i);
		struct span text = { 0 };

		ok = file_read(arena_printf(w.arena, "%s/%s", dir, name),
		    SIZE_MAX_FILE, w.arena, &text, e) &&
		    add_file(book, name, text.p, e);
	}
	book->newest = w.newest;
	book->owner = w.owner;
	book->count = w.names.n;
	walk_free(&w);
	if (ok)
		return finish(out, book, e);
	rulebook_drop(&book);
	return false;
}

bool
rulebook_parse(struct rulebook **out, struct span files, struct err *e)
{
	struct rulebook *book = new_book();
	cJSON *tree = json_parse(files);
	const cJSON *file;
	bool ok = tree != NULL || err_set(e, ERR_CORRUPT, "kept rules");

	cJSON_ArrayForEach(file, tree) {
		if (ok)
			ok = cJSON_IsString(file) && add_file(book,
			    file->string, file->valuestring, e);
	}
	cJSON_Delete(tree);
	if (ok)
		return finish(out, book, e);
	rulebook_drop(&book);
	return false;
}

bool
rulebook_changed(const struct rulebook *book, const char *dir)
{
	struct err ignored = { 0 };
	struct walk w;
	bool changed = !walk_all(&w, dir, &ignored) ||
	    w.newest != book->newest || w.names.n != book->count;

	walk_free(&w);
	return changed;
}

unsigned
rulebook_owner(const struct rulebook *book)
{
	return book->owner;
}

const char *
rulebook_digest(const struct rulebook *book)
{
	return book->digest;
}

struct span
rulebook_files(const struct rulebook *book)
{
	return str_span(&book->json);
}

const struct section *
rulebook_find(const struct rulebook *book, const char *file,
    const char *name)
{
	char key[512];
	size_t a = strlen(file) + 1, b = strlen(name);

	if (a + b > sizeof key)
		return NULL;
	memcpy(key, file, a);
	memcpy(key + a, name, b);
	return map_find(book->sections, (struct span){ key, a + b });
}

bool
rulebook_posts_nothing(const struct rulebook *book, const char *file)
{
	const char *text = map_find(book->files, span_of(file));

	return strncmp(file, "post/", 5) == 0 && text != NULL &&
	    says_nothing(text);
}

size_t
rulebook_sections(const struct rulebook *book)
{
	return book->n;
}

const struct schemas *
rulebook_schemas(const struct rulebook *book)
{
	return book->schemas;
}

const char *
rulebook_schema(const struct rulebook *book, const char *name)
{
	return schemas_text(book->schemas, name);
}

const char *
rulebook_next_schema(const struct rulebook *book, size_t *at)
{
	return schemas_next(book->schemas, at);
}
