/* Who is meant, what of him is held, and what may go. */
#include "store/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/subject.h"

/* ---- who is meant ----------------------------------------------------- */

static void
add_subject(struct person *p, int64_t id)
{
	for (size_t i = 0; i < p->n_subjects; i++)
		if (p->subjects[i] == id)
			return;
	if (p->n_subjects < PERSON_MAX)
		p->subjects[p->n_subjects++] = id;
}

static bool
find_by(struct vault *vault, const char *text, struct arena *arena,
    struct person *p, size_t *found, struct err *e)
{
	int64_t *ids;
	size_t n;

	if (!vault_find(vault, text, arena, &ids, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		add_subject(p, ids[i]);
	*found += n;
	return true;
}

/* A party is his when its code is one of the things he is known by. */
static bool
knows(struct vault *vault, const struct person *p, const char *code,
    struct arena *arena, bool *yes, struct err *e)
{
	int64_t *ids;
	size_t n;

	*yes = false;
	if (!vault_find(vault, arena_printf(arena, "code:%s", code), arena,
	    &ids, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < p->n_subjects; k++)
			*yes = *yes || ids[i] == p->subjects[k];
	return true;
}

static bool
add_party(struct db *db, const char *code, struct arena *arena,
    struct person *p, struct err *e)
{
	static const char SQL[] = "SELECT m.name, m.kind,"
	    " coalesce(t.gstin, '') FROM master m LEFT JOIN taxpayer t"
	    " ON t.party = m.code WHERE m.tab = 'party' AND m.code = $1";
	struct stmt *s;
	struct person_party *party;
	enum step step;

	for (size_t i = 0; i < p->n_parties; i++)
		if (strcmp(p->parties[i].code, code) == 0)
			return true;
	if (p->n_parties == PERSON_MAX)
		return err_set(e, ERR_TOO_LARGE, "more than %d parties",
		    PERSON_MAX);
	s = db_stmt(db, SQL);
	stmt_text(s, 1, code);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	party = &p->parties[p->n_parties++];
	*party = (struct person_party){ .code = arena_strdup(arena, code),
	    .name = arena_strdup(arena, col_text(s, 0)),
	    .kind = arena_strdup(arena, col_text(s, 1)),
	    .gstin = arena_strdup(arena, col_text(s, 2)) };
	stmt_reset(s);
	party->goes = strcmp(party->kind, "customer") == 0 &&
	    party->gstin[0] == '\0' &&
	    strcmp(party->name, PERSON_ERASED) != 0;
	return true;
}

static bool
count_documents(struct db *db, struct person_party *party, struct err *e)
{
	static const char SQL[] = "SELECT count(*), coalesce(max(j.date), '')"
	    " FROM event e JOIN journal j ON j.id = e.journal"
	    " WHERE e.party = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, party->code);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	party->documents = col_int(s, 0);
	snprintf(party->last.text, sizeof party->last.text, "%s",
	    col_text(s, 1));
	stmt_reset(s);
	return true;
}

static bool
parties_of_events(struct db *db, struct vault *vault, struct person *p,
    struct arena *arena, struct err *e)
{
	static const char SQL[] = "SELECT DISTINCT e.party FROM personal x"
	    " JOIN event e ON e.seq = x.event WHERE x.subject = $1"
	    " AND e.party IS NOT NULL LIMIT 100";
	enum step step = STEP_DONE;

	for (size_t i = 0; i < p->n_subjects; i++) {
		struct stmt *s = db_stmt(db, SQL);
		const char *codes[PERSON_MAX];
		size_t n = 0;

		stmt_int(s, 1, p->subjects[i]);
		while ((step = stmt_step(s, e)) == STEP_ROW && n < PERSON_MAX)
			codes[n++] = arena_strdup(arena, col_text(s, 0));
		if (step == STEP_ROW)
			stmt_reset(s);
		if (step == STEP_FAILED)
			return false;
		for (size_t k = 0; k < n; k++) {
			bool his;

			if (!knows(vault, p, codes[k], arena, &his, e) ||
			    (his && !add_party(db, codes[k], arena, p, e)))
				return false;
		}
	}
	return true;
}

static bool
parties_named(struct db *db, const char *name, struct person *p,
    struct arena *arena, struct err *e)
{
	static const char SQL[] = "SELECT code FROM master WHERE tab ="
	    " 'party' AND lower(name) = lower($1) ORDER BY code LIMIT 100";
	struct stmt *s = db_stmt(db, SQL);
	const char *codes[PERSON_MAX];
	enum step step;
	size_t n = 0;

	stmt_text(s, 1, name);
	while ((step = stmt_step(s, e)) == STEP_ROW && n < PERSON_MAX)
		codes[n++] = arena_strdup(arena, col_text(s, 0));
	if (step == STEP_ROW)
		stmt_reset(s);
	for (size_t i = 0; step != STEP_FAILED && i < n; i++)
		if (!add_party(db, codes[i], arena, p, e))
			return false;
	return step != STEP_FAILED;
}

/* His other name is what his parties are known by. */
static bool
subjects_of_parties(struct vault *vault, struct person *p,
    struct arena *arena, struct err *e)
{
	size_t found = 0;

	for (size_t i = 0; i < p->n_parties; i++)
		if (!find_by(vault, arena_printf(arena, "code:%s",
		    p->parties[i].code), arena, p, &found, e))
			return false;
	return true;
}

static bool
is_number(const char *who)
{
	return who[0] == 'S' && who[1] != '\0' && strlen(who) < 19 &&
	    strspn(who + 1, "0123456789") == strlen(who + 1);
}

static bool
find_all(struct db *db, struct vault *vault, const char *who,
    struct arena *arena, struct person *p, struct err *e)
{
	size_t found = 0, named = 0;
	bool by_code;

	if (is_number(who)) {
		add_subject(p, strtoll(who + 1, NULL, 10));
		return true;
	}
	if (!add_party(db, who, arena, p, e) || !find_by(vault,
	    arena_printf(arena, "code:%s", who), arena, p, &found, e) ||
	    !find_by(vault, personal_plain(PERSONAL_EMAIL, who, arena),
	    arena, p, &found, e))
		return false;
	if (strspn(who, "0123456789 +-()") == strlen(who) &&
	    !find_by(vault, personal_plain(PERSONAL_PHONE, who, arena),
	    arena, p, &found, e))
		return false;
	by_code = found > 0 || p->n_parties > 0;
	if (by_code)
		return true;
	if (!find_by(vault, personal_plain(PERSONAL_NAME, who, arena), arena,
	    p, &named, e) || !parties_named(db, who, p, arena, e))
		return false;
	return true;
}

bool
person_find(struct db *db, const char *who, struct arena *arena,
    struct person *p, struct err *e)
{
	struct vault *vault = vault_hold(db);
	size_t people;
	bool ok;

	*p = (struct person){ 0 };
	ok = find_all(db, vault, who, arena, p, e);
	people = p->n_subjects > p->n_parties ? p->n_subjects : p->n_parties;
	ok = ok && subjects_of_parties(vault, p, arena, e) &&
	    parties_of_events(db, vault, p, arena, e);
	for (size_t i = 0; ok && i < p->n_parties; i++)
		ok = count_documents(db, &p->parties[i], e);
	vault_drop(&vault);
	p->several = people > 1 && strchr(who, '@') == NULL &&
	    strspn(who, "0123456789 +-()") != strlen(who);
	return ok;
}

void
person_digest(const struct person *p, char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];
	struct str text;

	str_init(&text, 1 << 20);
	for (size_t i = 0; i < p->n_subjects; i++)
		str_addf(&text, "S%lld ", (long long)p->subjects[i]);
	for (size_t i = 0; i < p->n_parties; i++)
		str_addf(&text, "%s %d %lld\n", p->parties[i].code,
		    p->parties[i].goes, (long long)p->parties[i].documents);
	digest_sha256(str_span(&text), digest);
	digest_hex(digest, SHA256_SIZE, out);
	str_free(&text);
}

/* ---- the plan --------------------------------------------------------- */

struct count { int64_t events, first, last; };

static bool
count_events(struct db *db, int64_t subject, struct count *out,
    struct err *e)
{
	static const char SQL[] = "SELECT count(*), coalesce(min(e.received),"
	    " 0), coalesce(max(e.received), 0) FROM personal x JOIN event e"
	    " ON e.seq = x.event WHERE x.subject = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, subject);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*out = (struct count){ col_int(s, 0), col_int(s, 1), col_int(s, 2) };
	stmt_reset(s);
	return true;
}

bool
person_erased(struct db *db, int64_t subject, bool *gone, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM erased WHERE subject = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, subject);
	return stmt_found(s, gone, e);
}

static void
say(struct json *j, const char *what, const char *of, const char *law,
    const char *until)
{
	json_open(j, '{');
	json_kstr(j, "what", what);
	json_kstr(j, "of", of);
	if (law != NULL) {
		json_kstr(j, "law", law);
		json_kstr(j, "until", until);
	}
	json_close(j, '}');
}

static bool
plan_subjects(struct db *db, const struct person *p, struct arena *arena,
    struct json *j, struct err *e)
{
	json_key(j, "subjects");
	json_open(j, '[');
	for (size_t i = 0; i < p->n_subjects; i++) {
		struct count n;
		bool gone;

		if (!count_events(db, p->subjects[i], &n, e) ||
		    !person_erased(db, p->subjects[i], &gone, e))
			return false;
		json_open(j, '{');
		json_kstr(j, "id", arena_id(arena, 'S', p->subjects[i]));
		json_kint(j, "events", n.events);
		json_kstr(j, "first", n.first == 0 ? NULL :
		    arena_strdup(arena, day_from_time(n.first).text));
		json_kstr(j, "last", n.last == 0 ? NULL :
		    arena_strdup(arena, day_from_time(n.last).text));
		json_key(j, "erased");
		json_bool(j, gone);
		json_close(j, '}');
	}
	json_close(j, ']');
	return true;
}

static void
plan_parties(const struct person *p, struct json *j)
{
	json_key(j, "parties");
	json_open(j, '[');
	for (size_t i = 0; i < p->n_parties; i++) {
		json_open(j, '{');
		json_kstr(j, "code", p->parties[i].code);
		json_kstr(j, "kind", p->parties[i].kind);
		json_kint(j, "documents", p->parties[i].documents);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static bool
plan_goes(struct db *db, const struct person *p, struct arena *arena,
    struct json *j, struct err *e)
{
	json_key(j, "goes");
	json_open(j, '[');
	for (size_t i = 0; i < p->n_subjects; i++) {
		struct count n;
		bool gone;

		if (!count_events(db, p->subjects[i], &n, e) ||
		    !person_erased(db, p->subjects[i], &gone, e))
			return false;
		if (!gone)
			say(j, arena_printf(arena, "personal members of %lld "
			    "payloads", (long long)n.events), arena_id(arena,
			    'S', p->subjects[i]), NULL, NULL);
	}
	for (size_t i = 0; i < p->n_parties; i++)
		if (p->parties[i].goes)
			say(j, "name and address", p->parties[i].code, NULL,
			    NULL);
	json_close(j, ']');
	return true;
}

static struct day
later(struct day a, struct day b)
{
	return strcmp(a.text, b.text) >= 0 ? a : b;
}

static void
plan_stays(const struct person *p, const struct retention *r,
    struct arena *arena, struct json *j)
{
	const struct retention_rule *books = &r->rules[RETAIN_BOOKS];
	const struct retention_rule *gst = &r->rules[RETAIN_GST];

	json_key(j, "stays");
	json_open(j, '[');
	for (size_t i = 0; i < p->n_parties; i++) {
		const struct person_party *party = &p->parties[i];
		const char *law = arena_printf(arena, "%s, %s", books->law,
		    gst->law), *until = NULL;

		if (party->last.text[0] != '\0')
			until = arena_strdup(arena, later(retention_until(r,
			    RETAIN_BOOKS, party->last), retention_until(r,
			    RETAIN_GST, party->last)).text);
		if (party->documents > 0)
			say(j, arena_printf(arena, "%lld documents with their "
			    "journals, amounts, tax and the party's code",
			    (long long)party->documents), party->code, law,
			    until);
		if (!party->goes && strcmp(party->name, PERSON_ERASED) != 0)
			say(j, party->gstin[0] != '\0' ? "name, address and "
			    "GSTIN of a registered person" : "name",
			    party->code, party->gstin[0] != '\0' ?
			    arena_printf(arena, "CGST Rules 2017 r.46, %s",
			    gst->law) : books->law, until);
	}
}

/* What was dropped into the inbox lies there as it came. */
static bool
plan_files(struct db *db, const struct person *p, const struct retention *r,
    struct arena *arena, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT DISTINCT f.source || '/' ||"
	    " f.place, f.ended FROM personal x JOIN event e ON e.seq ="
	    " x.event JOIN file f ON f.source = e.source AND f.name ="
	    " e.correlation WHERE x.subject = $1 AND f.place IS NOT NULL"
	    " ORDER BY 1 LIMIT 100";
	enum step step = STEP_DONE;

	for (size_t i = 0; step == STEP_DONE && i < p->n_subjects; i++) {
		struct stmt *s = db_stmt(db, SQL);

		stmt_int(s, 1, p->subjects[i]);
		while ((step = stmt_step(s, e)) == STEP_ROW)
			say(j, arena_printf(arena, "file of the inbox %s: "
			    "others are in it; it goes by itself, or delete "
			    "it by hand", col_text(s, 0)), arena_id(arena,
			    'S', p->subjects[i]), r->rules[RETAIN_FILES].law,
			    arena_strdup(arena, retention_until(r,
			    RETAIN_FILES, day_from_time(col_int(s, 1)))
			    .text));
	}
	return step == STEP_DONE;
}

bool
person_plan(struct db *db, const struct person *p,
    const struct retention *r, struct arena *arena, struct json *j,
    struct err *e)
{
	char digest[SHA256_HEX];

	if (!plan_subjects(db, p, arena, j, e))
		return false;
	plan_parties(p, j);
	if (!plan_goes(db, p, arena, j, e))
		return false;
	plan_stays(p, r, arena, j);
	if (!plan_files(db, p, r, arena, j, e))
		return false;
	json_close(j, ']');
	json_key(j, "several");
	json_bool(j, p->several);
	person_digest(p, digest);
	json_kstr(j, "plan", digest);
	return true;
}

/* ---- all that is held ------------------------------------------------- */

static bool
export_event(struct db *db, int64_t seq, int64_t subject,
    const struct personal *personal, struct arena *arena, struct json *j,
    struct err *e)
{
	struct event event;
	struct placing placing;
	struct subject_member *members;
	size_t n;
	bool found;

	if (!event_load(db, seq, arena, &event, &placing, &found, e) ||
	    !found || !subject_members(db, personal, &event, subject, arena,
	    &members, &n, e))
		return false;
	json_open(j, '{');
	json_kstr(j, "event", arena_id(arena, 'E', seq));
	json_kstr(j, "source", event.source);
	json_kstr(j, "topic", event.topic);
	json_kstr(j, "received", arena_strdup(arena,
	    day_from_time(event.received).text));
	json_kstr(j, "document", placing.number);
	json_kstr(j, "party", placing.party);
	json_key(j, "personal");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(j, '{');
		json_kstr(j, "member", members[i].path);
		json_kstr(j, "value", members[i].value);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return true;
}

static bool
export_events(struct db *db, const struct person *p,
    const struct personal *personal, struct json *j, struct err *e)
{
	static const char SQL[] =
	    "SELECT event FROM personal WHERE subject = $1 ORDER BY event";
	struct arena *arena = arena_new();
	enum step step = STEP_DONE;

	json_key(j, "events");
	json_open(j, '[');
	for (size_t i = 0; step == STEP_DONE && i < p->n_subjects; i++) {
		struct stmt *s = db_stmt(db, SQL);

		stmt_int(s, 1, p->subjects[i]);
		while ((step = stmt_step(s, e)) == STEP_ROW) {
			if (!export_event(db, col_int(s, 0), p->subjects[i],
			    personal, arena, j, e)) {
				stmt_reset(s);
				step = STEP_FAILED;
				break;
			}
			arena_reset(arena);
		}
	}
	json_close(j, ']');
	arena_free(&arena);
	return step == STEP_DONE;
}

static bool
export_documents(struct db *db, const struct person_party *party,
    struct arena *arena, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT j.entity, j.kind, j.number, j.date,"
	    " e.amount, e.currency, e.seq FROM event e JOIN journal j"
	    " ON j.id = e.journal WHERE e.party = $1 ORDER BY e.seq";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	json_key(j, "documents");
	json_open(j, '[');
	stmt_text(s, 1, party->code);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "entity", col_text(s, 0));
		json_kstr(j, "kind", col_text(s, 1));
		json_kstr(j, "number", col_text(s, 2));
		json_kstr(j, "date", col_text(s, 3));
		json_kint(j, "amount_minor", col_int(s, 4));
		json_kstr(j, "currency", col_text(s, 5));
		json_kstr(j, "event", arena_id(arena, 'E', col_int(s, 6)));
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
person_export(struct db *db, const struct person *p,
    const struct personal *personal, struct arena *arena, struct json *j,
    struct err *e)
{
	json_key(j, "parties");
	json_open(j, '[');
	for (size_t i = 0; i < p->n_parties; i++) {
		json_open(j, '{');
		json_kstr(j, "code", p->parties[i].code);
		json_kstr(j, "name", p->parties[i].name);
		json_kstr(j, "kind", p->parties[i].kind);
		json_kstr(j, "gstin", p->parties[i].gstin);
		if (!export_documents(db, &p->parties[i], arena, j, e))
			return false;
		json_close(j, '}');
	}
	json_close(j, ']');
	return export_events(db, p, personal, j, e);
}
