/*
 * What may be there already is asked for before it is sent: after a try
 * without an outcome, after a stop in the middle of one, when a person has it
 * go again, and, after each start, of what is open and of what is new up to the
 * last that the target has of us, since the store may be a copy that is older
 * than what was sent from it. That it is, is learnt before anything new passes,
 * of all entities at once, and kept: what comes first may be of one alone.
 */
#include "flow/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "targets/compare.h"

#define ALWAYS INT64_MAX		/* nobody can say up to where */
#define AHEAD_MAX 1000000	/* of what was taken: more is a slip of
				 * somebody there, not a copy that is older by
				 * some days */

struct asking {
	struct committer *c;
	struct slot *slots[GROUP_MAX];
	const char *references[GROUP_MAX];
	size_t n;
	struct remote *found;
	size_t n_found;
};

static void
gather(struct asking *a, struct group *group)
{
	for (size_t i = 0; i < group->n; i++) {
		struct slot *slot = &group->slots[i];

		if (slot->stage != STAGE_SEND || !slot->asked)
			continue;
		a->slots[a->n] = slot;
		a->references[a->n++] = slot->posting.reference;
	}
}

/* A state that is new; words of ours. It stays to be asked for. */
static void
fail(struct asking *a, struct slot *slot, enum refusal refusal,
    const char *words)
{
	slot->verdict = (struct verdict){ .kind = VERDICT_REFUSED,
	    .refusal = refusal, .words = words, .wait = -1 };
	slot_apply(a->c, slot, false);
	slot->row.asked = true;
}

/* ---- no word ---------------------------------------------------------- */

/* It answers, but who we are is not taken, or may not ask. */
static enum refusal
refusal_of(const struct err *e)
{
	return e->code == ERR_UNAUTHENTIC || e->code == ERR_FORBIDDEN ?
	    REFUSAL_RIGHTS : REFUSAL_CONNECTION;
}

/* Something else was there by its reference: that is not forgotten before a
 * word of the target ends it. */
static bool
is_doubted(const struct commit_row *row)
{
	return strcmp(row->refusal, refusal_name(REFUSAL_DUPLICATE)) == 0;
}

/* It is as unknown as before, which costs no attempt: none was made. */
static void
postpone(struct asking *a, struct slot *slot, enum refusal refusal,
    const char *words)
{
	struct pace_state state;
	int64_t wait;

	if (slot->unsent) {
		slot->stage = STAGE_OVER;
		return;
	}
	pace_state(a->c->pace, clock_mono(), &state);
	wait = retry_backoff(state.failures > 0 ? state.failures : 1, MICROS,
	    a->c->conf->backoff * MICROS, chance());
	slot->row.state = COMMIT_RETRYING;
	slot->row.next_at = clock_now() + wait;
	if (!is_doubted(&slot->row)) {
		slot->row.refusal = refusal_name(refusal);
		slot->row.words = words;
		slot->row.cause = verdict_cause(refusal, words,
		    a->c->now->arena);
	}
	slot->stage = STAGE_SAID;
	slot->act = "ask";
	slot->outcome = "unknown";
}

/* A person who looked there may say that it goes again. */
static void
decide_unasked(struct asking *a, struct slot *slot)
{
	slot->asked = false;
	if (slot->unsent || slot_resent(slot))
		return;
	slot->act = "ask";
	fail(a, slot, REFUSAL_CONNECTION, "whether it is there is not known, "
	    "and this target cannot be asked: look there, then resend or "
	    "skip it");
}

static void
cannot_ask(struct asking *a)
{
	a->c->mute = true;
	for (size_t i = 0; i < a->n; i++)
		decide_unasked(a, a->slots[i]);
}

/* Nothing goes to a target that does not even answer. */
static void
no_word(struct asking *a, struct group *group, const struct err *e)
{
	const char *words = arena_strdup(a->c->now->arena, e->why);

	if (!committer_stopped(a->c))		/* it was not us */
		committer_bad(a->c, words);
	for (size_t i = 0; i < a->n; i++)
		postpone(a, a->slots[i], refusal_of(e), words);
	for (size_t i = 0; i < group->n; i++)
		if (group->slots[i].fresh ||
		    group->slots[i].stage == STAGE_SEND)
			group->slots[i].stage = STAGE_OVER;
	group->seen = a->c->row.taken;
}

