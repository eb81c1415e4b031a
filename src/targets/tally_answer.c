/*
 * Reads Tally's answers: counters, line errors, exported vouchers. Nothing is
 * taken for good that was not said.
 */
#include "targets/tally_answer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "targets/list.h"

#define LINES_MAX 4000		/* of one voucher */
#define COUNT_MAX 1000000000000000	/* digits beyond are no counter */

/* ---- an import -------------------------------------------------------- */

static bool
whole_number(const char *text, int64_t *out)
{
	int64_t n = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9' || n > COUNT_MAX)
			return false;
		n = n * 10 + (*p - '0');
	}
	*out = n;
	return *text != '\0';
}

/* Absent is none; what cannot be read spoils the whole. */
static bool
counter(const struct xml_node *at, const char *name, int64_t *out)
{
	const struct xml_node *node = xml_at(at, name);

	*out = 0;
	return node == NULL || whole_number(node->text, out);
}

static const struct xml_node *
result_of(const struct xml_node *root)
{
	const struct xml_node *in;

	if (root == NULL || strcmp(root->name, "RESPONSE") == 0)
		return root;
	in = xml_at(root, "BODY/DATA/IMPORTRESULT");
	return in != NULL ? in : xml_at(root, "BODY/DATA");
}

static size_t
add_words(struct str *out, const struct xml_node *at, const char *name,
    size_t n)
{
	const struct xml_node *node = NULL;

	while (n < TALLY_ERRORS_MAX &&
	    (node = xml_next(at, node, name)) != NULL) {
		if (*node->text == '\0')
			continue;
		if (n++ > 0)
			str_adds(out, "; ");
		str_adds(out, node->text);
	}
	return n;
}

static const char *
words_in(const struct xml_node *root, const struct xml_node *at,
    struct arena *arena)
{
	const struct xml_node *data = xml_at(root, "BODY/DATA");
	const char *words;
	struct str text;
	size_t n;

	str_init(&text, (size_t)64 << 10);
	n = add_words(&text, at, "LINEERROR", 0);
	if (data != at)
		n = add_words(&text, data, "LINEERROR", n);
	if (n == 0)
		n = add_words(&text, at, "LASTERROR", 0);
	if (n == 0)
		n = add_words(&text, xml_at(root, "BODY"), "LINEERROR", 0);
	if (n == 0 && root->first == NULL)
		str_adds(&text, root->text);	/* Unknown Request, .. */
	words = words_of(str_span(&text), arena);
	str_free(&text);
	return words;
}

void
tally_result_read(const struct xml_node *root, struct arena *arena,
    struct tally_result *r)
{
	const struct xml_node *at = result_of(root);
	int64_t id;
	bool read;

	*r = (struct tally_result){ .last = "", .number = "", .words = "" };
	if (root == NULL)
		return;
	r->words = words_in(root, at, arena);
	if (xml_at(at, "CREATED") == NULL)
		return;
	read = counter(at, "CREATED", &r->created) &&
	    counter(at, "ALTERED", &r->altered) &&
	    counter(at, "DELETED", &r->deleted) &&
	    counter(at, "CANCELLED", &r->cancelled) &&
	    counter(at, "COMBINED", &r->combined) &&
	    counter(at, "IGNORED", &r->ignored) &&
	    counter(at, "ERRORS", &r->errors) &&
	    counter(at, "EXCEPTIONS", &r->exceptions);
	r->counted = read;
	r->last = words_of(span_of(xml_text(at, "LASTVCHID")), arena);
	if (!whole_number(r->last, &id) || id == 0)
		r->last = "";
	r->number = words_of(span_of(xml_text(at, "LASTVCHNUMBER")), arena);
}

/* ---- words ------------------------------------------------------------ */

static bool
says(const char *words, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasestr(words, *list) != NULL)
			return true;
	return false;
}

