/*
 * The job that makes exports.  The row is moved by the writer alone; the
 * thread reads, and writes files.
 */
#include "flow/exporter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "book/money.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/log.h"
#include "core/seal.h"
#include "core/sealed.h"
#include "flow/aside.h"
#include "flow/job.h"
#include "flow/settle.h"

#define RECEIPT_MAX (1 << 20)	/* files, totals, warnings, each */
#define WARNINGS_MAX 64
#define EXAMPLES 5
#define EXAMPLE_MAX 64
#define PLAIN_MAX (1 << 30)	/* of a sealed file in memory */

static const struct export_form *const forms[] = {
	&export_gstr1_json, &export_gstr1_csv,
	&export_iff_json, &export_iff_csv,
	&export_gstr3b_json, &export_gstr3b_csv, &export_gstr3b_html,
	&export_purchases_csv, &export_followup_csv, &export_ims_json,
};

const struct export_form *
export_form_find(const char *form, const char *format)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i]->form, form) == 0 &&
		    strcmp(forms[i]->format, format) == 0)
			return forms[i];
	return NULL;
}

struct exporter {
	char *store, *folder;
	struct pump *pump;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	bool news, stopping;	/* under the lock, as is: */
	int64_t running;	/* 0: none */
	struct db *db;		/* that it reads; NULL: none */
	atomic_bool stop;	/* the present one, for whatever reason */
	atomic_llong done, total;
};

struct warning {
	const char *code, *sentence;
	int64_t count;
	char about[EXAMPLES][EXAMPLE_MAX + 1];
	size_t n;
};

struct exporting_state {
	struct exporter *exporter;
	struct str totals_text;
	struct json totals;
	struct warning warnings[WARNINGS_MAX];
	size_t n_warnings;
};

struct exporter *
exporter_new(const char *store, const char *folder)
{
	struct exporter *x = calloc(1, sizeof *x);

	if (x == NULL || (x->store = strdup(store)) == NULL ||
	    (x->folder = strdup(folder)) == NULL)
		bug("out of memory");
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->bell, NULL);
	return x;
}

void
exporter_free(struct exporter **xp)
{
	struct exporter *x = *xp;

	if (x == NULL)
		return;
	*xp = NULL;
	pthread_cond_destroy(&x->bell);
	pthread_mutex_destroy(&x->lock);
	free(x->store);
	free(x->folder);
	free(x);
}

/* ---- what forms say --------------------------------------------------- */

void
exporting_expect(struct exporting *ing, int64_t total)
{
	atomic_store(&ing->state->exporter->total, total);
}

bool
exporting_step(struct exporting *ing, int64_t n, struct err *e)
{
	struct exporter *x = ing->state->exporter;

	atomic_fetch_add(&x->done, n);
	return !atomic_load(&x->stop) ||
	    err_set(e, ERR_REFUSED, "it was stopped");
}

static void
write_rupees(struct json *j, const char *key, int64_t paise)
{
	struct money m = { paise, "INR" };
	struct str text;

	str_init(&text, 64);
	money_plain(m, &text);
	json_kstr(j, key, text.p);
	str_free(&text);
}

void
exporting_total(struct exporting *ing, const struct export_total *t)
{
	static const char *const heads[EXPORT_HEADS] = { "igst", "cgst",
	    "sgst", "cess" };
	struct json *j = &ing->state->totals;

	json_open(j, '{');
	json_kstr(j, "section", t->section);
	json_kint(j, "documents", t->documents);
	json_kint(j, "rows", t->rows);
	write_rupees(j, "value", t->value);
	write_rupees(j, "taxable", t->taxable);
	for (int i = 0; i < EXPORT_HEADS; i++)
		write_rupees(j, heads[i], t->tax[i]);
	json_close(j, '}');
}

