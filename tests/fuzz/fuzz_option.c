/* libFuzzer target of settings files, the daemon's and the console's. A fault
 * names the file; what is taken is within its bounds. */
#include "fuzz.h"

#include "bahid/options.h"
#include "core/option.h"
#include "ui/options.h"

static void
judge(const struct option_info *infos, size_t n, const char *path)
{
	struct options *options = NULL;
	struct err e = { 0 };

	if (!options_read(&options, infos, n, path, &e)) {
		must(e.code == ERR_CONFIG && strstr(e.why, "/x") != NULL);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		int64_t count;

		must(options_text(options, infos[i].name) != NULL);
		if (infos[i].kind != OPTION_COUNT)
			continue;
		count = options_count(options, infos[i].name);
		must(count >= infos[i].least && count <= infos[i].most);
	}
	options_free(&options);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	const char *path = fuzz_file("x.conf", in);

	judge(bahid_options, n_bahid_options, path);
	judge(ui_options, n_ui_options, path);
	return 0;
}