/* ---- what is there ---------------------------------------------------- */

static void
digest_lines(struct day day, const struct posting_line *lines, size_t n,
    char out[SHA256_HEX])
{
	unsigned char digest[SHA256_SIZE];
	struct str text;

	str_init(&text, (size_t)4 << 20);
	posting_text(day, lines, n, &text);
	digest_sha256(str_span(&text), digest);
	digest_hex(digest, SHA256_SIZE, out);
	str_free(&text);
}

static bool
says_the_same(const struct slot *slot, const struct remote *remote)
{
	struct side ours = side_of_posting(&slot->posting);
	struct side theirs = side_of_remote(remote, slot->posting.currency);

	return side_same(&ours, &theirs);
}

/* There is what was sent, as far as it can be asked. An ERP that took it with
 * another day, or somebody who changed it since, is not passed over. */
static void
is_booked(struct asking *a, struct slot *slot, const struct remote *remote)
{
	struct verdict *v = &slot->verdict;

	if (remote->lined && !says_the_same(slot, remote)) {
		fail(a, slot, REFUSAL_CONFLICT, arena_printf(a->c->now->arena,
		    "it is there as %s, with other lines or another day",
		    *remote->number != '\0' ? remote->number :
		    remote->remote));
		return;
	}
	*v = (struct verdict){ .kind = VERDICT_DONE, .words = "",
	    .remote = remote->remote, .number = remote->number,
	    .version = remote->version, .wait = -1 };
	if (remote->lined)
		digest_lines(remote->date, remote->lines, remote->n_lines,
		    v->held);
	slot_apply(a->c, slot, false);
}

/* Its lines may be those of another document: what it is of stands behind the
 * reference, where the ERP keeps our narration. */
static bool
of_the_same(const struct slot *slot, const struct remote *remote,
    struct arena *arena)
{
	const struct posting *ours = &slot->posting;
	const char *said = remote->narration != NULL ? remote->narration : "";
	const char *name = arena_printf(arena, "%s %s %s", ours->reference,
	    ours->kind, ours->number);
	size_t reference = strlen(ours->reference), n = strlen(name);

	return strncmp(said, ours->reference, reference) != 0 ||
	    said[reference] != ' ' || (strncmp(said, name, n) == 0 &&
	    (said[n] == '\0' || said[n] == ':' || said[n] == ' '));
}

/* Never sent from this store, and there all the same. */
static void
is_known(struct asking *a, struct slot *slot, const struct remote *remote)
{
	if (remote->state == REMOTE_BOOKED && remote->lined &&
	    says_the_same(slot, remote) &&
	    of_the_same(slot, remote, a->c->now->arena))
		is_booked(a, slot, remote);
	else
		fail(a, slot, REFUSAL_DUPLICATE, "it has this reference "
		    "already, though it was never sent from these books, and "
		    "it is not known to be the same: were they restored from "
		    "an older copy?");
}

static void
finish(struct asking *a, struct slot *slot, const struct remote *remote)
{
	struct committer *c = a->c;
	struct err e = { 0 };
	bool ok;

	if (!committer_turn(c, 1)) {		/* it is found again */
		slot->act = NULL;
		slot->stage = STAGE_OVER;
		return;
	}
	slot->act = "finish";
	slot->verdict = (struct verdict){ .kind = VERDICT_UNKNOWN,
	    .wait = -1 };
	ok = c->adapter->finish != NULL ? c->adapter->finish(c->target,
	    &slot->posting, remote, c->now->arena, &slot->verdict, &e) :
	    err_set(&e, ERR_REFUSED, "no draft is finished there");
	committer_ended(c);
	if (!ok && e.code == ERR_REFUSED) {
		fail(a, slot, REFUSAL_DUPLICATE, "a draft of it is there, "
		    "and cannot be finished from here");
		return;
	}
	if (!ok && (slot->verdict.words == NULL ||
	    *slot->verdict.words == '\0'))
		slot->verdict.words = arena_strdup(c->now->arena, e.why);
	if (slot->verdict.kind == VERDICT_AWAY)		/* the draft is there */
		slot->verdict.kind = VERDICT_UNKNOWN;
	slot_apply(c, slot, false);
	slot->row.asked = slot->row.state != COMMIT_DONE;
}

/* It is not there. Sent long enough ago that it cannot be on its way any
 * more? */
