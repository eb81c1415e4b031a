/*
 * What is said of an item is judged by how it stands now; the log has it with
 * its other side, so that a rebuild needs no matching to say it again.
 */
#include "flow/recon.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "gst/due.h"
#include "store/purchase.h"
#include "store/recon.h"

#define TAKE "gst_inward"
#define SAY "gst_recon"

/* ---- files ------------------------------------------------------------ */

static bool
fits(const struct recon_import *in, const struct reference *reference,
    struct err *e)
{
	const struct inward *file = &in->inward;
	struct day day = file->period != 0 ? gst_period_last(file->period) :
	    day_from_time(clock_now());
	char said[GST_PERIOD_SIZE], has[GST_PERIOD_SIZE];

	if (in->gstin == NULL || *in->gstin == '\0')
		return err_set(e, ERR_REQUEST, "the file does not say whose "
		    "it is: gstin");
	if (file->gstin[0] != '\0' && strcmp(file->gstin, in->gstin) != 0)
		return err_set(e, ERR_REFUSED, "the file is of %.15s, not of "
		    "%.15s", file->gstin, in->gstin);
	if (reference_registration(reference, in->gstin, day) == NULL)
		return err_set(e, ERR_REFUSED, "%.15s is not one of our "
		    "registrations of that time", in->gstin);
	if (in->period == 0 || file->period == 0 ||
	    in->period == file->period)
		return true;
	gst_period_text(in->period, said);
	gst_period_text(file->period, has);
	return err_set(e, ERR_REFUSED, "the file is of %s, not of %s", has,
	    said);
}

bool
recon_read(struct recon_import *in, const struct reference *reference,
    struct err *e)
{
	if (!inward_read(in->body, in->arena, &in->inward, e))
		return false;
	if (in->gstin == NULL)
		in->gstin = in->inward.gstin;
	return fits(in, reference, e);
}

