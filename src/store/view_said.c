/*
 * What people said, newest first; and the rules in force, with what came of
 * them lately.
 */
#include "store/show.h"

#include <string.h>

#include "core/digest.h"
#include "core/map.h"
#include "store/views.h"

#define LATELY 20000	/* the last events, of which rules are counted */
#define RULE_NAME 400

/* ---- decisions --------------------------------------------------------- */

/* What it was of: an event and how many more, a table, the rules. */
static void
write_said(struct json *j, struct stmt *s)
{
	const char *what = col_text(s, 4);

	json_open(j, '{');
	show_id(j, "id", strcmp(col_text(s, 1), "decision") == 0 ? 'D' : 'R',
	    col_int(s, 0));
	show_time(j, "at", col_int(s, 2));
	json_kstr(j, "actor", col_text(s, 3));
	json_kstr(j, "action", what[0] != '\0' ? what : col_text(s, 1));
	if (col_int(s, 6) > 0)
		show_id(j, "event", 'E', col_int(s, 6));
	json_kint(j, "events", col_int(s, 5));
	json_kstr(j, "object", col_text(s, 7));
	json_kstr(j, "of", col_text(s, 8));
	json_kstr(j, "reason", col_text(s, 9));
	json_close(j, '}');
}

/* The log is short beside the events; by who it has an index. */
bool
view_decisions(struct db *db, const struct said_filter *f, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT seq, kind, at, actor,"
	    " coalesce(b ->> '$.action', ''),"
	    " coalesce(json_array_length(b, '$.events'), 0),"
	    " coalesce(b ->> '$.events[0]', 0),"
	    " coalesce(b ->> '$.table', b ->> '$.with.source',"
	    " b ->> '$.source', b ->> '$.entity', b ->> '$.gstin', ''),"
	    " coalesce(b ->> '$.run', b ->> '$.of', ''),"
	    " coalesce(b ->> '$.reason', '')"
	    " FROM (SELECT seq, kind, at, actor, CASE WHEN kind = 'rules'"
	    " THEN '{}' ELSE body END AS b FROM log WHERE seq < $1"
	    " AND ($2 IS NULL OR actor = $2) AND at >= $3 AND at < $4"
	    " AND ($5 IS NULL OR (CASE WHEN kind = 'decision' THEN"
	    " body ->> '$.action' ELSE kind END) = $5)"
	    " AND ($6 = 0 OR (kind = 'decision' AND EXISTS (SELECT 1 FROM"
	    " json_each(body, '$.events') m WHERE m.value = $6)))"
	    " ORDER BY seq DESC LIMIT $7)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, f->before > 0 ? f->before : INT64_MAX);
	stmt_text(s, 2, f->actor);
	stmt_int(s, 3, f->from);
	stmt_int(s, 4, f->to);
	stmt_text(s, 5, f->action);
	stmt_int(s, 6, f->event);
	stmt_int(s, 7, f->limit + 1);
	return show_page(j, s, f->limit, 'D', write_said, e);
}

/* ---- rules ------------------------------------------------------------- */

struct lately {			/* what came of one rule */
	int64_t posted, failed, other, last;
};

static struct lately *
lately_of(struct map *rules, struct arena *arena, const char *file)
{
	struct lately *one = map_find(rules, span_of(file));

	if (one == NULL) {
		one = arena_alloc(arena, sizeof *one);
		*one = (struct lately){ 0 };
		map_set(rules, span_of(arena_strdup(arena, file)), one);
	}
	return one;
}

static const char *
map_name(struct arena *arena, const char *source, size_t n,
    const char *topic)
{
	char *name = arena_printf(arena, "map/%.*s/%.200s.sql", (int)n,
	    source, topic);

	for (char *p = strchr(name + 4, '/') + 1; p[4] != '\0'; p++)
		if (*p == '/' || *p == '.')
			*p = '_';
	return name;
}

/* As the runner finds it: its own, its family's, the canonical one. */
static const char *
rule_of(const struct map *files, struct arena *arena, const char *source,
    const char *topic)
{
	const size_t own[] = { strlen(source), strcspn(source, "-") };

	for (size_t i = 0; i < 2; i++) {
		const char *name = map_name(arena, source, own[i], topic);

		if (map_find(files, span_of(name)) != NULL)
			return name;
	}
	return map_name(arena, "events", strlen("events"), topic);
}

