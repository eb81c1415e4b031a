/* What a program may: read, written, and never more than it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book/mandate.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
texts(void **state)
{
	static const struct {
		const char *in, *out;	/* out NULL: refused */
	} rows[] = {
		{ "clerk", "clerk" }, { "  clerk  ", "clerk" },
		{ "entity:IN02 clerk entity:IN01",
		    "clerk entity:IN01 entity:IN02" },
		{ "read viewer", "viewer read" },
		{ "admin read entity:A.b-c_1", "admin read entity:A.b-c_1" },
		{ "", NULL }, { "read", NULL }, { "entity:IN01", NULL },
		{ "clerk viewer", NULL }, { "clerk clerk", NULL },
		{ "clerk read read", NULL }, { "none", NULL },
		{ "Clerk", NULL }, { "clerk entity:", NULL },
		{ "clerk entity:IN01 entity:IN01", NULL },
		{ "clerk entity:a'b", NULL }, { "clerk\tread", NULL },
		{ "clerk x", NULL },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mandate m;
		struct err e = { 0 };

		if (mandate_parse(span_of(rows[i].in), arena, &m, &e) !=
		    (rows[i].out != NULL))
			fail_msg("row %zu: %s %s", i, rows[i].in, e.why);
		if (rows[i].out != NULL)
			assert_string_equal(mandate_text(&m, arena),
			    rows[i].out);
	}
	arena_free(&arena);
}

static void
bounds(void **state)
{
	struct arena *arena = arena_new();
	struct mandate m;
	struct err e = { 0 };
	char *many = arena_alloc(arena, 2000), *p = many;

	(void)state;
	memcpy(p, "clerk", 5);
	p += 5;
	for (int i = 0; i < MANDATE_ENTITIES; i++) {
		memcpy(p, " entity:E", 9);
		p[9] = (char)('a' + i / 10);
		p[10] = (char)('0' + i % 10);
		p += 11;
	}
	assert_true(mandate_parse(span_of(many), arena, &m, &e));
	assert_int_equal(m.n, MANDATE_ENTITIES);
	memcpy(p, " entity:ZZ", 10);
	assert_false(mandate_parse(span_of(many), arena, &m, &e));
	arena_free(&arena);
}

static void
covering(void **state)
{
	static const struct {
		const char *has, *wants;
		bool covers;
	} rows[] = {
		{ "clerk", "clerk", true }, { "clerk", "viewer", true },
		{ "clerk", "approver", false }, { "clerk", "admin", false },
		{ "admin", "integration", true },
		{ "admin", "warehouse", true },
		{ "controller", "integration", false },
		{ "controller", "warehouse", false },
		{ "integration", "viewer", false },
		{ "warehouse", "viewer", false },
		{ "clerk", "clerk read", true },
		{ "clerk read", "clerk", false },
		{ "clerk read", "viewer read", true },
		{ "clerk", "clerk entity:IN01", true },
		{ "clerk entity:IN01", "clerk", false },
		{ "clerk entity:IN01", "clerk entity:IN02", false },
		{ "clerk entity:IN01 entity:IN02", "viewer entity:IN02",
		    true },
		{ "clerk entity:IN01", "clerk entity:IN01 entity:IN02",
		    false },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mandate has, wants;
		struct err e = { 0 };

		assert_true(mandate_parse(span_of(rows[i].has), arena, &has,
		    &e));
		assert_true(mandate_parse(span_of(rows[i].wants), arena,
		    &wants, &e));
		if (mandate_covers(&has, &wants) != rows[i].covers)
			fail_msg("%s / %s", rows[i].has, rows[i].wants);
	}
	arena_free(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts), cmocka_unit_test(bounds),
		cmocka_unit_test(covering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
