/*
 * The end of a look. What was not seen is asked for by its reference before it
 * is called missing: pages move while they are read, and a posting may stand
 * on another day now.
 */
#include "flow/look_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "flow/aside.h"

#define ROWS_AT_ONCE 500

/* ---- what was seen ---------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
sort(struct vec *v)
{
	if (v->n > 0)
		qsort(v->p, v->n, v->size, by_number);
}

static bool
was_seen(const struct look *l, int64_t journal)
{
	return l->seen.n > 0 && bsearch(&journal, l->seen.p, l->seen.n,
	    sizeof(int64_t), by_number) != NULL;
}

static bool
was_touched(const struct look *l, int64_t id)
{
	return l->touched.n > 0 && bsearch(&id, l->touched.p, l->touched.n,
	    sizeof(int64_t), by_number) != NULL;
}

/* ---- asking by reference ---------------------------------------------- */

static bool
ask(struct look *l, const char *const *references, size_t n,
    struct remote **out, size_t *n_out, struct err *e)
{
	const struct adapter *adapter = target_adapter(l->in->target);
	bool ok;

	*n_out = 0;
	if (!look_pace(l, n, e))
		return false;
	ok = adapter->find(l->in->target, references, n, l->page, out, n_out,
	    e);
	l->in->over(l->in->arg);
	return ok;
}

static const char *
reference_of(struct look *l, const char *entity, int64_t journal)
{
	char text[REFERENCE_MAX];

	posting_reference(entity, journal, text);
	return arena_strdup(l->page, text);
}

static bool
has_reference(const struct remote *r, const char *reference)
{
	return r->reference != NULL && strcmp(r->reference, reference) == 0;
}

/* ---- missing ---------------------------------------------------------- */

/* Of what was made of its own postings there is no reference there. What was
 * taken over whole was looked for on its own day; a correction stands in the
 * posting that it corrects. */
static bool
is_looked_for(struct look *l, const struct known *known, bool *is,
    struct err *e)
{
	struct drift_row row;
	struct journal_head head;
	struct journal journal;
	bool taken, found;

	*is = true;
	if (!known_taken(l->in->db, l->name, known->journal, &taken, e))
		return false;
	if (!taken)
		return true;
	*is = false;
	if (!journal_load(l->in->db, known->journal, l->page, &journal,
	    &head, &found, e) || (found && !drift_linked(l->in->db, l->name,
	    head.event, l->page, &row, &found, e)))
		return false;
	if (!found || row.journal != 0 ||
	    strcmp(row.day, l->row->from.text) < 0 ||
	    strcmp(row.day, l->row->to.text) > 0)
		return true;
	*is = true;
	return true;
}

static bool
judge_gone(struct look *l, const struct known *known, struct err *e)
{
	struct side basis;
	bool found, undone;

	if (!known_undone(l->in->db, l->name, known->journal, &undone, e))
		return false;
	if (undone)
		return true;
	if (!look_basis(l, known->journal, &basis, &found, e))
		return false;
	return !found || look_find(l, DRIFT_MISSING, known, &basis, &basis,
	    NULL, e);
}

static bool
judge_unseen(struct look *l, struct known *const *unseen, size_t n,
    struct err *e)
{
	const char *references[LOOK_ASKED_MAX];
	struct remote *there;
	size_t n_there;

	for (size_t i = 0; i < n; i++)
		references[i] = reference_of(l, unseen[i]->entity,
		    unseen[i]->journal);
	if (n == 0 || !ask(l, references, n, &there, &n_there, e))
		return n == 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < n_there && !has_reference(&there[k],
		    references[i]))
			k++;
		if (k < n_there ? !look_commit(l, unseen[i], &there[k], e) :
		    !judge_gone(l, unseen[i], e))
			return false;
	}
	return true;
}

static bool
judge_known(struct look *l, struct known *all, size_t n, struct err *e)
{
	struct known *unseen[LOOK_ASKED_MAX];
	size_t n_unseen = 0;
	bool is;

	for (size_t i = 0; i < n; i++) {
		if (was_seen(l, all[i].journal) ||
		    look_is_since(l, &all[i]))
			continue;
		if (!is_looked_for(l, &all[i], &is, e))
			return false;
		if (!is)
			continue;
		unseen[n_unseen++] = &all[i];
		if (n_unseen == l->in->most) {
			if (!judge_unseen(l, unseen, n_unseen, e))
				return false;
			n_unseen = 0;
		}
	}
	return judge_unseen(l, unseen, n_unseen, e);
}

