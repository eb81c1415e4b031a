/*
 * ERPNext by its REST interface. A posting is one Journal Entry that is
 * created submitted (docstatus 1), in one call and so in one transaction
 * there: no stop on either side leaves a draft. What was created and not
 * heard of is found by our reference, in a field that is unique, so that a
 * second one would be refused by ERPNext itself. `modified` is its version.
 */
#include "targets/erpnext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "core/map.h"
#include "targets/foreign.h"

#define BODY_MAX ((size_t)4 << 20)
#define ENTRY "Journal Entry"

static bool
is_field(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= 64 &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static bool
judge(const struct targetconf *conf, const char *field, struct err *e)
{
	if (*conf->user == '\0' || *conf->secret == '\0')
		return err_set(e, ERR_CONFIG,
		    "erpnext: user (API key) and secret must be there");
	if (*conf->company == '\0')
		return err_set(e, ERR_CONFIG,
		    "erpnext: company must be there");
	if (!is_one_line(conf->user) || !is_one_line(conf->secret) ||
	    !is_one_line(conf->database))
		return err_set(e, ERR_CONFIG, "erpnext: user, secret and"
		    " database are one line each");
	return is_field(field) || err_set(e, ERR_CONFIG,
	    "erpnext: field: not the name of a field: %.60s", field);
}

static bool
erpnext_open(struct target *t, struct err *e)
{
	const struct targetconf *conf = t->conf;
	const char *field = options_text(conf->options, "field");
	struct erpnext *erp;

	if (!judge(conf, field, e))
		return false;
	erp = calloc(1, sizeof *erp);
	if (erp == NULL)
		bug("out of memory");
	erp->arena = arena_new();
	erp->own = arena_new();
	erpnext_book_begin(&erp->book, erp->arena, field,
	    strcmp(options_text(conf->options, "accounts"), "number") == 0);
	erp->authorization = arena_printf(erp->own,
	    "Authorization: token %s:%s", conf->user, conf->secret);
	erp->site = *conf->database == '\0' ? "" : arena_printf(erp->own,
	    "X-Frappe-Site-Name: %s", conf->database);
	t->state = erp;
	return true;
}

static void
erpnext_close(struct target *t)
{
	struct erpnext *erp = t->state;

	erpnext_book_end(&erp->book);
	arena_free(&erp->arena);
	arena_free(&erp->own);
	free(erp);
}

/* ---- what is said ----------------------------------------------------- */

struct saying {
	struct target *t;
	struct arena *arena;
	struct json j;
	bool foreign;		/* an account is kept in another currency */
	const char *words;	/* why it cannot be said; NULL */
	enum refusal refusal;
};

static bool
cannot(struct saying *s, enum refusal refusal, const char *words)
{
	s->words = words;
	s->refusal = refusal;
	return false;
}

static void
put_amount(struct saying *s, const char *member, int64_t minor,
    const char *currency)
{
	json_key(&s->j, member);
	json_raw(&s->j, span_of(amount_text(minor, currency, s->arena)));
}

static void
put_sides(struct saying *s, int64_t minor, const char *currency)
{
	put_amount(s, "debit_in_account_currency", minor > 0 ? minor : 0,
	    currency);
	put_amount(s, "credit_in_account_currency", minor < 0 ? -minor : 0,
	    currency);
}

/* ERPNext multiplies: the rate must bring back our amount to the paisa. */
static bool
put_foreign(struct saying *s, const struct erpnext_account *account,
    const struct posting_line *line)
{
	const struct erpnext *erp = s->t->state;
	int64_t rate;

	if (strcmp(line->currency, account->currency) != 0)
		return cannot(s, REFUSAL_MAPPING, arena_printf(s->arena,
		    "ERPNext keeps %s in %s, and the line is in %s",
		    account->name, account->currency, line->currency));
	if (!foreign_rate(line->amount, erp->book.currency, line->foreign,
	    line->currency, &rate) || rate == 1000000000)
		return cannot(s, REFUSAL_DATA, arena_printf(s->arena,
		    "no exchange rate of nine decimals gives what %s is to"
		    " get in %s", account->name, erp->book.currency));
	s->foreign = true;
	put_sides(s, line->foreign, line->currency);
	json_key(&s->j, "exchange_rate");
	json_raw(&s->j, span_of(arena_printf(s->arena, "%lld.%09lld",
	    (long long)(rate / 1000000000), (long long)(rate % 1000000000))));
	json_kstr(&s->j, "account_currency", account->currency);
	return true;
}

static void
put_party(struct saying *s, const struct erpnext_account *account,
    const struct posting_line *line)
{
	const char *type, *name, *remark = line->memo;

	if (*line->party != '\0' && erpnext_owes(account)) {
		erpnext_party(account, line->party, s->arena, &type, &name);
		json_kstr(&s->j, "party_type", type);
		json_kstr(&s->j, "party", name);
	} else if (*line->party != '\0') {
		remark = arena_printf(s->arena, "[%s] %s", line->party,
		    line->memo);
	}
	if (*remark != '\0')
		json_kstr(&s->j, "user_remark", remark);
}

static bool
put_line(struct saying *s, const struct posting_line *line)
{
	const struct erpnext *erp = s->t->state;
	const struct erpnext_account *account = map_find(erp->book.codes,
	    span_of(line->account));

	if (account == NULL)
		return cannot(s, REFUSAL_MAPPING, arena_printf(s->arena,
		    "%s has no account \"%s\" in ERPNext to post on",
		    s->t->conf->company, line->account));
	json_open(&s->j, '{');
	json_kstr(&s->j, "account", account->name);
	put_party(s, account, line);
	if (*line->cost_centre != '\0')
		json_kstr(&s->j, "cost_center", line->cost_centre);
	if (strcmp(account->currency, erp->book.currency) != 0) {
		if (!put_foreign(s, account, line))
			return false;
	} else {
		put_sides(s, line->amount, erp->book.currency);
	}
	json_close(&s->j, '}');
	return true;
}

static bool
put_lines(struct saying *s, const struct posting *posting)
{
	json_key(&s->j, "accounts");
	json_open(&s->j, '[');
	for (size_t i = 0; i < posting->n_lines; i++)
		if (!put_line(s, &posting->lines[i]))
			return false;
	json_close(&s->j, ']');
	return true;
}

static void
put_head(struct saying *s, const struct posting *posting,
    const char *reference)
{
	const struct erpnext *erp = s->t->state;
	struct json *j = &s->j;

	json_kstr(j, "voucher_type", *posting->book != '\0' ? posting->book :
	    ENTRY);
	json_kstr(j, "company", s->t->conf->company);
	json_kstr(j, "posting_date", posting->date.text);
	json_kstr(j, "user_remark", posting->narration);
	if (strcmp(erp->book.field, "cheque_no") != 0)
		json_kstr(j, "cheque_no", posting->number);
	json_kstr(j, "cheque_date", posting->date.text);
	json_kstr(j, erp->book.field, reference);
	if (*posting->reverses_remote != '\0')
		json_kstr(j, "reversal_of", posting->reverses_remote);
}

/* amended: the name of the cancelled entry that it stands for, or NULL. */
static bool
say(struct saying *s, const struct posting *posting, const char *reference,
    const char *amended, const char *modified)
{
	const struct erpnext *erp = s->t->state;

	if (strcmp(posting->currency, erp->book.currency) != 0)
		return cannot(s, REFUSAL_MAPPING, arena_printf(s->arena,
		    "%s keeps its books in %s, and the journal is in %s",
		    s->t->conf->company, erp->book.currency,
		    posting->currency));
	json_open(&s->j, '{');
	put_head(s, posting, reference);
	if (amended != NULL)
		json_kstr(&s->j, "amended_from", amended);
	if (modified != NULL)
		json_kstr(&s->j, "modified", modified);
	json_kint(&s->j, "docstatus", 1);
	if (!put_lines(s, posting))
		return false;
	if (s->foreign)
		json_kint(&s->j, "multi_currency", 1);
	json_close(&s->j, '}');
	return true;
}

/* ---- what is heard ---------------------------------------------------- */

/* One call that is about one posting. False: no word came of it. */
static bool
tell(struct target *t, const char *method, const char *path,
    struct span body, const struct posting *posting, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	const struct erpnext *erp = t->state;
	struct erpnext_answer answer;
	bool ok = erpnext_ask(t, method, path, body, arena, &answer, e);

	if (!ok) {
		verdicts_lost(verdict, 1, answer.http.sent, e, arena);
	} else if (answer.http.status >= 200 && answer.http.status < 300) {
		erpnext_take_answer(&erp->book, answer.root, posting, arena,
		    verdict);
	} else {
		erpnext_judge(&answer.http, answer.type, answer.words,
		    strcmp(method, "PUT") == 0, verdict);
	}
	memcpy(verdict->sent, answer.sent, sizeof verdict->sent);
	erpnext_done(&answer);
	return ok;
}

/* It says that there is one: then which? */
static bool
look_again(struct target *t, const struct posting *posting,
    struct arena *arena, struct verdict *verdict, struct err *e)
{
	const char *reference = posting->reference, *words = verdict->words;
	struct remote *found;
	size_t n;

	verdict->kind = VERDICT_UNKNOWN;
	if (!erpnext_find(t, &reference, 1, arena, &found, &n, e))
		return false;
	verdict_refuse(verdict, REFUSAL_DUPLICATE, words);
	if (n == 1 && found->state == REMOTE_DRAFT)
		verdict->kind = VERDICT_UNKNOWN;
	else if (n == 1)
		erpnext_take(posting, found, arena, verdict);
	return true;
}

/* ---- the adapter ------------------------------------------------------ */

static void
saying_begin(struct saying *s, struct target *t, struct arena *arena,
    struct str *body)
{
	*s = (struct saying){ .t = t, .arena = arena };
	str_clear(body);
	json_start(&s->j, body);
}

/* An account that was made there a minute ago is not known here yet. */
static bool
say_or_refresh(struct saying *s, const struct posting *posting,
    const char *reference, const char *amended, const char *modified,
    struct str *body, bool *said, struct err *e)
{
	*said = say(s, posting, reference, amended, modified);
	if (*said || s->refusal != REFUSAL_MAPPING)
		return true;
	if (!erpnext_refresh(s->t, e))
		return false;
	saying_begin(s, s->t, s->arena, body);
	*said = say(s, posting, reference, amended, modified);
	return true;
}

/* It refused what an account is called: nothing of it is there. Under its new
 * name it goes again, once. */
static bool
rename_accounts(struct saying *s, const struct posting *posting,
    const char *reference, const char *amended, const char *modified,
    struct str *body, bool *renamed, struct err *e)
{
	struct str again;
	bool ok, read;

	*renamed = false;
	ok = erpnext_read_again(s->t, &read, e);
	if (!ok || !read)
		return ok;
	str_init(&again, BODY_MAX);
	saying_begin(s, s->t, s->arena, &again);
	if (say(s, posting, reference, amended, modified) && !again.over &&
	    !span_equal(str_span(&again), str_span(body))) {
		str_clear(body);
		str_add(body, again.p, again.n);
		*renamed = true;
	}
	str_free(&again);
	return true;
}

/* Creates, or changes what stands at `path`. False: no word. */
static bool
put(struct target *t, const struct posting *posting, const char *method,
    const char *path, const char *reference, const char *amended,
    const char *modified, struct arena *arena, struct verdict *verdict,
    struct err *e)
{
	struct saying s;
	struct str body;
	bool ok, said = false, renamed = false;

	str_init(&body, BODY_MAX);
	saying_begin(&s, t, arena, &body);
	ok = say_or_refresh(&s, posting, reference, amended, modified, &body,
	    &said, e);
	if (!ok)
		verdicts_lost(verdict, 1, false, e, arena);
	else if (!said)
		verdict_refuse(verdict, s.refusal, s.words);
	else if (body.over)
		verdict_refuse(verdict, REFUSAL_DATA,
		    "too many lines for one call");
	else
		ok = tell(t, method, path, str_span(&body), posting, arena,
		    verdict, e);
	if (ok && said && !body.over && verdict->kind == VERDICT_REFUSED &&
	    verdict->refusal == REFUSAL_MAPPING) {
		struct err none = { 0 };

		if (rename_accounts(&s, posting, reference, amended, modified,
		    &body, &renamed, &none) && renamed) {
			verdict->kind = VERDICT_UNKNOWN;
			verdict->refusal = REFUSAL_NONE;
			ok = tell(t, method, path, str_span(&body), posting,
			    arena, verdict, e);
		}
	}
	str_free(&body);
	return ok;
}

static bool
send_one(struct target *t, const struct posting *posting,
    struct arena *arena, struct verdict *verdict, struct err *e)
{
	if (!put(t, posting, "POST", erpnext_path(ENTRY, NULL, arena),
	    posting->reference, NULL, NULL, arena, verdict, e))
		return false;
	return verdict->refusal != REFUSAL_DUPLICATE ||
	    look_again(t, posting, arena, verdict, e);
}

static bool
erpnext_send(struct target *t, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct err *e)
{
	bool ok;

	verdicts_begin(verdicts, n);
	ok = erpnext_ready(t, e);
	if (!ok)
		verdicts_lost(verdicts, n, false, e, arena);
	for (size_t i = 0; ok && i < n; i++) {
		ok = send_one(t, &postings[i], arena, &verdicts[i], e);
		if (!ok)
			verdicts_lost(&verdicts[i + 1], n - i - 1, false, e,
			    arena);
	}
	return ok;
}

/* As it stands there now; false: a verdict, or err, says why not. */
static bool
current(struct target *t, const struct remote *remote, struct arena *arena,
    struct remote *now, int *times, struct verdict *verdict, struct err *e)
{
	bool found;

	if (!erpnext_ready(t, e) || !erpnext_entry(t, remote->remote, arena,
	    now, times, &found, e)) {
		verdicts_lost(verdict, 1, true, e, arena);
		return false;
	}
	if (found && strcmp(now->version, remote->version) == 0)
		return true;
	verdict_refuse(verdict, REFUSAL_CONFLICT, arena_printf(arena, found ?
	    "%s was changed in ERPNext meanwhile" :
	    "%s is no longer in ERPNext", remote->remote));
	return false;
}

/* {"docstatus": 1, "modified": ..}: submits or cancels, under the version. */
static void
say_state(struct str *body, int docstatus, const char *modified)
{
	struct json j;

	json_start(&j, body);
	json_open(&j, '{');
	json_kint(&j, "docstatus", docstatus);
	json_kstr(&j, "modified", modified);
	json_close(&j, '}');
}

/* A draft that says something else is somebody's work. */
static bool
erpnext_finish(struct target *t, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct remote now;
	struct str body;
	int times;
	bool ok;

	verdicts_begin(verdict, 1);
	if (!current(t, remote, arena, &now, &times, verdict, e))
		return e->code == ERR_NONE;
	if (!remote_same(posting, &now)) {
		verdict_refuse(verdict, REFUSAL_CONFLICT, arena_printf(arena,
		    "the draft %s has other lines or another day",
		    now.number));
		return true;
	}
	str_init(&body, BODY_MAX);
	say_state(&body, 1, now.version);
	ok = tell(t, "PUT", erpnext_path(ENTRY, now.remote, arena),
	    str_span(&body), posting, arena, verdict, e);
	verdict_never_away(verdict);
	str_free(&body);
	return ok;
}

/* ---- our side of a drift ---------------------------------------------- */

/* True: it is cancelled there. Else the verdict says, or err. */
static bool
cancel(struct target *t, const struct remote *now, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct erpnext_answer answer;
	struct str body;
	bool ok, done = false;

	str_init(&body, BODY_MAX);
	say_state(&body, 2, now->version);
	ok = erpnext_ask(t, "PUT", erpnext_path(ENTRY, now->remote, arena),
	    str_span(&body), arena, &answer, e);
	memcpy(verdict->sent, answer.sent, sizeof verdict->sent);
	if (!ok)
		verdicts_lost(verdict, 1, answer.http.sent, e, arena);
	else if (answer.http.status == 200)
		done = strcmp(json_word(answer.root, "data.docstatus"),
		    "2") == 0;
	else
		erpnext_judge(&answer.http, answer.type, answer.words, true,
		    verdict);
	verdict_never_away(verdict);
	erpnext_done(&answer);
	str_free(&body);
	return done;
}

/* A submitted entry is never changed in ERPNext: it is cancelled, under its
 * version, and amended. A stop between the two leaves a cancelled one, which
 * the next call amends. */
static bool
erpnext_restore(struct target *t, const struct posting *posting,
    const struct remote *remote, struct arena *arena,
    struct verdict *verdict, struct err *e)
{
	struct remote now;
	const char *name;
	int times;
	bool ok;

	verdicts_begin(verdict, 1);
	if (!current(t, remote, arena, &now, &times, verdict, e))
		return e->code == ERR_NONE;
	if (now.state == REMOTE_BOOKED &&
	    !cancel(t, &now, arena, verdict, e))
		return e->code == ERR_NONE;
	name = now.state == REMOTE_DRAFT ? now.remote : NULL;
	times += name == NULL;
	ok = put(t, posting, name != NULL ? "PUT" : "POST",
	    erpnext_path(ENTRY, name, arena), times == 0 ?
	    posting->reference : arena_printf(arena, "%s.%d",
	    posting->reference, times), name != NULL ? NULL : now.remote,
	    name != NULL ? now.version : NULL, arena, verdict, e);
	verdict_never_away(verdict);
	return ok && (verdict->refusal != REFUSAL_DUPLICATE ||
	    look_again(t, posting, arena, verdict, e));
}

const struct adapter adapter_erpnext = {
	.name = "erpnext",
	.batch = 1,
	.atomic = true,
	.open = erpnext_open,
	.close = erpnext_close,
	.check = erpnext_check,
	.send = erpnext_send,
	.find = erpnext_find, .reach = erpnext_reach,
	.finish = erpnext_finish,
	.list = erpnext_list,
	.balances = erpnext_balances,
	.restore = erpnext_restore,
};