static const char *
digest_of(struct span body, struct arena *arena)
{
	unsigned char digest[SHA256_SIZE];
	char *hex = arena_alloc(arena, SHA256_HEX);

	digest_sha256(body, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	return hex;
}

static bool
judge_file(struct books *books, const struct recon_import *in,
    struct err *e)
{
	const struct inward *file = &in->inward;
	struct day last;

	if (!inward_generated(books->db, file->form, in->gstin, file->period,
	    &last, e))
		return false;
	return strcmp(file->generated.text, last.text) >= 0 ||
	    file->generated.text[0] == '\0' || err_set(e, ERR_STALE,
	    "the file was made on %s; that of %s is here already",
	    file->generated.text, last.text);
}

static bool
log_file(struct books *books, struct recon_import *in, const char *digest,
    int64_t now, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", TAKE);
	json_kstr(&j, "digest", digest);
	json_kstr(&j, "gstin", in->gstin);
	json_kstr(&j, "name", in->name);
	json_kint(&j, "bytes", (int64_t)in->body.n);
	json_close(&j, '}');
	ok = log_add(books, "decision", now, in->actor, str_span(&body),
	    &in->seq, e);
	str_free(&body);
	return ok;
}

static bool
put_file(struct books *books, struct recon_import *in, const char *digest,
    int64_t now, struct err *e)
{
	struct inward_file file = { .seq = books->seq, .digest = digest,
	    .name = in->name, .actor = in->actor, .at = now,
	    .bytes = (int64_t)in->body.n, .inward = &in->inward,
	    .gstin = in->gstin };

	books_touch(books, "recon", in->gstin);
	return inward_put(books, &file, &in->counts, e);
}

bool
recon_take(struct settler *settler, struct recon_import *in, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *digest = digest_of(in->body, in->arena);
	int64_t now = clock_now();
	bool ok;

	if (!inward_seen(books->db, digest, &in->seq, e))
		return false;
	in->repeated = in->seq != 0;
	if (in->repeated)
		return true;
	if (!books_begin(books, e))
		return false;
	ok = judge_file(books, in, e) &&
	    inward_keep(books, digest, in->body, e) &&
	    log_file(books, in, digest, now, e) &&
	    put_file(books, in, digest, now, e) && audit_add(books,
	    in->actor, "gst.inward", in->gstin, "", arena_printf(
	    books->arena, "form=%s digest=%s documents=%zu",
	    inward_form_name(in->inward.form), digest, in->inward.n_rows),
	    e) && books_commit(books, e);
	if (!ok)
		books_rollback(books);
	return ok;
}

bool
recon_carry(struct db *from, struct books *to, struct span body,
    struct err *e)
{
	cJSON *tree = json_parse(body);
	const char *action = json_text(tree, "action");
	const char *digest = json_text(tree, "digest");
	bool ok = true;

	if (action != NULL && digest != NULL && strcmp(action, TAKE) == 0) {
		struct arena *arena = arena_new();
		struct span bytes;

		ok = inward_bytes(from, digest, arena, &bytes, e) &&
		    inward_keep(to, digest, bytes, e);
		arena_free(&arena);
	}
	cJSON_Delete(tree);
	return ok;
}

static bool
replay_file(struct books *books, const cJSON *tree, const char *actor,
    int64_t at, struct err *e)
{
	struct recon_import in = { .arena = arena_new(), .actor = actor,
	    .name = json_text(tree, "name"),
	    .gstin = json_text(tree, "gstin") };
	const char *digest = json_text(tree, "digest");
	bool ok;

	if (digest == NULL || in.gstin == NULL || in.name == NULL)
		ok = err_set(e, ERR_CORRUPT, "a decision of the log");
	else
		ok = inward_bytes(books->db, digest, in.arena, &in.body,
		    e) && inward_read(in.body, in.arena, &in.inward, e) &&
		    put_file(books, &in, digest, at, e);
	arena_free(&in.arena);
	return ok;
}

/* ---- judging ---------------------------------------------------------- */

static const char *const actions[] = {
	"accept", "ignore", "pending", "link", "unlink", "reset",
	"ims.accept", "ims.reject", "ims.pending", "ims.none", "undo", NULL
};

bool
recon_action(const char *action)
{
	for (size_t i = 0; actions[i] != NULL; i++)
		if (strcmp(actions[i], action) == 0)
			return true;
	return false;
}

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#define NOTES_PENDING 202510	/* first period, GSTN 23-09-2025 */

/* *why NULL: it may be kept pending. */
static bool
judge_pending(struct books *books, const struct recon_standing *item,
    const char **why, struct err *e)
{
	int64_t last;

	*why = NULL;
	if (item->no_pending) {
		*why = "IMS does not let it be pending";
		return true;
	}
	if (!item->credit)
		return true;
	if (item->period < NOTES_PENDING) {
		*why = "a credit note before 102025 cannot be pending";
		return true;
	}
	if (!recon_newest(books->db, item->gstin, &last, e))
		return false;
	if (last >= gst_period_add(item->period, 2))
		*why = "a credit note may be pending for one period only";
	return true;
}

static bool
judge_ims(struct books *books, const struct recon_standing *item,
    const char *action, const char **why, struct err *e)
{
	bool yes;

	*why = NULL;
	if (!item->row)
		*why = "only in books: IMS does not have it";
	else if (!is(item->class, "b2b") && !is(item->class, "cdnr"))
		*why = "IMS has invoices and notes of suppliers only";
	else if (item->reverse_charge)
		*why = "reverse charge bypasses IMS";
	else if (is(item->available, "N"))
		*why = "what gives no credit bypasses IMS";
	else if (is(action, "ims.accept") && *item->pair == '\0')
		*why = "what is not in books cannot be accepted";
	if (*why != NULL)
		return true;
	if (!recon_filed(books->db, item, &yes, e))
		return false;
	if (yes) {
		*why = "GSTR-3B of its period is filed";
		return true;
	}
	return !is(action, "ims.pending") || judge_pending(books, item, why,
	    e);
}

static bool
judge_link(struct books *books, struct arena *arena,
    const struct recon_saying *said, const struct recon_standing *item,
    struct recon_standing *other, const char **why, struct err *e)
{
	const char *row;
	char own[16];
	bool found;

	*why = item->row ? NULL : "a link begins with a row of 2B";
	if (*why != NULL)
		return true;
	if (!recon_purchase(books->db, arena, said->with, other, &found, e))
		return false;
	recon_pan(item->gstin, own);
	if (!found)
		*why = "no such purchase that a supplier files";
	else if (!is(other->class, item->class) ||
	    other->credit != item->credit)
		*why = "one is an invoice, the other a note";
	else if (!is(other->gstin, own))
		*why = "they are of different companies";
	if (*why != NULL)
		return true;
	if (!recon_linked(books->db, other->key, arena, &row, e))
		return false;
	if (*row != '\0' && !is(row, item->key))
		*why = arena_printf(arena, "it is linked with %s", row);
	return true;
}

static bool
judge(struct books *books, struct arena *arena, struct recon_saying *said,
    struct recon_standing *item, const char **why, struct err *e)
{
	struct recon_standing other = { .key = "" };

	*why = NULL;
	if (strncmp(said->action, "ims.", 4) == 0)
		return judge_ims(books, item, said->action, why, e);
	if (is(said->action, "link")) {
		if (!judge_link(books, arena, said, item, &other, why, e))
			return false;
		item->pair = other.key;
		return true;
	}
	if (*item->pair == '\0' && is(said->action, "accept"))
		*why = item->row ? "only in 2B: what is not in books cannot "
		    "be accepted" : "only in books: there is nothing to "
		    "accept yet";
	if (*item->pair == '\0' && is(said->action, "unlink"))
		*why = "it has no other side";
	return true;
}

/* ---- doing ------------------------------------------------------------ */

/* The list with one more, or one less. */
static const char *
with_parted(const char *list, const char *pair, bool in, struct arena *arena)
{
	cJSON *tree = *list != '\0' ? json_parse(span_of(list)) : NULL;
	const cJSON *one;
	struct str out;
	struct json j;
	const char *text;
	bool any = in;

	str_init(&out, 1 << 20);
	json_start(&j, &out);
	json_open(&j, '[');
	cJSON_ArrayForEach(one, tree)
		if (cJSON_IsString(one) && !is(one->valuestring, pair)) {
			json_str(&j, one->valuestring);
			any = true;
		}
	if (in)
		json_str(&j, pair);
	json_close(&j, ']');
	text = any ? arena_strndup(arena, out.p, out.n) : "";
	str_free(&out);
	cJSON_Delete(tree);
	return text;
}

static void
change(struct recon_word *word, const char *action, const char *pair,
    struct arena *arena)
{
	static const struct {
		const char *action, *ims;
	} ims[] = { { "ims.accept", "A" }, { "ims.reject", "R" },
		{ "ims.pending", "P" }, { "ims.none", "" } };

	for (size_t i = 0; i < sizeof ims / sizeof *ims; i++)
		if (is(action, ims[i].action)) {
			word->ims = ims[i].ims;
			return;
		}
	if (is(action, "reset")) {
		word->action = word->ims = word->link = word->parted = "";
	} else if (is(action, "unlink")) {
		word->action = is(word->action, "accept") ? "" :
		    word->action;
		word->link = "";
		word->parted = with_parted(word->parted, pair, true, arena);
	} else if (is(action, "link") || is(action, "accept")) {
		word->action = is(action, "link") ? "" : action;
		word->link = pair;
		word->parted = with_parted(word->parted, pair, false, arena);
	} else {
		/* Not accepted any more: its pair is what matching says. */
		if (is(word->action, "accept"))
			word->link = "";
		word->action = action;
	}
}

struct speaker {
	const char *action, *actor, *reason;
	int64_t at, seq;
};

static bool
apply(struct books *books, const struct speaker *by, const char *key,
    const char *pair, struct err *e)
{
	struct recon_word word;

	if (!recon_word_find(books->db, key, books->arena, &word, e))
		return false;
	change(&word, by->action, pair, books->arena);
	word.actor = by->actor;
	word.reason = by->reason;
	word.at = by->at;
	word.seq = by->seq;
	return recon_word_put(books, &word, by->seq, e);
}

/* ---- saying ----------------------------------------------------------- */

struct judged {
	const char *key, *pair;
};

static void
skip(struct recon_saying *said, const struct recon_item *id,
    const char *why)
{
	if (said->n_skipped++ < RECON_SKIPPED_MAX)
		said->skipped[said->n_skipped - 1] =
		    (struct recon_skipped){ *id, why };
}

static bool
judge_all(struct books *books, struct recon_saying *said,
    struct judged *judged, size_t *n, struct err *e)
{
	*n = 0;
	for (size_t i = 0; i < said->n_items; i++) {
		struct recon_standing item;
		const char *why = "there is no such item";
		bool found;

		if (!recon_standing(books, said->arena,
		    &said->items[i], &item, &found, e) || (found &&
		    !judge(books, said->arena, said, &item, &why, e)))
			return false;
		if (why != NULL)
			skip(said, &said->items[i], why);
		else
			judged[(*n)++] = (struct judged){ item.key,
			    item.pair };
	}
	if (*n == 0 && said->n_items == 1)
		return err_set(e, ERR_REFUSED, "%.200s",
		    said->skipped[0].why);
	return true;
}

static bool
log_saying(struct books *books, struct recon_saying *said,
    const struct judged *judged, size_t n, int64_t now, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 16 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", SAY);
	json_kstr(&j, "do", said->action);
	json_kstr(&j, "reason", said->reason);
	if (said->of != 0)
		json_kint(&j, "of", said->of);
	json_key(&j, "items");
	json_open(&j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&j, '[');
		json_str(&j, judged[i].key);
		json_str(&j, judged[i].pair);
		json_close(&j, ']');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	ok = log_add(books, "decision", now, said->actor, str_span(&body),
	    &said->seq, e);
	str_free(&body);
	return ok;
}

static bool
say_items(struct books *books, struct recon_saying *said, int64_t now,
    struct err *e)
{
	struct judged *judged;
	struct speaker by = { said->action, said->actor, said->reason, now,
	    0 };
	size_t n;

	if (said->filter.gstin != NULL) {
		said->items = arena_alloc(said->arena, RECON_ITEMS_MAX *
		    sizeof *said->items);
		if (!recon_gather(books->db, &said->filter, said->items,
		    RECON_ITEMS_MAX, &said->n_items, &said->more, e))
			return false;
	}
	judged = arena_alloc(said->arena, (said->n_items + 1) *
	    sizeof *judged);
	if (!judge_all(books, said, judged, &n, e))
		return false;
	if (n == 0)
		return true;
	if (!log_saying(books, said, judged, n, now, e))
		return false;
	by.seq = said->seq;
	for (size_t i = 0; i < n; i++)
		if (!apply(books, &by, judged[i].key, judged[i].pair, e))
			return false;
	said->done = (int64_t)n;
	return true;
}

static bool
say_undo(struct books *books, struct recon_saying *said, int64_t now,
    struct err *e)
{
	if (!log_saying(books, said, NULL, 0, now, e) ||
	    !recon_undo(books, said->of, said->seq, &said->done,
	    &said->n_skipped, e))
		return false;
	return said->done > 0 || err_set(e, said->n_skipped > 0 ?
	    ERR_REFUSED : ERR_NOT_FOUND, said->n_skipped > 0 ?
	    "D%lld: something else was said since" :
	    "D%lld said nothing that can be taken back",
	    (long long)said->of);
}

bool
recon_say(struct settler *settler, struct recon_saying *said, struct err *e)
{
	struct books *books = settler_books(settler);
	int64_t now = clock_now();
	bool ok;

	if (!books_begin(books, e))
		return false;
	ok = (is(said->action, "undo") ? say_undo(books, said, now, e) :
	    say_items(books, said, now, e)) && (said->seq == 0 ||
	    (recon_at_once(books, said->seq, e) && audit_add(books,
	    said->actor, "gst.recon", arena_id(books->arena, 'D',
	    said->seq), "", arena_printf(books->arena,
	    "do=%s items=%lld reason=%s", said->action,
	    (long long)said->done, said->reason), e)));
	if (ok && said->seq != 0)
		books_touch(books, "recon", "");
	ok = ok && books_commit(books, e);
	if (!ok)
		books_rollback(books);
	return ok;
}

/* ---- again ------------------------------------------------------------ */

static bool
replay_items(struct books *books, const cJSON *tree,
    const struct speaker *by, struct err *e)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_at(tree, "items")) {
		const cJSON *key = cJSON_GetArrayItem(one, 0);
		const cJSON *pair = cJSON_GetArrayItem(one, 1);

		if (!cJSON_IsString(key) || !cJSON_IsString(pair))
			return err_set(e, ERR_CORRUPT,
			    "a decision of the log");
		if (!apply(books, by, key->valuestring, pair->valuestring,
		    e))
			return false;
	}
	return true;
}

bool
recon_replay(struct settler *settler, const cJSON *tree, const char *actor,
    int64_t at, bool *mine, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *action = json_text(tree, "action");
	const char *of = json_text(tree, "of");
	struct speaker by = { json_text(tree, "do"), actor,
	    json_text(tree, "reason"), at, books->seq };
	int64_t done, kept;

	*mine = action != NULL && (is(action, TAKE) || is(action, SAY));
	if (!*mine)
		return true;
	if (is(action, TAKE))
		return replay_file(books, tree, actor, at, e);
	if (by.action == NULL || by.reason == NULL)
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	if (is(by.action, "undo"))
		return recon_undo(books, of != NULL ? strtoll(of, NULL, 10) :
		    0, books->seq, &done, &kept, e);
	return replay_items(books, tree, &by, e);
}
