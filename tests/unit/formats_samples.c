/*
 * Every sample file of data/samples/edi and data/samples/bank gives the
 * records that its NAME.expected.json says; tests/flow/test_formats.py holds
 * what the rules make of them.
 */
#include <cjson/cJSON.h>
#include <dirent.h>

#include "core/arena.h"
#include "core/file.h"
#include "unit/formats_feed.h"

#define FILE_MAX (1 << 20)

static struct span
read_file(struct arena *arena, const char *name)
{
	struct err e = { 0 };
	struct span out;

	if (!file_read(arena_printf(arena, "%s/%s", SAMPLES, name), FILE_MAX,
	    arena, &out, &e))
		fail_msg("%s", e.why);
	return out;
}

static bool
same_text(const cJSON *expected, const char *key, const char *text)
{
	const cJSON *is = cJSON_GetObjectItemCaseSensitive(expected, key);

	return text == NULL ? cJSON_IsNull(is) :
	    cJSON_IsString(is) && strcmp(is->valuestring, text) == 0;
}

static void
judge(const cJSON *expected, const struct record *record)
{
	cJSON *is = cJSON_ParseWithLength(record->json.p, record->json.n);
	const cJSON *line = cJSON_GetObjectItemCaseSensitive(expected, "line");

	assert_true(cJSON_Compare(is, cJSON_GetObjectItemCaseSensitive(
	    expected, "record"), true));
	assert_true(same_text(expected, "topic", record->topic));
	assert_true(same_text(expected, "wrong", record->wrong));
	assert_int_equal(line->valueint, record->line);
	cJSON_Delete(is);
}

static void
compare(struct arena *arena, const char *name, const struct format *format)
{
	const char *dot = strrchr(name, '.');
	struct span text = read_file(arena, name), want = read_file(arena,
	    arena_printf(arena, "%.*s.expected.json", (int)(dot - name),
	    name));
	cJSON *expected = cJSON_ParseWithLength(want.p, want.n);
	struct reader *reader = format->open();
	struct err e = { 0 };
	struct record record;
	int n = 0;

	print_message("%s\n", name);
	format->feed(reader, text.p, text.n);
	while (format->next(reader, &record))
		judge(cJSON_GetArrayItem(expected, n++), &record);
	format->feed(reader, NULL, 0);
	while (format->next(reader, &record))
		judge(cJSON_GetArrayItem(expected, n++), &record);
	assert_true(format->end(reader, &e));
	assert_int_equal(n, cJSON_GetArraySize(expected));
	format->close(&reader);
	cJSON_Delete(expected);
}

static void
compare_all(const char *folder)
{
	struct arena *arena = arena_new();
	DIR *dir = opendir(arena_printf(arena, "%s/%s", SAMPLES, folder));
	struct dirent *file;
	int n = 0;

	assert_non_null(dir);
	while ((file = readdir(dir)) != NULL) {
		const struct format *format = format_of_file(file->d_name);

		if (format == NULL)
			continue;
		n++;
		compare(arena, arena_printf(arena, "%s/%s", folder,
		    file->d_name), format);
	}
	closedir(dir);
	assert_true(n >= 4);
	arena_free(&arena);
}

static void
edi(void **state)
{
	(void)state;
	compare_all("edi");
}

static void
bank(void **state)
{
	(void)state;
	compare_all("bank");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(edi),
		cmocka_unit_test(bank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
