/*
 * Replaying the log with the very code that settled it.  Rules and master
 * data are those of each moment, since both are rows of the same sequence.
 */
#include "flow/rebuild.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "flow/decide.h"
#include "flow/intake.h"
#include "flow/recon.h"
#include "flow/settle.h"
#include "rules/rules.h"
#include "store/bank.h"
#include "store/gst_read.h"
#include "store/master.h"
#include "store/subject.h"

struct replay {
	struct db *old;
	struct settler *settler;
	struct rulebook *rules;
	int64_t events;
};

static bool
judge_again(struct work *work, void *arg)
{
	struct replay *r = arg;
	struct reference *reference = settler_reference(r->settler);

	intake_judge_with(work, r->rules, reference);
	reference_drop(&reference);
	return true;
}

static bool
replay_event(struct replay *r, int64_t seq, struct err *e)
{
	struct books *books = settler_books(r->settler);
	struct work *work = work_new();
	struct placing ignored;
	bool found, ok;

	ok = event_load(r->old, seq, work->arena, &work->event, &ignored,
	    &found, e) && subject_load(r->old, &work->event, work->arena, e);
	if (ok) {
		work->event.version = work->event.attempts = 1;
		work->event.state = EVENT_RECEIVED;
		judge_again(work, r);
		books->seq = seq - 1;
		ok = settle_new(r->settler, work, e);
	}
	r->events++;
	work_free(&work);
	return ok;
}

static bool
replay_rules(struct replay *r, const char *digest, struct err *e)
{
	static const char SQL[] = "SELECT files FROM rules WHERE digest = $1";
	struct stmt *s = db_stmt(r->old, SQL);
	struct books *books = settler_books(r->settler);
	bool ok;
	int64_t seq;

	stmt_text(s, 1, digest);
	if (stmt_step(s, e) != STEP_ROW)
		return err_set(e, ERR_CORRUPT, "rules %.16s are missing",
		    digest);
	ok = rulebook_parse(&r->rules, col_span(s, 0), e) &&
	    rules_keep(books, digest, col_span(s, 0), e) &&
	    log_add(books, "rules", 0, "bahid", span_of(digest), &seq, e);
	stmt_reset(s);
	snprintf(books->rules_text, sizeof books->rules_text, "%s", digest);
	return ok;
}

/* What the daemon reads piece by piece, since nobody waits here. */
static bool
read_gst(struct replay *r, const char *table, struct err *e)
{
	struct reference *reference;
	bool ok;

	if (strcmp(table, "registration") != 0)
		return true;
	reference = settler_reference(r->settler);
	ok = gst_read_all(settler_books(r->settler), reference, e);
	reference_drop(&reference);
	return ok;
}

static bool
replay_reference(struct replay *r, const char *actor, struct span body,
    struct err *e)
{
	struct books *books = settler_books(r->settler);
	cJSON *tree = json_parse(body);
	const char *table = json_text(tree, "table");
	const char *csv = json_text(tree, "csv");
	int64_t seq;
	bool ok;

	if (table == NULL || csv == NULL)
		ok = err_set(e, ERR_CORRUPT, "a reference row of the log");
	else
		ok = (json_text(tree, "do") != NULL ? master_remove :
		    master_import)(books, actor, table, span_of(csv), &seq,
		    e) && settler_reload(r->settler, e) &&
		    read_gst(r, table, e);
	cJSON_Delete(tree);
	return ok;
}

static bool
replay_log(struct replay *r, int64_t seq, struct err *e)
{
	static const char SQL[] =
	    "SELECT kind, actor, body, at FROM log WHERE seq = $1";
	struct stmt *s = db_stmt(r->old, SQL);
	struct books *books = settler_books(r->settler);
	const char *kind;
	int64_t same;
	bool ok;

	stmt_int(s, 1, seq);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	kind = col_text(s, 0);
	books->seq = seq - 1;
	if (strcmp(kind, "rules") == 0)
		ok = replay_rules(r, col_text(s, 2), e);
	else if (strcmp(kind, "reference") == 0)
		ok = replay_reference(r, col_text(s, 1), col_span(s, 2), e);
	else
		ok = log_add(books, kind, col_int(s, 3), col_text(s, 1),
		    col_span(s, 2), &same, e) && recon_carry(r->old, books,
		    col_span(s, 2), e) && decision_replay(r->settler,
		    col_span(s, 2), col_text(s, 1), col_int(s, 3), e);
	stmt_reset(s);
	return ok;
}

