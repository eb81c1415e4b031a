/*
 * Proposals and their approval.  What is proposed names the state that its
 * author saw: when that has moved on, it cannot be approved any more, as
 * nobody has judged the two changes together.
 */
#include "flow/govern.h"

#include <pwd.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/log.h"
#include "rules/rules.h"
#include "store/master.h"
#include "store/period.h"

/* ---- proposing -------------------------------------------------------- */

static const char *
proposal_name(struct arena *arena, int64_t id)
{
	return arena_id(arena, 'P', id);
}

static bool
add(struct settler *settler, struct proposal *p, struct err *e)
{
	struct books *books = settler_books(settler);

	p->at = clock_now();
	if (!proposal_add(books, p, e))
		return false;
	books_touch(books, "proposal", proposal_name(books->arena, p->id));
	return audit_add(books, p->author, "propose",
	    proposal_name(books->arena, p->id), p->base,
	    arena_printf(books->arena, "kind=%s table=%s digest=%s", p->kind,
	    p->table, p->digest), e);
}

bool
govern_propose_reference(struct settler *settler, struct proposal *p,
    struct err *e)
{
	struct books *books = settler_books(settler);
	unsigned char digest[SHA256_SIZE];
	char *base = arena_alloc(books->arena, SHA256_HEX);
	char *hex = arena_alloc(books->arena, SHA256_HEX);

	if (!master_base(books->db, p->table, p->body, p->remove, base, e))
		return false;
	digest_sha256(p->body, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	p->kind = "reference";
	p->base = base;
	p->digest = hex;
	return add(settler, p, e);
}

bool
govern_propose_rules(struct settler *settler, struct proposal *p,
    struct rulebook *rules, struct err *e)
{
	struct books *books = settler_books(settler);

	p->kind = "rules";
	p->table = "";
	p->base = books->rules;
	p->digest = rulebook_digest(rules);
	if (strcmp(p->base, p->digest) == 0)
		return err_set(e, ERR_REFUSED, "these rules are in force");
	return rules_keep(books, p->digest, rulebook_files(rules), e) &&
	    add(settler, p, e);
}

/* ---- deciding --------------------------------------------------------- */

static bool
judge(struct settler *settler, const struct verdict *v,
    const struct proposal *p, struct err *e)
{
	struct books *books = settler_books(settler);
	char now[SHA256_HEX];

	if (strcmp(p->state, "draft") != 0)
		return err_set(e, ERR_REFUSED, "P%lld is %s",
		    (long long)p->id, p->state);
	if (v->version != p->version)
		return err_set(e, ERR_STALE,
		    "P%lld is at version %lld, you saw %lld",
		    (long long)p->id, (long long)p->version,
		    (long long)v->version);
	if (!v->approve)
		return true;
	if (strcmp(v->by, p->author) == 0)
		return err_set(e, ERR_FORBIDDEN,
		    "%s proposed it; somebody else must approve", v->by);
	if (strcmp(p->kind, "rules") == 0)
		snprintf(now, sizeof now, "%s", books->rules);
	else if (!master_base(books->db, p->table, p->body, p->remove, now,
	    e))
		return false;
	return strcmp(now, p->base) == 0 || err_set(e, ERR_STALE,
	    "what P%lld changes has changed since; propose it again",
	    (long long)p->id);
}

/* The log says that they are in force before anything is settled with them. */
static bool
enforce_rules(struct books *books, const struct verdict *v,
    const struct proposal *p, struct rulebook **rules, int64_t *seq,
    struct err *e)
{
	struct span files;

