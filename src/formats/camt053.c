/*
 * ISO 20022 CAMT.053 statements (any version), in pieces, by expat. A
 * document type is refused, and with it every entity of the sender's. The
 * parser is suspended at each record, so that one is held and no more.
 */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/list.h"
#include "formats/statement.h"

#define DEPTH_MAX 64
#define PATH_MAX_BYTES 512
#define TEXT_MAX 4096		/* of one element */
#define SLOT_MAX 16384		/* of all that repeats */
#define SLICE 4096		/* bytes given to expat at once */
#define SILENT_MAX 65536	/* of them without anything new in it */
#define TRANSACTIONS_MAX (RECORD_MAX / 2)

/* What is kept, in the order of the levels. */
enum slot {
	/* of the statement */
	STMT_ID, STMT_SEQUENCE, STMT_IBAN, STMT_OTHER, STMT_CURRENCY,
	STMT_COUNT,
	/* of a balance */
	BAL_CODE, BAL_AMOUNT, BAL_MARK, BAL_DAY, BAL_TIME,
	/* of an entry */
	NTRY_REF, NTRY_AMOUNT, NTRY_MARK, NTRY_REVERSAL, NTRY_STATUS,
	NTRY_STATUS_CODE, NTRY_BOOKED_DAY, NTRY_BOOKED_TIME, NTRY_VALUE_DAY,
	NTRY_VALUE_TIME, NTRY_BANK_REF, NTRY_DOMAIN, NTRY_FAMILY,
	NTRY_SUBFAMILY, NTRY_PROPRIETARY, NTRY_ADDITIONAL,
	/* of a transaction of it */
	TX_END_TO_END, TX_ID, TX_MANDATE, TX_BANK_REF, TX_AMOUNT,
	TX_AMOUNT_OLD, TX_DEBTOR, TX_DEBTOR_IBAN, TX_DEBTOR_OTHER,
	TX_CREDITOR, TX_CREDITOR_IBAN, TX_CREDITOR_OTHER, TX_REMITTANCE,
	TX_CREDITOR_REF,
	SLOT_COUNT, SLOT_NONE = SLOT_COUNT
};

#define NTRY "Ntry/"
#define TX "Ntry/NtryDtls/TxDtls/"

static const struct {
	const char *path;	/* below Stmt */
	enum slot slot;
} slots[] = {
	{ "Id", STMT_ID },
	{ "ElctrncSeqNb", STMT_SEQUENCE },
	{ "Acct/Id/IBAN", STMT_IBAN },
	{ "Acct/Id/Othr/Id", STMT_OTHER },
	{ "Acct/Ccy", STMT_CURRENCY },
	{ "TxsSummry/TtlNtries/NbOfNtries", STMT_COUNT },
	{ "Bal/Tp/CdOrPrtry/Cd", BAL_CODE },
	{ "Bal/Amt", BAL_AMOUNT },
	{ "Bal/CdtDbtInd", BAL_MARK },
	{ "Bal/Dt/Dt", BAL_DAY },
	{ "Bal/Dt/DtTm", BAL_TIME },
	{ NTRY "NtryRef", NTRY_REF },
	{ NTRY "Amt", NTRY_AMOUNT },
	{ NTRY "CdtDbtInd", NTRY_MARK },
	{ NTRY "RvslInd", NTRY_REVERSAL },
	{ NTRY "Sts", NTRY_STATUS },
	{ NTRY "Sts/Cd", NTRY_STATUS_CODE },
	{ NTRY "BookgDt/Dt", NTRY_BOOKED_DAY },
	{ NTRY "BookgDt/DtTm", NTRY_BOOKED_TIME },
	{ NTRY "ValDt/Dt", NTRY_VALUE_DAY },
	{ NTRY "ValDt/DtTm", NTRY_VALUE_TIME },
	{ NTRY "AcctSvcrRef", NTRY_BANK_REF },
	{ NTRY "BkTxCd/Domn/Cd", NTRY_DOMAIN },
	{ NTRY "BkTxCd/Domn/Fmly/Cd", NTRY_FAMILY },
	{ NTRY "BkTxCd/Domn/Fmly/SubFmlyCd", NTRY_SUBFAMILY },
	{ NTRY "BkTxCd/Prtry/Cd", NTRY_PROPRIETARY },
	{ NTRY "AddtlNtryInf", NTRY_ADDITIONAL },
	{ TX "Refs/EndToEndId", TX_END_TO_END },
	{ TX "Refs/TxId", TX_ID },
	{ TX "Refs/MndtId", TX_MANDATE },
	{ TX "Refs/AcctSvcrRef", TX_BANK_REF },
	{ TX "Amt", TX_AMOUNT },
	{ TX "AmtDtls/TxAmt/Amt", TX_AMOUNT_OLD },
	{ TX "RltdPties/Dbtr/Nm", TX_DEBTOR },
	{ TX "RltdPties/Dbtr/Pty/Nm", TX_DEBTOR },
	{ TX "RltdPties/DbtrAcct/Id/IBAN", TX_DEBTOR_IBAN },
	{ TX "RltdPties/DbtrAcct/Id/Othr/Id", TX_DEBTOR_OTHER },
	{ TX "RltdPties/Cdtr/Nm", TX_CREDITOR },
	{ TX "RltdPties/Cdtr/Pty/Nm", TX_CREDITOR },
	{ TX "RltdPties/CdtrAcct/Id/IBAN", TX_CREDITOR_IBAN },
	{ TX "RltdPties/CdtrAcct/Id/Othr/Id", TX_CREDITOR_OTHER },
	{ TX "RmtInf/Ustrd", TX_REMITTANCE },
	{ TX "RmtInf/Strd/CdtrRefInf/Ref", TX_CREDITOR_REF },
};