#define TOGETHER 500		/* steps of one commit */

static bool
replay_all(struct replay *r, struct err *e)
{
	static const char SQL[] = "SELECT seq, 1 FROM event UNION ALL"
	    " SELECT seq, 0 FROM log ORDER BY seq";
	struct stmt *s = db_stmt(r->old, SQL);
	struct books *books = settler_books(r->settler);
	enum step step;
	int n = 0;

	if (!books_begin(books, e))
		return false;
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (!(col_int(s, 1) ? replay_event(r, col_int(s, 0), e) :
		    replay_log(r, col_int(s, 0), e)))
			break;
		if (++n % TOGETHER == 0 && (!books_commit(books, e) ||
		    !books_begin(books, e)))
			break;
	}
	stmt_reset(s);
	if (step != STEP_DONE) {
		books_rollback(books);
		return false;
	}
	return books_commit(books, e);
}

/* ---- comparing -------------------------------------------------------- */

static bool
digest_journal(struct db *db, int64_t id, char out[SHA256_HEX], bool *found,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct journal journal;
	struct journal_head head;
	unsigned char entries[SHA256_SIZE];
	bool ok = journal_load(db, id, arena, &journal, &head, found, e);

	if (ok && *found) {
		entries_digest(&journal, entries);
		journal_digest(&journal, &head, entries, out);
	}
	arena_free(&arena);
	return ok;
}

static bool
compare(struct replay *r, struct rebuilt *out, struct err *e)
{
	struct db *new = settler_books(r->settler)->db;
	unsigned char all[SHA256_SIZE] = { 0 };
	int64_t n_old, n_new;

	if (!journal_last(r->old, &n_old, e) || !journal_last(new, &n_new, e))
		return false;
	for (int64_t id = 1; id <= n_old || id <= n_new; id++) {
		char a[SHA256_HEX] = "", b[SHA256_HEX] = "";
		bool in_a, in_b;

		if (!digest_journal(r->old, id, a, &in_a, e) ||
		    !digest_journal(new, id, b, &in_b, e))
			return false;
		if (in_a != in_b || strcmp(a, b) != 0)
			return err_set(e, ERR_CORRUPT,
			    "journal J%lld differs", (long long)id);
		digest_sha256v((struct span[]){
		    { (char *)all, SHA256_SIZE }, span_of(a) }, 2, all);
	}
	out->journals = n_old;
	out->events = r->events;
	digest_hex(all, SHA256_SIZE, out->digest);
	return true;
}

/* What follows from the sequence besides journals: a name and all that is
 * said of it. Deliveries that came again are counted but not in it, and how
 * long things took is of our clock then: both are not compared. */
