/*
 * What became of vouchers that were sent. Counters are of a whole request: what
 * they do not say of each is asked by reference.
 */
#include "targets/tally.h"

#include <stdlib.h>
#include <string.h>

/* ---- sending ---------------------------------------------------------- */

static void
put_all(struct sending *s, const char *action, struct str *body)
{
	struct tally *tally = s->target->state;

	tally_import_begin(body, "Vouchers", tally->company);
	for (size_t i = 0; i < s->n; i++) {
		size_t from = body->n;

		tally_voucher_put(body, &s->postings[i], action);
		if (!body->over)
			verdicts_sent(&s->verdicts[i], 1,
			    (struct span){ body->p + from, body->n - from });
	}
	tally_import_end(body);
}

/* *known false: no answer of an import came; the verdicts say so. */
bool
tally_transmit(struct sending *s, const char *action, bool *known,
    struct err *e)
{
	const struct xml_node *root = NULL;
	struct fetch_answer answer;
	struct str body;
	bool ok;

	*known = false;
	str_init(&body, VOUCHERS_BYTES);
	put_all(s, action, &body);
	ok = tally_post(s->target, &body, s->arena, &root, &answer, e);
	str_free(&body);
	if (!ok) {
		verdicts_lost(s->verdicts, s->n, answer.sent, e, s->arena);
		return false;
	}
	if (root == NULL) {
		for (size_t i = 0; i < s->n; i++)
			(void)verdict_of_status(&answer, &s->verdicts[i]);
		return true;
	}
	tally_result_read(root, s->arena, &s->result);
	*known = true;
	return true;
}

/* ---- what became of it ------------------------------------------------ */

static void
all_are(struct sending *s, enum verdict_kind kind, enum refusal refusal,
    const char *words)
{
	for (size_t i = 0; i < s->n; i++) {
		s->verdicts[i].kind = kind;
		s->verdicts[i].refusal = refusal;
		s->verdicts[i].words = words;
	}
}

void
tally_held(struct verdict *v, const struct remote *remote)
{
	v->remote = remote->remote;
	v->number = remote->number;
	v->version = remote->version;
	verdict_held(v, remote->date, remote->lines, remote->n_lines);
}

static const struct remote *
one_of(const char *reference, const struct remote *list, size_t n,
    size_t *count)
{
	const struct remote *found = NULL;

	*count = 0;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].reference, reference) == 0) {
			found = &list[i];
			(*count)++;
		}
	return found;
}

/* The newest vouchers are those that were created; an older one with our
 * reference was there before. */
static bool
was_there(const struct sending *s, const struct remote *remote,
    const struct remote *list, size_t n)
{
	int64_t newer = 0;

	if (s->result.altered == 0 && s->result.combined == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		newer += strtoll(list[i].remote, NULL, 10) >
		    strtoll(remote->remote, NULL, 10);
	return newer >= s->result.created;
}

static void
judge_found(struct sending *s, size_t i, const struct remote *list, size_t n)
{
	struct verdict *v = &s->verdicts[i];
	size_t count;
	const struct remote *remote = one_of(s->postings[i].reference, list,
	    n, &count);

	tally_held(v, remote);
	if (count > 1)
		verdict_refuse(v, REFUSAL_DUPLICATE,
		    "tally_doubled: more than one voucher there has this"
		    " reference: keep one");
	else if (remote->state != REMOTE_BOOKED)
		v->words = "tally_not_regular: its voucher there is optional"
		    " or cancelled";
	else if (was_there(s, remote, list, n))
		verdict_refuse(v, REFUSAL_CONFLICT,
		    "tally_create_altered: Tally had this voucher and wrote"
		    " ours over it: compare it there, then send again");
	else if (remote_same(&s->postings[i], remote))
		v->kind = VERDICT_DONE;
	else
		verdict_refuse(v, REFUSAL_DUPLICATE,
		    "tally_another: the voucher there with this reference"
		    " says something else");
}

enum refusal
tally_class(const char *words)
{
	return *words != '\0' ? tally_refusal(words) : REFUSAL_DATA;
}

/* It has nothing of this one. */
static void
judge_absent(struct sending *s, size_t i)
{
	const struct tally_result *r = &s->result;
	struct verdict *v = &s->verdicts[i];
	enum refusal refusal = tally_class(r->words);

	if (s->n > 1)
		v->kind = VERDICT_TOGETHER;
	else if (*r->words != '\0')
		verdict_refuse(v, refusal, refusal != REFUSAL_MAPPING ?
		    r->words : tally_explain(s->target, &s->postings[i], r->words,
		    s->arena));
	else if (r->counted && r->ignored > 0)
		verdict_refuse(v, REFUSAL_DATA,
		    "tally_ignored: Tally left it out, without a reason");
	else if (r->counted)
		verdict_refuse(v, REFUSAL_DATA,
		    "tally_exception: Tally refused it without a reason: look"
		    " at its ledgers, its date and its voucher type there");
}

static bool
look_all(struct sending *s, struct remote **list, size_t *n, struct err *e)
{
	const char **references = arena_alloc(s->arena,
	    sizeof *references * s->n);

	for (size_t i = 0; i < s->n; i++)
		references[i] = s->postings[i].reference;
	return tally_find(s->target, references, s->n, s->arena, list, n, e);
}

/* Each is asked for; what cannot be asked stays unknown. Where Tally counted
 * more than it shows, what it does not show may be there. */
static bool
reconcile(struct sending *s, struct err *e)
{
	const struct tally_result *r = &s->result;
	struct remote *list;
	size_t n, count;
	bool blind;

	if (!look_all(s, &list, &n, e))
		return false;
	blind = r->created + r->altered + r->combined > (int64_t)n;
	for (size_t i = 0; i < s->n; i++) {
		(void)one_of(s->postings[i].reference, list, n, &count);
		if (count > 0)
			judge_found(s, i, list, n);
		else if (blind)
			s->verdicts[i].words = "tally_unseen: Tally counted"
			    " more vouchers than it shows";
		else
			judge_absent(s, i);
	}
	return true;
}

static size_t
take_held(struct sending *s, const struct remote *list, size_t n)
{
	size_t count, seen = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct remote *remote = one_of(s->postings[i].reference,
		    list, n, &count);

		if (count > 0)
			tally_held(&s->verdicts[i], remote);
		seen += count > 0;
	}
	return seen;
}

