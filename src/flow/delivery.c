/*
 * A group of postings: which go, and sending them.  Called by the committer's
 * thread alone; reads the store on its own connection and writes nothing: what
 * becomes of a posting is said in its slot, for keeping.c.
 */
#include "flow/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/settle.h"

#define SLOW (3 * MICROS)	/* an answer that a person should know of */

/* ---- groups ----------------------------------------------------------- */

struct group *
group_new(void)
{
	struct group *group = calloc(1, sizeof *group);

	if (group == NULL)
		bug("out of memory");
	group->arena = arena_new();
	return group;
}

void
group_free(struct group **gp)
{
	if (*gp == NULL)
		return;
	arena_free(&(*gp)->arena);
	free(*gp);
	*gp = NULL;
}

void
group_clear(struct group *group)
{
	arena_reset(group->arena);
	group->n = 0;
	group->seen = 0;
}

uint64_t
chance(void)
{
	uint64_t random;

	digest_random(&random, sizeof random);
	return random;
}

/* ---- which go --------------------------------------------------------- */

static struct slot *
add_slot(struct group *group)
{
	struct slot *slot = &group->slots[group->n++];

	*slot = (struct slot){ .stage = STAGE_SEND };
	return slot;
}

/* A person said so, with a reason: asked for first in any case. */
bool
slot_resent(const struct slot *slot)
{
	return *slot->row.actor != '\0' && *slot->row.reason != '\0';
}

/* Nothing of it went, says the store; which is asked, too, since the store may
 * be older than what was sent: always where that was written before this start,
 * or where a person has it go again, else up to what the target has, as what is
 * new. */
static void
add_due(const struct committer *c, struct group *group,
    const struct commit_row *row)
{
	struct slot *slot = add_slot(group);

	slot->row = slot->was = *row;
	slot->unsent = !row->asked && !slot_resent(slot);
	slot->asked = !slot->unsent || !c->mute;
	slot->recent = slot->unsent && row->at >= c->began &&
	    *row->actor == '\0';
	slot->plain = !row->asked && *row->refusal == '\0' &&
	    *row->actor == '\0';
}

static bool
same_document(const struct commit_row *row, const struct journal_mark *mark)
{
	return strcmp(row->number, mark->number) == 0 &&
	    strcmp(row->kind, mark->kind) == 0 &&
	    strcmp(row->entity, mark->entity) == 0;
}

/* Of a document one after the other: also within a group. */
static bool
is_behind(struct committer *c, const struct group *group,
    const struct journal_mark *mark, bool *behind, struct err *e)
{
	*behind = true;
	for (size_t i = 0; i < group->n; i++)
		if (same_document(&group->slots[i].row, mark))
			return true;
	return outbox_behind(c->db, c->row.name, mark, behind, e);
}

static bool
add_fresh(struct committer *c, struct group *group,
    const struct journal_mark *mark, struct err *e)
{
	int64_t now = clock_now();
	struct slot *slot;
	bool behind;

	if (!is_behind(c, group, mark, &behind, e))
		return false;
	slot = add_slot(group);
	slot->fresh = slot->recent = slot->unsent = slot->plain = true;
	slot->asked = !c->mute;
	slot->stage = behind ? STAGE_WAIT : STAGE_SEND;
	slot->row = (struct commit_row){ .target = c->row.name,
	    .journal = mark->journal, .entity = mark->entity,
	    .kind = mark->kind, .number = mark->number,
	    .version = mark->version, .state = COMMIT_WAITING,
	    .refusal = "", .cause = "", .words = "", .remote = "",
	    .remote_number = "", .remote_version = "", .sent = "",
	    .held = "", .actor = "", .reason = "", .first = now,
	    .at = now };
	return true;
}

static bool
add_next(struct committer *c, struct group *group, size_t most,
    struct err *e)
{
	struct journal_mark *marks;
	size_t n;

