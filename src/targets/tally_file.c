/*
 * Tally without a link to it: files of vouchers, which a person imports there.
 * Done is "the file is written and on the disk". A list beside them says what
 * went into which, so that files may be moved or deleted once they are
 * imported; it is what is asked after a stop.
 */
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "targets/list.h"
#include "targets/tally_answer.h"
#include "targets/tally_voucher.h"

#define LIST "written.csv"
#define SAME_NAME_MAX 1000	/* files of the same journals */
#define LINE_BYTES 512

static const char *
folder_of(const struct target *target)
{
	return options_text(target->conf->options, "folder");
}

static bool
open_folder(struct target *target, struct err *e)
{
	const char *folder = folder_of(target);

	return *folder != '\0' || err_set(e, ERR_CONFIG,
	    "folder: where the files go must be said");
}

/* The handle of the folder, for as long as a call takes. */
static int
enter(const struct target *target, struct err *e)
{
	int fd = open(folder_of(target), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err_set(e, ERR_SYSTEM, "folder %.200s: %s", folder_of(target),
		    strerror(errno));
	return fd;
}

static bool
check(struct target *target, struct arena *arena, struct target_found *found,
    struct err *e)
{
	int fd = enter(target, e);

	if (fd < 0)
		return false;
	*found = (struct target_found){ .product = "files for TallyPrime",
	    .company = target->conf->company, .currency = "" };
	if (faccessat(fd, ".", W_OK, 0) != 0) {
		found->faults = arena_alloc(arena, sizeof *found->faults);
		found->faults[found->n_faults++] = (struct target_fault){
		    REFUSAL_RIGHTS, "folder", folder_of(target),
		    arena_printf(arena, "it cannot be written: %s",
		    strerror(errno)) };
	}
	close(fd);
	return true;
}

/* ---- writing ---------------------------------------------------------- */

static bool
holds(int folder, const char *name, struct span text)
{
	struct arena *arena = arena_new();
	struct err e = { 0 };
	struct span there;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool same = fd >= 0 && file_read_open(fd, name, VOUCHERS_BYTES, arena,
	    &there, &e) && span_equal(there, text);

	if (fd >= 0)
		close(fd);
	arena_free(&arena);
	return same;
}

/* By the journals in it; another file of the same ones gets another name, the
 * same file the same. *there: it is on the disk already. */
static const char *
choose_name(int folder, const struct posting *postings, size_t n,
    struct span text, struct arena *arena, bool *there)
{
	int64_t first = postings[0].journal, last = first;

	for (size_t i = 1; i < n; i++) {
		first = postings[i].journal < first ? postings[i].journal :
		    first;
		last = postings[i].journal > last ? postings[i].journal :
		    last;
	}
	for (int k = 1; k <= SAME_NAME_MAX; k++) {
		const char *name = arena_printf(arena, k == 1 ?
		    "vouchers-%012lld-%012lld.xml" :
		    "vouchers-%012lld-%012lld-%d.xml", (long long)first,
		    (long long)last, k);

		*there = holds(folder, name, text);
		if (*there || faccessat(folder, name, F_OK,
		    AT_SYMLINK_NOFOLLOW) != 0)
			return name;
	}
	return NULL;
}

/* What a stop cut off is ended first. */
static bool
append(int folder, const struct str *lines, struct err *e)
{
	int fd = openat(folder, LIST, O_RDWR | O_CREAT | O_APPEND |
	    O_NOFOLLOW | O_CLOEXEC, 0640);
	struct stat st;
	char last = '\n';
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && (st.st_size == 0 ||
	    pread(fd, &last, 1, st.st_size - 1) == 1);

	if (ok && st.st_size == 0)
		ok = file_write_all(fd, SPAN("reference,date,file,sha256\n"));
	if (ok && last != '\n')
		ok = file_write_all(fd, SPAN("\n"));
	ok = ok && !lines->over && file_write_all(fd, str_span(lines)) &&
	    fsync(fd) == 0 && fsync(folder) == 0;
	if (!ok)
		err_set(e, ERR_SYSTEM, "%s: %s", LIST, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

static void
put_line(struct str *lines, const char *reference, struct day date,
    const char *file, const char *digest)
{
	str_addf(lines, "%s,%s,%s,%s\n", reference, date.text, file, digest);
}

/* After the file: a line without its file would hide that it was never
 * written. */
static bool
add_to_list(int folder, const char *name, const struct posting *postings,
    const struct verdict *verdicts, size_t n, struct err *e)
{
	struct str lines;
	bool ok;

	str_init(&lines, (n + 1) * LINE_BYTES);
	for (size_t i = 0; i < n; i++)
		put_line(&lines, postings[i].reference, postings[i].date,
		    name, verdicts[i].sent);
	ok = append(folder, &lines, e);
	str_free(&lines);
	return ok;
}

static void
put_file(const struct target *target, const struct posting *postings,
    size_t n, struct verdict *verdicts, struct str *text)
{
	tally_import_begin(text, "Vouchers", target->conf->company);
	for (size_t i = 0; i < n; i++) {
		size_t from = text->n;

		tally_voucher_put(text, &postings[i], "Create");
		if (!text->over)
			verdicts_sent(&verdicts[i], 1,
			    (struct span){ text->p + from, text->n - from });
	}
	tally_import_end(text);
}

/* *left: the file may be there. */
static bool
write_file(int folder, const struct posting *postings, size_t n,
    struct verdict *verdicts, struct span text, struct arena *arena,
    const char **name, bool *left, struct err *e)
{
	bool there = false;

	*name = choose_name(folder, postings, n, text, arena, &there);
	if (*name == NULL)
		return err_set(e, ERR_SYSTEM, "too many files of journal %lld",
		    (long long)postings[0].journal);
	*left = there || file_write_at(folder, *name, text, 0640, e) ||
	    faccessat(folder, *name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	return e->code == ERR_NONE &&
	    add_to_list(folder, *name, postings, verdicts, n, e);
}

static bool
send(struct target *target, const struct posting *postings, size_t n,
    struct arena *arena, struct verdict *verdicts, struct err *e)
{
	const char *name = "";
	int folder = enter(target, e);
	bool ok = folder >= 0, left = false;
	struct str text;

	verdicts_begin(verdicts, n);
	str_init(&text, VOUCHERS_BYTES);
	put_file(target, postings, n, verdicts, &text);
	if (ok && text.over)
		ok = err_set(e, ERR_TOO_LARGE, "a file too large");
	ok = ok && write_file(folder, postings, n, verdicts, str_span(&text),
	    arena, &name, &left, e);
	str_free(&text);
	if (folder >= 0)
		close(folder);
	if (!ok) {
		verdicts_lost(verdicts, n, left, e, arena);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		verdicts[i].kind = VERDICT_DONE;
		verdicts[i].remote = name;
	}
	return true;
}

/* ---- asking ----------------------------------------------------------- */

struct search {
	const char *const *references;
	size_t n;
	struct arena *arena;
	struct remote *found;
	size_t n_found;
	struct str lines;	/* that the list lacks */
};

static bool
is_found(const struct search *s, const char *reference)
{
	for (size_t i = 0; i < s->n_found; i++)
		if (strcmp(s->found[i].reference, reference) == 0)
			return true;
	return false;
}

/* In one file or in several, it is the same posting of ours: said once. */
static void
add_found(struct search *s, size_t i, const char *file, struct day date)
{
	struct remote *remote;

	if (is_found(s, s->references[i]))
		return;
	remote = &s->found[s->n_found++];
	*remote = (struct remote){ .reference = s->references[i],
	    .remote = arena_strdup(s->arena, file), .number = "",
	    .version = "", .state = REMOTE_BOOKED, .narration = "",
	    .changed_by = "", .date = date };
}

/* What a person made of it in a spreadsheet is no line of ours; but one of
 * which only the day is spoiled was written. */
static void
look_line(struct search *s, char *line)
{
	char *rest = line, *reference = strsep(&rest, ",\n");
	char *date = strsep(&rest, ",\n"), *file = strsep(&rest, ",\n");
	struct day day;

	if (file == NULL || rest == NULL || strncmp(file, "vouchers-", 9) != 0)
		return;
	if (!day_parse(span_of(date), &day))
		day = (struct day){ "" };
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->references[i], reference) == 0)
			add_found(s, i, file, day);
}

static bool
look_list(struct search *s, int folder, struct err *e)
{
	char line[LINE_BYTES];
	int fd = openat(folder, LIST, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *file;
	bool ok;

	if (fd < 0 && errno == ENOENT)
		return true;
	file = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (file == NULL)
		return err_set(e, ERR_SYSTEM, "%s: %s", LIST,
		    strerror(errno));
	while (fgets(line, sizeof line, file) != NULL)
		look_line(s, line);
	ok = !ferror(file);
	fclose(file);
	return ok || err_set(e, ERR_SYSTEM, "%s cannot be read", LIST);
}

/* A voucher as it was written; its line is put into the list after all. */
static void
take_voucher(struct search *s, size_t i, const char *name, struct span text)
{
	static const char end[] = "</VOUCHER>\n", date[] = "<DATE>";
	const char *mark = arena_printf(s->arena, "<VOUCHER REMOTEID=\"%s\"",
	    s->references[i]);
	const char *at = memmem(text.p, text.n, mark, strlen(mark)), *last;
	struct verdict digest;
	struct day day = { "" };
	char said[9];

	if (at == NULL)
		return;
	text.n -= (size_t)(at - text.p);
	last = memmem(at, text.n, end, sizeof end - 1);
	if (last == NULL)
		return;
	text = (struct span){ at, (size_t)(last - at) + sizeof end - 1 };
	verdicts_sent(&digest, 1, text);
	at = memmem(text.p, text.n, date, sizeof date - 1);
	snprintf(said, sizeof said, "%.8s", at != NULL && last - at > 14 ?
	    at + sizeof date - 1 : "");
	if (tally_day_read(said, &day))
		put_line(&s->lines, s->references[i], day, name, digest.sent);
	add_found(s, i, name, day);
}

static bool
look_file(struct search *s, int folder, const char *name, struct err *e)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct span text;
	bool ok;

	if (fd < 0)
		return errno == ENOENT || err_set(e, ERR_SYSTEM, "%.100s: %s",
		    name, strerror(errno));
	ok = file_read_open(fd, name, VOUCHERS_BYTES, s->arena, &text, e);
	close(fd);
	for (size_t i = 0; ok && i < s->n; i++)
		if (!is_found(s, s->references[i]))
			take_voucher(s, i, name, text);
	return ok;
}

/* Might one that is not found be in it, by its name? */
static bool
may_hold(const struct search *s, const char *name)
{
	long long first, last;

	if (sscanf(name, "vouchers-%12lld-%12lld", &first, &last) != 2)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		int64_t journal = posting_journal(s->references[i]);

		if (journal >= first && journal <= last &&
		    !is_found(s, s->references[i]))
			return true;
	}
	return false;
}

/* A file that a stop left without its lines in the list. */
static bool
look_folder(struct search *s, int folder, struct err *e)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again >= 0 ? fdopendir(again) : NULL;
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return err_set(e, ERR_SYSTEM, "folder: %s", strerror(errno));
	while (ok && s->n_found < s->n && (entry = readdir(dir)) != NULL) {
		size_t n = strlen(entry->d_name);

		if (n > 4 && strcmp(entry->d_name + n - 4, ".xml") == 0 &&
		    may_hold(s, entry->d_name))
			ok = look_file(s, folder, entry->d_name, e);
	}
	closedir(dir);
	return ok;
}

static bool
find(struct target *target, const char *const *references, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	struct search s = { .references = references, .n = n,
	    .arena = arena };
	int folder = enter(target, e);
	bool ok;

	*n_out = 0;
	if (folder < 0)
		return false;
	s.found = arena_alloc(arena, sizeof *s.found * (n + 1));
	str_init(&s.lines, (n + 1) * LINE_BYTES);
	ok = look_list(&s, folder, e) &&
	    (s.n_found == n || look_folder(&s, folder, e)) &&
	    (s.lines.n == 0 || append(folder, &s.lines, e));
	str_free(&s.lines);
	close(folder);
	*out = s.found;
	*n_out = ok ? s.n_found : 0;
	return ok;
}

const struct adapter adapter_tally_file = {
	.name = "tally-file", .batch = TARGET_BATCH_MAX, .atomic = true,
	.mute = true, .subledgers = true, .open = open_folder,
	.check = check, .send = send, .find = find
};
