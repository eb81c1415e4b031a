/* Lines of banks beside the ledger, and what people say of them. */
#include "api/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "flow/bank.h"
#include "flow/pump.h"
#include "store/view_bank.h"

#define ANSWER_MAX (16 << 20)
#define CODE_MAX 128
#define MEMO_MAX 500
#define RATE_MAX 100

/* ---- reading ------------------------------------------------------------ */

static bool
read_filter(struct call *call, struct bank_filter *out)
{
	*out = (struct bank_filter){ .entity = call_query(call, "entity"),
	    .account = call_query(call, "account"),
	    .state = call_query(call, "state"),
	    .on = call_query(call, "on"),
	    .after = call_query(call, "after") };
	return limit_of(call, &out->limit);
}

/* None is said, or this. */
static bool
read_day(const char *name, const char *text, struct day *out, struct err *e)
{
	return text == NULL || day_parse(span_of(text), out) || err_set(e,
	    ERR_REQUEST, "%s: YYYY-MM-DD", name);
}

static bool
judge_on(const char *on, struct err *e)
{
	struct day day;

	return read_day("on", on, &day, e);
}

void
bank_lines_get(struct call *call)
{
	struct bank_filter filter;
	struct answer a;

	if (!read_filter(call, &filter))
		return;
	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, judge_on(filter.on, &a.e) && view_bank_lines(
	    call->db, &filter, &a.j, &a.e));
}

void
bank_entries_get(struct call *call)
{
	struct bank_filter filter;
	struct answer a;

	if (!read_filter(call, &filter))
		return;
	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, judge_on(filter.on, &a.e) && view_bank_items(
	    call->db, &filter, &a.j, &a.e));
}

void
bank_line_get(struct call *call)
{
	struct answer a;
	int64_t line;
	bool found, ok;

	if (!parse_id(call->args[0], 'L', &line)) {
		answer_absent(call, "such line");
		return;
	}
	answer_start(&a, ANSWER_MAX);
	ok = view_bank_line(call->db, line, call->arena, &a.j, &found, &a.e);
	answer_end_found(call, &a, ok, found, "such line");
}

void
bank_accounts_get(struct call *call)
{
	struct answer a;

	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, view_bank_accounts(call->db, &a.j, &a.e));
}

static bool
query_day(struct call *call, struct day *out, struct err *e)
{
	const char *on = call_query(call, "on");
	const char *text = call_query(call, "day");

	*out = day_from_time(clock_now());
	if (on != NULL && text != NULL)
		return err_set(e, ERR_REQUEST, "day, or on");
	return read_day("on", on, out, e) && read_day("day", text, out, e);
}

void
bank_ages_get(struct call *call)
{
	struct answer a;
	struct day day;

	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, query_day(call, &day, &a.e) && view_bank_ages(
	    call->db, call_query(call, "entity"), day, call_query(call,
	    "on") != NULL, &a.j, &a.e));
}

/* As two names, or as one: ENTITY/ACCOUNT, or the account alone. */
static void
query_account(struct call *call, const char **entity, const char **account)
{
	const char *of = call_query(call, "of");
	const char *slash = of != NULL ? strchr(of, '/') : NULL;

	*entity = call_query(call, "entity");
	*account = call_query(call, "account");
	if (of != NULL && slash == NULL)
		*account = of;
	if (slash == NULL)
		return;
	*entity = arena_strndup(call->arena, of, (size_t)(slash - of));
	*account = slash + 1;
}

void
bank_statement_get(struct call *call)
{
	const char *entity, *account;
	bool found = false, ok;
	struct answer a;
	struct day day;

	query_account(call, &entity, &account);
	answer_start(&a, ANSWER_MAX);
	ok = query_day(call, &day, &a.e) && view_bank_statement(call->db,
	    entity, account, day, &a.j, &found, &a.e);
	answer_end_found(call, &a, ok, found, "such account of a bank");
}

/* ---- tills and gateways ------------------------------------------------- */