static const char *const derived[] = {
	"SELECT 'event E' || seq, json_array(state, version, attempts, entity,"
	    " kind, number, doc_version, party, amount, currency, journal)"
	    " FROM event ORDER BY seq",
	"SELECT 'document ' || entity || '/' || kind || '/' || number,"
	    " json_array(version, source, sole, revision, event, part,"
	    " journal, shared)"
	    " FROM document ORDER BY entity, kind, number",
	"SELECT 'version ' || id, json_array(entity, kind, number, version,"
	    " body, journal, before, actor, ruling) FROM document_version"
	    " ORDER BY id",
	"SELECT 'ruling of E' || event || ' ' || part, json_array(parts, base,"
	    " document, day, merged, seq, actor) FROM ruling"
	    " ORDER BY event, part",
	"SELECT 'correction E' || event, json_array(original, decision, actor)"
	    " FROM correction ORDER BY event",
	"SELECT 'ruling of E' || event || ' by ' || actor, 1 FROM ruler"
	    " ORDER BY event, actor",
	"SELECT 'balance of ' || entity || '/' || account || ' ' || period,"
	    " json_array(currency, debit, credit, base_debit, base_credit)"
	    " FROM balance ORDER BY entity, account, currency, period",
	"SELECT 'finding of E' || event, json_array(n, code, value, field,"
	    " detail, signature, level) FROM finding ORDER BY event, n",
	"SELECT 'problem ' || signature, json_array(day, currency, count,"
	    " amount) FROM signature_day WHERE count <> 0"
	    " ORDER BY signature, day, currency",
	"SELECT 'wait of E' || event, json_array(reason, key, until, weight,"
	    " control, document, documents) FROM wait ORDER BY event",
	"SELECT 'batch ' || key, json_array(part, n, total, currency, due,"
	    " control, control_total, control_count, journal, last_n,"
	    " last_total, failed) FROM batch"
	    " ORDER BY key",
	"SELECT 'share of ' || version || ' ' || line, json_array(account,"
	    " currency, amount, base, party, cost_centre, tax_code, item,"
	    " location, memo) FROM share ORDER BY version, line",
	"SELECT 'stock of ' || entity || '/' || item || '/' || location,"
	    " json_array(on_hand, reserved, value, tracked) FROM stock"
	    " ORDER BY entity, item, location",
	"SELECT 'stock of ' || entity || '/' || item || '/' || location ||"
	    " ' on ' || day, json_array(quantity, value) FROM stock_day"
	    " WHERE quantity <> 0 OR value <> 0"
	    " ORDER BY entity, item, location, day",
	"SELECT 'count ' || entity || '/' || count || ' of ' || item ||"
	    " ' in ' || location, json_array(day, counted, expected, parts,"
	    " event, counter, memo) FROM count_line"
	    " ORDER BY entity, count, item, location, day",
	"SELECT 'adjusted by count ' || entity || '/' || count || ': ' || item,"
	    " json_array(location, day, number, quantity, value, event)"
	    " FROM count_adjusted ORDER BY entity, count, item, location,"
	    " day, number",
	"SELECT 'word of count ' || entity || '/' || count || ': ' || item,"
	    " json_array(location, day, difference, actor, reason, at, seq)"
	    " FROM count_word ORDER BY entity, count, item, location, day",
	"SELECT 'order ' || entity || '/' || number, json_array(party,"
	    " currency, ordered, invoiced, paid, credited, refunded,"
	    " ordered_at, shipped_at, invoiced_at, paid_at) FROM ordering"
	    " ORDER BY entity, number",
	"SELECT 'item of order ' || entity || '/' || number || '/' || item,"
	    " json_array(location, ordered, shipped, invoiced, returned)"
	    " FROM ordering_item ORDER BY entity, number, item",
	"SELECT 'sender ' || name, json_array(good, failing,"
	    " paused IS NOT NULL) FROM sender ORDER BY name",
	"SELECT 'count of ' || source || ' ' || state, n FROM tally"
	    " WHERE state NOT IN ('received', 'duplicate') AND n <> 0"
	    " ORDER BY source, state",
	"SELECT 'count of ' || entity || ' ' || kind || ' of ' || source ||"
	    " ' ' || state, n FROM tally_entity WHERE n <> 0"
	    " ORDER BY entity, kind, source, state",
	"SELECT 'event of several: E' || event, '' FROM event_shared"
	    " ORDER BY event",
	"SELECT 'figure ' || what || ' ' || detail || ' of ' || source || ' ' || day,"
	    " n FROM figure ORDER BY what, detail, source, day",
	"SELECT 'standing of ' || entity || '/' || account || ' ' || currency,"
	    " json_array(balance, base, last, since) FROM standing"
	    " ORDER BY entity, account, currency",
	"SELECT 'backlog of ' || entity || ' ' || state || ' ' || minute,"
	    " json_array(kind, currency, n, amount) FROM backlog"
	    " ORDER BY state, entity, kind, currency, minute",
	"SELECT 'of ' || entity || ' with ' || party || ' on ' || name,"
	    " json_array(account, kind, number, currency, period, amount,"
	    " base, date, journal) FROM mutual ORDER BY entity, party, name,"
	    " account, kind, number, currency, period",
	"SELECT 'sum of ' || entity || ' with ' || party || ' ' || period,"
	    " json_array(account, currency, amount) FROM mutual_sum"
	    " ORDER BY entity, party, account, currency, period",
	"SELECT 'open between ' || low || ' and ' || high, name"
	    " FROM mutual_open ORDER BY low, high, name",
	"SELECT 'last of ' || source, last FROM heard ORDER BY source",
	"SELECT 'close of ' || entity || ' ' || period, json_array(state,"
	    " currency, dated, n, amount) FROM closing WHERE n <> 0"
	    " ORDER BY entity, period, state, currency, dated",
	"SELECT 'sign-off of ' || entity || ' ' || period || ' ' || line,"
	    " json_array(signer, at, figures) FROM signoff"
	    " ORDER BY entity, period, line",
	"SELECT 'period ' || entity || ' ' || period, state FROM period"
	    " ORDER BY entity, period",
	"SELECT 'tax of ' || entity || ' ' || period || ' ' || tax_code,"
	    " json_array(currency, account, amount) FROM tax_sum"
	    " ORDER BY entity, period, currency, tax_code, account",
	"SELECT 'hold of E' || event, json_array(hex(digest), needed, totp,"
	    " role, base, currency, since, expires) FROM hold ORDER BY event",
	"SELECT 'approval of E' || event || ' ' || n, json_array(hex(digest),"
	    " actor, giver, totp, at, seq) FROM approval ORDER BY event, n",
	"SELECT 'delegation ' || id, json_array(giver, taker, role, amount,"
	    " at, until, reason, revoked) FROM delegation ORDER BY id",
	"SELECT 'habit of ' || entity || ' ' || kind || ' ' || party,"
	    " json_array(currency, n, total) FROM habit"
	    " ORDER BY entity, kind, party, currency",
	"SELECT 'tax of ' || entity || ' ' || gstin || ' ' || period,"
	    " json_array(side, head, ledger, returned) FROM gst_ledger"
	    " WHERE ledger <> 0 OR returned <> 0"
	    " ORDER BY entity, gstin, period, side, head",
	"SELECT 'tie of ' || entity || '/' || kind || '/' || number,"
	    " json_array(period, side, head, amount, gstin, placed, settles)"
	    " FROM gst_tie ORDER BY entity, kind, number, period, side, head",
	"SELECT 'entry of ' || gstin || ' ' || period || ' ' || cell,"
	    " json_array(igst, cgst, sgst, cess, reason, actor, at, seq)"
	    " FROM gst_entry ORDER BY gstin, period, cell",
	"SELECT 'usual tax of ' || scope || ' ' || who || ' ' || step,"
	    " json_array(entity, kind, tax_code, currency, n) FROM usual_tax"
	    " ORDER BY entity, kind, scope, who, tax_code, currency, step",
	"SELECT 'desk of E' || event, json_array(assignee, snoozed, comments)"
	    " FROM desk ORDER BY event",
	"SELECT 'comment ' || n || ' of E' || event, json_array(at, actor,"
	    " text) FROM comment ORDER BY event, n",
	"SELECT 'deed ' || of || ' of E' || event, json_array(seq, actor,"
	    " action, version, old, undone) FROM deed ORDER BY of, event",
	"SELECT 'GST of ' || kind || ' ' || number || ' of version ' || version,"
	    " json_array(gstin, period, inward, nature, entity, date, party,"
	    " name, ctin, category, place, inter, reverse_charge, reduced,"
	    " operator, seller, original, original_date, port, bill,"
	    " bill_date, credit, value, voided, amends, seq, bill_number,"
	    " goods) FROM gst_document ORDER BY version",
	"SELECT section || ' of ' || gstin || ' ' || period || ' of version ' ||"
	    " version, json_array(n, type, cell, also, place, treatment, rate,"
	    " taxable, igst, cgst, sgst, cess, was) FROM gst_row"
	    " ORDER BY gstin, period, section, version, n",
	"SELECT 'sum of ' || section || ' of ' || gstin || ' ' || period,"
	    " json_array(type, place, rate, documents, n, value, taxable,"
	    " igst, cgst, sgst, cess, first) FROM gst_sum WHERE n <> 0 OR"
	    " taxable <> 0 OR igst <> 0 OR cgst <> 0 OR cess <> 0"
	    " ORDER BY gstin, period, section, type, place, rate",
	"SELECT 'HSN ' || hsn || ' of ' || gstin || ' ' || period,"
	    " json_array(part, unit, rate, quantity, value, taxable, igst,"
	    " cgst, sgst, cess) FROM gst_hsn WHERE quantity <> 0 OR"
	    " value <> 0 ORDER BY gstin, period, part, hsn, unit, rate",
	"SELECT 'series ' || prefix || ' of ' || gstin || ' ' || period,"
	    " json_array(nature, width, n, cancelled, CASE WHEN torn = 0"
	    " THEN low END, CASE WHEN torn = 0 THEN high END)"
	    " FROM gst_series WHERE n <> 0"
	    " ORDER BY gstin, period, nature, prefix, width",
	"SELECT form || ' of ' || gstin || ' ' || period, json_array(filed,"
	    " arn, actor, seq) FROM gst_filing ORDER BY gstin, form, period",
	"SELECT 'gone from ' || gstin || ' ' || period, json_array(seq,"
	    " version, kind, number) FROM gst_gone"
	    " ORDER BY gstin, period, seq, version",
	"SELECT 'file ' || digest, json_array(seq, form, gstin, period,"
	    " generated, name, bytes, documents, actor, at, warnings, told,"
	    " replaced) FROM inward_file ORDER BY digest",
	"SELECT 'row R' || id, json_array(json_array(gstin, form, period,"
	    " section, party, number, date, credit, file, gone, own, pan,"
	    " year, class, apart, rejected, odd, name, type, place, port),"
	    " json_array(reverse_charge, available, reason, amended,"
	    " original, original_date, amends, amended_by, filed, supplied,"
	    " ims, no_pending, hash, status, value, taxable, igst, cgst,"
	    " sgst, cess)) FROM inward_row ORDER BY id",
	"SELECT 'purchase ' || entity || '/' || kind || '/' || number,"
	    " json_array(version, gstin, period, own, pan, year, class,"
	    " credit, party, name, ctin, category, bill, date, place,"
	    " reverse_charge, itc, value, taxable, exempt, igst, cgst, sgst,"
	    " cess) FROM purchase ORDER BY entity, kind, number",
	"SELECT 'word of ' || item, json_array(action, ims, link, parted,"
	    " actor, at, reason, seq) FROM recon_word ORDER BY item",
	"SELECT 'account ' || entity || '/' || account || ' of a bank',"
	    " json_array(currency, holder, source) FROM bank_account"
	    " ORDER BY entity, account",
	"SELECT 'bank line L' || id, json_array(event, entity, account,"
	    " currency, day, amount, text, reference, party, number, match,"
	    " actor, at, reason, seq) FROM bank_line ORDER BY id",
	"SELECT 'bank entry N' || id, json_array(entity, account, currency,"
	    " day, amount, event, kind, number, reference, other, party,"
	    " match, until) FROM bank_item ORDER BY id",
	"SELECT 'bank match M' || id, json_array(entity, account, rule, sure,"
	    " off, by, actor, at, reason, seq) FROM bank_match ORDER BY id",
	"SELECT 'before D' || of || ' of a bank ' || n, json_array(what, body)"
	    " FROM bank_past ORDER BY of, n",
	"SELECT 'bank balance of ' || entity || '/' || account || ' ' || day,"
	    " json_array(amount, event) FROM bank_balance"
	    " ORDER BY entity, account, day",
	"SELECT 'bank opening of ' || entity || '/' || account || ' ' || day,"
	    " json_array(amount, event) FROM bank_opening"
	    " ORDER BY entity, account, day, event",
	"SELECT 'row of payout ' || payout || ' of ' || entity || ' ' ||"
	    " version, '' FROM payout_row ORDER BY payout, entity, version",
	"SELECT 'sales of ' || entity || '/' || till || ' ' || day,"
	    " json_array(currency, n, amount) FROM till_sum WHERE n <> 0 OR"
	    " amount <> 0 ORDER BY entity, till, day, currency",
	"SELECT 'report of a till ' || id, json_array(entity, till, day,"
	    " currency, source, number, n, amount) FROM till_total"
	    " ORDER BY id",
	"SELECT 'bank habit of ' || entity || '/' || account || ' ' || pattern"
	    " || ' ' || code, json_array(sign, n) FROM bank_habit"
	    " ORDER BY entity, account, pattern, sign, code",
	"SELECT 'erased S' || subject, json_array(at, actor, seq) FROM erased"
	    " ORDER BY subject",
	"SELECT 'sealed part of E' || event || ' of S' || subject,"
	    " hex(sealed) FROM personal ORDER BY event, subject",
	"SELECT 'before D' || of || ' of ' || item, json_array(action, ims,"
	    " link, parted, actor, at, reason, seq) FROM recon_past"
	    " ORDER BY of, item",
};

