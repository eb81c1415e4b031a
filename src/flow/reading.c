/*
 * A file is read twice: first as a whole, so that one that is cut off, of
 * another format or empty posts nothing; then each record goes to the pump.
 * Counts are kept on the writer's thread as the outcomes come, in the order
 * offered, and saved in between: what was saved is never offered again.
 */
#include "flow/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/log.h"
#include "core/seal.h"
#include "core/sealed.h"
#include "flow/feed.h"
#include "flow/seen.h"
#include "flow/settle.h"
#include "flow/work.h"
#include "formats/formats.h"
#include "store/files.h"
#include "store/views.h"

#define PIECE (64 << 10)	/* bytes read at once */
#define SAVE_EVERY 1000		/* records */
#define REPORT_MAX (1 << 20)

/* What the first look found. */
struct look {
	int64_t size, records, wrong;
	char first_wrong[200];
	unsigned char digest[SHA256_SIZE];
	struct err fault;	/* of the file as a whole */
};

/* A change of the books, made on the writer's thread. */
struct order {
	struct reading *reading;
	bool (*write)(struct reading *, struct books *, struct err *);
	bool done, ok;
	struct err err;
};

struct reading {
	struct pump *pump;
	struct db *db;
	struct feed *feed;
	struct arena *arena;		/* of one file */
	atomic_bool stop;
	pthread_mutex_t lock;		/* of order.done and saving */
	pthread_cond_t some;

	const struct reading_file *file;
	const struct format *format;
	struct file_row row;		/* the writer's while works fly */
	struct seen *seen;
	struct order progress;		/* the writer's */
	int64_t saved;
	bool saving;			/* progress is under way */
	struct err lost;		/* a record was not kept: why */
	atomic_bool broken;		/* so that no more are offered */
};

/* ---- writing the books -------------------------------------------------- */

static bool
write_books(struct order *order, struct settler *settler)
{
	struct books *books = settler_books(settler);

	if (!books_begin(books, &order->err))
		return false;
	if (order->write(order->reading, books, &order->err) &&
	    books_commit(books, &order->err))
		return true;
	books_rollback(books);
	return false;
}

static bool
carry_out(struct settler *settler, void *arg)
{
	struct order *order = arg;
	struct reading *r = order->reading;
	bool ok = write_books(order, settler);

	pthread_mutex_lock(&r->lock);
	order->ok = ok;
	order->done = true;
	pthread_cond_broadcast(&r->some);
	pthread_mutex_unlock(&r->lock);
	return false;
}

/* Waits until it is committed. */
static bool
write_now(struct reading *r, bool (*write)(struct reading *, struct books *,
    struct err *), struct err *e)
{
	struct order order = { .reading = r, .write = write };

	if (!pump_call(r->pump, carry_out, &order, e))
		return false;
	pthread_mutex_lock(&r->lock);
	while (!order.done)
		pthread_cond_wait(&r->some, &r->lock);
	pthread_mutex_unlock(&r->lock);
	return order.ok || err_set(e, order.err.code, "%s", order.err.why);
}

static bool
save(struct reading *r, struct books *books, struct err *e)
{
	return file_save(books, &r->row, e);
}

static bool
begin(struct reading *r, struct books *books, struct err *e)
{
	return file_add(books, &r->row, e);
}

static bool
forget(struct reading *r, struct books *books, struct err *e)
{
	(void)r;
	return file_forget(books, clock_now(), e);
}

bool
reading_forget(struct reading *r, struct err *e)
{
	return write_now(r, forget, e);
}

/* ---- outcomes, on the writer's thread ----------------------------------- */

static void
set_saving(struct reading *r, bool saving)
{
	pthread_mutex_lock(&r->lock);
	r->saving = saving;
	pthread_cond_broadcast(&r->some);
	pthread_mutex_unlock(&r->lock);
}

