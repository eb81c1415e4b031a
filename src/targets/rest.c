/*
 * A target of which we know nothing but what its rule says: a file of SQL
 * that makes requests of postings and reads answers, and settings.
 * data/targets/rest/README.md. What the rule cannot say, the target cannot do.
 */
#include "targets/rest.h"

#include <stdio.h>
#include <stdlib.h>

#include "book/money.h"
#include "core/vec.h"

#define FOUND_MAX 100		/* rows for one reference */
#define PAGES_MAX 1000		/* of balances */

/* ---- opening ---------------------------------------------------------- */

static const struct {
	const char *asks, *hears;
} pairs[] = {
	{ "send", "sent" }, { "find", "found" }, { "finish", "finished" },
	{ "reach", "reached" },
	{ "restore", "restored" }, { "list", "listed" },
	{ "balance", "balanced" }, { "check", "checked" },
};

/* Half a conversation is a mistake of who wrote the rule. */
static bool
judge_pairs(const struct rest *rest, const char *rule, struct err *e)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		bool asks = phrases_has(rest->phrases, pairs[i].asks);

		if (asks != phrases_has(rest->phrases, pairs[i].hears))
			return err_set(e, ERR_RULE, "%s: the section %s is "
			    "missing", rule, asks ? pairs[i].hears :
			    pairs[i].asks);
		if (i == 0 && !asks)
			return err_set(e, ERR_RULE,
			    "%s: the section send is missing", rule);
	}
	return true;
}

static void
rest_close(struct target *target)
{
	struct rest *rest = target->state;

	if (rest == NULL)
		return;
	target->state = NULL;
	phrases_close(&rest->phrases);
	if (rest->login != NULL)
		digest_clean(rest->login, strlen(rest->login));
	free(rest->login);
	str_free(&rest->body);
	str_free(&rest->quoted);
	free(rest);
}

static bool
rest_open(struct target *target, struct err *e)
{
	const struct targetconf *conf = target->conf;
	struct rest *rest = calloc(1, sizeof *rest);

	if (rest == NULL)
		bug("out of memory");
	target->state = rest;
	str_init(&rest->body, ANSWER_MAX);
	str_init(&rest->quoted, ANSWER_MAX);
	rest->currency = options_text(conf->options, "currency");
	if (money_exponent(rest->currency) < 0)
		err_set(e, ERR_CONFIG, "currency: not one: %.60s",
		    rest->currency);
	else if (*conf->rule == '\0')
		err_set(e, ERR_CONFIG, "rule must be there");
	else if (rest_login(rest, conf, e) &&
	    phrases_open(&rest->phrases, conf->rule, rest_shapes,
	    rest_n_shapes, e) && judge_pairs(rest, conf->rule, e))
		return true;
	rest_close(target);
	return false;
}

/* ---- what changes something ------------------------------------------- */

struct change {
	const char *asks, *hears, *method;
	const char *key;
};

/* The request cannot even be made: nothing went, and it will not next time. */
static bool
unspoken(struct verdict *verdict, struct err *e, struct arena *arena)
{
	verdict_refuse(verdict, REFUSAL_DATA, words_of(span_of(e->why),
	    arena));
	*e = (struct err){ 0 };
	return true;
}

static void
judge(struct talk *talk, const struct change *change,
    const struct posting *posting, struct verdict *verdict)
{
	struct phrase_row *rows = NULL;
	struct err e = { 0 };
	size_t n = 0;

	verdict->words = "";
	if (!verdict_of_status(&talk->raw, verdict))
		verdict->kind = VERDICT_DONE;
	if (!talk_rows(talk, change->hears, 1, &rows, &n, &e)) {
		verdict->kind = VERDICT_UNKNOWN;
		verdict->refusal = REFUSAL_CONNECTION;
		verdict->words = words_of(span_of(e.why), talk->arena);
		verdict->remote = verdict->number = verdict->version = "";
		return;
	}
	rest_verdict(n > 0 ? rows : NULL, &talk->answer, posting,
	    talk->arena, verdict);
}

