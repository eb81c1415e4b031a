/*
 * Settling: the replay check, the document's version, the journal, findings,
 * audit, counts, all in the group's one transaction.  What needs the ledger's
 * state is asked here; everything else was judged before.
 */
#include "flow/settle.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "store/keeper.h"
#include "store/master.h"

struct settler {
	struct books *books;
	struct keeper *keeper;
	settle_remap *remap;
	void *arg;
	struct reference *reference;
};

void
crash_point(const char *name)
{
	static const char *wanted;
	static bool asked;

	if (!asked) {
		wanted = getenv("BAHI_CRASH");
		asked = true;
	}
	if (wanted != NULL && strcmp(wanted, name) == 0)
		kill(getpid(), SIGKILL);
}

/* ---- opening ---------------------------------------------------------- */

bool
settler_open(struct settler **out, const char *path, settle_remap *remap,
    void *arg, struct err *e)
{
	struct settler *settler = calloc(1, sizeof *settler);

	if (settler == NULL)
		bug("out of memory");
	settler->remap = remap;
	settler->arg = arg;
	if (!books_open(&settler->books, path, false, e) ||
	    !keeper_open(&settler->keeper, path, e) ||
	    !master_load(settler->books->db, &settler->reference, e)) {
		settler_close(&settler);
		return false;
	}
	*out = settler;
	return true;
}

void
settler_close(struct settler **sp)
{
	struct settler *settler = *sp;

	if (settler == NULL)
		return;
	reference_drop(&settler->reference);
	keeper_close(&settler->keeper);
	books_close(&settler->books);
	free(settler);
	*sp = NULL;
}

struct books *
settler_books(struct settler *settler)
{
	return settler->books;
}

struct reference *
settler_reference(struct settler *settler)
{
	return reference_hold(settler->reference);
}

bool
settler_reload(struct settler *settler, struct err *e)
{
	struct reference *fresh;

	if (!master_load(settler->books->db, &fresh, e))
		return false;
	reference_drop(&settler->reference);
	settler->reference = fresh;
	return true;
}

bool
settler_rules(struct settler *settler, const char *digest,
    struct span files, struct err *e)
{
	struct books *books = settler->books;
	int64_t seq;

	if (strcmp(books->rules, digest) == 0)
		return true;
	if (!books_begin(books, e))
		return false;
	if (!rules_keep(books, digest, files, e) ||
	    !log_add(books, "rules", clock_now(), "bahid", span_of(digest),
	    &seq, e) ||
	    !audit_add(books, "bahid", "rules", arena_printf(books->arena,
	    "L%lld", (long long)seq), books->rules, digest, e) ||
	    !books_commit(books, e)) {
		books_rollback(books);
		return false;
	}
	snprintf(books->rules_text, sizeof books->rules_text, "%s", digest);
	return true;
}

void
settler_rest(struct settler *settler)
{
	keeper_rest(settler->keeper, settler->books->db);
}

/* ---- what becomes of it ----------------------------------------------- */

/* How the document stands to the ledger, asked in the same transaction. */
struct standing {
	struct document_row row;
	bool found;
	enum event_state state;
};

static void
refuse_version(struct work *work, struct standing *standing)
{
	standing->state = EVENT_CONFLICT;
	finding_add(&work->findings, work->arena, FIND_VERSION,
	    arena_printf(work->arena, "%lld",
	    (long long)work->document.base_version), "base_version",
	    arena_printf(work->arena, "present version is %lld",
	    (long long)standing->row.version));
}

/* Of two times the later, whatever their offsets; other texts by bytes. */
static bool
is_newer(const char *revision, const char *than)
{
	int64_t a, b;

	if (clock_parse(span_of(revision), &a) &&
	    clock_parse(span_of(than), &b))
		return a > b;
	return strcmp(revision, than) > 0;
}

static void
judge_revision(struct work *work, struct standing *standing)
{
	const struct document *document = &work->document;
	const struct document_row *row = &standing->row;

	if (row->revision != NULL &&
	    !is_newer(document->revision, row->revision)) {
		standing->state = EVENT_STALE;
		return;
	}
	if (row->sole && strcmp(row->source, work->event.source) == 0)
		return;
	standing->state = EVENT_CONFLICT;
	finding_add(&work->findings, work->arena, FIND_VERSION,
	    document->revision, "revision", "amended by someone else");
}

static bool
find_standing(struct settler *settler, struct work *work,
    struct standing *standing, struct err *e)
{
	const struct document *document = &work->document;
	struct document_row *row = &standing->row;

