/* MT940: entries and statements, proved by their balances. */
#include "unit/formats_feed.h"

#define HEAD ":20:X\r\n:25:501012345678\r\n:28C:12/1\r\n"
#define OPEN ":60F:C261001INR1000,00\r\n"
#define E_HEAD "entry {\"account\":\"501012345678\",\"statement\":\"12\"," \
	"\"sequence\":\"1\",\"currency\":\"INR\"," \
	"\"opening_date\":\"2026-10-01\""
#define S_HEAD "statement {\"account\":\"501012345678\"," \
	"\"statement\":\"12\",\"sequence\":\"1\",\"currency\":\"INR\"," \
	"\"opening\":{\"mark\":\"C\",\"date\":\"2026-10-01\"," \
	"\"amount\":\"1000.00\"}"
#define CLOSED(amount) ",\"closing\":{\"mark\":\"C\"," \
	"\"date\":\"2026-10-02\",\"amount\":\"" amount "\"}"

static const struct {
	struct span in;
	const char *out;
} rows[] = {
	{ SPAN(""), "end: there is no statement in it" },
	{ SPAN("rubbish\n:99:\n-"), "end: there is no statement in it" },
	{ SPAN("{1:F01HDFCINBBAXXX}{2:O9400000}{4:\r\n" HEAD OPEN
	    ":61:2610021002C118,00NTRFINV-7//S55\r\nUPI\r\n"
	    ":86:UPI/CR/99\r\nARJUN APTE\r\n"
	    ":61:261002D18,NCHGNONREF\r\n"
	    ":62F:C261002INR1100,00\r\n:64:C261002INR1100,00\r\n"
	    ":86:of the statement\r\n-}\r\n"),
	    "6 " E_HEAD ",\"n\":1,\"value_date\":\"2026-10-02\","
	    "\"entry_date\":\"2026-10-02\",\"mark\":\"C\","
	    "\"amount\":\"118.00\",\"type\":\"NTRF\","
	    "\"reference\":\"INV-7\",\"bank_reference\":\"S55\","
	    "\"supplementary\":\"UPI\","
	    "\"details\":\"UPI/CR/99\\nARJUN APTE\"}\n"
	    "10 " E_HEAD ",\"n\":2,\"value_date\":\"2026-10-02\","
	    "\"mark\":\"D\",\"amount\":\"18\",\"type\":\"NCHG\","
	    "\"reference\":\"NONREF\"}\n"
	    "5 " S_HEAD CLOSED("1100.00")
	    ",\"entries\":2,\"sum\":\"100.00\"}\nend" },
	/* reversals, a funds code, a year between the two days, no CR */
	{ SPAN(":20:X\n:25:501012345678\n:28C:12/1\n" OPEN
	    ":61:2612310102RCR50,5NMSC\xdc\n:61:2701011231RDR0,25NMSCA\n"
	    ":62F:C261002INR949,75"),
	    "5 " E_HEAD ",\"n\":1,\"value_date\":\"2026-12-31\","
	    "\"entry_date\":\"2027-01-02\",\"mark\":\"RC\","
	    "\"amount\":\"50.5\",\"type\":\"NMSC\","
	    "\"reference\":\"\xc3\x9c\"}\n"
	    "6 " E_HEAD ",\"n\":2,\"value_date\":\"2027-01-01\","
	    "\"entry_date\":\"2026-12-31\",\"mark\":\"RD\","
	    "\"amount\":\"0.25\",\"type\":\"NMSC\",\"reference\":\"A\"}\n"
	    "4 " S_HEAD CLOSED("949.75")
	    ",\"entries\":2,\"sum\":\"-50.25\"}\nend" },
	/* it does not add up, by the last place */
	{ SPAN(HEAD OPEN ":61:261002C0,01NTRFA\n:62F:C261002INR1000,02\n-"),
	    "5 " E_HEAD ",\"n\":1,\"value_date\":\"2026-10-02\","
	    "\"mark\":\"C\",\"amount\":\"0.01\",\"type\":\"NTRF\","
	    "\"reference\":\"A\"}\n"
	    "!opening balance and entries make 1000.01, the closing balance "
	    "is 1000.02: 4 " S_HEAD CLOSED("1000.02")
	    ",\"entries\":1,\"sum\":\"0.01\",\"wrong\":\"opening balance and "
	    "entries make 1000.01, the closing balance is 1000.02\"}\nend" },
	/* an entry that cannot be read makes the statement wrong */
	{ SPAN(HEAD OPEN ":61:261302C1,00NTRFA\n:86:B\n"
	    ":62F:C261002INR1000,00\n"),
	    "!the value date of the entry is no date: 5 " E_HEAD ",\"n\":1,"
	    "\"text\":\"261302C1,00NTRFA\",\"details\":\"B\","
	    "\"wrong\":\"the value date of the entry is no date\"}\n"
	    "!the value date of the entry is no date: 4 " S_HEAD
	    CLOSED("1000.00") ",\"entries\":1,\"sum\":\"0\","
	    "\"wrong\":\"the value date of the entry is no date\"}\nend" },
	/* parts */
	{ SPAN(HEAD OPEN ":62M:C261002INR1000,00\n-\n"
	    ":20:X\n:25:501012345678\n:28C:12/2\n:60M:C261002INR1000,00\n"
	    ":62F:C261002INR1000,00\n-\n"),
	    "4 statement {\"account\":\"501012345678\",\"statement\":\"12\","
	    "\"sequence\":\"2\",\"currency\":\"INR\",\"opening\":{"
	    "\"mark\":\"C\",\"date\":\"2026-10-01\",\"amount\":\"1000.00\"}"
	    CLOSED("1000.00") ",\"entries\":0,\"sum\":\"0\"}\nend" },
	/* the first part alone is whole in itself */
	{ SPAN(HEAD OPEN ":62M:C261002INR1000,00\n-\n"),
	    "4 " S_HEAD CLOSED("1000.00") ",\"entries\":0,\"sum\":\"0\"}\n"
	    "end" },
	/* cut off */
	{ SPAN(HEAD OPEN), "!there is no closing balance: 4 " S_HEAD
	    ",\"entries\":0,\"sum\":\"0\",\"wrong\":\"there is no closing "
	    "balance\"}\nend: line 4: the statement that begins here is not "
	    "closed" },
	{ SPAN(HEAD ":61:261002C1,NTRFA\n:62F:C261002INR1,"),
	    "!there is no opening balance before the entry: 4 entry {\"n\":1,"
	    "\"text\":\"261002C1,NTRFA\",\"wrong\":\"there is no opening "
	    "balance before the entry\"}\nend: line 5: a closing balance "
	    "without an opening one" },
	{ SPAN(HEAD ":60F:C261001INRx\n:62F:C261002INR1,0\n"),
	    "!the opening balance cannot be read: 4 statement {"
	    "\"account\":\"501012345678\",\"statement\":\"12\","
	    "\"sequence\":\"1\"" CLOSED("1.0") ",\"entries\":0,\"sum\":\"0\","
	    "\"wrong\":\"the opening balance cannot be read\"}\nend" },
};

