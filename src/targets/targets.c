/* The table of adapters, and what every adapter needs. */
#include "targets/targets.h"

#include <stdlib.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "net/retry.h"
#include "targets/list.h"

#define LINES_TEXT_MAX ((size_t)16 << 20)	/* bytes of posting_text */
#define SECRET_SHORT 8		/* shorter ones may be part of anything */

const struct adapter *const adapters[] = {
	&adapter_rest,
	&adapter_erpnext,
	&adapter_odoo,
	&adapter_tally,
	&adapter_tally_file,
	&adapter_tryton,
	NULL
};

static const char *const refusals[REFUSALS] = {
	[REFUSAL_NONE] = "", [REFUSAL_DATA] = "data",
	[REFUSAL_MAPPING] = "mapping", [REFUSAL_RIGHTS] = "rights",
	[REFUSAL_PERIOD] = "period", [REFUSAL_DUPLICATE] = "duplicate",
	[REFUSAL_CONNECTION] = "connection", [REFUSAL_RATE] = "rate",
	[REFUSAL_CONFLICT] = "conflict",
};

static const char *const verdicts[VERDICT_KINDS] = {
	[VERDICT_UNKNOWN] = "unknown", [VERDICT_DONE] = "done",
	[VERDICT_REFUSED] = "refused", [VERDICT_AWAY] = "away",
	[VERDICT_CONFLICT] = "conflict", [VERDICT_TOGETHER] = "together",
};

const struct adapter *
adapter_find(const char *name)
{
	for (size_t i = 0; adapters[i] != NULL; i++)
		if (strcmp(adapters[i]->name, name) == 0)
			return adapters[i];
	return NULL;
}

const char *
refusal_name(enum refusal refusal)
{
	return refusals[refusal];
}

bool
refusal_read(const char *text, enum refusal *out)
{
	for (int i = 0; i < REFUSALS; i++)
		if (strcmp(refusals[i], text) == 0) {
			*out = (enum refusal)i;
			return true;
		}
	return false;
}

const char *
verdict_name(enum verdict_kind kind)
{
	return verdicts[kind];
}

/* ---- handles ---------------------------------------------------------- */

bool
target_open(struct target **out, const struct targetconf *conf,
    struct err *e)
{
	const struct adapter *adapter = adapter_find(conf->kind);
	struct target *target;

	*out = NULL;
	if (adapter == NULL)
		return err_set(e, ERR_CONFIG, "no such kind of target: %.60s",
		    conf->kind);
	target = calloc(1, sizeof *target);
	if (target == NULL)
		bug("out of memory");
	target->adapter = adapter;
	target->conf = conf;
	if (!adapter->mute)
		target->fetch = fetch_new(conf->ca);
	if (adapter->open == NULL || adapter->open(target, e)) {
		*out = target;
		return true;
	}
	fetch_free(&target->fetch);
	free(target);
	return false;
}

void
target_close(struct target **tp)
{
	struct target *target = *tp;

	if (target == NULL)
		return;
	*tp = NULL;
	if (target->adapter->close != NULL)
		target->adapter->close(target);
	fetch_free(&target->fetch);
	free(target);
}

const struct adapter *
target_adapter(const struct target *target)
{
	return target->adapter;
}

void
target_stop(struct target *target)
{
	if (target->fetch != NULL)
		fetch_stop(target->fetch);
}

int64_t
target_until(const struct target *target)
{
	return target->until;
}

/* Of what was done and said well it asks for nothing. */
static void
note_wait(struct target *target, const struct fetch_answer *answer)
{
	int64_t wait, until;

	if (answer->status < 400 || !retry_after(span_of(
	    answer->retry_after), clock_now(), &wait))
		return;
	until = clock_mono() + wait;
	if (until > target->until)
		target->until = until;
}

/* Some servers say in an error what they were sent. Whatever becomes of their
 * words, what proves us is not in them. */
static void
hide(const char *secret, struct str *body)
{
	size_t n = strlen(secret);
	char *at = body->p;

	if (n < SECRET_SHORT)
		return;
	while (body->n > 0 && (at = memmem(at, (size_t)(body->p + body->n -
	    at), secret, n)) != NULL) {
		memset(at, '*', n);
		at += n;
	}
}

