/*
 * Which lines of which documents are tax, and on which side.  The post rules
 * say so, too; that both agree is what the close board ties to the ledger.
 */
#include "book/tax.h"

#include <string.h>
#include <strings.h>

static const struct {
	enum document_kind kind;
	const char *type;
	int sign;
} taxes[] = {
	{ DOC_SALES_INVOICE, "tax", -1 },
	{ DOC_CREDIT_NOTE, "tax", 1 },
	{ DOC_PURCHASE_INVOICE, "tax", 1 },
	{ DOC_PURCHASE_INVOICE, "reverse_charge", -1 },
	{ DOC_DEBIT_NOTE, "tax", -1 },
	{ DOC_PAYMENT, "fee_tax", 1 },
	{ DOC_SETTLEMENT, "fee_tax", 1 },
	{ DOC_ADVANCE, "tax", -1 },
	{ DOC_ADVANCE_ADJUSTMENT, "tax", 1 },
};

/* GST or one of its heads: CGST, SGST, IGST, UTGST. */
static bool
is_tax(const char *word, size_t n)
{
	return (n >= 3 && n <= 5 && strncasecmp(word + n - 3, "gst", 3) == 0)
	    || (n == 3 && strncasecmp(word, "vat", 3) == 0);
}

bool
tax_account(const char *kind, const char *path)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (strcmp(kind, "asset") != 0 && strcmp(kind, "liability") != 0)
		return false;
	while (*(path += strcspn(path, letters)) != '\0') {
		size_t n = strspn(path, letters);

		if (is_tax(path, n))
			return true;
		path += n;
	}
	return false;
}

int64_t
tax_of_line(const struct document *document,
    const struct document_line *line, const struct reference *reference)
{
	const struct master *account = line->account == NULL ? NULL :
	    reference_find(reference, REF_ACCOUNT, line->account);

	/* A voucher names accounts, not types. */
	if (document->kind == DOC_JOURNAL_VOUCHER)
		return account != NULL && tax_account(account->kind,
		    account->extra) ? line->amount : 0;
	if (account != NULL && strcmp(account->kind, "expense") == 0)
		return 0;
	for (size_t i = 0; i < sizeof taxes / sizeof *taxes; i++)
		if (taxes[i].kind == document->kind && line->type != NULL &&
		    strcmp(taxes[i].type, line->type) == 0)
			return taxes[i].sign * line->amount;
	return 0;
}

static const struct {
	enum document_kind kind;
	const char *form, *table;
} returns[] = {
	{ DOC_SALES_INVOICE, "GSTR-1", "4-7" },
	{ DOC_CREDIT_NOTE, "GSTR-1", "9" },
	{ DOC_PURCHASE_INVOICE, "GSTR-3B", "4" },
	{ DOC_DEBIT_NOTE, "GSTR-3B", "4" },
	{ DOC_PAYMENT, "GSTR-3B", "4" },
	{ DOC_SETTLEMENT, "GSTR-3B", "4" },
	{ DOC_ADVANCE, "GSTR-1", "11A" },
	{ DOC_ADVANCE_ADJUSTMENT, "GSTR-1", "11B" },
};

bool
tax_return(enum document_kind kind, const char **form, const char **table)
{
	for (size_t i = 0; i < sizeof returns / sizeof *returns; i++) {
		if (returns[i].kind != kind)
			continue;
		*form = returns[i].form;
		*table = returns[i].table;
		return true;
	}
	return false;
}
