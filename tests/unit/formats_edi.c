/* X12 and EDIFACT: messages with their envelopes, counts and numbers proved. */
#include "unit/formats_feed.h"

#define ISA "ISA*00*          *00*          *ZZ*BIGBAZAAR      *ZZ*" \
	"SAHYADRI       *261005*1030*U*00401*000000042*0*P*>~\n"
#define X_HEAD(type, control) "{\"standard\":\"X12\",\"type\":\"" type "\"," \
	"\"version\":\"004010\",\"sender\":\"BIGBAZAAR\"," \
	"\"sender_qualifier\":\"ZZ\",\"receiver\":\"SAHYADRI\"," \
	"\"receiver_qualifier\":\"ZZ\",\"interchange\":\"000000042\"," \
	"\"group\":\"7\",\"control\":\"" control "\",\"decimal\":\".\"," \
	"\"test\":false"
#define GS "GS*PO*BIG*SAH*20261005*1030*7*X*004010~\n"

static const struct {
	const char *format;
	struct span in;
	const char *out;
} rows[] = {
	{ "x12", SPAN(""), "end: there is no interchange in it" },
	{ "x12", SPAN(" \r\n\x1a"), "end: there is no interchange in it" },
	{ "x12", SPAN("\nhello"), "end: line 2: no interchange begins here" },
	{ "x12", SPAN("UNB+UNOA:1+A+B+1:1+1'"),
	    "end: line 1: no interchange begins here" },
	{ "edifact", SPAN(ISA), "end: line 1: no interchange begins here" },
	{ "x12", SPAN("ISA*00*"),
	    "end: line 1: the file ends inside an interchange" },
	{ "x12", SPAN(ISA GS "ST*850*0001~\nBEG*00*SA*PO-1**20261005~\n"
	    "PO1*1*2*EA*9.5>X>*~\r\nSE*4*0001~\nGE*1*7~\nIEA*1*000000042~\n"),
	    "3 850 " X_HEAD("850", "0001") ",\"segments\":["
	    "[\"ST\",\"850\",\"0001\"],"
	    "[\"BEG\",\"00\",\"SA\",\"PO-1\",\"\",\"20261005\"],"
	    "[\"PO1\",\"1\",\"2\",\"EA\",[\"9.5\",\"X\",\"\"],\"\"],"
	    "[\"SE\",\"4\",\"0001\"]]}\nend" },
	/* the last separator left out; zeros that say nothing */
	{ "edi", SPAN(ISA GS "ST*850*1~SE*2*0001~GE*01*07~IEA*1*42"),
	    "3 850 " X_HEAD("850", "1") ",\"segments\":["
	    "[\"ST\",\"850\",\"1\"],[\"SE\",\"2\",\"0001\"]]}\nend" },
	/* counts and control numbers of a message */
	{ "x12", SPAN(ISA GS "ST*850*1~SE*3*1~ST*810*2~SE*2*3~GE*2*7~"
	    "IEA*1*42~"),
	    "!the count of its segments differs: 3 850 " X_HEAD("850", "1")
	    ",\"segments\":[[\"ST\",\"850\",\"1\"],[\"SE\",\"3\",\"1\"]],"
	    "\"wrong\":\"the count of its segments differs\"}\n"
	    "!its two control numbers differ: 3 810 " X_HEAD("810", "2")
	    ",\"segments\":[[\"ST\",\"810\",\"2\"],[\"SE\",\"2\",\"3\"]],"
	    "\"wrong\":\"its two control numbers differ\"}\nend" },
	/* messages without an end */
	{ "x12", SPAN(ISA GS "ST*850*1~ST*850*2~GE*2*7~IEA*1*42~"),
	    "!it is not closed: 3 850 " X_HEAD("850", "1") ",\"segments\":["
	    "[\"ST\",\"850\",\"1\"]],\"wrong\":\"it is not closed\"}\n"
	    "!it is not closed: 3 850 " X_HEAD("850", "2") ",\"segments\":["
	    "[\"ST\",\"850\",\"2\"]],\"wrong\":\"it is not closed\"}\nend" },
	{ "x12", SPAN(ISA GS "ST*850*1~BEG*0"),
	    "!it is not closed: 3 850 " X_HEAD("850", "1") ",\"segments\":["
	    "[\"ST\",\"850\",\"1\"],[\"BEG\",\"0\"]],"
	    "\"wrong\":\"it is not closed\"}\n"
	    "end: line 3: the file ends inside an interchange" },
	/* envelopes */
	{ "x12", SPAN(ISA GS "GE*1*7~\nIEA*1*42~"),
	    "end: line 3: the count of messages of the group differs" },
	{ "x12", SPAN(ISA GS "GE*0*8~\nIEA*1*42~"),
	    "end: line 3: the control numbers of the group differ" },
	{ "x12", SPAN(ISA GS "GE*0*7~\nIEA*2*42~"),
	    "end: line 4: the count of the interchange differs" },
	{ "x12", SPAN(ISA GS "GE*0*7~\nIEA*1*43~"),
	    "end: line 4: the control numbers of the interchange differ" },
	{ "x12", SPAN(ISA GS "IEA*1*42~"),
	    "end: line 3: the group is not closed" },
	{ "x12", SPAN(ISA "SE*1*1~IEA*0*42~"),
	    "end: line 2: the end of a message that was not begun" },
	{ "x12", SPAN(ISA "IEA*0*42~\nnonsense"),
	    "end: line 3: no interchange begins here" },
	/* other separators, a repetition, a test, a strange type */
	{ "x12", SPAN("ISA|00|          |00|          |ZZ|A              |ZZ|"
	    "B              |261005|1030|^|00501|000000001|0|T|:\n"
	    "GS|PO|A|B|20261005|1030|1|X|005010\nST|../x|1\nA|b:c^d^e:\xfc\n"
	    "SE|3|1\nGE|1|1\nIEA|1|1\n"),
	    "3 unknown {\"standard\":\"X12\",\"type\":\"../x\","
	    "\"version\":\"005010\",\"sender\":\"A\","
	    "\"sender_qualifier\":\"ZZ\",\"receiver\":\"B\","
	    "\"receiver_qualifier\":\"ZZ\",\"interchange\":\"000000001\","
	    "\"group\":\"1\",\"control\":\"1\",\"decimal\":\".\","
	    "\"test\":true,\"segments\":[[\"ST\",\"../x\",\"1\"],"
	    "[\"A\",[[\"b\",\"c\"],[\"d\"],[\"e\",\"\xc3\xbc\"]]],"
	    "[\"SE\",\"3\",\"1\"]]}\nend" },
#define E_HEAD "{\"standard\":\"EDIFACT\",\"type\":\"ORDERS\"," \
	"\"version\":\"D96A\",\"sender\":\"890123\"," \
	"\"sender_qualifier\":\"14\",\"receiver\":\"890456\"," \
	"\"receiver_qualifier\":\"14\",\"interchange\":\"R1\"," \
	"\"control\":\"1\",\"decimal\":\".\",\"test\":false"
	{ "edifact", SPAN("UNA:+.? '\r\n"
	    "UNB+UNOC:3+890123:14+890456:14+261005:1030+R1'\r\n"
	    "UNH+1+ORDERS:D:96A:UN'\r\nBGM+220+PO?'1?+?:??+9'\r\n"
	    "UNT+3+1'\r\nUNZ+1+R1'\r\n"),
	    "3 ORDERS " E_HEAD ",\"segments\":["
	    "[\"UNH\",\"1\",[\"ORDERS\",\"D\",\"96A\",\"UN\"]],"
	    "[\"BGM\",\"220\",\"PO'1+:?\",\"9\"],"
	    "[\"UNT\",\"3\",\"1\"]]}\nend" },
	/* no UNA; groups; a control number is text here */
	{ "edi", SPAN("UNB+UNOC:3+890123:14+890456:14+261005:1030+R1'"
	    "UNH+1+ORDERS:D:96A:UN'UNT+2+01'UNZ+1+R1'"),
	    "!its two control numbers differ: 1 ORDERS " E_HEAD
	    ",\"segments\":[[\"UNH\",\"1\",[\"ORDERS\",\"D\",\"96A\","
	    "\"UN\"]],[\"UNT\",\"2\",\"01\"]],"
	    "\"wrong\":\"its two control numbers differ\"}\nend" },
	{ "edi", SPAN("UNB+UNOC:3+890123:14+890456:14+261005:1030+R1'"
	    "UNG+ORDERS+A+B+1:1+9'UNE+0+9'UNZ+1+R1'"), "end" },
	{ "edi", SPAN("UNA:+.? 'UNH+1+ORDERS'"),
	    "end: line 1: a segment outside an interchange" },
	{ "edi", SPAN("UNA::.? 'UNB"),
	    "end: line 1: no interchange begins here" },
	/* two interchanges of two standards in one file */
	{ "edi", SPAN(ISA "IEA*0*42~UNA;|,\\*!"
	    "UNB|UNOC;3|a\\;b|c|261005;1030|R2!UNZ|0|R2!"), "end" },
};