void
bank_tills_get(struct call *call)
{
	const char *month = call_query(call, "month");
	char now[8], day[16];
	struct day parsed;
	struct answer a;
	bool ok;

	day_period(day_from_time(clock_now()), now);
	if (month == NULL)
		month = now;
	snprintf(day, sizeof day, "%.8s-01", month);
	answer_start(&a, ANSWER_MAX);
	ok = (strlen(month) == 7 && day_parse(span_of(day), &parsed)) ||
	    err_set(&a.e, ERR_REQUEST, "month: YYYY-MM");
	answer_end(call, &a, ok && view_bank_tills(call->db, call_query(call,
	    "entity"), month, &a.j, &a.e));
}

void
bank_payouts_get(struct call *call)
{
	struct answer a;
	int limit;

	if (!limit_of(call, &limit))
		return;
	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, view_bank_payouts(call->db, call_query(call,
	    "entity"), call_query(call, "after"), limit, &a.j, &a.e));
}

void
bank_payout_get(struct call *call)
{
	struct answer a;
	bool found = false, ok;

	answer_start(&a, ANSWER_MAX);
	ok = view_bank_payout(call->db, call_query(call, "entity"),
	    call->args[0], &a.j, &found, &a.e);
	answer_end_found(call, &a, ok, found, "such payout with payments");
}

/* ---- saying ------------------------------------------------------------- */

