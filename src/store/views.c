/*
 * Reading for the API: pages, one thing, sums, and the change feed.  Each
 * view is one or a few indexed statements; none scans the ledger.
 */
#include "store/views.h"

#include <stdio.h>
#include <stdlib.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "store/books.h"
#include "store/master.h"

/* ---- small things ----------------------------------------------------- */

static void
id_of(struct json *j, const char *key, char letter, int64_t id)
{
	char text[32];

	snprintf(text, sizeof text, "%c%lld", letter, (long long)id);
	json_kstr(j, key, id != 0 ? text : NULL);
}

static void
amount_of(struct json *j, const char *key, int64_t minor,
    const char *currency)
{
	struct money m = { .minor = minor };
	struct str text;

	snprintf(m.currency, sizeof m.currency, "%s", currency);
	str_init(&text, 64);
	money_plain(m, &text);
	json_key(j, key);
	json_span(j, str_span(&text));
	str_free(&text);
}

static void
time_of(struct json *j, const char *key, int64_t at)
{
	char text[25];

	clock_format(at, text);
	json_kstr(j, key, at != 0 ? text : NULL);
}

static void
document_name(struct json *j, const char *entity, const char *kind,
    const char *number)
{
	struct str name;

	json_key(j, "document");
	if (entity == NULL || kind == NULL || number == NULL) {
		json_null(j);
		return;
	}
	str_init(&name, 4096);
	str_addf(&name, "%s/%s/%s", entity, kind, number);
	json_span(j, str_span(&name));
	str_free(&name);
}

static void
next_page(struct json *j, bool more, char letter, int64_t last)
{
	id_of(j, "next", letter, more ? last : 0);
}

/* ---- events ----------------------------------------------------------- */

#define EVENT_COLUMNS "e.seq, e.version, e.source, e.key, e.topic, e.state," \
	" e.received, e.occurred, e.entity, e.kind, e.number, e.doc_version," \
	" e.party, e.amount, e.currency, e.correlation, e.attempts, e.journal"
#define EVENT_FILTER " AND ($3 IS NULL OR e.source = $3)" \
	" AND ($4 IS NULL OR EXISTS (SELECT 1 FROM finding f" \
	" WHERE f.event = e.seq AND f.code = $4))" \
	" AND ($5 IS NULL OR instr(e.key || ' ' || coalesce(e.number, '') ||" \
	" ' ' || coalesce(e.party, ''), $5))" \
	" ORDER BY e.seq LIMIT $6"

static bool
write_findings(struct db *db, int64_t event, const char *source,
    struct arena *arena, struct json *j, struct err *e)
{
	struct findings findings;
	bool ok = findings_load(db, event, arena, &findings, e);

	json_key(j, "findings");
	json_open(j, '[');
	for (size_t i = 0; ok && i < findings.n; i++)
		finding_encode(&findings.items[i], source, j);
	json_close(j, ']');
	return ok;
}

/* Leaves the object open for more. */
static bool
write_event(struct db *db, struct stmt *s, struct arena *arena,
    struct json *j, struct err *e)
{
	const char *currency = col_text(s, 14);

	json_open(j, '{');
	id_of(j, "id", 'E', col_int(s, 0));
	json_kint(j, "seq", col_int(s, 0));
	json_kint(j, "version", col_int(s, 1));
	json_kstr(j, "source", col_text(s, 2));
	json_kstr(j, "key", col_text(s, 3));
	json_kstr(j, "topic", col_text(s, 4));
	json_kstr(j, "state", col_text(s, 5));
	time_of(j, "received", col_int(s, 6));
	time_of(j, "occurred", col_int(s, 7));
	json_kstr(j, "entity", col_text(s, 8));
	document_name(j, col_text(s, 8), col_text(s, 9), col_text(s, 10));
	json_key(j, "doc_version");
	if (col_null(s, 11))
		json_null(j);
	else
		json_int(j, col_int(s, 11));
	json_kstr(j, "party", col_text(s, 12));
	if (currency != NULL)
		amount_of(j, "amount", col_int(s, 13), currency);
	else
		json_kstr(j, "amount", NULL);
	json_kstr(j, "currency", currency);
	json_kstr(j, "correlation", col_text(s, 15));
	json_kint(j, "attempts", col_int(s, 16));
	id_of(j, "journal", 'J', col_int(s, 17));
	return write_findings(db, col_int(s, 0), col_text(s, 2), arena, j,
	    e);
}

/* Which statement: by what narrows most. All take $1 after, $2 the state or
 * signature, $3 source, $4 code, $5 text, $6 limit; by signature $7 state. */