/* As it is, and as it goes: a password or a session in base 64. */
static void
hide_secret(const struct target *target,
    const struct target_request *request, struct str *body)
{
	static const char name[] = "Authorization:";

	hide(target->conf->secret, body);
	for (size_t i = 0; i < request->n_headers; i++)
		if (strncmp(request->headers[i], name, sizeof name - 1) == 0)
			hide(strrchr(request->headers[i], ' ') != NULL ?
			    strrchr(request->headers[i], ' ') + 1 : "", body);
}

bool
target_ask(struct target *target, const struct target_request *request,
    struct fetch_answer *answer, struct str *body, struct err *e)
{
	struct fetch_call call = {
	    .headers = request->headers, .n_headers = request->n_headers,
	    .seconds = (int)target->conf->timeout,
	    .method = request->method, .type = request->type,
	    .body = request->body
	};
	struct str url;
	bool ok;

	str_init(&url, 65536);
	str_adds(&url, target->conf->url);
	str_adds(&url, request->path);
	call.url = url.p;
	*answer = (struct fetch_answer){ 0 };
	if (url.over)
		ok = err_set(e, ERR_TOO_LARGE, "an address too long");
	else if (strcmp(request->method, "GET") == 0)
		ok = fetch_get(target->fetch, &call, answer, body, e);
	else
		ok = fetch_send(target->fetch, &call, answer, body, e);
	hide_secret(target, request, body);
	note_wait(target, answer);
	str_free(&url);
	return ok;
}

static bool
ask_part(size_t at, size_t n, ask_part_fn *ask, void *asking, struct err *e)
{
	if (ask(asking, at, n, e))
		return true;
	if (e->code != ERR_TOO_LARGE || n < 2)
		return false;
	*e = (struct err){ 0 };
	return ask_part(at, n / 2, ask, asking, e) &&
	    ask_part(at + n / 2, n - n / 2, ask, asking, e);
}

bool
ask_parts(size_t n, size_t most, ask_part_fn *ask, void *asking,
    struct err *e)
{
	for (size_t at = 0; at < n; at += most)
		if (!ask_part(at, n - at < most ? n - at : most, ask, asking,
		    e))
			return false;
	return true;
}

bool
is_among(const char *reference, const char *const *references, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(references[i], reference) == 0)
			return true;
	return false;
}

void
searching_add(struct searching *s, const struct remote *more, size_t n)
{
	struct remote *all = arena_alloc(s->arena, (s->n + n + 1) *
	    sizeof *all);

	if (s->n > 0)
		memcpy(all, s->out, s->n * sizeof *all);
	if (n > 0)
		memcpy(all + s->n, more, n * sizeof *all);
	s->out = all;
	s->n += n;
}

bool
find_parts(struct target *target, const char *const *references, size_t n,
    size_t most, ask_part_fn *ask, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	struct searching s = { .target = target, .references = references,
	    .arena = arena };

	if (!ask_parts(n, most, ask, &s, e))
		return false;
	*out = s.out;
	*n_out = s.n;
	return true;
}

void
fault_add(struct target_found *found, enum refusal refusal,
    const char *field, const char *value, const char *words)
{
	if (found->n_faults < FOUND_FAULTS)
		found->faults[found->n_faults++] = (struct target_fault){
		    refusal, field, value, words };
}

/* ---- verdicts --------------------------------------------------------- */

void
verdicts_begin(struct verdict *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		list[i] = (struct verdict){ .words = "", .remote = "",
		    .number = "", .version = "", .wait = -1 };
}

void
verdict_refuse(struct verdict *verdict, enum refusal refusal,
    const char *words)
{
	verdict->kind = refusal == REFUSAL_CONFLICT ? VERDICT_CONFLICT :
	    VERDICT_REFUSED;
	verdict->refusal = refusal;
	verdict->words = words;
}

void
verdict_never_away(struct verdict *verdict)
{
	if (verdict->kind == VERDICT_AWAY)
		verdict->kind = VERDICT_UNKNOWN;
}

