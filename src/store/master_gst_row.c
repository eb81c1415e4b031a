/* What may be a row of the tables of GST: each column by its own measure. */
#include <ctype.h>
#include <string.h>

#include "book/money.h"
#include "core/utf8.h"
#include "gst/gstin.h"
#include "gst/rate.h"
#include "store/master_gst.h"

#define ADDRESS_MAX 300

/* One of these words, which are separated by spaces. */
static bool
one_of(const struct row *row, size_t i, const char *words)
{
	const char *field = row_field(row, i);
	size_t n = strlen(field);

	for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		if (length == n && memcmp(at, field, n) == 0)
			return true;
		at += length;
	}
	return err_set(row->e, ERR_REQUEST,
	    "%s, line %u: not one of %s: %.80s", row->name, row->csv->line,
	    words, field);
}

static bool
is_digits(const char *text, size_t least, size_t most)
{
	size_t n = strlen(text);

	return n >= least && n <= most && strspn(text, "0123456789") == n;
}

static bool
judge_digits(const struct row *row, size_t i, size_t least, size_t most,
    const char *what)
{
	return is_digits(row_field(row, i), least, most) ||
	    row_refuse(row, what, i);
}

static bool
judge_first(const struct row *row, size_t i)
{
	return row_field(row, i)[0] == '\0' ?
	    row_refuse(row, "the day it begins is missing", i) :
	    row_judge_day(row, i);
}

static bool
judge_until(const struct row *row, size_t from, size_t to)
{
	const char *last = row_field(row, to);

	return row_judge_day(row, to) && (last[0] == '\0' ||
	    strcmp(row_field(row, from), last) <= 0 ||
	    row_refuse(row, "it ends before it begins", to));
}

/* Two decimals, as they are printed: the same amount is the same text. */
static bool
judge_rupees(const struct row *row, size_t i)
{
	const char *text = row_field(row, i);
	const char *point = strchr(text, '.');
	struct money amount;

	return (point != NULL && strlen(point) == 3 &&
	    isdigit((unsigned char)text[0]) &&
	    money_parse(span_of(text), "INR", &amount)) ||
	    row_refuse(row, "not rupees with two decimals", i);
}

static bool
judge_gstin(const struct row *row, size_t i)
{
	const char *text = row_field(row, i);
	char clean[GSTIN_SIZE];

	if (!gstin_clean(span_of(text), clean) || strcmp(clean, text) != 0 ||
	    gstin_kind(clean) == GSTIN_NONE)
		return row_refuse(row, "not a GSTIN", i);
	return gstin_valid(clean) || err_set(row->e, ERR_REQUEST,
	    "%s, line %u: the last character of this GSTIN would be %c: %s",
	    row->name, row->csv->line, gstin_check(clean), clean);
}

static bool
judge_text(const struct row *row, size_t i)
{
	struct span text = span_of(row_field(row, i));

	for (size_t at = 0; at < text.n; at++)
		if ((unsigned char)text.p[at] < 0x20)
			return row_refuse(row, "control characters", i);
	return (text.n <= ADDRESS_MAX && utf8_valid(text)) ||
	    row_refuse(row, "longer than 300 bytes", i);
}

static bool
judge_registration(const struct row *row)
{
	return judge_gstin(row, 0) && judge_first(row, 1) &&
	    row_judge_code(row, 2) &&
	    one_of(row, 3, "regular composition sez isd operator") &&
	    one_of(row, 4, "monthly quarterly") &&
	    (row_field(row, 5)[0] == '\0' || judge_rupees(row, 5)) &&
	    judge_until(row, 1, 6);
}

static bool
judge_state_code(const struct row *row, size_t i)
{
	return row_field(row, i)[0] == '\0' ||
	    judge_digits(row, i, 2, 2, "not the two digits of a state");
}

static bool
judge_taxpayer(const struct row *row)
{
	const char *pin = row_field(row, 4);
	enum gst_category category;

	if (!row_judge_code(row, 0) ||
	    (row_field(row, 1)[0] != '\0' && !judge_gstin(row, 1)))
		return false;
	if (!gst_category_find(row_field(row, 2), &category))
		return row_refuse(row, "not a category of taxpayers", 2);
	if (!judge_state_code(row, 3))
		return false;
	if (pin[0] != '\0' && (!is_digits(pin, 6, 6) || pin[0] == '0'))
		return row_refuse(row, "not a PIN code of six digits", 4);
	return judge_text(row, 5) && (row_field(row, 6)[0] == '\0' ||
	    one_of(row, 6, "active cancelled suspended")) &&
	    row_judge_day(row, 7);
}

/* What stands between the spaces is short and of these characters. */
static bool
judge_list(const struct row *row, size_t i, const char *allowed, size_t most)
{
	const char *text = row_field(row, i);
	size_t run = 0;

	for (; *text != '\0'; text++) {
		run = *text == ' ' ? 0 : run + 1;
		if (run > most || (*text != ' ' &&
		    strchr(allowed, *text) == NULL))
			return row_refuse(row, "not a list of such", i);
	}
	return true;
}

