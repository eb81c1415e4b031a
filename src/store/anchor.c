/*
 * Anchors. What makes one reads the end of the chain and writes the statement
 * in one transaction; what verifies them trusts a key, not the store.
 */
#include "store/anchor.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/secret.h"

#define TITLE "bahi-anchor 1\n"
#define SIGNATURE "signature "

/* ---- the key ----------------------------------------------------------- */

bool
anchor_key_read(const char *path, struct anchor_key *out, struct err *e)
{
	struct arena *arena = arena_new();
	unsigned char key[32];
	struct span text;
	bool ok = secret_read(path, arena, &text, e) &&
	    (digest_unhex(text, out->seed, sizeof out->seed) ||
	    err_set(e, ERR_CONFIG, "%.200s: not a key of bahid audit key new",
	    path));

	if (ok) {
		digest_clean((char *)text.p, text.n);
		digest_ed25519_public(out->seed, key);
		digest_hex(key, sizeof key, out->key);
	}
	arena_free(&arena);
	return ok;
}

void
anchor_key_clean(struct anchor_key *key)
{
	digest_clean(key->seed, sizeof key->seed);
}

/* ---- text -------------------------------------------------------------- */

static void
write_text(const struct anchor *a, const struct anchor_key *key,
    struct str *out)
{
	unsigned char sig[64];
	char hex[129], at[25];

	clock_format(a->at, at);
	str_adds(out, TITLE);
	str_addf(out, "host %s\nbooks %s\nrow %lld\nhash %s\nat %s\n"
	    "previous %s\nkey %s\nnext %s\n", a->host, a->books,
	    (long long)a->row, a->hash, at, a->previous, a->key, a->next);
	digest_ed25519_sign(key->seed, str_span(out), sig);
	digest_hex(sig, sizeof sig, hex);
	str_addf(out, SIGNATURE "%s\n", hex);
}

/* One line "name value"; the value into out, moves the text on. */
static bool
read_line(struct span *rest, const char *name, char *out, size_t room)
{
	const char *end = memchr(rest->p, '\n', rest->n);
	size_t n = strlen(name), line, value;

	if (end == NULL)
		return false;
	line = (size_t)(end - rest->p);
	if (line < n + 1 || memcmp(rest->p, name, n) != 0 ||
	    rest->p[n] != ' ' || line - n - 1 >= room)
		return false;
	value = line - n - 1;
	memcpy(out, rest->p + n + 1, value);
	out[value] = '\0';
	rest->p += line + 1;
	rest->n -= line + 1;
	return strlen(out) == value && value > 0;
}

static bool
is_digest(const char *text)
{
	return strlen(text) == 64 &&
	    strspn(text, "0123456789abcdef") == 64;
}

static bool
read_fields(struct span *rest, struct anchor *a)
{
	char row[20], at[40];

	if (!read_line(rest, "host", a->host, sizeof a->host) ||
	    !read_line(rest, "books", a->books, sizeof a->books) ||
	    !read_line(rest, "row", row, sizeof row) ||
	    !read_line(rest, "hash", a->hash, sizeof a->hash) ||
	    !read_line(rest, "at", at, sizeof at) ||
	    !read_line(rest, "previous", a->previous, sizeof a->previous) ||
	    !read_line(rest, "key", a->key, sizeof a->key) ||
	    !read_line(rest, "next", a->next, sizeof a->next))
		return false;
	if (strspn(row, "0123456789") != strlen(row) ||
	    !clock_parse(span_of(at), &a->at))
		return false;
	a->row = strtoll(row, NULL, 10);
	return a->row > 0 && is_digest(a->books) && is_digest(a->hash) &&
	    is_digest(a->previous) && is_digest(a->key) &&
	    (is_digest(a->next) || strcmp(a->next, "-") == 0);
}

static bool
signed_well(struct span message, const struct anchor *a, const char *hex)
{
	unsigned char key[32], sig[64];

	return digest_unhex(span_of(a->key), key, sizeof key) &&
	    digest_unhex(span_of(hex), sig, sizeof sig) &&
	    digest_ed25519(key, message, sig);
}

bool
anchor_parse(struct span text, struct anchor *out, struct err *e)
{
	struct span rest = text;
	char sig[129];

	*out = (struct anchor){ 0 };
	if (text.n > ANCHOR_MAX || text.n < strlen(TITLE) ||
	    memcmp(text.p, TITLE, strlen(TITLE)) != 0)
		return err_set(e, ERR_CORRUPT, "not an anchor");
	rest.p += strlen(TITLE);
	rest.n -= strlen(TITLE);
	if (!read_fields(&rest, out))
		return err_set(e, ERR_CORRUPT, "an anchor that is malformed");
	text.n -= rest.n;
	if (!read_line(&rest, "signature", sig, sizeof sig) || rest.n != 0)
		return err_set(e, ERR_CORRUPT, "an anchor that is malformed");
	return signed_well(text, out, sig) || err_set(e, ERR_CORRUPT,
	    "the signature of the anchor of row %lld is not of what it says",
	    (long long)out->row);
}