enum refusal
tally_refusal(const char *words)
{
	static const char *const duplicate[] = { "already exist", "duplicate",
	    NULL };
	static const char *const missing[] = { "does not exist",
	    "not defined", "not found", "could not find", "cannot find",
	    "no such", NULL };
	static const char *const period[] = { "out of range", "beyond",
	    "financial year", "period", "locked", "date is", "invalid date",
	    NULL };
	static const char *const rights[] = { "not allowed", "permission",
	    "access", "authoris", "authoriz", "password", "licen", NULL };

	if (says(words, duplicate))
		return REFUSAL_DUPLICATE;
	if (says(words, missing))
		return REFUSAL_MAPPING;
	if (says(words, period))
		return REFUSAL_PERIOD;
	return says(words, rights) ? REFUSAL_RIGHTS : REFUSAL_DATA;
}

bool
tally_is_away(const char *words)
{
	static const char *const company[] = { "could not find company",
	    "no company", "svcurrentcompany", "company is not open",
	    "company not open", NULL };

	return says(words, company);
}

/* ---- values ----------------------------------------------------------- */

static bool
ends_in(const char *text, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n >= m && strncasecmp(text + n - m, end, m) == 0;
}

/* ".50" is half a rupee; that of "Rs.50" is of the word. */
static bool
is_point(const char *text, size_t n, size_t i)
{
	return i + 1 < n && text[i + 1] >= '0' && text[i + 1] <= '9' &&
	    (i == 0 || !isalpha((unsigned char)text[i - 1]));
}

/* Digits and one point of what may stand among signs and marks. */
static bool
digits_of(const char *text, size_t n, struct str *out, bool *minus)
{
	bool digit = false;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '-')
			*minus = true;
		else if (text[i] >= '0' && text[i] <= '9') {
			str_addc(out, text[i]);
			digit = true;
		} else if (text[i] == '.' && (digit || is_point(text, n, i))) {
			str_adds(out, digit ? "." : "0.");
			digit = true;
		}
	}
	return digit && !out->over;
}

bool
tally_amount_read(const char *text, const char *currency, int64_t *minor)
{
	const char *equal = strrchr(text, '=');
	struct str digits;
	bool minus = false, ok;
	size_t n;

	*minor = 0;
	if (*text == '\0')
		return true;
	if (equal != NULL)
		text = equal + 1;
	n = strlen(text);
	while (n > 0 && text[n - 1] == ' ')
		n--;
	if (ends_in(text, n, "dr")) {
		minus = true;
		n -= 2;
	} else if (ends_in(text, n, "cr"))
		n -= 2;
	str_init(&digits, 64);
	ok = digits_of(text, n, &digits, &minus) &&
	    amount_read(digits.p, currency, minor);
	str_free(&digits);
	if (ok && !minus)
		*minor = -*minor;	/* credit */
	return ok;
}

static int
month_of(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int m = 0; m < 12; m++)
		if (strncasecmp(months + 3 * m, name, 3) == 0)
			return m + 1;
	return 0;
}

bool
tally_day_read(const char *text, struct day *out)
{
	char day[16] = "";
	size_t n = strlen(text);
	int month;

	if (n == 8 && strspn(text, "0123456789") == 8)
		snprintf(day, sizeof day, "%.4s-%.2s-%.2s", text, text + 4,
		    text + 6);
	else if ((n == 10 || n == 11) && text[n - 9] == '-' &&
	    text[n - 5] == '-' && (month = month_of(text + n - 8)) > 0)
		snprintf(day, sizeof day, "%.4s-%02d-%s%.*s", text + n - 4,
		    month, n == 10 ? "0" : "", (int)(n - 9), text);
	return day_parse(span_of(day), out);
}

void
tally_day(struct day day, char out[9])
{
	memcpy(out, day.text, 4);
	memcpy(out + 4, day.text + 5, 2);
	memcpy(out + 6, day.text + 8, 2);
	out[8] = '\0';
}

