/*
 * The three layouts differ in names, not in shape: groups of a supplier that
 * hold documents, or documents alone. One table of sections, and of every
 * field the names that it goes by.
 */
#include "gst/inward.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "core/json.h"
#include "core/vec.h"
#include "gst/due.h"
#include "gst/gstin.h"

#define TEXT_MAX 256
#define DEPTH_MAX 16

static const char *const forms[INWARD_FORMS] = { "2b", "2a", "ims" };

struct section {
	const char *name, *list;	/* list NULL: documents stand alone */
	enum bill_class class;
	bool amended, apart;
};

static const struct section sections_2b[] = {
	{ "b2b", "inv", BILL_B2B, false, false },
	{ "b2ba", "inv", BILL_B2B, true, false },
	{ "cdnr", "nt", BILL_CDNR, false, false },
	{ "cdnra", "nt", BILL_CDNR, true, false },
	{ "ecom", "inv", BILL_B2B, false, false },
	{ "ecoma", "inv", BILL_B2B, true, false },
	{ "isd", "doclist", BILL_ISD, false, false },
	{ "isda", "doclist", BILL_ISD, true, false },
	{ "impg", NULL, BILL_IMPG, false, false },
	{ "impga", NULL, BILL_IMPG, true, false },
	{ "impgsez", "boe", BILL_IMPGSEZ, false, false },
	{ "impgasez", "boe", BILL_IMPGSEZ, true, false },
	{ "itcrev", "inv", BILL_B2B, false, true },
	{ NULL, NULL, BILL_B2B, false, false },
};

static const struct section sections_2a[] = {
	{ "b2b", "inv", BILL_B2B, false, false },
	{ "b2ba", "inv", BILL_B2B, true, false },
	{ "cdn", "nt", BILL_CDNR, false, false },
	{ "cdna", "nt", BILL_CDNR, true, false },
	{ "isd", "doclist", BILL_ISD, false, false },
	{ "isda", "doclist", BILL_ISD, true, false },
	{ "impg", NULL, BILL_IMPG, false, false },
	{ "impgsez", NULL, BILL_IMPGSEZ, false, false },
	{ NULL, NULL, BILL_B2B, false, false },
};

static const struct section sections_ims[] = {
	{ "b2b", NULL, BILL_B2B, false, false },
	{ "b2ba", NULL, BILL_B2B, true, false },
	{ "b2bdn", NULL, BILL_CDNR, false, false },
	{ "b2bdna", NULL, BILL_CDNR, true, false },
	{ "b2bcn", NULL, BILL_CDNR, false, false },
	{ "b2bcna", NULL, BILL_CDNR, true, false },
	{ "ecom", NULL, BILL_B2B, false, false },
	{ "ecoma", NULL, BILL_B2B, true, false },
	{ NULL, NULL, BILL_B2B, false, false },
};

static const struct section *const sections[INWARD_FORMS] = {
	sections_2b, sections_2a, sections_ims
};

/* A field by any of its names, ended by NULL. That of a note goes before
 * that of an invoice: 2A names the invoice of a note, too. */
typedef const char *const names[6];
static names PARTY = { "ctin", "stin", "sgstin" };
static names NAME = { "trdnm", "trdnam", "tdname" };
static names NUMBER = { "ntnum", "nt_num", "docnum", "boenum", "benum",
	"inum" };
static names DATE = { "nt_dt", "docdt", "boedt", "bedt", "dt", "idt" };
static names TYPE = { "suptyp", "inv_typ", "typ" };
static names PLACE = { "pos" };
static names REVERSE = { "rev", "rchrg" };
static names AVAILABLE = { "itcavl", "itcelg", "itc_elg" };
static names ORIGINAL = { "ontnum", "ont_num", "odocnum", "oinum" };
static names ORIGINAL_DATE = { "ontdt", "ont_dt", "odocdt", "oidt" };
static names PORT = { "portcode", "portcd" };
static names FILED = { "supfildt" };
static names SUPPLIED = { "supprd" };
static names REASON = { "rsn" };
static names IMS = { "imsStatus", "action" };
static names VALUE = { "val" };
static names TAXABLE = { "txval" };
static names HASH = { "hash" };
static names STATUS = { "srcfilstatus" };
static names RETURN = { "rtnprd" };
static names PENDING = { "ispendactblocked" };
static names KIND = { "ntty", "doctyp", "isd_docty", "typ" };
static names HEADS[GST_HEADS] = {
	[GST_IGST] = { "igst", "iamt" }, [GST_CGST] = { "cgst", "camt" },
	[GST_SGST] = { "sgst", "samt" }, [GST_CESS] = { "cess", "csamt" },
};

