/* What Odoo has: by our reference, by number, by days, by account. */
#include "targets/odoo.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"

#define BODY_MAX ((size_t)1 << 20)
#define FIND 100		/* references of one question */
#define FOUND_MAX 2000		/* moves of one question */

static const char *const move_fields[] = { "name", "ref", "state", "date",
    "write_date", "write_uid", "narration" };
static const char *const line_fields[] = { "move_id", "account_id",
    "partner_id", "debit", "credit", "amount_currency", "currency_id",
    "analytic_distribution", "name" };

#define COUNT(a) (sizeof (a) / sizeof *(a))

/* ---- lines ------------------------------------------------------------ */

/* All numbers that rows name under a member. */
static bool
learn_of(struct target *t, enum odoo_kind kind, const cJSON *rows,
    const char *member, struct arena *arena, struct err *e)
{
	size_t n = 0;
	int64_t *ids = arena_alloc(arena, ((size_t)cJSON_GetArraySize(rows) +
	    1) * sizeof *ids);
	const cJSON *row, *share;

	cJSON_ArrayForEach(row, rows) {
		const cJSON *at = json_at(row, member);

		if (!cJSON_IsObject(at)) {
			ids[n++] = odoo_id(at);
			continue;
		}
		share = at->child;
		if (share != NULL && share->next == NULL)
			ids[n++] = strtoll(share->string, NULL, 10);
	}
	return odoo_learn_ids(t, kind, ids, n, arena, e);
}

/* Sections and notes among the lines have none. */
static void
term_account(struct json *j)
{
	json_open(j, '[');
	json_str(j, "account_id");
	json_str(j, "!=");
	json_bool(j, false);
	json_close(j, ']');
}

/* Whose lines are asked for. */
struct filling {
	struct target *target;
	struct arena *arena;
	struct remote *moves;
	const int64_t *ids;
};