/* On the reader's thread, when no more works fly. */
static void
wait_until_saved(struct reading *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->saving)
		pthread_cond_wait(&r->some, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

/* Nobody asks whether it went well: the next save has it, too. */
static bool
save_progress(struct settler *settler, void *arg)
{
	struct order *order = arg;
	struct reading *r = order->reading;

	order->err = (struct err){ 0 };
	if (!write_books(order, settler))
		log_line(LOG_ERROR, "inbox.progress_not_kept",
		    "file=F%lld why=\"%s\"", (long long)r->row.id,
		    order->err.why);
	set_saving(r, false);
	return false;
}

static void
consider_saving(struct reading *r)
{
	struct err e = { 0 };

	if (r->saving || r->row.records - r->saved < SAVE_EVERY)
		return;
	r->saved = r->row.records;
	r->progress = (struct order){ .reading = r, .write = save };
	set_saving(r, pump_call(r->pump, save_progress, &r->progress, &e));
}

/* Was it in the books before this file came? */
static bool
is_known(const struct reading *r, const struct work *work)
{
	return work->replayed && work->event.seq <= r->row.first;
}

static int64_t *
count_of(struct reading *r, const struct work *work)
{
	struct file_row *row = &r->row;

	if (is_known(r, work))
		return &row->duplicate;
	switch (work->event.state) {
	case EVENT_POSTED:
		return &row->posted;
	case EVENT_WAITING:
	case EVENT_HELD:
		return &row->waiting;
	case EVENT_DUPLICATE:
		return &row->duplicate;
	case EVENT_STALE:
	case EVENT_DISMISSED:
	case EVENT_IGNORED:
		return &row->ignored;
	case EVENT_RECEIVED:
	case EVENT_FAILED:
	case EVENT_CONFLICT:
	case EVENT_STATES:
		break;
	}
	return &row->failed;
}

/* NULL: not a currency, or too many of them. */
static struct file_amount *
amount_of(struct file_row *row, const char *currency)
{
	struct file_amount *a;

	if (currency == NULL || money_exponent(currency) < 0)
		return NULL;
	for (size_t i = 0; i < row->n_amounts; i++)
		if (strcmp(row->amounts[i].currency, currency) == 0)
			return &row->amounts[i];
	if (row->n_amounts == FILE_AMOUNTS)
		return NULL;
	a = &row->amounts[row->n_amounts++];
	*a = (struct file_amount){ 0 };
	snprintf(a->currency, sizeof a->currency, "%s", currency);
	return a;
}

static void
add_amount(struct reading *r, const struct work *work)
{
	const struct placing *placing = &work->placing;
	struct file_amount *a = amount_of(&r->row, placing->currency);
	bool posted = work->event.state == EVENT_POSTED && !is_known(r, work);

	if (a == NULL)
		return;
	a->records++;
	a->over |= __builtin_add_overflow(a->total, placing->amount,
	    &a->total);
	if (posted)
		a->over |= __builtin_add_overflow(a->posted, placing->amount,
		    &a->posted);
}

static void
take_outcome(void *arg, const struct work *work, int64_t at_byte)
{
	struct reading *r = arg;

	if (work->err.code != ERR_NONE && r->lost.code == ERR_NONE)
		r->lost = work->err;
	/* From there on the counts are no longer those of a beginning. */
	if (r->lost.code != ERR_NONE) {
		atomic_store(&r->broken, true);
		return;
	}
	++*count_of(r, work);
	add_amount(r, work);
	r->row.records++;
	r->row.at_byte = at_byte;
	consider_saving(r);
}

/* ---- opening ------------------------------------------------------------ */

bool
reading_open(struct reading **out, struct pump *pump, const char *store,
    struct err *e)
{
	struct reading *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	if (!db_open(&r->db, store, DB_READ, e)) {
		free(r);
		return false;
	}
	r->pump = pump;
	r->arena = arena_new();
	r->feed = feed_new(pump, take_outcome, r);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->some, NULL);
	*out = r;
	return true;
}

