/* Lists of the API made into structs, and one call. */
#include "wire/intercompany.h"

#include <string.h>

#include "core/json.h"

#define MUTUAL 6		/* paths of a document */
#define SIDE (2 + (WIRE_MUTUALS + 1) * MUTUAL)
#define LINE 5
#define OWN 14
#define ITEM (OWN + 2 * SIDE + 2 * LINE)

static const char *const of_mutual[MUTUAL] = {
	"document", "journal", "date", "account", "amount", "currency"
};
static const char *const of_line[LINE] = {
	"account", "name", "party", "debit", "credit"
};
static const char *const of_item[OWN] = {
	"pair", "name", "version", "period", "currency", "difference", "why",
	"adjusting", "proposal.entity", "proposal.missing",
	"proposal.number", "proposal.date", "proposal.reverse_on",
	"proposal.currency"
};

static const char **
side_paths(const char **out, const char *side, struct arena *arena)
{
	*out++ = arena_printf(arena, "%s.entity", side);
	*out++ = arena_printf(arena, "%s.amount", side);
	for (int i = 0; i <= WIRE_MUTUALS; i++)
		for (int k = 0; k < MUTUAL; k++)
			*out++ = arena_printf(arena, "%s.documents.%d.%s",
			    side, i, of_mutual[k]);
	return out;
}

static const char **
item_paths(struct arena *arena)
{
	const char **paths = arena_alloc(arena, ITEM * sizeof *paths);
	const char **out = paths;

	for (int i = 0; i < OWN; i++)
		*out++ = of_item[i];
	out = side_paths(out, "here", arena);
	out = side_paths(out, "there", arena);
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < LINE; k++)
			*out++ = arena_printf(arena, "proposal.lines.%d.%s",
			    i, of_line[k]);
	return paths;
}

static const char **
take_side(const char **t, struct wire_mutual_side *side)
{
	side->entity = *t++;
	side->amount = *t++;
	for (int i = 0; i <= WIRE_MUTUALS; i++, t += MUTUAL) {
		if (t[0][0] == '\0')
			continue;
		if (i == WIRE_MUTUALS)
			side->more = true;
		else
			side->documents[side->n++] = (struct wire_mutual){
			    t[0], t[1], t[2], t[3], t[4], t[5] };
	}
	return t;
}

static void
take_item(const char **t, struct wire_mismatch *m)
{
	*m = (struct wire_mismatch){ .pair = t[0], .name = t[1],
	    .version = t[2], .period = t[3], .currency = t[4],
	    .difference = t[5], .why = t[6], .adjusting = t[7],
	    .entity = t[8], .missing = t[9], .number = t[10], .date = t[11],
	    .reverse_on = t[12], .proposed = t[13] };
	t = take_side(t + OWN, &m->side[0]);
	t = take_side(t, &m->side[1]);
	for (int i = 0; i < 2; i++, t += LINE)
		m->lines[i] = (struct wire_adjust_line){ t[0], t[1], t[2],
		    t[3], t[4] };
}

static bool
shape_mismatches(struct span in, struct arena *arena,
    struct wire_mismatch **out, size_t *n)
{
	struct wire_rows rows;

	if (!shape_rows(in, "items", item_paths(arena), ITEM, arena, &rows))
		return false;
	*n = rows.n;
	*out = arena_alloc(arena, (rows.n + 1) * sizeof **out);
	for (size_t i = 0; i < rows.n; i++)
		take_item(rows.texts + i * ITEM, &(*out)[i]);
	return true;
}

/* An answer that is one thing, as a list of it. */
static struct span
listed(struct span in, struct arena *arena)
{
	return span_of(arena_printf(arena, "{\"items\":[%.*s]}", (int)in.n,
	    in.p));
}

bool
shape_mismatch(struct span in, struct arena *arena,
    struct wire_mismatch *out)
{
	struct wire_mismatch *items;
	size_t n;

	if (!shape_mismatches(listed(in, arena), arena, &items, &n) || n != 1)
		return false;
	*out = items[0];
	return true;
}

bool
shape_adjusted(struct span in, struct arena *arena,
    struct wire_adjusted *out)
{
	static const char *const PATHS[] = {
		"event", "state", "findings.0.sentence"
	};
	struct wire_rows rows;

	if (!shape_rows(listed(in, arena), "items", PATHS, 3, arena, &rows) ||
	    rows.n != 1)
		return false;
	*out = (struct wire_adjusted){ rows.texts[0], rows.texts[1],
	    rows.texts[2] };
	return true;
}

#define BALANCE 4
#define PAIR (2 + WIRE_BALANCES * BALANCE)

static bool
shape_pairs(struct span in, struct arena *arena, struct wire_pair **out,
    size_t *n)
{
	static const char *const of_balance[BALANCE] = {
		"currency", "here", "there", "difference"
	};
	const char *paths[PAIR] = { "pair", "mismatches" };
	struct wire_rows rows;

	for (int i = 0; i < WIRE_BALANCES * BALANCE; i++)
		paths[2 + i] = arena_printf(arena, "balances.%d.%s",
		    i / BALANCE, of_balance[i % BALANCE]);
	if (!shape_rows(in, "pairs", paths, PAIR, arena, &rows))
		return false;
	*n = rows.n;
	*out = arena_alloc(arena, (rows.n + 1) * sizeof **out);
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * PAIR;
		struct wire_pair *pair = &(*out)[i];

		*pair = (struct wire_pair){ .pair = t[0],
		    .mismatches = t[1] };
		for (t += 2; pair->n < WIRE_BALANCES && t[0][0] != '\0';
		    t += BALANCE)
			pair->balances[pair->n++] =
			    (struct wire_pair_balance){ t[0], t[1], t[2],
			    t[3] };
	}
	return true;
}

bool
shape_intercompany(struct span in, struct arena *arena,
    struct wire_intercompany *out)
{
	static const char *const UNNAMED[] = {
		"entity", "account", "currency", "amount"
	};
	struct wire_rows rows;

	*out = (struct wire_intercompany){ .n = 0 };
	if (!shape_pairs(in, arena, &out->pairs, &out->n_pairs) ||
	    !shape_mismatches(in, arena, &out->items, &out->n) ||
	    !shape_rows(in, "unnamed", UNNAMED, 4, arena, &rows))
		return false;
	out->n_unnamed = rows.n;
	out->unnamed = arena_alloc(arena,
	    (rows.n + 1) * sizeof *out->unnamed);
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * 4;

		out->unnamed[i] = (struct wire_unnamed){ t[0], t[1], t[2],
		    t[3] };
	}
	return true;
}

bool
wire_adjust_post(struct wire *wire, const struct wire_adjust *a,
    struct arena *arena, struct span *body, struct err *e)
{
	struct http_call call = { .method = "POST", .path = a->dry ?
	    "/v1/intercompany/adjust?dry_run=1" : "/v1/intercompany/adjust" };
	struct json json;
	struct str text;
	bool ok;

	str_init(&text, 1 << 16);
	json_start(&json, &text);
	json_open(&json, '{');
	json_kstr(&json, "entity", a->entity);
	json_kstr(&json, "party", a->party);
	json_kstr(&json, "name", a->name);
	json_kstr(&json, "version", a->version);
	json_kstr(&json, "period", a->period);
	json_kstr(&json, "in", a->in);
	json_kstr(&json, "against", a->against);
	json_kstr(&json, "reason", a->reason);
	json_close(&json, '}');
	call.body = str_span(&text);
	ok = wire_ask(wire, &call, arena, body, e);
	str_free(&text);
	return ok;
}
