/* Numbers issued, what changed since an export, and filings, as JSON. */
#include "store/view_gst.h"

#include <stdlib.h>
#include <string.h>

#include "gst/docnumber.h"
#include "gst/due.h"
#include "gst/listed.h"
#include "store/gst_inside.h"
#include "store/show.h"

static void
bind_return(struct stmt *s, const struct gst_ask *ask)
{
	stmt_text(s, 1, ask->own->gstin);
	stmt_int(s, 2, ask->period);
}

/* ---- table 13 --------------------------------------------------------- */

bool
gst_series_ends(struct db *db, const char *gstin, int64_t period,
    int64_t nature, struct docnumber *low, struct docnumber *high,
    struct err *e)
{
	static const char SQL[] = "SELECT kind, nature, number, date, ctin,"
	    " category, reverse_charge, seller, amends FROM gst_document"
	    " WHERE gstin = $1 AND period = $2";
	struct stmt *s = db_stmt(db, SQL);
	bool any = false;
	enum step step;

	stmt_text(s, 1, gstin);
	stmt_int(s, 2, period);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct gst_kept k = { .kind = col_text(s, 0),
		    .nature = col_text(s, 1), .ctin = col_text(s, 4),
		    .category = col_text(s, 5),
		    .reverse_charge = col_int(s, 6) != 0,
		    .seller = col_text(s, 7), .amends = col_int(s, 8) };
		struct docnumber one;
		struct day day = { "" };

		memcpy(day.text, col_text(s, 3), strnlen(col_text(s, 3),
		    sizeof day.text - 1));
		if (kept_nature(&k) != nature || !docnumber_split(
		    col_text(s, 2), day, &one) || one.width != low->width ||
		    strcmp(one.series, low->series) != 0)
			continue;
		if (!any || one.serial < low->serial)
			*low = one;
		if (!any || one.serial > high->serial)
			*high = one;
		any = true;
	}
	return step == STEP_DONE;
}

struct issued {
	int64_t nature, n, cancelled, torn;
	struct docnumber low, high;
};

static void
show_issued(struct json *j, const struct issued *one)
{
	char from[DOCNUMBER_SIZE], to[DOCNUMBER_SIZE];

	docnumber_join(&one->low, from);
	docnumber_join(&one->high, to);
	json_open(j, '{');
	json_kint(j, "nature", one->nature);
	json_kstr(j, "title", listed_nature(one->nature));
	json_kstr(j, "from", one->low.width > 0 ? from : one->low.series);
	json_kstr(j, "to", one->low.width > 0 ? to : one->low.series);
	json_kint(j, "total", one->n);
	json_kint(j, "cancelled", one->cancelled);
	json_kint(j, "issued", one->n - one->cancelled);
	json_close(j, '}');
}

static void
read_issued(struct stmt *s, struct issued *out)
{
	*out = (struct issued){ .nature = col_int(s, 0),
	    .n = col_int(s, 5), .cancelled = col_int(s, 6),
	    .torn = col_int(s, 7) };
	out->low.width = (int)col_int(s, 2);
	memcpy(out->low.series, col_text(s, 1), strnlen(col_text(s, 1),
	    sizeof out->low.series - 1));
	out->high = out->low;
	out->low.serial = col_int(s, 3);
	out->high.serial = col_int(s, 4);
}

#define SERIES_MAX 2000		/* shown */

bool
view_gst_issued(struct db *db, const struct gst_ask *ask,
    struct arena *arena, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT nature, prefix, width, low, high,"
	    " n, cancelled, torn FROM gst_series WHERE gstin = $1"
	    " AND period = $2 AND n <> 0 ORDER BY nature, prefix, width"
	    " LIMIT 2000";
	struct issued *all = arena_alloc(arena, SERIES_MAX * sizeof *all);
	struct stmt *s = db_stmt(db, SQL);
	size_t n = 0;
	enum step step;

	bind_return(s, ask);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		read_issued(s, &all[n++]);
	if (step != STEP_DONE)
		return false;
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		if (all[i].torn != 0 && !gst_series_ends(db, ask->own->gstin,
		    ask->period, all[i].nature, &all[i].low, &all[i].high,
		    e))
			return false;
		show_issued(j, &all[i]);
	}
	json_close(j, ']');
	json_close(j, '}');
	return true;
}

/* ---- changes ---------------------------------------------------------- */

