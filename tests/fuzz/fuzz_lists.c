/* libFuzzer target of what panes read themselves of a daemon's answers: the
 * lists (the first byte picks one), matching, banks, and activity. */
#include "fuzz.h"

#include "ui/activity.h"
#include "ui/bank.h"
#include "ui/lists.h"
#include "ui/may.h"
#include "ui/recon.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct list_rows rows = { 0 };
	struct activity activity;
	struct recon_rows recon;
	struct bank_rows bank;
	struct arena *arena;
	struct span in;
	size_t pick;

	if (size == 0)
		return 0;
	arena = arena_new();
	in = fuzz_span(data + 1, size - 1);
	pick = (size_t)(uint8_t)(data[0] - '0');
	if (list_read(&lists[pick % n_lists], in, arena, &rows))
		must(rows.next != NULL);
	may_read(in);
	for (int act = ACT_NONE; act < ACT_COUNT; act++)
		(void)may_act(act);
	(void)!recon_read(in, arena, &recon);
	if (bank_read(in, arena, &bank))
		for (size_t i = 0; i < bank.n; i++) {
			must(bank_suggested(arena, &bank.items[i]) != NULL);
			must(bank_why(arena, &bank.items[i]) != NULL);
			must(bank_settled(arena, &bank.items[i]) != NULL);
		}
	(void)!activity_read(in, arena, &activity);
	arena_free(&arena);
	return 0;
}
