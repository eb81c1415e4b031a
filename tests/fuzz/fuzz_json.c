/*
 * libFuzzer target of the JSON gate.  What it lets pass must be UTF-8 that
 * passes again unchanged, that cJSON reads, and that holds no bare number.
 *
 *   clang -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -Isrc \
 *       tests/fuzz/fuzz_json.c src/core/?*.c -DBAHI_LOCALEDIR='""' \
 *       -lcjson -lpcre2-8 -lcrypto -o fuzz_json
 */
#include <stdint.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "core/utf8.h"

#define OUT_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* A tree of quoted text has no number in it, at any depth. */
static void
judge_tree(const cJSON *tree)
{
	for (; tree != NULL; tree = tree->next) {
		must(!cJSON_IsNumber(tree));
		judge_tree(tree->child);
	}
}

/* Writing the text of any input gives strict JSON, too. */
static void
judge_writer(struct span in, struct str *out)
{
	struct json_where where;
	struct str again;
	struct json j;

	str_clear(out);
	json_start(&j, out);
	json_open(&j, '{');
	json_key(&j, "text");
	json_span(&j, in);
	json_kint(&j, "n", (int64_t)in.n);
	json_close(&j, '}');
	must(utf8_valid(str_span(out)) || out->over);
	str_init(&again, OUT_MAX);
	if (!out->over && memchr(in.p, '\0', in.n) == NULL)
		must(json_quote(str_span(out), JSON_DEPTH_MAX, &again,
		    &where) == JSON_OK);
	str_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = { size > 0 ? (const char *)data : "", size };
	struct json_where where;
	struct str once, twice;
	enum json_fault fault;
	cJSON *tree;

	str_init(&once, OUT_MAX);
	str_init(&twice, OUT_MAX);
	fault = json_quote(in, JSON_DEPTH_MAX, &once, &where);
	must(where.offset <= size);
	must(memchr(where.key, '\0', sizeof where.key) != NULL);
	must((fault == JSON_DUPLICATE) || where.key[0] == '\0');
	if (fault == JSON_OK) {
		must(!once.over && utf8_valid(str_span(&once)));
		must(json_quote(str_span(&once), JSON_DEPTH_MAX, &twice,
		    &where) == JSON_OK);
		must(span_equal(str_span(&once), str_span(&twice)));
		tree = json_parse(str_span(&once));
		must(tree != NULL);
		judge_tree(tree);
		cJSON_Delete(tree);
	}
	judge_writer(in, &once);
	str_free(&once);
	str_free(&twice);
	return 0;
}
