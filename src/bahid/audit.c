/* The verbs of the audit: verify, anchor, key, export. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bahid/verbs.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/i18n.h"
#include "bahid/import.h"
#include "store/anchor.h"

struct word {			/* --name=VALUE or --name VALUE */
	const char *name;
	const char **value;
};

static const struct word *
find_word(const char *arg, const struct word *words, size_t n)
{
	size_t length = strcspn(arg, "=");

	for (size_t i = 0; i < n; i++)
		if (span_is((struct span){ arg, length }, words[i].name))
			return &words[i];
	return NULL;
}

/* What is no word of these is put first, *n of them. */
static bool
read_words(int argc, char **argv, const struct word *words, size_t n_words,
    int *n, struct err *e)
{
	int left = 0;

	for (int i = 0; i < argc; i++) {
		const struct word *word;
		const char *is = strchr(argv[i], '=');

		if (strncmp(argv[i], "--", 2) != 0) {
			argv[left++] = argv[i];
			continue;
		}
		word = find_word(argv[i] + 2, words, n_words);
		if (word == NULL || (is == NULL && i + 1 == argc))
			return err_set(e, ERR_USAGE, "%.60s", argv[i]);
		*word->value = is != NULL ? is + 1 : argv[++i];
	}
	*n = left;
	return true;
}

/* A row, a day (IST) or a time; after: the last one of it. */
static bool
find_row(struct db *db, const char *text, bool after, int64_t *row,
    struct err *e)
{
	char time[40];
	int64_t at;

	*row = 0;
	if (text == NULL)
		return true;
	if (strspn(text, "0123456789") == strlen(text) && strlen(text) < 19) {
		*row = strtoll(text, NULL, 10);
		return *row > 0 || err_set(e, ERR_USAGE, "%.60s", text);
	}
	snprintf(time, sizeof time, "%.20s%s", text,
	    strlen(text) == 10 ? "T00:00:00+05:30" : "");
	if (!clock_parse(span_of(strlen(text) == 10 ? time : text), &at))
		return err_set(e, ERR_USAGE,
		    "not a row, a day or a time: %.60s", text);
	if (after)
		at += strlen(text) == 10 ? INT64_C(86400000000) : 1;
	if (!audit_row_at(db, at, row, e))
		return false;
	*row -= after;
	return !after || *row > 0 || err_set(e, ERR_NOT_FOUND,
	    "no audit row until %.60s", text);
}

static bool
find_rows(const char *store, const char *from, const char *to,
    struct audit_range *range, struct err *e)
{
	struct db *db = NULL;
	bool ok = db_open(&db, store, DB_READ, e) && db_begin_read(db, e) &&
	    find_row(db, from, false, &range->from, e) &&
	    find_row(db, to, true, &range->to, e);

	db_close(&db);
	return ok;
}

/* ---- verifying --------------------------------------------------------- */

struct asked {
	const char *from, *to, *anchor, *key;
	struct anchor_key own;	/* of audit_key, if that can be read */
};

/* The trusted key: as given, else the one that this machine signs with. */
static bool
find_trust(struct options *options, struct asked *asked,
    struct anchor_trust *trust, struct arena *arena, struct err *e)
{
	const char *path = options_text(options, "audit_key");
	struct err ignored = { 0 };
	unsigned char key[32];

	trust->key = asked->key;
	trust->demanded = asked->key != NULL;
	if (asked->key != NULL && !digest_unhex(span_of(asked->key), key,
	    sizeof key))
		return err_set(e, ERR_USAGE, "--key: not 64 hexadecimal "
		    "digits: %.80s", asked->key);
	if (asked->key == NULL && path[0] != '\0' &&
	    anchor_key_read(path, &asked->own, &ignored)) {
		anchor_key_clean(&asked->own);
		trust->key = asked->own.key;
	}
	return asked->anchor == NULL || file_read(asked->anchor, ANCHOR_MAX,
	    arena, &trust->kept, e);
}

static bool
verify_anchors(struct options *options, struct asked *asked,
    struct audit_report *report, int64_t *n, struct err *e)
{
	struct arena *arena = arena_new();
	struct anchor_trust trust = { 0 };
	struct db *db = NULL;
	bool ok = find_trust(options, asked, &trust, arena, e) &&
	    db_open(&db, options_text(options, "store"), DB_READ, e) &&
	    db_begin_read(db, e) && anchor_verify(db, &trust, report, n, e);

	db_close(&db);
	arena_free(&arena);
	return ok;
}

bool
verb_audit_verify(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct asked asked = { 0 };
	const struct word words[] = { { "from", &asked.from },
		{ "to", &asked.to }, { "anchor", &asked.anchor },
		{ "key", &asked.key } };
	struct audit_range range = { .store = options_text(options, "store") };
	struct audit_report report;
	int64_t n = 0;

	if (!read_words(argc, argv, words, sizeof words / sizeof *words, &argc,
	    e))
		return false;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "%.60s", argv[0]);
	if (!find_rows(range.store, asked.from, asked.to, &range, e) ||
	    !audit_verify(&range, &report, e) ||
	    !verify_anchors(options, &asked, &report, &n, e))
		return false;
	printf(_("%lld audit rows, the chain is whole; %lld anchors\n"),
	    (long long)report.rows, (long long)n);
	return true;
}

/* ---- anchors ----------------------------------------------------------- */

static bool
make_anchor(struct options *options, struct db *db, const char *next,
    struct arena *arena, struct span *text, struct err *e)
{
	const char *path = options_text(options, "audit_key");
	struct anchor_key key;
	struct anchor a;
	int64_t id;
	bool ok;

