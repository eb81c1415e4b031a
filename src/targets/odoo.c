/*
 * Odoo 19 by /json/2. A posting is one journal entry (account.move of type
 * entry): created as a draft and then posted, which are two calls and so two
 * transactions there, since Odoo refuses to create one posted. Our reference
 * stands in `ref` from the first of them on; so what a stop leaves is found,
 * and posted. What Odoo posted is read back, since it moves days out of closed
 * periods without a word.
 */
#include "targets/odoo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"

#define BODY_MAX ((size_t)4 << 20)

static bool
odoo_open(struct target *t, struct err *e)
{
	const struct targetconf *conf = t->conf;
	struct odoo *odoo;

	if (*conf->secret == '\0')
		return err_set(e, ERR_CONFIG,
		    "odoo: secret (an API key) must be there");
	if (*conf->company == '\0')
		return err_set(e, ERR_CONFIG, "odoo: company must be there");
	if (!is_one_line(conf->secret) || !is_one_line(conf->database))
		return err_set(e, ERR_CONFIG,
		    "odoo: secret and database are one line each");
	odoo = calloc(1, sizeof *odoo);
	if (odoo == NULL)
		bug("out of memory");
	odoo->arena = arena_new();
	odoo->own = arena_new();
	odoo_names_begin(&odoo->names, odoo->arena);
	odoo->headers[odoo->n_headers++] = arena_printf(odoo->own,
	    "Authorization: bearer %s", conf->secret);
	odoo->headers[odoo->n_headers++] = "User-Agent: bahi";
	if (*conf->database != '\0')
		odoo->headers[odoo->n_headers++] = arena_printf(odoo->own,
		    "X-Odoo-Database: %s", conf->database);
	t->state = odoo;
	return true;
}

static void
odoo_close(struct target *t)
{
	struct odoo *odoo = t->state;

	odoo_names_end(&odoo->names);
	arena_free(&odoo->arena);
	arena_free(&odoo->own);
	free(odoo);
}

/* ---- calls about moves ------------------------------------------------ */

/* A method of moves without arguments: action_post, button_draft, unlink.
 * *done: it was taken; else the verdict says. False: no word came. */
static bool
act(struct target *t, const char *method, const int64_t *ids, size_t n,
    struct arena *arena, bool *done, struct verdict *verdict, struct err *e)
{
	struct odoo_answer answer;
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	odoo_ids(&j, ids, n);
	json_close(&j, '}');
	ok = odoo_ask(t, method, &body, arena, &answer, e);
	*done = ok && answer.http.status == 200;
	if (!ok)
		verdicts_lost(verdict, 1, answer.http.sent, e, arena);
	else if (!*done)
		odoo_judge(&answer.http, answer.type, answer.words, verdict);
	verdict_never_away(verdict);
	odoo_done(&answer);
	str_free(&body);
	return ok;
}

/* What it holds now of those that it says it posted. */
static bool
read_back(struct target *t, const struct posting *const *postings,
    const int64_t *ids, size_t n, struct arena *arena,
    struct verdict *const *verdicts, struct err *e)
{
	struct remote *moves;
	size_t k;

	if (!odoo_moves(t, ids, n, arena, &moves, &k, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < k; m++)
			if (strtoll(moves[m].remote, NULL, 10) == ids[i])
				odoo_take(postings[i], &moves[m], arena,
				    verdicts[i]);
	return true;
}

/* It refused to post it: the draft that was made a moment ago goes, so that
 * "refused" means that nothing of it is there. */
static bool
drop(struct target *t, int64_t id, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct verdict gone;
	bool done;

	verdicts_begin(&gone, 1);
	if (!act(t, "account.move/unlink", &id, 1, arena, &done, &gone, e)) {
		verdict->kind = VERDICT_UNKNOWN;
		return false;
	}
	if (!done) {
		verdict->remote = arena_printf(arena, "%lld", (long long)id);
		verdict->words = words_of(span_of(arena_printf(arena,
		    "%s (its draft stays: %s)", verdict->words, gone.words)),
		    arena);
	}
	return true;
}

static bool
post_one(struct target *t, const struct posting *posting, int64_t id,
    struct arena *arena, struct verdict *verdict, struct err *e)
{
	bool done;

