/*
 * Of the walk: sums of returns are those of their rows, rows those of their
 * documents, and each document stands as it is now or as it was filed.
 */
#include "store/verify_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/gst.h"

#define FIGURES 6		/* rows taxable igst cgst sgst cess */
/* With the document's sign; what is taken back is a row of no count. */
#define SIGN "CASE WHEN g.nature IN ('credit', 'adjustment') THEN -1" \
	" ELSE 1 END"

struct group {
	const char *gstin, *section;
	int64_t period, sums[FIGURES];
};

static void
read_figures(struct stmt *s, int from, int64_t *out)
{
	for (int i = 0; i < FIGURES; i++)
		out[i] = col_int(s, from + i);
}

/* Cells of GSTR-3B follow from the rows of all sections together. */
static bool
next_group(struct verify *v, struct arena *arena, struct group *out,
    bool *any, struct err *e)
{
	static const char SQL[] = "SELECT gstin, period, section, sum(n),"
	    " sum(taxable), sum(igst), sum(cgst), sum(sgst), sum(cess)"
	    " FROM gst_sum WHERE (gstin, period, section) > ($1, $2, $3)"
	    " AND section NOT GLOB '[0-9]*' AND section <> 'outward'"
	    " GROUP BY gstin, period, section"
	    " ORDER BY gstin, period, section LIMIT 1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_text(s, 1, v->key[0]);
	stmt_int(s, 2, v->after);
	stmt_text(s, 3, v->key[1]);
	step = stmt_step(s, e);
	*any = step == STEP_ROW;
	if (!*any)
		return step == STEP_DONE;
	*out = (struct group){ arena_strdup(arena, col_text(s, 0)),
	    arena_strdup(arena, col_text(s, 2)), col_int(s, 1), { 0 } };
	read_figures(s, 3, out->sums);
	stmt_reset(s);
	return true;
}

static bool
check_group(struct verify *v, const struct group *group, struct err *e)
{
	static const char SQL[] = "SELECT sum(r.was = 0),"
	    " sum(" SIGN " * r.taxable), sum(" SIGN " * r.igst),"
	    " sum(" SIGN " * r.cgst), sum(" SIGN " * r.sgst),"
	    " sum(" SIGN " * r.cess) FROM gst_row r JOIN gst_document g"
	    " ON g.version = r.version WHERE r.gstin = $1 AND r.period = $2"
	    " AND r.section = $3";
	struct stmt *s = db_stmt(v->db, SQL);
	int64_t rows[FIGURES];
	char name[120];

	stmt_text(s, 1, group->gstin);
	stmt_int(s, 2, group->period);
	stmt_text(s, 3, group->section);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	read_figures(s, 0, rows);
	stmt_reset(s);
	if (memcmp(rows, group->sums, sizeof rows) == 0)
		return true;
	snprintf(name, sizeof name, "%.20s/%lld/%.20s", group->gstin,
	    (long long)group->period, group->section);
	verify_say(v, "gst.sum", name, "%lld rows of %lld and tax %lld %lld "
	    "%lld %lld, not %lld of %lld and %lld %lld %lld %lld",
	    (long long)rows[0], (long long)rows[1], (long long)rows[2],
	    (long long)rows[3], (long long)rows[4], (long long)rows[5],
	    (long long)group->sums[0], (long long)group->sums[1],
	    (long long)group->sums[2], (long long)group->sums[3],
	    (long long)group->sums[4], (long long)group->sums[5]);
	return true;
}

/* A section of a return at a time: its rows move together. */
bool
verify_gst_sums(struct verify *v, int rows, bool *end, struct err *e)
{
	struct group group;
	bool any;

	(void)rows;
	if (!next_group(v, v->arena, &group, &any, e))
		return false;
	*end = !any;
	if (!any)
		return true;
	v->key[0] = group.gstin;
	v->key[1] = group.section;
	v->after = group.period;
	return check_group(v, &group, e);
}

/* What its lines of table 12 come to, signed; advances have none. */
static int64_t
goods_tax(const char *goods)
{
	int64_t sum = 0;

	for (const char *line = goods; *line != '\0';) {
		const char *at = line;

		for (int field = 0; field < 8; field++) {
			if (field >= 4)
				sum += strtoll(at, NULL, 10);
			at += strcspn(at, "\t\n");
			at += *at == '\t';
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return sum;
}

static void
check_document(struct verify *v, struct stmt *s)
{
	int64_t event = v->after / DOCUMENT_PARTS_MAX;
	char name[24];

	verify_id('E', event, name);
	if (col_int(s, 1) == 0) {
		verify_blame(v, event);
		verify_say(v, "gst.document", name, "%.40s stands in a return "
		    "and is not what it is now", col_text(s, 2));
		return;
	}
	if (col_text(s, 4)[0] == '\0' ||
	    goods_tax(col_text(s, 4)) == col_int(s, 3))
		return;
	verify_blame(v, event);
	verify_say(v, "gst.document", name, "tax of %.40s is %lld by its "
	    "lines and %lld in returns", col_text(s, 2),
	    (long long)goods_tax(col_text(s, 4)), (long long)col_int(s, 3));
}

bool
verify_gst_documents(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT g.version, EXISTS (SELECT 1"
	    " FROM document d WHERE d.entity = g.entity AND d.kind = g.kind"
	    " AND d.number = g.number AND d.event * 128 + d.part ="
	    " g.version) OR EXISTS (SELECT 1 FROM gst_document a"
	    " WHERE a.amends = g.version AND a.amends <> 0) OR EXISTS"
	    " (SELECT 1 FROM gst_filing f WHERE f.gstin = g.gstin), g.number,"
	    " (SELECT coalesce(sum(" SIGN " * (r.igst + r.cgst + r.sgst +"
	    " r.cess)), 0) FROM gst_row r WHERE r.gstin = g.gstin"
	    " AND r.period IN (g.period, g.period - 1, g.period - 2)"
	    " AND r.section IN (" GST_SECTIONS_STORED ")"
	    " AND r.section NOT IN ('unplaced', 'ecom', 'ecoma', 'supeco',"
	    " 'supecoa') AND r.version = g.version AND r.was = 0), g.goods"
	    " FROM gst_document g WHERE g.version > $1 ORDER BY g.version"
	    " LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		v->after = col_int(s, 0);
		n++;
		check_document(v, s);
	}
	*end = n < rows;
	return step == STEP_DONE;
}
