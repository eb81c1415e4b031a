#ifndef TESTS_UNIT_GST_LAW_H
#define TESTS_UNIT_GST_LAW_H
/* The law as data/reference has it, and rows of tests/data/gst. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "book/reference.h"
#include "book/statute.h"
#include "store/master.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define FIELDS_MAX 10

static struct reference *law;

static char law_folder[] = "/tmp/bahi-law-XXXXXX";
static struct books *law_books;

static inline struct day
day(const char *text)
{
	struct day d = { "" };

	snprintf(d.text, sizeof d.text, "%s", text);
	return d;
}

/* more: rows after those of the file. */
static bool
law_import(const char *table, const char *more, struct err *e)
{
	static char text[1 << 18];
	char path[512];
	size_t n;
	int64_t seq;
	FILE *f;

	snprintf(path, sizeof path, "%s/data/reference/%s.csv", TOP, table);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	n = fread(text, 1, sizeof text - 4096, f);
	fclose(f);
	n += (size_t)snprintf(text + n, 4096, "%s", more);
	return master_import(law_books, "test", table,
	    (struct span){ text, n }, &seq, e);
}

/* One due day is put off. */
static int
law_open(void **state)
{
	static const char *const tables[] = { "gst_state", "gst_unit",
		"gst_rate", "gst_limit", "gst_due", "hsn" };
	struct err e = { 0 };
	char path[64];
	bool ok;

	(void)state;
	if (mkdtemp(law_folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/x.db", law_folder);
	ok = books_open(&law_books, path, true, &e) &&
	    books_begin(law_books, &e);
	for (size_t i = 0; ok && i < COUNT(tables); i++)
		ok = law_import(tables[i], "", &e);
	ok = ok && law_import("gst_due",
	    "gstr3b,monthly,*,102026,,,2026-11-25\n", &e) &&
	    books_commit(law_books, &e) &&
	    master_load(law_books->db, &law, &e);
	if (!ok)
		print_error("%s\n", e.why);
	return ok ? 0 : -1;
}

static int
law_close(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char path[80];

	(void)state;
	reference_drop(&law);
	books_close(&law_books);
	for (size_t i = 0; i < COUNT(ends); i++) {
		snprintf(path, sizeof path, "%s/x.db%s", law_folder, ends[i]);
		unlink(path);
	}
	return rmdir(law_folder);
}

struct rows {
	FILE *f;
	char line[1024];
	char *field[FIELDS_MAX];
	size_t n;
};

/* Fields that are not there are "". */
static inline bool
rows_next(struct rows *r)
{
	char *at = r->line;

	if (fgets(r->line, sizeof r->line, r->f) == NULL) {
		fclose(r->f);
		return false;
	}
	r->line[strcspn(r->line, "\n")] = '\0';
	for (size_t i = 0; i < FIELDS_MAX; i++) {
		char *end = at + strcspn(at, "\t");

		r->field[i] = at;
		at = *end != '\0' ? end + 1 : end;
		*end = '\0';
	}
	r->n++;
	return true;
}

static inline void
rows_open(struct rows *r, const char *name)
{
	char path[512];

	*r = (struct rows){ .n = 0 };
	snprintf(path, sizeof path, "%s/tests/data/gst/%s", TOP, name);
	r->f = fopen(path, "r");
	assert_non_null(r->f);
	assert_true(rows_next(r));	/* the heads */
	r->n = 0;
}

#endif