void
reading_close(struct reading **rp)
{
	struct reading *r = *rp;

	if (r == NULL)
		return;
	*rp = NULL;
	feed_free(&r->feed);
	db_close(&r->db);
	arena_free(&r->arena);
	pthread_cond_destroy(&r->some);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void
reading_stop(struct reading *r)
{
	atomic_store(&r->stop, true);
	feed_stop(r->feed);
}

/* ---- the bytes ---------------------------------------------------------- */

/* Calls piece for each piece and once with none at the end; false from it:
 * enough. */
static bool
read_pieces(struct reading *r, bool (*piece)(struct reading *, struct span,
    void *), void *arg, struct err *e)
{
	char *buffer = arena_alloc(r->arena, PIECE);

	if (lseek(r->file->fd, 0, SEEK_SET) != 0)
		return err_set(e, ERR_SYSTEM, "%s: %s", r->file->name,
		    strerror(errno));
	for (;;) {
		ssize_t n = read(r->file->fd, buffer, PIECE);

		if (atomic_load(&r->stop))
			return false;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_SYSTEM, "%s: %s",
			    r->file->name, strerror(errno));
		if (!piece(r, (struct span){ buffer, (size_t)n }, arg))
			return false;
		if (n == 0)
			return true;
	}
}

/* ---- the first look ----------------------------------------------------- */

struct looking {
	struct look *look;
	struct reader *reader;	/* NULL: of no format */
	struct digest *digest;
};

static void
look_at_record(struct look *look, const struct record *record)
{
	look->records++;
	if (record->wrong == NULL)
		return;
	if (look->wrong++ == 0)
		snprintf(look->first_wrong, sizeof look->first_wrong,
		    "line %lld: %s", (long long)record->line, record->wrong);
}

static bool
look_at_piece(struct reading *r, struct span piece, void *arg)
{
	struct looking *looking = arg;
	struct record record;

	looking->look->size += (int64_t)piece.n;
	digest_add(looking->digest, piece);
	if (looking->reader == NULL)
		return true;
	r->format->feed(looking->reader, piece.p, piece.n);
	while (r->format->next(looking->reader, &record))
		look_at_record(looking->look, &record);
	return true;
}

/* What makes the whole file unusable, in words for the one who sent it. */
static void
judge(const struct reading *r, struct look *look)
{
	struct err *fault = &look->fault;

	if (r->format == NULL || look->size == 0) {
		*fault = (struct err){ 0 };
		err_set(fault, ERR_REQUEST, "%s", r->format == NULL ?
		    "no format has such a name" : "the file is empty");
	} else if (look->records > SEEN_MAX) {
		err_set(fault, ERR_REQUEST, "more than %lld records; "
		    "divide the file", (long long)SEEN_MAX);
	} else if (!r->format->sealed && look->wrong > look->records / 2) {
		err_set(fault, ERR_REQUEST, "most of it is not of the "
		    "format %s: %s", r->format->name, look->first_wrong);
	}
}

static bool
look_through(struct reading *r, struct look *look, struct err *e)
{
	struct looking looking = { .look = look, .digest = digest_new() };
	bool ok;

	*look = (struct look){ 0 };
	if (r->format != NULL)
		looking.reader = r->format->open();
	ok = read_pieces(r, look_at_piece, &looking, e);
	digest_end(&looking.digest, look->digest);
	if (r->format != NULL) {
		if (ok && !r->format->end(looking.reader, &look->fault) &&
		    look->fault.code == ERR_NONE)
			bug("%s: the end says no, and not why",
			    r->format->name);
		r->format->close(&looking.reader);
	}
	if (ok)
		judge(r, look);
	return ok;
}

/* ---- record by record --------------------------------------------------- */

struct offering {
	struct reader *reader;
	int64_t n, skip, at_byte;
};

/* Two equal records of one file are two facts; the same record of another
 * file, or of this one sent again, is the same fact. */
static const char *
make_key(struct reading *r, const struct record *record, char out[96])
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct span parts[] = {
		{ record->topic, strlen(record->topic) + 1 }, record->json
	};
	uint32_t n;

	digest_sha256v(parts, 2, digest);
	digest_hex(digest, SHA256_SIZE, hex);
	n = seen_count(r->seen, digest);
	if (n == 1)
		snprintf(out, 96, "%s", hex);
	else
		snprintf(out, 96, "%s#%u", hex, (unsigned)n);
	return out;
}