static void
show_said(struct json *j, const void *what)
{
	const struct bank_saying *said = what;
	char id[32];

	snprintf(id, sizeof id, "D%lld", (long long)said->seq);
	json_open(j, '{');
	json_kstr(j, "decision", said->seq != 0 ? id : NULL);
	json_kstr(j, "act", bank_act_name(said->act));
	json_kint(j, "done", said->done);
	json_kint(j, "held", said->held);
	json_kint(j, "left", said->n_left);
	json_key(j, "more");
	json_bool(j, said->more);
	json_key(j, "items");
	json_open(j, '[');
	for (int64_t i = 0; i < said->n_left && i < BANK_LEFT_MAX &&
	    said->left[i].why != NULL; i++) {
		json_open(j, '{');
		snprintf(id, sizeof id, "L%lld",
		    (long long)said->left[i].line);
		json_kstr(j, "line", id);
		json_kstr(j, "why", said->left[i].why);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static bool
say(struct settler *settler, void *what, struct err *e)
{
	return bank_say(settler, what, e);
}

static bool
read_ids(struct arena *arena, const cJSON *list, const char *name,
    char letter, int64_t **out, size_t *n, struct err *e)
{
	int size = cJSON_GetArraySize(list);
	const cJSON *one;

	*n = 0;
	if (size < 1 || size > BANK_SAID_MAX)
		return err_set(e, ERR_REQUEST, "%s: 1 to %d of them", name,
		    BANK_SAID_MAX);
	*out = arena_alloc(arena, (size_t)size * sizeof **out);
	cJSON_ArrayForEach(one, list)
		if (!cJSON_IsString(one) || !parse_id(one->valuestring,
		    letter, &(*out)[(*n)++]))
			return err_set(e, ERR_REQUEST, "%s: %c12", name,
			    letter);
	return true;
}

static bool
read_choice(struct call *call, struct bank_saying *said, const cJSON *tree,
    struct err *e)
{
	struct bank_choice *c = &said->choice;

	if (said->act != BANK_ACCEPT)
		return err_set(e, ERR_REQUEST, "where: of accept only");
	/* What he does not see is not to be accepted by him. */
	if (call->narrow)
		return err_set(e, ERR_FORBIDDEN, "who sees a part names the "
		    "lines");
	said->chosen = true;
	return body_word(tree, "entity", CODE_MAX, said->arena, &c->entity,
	    e) && body_word(tree, "account", CODE_MAX, said->arena,
	    &c->account, e) && body_word(tree, "rule", CODE_MAX, said->arena,
	    &c->rule, e) && body_word(tree, "pattern", CODE_MAX, said->arena,
	    &c->pattern, e);
}

static bool
read_booking(struct bank_saying *said, const cJSON *tree, struct err *e)
{
	struct bank_booking *b = &said->booking;
	struct arena *arena = said->arena;
	const char *rate, *supply;
	struct day day;

	if (!body_word(tree, "account", CODE_MAX, arena, &b->account, e) ||
	    !body_word(tree, "party", CODE_MAX, arena, &b->party, e) ||
	    !body_word(tree, "cost_centre", CODE_MAX, arena, &b->cost_centre,
	    e) || !body_word(tree, "memo", MEMO_MAX, arena, &b->memo, e) ||
	    !body_word(tree, "gst", 3, arena, &rate, e) ||
	    !body_word(tree, "supply", 10, arena, &supply, e) ||
	    !body_word(tree, "into", 10, arena, &b->into, e))
		return false;
	if (b->into != NULL && strcmp(b->into, "next") != 0 &&
	    !day_parse(span_of(b->into), &day))
		return err_set(e, ERR_REQUEST, "into: YYYY-MM-DD, or next");
	if (b->account == NULL)
		return err_set(e, ERR_REQUEST, "account: where to");
	b->inter = supply != NULL && strcmp(supply, "inter") == 0;
	if (supply != NULL && !b->inter && strcmp(supply, "intra") != 0)
		return err_set(e, ERR_REQUEST, "supply: intra or inter");
	b->rate = rate != NULL ? json_digits(tree, "gst") : 0;
	return rate == NULL || (b->rate > 0 && b->rate <= RATE_MAX) ||
	    err_set(e, ERR_REQUEST, "gst: a whole percentage");
}

static bool
read_entries(struct bank_saying *said, const cJSON *tree, struct err *e)
{
	const cJSON *entries = json_at(tree, "entries");

	/* Lines alone: one takes the other back. */
	if ((entries != NULL || said->n_lines < 2) && !read_ids(said->arena,
	    entries, "entries", 'N', &said->items, &said->n_items, e))
		return false;
	return (said->n_lines <= PAIR_MEMBERS &&
	    said->n_items <= PAIR_MEMBERS) || err_set(e, ERR_REQUEST,
	    "at most %d of each side", PAIR_MEMBERS);
}

static bool
read_act(struct call *call, struct bank_saying *said, const cJSON *tree,
    struct err *e)
{
	const cJSON *lines = json_at(tree, "lines");
	const cJSON *where = json_at(tree, "where");

	if ((lines == NULL) == (where == NULL))
		return err_set(e, ERR_REQUEST, "lines, or where");
	if (where != NULL)
		return read_choice(call, said, where, e);
	if (!read_ids(said->arena, lines, "lines", 'L', &said->lines,
	    &said->n_lines, e))
		return false;
	if (said->act == BANK_MATCH)
		return read_entries(said, tree, e);
	if (said->act == BANK_BOOK && said->n_lines > BANK_BOOK_MAX)
		return err_set(e, ERR_REQUEST, "at most %d at once",
		    BANK_BOOK_MAX);
	return said->act != BANK_BOOK || read_booking(said, tree, e);
}

static bool
read_said(struct call *call, const cJSON *tree, void *what, struct err *e)
{
	struct bank_saying *said = what;
	const char *act = json_text(tree, "act");
	const char *of = json_text(tree, "decision");

	if (act == NULL || !bank_act_find(act, &said->act) ||
	    said->act == BANK_PAIR)
		return err_set(e, ERR_REQUEST, "act: there is no such");
	if (!body_reason(tree, said->arena, &said->reason, e))
		return false;
	if (*said->reason == '\0' && said->act == BANK_IGNORE)
		return err_set(e, ERR_REQUEST, "reason: why it is not for "
		    "the books");
	if (said->act == BANK_UNDO)
		return (of != NULL && parse_id(of, 'D', &said->of)) ||
		    err_set(e, ERR_REQUEST, "decision: D12");
	return read_act(call, said, tree, e);
}

void
bank_act_post(struct call *call)
{
	static const struct wording wording = { read_said, say, show_said };
	struct bank_saying *said = arena_alloc(call->arena, sizeof *said);

	said->arena = call->arena;
	said->actor = call->caller.name;
	wording_offer(call, &wording, said);
}
