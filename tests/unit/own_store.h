#ifndef TESTS_UNIT_OWN_STORE_H
#define TESTS_UNIT_OWN_STORE_H
/* A store of its own, in a folder that holds nothing else at the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/books.h"

static char folder[64], path[80];
static struct books *books;
static struct arena *arena;

static int
open_books(void **state)
{
	struct err e = { 0 };

	(void)state;
	strcpy(folder, "/tmp/bahi-unit-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/x.db", folder);
	arena = arena_new();
	return books_open(&books, path, true, &e) ? 0 : -1;
}

static int
close_books(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char name[96];

	(void)state;
	books_close(&books);
	arena_free(&arena);
	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
	return rmdir(folder);
}

#endif
