/*
 * Judging again.  Both sides are judged now, so that what differs comes from
 * the proposal and from nothing else; and side by side in pieces, since a
 * sandbox prepares its statements anew for other rules.
 */
#include "flow/backtest.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/map.h"
#include "core/vec.h"
#include "flow/intake.h"
#include "flow/work.h"
#include "rules/rules.h"

#define PIECE 100
#define FIELDS_MAX 60		/* of one event */
#define ACCOUNTS_MAX 2000

enum verdict { VERDICT_IGNORED, VERDICT_FAILED, VERDICT_POSTED, VERDICTS };

static const char *const verdict_names[VERDICTS] = {
	"ignored", "failed", "posted"
};

struct sums {			/* of an account in a currency */
	const char *account, *currency;
	int64_t old, new;
};

struct run {
	const struct backtest *ask;
	struct db *db;
	struct json *j;
	struct arena *arena;	/* of the totals */
	struct map *totals;	/* account NUL currency -> struct sums */
	int64_t last, judged, changed;
	int64_t states[VERDICTS][VERDICTS];
	bool cut;
};

/* One event before and after; texts in the arena of the piece. */
struct pair {
	struct work *old, *new;
};

/* ---- which events ----------------------------------------------------- */

static bool
one(struct db *db, const char *sql, int64_t seq, int64_t *a, int64_t *b,
    bool *found, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);
	enum step step;

	stmt_int(s, 1, seq);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (*found) {
		*a = col_int(s, 0);
		*b = col_int(s, 1);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* Events are numbered as they came, so a time is found by halving. */
static bool
seq_of(struct run *run, int64_t at, int64_t *out, struct err *e)
{
	static const char NEXT[] = "SELECT received, seq FROM event"
	    " WHERE seq >= $1 ORDER BY seq LIMIT 1";
	int64_t low = 1, high = run->last + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2, received = 0, seq;
		bool found;

		if (!one(run->db, NEXT, middle, &received, &seq, &found, e))
			return false;
		if (found && received < at)
			low = middle + 1;
		else
			high = middle;
	}
	*out = low;
	return true;
}

/* A person took it off the books, or its key is used: it is not judged. */
static bool
read_piece(struct run *run, int64_t *from, int64_t to, struct pair *pairs,
    size_t *n, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM event WHERE seq >= $1"
	    " AND seq < $2 AND state <> 'dismissed' AND NOT EXISTS"
	    " (SELECT 1 FROM finding f WHERE f.event = seq"
	    " AND f.code = 'key.reused') ORDER BY seq LIMIT $3";
	struct stmt *s = db_stmt(run->db, SQL);
	int64_t seqs[PIECE];
	enum step step;

	*n = 0;
	stmt_int(s, 1, *from);
	stmt_int(s, 2, to);
	stmt_int(s, 3, PIECE);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		seqs[(*n)++] = col_int(s, 0);
	*end = *n < PIECE;
	if (*n > 0)
		*from = seqs[*n - 1] + 1;
	for (size_t i = 0; step == STEP_DONE && i < *n; i++) {
		struct placing ignored;
		bool found;

		pairs[i].old = work_new();
		pairs[i].new = work_new();
		if (!event_load(run->db, seqs[i], pairs[i].old->arena,
		    &pairs[i].old->event, &ignored, &found, e))
			step = STEP_FAILED;
		pairs[i].new->event = pairs[i].old->event;
	}
	return step == STEP_DONE;
}

/* ---- comparing -------------------------------------------------------- */

static enum verdict
verdict_of(const struct work *work)
{
	if (work->ignored)
		return VERDICT_IGNORED;
	if (work->n_pieces == 0)
		return VERDICT_FAILED;
	for (size_t i = 0; i < work->findings.n; i++) {
		const struct finding *f = &work->findings.items[i];

		/* It was open on the day that the event came. */
		if (f->code != FIND_PERIOD_CLOSED &&
		    f->level == FINDING_BLOCK)
			return VERDICT_FAILED;
	}
	return VERDICT_POSTED;
}