static struct stmt *
events_stmt(struct db *db, const struct event_filter *f)
{
	static const char BY_SIGNATURE[] = "SELECT DISTINCT " EVENT_COLUMNS
	    " FROM finding n JOIN event e ON e.seq = n.event"
	    " WHERE n.signature = $2 AND n.event > $1 AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting')"
	    " AND ($7 IS NULL OR $7 = 'open' OR e.state = $7)" EVENT_FILTER;
	static const char BY_STATE[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.state = $2 AND e.state <> 'posted'"
	    " AND e.seq > $1" EVENT_FILTER;
	static const char OPEN[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.state <> 'posted' AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting') AND $2 = 'open'"
	    " AND e.seq > $1" EVENT_FILTER;
	static const char ALL[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.seq > $1 AND ($2 IS NULL OR e.state = $2)"
	    EVENT_FILTER;
	struct stmt *s;

	if (f->signature != NULL) {
		s = db_stmt(db, BY_SIGNATURE);
		stmt_text(s, 2, f->signature);
		stmt_text(s, 7, f->state);
		return s;
	}
	if (f->state == NULL || strcmp(f->state, "posted") == 0)
		s = db_stmt(db, ALL);
	else
		s = db_stmt(db, strcmp(f->state, "open") == 0 ? OPEN :
		    BY_STATE);
	stmt_text(s, 2, f->state);
	return s;
}

bool
view_events(struct db *db, const struct event_filter *f, struct json *j,
    struct err *e)
{
	struct stmt *s = events_stmt(db, f);
	struct arena *arena = arena_new();
	int64_t last = 0;
	int n = 0;
	bool ok = true;
	enum step step;

	stmt_int(s, 1, f->after);
	stmt_text(s, 3, f->source);
	stmt_text(s, 4, f->code);
	stmt_text(s, 5, f->q);
	stmt_int(s, 6, f->limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < f->limit) {
		last = col_int(s, 0);
		ok = ok && write_event(db, s, arena, j, e);
		json_close(j, '}');
		arena_reset(arena);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	next_page(j, step == STEP_ROW, 'E', last);
	json_close(j, '}');
	arena_free(&arena);
	return ok && step != STEP_FAILED;
}

static void
write_payload(struct json *j, struct span body)
{
	struct str text;

	if (utf8_valid(body)) {
		json_key(j, "payload");
		json_span(j, body);
		return;
	}
	str_init(&text, body.n * 2 + 8);
	digest_base64((const unsigned char *)body.p, body.n, &text);
	json_key(j, "payload_base64");
	json_span(j, str_span(&text));
	str_free(&text);
}

static void
write_entry(struct json *j, const struct entry *entry, size_t line,
    const char *base)
{
	json_open(j, '{');
	json_kint(j, "line", (int64_t)line);
	json_kstr(j, "account", entry->account);
	json_kstr(j, "party", entry->party);
	json_kstr(j, "cost_centre", entry->cost_centre);
	json_kstr(j, "tax_code", entry->tax_code);
	json_kstr(j, "item", entry->item);
	json_kstr(j, "location", entry->location);
	json_kstr(j, "memo", entry->memo);
	json_kstr(j, "currency", entry->currency);
	amount_of(j, "amount", entry->amount, entry->currency);
	amount_of(j, "base", entry->base, base);
	json_close(j, '}');
}

static bool
base_currency(struct db *db, const char *entity, char out[4], struct err *e)
{
	static const char SQL[] = "SELECT extra FROM master"
	    " WHERE tab = 'entity' AND code = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	memcpy(out, "INR", 4);
	stmt_text(s, 1, entity);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		snprintf(out, 4, "%s", col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
view_journal(struct db *db, int64_t id, struct json *j, bool *found,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct journal journal;
	struct journal_head head;
	char period[8], base[4];
	bool ok = journal_load(db, id, arena, &journal, &head, found, e) &&
	    (!*found || base_currency(db, journal.entity, base, e));

	if (!ok || !*found)
		goto out;
	day_period(journal.date, period);
	json_open(j, '{');
	id_of(j, "id", 'J', id);
	json_kstr(j, "entity", journal.entity);
	json_kstr(j, "date", journal.date.text);
	json_kstr(j, "period", period);
	json_kstr(j, "narration", journal.narration);
	document_name(j, journal.entity, head.kind, head.number);
	json_kint(j, "version", head.version);
	id_of(j, "event", 'E', head.event);
	id_of(j, "reverses", 'J', journal.reverses);
	json_key(j, "entries");
	json_open(j, '[');
	for (size_t i = 0; i < journal.n_entries; i++)
		write_entry(j, &journal.entries[i], i + 1, base);
	json_close(j, ']');
	json_close(j, '}');
out:
	arena_free(&arena);
	return ok;
}

/* The reversal of an amended version is numbered just before the new one. */
static bool
each_journal(struct db *db, int64_t event, int64_t last,
    bool (*write)(struct db *, int64_t id, void *, struct err *), void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT id FROM journal"
	    " WHERE id BETWEEN $1 AND $2 AND event = $3 ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	stmt_int(s, 1, last - 1);
	stmt_int(s, 2, last);
	stmt_int(s, 3, event);
	while (ok && (step = stmt_step(s, e)) == STEP_ROW)
		ok = write(db, col_int(s, 0), arg, e);
	stmt_reset(s);
	return ok && step != STEP_FAILED;
}

static bool
write_journal(struct db *db, int64_t id, void *arg, struct err *e)
{
	bool found;

	return view_journal(db, id, arg, &found, e);
}

static bool
write_history(struct db *db, int64_t seq, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT at, actor, action, old, new"
	    " FROM audit WHERE object = $1 ORDER BY seq";
	struct stmt *s = db_stmt(db, SQL);
	char name[32];
	enum step step;

	snprintf(name, sizeof name, "E%lld", (long long)seq);
	stmt_text(s, 1, name);
	json_key(j, "history");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		time_of(j, "at", col_int(s, 0));
		json_kstr(j, "actor", col_text(s, 1));
		json_kstr(j, "action", col_text(s, 2));
		json_kstr(j, "old", col_text(s, 3));
		json_kstr(j, "new", col_text(s, 4));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

static bool
write_body(struct db *db, int64_t event, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT body FROM document_version WHERE event = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	json_key(j, "document_body");
	if (step != STEP_ROW) {
		json_null(j);
		return step == STEP_DONE;
	}
	json_raw(j, col_span(s, 0));
	stmt_reset(s);
	return true;
}

bool
view_event(struct db *db, int64_t seq, const char *source, struct json *j,
    bool *found, struct err *e)
{
	static const char SQL[] = "SELECT " EVENT_COLUMNS ", e.body, e.digest,"
	    " e.secret_id FROM event e WHERE e.seq = $1"
	    " AND ($2 IS NULL OR e.source = $2)";
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena;
	char digest[SHA256_HEX];
	enum step step;
	int64_t journal;
	bool ok;

	stmt_int(s, 1, seq);
	stmt_text(s, 2, source);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	arena = arena_new();
	ok = write_event(db, s, arena, j, e);
	write_payload(j, col_span(s, 18));
	digest_hex((const unsigned char *)col_span(s, 19).p, SHA256_SIZE,
	    digest);
	json_kstr(j, "digest", digest);
	json_kstr(j, "secret", col_text(s, 20));
	journal = col_int(s, 17);
	stmt_reset(s);
	ok = ok && write_body(db, seq, j, e);
	json_key(j, "journals");
	json_open(j, '[');
	ok = ok && (journal == 0 ||
	    each_journal(db, seq, journal, write_journal, j, e));
	json_close(j, ']');
	ok = ok && write_history(db, seq, j, e);
	json_close(j, '}');
	arena_free(&arena);
	return ok;
}

/* ---- signatures ------------------------------------------------------- */

static const char *const age_names[] = {
	"0-2", "3-7", "8-15", "16-30", "30+"
};
#define AGES 5
#define CURRENCIES 16

struct summary {
	int64_t count, ages[AGES];
	char oldest[11], newest[11];
	struct money sums[CURRENCIES];
	size_t n_sums;
};

static size_t
age_of(const char *day)
{
	struct day today = day_from_time(clock_now()), then;
	int days;

	if (!day_parse(span_of(day), &then))
		return AGES - 1;
	days = day_between(then, today);
	return days <= 2 ? 0 : days <= 7 ? 1 : days <= 15 ? 2 :
	    days <= 30 ? 3 : 4;
}

static void
add_sum(struct summary *sum, const char *currency, int64_t amount)
{
	struct money *m;
	size_t i = 0;

	while (i < sum->n_sums && strcmp(sum->sums[i].currency, currency) != 0)
		i++;
	if (i == CURRENCIES || currency[0] == '\0')
		return;
	m = &sum->sums[i];
	if (i == sum->n_sums) {
		snprintf(m->currency, sizeof m->currency, "%s", currency);
		sum->n_sums++;
	}
	m->minor += amount;
}

static bool
sum_days(struct db *db, const char *id, struct summary *sum, struct err *e)
{
	static const char SQL[] = "SELECT day, currency, count, amount"
	    " FROM signature_day WHERE signature = $1 AND count > 0"
	    " ORDER BY day";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*sum = (struct summary){ 0 };
	stmt_text(s, 1, id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *day = col_text(s, 0);

		if (sum->oldest[0] == '\0')
			snprintf(sum->oldest, sizeof sum->oldest, "%s", day);
		snprintf(sum->newest, sizeof sum->newest, "%s", day);
		sum->count += col_int(s, 2);
		sum->ages[age_of(day)] += col_int(s, 2);
		add_sum(sum, col_text(s, 1), col_int(s, 3));
	}
	return step == STEP_DONE;
}

static void
write_sums(struct json *j, const struct money *sums, size_t n)
{
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(j, '{');
		json_kstr(j, "currency", sums[i].currency);
		amount_of(j, "amount", sums[i].minor, sums[i].currency);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
write_meaning(struct json *j, const char *code, const char *value)
{
	struct finding f = { .value = value[0] != '\0' ? value :
	    "\xe2\x80\xa6" };
	const struct finding_info *info;
	struct str sentence;

	if (!finding_find(code, &f.code))
		bug("finding %s", code);
	info = finding_info(f.code);
	str_init(&sentence, 4096);
	finding_sentence(&f, &sentence);
	json_kstr(j, "code", code);
	json_kstr(j, "level", info->level == FINDING_BLOCK ? "block" :
	    "warn");
	json_kstr(j, "dimension", info->dimension);
	json_kstr(j, "value", value);
	json_key(j, "sentence");
	json_span(j, str_span(&sentence));
	json_kstr(j, "hint", info->hint);
	json_key(j, "fixable");
	json_bool(j, info->fixable);
	str_free(&sentence);
}

/* False also when nobody is left that shares it (*n is 0 then). */
static bool
write_signature(struct db *db, struct stmt *s, struct json *j, int64_t *n,
    struct err *e)
{
	struct summary sum;

	if (!sum_days(db, col_text(s, 0), &sum, e))
		return false;
	*n = sum.count;
	if (sum.count == 0)
		return true;
	json_open(j, '{');
	json_kstr(j, "id", col_text(s, 0));
	json_kstr(j, "source", col_text(s, 2));
	write_meaning(j, col_text(s, 1), col_text(s, 3));
	json_kint(j, "count", sum.count);
	json_key(j, "amounts");
	write_sums(j, sum.sums, sum.n_sums);
	json_kstr(j, "oldest", sum.oldest);
	json_kstr(j, "newest", sum.newest);
	json_key(j, "ages");
	json_open(j, '{');
	for (size_t i = 0; i < AGES; i++)
		json_kint(j, age_names[i], sum.ages[i]);
	json_close(j, '}');
	json_close(j, '}');
	return true;
}

bool
view_signatures(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT g.id, g.code, g.source, g.value"
	    " FROM signature g JOIN (SELECT signature, sum(count) AS n"
	    " FROM signature_day GROUP BY signature) d ON d.signature = g.id"
	    " WHERE d.n > 0 ORDER BY d.n DESC, g.id LIMIT 10000";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t n;

		ok = ok && write_signature(db, s, j, &n, e);
	}
	json_close(j, ']');
	json_close(j, '}');
	return ok && step == STEP_DONE;
}

static bool
view_signature(struct db *db, const char *id, struct json *j, int64_t *n,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT id, code, source, value FROM signature WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	*n = 0;
	stmt_text(s, 1, id);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		ok = write_signature(db, s, j, n, e);
		stmt_reset(s);
	}
	return ok && step != STEP_FAILED;
}

/* ---- status ----------------------------------------------------------- */

bool
view_tally(struct db *db, void (*each)(void *, const char *source,
    const char *state, int64_t n), void *arg, struct err *e)
{
	static const char SQL[] = "SELECT source, state, n FROM tally"
	    " ORDER BY source, state";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		each(arg, col_text(s, 0), col_text(s, 1), col_int(s, 2));
	return step == STEP_DONE;
}

static bool
write_entities(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT code, name, extra FROM master"
	    " WHERE tab = 'entity' ORDER BY code";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_key(j, "entities");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "code", col_text(s, 0));
		json_kstr(j, "name", col_text(s, 1));
		json_kstr(j, "base", col_text(s, 2));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

/* One source's counts; true while received is the sum of the rest. */
static bool
write_source(struct db *db, struct json *j, const char *name,
    const char *scheme, bool *holds, struct err *e)
{
	static const char SQL[] =
	    "SELECT state, n FROM tally WHERE source = $1 ORDER BY state";
	struct stmt *s = db_stmt(db, SQL);
	int64_t received = 0, sum = 0;
	enum step step;

	json_open(j, '{');
	json_kstr(j, "name", name);
	json_kstr(j, "scheme", scheme);
	json_key(j, "states");
	json_open(j, '{');
	stmt_text(s, 1, name);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (strcmp(col_text(s, 0), "received") == 0) {
			received = col_int(s, 1);
			continue;
		}
		sum += col_int(s, 1);
		json_kint(j, col_text(s, 0), col_int(s, 1));
	}
	json_close(j, '}');
	json_kint(j, "received", received);
	json_key(j, "holds");
	json_bool(j, received == sum);
	json_close(j, '}');
	*holds = *holds && received == sum;
	return step == STEP_DONE;
}

static bool
write_sources(struct db *db, struct json *j, bool *holds, struct err *e)
{
	static const char SQL[] = "SELECT name, scheme FROM source UNION"
	    " SELECT source, 'api' FROM tally WHERE NOT EXISTS"
	    " (SELECT 1 FROM source WHERE name = tally.source) ORDER BY 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	json_key(j, "sources");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		ok = ok && write_source(db, j, col_text(s, 0),
		    col_text(s, 1), holds, e);
	json_close(j, ']');
	return ok && step == STEP_DONE;
}

static bool
write_states(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT coalesce(sum(n), 0) FROM tally WHERE state = $1";
	enum step step;

	json_key(j, "states");
	json_open(j, '{');
	for (int i = 0; i < EVENT_STATES; i++) {
		const char *name = event_state_name((enum event_state)i);
		struct stmt *s = db_stmt(db, SQL);

		stmt_text(s, 1, name);
		step = stmt_step(s, e);
		if (step != STEP_ROW)
			return false;
		json_kint(j, name, col_int(s, 0));
		stmt_reset(s);
	}
	json_close(j, '}');
	return true;
}

static bool
write_unposted(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT currency, count(*),"
	    " coalesce(sum(amount), 0) FROM event WHERE state <> 'posted' AND"
	    " state IN ('failed', 'held', 'conflict', 'waiting')"
	    " GROUP BY currency";
	struct stmt *s = db_stmt(db, SQL);
	struct summary sum = { 0 };
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		sum.count += col_int(s, 1);
		if (!col_null(s, 0))
			add_sum(&sum, col_text(s, 0), col_int(s, 2));
	}
	json_key(j, "unposted");
	json_open(j, '{');
	json_kint(j, "count", sum.count);
	json_key(j, "amounts");
	write_sums(j, sum.sums, sum.n_sums);
	json_close(j, '}');
	return step == STEP_DONE;
}

static void
write_as_of(struct json *j, int64_t seq)
{
	json_key(j, "as_of");
	json_open(j, '{');
	json_kint(j, "seq", seq);
	time_of(j, "at", clock_now());
	json_close(j, '}');
}

bool
view_status(struct db *db, struct json *j, struct err *e)
{
	bool holds = true;
	int64_t seq;

	if (!view_last_change(db, &seq, e))
		return false;
	json_open(j, '{');
	write_as_of(j, seq);
	if (!write_entities(db, j, e) || !write_states(db, j, e) ||
	    !write_sources(db, j, &holds, e) || !write_unposted(db, j, e))
		return false;
	json_key(j, "conservation");
	json_bool(j, holds);
	json_close(j, '}');
	return true;
}

/* ---- ledger ----------------------------------------------------------- */

struct total {
	char currency[4];
	int64_t debit, credit;
};

static void
add_total(struct total *totals, size_t *n, const char *currency,
    int64_t debit, int64_t credit)
{
	size_t i = 0;

	while (i < *n && strcmp(totals[i].currency, currency) != 0)
		i++;
	if (i == CURRENCIES)
		return;
	if (i == *n) {
		totals[i] = (struct total){ 0 };
		snprintf(totals[i].currency, 4, "%s", currency);
		++*n;
	}
	totals[i].debit += debit;
	totals[i].credit += credit;
}

/* Columns: entity account name kind currency debit credit base_debit
 * base_credit base currency. */
static void
write_balance(struct json *j, struct stmt *s)
{
	const char *currency = col_text(s, 4);
	const char *base = col_text(s, 9);

	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "account", col_text(s, 1));
	json_kstr(j, "name", col_text(s, 2));
	json_kstr(j, "kind", col_text(s, 3));
	json_kstr(j, "currency", currency);
	amount_of(j, "debit", col_int(s, 5), currency);
	amount_of(j, "credit", col_int(s, 6), currency);
	amount_of(j, "balance", col_int(s, 5) - col_int(s, 6), currency);
	amount_of(j, "base_balance", col_int(s, 7) - col_int(s, 8),
	    base != NULL ? base : "INR");
	json_close(j, '}');
}

#define BALANCE_COLUMNS "SELECT b.entity, b.account, a.name, a.kind," \
	" b.currency, sum(b.debit), sum(b.credit), sum(b.base_debit)," \
	" sum(b.base_credit), n.extra FROM balance b" \
	" LEFT JOIN master a ON a.tab = 'account' AND a.code = b.account" \
	" LEFT JOIN master n ON n.tab = 'entity' AND n.code = b.entity"

bool
view_trial_balance(struct db *db, const char *entity, const char *to,
    struct json *j, struct err *e)
{
	static const char SQL[] = BALANCE_COLUMNS
	    " WHERE ($1 IS NULL OR b.entity = $1)"
	    " AND ($2 IS NULL OR b.period <= $2)"
	    " GROUP BY b.entity, b.account, b.currency"
	    " ORDER BY b.account, b.currency, b.entity";
	struct stmt *s = db_stmt(db, SQL);
	struct total totals[CURRENCIES];
	size_t n = 0;
	enum step step;
	int64_t seq;

	if (!view_last_change(db, &seq, e))
		return false;
	stmt_text(s, 1, entity);
	stmt_text(s, 2, to);
	json_open(j, '{');
	write_as_of(j, seq);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		write_balance(j, s);
		add_total(totals, &n, col_text(s, 4), col_int(s, 5),
		    col_int(s, 6));
	}
	json_close(j, ']');
	json_key(j, "totals");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		const struct total *t = &totals[i];

		json_open(j, '{');
		json_kstr(j, "currency", t->currency);
		amount_of(j, "debit", t->debit, t->currency);
		amount_of(j, "credit", t->credit, t->currency);
		amount_of(j, "balance", t->debit - t->credit, t->currency);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}

bool
view_entries(struct db *db, const char *account, const char *entity,
    int64_t after, int limit, struct json *j, struct err *e)
{
	/* A page ends with a whole journal, so that none is torn. */
	static const char SQL[] = "SELECT n.journal, n.line, j.date, j.entity,"
	    " j.kind, j.number, j.narration, n.currency, n.amount, n.base,"
	    " n.party, n.cost_centre, n.tax_code, m.extra"
	    " FROM entry n JOIN journal j ON j.id = n.journal"
	    " LEFT JOIN master m ON m.tab = 'entity' AND m.code = j.entity"
	    " WHERE n.account = $1 AND n.journal > $2"
	    " AND ($3 IS NULL OR j.entity = $3) ORDER BY n.journal, n.line";
	struct stmt *s = db_stmt(db, SQL);
	int64_t last = after;
	enum step step;
	int n = 0;

	stmt_text(s, 1, account);
	stmt_int(s, 2, after);
	stmt_text(s, 3, entity);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (n >= limit && col_int(s, 0) != last)
			break;
		last = col_int(s, 0);
		n++;
		json_open(j, '{');
		id_of(j, "journal", 'J', last);
		json_kint(j, "line", col_int(s, 1));
		json_kstr(j, "date", col_text(s, 2));
		document_name(j, col_text(s, 3), col_text(s, 4),
		    col_text(s, 5));
		json_kstr(j, "narration", col_text(s, 6));
		json_kstr(j, "currency", col_text(s, 7));
		amount_of(j, "amount", col_int(s, 8), col_text(s, 7));
		amount_of(j, "base", col_int(s, 9), col_null(s, 13) ? "INR" :
		    col_text(s, 13));
		json_kstr(j, "party", col_text(s, 10));
		json_kstr(j, "cost_centre", col_text(s, 11));
		json_kstr(j, "tax_code", col_text(s, 12));
		json_close(j, '}');
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	next_page(j, step == STEP_ROW, 'J', last);
	json_close(j, '}');
	return step != STEP_FAILED;
}

/* ---- documents -------------------------------------------------------- */

static void
write_document(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	json_kstr(j, "entity", col_text(s, 0));
	json_kstr(j, "kind", col_text(s, 1));
	json_kstr(j, "number", col_text(s, 2));
	document_name(j, col_text(s, 0), col_text(s, 1), col_text(s, 2));
	json_kint(j, "version", col_int(s, 3));
	json_kstr(j, "source", col_text(s, 4));
	json_kstr(j, "revision", col_text(s, 5));
	id_of(j, "event", 'E', col_int(s, 6));
	id_of(j, "journal", 'J', col_int(s, 7));
}

/* ENTITY/KIND/NUMBER to $3 $4 $5, so that the index finds the place; a number
 * may have slashes of its own. */
static void
document_after(struct stmt *s, const char *after)
{
	for (int i = 3; i <= 5; i++) {
		size_t n = i < 5 ? strcspn(after, "/") : strlen(after);

		stmt_span(s, i, (struct span){ after, n });
		after += n + (after[n] != '\0');
	}
}

bool
view_documents(struct db *db, const char *kind, const char *q,
    const char *after, int limit, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT entity, kind, number, version,"
	    " source, revision, event, journal FROM document"
	    " WHERE ($1 IS NULL OR kind = $1)"
	    " AND ($2 IS NULL OR instr(number, $2))"
	    " AND (entity, kind, number) > ($3, $4, $5)"
	    " ORDER BY entity, kind, number LIMIT $6";
	struct stmt *s = db_stmt(db, SQL);
	struct str last;
	enum step step;
	int n = 0;

	str_init(&last, 4096);
	stmt_text(s, 1, kind);
	stmt_text(s, 2, q);
	document_after(s, after != NULL ? after : "");
	stmt_int(s, 6, limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		write_document(j, s);
		json_close(j, '}');
		str_clear(&last);
		str_addf(&last, "%s/%s/%s", col_text(s, 0), col_text(s, 1),
		    col_text(s, 2));
	}
	json_close(j, ']');
	json_kstr(j, "next", step == STEP_ROW ? last.p : NULL);
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, '}');
	str_free(&last);
	return step != STEP_FAILED;
}

