/* `bahid backup` and `bahid restore`: what flow/backup.h does, by hand, with
 * the daemon running or not. */
#include <config.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bahid/import.h"
#include "bahid/verbs.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "flow/backup.h"

#define MICROS INT64_C(1000000)

struct words {			/* of the command line */
	const char *to, *key;
	bool secrets, verify;
	const char *plain[2];
	int n;
};

/* `--to PLACE` and `--to=PLACE`; NULL: it is another word. */
static const char *
value_of(const char *name, int argc, char **argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(argv[*i], name, n) != 0)
		return NULL;
	if (argv[*i][n] == '=')
		return argv[*i] + n + 1;
	return argv[*i][n] == '\0' && *i + 1 < argc ? argv[++*i] : NULL;
}

static bool
read_words(int argc, char **argv, struct words *w, struct err *e)
{
	for (int i = 0; i < argc; i++) {
		const char *value;

		if ((value = value_of("--to", argc, argv, &i)) != NULL)
			w->to = value;
		else if ((value = value_of("--sealed", argc, argv, &i)) !=
		    NULL)
			w->key = value;
		else if (strcmp(argv[i], "--with-secrets") == 0)
			w->secrets = true;
		else if (strcmp(argv[i], "--verify") == 0)
			w->verify = true;
		else if (argv[i][0] == '-' || w->n == 2)
			return err_set(e, ERR_USAGE, "%.60s", argv[i]);
		else
			w->plain[w->n++] = argv[i];
	}
	return true;
}

/* A millisecond for each mebibyte is left to others. */
static bool
pace(void *arg)
{
	struct timespec rest = { 0, 1000000 };

	(void)arg;
	nanosleep(&rest, NULL);
	return true;
}

static void
print_point(const struct backup_point *p)
{
	char at[25];

	if (p->event == 0) {
		printf(_("point of recovery: no events yet\n"));
		return;
	}
	clock_format(p->received, at);
	printf(_("point of recovery: event E%lld, received %s; %lld events\n"),
	    (long long)p->event, at, (long long)p->events);
}

/* "2.3" of microseconds. */
static const char *
seconds(struct arena *arena, int64_t micros)
{
	return arena_printf(arena, "%lld.%lld", (long long)(micros / MICROS),
	    (long long)(micros % MICROS / (MICROS / 10)));
}

/* ---- backup ----------------------------------------------------------- */

static void
note(const struct backup_order *order, const struct backup_made *made,
    const struct err *why)
{
	struct backup_row row = { .id = made->id, .kind = "backup",
	    .at = made->at != 0 ? made->at : clock_now(),
	    .took = made->took, .bytes = made->bytes,
	    .point = made->point.seq, .pointed = made->point.received,
	    .place = made->place, .why = why->why, .actor = order->actor,
	    .good = why->code == ERR_NONE };

	backup_note(options_text(order->options, "store"), &row);
}

static bool
judge_order(const struct backup_order *o, struct err *e)
{
	if (o->to[0] == '\0')
		return err_set(e, ERR_USAGE, "where to: --to, or backup_to "
		    "in bahid.conf");
	if (o->secrets && o->key[0] == '\0')
		return err_set(e, ERR_USAGE, "secrets go into a sealed "
		    "backup only: --sealed KEY");
	return true;
}

bool
verb_backup(struct options *options, int argc, char **argv, struct err *e)
{
	struct arena *arena = arena_new();
	struct words w = { .to = options_text(options, "backup_to"),
	    .key = backup_seal(options) };
	struct backup_made made;
	struct backup_order order;
	bool ok = read_words(argc, argv, &w, e);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	order = (struct backup_order){ .options = options, .to = w.to,
	    .key = w.key, .secrets = w.secrets, .actor = user_name(arena),
	    .go_on = pace };
	if (ok && (w.n > 0 || w.verify))
		ok = err_set(e, ERR_USAGE, "backup takes --to, --sealed, "
		    "--with-secrets");
	ok = ok && judge_order(&order, e);
	if (ok) {
		ok = backup_make(&order, arena, &made, e);
		note(&order, &made, e);
	}
	if (ok) {
		printf("%s\n", made.place);
		printf(_("%lld files, %lld bytes, %s seconds\n"),
		    (long long)made.files, (long long)made.bytes,
		    seconds(arena, made.took));
		print_point(&made.point);
		puts(w.secrets ? _("secrets are in it") : _("secrets and "
		    "keys are not in it: keep those yourself"));
	}
	arena_free(&arena);
	return ok;
}

