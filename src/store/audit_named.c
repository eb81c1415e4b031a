/*
 * What the chain's rows name: events, journals, approvals, rulings, rows of
 * the log, rules and texts are held against the digests that rows say of them.
 */
#include "store/audit_inside.h"

#include <stdlib.h>

#include "store/approval.h"
#include "store/ruling.h"
#include "store/subject.h"

/* ---- digests ----------------------------------------------------------- */

static void
add_text(struct str *out, const char *text)
{
	str_adds(out, text != NULL ? text : "");
	str_addc(out, '\0');
}

static void
add_number(struct str *out, int64_t n)
{
	str_addi(out, n);
	str_addc(out, '\0');
}

static void
digest_and_free(struct str *text, char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];

	digest_sha256(str_span(text), digest);
	digest_hex(digest, SHA256_SIZE, out);
	str_free(text);
}

void
audit_log_digest(const char *kind, int64_t at, const char *actor,
    struct span body, char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];
	struct str head;

	str_init(&head, 65536);
	add_text(&head, kind);
	add_number(&head, at);
	add_text(&head, actor);
	digest_sha256v((struct span[]){ str_span(&head), body }, 2, digest);
	digest_hex(digest, SHA256_SIZE, out);
	str_free(&head);
}

static void
approvals_text(const struct approval *all, size_t n, struct str *text)
{
	str_init(text, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		add_text(text, all[i].actor);
		add_text(text, all[i].giver);
		add_number(text, all[i].totp);
		add_number(text, all[i].at);
		add_number(text, all[i].seq);
	}
}

void
audit_approvals_digest(const struct approval *all, size_t n,
    char out[SHA256_HEX])
{
	struct str text;

	approvals_text(all, n, &text);
	digest_and_free(&text, out);
}

static void
rulings_text(const struct ruling *all, size_t n, struct str *text)
{
	str_init(text, 64 << 20);
	for (size_t i = 0; i < n; i++) {
		add_number(text, all[i].part);
		add_number(text, all[i].parts);
		add_number(text, all[i].base);
		str_add(text, all[i].document.p, all[i].document.n);
		add_text(text, "");
		add_text(text, all[i].day.text);
		add_number(text, all[i].merged);
		add_number(text, all[i].seq);
		add_text(text, all[i].actor);
	}
}

void
audit_rulings_digest(const struct ruling *all, size_t n,
    char out[SHA256_HEX])
{
	struct str text;

	rulings_text(all, n, &text);
	digest_and_free(&text, out);
}

/* ---- what a row says --------------------------------------------------- */

struct naming {
	struct db *db;
	const struct audit_row *row;
	struct audit_named *named;
	struct arena *arena;
};

