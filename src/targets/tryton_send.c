/*
 * Moves into a Tryton. It makes drafts in one call and books them in the next,
 * each of them whole or not at all: so a stop between the two leaves drafts,
 * which target_find finds by our reference at the start of the description.
 */
#include <stdlib.h>
#include <string.h>

#include "targets/tryton.h"

struct sending {
	struct target *target;
	const struct posting *postings;
	struct arena *arena;
	struct verdict *verdicts;
	size_t n;		/* of those that go */
	size_t *which;		/* their places */
	const char **ids;	/* theirs, once they are made */
};

/* What is sure after a call without a result. */
enum after {
	AFTER_REFUSED,		/* it said no, and has done nothing */
	AFTER_AWAY,		/* it did not come to it */
	AFTER_LARGE,		/* too much for one call */
	AFTER_BROKEN,		/* a fault of its own */
	AFTER_UNKNOWN
};

static enum after
after(const struct tryton_said *said)
{
	int status = said->answer.status;

	if (said->fault != 0)
		return said->fault == TRYTON_OTHER ? AFTER_BROKEN :
		    AFTER_REFUSED;
	/* 408 may be a gateway's, that gave up what goes on behind it, and so
	 * may whatever sends us elsewhere. */
	if (said->entering || (status >= 400 && status < 500 &&
	    status != 408))
		return status == 413 ? AFTER_LARGE : AFTER_AWAY;
	return status == 0 && !said->answer.sent ? AFTER_AWAY : AFTER_UNKNOWN;
}

static struct verdict *
verdict_at(const struct sending *s, size_t i)
{
	return &s->verdicts[s->which[i]];
}

static void
each(const struct sending *s, enum verdict_kind kind, enum refusal refusal,
    const char *words)
{
	for (size_t i = 0; i < s->n; i++) {
		struct verdict *v = verdict_at(s, i);

		v->kind = kind;
		v->refusal = refusal;
		v->words = words;
		v->wait = -1;
	}
}

/* It has nothing of any of them, and said no to one. */
static void
refused(const struct sending *s, enum refusal refusal, const char *words)
{
	if (s->n > 1)
		each(s, VERDICT_TOGETHER, refusal, words);
	else
		verdict_refuse(verdict_at(s, 0), refusal, words);
}

static struct tv *
ids_of(const struct sending *s)
{
	struct tv *ids = tv_new(s->arena, TV_LIST);

	for (size_t i = 0; i < s->n; i++)
		if (s->ids[i] != NULL)
			tv_add(ids, tv_int(s->arena, strtoll(s->ids[i], NULL,
			    10)));
	return ids;
}

static bool
call_on(const struct sending *s, const char *method, const struct tv *more,
    struct tryton_said *said, struct err *e)
{
	struct tv *params = tv_new(s->arena, TV_LIST);

	tv_add(params, ids_of(s));
	return tryton_call(s->target, method, params, more, s->arena, said,
	    e);
}

/* ---- what is there ---------------------------------------------------- */

static void
done(struct verdict *v, const struct remote *there)
{
	v->kind = VERDICT_DONE;
	v->refusal = REFUSAL_NONE;
	v->words = "";
	v->remote = there->remote;
	v->number = there->number;
	v->version = there->version;
	verdict_held(v, there->date, there->lines, there->n_lines);
}

/* Those that are booked, by what is there; the number of the others. */
static size_t
take_booked(struct sending *s, const struct remote *there, size_t n)
{
	size_t open = 0;

	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; s->ids[i] != NULL && k < n; k++) {
			if (strcmp(there[k].remote, s->ids[i]) != 0 ||
			    there[k].state != REMOTE_BOOKED)
				continue;
			done(verdict_at(s, i), &there[k]);
			if (!tryton_same(s->target->state,
			    &s->postings[s->which[i]], &there[k], s->arena))
				tryton_forget(s->target->state);
			s->ids[i] = NULL;
		}
		open += s->ids[i] != NULL;
	}
	return open;
}

/* *open: how many are not booked. False: nobody knows. */
static bool
look(struct sending *s, size_t *open)
{
	const char **ids = arena_alloc(s->arena, sizeof *ids * (s->n + 1));
	struct tryton_said said;
	struct remote *there;
	size_t n = 0, n_there;
	struct err e = { 0 };

	for (size_t i = 0; i < s->n; i++)
		if (s->ids[i] != NULL)
			ids[n++] = s->ids[i];
	if (!tryton_read(s->target, ids, n, s->arena, &there, &n_there, &said,
	    &e))
		return false;
	*open = take_booked(s, there, n_there);
	return true;
}

