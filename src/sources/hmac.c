/*
 * A scheme that a text file declares: HMAC-SHA256 in a header.  What is
 * signed and what makes the key and the topic are templates, so that a new
 * vendor costs a file in data/conf/schemes and no C.  See its README.
 */
#include "sources/list.h"

#include <unistd.h>

#include "core/digest.h"
#include "core/json.h"
#include "core/option.h"

#define PIECES_MAX 12

/* `v0:{timestamp}:{body}` is text, timestamp, text, body. */
enum piece_kind { PIECE_TEXT, PIECE_HEADER, PIECE_MEMBER, PIECE_BODY,
	PIECE_TIMESTAMP, PIECE_DIGEST };

struct piece {
	enum piece_kind kind;
	const char *text;	/* itself, the header's name, the path */
};

struct template {
	struct piece pieces[PIECES_MAX];
	size_t n;
};

struct declared {
	const char *header, *prefix, *ping;
	bool hex;
	int64_t tolerance;	/* seconds; 0: as every source */
	struct template signs, key, topic, timestamp;
};

/* ---- reading ---------------------------------------------------------- */

static const char *const encodings[] = { "hex", "base64", NULL };

static const struct option_info infos[] = {
	{ "header", OPTION_TEXT, "", 0, 0, NULL, "of the signature" },
	{ "encoding", OPTION_CHOICE, "hex", 0, 0, encodings, "of it" },
	{ "prefix", OPTION_TEXT, "", 0, 0, NULL, "before it" },
	{ "signed", OPTION_TEXT, "{body}", 0, 0, NULL, "what is signed" },
	{ "timestamp", OPTION_TEXT, "", 0, 0, NULL, "Unix seconds" },
	{ "tolerance", OPTION_COUNT, "0", 0, 86400, NULL, "of it" },
	{ "key", OPTION_TEXT, "{digest}", 0, 0, NULL, "what is the same "
	    "when the same is sent again" },
	{ "topic", OPTION_TEXT, "", 0, 0, NULL, "the kind of message" },
	{ "ping", OPTION_TEXT, "", 0, 0, NULL, "how an unsigned trial call "
	    "begins" },
};

static const struct {
	const char *name;	/* one that ends in `:` is followed by text */
	enum piece_kind kind;
	const char *where;	/* settings that may use it, one letter each */
} parts[] = {
	{ "header:", PIECE_HEADER, "skot" },
	{ "body:", PIECE_MEMBER, "ko" },
	{ "body", PIECE_BODY, "s" },
	{ "timestamp", PIECE_TIMESTAMP, "sk" },
	{ "digest", PIECE_DIGEST, "k" },
};

static bool
parse_part(struct piece *piece, struct arena *arena, const char *text,
    size_t n, char where)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		size_t fixed = strlen(parts[i].name);
		bool more = parts[i].name[fixed - 1] == ':';

		if (strchr(parts[i].where, where) == NULL || n < fixed ||
		    memcmp(text, parts[i].name, fixed) != 0 ||
		    (n > fixed) != more)
			continue;
		piece->kind = parts[i].kind;
		piece->text = arena_strndup(arena, text + fixed, n - fixed);
		return true;
	}
	return false;
}

static bool
parse_template(struct template *t, struct arena *arena, const char *text,
    char where, struct err *e)
{
	while (*text != '\0') {
		struct piece *piece = &t->pieces[t->n];
		size_t n = strcspn(text, "{");

		if (t->n == PIECES_MAX)
			return err_set(e, ERR_CONFIG, "more than %d parts",
			    PIECES_MAX);
		if (n > 0) {
			piece->kind = PIECE_TEXT;
			piece->text = arena_strndup(arena, text, n);
		} else {
			n = strcspn(text, "}");
			if (text[n] == '\0' || !parse_part(piece, arena,
			    text + 1, n - 1, where))
				return err_set(e, ERR_CONFIG,
				    "no such part here: %.60s", text);
			n++;
		}
		t->n++;
		text += n;
	}
	return true;
}

static bool
uses(const struct template *t, enum piece_kind kind)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->pieces[i].kind == kind)
			return true;
	return false;
}

static bool
compile(struct declared *d, const struct options *o, struct arena *arena,
    struct err *e)
{
	const char *encoding = options_text(o, "encoding");