struct reader {
	struct arena *arena;
	struct json_tape tape;
	struct inward *out;
	struct vec rows;
	struct err *e;
	const char *wrap;	/* "data.docdata." */
	const char *section;
	size_t group, item;	/* from 0: where it is now */
	bool alone;
};

const char *
inward_form_name(enum inward_form form)
{
	return forms[form];
}

bool
inward_form_find(const char *name, enum inward_form *out)
{
	for (int i = 0; i < INWARD_FORMS; i++)
		if (strcmp(forms[i], name) == 0) {
			*out = (enum inward_form)i;
			return true;
		}
	return false;
}

/* ---- small things ----------------------------------------------------- */

static bool
wrong(struct reader *r, const char *field, const char *what)
{
	const char *list = r->alone ? "" : ", document ";

	if (r->alone)
		return err_set(r->e, ERR_REQUEST, "%s%s, row %zu: %s %s",
		    r->wrap, r->section, r->group + 1, field, what);
	return err_set(r->e, ERR_REQUEST, "%s%s, supplier %zu%s%zu: %s %s",
	    r->wrap, r->section, r->group + 1, list, r->item + 1, field,
	    what);
}

static void
warn(struct reader *r, const char *text)
{
	if (r->out->n_warnings == INWARD_WARNINGS_MAX)
		r->out->n_more++;
	else
		r->out->warnings[r->out->n_warnings++] = text;
}

static size_t
find(const struct reader *r, size_t object, names any)
{
	for (size_t i = 0; i < 6 && any[i] != NULL; i++) {
		size_t at = json_find(&r->tape, object, span_of(any[i]));

		if (at > 0 && r->tape.tokens[at].kind != JSON_NULL)
			return at;
	}
	return 0;
}

/* As the file calls it. */
static const char *
called(const struct reader *r, size_t object, names any)
{
	for (size_t i = 0; i < 6 && any[i] != NULL; i++)
		if (json_find(&r->tape, object, span_of(any[i])) > 0)
			return any[i];
	return any[0];
}

static bool
is_scalar(const struct reader *r, size_t at)
{
	return r->tape.tokens[at].kind == JSON_STRING ||
	    r->tape.tokens[at].kind == JSON_NUMBER;
}

/* "" when it is not there. */
static bool
read_text(struct reader *r, size_t object, names any, const char **out)
{
	size_t at = find(r, object, any);
	struct span text;

	*out = "";
	if (at == 0)
		return true;
	if (!is_scalar(r, at))
		return wrong(r, called(r, object, any), "is not a text");
	text = json_plain(&r->tape, at, r->arena);
	if (text.n > TEXT_MAX)
		return wrong(r, called(r, object, any), "is too long");
	while (text.n > 0 && text.p[0] == ' ')
		text.p++, text.n--;
	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	*out = arena_strndup(r->arena, text.p, text.n);
	return true;
}

static bool
digits(struct span text, size_t from, size_t n, int *out)
{
	*out = 0;
	for (size_t i = from; i < from + n; i++) {
		if (i >= text.n || text.p[i] < '0' || text.p[i] > '9')
			return false;
		*out = *out * 10 + text.p[i] - '0';
	}
	return true;
}

/* dd-mm-yyyy */
static bool
parse_day(struct span text, struct day *out)
{
	char day[32];
	int d, m, y;

	*out = (struct day){ "" };
	if (text.n != 10 || text.p[2] != '-' || text.p[5] != '-' ||
	    !digits(text, 0, 2, &d) || !digits(text, 3, 2, &m) ||
	    !digits(text, 6, 4, &y))
		return false;
	snprintf(day, sizeof day, "%04d-%02d-%02d", y, m, d);
	return day_parse(span_of(day), out);
}

static bool
read_day(struct reader *r, size_t object, names any, bool must,
    struct day *out)
{
	const char *text;

	*out = (struct day){ "" };
	if (!read_text(r, object, any, &text))
		return false;
	if (*text == '\0')
		return !must || wrong(r, "date", "is missing");
	return parse_day(span_of(text), out) || wrong(r, called(r, object,
	    any), "is not a day (dd-mm-yyyy)");
}

