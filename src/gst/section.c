/*
 * Which section of GSTR-1 each line of a document belongs to, and its rows.
 * Source: CGST Rules 59 and the notes to Form GSTR-1; gst.md 2.2, whose order
 * this keeps.
 */
#include "gst/supply.h"

#include <string.h>

#include "gst/inside.h"

static const struct {
	const char *name, *amended;
} sections[GST_SECTIONS] = {
	[GST_NOWHERE] = { "unplaced", NULL },
	[GST_B2B] = { "b2b", "b2ba" },
	[GST_B2CL] = { "b2cl", "b2cla" },
	[GST_B2CS] = { "b2cs", "b2csa" },
	[GST_EXP] = { "exp", "expa" },
	[GST_CDNR] = { "cdnr", "cdnra" },
	[GST_CDNUR] = { "cdnur", "cdnura" },
	[GST_AT] = { "at", "ata" },
	[GST_TXPD] = { "txpd", "txpda" },
	[GST_NILSUP] = { "nil", NULL },
	[GST_ECOM] = { "ecom", "ecoma" },
	[GST_INWARD] = { "inward", NULL },
};

const char *
gst_section_name(enum gst_section section)
{
	return sections[section].name;
}

const char *
gst_amended_name(enum gst_section section)
{
	return sections[section].amended;
}

bool
gst_section_find(const char *name, enum gst_section *out)
{
	for (int i = 0; i < GST_SECTIONS; i++) {
		if (strcmp(sections[i].name, name) == 0) {
			*out = (enum gst_section)i;
			return true;
		}
	}
	return false;
}

bool
gst_section_root(const char *name, enum gst_section *out, bool *amended)
{
	*amended = false;
	if (gst_section_find(name, out))
		return true;
	for (int i = 0; i < GST_SECTIONS; i++) {
		if (sections[i].amended != NULL &&
		    strcmp(sections[i].amended, name) == 0) {
			*out = (enum gst_section)i;
			*amended = true;
			return true;
		}
	}
	return false;
}

/* ---- what the rules ask ----------------------------------------------- */

bool
supply_exported(const struct supply *s)
{
	return s->place != NULL && strcmp(s->place, GST_ABROAD) == 0;
}

/* By place of supply alone: what SEZ adds is for the tax only. */
bool
supply_across(const struct supply *s)
{
	return s->place != NULL && strncmp(s->place, s->own->gstin, 2) != 0;
}

static bool
registered(const struct supply *s)
{
	return s->gstin != NULL && !supply_exported(s);
}

static bool
is_note(const struct supply *s)
{
	return s->nature == GST_CREDIT || s->nature == GST_DEBIT;
}

/* The document's total, and of a note that of its invoice if it is more. */
static bool
above_limit(const struct supply *s, const struct reference *reference)
{
	int64_t limit, value = s->value < 0 ? -s->value : s->value;
	struct day day = is_note(s) && s->original_date.text[0] != '\0' ?
	    s->original_date : s->date;

	if (!reference_gst_limit(reference, "b2cl", day, &limit))
		return false;
	if (is_note(s) && s->original != NULL && s->original_total > value)
		value = s->original_total;
	return value > limit;
}

static bool
untaxed(const struct supply_line *line)
{
	return line->treatment == GST_NIL || line->treatment == GST_EXEMPT ||
	    line->treatment == GST_NON_GST;
}

static enum gst_section
section_of_note(const struct supply *s, bool large)
{
	if (registered(s))
		return GST_CDNR;
	return supply_exported(s) || (supply_across(s) && large) ?
	    GST_CDNUR : GST_B2CS;
}

static enum gst_section
section_of(const struct supply *s, const struct supply_line *line,
    bool large)
{
	if (s->inward)
		return GST_INWARD;
	if (is_note(s) && s->place == NULL)
		return GST_NOWHERE;	/* until its invoice is there */
	if (line->treatment == GST_UNSAID || line->rate < 0)
		return GST_NOWHERE;
	if (s->nature == GST_ADVANCE || s->nature == GST_ADJUSTMENT)
		return untaxed(line) ? GST_NOWHERE :
		    s->nature == GST_ADVANCE ? GST_AT : GST_TXPD;
	if (s->seller != NULL)
		return GST_ECOM;
	if (!supply_exported(s) && untaxed(line))
		return GST_NILSUP;
	if (is_note(s))
		return section_of_note(s, large);
	if (registered(s))
		return GST_B2B;
	if (supply_exported(s))
		return GST_EXP;
	return supply_across(s) && large ? GST_B2CL : GST_B2CS;
}

