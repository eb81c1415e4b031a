/* Cutting, sealing, and putting together again. */
#include "store/subject.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * A sealed part is a row of pieces: where the cut payload has it, how many
 * bytes stand there instead, how many there were, and those. Numbers are 32
 * bits, the highest byte first.
 */
#define PIECE_HEAD 12

static void
put32(unsigned char *out, size_t n)
{
	for (int i = 3; i >= 0; i--, n >>= 8)
		out[i] = (unsigned char)n;
}

static size_t
get32(const unsigned char *in)
{
	return (size_t)in[0] << 24 | (size_t)in[1] << 16 |
	    (size_t)in[2] << 8 | in[3];
}

/* It belongs to the event whose bytes had that digest, and to no other. */
static struct aead_about
about(const unsigned char digest[SHA256_SIZE])
{
	struct aead_about out = { .kind = 'P' };

	memcpy(out.file, digest, sizeof out.file);
	for (int i = 0; i < 8; i++) {
		out.number = out.number << 8 | digest[16 + i];
		out.extra = out.extra << 8 | digest[24 + i];
	}
	return out;
}

static struct span
seal(const unsigned char key[AEAD_KEY],
    const unsigned char digest[SHA256_SIZE], struct span plain,
    struct arena *arena)
{
	unsigned char *out = arena_alloc(arena, plain.n + AEAD_TRAILER);
	struct aead_about of = about(digest);
	struct sealer *sealer = sealer_new(key);

	sealer_seal(sealer, &of, plain.p, plain.n, out, out + plain.n);
	sealer_free(&sealer);
	return (struct span){ (char *)out, plain.n + AEAD_TRAILER };
}

static bool
unseal(const unsigned char key[AEAD_KEY],
    const unsigned char digest[SHA256_SIZE], struct span box,
    struct arena *arena, struct span *plain)
{
	struct aead_about of = about(digest);
	struct sealer *sealer;
	unsigned char *out;
	bool ok;

	if (box.n < AEAD_TRAILER)
		return false;
	out = arena_alloc(arena, box.n);
	sealer = sealer_new(key);
	ok = sealer_open(sealer, &of, box.p, box.n - AEAD_TRAILER, out,
	    (const unsigned char *)box.p + box.n - AEAD_TRAILER);
	sealer_free(&sealer);
	*plain = (struct span){ (char *)out, box.n - AEAD_TRAILER };
	return ok;
}

/* ---- sealing ---------------------------------------------------------- */

struct sealing {
	struct vault *vault;
	struct event *event;
	struct span came;
	struct personal_found found;
	struct arena *arena;
	int64_t *subjects;		/* by `people` of found */
	unsigned char (*keys)[AEAD_KEY];
};

static bool
take_people(struct sealing *s, struct err *e)
{
	size_t n = s->found.n_people;

	s->subjects = arena_alloc(s->arena, n * sizeof *s->subjects);
	s->keys = arena_alloc(s->arena, n * sizeof *s->keys);
	for (size_t i = 0; i < n; i++) {
		const struct personal_who *who = &s->found.people[i];

		if (!vault_take(s->vault, who->id, who->also, who->n_also,
		    &s->subjects[i], s->keys[i], e))
			return false;
	}
	return true;
}

static bool
is_of(const struct sealing *s, const struct personal_member *m, int64_t who)
{
	return !m->kept && s->subjects[m->who] == who;
}

static struct span
gather(const struct sealing *s, int64_t who)
{
	unsigned char *out;
	size_t n = 0, at = 0;

	for (size_t i = 0; i < s->found.n; i++)
		if (is_of(s, &s->found.members[i], who))
			n += PIECE_HEAD + s->found.members[i].to -
			    s->found.members[i].from;
	out = arena_alloc(s->arena, n);
	for (size_t i = 0; i < s->found.n; i++) {
		const struct personal_member *m = &s->found.members[i];

		if (!is_of(s, m, who))
			continue;
		put32(out + at, m->at);
		put32(out + at + 4, m->n);
		put32(out + at + 8, m->to - m->from);
		memcpy(out + at + PIECE_HEAD, s->came.p + m->from,
		    m->to - m->from);
		at += PIECE_HEAD + m->to - m->from;
	}
	return (struct span){ (char *)out, n };
}

/* Two names of a payload may turn out to be one person. */
static bool
seen_before(const struct sealing *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (s->subjects[k] == s->subjects[i])
			return true;
	return false;
}

static void
seal_all(struct sealing *s)
{
	struct sealed *sealed = arena_alloc(s->arena, s->found.n_people *
	    sizeof *sealed);
	size_t n = 0;

	for (size_t i = 0; i < s->found.n_people; i++) {
		struct span plain;

		if (seen_before(s, i))
			continue;
		plain = gather(s, s->subjects[i]);
		sealed[n++] = (struct sealed){ s->subjects[i],
		    seal(s->keys[i], s->event->digest, plain, s->arena) };
		aead_forget((char *)plain.p, plain.n);
	}
	aead_forget(s->keys, s->found.n_people * sizeof *s->keys);
	s->event->sealed = sealed;
	s->event->n_sealed = n;
}