enum made { MADE_NOTHING, MADE_ENTRY, MADE_STATEMENT };

struct reader {
	struct input in;
	XML_Parser parser;
	bool suspended, finished, stirred;
	size_t silent;
	char path[PATH_MAX_BYTES];	/* below Stmt */
	size_t at[DEPTH_MAX];	/* length of the path before each level */
	int depth, within;	/* 0: not in a Stmt; else its depth */
	bool any;
	struct str text;	/* of the innermost element */
	struct str slots[SLOT_COUNT];
	char currency[4];	/* attribute of the amount just read */
	struct statement statement;
	bool has_closing;	/* CLBD came: no other closes */
	bool large;		/* something of the entry was too large */
	int64_t entry_line;
	int64_t transactions;
	struct str details;	/* transactions of the entry, as JSON */
	struct json writer;
	struct str wrong;	/* of the entry */
	struct str json;
	enum made made;
	struct err fault;
};

static void
find_fault(struct reader *r, const char *why)
{
	err_set(&r->fault, ERR_REQUEST, "line %lld: %s",
	    (long long)XML_GetCurrentLineNumber(r->parser), why);
	XML_StopParser(r->parser, XML_FALSE);
}

static void
find_wrong(struct reader *r, const char *why)
{
	if (r->wrong.n == 0)
		str_adds(&r->wrong, why);
}

static struct span
slot(const struct reader *r, enum slot slot)
{
	return str_span(&r->slots[slot]);
}

static struct span
either(const struct reader *r, enum slot one, enum slot other)
{
	return r->slots[one].n > 0 ? slot(r, one) : slot(r, other);
}

static void
clear_slots(struct reader *r, enum slot first, enum slot last)
{
	for (int i = (int)first; i <= (int)last; i++)
		str_clear(&r->slots[i]);
}

/* ---- values ------------------ */

static enum mark
mark_of(struct span text, bool reversal)
{
	if (span_is(text, "CRDT"))
		return reversal ? MARK_REVERSED_DEBIT : MARK_CREDIT;
	if (span_is(text, "DBIT"))
		return reversal ? MARK_REVERSED_CREDIT : MARK_DEBIT;
	return MARK_NONE;
}

/* A day as the bank writes it, whatever its zone. */
static bool
day_of(const struct reader *r, enum slot day, enum slot time, struct day *out)
{
	struct span s = either(r, day, time);

	*out = (struct day){ "" };
	if (s.n > 10)
		s.n = 10;
	return day_parse(s, out);
}

/* ---- a balance ------------------ */

