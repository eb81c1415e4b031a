/* What may be a row of master data: codes, days, rates, periods. */
#include "store/master_row.h"

#include <stdio.h>
#include <string.h>

#include "book/close.h"
#include "book/day.h"
#include "book/document.h"
#include "book/flow.h"
#include "book/role.h"
#include "book/money.h"
#include "book/reference.h"
#include "core/cidr.h"
#include "core/utf8.h"
#include "store/master_gst.h"

#define CODE_MAX 128

const char *
row_field(const struct row *row, size_t i)
{
	return csv_field(row->csv, i);
}

bool
row_refuse(const struct row *row, const char *what, size_t i)
{
	return err_set(row->e, ERR_REQUEST, "%s, line %u: %s: %.80s",
	    row->name, row->csv->line, what, row_field(row, i));
}

bool
row_judge_code(const struct row *row, size_t i)
{
	struct span code = span_of(row_field(row, i));

	if (code.n == 0 || code.n > CODE_MAX || !utf8_valid(code))
		return row_refuse(row, "not a code of 1 to 128 bytes", i);
	for (size_t at = 0; at < code.n; at++)
		if ((unsigned char)code.p[at] < 0x20)
			return row_refuse(row, "control characters", i);
	return true;
}

bool
row_judge_day(const struct row *row, size_t i)
{
	struct day day;

	return row_field(row, i)[0] == '\0' ||
	    day_parse(span_of(row_field(row, i)), &day) ||
	    row_refuse(row, "not a day", i);
}

/* Amounts are kept in the smallest unit; another exponent would move every
 * decimal point there is. */
static bool
judge_currency(const struct row *row)
{
	int exponent = money_exponent(row_field(row, 0));
	const char places[2] = { (char)('0' + exponent), '\0' };

	if (exponent < 0)
		return row_refuse(row, "not a currency known here", 0);
	return row_field(row, 4)[0] == '\0' ||
	    strcmp(row_field(row, 4), places) == 0 ||
	    row_refuse(row, "not its number of decimals", 4);
}

