/* What both forms of GSTR-1 are made of, and files that split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "core/file.h"
#include "core/json.h"
#include "exports/gstr1.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define OWN "27AAAAA0000A1Z2"

static void
amounts_have_no_more_decimals_than_there_are(void **state)
{
	static const struct {
		int64_t paise;
		const char *text;
	} rows[] = {
		{ 0, "0" }, { 11800000, "118000" }, { 476190, "4761.9" },
		{ -100000, "-1000" }, { 1, "0.01" }, { -5, "-0.05" },
		{ 999999999999999, "9999999999999.99" }, { 10, "0.1" },
	};
	struct str out;

	(void)state;
	str_init(&out, 64);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_clear(&out);
		gstr1_amount(rows[i].paise, &out);
		assert_string_equal(out.p, rows[i].text);
	}
	str_free(&out);
}

static void
quantities_have_two_decimals(void **state)
{
	static const struct {
		int64_t n;
		const char *text;
	} rows[] = {
		{ 0, "0" }, { 3000, "3" }, { 10500, "10.5" },
		{ 1234, "1.23" }, { 1235, "1.24" }, { -1235, "-1.24" },
		{ 4, "0" }, { 5, "0.01" },
	};
	struct str out;

	(void)state;
	str_init(&out, 64);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_clear(&out);
		gstr1_quantity(rows[i].n, &out);
		assert_string_equal(out.p, rows[i].text);
	}
	str_free(&out);
}

static void
tax_as_the_tool_works_it_out(void **state)
{
	static const struct {
		int64_t taxable, rate;
		bool inter, reduced;
		const char *type;
		int64_t igst, cgst;
	} rows[] = {
		{ 1234567, 18000, false, false, "R", 0, 111111 },
		{ 1234567, 18000, true, false, "R", 222222, 0 },
		{ -100000, 18000, true, false, "OE", -18000, 0 },
		{ 10000, 250, false, false, "R", 0, 13 },
		{ 100000, 18000, true, true, "R", 11700, 0 },
		{ 476190, 5000, false, true, "R", 0, 7738 },
		{ 2000000, 18000, true, false, "SEWOP", 0, 0 },
		{ 2000000, 18000, true, false, "WOPAY", 0, 0 },
		{ 9999999999999, 40000, true, false, "R", 4000000000000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct listed row = { .type = rows[i].type,
		    .taxable = rows[i].taxable, .rate = rows[i].rate,
		    .inter = rows[i].inter, .reduced = rows[i].reduced };
		int64_t tax[GST_HEADS];

		gstr1_tool_tax(&row, tax);
		assert_int_equal(tax[GST_IGST], rows[i].igst);
		assert_int_equal(tax[GST_CGST], rows[i].cgst);
		assert_int_equal(tax[GST_SGST], rows[i].cgst);
	}
}

static struct listed
invoice(const char *number, const char *ctin)
{
	return (struct listed){ .section = R1_B2B, .document = 1,
	    .documents = 1, .ctin = ctin, .name = "Party", .number = number,
	    .type = "R", .place = "27", .place_name = "Maharashtra",
	    .date = { "2026-10-05" }, .value = 11800, .rate = 18000,
	    .taxable = 10000, .tax = { 0, 900, 900, 0 } };
}

static void
what_is_refused(void **state)
{
	static const struct {
		const char *number, *ctin, *place, *date;
		int64_t taxable, rate;
		enum gstr1_fault fault;
	} rows[] = {
		{ "A/1", OWN, "27", "2026-10-05", 1, 0, GSTR1_FINE },
		{ "1234567890123456", OWN, "96", "2017-07-01", 0, 0,
		    GSTR1_FINE },
		{ "12345678901234567", OWN, "27", "2026-10-05", 1, 0,
		    GSTR1_NUMBER },
		{ "", OWN, "27", "2026-10-05", 1, 0, GSTR1_NUMBER },
		{ "0-0/0", OWN, "27", "2026-10-05", 1, 0, GSTR1_NUMBER },
		{ "-A1", OWN, "27", "2026-10-05", 1, 0, GSTR1_NUMBER },
		{ "A 1", OWN, "27", "2026-10-05", 1, 0, GSTR1_NUMBER },
		{ "A/1", NULL, "27", "2026-10-05", 1, 0, GSTR1_GSTIN },
		{ "A/1", "27AAAAA0000", "27", "2026-10-05", 1, 0,
		    GSTR1_GSTIN },
		{ "A/1", OWN, "99", "2026-10-05", 1, 0, GSTR1_PLACE },
		{ "A/1", OWN, "00", "2026-10-05", 1, 0, GSTR1_PLACE },
		{ "A/1", OWN, "7", "2026-10-05", 1, 0, GSTR1_PLACE },
		{ "A/1", OWN, NULL, "2026-10-05", 1, 0, GSTR1_PLACE },
		{ "A/1", OWN, "27", "2017-06-30", 1, 0, GSTR1_DATE },
		{ "A/1", OWN, "27", "2026-10-05", -1, 0, GSTR1_NEGATIVE },
		{ "A/1", OWN, "27", "2026-10-05", 10000000000000, 0,
		    GSTR1_LARGE },
		{ "A/1", OWN, "27", "2026-10-05", 1, -1, GSTR1_RATE },
	};
	struct listed row, late = invoice("A/1", OWN);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		row = invoice(rows[i].number, rows[i].ctin);
		row.place = rows[i].place;
		snprintf(row.date.text, sizeof row.date.text, "%s",
		    rows[i].date);
		row.taxable = rows[i].taxable;
		row.rate = rows[i].rate;
		if (gstr1_judge(&row, 1) != rows[i].fault)
			fail_msg("row %zu: %s", i, gstr1_fault_name(
			    gstr1_judge(&row, 1)));
	}
	late.section = R1_B2BA;
	assert_int_equal(gstr1_judge(&late, 1), GSTR1_ORIGINAL);
	late.original = "A/0";
	late.original_date = (struct day){ "2026-09-01" };
	assert_int_equal(gstr1_judge(&late, 1), GSTR1_FINE);
	/* small sums may be negative, and are nobody's */
	row = (struct listed){ .section = R1_B2CS, .place = "27",
	    .taxable = -5 };
	assert_int_equal(gstr1_judge(&row, 1), GSTR1_FINE);
	row.place = "96";
	assert_int_equal(gstr1_judge(&row, 1), GSTR1_PLACE);
	row = (struct listed){ .section = R1_HSN, .part = "b2b",
	    .hsn = "123", .unit = "NOS" };
	assert_int_equal(gstr1_judge(&row, 1), GSTR1_HSN);
	row.hsn = "1234";
	assert_int_equal(gstr1_judge(&row, 1), GSTR1_FINE);
	for (int i = 1; i < GSTR1_FAULTS; i++)
		assert_true(gstr1_fault_sentence(i)[0] != '\0');
}

