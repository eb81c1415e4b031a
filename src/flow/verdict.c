/* From words to states; called by the committer for each posting. */
#include "flow/verdict.h"

#include <string.h>

#include "core/clock.h"
#include "net/retry.h"

#define SECOND INT64_C(1000000)

/* ---- causes ----------------------------------------------------------- */

static bool
is_word(char c)
{
	return c != '\0' && strchr(" \t\"'(),;:[]{}<>=", c) == NULL;
}

static bool
has_digit(const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] >= '0' && word[i] <= '9')
			return true;
	return false;
}

/* The word that starts here: as it is, or a mark for what differs. */
static size_t
add_word(struct str *out, const char *word, bool named)
{
	size_t n = 0;

	while (is_word(word[n]))
		n++;
	if (n == 0) {
		str_addc(out, *word);
		return 1;
	}
	if (strncmp(word, "bahi-", 5) == 0)
		str_adds(out, "..");
	else if (!named && has_digit(word, n))
		str_addc(out, '#');
	else
		str_add(out, word, n);
	return n;
}

/* What a mapping lacks is named in quotes, or by us at the end. */
const char *
verdict_cause(enum refusal refusal, const char *words, struct arena *arena)
{
	char quote = '\0';
	struct str out;
	const char *kept;
	size_t n;

	str_init(&out, TARGET_WORDS + CAUSE_MAX);
	str_addf(&out, "%s: ", refusal == REFUSAL_NONE ? "other" :
	    refusal_name(refusal));
	for (const char *at = words; *at != '\0';) {
		if (*at == quote)
			quote = '\0';
		else if (quote == '\0' && (*at == '"' || *at == '\''))
			quote = *at;
		at += add_word(&out, at, refusal == REFUSAL_MAPPING &&
		    quote != '\0');
	}
	for (n = out.n < CAUSE_MAX ? out.n : CAUSE_MAX; n < out.n && n > 0 &&
	    ((unsigned char)out.p[n] & 0xc0) == 0x80;)
		n--;
	kept = arena_strndup(arena, out.p, n);
	str_free(&out);
	return kept;
}

/* ---- rows ------------------------------------------------------------- */

static void
retry_at(struct commit_row *row, int64_t at)
{
	row->state = COMMIT_RETRYING;
	row->next_at = at;
}

static void
done(struct commit_row *row, const struct verdict *v)
{
	row->state = COMMIT_DONE;
	row->attempts = row->next_at = 0;
	row->refusal = row->cause = row->words = "";
	row->remote = v->remote;
	row->remote_number = v->number;
	row->remote_version = v->version;
	if (v->held[0] != '\0')
		row->held = v->held;
}

static void
refused(struct commit_row *row, enum refusal refusal, const char *words,
    struct arena *arena)
{
	row->refusal = refusal_name(refusal);
	row->cause = verdict_cause(refusal, words, arena);
	row->words = words;
	row->next_at = 0;
}

/* Full jitter, but never less than what was asked for. */
static int64_t
backoff(unsigned attempt, const struct verdict *v,
    const struct verdict_limits *limits)
{
	int64_t wait = retry_backoff(attempt > 0 ? attempt : 1, SECOND,
	    limits->backoff, limits->chance);

	return v->wait > wait ? v->wait : wait;
}

/* Nothing of it is there, and it is nobody's fault but the target's: that
 * costs the journal no attempt, however long the target is away. */
static void
away(struct commit_row *row, const struct verdict *v,
    const struct verdict_limits *limits, int64_t now, struct arena *arena)
{
	refused(row, v->refusal, v->words, arena);
	row->asked = false;
	retry_at(row, now + backoff(limits->failures, v, limits));
}

/* Alone from now on: one that makes the target fall over must not be counted
 * against the others. */
static void
unknown(struct commit_row *row, const struct verdict *v,
    const struct verdict_limits *limits, int64_t now, struct arena *arena)
{
	refused(row, v->refusal != REFUSAL_NONE ? v->refusal :
	    REFUSAL_CONNECTION, v->words, arena);
	row->asked = true;
	row->reason = "";		/* of a person: it was for this try */
	row->apart = row->apart || limits->several;
	row->attempts++;
	if (limits->mute)
		row->state = COMMIT_FAILED;
	else if (row->attempts >= limits->attempts)
		row->state = COMMIT_DEAD;
	else
		retry_at(row, now + backoff((unsigned)row->attempts, v,
		    limits));
}

/* Refused or not, something of it stands there: whoever says "retry" must not
 * have it sent beside that. */
static bool
is_there(const struct verdict *v)
{
	return v->kind == VERDICT_CONFLICT ||
	    (v->remote != NULL && *v->remote != '\0');
}

void
verdict_apply(struct commit_row *row, const struct verdict *v,
    const struct verdict_limits *limits, int64_t now, struct arena *arena)
{
	row->at = now;
	if (v->sent[0] != '\0')
		row->sent = v->sent;
	switch (v->kind) {
	case VERDICT_DONE:
		done(row, v);
		break;
	case VERDICT_REFUSED:
	case VERDICT_CONFLICT:
		refused(row, v->kind == VERDICT_CONFLICT ? REFUSAL_CONFLICT :
		    v->refusal, v->words, arena);
		row->state = COMMIT_FAILED;
		row->asked = is_there(v);
		break;
	case VERDICT_AWAY:
		away(row, v, limits, now, arena);
		break;
	case VERDICT_TOGETHER:
		row->apart = true;
		row->asked = false;
		retry_at(row, now);
		break;
	case VERDICT_UNKNOWN:
	case VERDICT_KINDS:
		unknown(row, v, limits, now, arena);
		break;
	}
}
