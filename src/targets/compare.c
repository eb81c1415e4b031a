/* Two postings, held against each other. Knows neither store nor network. */
#include "targets/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/money.h"
#include "targets/list.h"

static const char *const states[] = {
	[REMOTE_DRAFT] = "draft", [REMOTE_BOOKED] = "booked",
	[REMOTE_CANCELLED] = "cancelled",
};

const char *
remote_state_name(enum remote_state state)
{
	return states[state];
}

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "";
}

struct side
side_of_posting(const struct posting *p)
{
	return (struct side){ .date = p->date, .state = "booked",
	    .reference = p->reference, .remote = "", .number = "",
	    .narration = or_none(p->narration), .changed_by = "",
	    .currency = p->currency, .lines = p->lines, .n = p->n_lines };
}

struct side
side_of_remote(const struct remote *r, const char *currency)
{
	return (struct side){ .date = r->date, .state = states[r->state],
	    .reference = or_none(r->reference), .remote = or_none(r->remote),
	    .number = or_none(r->number),
	    .narration = or_none(r->narration),
	    .changed_by = or_none(r->changed_by), .currency = currency,
	    .lines = r->lines, .n = r->n_lines };
}

void
side_held(const struct side *side, char out[SHA256_HEX])
{
	struct verdict verdict = { .kind = VERDICT_DONE };

	verdict_held(&verdict, side->date, side->lines, side->n);
	memcpy(out, verdict.held, SHA256_HEX);
}

/* ---- as JSON ---------------------------------------------------------- */

static void
put(struct json *j, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_kstr(j, key, text);
}

static void
encode_line(struct json *j, const struct posting_line *line,
    const char *currency, struct arena *arena)
{
	json_open(j, '{');
	put(j, "account", line->account);
	put(j, "ours", line->ours);
	put(j, "party", line->party);
	put(j, "cost_centre", line->cost_centre);
	put(j, "tax_code", line->tax_code);
	put(j, "item", line->item);
	put(j, "location", line->location);
	put(j, "memo", line->memo);
	json_kstr(j, "amount", amount_text(line->amount, currency, arena));
	if (line->currency[0] != '\0' &&
	    strcmp(line->currency, currency) != 0) {
		json_kstr(j, "currency", line->currency);
		json_kstr(j, "foreign", amount_text(line->foreign,
		    line->currency, arena));
	}
	json_close(j, '}');
}

void
side_encode(const struct side *side, struct str *out)
{
	struct arena *arena = arena_new();
	size_t n = side->n < SIDE_LINES_MAX ? side->n : SIDE_LINES_MAX;
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "date", side->date.text);
	json_kstr(&j, "state", side->state);
	put(&j, "reference", side->reference);
	put(&j, "remote", side->remote);
	put(&j, "number", side->number);
	put(&j, "narration", side->narration);
	put(&j, "changed_by", side->changed_by);
	json_kstr(&j, "currency", side->currency);
	json_kint(&j, "not_shown", (int64_t)(side->n - n));
	json_key(&j, "lines");
	json_open(&j, '[');
	for (size_t i = 0; i < n; i++)
		encode_line(&j, &side->lines[i], side->currency, arena);
	json_close(&j, ']');
	json_close(&j, '}');
	arena_free(&arena);
}

static bool
decode_line(const cJSON *one, const char *currency, struct arena *arena,
    struct posting_line *line)
{
	*line = (struct posting_line){
	    .account = arena_strdup(arena, json_word(one, "account")),
	    .ours = arena_strdup(arena, json_word(one, "ours")),
	    .party = arena_strdup(arena, json_word(one, "party")),
	    .party_name = "",
	    .cost_centre = arena_strdup(arena,
	    json_word(one, "cost_centre")),
	    .tax_code = arena_strdup(arena, json_word(one, "tax_code")),
	    .item = arena_strdup(arena, json_word(one, "item")),
	    .location = arena_strdup(arena, json_word(one, "location")),
	    .memo = arena_strdup(arena, json_word(one, "memo")) };
	if (!amount_read(json_text(one, "amount"), currency, &line->amount))
		return false;
	line->foreign = line->amount;
	snprintf(line->currency, sizeof line->currency, "%.3s", currency);
	if (json_text(one, "foreign") == NULL)
		return true;
	snprintf(line->currency, sizeof line->currency, "%.3s",
	    json_word(one, "currency"));
	return amount_read(json_text(one, "foreign"), line->currency,
	    &line->foreign);
}

static bool
decode(const cJSON *tree, struct arena *arena, struct side *side)
{
	const cJSON *list = json_at(tree, "lines"), *one;
	int n = cJSON_GetArraySize(list);

	*side = (struct side){
	    .state = arena_strdup(arena, json_word(tree, "state")),
	    .reference = arena_strdup(arena, json_word(tree, "reference")),
	    .remote = arena_strdup(arena, json_word(tree, "remote")),
	    .number = arena_strdup(arena, json_word(tree, "number")),
	    .narration = arena_strdup(arena, json_word(tree, "narration")),
	    .changed_by = arena_strdup(arena,
	    json_word(tree, "changed_by")),
	    .currency = arena_strdup(arena, json_word(tree, "currency")) };
	if (strcmp(json_word(tree, "not_shown"), "0") != 0 || !day_parse(
	    span_of(json_word(tree, "date")), &side->date))
		return false;
	side->lines = arena_alloc(arena, ((size_t)n + 1) *
	    sizeof *side->lines);
	cJSON_ArrayForEach(one, list)
		if (!decode_line(one, side->currency, arena,
		    &side->lines[side->n++]))
			return false;
	return true;
}