bool
view_document(struct db *db, const char *entity, const char *kind,
    const char *number, struct json *j, bool *found, struct err *e)
{
	static const char ONE[] = "SELECT entity, kind, number, version,"
	    " source, revision, event, journal FROM document"
	    " WHERE entity = $1 AND kind = $2 AND number = $3";
	struct stmt *s = db_stmt(db, ONE);
	enum step step;
	bool ok;

	stmt_text(s, 1, entity);
	stmt_text(s, 2, kind);
	stmt_text(s, 3, number);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	write_document(j, s);
	ok = write_body(db, col_int(s, 6), j, e);
	stmt_reset(s);
	json_close(j, '}');
	return ok;
}

/* ---- master data ------------------------------------------------------ */

static const struct {
	const char *name, *sql;
	const char *columns[8];
} lists[] = {
	{ "mapping", "SELECT source, dimension, from_value, to_value"
	    " FROM mapping ORDER BY 1, 2, 3",
	    { "source", "dimension", "from", "to" } },
	{ "rate", "SELECT from_currency, to_currency, first,"
	    " (rate / 1000000) || '.' ||"
	    " substr('000000' || (rate % 1000000), -6)"
	    " FROM rate ORDER BY 1, 2, 3",
	    { "from", "to", "first", "rate" } },
	{ "period", "SELECT entity, period, state FROM period ORDER BY 1, 2",
	    { "entity", "period", "state" } },
	{ "pair", "SELECT account, cost_centre FROM pair ORDER BY 1, 2",
	    { "account", "cost_centre" } },
	{ "", "SELECT code, name, entity, kind, extra, first, last"
	    " FROM master WHERE tab = $1 ORDER BY code",
	    { "code", "name", "entity", "kind", "extra", "from", "to" } },
};

