/* Filings of returns: judged, logged, kept. */
#include "flow/gstfiling.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "gst/due.h"
#include "store/gst_read.h"

#define ACTION "gst_filing"
#define WITHDRAWN "gst_filing_withdrawn"

/* ---- judging ---------------------------------------------------------- */

static bool
judge_form(const struct reference *reference, const struct gst_filing *f,
    const struct registration **own, struct err *e)
{
	if (strcmp(f->form, "gstr1") != 0 && strcmp(f->form, "iff") != 0 &&
	    strcmp(f->form, "gstr3b") != 0)
		return err_set(e, ERR_REQUEST, "form: gstr1, iff or gstr3b");
	*own = reference_registration(reference, f->gstin,
	    gst_period_last(f->period));
	if (*own == NULL)
		return err_set(e, ERR_NOT_FOUND, "%.20s was not registered",
		    f->gstin);
	if (!gst_form_due(f->form, *own, f->period))
		return err_set(e, ERR_REFUSED, "%.20s has no %.10s for that "
		    "period", f->gstin, f->form);
	return true;
}

static bool
judge_day(const struct gst_filing *f, struct day today, struct err *e)
{
	struct day last = gst_period_last(f->period);

	if (strcmp(f->filed.text, last.text) <= 0)
		return err_set(e, ERR_REFUSED, "the period ends on %s",
		    last.text);
	return strcmp(f->filed.text, today.text) <= 0 || err_set(e,
	    ERR_REFUSED, "%s is to come", f->filed.text);
}

/* The portal takes them one after the other; what is late would be lost in a
 * return that nobody files. */
static bool
judge_order(struct db *db, const struct gst_filing *f, struct err *e)
{
	static const char SQL[] = "SELECT s.period FROM gst_sum s"
	    " WHERE s.gstin = $1 AND s.period < $2 AND s.first <> 0"
	    " AND s.section = CASE $3 WHEN 'gstr3b' THEN 'inward'"
	    " ELSE 'outward' END AND NOT EXISTS (SELECT 1 FROM gst_filing f"
	    " WHERE f.gstin = $1 AND f.form = $3 AND f.period = s.period)"
	    " ORDER BY s.period LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	char period[GST_PERIOD_SIZE];
	enum step step;

	if (strcmp(f->form, "iff") == 0)
		return true;
	stmt_text(s, 1, f->gstin);
	stmt_int(s, 2, f->period);
	stmt_text(s, 3, f->form);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	gst_period_text(col_int(s, 0), period);
	stmt_reset(s);
	return err_set(e, ERR_REFUSED, "%s of %s comes first", f->form,
	    period);
}

/* What was posted before it was registered may still be missing. */
static bool
judge_read(struct db *db, const struct registration *own, struct err *e)
{
	bool reading;

	return gst_read_any(db, own->entity, &reading, e) && (!reading ||
	    err_set(e, ERR_REFUSED, "older documents of %.40s are still "
	    "being read", own->entity));
}

static bool
judge(struct settler *settler, const struct gst_filing *f, int64_t at,
    struct err *e)
{
	struct reference *reference = settler_reference(settler);
	struct db *db = settler_books(settler)->db;
	const struct registration *own = NULL;
	bool filed = false;
	bool ok = judge_form(reference, f, &own, e) &&
	    judge_day(f, day_from_time(at), e) &&
	    gst_filed(db, f->form, f->gstin, f->period, &filed, e) &&
	    (!filed || err_set(e, ERR_REFUSED, "it is filed already")) &&
	    judge_order(db, f, e) && judge_read(db, own, e);

	reference_drop(&reference);
	return ok;
}

/* ---- doing ------------------------------------------------------------ */

static bool
log_word(struct books *books, const char *action, struct gst_filing *f,
    const char *reason, int64_t at, struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", action);
	json_kstr(&j, "gstin", f->gstin);
	json_kstr(&j, "form", f->form);
	json_kint(&j, "period", f->period);
	json_kstr(&j, "filed", f->filed.text);
	json_kstr(&j, "arn", f->arn);
	json_kstr(&j, "reason", reason);
	json_close(&j, '}');
	ok = log_add(books, "decision", at, f->actor, str_span(&body),
	    &f->seq, e);
	str_free(&body);
	return ok;
}

/* The audit names the files that were made last: most likely what was filed. */
static bool
put(struct settler *settler, struct gst_filing *f, const char *reason,
    int64_t at, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *name = arena_printf(books->arena, "%s/%lld/%s", f->gstin,
	    (long long)f->period, f->form);
	const char *said;
	int64_t id;

	if (!gst_last_export(books->db, f, &id, e))
		return false;
	said = arena_printf(books->arena, "filed=%s arn=%s export=%s "
	    "reason=%s", f->filed.text, f->arn, id == 0 ? "none" :
	    arena_id(books->arena, 'X', id), reason);
	return log_word(books, ACTION, f, reason, at, e) && gst_file(books, f, e) &&
	    audit_add(books, f->actor, "gst.filed", name, "", said, e);
}

bool
gst_filing_say(struct settler *settler, struct gst_filing *f,
    const char *reason, struct err *e)
{
	struct books *books = settler_books(settler);
	int64_t at = clock_now();

	if (!books_begin(books, e))
		return false;
	if (judge(settler, f, at, e) && put(settler, f, reason, at, e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

static bool
judge_withdrawal(struct books *books, struct gst_filing *f, struct err *e)
{
	bool filed, built;

	if (strcmp(f->form, "gstr1") != 0 && strcmp(f->form, "gstr3b") != 0)
		return err_set(e, ERR_REQUEST, "form: gstr1 or gstr3b");
	return gst_filing_load(books->db, books->arena, f, &filed, e) &&
	    (filed || err_set(e, ERR_REFUSED, "it is not filed")) &&
	    gst_built_upon(books->db, f, &built, e) && (!built || err_set(e,
	    ERR_REFUSED, "a later return is built upon it"));
}

bool
gst_filing_withdraw(struct settler *settler, struct gst_filing *f,
    const char *reason, struct err *e)
{
	struct books *books = settler_books(settler);

	if (!books_begin(books, e))
		return false;
	if (judge_withdrawal(books, f, e) &&
	    log_word(books, WITHDRAWN, f, reason, clock_now(), e) &&
	    gst_unfile(books, f, e) && audit_add(books, f->actor,
	    "gst.withdrawn", arena_printf(books->arena, "%s/%lld/%s",
	    f->gstin, (long long)f->period, f->form), arena_printf(
	    books->arena, "filed=%s arn=%s", f->filed.text, f->arn),
	    arena_printf(books->arena, "reason=%s", reason), e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

bool
gst_filing_replay(struct settler *settler, const cJSON *tree,
    const char *actor, bool *mine, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *action = json_text(tree, "action");
	const char *period = json_text(tree, "period");
	const char *filed = json_text(tree, "filed");
	struct gst_filing f = { .gstin = json_text(tree, "gstin"),
	    .form = json_text(tree, "form"), .arn = json_text(tree, "arn"),
	    .actor = actor, .seq = books->seq };
	bool withdrawn = action != NULL && strcmp(action, WITHDRAWN) == 0;

	*mine = withdrawn || (action != NULL && strcmp(action, ACTION) == 0);
	if (!*mine)
		return true;
	if (f.gstin == NULL || f.form == NULL || period == NULL ||
	    (!withdrawn && (f.arn == NULL || filed == NULL ||
	    !day_parse(span_of(filed), &f.filed))))
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	f.period = strtoll(period, NULL, 10);
	return withdrawn ? gst_unfile(books, &f, e) :
	    gst_file(books, &f, e);
}