/* What is posted was turned into the base currency of its day. */
static bool
judge_entity(const struct row *row)
{
	static const char SQL[] = "SELECT 1 FROM master m WHERE"
	    " m.tab = 'entity' AND m.code = $1 AND m.extra <> $2"
	    " AND EXISTS (SELECT 1 FROM balance b WHERE b.entity = $1)";
	struct stmt *s;
	enum step step;

	if (money_exponent(row_field(row, 4)) < 0)
		return row_refuse(row, "not a base currency known here", 4);
	s = db_stmt(row->db, SQL);
	stmt_text(s, 1, row_field(row, 0));
	stmt_text(s, 2, row_field(row, 4));
	step = stmt_step(s, row->e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	stmt_reset(s);
	return row_refuse(row, "the books are kept in another base currency", 4);
}

static bool
judge_master(const struct row *row)
{
	if (!row_judge_code(row, 0) || !row_judge_day(row, 5) ||
	    !row_judge_day(row, 6))
		return false;
	if (strcmp(row->name, "currency") == 0)
		return judge_currency(row);
	return strcmp(row->name, "entity") != 0 || judge_entity(row);
}

static bool
judge_codes(const struct row *row)
{
	for (size_t i = 0; i < row->csv->n; i++)
		if (!row_judge_code(row, i))
			return false;
	return true;
}

static bool
judge_rate(const struct row *row)
{
	int64_t rate;

	if (money_exponent(row_field(row, 0)) < 0)
		return row_refuse(row, "not a currency known here", 0);
	if (money_exponent(row_field(row, 1)) < 0)
		return row_refuse(row, "not a currency known here", 1);
	if (row_field(row, 2)[0] == '\0' || !row_judge_day(row, 2))
		return row_refuse(row, "not a day", 2);
	return money_rate_parse(span_of(row_field(row, 3)), &rate) ||
	    row_refuse(row, "not a rate", 3);
}

static bool
judge_period(const struct row *row)
{
	const char *state = row_field(row, 2);
	char day[16];
	struct day parsed;

	snprintf(day, sizeof day, "%.8s-01", row_field(row, 1));
	if (!row_judge_code(row, 0))
		return false;
	if (!day_parse(span_of(day), &parsed))
		return row_refuse(row, "not a period YYYY-MM", 1);
	return strcmp(state, "open") == 0 || strcmp(state, "soft") == 0 ||
	    strcmp(state, "closed") == 0 ||
	    row_refuse(row, "not open, soft or closed", 2);
}

/* A count within its bounds; an empty field is no bound. */
static bool
judge_count(const struct row *row, size_t i, int64_t most)
{
	const char *text = row_field(row, i);
	size_t n = strlen(text);
	int64_t count = 0;

	for (size_t at = 0; at < n && n <= 9; at++)
		count = count * 10 + text[at] - '0';
	return n == 0 || (n <= 9 && strspn(text, "0123456789") == n &&
	    count >= 1 && count <= most) ||
	    row_refuse(row, "not a count within its bounds", i);
}

static bool
judge_limit(const struct row *row)
{
	if (!row_judge_code(row, 0) || !judge_count(row, 1, LIMIT_RATE_MAX) ||
	    !judge_count(row, 2, LIMIT_RATE_MAX) ||
	    !judge_count(row, 3, LIMIT_BODY_MAX))
		return false;
	if (row_field(row, 2)[0] != '\0' && row_field(row, 1)[0] == '\0')
		return row_refuse(row, "a burst without a rate", 2);
	return cidr_valid(row_field(row, 4)) ||
	    row_refuse(row, "not a list of addresses", 4);
}

static bool
judge_cost(const struct row *row)
{
	struct money cost;

	if (!row_judge_code(row, 0))
		return false;
	if (row_field(row, 1)[0] == '\0' || !row_judge_day(row, 1))
		return row_refuse(row, "not a day", 1);
	if (money_exponent(row_field(row, 3)) < 0)
		return row_refuse(row, "not a currency known here", 3);
	return (money_parse(span_of(row_field(row, 2)), row_field(row, 3),
	    &cost) && cost.minor >= 0) || row_refuse(row, "not a cost", 2);
}

/* A count of at most 9 digits; empty is 0. */
static bool
judge_whole(const struct row *row, size_t i)
{
	const char *text = row_field(row, i);
	size_t n = strlen(text);

	return (n < 10 && strspn(text, "0123456789") == n) ||
	    row_refuse(row, "not a whole number", i);
}

static bool
judge_pattern(const struct row *row)
{
	enum flow_pattern pattern;
	struct hours window;

	if (!flow_pattern_find(row_field(row, 3), &pattern))
		return row_refuse(row, "not a pattern", 3);
	return (pattern != FLOW_BATCH ?
	    hours_parse_span(span_of(row_field(row, 4)), &window) :
	    hours_parse(span_of(row_field(row, 4)), &window) &&
	    window.from == HOURS_NONE) ||
	    row_refuse(row, "not a window (HH:MM-HH:MM; of a batch HH:MM)", 4);
}

static bool
judge_flow(const struct row *row)
{
	const char *control = row_field(row, 9);
	enum document_kind kind;

	for (size_t i = 0; i < 3; i++)
		if (!row_judge_code(row, i))
			return false;
	if (strcmp(row_field(row, 1), "*") != 0 &&
	    !document_kind_find(row_field(row, 1), &kind))
		return row_refuse(row, "not a kind of document", 1);
	return judge_pattern(row) && judge_whole(row, 5) &&
	    judge_whole(row, 7) && judge_whole(row, 8) &&
	    (strcmp(control, "high") == 0 || strcmp(control, "normal") == 0 ||
	    strcmp(control, "low") == 0 ||
	    row_refuse(row, "not high, normal or low", 9));
}

static bool
judge_intercompany(const struct row *row)
{
	return judge_codes(row) &&
	    (strcmp(row_field(row, 0), row_field(row, 2)) != 0 ||
	    row_refuse(row, "an entity with itself", 2));
}

static bool
judge_close(const struct row *row)
{
	enum close_line line;

	if (!row_judge_code(row, 0) || !row_judge_code(row, 2))
		return false;
	if (!close_line_find(row_field(row, 1), &line))
		return row_refuse(row, "not a line of the close board", 1);
	if (row_field(row, 3)[0] == '\0')
		return row_refuse(row, "not a day of the month", 3);
	return judge_count(row, 3, 31);
}

/* Percent with two digits at most; both are exact, and "" is any. */
static bool
judge_tolerance(const struct row *row)
{
	struct money limit;

	if (!row_judge_code(row, 0) || !row_judge_code(row, 1))
		return false;
	for (size_t i = 2; i < 4; i++)
		if (row_field(row, i)[0] != '\0' && (!money_parse(span_of(
		    row_field(row, i)), "INR", &limit) || limit.minor < 0))
			return row_refuse(row, i == 2 ? "not a percentage" :
			    "not an amount", i);
	return true;
}

/* Limits grow, so that what two approve is not less than what one does. */
static bool
judge_limits(const struct row *row)
{
	int64_t last = 0;

	for (size_t i = 3; i < 6; i++) {
		struct money limit;

		if (row_field(row, i)[0] == '\0')
			continue;
		if (!money_parse(span_of(row_field(row, i)), "INR", &limit) ||
		    limit.minor < last)
			return row_refuse(row, "not an amount, or less than the "
			    "one before", i);
		last = limit.minor;
	}
	return true;
}

static bool
judge_acts(const struct row *row)
{
	if (strcmp(row_field(row, 1), "*") != 0 &&
	    !policy_act(row_field(row, 1)))
		return row_refuse(row, "not an act", 1);
	for (size_t i = 3; i < 6; i++)
		if (row_field(row, i)[0] != '\0')
			return row_refuse(row, "an act has no amount", i);
	return judge_whole(row, 7);
}

static bool
judge_policy(const struct row *row)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *name = row_field(row, 0);
	enum document_kind kind;
	enum role role;

	for (size_t i = 0; i < 3; i++)
		if (!row_judge_code(row, i))
			return false;
	if (strspn(name, allowed) != strlen(name) || strlen(name) > 60)
		return row_refuse(row, "not the name of a policy", 0);
	if (strcmp(name, POLICY_FACTOR) == 0)
		return judge_acts(row);
	if (strcmp(row_field(row, 1), "*") != 0 &&
	    !document_kind_find(row_field(row, 1), &kind))
		return row_refuse(row, "not a kind of document", 1);
	if (!role_find(row_field(row, 6), &role) || role < ROLE_APPROVER)
		return row_refuse(row, "not approver, controller or admin", 6);
	return judge_limits(row) && judge_whole(row, 7);
}