static bool
same_row(struct stmt *a, struct stmt *b)
{
	return strcmp(col_text(a, 0), col_text(b, 0)) == 0 &&
	    strcmp(col_text(a, 1), col_text(b, 1)) == 0;
}

static bool
compare_rows(struct db *old, struct db *new, const char *sql, struct err *e)
{
	struct stmt *a = db_stmt(old, sql), *b = db_stmt(new, sql);
	enum step in_a, in_b;

	do {
		in_a = stmt_step(a, e);
		in_b = stmt_step(b, e);
	} while (in_a == STEP_ROW && in_b == STEP_ROW && same_row(a, b));
	if (in_a == STEP_ROW || in_b == STEP_ROW)
		err_set(e, ERR_CORRUPT, "%.200s differs",
		    col_text(in_a == STEP_ROW ? a : b, 0));
	stmt_reset(a);
	stmt_reset(b);
	return in_a == STEP_DONE && in_b == STEP_DONE;
}

/* What is still to be matched was not matched the last time either. */
static bool
compare_matched(struct replay *r, struct err *e)
{
	static const char OPEN[] = "SELECT 1 FROM recon_dirty LIMIT 1";
	static const char SQL[] = "SELECT 'match of ' || gstin || ' ' ||"
	    " period || ' ' || party || ' R' || inward || ' B' || version,"
	    " json_array(status, rule, differs, twin, books, portal_taxable,"
	    " portal_tax, books_taxable, books_tax) FROM recon"
	    " ORDER BY gstin, period, party, inward, version";
	static const char SUMS[] = "SELECT 'matches of ' || gstin || ' ' ||"
	    " period || ' ' || status, json_array(n, portal_taxable,"
	    " portal_tax, books_taxable, books_tax) FROM recon_sum"
	    " WHERE n <> 0 ORDER BY gstin, period, status";
	struct books *books = settler_books(r->settler);
	struct stmt *s = db_stmt(r->old, OPEN);
	enum step step = stmt_step(s, e);

	if (step == STEP_ROW)
		stmt_reset(s);
	if (step == STEP_FAILED || !books_begin(books, e))
		return false;
	if (!recon_all(books, e) || !books_commit(books, e)) {
		books_rollback(books);
		return false;
	}
	return step == STEP_ROW || (compare_rows(r->old, books->db, SQL, e) &&
	    compare_rows(r->old, books->db, SUMS, e));
}

