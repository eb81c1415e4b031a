/* Matches: joined, taken apart, and put back as they were. */
#include "store/bank_inside.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"

/* ---- lists of ids ------------------------------------------------------- */

const char *
bank_ids_write(struct arena *arena, const int64_t *ids, size_t n)
{
	struct str out;
	const char *text;

	str_init(&out, 1 << 20);
	str_addc(&out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_addc(&out, ',');
		str_addi(&out, ids[i]);
	}
	str_addc(&out, ']');
	text = arena_strndup(arena, out.p, out.n);
	str_free(&out);
	return text;
}

bool
bank_ids_of(const cJSON *list, struct arena *arena, int64_t **out, size_t *n)
{
	const cJSON *one;

	*n = 0;
	*out = arena_alloc(arena, ((size_t)cJSON_GetArraySize(list) + 1) *
	    sizeof **out);
	cJSON_ArrayForEach(one, list) {
		if (!cJSON_IsString(one))
			return false;
		(*out)[(*n)++] = strtoll(one->valuestring, NULL, 10);
	}
	return true;
}

static bool
read_ids(const cJSON *list, struct arena *arena, int64_t **out, size_t *n)
{
	return cJSON_IsArray(list) && bank_ids_of(list, arena, out, n);
}

bool
bank_ids_read(const char *text, struct arena *arena, int64_t **out,
    size_t *n)
{
	struct err unread = { 0 };
	cJSON *list = json_strict(span_of(text), &unread);
	bool ok = list != NULL && read_ids(list, arena, out, n);

	cJSON_Delete(list);
	return ok;
}

/* ---- may they be one? --------------------------------------------------- */

struct looking {
	struct arena *arena;
	const char *entity, *account, *currency;
	int64_t off;
	enum bank_open open;
};

static bool
look_one(struct looking *l, struct stmt *s, int64_t id, int sign,
    struct err *e)
{
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	if (step == STEP_FAILED)
		return false;
	if (step == STEP_DONE) {
		l->open = BANK_ABSENT;
		return true;
	}
	if (l->entity == NULL) {
		l->entity = arena_strdup(l->arena, col_text(s, 0));
		l->account = arena_strdup(l->arena, col_text(s, 1));
		l->currency = arena_strdup(l->arena, col_text(s, 2));
	}
	if (col_int(s, 4) != 0)
		l->open = BANK_TAKEN;
	else if (strcmp(l->entity, col_text(s, 0)) != 0 ||
	    strcmp(l->account, col_text(s, 1)) != 0 ||
	    strcmp(l->currency, col_text(s, 2)) != 0 ||
	    __builtin_add_overflow(l->off, sign * col_int(s, 3), &l->off))
		l->open = BANK_APART;
	stmt_reset(s);
	return true;
}

bool
bank_look(struct db *db, const struct bank_pair *pair, enum bank_open *open,
    int64_t *off, const char **entity, const char **account,
    struct arena *arena, struct err *e)
{
	static const char LINE[] = "SELECT entity, account, currency, amount,"
	    " match FROM bank_line WHERE id = $1";
	static const char ITEM[] = "SELECT entity, account, currency, amount,"
	    " match FROM bank_item WHERE id = $1";
	struct looking l = { .arena = arena };

	for (size_t i = 0; i < pair->n_lines && l.open == BANK_OPEN; i++)
		if (!look_one(&l, db_stmt(db, LINE), pair->lines[i], 1, e))
			return false;
	for (size_t i = 0; i < pair->n_items && l.open == BANK_OPEN; i++)
		if (!look_one(&l, db_stmt(db, ITEM), pair->items[i], -1, e))
			return false;
	*open = l.open;
	*off = l.off;
	*entity = l.entity;
	*account = l.account;
	return true;
}

/* ---- joining ------------------------------------------------------------ */

static bool
next_id(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(id), 0) + 1"
	    " FROM bank_match";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, out, e);
}