bool
view_reference(struct db *db, const char *table, struct json *j,
    bool *found, struct err *e)
{
	enum reference_table any;
	size_t i = 0;
	struct stmt *s;
	enum step step;

	*found = true;
	while (lists[i].name[0] != '\0' && strcmp(lists[i].name, table) != 0)
		i++;
	if (lists[i].name[0] == '\0' && !reference_table_find(table, &any)) {
		*found = false;
		return true;
	}
	s = db_stmt(db, lists[i].sql);
	if (lists[i].name[0] == '\0')
		stmt_text(s, 1, table);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		for (int c = 0; c < 8 && lists[i].columns[c] != NULL; c++)
			json_kstr(j, lists[i].columns[c], col_text(s, c));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}

/* ---- changes ---------------------------------------------------------- */

bool
view_last_change(struct db *db, int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT max(seq) FROM change";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	if (step != STEP_ROW)
		return false;
	*seq = col_int(s, 0);
	stmt_reset(s);
	return true;
}

struct line {
	struct db *db;
	struct str *out;
	struct json json;
	int64_t seq;
	struct arena *arena;
};

static void
open_line(struct line *line, const char *topic, const char *key)
{
	json_start(&line->json, line->out);
	json_open(&line->json, '{');
	json_kint(&line->json, "seq", line->seq);
	json_kstr(&line->json, "topic", topic);
	json_kstr(&line->json, "key", key);
	json_key(&line->json, "value");
}

