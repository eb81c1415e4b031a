#ifndef BAHI_FLOW_BACKUP_H
#define BAHI_FLOW_BACKUP_H
/*
 * A backup is one tar file: the database as of one snapshot, settings, files
 * that came and went, a manifest and SHA256SUMS of all of it. It gets its name
 * only when all of it is on the disk. Made while the daemon works, by itself
 * or by `bahid backup`; nobody waits for it.
 */
#include "core/option.h"
#include "net/sftp.h"
#include "store/backups.h"

#define BACKUP_NAME 64
#define BACKUP_ID 33

struct backup_order {
	const struct options *options;
	const char *to;		/* a file, a folder, sftp://USER@HOST/FOLDER */
	bool folder;		/* it is a folder, whatever is there */
	const char *key;	/* file of the key that seals it; "": not */
	bool secrets;		/* keys of senders and people, too */
	const char *actor;
	/* Between pieces; false: stop. */
	bool (*go_on)(void *);
	void *arg;
	atomic_bool *stop;	/* of transfers; may be NULL */
};

struct backup_made {
	char id[BACKUP_ID], name[BACKUP_NAME];
	const char *place;	/* where it is now */
	int64_t at, took, bytes;
	int64_t files;
	struct backup_point point;
};

MUST_CHECK bool backup_make(const struct backup_order *, struct arena *,
	struct backup_made *, struct err *);
/* Of those that we name so in this place all but the newest `keep` go. */
MUST_CHECK bool backup_prune(const struct backup_order *, int64_t keep,
	struct err *);
/* The newest there; NULL: there is none. */
MUST_CHECK bool backup_newest(const struct backup_order *, struct arena *,
	const char **path, struct err *);
void backup_plan_of(const struct options *, struct backup_plan *);
/* The key that seals backups: their own, else that of the store where it need
 * not be asked for; "": none. */
const char *backup_seal(const struct options *);
void backup_sftp(const struct options *, const char *url, atomic_bool *stop,
	struct sftp *out);

struct backup_found {		/* what a backup turned out to hold */
	char id[BACKUP_ID], made[32], version[32];
	struct backup_point point;
	int64_t bytes, files, journals, took;
	bool secrets;
};

struct backup_trial {
	const struct options *options;
	const char *from;	/* a file, or sftp://USER@HOST/FOLDER/NAME */
	const char *key;	/* "": as options say */
	const char *folder;	/* for what it unpacks meanwhile */
	atomic_bool *stop;	/* may be NULL */
};

/* Unpacks it, checks every digest, the pages of the database, the audit chain,
 * the books; leaves nothing. */
MUST_CHECK bool backup_verify(const struct backup_trial *, struct arena *,
	struct backup_found *, struct err *);
/* The same, and leaves it in `folder`, which is made, or empty. */
MUST_CHECK bool backup_restore(const struct backup_trial *, struct arena *,
	struct backup_found *, struct err *);

/* What was made or tried is told to the daemon by a line in a file beside the
 * store: it need not run meanwhile. */
void backup_note(const char *store, const struct backup_row *);
bool backup_noted(const char *store);	/* is there any? */
/* In books_begin; once that is committed, backup_forget_notes. */
MUST_CHECK bool backup_take_notes(struct books *, const char *store,
	int64_t *length, struct err *);
void backup_forget_notes(const char *store, int64_t length);

/* A folder and all in it, when it is ours: no link is followed. */
void backup_clear(const char *path);
/* As errno says; a full disk is not a fault of what was asked. False. */
bool backup_fault(struct err *, const char *doing, const char *path);

#endif
