/*
 * Policies.  What asks nothing of the ledger is asked on the judging thread;
 * the rest from the one table below, in the settling transaction.
 */
#include "flow/policy.h"

#include "book/money.h"

#define HOUR INT64_C(3600000000)

/* ---- of the document -------------------------------------------------- */

struct judging {
	struct work *work;
	struct runner *runner;
	struct rulebook *rules;
	struct reference *reference;
	const char *currency;	/* of the base */
	int64_t total;		/* of the document, in it */
	size_t piece;
};

static struct reason *
add_reason(struct work *work)
{
	if (work->n_reasons % POLICY_REASONS_MAX == 0) {
		struct reason *more = arena_alloc(work->arena,
		    (work->n_reasons + POLICY_REASONS_MAX) * sizeof *more);

		if (work->n_reasons > 0)
			memcpy(more, work->reasons,
			    work->n_reasons * sizeof *more);
		work->reasons = more;
	}
	return &work->reasons[work->n_reasons++];
}

/* False: there is no such limit. One that is no amount of that currency is
 * none at all: everything is more. */
static bool
limit_of(const char *text, const char *currency, int64_t *out)
{
	struct money limit;

	*out = 0;
	if (text[0] == '\0')
		return false;
	if (money_parse(span_of(text), currency, &limit))
		*out = limit.minor;
	return true;
}

static void
run_policy(struct judging *j, const struct policy *policy)
{
	struct work *work = j->work;
	struct policy_reason found[POLICY_REASONS_MAX];
	struct policy_run run = { .policy = policy->name,
	    .source = work->event.source,
	    .document = &work->pieces[j->piece].document,
	    .base_total = j->total };
	int64_t second, third;
	bool two, code;
	size_t n;

	run.limited = limit_of(policy->amount, j->currency, &run.limit);
	two = limit_of(policy->second, j->currency, &second) &&
	    j->total > second;
	code = limit_of(policy->third, j->currency, &third) &&
	    j->total > third;
	n = runner_policy(j->runner, j->rules, j->reference, &run,
	    work->arena, found, &work->findings);
	for (size_t i = 0; i < n; i++)
		*add_reason(work) = (struct reason){
			.policy = arena_strdup(work->arena, policy->name),
			.why = found[i].why,
			.condition = found[i].condition,
			.piece = j->piece,
			.needed = two || code ? 2 : 1,
			.totp = code,
			.role = policy->role,
			.expires = policy->expires,
		};
}

/* Of the document in the base currency of its entity, never negative. */
static int64_t
total_of(const struct document *d, const struct reference *reference,
    struct arena *arena, const char **currency)
{
	const struct master *entity = reference_find(reference, REF_ENTITY,
	    d->entity);
	struct money m = { .minor = d->total < 0 ? - d->total : d->total }, to;
	int64_t rate;

	*currency = arena_strdup(arena, entity != NULL &&
	    strlen(entity->extra) == 3 ? entity->extra : d->currency);
	if (strcmp(d->currency, *currency) == 0)
		return m.minor;
	memcpy(m.currency, d->currency, strnlen(d->currency, 3));
	if (reference_rate(reference, d->currency, *currency, d->date,
	    &rate) && money_convert(m, *currency, rate, &to))
		return to.minor;
	return m.minor;
}

static void
judge_piece(struct judging *j)
{
	const struct document *d = &j->work->pieces[j->piece].document;
	const char *kind = document_kind_name(d->kind);
	const struct policy *policy;
	size_t at = 0;

	while ((policy = reference_next_policy(j->reference, kind, d->entity,
	    &at)) != NULL) {
		if (j->currency == NULL)
			j->total = total_of(d, j->reference, j->work->arena,
			    &j->currency);
		run_policy(j, policy);
	}
}

void
policy_judge(struct work *work, struct runner *runner,
    struct rulebook *rules, struct reference *reference)
{
	for (size_t i = 0; i < work->n_pieces; i++)
		judge_piece(&(struct judging){ work, runner, rules, reference,
		    NULL, 0, i });
}

