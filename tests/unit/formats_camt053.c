/* CAMT.053: the records of MT940 out of XML, and no entity of the sender's. */
#include "unit/formats_feed.h"

#define DOC "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:" \
	"20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>\n<Stmt>" \
	"<Id>S12</Id><ElctrncSeqNb>3</ElctrncSeqNb><Acct><Id><Othr><Id>" \
	"5010</Id></Othr></Id><Ccy>INR</Ccy></Acct>\n"
#define BALANCE(code, amount, mark, day) "<Bal><Tp><CdOrPrtry><Cd>" code \
	"</Cd></CdOrPrtry></Tp><Amt Ccy=\"INR\">" amount "</Amt><CdtDbtInd>" \
	mark "</CdtDbtInd><Dt><Dt>" day "</Dt></Dt></Bal>\n"
#define OPENING BALANCE("OPBD", "1000.00", "CRDT", "2026-10-01")
#define CLOSING(amount) BALANCE("CLBD", amount, "CRDT", "2026-10-02")
#define END "</Stmt></BkToCstmrStmt></Document>"
#define HEAD "\"account\":\"5010\",\"statement\":\"S12\",\"sequence\":\"3\"," \
	"\"currency\":\"INR\""
#define E_HEAD "entry {" HEAD ",\"opening_date\":\"2026-10-01\""
#define S_HEAD "statement {" HEAD ",\"opening\":{\"mark\":\"C\"," \
	"\"date\":\"2026-10-01\",\"amount\":\"1000.00\"}"
#define CLOSED(amount) ",\"closing\":{\"mark\":\"C\"," \
	"\"date\":\"2026-10-02\",\"amount\":\"" amount "\"}"

static const struct {
	struct span in;
	const char *out;
} rows[] = {
	{ SPAN(""), "end: line 1: no element found" },
	{ SPAN("no xml"), "end: line 1: syntax error" },
	{ SPAN("<Document/>"), "end: there is no statement in it" },
	{ SPAN(DOC OPENING CLOSING("1000") END), "3 " S_HEAD CLOSED("1000")
	    ",\"entries\":0,\"sum\":\"0\"}\nend" },
	{ SPAN(DOC OPENING CLOSING("1100.00")
	    "<Ntry><NtryRef>1</NtryRef><Amt Ccy=\"INR\">118.00</Amt>"
	    "<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt>"
	    "<DtTm>2026-10-02T23:30:00Z</DtTm></BookgDt><ValDt><Dt>2026-10-03"
	    "</Dt></ValDt><AcctSvcrRef>B55</AcctSvcrRef><BkTxCd><Domn><Cd>"
	    "PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly>"
	    "</Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>INV-7"
	    "</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Arjun &amp; Co"
	    "</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>IN1</IBAN></Id></DbtrAcct>"
	    "<Cdtr><Nm>We</Nm></Cdtr></RltdPties><RmtInf><Ustrd> one </Ustrd>"
	    "<Ustrd><![CDATA[<two>]]></Ustrd><Strd><CdtrRefInf><Ref>RF18"
	    "</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
	    "<AddtlNtryInf>UPI</AddtlNtryInf></Ntry>\n"
	    "<Ntry><Amt Ccy=\"INR\">18</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
	    "<RvslInd>true</RvslInd><Sts>BOOK</Sts><BookgDt><Dt>2026-10-02"
	    "</Dt></BookgDt><BkTxCd><Prtry><Cd>CHG</Cd></Prtry></BkTxCd>"
	    "<NtryDtls><TxDtls><Refs><EndToEndId>a</EndToEndId></Refs><Amt>8"
	    "</Amt></TxDtls><TxDtls><Refs><EndToEndId>b</EndToEndId></Refs>"
	    "<AmtDtls><TxAmt><Amt>10</Amt></TxAmt></AmtDtls></TxDtls>"
	    "</NtryDtls></Ntry>\n"
	    "<Ntry><Amt Ccy=\"INR\">5</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
	    "<Sts>PDNG</Sts><BookgDt><Dt>2026-10-02</Dt></BookgDt></Ntry>"
	    END),
	    "6 " E_HEAD ",\"n\":1,\"value_date\":\"2026-10-03\","
	    "\"entry_date\":\"2026-10-02\",\"mark\":\"C\","
	    "\"amount\":\"118.00\",\"type\":\"PMNT/RCDT/ESCT\","
	    "\"reference\":\"INV-7\",\"entry_reference\":\"1\","
	    "\"bank_reference\":\"B55\",\"indicator\":\"CRDT\","
	    "\"status\":\"BOOK\",\"end_to_end_id\":\"INV-7\","
	    "\"party\":\"Arjun & Co\",\"party_account\":\"IN1\","
	    "\"creditor_reference\":\"RF18\",\"details\":\"one\\n<two>\","
	    "\"additional\":\"UPI\"}\n"
	    "7 " E_HEAD ",\"n\":2,\"entry_date\":\"2026-10-02\","
	    "\"mark\":\"RC\",\"amount\":\"18\",\"type\":\"CHG\","
	    "\"indicator\":\"DBIT\",\"status\":\"BOOK\",\"transactions\":["
	    "{\"amount\":\"8\",\"end_to_end_id\":\"a\"},"
	    "{\"amount\":\"10\",\"end_to_end_id\":\"b\"}]}\n"
	    "8 " E_HEAD ",\"n\":3,\"entry_date\":\"2026-10-02\","
	    "\"mark\":\"D\",\"amount\":\"5\",\"indicator\":\"DBIT\","
	    "\"status\":\"PDNG\"}\n"
	    "3 " S_HEAD CLOSED("1100.00")
	    ",\"entries\":3,\"sum\":\"100.00\"}\nend" },
	/* prefixes; the count of entries; a page between others */
	{ SPAN("<x:Document xmlns:x=\"urn:a\"><x:Stmt><x:Id>S12</x:Id>"
	    "<x:TxsSummry><x:TtlNtries><x:NbOfNtries>2</x:NbOfNtries>"
	    "</x:TtlNtries></x:TxsSummry></x:Stmt></x:Document>"),
	    "!the count of its entries differs: 1 statement {"
	    "\"statement\":\"S12\",\"entries\":0,\"sum\":\"0\","
	    "\"wrong\":\"the count of its entries differs\"}\nend" },
	{ SPAN(DOC BALANCE("ITBD", "1000.00", "CRDT", "2026-10-01")
	    BALANCE("ITBD", "1000.00", "CRDT", "2026-10-02") END),
	    "3 " S_HEAD CLOSED("1000.00")
	    ",\"entries\":0,\"sum\":\"0\"}\nend" },
	/* what is wrong */
	{ SPAN(DOC OPENING CLOSING("1000.01") END),
	    "!opening balance and entries make 1000.00, the closing balance "
	    "is 1000.01: 3 " S_HEAD CLOSED("1000.01")
	    ",\"entries\":0,\"sum\":\"0\",\"wrong\":\"opening balance and "
	    "entries make 1000.00, the closing balance is 1000.01\"}\nend" },
	{ SPAN(DOC OPENING CLOSING("1000.00") "<Ntry><Amt Ccy=\"USD\">1</Amt>"
	    "<CdtDbtInd>CRDT</CdtDbtInd></Ntry>" END),
	    "!the entry is of another currency: 6 " E_HEAD ",\"n\":1,"
	    "\"mark\":\"C\",\"amount\":\"1\",\"indicator\":\"CRDT\","
	    "\"wrong\":\"the entry is of another currency\"}\n"
	    "!the entry is of another currency: 3 " S_HEAD CLOSED("1000.00")
	    ",\"entries\":1,\"sum\":\"0\","
	    "\"wrong\":\"the entry is of another currency\"}\nend" },
	{ SPAN(DOC OPENING "</Stmt>"), "!there is no closing balance: 3 "
	    S_HEAD ",\"entries\":0,\"sum\":\"0\","
	    "\"wrong\":\"there is no closing balance\"}\n"
	    "end: line 5: no element found" },
	/* entities */
	{ SPAN("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
	    "<Document>&x;</Document>"),
	    "end: line 1: a document type is not taken" },
	{ SPAN("<Document>&x;</Document>"),
	    "end: line 1: undefined entity" },
};