/* ---- booking ---------------------------------------------------------- */

/* It booked none of them: so the drafts go, too. Where one cannot, they are
 * still there to be found. */
static void
take_back(struct sending *s, enum refusal refusal, const char *words)
{
	struct tryton_said said;
	struct err e = { 0 };
	bool gone = call_on(s, "model.account.move.delete", NULL, &said, &e);

	for (size_t i = 0; i < s->n; i++) {
		struct verdict *v = verdict_at(s, i);

		if (s->ids[i] == NULL)
			continue;
		if (gone && s->n > 1) {
			v->kind = VERDICT_TOGETHER;
			v->refusal = refusal;
			v->words = words;
		} else if (gone)
			verdict_refuse(v, refusal, words);
		else if (s->n == 1 && after(&said) == AFTER_REFUSED)
			verdict_refuse(v, refusal, arena_printf(s->arena,
			    "%s (its draft is there still: our user may not "
			    "delete it)", words));
		else {
			v->kind = VERDICT_UNKNOWN;
			v->refusal = refusal;
			v->words = words;
			v->remote = s->ids[i];
		}
		if (gone)
			v->remote = "";
	}
}

/* Drafts are there, or moves. False: no word whether they are booked. */
static bool
unknown(struct sending *s, const struct tryton_said *said,
    const struct err *why)
{
	const char *words = words_of(span_of(why->why), s->arena);
	struct verdict pace = { 0 };

	tryton_away(&pace, 1, said, why, s->arena);
	for (size_t i = 0; i < s->n; i++) {
		struct verdict *v = verdict_at(s, i);

		if (s->ids[i] == NULL)
			continue;
		v->kind = VERDICT_UNKNOWN;
		v->refusal = pace.refusal;
		v->words = words;
		v->wait = pace.wait;
		v->remote = s->ids[i];
	}
	return false;
}

/* Whether a draft was changed by another since we saw it, or only booked. */
static void
conflict(struct sending *s, const char *words)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->ids[i] != NULL) {
			verdict_refuse(verdict_at(s, i), REFUSAL_CONFLICT,
			    words);
			verdict_at(s, i)->remote = s->ids[i];
		}
}

/* It says so. What it shows as a draft all the same, if it can be asked, was
 * not booked: by what stands in between, or a module of somebody's. */
static void
booked(struct sending *s)
{
	size_t open;

	for (size_t i = 0; i < s->n; i++) {
		struct verdict *v = verdict_at(s, i);

		v->kind = VERDICT_DONE;
		v->remote = s->ids[i];
	}
	if (!look(s, &open) || open == 0)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (s->ids[i] != NULL) {
			verdict_at(s, i)->kind = VERDICT_UNKNOWN;
			verdict_at(s, i)->words = "Tryton says that it "
			    "booked it, and does not show it as booked";
		}
}

static bool
book(struct sending *s, const struct tv *more, struct err *e)
{
	struct tryton_said said;
	size_t open = s->n;

	if (call_on(s, "model.account.move.post", more, &said, e)) {
		booked(s);
		return true;
	}
	if (after(&said) != AFTER_REFUSED)
		return unknown(s, &said, e);
	/* "You cannot modify posted move": then it is booked. */
	if (!look(s, &open))
		return unknown(s, &said, e);
	*e = (struct err){ 0 };
	if (open == 0)
		return true;
	tryton_forget(s->target->state);
	if (said.fault == TRYTON_CONCURRENCY)
		conflict(s, said.words);
	else
		take_back(s, tryton_refusal(&said), said.words);
	return true;
}

/* ---- making ----------------------------------------------------------- */

static void
pick(struct sending *s, size_t n, struct tv *moves)
{
	const struct tryton *t = s->target->state;
	struct str text;

	str_init(&text, (size_t)16 << 20);
	for (size_t i = 0; i < n; i++) {
		struct tv *move = tryton_move(t, &s->postings[i], s->arena,
		    &s->verdicts[i]);

		if (move == NULL)
			continue;
		tv_add(moves, move);
		str_clear(&text);
		t->protocol->value(move, &text);
		verdicts_sent(&s->verdicts[i], 1, str_span(&text));
		s->which[s->n++] = i;
	}
	str_free(&text);
}