static bool
some_lines(void *asking, size_t at, size_t n, struct err *e)
{
	const struct filling *f = asking;
	struct target *t = f->target;
	struct arena *arena = f->arena;
	const struct odoo *odoo = t->state;
	const int64_t *ids = f->ids + at;
	struct odoo_answer answer;
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	json_key(&j, "domain");
	json_open(&j, '[');
	odoo_term_ids(&j, "move_id", ids, n);
	term_account(&j);
	json_close(&j, ']');
	odoo_texts(&j, "fields", line_fields, COUNT(line_fields));
	json_kstr(&j, "order", "id asc");
	json_close(&j, '}');
	ok = odoo_rows(t, "account.move.line/search_read", &body, arena,
	    &answer, e) &&
	    learn_of(t, ODOO_ACCOUNT, answer.root, "account_id", arena, e) &&
	    learn_of(t, ODOO_PARTNER, answer.root, "partner_id", arena, e) &&
	    learn_of(t, ODOO_ANALYTIC, answer.root, "analytic_distribution",
	    arena, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = odoo_read_lines(&odoo->names, answer.root, ids[i], arena,
		    &f->moves[at + i]) || err_set(e, ERR_UNREACHABLE,
		    "account.move.line: no account or amount");
	odoo_done(&answer);
	str_free(&body);
	return ok;
}

/* ---- moves ------------------------------------------------------------ */

/* Opens the body of a search of moves of the company; its caller adds terms
 * and gives it to search_end. */
static void
search_begin(struct target *t, struct json *j, struct str *body)
{
	const struct odoo *odoo = t->state;

	str_init(body, BODY_MAX);
	odoo_begin(t, j, body);
	json_key(j, "domain");
	json_open(j, '[');
	odoo_term_int(j, "company_id", "=", odoo->company);
}

/* *last: the number of the last one, of as many as limit; else 0. */
static bool
search_end(struct target *t, struct json *j, struct str *body, int limit,
    struct arena *arena, struct remote **out, size_t *n, int64_t *last,
    struct err *e)
{
	struct odoo_answer answer;
	int64_t ids[FOUND_MAX];
	const cJSON *row;
	bool ok;

	*n = 0;
	*last = 0;
	json_close(j, ']');
	odoo_texts(j, "fields", move_fields, COUNT(move_fields));
	json_kstr(j, "order", "id asc");
	json_kint(j, "limit", limit);
	json_close(j, '}');
	ok = odoo_rows(t, "account.move/search_read", body, arena, &answer,
	    e);
	if (ok && cJSON_GetArraySize(answer.root) > limit)
		ok = err_set(e, ERR_UNREACHABLE,
		    "account.move: more than were asked for");
	*out = arena_alloc(arena, ((size_t)limit + 1) * sizeof **out);
	if (ok)
		cJSON_ArrayForEach(row, answer.root) {
			ok = ok && odoo_read_move(row, arena, &(*out)[*n]);
			ids[(*n)++] = odoo_id(json_at(row, "id"));
		}
	if (!ok)
		err_set(e, ERR_UNREACHABLE,
		    "account.move: a row without state, day or version");
	if (ok && *n == (size_t)limit)
		*last = ids[*n - 1];
	odoo_done(&answer);
	str_free(body);
	return ok && ask_parts(*n, FOUND_MAX, some_lines,
	    &(struct filling){ t, arena, *out, ids }, e);
}

bool
odoo_moves(struct target *t, const int64_t *ids, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	struct str body;
	struct json j;
	int64_t last;

	search_begin(t, &j, &body);
	odoo_term_ids(&j, "id", ids, n);
	return search_end(t, &j, &body, (int)n + 1, arena, out, n_out, &last,
	    e);
}

static bool
find_some(void *asking, size_t at, size_t n, struct err *e)
{
	struct searching *s = asking;
	struct remote *some;
	struct str body;
	struct json j;
	int64_t last;
	size_t k;

	search_begin(s->target, &j, &body);
	odoo_term_texts(&j, "ref", s->references + at, n);
	if (!search_end(s->target, &j, &body, FOUND_MAX - 1, s->arena, &some,
	    &k, &last, e))
		return false;
	if (last != 0)
		return err_set(e, ERR_TOO_LARGE,
		    "account.move: more than %d of these references",
		    FOUND_MAX);
	searching_add(s, some, k);
	return true;
}

bool
odoo_find(struct target *t, const char *const *references, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	*n_out = 0;
	return odoo_ready(t, e) && find_parts(t, references, n, FIND,
	    find_some, arena, out, n_out, e);
}

bool
odoo_reach(struct target *t, const char *series, struct arena *arena,
    const char **last, struct err *e)
{
	static const char *const ref[] = { "ref" };
	struct odoo_answer answer;
	struct str body;
	struct json j;
	bool ok;

	if (!odoo_ready(t, e))
		return false;
	search_begin(t, &j, &body);
	odoo_term(&j, "ref", "=like", arena_printf(arena, "%s"
	    POSTING_DIGITS, series));
	json_close(&j, ']');
	odoo_texts(&j, "fields", ref, 1);
	json_kstr(&j, "order", "ref desc");
	json_kint(&j, "limit", 1);
	json_close(&j, '}');
	ok = odoo_rows(t, "account.move/search_read", &body, arena, &answer,
	    e);
	if (ok)
		*last = answer.root->child == NULL ? "" : reach_said(
		    json_word(answer.root->child, "ref"), arena);
	odoo_done(&answer);
	str_free(&body);
	return ok;
}

/* Those of others that were cancelled never counted. */
static void
sift(struct remote *list, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (list[i].state != REMOTE_CANCELLED ||
		    *list[i].reference != '\0')
			list[kept++] = list[i];
	*n = kept;
}

bool
odoo_list(struct target *t, struct day from, struct day to,
    const char **cursor, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	static const char *const states[] = { "posted", "cancel" };
	int64_t last;
	struct str body;
	struct json j;

	*n_out = 0;
	if (!odoo_ready(t, e))
		return false;
	search_begin(t, &j, &body);
	odoo_term(&j, "date", ">=", from.text);
	odoo_term(&j, "date", "<=", to.text);
	odoo_term_texts(&j, "state", states, 2);
	if (strcmp(options_text(t->conf->options, "strangers"), "list") != 0)
		odoo_term(&j, "ref", "=like", "bahi-%");
	if (**cursor != '\0')
		odoo_term_int(&j, "id", ">", strtoll(*cursor, NULL, 10));
	if (!search_end(t, &j, &body, ODOO_PAGE, arena, out, n_out, &last, e))
		return false;
	*cursor = last > 0 ? arena_printf(arena, "%lld", (long long)last) :
	    "";
	sift(*out, n_out);
	return true;
}

/* ---- by account ------------------------------------------------------- */

bool
odoo_balances(struct target *t, struct day day, struct arena *arena,
    struct remote_balance **out, size_t *n_out, struct err *e)
{
	static const char *const by[] = { "account_id" };
	static const char *const sums[] = { "debit:sum", "credit:sum" };
	const struct odoo *odoo = t->state;
	struct odoo_answer answer;
	struct str body;
	struct json j;
	bool ok;

	*n_out = 0;
	if (!odoo_ready(t, e))
		return false;
	search_begin(t, &j, &body);
	odoo_term(&j, "parent_state", "=", "posted");
	odoo_term(&j, "date", "<=", day.text);
	term_account(&j);
	json_close(&j, ']');
	odoo_texts(&j, "groupby", by, 1);
	odoo_texts(&j, "aggregates", sums, 2);
	json_close(&j, '}');
	ok = odoo_rows(t, "account.move.line/formatted_read_group", &body,
	    arena, &answer, e) &&
	    learn_of(t, ODOO_ACCOUNT, answer.root, "account_id", arena, e) &&
	    (odoo_read_balances(&odoo->names, answer.root, arena, out, n_out)
	    || err_set(e, ERR_UNREACHABLE, "account.move.line: no sum"));
	odoo_done(&answer);
	str_free(&body);
	return ok;
}