/* The value after " name=" in a row's text; cut at the next space. */
static bool
value_of(const char *text, const char *name, char *out, size_t room)
{
	const char *at = strstr(text, name);
	size_t n;

	if (at == NULL)
		return false;
	at += strlen(name);
	n = strcspn(at, " \n");
	if (n >= room)
		return false;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

/* The text of a row that the settling wrote, state and event first, or the
 * closing of a batch. All others hold what a person wrote, which proves
 * nothing. */
const char *
audit_settled_text(const struct audit_row *row)
{
	const char *space = strchr(row->new, ' ');

	if (strcmp(row->action, "batch") == 0 &&
	    strncmp(row->new, "part=", 5) == 0)
		return row->new;
	return row->object[0] == 'E' && space != NULL &&
	    strncmp(row->new, "state=", 6) == 0 &&
	    strncmp(space, " event=", 7) == 0 ? row->new : "";
}

/* Erased by law, says a later row, and this is what is there instead. */
static bool
erased(const struct naming *n, const char *object, const char *now,
    bool *yes, struct err *e)
{
	static const char SQL[] = "SELECT new FROM audit WHERE object = $1"
	    " AND action = '" AUDIT_ERASED "' AND old <> ''"
	    " ORDER BY seq DESC LIMIT 1";
	struct stmt *s = db_stmt(n->db, SQL);
	char said[SHA256_HEX];
	enum step step;

	*yes = false;
	stmt_text(s, 1, object);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*yes = value_of(col_text(s, 0), "now=", said, sizeof said) &&
		    strcmp(said, now) == 0;
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
differs(const struct naming *n, const char *what, const char *name,
    struct err *e)
{
	return err_set(e, ERR_CORRUPT, "%s %.80s is not as audit row %lld saw "
	    "it", what, name, (long long)n->row->seq);
}

static bool
judge(const struct naming *n, const char *what, const char *name,
    const char *want, const char *have, struct err *e)
{
	bool gone;

	if (strcmp(want, have) == 0)
		return true;
	return erased(n, name, have, &gone, e) &&
	    (gone || differs(n, what, name, e));
}

/* ---- journals and events ----------------------------------------------- */

static void
mark_named(struct audit_named *named, int64_t id)
{
	if (named != NULL && id > 0 && id <= named->last)
		atomic_fetch_or(&named->bits[id / 8],
		    (unsigned char)(1u << id % 8));
}

static bool
check_journal(const struct naming *n, const char *id, const char *want,
    struct err *e)
{
	struct journal journal;
	struct journal_head head;
	char have[SHA256_HEX];
	unsigned char entries[SHA256_SIZE];
	bool found;

	if (!journal_load(n->db, strtoll(id, NULL, 10), n->arena, &journal,
	    &head, &found, e))
		return false;
	if (found) {
		entries_digest(&journal, entries);
		journal_digest(&journal, &head, entries, have);
	}
	if (!found || strcmp(want, have) != 0)
		return err_set(e, ERR_CORRUPT, "journal J%s is not as audit "
		    "row %lld saw it", id, (long long)n->row->seq);
	mark_named(n->named, journal.id);
	return true;
}

static bool
check_journals(const struct naming *n, const char *text, struct err *e)
{
	char id[32], want[SHA256_HEX];

	for (const char *at = strstr(text, " journal=J"); at != NULL;
	    at = strstr(at + 1, " journal=J")) {
		if (!value_of(at, "journal=J", id, sizeof id) ||
		    !value_of(at, "entries=", want, sizeof want))
			return err_set(e, ERR_CORRUPT,
			    "audit row %lld names no journal digest",
			    (long long)n->row->seq);
		if (!check_journal(n, id, want, e))
			return false;
	}
	return true;
}

/* What is personal is put back first; once that is erased, what is left must
 * be what the chain saw kept. */
static bool
check_sealed(const struct naming *n, const struct event *event,
    const char *text, struct err *e)
{
	char want[SHA256_HEX], have[SHA256_HEX];
	enum event_bytes bytes;
	struct span whole;

	if (!subject_bytes(n->db, event, n->arena, &whole, &bytes, e))
		return false;
	if (bytes == EVENT_LOST)
		return err_set(e, ERR_CORRUPT, "the personal part of %s "
		    "cannot be opened: its key is gone, and nobody erased it",
		    n->row->object);
	digest_hex(event->kept, SHA256_SIZE, have);
	return (value_of(text, " kept=", want, sizeof want) &&
	    strcmp(want, have) == 0) ||
	    differs(n, "event", n->row->object, e);
}

static bool
check_event(const struct naming *n, const char *text, struct err *e)
{
	struct event event;
	struct placing placing;
	unsigned char digest[SHA256_SIZE];
	char want[SHA256_HEX], have[SHA256_HEX], kept[SHA256_HEX];
	bool found;

	if (!value_of(text, " event=", want, sizeof want))
		return true;
	if (!event_load(n->db, strtoll(n->row->object + 1, NULL, 10),
	    n->arena, &event, &placing, &found, e))
		return false;
	if (!found)
		return differs(n, "event", n->row->object, e);
	digest_hex(event.digest, SHA256_SIZE, kept);
	if (strcmp(want, kept) != 0)
		return differs(n, "event", n->row->object, e);
	if (event.redacted)
		return check_sealed(n, &event, text, e);
	digest_sha256(event.body, digest);
	digest_hex(digest, SHA256_SIZE, have);
	return judge(n, "event", n->row->object, want, have, e);
}

/* ---- what people said of it -------------------------------------------- */

static bool
check_approvals(const struct naming *n, const char *text, struct err *e)
{
	unsigned char content[SHA256_SIZE];
	char want[SHA256_HEX], have[SHA256_HEX];
	struct approval *all;
	size_t count;

	if (!value_of(text, " content=", have, sizeof have) ||
	    !value_of(text, " approvals=", want, sizeof want))
		return true;
	if (!digest_unhex(span_of(have), content, SHA256_SIZE))
		return differs(n, "approval of", n->row->object, e);
	if (!approvals_load(n->db, strtoll(n->row->object + 1, NULL, 10),
	    content, n->arena, &all, &count, e))
		return false;
	audit_approvals_digest(all, count, have);
	return strcmp(want, have) == 0 ||
	    differs(n, "approval of", n->row->object, e);
}

static bool
check_rulings(const struct naming *n, const char *text, struct err *e)
{
	char want[SHA256_HEX], have[SHA256_HEX];
	struct ruling *all;
	size_t count;

	if (!value_of(text, " rulings=", want, sizeof want))
		return true;
	if (!rulings_load(n->db, strtoll(n->row->object + 1, NULL, 10),
	    n->arena, &all, &count, e))
		return false;
	audit_rulings_digest(all, count, have);
	return strcmp(want, have) == 0 ||
	    differs(n, "ruling of", n->row->object, e);
}

/* ---- the log, rules and texts ------------------------------------------ */

static bool
check_log(const struct naming *n, struct err *e)
{
	static const char SQL[] =
	    "SELECT kind, at, actor, body FROM log WHERE seq = $1";
	char want[SHA256_HEX], have[SHA256_HEX] = "";
	struct stmt *s;
	enum step step;

	if (!value_of(n->row->new, " digest=", want, sizeof want))
		return true;
	s = db_stmt(n->db, SQL);
	stmt_int(s, 1, strtoll(n->row->object + 1, NULL, 10));
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		audit_log_digest(col_text(s, 0), col_int(s, 1),
		    col_text(s, 2), col_span(s, 3), have);
		stmt_reset(s);
	}
	return step != STEP_FAILED && judge(n, "row of the log",
	    n->row->object, want, have, e);
}

static bool
check_rules(const struct naming *n, struct err *e)
{
	static const char SQL[] = "SELECT files FROM rules WHERE digest = $1";
	unsigned char digest[SHA256_SIZE];
	char have[SHA256_HEX] = "";
	struct stmt *s = db_stmt(n->db, SQL);
	enum step step;

	stmt_text(s, 1, n->row->new);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		digest_sha256(col_span(s, 0), digest);
		digest_hex(digest, SHA256_SIZE, have);
		stmt_reset(s);
	}
	return step != STEP_FAILED && (strcmp(have, n->row->new) == 0 ||
	    differs(n, "the text of rules", n->row->new, e));
}