static void
count_rule(struct lately *one, const char *state, int64_t n, int64_t last)
{
	if (strcmp(state, "posted") == 0)
		one->posted += n;
	else if (strcmp(state, "failed") == 0)
		one->failed += n;
	else
		one->other += n;
	if (last > one->last)
		one->last = last;
}

static bool
count_lately(struct db *db, const struct map *files, struct map *rules,
    struct arena *arena, struct err *e)
{
	static const char SQL[] = "SELECT source, coalesce(topic, ''),"
	    " coalesce(kind, ''), state, count(*), max(received) FROM"
	    " (SELECT source, topic, kind, state, received FROM event"
	    " ORDER BY seq DESC LIMIT $1) GROUP BY 1, 2, 3, 4";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, LATELY);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *post = arena_printf(arena, "post/%.100s.sql",
		    col_text(s, 2));

		count_rule(lately_of(rules, arena, rule_of(files, arena,
		    col_text(s, 0), col_text(s, 1))), col_text(s, 3),
		    col_int(s, 4), col_int(s, 5));
		if (col_text(s, 2)[0] != '\0')
			count_rule(lately_of(rules, arena, post),
			    col_text(s, 3), col_int(s, 4), col_int(s, 5));
	}
	return step == STEP_DONE;
}

/* "map/pos/payment_success.sql" in its parts. */
static void
write_parts(struct json *j, struct arena *arena, const char *file)
{
	const char *first = strchr(file, '/');
	const char *last = strrchr(file, '/');
	size_t stem;

	if (first == NULL) {
		first = last = file;
	}
	json_kstr(j, "kind", arena_strndup(arena, file,
	    (size_t)(first - file)));
	json_kstr(j, "source", last > first ? arena_strndup(arena, first + 1,
	    (size_t)(last - first) - 1) : "");
	last += *last == '/';
	stem = strcspn(last, ".");
	json_kstr(j, "topic", arena_strndup(arena, last, stem));
}

static void
write_rule(struct json *j, struct arena *arena, const char *file,
    struct span text, const struct lately *one)
{
	static const struct lately none;
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	int64_t lines = 0;

	digest_sha256(text, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	one = one != NULL ? one : &none;
	json_open(j, '{');
	json_kstr(j, "file", file);
	write_parts(j, arena, file);
	json_kstr(j, "digest", hex);
	json_kint(j, "lines", lines);
	json_kint(j, "posted", one->posted);
	json_kint(j, "failed", one->failed);
	json_kint(j, "other", one->other);
	show_time(j, "last", one->last);
	json_close(j, '}');
}

static bool
name_files(struct db *db, const char *digest, struct arena *arena,
    struct map *files, struct err *e)
{
	static const char SQL[] = "SELECT f.key FROM rules r,"
	    " json_each(r.files) f WHERE r.digest = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, digest);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		map_set(files, span_of(arena_strdup(arena, col_text(s, 0))),
		    files);
	return step == STEP_DONE;
}

static bool
write_rules(struct db *db, const char *digest, struct arena *arena,
    const struct map *rules, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT f.key, f.value FROM rules r,"
	    " json_each(r.files) f WHERE r.digest = $1 ORDER BY f.key";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_key(j, "items");
	json_open(j, '[');
	stmt_text(s, 1, digest);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *file = arena_printf(arena, "%.*s", RULE_NAME,
		    col_text(s, 0));

		write_rule(j, arena, file, col_span(s, 1),
		    map_find(rules, span_of(file)));
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
view_rules_now(struct db *db, const char *digest, struct json *j,
    struct err *e)
{
	struct map *files = map_new(), *rules = map_new();
	struct arena *arena = arena_new();
	bool ok;

	json_open(j, '{');
	ok = show_as_of(db, j, e) && name_files(db, digest, arena, files, e)
	    && count_lately(db, files, rules, arena, e);
	if (ok) {
		json_kstr(j, "digest", digest);
		json_kint(j, "lately", LATELY);
		ok = write_rules(db, digest, arena, rules, j, e);
	}
	json_close(j, '}');
	map_free(&files, NULL);
	map_free(&rules, NULL);
	arena_free(&arena);
	return ok;
}