static bool
set_match(struct books *books, const char *sql, const int64_t *ids,
    size_t n, int64_t match, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct stmt *s = db_stmt(books->db, sql);

		stmt_int(s, 1, ids[i]);
		stmt_int(s, 2, match);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

static const char SET_LINE[] = "UPDATE bank_line SET match = $2"
    " WHERE id = $1";
static const char SET_ITEM[] = "UPDATE bank_item SET match = $2"
    " WHERE id = $1";

static bool
forget_suggestions(struct books *books, const int64_t *lines, size_t n,
    struct err *e)
{
	static const char SQL[] = "DELETE FROM bank_suggestion"
	    " WHERE line = $1";

	for (size_t i = 0; i < n; i++) {
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_int(s, 1, lines[i]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

bool
bank_join(struct books *books, const struct bank_pair *pair,
    const char *entity, const char *account, int64_t off,
    const struct bank_word *word, struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_match VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9, $10, $11)";
	struct stmt *s;
	int64_t id;

	if (!next_id(books->db, &id, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, id);
	stmt_text(s, 2, entity);
	stmt_text(s, 3, account);
	stmt_text(s, 4, pair->rule);
	stmt_text(s, 5, pair->sure);
	stmt_int(s, 6, off);
	stmt_text(s, 7, pair->by != NULL ? pair->by : "");
	stmt_text(s, 8, word->actor);
	stmt_int(s, 9, word->at);
	stmt_text(s, 10, word->reason);
	stmt_int(s, 11, word->seq);
	bank_touch(books, entity, account);
	return stmt_run(s, e) && set_match(books, SET_LINE, pair->lines,
	    pair->n_lines, id, e) && set_match(books, SET_ITEM, pair->items,
	    pair->n_items, id, e) && forget_suggestions(books, pair->lines,
	    pair->n_lines, e);
}

/* ---- taking apart ------------------------------------------------------- */

static bool
members(struct db *db, const char *sql, int64_t match, struct arena *arena,
    int64_t **out, size_t *n, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, PAIR_MEMBERS * sizeof **out);
	stmt_int(s, 1, match);
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < PAIR_MEMBERS)
		(*out)[(*n)++] = col_int(s, 0);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
bank_match_load(struct db *db, int64_t id, struct arena *arena,
    struct bank_kept *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT entity, account, rule, sure, by,"
	    " actor, reason, at, seq FROM bank_match WHERE id = $1";
	static const char LINES[] = "SELECT id FROM bank_line"
	    " WHERE match = $1 AND match > 0 ORDER BY id";
	static const char ITEMS[] = "SELECT id FROM bank_item"
	    " WHERE match = $1 AND match > 0 ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->entity = arena_strdup(arena, col_text(s, 0));
	out->account = arena_strdup(arena, col_text(s, 1));
	out->rule = arena_strdup(arena, col_text(s, 2));
	out->sure = arena_strdup(arena, col_text(s, 3));
	out->by = arena_strdup(arena, col_text(s, 4));
	out->actor = arena_strdup(arena, col_text(s, 5));
	out->reason = arena_strdup(arena, col_text(s, 6));
	out->at = col_int(s, 7);
	out->seq = col_int(s, 8);
	stmt_reset(s);
	return members(db, LINES, id, arena, &out->lines, &out->n_lines, e) &&
	    members(db, ITEMS, id, arena, &out->items, &out->n_items, e);
}

static bool
keep_past(struct books *books, int64_t of, const char *what,
    const char *body, struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_past SELECT $1,"
	    " coalesce(max(n), 0) + 1, $2, $3 FROM bank_past WHERE of = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, of);
	stmt_text(s, 2, what);
	stmt_text(s, 3, body);
	return stmt_run(s, e);
}

static const char *
match_text(struct arena *arena, const struct bank_kept *m)
{
	struct str out;
	struct json j;
	const char *text;

	str_init(&out, 1 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "rule", m->rule);
	json_kstr(&j, "sure", m->sure);
	json_kstr(&j, "by", m->by);
	json_key(&j, "lines");
	json_raw(&j, span_of(bank_ids_write(arena, m->lines, m->n_lines)));
	json_key(&j, "items");
	json_raw(&j, span_of(bank_ids_write(arena, m->items, m->n_items)));
	json_close(&j, '}');
	text = arena_strndup(arena, out.p, out.n);
	str_free(&out);
	return text;
}

bool
bank_speak(struct books *books, const struct bank_kept *m,
    const struct bank_word *word, struct err *e)
{
	static const char SQL[] = "UPDATE bank_line SET actor = $2, at = $3,"
	    " reason = $4, seq = $5 WHERE id = $1";

	for (size_t i = 0; i < m->n_lines; i++) {
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_int(s, 1, m->lines[i]);
		stmt_text(s, 2, word->actor);
		stmt_int(s, 3, word->at);
		stmt_text(s, 4, word->reason);
		stmt_int(s, 5, word->seq);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

bool
bank_part(struct books *books, int64_t id, const struct bank_word *word,
    struct err *e)
{
	static const char SQL[] = "DELETE FROM bank_match WHERE id = $1";
	struct bank_kept m;
	struct stmt *s;
	bool found;

	if (!bank_match_load(books->db, id, books->arena, &m, &found, e))
		return false;
	if (!found)
		return true;
	if (word != NULL && (!bank_speak(books, &m, word, e) ||
	    !keep_past(books, word->seq, "match", match_text(books->arena,
	    &m), e)))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, id);
	bank_touch(books, m.entity, m.account);
	return stmt_run(s, e) && set_match(books, SET_LINE, m.lines,
	    m.n_lines, 0, e) && set_match(books, SET_ITEM, m.items,
	    m.n_items, 0, e);
}

/* ---- words about lines -------------------------------------------------- */

bool
bank_find(struct db *db, int64_t line, struct arena *arena,
    struct bank_standing *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT id, event, match, amount, entity,"
	    " account, currency, number, text, reference, day FROM bank_line"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, line);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct bank_standing){ col_int(s, 0), col_int(s, 1),
	    col_int(s, 2), col_int(s, 3), arena_strdup(arena, col_text(s, 4)),
	    arena_strdup(arena, col_text(s, 5)),
	    arena_strdup(arena, col_text(s, 6)),
	    arena_strdup(arena, col_text(s, 7)),
	    arena_strdup(arena, col_text(s, 8)),
	    arena_strdup(arena, col_text(s, 9)), { "" } };
	(void)day_parse(col_span(s, 10), &out->day);
	stmt_reset(s);
	return true;
}

/* As it stands, for whoever takes this back. */
static bool
keep_line(struct books *books, const struct bank_standing *line, int64_t of,
    struct err *e)
{
	return keep_past(books, of, "line", arena_printf(books->arena,
	    "[%lld,%lld]", (long long)line->id, (long long)line->match), e);
}

static bool
word_line(struct books *books, const struct bank_standing *line,
    int64_t match, const char *number, const struct bank_word *word,
    struct err *e)
{
	static const char SQL[] = "UPDATE bank_line SET match = $2,"
	    " number = $3, actor = $4, at = $5, reason = $6, seq = $7"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, line->id);
	stmt_int(s, 2, match);
	stmt_text(s, 3, number);
	stmt_text(s, 4, word->actor);
	stmt_int(s, 5, word->at);
	stmt_text(s, 6, word->reason);
	stmt_int(s, 7, word->seq);
	bank_touch(books, line->entity, line->account);
	return stmt_run(s, e) && forget_suggestions(books, &line->id, 1, e);
}

bool
bank_ignore(struct books *books, int64_t line, bool ignore,
    const struct bank_word *word, struct err *e)
{
	struct bank_standing standing;
	bool found;

	if (!bank_find(books->db, line, books->arena, &standing, &found, e))
		return false;
	return !found || (keep_line(books, &standing, word->seq, e) &&
	    word_line(books, &standing, ignore ? -1 : 0, standing.number,
	    word, e));
}

static bool
learn(struct books *books, const struct bank_standing *line,
    const char *code, struct err *e)
{
	static const char SQL[] = "INSERT INTO bank_habit VALUES ($1, $2, $3,"
	    " $4, $5, 1) ON CONFLICT DO UPDATE SET n = n + 1";
	char pattern[PAIR_PATTERN];
	struct stmt *s;

	pair_pattern(line->text, pattern);
	if (pattern[0] == '\0')
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, line->entity);
	stmt_text(s, 2, line->account);
	stmt_text(s, 3, pattern);
	stmt_int(s, 4, line->amount < 0 ? -1 : 1);
	stmt_text(s, 5, code);
	return stmt_run(s, e);
}

