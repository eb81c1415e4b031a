/* Entries of GSTR-3B: judged, logged, kept. */
#include "flow/gstentry.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/json.h"

#define ACTION "gst_entry"

/* ---- judging ---------------------------------------------------------- */

/* Credit and what is taken off it may be corrected downwards. */
static bool
may_be_below(const char *cell)
{
	return cell[0] == '4';
}

static bool
judge_amounts(const struct gst_word *word, struct err *e)
{
	const struct gst_entry *entry = &word->entry;
	bool any = false;

	for (int h = 0; h < GST_HEADS; h++) {
		enum gst_head head = (enum gst_head)h;
		int64_t amount = entry->amount[h];

		any = any || gst3b_enterable(entry->cell, head);
		if (amount == 0)
			continue;
		if (!gst3b_enterable(entry->cell, head))
			return err_set(e, ERR_REFUSED, "%.40s of %.40s is not "
			    "entered", gst_head_name(head), entry->cell);
		if (amount < 0 && !may_be_below(entry->cell))
			return err_set(e, ERR_REFUSED, "%.40s is never below "
			    "zero", entry->cell);
	}
	return any || err_set(e, ERR_REFUSED, "%.40s is not entered",
	    entry->cell);
}

static bool
judge(struct settler *settler, const struct gst_word *word, struct err *e)
{
	struct reference *reference = settler_reference(settler);
	struct books *books = settler_books(settler);
	const struct gst_entry *entry = &word->entry;
	struct gst3b_form *form = arena_alloc(books->arena, sizeof *form);
	const char *filed;
	bool ok;

	ok = judge_amounts(word, e) && gst3b_read(books->db, reference,
	    entry->gstin, entry->period, form, e);
	if (ok && form->period != entry->period)
		ok = err_set(e, ERR_REFUSED, "%.20s files by quarter: period "
		    "is its last month", entry->gstin);
	ok = ok && gst_filed_day(books->db, books->arena, entry->gstin, "gstr3b",
	    entry->period, &filed, e) && (filed == NULL || err_set(e,
	    ERR_REFUSED, "GSTR-3B of %.20s was filed on %.10s",
	    entry->gstin, filed));
	reference_drop(&reference);
	return ok;
}

/* ---- doing ------------------------------------------------------------ */

static bool
log_word(struct books *books, struct gst_word *word, struct err *e)
{
	struct gst_entry *entry = &word->entry;
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", ACTION);
	json_kstr(&j, "gstin", entry->gstin);
	json_kint(&j, "period", entry->period);
	json_kstr(&j, "cell", entry->cell);
	json_kstr(&j, "reason", entry->reason);
	if (word->remove) {
		json_key(&j, "remove");
		json_bool(&j, true);
	}
	for (int h = 0; !word->remove && h < GST_HEADS; h++)
		json_kint(&j, gst_head_name((enum gst_head)h),
		    entry->amount[h]);
	json_close(&j, '}');
	ok = log_add(books, "decision", entry->at, entry->actor,
	    str_span(&body), &entry->seq, e);
	str_free(&body);
	return ok;
}

static bool
keep(struct books *books, const struct gst_word *word, struct err *e)
{
	bool any;

	if (!word->remove)
		return gst_entry_put(books, &word->entry, e);
	return gst_entry_drop(books, &word->entry, &any, e) && (any ||
	    err_set(e, ERR_NOT_FOUND, "nobody entered %.40s",
	    word->entry.cell));
}

static const char *
say_amounts(struct books *books, const struct gst_word *word)
{
	const int64_t *a = word->entry.amount;

	return word->remove ? "removed" : arena_printf(books->arena,
	    "igst=%lld cgst=%lld sgst=%lld cess=%lld reason=%s",
	    (long long)a[GST_IGST], (long long)a[GST_CGST],
	    (long long)a[GST_SGST], (long long)a[GST_CESS],
	    word->entry.reason);
}

static bool
put(struct settler *settler, struct gst_word *word, struct err *e)
{
	struct books *books = settler_books(settler);
	const struct gst_entry *entry = &word->entry;
	const char *name = arena_printf(books->arena, "%s/%lld/%s",
	    entry->gstin, (long long)entry->period, entry->cell);

	books_touch(books, "gst", arena_printf(books->arena, "%s/%lld",
	    entry->gstin, (long long)entry->period));
	return log_word(books, word, e) && keep(books, word, e) &&
	    audit_add(books, entry->actor, "gst.entry", name, "",
	    say_amounts(books, word), e);
}

bool
gst_entry_say(struct settler *settler, struct gst_word *word, struct err *e)
{
	struct books *books = settler_books(settler);

	word->entry.at = clock_now();
	if (!books_begin(books, e))
		return false;
	if (judge(settler, word, e) && put(settler, word, e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

/* ---- again ------------------------------------------------------------ */

static int64_t
number(const cJSON *tree, const char *name)
{
	const char *text = json_text(tree, name);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

bool
gst_entry_replay(struct settler *settler, const cJSON *tree,
    const char *actor, int64_t at, bool *mine, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *action = json_text(tree, "action");
	struct gst_word word = { .entry = {
	    .gstin = json_text(tree, "gstin"),
	    .cell = json_text(tree, "cell"),
	    .reason = json_text(tree, "reason"),
	    .period = number(tree, "period"),
	    .actor = actor, .at = at, .seq = books->seq },
	    .remove = json_at(tree, "remove") != NULL };

	*mine = action != NULL && strcmp(action, ACTION) == 0;
	if (!*mine)
		return true;
	if (word.entry.gstin == NULL || word.entry.cell == NULL ||
	    word.entry.reason == NULL)
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	for (int h = 0; h < GST_HEADS; h++)
		word.entry.amount[h] = number(tree,
		    gst_head_name((enum gst_head)h));
	return keep(books, &word, e);
}