void
exporting_warn(struct exporting *ing, const char *code, const char *sentence,
    const char *about)
{
	struct exporting_state *state = ing->state;
	struct warning *w = state->warnings;

	for (; w < state->warnings + state->n_warnings; w++)
		if (strcmp(w->code, code) == 0)
			break;
	if (w == state->warnings + WARNINGS_MAX)
		bug("warnings of an export");
	if (w == state->warnings + state->n_warnings) {
		state->n_warnings++;
		*w = (struct warning){ code, sentence, .n = 0 };
	}
	w->count++;
	if (about != NULL && w->n < EXAMPLES)
		snprintf(w->about[w->n++], sizeof *w->about, "%s", about);
}

/* ---- the receipt ------------------------------------------------------ */

static void
encode_files(const struct out *out, struct str *text)
{
	struct json j;
	size_t n;
	const struct out_file *files = out_files(out, &n);

	json_start(&j, text);
	json_open(&j, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&j, '{');
		json_kstr(&j, "name", files[i].name);
		json_kint(&j, "bytes", files[i].bytes);
		json_kint(&j, "rows", files[i].rows);
		json_kstr(&j, "sha256", files[i].sha256);
		json_close(&j, '}');
	}
	json_close(&j, ']');
}

static void
encode_warnings(const struct exporting_state *state, struct str *text)
{
	struct json j;

	json_start(&j, text);
	json_open(&j, '[');
	for (size_t i = 0; i < state->n_warnings; i++) {
		const struct warning *w = &state->warnings[i];

		json_open(&j, '{');
		json_kstr(&j, "code", w->code);
		json_kstr(&j, "sentence", w->sentence);
		json_kint(&j, "count", w->count);
		json_key(&j, "examples");
		json_open(&j, '[');
		for (size_t k = 0; k < w->n; k++)
			json_str(&j, w->about[k]);
		json_close(&j, ']');
		json_close(&j, '}');
	}
	json_close(&j, ']');
}

static bool
keep_text(struct arena *arena, struct str *text, const char **out,
    struct err *e)
{
	bool ok = !text->over || err_set(e, ERR_TOO_LARGE,
	    "the receipt of an export");

	*out = arena_strndup(arena, text->p != NULL ? text->p : "", text->n);
	str_free(text);
	return ok;
}

static bool
write_receipt(struct exporting *ing, struct export_row *row, struct err *e)
{
	struct str files, warnings;
	bool ok;

	str_init(&files, RECEIPT_MAX);
	str_init(&warnings, RECEIPT_MAX);
	encode_files(ing->out, &files);
	encode_warnings(ing->state, &warnings);
	json_close(&ing->state->totals, ']');
	/* Each frees its text. */
	ok = keep_text(ing->arena, &files, &row->files, e);
	ok = keep_text(ing->arena, &warnings, &row->warnings, e) && ok;
	return keep_text(ing->arena, &ing->state->totals_text, &row->totals,
	    e) && ok;
}

/* ---- folders ---------------------------------------------------------- */

static const char *
folder_of(const struct exporter *x, int64_t id, struct arena *arena)
{
	return arena_printf(arena, "%s/X%lld", x->folder, (long long)id);
}

/* Files of ours, no folders in it. */
static void
remove_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			unlinkat(fd, entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	if (rmdir(path) != 0 && errno != ENOENT)
		log_line(LOG_WARN, "export.left", "why=\"%s\"",
		    strerror(errno));
}

static bool
open_folder(const struct exporter *x, const char *path, int *fd,
    struct err *e)
{
	if (!file_mkdir(x->folder, 0700, e))
		return false;
	remove_folder(path);
	if (mkdir(path, 0700) != 0)
		return err_set(e, errno == ENOSPC ? ERR_FULL : ERR_SYSTEM,
		    "mkdir for an export: %s", strerror(errno));
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *fd >= 0 || err_set(e, ERR_SYSTEM, "open for an export: %s",
	    strerror(errno));
}

/* What no row keeps: of one that did not end, or that is too old. */
static void
sweep(struct exporter *x, struct db *db)
{
	struct arena *arena = arena_new();
	DIR *dir = opendir(x->folder);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;
		size_t n = strlen(name);
		struct err e = { 0 };
		bool kept = true;

		if (n < 2 || n > 18 || name[0] != 'X' ||
		    strspn(name + 1, "0123456789") != n - 1)
			continue;
		if (export_kept(db, strtoll(name + 1, NULL, 10), &kept, &e) &&
		    !kept)
			remove_folder(arena_printf(arena, "%s/%s",
			    x->folder, name));
	}
	if (dir != NULL)
		closedir(dir);
	arena_free(&arena);
}

