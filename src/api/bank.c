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
#define REASON_MAX 2000
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
	    .after = call_query(call, "after") };
	return limit_of(call, &out->limit);
}

void
bank_lines_get(struct call *call)
{
	struct bank_filter filter;
	struct answer a;

	if (!read_filter(call, &filter))
		return;
	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, view_bank_lines(call->db, &filter, &a.j, &a.e));
}

void
bank_entries_get(struct call *call)
{
	struct bank_filter filter;
	struct answer a;

	if (!read_filter(call, &filter))
		return;
	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, view_bank_items(call->db, &filter, &a.j, &a.e));
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
	const char *text = call_query(call, "day");

	*out = day_from_time(clock_now());
	return text == NULL || day_parse(span_of(text), out) || err_set(e,
	    ERR_REQUEST, "day: YYYY-MM-DD");
}

void
bank_ages_get(struct call *call)
{
	struct answer a;
	struct day day;

	answer_start(&a, ANSWER_MAX);
	answer_end(call, &a, query_day(call, &day, &a.e) && view_bank_ages(
	    call->db, call_query(call, "entity"), day, &a.j, &a.e));
}

/* As two names, or as one: ENTITY/ACCOUNT. */
static void
query_account(struct call *call, const char **entity, const char **account)
{
	const char *of = call_query(call, "of");
	const char *slash = of != NULL ? strchr(of, '/') : NULL;

	*entity = call_query(call, "entity");
	*account = call_query(call, "account");
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

struct saying {
	struct request *request;
	struct bank_saying said;
};

static void
write_said(struct json *j, const struct bank_saying *said)
{
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

/* On the writer's thread. */
static bool
say(struct settler *settler, void *arg)
{
	struct saying *job = arg;
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (!bank_say(settler, &job->said, &e)) {
		request_fail(job->request, &e);
		return false;
	}
	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	write_said(&j, &job->said);
	request_answer(job->request, 200, "application/json",
	    str_span(&out));
	str_free(&out);
	return false;
}

static bool
read_text(struct arena *arena, const cJSON *tree, const char *name,
    size_t most, const char **out, struct err *e)
{
	const char *text = json_text(tree, name);

	if (text != NULL && strlen(text) > most)
		return err_set(e, ERR_REQUEST, "%s: at most %zu bytes", name,
		    most);
	*out = text != NULL && *text != '\0' ? arena_strdup(arena, text) :
	    NULL;
	return true;
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
	return read_text(said->arena, tree, "entity", CODE_MAX, &c->entity,
	    e) && read_text(said->arena, tree, "account", CODE_MAX,
	    &c->account, e) && read_text(said->arena, tree, "rule", CODE_MAX,
	    &c->rule, e) && read_text(said->arena, tree, "pattern", CODE_MAX,
	    &c->pattern, e);
}

static bool
read_booking(struct bank_saying *said, const cJSON *tree, struct err *e)
{
	struct bank_booking *b = &said->booking;
	const char *rate, *supply;

	if (!read_text(said->arena, tree, "account", CODE_MAX, &b->account,
	    e) || !read_text(said->arena, tree, "party", CODE_MAX, &b->party,
	    e) || !read_text(said->arena, tree, "cost_centre", CODE_MAX,
	    &b->cost_centre, e) || !read_text(said->arena, tree, "memo",
	    MEMO_MAX, &b->memo, e) || !read_text(said->arena, tree, "gst", 3,
	    &rate, e) || !read_text(said->arena, tree, "supply", 10, &supply,
	    e))
		return false;
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
	if (!read_ids(said->arena, json_at(tree, "entries"), "entries", 'N',
	    &said->items, &said->n_items, e))
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
read_said(struct call *call, struct bank_saying *said, const cJSON *tree,
    struct err *e)
{
	const char *act = json_text(tree, "act");
	const char *of = json_text(tree, "decision");

	if (act == NULL || !bank_act_find(act, &said->act) ||
	    said->act == BANK_PAIR)
		return err_set(e, ERR_REQUEST, "act: there is no such");
	if (!read_text(said->arena, tree, "reason", REASON_MAX,
	    &said->reason, e))
		return false;
	if (said->reason == NULL && said->act == BANK_IGNORE)
		return err_set(e, ERR_REQUEST, "reason: why it is not for "
		    "the books");
	if (said->reason == NULL)
		said->reason = "";
	if (said->act == BANK_UNDO)
		return (of != NULL && parse_id(of, 'D', &said->of)) ||
		    err_set(e, ERR_REQUEST, "decision: D12");
	return read_act(call, said, tree, e);
}

void
bank_act_post(struct call *call)
{
	struct saying *job = arena_alloc(call->arena, sizeof *job);
	struct err e = { 0 };
	cJSON *tree = json_strict(request_body(call->request), &e);
	bool ok;

	job->request = call->request;
	job->said = (struct bank_saying){ .arena = call->arena,
	    .actor = call->caller.name };
	ok = tree != NULL && read_said(call, &job->said, tree, &e);
	cJSON_Delete(tree);
	if (!ok || !pump_call(api_pump(call->api), say, job, &e))
		request_fail(call->request, &e);
}