static void
is_absent(struct asking *a, struct slot *slot)
{
	int64_t from, now = clock_now();

	if (slot->row.at > now)		/* the clock was set back */
		slot->row.at = now;
	from = slot->row.at + a->c->conf->timeout * MICROS;
	if (!slot->row.asked || now >= from)
		return;			/* it goes now */
	slot->row.state = COMMIT_RETRYING;
	slot->row.next_at = from;
	slot->stage = STAGE_SAID;
	slot->act = "ask";
	slot->outcome = "absent";
}

/* Equal lines alone do not make another document's posting its own, however
 * often somebody has it asked for. */
static bool
is_another(struct asking *a, const struct slot *slot,
    const struct remote *remote)
{
	return is_doubted(&slot->row) &&
	    !of_the_same(slot, remote, a->c->now->arena);
}

static void
judge(struct asking *a, struct slot *slot, const char *reference)
{
	const struct remote *there = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->n_found; i++)
		if (strcmp(a->found[i].reference, reference) == 0) {
			there = &a->found[i];
			n++;
		}
	slot->act = "ask";
	if (n == 0) {
		slot->act = NULL;
		is_absent(a, slot);
	} else if (n > 1) {
		fail(a, slot, REFUSAL_DUPLICATE, arena_printf(
		    a->c->now->arena, "it is there %zu times", n));
	} else if (slot->unsent || is_another(a, slot, there)) {
		is_known(a, slot, there);
	} else if (there->state == REMOTE_CANCELLED) {
		fail(a, slot, REFUSAL_CONFLICT, "it was cancelled there");
	} else if (there->state == REMOTE_DRAFT) {
		finish(a, slot, there);
	} else {
		is_booked(a, slot, there);
	}
}

static void
answered(struct committer *c)
{
	pace_good(c->pace);
	c->row.good = c->row.tried;
	committer_why(c, "");
}

/* ---- up to where ------------------------------------------------------ */

/* False with no error: it is not our turn. */
static bool
ask_reach(struct committer *c, const char *series, int64_t *last,
    struct err *e)
{
	const char *said = "";
	bool ok;

	*last = ALWAYS;
	/* `_` is a letter of ours and a wildcard there */
	if (c->adapter->reach == NULL || strchr(series, '_') != NULL)
		return true;
	if (!committer_turn(c, 1))
		return false;
	ok = c->adapter->reach(c->target, series, c->now->arena, &said, e);
	committer_ended(c);
	c->row.tried = clock_now();
	if (ok)
		answered(c);
	if (!ok && e->code == ERR_REFUSED) {
		*e = (struct err){ 0 };
		return true;
	}
	if (ok && (*said == '\0' || (posting_journal(said) > 0 &&
	    strncmp(said, series, strlen(series)) == 0)))
		*last = posting_journal(said);
	if (*last != ALWAYS && *last - c->last > AHEAD_MAX) {
		log_line(LOG_WARN, "target.reaches_far", "target=%s last=%s",
		    c->row.name, said);
		*last = ALWAYS;
	}
	return ok;
}

/* As our narration begins, behind the reference; a number that has a colon is
 * cut there, so that rather too much is taken for the same. */
static const char *
key_of(struct arena *arena, const char *entity, const char *document)
{
	return arena_printf(arena, "%s %.*s", entity, (int)strcspn(document,
	    ":"), document);
}

/* "sales_invoice INV-1: of whom", behind the reference: a journal of ours? */
static bool
is_ours(struct committer *c, const char *entity, int64_t journal,
    const char *document, bool *ours, struct err *e)
{
	struct arena *arena = arena_new();	/* of one of very many */
	size_t kind = strcspn(document, " ");
	const char *number = document[kind] != '\0' ? document + kind + 1 : "";
	const struct commit_row row = { .entity = entity,
		.kind = arena_strndup(arena, document, kind),
		.number = arena_strndup(arena, number, strcspn(number, ":")) };
	bool ok = outbox_is_of(c->db, journal, &row, ours, e);

	arena_free(&arena);
	return ok;
}

