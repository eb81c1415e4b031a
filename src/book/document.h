#ifndef BAHI_BOOK_DOCUMENT_H
#define BAHI_BOOK_DOCUMENT_H
/*
 * A canonical business object, made from an event by data/rules/map and
 * turned into a journal by data/rules/post. Key: (entity, kind, number).
 * Text is NULL when absent. Amounts are minor units of `currency`.
 */
#include <stdint.h>
#include <stddef.h>
#include "book/day.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"

#define DOCUMENT_LINES_MAX 1000
#define DOCUMENT_PARTS_MAX 128	/* documents of one event */

enum document_kind {
	DOC_SALES_ORDER, DOC_PURCHASE_ORDER, DOC_SALES_INVOICE,
	DOC_CREDIT_NOTE, DOC_DEBIT_NOTE, DOC_PURCHASE_INVOICE, DOC_PAYMENT,
	DOC_REFUND, DOC_SETTLEMENT, DOC_SHIPMENT, DOC_INVENTORY_MOVE,
	DOC_PAYROLL, DOC_JOURNAL_VOUCHER, DOC_AUTHORISATION,
	DOC_ADVANCE, DOC_ADVANCE_ADJUSTMENT, DOC_STOCK_COUNT, DOC_KINDS
};

/* What its source says of GST; of what it does not say, master data decides
 * (gst/supply.h). */
struct document_gst {
	const char *gstin;	/* ours */
	const char *party_gstin, *party_name;
	const char *category;	/* regular composition sez deemed_export
				 * unregistered overseas uin operator
				 * deductor distributor */
	const char *place;	/* of supply: 27, MH or a state's name */
	const char *supply;	/* of exports and SEZ: with_payment
				 * without_payment; cbw; deemed */
	const char *operator;	/* GSTIN that it was sold through */
	const char *seller;	/* an operator's: GSTIN of who sold */
	const char *original;	/* number of the invoice that a note is of */
	const char *port, *bill;	/* of shipping, or of entry */
	const char *credit;	/* of input tax: available (absent) blocked
				 * (17(5), rules 38 42 43) reversed reclaimed
				 * restricted (place, 16(4)) */
	const char *pin;	/* of the party's address */
	struct day original_date, bill_date;
	bool reverse_charge, reduced;	/* reduced: 65% of the rate */
	bool counter;		/* sold over the counter */
	bool debit_note;	/* raises the invoice `original` */
};

struct document_line {
	const char *type;	/* sale tax shipping discount payment fee ... */
	const char *account;	/* NULL: the post rule decides */
	const char *party, *cost_centre, *tax_code, *item, *location, *memo;
	const char *quantity;	/* decimal text */
	int64_t amount;		/* sign as the type says; see data/rules/README */
	int64_t cost;		/* value of what moved, at cost */
	const char *hsn, *unit;	/* NULL: the item's */
	const char *supply;	/* taxable nil exempt non_gst; NULL: as the
				 * tax code says */
	const char *head;	/* of a tax: igst cgst sgst cess; NULL: as the
				 * account's path says */
};

struct document {
	enum document_kind kind;
	const char *entity, *number, *party, *currency;
	const char *channel, *reference, *memo;
	const char *order_number;	/* of the order it belongs to */
	const char *after_kind, *after_number;	/* must be there first */
	const char *batch;	/* it is one of; NULL: of none */
	bool has_control;	/* says what its batch adds up to, or what it
				 * adds to its batch */
	int64_t control_total, control_count;	/* count -1: not said */
	struct day date;
	struct day posting;	/* posted on this day instead; "": on `date` */
	bool voided;		/* undoes the document; nothing is posted */
	int64_t total, tax;
	int64_t base_version;	/* -1: source has no versions */
	const char *revision;	/* source's own, a time or text; NULL: none */
	const struct document_gst *gst;	/* NULL: nothing said */
	struct document_line *lines;
	size_t n_lines;
};

const char *document_kind_name(enum document_kind);	/* "sales_invoice" */
bool document_kind_find(const char *name, enum document_kind *out);
/* The day of its journal. */
struct day document_posting(const struct document *);
/* Canonical JSON: fixed order, absent fields left out, amounts as integers. */
void document_encode(const struct document *, struct str *out);
/* What document_encode wrote; texts in the arena. False: it is not that. */
MUST_CHECK bool document_decode(struct span, struct arena *,
	struct document *out);
/* What somebody wrote in that form, of quoted text: every member is known, of
 * its type and not too long. False: `wrong` is the path of what is not. */
struct cJSON;
MUST_CHECK bool document_read(const struct cJSON *, struct arena *,
	struct document *out, const char **wrong);
/* Entity, kind and number. */
bool document_same(const struct document *, const struct document *);

#endif
