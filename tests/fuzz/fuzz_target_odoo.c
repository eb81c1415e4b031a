/*
 * libFuzzer target of what Odoo answers: the first line is the status, the
 * rest the body, read as each answer that it could be. Nothing that is not
 * posted, of our reference and with our lines is ever done, and all texts are
 * clean.
 */
#include "fuzz.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "core/json.h"
#include "targets/odoo.h"

static struct posting_line lines[2] = {
	{ .account = "1000", .party = "", .amount = 500 },
	{ .account = "4000", .party = "ACME", .amount = -500 },
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
judge_fault(const cJSON *root, int status, struct arena *arena)
{
	struct fetch_answer http = { .status = status };
	struct verdict verdict = { .words = "" };
	const char *type, *words;

	odoo_read_fault(root, arena, &type, &words);
	clean(type);
	clean(words);
	odoo_judge(&http, type, words, &verdict);
	clean(verdict.words);
	must(verdict.kind != VERDICT_DONE && verdict.kind != VERDICT_TOGETHER);
	must(status < 500 || verdict.kind == VERDICT_UNKNOWN);
}

static void
judge_move(const struct odoo_names *names, const cJSON *row,
    const cJSON *rows, struct arena *arena)
{
	struct verdict verdict = { .words = "", .remote = "", .number = "",
	    .version = "" };
	struct remote remote;

	if (!odoo_read_move(row, arena, &remote))
		return;
	clean(remote.remote);
	clean(remote.number);
	clean(remote.narration);
	must(*remote.reference == '\0' ||
	    posting_journal(remote.reference) > 0);
	if (!odoo_read_lines(names, rows, strtoll(remote.remote, NULL, 10),
	    arena, &remote))
		return;
	for (size_t i = 0; i < remote.n_lines; i++) {
		must(remote.lines[i].amount != 0);
		clean(remote.lines[i].account);
		clean(remote.lines[i].party);
		clean(remote.lines[i].memo);
	}
	odoo_take(&posting, &remote, arena, &verdict);
	must(verdict.kind != VERDICT_DONE ||
	    (strcmp(json_word(row, "state"), "posted") == 0 &&
	    remote.n_lines == 2));
}

static void
judge(const cJSON *root, int status, struct arena *arena)
{
	struct remote_balance *balances;
	struct odoo_names names;
	const cJSON *row;
	size_t n;

	odoo_names_begin(&names, arena);
	snprintf(names.currency, sizeof names.currency, "INR");
	judge_fault(root, status, arena);
	cJSON_ArrayForEach(row, root) {
		odoo_names_add(&names, ODOO_ACCOUNT, odoo_id(json_at(row,
		    "id")), json_word(row, "code"), true);
		odoo_names_add(&names, ODOO_PARTNER, odoo_id(json_at(row,
		    "id")), json_word(row, "ref"), false);
	}
	cJSON_ArrayForEach(row, root)
		judge_move(&names, row, root, arena);
	if (odoo_read_balances(&names, root, arena, &balances, &n))
		for (size_t i = 0; i < n; i++) {
			clean(balances[i].account);
			clean(balances[i].name);
		}
	odoo_names_end(&names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	char *status = fuzz_text(fuzz_cut(&in, '\n'));
	struct err e = { 0 };
	cJSON *root = json_strict(in, &e);
	struct arena *arena = arena_new();

	judge(root, (int)(strtol(status, NULL, 10) % 1000), arena);
	cJSON_Delete(root);
	arena_free(&arena);
	free(status);
	return 0;
}
