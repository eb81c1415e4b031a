/*
 * libFuzzer target of what ERPNext answers: the first line is the status, the
 * rest the body, read as each answer that it could be. Nothing that is not
 * booked, of our reference and with our lines is ever done, and all texts are
 * clean.
 */
#include "fuzz.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "core/json.h"
#include "core/map.h"
#include "targets/erpnext.h"

static struct posting_line lines[2] = {
	{ .account = "Cash - AT", .party = "", .amount = 500 },
	{ .account = "Sales - AT", .party = "ACME", .amount = -500 },
};
static struct posting posting = {
	.reference = "bahi-IN01-000000000007", .lines = lines, .n_lines = 2,
	.date = { "2026-10-05" },
};

static void
clean(const char *text)
{
	fuzz_clean(text, TARGET_WORDS + 300);
}

static void
judge_verdict(const struct erpnext_book *book, const cJSON *root, int status,
    struct arena *arena)
{
	struct fetch_answer http = { .status = status };
	struct verdict verdict = { .words = "", .remote = "", .number = "",
	    .version = "" };
	const char *type = "", *words = "";

	erpnext_read_fault(root, arena, &type, &words);
	clean(type);
	clean(words);
	if (status >= 200 && status < 300)
		erpnext_take_answer(book, root, &posting, arena, &verdict);
	else
		erpnext_judge(&http, type, words, true, &verdict);
	clean(verdict.words);
	clean(verdict.remote);
	clean(verdict.version);
	must(verdict.kind != VERDICT_TOGETHER);
	if (verdict.kind == VERDICT_DONE) {
		must(*verdict.remote != '\0' && *verdict.version != '\0');
		must(strcmp(json_word(root, "data.docstatus"), "1") == 0);
		must(strcmp(json_word(root, "data.bahi_reference"),
		    posting.reference) == 0);
	}
	must(status < 500 || verdict.kind == VERDICT_UNKNOWN ||
	    verdict.kind == VERDICT_AWAY);
}

static void
judge_rows(const struct erpnext_book *book, const cJSON *rows,
    struct arena *arena)
{
	struct remote_balance *balances;
	struct remote remote = { 0 };
	size_t n;

	if (erpnext_read_lines(book, rows, NULL, NULL, arena, &remote))
		for (size_t i = 0; i < remote.n_lines; i++) {
			must(remote.lines[i].amount != 0);
			clean(remote.lines[i].account);
			clean(remote.lines[i].party);
			clean(remote.lines[i].memo);
		}
	must(remote.lined || remote.n_lines <= 20000);
	if (erpnext_read_balances(book, rows, arena, &balances, &n))
		for (size_t i = 0; i < n; i++) {
			clean(balances[i].account);
			clean(balances[i].name);
		}
}

static void
judge(const cJSON *root, int status, struct arena *arena, bool numbers)
{
	struct erpnext_book book;
	struct erpnext_head head;
	struct remote remote;
	const cJSON *rows = json_at(root, "data"), *row;

	erpnext_book_begin(&book, arena, "bahi_reference", numbers);
	snprintf(book.currency, sizeof book.currency, "INR");
	judge_verdict(&book, root, status, arena);
	cJSON_ArrayForEach(row, rows) {
		if (erpnext_read_head(&book, row, arena, &remote, &head)) {
			clean(remote.remote);
			clean(remote.narration);
			clean(head.amended_from);
			must(*remote.reference == '\0' ||
			    posting_journal(remote.reference) > 0);
		}
		(void)erpnext_book_add(&book, row);
	}
	judge_rows(&book, rows, arena);
	erpnext_book_end(&book);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	char *status = fuzz_text(fuzz_cut(&in, '\n'));
	struct err e = { 0 };
	cJSON *root = json_strict(in, &e);
	struct arena *arena = arena_new();

	judge(root, (int)(strtol(status, NULL, 10) % 1000), arena,
	    size % 2 == 0);
	cJSON_Delete(root);
	arena_free(&arena);
	free(status);
	return 0;
}
