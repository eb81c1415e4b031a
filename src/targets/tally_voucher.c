/*
 * Writes vouchers. Debit is negative there. Every voucher carries our
 * reference twice: as REMOTEID, by which Tally knows it again, and at the
 * start of the narration, by which it can be asked for.
 */
#include "targets/tally_voucher.h"

#include <string.h>

#include "book/money.h"
#include "targets/tally_answer.h"

static void
put(struct str *out, const char *name, const char *text)
{
	str_addf(out, "<%s>", name);
	xml_put(out, text);
	str_addf(out, "</%s>\n", name);
}

static void
put_amount(struct str *out, int64_t minor, const char *currency)
{
	struct money money = { .minor = -minor };

	memcpy(money.currency, currency, sizeof money.currency);
	str_adds(out, "<AMOUNT>");
	money_plain(money, out);
	str_adds(out, "</AMOUNT>\n");
}

/* ---- around ----------------------------------------------------------- */

void
tally_import_begin(struct str *out, const char *what, const char *company)
{
	str_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<ENVELOPE>\n<HEADER><VERSION>1</VERSION>"
	    "<TALLYREQUEST>Import</TALLYREQUEST><TYPE>Data</TYPE>");
	put(out, "ID", what);
	str_adds(out, "</HEADER>\n<BODY><DESC><STATICVARIABLES>\n");
	if (*company != '\0')
		put(out, "SVCURRENTCOMPANY", company);
	str_adds(out, "</STATICVARIABLES></DESC>\n<DATA>\n"
	    "<TALLYMESSAGE xmlns:UDF=\"TallyUDF\">\n");
}

void
tally_import_end(struct str *out)
{
	str_adds(out, "</TALLYMESSAGE>\n</DATA></BODY>\n</ENVELOPE>\n");
}

/* ---- a voucher -------------------------------------------------------- */

static bool
is(const struct posting *posting, const char *kind)
{
	return strcmp(posting->kind, kind) == 0;
}

/* What undoes another is a journal: a Sales voucher the wrong way round is
 * none. Kinds that no row maps and that have a type of their own everywhere. */
const char *
tally_type(const struct posting *posting)
{
	static const struct { const char *kind, *type; } types[] = {
		{ "sales_invoice", "Sales" },
		{ "purchase_invoice", "Purchase" },
		{ "credit_note", "Credit Note" },
		{ "debit_note", "Debit Note" },
	};

	if (*posting->reverses != '\0')
		return "Journal";
	if (*posting->book != '\0')
		return posting->book;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (is(posting, types[i].kind))
			return types[i].type;
	return "Journal";
}

/* No two vouchers of a type have the same number, even where a document was
 * undone and posted anew. Tally takes it where its type is numbered by hand. */
static void
put_number(struct str *out, const struct posting *posting)
{
	bool undoes = *posting->reverses != '\0';

	str_adds(out, "<VOUCHERNUMBER>");
	xml_put(out, posting->number);
	if (posting->version > 1 || undoes)
		str_addf(out, "/%lld%s", (long long)posting->version,
		    undoes ? "R" : "");
	str_adds(out, "</VOUCHERNUMBER>\n");
}

struct bill {
	const char *type, *name;
};

static struct bill
bill_of(const struct posting *posting)
{
	bool invoice = is(posting, "sales_invoice") ||
	    is(posting, "purchase_invoice");

	if (invoice && *posting->reverses == '\0')
		return (struct bill){ "New Ref", posting->number };
	if (invoice)
		return (struct bill){ "Agst Ref", posting->number };
	if (posting->against != NULL && *posting->against != '\0')
		return (struct bill){ "Agst Ref", posting->against };
	if (is(posting, "advance") && *posting->reverses == '\0')
		return (struct bill){ "Advance", posting->number };
	return (struct bill){ "On Account", "" };
}

static void
put_bill(struct str *out, const struct posting *posting,
    const struct posting_line *line)
{
	struct bill bill = bill_of(posting);

	str_adds(out, "<BILLALLOCATIONS.LIST>\n");
	if (*bill.name != '\0')
		put(out, "NAME", bill.name);
	put(out, "BILLTYPE", bill.type);
	put_amount(out, line->amount, posting->currency);
	str_adds(out, "</BILLALLOCATIONS.LIST>\n");
}