	d->header = arena_strdup(arena, options_text(o, "header"));
	d->prefix = arena_strdup(arena, options_text(o, "prefix"));
	d->ping = arena_strdup(arena, options_text(o, "ping"));
	d->hex = strcmp(encoding, "hex") == 0;
	d->tolerance = options_count(o, "tolerance");
	if (d->header[0] == '\0')
		return err_set(e, ERR_CONFIG, "header is missing");
	if (!parse_template(&d->signs, arena, options_text(o, "signed"), 's',
	    e) || !parse_template(&d->key, arena, options_text(o, "key"),
	    'k', e) || !parse_template(&d->topic, arena,
	    options_text(o, "topic"), 'o', e) || !parse_template(
	    &d->timestamp, arena, options_text(o, "timestamp"), 't', e))
		return false;
	/* Else anybody could sign anything with an old signature. */
	if (!uses(&d->signs, PIECE_BODY))
		return err_set(e, ERR_CONFIG, "signed is without {body}");
	if (d->key.n == 0 || d->topic.n == 0)
		return err_set(e, ERR_CONFIG, "key or topic is missing");
	if (d->timestamp.n == 0 && (uses(&d->signs, PIECE_TIMESTAMP) ||
	    uses(&d->key, PIECE_TIMESTAMP)))
		return err_set(e, ERR_CONFIG, "timestamp is missing");
	return true;
}

bool
declared_read(const char *folder, const char *name, struct arena *arena,
    struct declared **out, struct err *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *path = arena_printf(arena, "%s/%s.conf", folder, name);
	struct options *options = NULL;
	struct err why = { 0 };
	bool ok;

	*out = arena_alloc(arena, sizeof **out);
	**out = (struct declared){ 0 };
	/* The name is part of a path. */
	if (name[0] == '\0' || strspn(name, allowed) != strlen(name) ||
	    access(path, F_OK) != 0)
		return err_set(e, ERR_USAGE, "no scheme %.60s, and no "
		    "%.60s.conf in %s", name, name, folder);
	if (!options_read(&options, infos, sizeof infos / sizeof *infos,
	    path, e))
		return false;
	ok = compile(*out, options, arena, &why) || err_set(e, why.code,
	    "%s: %s", path, why.why);
	options_free(&options);
	return ok;
}

/* ---- using ------------------------------------------------------------ */

struct use {
	const struct delivery *delivery;
	const char *at;		/* the timestamp's text */
	struct json_tape *tape;	/* of the body; NULL: not read, or no JSON */
	bool read;
};

static const char *
member(struct use *use, const char *path, struct arena *arena)
{
	struct json_tape *tape = use->tape;
	struct json_where where;

	if (!use->read) {
		use->read = true;
		tape = arena_alloc(arena, sizeof *tape);
		if (json_read(use->delivery->body, JSON_DEPTH_MAX, arena,
		    tape, &where) == JSON_OK)
			use->tape = tape;
	}
	return use->tape != NULL ? json_take(use->tape, path, arena) : NULL;
}

/* p NULL: what the body should have is not there. False: a header is not. */
static bool
value_of(struct use *use, const struct piece *piece, struct arena *arena,
    struct span *out, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	const char *text = piece->text;

	switch (piece->kind) {
	case PIECE_TEXT:
		break;
	case PIECE_HEADER:
		text = delivery_header(use->delivery, piece->text, e);
		if (text == NULL)
			return false;
		break;
	case PIECE_MEMBER:
		text = member(use, piece->text, arena);
		break;
	case PIECE_BODY:
		*out = use->delivery->body;
		return true;
	case PIECE_TIMESTAMP:
		text = use->at;
		break;
	case PIECE_DIGEST:
		digest_sha256(use->delivery->body, digest);
		digest_hex(digest, SHA256_SIZE, hex);
		text = arena_strdup(arena, hex);
		break;
	}
	*out = text != NULL ? span_of(text) : (struct span){ NULL, 0 };
	return true;
}

/* NULL without an error: the body lacks a part. */
static bool
expand(struct use *use, const struct template *t, struct arena *arena,
    const char **out, struct err *e)
{
	struct span piece;

	*out = "";
	for (size_t i = 0; i < t->n; i++) {
		if (!value_of(use, &t->pieces[i], arena, &piece, e))
			return false;
		if (piece.p == NULL || piece.n > 1000) {
			*out = NULL;
			return true;
		}
		*out = arena_printf(arena, "%s%.*s", *out, (int)piece.n,
		    piece.p);
	}
	return true;
}

