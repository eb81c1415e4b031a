#ifndef BAHI_FLOW_EXPORTING_H
#define BAHI_FLOW_EXPORTING_H
/*
 * The seam of exports: a form is one function that reads one snapshot of the
 * store and writes files; all else (the thread, the state, the folder, what
 * is kept, the receipt) is exporter.c's.  To add one: export_NAME.c with a
 * struct export_form, and its line in the table of exporter.c.
 *
 * The same store gives the same bytes: no clock, no order but what the
 * snapshot says.
 */
#include "book/reference.h"
#include "exports/out.h"
#include "store/db.h"

#define EXPORT_HEADS 4		/* igst cgst sgst cess */

struct exporting {		/* what a form is given */
	const char *gstin;		/* ours */
	int64_t period;			/* 202610 */
	const char *form, *format;
	struct day today;		/* for names of files alone */
	struct db *db;			/* reading, inside one snapshot */
	const struct reference *reference;	/* in force, for names */
	struct arena *arena;		/* of the whole export: keep it small */
	struct out *out;		/* the files */
	struct exporting_state *state;	/* exporter.c's */
};

struct export_form {
	const char *form, *format;	/* "gstr1", "json" */
	bool (*write)(struct exporting *, struct err *);
};

/* A file each; the table is in exporter.c. */
extern const struct export_form export_gstr1_json, export_gstr1_csv;
extern const struct export_form export_iff_json, export_iff_csv;
extern const struct export_form export_gstr3b_json, export_gstr3b_csv,
	export_gstr3b_html;
extern const struct export_form export_purchases_csv;
extern const struct export_form export_followup_csv, export_ims_json;

/* How much there is, in whatever the form counts; for the progress. */
void exporting_expect(struct exporting *, int64_t total);
/* So much more is done. False: somebody cancelled, *e says so; return. */
MUST_CHECK bool exporting_step(struct exporting *, int64_t n, struct err *);

/* A line of the receipt's totals: what went into the files. Paise. */
struct export_total {
	const char *section;		/* "b2b", "3.1(a)" */
	int64_t documents, rows, value, taxable;
	int64_t tax[EXPORT_HEADS];
};

void exporting_total(struct exporting *, const struct export_total *);
/* A warning of the receipt, counted by its code; `about` is one of those that
 * it is of (a number, a name), the first few are kept; NULL: none. */
void exporting_warn(struct exporting *, const char *code,
	const char *sentence, const char *about);

#endif