static void
end_balance(struct reader *r)
{
	struct statement *s = &r->statement;
	struct span code = slot(r, BAL_CODE);
	bool opens = span_is(code, "OPBD") || span_is(code, "PRCD");
	bool closes = span_is(code, "CLBD");
	struct balance b = { .mark = mark_of(slot(r, BAL_MARK), false) };

	/* pages of a statement: interim booked at its ends */
	if (span_is(code, "ITBD")) {
		opens = s->opening.mark == MARK_NONE;
		closes = !opens && !r->has_closing;
	}
	if (!opens && !closes)
		return;
	memcpy(b.currency, r->currency, sizeof b.currency);
	if (b.mark == MARK_NONE || !day_of(r, BAL_DAY, BAL_TIME, &b.date) ||
	    !decimal_parse(slot(r, BAL_AMOUNT), '.', &b.amount)) {
		statement_fault(s, "a balance cannot be read");
		return;
	}
	r->has_closing |= span_is(code, "CLBD");
	*(opens ? &s->opening : &s->closing) = b;
	if (s->currency[0] == '\0')
		memcpy(s->currency, b.currency, sizeof s->currency);
}

/* ---- an entry ------------------ */

static void
begin_entry(struct reader *r)
{
	clear_slots(r, NTRY_REF, TX_CREDITOR_REF);
	str_clear(&r->wrong);
	str_clear(&r->details);
	json_start(&r->writer, &r->details);
	r->transactions = 0;
	r->large = false;
	r->entry_line = (int64_t)XML_GetCurrentLineNumber(r->parser);
}

/* The other side: who paid us, or whom we paid. */
static void
write_party(const struct reader *r, struct json *j)
{
	bool credit = span_is(slot(r, NTRY_MARK), "CRDT");

	text_member(j, "party", slot(r, credit ? TX_DEBTOR : TX_CREDITOR));
	text_member(j, "party_account", credit ?
	    either(r, TX_DEBTOR_IBAN, TX_DEBTOR_OTHER) :
	    either(r, TX_CREDITOR_IBAN, TX_CREDITOR_OTHER));
}

static void
write_transaction(const struct reader *r, struct json *j)
{
	text_member(j, "end_to_end_id", slot(r, TX_END_TO_END));
	text_member(j, "transaction_id", slot(r, TX_ID));
	text_member(j, "mandate", slot(r, TX_MANDATE));
	write_party(r, j);
	text_member(j, "creditor_reference", slot(r, TX_CREDITOR_REF));
	text_member(j, "details", slot(r, TX_REMITTANCE));
}

static void
end_transaction(struct reader *r)
{
	struct json *j = &r->writer;

	json_open(j, '{');
	text_member(j, "amount", either(r, TX_AMOUNT, TX_AMOUNT_OLD));
	text_member(j, "bank_reference", slot(r, TX_BANK_REF));
	write_transaction(r, j);
	json_close(j, '}');
	r->transactions++;
	r->large |= r->details.over;
}

static void
write_type(const struct reader *r, struct json *j)
{
	struct str type;

	str_init(&type, 4 * SLOT_MAX);
	str_add(&type, r->slots[NTRY_DOMAIN].p, r->slots[NTRY_DOMAIN].n);
	for (enum slot i = NTRY_FAMILY; i <= NTRY_SUBFAMILY; i++) {
		if (r->slots[i].n > 0)
			str_addc(&type, '/');
		str_add(&type, r->slots[i].p, r->slots[i].n);
	}
	text_member(j, "type", type.n > 0 ? str_span(&type) :
	    slot(r, NTRY_PROPRIETARY));
	str_free(&type);
}

/* What only one transaction has is of the entry itself; several are listed. */
static void
write_references(const struct reader *r, struct json *j)
{
	struct span reference = slot(r, TX_END_TO_END);

	if (r->transactions <= 1 && !span_is(reference, "NOTPROVIDED"))
		text_member(j, "reference", reference);
	text_member(j, "entry_reference", slot(r, NTRY_REF));
	text_member(j, "bank_reference", either(r, NTRY_BANK_REF,
	    r->transactions > 1 ? NTRY_BANK_REF : TX_BANK_REF));
	text_member(j, "indicator", slot(r, NTRY_MARK));
	text_member(j, "status", either(r, NTRY_STATUS_CODE, NTRY_STATUS));
	if (r->transactions == 1)
		write_transaction(r, j);
	text_member(j, "additional", slot(r, NTRY_ADDITIONAL));
	if (r->transactions > 1 && !r->details.over) {
		json_key(j, "transactions");
		json_open(j, '[');
		json_raw(j, str_span(&r->details));
		json_close(j, ']');
	}
}