	return rules_files(books->db, p->digest, books->arena, &files, e) &&
	    rulebook_parse(rules, files, e) &&
	    log_add(books, "rules", clock_now(), v->by, span_of(p->digest),
	    seq, e) &&
	    audit_add(books, v->by, "rules", arena_printf(books->arena,
	    "L%lld", (long long)*seq), books->rules, p->digest, e) &&
	    proposal_supersede(books, NULL, arena_printf(books->arena,
	    "P%lld came first", (long long)p->id), e);
}

static bool
enforce(struct books *books, const struct verdict *v,
    const struct proposal *p, struct rulebook **rules, int64_t *seq,
    struct err *e)
{
	if (strcmp(p->kind, "rules") == 0)
		return enforce_rules(books, v, p, rules, seq, e);
	return period_guard(books->db, p->table, p->body, false, e) &&
	    (p->remove ? master_remove : master_import)(books, v->by,
	    p->table, p->body, seq, e);
}

static bool
decide(struct settler *settler, const struct verdict *v,
    struct proposal *p, struct rulebook **rules, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *name = proposal_name(books->arena, p->id);
	int64_t seq = 0;

	if (!judge(settler, v, p, e) ||
	    (v->approve && !enforce(books, v, p, rules, &seq, e)))
		return false;
	books_touch(books, "proposal", name);
	/* After enforcing, which makes all other drafts of rules late. */
	return proposal_decide(books, p->id, v->approve ? "approved" :
	    "rejected", v->by, v->reason, seq, e) &&
	    audit_add(books, v->by, v->approve ? "approve" : "reject", name,
	    arena_printf(books->arena, "author=%s digest=%s", p->author,
	    p->digest), v->reason, e);
}

bool
govern_decide(struct settler *settler, const struct verdict *v,
    struct arena *arena, struct proposal *out, struct rulebook **rules,
    struct err *e)
{
	struct books *books = settler_books(settler);
	bool found;

	if (!books_begin(books, e))
		return false;
	if (!proposal_load(books->db, v->id, arena, out, &found, e) ||
	    (!found && !err_set(e, ERR_NOT_FOUND, "no proposal P%lld",
	    (long long)v->id)) ||
	    !decide(settler, v, out, rules, e) || !books_commit(books, e)) {
		books_rollback(books);
		rulebook_drop(rules);
		return false;
	}
	if (*rules != NULL)
		snprintf(books->rules_text, sizeof books->rules_text, "%s",
		    out->digest);
	log_line(LOG_INFO, "proposal.decided", "id=P%lld approved=%d by=%s",
	    (long long)out->id, v->approve, v->by);
	return !v->approve || *rules != NULL ||
	    settler_reload(settler, e);
}

/* ---- the folder ------------------------------------------------------- */

static const char *
owner_name(struct arena *arena, unsigned uid)
{
	struct passwd pw, *found = NULL;
	char space[4096];

	if (getpwuid_r(uid, &pw, space, sizeof space, &found) != 0 ||
	    found == NULL)
		return arena_printf(arena, "uid %u", uid);
	return arena_strdup(arena, pw.pw_name);
}

/* Within books_begin. */
static bool
notice(struct settler *settler, struct proposal *p, struct rulebook *rules,
    struct err *e)
{
	return proposal_supersede(settler_books(settler), p->author,
	    "files changed again", e) &&
	    govern_propose_rules(settler, p, rules, e);
}

bool
govern_notice(struct settler *settler, struct rulebook *rules, bool again,
    struct err *e)
{
	struct books *books = settler_books(settler);
	struct arena *arena = arena_new();
	struct proposal p = { .reason = "changed files in the rules folder",
	    .author = owner_name(arena, rulebook_owner(rules)),
	    .body = { "", 0 } };
	bool known, ok;

	ok = proposal_known(books->db, rulebook_digest(rules), &known, e);
	if (ok && strcmp(books->rules, rulebook_digest(rules)) != 0 &&
	    (again || !known)) {
		ok = books_begin(books, e);
		if (ok && !(notice(settler, &p, rules, e) &&
		    books_commit(books, e))) {
			books_rollback(books);
			ok = false;
		}
		if (ok)
			log_line(LOG_INFO, "proposal.rules",
			    "id=P%lld digest=%s author=%s", (long long)p.id,
			    rulebook_digest(rules), p.author);
	}
	arena_free(&arena);
	return ok;
}
