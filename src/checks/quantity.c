/* How much of an item is a number of at most three decimals. */
#include "checks/list.h"

#include "book/quantity.h"

void
check_quantity(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	int64_t any;

	(void)journal;
	(void)reference;
	for (size_t i = 0; i < document->n_lines; i++) {
		const struct document_line *line = &document->lines[i];

		if (line->item != NULL && line->quantity != NULL &&
		    !quantity_parse(span_of(line->quantity), &any))
			finding_add(findings, arena, FIND_AMOUNT,
			    line->quantity, "lines.quantity", "");
	}
}