static bool
judge_state(const struct row *row)
{
	return judge_digits(row, 0, 2, 2, "not the two digits of a state") &&
	    row_judge_code(row, 1) &&
	    judge_list(row, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2) &&
	    judge_list(row, 3, "0123456789", 6) &&
	    (row_field(row, 4)[0] == '\0' || one_of(row, 4, "A B")) &&
	    one_of(row, 5, "yes no") && one_of(row, 6, "yes no") &&
	    one_of(row, 7, "yes no") && row_judge_day(row, 8) &&
	    judge_until(row, 8, 9);
}

static bool
judge_unit(const struct row *row)
{
	const char *code = row_field(row, 0);
	size_t n = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return ((n >= 2 && n <= 3 && code[n] == '\0') ||
	    row_refuse(row, "not a unit code of two or three capitals", 0)) &&
	    row_judge_code(row, 1) && one_of(row, 2, "yes no");
}

static bool
judge_rate(const struct row *row)
{
	int64_t rate;

	if (!gst_rate_parse(span_of(row_field(row, 0)), &rate))
		return row_refuse(row, "not a rate in percent, such as 18 or "
		    "0.25", 0);
	return judge_first(row, 1) && judge_list(row, 2, "0123456789", 8) &&
	    one_of(row, 3, "yes no") && one_of(row, 4, "yes no") &&
	    judge_until(row, 1, 5) && judge_text(row, 6);
}

static bool
judge_limit(const struct row *row)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *name = row_field(row, 0), *value = row_field(row, 2);

	if (name[0] == '\0' || strlen(name) > 60 ||
	    strspn(name, allowed) != strlen(name))
		return row_refuse(row, "not the name of a limit", 0);
	return judge_first(row, 1) && (strchr(value, '.') != NULL ?
	    judge_rupees(row, 2) : judge_digits(row, 2, 1, 15,
	    "not rupees with two decimals, nor a count"));
}

static bool
in_range(const struct row *row, size_t i, int least, int most,
    const char *what)
{
	const char *text = row_field(row, i);
	int n = is_digits(text, 1, 2) ? text[0] - '0' : -1;

	if (n >= 0 && text[1] != '\0')
		n = n * 10 + text[1] - '0';
	return (n >= least && n <= most) || row_refuse(row, what, i);
}

static bool
judge_due_period(const struct row *row)
{
	const char *period = row_field(row, 3);
	int month = is_digits(period, 6, 6) ?
	    (period[0] - '0') * 10 + period[1] - '0' : 0;

	return strcmp(period, "*") == 0 || (month >= 1 && month <= 12) ||
	    row_refuse(row, "not a period MMYYYY, nor *", 3);
}

static bool
judge_due(const struct row *row)
{
	if (!one_of(row, 0, "gstr1 iff gstr3b pmt06 gstr2b cmp08 gstr9") ||
	    !one_of(row, 1, "monthly quarterly *") ||
	    !one_of(row, 2, "A B *") || !judge_due_period(row))
		return false;
	if (row_field(row, 6)[0] == '\0')
		return in_range(row, 4, 0, 24, "not a count of months") &&
		    in_range(row, 5, 1, 31, "not a day of the month");
	if (strcmp(row_field(row, 3), "*") == 0)
		return row_refuse(row, "an extension is of one period", 3);
	return (row_field(row, 4)[0] == '\0' && row_field(row, 5)[0] == '\0') ?
	    row_judge_day(row, 6) :
	    row_refuse(row, "either a day of the month or one day", 6);
}

static bool
judge_level(const struct row *row)
{
	const char *code = row_field(row, 0);

	return ((code[0] != '\0' && strchr("DTHNPCX", code[0]) != NULL &&
	    is_digits(code + 1, 2, 2)) ||
	    row_refuse(row, "not a check, such as D01", 0)) &&
	    row_judge_code(row, 1) && one_of(row, 2, "block warn off");
}

static bool
judge_hsn(const struct row *row)
{
	return judge_digits(row, 0, 2, 8, "not an HSN of 2 to 8 digits") &&
	    judge_text(row, 1);
}

static bool
judge_item(const struct row *row)
{
	return row_judge_code(row, 0) && (row_field(row, 1)[0] == '\0' ||
	    judge_digits(row, 1, 2, 8, "not an HSN of 2 to 8 digits")) &&
	    judge_list(row, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3);
}

static const struct {
	const char *table;
	bool (*judge)(const struct row *);
} judges[] = {
	{ "registration", judge_registration },
	{ "taxpayer", judge_taxpayer },
	{ "gst_state", judge_state },
	{ "gst_unit", judge_unit },
	{ "gst_rate", judge_rate },
	{ "gst_limit", judge_limit },
	{ "gst_due", judge_due },
	{ "gst_level", judge_level },
	{ "hsn", judge_hsn },
	{ "gst_item", judge_item },
};

bool
master_gst_judge(const struct row *row)
{
	size_t i = 0;

	while (strcmp(judges[i].table, row->name) != 0)
		i++;
	return judges[i].judge(row);
}
