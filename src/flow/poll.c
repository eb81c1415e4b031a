/*
 * The job that looks after the polls: each second it reads the folder of
 * their settings, starts those that are new, stops those that are gone, and
 * does both for those that changed.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/conf.h"
#include "core/log.h"
#include "flow/job.h"
#include "flow/poller.h"

#define POLLS_MAX 64

struct poll {
	struct poll *next;
	char *name;
	char digest[SHA256_HEX];
	struct poller *poller;	/* NULL: its settings are of no use */
	bool there;		/* its file, at this look */
};

struct polls {
	struct job_env env;
	const char *folder;
	struct db *db;		/* of the thread */
	struct poll *first;
	bool looked, full;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* ---- one -------------------------------------------------------------- */

/* Where it stood: the cursor only if it is still one of this list, the
 * failures only if nothing was changed since. */
static bool
load(struct polls *polls, const struct poll *poll,
    const struct pollconf *conf, struct arena *arena, struct poll_row *row)
{
	struct err e = { 0 };
	bool found;

	if (!poll_load(polls->db, poll->name, arena, row, &found, &e)) {
		log_line(LOG_ERROR, "poll.not_read", "poll=%s why=\"%s\"",
		    poll->name, e.why);
		return false;
	}
	if (conf != NULL && strcmp(row->meaning, conf->meaning) != 0)
		row->cursor = "";
	if (strcmp(row->config, poll->digest) != 0 ||
	    strcmp(row->state, "removed") == 0) {
		row->state = "waiting";
		row->breaker = "closed";
		row->why = "";
		row->attempts = row->next_at = 0;
	}
	row->config = poll->digest;
	if (conf != NULL) {
		row->source = conf->source;
		row->meaning = conf->meaning;
	}
	return true;
}

static void
refuse(struct polls *polls, struct poll *poll, struct poll_row *row,
    const struct err *why)
{
	log_line(LOG_ERROR, "poll.refused", "poll=%s why=\"%s\"", poll->name,
	    why->why);
	row->state = "stopped";
	row->why = why->why;
	poller_keep(polls->env.pump, row, true);
}

/* conf NULL: why says what is wrong with its file. False: not now. */
static bool
start(struct polls *polls, struct poll *poll, struct pollconf *conf,
    struct err *why)
{
	struct arena *arena = arena_new();
	struct poll_row row;
	bool ok = load(polls, poll, conf, arena, &row);