static bool
add_stranger(struct committer *c, const char *entity,
    const struct remote *remote, struct err *e)
{
	const char *said = remote->narration != NULL ? remote->narration : "";
	int64_t journal = posting_journal(remote->reference);
	size_t n = strlen(remote->reference);
	struct stranger *one;
	const char *key;
	bool ours;

	if (strncmp(said, remote->reference, n) != 0 || said[n] != ' ')
		return true;
	said += n + 1;
	if (!is_ours(c, entity, journal, said, &ours, e))
		return false;
	if (ours)
		return true;
	one = arena_alloc(c->older, sizeof *one);
	key = key_of(c->older, entity, said);
	one->journal = journal;
	one->next = map_find(c->strangers, span_of(key));
	map_set(c->strangers, span_of(key), one);
	return true;
}

/* False with no error: it is not our turn. */
static bool
learn_some(struct committer *c, const char *entity, int64_t from, int64_t to,
    struct err *e)
{
	char texts[GROUP_MAX][REFERENCE_MAX];
	const char *references[GROUP_MAX];
	struct arena *arena;
	struct remote *found;
	size_t n = 0, n_found;
	bool ok;

	for (; from <= to && n < GROUP_MAX; from++) {
		posting_reference(entity, from, texts[n]);
		references[n] = texts[n];
		n++;
	}
	if (!committer_turn(c, 1))
		return false;
	arena = arena_new();
	ok = c->adapter->find(c->target, references, n, arena, &found,
	    &n_found, e);
	committer_ended(c);
	for (size_t i = 0; ok && i < n_found; i++)
		ok = add_stranger(c, entity, &found[i], e);
	arena_free(&arena);
	return ok;
}

/* It has more of us than we know of: this store is an older copy, and what
 * comes now has other numbers than it had, where anything new came before it.
 * So which documents those are is asked, too, after each start, since they may
 * come late; who is interrupted goes on where he was. */
static bool
learn_strangers(struct committer *c, const char *entity,
    struct reached *reached, struct err *e)
{
	for (; reached->learnt < reached->older; reached->learnt += GROUP_MAX)
		if (!learn_some(c, entity, reached->learnt + 1,
		    reached->older, e))
			return false;
	return true;
}

static void
note_older(struct target_row *row, int64_t from, int64_t to)
{
	if (row->older_to == 0 || from < row->older_from)
		row->older_from = from;
	if (to > row->older_to)
		row->older_to = to;
}

static struct reached *
add_reached(struct committer *c, const char *entity, int64_t last)
{
	struct reached *reached = calloc(1, sizeof *reached);

	if (reached == NULL)
		bug("out of memory");
	reached->last = last;
	if (last != ALWAYS) {
		if (last > c->last)
			note_older(&c->row, c->last, last);
		reached->learnt = c->row.older_from;
		reached->older = last < c->row.older_to ? last :
		    c->row.older_to;
	}
	map_set(c->reached, span_of(entity), reached);
	return reached;
}

/* Asked once after each start: only an older copy of the store does not know
 * what it has. */
static bool
reach(struct committer *c, const char *entity, int64_t *last, struct err *e)
{
	struct reached *reached = map_find(c->reached, span_of(entity));
	char series[REFERENCE_MAX];

	if (reached == NULL) {
		posting_series(entity, series);
		if (!ask_reach(c, series, last, e))
			return false;
		reached = add_reached(c, entity, *last);
	}
	*last = reached->last;
	return learn_strangers(c, entity, reached, e);
}

/* Of what may come; of an entity that is none yet when it comes. Where all that
 * it has is of ours, its file was renamed, or all came again. */
