#ifndef BAHI_EXPORTS_GSTR1_H
#define BAHI_EXPORTS_GSTR1_H
/*
 * GSTR-1 as files: the JSON that the government's offline tool makes, and the
 * CSV files that it imports.  Fed unit by unit in the order of sections: the
 * rows of one document, or of one group of sums.  Nothing is asked, nothing
 * is held but the unit.
 */
#include "exports/out.h"
#include "gst/listed.h"

/* The offline tool splits there; the portal takes 5 MB. */
#define GSTR1_FILE_MAX 4700000

struct gstr1_head {
	const char *gstin;
	int64_t period;
	struct day made;	/* of the file's name alone */
	bool iff;
	int64_t file_max;	/* bytes; of JSON */
};

struct gstr1_writer;

struct gstr1_format {
	struct gstr1_writer *(*new)(const struct gstr1_head *, struct out *);
	bool (*unit)(struct gstr1_writer *, const struct listed *, size_t n,
	    struct err *);
	/* Ends what is open; the files are the caller's to end. */
	bool (*end)(struct gstr1_writer *, struct err *);
	void (*free)(struct gstr1_writer **);
};

extern const struct gstr1_format gstr1_json, gstr1_csv;

/* Why the portal would refuse a unit: then it would refuse the whole file, so
 * that it is left out and told. */
enum gstr1_fault {
	GSTR1_FINE, GSTR1_NUMBER, GSTR1_GSTIN, GSTR1_PLACE, GSTR1_DATE,
	GSTR1_NEGATIVE, GSTR1_LARGE, GSTR1_HEADS, GSTR1_RATE,
	GSTR1_ORIGINAL, GSTR1_HSN, GSTR1_FAULTS
};

enum gstr1_fault gstr1_judge(const struct listed *, size_t n);
const char *gstr1_fault_name(enum gstr1_fault);
const char *gstr1_fault_sentence(enum gstr1_fault);
/* Of an export without tax its shipping bill may be missing, but half of one,
 * or one of another form, is refused. */
bool gstr1_bill_fits(const struct listed *);

/* "118000", "4761.9": no more decimals than there are. */
void gstr1_amount(int64_t paise, struct str *);
void gstr1_quantity(int64_t thousandths, struct str *);	/* two decimals */
/* From period 05/2025 table 12 is split. */
bool gstr1_hsn_split(int64_t period);
/* What the tool works out of a CSV row, which has no tax in it. */
void gstr1_tool_tax(const struct listed *, int64_t tax[GST_HEADS]);

#endif
