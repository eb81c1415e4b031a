/* Papers of exports. */
#include "gst/place.h"

#include <string.h>

#include "checks/gst.h"
#include "checks/list.h"
#include "gst/hsn.h"

#define PORT_MAX 6

static bool
has_goods(const struct supply *s)
{
	for (size_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].hsn != NULL &&
		    !gst_hsn_service(s->lines[i].hsn))
			return true;
	return false;
}

static bool
absent(const char *text)
{
	return text == NULL || text[0] == '\0';
}

void
gst_check_export(const struct gst_case *c)
{
	const struct supply *s = c->supply;

	if (s->inward || s->nature != GST_INVOICE || s->place == NULL ||
	    strcmp(s->place, GST_ABROAD) != 0)
		return;
	if (absent(s->bill) != (s->bill_date.text[0] == '\0'))
		gst_find(c, FIND_GST_SHIPPING, absent(s->bill) ?
		    s->bill_date.text : s->bill, "gst.bill",
		    "number without date, or the other way round");
	else if (s->port != NULL && strlen(s->port) > PORT_MAX)
		gst_find(c, FIND_GST_SHIPPING, s->port, "gst.port",
		    "the port code is too long");
	else if (absent(s->bill) && has_goods(s))
		gst_find(c, FIND_GST_NO_SHIPPING, s->number, "gst.bill", "");
}
