#ifndef BAHI_STORE_PERSON_H
#define BAHI_STORE_PERSON_H
/*
 * One person, as the law sees him: whose sealed parts and whose rows of
 * master data somebody means by a code, an e-mail address, a phone number or
 * a name; what of it may go, what must stay, by which section and until when.
 * Read by anybody; flow/erase.h does it.
 */
#include "book/personal.h"
#include "book/retention.h"
#include "core/json.h"
#include "store/books.h"

#define PERSON_MAX 100		/* subjects, parties */

struct person_party {
	const char *code, *name, *kind, *gstin;	/* "": none */
	bool goes;		/* its name may be taken away */
	int64_t documents;
	struct day last;	/* of its journals; "": none */
};

struct person {
	int64_t subjects[PERSON_MAX];
	size_t n_subjects;
	struct person_party parties[PERSON_MAX];
	size_t n_parties;
	bool several;		/* found by a name that several have */
};

/* S12, a party's code, an e-mail address, a phone number, a name. Nobody:
 * both are 0. */
MUST_CHECK bool person_find(struct db *, const char *who, struct arena *,
	struct person *, struct err *);
/* What is said of a plan, so that what is done is what was seen. */
void person_digest(const struct person *, char out[SHA256_HEX]);

/* Members of an open object: subjects, parties, goes, stays. */
MUST_CHECK bool person_plan(struct db *, const struct person *,
	const struct retention *, struct arena *, struct json *,
	struct err *);
/* All that is held about him: parties, events with what is personal in them,
 * entries. */
MUST_CHECK bool person_export(struct db *, const struct person *,
	const struct personal *, struct arena *, struct json *,
	struct err *);

/* ---- on the writer, in its transaction --------------------------------- */

/* Takes a party's name and address out of master data and all that was made
 * of it; the audit says what stands instead. */
MUST_CHECK bool person_scrub(struct books *, const char *actor,
	const char *party, struct err *);
/* Tells the feed of every event of that subject. */
/* Was he erased? */
MUST_CHECK bool person_erased(struct db *, int64_t subject, bool *,
	struct err *);
MUST_CHECK bool person_touch(struct books *, int64_t subject, struct err *);

/* Instead of a name. */
#define PERSON_ERASED "[erased]"

#endif