static void
days_of(const struct sending *s, char from[9], char to[9])
{
	struct day first = s->postings[0].date, last = first;

	for (size_t i = 1; i < s->n; i++) {
		struct day day = s->postings[i].date;

		if (strcmp(day.text, first.text) < 0)
			first = day;
		if (strcmp(day.text, last.text) > 0)
			last = day;
	}
	tally_day(first, from);
	tally_day(last, to);
}

/* All are booked, as counted; number, version and what it holds are asked, by
 * its ids, which costs it least. Others may have posted in between: then by
 * reference. Whatever comes of that, booked they are. */
static void
read_back(struct sending *s)
{
	int64_t id = strtoll(s->result.last, NULL, 10);
	struct remote *list;
	struct err e = { 0 };
	char from[9], to[9];
	size_t n;

	days_of(s, from, to);
	if (!tally_vouchers(s->target, from, to, arena_printf(s->arena,
	    "$MasterId > %lld AND $MasterId <= %lld",
	    (long long)id - (long long)s->n, (long long)id), s->arena, &list,
	    &n, &e))
		return;
	if (take_held(s, list, n) < s->n && look_all(s, &list, &n, &e))
		(void)take_held(s, list, n);
}

/* All of them, and nothing else was said. */
static bool
is_clean(const struct tally_result *r, size_t n)
{
	return r->counted && r->created == (int64_t)n && r->errors == 0 &&
	    r->exceptions == 0 && r->altered == 0 && r->combined == 0 &&
	    r->ignored == 0 && *r->words == '\0';
}

/* None of them, and it said so. */
static bool
is_refusal(const struct tally_result *r)
{
	return r->counted && r->created == 0 && r->altered == 0 &&
	    r->combined == 0 && (r->errors > 0 || r->exceptions > 0 ||
	    *r->words != '\0');
}

bool
tally_judge(struct sending *s, struct err *e)
{
	const struct tally_result *r = &s->result;

	if (is_clean(r, s->n)) {
		all_are(s, VERDICT_DONE, REFUSAL_NONE, "");
		if (s->n == 1) {
			s->verdicts[0].remote = r->last;
			s->verdicts[0].number = r->number;
		}
		read_back(s);
		return true;
	}
	if (r->created == 0 && r->altered == 0 && tally_is_away(r->words)) {
		((struct tally *)s->target->state)->known = false;
		all_are(s, VERDICT_AWAY, REFUSAL_CONNECTION, r->words);
		return true;
	}
	if (is_refusal(r) && tally_class(r->words) != REFUSAL_DUPLICATE) {
		for (size_t i = 0; i < s->n; i++)
			judge_absent(s, i);
		return true;
	}
	all_are(s, VERDICT_UNKNOWN, REFUSAL_NONE, r->words);
	return reconcile(s, e);
}