static void
reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_equal(format_find("camt053"), rows[i].in, rows[i].out);
}

static void
broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		feed_broken(format_find("camt053"), rows[i].in);
}

static void
feed_long(const char *begin, const char *text, int n, const char *end,
    const char *want)
{
	struct str in, out;

	str_init(&in, 16 << 20);
	str_init(&out, PICTURE_MAX);
	str_adds(&in, begin);
	for (int i = 0; i < n; i++)
		str_adds(&in, text);
	str_adds(&in, end);
	feed_pieces(format_find("camt053"), str_span(&in), 4096, &out);
	assert_non_null(strstr(out.p, want));
	assert_true(out.n < 3 * RECORD_MAX);
	str_free(&in);
	str_free(&out);
}

static void
bounds(void **state)
{
	(void)state;
	feed_long("", "<a>", 65, "", "end: line 1: nested too deeply");
	feed_long("", "<a>", 64, "", "end: line 1: no element found");
	feed_long("<a ", "x", 200000, "", "a tag or comment is too long");
	feed_long("<a><!--", "x", 200000, "", "a tag or comment is too long");
	feed_long(DOC OPENING "<Ntry><NtryRef>", "x", 4097,
	    "</NtryRef></Ntry></Stmt>", "the entry is neither");
	feed_long(DOC "<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Amt Ccy=\"INR\">1"
	    "</Amt><BookgDt><Dt>2026-10-02</Dt></BookgDt><NtryDtls>",
	    "<TxDtls><Refs><TxId>0123456789</TxId></Refs></TxDtls>", 50000,
	    "</NtryDtls></Ntry></Stmt>", "!the entry is too large: 4 entry");
	feed_long(DOC "<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Amt Ccy=\"INR\">1"
	    "</Amt><BookgDt><Dt>2026-10-02</Dt></BookgDt><NtryDtls><TxDtls>"
	    "<RmtInf>", "<Ustrd>0123456789</Ustrd>", 5000,
	    "</RmtInf></TxDtls></NtryDtls></Ntry></Stmt>",
	    "!the entry is too large: 4 entry");
	feed_long(DOC "<Acct><Ccy>", "x", 5000, "</Ccy></Acct></Stmt>",
	    "!a text of it is too large: 3 statement");
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
