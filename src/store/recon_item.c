/* Items of the register one by one: what may be said of them depends on it. */
#include "store/recon.h"

#include <string.h>

#include "store/purchase.h"

#define AT_ONCE 20		/* units that are matched before the answer */

/* Matched anew when something moved it since. */
static bool
freshen(struct books *books, struct arena *arena,
    const struct recon_item *id, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM recon_dirty"
	    " WHERE own = $1 AND pan = $2 AND year = $3";
	struct recon_unit unit;
	struct recon_result result;
	struct stmt *s;
	enum step step;
	bool found, stale;

	if (!recon_unit_of(books->db, arena, id->inward, id->version, &unit,
	    &found, e))
		return false;
	if (!found)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, unit.own);
	stmt_text(s, 2, unit.pan);
	stmt_int(s, 3, unit.year);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	unit.seq = col_int(s, 0);
	stmt_reset(s);
	return recon_compute(books->db, arena, &unit, &result, e) &&
	    recon_write(books, &result, &stale, e);
}

static const char *
copy(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strdup(arena, text) : "";
}

#define STANDING "SELECT c.inward, c.gstin, c.period, r.class, r.credit," \
	" r.reverse_charge, r.available, r.no_pending, p.entity, p.kind," \
	" p.number FROM recon c LEFT JOIN inward_row r ON r.id = c.inward" \
	" LEFT JOIN purchase p ON p.version = c.version"

bool
recon_standing(struct books *books, struct arena *arena,
    const struct recon_item *id, struct recon_standing *out, bool *found,
    struct err *e)
{
	static const char BY_ROW[] = STANDING
	    " WHERE c.inward = $1 AND c.inward <> 0";
	static const char BY_VERSION[] = STANDING
	    " WHERE c.version = $1 AND c.version <> 0";
	const char *purchase = "";
	struct stmt *s;
	enum step step;

	if (!freshen(books, arena, id, e))
		return false;
	s = db_stmt(books->db, id->inward != 0 ? BY_ROW : BY_VERSION);
	stmt_int(s, 1, id->inward != 0 ? id->inward : id->version);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (!col_null(s, 8))
		purchase = purchase_key(arena, col_text(s, 8),
		    col_text(s, 9), col_text(s, 10));
	*out = (struct recon_standing){ .row = col_int(s, 0) != 0,
	    .gstin = copy(arena, col_text(s, 1)), .period = col_int(s, 2),
	    .class = copy(arena, col_text(s, 3)),
	    .credit = col_int(s, 4) != 0,
	    .reverse_charge = col_int(s, 5) != 0,
	    .available = copy(arena, col_text(s, 6)),
	    .no_pending = col_int(s, 7) != 0 };
	out->key = out->row ? arena_id(arena, 'R', col_int(s, 0)) : purchase;
	out->pair = out->row ? purchase : "";
	stmt_reset(s);
	return true;
}

bool
recon_purchase(struct db *db, struct arena *arena, int64_t version,
    struct recon_standing *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT entity, kind, number, class,"
	    " credit, own FROM purchase WHERE version = $1 AND class <> ''";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, version);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*out = (struct recon_standing){ .key = purchase_key(arena,
	    col_text(s, 0), col_text(s, 1), col_text(s, 2)), .pair = "",
	    .class = copy(arena, col_text(s, 3)),
	    .credit = col_int(s, 4) != 0,
	    .gstin = copy(arena, col_text(s, 5)), .available = "" };
	stmt_reset(s);
	return true;
}

bool
recon_filed(struct db *db, const struct recon_standing *item, bool *yes,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM gst_filing WHERE gstin = $1"
	    " AND form = 'gstr3b' AND period = $2";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, item->gstin);
	stmt_int(s, 2, item->period);
	return stmt_found(s, yes, e);
}

bool
recon_newest(struct db *db, const char *gstin, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(period), 0)"
	    " FROM inward_file WHERE gstin = $1 AND form = '2b'"
	    " AND replaced = 0";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	return stmt_number(s, out, e);
}

bool
recon_at_once(struct books *books, int64_t seq, struct err *e)
{
	static const char SQL[] = "SELECT own, pan, year FROM recon_dirty"
	    " WHERE seq = $1 ORDER BY own, pan, year LIMIT 1";
	struct recon_result result;
	bool stale;

	for (int i = 0; i < AT_ONCE; i++) {
		struct stmt *s = db_stmt(books->db, SQL);
		struct recon_unit unit;
		enum step step;

		stmt_int(s, 1, seq);
		step = stmt_step(s, e);
		if (step != STEP_ROW)
			return step == STEP_DONE;
		unit = (struct recon_unit){
		    arena_strdup(books->arena, col_text(s, 0)),
		    arena_strdup(books->arena, col_text(s, 1)),
		    col_int(s, 2), seq };
		stmt_reset(s);
		if (!recon_compute(books->db, books->arena, &unit, &result,
		    e) || !recon_write(books, &result, &stale, e))
			return false;
	}
	return true;
}

bool
recon_gather(struct db *db, const struct recon_choice *choice,
    struct recon_item *items, size_t max, size_t *n, bool *more,
    struct err *e)
{
	static const char SQL[] = "SELECT inward, version FROM recon"
	    " WHERE gstin = $1 AND period = $2 AND status = $3"
	    " AND ($4 IS NULL OR party = $4)"
	    " ORDER BY party, inward, version";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	stmt_text(s, 1, choice->gstin);
	stmt_int(s, 2, choice->period);
	stmt_text(s, 3, choice->status);
	stmt_text(s, 4, choice->party);
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < max) {
		int64_t inward = col_int(s, 0);

		items[(*n)++] = (struct recon_item){ inward,
		    inward != 0 ? 0 : col_int(s, 1) };
	}
	*more = step == STEP_ROW;
	if (*more)
		stmt_reset(s);
	return step != STEP_FAILED;
}