/* It broke, and as a rule has undone all. One of many that makes it break
 * must not keep the others back: so they go apart once it says that it has
 * none of them. */
static void
broken(struct sending *s, const char *words)
{
	const char **references = arena_alloc(s->arena, sizeof *references *
	    (s->n + 1));
	struct remote *there;
	size_t n;
	struct err e = { 0 };

	for (size_t i = 0; i < s->n; i++)
		references[i] = s->postings[s->which[i]].reference;
	each(s, s->n > 1 && tryton_find(s->target, references, s->n,
	    s->arena, &there, &n, &e) && n == 0 ? VERDICT_TOGETHER :
	    VERDICT_UNKNOWN, REFUSAL_CONNECTION, words);
}

static bool
not_made(struct sending *s, const struct tryton_said *said, struct err *e)
{
	const char *words = said->words;
	struct verdict pace = { 0 };

	switch (after(said)) {
	case AFTER_REFUSED:
		tryton_forget(s->target->state);
		refused(s, tryton_refusal(said), words);
		break;
	case AFTER_LARGE:
		refused(s, REFUSAL_DATA, words);
		break;
	case AFTER_BROKEN:
		broken(s, words);
		break;
	case AFTER_AWAY:
		tryton_away(&pace, 1, said, e, s->arena);
		each(s, VERDICT_AWAY, pace.refusal, words);
		for (size_t i = 0; i < s->n; i++)
			verdict_at(s, i)->wait = pace.wait;
		return false;
	case AFTER_UNKNOWN:
		each(s, VERDICT_UNKNOWN, REFUSAL_CONNECTION, words);
		return false;
	}
	*e = (struct err){ 0 };
	return true;
}

static bool
take_ids(struct sending *s, const struct tv *result, struct err *e)
{
	const struct tv *id = result->kind == TV_LIST ? result->first : NULL;

	for (size_t i = 0; i < s->n; i++, id = id->next) {
		if (tv_number(id) == 0) {
			each(s, VERDICT_UNKNOWN, REFUSAL_CONNECTION,
			    "it did not say which moves it made");
			return err_set(e, ERR_UNREACHABLE,
			    "it did not say which moves it made");
		}
		s->ids[i] = arena_strdup(s->arena, id->text);
	}
	if (id != NULL)
		each(s, VERDICT_UNKNOWN, REFUSAL_CONNECTION,
		    "it made more moves than were asked for");
	return id == NULL || err_set(e, ERR_UNREACHABLE,
	    "it made more moves than were asked for");
}

bool
tryton_send(struct target *target, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct err *e)
{
	struct sending s = { target, postings, arena, verdicts, 0,
	    arena_alloc(arena, sizeof *s.which * (n + 1)),
	    arena_alloc(arena, sizeof *s.ids * (n + 1)) };
	struct tv *params = tv_new(arena, TV_LIST);
	struct tv *moves = tv_new(arena, TV_LIST);
	struct tryton_said said;

	verdicts_begin(verdicts, n);
	if (!tryton_know(target, postings, n, arena, &said, e)) {
		tryton_away(verdicts, n, &said, e, arena);
		return false;
	}
	pick(&s, n, moves);
	if (s.n == 0)
		return true;
	tv_add(params, moves);
	if (!tryton_call(target, "model.account.move.create", params, NULL,
	    arena, &said, e))
		return not_made(&s, &said, e);
	return take_ids(&s, said.result, e) && book(&s, NULL, e);
}

/* ---- one that is there ------------------------------------------------ */

/* Only while it is as we saw it. */
static struct tv *
version_of(const struct remote *there, struct arena *arena)
{
	struct tv *more = tv_new(arena, TV_GROUP);
	struct tv *versions = tv_new(arena, TV_GROUP);

	tv_put(versions, arena_printf(arena, "account.move,%s",
	    there->remote), tv_text(arena, there->version));
	tv_put(more, "_timestamp", versions);
	return more;
}

static bool
is_whole(const struct remote *there)
{
	return *there->version != '\0' && *there->remote != '\0' &&
	    strspn(there->remote, "0123456789") == strlen(there->remote);
}

bool
tryton_finish(struct target *target, const struct posting *posting,
    const struct remote *there, struct arena *arena, struct verdict *verdict,
    struct err *e)
{
	size_t which = 0;
	const char *id = there->remote;
	struct sending s = { target, posting, arena, verdict, 1, &which,
	    &id };
	const struct remote *now = there;
	struct remote *read;
	struct tryton_said said;
	size_t n = 1;