	if (!ok)
		pollconf_free(&conf);
	else if (conf == NULL || !poller_start(&poll->poller,
	    polls->env.pump, conf, &row, why))
		refuse(polls, poll, &row, why);
	arena_free(&arena);
	return ok;
}

static struct poll *
find(struct polls *polls, const char *name)
{
	struct poll *poll = polls->first;

	while (poll != NULL && strcmp(poll->name, name) != 0)
		poll = poll->next;
	return poll;
}

static struct poll *
add(struct polls *polls, const char *name)
{
	struct poll *poll = calloc(1, sizeof *poll);

	if (poll == NULL || (poll->name = strdup(name)) == NULL)
		bug("out of memory");
	poll->next = polls->first;
	polls->first = poll;
	return poll;
}

static void
look_at(struct polls *polls, const char *name)
{
	struct poll *poll = find(polls, name);
	char digest[SHA256_HEX];
	struct err e = { 0 };
	struct pollconf *conf = pollconf_read(polls->folder, name, digest,
	    &e);

	if (poll == NULL)
		poll = add(polls, name);
	poll->there = true;
	if (strcmp(poll->digest, digest) == 0) {
		pollconf_free(&conf);
		return;
	}
	poller_stop(&poll->poller);
	memcpy(poll->digest, digest, sizeof digest);
	if (!start(polls, poll, conf, &e))
		poll->digest[0] = '\0';		/* at the next look */
}

/* ---- those that are gone ---------------------------------------------- */

static void
remove_row(struct polls *polls, const char *name)
{
	struct arena *arena = arena_new();
	struct poll_row row;
	struct err e = { 0 };
	bool found;

	if (poll_load(polls->db, name, arena, &row, &found, &e) && found) {
		row.state = "removed";
		poller_keep(polls->env.pump, &row, true);
		log_line(LOG_INFO, "poll.removed", "poll=%s", name);
	}
	arena_free(&arena);
}

static void
drop_gone(struct polls *polls)
{
	struct poll **at = &polls->first;

	while (*at != NULL) {
		struct poll *poll = *at;

		if (poll->there) {
			at = &poll->next;
			continue;
		}
		*at = poll->next;
		poller_stop(&poll->poller);
		remove_row(polls, poll->name);
		free(poll->name);
		free(poll);
	}
}

/* Kept from before, when nobody was there to see the file go. */
static void
note_kept(void *arg, const struct poll_row *row)
{
	struct polls *polls = arg;

	if (find(polls, row->name) == NULL)
		add(polls, row->name)->there = false;
}

/* ---- the look --------------------------------------------------------- */

static void
look_at_all(struct polls *polls, DIR *dir)
{
	struct dirent *entry;
	char name[CONF_NAME_SIZE];
	size_t n = 0;

	while ((entry = readdir(dir)) != NULL) {
		if (!conf_name_of(entry->d_name, name))
			continue;
		if (n++ < POLLS_MAX)
			look_at(polls, name);
	}
	if (n > POLLS_MAX && !polls->full)
		log_line(LOG_ERROR, "polls.too_many", "most=%d", POLLS_MAX);
	polls->full = n > POLLS_MAX;
}

static void
look(struct polls *polls)
{
	DIR *dir = opendir(polls->folder);
	struct err e = { 0 };

	if (dir == NULL && errno != ENOENT)
		return;		/* what is there cannot be seen just now */
	for (struct poll *poll = polls->first; poll != NULL;
	    poll = poll->next)
		poll->there = false;
	if (dir != NULL) {
		look_at_all(polls, dir);
		closedir(dir);
	}
	if (!polls->looked)
		polls->looked = poll_all(polls->db, note_kept, polls, &e);
	drop_gone(polls);
}

/* False when it is told to stop. */
static bool
sleep_second(struct polls *polls)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&polls->lock);
	if (!polls->stop)
		pthread_cond_timedwait(&polls->wake, &polls->lock, &until);
	stop = polls->stop;
	pthread_mutex_unlock(&polls->lock);
	return !stop;
}

static void *
tick(void *arg)
{
	struct polls *polls = arg;

	do
		look(polls);
	while (sleep_second(polls));
	return NULL;
}

/* ---- the job ---------------------------------------------------------- */

static void
free_polls(struct polls *polls)
{
	db_close(&polls->db);
	pthread_cond_destroy(&polls->wake);
	pthread_mutex_destroy(&polls->lock);
	free(polls);
}

static bool
open_polls(void **state, const struct job_env *env, struct err *e)
{
	struct polls *polls = calloc(1, sizeof *polls);

	if (polls == NULL)
		bug("out of memory");
	polls->env = *env;
	polls->folder = options_text(env->options, "polls");
	pthread_mutex_init(&polls->lock, NULL);
	pthread_cond_init(&polls->wake, NULL);
	if (!db_open(&polls->db, options_text(env->options, "store"),
	    DB_READ, e) ||
	    pthread_create(&polls->thread, NULL, tick, polls) != 0) {
		free_polls(polls);
		return err_set(e, ERR_SYSTEM, "cannot start a thread");
	}
	*state = polls;
	return true;
}

static void
stop_polls(void *state)
{
	struct polls *polls = state;
	struct poll *poll;

	pthread_mutex_lock(&polls->lock);
	polls->stop = true;
	pthread_cond_signal(&polls->wake);
	pthread_mutex_unlock(&polls->lock);
	pthread_join(polls->thread, NULL);
	while ((poll = polls->first) != NULL) {
		polls->first = poll->next;
		poller_stop(&poll->poller);
		free(poll->name);
		free(poll);
	}
}

static void
close_polls(void **state)
{
	struct polls *polls = *state;

	*state = NULL;
	free_polls(polls);
}

const struct job job_poll = { "poll", open_polls, stop_polls, close_polls };
