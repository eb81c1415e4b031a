/*
 * Events: the message byte for byte, its key, and where it stands.  The bytes
 * are written once; triggers in the schema refuse to change them.
 */
#include "store/books.h"
#include "store/subject.h"

static bool
find(struct stmt *s, int64_t *seq, struct err *e)
{
	enum step step = stmt_step(s, e);

	*seq = 0;
	if (step == STEP_ROW) {
		*seq = col_int(s, 0);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
event_find_key(struct books *books, const char *source, const char *key,
    int64_t *seq, struct err *e)
{
	static const char SQL[] =
	    "SELECT seq FROM idem WHERE source = $1 AND key = $2";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, source);
	stmt_text(s, 2, key);
	return find(s, seq, e);
}

bool
event_find_reuse(struct books *books, const struct event *event,
    int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM reuse"
	    " WHERE source = $1 AND key = $2 AND digest = $3";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, event->source);
	stmt_text(s, 2, event->key);
	stmt_blob(s, 3, event->digest, SHA256_SIZE);
	return find(s, seq, e);
}

static bool
add_key(struct books *books, const struct event *event, struct err *e)
{
	static const char SQL[] = "INSERT INTO idem VALUES ($1, $2, $3)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, event->source);
	stmt_text(s, 2, event->key);
	stmt_int(s, 3, event->seq);
	return stmt_run(s, e);
}

static bool
add_reuse(struct books *books, const struct event *event, struct err *e)
{
	static const char SQL[] = "INSERT INTO reuse VALUES ($1, $2, $3, $4)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, event->source);
	stmt_text(s, 2, event->key);
	stmt_blob(s, 3, event->digest, SHA256_SIZE);
	stmt_int(s, 4, event->seq);
	return stmt_run(s, e);
}

static bool
add_change(struct books *books, const struct event *event, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO change VALUES ($1, 'event', $2)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, ++books->change);
	stmt_text(s, 2, arena_id(books->arena, 'E', event->seq));
	return stmt_run(s, e);
}

static void
optional(struct stmt *s, int at, int64_t n)
{
	if (n != 0)
		stmt_int(s, at, n);
	else
		stmt_null(s, at);
}

static void
bind_placing(struct stmt *s, int at, const struct placing *placing)
{
	stmt_text(s, at, placing->entity);
	stmt_text(s, at + 1, placing->kind);
	stmt_text(s, at + 2, placing->number);
	optional(s, at + 3, placing->doc_version);
	stmt_text(s, at + 4, placing->party);
	if (placing->currency != NULL)
		stmt_int(s, at + 5, placing->amount);
	else
		stmt_null(s, at + 5);
	stmt_text(s, at + 6, placing->currency);
	optional(s, at + 7, placing->journal);
	stmt_int(s, at + 8, placing->journals);
}

static bool
put_shared(struct books *books, int64_t seq, bool shared, struct err *e)
{
	static const char ADD[] = "INSERT INTO event_shared VALUES ($1)"
	    " ON CONFLICT DO NOTHING";
	static const char DROP[] = "DELETE FROM event_shared WHERE event = $1";
	struct stmt *s = db_stmt(books->db, shared ? ADD : DROP);

	stmt_int(s, 1, seq);
	return stmt_run(s, e);
}

bool
event_add(struct books *books, struct event *event,
    const struct placing *placing, bool reuse, struct err *e)
{
	static const char SQL[] = "INSERT INTO event VALUES ($1, $2, $3, $4,"
	    " $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
	    " $18, $19, $20, $21, $22, $23, $24, $25, $26)";
	struct stmt *s = db_stmt(books->db, SQL);

	event->seq = ++books->seq;
	stmt_int(s, 1, event->seq);
	stmt_text(s, 2, event->source);
	stmt_text(s, 3, event->key);
	stmt_text(s, 4, event->topic);
	stmt_text(s, 5, event->correlation);
	stmt_text(s, 6, event->secret_id);
	stmt_int(s, 7, event->received);
	stmt_int(s, 8, event->occurred);
	stmt_blob(s, 9, event->digest, SHA256_SIZE);
	stmt_blob(s, 10, event->body.p, event->body.n);
	stmt_text(s, 11, event_state_name(event->state));
	stmt_int(s, 12, event->version);
	stmt_int(s, 13, event->attempts);
	bind_placing(s, 14, placing);
	stmt_int(s, 23, books->change + 1);
	stmt_text(s, 24, placing->answer);
	stmt_text(s, 25, event->wrong);
	/* The caller says so in the audit next, before anything else. */
	stmt_int(s, 26, books->audit + 1);
	return stmt_run(s, e) && subject_keep(books, event, e) &&
	    add_change(books, event, e) &&
	    (!placing->several || put_shared(books, event->seq, true, e)) &&
	    (reuse ? add_reuse(books, event, e) : add_key(books, event, e));
}

