#ifndef BAHI_STORE_FILES_H
#define BAHI_STORE_FILES_H
/*
 * The files that came into the inbox: what each was, how far it is read, and
 * what became of its records. Written by the writer, inside books_begin.
 */
#include "store/books.h"

#define FILE_AMOUNTS 200	/* currencies of one file */

enum file_state { FILE_READING, FILE_DONE, FILE_FAILED };

struct file_amount {
	char currency[4];
	int64_t records;	/* that are in it, some perhaps of no amount */
	int64_t total, posted;	/* minor units: of all, of those posted */
	bool over;		/* too large to be a number */
};

struct file_row {
	int64_t id;		/* F12 */
	const char *source, *name, *format;
	unsigned char digest[SHA256_SIZE];
	int64_t size;
	enum file_state state;
	int64_t first;		/* last event before this file's */
	int64_t at_byte;	/* how far it is read */
	int64_t of;		/* records that it has */
	int64_t records;	/* of them settled, which are: */
	int64_t posted, waiting, failed, duplicate, ignored;
	int64_t started, ended;
	const char *place;	/* where it goes: "done/NAME"; NULL: not yet */
	bool moved;		/* it is there */
	const char *trailer;	/* "matched", "differs"; NULL: has none */
	const char *why;	/* of a failure */
	struct file_amount amounts[FILE_AMOUNTS];
	size_t n_amounts;
};

/* The newest of that source, name and content. Texts into the arena. */
MUST_CHECK bool file_find(struct db *, const char *source, const char *name,
	const unsigned char digest[SHA256_SIZE], struct arena *,
	struct file_row *, bool *found, struct err *);
/* Takes the next id; first is the last event of now. */
MUST_CHECK bool file_add(struct books *, struct file_row *, struct err *);
MUST_CHECK bool file_save(struct books *, const struct file_row *,
	struct err *);
/* Whatever is not in its place by now never will be: it was taken away. */
MUST_CHECK bool file_forget(struct books *, int64_t now, struct err *);

#endif