static bool
one_of(const struct row *row, size_t i, const char *const words[])
{
	for (; *words != NULL; words++)
		if (strcmp(*words, row_field(row, i)) == 0)
			return true;
	return false;
}

#define BANK_DAYS_MAX 90

/* The tolerance is of any currency: it is read as the account's. */
static bool
judge_bank_rule(const struct row *row)
{
	static const char *const autos[] = { "no", "certain", "likely",
	    NULL };
	struct money tolerance;

	if (!row_judge_code(row, 0) || !judge_count(row, 2, BANK_DAYS_MAX) ||
	    !row_judge_day(row, 4))
		return false;
	if (!money_parse(span_of(row_field(row, 1)), "INR", &tolerance) ||
	    tolerance.minor < 0)
		return row_refuse(row, "not an amount", 1);
	if (row_field(row, 2)[0] == '\0')
		return row_refuse(row, "not a count of days", 2);
	return one_of(row, 3, autos) ||
	    row_refuse(row, "not no, certain or likely", 3);
}

static bool
judge_restricted(const struct row *row)
{
	static const char *const kinds[] = { "account", "kind", "report",
	    NULL };
	static const char *const reports[] = { "gst_liability", NULL };
	enum document_kind kind;

	if (!one_of(row, 0, kinds))
		return row_refuse(row, "not account, kind or report", 0);
	if (strcmp(row_field(row, 0), "kind") == 0 &&
	    !document_kind_find(row_field(row, 1), &kind))
		return row_refuse(row, "not a kind of document", 1);
	if (strcmp(row_field(row, 0), "report") == 0 &&
	    !one_of(row, 1, reports))
		return row_refuse(row, "not gst_liability", 1);
	if (!row_judge_code(row, 1) || !row_judge_code(row, 2))
		return false;
	return strpbrk(row_field(row, 2), " *") == NULL ||
	    row_refuse(row, "a topic is one word", 2);
}