	verdicts_begin(verdict, 1);
	if (!tryton_learn(target, false, arena, &said, e) ||
	    (!there->lined && !tryton_read(target, &id, 1, arena, &read, &n,
	    &said, e)))
		return unknown(&s, &said, e);
	if (!there->lined && n == 1)
		now = read;
	if (n == 0 || !is_whole(there) ||
	    !tryton_same(target->state, posting, now, arena)) {
		conflict(&s, "its draft is there, but it is not what was "
		    "sent: somebody changed it");
		return true;
	}
	return book(&s, version_of(there, arena), e);
}

/* ---- our side of a drift ---------------------------------------------- */

static bool
lines_there(const struct sending *s, struct tv *out,
    struct tryton_said *said, struct err *e)
{
	static const char *const fields[] = { "id", NULL };
	struct tv *domain = tv_new(s->arena, TV_LIST);

	tv_add(domain, tv_clause(s->arena, "move", "=", tv_int(s->arena,
	    strtoll(s->ids[0], NULL, 10))));
	if (!tryton_search(s->target, "account.move.line", domain, 0, fields,
	    NULL, s->arena, said, e))
		return false;
	for (const struct tv *row = said->result->first; row != NULL;
	    row = row->next)
		tv_add(out, tv_int(s->arena, tv_id(row, "id")));
	return true;
}

/* The move as a change: journal and company stay. */
static bool
change_of(const struct sending *s, struct tv **out, struct tryton_said *said,
    struct err *e)
{
	const struct tryton *t = s->target->state;
	const struct tv *move = tryton_move(t, s->postings, s->arena,
	    s->verdicts);
	struct tv *delete = tv_new(s->arena, TV_LIST);
	struct tv *create = tv_new(s->arena, TV_LIST);
	struct tv *old = tv_new(s->arena, TV_LIST);
	struct tv *lines = tv_new(s->arena, TV_LIST);
	struct tv *values;
	bool closed;

	*out = NULL;
	if (move == NULL)
		return true;
	if (!lines_there(s, old, said, e))
		return false;
	tv_add(delete, tv_text(s->arena, "delete"));
	tv_add(delete, old);
	tv_add(create, tv_text(s->arena, "create"));
	tv_add(create, tryton_lines(t, s->postings, s->arena));
	tv_add(lines, delete);
	tv_add(lines, create);
	*out = values = tv_new(s->arena, TV_GROUP);
	tv_put(values, "date", tv_day(s->arena, s->postings->date));
	tv_put(values, "period", tv_int(s->arena, tryton_period(t,
	    s->postings->date, &closed)));
	tv_put(values, "description", tv_text(s->arena, words_of(
	    span_of(s->postings->narration), s->arena)));
	tv_put(values, "lines", lines);
	return true;
}

/* False: no word, e says why. */
static bool
rewrite(struct sending *s, const struct remote *there, bool *written,
    struct err *e)
{
	struct tv *params = tv_new(s->arena, TV_LIST), *values;
	struct tryton_said said;

	*written = false;
	if (!tryton_know(s->target, s->postings, 1, s->arena, &said, e) ||
	    !change_of(s, &values, &said, e))
		return unknown(s, &said, e);
	if (values == NULL)
		return true;
	tv_add(params, ids_of(s));
	tv_add(params, values);
	*written = tryton_call(s->target, "model.account.move.write", params,
	    version_of(there, s->arena), s->arena, &said, e);
	if (*written)
		return true;
	if (after(&said) != AFTER_REFUSED)
		return unknown(s, &said, e);
	*e = (struct err){ 0 };
	verdict_refuse(s->verdicts, tryton_refusal(&said), said.words);
	return true;
}

bool
tryton_restore(struct target *target, const struct posting *posting,
    const struct remote *there, struct arena *arena, struct verdict *verdict,
    struct err *e)
{
	size_t which = 0;
	const char *id = there->remote;
	struct sending s = { target, posting, arena, verdict, 1, &which,
	    &id };
	bool written;

	verdicts_begin(verdict, 1);
	verdict->remote = id;
	if (there->state != REMOTE_DRAFT || !is_whole(there)) {
		verdict_refuse(verdict, REFUSAL_DATA, "Tryton lets nobody "
		    "change a posted move: cancel it there, and resend");
		return true;
	}
	return rewrite(&s, there, &written, e) && (!written ||
	    book(&s, NULL, e));
}
