/* Files of the portal: each layout read, each fault refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gst/inward.h"

#define HEAD "{\"chksum\":\"x\",\"data\":{\"gstin\":\"27AAAAA0000A1Z2\"," \
	"\"rtnprd\":\"102026\",\"version\":\"1.0\"," \
	"\"gendt\":\"14-11-2026\","
#define GROUP "\"ctin\":\"24AAACC4175D1Z4\",\"trdnm\":\"Kaveri Mills\"," \
	"\"supfildt\":\"11-11-2026\",\"supprd\":\"102026\","
#define TAIL "}}"

static const char v3[] = HEAD
"\"itcsumm\":{\"itcavl\":{\"nonrevsup\":{\"igst\":118.5,\"cgst\":0,"
"\"b2b\":{\"igst\":118.5}},\"imports\":{\"igst\":\"2\",\"cess\":1},"
"\"othersup\":{\"igst\":9}}},\"cpsumm\":{\"b2b\":[]},\"docdata\":{"
"\"b2b\":[{" GROUP "\"inv\":[{\"inum\":\"KM/412\",\"typ\":\"SEZWP\","
"\"dt\":\"03-10-2026\",\"val\":1180.50,\"pos\":\"27\",\"rev\":\"N\","
"\"itcavl\":\"Y\",\"rsn\":\"\",\"diffprcnt\":1,\"items\":["
"{\"num\":1,\"rt\":18,\"txval\":1000.25,\"igst\":180.05,\"cgst\":0,"
"\"sgst\":0,\"cess\":0},{\"num\":2,\"rt\":5,\"txval\":\"10\","
"\"igst\":0.5,\"cess\":1}]}]}],"
"\"b2ba\":[{" GROUP "\"inv\":[{\"oinum\":\"KM/411\","
"\"oidt\":\"01-09-2026\",\"inum\":\"KM/411A\",\"typ\":\"R\","
"\"dt\":\"02-09-2026\",\"val\":500,\"pos\":\"7\",\"rev\":\"Y\","
"\"itcavl\":\"N\",\"rsn\":\"P\",\"items\":[]}]}],"
"\"cdnr\":[{" GROUP "\"nt\":[{\"ntnum\":\"CN-1\",\"typ\":\"C\","
"\"suptyp\":\"DE\",\"dt\":\"05-10-2026\",\"val\":-118,\"pos\":\"27\","
"\"rev\":\"N\",\"itcavl\":\"T\",\"items\":[{\"txval\":-100,"
"\"igst\":-18}]},{\"ntnum\":\"DN-1\",\"typ\":\"D\",\"suptyp\":\"R\","
"\"dt\":\"05-10-2026\",\"val\":118,\"pos\":\"27\",\"rev\":\"N\","
"\"itcavl\":\"Y\",\"items\":[{\"txval\":100,\"igst\":18}]}]}],"
"\"isd\":[{" GROUP "\"doclist\":[{\"doctyp\":\"ISDC\",\"docnum\":\"S80\","
"\"docdt\":\"03-10-2026\",\"igst\":0,\"cgst\":200,\"sgst\":200,\"cess\":0,"
"\"itcelg\":\"Y\"}]}],"
"\"impg\":[{\"refdt\":\"28-10-2026\",\"portcode\":\"INBOM4\","
"\"boenum\":2566282,\"boedt\":\"18-10-2026\",\"isamd\":\"N\","
"\"txval\":123.02000000000001,\"igst\":22.145,\"cess\":0.5}],"
"\"impgsez\":[{\"ctin\":\"24AAACC4175D1Z4\",\"trdnm\":\"K\",\"boe\":["
"{\"portcode\":\"INBOM4\",\"boenum\":\"2566283\",\"boedt\":\"18-10-2026\","
"\"txval\":1,\"igst\":0.18,\"cess\":0}]}],\"novel\":[{},{}]},"
"\"docRejdata\":{\"b2b\":[{" GROUP "\"inv\":[{\"inum\":\"KM/9\","
"\"typ\":\"R\",\"dt\":\"03-10-2026\",\"val\":118,\"pos\":\"27\","
"\"rev\":\"N\",\"itcavl\":\"Y\",\"imsStatus\":\"R\",\"txval\":100,"
"\"igst\":18,\"cgst\":0,\"sgst\":0,\"cess\":0}]}]}" TAIL;

static const char a2[] =
"{\"gstin\":\"27AAAAA0000A1Z2\",\"fp\":\"102026\",\"b2b\":[{"
"\"ctin\":\"24aaacc4175d1z4\",\"cfs\":\"Y\",\"fldtr1\":\"18-Nov-26\","
"\"flprdr1\":\"Oct-26\",\"inv\":[{\"inum\":\"KM/412\","
"\"idt\":\"03-10-2026\",\"val\":1180,\"pos\":\"27\",\"rchrg\":\"Y\","
"\"inv_typ\":\"R\",\"itms\":[{\"num\":1,\"itm_det\":{\"rt\":18,"
"\"txval\":1000,\"iamt\":180,\"csamt\":2}},{\"num\":2,\"itm_det\":{"
"\"rt\":18,\"txval\":1,\"camt\":3,\"samt\":4}}]}]}],"
"\"cdn\":[{\"ctin\":\"24AAACC4175D1Z4\",\"nt\":[{\"ntty\":\"D\","
"\"nt_num\":\"DN-7\",\"nt_dt\":\"04-10-2026\",\"inum\":\"915914\","
"\"idt\":\"23-09-2026\",\"val\":118,\"pos\":\"27\",\"rchrg\":\"N\","
"\"inv_typ\":\"R\",\"itms\":[{\"itm_det\":{\"txval\":100,"
"\"iamt\":18}}]}]}],\"impg\":[{\"portcd\":\"INBOM4\",\"benum\":256,"
"\"bedt\":\"18-10-2026\",\"txval\":1.5,\"iamt\":1,\"csamt\":0.5}]}";

static const char ims[] =
"{\"b2b\":[{\"stin\":\"24AAACC4175D1Z4\",\"inv_typ\":\"R\","
"\"ispendactblocked\":\"Y\",\"srcform\":\"R1\",\"rtnprd\":\"092026\","
"\"iamt\":18,\"hash\":\"abc\",\"inum\":\"b1\",\"action\":\"R\","
"\"srcfilstatus\":\"Filed\",\"idt\":\"23-09-2026\",\"val\":118,"
"\"pos\":\"27\",\"txval\":100}],\"b2bdn\":[{\"stin\":\"24AAACC4175D1Z4\","
"\"rtnprd\":\"102026\",\"nt_num\":\"dn2\",\"action\":\"N\","
"\"nt_dt\":\"24-10-2026\",\"val\":1,\"pos\":\"27\",\"txval\":1}],"
"\"b2bcna\":[{\"stin\":\"24AAACC4175D1Z4\",\"rtnprd\":\"102026\","
"\"nt_num\":\"cn2\",\"ont_num\":\"cn1\",\"ont_dt\":\"23-10-2026\","
"\"nt_dt\":\"24-10-2026\",\"val\":1,\"pos\":\"27\",\"txval\":1}]}";

static struct inward
read_good(struct arena *arena, const char *text)
{
	struct inward in;
	struct err e = { 0 };
	bool ok = inward_read(span_of(text), arena, &in, &e);

	if (!ok)
		fail_msg("%s", e.why);
	return in;
}

static void
test_items(void **state)
{
	struct arena *arena = arena_new();
	struct inward in = read_good(arena, v3);
	const struct inward_row *r = in.rows;

	(void)state;
	assert_int_equal(in.form, INWARD_2B);
	assert_string_equal(in.gstin, "27AAAAA0000A1Z2");
	assert_int_equal(in.period, 202610);
	assert_string_equal(in.generated.text, "2026-11-14");
	assert_true(in.tells);
	assert_int_equal(in.told[GST_IGST], 12050);
	assert_int_equal(in.told[GST_CESS], 100);
	assert_int_equal(in.n_rows, 8);
	assert_string_equal(r[0].number, "KM/412");
	assert_string_equal(r[0].party, "24AAACC4175D1Z4");
	assert_string_equal(r[0].name, "Kaveri Mills");
	assert_string_equal(r[0].type, "SEZWP");
	assert_string_equal(r[0].date.text, "2026-10-03");
	assert_string_equal(r[0].filed.text, "2026-11-11");
	assert_int_equal(r[0].supplied, 202610);
	assert_int_equal(r[0].value, 118050);
	assert_int_equal(r[0].taxable, 101025);
	assert_int_equal(r[0].tax[GST_IGST], 18055);
	assert_int_equal(r[0].tax[GST_CESS], 100);
	assert_string_equal(r[0].available, "Y");
	assert_false(r[0].amended || r[0].rejected || r[0].odd);
	assert_true(r[1].amended && r[1].reverse_charge);
	assert_string_equal(r[1].original, "KM/411");
	assert_string_equal(r[1].original_date.text, "2026-09-01");
	assert_string_equal(r[1].place, "07");
	assert_string_equal(r[1].reason, "P");
	assert_true(r[2].credit && r[2].class == BILL_CDNR);
	assert_int_equal(r[2].taxable, 10000);
	assert_int_equal(r[2].tax[GST_IGST], 1800);
	assert_string_equal(r[2].type, "DE");
	assert_false(r[3].credit);
	assert_true(r[4].class == BILL_ISD && r[4].credit);
	assert_string_equal(r[5].number, "2566282");
	assert_string_equal(r[5].party, "");
	assert_string_equal(r[5].port, "INBOM4");
	assert_int_equal(r[5].taxable, 12302);
	assert_int_equal(r[5].tax[GST_IGST], 2215);
	assert_true(r[6].class == BILL_IMPGSEZ);
	assert_true(r[7].rejected);
	assert_string_equal(r[7].ims, "R");
	assert_int_equal(r[7].taxable, 10000);
	assert_int_equal(in.n_warnings, 1);	/* the novel section */
	assert_non_null(strstr(in.warnings[0], "novel"));
	arena_free(&arena);
}

