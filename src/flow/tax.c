/* The tax that posted documents say, by the period of their journal. */
#include "flow/inside.h"

#include "book/tax.h"
#include "store/closing.h"

void
tax_note(struct settler *settler, const struct document *document,
    struct day day, int sign)
{
	char period[8];

	day_period(day, period);
	for (size_t i = 0; i < document->n_lines; i++) {
		const struct document_line *line = &document->lines[i];
		int64_t tax = tax_of_line(document, line, settler->reference);

		if (tax != 0)
			closing_tax(settler->books, document->entity, period,
			    document->currency, line->tax_code, sign * tax);
	}
}

bool
tax_undo(struct settler *settler, struct work *work,
    const struct document_row *row, struct day day, struct err *e)
{
	struct document old;

	if (!version_load(settler->books, VERSION_ID(row->event, row->part),
	    work->arena, &old, e))
		return false;
	tax_note(settler, &old, day, -1);
	return true;
}