static bool
offer(struct reading *r, struct offering *offering,
    const struct record *record)
{
	char key[96];
	struct arrival arrival = {
		.source = r->file->source,
		.topic = record->topic,
		.correlation = r->file->name,
		.received = r->row.started,
		.body = record->json,
		.wrong = record->wrong,
	};

	if (++offering->n > r->row.of)
		return true;	/* it has been changed: see the end */
	arrival.key = make_key(r, record, key);
	return offering->n <= offering->skip ||
	    (!atomic_load(&r->broken) && feed_offer(r->feed, &arrival,
	    offering->at_byte));
}

static bool
offer_piece(struct reading *r, struct span piece, void *arg)
{
	struct offering *offering = arg;
	struct record record;

	offering->at_byte += (int64_t)piece.n;
	r->format->feed(offering->reader, piece.p, piece.n);
	while (r->format->next(offering->reader, &record))
		if (!offer(r, offering, &record))
			return false;
	return true;
}

/* After it the row is this thread's again. */
static bool
offer_all(struct reading *r, struct err *e)
{
	struct offering offering = { .skip = r->row.records };
	bool ok;

	r->seen = seen_new();
	offering.reader = r->format->open();
	r->saved = r->row.records;
	r->lost = (struct err){ 0 };
	atomic_store(&r->broken, false);
	ok = read_pieces(r, offer_piece, &offering, e);
	feed_finish(r->feed);
	wait_until_saved(r);
	r->format->close(&offering.reader);
	seen_free(&r->seen);
	if (r->lost.code != ERR_NONE)
		return err_set(e, r->lost.code, "%s", r->lost.why);
	return ok;
}

/* ---- putting it away ---------------------------------------------------- */

static bool
is_there(int folder, const char *name)
{
	return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT;
}