	standing->state = EVENT_POSTED;
	if (!document_find(settler->books, document, work->arena, row,
	    &standing->found, e))
		return false;
	if (!standing->found) {
		*row = (struct document_row){ .sole = true };
		if (document->base_version > 0)
			refuse_version(work, standing);
	} else if (document->base_version >= 0) {
		if (document->base_version != row->version)
			refuse_version(work, standing);
	} else if (document->revision != NULL &&
	    strcmp(row->source, work->event.source) == 0) {
		judge_revision(work, standing);
	} else {
		standing->state = EVENT_FAILED;
		finding_add(&work->findings, work->arena, FIND_NUMBER_USED,
		    document->number, "number", arena_printf(work->arena,
		    "written by %s, event E%lld", row->source,
		    (long long)row->event));
	}
	return true;
}

static void
place(struct work *work)
{
	const struct document *document = &work->document;
	struct placing *placing = &work->placing;

	*placing = (struct placing){ 0 };
	if (!work->has_document)
		return;
	placing->entity = document->entity;
	placing->kind = document_kind_name(document->kind);
	placing->number = document->number;
	placing->party = document->party;
	placing->amount = document->total;
	placing->currency = document->currency;
}

/* Sets the event's state; standing is filled when it may post. */
static bool
judge(struct settler *settler, struct work *work, struct standing *standing,
    struct err *e)
{
	place(work);
	standing->state = EVENT_FAILED;
	if (work->ignored)
		standing->state = EVENT_IGNORED;
	else if (work->has_document && work->has_journal &&
	    !findings_block(&work->findings) &&
	    !find_standing(settler, work, standing, e))
		return false;
	work->event.state = standing->state;
	return true;
}

/* ---- posting ---------------------------------------------------------- */

/* The audit names each journal with the digest over all of it. */
static void
say_journal(const struct journal *journal, const struct journal_head *head,
    const unsigned char entries[SHA256_SIZE], struct str *audit)
{
	char digest[SHA256_HEX];

	journal_digest(journal, head, entries, digest);
	str_adds(audit, " journal=J");
	str_addi(audit, journal->id);
	str_adds(audit, " entries=");
	str_adds(audit, digest);
}

/* The version before is undone on its own day while that period is open, so
 * that each period shows what belongs to it; else on the new one's. */