static bool
add_digit(int64_t *n, char c)
{
	if (*n > AMOUNT_MAX)
		return false;
	*n = *n * 10 + (c - '0');
	return true;
}

/* Rupees to paise, half up: some generators write 123.02000000000001. */
static bool
parse_amount(struct span text, int64_t *out)
{
	bool minus = text.n > 0 && text.p[0] == '-';
	size_t i = minus, places = 0, start = i;
	bool up = false;

	*out = 0;
	for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
		if (!add_digit(out, text.p[i]))
			return false;
	if (i == start)
		return false;
	if (i < text.n && text.p[i] == '.')
		for (i++; i < text.n && text.p[i] >= '0' &&
		    text.p[i] <= '9'; i++, places++) {
			if (places < 2 && !add_digit(out, text.p[i]))
				return false;
			up = places == 2 ? text.p[i] >= '5' : up;
		}
	for (; places < 2; places++)
		if (!add_digit(out, '0'))
			return false;
	*out += up;
	*out = minus ? -*out : *out;
	return i == text.n && *out <= AMOUNT_MAX && *out >= -AMOUNT_MAX;
}

static bool
read_amount(struct reader *r, size_t object, names any, int64_t *out)
{
	size_t at = find(r, object, any);
	struct span text;

	*out = 0;
	if (at == 0)
		return true;
	if (!is_scalar(r, at))
		return wrong(r, called(r, object, any), "is not an amount");
	text = json_plain(&r->tape, at, r->arena);
	return text.n == 0 || parse_amount(text, out) ||
	    wrong(r, called(r, object, any), "is not an amount");
}

static bool
read_yes(struct reader *r, size_t object, names any, bool *out)
{
	const char *text;

	*out = false;
	if (!read_text(r, object, any, &text))
		return false;
	*out = strcmp(text, "Y") == 0 || strcmp(text, "y") == 0;
	return true;
}

/* ---- one document ----------------------------------------------------- */

static bool
add_amounts(struct reader *r, size_t object, struct inward_row *row)
{
	int64_t amount;

	if (!read_amount(r, object, TAXABLE, &amount))
		return false;
	row->taxable += amount;
	for (int i = 0; i < GST_HEADS; i++) {
		if (!read_amount(r, object, HEADS[i], &amount))
			return false;
		row->tax[i] += amount;
	}
	return row->taxable <= AMOUNT_MAX && row->taxable >= -AMOUNT_MAX ?
	    true : wrong(r, "txval", "is too large");
}

/* On the document, or on its items: those of 2A lie one deeper. */
static bool
read_amounts(struct reader *r, size_t object, struct inward_row *row)
{
	static names ITEMS = { "items", "itms" };
	static names DETAIL = { "itm_det" };
	const struct json_token *tokens = r->tape.tokens;
	size_t list = find(r, object, ITEMS);

	if (list == 0)
		return add_amounts(r, object, row);
	if (tokens[list].kind != JSON_ARRAY)
		return wrong(r, "items", "is not a list");
	if (tokens[list].end == list + 1)
		return add_amounts(r, object, row);
	for (size_t i = list + 1; i < tokens[list].end; i = tokens[i].end) {
		size_t detail = find(r, i, DETAIL);

		if (tokens[i].kind != JSON_OBJECT)
			return wrong(r, "items", "holds what is no object");
		if (!add_amounts(r, detail > 0 ? detail : i, row))
			return false;
	}
	return true;
}

static int64_t
positive(int64_t n)
{
	return n < 0 ? -n : n;
}

/* Notes are positive, their type gives the direction. */
static bool
read_kind(struct reader *r, size_t object, struct inward_row *row)
{
	const char *kind;

	if (!read_text(r, object, KIND, &kind))
		return false;
	if (row->class == BILL_ISD)
		row->credit = strcmp(kind, "ISDC") == 0 ||
		    strcmp(kind, "ISDCN") == 0;
	if (row->class != BILL_CDNR)
		return true;
	row->credit = strcmp(kind, "D") != 0;
	if (r->out->form == INWARD_IMS)
		row->credit = strncmp(r->section, "b2bcn", 5) == 0;
	else if (kind[0] == '\0' || strchr("CD", kind[0]) == NULL ||
	    kind[1] != '\0')
		return wrong(r, "typ", "is neither C nor D");
	row->taxable = positive(row->taxable);
	row->value = positive(row->value);
	for (int i = 0; i < GST_HEADS; i++)
		row->tax[i] = positive(row->tax[i]);
	return true;
}

