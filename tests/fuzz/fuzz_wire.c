/* libFuzzer target of what the console reads: a hostile daemon's answers and
 * change feed. The first byte picks the shape. */
#include "fuzz.h"

#include "wire/approval.h"
#include "wire/bank.h"
#include "wire/close.h"
#include "wire/conflict.h"
#include "wire/gst.h"
#include "wire/gst_export.h"
#include "wire/intercompany.h"
#include "wire/shapes.h"
#include "wire/word.h"

static void
read_lists(struct span in, struct arena *arena)
{
	static const char *const paths[] = { "a", "a.b", "items.0.id",
	    "state", "party.name" };
	const char *texts[5], *code, *detail;
	struct wire_rows rows = { 0 };
	struct span *items = NULL;
	size_t n = 0;

	(void)!shape_items(in, arena, &items, &n);
	(void)!shape_rows(in, "items", paths, 5, arena, &rows);
	(void)!shape_rows(in, "items/items", paths, 5, arena, &rows);
	(void)!shape_texts(in, paths, 5, arena, texts);
	shape_problem(in, arena, &code, &detail);
	(void)shape_member(in, "payload", "a.b", arena);
	(void)shape_proposal(in, arena);
	must(shape_pretty(in, arena) != NULL);
}

static bool
read_books(unsigned pick, struct span in, struct arena *arena)
{
	union {
		struct wire_status status;
		struct wire_numbers numbers;
		struct wire_event event;
		struct wire_events events;
		struct wire_signature signature;
		struct wire_signatures signatures;
		struct wire_journal journal;
		struct wire_entries entries;
		struct wire_trial trial;
		struct wire_masters masters;
		struct wire_record record;
		struct wire_file file;
		struct wire_files files;
		struct wire_decision decision;
		struct wire_alerts alerts;
		struct wire_sendings sendings;
	} out = { 0 };

	switch (pick) {
	case 0: return shape_status(in, arena, &out.status);
	case 1: return shape_numbers(in, arena, &out.numbers);
	case 2: return shape_event(in, arena, &out.event);
	case 3: return shape_events(in, arena, &out.events);
	case 4: return shape_signature(in, arena, &out.signature);
	case 5: return shape_signatures(in, arena, &out.signatures);
	case 6: return shape_journal(in, arena, &out.journal);
	case 7: return shape_entries(in, arena, &out.entries);
	case 8: return shape_trial(in, arena, &out.trial);
	case 9: return shape_masters(in, arena, &out.masters);
	case 10: return shape_record(in, arena, &out.record);
	case 11: return shape_file(in, arena, &out.file);
	case 12: return shape_files(in, arena, &out.files);
	case 13: return shape_decision(in, arena, &out.decision);
	case 14: return shape_alerts(in, arena, &out.alerts);
	case 15: return shape_sendings(in, arena, &out.sendings);
	}
	return false;
}

static bool
read_work(unsigned pick, struct span in, struct arena *arena)
{
	union {
		struct wire_trace trace;
		struct wire_plan plan;
		struct wire_run run;
		struct wire_change change;
		struct wire_approval approval;
		struct wire_close close;
		struct wire_conflict conflict;
		struct wire_preview preview;
		struct wire_gst_summary summary;
		struct wire_gst_said said;
		struct wire_gst_export export;
		struct wire_intercompany intercompany;
		struct wire_mismatch mismatch;
		struct wire_adjusted adjusted;
		struct wire_bank_said bank;
		struct wire_said word;
	} out = { 0 };

	switch (pick) {
	case 16: return shape_trace(in, arena, &out.trace);
	case 17: return shape_plan(in, arena, &out.plan);
	case 18: return shape_run(in, arena, &out.run);
	case 19: return shape_change(in, arena, &out.change);
	case 20: return shape_approval(in, arena, &out.approval);
	case 21: return shape_close(in, arena, &out.close);
	case 22: return shape_conflict(in, arena, &out.conflict);
	case 23: return shape_preview(in, arena, &out.preview);
	case 24: return shape_gst_summary(in, arena, &out.summary);
	case 25: return shape_gst_said(in, arena, &out.said);
	case 26: return shape_gst_export(in, arena, &out.export);
	case 27: return shape_intercompany(in, arena, &out.intercompany);
	case 28: return shape_mismatch(in, arena, &out.mismatch);
	case 29: return shape_adjusted(in, arena, &out.adjusted);
	case 31: return shape_bank_said(in, arena, &out.bank);
	case 32: return shape_said(in, arena, &out.word);
	}
	read_lists(in, arena);
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	struct span in;
	unsigned pick;

	if (size == 0)
		return 0;
	arena = arena_new();
	/* letters, so that a seed can be read */
	pick = (unsigned)(data[0] - '0') % 33;
	in = fuzz_span(data + 1, size - 1);
	if (pick < 16)
		(void)!read_books(pick, in, arena);
	else
		(void)!read_work(pick, in, arena);
	arena_free(&arena);
	return 0;
}