static bool
decode(const struct declared *d, const char *given,
    unsigned char out[SHA256_SIZE], struct err *e)
{
	size_t skip = strlen(d->prefix), n = SHA256_SIZE;
	struct span text;
	bool ok;

	if (strncmp(given, d->prefix, skip) != 0)
		return err_set(e, ERR_UNAUTHENTIC, "%s is not before it",
		    d->prefix);
	text = span_of(given + skip);
	ok = d->hex ? digest_unhex(text, out, n) :
	    digest_unbase64(text, out, &n) && n == SHA256_SIZE;
	return ok || err_set(e, ERR_UNAUTHENTIC, "not the encoding");
}

static const struct secret *
match(const struct source *source, struct use *use, struct arena *arena,
    const char *given, struct err *e)
{
	const struct template *t = &source->declared->signs;
	unsigned char have[SHA256_SIZE], want[SHA256_SIZE];
	struct span pieces[PIECES_MAX];

	if (!decode(source->declared, given, have, e))
		return NULL;
	for (size_t i = 0; i < t->n; i++)
		if (!value_of(use, &t->pieces[i], arena, &pieces[i], e))
			return NULL;
	for (size_t i = 0; i < source->n_secrets; i++) {
		const struct secret *secret = &source->secrets[i];

		if (!secret_valid(secret, use->delivery->now))
			continue;
		digest_hmac(span_of(secret->text), pieces, t->n, want);
		if (digest_equal(want, have, SHA256_SIZE))
			return secret;
	}
	err_set(e, ERR_UNAUTHENTIC, "the signature differs");
	return NULL;
}

static bool
judge_time(const struct source *source, struct use *use, struct arena *arena,
    int64_t *sent, struct err *e)
{
	const struct declared *d = source->declared;
	struct source patient = *source;

	if (d->timestamp.n == 0)
		return true;
	if (d->tolerance > 0)
		patient.tolerance = d->tolerance;
	return expand(use, &d->timestamp, arena, &use->at, e) &&
	    delivery_fresh(&patient, use->delivery, span_of(use->at), sent,
	    e);
}

/* The vendor asks whether anybody is there, and signs nothing yet. */
static bool
is_ping(const struct declared *d, const struct delivery *delivery)
{
	size_t n = strlen(d->ping);

	return n > 0 && delivery->body.n >= n && delivery->body.n <= 200 &&
	    memcmp(delivery->body.p, d->ping, n) == 0 &&
	    delivery->header(delivery->request, d->header, NULL) == NULL;
}

/* A body that lacks what makes its key is keyed by its own digest: it is
 * kept and judged rather than lost. */
static bool
name(const struct declared *d, struct use *use, struct arena *arena,
    struct verified *out, struct err *e)
{
	static const struct template digest = { { { PIECE_DIGEST, "" } }, 1 };

	if (!expand(use, &d->key, arena, &out->key, e) ||
	    !expand(use, &d->topic, arena, &out->topic, e))
		return false;
	if (out->topic != NULL && out->topic[0] == '\0')
		out->topic = NULL;
	return (out->key != NULL && key_sound(out->key)) ||
	    expand(use, &digest, arena, &out->key, e);
}

static bool
verify(const struct source *source, const struct delivery *delivery,
    struct arena *arena, struct verified *out, struct err *e)
{
	const struct declared *d = source->declared;
	struct use use = { .delivery = delivery };
	const struct secret *secret = NULL;
	struct err lacks = { 0 };
	const char *given;
	bool ok;

	if (is_ping(d, delivery)) {
		out->ping = true;
		return true;
	}
	given = delivery_header(delivery, d->header, e);
	if (given == NULL)
		return false;
	if (judge_time(source, &use, arena, &out->sent, e))
		secret = match(source, &use, arena, given, e);
	/* No forger, but a sender or a proxy that is set up otherwise. */
	ok = secret != NULL && (name(d, &use, arena, out, &lacks) ||
	    err_set(e, lacks.code, "the signature is right, but %s",
	    lacks.why));
	if (ok)
		out->secret_id = secret->id;
	out->tape = use.tape;
	return ok;
}

const struct scheme scheme_hmac = { "hmac", verify };