/* Codes by blanks, or *. */
static bool
judge_list(const struct row *row, size_t i)
{
	const char *list = row_field(row, i);

	for (const char *p = list; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20)
			return row_refuse(row, "control characters", i);
	return utf8_valid(span_of(list)) && (strchr(list, '*') == NULL ||
	    strcmp(list, "*") == 0) ? true :
	    row_refuse(row, "not codes with blanks between them, or *", i);
}

/* A client has its role from us; here it is only narrowed. */
static bool
judge_access(const struct row *row)
{
	static const char *const subjects[] = { "user", "group", "client",
	    NULL };
	bool client = strcmp(row_field(row, 0), "client") == 0, reads;
	enum role role;

	if (!one_of(row, 0, subjects))
		return row_refuse(row, "not user, group or client", 0);
	if (!row_judge_code(row, 1))
		return false;
	if (client ? row_field(row, 2)[0] != '\0' :
	    !role_words(row_field(row, 2), &role, &reads))
		return row_refuse(row, client ? "a client has its role of its "
		    "own" : "not a role", 2);
	if (row_field(row, 3)[0] == '\0')
		return row_refuse(row, "no entities", 3);
	return judge_list(row, 3) && judge_list(row, 4);
}

static const struct {
	const char *name;
	bool (*judge)(const struct row *);
} judges[] = {
	{ "mapping", judge_codes },
	{ "rate", judge_rate },
	{ "period", judge_period },
	{ "pair", judge_codes },
	{ "limit", judge_limit },
	{ "cost", judge_cost },
	{ "flow", judge_flow },
	{ "grant", judge_codes },
	{ "intercompany", judge_intercompany },
	{ "close", judge_close },
	{ "bank_rule", judge_bank_rule },
	{ "tolerance", judge_tolerance },
	{ "policy", judge_policy },
	{ "restricted", judge_restricted },
	{ "access", judge_access },
};

bool
row_judge(const struct row *row)
{
	size_t want = master_table_columns(row->table);

	if (row->csv->n != want)
		return err_set(row->e, ERR_REQUEST,
		    "%s, line %u: %zu fields, not %zu", row->name,
		    row->csv->line, row->csv->n, want);
	for (size_t i = 0; i < sizeof judges / sizeof *judges; i++)
		if (strcmp(judges[i].name, row->name) == 0)
			return judges[i].judge(row);
	return master_gst_has(row->name) ? master_gst_judge(row) :
	    judge_master(row);
}

bool
row_judge_key(const struct row *row)
{
	if (row->csv->n != row->table->keys)
		return err_set(row->e, ERR_REQUEST,
		    "%s, line %u: %zu fields, not %zu", row->name,
		    row->csv->line, row->csv->n, row->table->keys);
	return judge_codes(row);
}

static bool
same_names(const struct row *row, size_t n)
{
	if (row->csv->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(row_field(row, i), row->table->columns[i]) != 0)
			return false;
	return true;
}

bool
row_judge_head(const struct row *row, bool keys)
{
	struct str names;
	bool ok = same_names(row, keys ? row->table->keys :
	    master_table_columns(row->table));

	if (ok)
		return true;
	str_init(&names, 1024);
	master_table_head(row->table, &names);
	err_set(row->e, ERR_REQUEST, "%s: the first line must be %s",
	    row->name, names.p);
	str_free(&names);
	return false;
}