	if (!act(t, "account.move/action_post", &id, 1, arena, &done, verdict,
	    e))
		return false;
	if (done)
		return read_back(t, &posting, &id, 1, arena, &verdict, e);
	return verdict->kind != VERDICT_REFUSED ||
	    drop(t, id, arena, verdict, e);
}

struct batch {			/* those of a call that can be said */
	const struct posting **postings;
	struct verdict **verdicts;
	int64_t *ids;
	size_t n;
};

/* Of each; what went for it stays its own. */
static void
all_say(struct batch *b, const struct verdict *verdict)
{
	for (size_t i = 0; i < b->n; i++) {
		char sent[SHA256_HEX];

		memcpy(sent, b->verdicts[i]->sent, sizeof sent);
		*b->verdicts[i] = *verdict;
		memcpy(b->verdicts[i]->sent, sent, sizeof sent);
	}
}

/* The posting of all is one transaction: one poor one keeps all back, so then
 * each goes alone. */
static bool
post(struct target *t, struct batch *b, struct arena *arena, struct err *e)
{
	struct verdict all;
	bool ok, done;

	verdicts_begin(&all, 1);
	if (b->n == 1)
		return post_one(t, b->postings[0], b->ids[0], arena,
		    b->verdicts[0], e);
	ok = act(t, "account.move/action_post", b->ids, b->n, arena, &done,
	    &all, e);
	if (!ok || (!done && all.kind != VERDICT_REFUSED)) {
		all_say(b, &all);
		return ok;
	}
	if (done)
		return read_back(t, b->postings, b->ids, b->n, arena,
		    b->verdicts, e);
	for (size_t i = 0; i < b->n; i++)
		if (!post_one(t, b->postings[i], b->ids[i], arena,
		    b->verdicts[i], e))
			return false;
	return true;
}

/* ---- creating --------------------------------------------------------- */

static bool
take_ids(const cJSON *root, struct batch *b)
{
	size_t n = 0;
	const cJSON *one;

	if (!cJSON_IsArray(root) ||
	    (size_t)cJSON_GetArraySize(root) != b->n)
		return false;
	cJSON_ArrayForEach(one, root)
		b->ids[n++] = odoo_id(one);
	for (size_t i = 0; i < n; i++)
		if (b->ids[i] == 0)
			return false;
	return true;
}

static void
lost(struct batch *b, bool sent, struct arena *arena, const struct err *e)
{
	struct verdict one;

	verdicts_begin(&one, 1);
	verdicts_lost(&one, 1, sent, e, arena);
	all_say(b, &one);
}

/* *made: they are drafts there, with numbers. */
static bool
create(struct target *t, const struct str *body, struct batch *b,
    struct arena *arena, bool *made, struct err *e)
{
	struct odoo_answer answer;
	struct verdict one;
	bool ok = odoo_ask(t, "account.move/create", body, arena, &answer, e);

	verdicts_begin(&one, 1);
	*made = ok && answer.http.status == 200 && take_ids(answer.root, b);
	if (!ok) {
		lost(b, answer.http.sent, arena, e);
	} else if (answer.http.status != 200) {
		odoo_judge(&answer.http, answer.type, answer.words, &one);
		if (one.kind == VERDICT_REFUSED && b->n > 1)
			one.kind = VERDICT_TOGETHER;
		all_say(b, &one);
	} else if (!*made) {
		one.words = "the answer is none of Odoo";
		all_say(b, &one);
	}
	for (size_t i = 0; i < b->n; i++)
		memcpy(b->verdicts[i]->sent, answer.sent,
		    sizeof answer.sent);
	odoo_done(&answer);
	return ok;
}

/* Those that can be said, one object each; the others are refused here. */
static void
say_all(struct target *t, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct str *body,
    struct batch *b)
{
	struct str one;
	struct json j, inner;

	str_init(&one, BODY_MAX);
	odoo_begin(t, &j, body);
	json_key(&j, "vals_list");
	json_open(&j, '[');
	for (size_t i = 0; i < n; i++) {
		struct odoo_saying s = { .t = t, .arena = arena, .j = &inner };

		str_clear(&one);
		json_start(&inner, &one);
		if (!odoo_put_move(&s, &postings[i])) {
			verdict_refuse(&verdicts[i], s.refusal, s.words);
			continue;
		}
		json_raw(&j, str_span(&one));
		b->postings[b->n] = &postings[i];
		b->verdicts[b->n++] = &verdicts[i];
	}
	json_close(&j, ']');
	json_close(&j, '}');
	str_free(&one);
}

static bool
odoo_send(struct target *t, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct err *e)
{
	struct batch b = { .postings = arena_alloc(arena, n *
	    sizeof *b.postings), .verdicts = arena_alloc(arena, n *
	    sizeof *b.verdicts), .ids = arena_alloc(arena, n *
	    sizeof *b.ids) };
	struct str body;
	bool ok, made = false;

	verdicts_begin(verdicts, n);
	if (!odoo_learn(t, postings, n, arena, e)) {
		verdicts_lost(verdicts, n, false, e, arena);
		return false;
	}
	str_init(&body, BODY_MAX);
	say_all(t, postings, n, arena, verdicts, &body, &b);
	ok = b.n == 0 || create(t, &body, &b, arena, &made, e);
	str_free(&body);
	return ok && (!made || post(t, &b, arena, e));
}

/* ---- what stands there ------------------------------------------------ */

/* As it stands there now; false: the verdict, or err, says why not. Odoo
 * compares no versions: we do, right before. */
static bool
current(struct target *t, const struct remote *remote, struct arena *arena,
    struct remote *now, struct verdict *verdict, struct err *e)
{
	int64_t id = strtoll(remote->remote, NULL, 10);
	struct remote *found;
	size_t n;