/* A name that neither a file nor a report has in that folder. */
static const char *
free_name(struct reading *r, int folder)
{
	const char *name = r->file->name;
	time_t at = (time_t)(r->row.ended / 1000000);
	struct tm tm;
	char stamp[32];

	gmtime_r(&at, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	for (int i = 1; is_there(folder, name) || is_there(folder,
	    arena_printf(r->arena, "%s.report.json", name)); i++)
		name = i == 1 ? arena_printf(r->arena, "%s.%s",
		    r->file->name, stamp) : arena_printf(r->arena,
		    "%s.%s-%d", r->file->name, stamp, i);
	return name;
}

static int
folder_of(const struct reading *r)
{
	return r->row.state == FILE_DONE ? r->file->done : r->file->failed;
}

static bool
write_report(struct reading *r, const char *name, struct err *e)
{
	struct str out;
	struct json j;
	bool found, ok;

	str_init(&out, REPORT_MAX);
	json_start(&j, &out);
	ok = view_file(r->db, r->row.id, &j, &found, e);
	str_addc(&out, '\n');
	ok = ok && file_write_at(folder_of(r), arena_printf(r->arena,
	    "%s.report.json", name), str_span(&out), 0644, e);
	str_free(&out);
	return ok;
}

/* Never over another file, also where the file system cannot promise it. */
static bool
move(int from, const char *name, int to, const char *as)
{
	if (renameat2(from, name, to, as, RENAME_NOREPLACE) == 0)
		return true;
	return (errno == EINVAL || errno == ENOSYS) && !is_there(to, as) &&
	    renameat(from, name, to, as) == 0;
}

/* With a key only the sealed copy stays; the original goes last, so that a
 * stop in between is finished by the next start. */
static bool
seal_away(struct reading *r, const char *name, struct err *e)
{
	static const char beside[] = ".sealing";
	int to = folder_of(r), fd;
	bool ok;

	if (is_there(to, name))
		return unlinkat(r->file->from, r->file->name, 0) == 0;
	fd = openat(to, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = lseek(r->file->fd, 0, SEEK_SET) == 0 && seal_file(sealed_key(),
	    r->file->fd, fd, e) && fsync(fd) == 0;
	close(fd);
	return ok && move(to, beside, to, name) && fsync(to) == 0 &&
	    unlinkat(r->file->from, r->file->name, 0) == 0;
}

/* The books know the place before the file is there: killed in between, it
 * is put there by the next start. */
static bool
put_away(struct reading *r, struct err *e)
{
	const char *name = strchr(r->row.place, '/') + 1;

	if (!write_report(r, name, e))
		return false;
	crash_point("inbox.before_move");
	if (sealed_key() != NULL ? !seal_away(r, name, e) :
	    !move(r->file->from, r->file->name, folder_of(r), name))
		return err_set(e, ERR_SYSTEM, "move %s: %s", r->file->name,
		    strerror(errno));
	crash_point("inbox.after_move");
	r->row.moved = true;
	return write_now(r, save, e);
}

static bool
end(struct reading *r, enum file_state state, const char *why,
    struct err *e)
{
	struct file_row *row = &r->row;

	row->state = state;
	row->why = why;
	row->ended = clock_now();
	row->place = arena_printf(r->arena, "%s/%s", state == FILE_DONE ?
	    "done" : "failed", free_name(r, folder_of(r)));
	if (state == FILE_DONE)
		row->at_byte = row->size;
	if (!write_now(r, save, e) || !put_away(r, e))
		return false;
	log_line(LOG_INFO, "inbox.read", "file=F%lld source=%s state=%s "
	    "records=%lld posted=%lld waiting=%lld failed=%lld "
	    "duplicate=%lld ignored=%lld", (long long)row->id, row->source,
	    state == FILE_DONE ? "done" : "failed", (long long)row->records,
	    (long long)row->posted, (long long)row->waiting,
	    (long long)row->failed, (long long)row->duplicate,
	    (long long)row->ignored);
	return true;
}

/* ---- the whole ---------------------------------------------------------- */

/* Finds what was begun with it, or begins. */
static bool
find_or_begin(struct reading *r, const struct look *look, struct err *e)
{
	const struct reading_file *file = r->file;
	bool found;

	if (!file_find(r->db, file->source, file->name, look->digest,
	    r->arena, &r->row, &found, e))
		return false;
	if (found && !r->row.moved && (r->row.state == FILE_READING ||
	    sealed_key() != NULL || !is_there(folder_of(r),
	    strchr(r->row.place, '/') + 1)))
		return true;
	r->row = (struct file_row){ .source = file->source,
	    .name = file->name, .size = look->size, .of = look->records,
	    .format = r->format != NULL ? r->format->name : NULL,
	    .started = clock_now() };
	memcpy(r->row.digest, look->digest, SHA256_SIZE);
	return write_now(r, begin, e);
}

static bool
same_bytes(const struct reading *r, const struct stat *was)
{
	struct stat is;

	return fstat(r->file->fd, &is) == 0 && is.st_size == was->st_size &&
	    is.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	    is.st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}

/* NULL: nothing of its own to hold it against. */
static const char *
judge_trailer(const struct reading *r, const struct look *look)
{
	if (r->format == NULL || !r->format->sealed)
		return NULL;
	return look->wrong > 0 || look->fault.code != ERR_NONE ? "differs" :
	    "matched";
}

static bool
read_through(struct reading *r, const struct stat *was, struct err *e)
{
	if (!offer_all(r, e)) {
		struct err later = { 0 };

		/* The next start goes on here. */
		if (!write_now(r, save, &later))
			log_line(LOG_WARN, "inbox.progress_not_kept",
			    "file=F%lld why=\"%s\"", (long long)r->row.id,
			    later.why);
		return false;
	}
	if (!same_bytes(r, was) || r->row.records != r->row.of)
		return end(r, FILE_FAILED, "it was changed while it was read",
		    e);
	return end(r, FILE_DONE, NULL, e);
}

static bool
run(struct reading *r, struct err *e)
{
	struct look look;
	struct stat was;

	r->format = format_of_file(r->file->name);
	if (fstat(r->file->fd, &was) != 0)
		return err_set(e, ERR_SYSTEM, "stat %s", r->file->name);
	if (!look_through(r, &look, e) || !find_or_begin(r, &look, e))
		return false;
	if (r->row.state != FILE_READING)
		return put_away(r, e);
	r->row.trailer = judge_trailer(r, &look);
	if (look.fault.code != ERR_NONE)
		return end(r, FILE_FAILED, look.fault.why, e);
	return read_through(r, &was, e);
}

bool
reading_run(struct reading *r, const struct reading_file *file,
    struct err *e)
{
	bool ok;

	r->file = file;
	ok = run(r, e);
	arena_reset(r->arena);
	return ok;
}