/* ---- of the ledger ---------------------------------------------------- */

struct condition {
	struct settler *settler;
	struct work *work;
	const struct document *document;
	const struct standing *standing;
	const char *why;	/* more than the rule can say; NULL: no more */
};

static bool
party_first(struct condition *c, bool *is, struct err *e)
{
	bool any;

	if (c->standing->found)
		return true;
	if (!habit_follow(c->settler->books, c->document->kind, e) ||
	    !habit_any(c->settler->books, c->document, &any, e))
		return false;
	*is = !any;
	return true;
}

#define OF_PARTY 5	/* documents from which on a habit is one */
#define OF_KIND 20
#define BEYOND 5	/* times the average */

static bool
amount_unusual(struct condition *c, bool *is, struct err *e)
{
	struct books *books = c->settler->books;
	const struct document *d = c->document;
	int64_t amount = d->total < 0 ? - d->total : d->total;
	struct habit habit;
	int64_t enough = OF_PARTY;

	if (!habit_follow(books, d->kind, e) ||
	    !habit_find(books, d, d->party, &habit, e))
		return false;
	if (d->party == NULL || habit.n < OF_PARTY) {
		enough = OF_KIND;
		if (!habit_find(books, d, NULL, &habit, e))
			return false;
	}
	*is = habit.n >= enough && amount / BEYOND > habit.total / habit.n;
	return true;
}

static bool
tax_unusual(struct condition *c, bool *is, struct err *e)
{
	if (!habit_follow(c->settler->books, c->document->kind, e) ||
	    !usual_ask(c->settler->books, c->document, c->work->arena,
	    &c->why, e))
		return false;
	*is = c->why != NULL;
	return true;
}

static bool
period_is(const struct condition *c, struct day date, const char *state)
{
	const char *now = reference_period(c->settler->reference,
	    c->document->entity, date);

	return now != NULL && strcmp(now, state) == 0;
}

static bool
period_late(struct condition *c, bool *is, struct err *e)
{
	(void)e;
	*is = !period_is(c, c->document->date, "open");
	return true;
}

static bool
amended_filed(struct condition *c, bool *is, struct err *e)
{
	const struct document_row *row = &c->standing->row;
	struct document old;

	if (!c->standing->found)
		return true;
	if (!version_load(c->settler->books, VERSION_ID(row->event,
	    row->part), c->work->arena, &old, e))
		return false;
	*is = !period_is(c, old.date, "open");
	return true;
}

static const struct {
	const char *name;
	bool (*ask)(struct condition *, bool *is, struct err *);
} conditions[] = {
	{ "party.first", party_first },
	{ "amount.unusual", amount_unusual },
	{ "amended.filed", amended_filed },
	{ "period.late", period_late },
	{ "tax.unusual", tax_unusual },
};

/* One that is not known is so: nothing posts for a slip of the pen. */
static bool
ask(struct settler *settler, struct work *work,
    const struct standing *standings, struct reason *reason, bool *is,
    struct err *e)
{
	struct condition c = { settler, work,
	    &work->pieces[reason->piece].document,
	    &standings[reason->piece], NULL };

	*is = true;
	if (reason->condition == NULL)
		return true;
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		if (strcmp(conditions[i].name, reason->condition) == 0) {
			*is = false;
			if (!conditions[i].ask(&c, is, e))
				return false;
			if (c.why != NULL)
				reason->why = c.why;
			return true;
		}
	return true;
}

/* ---- the hold --------------------------------------------------------- */

static void
join(struct work *work, const struct reason *reason, int64_t *hours)
{
	struct hold *hold = &work->hold;

	if (reason->needed > hold->needed)
		hold->needed = reason->needed;
	if (reason->role > hold->role)
		hold->role = reason->role;
	hold->totp = hold->totp || reason->totp;
	if (reason->expires > 0 && (*hours == 0 || reason->expires < *hours))
		*hours = reason->expires;
	finding_add(&work->findings, work->arena, FIND_APPROVAL,
	    reason->policy, "", reason->why);
}