/* More than ten thousand are not counted. */
static bool
count_changed(struct db *db, const struct gst_ask *ask, int64_t since,
    int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM (SELECT 1"
	    " FROM gst_document WHERE gstin = $1 AND period = $2"
	    " AND seq > $3 UNION ALL SELECT 1 FROM gst_gone WHERE gstin = $1"
	    " AND period = $2 AND seq > $3 LIMIT 10000)";
	struct stmt *s = db_stmt(db, SQL);

	bind_return(s, ask);
	stmt_int(s, 3, since);
	return stmt_number(s, out, e);
}

static bool
last_told(struct db *db, const struct gst_ask *ask, int64_t *out,
    struct err *e)
{
	static const char SQL[] = "SELECT max(seq) FROM (SELECT seq"
	    " FROM gst_filing WHERE gstin = $1 AND form = 'gstr1'"
	    " AND period = $2 UNION ALL SELECT seq FROM gst_export"
	    " WHERE gstin = $1 AND form = 'gstr1' AND period = $2"
	    " AND state = 'done')";
	struct stmt *s = db_stmt(db, SQL);

	bind_return(s, ask);
	return stmt_number(s, out, e);
}

bool
gst_changed_since(struct db *db, const struct gst_ask *ask, int64_t *seq,
    int64_t *documents, struct err *e)
{
	*documents = 0;
	return last_told(db, ask, seq, e) && (*seq == 0 ||
	    count_changed(db, ask, *seq, documents, e));
}

static void
show_change(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	show_id(j, "event", 'E', col_int(s, 1) / DOCUMENT_PARTS_MAX);
	show_name(j, col_text(s, 2), col_text(s, 3), col_text(s, 4));
	json_kstr(j, "kind", col_text(s, 3));
	json_kstr(j, "number", col_text(s, 4));
	json_kstr(j, "date", col_text(s, 5));
	json_kstr(j, "what", col_text(s, 6));
	if (col_null(s, 7))
		json_kstr(j, "value", NULL);
	else
		show_amount(j, "value", col_int(s, 7), "INR");
	json_close(j, '}');
}

static bool
read_after(const struct gst_ask *ask, int64_t since, int64_t *seq,
    int64_t *version)
{
	char *end;

	*seq = since;
	*version = INT64_MAX;
	if (ask->after == NULL)
		return true;
	*seq = strtoll(ask->after, &end, 10);
	if (*end != '.')
		return false;
	*version = strtoll(end + 1, &end, 10);
	return *end == '\0';
}

bool
view_gst_changes(struct db *db, const struct gst_ask *ask,
    struct arena *arena, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT seq, version, entity, kind, number,"
	    " date, what, value FROM (SELECT g.seq, g.version, g.entity,"
	    " g.kind, g.number, g.date, CASE WHEN g.voided = 1 THEN 'void'"
	    " WHEN v.before = 0 THEN 'new' ELSE 'changed' END AS what,"
	    " g.value FROM gst_document g JOIN document_version v"
	    " ON v.id = g.version WHERE g.gstin = $1 AND g.period = $2"
	    " UNION ALL SELECT g.seq, g.version, v.entity, g.kind, g.number,"
	    " NULL, 'gone', NULL FROM gst_gone g JOIN document_version v"
	    " ON v.id = g.version WHERE g.gstin = $1 AND g.period = $2)"
	    " WHERE (seq, version) > ($3, $4) ORDER BY seq, version LIMIT $5";
	int64_t since, seq, version;
	bool more = false;
	struct stmt *s;
	enum step step;
	int n = 0;

	if (!last_told(db, ask, &since, e))
		return false;
	if (!read_after(ask, since, &seq, &version))
		return err_set(e, ERR_REQUEST, "after: %.40s", ask->after);
	s = db_stmt(db, SQL);
	bind_return(s, ask);
	stmt_int(s, 3, seq);
	stmt_int(s, 4, version);
	stmt_int(s, 5, since == 0 ? 0 : ask->limit + 1);
	json_open(j, '{');
	json_key(j, "since");
	if (since > 0)
		json_int(j, since);
	else
		json_null(j);
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (n++ == ask->limit) {
			more = true;
			stmt_reset(s);
			break;
		}
		seq = col_int(s, 0);
		version = col_int(s, 1);
		show_change(j, s);
	}
	json_close(j, ']');
	json_kstr(j, "next", more ? arena_printf(arena, "%lld.%lld",
	    (long long)seq, (long long)version) : NULL);
	json_close(j, '}');
	return step != STEP_FAILED;
}

/* ---- filings ---------------------------------------------------------- */

void
show_gst_filing(struct json *j, const struct gst_filing *f)
{
	char period[GST_PERIOD_SIZE];

	gst_period_text(f->period, period);
	json_open(j, '{');
	json_kstr(j, "gstin", f->gstin);
	json_kstr(j, "form", f->form);
	json_kstr(j, "period", period);
	json_kstr(j, "filed", f->filed.text);
	json_kstr(j, "arn", f->arn);
	json_kstr(j, "by", f->actor);
	show_id(j, "decision", 'D', f->seq);
	json_close(j, '}');
}

bool
view_gst_filings(struct db *db, const char *gstin, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT gstin, form, period, filed, arn,"
	    " actor, seq FROM gst_filing WHERE $1 IS NULL OR gstin = $1"
	    " ORDER BY period DESC, gstin, form LIMIT 1000";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, gstin);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct gst_filing f = { .gstin = col_text(s, 0),
		    .form = col_text(s, 1), .period = col_int(s, 2),
		    .arn = col_text(s, 4), .actor = col_text(s, 5),
		    .seq = col_int(s, 6) };

		memcpy(f.filed.text, col_text(s, 3), strnlen(col_text(s, 3),
		    sizeof f.filed.text - 1));
		show_gst_filing(j, &f);
	}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}