static bool
find_missing(struct look *l, struct err *e)
{
	struct known *all;
	int64_t after = 0;
	size_t n;

	do {
		if (!known_done(l->in->db, l->name, l->row->from, l->row->to,
		    after, ROWS_AT_ONCE, l->page, &all, &n, e) || !judge_known(l, all, n, e))
			return false;
		if (n > 0)
			after = all[n - 1].journal;
		if (!look_flush(l, e))
			return false;
	} while (n == ROWS_AT_ONCE);
	return true;
}

/* ---- twice ------------------------------------------------------------ */

struct two {
	const struct remote *own;	/* as we know it; NULL: it is gone */
	struct remote *other;
};

static void
tell_apart(const struct known *known, const char *reference,
    struct remote *there, size_t n, struct two *two)
{
	*two = (struct two){ .own = NULL };
	for (size_t i = 0; i < n; i++) {
		if (there[i].state != REMOTE_BOOKED ||
		    !has_reference(&there[i], reference))
			continue;
		if (strcmp(there[i].remote, known->remote) == 0)
			two->own = &there[i];
		else
			two->other = &there[i];
	}
}

/* Some cancel by a second one that takes the first back. */
static bool
takes_back(struct look *l, const struct side *ours,
    const struct remote *other)
{
	struct side side = side_of_remote(other, l->currency);
	struct posting_line *lines = arena_alloc(l->page, (side.n + 1) *
	    sizeof *lines);

	for (size_t i = 0; i < side.n; i++) {
		lines[i] = side.lines[i];
		lines[i].amount = -lines[i].amount;
	}
	side.lines = lines;
	side.date = ours->date;
	return side_same(ours, &side);
}

static bool
judge_two(struct look *l, struct known *known, const struct two *two,
    struct err *e)
{
	struct side basis, sent;
	bool found;

	if (two->other == NULL)
		return true;
	if (two->own == NULL)		/* it took its place */
		return look_commit(l, known, two->other, e);
	if (!look_basis(l, known->journal, &basis, &found, e) ||
	    !look_sent(l, known->journal, &sent, &found, e))
		return false;
	if (found && takes_back(l, &sent, two->other)) {
		two->other->state = REMOTE_CANCELLED;
		return look_find(l, DRIFT_CANCELLED, known, &basis, &basis,
		    two->other, e);
	}
	return look_find(l, DRIFT_DOUBLED, known, found ? &basis : NULL,
	    found ? &basis : NULL, two->other, e);
}

static bool
judge_double(struct look *l, int64_t journal, struct err *e)
{
	struct remote *there;
	const char *reference;
	struct known known;
	struct two two;
	bool found;
	size_t n;

	if (!known_load(l->in->db, l->name, journal, l->page, &known, &found,
	    e))
		return false;
	if (!found || look_is_since(l, &known))
		return true;
	reference = reference_of(l, known.entity, journal);
	if (!ask(l, &reference, 1, &there, &n, e))
		return false;
	tell_apart(&known, reference, there, n, &two);
	return judge_two(l, &known, &two, e);
}

static bool
find_doubles(struct look *l, struct err *e)
{
	const int64_t *all = l->others.p;

	for (size_t i = 0; i < l->others.n; i++)
		if ((i == 0 || all[i] != all[i - 1]) &&
		    (!judge_double(l, all[i], e) || !look_flush(l, e)))
			return false;
	return true;
}

/* ---- what commits met ------------------------------------------------- */

/* Base is what was there before, ours what stands in our ledger now, theirs
 * what they made of it. */
static bool
judge_conflict(struct look *l, const struct known *known, struct err *e)
{
	int64_t met = known->undoes != 0 ? known->undoes : known->journal;
	const char *reference = reference_of(l, known->entity, met);
	struct side base, ours;
	struct remote *there;
	bool based, stands;
	int64_t current = known->journal;
	size_t n, at = 0;

	if (known->undoes != 0 && !known_current(l->in->db, known->journal,
	    &current, e))
		return false;
	if (!look_basis(l, met, &base, &based, e) ||
	    !look_basis(l, current, &ours, &stands, e) ||
	    !ask(l, &reference, 1, &there, &n, e))
		return false;
	while (at < n && !has_reference(&there[at], reference))
		at++;
	return look_find(l, DRIFT_CONFLICT, known, based ? &base : NULL,
	    stands ? &ours : NULL, at < n ? &there[at] : NULL, e);
}