	if (path[0] == '\0')
		return err_set(e, ERR_CONFIG, "audit_key is not set; bahid "
		    "audit key new FILE makes one");
	if (!anchor_key_read(path, &key, e))
		return false;
	ok = db_begin(db, e) && anchor_make(db, &key, next, arena, text, &id,
	    e) && anchor_parse(*text, &a, e) && anchor_write(
	    options_text(options, "anchors"), id, &a, *text, e) &&
	    db_commit(db, e);
	anchor_key_clean(&key);
	return ok;
}

static bool
print_anchor(struct options *options, const char *next, struct err *e)
{
	struct arena *arena = arena_new();
	struct db *db = NULL;
	struct span text;
	bool ok = db_open(&db, options_text(options, "store"), DB_WRITE, e) &&
	    make_anchor(options, db, next, arena, &text, e);

	db_close(&db);
	if (ok)
		printf("%.*s", (int)text.n, text.p);
	arena_free(&arena);
	return ok;
}

bool
verb_audit_anchor(struct options *options, int argc, char **argv,
    struct err *e)
{
	(void)argc;
	(void)argv;
	return print_anchor(options, NULL, e);
}

/* ---- keys -------------------------------------------------------------- */

static bool
new_key(const char *path, struct err *e)
{
	unsigned char seed[32], key[32];
	char hex[65], text[66];
	bool ok;

	if (access(path, F_OK) == 0)
		return err_set(e, ERR_REFUSED, "%.200s is there already",
		    path);
	digest_random(seed, sizeof seed);
	digest_hex(seed, sizeof seed, hex);
	snprintf(text, sizeof text, "%s\n", hex);
	ok = file_write(path, span_of(text), 0600, e);
	digest_ed25519_public(seed, key);
	digest_clean(seed, sizeof seed);
	digest_clean(hex, sizeof hex);
	digest_clean(text, sizeof text);
	digest_hex(key, sizeof key, hex);
	if (ok)
		printf("%s\n", hex);
	return ok;
}

static bool
show_key(const char *path, struct err *e)
{
	struct anchor_key key;

	if (!anchor_key_read(path, &key, e))
		return false;
	anchor_key_clean(&key);
	printf("%s\n", key.key);
	return true;
}

/* Signed by the key that is in use until now. */
static bool
change_key(struct options *options, const char *path, struct err *e)
{
	struct anchor_key key;

	if (!anchor_key_read(path, &key, e))
		return false;
	anchor_key_clean(&key);
	return print_anchor(options, key.key, e);
}

bool
verb_audit_key(struct options *options, int argc, char **argv, struct err *e)
{
	const char *path = argc > 1 ? argv[1] :
	    options_text(options, "audit_key");

	if (strcmp(argv[0], "new") == 0 && argc == 2)
		return new_key(path, e);
	if (strcmp(argv[0], "change") == 0 && argc == 2)
		return change_key(options, path, e);
	if (strcmp(argv[0], "show") == 0)
		return show_key(path, e);
	return err_set(e, ERR_USAGE, "new FILE, change FILE or show [FILE]");
}

/* ---- export ------------------------------------------------------------ */

bool
audit_say(const char *store, const char *action, const char *what,
    const char *said, struct err *e)
{
	struct arena *arena = arena_new();
	struct db *db = NULL;
	bool ok = db_open(&db, store, DB_WRITE, e) && db_begin(db, e) &&
	    audit_leave(db, user_name(arena), action, what, "", said, e) &&
	    db_commit(db, e);

	db_close(&db);
	arena_free(&arena);
	return ok;
}

static bool
take_line(void *arg, struct span line, struct err *e)
{
	return fwrite(line.p, 1, line.n, arg) == line.n ||
	    err_set(e, ERR_SYSTEM, "cannot write");
}

static bool
export_to(FILE *out, const struct audit_range *range, bool content,
    struct err *e)
{
	const struct audit_writing writing = { content, take_line, out };
	struct db *db = NULL;
	int64_t rows;
	bool ok = db_open(&db, range->store, DB_READ, e) &&
	    db_begin_read(db, e) && audit_export(db, range, &writing, &rows,
	    e);

	db_close(&db);
	return ok && (fflush(out) == 0 || err_set(e, ERR_SYSTEM,
	    "cannot write"));
}

/* Who exports stands in the chain before the first byte leaves. */
static bool
export_file(const char *path, const struct audit_range *range, bool content,
    struct err *e)
{
	char said[96];
	FILE *out;
	bool ok;

	snprintf(said, sizeof said, "from=%lld to=%lld content=%s",
	    (long long)range->from, (long long)range->to,
	    content ? "yes" : "no");
	if (!audit_say(range->store, "export", "audit", said, e))
		return false;
	if (strcmp(path, "-") == 0)
		return export_to(stdout, range, content, e);
	out = fopen(path, "wx");
	if (out == NULL)
		return err_set(e, ERR_SYSTEM, "%.200s: %s", path,
		    strerror(errno));
	ok = export_to(out, range, content, e);
	if ((fsync(fileno(out)) != 0 || fclose(out) != 0) && ok)
		ok = err_set(e, ERR_SYSTEM, "%.200s: cannot write", path);
	if (!ok)
		unlink(path);
	return ok;
}

bool
verb_audit_export(struct options *options, int argc, char **argv,
    struct err *e)
{
	const char *from = NULL, *to = NULL, *with = NULL;
	const struct word words[] = { { "from", &from }, { "to", &to },
		{ "with", &with } };
	struct audit_range range = { .store = options_text(options, "store") };

	if (!read_words(argc, argv, words, sizeof words / sizeof *words, &argc,
	    e))
		return false;
	if (argc != 1 || (with != NULL && strcmp(with, "content") != 0))
		return err_set(e, ERR_USAGE, "one FILE, and --with content");
	return find_rows(range.store, from, to, &range, e) &&
	    export_file(argv[0], &range, with != NULL, e);
}