bool
event_move(struct books *books, const struct event *event,
    const struct placing *placing, struct err *e)
{
	static const char DROP[] = "DELETE FROM change WHERE seq ="
	    " (SELECT change FROM event WHERE seq = $1)";
	static const char SQL[] = "UPDATE event SET state = $2, version = $3,"
	    " attempts = $4, entity = $5, kind = $6, number = $7,"
	    " doc_version = $8, party = $9, amount = $10, currency = $11,"
	    " journal = $12, journals = $13, change = $14 WHERE seq = $1";
	struct stmt *s = db_stmt(books->db, DROP);

	stmt_int(s, 1, event->seq);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, event->seq);
	stmt_text(s, 2, event_state_name(event->state));
	stmt_int(s, 3, event->version);
	stmt_int(s, 4, event->attempts);
	bind_placing(s, 5, placing);
	stmt_int(s, 14, books->change + 1);
	return stmt_run(s, e) && put_shared(books, event->seq,
	    placing->several, e) && add_change(books, event, e);
}

bool
event_touch(struct books *books, int64_t seq, struct err *e)
{
	static const char DROP[] = "DELETE FROM change WHERE seq ="
	    " (SELECT change FROM event WHERE seq = $1)";
	static const char SQL[] =
	    "UPDATE event SET change = $2 WHERE seq = $1";
	struct event event = { .seq = seq };
	struct stmt *s = db_stmt(books->db, DROP);

	stmt_int(s, 1, seq);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, seq);
	stmt_int(s, 2, books->change + 1);
	return stmt_run(s, e) && add_change(books, &event, e);
}

bool
event_answered(struct books *books, int64_t seq, struct span answer,
    struct err *e)
{
	static const char SQL[] =
	    "UPDATE event SET answer = $2 WHERE seq = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, seq);
	stmt_span(s, 2, answer);
	return stmt_run(s, e);
}

static void
load_event(struct stmt *s, struct arena *arena, struct event *event)
{
	struct span digest = col_span(s, 7), body = col_span(s, 8);

	event->source = arena_strdup(arena, col_text(s, 0));
	event->key = arena_strdup(arena, col_text(s, 1));
	event->topic = arena_strdup(arena, col_text(s, 2));
	event->correlation = arena_strdup(arena, col_text(s, 3));
	event->secret_id = arena_strdup(arena, col_text(s, 4));
	event->received = col_int(s, 5);
	event->occurred = col_int(s, 6);
	memcpy(event->digest, digest.p, SHA256_SIZE);
	event->body = (struct span){
	    arena_strndup(arena, body.p, body.n), body.n };
	if (!event_state_find(col_text(s, 9), &event->state))
		bug("state %s", col_text(s, 9));
	event->version = (int)col_int(s, 10);
	event->attempts = (int)col_int(s, 11);
}

static void
load_placing(struct stmt *s, struct arena *arena, struct placing *placing)
{
	placing->entity = arena_strdup(arena, col_text(s, 12));
	placing->kind = arena_strdup(arena, col_text(s, 13));
	placing->number = arena_strdup(arena, col_text(s, 14));
	placing->doc_version = col_int(s, 15);
	placing->party = arena_strdup(arena, col_text(s, 16));
	placing->amount = col_int(s, 17);
	placing->currency = arena_strdup(arena, col_text(s, 18));
	placing->journal = col_int(s, 19);
	placing->answer = arena_strdup(arena, col_text(s, 20));
	placing->journals = col_int(s, 21);
}

bool
event_load(struct db *db, int64_t seq, struct arena *arena,
    struct event *event, struct placing *placing, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT source, key, topic, correlation,"
	    " secret_id, received, occurred, digest, body, state, version,"
	    " attempts, entity, kind, number, doc_version, party, amount,"
	    " currency, journal, answer, journals, wrong, kept, EXISTS"
	    " (SELECT 1 FROM event_shared s WHERE s.event = seq) FROM event"
	    " LEFT JOIN redacted ON redacted.event = seq WHERE seq = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, seq);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*event = (struct event){ .seq = seq };
	*placing = (struct placing){ 0 };
	load_event(s, arena, event);
	load_placing(s, arena, placing);
	event->wrong = arena_strdup(arena, col_text(s, 22));
	event->redacted = col_span(s, 23).n == SHA256_SIZE;
	if (event->redacted)
		memcpy(event->kept, col_span(s, 23).p, SHA256_SIZE);
	placing->several = col_int(s, 24) != 0;
	stmt_reset(s);
	return true;
}