static void
close_line(struct line *line)
{
	json_close(&line->json, '}');
	str_addc(line->out, '\n');
}

static bool
line_journal(struct db *db, int64_t id, void *arg, struct err *e)
{
	struct line *line = arg;
	char key[32];
	bool found, ok;

	snprintf(key, sizeof key, "J%lld", (long long)id);
	open_line(line, "journal", key);
	ok = view_journal(db, id, &line->json, &found, e);
	close_line(line);
	return ok;
}

static bool
line_event(struct line *line, const char *key, struct err *e)
{
	static const char SQL[] = "SELECT " EVENT_COLUMNS
	    " FROM event e WHERE e.seq = $1";
	struct stmt *s = db_stmt(line->db, SQL);
	int64_t seq = strtoll(key + 1, NULL, 10), journal;
	enum step step;
	bool ok;

	stmt_int(s, 1, seq);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	open_line(line, "event", key);
	ok = write_event(line->db, s, line->arena, &line->json, e);
	json_close(&line->json, '}');
	close_line(line);
	journal = col_int(s, 17);
	stmt_reset(s);
	return ok && (journal == 0 || each_journal(line->db, seq, journal,
	    line_journal, line, e));
}

static bool
line_signature(struct line *line, const char *key, struct err *e)
{
	int64_t n;
	bool ok;

	open_line(line, "signature", key);
	ok = view_signature(line->db, key, &line->json, &n, e);
	if (n == 0)
		json_null(&line->json);
	close_line(line);
	return ok;
}

