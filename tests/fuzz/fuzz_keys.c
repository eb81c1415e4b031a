/* libFuzzer target of keys files: what is not understood is reported with
 * its line, and every action still has keys that can be written down. */
#include "fuzz.h"

#include "ui/keys.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct key_place place = { "pane", ~(key_can)0 };
	const char *path = fuzz_file("x", fuzz_span(data, size));
	struct key_report report;
	struct err e = { 0 };
	char name[8];

	key_report_open(&report);
	if (!keys_read(path, &report, &e))
		must(e.code != ERR_NONE);
	keys_judge(&place, 1, &report);
	for (int act = ACT_NONE + 1; act < ACT_COUNT; act++)
		must(key_names(act) != NULL);
	for (int key = 0; key < 256; key += 16) {
		(void)key_act(0, key, ~(key_can)0);
		must(key_name(key, name) != NULL);
	}
	(void)key_follow(report.arena, 'g', ~(key_can)0);
	key_report_close(&report);
	keys_reset();
	return 0;
}
