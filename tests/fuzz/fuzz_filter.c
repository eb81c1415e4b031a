/* libFuzzer target of the filter language: the first line is the filter, the
 * second a row, its cells parted by tabs. The same row, the same answer. */
#include "fuzz.h"

#include "core/clock.h"
#include "ui/filter.h"

static const struct filter_column columns[] = {
	{ "Event", "id", FILTER_TEXT }, { "Amount", "amount", FILTER_NUMBER },
	{ "Received", NULL, FILTER_TIME }, { "State", "state", FILTER_STATE },
};
#define N (sizeof columns / sizeof *columns)

static void
try(const struct filter *filter, struct span row)
{
	const char *values[N] = { NULL };
	char *cells[N];
	size_t n_terms;
	bool was;

	for (size_t i = 0; i < N; i++)
		values[i] = cells[i] = fuzz_text(fuzz_cut(&row, '\t'));
	was = filter_match(filter, values);
	must(was == filter_match(filter, values));
	for (size_t i = 0; i + 1 < N; i++)
		must(filter_compare(columns[i].kind, values[i], values[i]) ==
		    0);
	must(filter_terms(filter, &n_terms) != NULL || n_terms == 0);
	must(n_terms <= FILTER_TERMS);
	for (size_t i = 0; i < N; i++)
		free(cells[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	char *text = fuzz_text(fuzz_cut(&in, '\n'));
	struct filter *filter = NULL;
	struct err e = { 0 };
	int64_t number;

	clock_fix(INT64_C(1790000000000000));
	if (filter_parse(text, columns, N, &filter, &e))
		try(filter, in);
	else
		must(e.code != ERR_NONE && e.why[0] != '\0');
	filter_free(&filter);
	(void)!filter_number(text, &number);
	free(text);
	return 0;
}
