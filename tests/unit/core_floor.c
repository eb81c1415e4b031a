/*
 * The floor: growing text, arrays, maps and arenas, at their limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/map.h"
#include "core/str.h"
#include "core/vec.h"

/* A fault of the program ends it: true when the child aborts. */
static bool
dies(void (*act)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		close(STDERR_FILENO);
		act();
		_exit(0);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/* ---- str ---------------------------------------------------------------- */

static void
str_keeps_its_limit(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 5);
	assert_string_equal(s.p, "");
	str_adds(&s, "abc");
	str_adds(&s, "def");		/* dropped whole */
	assert_string_equal(s.p, "abc");
	assert_true(s.over);
	str_clear(&s);
	assert_false(s.over);
	assert_string_equal(s.p, "");
	str_adds(&s, "12345");
	assert_false(s.over);
	assert_int_equal(s.n, 5);
	str_addc(&s, '6');
	assert_true(s.over);
	assert_string_equal(s.p, "12345");
	str_free(&s);
	assert_string_equal(s.p, "");
	assert_int_equal(s.n, 0);
	str_adds(&s, "again");		/* usable after free, same limit */
	assert_string_equal(s.p, "again");
	str_free(&s);
	str_free(&s);
}

static void
str_of_no_room(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 0);
	str_add(&s, NULL, 0);
	str_adds(&s, "");
	assert_false(s.over);
	str_addc(&s, 'x');
	assert_true(s.over);
	assert_string_equal(s.p, "");
	str_clear(&s);
	str_free(&s);
}

static void
str_grows(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 100000);
	for (int i = 0; i < 100000; i++) {
		str_addc(&s, (char)('a' + i % 26));
		if (s.p[s.n] != '\0')
			fail_msg("not ended at %d", i);
	}
	assert_false(s.over);
	for (int i = 0; i < 100000; i++)
		if (s.p[i] != 'a' + i % 26)
			fail_msg("byte %d", i);
	str_free(&s);
}

static void
str_formats(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 4096);
	str_addi(&s, INT64_MIN);
	str_addc(&s, ' ');
	str_addi(&s, INT64_MAX);
	str_addc(&s, ' ');
	str_addi(&s, 0);
	assert_string_equal(s.p,
	    "-9223372036854775808 9223372036854775807 0");
	for (int width = 254; width <= 258; width++) {
		str_clear(&s);
		str_addf(&s, "%*d|%s", width, 7, "x");
		assert_int_equal(s.n, width + 2);
		assert_string_equal(s.p + width - 1, "7|x");
	}
	str_clear(&s);
	str_add(&s, "a\0b", 3);
	assert_int_equal(str_span(&s).n, 3);
	assert_memory_equal(str_span(&s).p, "a\0b", 4);
	str_free(&s);
}

/* ---- vec ---------------------------------------------------------------- */

static void
vec_grows_to_its_limit(void **state)
{
	struct vec v;

	(void)state;
	vec_init(&v, sizeof(int64_t), 100);
	for (int i = 0; i < 100; i++) {
		int64_t *p = vec_add(&v);

		assert_non_null(p);
		assert_int_equal(*p, 0);
		*p = i + 1;
	}
	assert_null(vec_add(&v));
	assert_int_equal(v.n, 100);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(*(int64_t *)vec_at(&v, i), i + 1);
	vec_clear(&v);
	assert_int_equal(v.n, 0);
	assert_int_equal(*(int64_t *)vec_add(&v), 0);	/* zeroed again */
	vec_free(&v);
	assert_non_null(vec_add(&v));
	vec_free(&v);
	vec_init(&v, 1, 0);
	assert_null(vec_add(&v));
	vec_free(&v);
}

static void
ask_past_the_end(void)
{
	struct vec v;

	vec_init(&v, 4, 10);
	vec_add(&v);
	vec_at(&v, 1);
}

static void
ask_of_the_empty(void)
{
	struct vec v;

	vec_init(&v, 4, 10);
	vec_at(&v, 0);
}

static void
vec_aborts_out_of_range(void **state)
{
	(void)state;
	assert_true(dies(ask_past_the_end));
	assert_true(dies(ask_of_the_empty));
}

/* ---- map ---------------------------------------------------------------- */

static void
map_finds_and_replaces(void **state)
{
	struct map *map = map_new();
	int a, b, c;

	(void)state;
	assert_null(map_find(map, SPAN("a")));
	map_set(map, SPAN("a"), &a);
	map_set(map, SPAN("a\0b"), &b);
	map_set(map, SPAN(""), &c);
	assert_int_equal(map_count(map), 3);
	assert_ptr_equal(map_find(map, SPAN("a")), &a);
	assert_ptr_equal(map_find(map, SPAN("a\0b")), &b);
	assert_ptr_equal(map_find(map, SPAN("")), &c);
	assert_null(map_find(map, SPAN("a\0")));
	assert_null(map_find(map, SPAN("A")));
	map_set(map, SPAN("a"), &c);
	assert_int_equal(map_count(map), 3);
	assert_ptr_equal(map_find(map, SPAN("a")), &c);
	map_free(&map, NULL);
	assert_null(map);
	map_free(&map, NULL);
}