static void
write_entry(struct reader *r, const struct day *value,
    const struct day *booked, enum mark mark, struct decimal amount)
{
	struct json j;

	str_clear(&r->json);
	json_start(&j, &r->json);
	json_open(&j, '{');
	statement_write_head(&r->statement, &j);
	text_member(&j, "opening_date",
	    span_of(r->statement.opening.date.text));
	json_kint(&j, "n", r->statement.entries);
	text_member(&j, "value_date", span_of(value->text));
	text_member(&j, "entry_date", span_of(booked->text));
	if (mark != MARK_NONE)
		json_kstr(&j, "mark", mark_text(mark));
	decimal_member(&j, "amount", amount);
	write_type(r, &j);
	write_references(r, &j);
	if (r->wrong.n > 0)
		json_kstr(&j, "wrong", r->wrong.p);
	json_close(&j, '}');
}

static bool
is_booked(const struct reader *r)
{
	struct span status = either(r, NTRY_STATUS_CODE, NTRY_STATUS);

	return status.n == 0 || span_is(status, "BOOK");
}

static void
end_entry(struct reader *r)
{
	struct statement *s = &r->statement;
	struct span reversal = slot(r, NTRY_REVERSAL);
	enum mark mark = mark_of(slot(r, NTRY_MARK),
	    span_is(reversal, "true") || span_is(reversal, "1"));
	struct decimal amount = { 0 };
	struct day value, booked;
	bool has_value = day_of(r, NTRY_VALUE_DAY, NTRY_VALUE_TIME, &value);
	bool has_booked = day_of(r, NTRY_BOOKED_DAY, NTRY_BOOKED_TIME,
	    &booked);

	s->entries++;
	if (mark == MARK_NONE)
		find_wrong(r, "the entry is neither CRDT nor DBIT");
	if (!decimal_parse(slot(r, NTRY_AMOUNT), '.', &amount))
		find_wrong(r, "the amount of the entry is no amount");
	if (s->currency[0] != '\0' && strcmp(s->currency, r->currency) != 0)
		find_wrong(r, "the entry is of another currency");
	if (!has_value && !has_booked)
		find_wrong(r, "the entry has no date");
	if (r->large)
		find_wrong(r, "the entry is too large");
	if (r->wrong.n > 0)
		statement_fault(s, r->wrong.p);
	else if (is_booked(r))
		statement_count(s, mark, amount);
	write_entry(r, &value, &booked, mark, amount);
	if (r->json.over) {	/* its references take too much */
		find_wrong(r, "the entry is too large");
		statement_fault(s, r->wrong.p);
		clear_slots(r, NTRY_REF, TX_CREDITOR_REF);
		r->transactions = 0;
		write_entry(r, &value, &booked, mark, amount);
	}
	r->made = MADE_ENTRY;
}

/* ---- a statement ------------------ */

static void
begin_statement(struct reader *r)
{
	statement_clear(&r->statement);
	clear_slots(r, STMT_ID, TX_CREDITOR_REF);
	r->statement.open = r->any = true;
	r->has_closing = false;
	r->statement.line = (int64_t)XML_GetCurrentLineNumber(r->parser);
	r->within = r->depth;
	r->path[0] = '\0';
}

static void
end_statement(struct reader *r)
{
	struct statement *s = &r->statement;
	struct str count;
	struct json j;

	str_init(&count, 32);
	str_addi(&count, s->entries);
	if (r->slots[STMT_COUNT].n > 0 &&
	    !span_equal(slot(r, STMT_COUNT), str_span(&count)))
		statement_fault(s, "the count of its entries differs");
	str_free(&count);
	statement_judge(s);
	str_clear(&r->json);
	json_start(&j, &r->json);
	json_open(&j, '{');
	statement_write(s, &j);
	json_close(&j, '}');
	s->open = false;
	r->within = 0;
	r->made = MADE_STATEMENT;
}