static struct sums *
sums_of(struct arena *arena, struct map *map, const struct entry *entry)
{
	const char *account = entry->account != NULL ? entry->account : "";
	size_t n = strlen(account) + 1;
	char *key = arena_alloc(arena, n + 4);
	struct sums *sums;

	memcpy(key, account, n);
	memcpy(key + n, entry->currency, 4);
	sums = map_find(map, (struct span){ key, n + 4 });
	if (sums == NULL && map_count(map) < ACCOUNTS_MAX) {
		sums = arena_alloc(arena, sizeof *sums);
		sums->account = key;
		sums->currency = key + n;
		map_set(map, (struct span){ key, n + 4 }, sums);
	}
	return sums;
}

static void
add_entries(struct arena *arena, struct map *map, const struct work *work,
    bool new)
{
	if (verdict_of(work) != VERDICT_POSTED)
		return;
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct piece *piece = &work->pieces[i];

		for (size_t k = 0; piece->has_journal &&
		    k < piece->journal.n_entries; k++) {
			const struct entry *entry =
			    &piece->journal.entries[k];
			struct sums *sums = sums_of(arena, map, entry);

			if (sums != NULL)
				*(new ? &sums->new : &sums->old) +=
				    entry->amount;
		}
	}
}

static void
write_amount(struct json *j, const char *key, int64_t minor,
    const char *currency)
{
	struct money m = { .minor = minor };
	struct str text;

	memcpy(m.currency, currency, 4);
	str_init(&text, 64);
	money_plain(m, &text);
	json_kstr(j, key, text.p);
	str_free(&text);
}