static bool
do_change(struct target *target, const struct change *change,
    const struct posting *posting, const struct remote *remote,
    struct arena *arena, struct verdict *verdict, struct err *e)
{
	struct talk talk = talk_new(target, arena);
	struct span posted = rest_posting(posting, arena), sent = { "", 0 };

	verdicts_begin(verdict, 1);
	if (rest_lacks(talk.rest, change->asks, e))
		return false;
	talk.key = change->key;
	talk.words[talk.n_words++] = (struct phrase_word){ ":posting",
	    posted };
	talk_bind(&talk, ":reference", posting->reference);
	talk_bind(&talk, ":id", remote != NULL ? remote->remote : NULL);
	talk_bind(&talk, ":number", remote != NULL ? remote->number : NULL);
	talk_bind(&talk, ":version", remote != NULL ? remote->version : NULL);
	if (!talk_ask(&talk, change->asks, change->method, &sent, e)) {
		if (e->code == ERR_RULE)
			return unspoken(verdict, e, arena);
		verdicts_lost(verdict, 1, talk.raw.sent, e, arena);
		return false;
	}
	verdicts_sent(verdict, 1, sent);
	judge(&talk, change, posting, verdict);
	return true;
}

static bool
rest_send(struct target *target, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct change change = { "send", "sent", "POST",
		    postings[i].reference };
		struct err own = { 0 };

		if (do_change(target, &change, &postings[i], NULL, arena,
		    &verdicts[i], &own)) {
			any = true;
			continue;
		}
		verdicts_lost(&verdicts[i + 1], n - i - 1, false, &own,
		    arena);
		return any || err_set(e, own.code, "%s", own.why);
	}
	return true;
}

