#ifndef BAHI_BOOK_EVENT_H
#define BAHI_BOOK_EVENT_H
/* One message from a source, kept byte for byte and never changed. */
#include <stdint.h>
#include <string.h>
#include "book/state.h"
#include "core/digest.h"

/* What NAME enters by hand comes from the source `desk-NAME`. */
#define DESK "desk-"
#define DESK_TOPIC "document"

/* How `wrong` begins when the fault was ours. */
#define EVENT_OURS "bahid: "

/* What was cut out of a payload, of one person, under that one's key. */
struct sealed {
	int64_t subject;
	struct span box;
};

struct event {
	int64_t seq;		/* place in the one ordered log; 0: not kept */
	const char *source;	/* name of the source */
	const char *key;	/* idempotency key, per source */
	const char *topic;	/* vendor's event name: orders/paid */
	const char *correlation;	/* NULL: none */
	const char *secret_id;	/* which secret verified it; NULL: none */
	int64_t received;	/* microseconds */
	int64_t occurred;	/* 0: the source does not say */
	struct span body;	/* the bytes as they came, or */
	bool redacted;		/* without what is personal (subject.h) */
	unsigned char digest[SHA256_SIZE];	/* of the bytes as they came */
	unsigned char kept[SHA256_SIZE];	/* of body, when redacted */
	const struct sealed *sealed;	/* of one that comes */
	size_t n_sealed;
	const char *wrong;	/* why it is not of its file's format; or NULL */
	enum event_state state;
	int version;		/* counts state changes; 1 when kept */
	int attempts;
};

/* An event as somebody saw it: it is acted on at that version only. */
struct pick {
	int64_t event;
	int version;
};
#define PICKS_MAX 100000	/* of one decision, of one run */

/* Who is behind a source: a person by name, else the source itself. */
static inline const char *
maker_of(const char *source)
{
	size_t n = sizeof DESK - 1;

	return strncmp(source, DESK, n) == 0 ? source + n : source;
}

/* Is this person behind it, also by the name that his journals come under
 * (events-NAME)? */
static inline bool
made_by(const char *source, const char *person)
{
	return strcmp(source, person) == 0 ||
	    strcmp(maker_of(source), person) == 0 ||
	    (strncmp(source, "events-", 7) == 0 &&
	    strcmp(source + 7, person) == 0);
}

static inline bool
event_ours(const struct event *event)
{
	return event->wrong != NULL && strncmp(event->wrong, EVENT_OURS,
	    sizeof EVENT_OURS - 1) == 0;
}

#endif
