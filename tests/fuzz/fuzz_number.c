/* libFuzzer target of quantities, rates, return periods, hours, decimals of
 * statements, numbers of suppliers' bills and addresses that we ask. */
#include "fuzz.h"

#include "book/hours.h"
#include "book/quantity.h"
#include "formats/decimal.h"
#include "gst/clean.h"
#include "gst/due.h"
#include "gst/rate.h"
#include "net/fetch.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	char *text = fuzz_text(in);
	struct bill_number bill, again;
	struct decimal decimal, sum = { 0 };
	char period[GST_PERIOD_SIZE];
	struct hours hours;
	struct err e = { 0 };
	int64_t n;
	struct day day;

	must(day_parse(SPAN("2026-10-05"), &day));
	if (quantity_parse(in, &n))
		must(n <= QUANTITY_MAX && n >= -QUANTITY_MAX);
	if (gst_rate_parse(in, &n))
		must(n >= 0 && n <= GST_RATE_MAX);
	if (gst_period_parse(in, &n)) {
		gst_period_text(n, period);
		must(span_is(in, period));
	}
	if (decimal_parse(in, '.', &decimal))
		(void)decimal_add(&sum, decimal, true);
	if (hours_parse(in, &hours)) {
		char again[HOURS_SIZE];

		hours_text(&hours, again);
		must(span_is(in, again));
	}
	bill_number_read(&bill, text, day);
	bill_number_read(&again, text, day);
	must(bill_number_same(&bill, &again) ==
	    bill_number_same(&again, &bill));
	if (!fetch_judge(text, &e))
		must(e.code == ERR_CONFIG && e.why[0] != '\0');
	free(text);
	return 0;
}