/* Asked for again, it is the same act only while the version is the same. */
static const char *
act_key(const char *act, const struct posting *posting,
    const struct remote *remote, struct arena *arena)
{
	const struct span parts[] = { span_of(remote->remote), SPAN("\n"),
	    span_of(remote->version) };
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	digest_sha256v(parts, 3, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	return arena_printf(arena, "%s-%s-%.16s", posting->reference, act,
	    hex);
}

static bool
rest_finish(struct target *target, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	const struct change change = { "finish", "finished", "POST",
	    act_key("finish", posting, remote, arena) };

	return do_change(target, &change, posting, remote, arena, verdict,
	    e);
}

static bool
rest_restore(struct target *target, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	const struct change change = { "restore", "restored", "PUT",
	    act_key("restore", posting, remote, arena) };

	return do_change(target, &change, posting, remote, arena, verdict,
	    e);
}

/* ---- what it has ------------------------------------------------------ */

static bool
is_absent(const struct talk *talk)
{
	char status[16];

	snprintf(status, sizeof status, "%d", talk->answer.status);
	return talk->absent != NULL && strcmp(talk->absent, status) == 0;
}

/* A server that passes over what it is asked by gives all that it has; to
 * take that for "not there" would be to send it twice. */
static bool
keep_asked(const char *reference, struct remote *found, size_t n,
    struct remote *out, size_t *n_out, struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (strcmp(found[i].reference, reference) == 0)
			out[kept++] = found[i];
	*n_out += kept;
	return kept > 0 || n == 0 || err_set(e, ERR_UNREACHABLE,
	    "asked for %s, it told of others: its rule's find does not ask "
	    "by reference", reference);
}

static bool
read_remotes(struct talk *talk, const char *section, size_t most,
    struct remote **out, size_t *n, struct err *e)
{
	struct phrase_row *rows;

	*n = 0;
	if (!talk_is_word(talk, e) ||
	    !talk_rows(talk, section, most, &rows, n, e) ||
	    (*n == 0 && !talk_lists(talk, e)))
		return false;
	*out = arena_alloc(talk->arena, (*n + 1) * sizeof **out);
	for (size_t i = 0; i < *n; i++)
		if (!rest_remote(&rows[i], talk->rest->currency, talk->arena,
		    &(*out)[i], e))
			return false;
	return true;
}

static bool
find_one(struct target *target, const char *reference, struct arena *arena,
    struct remote *out, size_t *n_out, struct err *e)
{
	struct talk talk = talk_new(target, arena);
	struct remote *found;
	size_t n;

	talk_bind(&talk, ":reference", reference);
	if (!talk_ask(&talk, "find", "GET", NULL, e))
		return false;
	return is_absent(&talk) || (read_remotes(&talk, "found", FOUND_MAX,
	    &found, &n, e) && keep_asked(reference, found, n, out, n_out,
	    e));
}

static bool
rest_find(struct target *target, const char *const *references, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	struct rest *rest = target->state;

	*n_out = 0;
	if (rest_lacks(rest, "find", e))
		return false;
	*out = arena_alloc(arena, n * FOUND_MAX * sizeof **out);
	for (size_t i = 0; i < n; i++)
		if (!find_one(target, references[i], arena, *out + *n_out,
		    n_out, e))
			return false;
	return true;
}

/* Of more than one the highest; one that is none of ours is the last word, so
 * that who asks sees that it cannot rely on it. */
static void
highest(const struct phrase_row *rows, size_t n, struct arena *arena,
    const char **last)
{
	int64_t most = 0;

	*last = "";
	for (size_t i = 0; i < n; i++) {
		const char *said = phrase_text(&rows[i], "reference");
		int64_t journal = said != NULL ? posting_journal(said) : 0;

		if (journal == 0 || journal > most)
			*last = reach_said(said != NULL ? said : "", arena);
		if (journal == 0)
			break;
		most = journal > most ? journal : most;
	}
}

static bool
rest_reach(struct target *target, const char *series, struct arena *arena,
    const char **last, struct err *e)
{
	struct talk talk = talk_new(target, arena);
	struct phrase_row *rows;
	size_t n;

	if (rest_lacks(talk.rest, "find", e) ||
	    rest_lacks(talk.rest, "reach", e))
		return false;
	talk_bind(&talk, ":series", series);
	if (!talk_ask(&talk, "reach", "GET", NULL, e) ||
	    !talk_is_word(&talk, e) || !talk_rows(&talk, "reached",
	    REST_ROWS_MAX, &rows, &n, e) || (n == 0 && !talk_lists(&talk, e)))
		return false;
	highest(rows, n, arena, last);
	return true;
}

/* The cursor of the next page: "" when there is none. The same one again
 * would be asked for for ever. */
static bool
go_on(struct talk *talk, const char *now, const char **next, struct err *e)
{
	struct phrase_row *rows;
	const char *said = NULL;
	size_t n = 0;

	*next = "";
	if (!phrases_has(talk->rest->phrases, "more"))
		return true;
	if (!talk_rows(talk, "more", 1, &rows, &n, e))
		return false;
	if (n > 0)
		said = phrase_text(rows, "cursor");
	if (said == NULL || *said == '\0')
		return true;
	*next = said;
	return strcmp(said, now) != 0 || err_set(e, ERR_UNREACHABLE,
	    "the page after %.100s is itself", now);
}

static bool
rest_list(struct target *target, struct day from, struct day to,
    const char **cursor, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	struct talk talk = talk_new(target, arena);

	*n_out = 0;
	if (rest_lacks(talk.rest, "list", e))
		return false;
	talk_bind(&talk, ":from", from.text);
	talk_bind(&talk, ":to", to.text);
	talk_bind(&talk, ":cursor", *cursor);
	return talk_ask(&talk, "list", "GET", NULL, e) &&
	    read_remotes(&talk, "listed", REST_ROWS_MAX, out, n_out, e) &&
	    go_on(&talk, *cursor, cursor, e);
}

static bool
read_balances(struct talk *talk, struct vec *all, struct err *e)
{
	struct phrase_row *rows;
	size_t n;

	if (!talk_is_word(talk, e) ||
	    !talk_rows(talk, "balanced", REST_ROWS_MAX, &rows, &n, e) ||
	    (n == 0 && !talk_lists(talk, e)))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct remote_balance *one = vec_add(all);

		if (one == NULL)
			return err_set(e, ERR_TOO_LARGE,
			    "more than %zu accounts", all->max);
		if (!rest_balance(&rows[i], talk->rest->currency,
		    talk->arena, one, e))
			return false;
	}
	return true;
}

static bool
page_balances(struct target *target, const char *day, const char **cursor,
    struct arena *arena, struct vec *all, struct err *e)
{
	struct talk talk = talk_new(target, arena);