bool
verdict_of_status(const struct fetch_answer *answer, struct verdict *verdict)
{
	int status = answer->status;

	if (status >= 200 && status < 300)
		return false;
	verdict->wait = -1;
	if (!retry_after(span_of(answer->retry_after), clock_now(),
	    &verdict->wait))
		verdict->wait = -1;
	if (status == 429) {
		verdict->kind = VERDICT_AWAY;
		verdict->refusal = REFUSAL_RATE;
	} else if (status == 401 || status == 403)
		verdict_refuse(verdict, REFUSAL_RIGHTS, verdict->words);
	else if (status >= 400 && status < 500 && status != 408)
		verdict_refuse(verdict, REFUSAL_DATA, verdict->words);
	else {
		verdict->kind = VERDICT_UNKNOWN;
		verdict->refusal = REFUSAL_CONNECTION;
	}
	return true;
}

void
verdicts_lost(struct verdict *list, size_t n, bool sent,
    const struct err *e, struct arena *arena)
{
	const char *words = words_of(span_of(e->why), arena);

	for (size_t i = 0; i < n; i++) {
		list[i].kind = sent ? VERDICT_UNKNOWN : VERDICT_AWAY;
		list[i].refusal = REFUSAL_CONNECTION;
		list[i].words = words;
		list[i].wait = -1;
	}
}

void
verdicts_sent(struct verdict *list, size_t n, struct span body)
{
	unsigned char digest[SHA256_SIZE];

	digest_sha256(body, digest);
	for (size_t i = 0; i < n; i++)
		digest_hex(digest, SHA256_SIZE, list[i].sent);
}

void
verdict_held(struct verdict *verdict, struct day day,
    const struct posting_line *lines, size_t n)
{
	unsigned char digest[SHA256_SIZE];
	struct str text;

	str_init(&text, LINES_TEXT_MAX);
	posting_text(day, lines, n, &text);
	digest_sha256(str_span(&text), digest);
	digest_hex(digest, SHA256_SIZE, verdict->held);
	str_free(&text);
}

bool
remote_same(const struct posting *posting, const struct remote *remote)
{
	struct str ours, theirs;
	bool same;

	str_init(&ours, LINES_TEXT_MAX);
	str_init(&theirs, LINES_TEXT_MAX);
	posting_text(posting->date, posting->lines, posting->n_lines, &ours);
	posting_text(remote->date, remote->lines, remote->n_lines, &theirs);
	same = !ours.over && !theirs.over &&
	    span_equal(str_span(&ours), str_span(&theirs));
	str_free(&ours);
	str_free(&theirs);
	return same;
}

bool
is_one_line(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

const char *
words_of(struct span text, struct arena *arena)
{
	struct str out;
	const char *kept;
	uint32_t cp;
	bool space = true;	/* none at the start, never two */

	str_init(&out, TARGET_WORDS + 8);
	for (size_t n; out.n < TARGET_WORDS &&
	    (n = utf8_next(text, &cp)) > 0; text.p += n, text.n -= n) {
		bool blank = cp <= ' ' || (cp >= 0x7f && cp <= 0xa0);

		if (blank && !space)
			str_addc(&out, ' ');
		else if (!blank && cp == 0xfffd)
			str_adds(&out, "\xef\xbf\xbd");
		else if (!blank)
			str_add(&out, text.p, n);
		space = blank;
	}
	while (out.n > 0 && out.p[out.n - 1] == ' ')
		out.n--;
	kept = arena_strndup(arena, out.n > 0 ? out.p : "", out.n);
	str_free(&out);
	return kept;
}

const char *
reach_said(const char *text, struct arena *arena)
{
	size_t n = strcspn(text, " ");

	return n > 0 && n < REFERENCE_MAX ? arena_strndup(arena, text, n) :
	    "?";
}

const char *
amount_text(int64_t minor, const char *currency, struct arena *arena)
{
	struct money money = { .minor = minor };
	const char *text;
	struct str out;

	memcpy(money.currency, currency, sizeof money.currency);
	str_init(&out, 64);
	money_plain(money, &out);
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

bool
amount_read(const char *text, const char *currency, int64_t *minor)
{
	struct money money;

	if (text == NULL || !money_parse(span_of(text), currency, &money))
		return false;
	*minor = money.minor;
	return true;
}
