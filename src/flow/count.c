/*
 * Stock counts as they settle, and what people say of their lines. What a
 * count is compared with are sums by day, so documents may come in any order;
 * a line is said no to as long as it differs by what it did then.
 */
#include "flow/count.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/quantity.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/map.h"
#include "flow/inside.h"

#define ACTION "stock_count"

/* ---- settling ----------------------------------------------------------- */

static struct count_key
key_of(const struct document *d, const struct document_line *line)
{
	return (struct count_key){ d->entity, d->reference != NULL ?
	    d->reference : d->number, line->location, line->item,
	    d->date.text };
}

bool
count_take(struct settler *settler, struct work *work,
    const struct document *document, const struct document_line *line,
    int sign, struct err *e)
{
	struct count_key key = key_of(document, line);
	int64_t counted;

	if (line->location == NULL || line->quantity == NULL ||
	    !quantity_parse(span_of(line->quantity), &counted))
		return true;
	books_touch(settler->books, "count", arena_printf(work->arena,
	    "%s/%s", key.entity, key.count));
	return sign > 0 ? count_line_add(settler->books, &key, counted,
	    document->memo, line->memo, work->event.seq, e) :
	    count_line_drop(settler->books, &key, counted, e);
}

bool
count_moved(struct settler *settler, struct work *work,
    const struct document *document, const struct document_line *line,
    const struct stock_row *by, int sign, struct err *e)
{
	struct books *books = settler->books;
	struct count_key key = key_of(document, line);

	if (!stock_day_add(books, document->entity, line->item,
	    line->location, document->date, by, e))
		return false;
	if (strcmp(line->type, "adjust") != 0 || document->channel == NULL ||
	    strcmp(document->channel, "count") != 0 ||
	    document->reference == NULL)
		return true;
	books_touch(books, "count", arena_printf(work->arena, "%s/%s",
	    key.entity, key.count));
	return sign > 0 ? count_adjusted_add(books, &key, document->number,
	    by, work->event.seq, e) : count_adjusted_drop(books, &key,
	    document->number, e);
}

/* ---- judging ------------------------------------------------------------ */

struct judging {
	struct arena *arena;
	struct map *picks;		/* name -> struct count_pick */
	const char *(*judge)(void *, const struct count_line *);
	void *arg;
};

static const char *
name_of(struct arena *arena, const char *location, const char *item,
    const char *day)
{
	return arena_printf(arena, "%s\n%s\n%s", day, location, item);
}

static bool
judge_line(void *arg, const struct count_line *line)
{
	struct judging *j = arg;
	struct count_pick *pick = map_find(j->picks, span_of(name_of(j->arena,
	    line->key.location, line->key.item, line->key.day)));

	if (pick == NULL)
		return true;
	pick->why = !line->counting.was_counted ? "it was not counted" :
	    pick->open != line->is.open ? "it has moved on meanwhile" :
	    j->judge(j->arg, line);
	return true;
}

bool
count_judge_picks(struct db *db, struct arena *arena, const char *entity,
    const char *count, struct count_pick *picks, size_t n,
    const char *(*judge)(void *, const struct count_line *), void *arg,
    struct err *e)
{
	struct judging j = { arena, map_new(), judge, arg };
	bool ok;

	for (size_t i = 0; i < n; i++) {
		picks[i].why = "there is no such line";
		map_set(j.picks, span_of(name_of(arena, picks[i].location,
		    picks[i].item, picks[i].day)), &picks[i]);
	}
	ok = count_lines(db, arena, entity, count, false, NULL, COUNT_LINES_MAX,
	    judge_line, &j, e);
	map_free(&j.picks, NULL);
	return ok;
}

static const char *
judge_word(void *arg, const struct count_line *line)
{
	const struct count_saying *said = arg;

	if (said->undo)
		return line->is.state == COUNT_REJECTED ? NULL :
		    line->adjusted_by != 0 ? "it is adjusted: undo that event" :
		    "nothing was said of it";
	return count_adjustable(line->is.state) ? NULL :
	    "there is nothing to decide of it";
}