static void
test_2a(void **state)
{
	struct arena *arena = arena_new();
	struct inward in = read_good(arena, a2);

	(void)state;
	assert_int_equal(in.form, INWARD_2A);
	assert_int_equal(in.n_rows, 3);
	assert_string_equal(in.rows[0].party, "24AAACC4175D1Z4");
	assert_true(in.rows[0].reverse_charge);
	assert_int_equal(in.rows[0].taxable, 100100);
	assert_int_equal(in.rows[0].tax[GST_CESS], 200);
	assert_int_equal(in.rows[0].tax[GST_SGST], 400);
	assert_string_equal(in.rows[1].number, "DN-7");
	assert_string_equal(in.rows[1].date.text, "2026-10-04");
	assert_false(in.rows[1].credit);
	assert_string_equal(in.rows[2].number, "256");
	assert_int_equal(in.rows[2].tax[GST_CESS], 50);
	arena_free(&arena);
}

static void
test_ims(void **state)
{
	struct arena *arena = arena_new();
	struct inward in = read_good(arena, ims);

	(void)state;
	assert_int_equal(in.form, INWARD_IMS);
	assert_string_equal(in.gstin, "");
	assert_int_equal(in.n_rows, 3);
	assert_int_equal(in.rows[0].period, 202609);
	assert_string_equal(in.rows[0].ims, "R");
	assert_string_equal(in.rows[0].hash, "abc");
	assert_true(in.rows[0].no_pending);
	assert_true(in.rows[1].class == BILL_CDNR && !in.rows[1].credit);
	assert_true(in.rows[2].credit && in.rows[2].amended);
	assert_string_equal(in.rows[2].original, "cn1");
	arena_free(&arena);
}