/* ---- making one ------------------------------------------------------- */

static bool
put(struct books *books, void *row, struct err *e)
{
	return export_put(books, row, e);
}

static bool
put_last(struct books *books, void *row, struct err *e)
{
	return export_put(books, row, e) && export_forget(books, e);
}

static void
scanning(struct exporter *x, struct db *db)
{
	pthread_mutex_lock(&x->lock);
	x->db = db;
	pthread_mutex_unlock(&x->lock);
}

static bool
write_files(struct exporter *x, const struct export_form *form,
    struct exporting *ing, struct export_row *row, struct err *e)
{
	struct reference *reference = pump_reference(x->pump);
	int fd = -1;
	bool ok;

	if (!open_folder(x, folder_of(x, row->id, ing->arena), &fd, e)) {
		reference_drop(&reference);
		return false;
	}
	ing->out = out_new(fd);
	ok = db_open(&ing->db, x->store, DB_SCAN, e) &&
	    db_begin_read(ing->db, e) && export_seq(ing->db, &row->seq, e);
	ing->reference = reference;
	scanning(x, ing->db);
	ok = ok && form->write(ing, e) && out_end(ing->out, e) &&
	    exporting_step(ing, 0, e) && write_receipt(ing, row, e);
	scanning(x, NULL);
	db_close(&ing->db);
	reference_drop(&reference);
	out_free(&ing->out);
	return ok;
}

static bool
make(struct exporter *x, struct export_row *row, struct arena *arena,
    struct err *e)
{
	const struct export_form *form = export_form_find(row->form,
	    row->format);
	struct exporting_state *state = arena_alloc(arena, sizeof *state);
	struct exporting ing = { .gstin = row->gstin, .period = row->period,
	    .form = row->form, .format = row->format, .arena = arena,
	    .today = day_from_time(clock_now()), .state = state };
	bool ok;

	state->exporter = x;
	str_init(&state->totals_text, RECEIPT_MAX);
	json_start(&state->totals, &state->totals_text);
	json_open(&state->totals, '[');
	row->state = "running";
	ok = (form != NULL || err_set(e, ERR_REFUSED, "no form %.40s as %.40s",
	    row->form, row->format)) && aside_write(x->pump, put, row, e) &&
	    write_files(x, form, &ing, row, e);
	row->total = atomic_load(&x->total);
	str_free(&state->totals_text);
	crash_point("export.before_done");
	return ok;
}

/* A second; false when the daemon stops. */
static bool
rest(struct exporter *x)
{
	struct timespec until;
	bool go;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&x->lock);
	if (!x->stopping)
		pthread_cond_timedwait(&x->bell, &x->lock, &until);
	go = !x->stopping;
	pthread_mutex_unlock(&x->lock);
	return go;
}

/* What the row says at the end. When the writer takes no more it stays as it
 * is: the next start finds it running. */
static void
end(struct exporter *x, struct export_row *row, const struct err *why)
{
	bool cancelled;
	struct err e = { 0 };

	pthread_mutex_lock(&x->lock);
	cancelled = atomic_load(&x->stop) && !x->stopping;
	pthread_mutex_unlock(&x->lock);
	row->state = why->code == ERR_NONE ? "done" : cancelled ?
	    "cancelled" : "failed";
	row->why = why->code == ERR_NONE ? "" : !cancelled &&
	    atomic_load(&x->stop) ? "the daemon stopped while it was made" :
	    why->why;
	if (why->code != ERR_NONE)
		row->files = row->totals = row->warnings = "";
	while (!aside_write(x->pump, put_last, row, &e) && rest(x)) {
		log_line(LOG_ERROR, "export.unsaid", "id=X%lld why=\"%s\"",
		    (long long)row->id, e.why);
		e = (struct err){ 0 };
	}
	log_line(strcmp(row->state, "failed") == 0 ? LOG_ERROR : LOG_INFO,
	    "export.ended", "id=X%lld form=%s state=%s why=\"%s\"",
	    (long long)row->id, row->form, row->state, row->why);
}