	group->seen = c->row.taken;
	if (most == 0)
		return true;
	if (!outbox_next(c->db, &c->row, c->row.taken, most, group->arena,
	    &marks, &n, &group->seen, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!add_fresh(c, group, &marks[i], e))
			return false;
	return true;
}

/* A trial must not be one that made the target fall over, if there is
 * another: a new one, or that which failed least. */
static void
take_trial(struct group *group)
{
	size_t best = 0;

	for (size_t i = 1; i < group->n; i++) {
		const struct slot *slot = &group->slots[i];
		const struct slot *so_far = &group->slots[best];

		if (slot->stage == STAGE_SEND && (slot->fresh ||
		    so_far->stage != STAGE_SEND ||
		    slot->row.attempts < so_far->row.attempts))
			best = i;
	}
	for (size_t i = 0; i < group->n; i++)
		if (i != best && group->slots[i].stage == STAGE_SEND)
			group->slots[i].stage = STAGE_OVER;
}

/* ---- what they are ---------------------------------------------------- */

/* By us: it was not sent now. It may have been before, and is still to be
 * asked for. */
static void
refuse(struct committer *c, struct slot *slot, enum refusal refusal,
    const char *words)
{
	bool asked = slot->row.asked;

	slot->verdict = (struct verdict){ .kind = VERDICT_REFUSED,
	    .refusal = refusal, .words = words, .remote = "", .number = "",
	    .version = "", .wait = -1 };
	slot_apply(c, slot, false);
	slot->row.asked = asked;
	slot->act = "take";
	slot->outcome = "refused";
}

static void
refuse_misses(struct committer *c, struct slot *slot,
    const struct posting_miss *misses, size_t n, struct arena *arena)
{
	struct str words;

	str_init(&words, TARGET_WORDS);
	str_adds(&words, "nothing maps");
	for (size_t i = 0; i < n; i++)
		str_addf(&words, "%s %s \"%s\"", i > 0 ? "," : "",
		    misses[i].dimension, misses[i].value);
	refuse(c, slot, REFUSAL_MAPPING, arena_strdup(arena, words.p));
	str_free(&words);
}

/* What it undoes: its id there. Undoing what was skipped is for a person. */
static bool
find_undone(struct committer *c, struct slot *slot, struct arena *arena,
    struct err *e)
{
	struct posting *posting = &slot->posting;
	struct commit_row undone;
	bool found;

	if (*posting->reverses == '\0')
		return true;
	if (!commit_load(c->db, c->row.name,
	    posting_journal(posting->reverses), arena, &undone, &found, e))
		return false;
	if (!found)
		return true;
	posting->reverses_remote = undone.remote;
	if (undone.state == COMMIT_SKIPPED && *slot->row.actor == '\0')
		refuse(c, slot, REFUSAL_DATA, arena_printf(arena, "it undoes "
		    "%s, which was skipped: skip it, too, or retry it if "
		    "that is there", posting->reverses));
	return true;
}

static void
skip_empty(struct slot *slot)
{
	slot->row.state = COMMIT_SKIPPED;
	slot->row.actor = "bahid";
	slot->row.reason = "nothing to post: all of its amounts are zero";
	slot->row.next_at = 0;
	slot->row.at = clock_now();
	slot->stage = STAGE_SAID;
}

static bool
load_posting(struct committer *c, struct group *group, struct slot *slot,
    struct err *e)
{
	struct posting_miss *misses;
	size_t n;
	bool found;

