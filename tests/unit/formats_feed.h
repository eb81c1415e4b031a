#ifndef TESTS_FORMATS_FEED_H
#define TESTS_FORMATS_FEED_H
/*
 * A file fed to a format in pieces, as one picture: a line for each record,
 * "LINE TOPIC JSON", led by "!WRONG: " when it is, and "end" or "end: WHY".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "formats/formats.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define PICTURE_MAX (64 << 20)

static inline void
feed_judge(const struct format *format, const struct record *record)
{
	struct json_where where;
	struct str quoted;

	assert_true(record->json.n <= RECORD_MAX);
	assert_true(record->line > 0);
	assert_non_null(record->topic);
	if (record->wrong != NULL && strcmp(format->name, "jsonl") == 0)
		return;
	str_init(&quoted, 2 * RECORD_MAX);
	assert_int_equal(json_quote(record->json, JSON_DEPTH_MAX, &quoted,
	    &where), JSON_OK);
	assert_int_equal(quoted.p[0], '{');
	assert_int_equal(strstr(quoted.p, "\"wrong\":\"") != NULL,
	    record->wrong != NULL);
	str_free(&quoted);
}

static inline void
feed_drain(const struct format *format, struct reader *reader,
    struct str *out)
{
	struct record record;

	while (format->next(reader, &record)) {
		feed_judge(format, &record);
		if (record.wrong != NULL)
			str_addf(out, "!%s: ", record.wrong);
		str_addf(out, "%lld %s ", (long long)record.line,
		    record.topic);
		str_add(out, record.json.p, record.json.n);
		str_addc(out, '\n');
	}
}

static inline void
feed_pieces(const struct format *format, struct span text, size_t piece,
    struct str *out)
{
	struct reader *reader = format->open();
	struct err e = { 0 };

	str_clear(out);
	while (text.n > 0) {
		size_t n = piece < text.n ? piece : text.n;
		char *copy = malloc(n);	/* so that a sanitizer sees more */

		memcpy(copy, text.p, n);
		format->feed(reader, copy, n);
		feed_drain(format, reader, out);
		free(copy);
		text.p += n;
		text.n -= n;
	}
	format->feed(reader, NULL, 0);
	feed_drain(format, reader, out);
	if (format->end(reader, &e))
		str_adds(out, "end");
	else
		str_addf(out, "end: %s", e.why);
	assert_int_equal(e.code != ERR_NONE, strstr(out->p, "end: ") != NULL);
	format->close(&reader);
	assert_null(reader);
	assert_false(out->over);
}

/* The same whatever the pieces are. */
static inline void
feed_equal(const struct format *format, struct span text, const char *picture)
{
	static const size_t pieces[] = { SIZE_MAX, 1, 2, 3, 7, 64 };
	struct str out;

	str_init(&out, PICTURE_MAX);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		feed_pieces(format, text, pieces[i], &out);
		assert_string_equal(out.p, picture);
	}
	str_free(&out);
}

/* Cut anywhere, or with any byte replaced, it is read in bounds, and the
 * same in pieces. */
static inline void
feed_broken(const struct format *format, struct span text)
{
	static const char bytes[] = "\0\n':+*~\"?9Z\xff<";
	struct str whole, pieces;
	char *copy = malloc(text.n);

	str_init(&whole, PICTURE_MAX);
	str_init(&pieces, PICTURE_MAX);
	memcpy(copy, text.p, text.n);
	for (size_t i = 0; i < text.n; i++) {
		struct span cut = { copy, i };

		feed_pieces(format, cut, SIZE_MAX, &whole);
		feed_pieces(format, cut, 1, &pieces);
		assert_string_equal(whole.p, pieces.p);
		copy[i] = bytes[i % (sizeof bytes - 1)];
		cut.n = text.n;
		feed_pieces(format, cut, SIZE_MAX, &whole);
		feed_pieces(format, cut, 5, &pieces);
		assert_string_equal(whole.p, pieces.p);
		copy[i] = text.p[i];
	}
	free(copy);
	str_free(&whole);
	str_free(&pieces);
}

#endif