static bool
line_balance(struct line *line, const char *key, struct err *e)
{
	static const char SQL[] = BALANCE_COLUMNS
	    " WHERE b.entity = $1 AND b.account = $2 AND b.currency = $3"
	    " GROUP BY b.entity, b.account, b.currency";
	struct stmt *s = db_stmt(line->db, SQL);
	const char *first = strchr(key, '/'), *last = strrchr(key, '/');
	enum step step;

	if (first == NULL || first == last)
		return true;
	stmt_span(s, 1, (struct span){ key, (size_t)(first - key) });
	stmt_span(s, 2, (struct span){ first + 1,
	    (size_t)(last - first) - 1 });
	stmt_text(s, 3, last + 1);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	open_line(line, "balance", key);
	write_balance(&line->json, s);
	close_line(line);
	stmt_reset(s);
	return true;
}

static bool
line_status(struct line *line, const char *key, struct err *e)
{
	bool ok;

	open_line(line, "status", key);
	ok = view_status(line->db, &line->json, e);
	close_line(line);
	return ok;
}

static bool
write_line(struct line *line, const char *topic, const char *key,
    struct err *e)
{
	if (strcmp(topic, "event") == 0)
		return line_event(line, key, e);
	if (strcmp(topic, "signature") == 0)
		return line_signature(line, key, e);
	if (strcmp(topic, "balance") == 0)
		return line_balance(line, key, e);
	if (strcmp(topic, "status") == 0)
		return line_status(line, key, e);
	open_line(line, topic, key);
	json_null(&line->json);
	close_line(line);
	return true;
}

bool
view_changes(struct db *db, int64_t after, int limit, struct str *out,
    size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT seq, topic, key FROM change"
	    " WHERE seq > $1 ORDER BY seq LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);
	struct line line = { .db = db, .out = out };
	bool ok = true;
	enum step step;

	line.arena = arena_new();
	line.seq = after;
	*n = 0;
	stmt_int(s, 1, after);
	stmt_int(s, 2, limit);
	while (ok && (step = stmt_step(s, e)) == STEP_ROW) {
		line.seq = col_int(s, 0);
		ok = write_line(&line, col_text(s, 1), col_text(s, 2), e);
		++*n;
		arena_reset(line.arena);
	}
	if (!ok)
		stmt_reset(s);
	/* The end: where to ask from next. */
	if (ok && *n == 0)
		ok = view_last_change(db, &line.seq, e);
	json_start(&line.json, out);
	json_open(&line.json, '{');
	json_kint(&line.json, "seq", line.seq);
	json_kstr(&line.json, "topic", "end");
	json_close(&line.json, '}');
	str_addc(out, '\n');
	arena_free(&line.arena);
	return ok && step != STEP_FAILED;
}