static void
shipping_bills(void **state)
{
	static const struct {
		const char *port, *bill, *date;
		bool fits;
	} rows[] = {
		{ NULL, NULL, "", true },
		{ "INNSA1", NULL, "", true },
		{ "INNSA1", "1234567", "2026-10-16", true },
		{ "INNSA1", "123", "2026-10-16", true },
		{ "INNSA1", "12", "2026-10-16", false },
		{ "INNSA1", "12345678", "2026-10-16", false },
		{ "INNSA1", "123A", "2026-10-16", false },
		{ "INNSA1", "1234567", "", false },
		{ NULL, NULL, "2026-10-16", false },
		{ "INNSA10", "1234567", "2026-10-16", false },
		{ "=1", NULL, "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct listed row = { .port = rows[i].port,
		    .bill = rows[i].bill };

		snprintf(row.bill_date.text, sizeof row.bill_date.text, "%s",
		    rows[i].date);
		assert_int_equal(gstr1_bill_fits(&row), rows[i].fits);
	}
}

/* ---- files ------------------------------------------------------------ */

struct place {
	char path[64];
	struct out *out;
};

static void
open_place(struct place *at)
{
	int fd;

	snprintf(at->path, sizeof at->path, "/tmp/bahi-out.XXXXXX");
	assert_non_null(mkdtemp(at->path));
	fd = open(at->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	at->out = out_new(fd);
}

static void
close_place(struct place *at)
{
	char path[256];
	size_t n;
	const struct out_file *files = out_files(at->out, &n);

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s", at->path,
		    files[i].name);
		assert_int_equal(unlink(path), 0);
	}
	out_free(&at->out);
	assert_int_equal(rmdir(at->path), 0);
}

static cJSON *
read_back(const struct place *at, const struct out_file *file)
{
	struct arena *arena = arena_new();
	struct span text;
	struct err e = { 0 };
	struct stat st;
	char path[256], hex[SHA256_HEX];
	unsigned char sum[SHA256_SIZE];
	cJSON *tree;

	snprintf(path, sizeof path, "%s/%s", at->path, file->name);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(file_read(path, 1 << 20, arena, &text, &e));
	assert_int_equal(text.n, file->bytes);
	digest_sha256(text, sum);
	digest_hex(sum, sizeof sum, hex);
	assert_string_equal(hex, file->sha256);
	tree = json_strict(text, &e);
	assert_non_null(tree);
	arena_free(&arena);
	return tree;
}