/* One cancelled between its turn and its start stays cancelled. */
static bool
take(struct exporter *x, struct db *db, int64_t id, struct arena *arena,
    struct export_row *row, struct err *e)
{
	bool found;

	pthread_mutex_lock(&x->lock);
	x->running = id;
	atomic_store(&x->stop, x->stopping);
	atomic_store(&x->done, 0);
	atomic_store(&x->total, 0);
	pthread_mutex_unlock(&x->lock);
	return export_load(db, id, arena, row, &found, e) && found &&
	    strcmp(row->state, "waiting") == 0;
}

static bool
next(struct exporter *x, struct db *db, struct err *e)
{
	struct arena *arena = arena_new();
	struct export_row row = { .id = 0 };
	struct err why = { 0 };
	int64_t id;
	bool ok = export_next(db, &id, e), some = ok && id != 0;

	if (some && take(x, db, id, arena, &row, e)) {
		if (make(x, &row, arena, &why))
			log_line(LOG_DEBUG, "export.made", "id=X%lld",
			    (long long)id);
		end(x, &row, &why);
		sweep(x, db);
	}
	pthread_mutex_lock(&x->lock);
	x->running = 0;
	some = some && !x->stopping;
	pthread_mutex_unlock(&x->lock);
	arena_free(&arena);
	return some;
}

static bool
wait_for_news(struct exporter *x)
{
	bool go;

	pthread_mutex_lock(&x->lock);
	while (!x->news && !x->stopping)
		pthread_cond_wait(&x->bell, &x->lock);
	x->news = false;
	go = !x->stopping;
	pthread_mutex_unlock(&x->lock);
	return go;
}

static void *
work(void *arg)
{
	struct exporter *x = arg;
	struct db *db = NULL;
	struct err e = { 0 };

	if (db_open(&db, x->store, DB_READ, &e)) {
		sweep(x, db);
		do {
			while (next(x, db, &e))
				;
			if (e.code != ERR_NONE)
				log_line(LOG_ERROR, "export.stopped",
				    "why=\"%s\"", e.why);
			e = (struct err){ 0 };
		} while (wait_for_news(x));
	}
	db_close(&db);
	return NULL;
}

/* ---- what is asked of it ---------------------------------------------- */

struct export_order *
export_order_new(void)
{
	struct arena *arena = arena_new();
	struct export_order *order = arena_alloc(arena, sizeof *order);

	order->arena = arena;
	return order;
}

void
export_order_free(struct export_order **op)
{
	struct arena *arena;

	if (*op == NULL)
		return;
	arena = (*op)->arena;
	arena_free(&arena);
	*op = NULL;
}

static void
ring(struct exporter *x)
{
	pthread_mutex_lock(&x->lock);
	x->news = true;
	pthread_cond_signal(&x->bell);
	pthread_mutex_unlock(&x->lock);
}

bool
exporter_start(struct settler *settler, void *arg)
{
	struct export_order *order = arg;
	struct books *books = settler_books(settler);
	struct err *e = &order->err;

	if (books_begin(books, e)) {
		order->row.actor = order->actor;
		if (export_add(books, &order->row, order->arena, e) &&
		    books_commit(books, e))
			ring(order->exporter);
		else
			books_rollback(books);
	}
	order->finished(order);
	return false;
}

/* Under the lock. A sort of a million rows asks nobody: it is interrupted. */
static void
stop_present(struct exporter *x)
{
	atomic_store(&x->stop, true);
	if (x->db != NULL)
		db_interrupt(x->db);
}

/* True when it runs; then its thread says what became of it. */
static bool
stop_running(struct exporter *x, int64_t id)
{
	bool mine;

	pthread_mutex_lock(&x->lock);
	mine = x->running == id;
	if (mine)
		stop_present(x);
	pthread_mutex_unlock(&x->lock);
	return mine;
}

