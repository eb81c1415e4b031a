/*
 * The walk of a look: page by page, each written before the next is asked for,
 * so that memory is of a page and a number for each posting.
 */
#include "flow/look_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "flow/aside.h"

#define PAGES_MAX 200000
#define CURSOR_MAX 8192
#define AHEAD INT64_C(60000000)	/* a later time is of another clock */

/* ---- judging ---------------------------------------------------------- */

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "";
}

/* Some tell versions apart by the second only: what has the same one may have
 * been changed all the same. */
static bool
holds_the_same(const struct known *known, const struct remote *there)
{
	struct side side = side_of_remote(there, "");
	char held[SHA256_HEX];

	if (!there->lined || *known->held == '\0')
		return true;
	side_held(&side, held);
	return strcmp(known->held, held) == 0;
}

bool
look_as_known(const struct known *known, const struct remote *there)
{
	return there->state == REMOTE_BOOKED && *known->version != '\0' &&
	    strcmp(known->version, or_none(there->version)) == 0 &&
	    strcmp(known->remote, or_none(there->remote)) == 0 &&
	    holds_the_same(known, there);
}

enum drift_kind
look_judge(const struct known *known, const struct side *basis,
    const struct side *there)
{
	char held[SHA256_HEX];

	if (strcmp(there->state, "booked") != 0)
		return DRIFT_CANCELLED;
	side_held(there, held);
	return strcmp(known->held, held) == 0 || side_same(basis, there) ?
	    DRIFT_KINDS : DRIFT_CHANGED;
}

/* ---- writing ---------------------------------------------------------- */

/* Another word on it may have come since it was read: then the next look
 * sees. */
bool
look_write(struct books *books, struct look *l, struct err *e)
{
	for (size_t i = 0; i < l->finds.n; i++) {
		struct drift_row *row = vec_at(&l->finds, i), now;
		bool found = false;

		if (row->id != 0 && !drift_load(books->db, row->id,
		    books->arena, &now, &found, e))
			return false;
		if ((!found || now.version == row->version) &&
		    !drift_put(books, row, e))
			return false;
	}
	return true;
}

static bool
write_page(struct books *books, void *arg, struct err *e)
{
	struct look *l = arg;

	for (size_t i = 0; i < l->notes.n; i++)
		if (!known_note(books, l->name, vec_at(&l->notes, i), e))
			return false;
	return look_write(books, l, e);
}

static void
touch(struct look *l, int64_t id)
{
	int64_t *own = vec_add(&l->touched);

	if (own != NULL)
		*own = id;
}

bool
look_flush(struct look *l, struct err *e)
{
	bool ok = l->notes.n + l->finds.n == 0 || aside_write(l->in->pump,
	    write_page, l, e);

	for (size_t i = 0; ok && i < l->finds.n; i++)
		touch(l, ((struct drift_row *)vec_at(&l->finds, i))->id);
	vec_clear(&l->notes);
	vec_clear(&l->finds);
	arena_reset(l->page);
	return ok;
}

bool
look_pace(struct look *l, size_t n, struct err *e)
{
	return l->in->pace(l->in->arg, n, e);
}

/* ---- a difference ----------------------------------------------------- */

static const char *
encode(struct look *l, const struct side *side)
{
	const char *text;
	struct str out;

	if (side == NULL)
		return "";
	str_init(&out, (size_t)4 << 20);
	side_encode(side, &out);
	text = arena_strndup(l->page, out.p, out.n);
	str_free(&out);
	return text;
}

/* What a person said of this very version stands; so does what is under
 * way. */
static bool
stands(const struct drift_row *row, const struct drift_row *now)
{
	if (strcmp(row->state, "asked") == 0)
		return true;
	if (row->kind != now->kind ||
	    strcmp(row->remote_version, now->remote_version) != 0 ||
	    strcmp(row->theirs, now->theirs) != 0)
		return false;
	return strcmp(row->state, "open") == 0 ||
	    strcmp(row->act, "ignore") == 0 ||
	    strcmp(row->act, "theirs") == 0 ||
	    strcmp(row->act, "adopt") == 0;
}

static void
fill(struct look *l, struct drift_row *row, const struct known *known,
    const struct remote *there)
{
	*row = (struct drift_row){ .target = l->name, .state = "open",
	    .entity = known != NULL ? known->entity : l->entity,
	    .journal = known != NULL ? known->journal : 0,
	    .remote = "", .remote_number = "", .remote_version = "",
	    .day = "", .act = "", .actor = "", .reason = "", .words = "",
	    .currency = l->currency, .found = clock_now(),
	    .at = clock_now() };
	if (there == NULL) {
		row->remote = known->remote;
		row->remote_number = known->number;
		return;
	}
	row->remote = or_none(there->remote);
	row->remote_number = or_none(there->number);
	row->remote_version = or_none(there->version);
	row->day = arena_strdup(l->page, there->date.text);
}