/* Each file is whole, within its size, and has its documents whole. */
static void
files_split_between_documents(void **state)
{
	const struct gstr1_head head = { OWN, 202610, { "2026-11-03" },
	    false, 1200 };
	struct place at;
	struct err e = { 0 };
	struct gstr1_writer *w;
	const struct out_file *files;
	size_t n, seen = 0;

	(void)state;
	open_place(&at);
	w = gstr1_json.new(&head, at.out);
	for (int i = 0; i < 20; i++) {
		char number[16];
		struct listed rows[2] = { invoice(number, i < 7 ?
		    "27CCCCC2222C1Z8" : "29AAAAA0000A1ZY") };

		snprintf(number, sizeof number, "A/%d", i + 1);
		rows[1] = rows[0];
		rows[1].rate = 5000;
		assert_true(gstr1_json.unit(w, rows, 2, &e));
	}
	assert_true(gstr1_json.end(w, &e));
	gstr1_json.free(&w);
	assert_true(out_end(at.out, &e));
	files = out_files(at.out, &n);
	assert_true(n > 3);
	assert_string_equal(files[0].name,
	    "returns_3112026_R1_" OWN "_offline.json");
	assert_string_equal(files[1].name,
	    "returns_3112026_R1_" OWN "_offline_2.json");
	for (size_t i = 0; i < n; i++) {
		cJSON *tree = read_back(&at, &files[i]);
		const cJSON *group, *one;

		assert_true(files[i].bytes <= head.file_max);
		assert_string_equal(json_text(tree, "fp"), "102026");
		cJSON_ArrayForEach(group, json_at(tree, "b2b"))
			cJSON_ArrayForEach(one, json_at(group, "inv")) {
				char number[16];

				snprintf(number, sizeof number, "A/%zu",
				    ++seen);
				assert_string_equal(json_text(one, "inum"),
				    number);
				assert_int_equal(cJSON_GetArraySize(json_at(
				    one, "itms")), 2);
			}
		cJSON_Delete(tree);
	}
	assert_int_equal(seen, 20);
	close_place(&at);
}

/* Numbers of rows go on in the next file, and begin anew in the next part. */
static void
rows_are_numbered(void **state)
{
	static const char *const parts[] = { "b2b", "b2b", "b2b", "b2c" };
	const struct gstr1_head head = { OWN, 202610, { "2026-11-03" },
	    false, 600 };
	struct place at;
	struct err e = { 0 };
	struct gstr1_writer *w;
	const struct out_file *files;
	size_t n;
	cJSON *tree;

	(void)state;
	open_place(&at);
	w = gstr1_json.new(&head, at.out);
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct listed row = { .section = R1_HSN, .part = parts[i],
		    .hsn = "84713010", .unit = "NOS", .rate = 18000 };

		assert_true(gstr1_json.unit(w, &row, 1, &e));
	}
	assert_true(gstr1_json.end(w, &e));
	gstr1_json.free(&w);
	assert_true(out_end(at.out, &e));
	files = out_files(at.out, &n);
	assert_int_equal(n, 2);
	tree = read_back(&at, &files[1]);
	assert_string_equal(json_text(cJSON_GetArrayItem(json_at(tree,
	    "hsn.hsn_b2b"), 0), "num"), "3");
	assert_string_equal(json_text(cJSON_GetArrayItem(json_at(tree,
	    "hsn.hsn_b2c"), 0), "num"), "1");
	cJSON_Delete(tree);
	close_place(&at);
}

/* Before 05/2025 table 12 is one list, with descriptions. */
static void
table_12_of_old(void **state)
{
	const struct gstr1_head head = { OWN, 202504, { "2025-05-09" },
	    false, GSTR1_FILE_MAX };
	const struct listed row = { .section = R1_HSN, .part = "",
	    .hsn = "84713010", .unit = "NOS", .description = "Laptops" };
	struct place at;
	struct err e = { 0 };
	struct gstr1_writer *w;
	const struct out_file *files;
	size_t n;
	cJSON *tree;

	(void)state;
	open_place(&at);
	w = gstr1_json.new(&head, at.out);
	assert_true(gstr1_json.unit(w, &row, 1, &e));
	assert_true(gstr1_json.end(w, &e));
	gstr1_json.free(&w);
	w = gstr1_csv.new(&head, at.out);
	assert_true(gstr1_csv.unit(w, &row, 1, &e));
	assert_true(gstr1_csv.end(w, &e));
	gstr1_csv.free(&w);
	assert_true(out_end(at.out, &e));
	files = out_files(at.out, &n);
	assert_int_equal(n, 2);
	assert_string_equal(files[0].name,
	    "returns_952025_R1_" OWN "_offline.json");
	assert_string_equal(files[1].name, "hsn.csv");
	tree = read_back(&at, &files[0]);
	assert_string_equal(json_text(cJSON_GetArrayItem(json_at(tree,
	    "hsn.data"), 0), "desc"), "Laptops");
	cJSON_Delete(tree);
	close_place(&at);
}

/* What stands in the way is an error, not a file. */
static void
a_file_is_never_written_over(void **state)
{
	struct place at;
	struct err e = { 0 };
	char path[128];

	(void)state;
	open_place(&at);
	assert_true(out_open(at.out, "one", &e));
	assert_false(out_open(at.out, "one", &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	out_free(&at.out);
	snprintf(path, sizeof path, "%s/one", at.path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(at.path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_have_no_more_decimals_than_there_are),
		cmocka_unit_test(quantities_have_two_decimals),
		cmocka_unit_test(tax_as_the_tool_works_it_out),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(shipping_bills),
		cmocka_unit_test(files_split_between_documents),
		cmocka_unit_test(rows_are_numbered),
		cmocka_unit_test(table_12_of_old),
		cmocka_unit_test(a_file_is_never_written_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