/* ---- restore ---------------------------------------------------------- */

static void
note_trial(const struct backup_trial *trial,
    const struct backup_found *found, const struct err *why,
    struct arena *arena)
{
	const char *store = options_text(trial->options, "store");
	unsigned char random[16];
	char id[BACKUP_ID];
	struct backup_row row = { .id = id, .kind = "drill",
	    .at = clock_now(), .took = found->took, .bytes = found->bytes,
	    .point = found->point.seq, .pointed = found->point.received,
	    .place = trial->from, .why = why->why,
	    .actor = user_name(arena), .good = why->code == ERR_NONE };

	if (access(store, F_OK) != 0)
		return;
	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, id);
	backup_note(store, &row);
}

static void
print_found(const struct backup_found *found, struct arena *arena)
{
	printf(_("made %s by bahid %s: %lld files, %lld bytes\n"),
	    found->made, found->version, (long long)found->files,
	    (long long)found->bytes);
	print_point(&found->point);
	printf(_("every digest, every page, %lld audit rows and %lld "
	    "journals are right\n"), (long long)found->point.audit,
	    (long long)found->journals);
	printf(_("time to restore: %s seconds\n"), seconds(arena,
	    found->took));
	if (!found->secrets)
		puts(_("secrets and keys are not in it: put yours back"));
}

/* Of those in backup_to, when none is named. */
static bool
newest(const struct options *options, struct arena *arena,
    const char **from, struct err *e)
{
	struct backup_order order = { .options = options,
	    .to = options_text(options, "backup_to"), .key = "" };

	if (order.to[0] == '\0')
		return err_set(e, ERR_USAGE, "which one: FILE, or backup_to "
		    "in bahid.conf");
	return backup_newest(&order, arena, from, e) && (*from != NULL ||
	    err_set(e, ERR_NOT_FOUND, "there is no backup in %.200s",
	    order.to));
}

static const char *
temporary(const struct options *options, struct arena *arena)
{
	const char *store = options_text(options, "store");
	const char *slash = strrchr(store, '/');
	const char *folder = slash == NULL ? "." : arena_strndup(arena,
	    store, (size_t)(slash - store) + (slash == store));

	return access(folder, W_OK) == 0 ? folder : "/var/tmp";
}

static bool
perform(struct backup_trial *trial, const struct words *w,
    struct arena *arena, struct err *e)
{
	struct backup_found found;
	bool ok;

	if (w->verify) {
		ok = backup_verify(trial, arena, &found, e);
		note_trial(trial, &found, e, arena);
	} else {
		ok = backup_restore(trial, arena, &found, e);
	}
	if (!ok)
		return false;
	print_found(&found, arena);
	if (!w->verify)
		printf(_("restored; to serve it: bahid --config "
		    "%s/bahid.conf run\n"), trial->folder);
	return true;
}

bool
verb_restore(struct options *options, int argc, char **argv, struct err *e)
{
	struct arena *arena = arena_new();
	struct words w = { .key = backup_seal(options) };
	struct backup_trial trial = { .options = options };
	bool ok = read_words(argc, argv, &w, e);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	trial.from = w.plain[0];
	trial.key = w.key;
	trial.folder = w.verify ? temporary(options, arena) : w.plain[1];
	if (ok && (w.to != NULL || w.secrets || (w.verify ? w.n > 1 :
	    w.n != 2)))
		ok = err_set(e, ERR_USAGE, "restore --verify [FILE], or "
		    "restore FILE FOLDER");
	ok = ok && (trial.from != NULL || newest(options, arena,
	    &trial.from, e)) && perform(&trial, &w, arena, e);
	arena_free(&arena);
	return ok;
}