/* One journal twice on a page: the first will do until the next look. */
static bool
is_found(const struct look *l, const struct drift_row *row)
{
	for (size_t i = 0; i < l->finds.n; i++) {
		const struct drift_row *one = vec_at(&l->finds, i);

		if (one->journal == row->journal && (row->journal != 0 ||
		    strcmp(one->remote, row->remote) == 0))
			return true;
	}
	return false;
}

bool
look_find(struct look *l, enum drift_kind kind, const struct known *known,
    const struct side *base, const struct side *ours,
    const struct remote *there, struct err *e)
{
	struct side side = { .n = 0 };
	const struct side *counts = NULL;
	struct drift_row row, before, *own;
	bool found;

	fill(l, &row, known, there);
	if (is_found(l, &row))
		return true;
	row.kind = kind;
	if (there != NULL)
		side = side_of_remote(there, l->currency);
	if (there != NULL && there->state == REMOTE_BOOKED)
		counts = &side;
	row.base = encode(l, base);
	row.ours = encode(l, ours);
	row.theirs = encode(l, there != NULL ? &side : NULL);
	row.amount = side_stake(kind == DRIFT_DOUBLED ? NULL : ours,
	    counts);
	if (!drift_of(l->in->db, l->name, row.journal, row.remote, l->page,
	    &before, &found, e))
		return false;
	if (found) {
		touch(l, before.id);
		if (stands(&before, &row))
			return true;
		row.id = before.id;
		row.version = before.version;
	} else if (l->kept++ >= LOOK_KEPT_MAX) {
		l->row->not_kept++;
		return true;
	}
	own = vec_add(&l->finds);
	if (own == NULL)
		return err_set(e, ERR_TOO_LARGE, "a page too large");
	*own = row;
	return true;
}

/* ---- a posting there -------------------------------------------------- */

/* Somebody accepted that it counts for nothing there: nor does it here. */
static bool
accepted(struct look *l, const struct drift_row *row, struct side *side,
    struct err *e)
{
	bool there = *row->theirs != '\0';

	if (!side_decode(span_of(there ? row->theirs : row->ours), l->page,
	    side, e))
		return false;
	if (!there || strcmp(side->state, "booked") != 0)
		side->n = 0;
	return true;
}

bool
look_sent(struct look *l, int64_t journal, struct side *side, bool *found,
    struct err *e)
{
	struct posting *posting = arena_alloc(l->page, sizeof *posting);
	struct posting_miss *misses;
	size_t n;

	if (!posting_load(l->in->db, l->in->conf, journal, l->page, posting,
	    &misses, &n, found, e))
		return false;
	if (*found)
		*side = side_of_posting(posting);
	return true;
}

/* What was accepted of it is what our books have since; what was said before
 * of how they differ was said of the same side of ours. */
bool
look_basis(struct look *l, int64_t journal, struct side *side, bool *found,
    struct err *e)
{
	struct drift_row row;

	if (!drift_of(l->in->db, l->name, journal, "", l->page, &row, found,
	    e))
		return false;
	if (*found && strcmp(row.act, "theirs") == 0)
		return accepted(l, &row, side, e);
	if (*found && row.kind == DRIFT_CHANGED && *row.ours != '\0')
		return side_decode(span_of(row.ours), l->page, side, e);
	return look_sent(l, journal, side, found, e);
}

static bool
note(struct look *l, const struct known *known, const struct remote *there,
    const struct side *side, struct err *e)
{
	struct known *own;
	char held[SHA256_HEX];

	side_held(side, held);
	if (strcmp(known->remote, or_none(there->remote)) == 0 &&
	    strcmp(known->version, or_none(there->version)) == 0 &&
	    strcmp(known->held, held) == 0)
		return true;
	own = vec_add(&l->notes);
	if (own == NULL)
		return err_set(e, ERR_TOO_LARGE, "a page too large");
	*own = *known;
	own->remote = or_none(there->remote);
	own->number = or_none(there->number);
	own->version = or_none(there->version);
	own->held = arena_strdup(l->page, held);
	return true;
}