/* Account and number come first: what follows carries them. */
static void
keep_head(struct reader *r, enum slot of)
{
	struct statement *s = &r->statement;

	switch (of) {
	case STMT_ID: statement_keep(s, s->number, slot(r, of)); break;
	case STMT_SEQUENCE: statement_keep(s, s->sequence, slot(r, of)); break;
	case STMT_IBAN: case STMT_OTHER:
		statement_keep(s, s->account, slot(r, of));
		break;
	case STMT_CURRENCY:
		if (r->slots[of].n == 3)
			memcpy(s->currency, r->slots[of].p, 4);
		break;
	default: break;
	}
}

/* ---- elements ------------------ */

static enum slot
slot_of(const char *path)
{
	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
		if (strcmp(slots[i].path, path) == 0)
			return slots[i].slot;
	return SLOT_NONE;
}

static const char *
local_name(const char *name)
{
	const char *space = strrchr(name, ' ');

	return space != NULL ? space + 1 : name;
}

static void
keep_currency(struct reader *r, const char **attributes)
{
	r->currency[0] = '\0';
	for (; attributes[0] != NULL; attributes += 2)
		if (strcmp(attributes[0], "Ccy") == 0)
			snprintf(r->currency, sizeof r->currency, "%s",
			    strlen(attributes[1]) == 3 ? attributes[1] : "");
}

static bool
push(struct reader *r, const char *name)
{
	size_t n = strlen(r->path);

	if (r->depth == DEPTH_MAX ||
	    n + strlen(name) + 2 > sizeof r->path) {
		find_fault(r, "nested too deeply");
		return false;
	}
	r->at[r->depth++] = n;
	if (r->within > 0)
		snprintf(r->path + n, sizeof r->path - n, "%s%s",
		    n > 0 ? "/" : "", name);
	return true;
}

static void
on_start(void *user, const char *name, const char **attributes)
{
	struct reader *r = user;

	if (r->fault.code != ERR_NONE)
		return;
	r->stirred = true;
	name = local_name(name);
	str_clear(&r->text);
	if (!push(r, name))
		return;
	if (r->within == 0 && strcmp(name, "Stmt") == 0) {
		begin_statement(r);
	} else if (r->within > 0) {
		if (strcmp(r->path, "Ntry") == 0)
			begin_entry(r);
		else if (strcmp(r->path, "Bal") == 0)
			clear_slots(r, BAL_CODE, BAL_TIME);
		else if (strcmp(r->path, "Ntry/NtryDtls/TxDtls") == 0)
			clear_slots(r, TX_END_TO_END, TX_CREDITOR_REF);
		if (strcmp(r->path, "Ntry/Amt") == 0 ||
		    strcmp(r->path, "Bal/Amt") == 0)
			keep_currency(r, attributes);
	}
}

static void
on_text(void *user, const char *p, int n)
{
	struct reader *r = user;

	r->stirred = true;
	if (r->within > 0)
		str_add(&r->text, p, (size_t)n);
}

/* White space around a value is layout. */
static struct span
trimmed(struct span s)
{
	static const char space[] = " \t\r\n";

	while (s.n > 0 && memchr(space, s.p[0], 4) != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && memchr(space, s.p[s.n - 1], 4) != NULL)
		s.n--;
	return s;
}

static void
keep_text(struct reader *r)
{
	enum slot of = slot_of(r->path);
	struct str *to = &r->slots[of == SLOT_NONE ? 0 : of];
	struct span s = trimmed(str_span(&r->text));

	if (of == SLOT_NONE)
		return;
	if (of != TX_REMITTANCE)
		str_clear(to);
	else if (to->n > 0)
		str_addc(to, '\n');
	str_add(to, s.p, s.n);
	if (r->text.over || to->over) {
		r->large = true;
		if (of <= BAL_TIME)
			statement_fault(&r->statement,
			    "a text of it is too large");
	}
	keep_head(r, of);
}

static void
on_end(void *user, const char *name)
{
	struct reader *r = user;

	(void)name;
	if (r->fault.code != ERR_NONE)
		return;
	r->stirred = true;
	if (r->within > 0 && r->depth == r->within) {
		end_statement(r);
	} else if (r->within > 0) {
		keep_text(r);
		if (strcmp(r->path, "Bal") == 0)
			end_balance(r);
		else if (strcmp(r->path, "Ntry/NtryDtls/TxDtls") == 0)
			end_transaction(r);
		else if (strcmp(r->path, "Ntry") == 0)
			end_entry(r);
	}
	r->depth--;
	r->path[r->at[r->depth]] = '\0';
	str_clear(&r->text);
	if (r->made != MADE_NOTHING)
		XML_StopParser(r->parser, XML_TRUE);
}