bool
subject_seal(struct vault *vault, const struct personal *personal,
    struct event *event, const struct json_tape *tape, struct arena *arena,
    bool *cut, struct err *e)
{
	struct sealing s = { .vault = vault, .event = event, .arena = arena,
	    .came = event->body };

	personal_find(personal, event->source, event->topic, tape,
	    arena_printf(arena, "event:%s/%s", event->source, event->key),
	    arena, &s.found);
	*cut = s.found.cut;
	if (!s.found.cut)
		return true;
	if (!take_people(&s, e))
		return false;
	event->body = personal_cut(event->body, &s.found, arena);
	event->redacted = true;
	digest_sha256(event->body, event->kept);
	seal_all(&s);
	return true;
}

bool
subject_keep(struct books *books, const struct event *event, struct err *e)
{
	static const char CUT[] = "INSERT INTO redacted VALUES ($1, $2)";
	static const char SQL[] = "INSERT INTO personal VALUES ($1, $2, $3)";
	struct stmt *s;

	if (!event->redacted)
		return true;
	s = db_stmt(books->db, CUT);
	stmt_int(s, 1, event->seq);
	stmt_blob(s, 2, event->kept, SHA256_SIZE);
	if (!stmt_run(s, e))
		return false;
	for (size_t i = 0; i < event->n_sealed; i++) {
		const struct sealed *sealed = &event->sealed[i];

		s = db_stmt(books->db, SQL);
		stmt_int(s, 1, event->seq);
		stmt_int(s, 2, sealed->subject);
		stmt_blob(s, 3, sealed->box.p, sealed->box.n);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

/* ---- reading ---------------------------------------------------------- */

bool
subject_load(struct db *db, struct event *event, struct arena *arena,
    struct err *e)
{
	static const char COUNT[] =
	    "SELECT count(*) FROM personal WHERE event = $1";
	static const char SQL[] = "SELECT subject, sealed FROM personal"
	    " WHERE event = $1 ORDER BY subject";
	struct sealed *sealed;
	struct stmt *s = db_stmt(db, COUNT);
	size_t most, n = 0;
	enum step step;

	stmt_int(s, 1, event->seq);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	most = (size_t)col_int(s, 0);
	stmt_reset(s);
	sealed = arena_alloc(arena, most * sizeof *sealed + 1);
	s = db_stmt(db, SQL);
	stmt_int(s, 1, event->seq);
	while ((step = stmt_step(s, e)) == STEP_ROW && n < most) {
		struct span box = col_span(s, 1);

		sealed[n++] = (struct sealed){ col_int(s, 0),
		    { arena_strndup(arena, box.p, box.n), box.n } };
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	event->sealed = sealed;
	event->n_sealed = n;
	return step != STEP_FAILED;
}

struct piece {
	size_t at, n;		/* in what is left */
	struct span came;
};

struct reading {
	struct db *db;
	const struct event *event;
	struct arena *arena;
	struct vault *vault;
	struct piece *pieces;
	size_t n, room;
	enum event_bytes bytes;
};

static bool
corrupt(const struct reading *r, struct err *e)
{
	return err_set(e, ERR_CORRUPT, "the personal part of E%lld is not as "
	    "it was sealed", (long long)r->event->seq);
}

static struct piece *
add_piece(struct reading *r)
{
	struct piece *more;

	if (r->n == r->room) {
		r->room = r->room > 0 ? r->room * 2 : 32;
		more = arena_alloc(r->arena, r->room * sizeof *more);
		if (r->n > 0)
			memcpy(more, r->pieces, r->n * sizeof *more);
		r->pieces = more;
	}
	return &r->pieces[r->n++];
}

static bool
take_apart(struct reading *r, struct span part, struct err *e)
{
	const unsigned char *in = (const unsigned char *)part.p;

	for (size_t at = 0; at < part.n;) {
		struct piece *piece = add_piece(r);
		size_t n;

		if (part.n - at < PIECE_HEAD)
			return corrupt(r, e);
		piece->at = get32(in + at);
		piece->n = get32(in + at + 4);
		n = get32(in + at + 8);
		at += PIECE_HEAD;
		if (n > part.n - at || piece->at > r->event->body.n ||
		    piece->n > r->event->body.n - piece->at)
			return corrupt(r, e);
		piece->came = (struct span){ part.p + at, n };
		at += n;
	}
	return true;
}

/* That his key was destroyed is a decision, and the chain says so. */
static bool
was_erased(struct db *db, int64_t subject, bool *erased, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM erased, audit"
	    " WHERE erased.subject = $1 AND audit.object = $2"
	    " AND audit.action = 'erased' AND audit.old <> '' LIMIT 1";
	char name[32];
	struct stmt *s = db_stmt(db, SQL);

	snprintf(name, sizeof name, "S%lld", (long long)subject);
	stmt_int(s, 1, subject);
	stmt_text(s, 2, name);
	return stmt_found(s, erased, e);
}

static bool
read_part(struct reading *r, const struct sealed *sealed, struct err *e)
{
	struct span plain;
	unsigned char key[AEAD_KEY];
	enum vault_key state;
	bool erased, ok;

	if (!was_erased(r->db, sealed->subject, &erased, e) ||
	    !vault_key(r->vault, sealed->subject, key, &state, e))
		return false;
	if (erased || state != VAULT_KEY) {
		enum event_bytes now = erased ? EVENT_ERASED :
		    state == VAULT_ABSENT ? EVENT_APART : EVENT_LOST;

		r->bytes = now > r->bytes ? now : r->bytes;
		aead_forget(key, sizeof key);
		return true;
	}
	ok = unseal(key, r->event->digest, sealed->box, r->arena, &plain);
	aead_forget(key, sizeof key);
	return ok ? take_apart(r, plain, e) : corrupt(r, e);
}

static int
by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static bool
put_together(struct reading *r, struct span *out, struct err *e)
{
	struct span body = r->event->body;
	size_t total = body.n, at = 0, n = 0;
	char *text;

	for (size_t i = 0; i < r->n; i++)
		total += r->pieces[i].came.n;
	text = arena_alloc(r->arena, total + 1);
	if (r->n > 1)
		qsort(r->pieces, r->n, sizeof *r->pieces, by_place);
	for (size_t i = 0; i < r->n; i++) {
		const struct piece *p = &r->pieces[i];

		if (p->at < at)
			return corrupt(r, e);
		memcpy(text + n, body.p + at, p->at - at);
		n += p->at - at;
		memcpy(text + n, p->came.p, p->came.n);
		n += p->came.n;
		at = p->at + p->n;
	}
	memcpy(text + n, body.p + at, body.n - at);
	*out = (struct span){ text, n + body.n - at };
	return true;
}

static bool
judge_bytes(struct reading *r, struct span whole, struct err *e)
{
	unsigned char digest[SHA256_SIZE];

	digest_sha256(r->event->body, digest);
	if (memcmp(digest, r->event->kept, SHA256_SIZE) != 0)
		return err_set(e, ERR_CORRUPT, "E%lld is not as it was kept",
		    (long long)r->event->seq);
	digest_sha256(whole, digest);
	return r->bytes != EVENT_WHOLE || memcmp(digest, r->event->digest,
	    SHA256_SIZE) == 0 || corrupt(r, e);
}

bool
subject_bytes(struct db *db, const struct event *event, struct arena *arena,
    struct span *out, enum event_bytes *bytes, struct err *e)
{
	struct event own = *event;
	struct reading r = { .db = db, .event = event, .arena = arena };
	bool ok;

	*out = event->body;
	*bytes = EVENT_WHOLE;
	if (!event->redacted)
		return true;
	r.vault = vault_hold(db);
	ok = subject_load(db, &own, arena, e);
	for (size_t i = 0; ok && i < own.n_sealed; i++)
		ok = read_part(&r, &own.sealed[i], e);
	ok = ok && put_together(&r, out, e) && judge_bytes(&r, *out, e);
	*bytes = r.bytes;
	vault_drop(&r.vault);
	return ok;
}

/* ---- of one person ---------------------------------------------------- */

/* His own pieces put back, the search finds them where they were; what is not
 * his is empty still, and is not found. */
bool
subject_members(struct db *db, const struct personal *personal,
    const struct event *event, int64_t subject, struct arena *arena,
    struct subject_member **out, size_t *n, struct err *e)
{
	struct event own = *event;
	struct reading r = { .db = db, .event = event, .arena = arena };
	struct json_where where;
	struct personal_found found;
	struct json_tape tape;
	struct span text;
	bool ok;

	*n = 0;
	r.vault = vault_hold(db);
	ok = subject_load(db, &own, arena, e);
	for (size_t i = 0; ok && i < own.n_sealed; i++)
		if (own.sealed[i].subject == subject)
			ok = read_part(&r, &own.sealed[i], e);
	vault_drop(&r.vault);
	if (!ok || !put_together(&r, &text, e) || json_read(text,
	    JSON_DEPTH_MAX, arena, &tape, &where) != JSON_OK)
		return ok && e->code == ERR_NONE;
	personal_find(personal, event->source, event->topic, &tape, "",
	    arena, &found);
	*out = arena_alloc(arena, found.n * sizeof **out + 1);
	for (size_t i = 0; i < found.n; i++)
		if (!found.members[i].kept &&
		    strcmp(found.members[i].value, "0") != 0)
			(*out)[(*n)++] = (struct subject_member){
			    found.members[i].path, found.members[i].value };
	return true;
}