/* ---- doing -------------------------------------------------------------- */

static bool
keep(struct books *books, const struct count_key *key, bool undo,
    const struct count_word *word, struct err *e)
{
	bool any;

	books_touch(books, "count", arena_printf(books->arena, "%s/%s",
	    key->entity, key->count));
	return undo ? count_word_drop(books, key, &any, e) :
	    count_word_put(books, key, word, e);
}

static bool
log_saying(struct books *books, struct count_saying *said, int64_t now,
    struct err *e)
{
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 4 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", ACTION);
	json_kstr(&j, "do", said->undo ? "undo" : "reject");
	json_kstr(&j, "entity", said->entity);
	json_kstr(&j, "count", said->count);
	json_kstr(&j, "reason", said->reason);
	json_key(&j, "rows");
	json_open(&j, '[');
	for (size_t i = 0; i < said->n; i++) {
		const struct count_pick *pick = &said->picks[i];

		if (pick->why != NULL)
			continue;
		json_open(&j, '{');
		json_kstr(&j, "location", pick->location);
		json_kstr(&j, "item", pick->item);
		json_kstr(&j, "day", pick->day);
		json_kint(&j, "open", pick->open);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	ok = log_add(books, "decision", now, said->actor, str_span(&body),
	    &said->seq, e);
	str_free(&body);
	return ok;
}

static bool
say(struct books *books, struct count_saying *said, struct err *e)
{
	int64_t now = clock_now();

	if (!count_judge_picks(books->db, said->arena, said->entity,
	    said->count, said->picks, said->n, judge_word, said, e))
		return false;
	for (size_t i = 0; i < said->n; i++)
		said->done += said->picks[i].why == NULL;
	if (said->done == 0)
		return said->n > 1 || err_set(e, ERR_REFUSED, "%s: %s",
		    said->picks[0].item, said->picks[0].why);
	if (!log_saying(books, said, now, e))
		return false;
	for (size_t i = 0; i < said->n; i++) {
		const struct count_pick *pick = &said->picks[i];
		const struct count_key key = { said->entity, said->count,
		    pick->location, pick->item, pick->day };
		const struct count_word word = { pick->open, said->actor,
		    said->reason, now, said->seq };

		if (pick->why == NULL && !keep(books, &key, said->undo,
		    &word, e))
			return false;
	}
	return audit_add(books, said->actor, said->undo ? "count.undo" :
	    "count.reject", arena_printf(books->arena, "%s/%s", said->entity,
	    said->count), "", arena_printf(books->arena,
	    "lines=%lld reason=%s", (long long)said->done, said->reason), e);
}

bool
count_say(struct settler *settler, struct count_saying *said, struct err *e)
{
	struct books *books = settler_books(settler);

	if (!books_begin(books, e))
		return false;
	if (say(books, said, e) && books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

/* ---- again -------------------------------------------------------------- */

bool
count_replay(struct settler *settler, const cJSON *tree, const char *actor,
    int64_t at, bool *mine, struct err *e)
{
	struct books *books = settler_books(settler);
	const char *action = json_text(tree, "action");
	const char *act = json_text(tree, "do");
	const char *reason = json_text(tree, "reason");
	const cJSON *row;

	*mine = action != NULL && strcmp(action, ACTION) == 0;
	if (!*mine)
		return true;
	cJSON_ArrayForEach(row, json_at(tree, "rows")) {
		const struct count_key key = { json_text(tree, "entity"),
		    json_text(tree, "count"), json_text(row, "location"),
		    json_text(row, "item"), json_text(row, "day") };
		const char *open = json_text(row, "open");
		const struct count_word word = { open != NULL ? strtoll(open,
		    NULL, 10) : 0, actor, reason, at, books->seq };

		if (act == NULL || reason == NULL || key.entity == NULL ||
		    key.count == NULL || key.location == NULL ||
		    key.item == NULL || key.day == NULL)
			return err_set(e, ERR_CORRUPT,
			    "a decision of the log");
		if (!keep(books, &key, strcmp(act, "undo") == 0, &word, e))
			return false;
	}
	return true;
}
