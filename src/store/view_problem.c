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

/* As the last event that shares it has it: the table gst_level may differ by
 * entity, and did in time. */
static bool
level_of(struct db *db, const char *id, enum finding_level *out,
    struct err *e)
{
	static const char SQL[] = "SELECT level = 'warn' FROM finding"
	    " WHERE signature = $1 ORDER BY event DESC LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, id);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*out = col_int(s, 0) != 0 ? FINDING_WARN : FINDING_BLOCK;
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

static bool
write_meaning(struct db *db, const char *id, struct json *j,
    const char *code, const char *value, struct err *e)
{
	struct finding f = { .value = value[0] != '\0' ? value :
	    "\xe2\x80\xa6" };
	const struct finding_info *info;
	struct str sentence;

	if (!finding_find(code, &f.code))
		bug("finding %s", code);
	info = finding_info(f.code);
	f.level = info->level;
	if (!level_of(db, id, &f.level, e))
		return false;
	str_init(&sentence, 4096);
	finding_sentence(&f, &sentence);
	json_kstr(j, "code", code);
	if (finding_check(f.code)[0] != '\0')
		json_kstr(j, "check", finding_check(f.code));
	json_kstr(j, "level", finding_level_name(f.level));
	json_kstr(j, "dimension", info->dimension);
	json_kstr(j, "value", value);
	json_key(j, "sentence");
	json_span(j, str_span(&sentence));
	json_kstr(j, "hint", info->hint);
	json_key(j, "fixable");
	json_bool(j, info->fixable && value[0] != '\0');
	str_free(&sentence);
	return true;
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
	if (!write_meaning(db, col_text(s, 0), j, col_text(s, 1),
	    col_text(s, 3), e))
		return false;
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

/* ---- dead letters ----------------------------------------------------- */

enum class { CLASS_DATA, CLASS_REFERENCE, CLASS_SYSTEM, CLASSES };

static const char *const classes[CLASSES] = { "data", "reference", "system" };

struct dead {
	int64_t counts[CLASSES];
	int64_t events[VIEW_LIMIT + 1];
	enum class of[VIEW_LIMIT + 1];
	int n, limit;
	int64_t after;
	const char *only;	/* a class; NULL: any */
};

/* What is ours outweighs what is the master data's, and that the sender's:
 * until the first is put right nobody need look at the rest. */
static enum class
class_of(const char *code)
{
	enum finding_code known;
	const char *name = finding_find(code, &known) ?
	    finding_class(known) : "system";

	for (int i = 0; i < CLASSES; i++)
		if (strcmp(classes[i], name) == 0)
			return (enum class)i;
	return CLASS_SYSTEM;
}

static void
count_dead(struct dead *dead, int64_t event, enum class class)
{
	dead->counts[class]++;
	if (event <= dead->after || dead->n > dead->limit ||
	    (dead->only != NULL && strcmp(dead->only, classes[class]) != 0))
		return;
	dead->events[dead->n] = event;
	dead->of[dead->n++] = class;
}

static bool
find_dead(struct db *db, struct dead *dead, struct err *e)
{
	static const char SQL[] = "SELECT e.seq, f.code FROM event e"
	    " JOIN finding f ON f.event = e.seq WHERE e.state = 'failed'"
	    " AND e.state <> 'posted' ORDER BY e.seq, f.n";
	struct stmt *s = db_stmt(db, SQL);
	enum class worst = CLASS_DATA, class;
	int64_t event = 0;
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (col_int(s, 0) != event && event != 0) {
			count_dead(dead, event, worst);
			worst = CLASS_DATA;
		}
		event = col_int(s, 0);
		class = class_of(col_text(s, 1));
		worst = class > worst ? class : worst;
	}
	if (event != 0)
		count_dead(dead, event, worst);
	return step == STEP_DONE;
}

static bool
write_dead(struct db *db, const struct dead *dead, int i, struct json *j,
    struct err *e)
{
	struct arena *arena = arena_new();
	int64_t journal, journals;
	bool found, ok;

	json_open(j, '{');
	json_kstr(j, "class", classes[dead->of[i]]);
	json_key(j, "event");
	ok = show_event(db, dead->events[i], arena, j, &journal, &journals,
	    &found, e);
	json_close(j, '}');
	arena_free(&arena);
	return ok;
}

bool
view_dead(struct db *db, const char *class, int64_t after, int limit,
    struct json *j, struct err *e)
{
	struct dead dead = { .limit = limit, .after = after, .only = class };
	bool ok = find_dead(db, &dead, e);
	int n = dead.n < limit ? dead.n : limit;

	json_open(j, '{');
	for (int i = 0; i < CLASSES; i++) {
		json_key(j, classes[i]);
		json_open(j, '{');
		json_kint(j, "count", dead.counts[i]);
		json_close(j, '}');
	}
	json_key(j, "items");
	json_open(j, '[');
	for (int i = 0; ok && i < n; i++)
		ok = write_dead(db, &dead, i, j, e);
	json_close(j, ']');
	show_next(j, dead.n > limit, 'E', n > 0 ? dead.events[n - 1] : 0);
	json_close(j, '}');
	return ok;
}
