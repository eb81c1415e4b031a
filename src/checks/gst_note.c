/* Notes: which way they go, and of which invoice they are. */
#include "checks/gst.h"
#include "checks/list.h"

void
gst_check_note(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	bool credit = c->document->kind == DOC_CREDIT_NOTE ||
	    c->document->kind == DOC_DEBIT_NOTE;

	if (credit && c->said->debit_note)
		gst_find(c, FIND_GST_BOTH_WAYS, c->document->number,
		    "gst.debit_note", "");
	if (gst_is_note(s) && (s->original == NULL ||
	    s->original[0] == '\0'))
		gst_find(c, FIND_GST_ORIGINAL_MISSING, c->document->number,
		    "gst.original", "");
}
