/*
 * Our side of a drift, taken into Tally. It has no write under a condition: its
 * version is read just before, and what came of it just after.
 */
#include "targets/tally.h"

#include <stdlib.h>
#include <string.h>

/* Nothing of ours is ever left half done; somebody made it optional. */
bool
tally_finish(struct target *target, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	(void)target;
	(void)posting;
	(void)arena;
	(void)e;
	verdicts_begin(verdict, 1);
	tally_held(verdict, remote);
	verdict_refuse(verdict, REFUSAL_CONFLICT,
	    "tally_optional: somebody made its voucher optional there: make it"
	    " regular, or cancel it");
	return true;
}

static bool
look_at(struct target *target, const char *id, struct arena *arena,
    const struct remote **out, struct err *e)
{
	struct remote *list;
	size_t n;

	*out = NULL;
	if (!tally_vouchers(target, "", "", arena_printf(arena,
	    "$MasterId = %lld", strtoll(id, NULL, 10)), arena, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].remote, id) == 0)
			*out = &list[i];
	return true;
}

/* Tally did not know it by our reference and made a second one: that one is
 * cancelled at once. */
static void
cancel_second(struct sending *s)
{
	struct tally *tally = s->target->state;
	const struct xml_node *root = NULL;
	struct tally_result result;
	struct fetch_answer answer;
	struct err e = { 0 };
	struct str body;
	bool ok;

	str_init(&body, VOUCHERS_BYTES);
	tally_import_begin(&body, "Vouchers", tally->company);
	tally_cancel_put(&body, s->postings, s->result.last,
	    "made by mistake in altering another voucher");
	tally_import_end(&body);
	ok = *s->result.last != '\0' &&
	    tally_post(s->target, &body, s->arena, &root, &answer, &e);
	str_free(&body);
	tally_result_read(ok ? root : NULL, s->arena, &result);
	verdict_refuse(s->verdicts, REFUSAL_CONFLICT, arena_printf(s->arena,
	    "tally_alter_became_create: Tally made voucher %.40s instead of"
	    " altering; it was %s", s->result.last,
	    result.counted && result.cancelled + result.altered > 0 ?
	    "cancelled" : "not cancelled: cancel it there"));
}

static bool
judge_altered(struct sending *s, const char *id, struct err *e)
{
	const struct tally_result *r = &s->result;
	const struct remote *now;

	if (r->created > 0) {
		cancel_second(s);
		return true;
	}
	if (!look_at(s->target, id, s->arena, &now, e))
		return false;
	if (now != NULL)
		tally_held(s->verdicts, now);
	if (now != NULL && now->state == REMOTE_BOOKED &&
	    remote_same(s->postings, now))
		s->verdicts->kind = VERDICT_DONE;
	else if (*r->words != '\0')
		verdict_refuse(s->verdicts, tally_class(r->words), r->words);
	else
		verdict_refuse(s->verdicts, REFUSAL_CONFLICT,
		    "tally_not_altered: it is as it was there");
	return true;
}

/* Why it is not to be touched; NULL: it is as it was said to be. */
static const char *
objection(const struct remote *now, const struct remote *remote)
{
	if (now == NULL)
		return "it is not there any more";
	if (strcmp(now->version, remote->version) != 0)
		return "it was changed there meanwhile";
	return now->state == REMOTE_CANCELLED ? "it is cancelled there" : NULL;
}

bool
tally_restore(struct target *target, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct sending s = { .target = target, .postings = posting, .n = 1,
	    .arena = arena, .verdicts = verdict };
	const struct remote *now;
	const char *why;
	bool known;

	verdicts_begin(verdict, 1);
	if (!look_at(target, remote->remote, arena, &now, e)) {
		verdicts_lost(verdict, 1, false, e, arena);
		return false;
	}
	why = objection(now, remote);
	if (why != NULL) {
		if (now != NULL)
			tally_held(verdict, now);
		verdict_refuse(verdict, REFUSAL_CONFLICT, why);
		return true;
	}
	if (!tally_takes(target, posting, arena, verdict))
		return true;
	if (!tally_transmit(&s, "Alter", &known, e))
		return false;
	if (!known || judge_altered(&s, remote->remote, e))
		return true;
	verdicts_lost(verdict, 1, true, e, arena);
	return false;
}
