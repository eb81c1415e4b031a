/* Balances and journals, side by side. */
#include "flow/beside.h"

#include <string.h>

#define TRIES 3			/* for both to be of one moment */

static bool
ask_balances(struct looking *in, struct beside *b, struct err *e)
{
	struct remote_balance *all = NULL;
	size_t n = 0;
	bool ok;

	if (!in->pace(in->arg, 1, e))
		return false;
	ok = target_adapter(in->target)->balances(in->target, b->day,
	    b->arena, &all, &n, e);
	in->over(in->arg);
	/* Who we are there is not who asks here. */
	if (!ok && (e->code == ERR_UNAUTHENTIC || e->code == ERR_FORBIDDEN))
		e->code = ERR_REFUSED;
	b->side.balances = all;
	b->side.n_balances = n;
	return ok;
}

static bool
take_once(struct looking *in, struct beside *b, struct err *e)
{
	const char *name = in->conf->name;
	struct standing_sum *sums;
	struct target_sums states;
	struct target_row row;
	int64_t before, after;
	bool found;

	if (!standing_mark(in->db, name, &before, e) ||
	    !ask_balances(in, b, e) || !target_load(in->db, name, b->arena,
	    &row, &found, e) || !standing_sums(in->db, name, in->entities,
	    in->conf->first, row.taken, b->day, b->arena, &sums,
	    &b->side.n_sums, e) || !standing_mark(in->db, name, &after, e) ||
	    !target_sums(in->db, &row, &states, e))
		return false;
	b->side.sums = sums;
	b->moving = before != after || states.states[COMMIT_SENDING] > 0;
	return true;
}

bool
beside_take(struct looking *in, struct beside *b, struct err *e)
{
	const char *entity;

	if (target_adapter(in->target)->balances == NULL)
		return err_set(e, ERR_REFUSED, "%.60s cannot be asked for "
		    "its balances", in->conf->name);
	if (!look_entity(in->db, in->entities, b->arena, &entity,
	    &b->currency, e) || !drift_count(in->db, in->conf->name,
	    DRIFT_KINDS, &b->drift, e))
		return false;
	b->moving = true;
	for (int i = 0; b->moving && i < TRIES; i++)
		if (!take_once(in, b, e))
			return false;
	return true;
}

/* ---- two targets ------------------------------------------------------ */

static bool
load_page(struct looking *in, struct beside_pair *p, struct err *e)
{
	struct target_row rows[2];
	struct arena *arena = p->sides[0].arena;
	bool found;

	for (int i = 0; i < 2; i++) {
		if (!target_load(in->db, p->names[i], arena, &rows[i],
		    &found, e))
			return false;
		if (!found)
			return err_set(e, ERR_NOT_FOUND, "no target %.60s",
			    p->names[i]);
	}
	if (!pair_page(in->db, &rows[0], &rows[1], p->after,
	    BESIDE_JOURNALS, arena, &p->rows, &p->n, e))
		return false;
	p->more = p->n == BESIDE_JOURNALS;
	return true;
}

static bool
is_held(const struct side *side, const char *held)
{
	char text[SHA256_HEX];

	side_held(side, text);
	return strcmp(text, held) == 0;
}

/* Some say no parties. */
static bool
is_held_bare(struct side *side, const char *held)
{
	for (size_t i = 0; i < side->n; i++)
		side->lines[i].party = "";
	return is_held(side, held);
}

/* It holds what the journal says in its codes, as it told when it took it or
 * at the last look. */
static bool
prove(struct looking *in, struct pair_row *row, struct pair_side *own,
    struct arena *arena, struct err *e)
{
	struct posting_miss *misses;
	struct posting posting;
	struct side side;
	size_t n;
	bool found;

	if (strcmp(own->state, "done") != 0 || *own->held == '\0')
		return true;
	if (!posting_load(in->db, in->conf, row->journal, arena, &posting,
	    &misses, &n, &found, e) || !found)
		return e->code == ERR_NONE;
	side = side_of_posting(&posting);
	own->good = is_held(&side, own->held) ||
	    is_held_bare(&side, own->held);
	return true;
}

bool
beside_pair_take(struct looking *in, struct beside_pair *p, int side,
    struct err *e)
{
	struct arena *arena;
	bool ok = (side != 0 || load_page(in, p, e)) && (!p->balances ||
	    beside_take(in, &p->sides[side], e));

	arena = arena_new();
	for (size_t i = 0; ok && i < p->n; i++) {
		arena_reset(arena);
		ok = prove(in, &p->rows[i], &p->rows[i].sides[side], arena,
		    e);
	}
	arena_free(&arena);
	return ok;
}

const char *
beside_judge(const struct pair_row *row)
{
	bool unproven = false;

	for (int i = 0; i < 2; i++)
		if (strcmp(row->sides[i].state, "done") != 0)
			return "missing";
	for (int i = 0; i < 2; i++) {
		const struct pair_side *side = &row->sides[i];

		if (side->drifted || (*side->held != '\0' && !side->good))
			return "differs";
		unproven = unproven || *side->held == '\0';
	}
	return unproven ? "unproven" : "same";
}