/* A row that was closed was told, and the commit goes again or is left. */
static bool
is_told(struct look *l, int64_t journal, bool *told, struct err *e)
{
	struct drift_row row;

	return drift_of(l->in->db, l->name, journal, "", l->page, &row, told,
	    e);
}

bool
look_conflicts(struct look *l, bool fresh, struct err *e)
{
	bool told = false;
	struct known *all;
	int64_t after = 0;
	size_t n;

	do {
		if (!known_conflicts(l->in->db, l->name, after, 50, l->page,
		    &all, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			after = all[i].journal;
			if ((fresh && !is_told(l, after, &told, e)) ||
			    (!told && !judge_conflict(l, &all[i], e)))
				return false;
		}
		if (!look_flush(l, e))
			return false;
	} while (n == 50);
	return true;
}

/* ---- what is no more -------------------------------------------------- */

static bool
is_within(const struct look *l, const char *day)
{
	return strcmp(day, l->row->from.text) >= 0 &&
	    strcmp(day, l->row->to.text) <= 0;
}

/* It was not met again, although this look was where it would be. */
static bool
is_mended(struct look *l, const struct drift_row *row, bool *is,
    struct err *e)
{
	struct known known;
	bool found;

	*is = false;
	if (row->journal == 0) {
		*is = is_within(l, row->day);
		return true;
	}
	if (!known_load(l->in->db, l->name, row->journal, l->page, &known,
	    &found, e))
		return false;
	if (found && row->kind != DRIFT_CONFLICT &&
	    row->kind != DRIFT_UNKNOWN && known.state != COMMIT_DONE)
		return true;	/* it goes again */
	*is = !found || row->kind == DRIFT_CONFLICT ||
	    is_within(l, known.day.text);
	return true;
}

/* What was to be taken over and never will be is open again. */
static bool
judge_asked(struct look *l, struct drift_row *row, bool *moved,
    struct err *e)
{
	*moved = false;
	if (!drift_dropped(l->in->db, row->event, moved, e) || !*moved)
		return e->code == ERR_NONE;
	row->state = "open";
	row->words = arena_printf(l->page, "E%lld was dismissed",
	    (long long)row->event);
	row->event = 0;
	row->act = row->actor = row->reason = "";
	return true;
}

static bool
judge_row(struct look *l, struct drift_row *row, bool *moved,
    struct err *e)
{
	if (strcmp(row->state, "asked") == 0 && row->event != 0)
		return judge_asked(l, row, moved, e);
	*moved = false;
	if (was_touched(l, row->id))
		return true;
	if (!is_mended(l, row, moved, e) || !*moved)
		return e->code == ERR_NONE;
	row->state = "closed";
	if (*row->act == '\0')
		row->act = "mended";
	l->row->mended++;
	return true;
}

static bool
write_moved(struct books *books, void *arg, struct err *e)
{
	return look_write(books, arg, e);
}

static bool
close_page(struct look *l, struct drift_row *rows, size_t n, struct err *e)
{
	bool moved, ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		ok = judge_row(l, &rows[i], &moved, e);
		if (ok && moved) {
			struct drift_row *own = vec_add(&l->finds);

			if (own == NULL)
				return err_set(e, ERR_TOO_LARGE,
				    "a page too large");
			*own = rows[i];
			own->at = clock_now();
		}
	}
	ok = ok && (l->finds.n == 0 || aside_write(l->in->pump, write_moved,
	    l, e));
	vec_clear(&l->finds);
	return ok;
}

static bool
close_mended(struct look *l, struct err *e)
{
	struct drift_row *rows;
	int64_t after = 0;
	size_t n;

	sort(&l->touched);
	do {
		if (!drift_open(l->in->db, l->name, after, ROWS_AT_ONCE,
		    l->page, &rows, &n, e))
			return false;
		if (n > 0)
			after = rows[n - 1].id;
		if (!close_page(l, rows, n, e))
			return false;
		arena_reset(l->page);
	} while (n == ROWS_AT_ONCE);
	return true;
}

bool
look_end(struct look *l, struct err *e)
{
	sort(&l->seen);
	sort(&l->others);
	return (target_adapter(l->in->target)->find == NULL ||
	    (find_missing(l, e) && find_doubles(l, e) &&
	    look_conflicts(l, false, e))) && close_mended(l, e);
}
