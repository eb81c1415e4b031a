/* Nothing is posted for nothing: a 0.00 document needs a person. A number that
 * was cancelled before it was issued is undone and is worth nothing. */
#include "checks/list.h"

/* A transfer or a count of goods may well be worth nothing. */
static bool
moves_goods(enum document_kind kind)
{
	return kind == DOC_INVENTORY_MOVE || kind == DOC_SHIPMENT ||
	    kind == DOC_STOCK_COUNT;
}

void
check_zero(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	(void)reference;
	if (moves_goods(document->kind) || document->voided)
		return;
	if (document->total == 0 || (journal != NULL &&
	    journal->n_entries == 0))
		finding_add(findings, arena, FIND_ZERO, "0.00", "total", "");
}