static void
reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_equal(format_find(rows[i].format), rows[i].in,
		    rows[i].out);
}

static void
broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_broken(format_find(rows[i].format), rows[i].in);
}

/* One message with `n` times the text; what came of it, without `segments`. */
static void
feed_large(const char *begin, const char *text, int n, const char *end,
    const char *wrong)
{
	struct str in, out, want;

	str_init(&in, 16 << 20);
	str_init(&out, PICTURE_MAX);
	str_init(&want, 256);
	str_adds(&in, begin);
	for (int i = 0; i < n; i++)
		str_adds(&in, text);
	str_adds(&in, end);
	feed_pieces(format_find("edi"), str_span(&in), 4096, &out);
	str_addf(&want, "!%s: 3 850 {", wrong);
	assert_memory_equal(out.p, want.p, want.n);
	str_free(&in);
	str_free(&out);
	str_free(&want);
}

static void
bounds(void **state)
{
	static const char end[] = "~SE*99*1~GE*1*7~IEA*1*42~";
	static const char begin[] = ISA GS "ST*850*1~A*";

	(void)state;
	feed_large(begin, "x", 5000000, end,
	    "a segment of the message is too large");
	feed_large(begin, "*", 5000, end,
	    "a segment of the message is too large");
	feed_large(begin, "~A", 30000, end,
	    "the message has too many segments");
	feed_large(begin, "~A*0123456789012345678901234567890123456789"
	    "01234567890123456789012345678901234567890123456789", 15000, end,
	    "the message is too large");
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