static void
write_sums(struct json *j, const struct map *map)
{
	struct span key;
	void *value;

	json_key(j, "accounts");
	json_open(j, '[');
	for (size_t at = 0; map_next(map, &at, &key, &value);) {
		const struct sums *sums = value;

		if (sums->old == sums->new)
			continue;
		json_open(j, '{');
		json_kstr(j, "account", sums->account);
		json_kstr(j, "currency", sums->currency);
		write_amount(j, "old", sums->old, sums->currency);
		write_amount(j, "new", sums->new, sums->currency);
		write_amount(j, "difference", sums->new - sums->old,
		    sums->currency);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* ---- documents and entries, field by field ---------------------------- */

struct fields {
	struct json *j;
	struct arena *arena;
	int n;
};

static const char *
leaf(struct arena *arena, const cJSON *item)
{
	char *text;
	const char *copy;

	if (item == NULL || cJSON_IsString(item))
		return item != NULL ? item->valuestring : NULL;
	text = cJSON_PrintUnformatted(item);
	copy = arena_strdup(arena, text);
	cJSON_free(text);
	return copy;
}

static void
write_field(struct fields *f, const char *path, const cJSON *old,
    const cJSON *new)
{
	if (f->n++ >= FIELDS_MAX)
		return;
	json_open(f->j, '{');
	json_kstr(f->j, "field", path);
	json_kstr(f->j, "old", leaf(f->arena, old));
	json_kstr(f->j, "new", leaf(f->arena, new));
	json_close(f->j, '}');
}

static void compare(struct fields *, const char *path, const cJSON *old,
    const cJSON *new);

static void
compare_objects(struct fields *f, const char *path, const cJSON *old,
    const cJSON *new)
{
	const cJSON *item;
	const char *dot = path[0] != '\0' ? "." : "";

	cJSON_ArrayForEach(item, old)
		compare(f, arena_printf(f->arena, "%s%s%s", path, dot,
		    item->string), item, cJSON_GetObjectItemCaseSensitive(
		    new, item->string));
	cJSON_ArrayForEach(item, new)
		if (cJSON_GetObjectItemCaseSensitive(old, item->string) ==
		    NULL)
			compare(f, arena_printf(f->arena, "%s%s%s", path,
			    dot, item->string), NULL, item);
}

static void
compare_arrays(struct fields *f, const char *path, const cJSON *old,
    const cJSON *new)
{
	int n = cJSON_GetArraySize(old), m = cJSON_GetArraySize(new);

	for (int i = 0; i < n || i < m; i++)
		compare(f, arena_printf(f->arena, "%s[%d]", path, i),
		    cJSON_GetArrayItem(old, i), cJSON_GetArrayItem(new, i));
}

static void
compare(struct fields *f, const char *path, const cJSON *old,
    const cJSON *new)
{
	if (f->n >= FIELDS_MAX)
		return;
	if (cJSON_IsObject(old) && cJSON_IsObject(new))
		compare_objects(f, path, old, new);
	else if (cJSON_IsArray(old) && cJSON_IsArray(new))
		compare_arrays(f, path, old, new);
	else if (!cJSON_Compare(old, new, true))
		write_field(f, path, old, new);
}

static void
write_text(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_kstr(j, key, text);
}

static void
write_entries(struct json *j, const struct journal *journal,
    const struct reference *reference)
{
	const struct master *entity = reference_find(reference, REF_ENTITY,
	    journal->entity);
	const char *base = entity != NULL && strlen(entity->extra) == 3 ?
	    entity->extra : "INR";

	json_open(j, '[');
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];

		json_open(j, '{');
		write_text(j, "account", entry->account);
		write_text(j, "party", entry->party);
		write_text(j, "cost_centre", entry->cost_centre);
		write_text(j, "tax_code", entry->tax_code);
		write_text(j, "item", entry->item);
		write_text(j, "location", entry->location);
		write_text(j, "memo", entry->memo);
		json_kstr(j, "currency", entry->currency);
		write_amount(j, "amount", entry->amount, entry->currency);
		write_amount(j, "base", entry->base, base);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* All that would be kept of it, amounts as text. */
static void
write_outcome(const struct work *work, const struct reference *reference,
    struct str *out)
{
	struct json j;
	struct str document, quoted;
	struct json_where where;

	str_init(&document, 16 << 20);
	str_init(&quoted, 64 << 20);
	json_start(&j, out);
	json_open(&j, '[');
	for (size_t i = 0; i < work->n_pieces; i++) {
		const struct piece *piece = &work->pieces[i];

		str_clear(&document);
		document_encode(&piece->document, &document);
		json_open(&j, '{');
		json_key(&j, "document");
		if (json_quote(str_span(&document), JSON_DEPTH_MAX, &quoted,
		    &where) == JSON_OK)
			json_raw(&j, str_span(&quoted));
		else
			json_null(&j);
		json_key(&j, "entries");
		if (piece->has_journal)
			write_entries(&j, &piece->journal, reference);
		else
			json_null(&j);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	str_free(&document);
	str_free(&quoted);
}

/* The codes and values that keep it from posting, as one text. */
static void
write_causes(const struct work *work, struct str *out)
{
	for (size_t i = 0; i < work->findings.n; i++)
		str_addf(out, "%s %s\n",
		    finding_info(work->findings.items[i].code)->name,
		    work->findings.items[i].value);
}

struct sides {
	struct str old, new, old_causes, new_causes;
};

static void
sides_fill(struct sides *sides, const struct backtest *ask,
    const struct pair *pair)
{
	str_init(&sides->old, 128 << 20);
	str_init(&sides->new, 128 << 20);
	str_init(&sides->old_causes, 1 << 20);
	str_init(&sides->new_causes, 1 << 20);
	write_outcome(pair->old, ask->old_reference, &sides->old);
	write_outcome(pair->new, ask->new_reference, &sides->new);
	write_causes(pair->old, &sides->old_causes);
	write_causes(pair->new, &sides->new_causes);
}

static void
sides_free(struct sides *sides)
{
	str_free(&sides->old);
	str_free(&sides->new);
	str_free(&sides->old_causes);
	str_free(&sides->new_causes);
}

static bool
same(const struct sides *sides, const struct pair *pair)
{
	enum verdict old = verdict_of(pair->old), new = verdict_of(pair->new);

	if (old != new)
		return false;
	if (old == VERDICT_FAILED)	/* nothing posts: are the causes it? */
		return strcmp(sides->old_causes.p, sides->new_causes.p) == 0;
	return strcmp(sides->old.p, sides->new.p) == 0;
}

/* Both were made ready for the writer, byte for byte the same. */
static bool
plainly_same(const struct pair *pair)
{
	const struct work *old = pair->old, *new = pair->new;

	if (old->n_pieces == 0 || old->n_pieces != new->n_pieces ||
	    findings_block(&old->findings) || findings_block(&new->findings))
		return false;
	for (size_t i = 0; i < old->n_pieces; i++) {
		const struct piece *a = &old->pieces[i];
		const struct piece *b = &new->pieces[i];

		if (a->has_journal != b->has_journal ||
		    !span_equal(a->body, b->body) || (a->has_journal &&
		    memcmp(a->entries, b->entries, SHA256_SIZE) != 0))
			return false;
	}
	return true;
}

/* ---- telling ---------------------------------------------------------- */

static void
write_findings(struct json *j, const char *key, const struct work *work)
{
	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < work->findings.n; i++) {
		const struct finding *f = &work->findings.items[i];

		json_open(j, '{');
		json_kstr(j, "code", finding_info(f->code)->name);
		json_kstr(j, "value", f->value);
		json_kstr(j, "field", f->field);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
write_document(struct json *j, const struct work *work)
{
	const struct document *d = &work->pieces[0].document;

	json_kstr(j, "document", arena_printf(work->arena, "%s/%s/%s",
	    d->entity != NULL ? d->entity : "?", document_kind_name(d->kind),
	    d->number != NULL ? d->number : "?"));
}

static void
write_event(struct run *run, const struct pair *pair,
    const struct sides *sides)
{
	const struct event *event = &pair->old->event;
	struct arena *arena = pair->old->arena;
	struct fields fields = { run->j, arena, 0 };
	struct map *map = map_new();
	cJSON *old = json_parse(str_span(&sides->old));
	cJSON *new = json_parse(str_span(&sides->new));
	struct json *j = run->j;

	json_open(j, '{');
	json_kstr(j, "event", arena_id(arena, 'E', event->seq));
	json_kstr(j, "source", event->source);
	json_kstr(j, "key", event->key);
	if (pair->new->n_pieces + pair->old->n_pieces > 0)
		write_document(j, pair->new->n_pieces > 0 ? pair->new :
		    pair->old);
	else
		json_kstr(j, "document", NULL);
	json_kstr(j, "state", event_state_name(event->state));
	json_kstr(j, "old", verdict_names[verdict_of(pair->old)]);
	json_kstr(j, "new", verdict_names[verdict_of(pair->new)]);
	write_findings(j, "old_findings", pair->old);
	write_findings(j, "new_findings", pair->new);
	json_key(j, "fields");
	json_open(j, '[');
	compare(&fields, "", old, new);
	json_close(j, ']');
	add_entries(arena, map, pair->old, false);
	add_entries(arena, map, pair->new, true);
	write_sums(j, map);
	json_close(j, '}');
	map_free(&map, NULL);
	cJSON_Delete(old);
	cJSON_Delete(new);
}

static void
take(struct run *run, const struct pair *pair)
{
	struct sides sides;

	run->judged++;
	atomic_fetch_add(run->ask->done, 1);
	if (plainly_same(pair))
		return;
	sides_fill(&sides, run->ask, pair);
	if (!same(&sides, pair)) {
		run->states[verdict_of(pair->old)][verdict_of(pair->new)]++;
		add_entries(run->arena, run->totals, pair->old, false);
		add_entries(run->arena, run->totals, pair->new, true);
		if (run->changed++ < BACKTEST_SHOWN)
			write_event(run, pair, &sides);
		else
			run->cut = true;
	}
	sides_free(&sides);
}

static void
judge_piece(struct run *run, struct pair *pairs, size_t n)
{
	const struct backtest *ask = run->ask;

	for (size_t i = 0; i < n; i++)
		intake_judge_with(pairs[i].old, ask->old_rules,
		    ask->old_reference);
	for (size_t i = 0; i < n; i++)
		intake_judge_with(pairs[i].new, ask->new_rules,
		    ask->new_reference);
	for (size_t i = 0; i < n; i++)
		take(run, &pairs[i]);
}

static bool
piece(struct run *run, int64_t *from, int64_t to, bool *end, struct err *e)
{
	struct pair pairs[PIECE] = { { NULL, NULL } };
	size_t n = 0;
	bool ok = db_begin_read(run->db, e);

	if (ok) {
		ok = read_piece(run, from, to, pairs, &n, end, e);
		db_rollback(run->db);
	}
	if (ok)
		judge_piece(run, pairs, n);
	for (size_t i = 0; i < PIECE; i++) {
		work_free(&pairs[i].old);
		work_free(&pairs[i].new);
	}
	return ok;
}

static bool
all_pieces(struct run *run, struct err *e)
{
	static const char LAST[] = "SELECT coalesce(max(seq), 0), $1"
	    " FROM event";
	int64_t from, to, unused;
	bool end = false, found;

	if (!one(run->db, LAST, 0, &run->last, &unused, &found, e) ||
	    !seq_of(run, run->ask->from, &from, e) ||
	    !seq_of(run, run->ask->to, &to, e))
		return false;
	atomic_store(run->ask->of, to - from);
	while (!end && !atomic_load(run->ask->stop))
		if (!piece(run, &from, to, &end, e))
			return false;
	return true;
}

static void
write_states(struct run *run)
{
	json_key(run->j, "states");
	json_open(run->j, '[');
	for (int a = 0; a < VERDICTS; a++)
		for (int b = 0; b < VERDICTS; b++) {
			if (run->states[a][b] == 0)
				continue;
			json_open(run->j, '{');
			json_kstr(run->j, "old", verdict_names[a]);
			json_kstr(run->j, "new", verdict_names[b]);
			json_kint(run->j, "events", run->states[a][b]);
			json_close(run->j, '}');
		}
	json_close(run->j, ']');
}

static void
write_time(struct json *j, const char *key, int64_t at)
{
	char text[25];

	clock_format(at, text);
	json_kstr(j, key, text);
}

bool
backtest_run(const struct backtest *ask, struct str *out, struct err *e)
{
	struct json j;
	struct run run = { .ask = ask, .j = &j, .arena = arena_new(),
	    .totals = map_new() };
	bool ok;

	json_start(&j, out);
	json_open(&j, '{');
	write_time(&j, "from", ask->from);
	write_time(&j, "to", ask->to);
	json_kstr(&j, "rules", rulebook_digest(ask->new_rules));
	json_key(&j, "events");
	json_open(&j, '[');
	ok = db_open(&run.db, ask->store, DB_READ, e) && all_pieces(&run, e);
	json_close(&j, ']');
	json_kint(&j, "judged", run.judged);
	json_kint(&j, "changed", run.changed);
	write_states(&run);
	write_sums(&j, run.totals);
	json_key(&j, "cut");
	json_bool(&j, run.cut);
	json_key(&j, "cancelled");
	json_bool(&j, atomic_load(ask->stop));
	json_close(&j, '}');
	db_close(&run.db);
	map_free(&run.totals, NULL);
	arena_free(&run.arena);
	return ok && (!out->over ||
	    err_set(e, ERR_TOO_LARGE, "the result of the back-test"));
}