/* What somebody approves: the documents and what they post. */
static void
digest_content(const struct work *work, unsigned char out[SHA256_SIZE])
{
	struct digest *digest = digest_new();

	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct piece *piece = &work->pieces[i];

		digest_add(digest, piece->body);
		if (piece->has_journal)
			digest_add(digest, (struct span){
			    (const char *)piece->entries, SHA256_SIZE });
	}
	digest_end(&digest, out);
}

/* The largest of its documents: what an approver's right may be bound by. */
static void
find_base(struct settler *settler, struct work *work)
{
	struct hold *hold = &work->hold;

	hold->currency = NULL;
	for (size_t i = 0; i < work->n_pieces; i++) {
		const char *currency;
		int64_t total = total_of(&work->pieces[i].document,
		    settler->reference, work->arena, &currency);

		if (hold->currency != NULL && total <= hold->base)
			continue;
		hold->base = total;
		hold->currency = currency;
	}
}

static bool
count_given(struct settler *settler, struct work *work, int64_t *given,
    struct err *e)
{
	*given = 0;
	if (!approvals_load(settler->books->db, work->event.seq,
	    work->hold.digest, work->arena, &work->approvals,
	    &work->n_approvals, e))
		return false;
	for (size_t i = 0; i < work->n_approvals; i++)
		*given += work->approvals[i].totp || !work->hold.totp;
	return true;
}

/* Late is not too late while a period is closed softly, but somebody must see
 * it, whatever the table of policies says. */
static bool
is_soft(const struct settler *settler, const struct work *work)
{
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct document *d = &work->pieces[i].document;
		const char *state = reference_period(settler->reference,
		    d->entity, document_posting(d));

		if (work->pieces[i].has_journal && state != NULL &&
		    strcmp(state, "soft") == 0)
			return true;
	}
	return false;
}

static bool
gather(struct settler *settler, struct work *work,
    const struct standing *standings, const struct flow *flow, bool *any,
    int64_t *hours, struct err *e)
{
	struct hold *hold = &work->hold;

	*any = false;
	*hours = 0;
	hold->needed = 0;
	hold->totp = false;
	hold->role = ROLE_APPROVER;
	if (flow != NULL && flow->pattern == FLOW_WORKFLOW) {
		join(work, &(struct reason){ .policy = "workflow",
		    .why = flow->owner, .needed = 1,
		    .role = ROLE_APPROVER }, hours);
		*any = true;
	}
	if (is_soft(settler, work)) {
		join(work, &(struct reason){ .policy = "soft_close",
		    .why = "its period is closed softly", .needed = 1,
		    .role = ROLE_APPROVER }, hours);
		*any = true;
	}
	for (size_t i = 0; i < work->n_reasons; i++) {
		bool is;

		struct reason reason = work->reasons[i];

		if (!ask(settler, work, standings, &reason, &is, e))
			return false;
		if (is)
			join(work, &reason, hours);
		*any = *any || is;
	}
	return true;
}

/* One approval of two does not make it young again. */
static void
find_since(struct settler *settler, struct work *work,
    const struct hold *before, int64_t hours)
{
	struct hold *hold = &work->hold;
	bool same = before->since != 0 && memcmp(before->digest,
	    hold->digest, SHA256_SIZE) == 0;

	hold->since = same ? before->since : settler->now;
	hold->expires = hours > 0 ? hold->since + hours * HOUR : 0;
}

bool
policy_hold(struct settler *settler, struct work *work,
    const struct standing *standings, const struct flow *flow, bool *held,
    struct err *e)
{
	struct hold old = work->hold;	/* left just now, if it was held */
	size_t before = work->findings.n;
	int64_t given, hours;

	if (!gather(settler, work, standings, flow, held, &hours, e))
		return false;
	if (!*held)
		return true;
	digest_content(work, work->hold.digest);
	find_since(settler, work, &old, hours);
	find_base(settler, work);
	if (!count_given(settler, work, &given, e))
		return false;
	if (given >= work->hold.needed) {
		work->findings.n = before;	/* it is said and done */
		work->approved = true;
		*held = false;
	}
	return true;
}