bool
bank_expect(struct books *books, const struct bank_standing *line,
    const char *number, const char *code, const struct bank_word *word,
    struct err *e)
{
	return learn(books, line, code, e) && word_line(books, line, 0,
	    number, word, e);
}

/* ---- taking back -------------------------------------------------------- */

/* Matches that the decision made. */
static bool
undo_made(struct books *books, int64_t of, const struct bank_word *word,
    int64_t *done, struct err *e)
{
	static const char SQL[] = "SELECT id FROM bank_match WHERE seq = $1"
	    " ORDER BY id";
	int64_t *ids;
	size_t n;

	do {
		if (!members(books->db, SQL, of, books->arena, &ids, &n, e))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!bank_part(books, ids[i], word, e))
				return false;
		*done += (int64_t)n;
	} while (n == PAIR_MEMBERS);
	return true;
}

static bool
rejoin(struct books *books, const cJSON *tree, const struct bank_word *word,
    bool *done, struct err *e)
{
	struct bank_pair pair = { .rule = json_text(tree, "rule"),
	    .sure = json_text(tree, "sure"), .by = json_text(tree, "by") };
	const char *entity, *account;
	int64_t *lines, *items, off;
	enum bank_open open;

	if (pair.rule == NULL || pair.sure == NULL ||
	    !read_ids(json_at(tree, "lines"), books->arena, &lines,
	    &pair.n_lines) || !read_ids(json_at(tree, "items"), books->arena,
	    &items, &pair.n_items))
		return err_set(e, ERR_CORRUPT, "a match that was taken apart");
	pair.lines = lines;
	pair.items = items;
	if (!bank_look(books->db, &pair, &open, &off, &entity, &account,
	    books->arena, e))
		return false;
	*done = open == BANK_OPEN && pair.n_lines > 0 &&
	    (pair.n_items > 0 || (pair.n_lines > 1 && off == 0));
	return !*done || bank_join(books, &pair, entity, account, off, word,
	    e);
}