static bool
read_place(struct reader *r, size_t object, struct inward_row *row)
{
	const char *place;

	if (!read_text(r, object, PLACE, &place))
		return false;
	if (strlen(place) == 1)
		place = arena_printf(r->arena, "0%s", place);
	row->place = place;
	return true;
}

/* Lower case comes from other tools; what is checked is the shape of the
 * number, not that it exists. */
static bool
read_party(struct reader *r, size_t group, size_t object,
    struct inward_row *row)
{
	const char *text;
	char *party;

	if (!read_text(r, object, PARTY, &text) || (*text == '\0' &&
	    !read_text(r, group, PARTY, &text)) ||
	    !read_text(r, object, NAME, &row->name) ||
	    (*row->name == '\0' && !read_text(r, group, NAME, &row->name)))
		return false;
	row->party = party = arena_strdup(r->arena, text);
	for (; *party != '\0'; party++)
		if (*party >= 'a' && *party <= 'z')
			*party = (char)(*party - 'a' + 'A');
	if (row->class == BILL_IMPG) {
		row->party = "";
		return true;
	}
	if (strlen(row->party) != 15 ||
	    strspn(row->party, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 15)
		return wrong(r, "ctin", "is not a GSTIN");
	row->odd = gstin_check(row->party) != row->party[14];
	if (row->odd)
		warn(r, arena_printf(r->arena, "%s of %.60s: its check "
		    "character is wrong; the row is kept", row->party,
		    row->name));
	return true;
}

static bool
read_ims(struct reader *r, size_t object, struct inward_row *row)
{
	const char *period;

	if (!read_text(r, object, IMS, &row->ims) ||
	    !read_text(r, object, HASH, &row->hash) ||
	    !read_text(r, object, STATUS, &row->status) ||
	    !read_yes(r, object, PENDING, &row->no_pending) ||
	    !read_text(r, object, RETURN, &period))
		return false;
	row->period = r->out->period;
	return r->out->form != INWARD_IMS ||
	    gst_period_parse(span_of(period), &row->period) ||
	    wrong(r, "rtnprd", "is not a period (MMYYYY)");
}

static bool
read_supplied(struct reader *r, size_t group, struct inward_row *row)
{
	const char *text;

	if (!read_day(r, group, FILED, false, &row->filed) ||
	    !read_text(r, group, SUPPLIED, &text))
		return false;
	if (*text != '\0' && !gst_period_parse(span_of(text), &row->supplied))
		return wrong(r, "supprd", "is not a period (MMYYYY)");
	return true;
}

static bool
read_document(struct reader *r, const struct section *section,
    size_t group, size_t object, bool rejected)
{
	struct inward_row *row = vec_add(&r->rows);

	if (r->tape.tokens[object].kind != JSON_OBJECT)
		return wrong(r, "document", "is no object");
	if (row == NULL)
		return err_set(r->e, ERR_TOO_LARGE, "more than %d documents",
		    INWARD_ROWS_MAX);
	row->section = section->name;
	row->class = section->class;
	row->amended = section->amended;
	row->apart = section->apart;
	row->rejected = rejected;
	if (!read_party(r, group, object, row) ||
	    !read_text(r, object, NUMBER, &row->number) ||
	    !read_day(r, object, DATE, true, &row->date) ||
	    !read_text(r, object, TYPE, &row->type) ||
	    !read_place(r, object, row) ||
	    !read_text(r, object, PORT, &row->port) ||
	    !read_yes(r, object, REVERSE, &row->reverse_charge) ||
	    !read_text(r, object, AVAILABLE, &row->available) ||
	    !read_text(r, object, REASON, &row->reason) ||
	    !read_text(r, object, ORIGINAL, &row->original) ||
	    !read_day(r, object, ORIGINAL_DATE, false,
	    &row->original_date) || !read_supplied(r, group, row) ||
	    !read_ims(r, object, row) ||
	    !read_amount(r, object, VALUE, &row->value) ||
	    !read_amounts(r, object, row) || !read_kind(r, object, row))
		return false;
	if (row->number[0] == '\0')
		return wrong(r, "number", "is missing");
	if (strlen(row->number) > 64)
		return wrong(r, "number", "is too long");
	return true;
}

/* ---- sections --------------------------------------------------------- */

static bool
read_group(struct reader *r, const struct section *section, size_t group,
    bool rejected)
{
	const struct json_token *tokens = r->tape.tokens;
	size_t list;

	r->item = 0;
	if (tokens[group].kind != JSON_OBJECT)
		return wrong(r, "supplier", "is no object");
	list = json_find(&r->tape, group, span_of(section->list));
	if (list == 0 || tokens[list].kind != JSON_ARRAY)
		return wrong(r, section->list, "is missing");
	for (size_t i = list + 1; i < tokens[list].end;
	    i = tokens[i].end, r->item++)
		if (!read_document(r, section, group, i, rejected))
			return false;
	return true;
}

static bool
read_section(struct reader *r, const struct section *section, size_t list,
    bool rejected)
{
	const struct json_token *tokens = r->tape.tokens;

	r->section = section->name;
	r->group = r->item = 0;
	r->alone = section->list == NULL;
	if (tokens[list].kind == JSON_NULL)
		return true;
	if (tokens[list].kind != JSON_ARRAY)
		return err_set(r->e, ERR_REQUEST, "%s%s is not a list",
		    r->wrap, section->name);
	for (size_t i = list + 1; i < tokens[list].end;
	    i = tokens[i].end, r->group++)
		if (!(r->alone ? read_document(r, section, i, i, rejected) :
		    read_group(r, section, i, rejected)))
			return false;
	return true;
}

static const struct section *
section_find(enum inward_form form, struct span name)
{
	const struct section *s = sections[form];

	for (; s->name != NULL; s++)
		if (span_is(name, s->name))
			return s;
	return NULL;
}

static size_t
count_of(const struct reader *r, size_t list)
{
	size_t n = 0;

	for (size_t i = list + 1; i < r->tape.tokens[list].end;
	    i = r->tape.tokens[i].end)
		n++;
	return n;
}

/* Every list among the members is a section; one that nobody knows yet is
 * told of, so that nothing is passed over in silence. */
static bool
read_sections(struct reader *r, size_t object, const char *wrap,
    bool rejected)
{
	const struct json_token *tokens = r->tape.tokens;

	r->wrap = wrap;
	for (size_t i = object + 1; i < tokens[object].end;
	    i = tokens[i].end) {
		struct span name = json_plain(&r->tape, i, r->arena);
		const struct section *section = section_find(r->out->form,
		    name);

		if (section != NULL) {
			if (!read_section(r, section, i + 1, rejected))
				return false;
		} else if (tokens[i + 1].kind == JSON_ARRAY &&
		    count_of(r, i + 1) > 0) {
			warn(r, arena_printf(r->arena, "%s%.*s: a section "
			    "that is not known; its %zu rows are not read",
			    wrap, name.n > 40 ? 40 : (int)name.n, name.p,
			    count_of(r, i + 1)));
		}
	}
	return true;
}

/* ---- the three layouts ------------------------------------------------ */

static bool
read_head(struct reader *r, size_t object, const char *period_name)
{
	names gstin = { "gstin" }, period = { period_name };
	const char *text;

	r->alone = true;
	r->section = "head";
	r->wrap = "";
	if (!read_text(r, object, gstin, &r->out->gstin) ||
	    !read_text(r, object, period, &text))
		return false;
	if (strlen(r->out->gstin) != 15)
		return err_set(r->e, ERR_REQUEST, "gstin is missing: this "
		    "is no GSTR-2B or GSTR-2A");
	return gst_period_parse(span_of(text), &r->out->period) ||
	    err_set(r->e, ERR_REQUEST, "%s is not a period (MMYYYY)",
	    period_name);
}

static size_t
object_at(const struct reader *r, size_t object, const char *name)
{
	size_t at = json_find(&r->tape, object, span_of(name));

	return at > 0 && r->tape.tokens[at].kind == JSON_OBJECT ? at : 0;
}

/* Credit available, as the file sums it up itself. */
static bool
read_told(struct reader *r, size_t data)
{
	static const char *const parts[] = {
		"nonrevsup", "isdsup", "revsup", "imports"
	};
	size_t summary = object_at(r, data, "itcsumm");
	size_t available = summary > 0 ? object_at(r, summary, "itcavl") : 0;

	r->section = "itcsumm";
	r->out->tells = available > 0;
	for (size_t i = 0; available > 0 && i < 4; i++) {
		size_t part = object_at(r, available, parts[i]);

		for (int h = 0; part > 0 && h < GST_HEADS; h++) {
			int64_t amount;

			if (!read_amount(r, part, HEADS[h], &amount))
				return false;
			r->out->told[h] += amount;
		}
	}
	return true;
}

static bool
read_2b(struct reader *r, size_t data)
{
	static names GENERATED = { "gendt" };
	size_t documents = object_at(r, data, "docdata");
	size_t rejected = object_at(r, data, "docRejdata");

	r->out->form = INWARD_2B;
	if (!read_head(r, data, "rtnprd") ||
	    !read_day(r, data, GENERATED, true, &r->out->generated))
		return false;
	if (gst_period_of(r->out->generated) < r->out->period)
		return err_set(r->e, ERR_REQUEST, "gendt is before rtnprd: "
		    "the file is damaged");
	if (documents == 0 && rejected == 0 &&
	    object_at(r, data, "itcsumm") == 0)
		return err_set(r->e, ERR_REQUEST, "data.docdata is missing: "
		    "the file is cut off or is not a GSTR-2B");
	return read_told(r, data) && (documents == 0 || read_sections(r,
	    documents, "data.docdata.", false)) && (rejected == 0 ||
	    read_sections(r, rejected, "data.docRejdata.", true));
}

static bool
read_2a(struct reader *r)
{
	r->out->form = INWARD_2A;
	return read_head(r, 0, "fp") && read_sections(r, 0, "", false);
}

static bool
is_ims(const struct reader *r)
{
	for (const struct section *s = sections_ims; s->name != NULL; s++) {
		size_t list = json_find(&r->tape, 0, span_of(s->name));

		if (list > 0 && count_of(r, list) > 0 &&
		    r->tape.tokens[list].kind == JSON_ARRAY)
			return find(r, list + 1, PARTY) > 0 &&
			    json_find(&r->tape, list + 1, SPAN("stin")) > 0;
	}
	return false;
}

static bool
read_layout(struct reader *r)
{
	size_t data;

	r->out->gstin = "";
	if (r->tape.tokens[0].kind != JSON_OBJECT)
		return err_set(r->e, ERR_REQUEST, "this is no GSTR-2B: it is "
		    "not one object");
	data = object_at(r, 0, "data");
	/* As the portal's API wraps it once more. */
	if (data > 0 && object_at(r, data, "data") > 0)
		data = object_at(r, data, "data");
	if (data > 0)
		return read_2b(r, data);
	if (json_find(&r->tape, 0, SPAN("fp")) > 0)
		return read_2a(r);
	if (is_ims(r)) {
		static names gstin = { "gstin" };

		r->out->form = INWARD_IMS;
		r->section = "head";
		r->wrap = "";
		return read_text(r, 0, gstin, &r->out->gstin) &&
		    read_sections(r, 0, "", false);
	}
	return err_set(r->e, ERR_REQUEST, "this is no GSTR-2B, GSTR-2A or "
	    "list of IMS: neither data nor fp");
}

bool
inward_read(struct span text, struct arena *arena, struct inward *out,
    struct err *e)
{
	struct reader r = { .arena = arena, .out = out, .e = e };
	struct json_where where;
	enum json_fault fault;
	bool ok;