bool
side_decode(struct span text, struct arena *arena, struct side *side,
    struct err *e)
{
	cJSON *tree = json_strict(text, e);
	bool ok = tree != NULL;

	if (ok && !decode(tree, arena, side))
		ok = err_set(e, ERR_CORRUPT, "a side of a drift");
	cJSON_Delete(tree);
	return ok;
}

/* ---- held against each other ------------------------------------------ */

/* Of one side: does it say the party of each line of that account? Where one
 * has none an ERP that wants one puts its own. */
static bool
says_party(const struct side *side, const char *account)
{
	bool says = false;

	for (size_t i = 0; i < side->n; i++) {
		if (strcmp(side->lines[i].account, account) != 0)
			continue;
		if (*or_none(side->lines[i].party) == '\0')
			return false;
		says = true;
	}
	return says;
}

struct weighed {
	const struct posting_line *line;
	const char *party;	/* "": not compared */
	int64_t amount;		/* theirs positive, ours negative */
};

static int
by_place(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;
	int order = strcmp(x->line->account, y->line->account);

	return order != 0 ? order : strcmp(x->party, y->party);
}

static int
by_amount(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;
	int order = by_place(a, b);

	return order != 0 ? order : (x->line->amount > y->line->amount) -
	    (x->line->amount < y->line->amount);
}

static void
weigh(const struct side *side, const struct side *other, int64_t sign,
    struct weighed *out)
{
	bool large = side->n > SIDE_LINES_MAX ||
	    (other != NULL && other->n > SIDE_LINES_MAX);

	for (size_t i = 0; i < side->n; i++) {
		const struct posting_line *line = &side->lines[i];
		bool both = large || (other != NULL &&
		    says_party(side, line->account) &&
		    says_party(other, line->account));

		out[i] = (struct weighed){ line, other == NULL || both ?
		    or_none(line->party) : "", sign * line->amount };
	}
}

static struct weighed *
room(size_t n)
{
	struct weighed *all = calloc(n + 1, sizeof *all);

	if (all == NULL)
		bug("out of memory");
	return all;
}

bool
side_same(const struct side *ours, const struct side *theirs)
{
	struct weighed *a, *b;
	bool same = ours->n == theirs->n &&
	    strcmp(ours->date.text, theirs->date.text) == 0;

	if (!same || ours->n > SIDE_LINES_MAX)
		return false;
	a = room(ours->n);
	b = room(theirs->n);
	weigh(ours, theirs, 1, a);
	weigh(theirs, ours, 1, b);
	qsort(a, ours->n, sizeof *a, by_amount);
	qsort(b, theirs->n, sizeof *b, by_amount);
	for (size_t i = 0; same && i < ours->n; i++)
		same = by_amount(&a[i], &b[i]) == 0;
	free(a);
	free(b);
	return same;
}

/* Both sides in one row, sorted by place; *n of them. */
static struct weighed *
merge(const struct side *ours, const struct side *theirs, size_t *n)
{
	size_t mine = ours != NULL ? ours->n : 0;
	size_t others = theirs != NULL ? theirs->n : 0;
	struct weighed *all = room(mine + others);

	if (ours != NULL)
		weigh(ours, theirs, -1, all);
	if (theirs != NULL)
		weigh(theirs, ours, 1, all + mine);
	*n = mine + others;
	qsort(all, *n, sizeof *all, by_place);
	return all;
}

/* How many from `at` are of the same place, and what they come to. */
static size_t
place(const struct weighed *all, size_t at, size_t n, int64_t *sum)
{
	size_t end = at;

	*sum = 0;
	for (; end < n && by_place(&all[at], &all[end]) == 0; end++)
		*sum += all[end].amount;
	return end;
}

static void
fill(const char **to, const char *from)
{
	if (*or_none(*to) == '\0')
		*to = or_none(from);
}

/* One line of all that is said of a place. */
static struct posting_line
join(const struct weighed *all, size_t at, size_t end, int64_t sum)
{
	struct posting_line line = { .account = all[at].line->account,
	    .amount = sum, .foreign = sum };

	for (size_t i = at; i < end; i++) {
		const struct posting_line *one = all[i].line;

		fill(&line.ours, one->ours);
		fill(&line.party, one->party);
		fill(&line.cost_centre, one->cost_centre);
		fill(&line.tax_code, one->tax_code);
		fill(&line.item, one->item);
		fill(&line.location, one->location);
		fill(&line.memo, one->memo);
	}
	return line;
}

void
side_delta(const struct side *ours, const struct side *theirs,
    struct arena *arena, struct posting_line **out, size_t *n_out)
{
	size_t n, end;
	struct weighed *all = merge(ours, theirs, &n);
	int64_t sum;

	*out = arena_alloc(arena, (n + 1) * sizeof **out);
	*n_out = 0;
	for (size_t at = 0; at < n; at = end) {
		end = place(all, at, n, &sum);
		if (sum != 0)
			(*out)[(*n_out)++] = join(all, at, end, sum);
	}
	free(all);
}

int64_t
side_stake(const struct side *ours, const struct side *theirs)
{
	size_t n, end;
	struct weighed *all = merge(ours, theirs, &n);
	int64_t sum, stake = 0;

	for (size_t at = 0; at < n; at = end) {
		end = place(all, at, n, &sum);
		stake += sum < 0 ? -sum : sum;
	}
	free(all);
	return stake / 2;
}