/* ---- rows ------------------------------------------------------------- */

static struct supply_row *
row_of(struct supply *s, const struct supply_row *like)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		struct supply_row *row = &s->rows[i];

		if (row->section == like->section &&
		    row->cell == like->cell && row->rate == like->rate &&
		    row->treatment == like->treatment)
			return row;
	}
	s->rows[s->n_rows] = *like;
	return &s->rows[s->n_rows++];
}

void
supply_place(struct supply *s, const struct reference *reference,
    struct arena *arena)
{
	bool large = !s->inward && above_limit(s, reference);

	s->n_rows = 0;
	/* To ourselves, or nothing at all. */
	if (s->voided || (s->gstin != NULL &&
	    strcmp(s->gstin, s->own->gstin) == 0))
		return;
	if (s->rows == NULL)
		s->rows = arena_alloc(arena, (s->n_lines + 1) *
		    sizeof *s->rows);
	for (size_t i = 0; i < s->n_lines; i++) {
		struct supply_line *line = &s->lines[i];
		struct supply_row like = {
			.section = section_of(s, line, large),
			.treatment = line->treatment,
			.rate = line->rate,
		}, *row;

		like.cell = like.section == GST_NOWHERE ? GST_CELL_NONE :
		    supply_cell(s, line);
		row = row_of(s, &like);
		line->row = (size_t)(row - s->rows);
		row->taxable += line->taxable;
		for (int head = 0; head < GST_HEADS; head++)
			row->tax[head] += line->tax[head];
	}
}

/* ---- sub-types -------------------------------------------------------- */

static const char *
type_of_nil(const struct supply *s, const struct supply_row *row)
{
	static const char *const names[2][2][3] = {
		{ { "INTRAB2C/nil", "INTRAB2C/exempt", "INTRAB2C/non_gst" },
		  { "INTRAB2B/nil", "INTRAB2B/exempt", "INTRAB2B/non_gst" } },
		{ { "INTRB2C/nil", "INTRB2C/exempt", "INTRB2C/non_gst" },
		  { "INTRB2B/nil", "INTRB2B/exempt", "INTRB2B/non_gst" } },
	};
	int treatment = row->treatment == GST_NIL ? 0 :
	    row->treatment == GST_EXEMPT ? 1 : 2;

	return names[supply_across(s)][registered(s)][treatment];
}

static const char *
type_of_regular(const struct supply *s)
{
	if (s->deemed)
		return "DE";
	if (s->category == GST_SEZ)
		return s->with_payment ? "SEWP" : "SEWOP";
	return s->cbw ? "CBW" : "R";
}

/* Table 15 tells supplies of registered sellers from others (URP). */
static const char *
type_of_operator(const struct supply *s)
{
	bool seller = strcmp(s->seller, GST_NOBODY) != 0;

	if (registered(s))
		return seller ? "b2b" : "urp2b";
	return seller ? "b2c" : "urp2c";
}

const char *
supply_type(const struct supply *s, const struct supply_row *row)
{
	switch (row->section) {
	case GST_B2B:
	case GST_CDNR:
		return type_of_regular(s);
	case GST_EXP:
		return s->with_payment ? "WPAY" : "WOPAY";
	case GST_CDNUR:
		return !supply_exported(s) ? "B2CL" :
		    s->with_payment ? "EXPWP" : "EXPWOP";
	case GST_B2CS:
		return s->reduced ? "OE65" : "OE";
	case GST_AT:
	case GST_TXPD:
		return s->reduced ? "65" : "";
	case GST_NILSUP:
		return type_of_nil(s, row);
	case GST_ECOM:
		return type_of_operator(s);
	case GST_INWARD:
		return gst_cell_name(supply_source(s, row));
	case GST_B2CL:
	case GST_NOWHERE:
	case GST_SECTIONS:
		break;
	}
	return "";
}

int
supply_sign(const struct supply *s)
{
	return s->nature == GST_CREDIT || s->nature == GST_ADJUSTMENT ?
	    -1 : 1;
}