/* Two blanks are two in a name: what is compared is not tidied. */
const char *
tally_name(const char *text, struct arena *arena)
{
	return strlen(text) <= TARGET_WORDS &&
	    strpbrk(text, "\t\n\r") == NULL ? text :
	    words_of(span_of(text), arena);
}

/* ---- exported vouchers ------------------------------------------------ */

/* Beside an error an empty list is no word. */
const struct xml_node *
tally_rows(const struct xml_node *root)
{
	if (strcmp(xml_text(root, "HEADER/STATUS"), "0") == 0 ||
	    xml_at(root, "BODY/DATA/LINEERROR") != NULL)
		return NULL;
	return xml_at(root, "BODY/DATA/COLLECTION");
}

/* The first word, when it is a reference of ours. */
static const char *
reference_in(const char *text, struct arena *arena)
{
	size_t n = strcspn(text, " ");
	const char *word;

	if (n >= REFERENCE_MAX)
		return "";
	word = arena_strndup(arena, text, n);
	return posting_journal(word) > 0 ? word : "";
}

static const char *
reference_of(const struct xml_node *node, const char *narration,
    struct arena *arena)
{
	const char *found = reference_in(narration, arena);

	if (*found == '\0')
		found = reference_in(node->remote, arena);
	if (*found == '\0')
		found = reference_in(xml_text(node, "GUID"), arena);
	return found;
}

static bool
yes(const struct xml_node *node, const char *name)
{
	return strcasecmp(xml_text(node, name), "yes") == 0;
}

/* An export may hold the same lines in both lists: only one is read. */
static const char *
lines_in(const struct xml_node *node)
{
	return xml_next(node, NULL, "ALLLEDGERENTRIES.LIST") != NULL ?
	    "ALLLEDGERENTRIES.LIST" : "LEDGERENTRIES.LIST";
}

static bool
read_lines(const struct xml_node *voucher, const char *currency,
    struct arena *arena, struct remote *out)
{
	const char *list = lines_in(voucher);
	const struct xml_node *node = NULL;
	size_t n = 0;

	while ((node = xml_next(voucher, node, list)) != NULL)
		n++;
	if (n > LINES_MAX)
		return false;
	out->lines = arena_alloc(arena, sizeof *out->lines * (n + 1));
	while ((node = xml_next(voucher, node, list)) != NULL) {
		struct posting_line *line = &out->lines[out->n_lines];

		if (!tally_amount_read(xml_text(node, "AMOUNT"), currency,
		    &line->amount))
			return false;
		if (line->amount == 0)
			continue;
		line->account = tally_name(xml_text(node, "LEDGERNAME"),
		    arena);
		line->ours = line->party = line->cost_centre =
		    line->tax_code = line->item = line->location =
		    line->party_name = line->memo = "";
		memcpy(line->currency, currency, sizeof line->currency);
		line->foreign = line->amount;
		out->n_lines++;
	}
	out->lined = true;
	return true;
}

bool
tally_voucher_read(const struct xml_node *node, const char *currency,
    struct arena *arena, struct remote *out)
{
	const char *narration = xml_text(node, "NARRATION");
	int64_t id;

	*out = (struct remote){
	    .remote = words_of(span_of(xml_text(node, "MASTERID")), arena),
	    .number = words_of(span_of(xml_text(node, "VOUCHERNUMBER")),
	    arena),
	    .version = words_of(span_of(xml_text(node, "ALTERID")), arena),
	    .narration = words_of(span_of(narration), arena),
	    .changed_by = words_of(span_of(xml_text(node, "ALTEREDBY")),
	    arena),
	    .reference = reference_of(node, narration, arena),
	    .state = yes(node, "ISCANCELLED") ? REMOTE_CANCELLED :
	    yes(node, "ISOPTIONAL") ? REMOTE_DRAFT : REMOTE_BOOKED
	};
	return whole_number(out->remote, &id) &&
	    whole_number(out->version, &id) &&
	    tally_day_read(xml_text(node, "DATE"), &out->date) &&
	    read_lines(node, currency, arena, out);
}