static bool
cancel(struct books *books, struct export_order *order, struct err *e)
{
	struct export_row *row = &order->row;
	bool runs;

	if (strcmp(row->state, "waiting") != 0 &&
	    strcmp(row->state, "running") != 0)
		return err_set(e, ERR_FINAL, "X%lld is %s already",
		    (long long)row->id, row->state);
	if (!books_begin(books, e))
		return false;
	runs = stop_running(order->exporter, row->id);
	if (!runs) {
		row->state = "cancelled";
		row->why = "it was stopped";
	}
	if ((runs || export_put(books, row, e)) && audit_add(books,
	    order->actor, "export", arena_id(books->arena, 'X', row->id),
	    "", "cancelled", e) && books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

bool
exporter_cancel(struct settler *settler, void *arg)
{
	struct export_order *order = arg;
	struct books *books = settler_books(settler);
	bool found = false;

	if (export_load(books->db, order->row.id, order->arena, &order->row,
	    &found, &order->err)) {
		order->absent = !found;
		if (found && !cancel(books, order, &order->err))
			order->absent = false;
	}
	order->finished(order);
	return false;
}

void
exporter_progress(struct exporter *x, int64_t id, int64_t *done,
    int64_t *total)
{
	pthread_mutex_lock(&x->lock);
	*done = x->running == id ? atomic_load(&x->done) : 0;
	*total = x->running == id ? atomic_load(&x->total) : 0;
	pthread_mutex_unlock(&x->lock);
}

/* What was made before there was a key is as it is. A sealed one is opened in
 * memory, so that nothing of it comes to the disk. */
static int
unsealed(int fd, struct stat *st)
{
	struct err e = { 0 };
	char head[16];
	ssize_t n = pread(fd, head, sizeof head, 0);
	int plain;

	if (n < 0 || !seal_is((struct span){ head, (size_t)n }))
		return fd;
	plain = memfd_create("export", MFD_CLOEXEC);
	if (plain >= 0 && (st->st_size > PLAIN_MAX || !seal_open_file(
	    sealed_key(), fd, plain, &e) || fstat(plain, st) != 0 ||
	    lseek(plain, 0, SEEK_SET) != 0)) {
		log_line(LOG_ERROR, "export.not_opened", "why=\"%s\"", e.why);
		close(plain);
		plain = -1;
	}
	close(fd);
	return plain;
}

int
exporter_file(struct exporter *x, int64_t id, const char *name,
    int64_t *size)
{
	struct arena *arena = arena_new();
	struct stat st;
	int folder = open(folder_of(x, id, arena), O_RDONLY | O_DIRECTORY |
	    O_NOFOLLOW | O_CLOEXEC);
	int fd = folder >= 0 ? openat(folder, name, O_RDONLY | O_NOFOLLOW |
	    O_CLOEXEC) : -1;

	if (folder >= 0)
		close(folder);
	arena_free(&arena);
	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0 && sealed_key() != NULL)
		fd = unsealed(fd, &st);
	*size = fd >= 0 ? (int64_t)st.st_size : 0;
	return fd;
}

/* ---- the job ---------------------------------------------------------- */

static bool
mark_stopped(struct books *books, void *arg, struct err *e)
{
	(void)arg;
	return export_stopped(books, e);
}

static bool
open_exporter(void **state, const struct job_env *env, struct err *e)
{
	struct exporter *x = env->exporter;

	x->pump = env->pump;
	if (!aside_write(x->pump, mark_stopped, NULL, e))
		return false;
	if (pthread_create(&x->thread, NULL, work, x) != 0)
		return err_set(e, ERR_SYSTEM, "cannot start a thread");
	*state = x;
	return true;
}

static void
stop_exporter(void *state)
{
	struct exporter *x = state;

	pthread_mutex_lock(&x->lock);
	x->stopping = true;
	stop_present(x);
	pthread_cond_signal(&x->bell);
	pthread_mutex_unlock(&x->lock);
	pthread_join(x->thread, NULL);
}

static void
close_exporter(void **state)
{
	*state = NULL;
}

const struct job job_export = {
	"export", open_exporter, stop_exporter, close_exporter
};