	if (!posting_load(c->db, c->conf, slot->row.journal, group->arena,
	    &slot->posting, &misses, &n, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "J%lld is missing",
		    (long long)slot->row.journal);
	slot->loaded = true;
	if (n > 0)
		refuse_misses(c, slot, misses, n, group->arena);
	else if (slot->posting.n_lines == 0)
		skip_empty(slot);
	else
		return outbox_received(c->db, slot->row.journal,
		    &slot->received, e) &&
		    find_undone(c, slot, group->arena, e);
	return true;
}

bool
group_form(struct committer *c, struct group *group, size_t most,
    bool trial, struct err *e)
{
	struct commit_row *rows;
	size_t n;

	group_clear(group);
	if (!outbox_due(c->db, c->row.name, clock_now(), trial ? GROUP_MAX /
	    2 : most, group->arena, &rows, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		add_due(c, group, &rows[i]);
	if (!add_next(c, group, trial ? 1 : most - n, e))
		return false;
	if (trial)
		take_trial(group);
	for (size_t i = 0; i < group->n; i++)
		if (group->slots[i].stage == STAGE_SEND &&
		    !load_posting(c, group, &group->slots[i], e))
			return false;
	return true;
}

/* ---- what came of them ------------------------------------------------ */

static const char *
text_of(const char *text)
{
	return text != NULL ? text : "";
}

void
slot_apply(struct committer *c, struct slot *slot, bool several)
{
	struct verdict *v = &slot->verdict;
	struct verdict_limits limits = {
		.attempts = c->conf->attempts,
		.backoff = c->conf->backoff * MICROS,
		.mute = c->mute, .several = several, .chance = chance(),
	};
	struct pace_state state;

	pace_state(c->pace, clock_mono(), &state);
	limits.failures = state.failures;
	v->words = text_of(v->words);
	v->remote = text_of(v->remote);
	v->number = text_of(v->number);
	v->version = text_of(v->version);
	verdict_apply(&slot->row, v, &limits, clock_now(), c->now->arena);
	slot->stage = STAGE_SAID;
	slot->outcome = verdict_name(v->kind);
}

/* It never left: as if it had not been its turn. */
static void
put_back(struct slot *slot)
{
	slot->row.state = COMMIT_RETRYING;
	slot->row.next_at = slot->row.at = clock_now();
	slot->stage = STAGE_SAID;
	slot->act = NULL;
}

/* By us: what it would have said is not known, and counts for nothing. What a
 * person decided was for this try. */
static void
interrupted(struct slot *slot)
{
	put_back(slot);
	slot->row.asked = true;
	slot->row.reason = "";
}

static bool
brought_word(const struct slot *slot)
{
	const struct verdict *v = &slot->verdict;

	return v->kind != VERDICT_UNKNOWN && (v->kind != VERDICT_AWAY ||
	    v->refusal == REFUSAL_RATE);
}

/* How long it wants us to wait; and who is told so all the time waits longer
 * each time, if it does not say how long. */
static void
note_waits(struct committer *c, struct slot *const *call, size_t n)
{
	int64_t wait = 0;
	bool told = false;

	for (size_t i = 0; i < n; i++) {
		const struct verdict *v = &call[i]->verdict;

		if (v->wait > wait)
			wait = v->wait;
		told = told || (v->kind == VERDICT_AWAY &&
		    v->refusal == REFUSAL_RATE);
	}
	c->throttled = told ? c->throttled + 1 : 0;
	if (told && wait == 0)
		wait = MICROS / 10 + retry_backoff(c->throttled, MICROS,
		    c->conf->backoff * MICROS, chance());
	if (wait > 0)
		pace_wait(c->pace, clock_mono() + wait);
}

static void
note_rights(struct committer *c, struct slot *const *call, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct verdict *v = &call[i]->verdict;

		if (v->kind == VERDICT_DONE)
			c->denied = 0;
		else if (v->kind == VERDICT_REFUSED &&
		    v->refusal == REFUSAL_RIGHTS)
			c->denied++;
		if (c->denied >= (unsigned)c->conf->failures &&
		    !c->stopping) {
			c->stopping = true;
			committer_why(c, text_of(v->words));
		}
	}
}

/* A batch of one cannot be refused for another. */
static void
judge_alone(struct slot *slot)
{
	if (slot->verdict.kind != VERDICT_TOGETHER)
		return;
	slot->verdict.kind = VERDICT_REFUSED;
	if (slot->verdict.refusal == REFUSAL_NONE)
		slot->verdict.refusal = REFUSAL_DATA;
}

/* It takes all, and still nobody would see why so little comes there. */
static const char *
slowness(const struct committer *c)
{
	return c->took < SLOW ? "" : arena_printf(c->now->arena,
	    "it answers slowly, the last time after %lld s",
	    (long long)(c->took / MICROS));
}

/* The breaker first: how long a row waits is by how often it failed. */
static bool
note_word(struct committer *c, struct slot *const *call, size_t n)
{
	bool word = false;

	for (size_t i = 0; i < n; i++)
		word = word || brought_word(call[i]);
	c->row.tried = clock_now();
	if (word) {
		c->row.good = c->row.tried;
		pace_good(c->pace);
		if (!c->stopping)
			committer_why(c, slowness(c));
	} else if (!committer_stopped(c)) {	/* it was not us */
		committer_bad(c, text_of(call[0]->verdict.words));
	}
	return word;
}

static void
count_call(struct committer *c, struct slot *const *call, size_t n,
    bool word)
{
	int64_t now = clock_now();

	pthread_mutex_lock(&c->lock);
	c->figures.sent += (int64_t)n;
	c->figures.away += !word;
	for (size_t i = 0; i < n; i++) {
		int64_t took = now - call[i]->received;

		if (call[i]->verdict.kind != VERDICT_DONE)
			continue;
		c->figures.done++;
		if (call[i]->received == 0 || took < 0)
			continue;
		c->figures.latency[latency_bucket(took)]++;
		c->figures.latency_sum += took;
	}
	pthread_mutex_unlock(&c->lock);
}

/* ---- sending ---------------------------------------------------------- */

static bool
say(struct committer *c, struct slot *const *call, size_t n)
{
	struct posting postings[TARGET_BATCH_MAX];
	struct verdict verdicts[TARGET_BATCH_MAX] = { 0 };
	int64_t start = clock_mono();
	struct err e = { 0 };
	bool ok;

	for (size_t i = 0; i < n; i++) {
		postings[i] = call[i]->posting;
		verdicts[i].wait = -1;
	}
	ok = c->adapter->send(c->target, postings, n, c->now->arena,
	    verdicts, &e);
	c->took = clock_mono() - start;
	crash_point("commit.after_send");
	for (size_t i = 0; i < n; i++) {
		if (!ok && text_of(verdicts[i].words)[0] == '\0')
			verdicts[i].words = arena_strdup(c->now->arena,
			    e.why);
		call[i]->verdict = verdicts[i];
		call[i]->act = "send";
	}
	return ok;
}

/* False: nothing more goes just now. */
static bool
send_call(struct committer *c, struct slot *const *call, size_t n)
{
	bool word;

	if (!committer_turn(c, (int64_t)n)) {
		pace_untried(c->pace, clock_mono());
		return false;
	}
	(void)say(c, call, n);
	committer_ended(c);
	if (n == 1)
		judge_alone(call[0]);
	word = note_word(c, call, n);
	for (size_t i = 0; i < n; i++)
		if (call[i]->verdict.kind == VERDICT_UNKNOWN &&
		    committer_stopped(c))
			interrupted(call[i]);
		else
			slot_apply(c, call[i], n > 1);
	note_waits(c, call, n);
	note_rights(c, call, n);
	count_call(c, call, n, word);
	if (c->said_at == 0)
		c->said_at = clock_mono();
	return word && c->throttled == 0 && !c->stopping;
}

size_t
call_most(const struct committer *c)
{
	int64_t most = c->conf->batch > 0 ? c->conf->batch :
	    (int64_t)c->adapter->batch;
	int64_t paced = pace_most(c->pace);

	if (most > (int64_t)c->adapter->batch)
		most = (int64_t)c->adapter->batch;
	if (most > TARGET_BATCH_MAX)
		most = TARGET_BATCH_MAX;
	if (most > paced)
		most = paced;
	return most > 0 ? (size_t)most : 1;
}

/* The next ones that go in one call; *at moves behind them. */
static size_t
next_call(const struct committer *c, struct group *group, size_t *at,
    struct slot **call)
{
	size_t n = 0, most = call_most(c);

	for (; *at < group->n && n < most; (*at)++) {
		struct slot *slot = &group->slots[*at];

		if (slot->stage != STAGE_WRITTEN)
			continue;
		if (slot->row.apart && n > 0)
			break;
		call[n++] = slot;
		if (slot->row.apart)
			most = 1;
	}
	return n;
}

/* What was said is kept once it is a second old, however slow the rest is. */
static bool
keep_sometimes(struct committer *c)
{
	struct err e = { 0 };

	if (c->said_at == 0 || clock_mono() - c->said_at < MICROS)
		return true;
	if (group_keep(c, &e))
		return true;
	log_line(LOG_ERROR, "target.not_kept", "target=%s why=\"%s\"",
	    c->row.name, e.why);
	return false;
}

void
group_send(struct committer *c, struct group *group)
{
	struct slot *call[TARGET_BATCH_MAX];
	size_t at = 0, n;
	bool goes = true;

	while (goes && (n = next_call(c, group, &at, call)) > 0)
		goes = send_call(c, call, n) && keep_sometimes(c) &&
		    committer_goes(c);
	for (size_t i = 0; i < group->n; i++)
		if (group->slots[i].stage == STAGE_WRITTEN)
			put_back(&group->slots[i]);
	if (c->said_at == 0 && group_unkept(group))
		c->said_at = clock_mono();
}