static bool
reach_all(struct committer *c, struct err *e)
{
	const char **entities;
	int64_t last;
	size_t n;

	if (c->reached_all)
		return true;
	if (!target_entities(c->db, c->now->arena, &entities, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (targetconf_takes(c->conf, entities[i]) &&
		    !reach(c, entities[i], &last, e))
			return false;
	c->reached_all = true;
	if (map_count(c->strangers) == 0)
		c->row.older_from = c->row.older_to = 0;
	return true;
}

/* New ones behind the last that it has are not there. */
static bool
pass_new(struct committer *c, struct group *group, struct err *e)
{
	int64_t last;

	for (size_t i = 0; i < group->n; i++) {
		struct slot *slot = &group->slots[i];

		if (!slot->recent || !slot->asked ||
		    slot->stage != STAGE_SEND)
			continue;
		if (!reach(c, slot->row.entity, &last, e))
			return false;
		slot->asked = slot->row.journal <= last;
	}
	return true;
}

/* ---- asking ----------------------------------------------------------- */

static void
judge_all(struct asking *a)
{
	for (size_t i = 0; i < a->n; i++)
		judge(a, a->slots[i], a->references[i]);
}

/* Its document is there by the number that another journal has now. */
static bool
find_elsewhere(struct asking *a, struct slot *slot, int64_t *journal,
    struct err *e)
{
	const struct commit_row *row = &slot->row;
	const char *document = arena_printf(a->c->now->arena, "%s %s",
	    row->kind, row->number);
	const char *key = key_of(a->c->now->arena, row->entity, document);
	const struct stranger *one = map_find(a->c->strangers, span_of(key));
	bool ours;

	*journal = 0;
	for (; one != NULL && *journal == 0; one = one->next) {
		if (!outbox_is_of(a->c->db, one->journal, row, &ours, e))
			return false;
		if (!ours)
			*journal = one->journal;
	}
	return true;
}

/* What is there by another reference does not go once more, unless a person
 * who looked there says so. */
static bool
stop_doubles(struct asking *a, struct group *group, struct err *e)
{
	char reference[REFERENCE_MAX];
	int64_t journal;

	for (size_t i = 0; i < group->n && map_count(a->c->strangers) > 0;
	    i++) {
		struct slot *slot = &group->slots[i];
		bool asked = slot->row.asked;

		if (slot->stage != STAGE_SEND || slot_resent(slot))
			continue;
		if (!find_elsewhere(a, slot, &journal, e))
			return false;
		if (journal == 0)
			continue;
		posting_reference(slot->row.entity, journal, reference);
		slot->act = "ask";
		fail(a, slot, REFUSAL_DUPLICATE, arena_printf(
		    a->c->now->arena, "its document is there as %s, which "
		    "these books know nothing of: were they restored from an "
		    "older copy?", reference));
		slot->row.asked = asked;	/* nothing went now */
	}
	return true;
}

/* Its row is from before the settings were changed: what of it is there was
 * asked for, and nothing goes any more. */
static void
stop_others(struct asking *a, struct group *group)
{
	const struct targetconf *conf = a->c->conf;

	for (size_t i = 0; i < group->n; i++) {
		struct slot *slot = &group->slots[i];
		bool asked = slot->row.asked;

		if (slot->stage != STAGE_SEND ||
		    (targetconf_takes(conf, slot->row.entity) &&
		    strcmp(slot->posting.date.text, conf->first) >= 0))
			continue;
		slot->act = "ask";
		fail(a, slot, REFUSAL_DATA, arena_printf(a->c->now->arena,
		    "%s of %s is not for this target any more, by its "
		    "settings: skip it", slot->row.entity,
		    slot->posting.date.text));
		slot->row.asked = asked;	/* nothing went now */
	}
}

static bool
not_now(struct committer *c, struct group *group)
{
	for (size_t i = 0; i < group->n; i++)
		group->slots[i].stage = STAGE_OVER;
	group->seen = c->row.taken;
	pace_untried(c->pace, clock_mono());
	return false;
}

static bool
ask_gathered(struct asking *a, struct group *group)
{
	struct committer *c = a->c;
	struct err e = { 0 };
	bool ok;

	if (!committer_turn(c, 1))
		return not_now(c, group);
	ok = c->adapter->find(c->target, a->references, a->n, c->now->arena,
	    &a->found, &a->n_found, &e);
	committer_ended(c);
	c->row.tried = clock_now();
	if (!ok && e.code == ERR_REFUSED) {
		cannot_ask(a);
		return true;
	}
	if (!ok) {
		no_word(a, group, &e);
		return false;
	}
	answered(c);
	judge_all(a);
	return true;
}

bool
group_ask(struct committer *c, struct group *group)
{
	struct asking a = { .c = c };
	struct err e = { 0 };
	bool ok = c->mute || (reach_all(c, &e) && pass_new(c, group, &e));

	gather(&a, group);
	if (!ok && e.code == ERR_NONE)
		return not_now(c, group);
	if (!ok) {
		no_word(&a, group, &e);
		return false;
	}
	if (c->mute)
		cannot_ask(&a);
	else if (a.n > 0 && !ask_gathered(&a, group))
		return false;
	stop_others(&a, group);
	if (stop_doubles(&a, group, &e))
		return true;
	a.n = 0;		/* they have their word */
	no_word(&a, group, &e);
	return false;
}