/* An empty one is not one that cannot be read. */
static void
test_empty(void **state)
{
	struct arena *arena = arena_new();
	struct inward in;

	(void)state;
	in = read_good(arena, HEAD "\"docdata\":{}" TAIL);
	assert_int_equal(in.n_rows, 0);
	in = read_good(arena, HEAD "\"docdata\":{\"b2b\":null}" TAIL);
	assert_int_equal(in.n_rows, 0);
	in = read_good(arena, "\xef\xbb\xbf" HEAD "\"docdata\":{}" TAIL);
	assert_int_equal(in.period, 202610);
	arena_free(&arena);
}

static void
test_odd(void **state)
{
	struct arena *arena = arena_new();
	struct inward in = read_good(arena, HEAD "\"docdata\":{\"impgsez\":["
	    "{\"ctin\":\"01AABCE2207R1Z5\",\"trdnm\":\"GSTN\",\"boe\":["
	    "{\"boenum\":\"1\",\"boedt\":\"18-10-2026\"}]}]}" TAIL);

	(void)state;
	assert_int_equal(in.n_rows, 1);
	assert_true(in.rows[0].odd);
	assert_int_equal(in.n_warnings, 1);
	arena_free(&arena);
}

static void
test_faults(void **state)
{
#define INV(text) HEAD "\"docdata\":{\"b2b\":[{" GROUP "\"inv\":[" text \
	"]}]}" TAIL
	static const struct {
		const char *text, *says;
		enum err_code code;
	} rows[] = {
		{ "", "cut off", ERR_JSON },
		{ "[]", "not one object", ERR_REQUEST },
		{ "{}", "neither data nor fp", ERR_REQUEST },
		{ "{\"data\":{}}", "gstin", ERR_REQUEST },
		{ "{\"data\":[1]}", "neither data nor fp", ERR_REQUEST },
		{ HEAD "\"x\":1" TAIL, "docdata is missing", ERR_REQUEST },
		{ "{\"data\":{\"gstin\":\"27AAAAA0000A1Z2\",\"rtnprd\":"
		    "\"102026\",\"gendt\":\"14-09-2026\",\"docdata\":{}}}",
		    "gendt is before rtnprd", ERR_REQUEST },
		{ HEAD "\"docdata\":{\"b2b\":7}" TAIL, "not a list",
		    ERR_REQUEST },
		{ HEAD "\"docdata\":{\"b2b\":[7]}" TAIL, "no object",
		    ERR_REQUEST },
		{ HEAD "\"docdata\":{\"b2b\":[{" GROUP "\"x\":1}]}" TAIL,
		    "inv is missing", ERR_REQUEST },
		{ INV("7"), "no object", ERR_REQUEST },
		{ INV("{\"inum\":\"1\"}"), "is missing", ERR_REQUEST },
		{ INV("{\"inum\":\"1\",\"dt\":\"31-02-2026\"}"),
		    "document 1: dt is not a day", ERR_REQUEST },
		{ INV("{\"inum\":\"1\",\"dt\":\"01-02-2026\",\"val\":\"x\"}"),
		    "val is not an amount", ERR_REQUEST },
		{ INV("{\"inum\":\"1\",\"dt\":\"01-02-2026\","
		    "\"txval\":99999999999999999999}"),
		    "not an amount", ERR_REQUEST },
		{ INV("{\"inum\":[1],\"dt\":\"01-02-2026\"}"),
		    "not a text", ERR_REQUEST },
		{ INV("{\"dt\":\"01-02-2026\"}"), "number is missing",
		    ERR_REQUEST },
		{ INV("{\"inum\":\"1\",\"inum\":\"2\"}"), "duplicate",
		    ERR_JSON },
		{ HEAD "\"docdata\":{\"cdnr\":[{" GROUP "\"nt\":[{"
		    "\"ntnum\":\"1\",\"typ\":\"X\",\"dt\":\"01-02-2026\"}]}]"
		    "}" TAIL, "neither C nor D", ERR_REQUEST },
		{ HEAD "\"docdata\":{\"b2b\":[{\"ctin\":\"27\",\"inv\":[{}]}]"
		    "}" TAIL, "not a GSTIN", ERR_REQUEST },
		{ "{\"gstin\":\"27AAAAA0000A1Z2\",\"fp\":\"132026\"}",
		    "not a period", ERR_REQUEST },
		{ "[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]",
		    "depth", ERR_JSON },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new();
		struct inward in;
		struct err e = { 0 };

		assert_false(inward_read(span_of(rows[i].text), arena, &in,
		    &e));
		if (e.code != rows[i].code ||
		    strstr(e.why, rows[i].says) == NULL)
			fail_msg("row %zu: %s", i, e.why);
		arena_free(&arena);
	}
}

/* Cut off anywhere it is refused, never half read. */
static void
test_truncated(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof v3 - 1; n++) {
		struct arena *arena = arena_new();
		char *text = malloc(n + 1);
		struct inward in;
		struct err e = { 0 };

		assert_non_null(text);
		memcpy(text, v3, n);
		assert_false(inward_read((struct span){ text, n }, arena,
		    &in, &e));
		assert_int_equal(e.code, ERR_JSON);
		free(text);
		arena_free(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_2a),
		cmocka_unit_test(test_ims),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