static bool
check_text(const struct naming *n, const char *said, struct err *e)
{
	static const char SQL[] =
	    "SELECT salt, text FROM audit_text WHERE digest = $1";
	unsigned char digest[SHA256_SIZE];
	char want[SHA256_HEX], have[SHA256_HEX] = "";
	struct stmt *s;
	enum step step;

	if (strncmp(said, "text=", 5) != 0 ||
	    !value_of(said, "text=", want, sizeof want))
		return true;
	s = db_stmt(n->db, SQL);
	stmt_text(s, 1, want);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		digest_sha256v((struct span[]){ col_span(s, 0),
		    col_span(s, 1) }, 2, digest);
		digest_hex(digest, SHA256_SIZE, have);
		stmt_reset(s);
	}
	return step != STEP_FAILED && judge(n, "the text", want, want, have,
	    e);
}

static bool
check_anchor(const struct naming *n, struct err *e)
{
	static const char SQL[] = "SELECT text FROM anchor WHERE id = $1";
	char want[SHA256_HEX], have[SHA256_HEX] = "";
	unsigned char digest[SHA256_SIZE];
	struct stmt *s;
	enum step step;

	if (!value_of(n->row->new, " anchor=", want, sizeof want))
		return true;
	s = db_stmt(n->db, SQL);
	stmt_int(s, 1, strtoll(n->row->object + 1, NULL, 10));
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		digest_sha256(col_span(s, 0), digest);
		digest_hex(digest, SHA256_SIZE, have);
		stmt_reset(s);
	}
	return step != STEP_FAILED && (strcmp(have, want) == 0 ||
	    differs(n, "anchor", n->row->object, e));
}

bool
audit_check_named(struct db *db, const struct audit_row *row,
    struct audit_named *named, struct arena *arena, struct err *e)
{
	const struct naming n = { db, row, named, arena };
	const char *text = audit_settled_text(row);

	if (text[0] != '\0')
		return (row->object[0] != 'E' || (check_event(&n, text, e) &&
		    check_approvals(&n, text, e) &&
		    check_rulings(&n, text, e))) &&
		    check_journals(&n, text, e);
	if (strcmp(row->action, "log") == 0 && row->object[0] == 'L')
		return check_log(&n, e);
	if (strcmp(row->action, "rules") == 0 && row->object[0] == 'L')
		return check_rules(&n, e);
	if (strcmp(row->action, "anchor") == 0 && row->object[0] == 'A')
		return check_anchor(&n, e);
	return strcmp(row->action, "reference") != 0 ||
	    (check_text(&n, row->old, e) && check_text(&n, row->new, e));
}

/* ---- what no row names ------------------------------------------------- */

static bool
none(struct db *db, const char *sql, const char *what, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);
	enum step step = stmt_step(s, e);

	if (step != STEP_ROW)
		return step == STEP_DONE;
	err_set(e, ERR_CORRUPT, "%s%lld is in no audit row", what,
	    (long long)col_int(s, 0));
	stmt_reset(s);
	return false;
}

static bool
check_journals_named(struct db *db, const struct audit_named *named,
    struct err *e)
{
	static const char SQL[] = "SELECT id FROM journal ORDER BY id";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t id = col_int(s, 0);

		if (id > 0 && id <= named->last && (atomic_load(
		    &named->bits[id / 8]) >> id % 8 & 1) != 0)
			continue;
		stmt_reset(s);
		return err_set(e, ERR_CORRUPT, "journal J%lld is in no audit "
		    "row", (long long)id);
	}
	return step == STEP_DONE;
}

bool
audit_check_unnamed(struct db *db, const struct audit_named *named,
    struct err *e)
{
	static const char EVENTS[] = "SELECT e.seq FROM event e"
	    " LEFT JOIN audit a ON a.seq = e.audit"
	    " WHERE a.object IS NOT 'E' || e.seq LIMIT 1";
	static const char LOG[] = "SELECT l.seq FROM log l WHERE NOT EXISTS"
	    " (SELECT 1 FROM audit a WHERE a.object = 'L' || l.seq"
	    " AND substr(a.object, 1, 1) <> 'E' AND a.action = 'log')"
	    " ORDER BY l.seq LIMIT 1";

	return none(db, EVENTS, "event E", e) &&
	    none(db, LOG, "row of the log L", e) &&
	    check_journals_named(db, named, e);
}
