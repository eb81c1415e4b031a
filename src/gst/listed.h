#ifndef BAHI_GST_LISTED_H
#define BAHI_GST_LISTED_H
/*
 * One row of GSTR-1 as it is kept and as it is written: of a document and
 * rate, of a sum, of table 12 or of table 13. Plain values: store fills it,
 * exports write it. Texts are NULL when absent; amounts paise, positive as the
 * document reads (sums have their sign); rates thousandths of a percent.
 */
#include "book/day.h"
#include "gst/supply.h"

/* In the order in which files have them. */
enum listed_section {
	R1_B2B, R1_B2BA, R1_B2CL, R1_B2CLA, R1_B2CS, R1_B2CSA,
	R1_CDNR, R1_CDNRA, R1_CDNUR, R1_CDNURA, R1_EXP, R1_EXPA,
	R1_AT, R1_ATA, R1_TXPD, R1_TXPDA, R1_NIL, R1_SUPECO, R1_SUPECOA,
	R1_ECOM, R1_ECOMA, R1_HSN, R1_DOCS, LISTED_SECTIONS
};

struct listed {
	enum listed_section section;
	int64_t document;	/* rows of one follow one another; 0: a sum */
	const char *ctin, *name, *number, *type;
	const char *place, *place_name;	/* "27", "Maharashtra" */
	struct day date;
	bool inter, reverse_charge, reduced, debit;
	const char *operator, *seller;	/* GSTINs */
	const char *port, *bill;
	struct day bill_date;
	const char *original;		/* number of what it amends */
	struct day original_date;
	int64_t documents;		/* that a sum is of */
	int64_t of_period;		/* that a sum amends */
	int64_t value, rate, taxable, tax[GST_HEADS];
	/* nil: by treatment */
	int64_t nil, exempt, non_gst;
	/* table 12 */
	const char *part;		/* b2b b2c */
	const char *hsn, *description, *unit, *unit_name;
	int64_t quantity;		/* thousandths */
	/* table 13 */
	int nature;
	const char *from, *to;
	int64_t issued, cancelled, missing;
};

/* "b2b", as JSON has it. */
const char *listed_name(enum listed_section);
bool listed_find(const char *, enum listed_section *out);
/* Of documents, not of sums. */
bool listed_of_documents(enum listed_section);
/* In an IFF, too. */
bool listed_in_iff(enum listed_section);

/* Natures of table 13 in the words of the form; NULL: there is none. */
const char *listed_nature(int64_t);

#endif
