#ifndef BAHI_GST_INWARD_H
#define BAHI_GST_INWARD_H
/*
 * What suppliers filed, as the portal hands it out: GSTR-2B (items or amounts
 * on the document), GSTR-2A and the list of the invoice management system.
 * A file is read whole or refused with where it is wrong; what is odd but
 * readable is kept and warned of. Bounded by INWARD_MAX bytes and rows.
 */
#include "core/err.h"
#include "gst/match.h"

#define INWARD_MAX (64 << 20)
#define INWARD_ROWS_MAX 500000
#define INWARD_WARNINGS_MAX 100

enum inward_form { INWARD_2B, INWARD_2A, INWARD_IMS, INWARD_FORMS };

struct inward_row {
	const char *section;		/* of the file: "b2ba" */
	enum bill_class class;
	bool amended;			/* replaces an original */
	bool apart;			/* listed, but not for matching */
	bool rejected;			/* in IMS, before 2B was made */
	bool credit, reverse_charge;
	bool odd;			/* GSTIN with a wrong check character */
	const char *party, *name, *number;
	struct day date;
	const char *type;		/* R SEZWP DE ..; "" */
	const char *place, *port;	/* "" */
	const char *available;		/* Y N T; "": not said */
	const char *reason;		/* P C; "" */
	const char *original;		/* number; "" */
	struct day original_date;
	struct day filed;		/* "": not said */
	int64_t period;			/* of the file, of IMS its own */
	int64_t supplied;		/* the supplier's period; 0 */
	const char *ims;		/* N A R P; "": not said */
	bool no_pending;		/* IMS: may not be kept pending */
	const char *hash, *status;	/* IMS */
	int64_t value, taxable, tax[GST_HEADS];
};

struct inward {
	enum inward_form form;
	const char *gstin;		/* "": the file does not say */
	int64_t period;			/* 0: it does not say */
	struct day generated;		/* "": it does not say */
	struct inward_row *rows;
	size_t n_rows;
	int64_t told[GST_HEADS];	/* its own sum of credit available */
	bool tells;			/* it has one */
	const char *warnings[INWARD_WARNINGS_MAX];
	size_t n_warnings, n_more;	/* those that did not fit */
};

/* Texts in the arena. ERR_JSON: it is not JSON, ERR_REQUEST: it is not such a
 * file; `why` says where. */
MUST_CHECK bool inward_read(struct span, struct arena *, struct inward *,
	struct err *);
const char *inward_form_name(enum inward_form);		/* "2b" */
bool inward_form_find(const char *, enum inward_form *out);
void inward_bill(const struct inward_row *, const char *own, int64_t id,
	struct bill *out);

#endif