/* Suggestions follow from what is open; those of an account that still waits
 * to be looked at were not made the last time either. */
static bool
compare_suggested(struct replay *r, struct err *e)
{
	static const char WAITS[] = "SELECT 1 FROM bank_dirty LIMIT 1";
	static const char SQL[] = "SELECT 'suggestion ' || n || ' of L' ||"
	    " line, json_array(rule, sure, off, days, alike, by, code, lines,"
	    " items) FROM bank_suggestion ORDER BY line, n";
	struct books *books = settler_books(r->settler);
	bool waits;

	if (!stmt_found(db_stmt(r->old, WAITS), &waits, e) ||
	    !books_begin(books, e))
		return false;
	if (!bank_all(books, e) || !books_commit(books, e)) {
		books_rollback(books);
		return false;
	}
	return waits || compare_rows(r->old, books->db, SQL, e);
}

static bool
compare_derived(struct replay *r, struct err *e)
{
	struct db *new = settler_books(r->settler)->db;

	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
		if (!compare_rows(r->old, new, derived[i], e))
			return false;
	return true;
}

/* Latencies were measured once; no replay can measure them again. */
static bool
copy_latencies(struct replay *r, struct err *e)
{
	static const char READ[] =
	    "SELECT what, source, day, bucket, n, micros FROM latency";
	static const char WRITE[] =
	    "INSERT INTO latency VALUES ($1, $2, $3, $4, $5, $6)";
	struct books *books = settler_books(r->settler);
	struct stmt *from = db_stmt(r->old, READ);
	enum step step;

	if (!books_begin(books, e))
		return false;
	while ((step = stmt_step(from, e)) == STEP_ROW) {
		struct stmt *to = db_stmt(books->db, WRITE);

		for (int i = 0; i < 3; i++)
			stmt_text(to, i + 1, col_text(from, i));
		for (int i = 3; i < 6; i++)
			stmt_int(to, i + 1, col_int(from, i));
		if (!stmt_run(to, e))
			break;
	}
	stmt_reset(from);
	if (step == STEP_DONE && books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

bool
rebuild(const char *store, const char *fresh, struct rebuilt *out,
    struct err *e)
{
	struct replay r = { 0 };
	struct books *empty = NULL;
	bool ok;

	if (!books_open(&empty, fresh, true, e))
		return false;
	books_close(&empty);
	/* One snapshot: the daemon may go on meanwhile. */
	ok = db_open(&r.old, store, DB_READ, e) &&
	    db_begin_read(r.old, e) &&
	    settler_open(&r.settler, fresh, judge_again, &r, e);
	if (ok)
		settler_books(r.settler)->replaying = true;
	ok = ok && replay_all(&r, e) && copy_latencies(&r, e) &&
	    compare(&r, out, e) && compare_derived(&r, e) &&
	    compare_matched(&r, e) && compare_suggested(&r, e);
	settler_close(&r.settler);
	rulebook_drop(&r.rules);
	db_close(&r.old);
	return ok;
}
