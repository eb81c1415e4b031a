/* Files of the inbox in pages, newest first, and one by one: the answer of
 * the API, and the report that lies beside a file. */
#include "store/show.h"

#include <string.h>

#include "core/digest.h"

#define FILE_COLUMNS "SELECT id, source, name, format, digest, size, state," \
	" trailer, started, ended, at_byte, of_records, records, posted," \
	" waiting, failed, duplicate, ignored, place, why FROM file"

static void
write_sum(struct json *j, const char *key, struct stmt *s, int at,
    const char *currency)
{
	if (col_null(s, at))
		json_kstr(j, key, NULL);
	else
		show_amount(j, key, col_int(s, at), currency);
}

static bool
write_amounts(struct db *db, int64_t id, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT currency, records, total, posted"
	    " FROM file_amount WHERE file = $1 ORDER BY currency";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	json_key(j, "amounts");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *currency = col_text(s, 0);

		json_open(j, '{');
		json_kstr(j, "currency", currency);
		json_kint(j, "records", col_int(s, 1));
		write_sum(j, "total", s, 2, currency);
		write_sum(j, "posted", s, 3, currency);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == STEP_DONE;
}

enum { POSTED, WAITING, FAILED, DUPLICATE, IGNORED, OUTCOMES };

/* What did not post at once may have been settled since: by stock that came,
 * a person, the clock. */
static bool
count_now(struct db *db, struct stmt *file, int64_t n[OUTCOMES],
    struct err *e)
{
	static const char SQL[] = "SELECT"
	    " coalesce(sum(state IN ('waiting', 'held')), 0),"
	    " coalesce(sum(state IN ('received', 'failed', 'conflict')), 0),"
	    " coalesce(sum(state IN ('stale', 'dismissed', 'ignored')), 0)"
	    " FROM event WHERE correlation = $1 AND source = $2"
	    " AND received = $3 AND state <> 'posted'";
	struct stmt *s = db_stmt(db, SQL);
	int64_t all = 0;

	for (int i = 0; i < OUTCOMES; i++)
		all += n[i];
	stmt_text(s, 1, col_text(file, 2));
	stmt_text(s, 2, col_text(file, 1));
	stmt_int(s, 3, col_int(file, 8));
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	n[WAITING] = col_int(s, 0);
	n[FAILED] = col_int(s, 1);
	n[IGNORED] = col_int(s, 2);
	n[POSTED] = all - n[WAITING] - n[FAILED] - n[DUPLICATE] - n[IGNORED];
	stmt_reset(s);
	return true;
}

static bool
write_counts(struct db *db, struct json *j, struct stmt *s, struct err *e)
{
	static const char *const names[] = { "at_byte", "of", "read" };
	static const char *const outcomes[] = { "posted", "waiting",
		"failed", "duplicate", "ignored" };
	bool reading = strcmp(col_text(s, 6), "reading") == 0;
	int64_t n[OUTCOMES];

	for (int i = 0; i < OUTCOMES; i++)
		n[i] = col_int(s, 13 + i);
	if (!reading && n[WAITING] + n[FAILED] + n[IGNORED] > 0 &&
	    !count_now(db, s, n, e))
		return false;
	for (int i = 0; i < 3; i++)
		json_kint(j, names[i], col_int(s, 10 + i));
	for (int i = 0; i < OUTCOMES; i++)
		json_kint(j, outcomes[i], n[i]);
	return true;
}

static bool
write_file(struct db *db, struct stmt *s, struct json *j, struct err *e)
{
	char digest[SHA256_HEX];
	bool ok;

	digest_hex((const unsigned char *)col_span(s, 4).p, SHA256_SIZE,
	    digest);
	json_open(j, '{');
	show_id(j, "id", 'F', col_int(s, 0));
	json_kstr(j, "source", col_text(s, 1));
	json_kstr(j, "name", col_text(s, 2));
	json_kstr(j, "format", col_text(s, 3));
	json_kstr(j, "digest", digest);
	json_kint(j, "size", col_int(s, 5));
	json_kstr(j, "state", col_text(s, 6));
	json_kstr(j, "trailer", col_text(s, 7));
	show_time(j, "started", col_int(s, 8));
	show_time(j, "ended", col_int(s, 9));
	ok = write_counts(db, j, s, e) && write_amounts(db, col_int(s, 0), j, e);
	json_kstr(j, "place", col_text(s, 18));
	json_kstr(j, "why", col_text(s, 19));
	json_close(j, '}');
	return ok;
}

bool
view_file(struct db *db, int64_t id, struct json *j, bool *found,
    struct err *e)
{
	static const char SQL[] = FILE_COLUMNS " WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	ok = write_file(db, s, j, e);
	stmt_reset(s);
	return ok;
}

bool
view_files(struct db *db, const struct file_filter *filter, struct json *j,
    struct err *e)
{
	static const char SQL[] = FILE_COLUMNS " WHERE ($1 = 0 OR id < $1)"
	    " AND ($2 IS NULL OR source = $2) AND ($3 IS NULL OR state = $3)"
	    " ORDER BY id DESC LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	int64_t last = 0;
	bool ok = true;
	int n = 0;

	stmt_int(s, 1, filter->after);
	stmt_text(s, 2, filter->source);
	stmt_text(s, 3, filter->state);
	stmt_int(s, 4, filter->limit + 1);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < filter->limit) {
		last = col_int(s, 0);
		ok = ok && write_file(db, s, j, e);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	json_close(j, ']');
	show_next(j, step == STEP_ROW, 'F', last);
	json_close(j, '}');
	return ok && step != STEP_FAILED;
}