	*out = (struct inward){ .gstin = "" };
	if (text.n > INWARD_MAX)
		return err_set(e, ERR_TOO_LARGE, "more than %d bytes",
		    INWARD_MAX);
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		text = (struct span){ text.p + 3, text.n - 3 };
	fault = json_read(text, DEPTH_MAX, arena, &r.tape, &where);
	if (fault != JSON_OK)
		return err_set(e, ERR_JSON, "%s at byte %zu of %zu%s",
		    json_fault_name(fault), where.offset, text.n,
		    where.offset == text.n ? ": the file is cut off" : "");
	vec_init(&r.rows, sizeof(struct inward_row), INWARD_ROWS_MAX);
	ok = read_layout(&r);
	out->n_rows = ok ? r.rows.n : 0;
	out->rows = arena_alloc(arena, (out->n_rows + 1) *
	    sizeof *out->rows);
	if (out->n_rows > 0)
		memcpy(out->rows, r.rows.p, out->n_rows * sizeof *out->rows);
	vec_free(&r.rows);
	return ok;
}

void
inward_bill(const struct inward_row *row, const char *own, int64_t id,
    struct bill *out)
{
	*out = (struct bill){ .id = id, .class = row->class,
	    .credit = row->credit, .own = own, .party = row->party,
	    .number = row->number, .place = row->place, .date = row->date,
	    .reverse_charge = row->reverse_charge,
	    .taxable = row->taxable };
	memcpy(out->tax, row->tax, sizeof out->tax);
}