static bool
judge_done(struct look *l, const struct known *known,
    const struct remote *there, struct err *e)
{
	struct side side = side_of_remote(there, l->currency), basis;
	enum drift_kind kind;
	bool found, undone;

	if (!look_basis(l, known->journal, &basis, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "J%lld is at %.60s, and is "
		    "not there", (long long)known->journal, l->name);
	kind = look_judge(known, &basis, &side);
	if (kind == DRIFT_KINDS)
		return note(l, known, there, &side, e);
	if (kind == DRIFT_CANCELLED) {
		if (!known_undone(l->in->db, l->name, known->journal,
		    &undone, e))
			return false;
		if (undone)
			return true;
	}
	return look_find(l, kind, known, &basis, &basis, there, e);
}

/* A state that we do not have as done, and it is booked there: whoever is to
 * find out first is the committer, when he is at it. */
static bool
judge_undone(struct look *l, const struct known *known,
    const struct remote *there, struct err *e)
{
	struct side basis;
	bool found;

	if (known->state != COMMIT_FAILED && known->state != COMMIT_DEAD &&
	    known->state != COMMIT_SKIPPED)
		return true;
	if (there->state != REMOTE_BOOKED)
		return true;
	if (!look_basis(l, known->journal, &basis, &found, e))
		return false;
	return look_find(l, DRIFT_UNKNOWN, known, NULL, found ? &basis :
	    NULL, there, e);
}

bool
look_is_since(const struct look *l, const struct known *known)
{
	return known->at >= l->row->began && known->at < clock_now() + AHEAD;
}

bool
look_commit(struct look *l, const struct known *known,
    const struct remote *there, struct err *e)
{
	if (look_is_since(l, known))
		return true;
	if (known->state != COMMIT_DONE)
		return judge_undone(l, known, there, e);
	return look_as_known(known, there) ||
	    judge_done(l, known, there, e);
}

/* Another id with our reference: a second one, or the one that took its place.
 * Which it is is known when all are seen. */
static bool
is_other(struct look *l, const struct known *known,
    const struct remote *there, bool *other, struct err *e)
{
	int64_t *own;

	*other = known->state == COMMIT_DONE && *known->remote != '\0' &&
	    there->state == REMOTE_BOOKED &&
	    strcmp(known->remote, or_none(there->remote)) != 0;
	if (!*other)
		return true;
	own = vec_add(&l->others);
	if (own == NULL)
		return err_set(e, ERR_TOO_LARGE, "too many doubled");
	*own = known->journal;
	return true;
}

static bool
sight(struct look *l, int64_t journal, const struct remote *there,
    struct err *e)
{
	int64_t *one;

	if (there->state != REMOTE_BOOKED)
		return true;
	one = vec_add(&l->seen);
	if (one == NULL)
		return err_set(e, ERR_TOO_LARGE, "more than %d postings; "
		    "fewer look_days", LOOK_SEEN_MAX);
	*one = journal;
	return true;
}

/* It has nothing of ours, unless somebody took it over. */
static bool
see_stranger(struct look *l, const struct remote *there, struct err *e)
{
	struct drift_row row;
	struct known known;
	bool found, taken = false;

	if (!drift_of(l->in->db, l->name, 0, or_none(there->remote), l->page,
	    &row, &found, e) || (found && row.event != 0 &&
	    !known_of_event(l->in->db, l->name, row.event, l->page, &known,
	    &taken, e)))
		return false;
	if (taken)
		return sight(l, known.journal, there, e) &&
		    look_commit(l, &known, there, e);
	if (there->state != REMOTE_BOOKED)
		return true;
	l->row->strangers++;
	return (!found && !l->strangers) || look_find(l, DRIFT_UNKNOWN,
	    NULL, NULL, NULL, there, e);
}

/* Its reference must be the very one of that journal. */
static bool
find_known(struct look *l, const struct remote *there, struct known *known,
    bool *found, struct err *e)
{
	int64_t journal = posting_journal(or_none(there->reference));
	char reference[REFERENCE_MAX];

	*found = false;
	if (journal == 0)
		return true;
	if (!known_load(l->in->db, l->name, journal, l->page, known, found,
	    e))
		return false;
	if (*found) {
		posting_reference(known->entity, journal, reference);
		*found = strcmp(reference, there->reference) == 0;
	}
	return true;
}

static bool
see(struct look *l, const struct remote *there, struct err *e)
{
	struct known known;
	bool found, other;

	l->row->seen++;
	if (!find_known(l, there, &known, &found, e))
		return false;
	if (!found)
		return see_stranger(l, there, e);
	l->row->ours++;
	return sight(l, known.journal, there, e) &&
	    is_other(l, &known, there, &other, e) &&
	    (other || look_commit(l, &known, there, e));
}

/* ---- the walk --------------------------------------------------------- */

static bool
take_page(struct look *l, struct str *cursor, struct err *e)
{
	struct looking *in = l->in;
	const char *at = arena_strdup(l->page, cursor->p);
	struct remote *all = NULL;
	size_t n = 0;
	bool ok;

	if (!look_pace(l, 1, e))
		return false;
	ok = target_adapter(in->target)->list(in->target, l->row->from,
	    l->row->to, &at, l->page, &all, &n, e);
	in->over(in->arg);
	if (!ok)
		return false;
	str_clear(cursor);
	str_adds(cursor, at);
	if (cursor->over)
		return err_set(e, ERR_TOO_LARGE, "a cursor too long");
	for (size_t i = 0; i < n; i++)
		if (!see(l, &all[i], e))
			return false;
	in->tell(in->arg, l->row);
	return look_flush(l, e);
}

static bool
walk(struct look *l, struct err *e)
{
	struct str cursor;
	bool ok = true;
	int pages = 0;

	str_init(&cursor, CURSOR_MAX);
	str_adds(&cursor, "");
	do
		ok = pages++ < PAGES_MAX ? take_page(l, &cursor, e) :
		    err_set(e, ERR_TOO_LARGE, "its pages do not end");
	while (ok && cursor.n > 0);
	str_free(&cursor);
	return ok;
}

/* ---- the whole -------------------------------------------------------- */

/* Days that are open, and no further back than the conf says. */
static bool
find_days(struct look *l, bool *any, struct err *e)
{
	int64_t days = options_count(l->in->conf->options, "look_days");
	struct day back = day_from_time(l->row->began -
	    days * INT64_C(86400000000));

	if (!look_period(l->in->db, l->in->entities, &l->row->from,
	    &l->row->to, any, e))
		return false;
	if (*any && strcmp(l->row->from.text, back.text) < 0)
		l->row->from = back;
	*any = *any && strcmp(l->row->from.text, l->row->to.text) <= 0;
	return true;
}

static bool
write_row(struct books *books, void *arg, struct err *e)
{
	struct look *l = arg;
	const struct look_row *row = l->row;

	return look_put(books, row, e) && audit_add(books,
	    *row->actor != '\0' ? row->actor : "bahid", "target.look",
	    l->name, "", arena_printf(books->arena, "from=%s to=%s seen=%lld"
	    " ours=%lld strangers=%lld drift=%zu mended=%lld%s%s",
	    row->from.text, row->to.text, (long long)row->seen,
	    (long long)row->ours, (long long)row->strangers, l->touched.n,
	    (long long)row->mended, *row->why != '\0' ? " why=" : "",
	    row->why), e);
}

static void
begin(struct look *l, struct looking *in, const char *actor,
    struct look_row *row)
{
	*row = (struct look_row){ .target = in->conf->name,
	    .began = clock_now(), .actor = actor, .why = "" };
	*l = (struct look){ .in = in, .row = row, .name = in->conf->name,
	    .whole = arena_new(), .page = arena_new() };
	l->strangers = strcmp(options_text(in->conf->options, "strangers"),
	    "list") == 0;
	vec_init(&l->seen, sizeof(int64_t), LOOK_SEEN_MAX);
	vec_init(&l->others, sizeof(int64_t), LOOK_KEPT_MAX);
	vec_init(&l->touched, sizeof(int64_t), LOOK_SEEN_MAX);
	vec_init(&l->notes, sizeof(struct known), 100000);
	vec_init(&l->finds, sizeof(struct drift_row), 100000);
}

/* It has begun, and of which days it is. */
static bool
tell(struct look *l)
{
	l->in->tell(l->in->arg, l->row);
	return true;
}

static bool
run(struct look *l, struct err *e)
{
	bool any;

	return (target_adapter(l->in->target)->list != NULL ||
	    err_set(e, ERR_REFUSED, "it cannot be asked what it has")) &&
	    look_entity(l->in->db, l->in->entities, l->whole, &l->entity,
	    &l->currency, e) && drift_count(l->in->db, l->name, DRIFT_KINDS,
	    &l->kept, e) && find_days(l, &any, e) && tell(l) &&
	    (!any || walk(l, e)) && look_end(l, e);
}

static void
finish(struct look *l)
{
	vec_free(&l->seen);
	vec_free(&l->others);
	vec_free(&l->touched);
	vec_free(&l->notes);
	vec_free(&l->finds);
	arena_free(&l->page);
	arena_free(&l->whole);
}

bool
look_met(struct looking *in, struct err *e)
{
	struct look_row row;
	struct look l;
	bool ok;

	if (target_adapter(in->target)->find == NULL)
		return true;
	begin(&l, in, "", &row);
	ok = look_entity(in->db, in->entities, l.whole, &l.entity,
	    &l.currency, e) && drift_count(in->db, l.name, DRIFT_KINDS,
	    &l.kept, e) && look_conflicts(&l, true, e);
	finish(&l);
	return ok;
}

bool
look_run(struct looking *in, const char *actor, struct look_row *row,
    struct err *e)
{
	struct err own = { 0 };
	struct look l;
	bool ok;

	begin(&l, in, actor, row);
	ok = run(&l, e);
	if (!ok) {
		/* What was found before it failed. */
		(void)!look_flush(&l, &own);
		row->why = e->why;
	}
	row->ended = clock_now();
	ok = aside_write(in->pump, write_row, &l, ok ? e : &own) && ok;
	finish(&l);
	return ok;
}