static void
map_takes_an_empty_span(void **state)
{
	struct map *map = map_new();
	int a;

	(void)state;
	map_set(map, (struct span){ NULL, 0 }, &a);
	assert_ptr_equal(map_find(map, (struct span){ NULL, 0 }), &a);
	assert_ptr_equal(map_find(map, SPAN("")), &a);
	map_free(&map, NULL);
}

/* Keys are copied; the order of insertion is kept through every growth. */
static void
map_walks_in_order(void **state)
{
	enum { MANY = 5000 };
	struct map *map = map_new();
	struct span key;
	char text[32];
	size_t at = 0, seen = 0;
	void *value;

	(void)state;
	assert_false(map_next(map, &at, &key, &value));
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof text, "key %d", i);
		map_set(map, span_of(text), strdup(text));
	}
	memset(text, 0, sizeof text);
	assert_int_equal(map_count(map), MANY);
	for (at = 0; map_next(map, &at, &key, &value); seen++) {
		snprintf(text, sizeof text, "key %zu", seen);
		assert_true(span_is(key, text));
		assert_string_equal(value, text);
		assert_ptr_equal(map_find(map, key), value);
	}
	assert_int_equal(seen, MANY);
	map_free(&map, free);
}

/* ---- arena -------------------------------------------------------------- */

static void
arena_hands_out_zeroes(void **state)
{
	static const size_t sizes[] = {
		0, 1, 15, 16, 17, 100, 8191, 8192, 8193, 100000, 1
	};
	struct arena *arena = arena_new();
	size_t total = 0;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			unsigned char *p = arena_alloc(arena, sizes[i]);

			assert_int_equal((uintptr_t)p % 16, 0);
			for (size_t j = 0; j < sizes[i]; j++)
				if (p[j] != 0)
					fail_msg("size %zu", sizes[i]);
			memset(p, 0xa5, sizes[i]);
			total += sizes[i];
		}
		assert_int_equal(arena_size(arena), total);
		arena_reset(arena);
		assert_int_equal(arena_size(arena), 0);
		total = 0;
	}
	arena_free(&arena);
	assert_null(arena);
	arena_free(&arena);
}

static void
arena_pieces_do_not_touch(void **state)
{
	struct arena *arena = arena_new();
	unsigned char *pieces[500];

	(void)state;
	for (int i = 0; i < 500; i++) {
		pieces[i] = arena_alloc(arena, (size_t)i + 1);
		memset(pieces[i], i, (size_t)i + 1);
	}
	for (int i = 0; i < 500; i++)
		for (int j = 0; j <= i; j++)
			if (pieces[i][j] != (unsigned char)i)
				fail_msg("piece %d", i);
	arena_free(&arena);
}

static void
arena_copies_text(void **state)
{
	struct arena *arena = arena_new();
	char *long_one;

	(void)state;
	assert_null(arena_strdup(arena, NULL));
	assert_string_equal(arena_strdup(arena, ""), "");
	assert_string_equal(arena_strdup(arena, "abc"), "abc");
	assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(arena, NULL, 0), "");
	assert_string_equal(arena_printf(arena, "%s/%d", "a", 7), "a/7");
	assert_string_equal(arena_printf(arena, "%s", ""), "");
	long_one = arena_printf(arena, "%20000d", 1);
	assert_int_equal(strlen(long_one), 20000);
	arena_free(&arena);
}

static void
ask_for_all(void)
{
	struct arena *arena = arena_new();

	arena_alloc(arena, SIZE_MAX);
}

static void
ask_for_nearly_all(void)
{
	struct arena *arena = arena_new();

	arena_alloc(arena, SIZE_MAX - 31);
}

static void
arena_aborts_on_absurd_sizes(void **state)
{
	(void)state;
	assert_true(dies(ask_for_all));
	assert_true(dies(ask_for_nearly_all));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_keeps_its_limit),
		cmocka_unit_test(str_of_no_room),
		cmocka_unit_test(str_grows),
		cmocka_unit_test(str_formats),
		cmocka_unit_test(vec_grows_to_its_limit),
		cmocka_unit_test(vec_aborts_out_of_range),
		cmocka_unit_test(map_finds_and_replaces),
		cmocka_unit_test(map_takes_an_empty_span),
		cmocka_unit_test(map_walks_in_order),
		cmocka_unit_test(arena_hands_out_zeroes),
		cmocka_unit_test(arena_pieces_do_not_touch),
		cmocka_unit_test(arena_copies_text),
		cmocka_unit_test(arena_aborts_on_absurd_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
