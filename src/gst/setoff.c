/* The order in which credit pays tax. */
#include "gst/setoff.h"

static int64_t
positive(int64_t n)
{
	return n > 0 ? n : 0;
}

/* At most that much of the credit pays the tax. */
static void
pay(struct setoff *s, enum gst_head credit, enum gst_head tax, int64_t most)
{
	int64_t n = s->left[credit] < s->cash[tax] ? s->left[credit] :
	    s->cash[tax];

	if (n > most)
		n = most;
	s->paid[credit][tax] += n;
	s->left[credit] -= n;
	s->cash[tax] -= n;
}

static void
pay_all(struct setoff *s, enum gst_head credit, enum gst_head tax)
{
	pay(s, credit, tax, s->left[credit]);
}

/* IGST credit first goes where the own credit of a head does not reach; the
 * rest must still be used before any of theirs. */
static void
use_igst(struct setoff *s)
{
	static const enum gst_head heads[] = { GST_CGST, GST_SGST };

	pay_all(s, GST_IGST, GST_IGST);
	for (int i = 0; i < 2; i++)
		pay(s, GST_IGST, heads[i], positive(s->cash[heads[i]] -
		    s->left[heads[i]]));
	for (int i = 0; i < 2; i++)
		pay_all(s, GST_IGST, heads[i]);
}

void
setoff(const struct setoff_want *want, struct setoff *out)
{
	*out = (struct setoff){ .reverse = { 0 } };
	for (int i = 0; i < GST_HEADS; i++) {
		out->cash[i] = positive(want->tax[i]);
		out->reverse[i] = positive(want->reverse[i]);
		out->left[i] = positive(want->credit[i]);
	}
	use_igst(out);
	pay_all(out, GST_CGST, GST_CGST);
	pay_all(out, GST_SGST, GST_SGST);
	pay_all(out, GST_CGST, GST_IGST);
	pay_all(out, GST_SGST, GST_IGST);
	pay_all(out, GST_CESS, GST_CESS);
}
