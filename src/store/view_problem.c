/* Problems: what open events share, by signature, with ages and money. */
#include "store/show.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "store/books.h"

static const char *const age_names[] = {
	"0-2", "3-7", "8-15", "16-30", "30+"
};
#define AGES 5

struct summary {
	int64_t count, ages[AGES];
	char oldest[11], newest[11];
	struct sums sums;
};

static size_t
age_of(const char *day)
{
	struct day today = day_from_time(clock_now()), then;
	int days;

	if (!day_parse(span_of(day), &then))
		return AGES - 1;
	days = day_between(then, today);
	return days <= 2 ? 0 : days <= 7 ? 1 : days <= 15 ? 2 :
	    days <= 30 ? 3 : 4;
}

static bool
sum_days(struct db *db, const char *id, struct summary *sum, struct err *e)
{
	static const char SQL[] = "SELECT day, currency, count, amount"
	    " FROM signature_day WHERE signature = $1 AND count > 0"
	    " ORDER BY day";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*sum = (struct summary){ 0 };
	stmt_text(s, 1, id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *day = col_text(s, 0);

		if (sum->oldest[0] == '\0')
			snprintf(sum->oldest, sizeof sum->oldest, "%s", day);
		snprintf(sum->newest, sizeof sum->newest, "%s", day);
		sum->count += col_int(s, 2);
		sum->ages[age_of(day)] += col_int(s, 2);
		sums_add(&sum->sums, col_text(s, 1), col_int(s, 3));
	}
	return step == STEP_DONE;
}

static void
write_meaning(struct json *j, const char *code, const char *value)
{
	struct finding f = { .value = value[0] != '\0' ? value :
	    "\xe2\x80\xa6" };
	const struct finding_info *info;
	struct str sentence;

	if (!finding_find(code, &f.code))
		bug("finding %s", code);
	info = finding_info(f.code);
	str_init(&sentence, 4096);
	finding_sentence(&f, &sentence);
	json_kstr(j, "code", code);
	json_kstr(j, "level", info->level == FINDING_BLOCK ? "block" :
	    "warn");
	json_kstr(j, "dimension", info->dimension);
	json_kstr(j, "value", value);
	json_key(j, "sentence");
	json_span(j, str_span(&sentence));
	json_kstr(j, "hint", info->hint);
	json_key(j, "fixable");
	json_bool(j, info->fixable);
	str_free(&sentence);
}

/* False also when nobody is left that shares it (*n is 0 then). */
static bool
write_signature(struct db *db, struct stmt *s, struct json *j, int64_t *n,
    struct err *e)
{
	struct summary sum;

	if (!sum_days(db, col_text(s, 0), &sum, e))
		return false;
	*n = sum.count;
	if (sum.count == 0)
		return true;
	json_open(j, '{');
	json_kstr(j, "id", col_text(s, 0));
	json_kstr(j, "source", col_text(s, 2));
	write_meaning(j, col_text(s, 1), col_text(s, 3));
	json_kint(j, "count", sum.count);
	json_key(j, "amounts");
	show_sums(j, &sum.sums);
	json_kstr(j, "oldest", sum.oldest);
	json_kstr(j, "newest", sum.newest);
	json_key(j, "ages");
	json_open(j, '{');
	for (size_t i = 0; i < AGES; i++)
		json_kint(j, age_names[i], sum.ages[i]);
	json_close(j, '}');
	json_close(j, '}');
	return true;
}

bool
view_signatures(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT g.id, g.code, g.source, g.value"
	    " FROM signature g JOIN (SELECT signature, sum(count) AS n"
	    " FROM signature_day GROUP BY signature) d ON d.signature = g.id"
	    " WHERE d.n > 0 ORDER BY d.n DESC, g.id LIMIT 10000";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		int64_t n;

		ok = ok && write_signature(db, s, j, &n, e);
	}
	json_close(j, ']');
	json_close(j, '}');
	return ok && step == STEP_DONE;
}

bool
show_problem(struct db *db, const char *id, struct json *j, int64_t *n,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT id, code, source, value FROM signature WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool ok = true;

	*n = 0;
	stmt_text(s, 1, id);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		ok = write_signature(db, s, j, n, e);
		stmt_reset(s);
	}
	return ok && step != STEP_FAILED;
}