static void
on_doctype(void *user, const char *name, const char *system,
    const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	find_fault(user, "a document type is not taken");
}

/* ---- the format ------------------ */

static struct reader *
camt_reader(void)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL || (r->parser = XML_ParserCreateNS(NULL, ' ')) == NULL)
		bug("out of memory");
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	input_open(&r->in);
	str_init(&r->text, TEXT_MAX);
	for (int i = 0; i < SLOT_COUNT; i++)
		str_init(&r->slots[i], SLOT_MAX);
	str_init(&r->details, TRANSACTIONS_MAX);
	str_init(&r->wrong, 256);
	str_init(&r->json, RECORD_MAX);
	statement_init(&r->statement);
	return r;
}

static void
camt_reader_close(struct reader **reader)
{
	struct reader *r = *reader;

	*reader = NULL;
	if (r == NULL)
		return;
	XML_ParserFree(r->parser);
	str_free(&r->text);
	for (int i = 0; i < SLOT_COUNT; i++)
		str_free(&r->slots[i]);
	str_free(&r->details);
	str_free(&r->wrong);
	str_free(&r->json);
	statement_free(&r->statement);
	free(r);
}

static void
camt_feed(struct reader *r, const char *p, size_t n)
{
	input_feed(&r->in, p, n);
}

/* A tag or comment is held by expat until it ends, and looked at anew with
 * each piece: a long one is refused before that costs much. */
static void
bound(struct reader *r, size_t n)
{
	r->silent = r->stirred ? 0 : r->silent + n;
	r->stirred = false;
	if (r->silent > SILENT_MAX && r->fault.code == ERR_NONE)
		err_set(&r->fault, ERR_REQUEST,
		    "line %lld: a tag or comment is too long",
		    (long long)XML_GetCurrentLineNumber(r->parser));
}

/* False: there is nothing to give expat now. */
static bool
parse_more(struct reader *r)
{
	size_t n = r->in.rest.n < SLICE ? r->in.rest.n : SLICE;
	enum XML_Status status;

	if (r->suspended) {
		n = 0;
		status = XML_ResumeParser(r->parser);
	} else if (n > 0 || (r->in.ended && !r->finished)) {
		r->finished = n == 0;
		status = XML_Parse(r->parser, r->in.rest.p, (int)n, n == 0);
		r->in.rest.p += n;
		r->in.rest.n -= n;
	} else {
		return false;
	}
	r->suspended = status == XML_STATUS_SUSPENDED;
	if (status == XML_STATUS_ERROR && r->fault.code == ERR_NONE)
		err_set(&r->fault, ERR_REQUEST, "line %lld: %s",
		    (long long)XML_GetCurrentLineNumber(r->parser),
		    XML_ErrorString(XML_GetErrorCode(r->parser)));
	bound(r, n);
	return true;
}

static bool
give(struct reader *r, struct record *record)
{
	bool entry = r->made == MADE_ENTRY;
	const struct str *wrong = entry ? &r->wrong : &r->statement.wrong;

	*record = (struct record){ .topic = entry ? "entry" : "statement",
		.line = entry ? r->entry_line : r->statement.line,
		.json = str_span(&r->json),
		.wrong = wrong->n > 0 ? wrong->p : NULL };
	r->made = MADE_NOTHING;
	return true;
}

static bool
camt_record(struct reader *r, struct record *record)
{
	while (r->fault.code == ERR_NONE && parse_more(r))
		if (r->made != MADE_NOTHING)
			return give(r, record);
	r->in.rest.n = 0;
	return false;
}

static bool
camt_end(struct reader *r, struct err *e)
{
	if (r->fault.code != ERR_NONE)
		return err_set(e, r->fault.code, "%s", r->fault.why);
	if (!r->any)
		return err_set(e, ERR_REQUEST, "there is no statement in it");
	return true;
}

const struct format format_camt053 = {
	.name = "camt053", .suffixes = ".xml .camt053 .c53",
	.open = camt_reader, .close = camt_reader_close,
	.feed = camt_feed, .next = camt_record, .end = camt_end,
	.sealed = true,
};
