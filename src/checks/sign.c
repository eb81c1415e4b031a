/*
 * A document's kind says which way money went, so its total is not negative,
 * and its tax is a part of it. A negative sale is a credit note: posted as a
 * sale it would be in the wrong returns.
 */
#include "checks/list.h"

static bool
either_way(enum document_kind kind)
{
	switch (kind) {
	case DOC_JOURNAL_VOUCHER:
	case DOC_SETTLEMENT:
	case DOC_INVENTORY_MOVE:
	case DOC_SHIPMENT:
		return true;
	default:
		return false;
	}
}

void
check_sign(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	(void)journal;
	(void)reference;
	if (either_way(document->kind))
		return;
	if (document->total < 0)
		finding_add(findings, arena, FIND_SCHEMA, "total", "total",
		    "negative");
	else if (document->tax < 0 || document->tax > document->total)
		finding_add(findings, arena, FIND_SCHEMA, "tax", "tax",
		    "not a part of the total");
}