	if (!odoo_ready(t, e) ||
	    !odoo_moves(t, &id, 1, arena, &found, &n, e)) {
		verdicts_lost(verdict, 1, true, e, arena);
		return false;
	}
	if (n == 1 && strcmp(found->version, remote->version) == 0) {
		*now = *found;
		return true;
	}
	verdict_refuse(verdict, REFUSAL_CONFLICT, arena_printf(arena, n == 1 ?
	    "%s was changed in Odoo meanwhile" : "%s is no longer in Odoo",
	    remote->remote));
	return false;
}

/* A refusal leaves the draft: it was there before. */
static bool
book(struct target *t, const struct posting *posting, int64_t id,
    struct arena *arena, struct verdict *verdict, struct err *e)
{
	bool done;

	if (!act(t, "account.move/action_post", &id, 1, arena, &done, verdict,
	    e))
		return false;
	return !done || read_back(t, &posting, &id, 1, arena, &verdict, e);
}

/* A draft that says something else is somebody's work. */
static bool
odoo_finish(struct target *t, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct odoo_saying s = { .t = t, .arena = arena };
	struct remote now;

	verdicts_begin(verdict, 1);
	if (!current(t, remote, arena, &now, verdict, e))
		return e->code == ERR_NONE;
	if (!remote_same(posting, &now))
		verdict_refuse(verdict, REFUSAL_CONFLICT, arena_printf(arena,
		    "the draft %s has other lines or another day",
		    now.remote));
	else if (now.state == REMOTE_BOOKED)
		odoo_take(posting, &now, arena, verdict);
	else if (now.state == REMOTE_CANCELLED)
		verdict_refuse(verdict, REFUSAL_CONFLICT, arena_printf(arena,
		    "%s was cancelled in Odoo", now.remote));
	else if (!odoo_is_open(&s, posting))
		verdict_refuse(verdict, s.refusal, s.words);
	else
		return book(t, posting, strtoll(now.remote, NULL, 10), arena,
		    verdict, e);
	return true;
}

/* ---- our side of a drift ---------------------------------------------- */

static bool
rewrite(struct target *t, const struct posting *posting, int64_t id,
    struct arena *arena, bool *done, struct verdict *verdict, struct err *e)
{
	struct odoo_answer answer = { 0 };
	struct str body;
	struct json j;
	struct odoo_saying s = { .t = t, .arena = arena, .j = &j };
	bool ok = true;

	*done = false;
	str_init(&body, BODY_MAX);
	odoo_begin(t, &j, &body);
	odoo_ids(&j, &id, 1);
	json_key(&j, "vals");
	json_open(&j, '{');
	json_kstr(&j, "ref", posting->reference);
	json_kstr(&j, "date", posting->date.text);
	if (odoo_put_lines(&s, posting, true)) {
		json_close(&j, '}');
		json_close(&j, '}');
		ok = odoo_ask(t, "account.move/write", &body, arena, &answer,
		    e);
		memcpy(verdict->sent, answer.sent, sizeof verdict->sent);
		*done = ok && answer.http.status == 200;
		if (!ok)
			verdicts_lost(verdict, 1, answer.http.sent, e, arena);
		else if (!*done)
			odoo_judge(&answer.http, answer.type, answer.words,
			    verdict);
	} else {
		verdict_refuse(verdict, s.refusal, s.words);
	}
	verdict_never_away(verdict);
	odoo_done(&answer);
	str_free(&body);
	return ok;
}

static bool
can_be_said(struct target *t, const struct posting *posting,
    struct arena *arena, struct verdict *verdict)
{
	struct odoo_saying s = { .t = t, .arena = arena };
	struct str body;
	struct json j;
	bool ok;

	s.j = &j;
	str_init(&body, BODY_MAX);
	json_start(&j, &body);
	ok = odoo_put_move(&s, posting);
	if (!ok)
		verdict_refuse(verdict, s.refusal, s.words);
	str_free(&body);
	return ok;
}

/* Three calls: back to draft, our lines, posted. A stop in between leaves a
 * draft of our reference, which is found. */
static bool
odoo_restore(struct target *t, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct remote now;
	int64_t id;
	bool done = true;

	verdicts_begin(verdict, 1);
	if (!odoo_learn(t, posting, 1, arena, e)) {
		verdicts_lost(verdict, 1, true, e, arena);
		return false;
	}
	if (!current(t, remote, arena, &now, verdict, e))
		return e->code == ERR_NONE;
	if (!can_be_said(t, posting, arena, verdict))
		return true;
	id = strtoll(now.remote, NULL, 10);
	if (now.state != REMOTE_DRAFT && !act(t, "account.move/button_draft",
	    &id, 1, arena, &done, verdict, e))
		return false;
	if (done && !rewrite(t, posting, id, arena, &done, verdict, e))
		return false;
	return !done || book(t, posting, id, arena, verdict, e);
}

const struct adapter adapter_odoo = {
	.name = "odoo",
	.batch = 20,
	.atomic = false,
	.open = odoo_open,
	.close = odoo_close,
	.check = odoo_check,
	.send = odoo_send,
	.find = odoo_find, .reach = odoo_reach,
	.finish = odoo_finish,
	.list = odoo_list,
	.balances = odoo_balances,
	.restore = odoo_restore,
};
