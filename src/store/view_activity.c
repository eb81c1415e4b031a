/*
 * What came and was posted, day by day, for pictures. Read from the sums that
 * are kept for the numbers: rows by source and day, never by event.
 */
#include "store/show.h"

#include <stdio.h>
#include <string.h>

#include "book/day.h"
#include "store/numbers.h"

#define DAYS 31
#define DAY (INT64_C(86400) * 1000000)

struct span_of_days {
	struct day days[DAYS];
	int n;
	int64_t posted[DAYS], journals[DAYS], open[DAYS], before;
};

/* The days of a month, or those up to now. */
static bool
days_of(const char *period, int64_t now, struct span_of_days *out)
{
	char first[16], month[8];
	int64_t at = now - (DAYS - 1) * DAY;

	*out = (struct span_of_days){ 0 };
	if (period != NULL && (strlen(period) != 7 ||
	    (snprintf(first, sizeof first, "%s-01", period),
	    !day_moment(span_of(first), &at))))
		return false;
	for (; out->n < DAYS; at += DAY) {
		struct day day = day_from_time(at);

		day_period(day, month);
		if (period != NULL && strcmp(month, period) != 0)
			break;
		out->days[out->n++] = day;
	}
	return true;
}

static int
day_at(const struct span_of_days *days, const char *text)
{
	for (int i = 0; i < days->n; i++)
		if (strcmp(days->days[i].text, text) == 0)
			return i;
	return -1;
}

static void
bind_days(struct stmt *s, const struct span_of_days *days)
{
	stmt_text(s, 1, days->days[0].text);
	stmt_text(s, 2, days->days[days->n - 1].text);
}

/* Events by the day they came, journals by the day that they are dated. */
static bool
read_posted(struct db *db, struct span_of_days *days, const char *what,
    int64_t into[DAYS], struct err *e)
{
	static const char SQL[] = "SELECT day, sum(n) FROM figure WHERE"
	    " what = $3 AND day >= $1 AND day <= $2 GROUP BY day";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	bind_days(s, days);
	stmt_text(s, 3, what);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int at = day_at(days, col_text(s, 0));

		if (at >= 0)
			into[at] = col_int(s, 1);
	}
	return step == STEP_DONE;
}

/* By the day received in India: minutes are kept of UTC. */
static bool
read_open(struct db *db, struct span_of_days *days, struct err *e)
{
	static const char SQL[] = "SELECT (minute + 330) / 1440 AS day, sum(n)"
	    " FROM backlog GROUP BY day";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct day day = day_from_time(col_int(s, 0) * DAY);
		int at = day_at(days, day.text);

		if (at >= 0)
			days->open[at] += col_int(s, 1);
		else if (strcmp(day.text, days->days[0].text) < 0)
			days->before += col_int(s, 1);
	}
	return step == STEP_DONE;
}

static void
show_days(struct json *j, const struct span_of_days *days)
{
	json_kint(j, "open_before", days->before);
	json_key(j, "days");
	json_open(j, '[');
	for (int i = 0; i < days->n; i++) {
		json_open(j, '{');
		json_kstr(j, "day", days->days[i].text);
		json_kint(j, "posted", days->posted[i]);
		json_kint(j, "journals", days->journals[i]);
		json_kint(j, "open", days->open[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
show_source(struct json *j, const char *source, const char *day,
    const int64_t n[LATENCY_BUCKETS + 1])
{
	int64_t all = 0, p95 = latency_quantile(n, 95, 100);
	char text[32];

	for (int i = 0; i <= LATENCY_BUCKETS; i++)
		all += n[i];
	if (p95 >= 0)
		seconds_text(p95, text);
	json_open(j, '{');
	json_kstr(j, "source", source);
	json_kstr(j, "day", day);
	json_kint(j, "posted", all);
	json_kstr(j, "p95_seconds", p95 >= 0 ? text : NULL);
	json_close(j, '}');
}

/* A source and day after the other; days without any are left out. */
static bool
show_sources(struct db *db, const struct span_of_days *days, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT l.source, l.day, l.bucket, l.n FROM"
	    " (SELECT DISTINCT source FROM tally) t CROSS JOIN latency l"
	    " WHERE l.what = 'sync' AND l.source = t.source AND l.day >= $1"
	    " AND l.day <= $2 ORDER BY l.source, l.day";
	struct stmt *s = db_stmt(db, SQL);
	int64_t n[LATENCY_BUCKETS + 1] = { 0 };
	char source[256] = "", day[16] = "";
	enum step step;

	bind_days(s, days);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t bucket = col_int(s, 2);

		if (strcmp(source, col_text(s, 0)) != 0 ||
		    strcmp(day, col_text(s, 1)) != 0) {
			if (day[0] != '\0')
				show_source(j, source, day, n);
			memset(n, 0, sizeof n);
			snprintf(source, sizeof source, "%s", col_text(s, 0));
			snprintf(day, sizeof day, "%s", col_text(s, 1));
		}
		if (bucket >= 0 && bucket <= LATENCY_BUCKETS)
			n[bucket] += col_int(s, 3);
	}
	if (day[0] != '\0')
		show_source(j, source, day, n);
	return step == STEP_DONE;
}

bool
view_activity(struct db *db, const char *period, int64_t now, struct json *j,
    bool *found, struct err *e)
{
	struct span_of_days days;
	bool ok;

	*found = days_of(period, now, &days);
	if (!*found)
		return true;
	if (!read_posted(db, &days, "posted", days.posted, e) ||
	    !read_posted(db, &days, "journal", days.journals, e) ||
	    !read_open(db, &days, e))
		return false;
	json_open(j, '{');
	ok = show_as_of(db, j, e);
	show_days(j, &days);
	json_key(j, "sources");
	json_open(j, '[');
	ok = ok && show_sources(db, &days, j, e);
	json_close(j, ']');
	json_close(j, '}');
	return ok;
}
