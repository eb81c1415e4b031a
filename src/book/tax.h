#ifndef BAHI_BOOK_TAX_H
#define BAHI_BOOK_TAX_H
/* Tax as a document says it, apart from what was posted of it. */
#include "book/document.h"
#include "book/reference.h"

/* An account for GST or VAT, told by the words of its ledger path. */
bool tax_account(const char *kind, const char *path);
/* What the line adds to the tax of the entity, debit positive; 0: it is no
 * tax, or tax that is part of a cost. */
int64_t tax_of_line(const struct document *, const struct document_line *,
	const struct reference *);

/* The GST return that shows documents of that kind, and the table of it;
 * false: none does.  Source: CGST Rules 59 (GSTR-1) and 61 (GSTR-3B). */
bool tax_return(enum document_kind, const char **form, const char **table);

#endif