static void
put_centre(struct str *out, const struct posting *posting,
    const struct posting_line *line)
{
	str_adds(out, "<CATEGORYALLOCATIONS.LIST>\n");
	put(out, "CATEGORY", "Primary Cost Category");
	put(out, "ISDEEMEDPOSITIVE", line->amount > 0 ? "Yes" : "No");
	str_adds(out, "<COSTCENTREALLOCATIONS.LIST>\n");
	put(out, "NAME", line->cost_centre);
	put_amount(out, line->amount, posting->currency);
	str_adds(out, "</COSTCENTREALLOCATIONS.LIST>\n"
	    "</CATEGORYALLOCATIONS.LIST>\n");
}

static void
put_line(struct str *out, const struct posting *posting,
    const struct posting_line *line)
{
	str_adds(out, "<ALLLEDGERENTRIES.LIST>\n");
	put(out, "LEDGERNAME", line->account);
	put(out, "ISDEEMEDPOSITIVE", line->amount > 0 ? "Yes" : "No");
	put(out, "ISPARTYLEDGER", line->subledger ? "Yes" : "No");
	put_amount(out, line->amount, posting->currency);
	if (*line->cost_centre != '\0')
		put_centre(out, posting, line);
	if (line->subledger)
		put_bill(out, posting, line);
	str_adds(out, "</ALLLEDGERENTRIES.LIST>\n");
}

static const char *
party_of(const struct posting *posting)
{
	for (size_t i = 0; i < posting->n_lines; i++)
		if (posting->lines[i].subledger)
			return posting->lines[i].account;
	return "";
}

void
tally_voucher_put(struct str *out, const struct posting *posting,
    const char *action)
{
	const char *type = tally_type(posting), *party = party_of(posting);
	char day[9];

	tally_day(posting->date, day);
	str_addf(out, "<VOUCHER REMOTEID=\"%s\" VCHTYPE=\"",
	    posting->reference);
	xml_put(out, type);
	str_addf(out, "\" ACTION=\"%s\" OBJVIEW=\"Accounting Voucher View\">\n",
	    action);
	put(out, "DATE", day);
	put(out, "EFFECTIVEDATE", day);
	put(out, "VOUCHERTYPENAME", type);
	put_number(out, posting);
	put(out, "REFERENCE", posting->number);
	put(out, "PERSISTEDVIEW", "Accounting Voucher View");
	put(out, "ISINVOICE", "No");
	if (*party != '\0')
		put(out, "PARTYLEDGERNAME", party);
	put(out, "NARRATION", posting->narration);
	for (size_t i = 0; i < posting->n_lines; i++)
		put_line(out, posting, &posting->lines[i]);
	str_adds(out, "</VOUCHER>\n");
}

/* The day is written the other way in this attribute; without anything inside
 * it is not taken. */
void
tally_cancel_put(struct str *out, const struct posting *posting,
    const char *master, const char *why)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *day = posting->date.text;
	int month = (day[5] - '0') * 10 + (day[6] - '0');

	str_addf(out, "<VOUCHER DATE=\"%.2s-%.3s-%.4s\" TAGNAME=\"Master ID\""
	    " TAGVALUE=\"", day + 8, months + 3 * (month - 1), day);
	xml_put(out, master);
	str_adds(out, "\" VCHTYPE=\"");
	xml_put(out, tally_type(posting));
	str_adds(out, "\" ACTION=\"Cancel\">\n");
	put(out, "NARRATION", why);
	str_adds(out, "</VOUCHER>\n");
}

void
tally_ledger_put(struct str *out, const char *name, const char *group)
{
	str_adds(out, "<LEDGER NAME=\"");
	xml_put(out, name);
	str_adds(out, "\" ACTION=\"Create\">\n");
	put(out, "NAME", name);
	put(out, "PARENT", group);
	str_adds(out, "</LEDGER>\n");
}