static bool
restore_line(struct books *books, int64_t of, const cJSON *list,
    const struct bank_word *word, bool *done, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM bank_line WHERE id = $1"
	    " AND seq = $2 AND match <= 0";
	struct bank_standing line;
	int64_t *was;
	struct stmt *s;
	size_t n;

	if (!read_ids(list, books->arena, &was, &n) || n != 2)
		return err_set(e, ERR_CORRUPT, "what was said of a line");
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, was[0]);
	stmt_int(s, 2, of);
	if (!stmt_found(s, done, e))
		return false;
	return !*done || (bank_find(books->db, was[0], books->arena, &line,
	    done, e) && keep_line(books, &line, word->seq, e) &&
	    word_line(books, &line, was[1], line.number, word, e));
}

static bool
undo_past(struct books *books, int64_t of, struct stmt *s,
    const struct bank_word *word, bool *done, struct err *e)
{
	bool match = strcmp(col_text(s, 0), "match") == 0;
	struct err unread = { 0 };
	cJSON *tree = json_strict(col_span(s, 1), &unread);
	bool ok = tree != NULL ? match ? rejoin(books, tree, word, done, e) :
	    restore_line(books, of, tree, word, done, e) : err_set(e,
	    ERR_CORRUPT, "what a decision took back");

	cJSON_Delete(tree);
	return ok;
}

bool
bank_undo(struct books *books, int64_t of, const struct bank_word *word,
    int64_t *done, int64_t *kept, struct err *e)
{
	static const char SQL[] = "SELECT what, body FROM bank_past"
	    " WHERE of = $1 ORDER BY n DESC";
	struct stmt *s;
	enum step step;

	*done = *kept = 0;
	if (!undo_made(books, of, word, done, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, of);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		bool one = false;

		if (!undo_past(books, of, s, word, &one, e)) {
			stmt_reset(s);
			return false;
		}
		*done += one;
		*kept += !one;
	}
	return step == STEP_DONE;
}

/* ---- choosing ----------------------------------------------------------- */

bool
bank_gather(struct db *db, const struct bank_choice *choice, int64_t *lines,
    size_t max, size_t *n, bool *more, struct err *e)
{
	static const char SQL[] = "SELECT l.id, l.text FROM bank_suggestion g"
	    " CROSS JOIN bank_line l ON l.id = g.line"
	    " WHERE g.n = 1 AND l.match = 0 AND (g.code <> '' OR g.alike = 0)"
	    " AND ($1 IS NULL OR l.entity = $1)"
	    " AND ($2 IS NULL OR l.account = $2)"
	    " AND ($3 IS NULL OR g.rule = $3) ORDER BY g.line";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*more = false;
	stmt_text(s, 1, choice->entity);
	stmt_text(s, 2, choice->account);
	stmt_text(s, 3, choice->rule);
	while ((step = stmt_step(s, e)) == STEP_ROW && !*more) {
		char pattern[PAIR_PATTERN];

		pair_pattern(col_text(s, 1), pattern);
		if (choice->pattern != NULL && strcmp(pattern,
		    choice->pattern) != 0)
			continue;
		*more = *n == max;
		if (!*more)
			lines[(*n)++] = col_int(s, 0);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
bank_first(struct db *db, int64_t line, struct arena *arena,
    struct bank_pair *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT rule, sure, by, lines, items"
	    " FROM bank_suggestion WHERE line = $1 AND n = 1 AND code = ''";
	struct stmt *s = db_stmt(db, SQL);
	int64_t *lines = NULL, *items = NULL;
	enum step step;
	bool ok;

	stmt_int(s, 1, line);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct bank_pair){ .rule = arena_strdup(arena, col_text(s, 0)),
	    .sure = arena_strdup(arena, col_text(s, 1)),
	    .by = arena_strdup(arena, col_text(s, 2)) };
	ok = bank_ids_read(col_text(s, 3), arena, &lines, &out->n_lines) &&
	    bank_ids_read(col_text(s, 4), arena, &items, &out->n_items);
	out->lines = lines;
	out->items = items;
	stmt_reset(s);
	return ok || err_set(e, ERR_CORRUPT, "a suggestion");
}