static void
reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_equal(format_find("mt940"), rows[i].in, rows[i].out);
}

static void
broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_broken(format_find("mt940"), rows[i].in);
}

static void
bounds(void **state)
{
	struct str text, out;

	(void)state;
	str_init(&text, 8 << 20);
	str_init(&out, PICTURE_MAX);
	str_adds(&text, HEAD OPEN ":61:261002C1,00NTRFA\n:86:");
	for (int i = 0; i < 3000000; i++)
		str_adds(&text, "x");
	str_adds(&text, "\n:62F:C261002INR1001,00\n");
	feed_pieces(format_find("mt940"), str_span(&text), 4096, &out);
	assert_non_null(strstr(out.p, "!the details of the entry are too long"));
	assert_true(out.n < 70000);
	/* a sum that no longer fits is said, not wrapped */
	str_clear(&text);
	str_adds(&text, HEAD OPEN);
	for (int i = 0; i < 12; i++)
		str_adds(&text, ":61:261002C9999999999999,NTRFA\n");
	str_adds(&text, ":62F:C261002INR1,\n");
	feed_pieces(format_find("mt940"), str_span(&text), 4096, &out);
	assert_non_null(strstr(out.p,
	    "!the entries are too large to add up: 4 statement"));
	str_free(&text);
	str_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(broken),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
