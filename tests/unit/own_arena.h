#ifndef TESTS_UNIT_OWN_ARENA_H
#define TESTS_UNIT_OWN_ARENA_H
/* An arena for all tests of a file, or for each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"

static struct arena *arena;

static int
open_arena(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define WITH_ARENA(test) \
	cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

#endif