	talk_bind(&talk, ":day", day);
	talk_bind(&talk, ":cursor", *cursor);
	return talk_ask(&talk, "balance", "GET", NULL, e) &&
	    read_balances(&talk, all, e) && go_on(&talk, *cursor, cursor, e);
}

static bool
rest_balances(struct target *target, struct day day, struct arena *arena,
    struct remote_balance **out, size_t *n_out, struct err *e)
{
	const char *cursor = "";
	struct vec all;
	size_t pages = 0;
	bool ok;

	*n_out = 0;
	if (rest_lacks(target->state, "balance", e))
		return false;
	vec_init(&all, sizeof **out, (size_t)100 * REST_ROWS_MAX);
	do
		ok = pages++ < PAGES_MAX ? page_balances(target, day.text,
		    &cursor, arena, &all, e) : err_set(e, ERR_UNREACHABLE,
		    "more than %d pages of balances", PAGES_MAX);
	while (ok && *cursor != '\0');
	if (ok) {
		*out = arena_alloc(arena, (all.n + 1) * sizeof **out);
		if (all.n > 0)
			memcpy(*out, all.p, all.n * sizeof **out);
		*n_out = all.n;
	}
	vec_free(&all);
	return ok;
}

/* ---- can it work ------------------------------------------------------ */

static void
tell_check(const struct phrase_row *rows, size_t n, struct arena *arena,
    struct target_found *out)
{
	out->faults = arena_alloc(arena, (n + 1) * sizeof *out->faults);
	for (size_t i = 0; i < n; i++) {
		struct target_fault *fault = &out->faults[out->n_faults];
		const char *said[6];
		static const char *const names[] = { "product", "company",
			"currency", "field", "value", "words" };

		for (size_t k = 0; k < 6; k++)
			said[k] = words_of(span_of(phrase_text(&rows[i],
			    names[k])), arena);
		if (*said[0] != '\0')
			out->product = said[0];
		if (*said[1] != '\0')
			out->company = said[1];
		if (*said[2] != '\0')
			out->currency = said[2];
		if (*said[5] == '\0')
			continue;
		*fault = (struct target_fault){ REFUSAL_DATA, said[3],
		    said[4], said[5] };
		if (phrase_text(&rows[i], "refusal") != NULL)
			(void)refusal_read(phrase_text(&rows[i], "refusal"),
			    &fault->refusal);
		out->n_faults++;
	}
}

/* Asked for what was never sent, it must say that it has none: an answer
 * that cannot be read is better known now than after a time-out. */
static bool
try_find(struct target *target, struct arena *arena, struct err *e)
{
	struct remote *found = arena_alloc(arena, FOUND_MAX * sizeof *found);
	char reference[REFERENCE_MAX];
	size_t n = 0;

	posting_reference("check", 0, reference);
	return find_one(target, reference, arena, found, &n, e);
}

static bool
rest_check(struct target *target, struct arena *arena,
    struct target_found *out, struct err *e)
{
	struct talk talk = talk_new(target, arena);
	bool finds = phrases_has(talk.rest->phrases, "find");
	struct phrase_row *rows;
	size_t n;

	*out = (struct target_found){ .company = target->conf->company,
	    .currency = talk.rest->currency,
	    .product = finds ? "REST" : "REST, cannot be asked what it has"
	};
	if (phrases_has(talk.rest->phrases, "check")) {
		if (!talk_ask(&talk, "check", "GET", NULL, e) ||
		    !talk_is_word(&talk, e) || !talk_rows(&talk, "checked",
		    REST_ROWS_MAX, &rows, &n, e))
			return false;
		tell_check(rows, n, arena, out);
	}
	return !finds || try_find(target, arena, e);
}

const struct adapter adapter_rest = {
	.name = "rest", .batch = 1, .atomic = false, .mute = false,
	.details = true,
	.open = rest_open, .close = rest_close, .check = rest_check,
	.send = rest_send, .find = rest_find, .reach = rest_reach,
	.finish = rest_finish,
	.list = rest_list, .balances = rest_balances,
	.restore = rest_restore,
};
