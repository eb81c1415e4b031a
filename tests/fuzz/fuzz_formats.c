/*
 * libFuzzer target of the file formats. The first byte picks the format and
 * the size of the pieces. Whatever the file is, its records are bounded,
 * strict JSON (but for a wrong line of JSON Lines, which stays as it came),
 * and the same as those of the file fed at once.
 */
#include "fuzz.h"

#include "core/json.h"
#include "formats/formats.h"

#define OUT_MAX (64 << 20)

static void
judge(const struct format *format, const struct record *record,
    struct str *quoted)
{
	struct json_where where;

	must(record->json.n <= RECORD_MAX && record->line > 0);
	must(record->topic != NULL && record->topic[0] != '\0');
	if (record->wrong != NULL && strcmp(format->name, "jsonl") == 0)
		return;
	must(json_quote(record->json, JSON_DEPTH_MAX, quoted, &where) ==
	    JSON_OK);
	must(quoted->p[0] == '{');
}

static void
drain(const struct format *format, struct reader *reader, struct str *out)
{
	struct record record;
	struct str quoted;

	str_init(&quoted, 2 * RECORD_MAX);
	while (format->next(reader, &record)) {
		judge(format, &record, &quoted);
		str_addf(out, "%lld %s ", (long long)record.line,
		    record.topic);
		str_adds(out, record.wrong != NULL ? record.wrong : "");
		str_add(out, record.json.p, record.json.n);
	}
	str_free(&quoted);
}

static void
read_all(const struct format *format, struct span in, size_t piece,
    struct str *out)
{
	struct reader *reader = format->open();
	struct err e = { 0 };

	str_init(out, OUT_MAX);
	for (size_t n; in.n > 0; in.p += n, in.n -= n) {
		n = piece < in.n ? piece : in.n;
		format->feed(reader, in.p, n);
		drain(format, reader, out);
	}
	format->feed(reader, NULL, 0);
	drain(format, reader, out);
	must(format->end(reader, &e) == (e.code == ERR_NONE));
	/* expat names a fault by what it has seen of it */
	str_adds(out, e.code == ERR_NONE ? "whole" : "broken");
	format->close(&reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole, pieces;
	struct span in;
	size_t n = 0;

	if (size == 0)
		return 0;
	while (formats[n] != NULL)
		n++;
	in = (struct span){ (const char *)data + 1, size - 1 };
	read_all(formats[data[0] % n], in, SIZE_MAX, &whole);
	read_all(formats[data[0] % n], in, 1 + data[0] / n, &pieces);
	must(span_equal(str_span(&whole), str_span(&pieces)));
	str_free(&whole);
	str_free(&pieces);
	return 0;
}