static void
digest_of(struct span text, char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];

	digest_sha256(text, digest);
	digest_hex(digest, SHA256_SIZE, out);
}

/* ---- making ------------------------------------------------------------ */

bool
anchor_latest(struct db *db, struct arena *arena, struct span *text,
    struct anchor *out, bool *found, struct err *e)
{
	static const char SQL[] =
	    "SELECT text FROM anchor ORDER BY id DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*text = span_of(arena_strdup(arena, col_text(s, 0)));
	stmt_reset(s);
	return anchor_parse(*text, out, e);
}

static bool
row_hash(struct db *db, int64_t row, char out[SHA256_HEX], bool *found,
    struct err *e)
{
	static const char SQL[] = "SELECT hash FROM audit WHERE seq = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	out[0] = '\0';
	stmt_int(s, 1, row);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step == STEP_ROW) {
		struct span hash = col_span(s, 0);

		if (hash.n == SHA256_SIZE)
			digest_hex((const unsigned char *)hash.p,
			    SHA256_SIZE, out);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
find_end(struct db *db, struct anchor *a, struct err *e)
{
	bool found;

	if (!audit_last(db, &a->row, e))
		return false;
	if (a->row == 0)
		return err_set(e, ERR_REFUSED, "the chain is empty");
	return row_hash(db, 1, a->books, &found, e) &&
	    row_hash(db, a->row, a->hash, &found, e);
}

/* A name of a host only, whatever the system calls itself. */
static void
find_host(char out[65])
{
	if (gethostname(out, 65) != 0 || out[0] == '\0')
		memcpy(out, "-", 2);
	out[64] = '\0';
	for (char *p = out; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			*p = '-';
}

static bool
find_before(struct db *db, const struct anchor_key *key,
    struct arena *arena, struct anchor *a, struct err *e)
{
	struct anchor last;
	struct span text;
	bool found;

	memcpy(a->previous, ANCHOR_NONE, SHA256_HEX);
	if (!anchor_latest(db, arena, &text, &last, &found, e) || !found)
		return e->code == ERR_NONE;
	digest_of(text, a->previous);
	if (a->row < last.row)
		return err_set(e, ERR_CORRUPT, "the chain ends at row %lld, "
		    "and row %lld was anchored", (long long)a->row,
		    (long long)last.row);
	if (strcmp(last.next, "-") == 0 ? strcmp(last.key, key->key) == 0 :
	    strcmp(last.next, key->key) == 0)
		return true;
	return err_set(e, ERR_CONFIG, "anchors are signed by %s; bahid audit "
	    "key change goes over to another key", strcmp(last.next, "-") ==
	    0 ? last.key : last.next);
}

static bool
keep(struct db *db, const struct anchor *a, struct span text, int64_t *id,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO anchor VALUES"
	    " ((SELECT 1 + coalesce(max(id), 0) FROM anchor), $1, $2, $3)";
	static const char ID[] = "SELECT max(id) FROM anchor";
	struct stmt *s = db_stmt(db, SQL);
	char digest[SHA256_HEX], name[32], said[256];

	stmt_int(s, 1, a->row);
	stmt_int(s, 2, a->at);
	stmt_span(s, 3, text);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(db, ID);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*id = col_int(s, 0);
	stmt_reset(s);
	digest_of(text, digest);
	snprintf(name, sizeof name, "A%lld", (long long)*id);
	snprintf(said, sizeof said, "row=%lld anchor=%s", (long long)a->row,
	    digest);
	return audit_leave(db, "bahid", "anchor", name, "", said, e);
}

bool
anchor_make(struct db *db, const struct anchor_key *key, const char *next,
    struct arena *arena, struct span *text, int64_t *id, struct err *e)
{
	struct anchor a = { .at = clock_now() };
	struct str out;

	find_host(a.host);
	memcpy(a.key, key->key, sizeof a.key);
	snprintf(a.next, sizeof a.next, "%s", next != NULL ? next : "-");
	if (!find_end(db, &a, e) || !find_before(db, key, arena, &a, e))
		return false;
	str_init(&out, ANCHOR_MAX);
	write_text(&a, key, &out);
	*text = (struct span){ arena_strndup(arena, out.p, out.n), out.n };
	str_free(&out);
	return keep(db, &a, *text, id, e);
}

bool
anchor_write(const char *folder, int64_t id, const struct anchor *a,
    struct span text, struct err *e)
{
	struct arena *arena = arena_new();
	char at[25];
	bool ok;

	clock_format(a->at, at);
	ok = (access(folder, F_OK) == 0 || file_mkdir(folder, 0700, e)) &&
	    file_write(arena_printf(arena, "%s/anchor-%06lld-%.10s.txt",
	    folder, (long long)id, at), text, 0600, e);
	arena_free(&arena);
	return ok;
}

/* ---- verifying --------------------------------------------------------- */

bool
anchor_all(struct db *db, anchor_each *each, void *arg, struct err *e)
{
	static const char SQL[] = "SELECT row, text FROM anchor ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!each(arg, col_int(s, 0), col_span(s, 1), e)) {
			stmt_reset(s);
			return false;
		}
	return step == STEP_DONE;
}

struct trial {
	struct db *db;
	struct audit_report *report;
	const struct anchor_trust *trust;
	char key[65];		/* that signs the next one; "": any */
	char previous[SHA256_HEX];
	struct anchor kept;	/* row 0: none */
	bool reached;		/* its key was one of those in turn */
	bool trusted;		/* and so was the one that is trusted */
	int64_t n;
};

static bool
fault(struct trial *t, enum audit_fault fault, int64_t row, struct err *e)
{
	t->report->fault = fault;
	t->report->broken = row;
	if (fault == AUDIT_CUT)
		return err_set(e, ERR_CORRUPT, "audit row %lld is missing: "
		    "truncated, it was anchored", (long long)row);
	return err_set(e, ERR_CORRUPT, "audit row %lld is broken: %s, it was "
	    "anchored with another hash", (long long)row,
	    audit_fault_name(fault));
}

/* The rows that it speaks of are there, as they were. */
static bool
check_rows(struct trial *t, const struct anchor *a, struct err *e)
{
	char hash[SHA256_HEX];
	bool found;

	if (!row_hash(t->db, 1, hash, &found, e))
		return false;
	if (!found || strcmp(hash, a->books) != 0)
		return fault(t, found ? AUDIT_REWRITTEN : AUDIT_CUT, 1, e);
	if (!row_hash(t->db, a->row, hash, &found, e))
		return false;
	return (found && strcmp(hash, a->hash) == 0) ||
	    fault(t, found ? AUDIT_REWRITTEN : AUDIT_CUT, a->row, e);
}

static bool
check_next(void *arg, int64_t row, struct span text, struct err *e)
{
	struct trial *t = arg;
	struct anchor a;

	if (!anchor_parse(text, &a, e))
		return false;
	if (row != a.row || strcmp(a.previous, t->previous) != 0)
		return err_set(e, ERR_CORRUPT, "the anchor of row %lld does "
		    "not follow the one before it", (long long)row);
	if (t->key[0] != '\0' && strcmp(a.key, t->key) != 0)
		return err_set(e, ERR_CORRUPT, "the anchor of row %lld is "
		    "signed by another key: %s", (long long)row, a.key);
	t->reached = t->reached || strcmp(t->kept.key, a.key) == 0;
	t->trusted = t->trusted || (t->trust->key != NULL &&
	    strcmp(t->trust->key, a.key) == 0);
	memcpy(t->key, strcmp(a.next, "-") != 0 ? a.next : a.key,
	    sizeof t->key);
	t->reached = t->reached || strcmp(t->kept.key, t->key) == 0;
	digest_of(text, t->previous);
	t->n++;
	return check_rows(t, &a, e);
}

/* One trusted signature vouches for all before it, by their digests, and for
 * the keys after it. */
static bool
check_trust(const struct trial *t, struct err *e)
{
	if (t->trust->key == NULL || t->trusted ||
	    (t->n == 0 && !t->trust->demanded))
		return true;
	return err_set(e, ERR_CORRUPT, "no anchor is signed by %s",
	    t->trust->key);
}

/* It came from elsewhere: of the trusted key, or of one that goes with it. */
static bool
check_kept(struct trial *t, struct err *e)
{
	const char *key = t->trust->key;

	if (key != NULL && !(t->reached && t->trusted) &&
	    strcmp(key, t->kept.key) != 0)
		return err_set(e, ERR_CORRUPT, "the anchor is signed by "
		    "another key: %s", t->kept.key);
	return check_rows(t, &t->kept, e);
}

bool
anchor_verify(struct db *db, const struct anchor_trust *trust,
    struct audit_report *report, int64_t *n, struct err *e)
{
	struct trial t = { .db = db, .report = report, .trust = trust };
	bool ok;

	memcpy(t.previous, ANCHOR_NONE, SHA256_HEX);
	if (trust->kept.p != NULL && !anchor_parse(trust->kept, &t.kept, e))
		return false;
	ok = anchor_all(db, check_next, &t, e) && check_trust(&t, e);
	*n = t.n;
	/* Also when those of the store are wrong: it says more. */
	if (t.kept.row > 0 && (ok || e->code == ERR_CORRUPT)) {
		struct err own = { 0 };

		if (!check_kept(&t, &own)) {
			*e = own;
			return false;
		}
	}
	return ok;
}