static bool
reverse(struct settler *settler, struct work *work,
    const struct standing *standing, struct str *audit, struct err *e)
{
	struct journal old, undo;
	struct journal_head head;
	const char *period;
	unsigned char entries[SHA256_SIZE];
	bool found;

	if (!standing->found)
		return true;
	if (!journal_load(settler->books->db, standing->row.journal,
	    work->arena, &old, &head, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "journal J%lld is missing",
		    (long long)standing->row.journal);
	undo = journal_reverse(&old, work->arena);
	period = reference_period(settler->reference, old.entity, old.date);
	if (period == NULL || strcmp(period, "open") != 0)
		undo.date = work->document.date;
	head.event = work->event.seq;
	if (!journal_add(settler->books, &undo, &head, e))
		return false;
	entries_digest(&undo, entries);
	say_journal(&undo, &head, entries, audit);
	return true;
}

static bool
post(struct settler *settler, struct work *work, struct standing *standing,
    struct str *audit, struct err *e)
{
	struct document_row *row = &standing->row;
	struct document_row next = { .version = row->version + 1,
	    .event = work->event.seq, .journal = 0,
	    .source = work->event.source,
	    .revision = work->document.revision };
	struct journal_head head = { document_kind_name(work->document.kind),
	    work->document.number, next.version, work->event.seq };

	next.sole = !standing->found || (row->sole &&
	    strcmp(row->source, next.source) == 0);
	if (!reverse(settler, work, standing, audit, e) ||
	    !journal_add(settler->books, &work->journal, &head, e))
		return false;
	crash_point("settle.after_journal");
	next.journal = work->journal.id;
	work->placing.journal = next.journal;
	work->placing.doc_version = next.version;
	say_journal(&work->journal, &head, work->entries, audit);
	str_adds(audit, " version=");
	str_addi(audit, next.version);
	return document_put(settler->books, &work->document, &next, e) &&
	    document_add_version(settler->books, &work->document, &next,
	    work->body, work->rule_digest, work->generation, e);
}

/* What the audit keeps of this step. Ids of journals are only known after
 * posting, so the text is begun before and ended by post. */
static void
describe(const struct work *work, struct str *audit)
{
	char digest[SHA256_HEX];

	digest_hex(work->event.digest, SHA256_SIZE, digest);
	str_adds(audit, "state=");
	str_adds(audit, event_state_name(work->event.state));
	str_adds(audit, " event=");
	str_adds(audit, digest);
	if (work->rule_digest != NULL) {
		str_adds(audit, " rules=");
		str_add(audit, work->rule_digest, 16);
		str_adds(audit, " generation=");
		str_addi(audit, work->generation);
	}
	for (size_t i = 0; i < work->findings.n; i++) {
		str_adds(audit, " finding=");
		str_adds(audit,
		    finding_info(work->findings.items[i].code)->name);
	}
}

static const char *
event_name(const struct work *work)
{
	return arena_id(work->arena, 'E', work->event.seq);
}

/* ---- new events ------------------------------------------------------- */

/* The first answer is told again: from what is kept of it. */
static bool
replay(struct settler *settler, struct work *work, int64_t seq,
    struct err *e)
{
	struct event first;
	struct placing placing;
	bool found;

	if (!event_load(settler->books->db, seq, work->arena, &first,
	    &placing, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "event E%lld is missing",
		    (long long)seq);
	if (memcmp(first.digest, work->event.digest, SHA256_SIZE) != 0) {
		work->replayed = false;
		return true;
	}
	work->replayed = true;
	work->came = arena_alloc(work->arena, sizeof *work->came);
	*work->came = work->event;
	work->event = first;
	work->placing = placing;
	if (placing.answer == NULL &&
	    !findings_load(settler->books->db, seq, work->arena,
	    &work->findings, e))
		return false;
	books_tally(settler->books, first.source, "received", 1);
	books_tally(settler->books, first.source, "duplicate", 1);
	return true;
}

static void
clear_judgement(struct work *work)
{
	work->findings.n = 0;
	work->findings.cut = false;
	work->has_document = work->has_journal = work->ignored = false;
	work->rule_digest = NULL;
}

static void
judge_reuse(struct work *work, int64_t first)
{
	clear_judgement(work);
	finding_add(&work->findings, work->arena, FIND_KEY_REUSE,
	    work->event.key, "", arena_printf(work->arena,
	    "first seen as E%lld", (long long)first));
}

/* Same key, other bytes: both are kept, the first one stands. */
static bool
reuse(struct settler *settler, struct work *work, int64_t first,
    struct err *e)
{
	struct books *books = settler->books;
	int64_t seq;

	if (!event_find_reuse(books, &work->event, &seq, e))
		return false;
	books_tally(books, work->event.source, "received", 1);
	if (seq != 0) {
		work->event.seq = seq;
		books_tally(books, work->event.source, "duplicate", 1);
	} else {
		struct str audit;
		bool ok;

		judge_reuse(work, first);
		work->event.state = EVENT_FAILED;
		place(work);
		str_init(&audit, 65536);
		describe(work, &audit);
		ok = event_add(books, &work->event, &work->placing, true,
		    e) && findings_add(books, &work->event, &work->placing,
		    &work->findings, e) &&
		    audit_add(books, work->event.source, "failed",
		    event_name(work), "", audit.p, e);
		str_free(&audit);
		if (!ok)
			return false;
		books_tally(books, work->event.source, "failed", 1);
	}
	err_set(&work->err, ERR_KEY_REUSE, "key %.80s came before as E%lld",
	    work->event.key, (long long)first);
	return true;
}

/* The event is written before its journal, which names it; the placing that
 * posting finds out is known beforehand, as only this thread numbers. */
static bool
add(struct settler *settler, struct work *work, struct standing *standing,
    struct err *e)
{
	struct books *books = settler->books;
	struct placing *placing = &work->placing;
	bool posts = work->event.state == EVENT_POSTED, ok;
	struct str audit, answer;

	if (posts) {
		placing->doc_version = standing->row.version + 1;
		placing->journal = books->journal + 1 + standing->found;
	}
	str_init(&answer, 1 << 20);
	if (!posts) {
		/* Only now: a later answer would tell of a later state. */
		work->event.seq = books->seq + 1;
		work_answer(work, &answer);
		placing->answer = arena_strndup(work->arena, answer.p,
		    answer.n);
	}
	str_free(&answer);
	str_init(&audit, 65536);
	describe(work, &audit);
	crash_point("settle.before_event");
	ok = event_add(books, &work->event, placing, false, e);
	crash_point("settle.after_event");
	ok = ok && (!posts || post(settler, work, standing, &audit, e)) &&
	    findings_add(books, &work->event, placing, &work->findings, e) &&
	    audit_add(books, work->event.source,
	    event_state_name(work->event.state), event_name(work), "",
	    audit.p, e);
	str_free(&audit);
	books_tally(books, work->event.source, "received", 1);
	books_tally(books, work->event.source,
	    event_state_name(work->event.state), 1);
	return ok;
}

static bool
moved_on(const struct settler *settler, const struct work *work)
{
	return work->rule_digest != NULL &&
	    (work->generation != settler->books->generation ||
	    strcmp(work->rule_digest, settler->books->rules) != 0);
}

bool
settle_new(struct settler *settler, struct work *work, struct err *e)
{
	struct standing standing = { 0 };
	int64_t seq;

	if (!event_find_key(settler->books, work->event.source,
	    work->event.key, &seq, e))
		return false;
	if (seq != 0) {
		if (!replay(settler, work, seq, e))
			return false;
		return work->replayed || reuse(settler, work, seq, e);
	}
	if (moved_on(settler, work))
		settler->remap(work, settler->arg);
	return judge(settler, work, &standing, e) &&
	    add(settler, work, &standing, e);
}

bool
settle_group(struct settler *settler, struct work *list, struct err *e)
{
	struct books *books = settler->books;

	if (!books_begin(books, e))
		return false;
	for (struct work *work = list; work != NULL; work = work->next)
		if (!settle_new(settler, work, e))
			goto fail;
	crash_point("settle.before_commit");
	if (!books_commit(books, e))
		goto fail;
	crash_point("settle.after_commit");
	return true;
fail:
	books_rollback(books);
	return false;
}

/* ---- events that are kept --------------------------------------------- */

static bool
leave(struct settler *settler, struct work *work, enum event_state from,
    const struct placing *old, struct err *e)
{
	struct event event = work->event;

	event.state = from;
	books_tally(settler->books, event.source, event_state_name(from),
	    -1);
	return findings_remove(settler->books, &event, old, e);
}

static bool
arrive(struct settler *settler, struct work *work, enum event_state from,
    const char *actor, const char *audit, struct err *e)
{
	struct books *books = settler->books;
	struct event *event = &work->event;

	if (!event_state_may(from, event->state))
		bug("E%lld from %s to %s", (long long)event->seq,
		    event_state_name(from), event_state_name(event->state));
	event->version++;
	books_tally(books, event->source, event_state_name(event->state), 1);
	return event_move(books, event, &work->placing, e) &&
	    findings_add(books, event, &work->placing, &work->findings, e) &&
	    audit_add(books, actor, event_state_name(event->state),
	    event_name(work), event_state_name(from), audit, e);
}

/* No rule or mapping makes a used key a new one: it never posts. */
static bool
stay_reused(struct settler *settler, struct work *work, struct err *e)
{
	int64_t seq, first;

	if (!event_find_reuse(settler->books, &work->event, &seq, e))
		return false;
	if (seq != work->event.seq)
		return true;
	if (!event_find_key(settler->books, work->event.source,
	    work->event.key, &first, e))
		return false;
	judge_reuse(work, first);
	return true;
}

bool
settle_again(struct settler *settler, struct work *work, const char *actor,
    struct err *e)
{
	enum event_state from = work->event.state;
	struct placing old = work->placing;
	struct standing standing = { 0 };
	struct str audit;
	bool ok;

	settler->remap(work, settler->arg);
	if (!stay_reused(settler, work, e) ||
	    !leave(settler, work, from, &old, e) ||
	    !judge(settler, work, &standing, e))
		return false;
	work->event.attempts++;
	str_init(&audit, 65536);
	describe(work, &audit);
	ok = (work->event.state != EVENT_POSTED ||
	    post(settler, work, &standing, &audit, e)) &&
	    arrive(settler, work, from, actor, audit.p, e);
	str_free(&audit);
	return ok;
}

bool
settle_move(struct settler *settler, struct work *work,
    enum event_state state, const char *actor, const char *reason,
    struct err *e)
{
	enum event_state from = work->event.state;
	struct placing old = work->placing;

	if (!findings_load(settler->books->db, work->event.seq, work->arena,
	    &work->findings, e) || !leave(settler, work, from, &old, e))
		return false;
	work->event.state = state;
	return arrive(settler, work, from, actor,
	    arena_printf(work->arena, "state=%s reason=%s",
	    event_state_name(state), reason), e);
}
