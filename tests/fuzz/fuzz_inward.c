/*
 * libFuzzer target of GSTR-2B, 2A and IMS files: what is read is bounded,
 * named and dated, and it reads the same twice; what is refused says why.
 */
#include "fuzz.h"

#include "gst/inward.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = { size > 0 ? (const char *)data : "", size };
	struct arena *arena = arena_new();
	struct inward first, again;
	struct err e = { 0 }, twice = { 0 };
	bool ok = inward_read(in, arena, &first, &e);

	must(ok == inward_read(in, arena, &again, &twice));
	must(ok == (e.code == ERR_NONE) && strcmp(e.why, twice.why) == 0);
	must(ok || e.why[0] != '\0');
	must(first.n_warnings <= INWARD_WARNINGS_MAX);
	for (size_t i = 0; ok && i < first.n_rows; i++) {
		const struct inward_row *row = &first.rows[i];
		struct bill bill;

		must(row->number[0] != '\0' && row->date.text[0] != '\0');
		must(row->class == BILL_IMPG || strlen(row->party) == 15);
		must(strcmp(row->number, again.rows[i].number) == 0);
		inward_bill(row, first.gstin, (int64_t)i, &bill);
		must(bill.taxable == again.rows[i].taxable);
	}
	arena_free(&arena);
	return 0;
}
