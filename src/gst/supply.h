#ifndef BAHI_GST_SUPPLY_H
#define BAHI_GST_SUPPLY_H
/*
 * What a document is under GST: pure, made from the document and master data
 * alone.  Amounts are paise of the base currency, positive as the document
 * reads; `nature` gives the direction.  Rates are thousandths of a percent
 * (18% is 18000, half of 0.25% is 125).  Periods are 202610.
 * Texts belong to the document, the master data or the arena.
 */
#include "book/document.h"
#include "book/reference.h"
#include "book/statute.h"

enum gst_head { GST_IGST, GST_CGST, GST_SGST, GST_CESS, GST_HEADS };

/* Of a party; what decides sections and shapes of numbers. */
enum gst_category {
	GST_REGULAR, GST_COMPOSITION, GST_SEZ, GST_DEEMED_EXPORT,
	GST_UNREGISTERED, GST_OVERSEAS, GST_UIN, GST_OPERATOR, GST_DEDUCTOR,
	GST_DISTRIBUTOR, GST_CATEGORIES
};

enum gst_nature {
	GST_INVOICE, GST_CREDIT, GST_DEBIT, GST_ADVANCE, GST_ADJUSTMENT
};

enum gst_treatment {
	GST_TAXABLE, GST_NIL, GST_EXEMPT, GST_NON_GST, GST_UNSAID
};

/* Sections of GSTR-1 by their JSON keys ("b2b"); those of inward supplies are
 * for the purchase register only.  Source: CGST Rules 59, gst.md 2.1. */
enum gst_section {
	GST_NOWHERE, GST_B2B, GST_B2CL, GST_B2CS, GST_EXP, GST_CDNR, GST_CDNUR,
	GST_AT, GST_TXPD, GST_NILSUP, GST_ECOM, GST_INWARD, GST_SECTIONS
};

/* Cells of GSTR-3B (gst.md 3.2); GST_CELL_NONE: not in it. */
enum gst_cell {
	GST_CELL_NONE,
	GST_3_1A, GST_3_1B, GST_3_1C, GST_3_1D, GST_3_1E,
	GST_3_1_1I, GST_3_1_1II,
	GST_4A_IMPG, GST_4A_IMPS, GST_4A_ISRC, GST_4A_ISD, GST_4A_OTH,
	GST_4B_RUL, GST_4B_OTH, GST_4D_RUL, GST_4D_OTH,
	GST_5_GST, GST_5_NONGST,
	GST_3_2_UNREG, GST_3_2_COMP, GST_3_2_UIN,
	GST_CELLS
};

struct supply_line {
	const char *item;		/* NULL: none is named */
	const char *hsn, *unit;		/* NULL: not known */
	int64_t quantity;		/* thousandths; 0 for services */
	enum gst_treatment treatment;
	int64_t rate;			/* -1: not known */
	int64_t taxable;		/* negative: taken off */
	int64_t tax[GST_HEADS];
	size_t row;			/* that it is part of */
};

/* Document and rate: what returns list.  Sections are of lines, so that one
 * invoice may stand in two. */
struct supply_row {
	enum gst_section section;
	enum gst_cell cell;		/* of 3B, by first match */
	enum gst_treatment treatment;
	int64_t rate, taxable;
	int64_t tax[GST_HEADS];
};

struct supply {
	const struct registration *own;	/* ours */
	enum document_kind kind;
	enum gst_nature nature;
	bool inward;			/* bought, not sold */
	bool voided;			/* its number alone counts */
	const char *entity, *number, *party, *name;
	const char *bill_number;	/* the supplier's own; else `number` */
	struct day date;
	struct day received;		/* the day it came; "": not known */
	int64_t period;			/* of its day */
	const char *gstin;		/* the other side's; NULL: none */
	enum gst_category category;
	const char *place;		/* of supply; NULL: not known */
	const char *from;		/* state of the supplier */
	bool inter, reverse_charge, deemed, with_payment, cbw;
	bool reduced;			/* 65% of the rate applies */
	const char *operator, *seller;	/* GSTINs, or NULL */
	const char *original;		/* a note's invoice, or NULL */
	struct day original_date;
	int64_t original_total;		/* -1: not known */
	const char *port, *bill;	/* shipping bill, or bill of entry */
	struct day bill_date;
	const char *credit;		/* of input tax; see document_gst */
	int64_t value;			/* of the document, with tax */
	struct supply_line *lines;
	struct supply_row *rows;	/* by section and rate, as they come */
	size_t n_lines, n_rows;
};

/* NULL: not a document of GST, or its entity is not registered on its day. */
struct supply *supply_read(const struct document *, const struct reference *,
	struct arena *);
/* Rows anew, once original_total is known (the ledger has it). */
void supply_place(struct supply *, const struct reference *, struct arena *);
/* "R", "SEWP", "SEWOP", "DE", "CBW": of B2B and CDNR; "WPAY", "WOPAY" of EXP;
 * "B2CL", "EXPWP", "EXPWOP" of CDNUR; "OE", "OE65" (65% of the rate) of B2CS;
 * "", "65" of advances; "INTRB2B/nil" and so on of NIL; "b2b", "urp2b", "b2c",
 * "urp2c" of table 15; of what was bought the cell of 4A that its credit
 * comes from; else "". */
const char *supply_type(const struct supply *, const struct supply_row *);
/* All cells that the row counts in, its own first. */
#define SUPPLY_CELLS 4
size_t supply_cells(const struct supply *, const struct supply_row *,
	enum gst_cell out[SUPPLY_CELLS]);
/* 1, or -1 of what lowers. */
int supply_sign(const struct supply *);

const char *gst_section_name(enum gst_section);		/* "b2b" */
bool gst_section_find(const char *, enum gst_section *out);
const char *gst_amended_name(enum gst_section);		/* "b2ba", NULL */
/* "b2b" and "b2ba" alike. */
bool gst_section_root(const char *, enum gst_section *out, bool *amended);
const char *gst_cell_name(enum gst_cell);		/* "3.1(a)" */
bool gst_cell_find(const char *, enum gst_cell *out);
const char *gst_category_name(enum gst_category);	/* "regular" */
bool gst_category_find(const char *, enum gst_category *out);
const char *gst_treatment_name(enum gst_treatment);	/* "nil" */
bool gst_treatment_find(const char *, enum gst_treatment *out);
const char *gst_head_name(enum gst_head);		/* "igst" */
bool gst_head_find(const char *, enum gst_head *out);

#endif
