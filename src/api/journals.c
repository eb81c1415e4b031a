/*
 * The canonical journal service: one journal or up to a thousand, each a
 * document of its own with its own key. What its sender may not or cannot
 * post is kept all the same and says why. Also the schemas that senders are
 * judged by.
 */
#include "api/inside.h"

#include <strings.h>

#include "book/money.h"
#include "core/utf8.h"
#include "flow/cloudevent.h"
#include "flow/intake.h"
#include "flow/work.h"

#define TOPIC "in.bahi.journal"
#define KEY_MAX 255
#define ANSWER_MAX (64 << 20)

/* ---- the request ------------------------------------------------------ */

/* A token is a client of its own. Over the socket who may close the books may
 * use all accounts; anybody else is a client, too. */
static const char *
client_of(struct call *call)
{
	if (!call->caller.local)
		return call->caller.name;
	return call->caller.role >= ROLE_CONTROLLER ? "events" :
	    arena_printf(call->arena, "events-%s", call->caller.name);
}

static bool
is_key(const char *key)
{
	size_t n = strlen(key);

	for (const char *p = key; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return n > 0 && n <= KEY_MAX && utf8_valid(span_of(key));
}

static bool
judge_request(struct call *call, const char **key, struct err *e)
{
	bool twice = false;
	const char *media = request_header(call->request, "Content-Type",
	    &twice);
	size_t n = media != NULL ? strcspn(media, "; ") : 0;

	if (media != NULL && (twice || n != strlen("application/json") ||
	    strncasecmp(media, "application/json", n) != 0))
		return err_set(e, ERR_MEDIA, "journals are application/json");
	*key = request_header(call->request, "Idempotency-Key", &twice);
	return !twice && (*key == NULL || is_key(*key)) ? true :
	    err_set(e, ERR_REQUEST, "Idempotency-Key is not one text of 1 to "
	    "%d bytes", KEY_MAX);
}

static bool
is_dry(struct call *call)
{
	const char *prefer = request_header(call->request, "Prefer", NULL);
	const char *query = request_query(call->request, "dry_run");

	return (prefer != NULL && strstr(prefer, "validate-only") != NULL) ||
	    (query != NULL && strcmp(query, "0") != 0);
}

/* The journal's own `id`; NULL when it has none that can be a key. */
static const char *
id_of(const struct json_item *item, struct arena *arena)
{
	const char *id = item->tape.n > 0 ?
	    json_take(&item->tape, "id", arena) : NULL;

	return id != NULL && is_key(id) ? id : NULL;
}

struct posting {
	struct call *call;
	struct delivery delivery;
	struct source source;
	const char *key;	/* of the header; NULL: none */
	struct json_item *items;
	const char **keys;
	size_t n;
	bool many;		/* an array, however short */
};

/* Each journal by its own id; else all by the header, told apart by place. */
static bool
find_keys(struct posting *p, struct err *e)
{
	struct arena *arena = p->call->arena;

	p->keys = arena_alloc(arena, (p->n + 1) * sizeof *p->keys);
	for (size_t i = 0; i < p->n; i++) {
		const char *id = p->many || p->key == NULL ?
		    id_of(&p->items[i], arena) : NULL;

		if (id == NULL && p->key == NULL)
			return err_set(e, ERR_REQUEST, "journal %zu: neither "
			    "an id nor an Idempotency-Key", i + 1);
		p->keys[i] = id != NULL ? id : !p->many ? p->key :
		    arena_printf(arena, "%s/%zu", p->key, i + 1);
	}
	return true;
}

/* One journal or an array of them. */
static bool
read_items(struct posting *p, struct err *e)
{
	struct arena *arena = p->call->arena;
	struct span body = p->delivery.body;

	p->many = json_is_array(body);
	if (p->many)
		return cloudevent_split(body, arena, &p->items, &p->n, e);
	return cloudevent_read(body, arena, p->items, e);
}

/* What is no JSON at all cannot be told apart: with a key it is kept whole. */
static bool
find_items(struct posting *p, struct err *e)
{
	struct err why = { 0 };
	struct json_item *whole = arena_alloc(p->call->arena, sizeof *whole);

	whole->text = p->delivery.body;
	p->items = whole;
	p->n = 1;
	if (!read_items(p, &why)) {
		if (why.code == ERR_TOO_LARGE || (p->many && p->key == NULL))
			return err_set(e, why.code, "%s", why.why);
		p->items = whole;
		p->n = 1;
		p->many = false;
	}
	return p->n > 0 || err_set(e, ERR_REQUEST, "an empty batch");
}

static struct work *
take(struct posting *p, size_t i)
{
	const struct json_item *item = &p->items[i];
	const struct verified verified = { .topic = TOPIC,
	    .key = p->keys[i],
	    .tape = item->tape.n > 0 ? &item->tape : NULL };
	struct delivery one = p->delivery;

	one.body = item->text;
	return intake_take(api_pump(p->call->api), &p->source, &one,
	    &verified);
}

/* ---- a dry run -------------------------------------------------------- */

static void
encode_amount(struct json *j, const char *key, int64_t minor,
    const char *currency)
{
	struct money m = { .minor = minor };
	struct str text;

	str_init(&text, 64);
	memcpy(m.currency, currency, strnlen(currency, 3));
	money_plain(m, &text);
	json_kstr(j, key, text.p);
	str_free(&text);
}

static void
encode_entry(struct json *j, const struct entry *entry)
{
	json_open(j, '{');
	json_kstr(j, "account", entry->account);
	json_kstr(j, "party", entry->party);
	json_kstr(j, "cost_centre", entry->cost_centre);
	json_kstr(j, "tax_code", entry->tax_code);
	json_kstr(j, "item", entry->item);
	json_kstr(j, "location", entry->location);
	json_kstr(j, "memo", entry->memo);
	json_kstr(j, "currency", entry->currency);
	encode_amount(j, "amount", entry->amount, entry->currency);
	json_close(j, '}');
}

static void
encode_piece(struct json *j, const struct piece *piece)
{
	struct str document;

	if (piece == NULL) {
		json_key(j, "document");
		json_null(j);
	} else {
		str_init(&document, ANSWER_MAX);
		document_encode(&piece->document, &document);
		json_key(j, "document");
		json_raw(j, str_span(&document));
		str_free(&document);
	}
	json_key(j, "entries");
	json_open(j, '[');
	for (size_t i = 0; piece != NULL && piece->has_journal &&
	    i < piece->journal.n_entries; i++)
		encode_entry(j, &piece->journal.entries[i]);
	json_close(j, ']');
}

static void
encode_dry(struct json *j, const struct work *work)
{
	const struct findings *findings = &work->findings;

	json_open(j, '{');
	json_key(j, "dry_run");
	json_bool(j, true);
	json_kstr(j, "key", work->event.key);
	json_key(j, "valid");
	json_bool(j, work->n_pieces > 0 && !findings_block(findings));
	encode_piece(j, work->n_pieces > 0 ? &work->pieces[0] : NULL);
	json_key(j, "findings");
	json_open(j, '[');
	for (size_t i = 0; i < findings->n; i++)
		finding_encode(&findings->items[i], work->event.source, j);
	json_close(j, ']');
	json_close(j, '}');
}

static void
answer_dry(struct posting *p)
{
	struct err e = { 0 };
	struct str out;
	struct json j;

	str_init(&out, ANSWER_MAX);
	json_start(&j, &out);
	if (p->many) {
		json_open(&j, '{');
		json_key(&j, "items");
		json_open(&j, '[');
	}
	for (size_t i = 0; i < p->n && !out.over; i++) {
		struct work *work = take(p, i);

		encode_dry(&j, work);
		work_free(&work);
	}
	if (p->many) {
		json_close(&j, ']');
		json_close(&j, '}');
	}
	request_say(p->call->request, "Preference-Applied", "validate-only");
	answer_view(p->call, true, &out, &e);
	str_free(&out);
}

/* ---- posting ---------------------------------------------------------- */

static void
post(struct posting *p)
{
	struct work **works;

	if (!p->many) {
		offer_work(p->call, take(p, 0));
		return;
	}
	works = arena_alloc(p->call->arena, p->n * sizeof *works);
	for (size_t i = 0; i < p->n; i++)
		works[i] = take(p, i);
	offer_works(p->call, works, p->n);
}

void
journals_post(struct call *call)
{
	struct posting p = { .call = call,
	    .delivery = delivery_of(call->request),
	    .source = { .name = client_of(call) } };
	struct err e = { 0 };

	if (!judge_request(call, &p.key, &e) || !find_items(&p, &e) ||
	    !find_keys(&p, &e))
		request_fail(call->request, &e);
	else if (!limit_takes(call, p.source.name, p.n))
		return;		/* and answered */
	else if (is_dry(call))
		answer_dry(&p);
	else
		post(&p);
}

/* ---- schemas ---------------------------------------------------------- */

void
schemas_get(struct call *call)
{
	struct rulebook *rules = pump_rules(api_pump(call->api));
	const char *name;
	struct answer a;

	answer_start(&a, 1 << 20);
	json_open(&a.j, '{');
	json_key(&a.j, "items");
	json_open(&a.j, '[');
	for (size_t at = 0; (name = rulebook_next_schema(rules, &at)) !=
	    NULL;)
		json_str(&a.j, name);
	json_close(&a.j, ']');
	json_close(&a.j, '}');
	answer_end(call, &a, true);
	rulebook_drop(&rules);
}

void
schema_get(struct call *call)
{
	struct rulebook *rules = pump_rules(api_pump(call->api));
	const char *text = rulebook_schema(rules, call->args[0]);

	if (text == NULL)
		answer_absent(call, "such schema");
	else
		request_answer(call->request, 200, "application/schema+json",
		    span_of(text));
	rulebook_drop(&rules);
}
