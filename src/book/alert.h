#ifndef BAHI_BOOK_ALERT_H
#define BAHI_BOOK_ALERT_H
/*
 * What bahi tells people by itself, and how it says it. An alert is known by
 * its signature (code and subject), so that a condition that lasts is told
 * once; its value is how much, when last seen. Pure.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/json.h"
#include "core/str.h"

enum alert_code {
	ALERT_LATE, ALERT_AGING, ALERT_CONSERVATION, ALERT_AUDIT, ALERT_DISK,
	ALERT_QUEUE, ALERT_PAUSED, ALERT_DRIFT,
	ALERT_OVERSOLD, ALERT_POLL, ALERT_DIFFER,
	ALERT_CERTIFICATE_ENDS, ALERT_CERTIFICATE_KEPT,
	ALERT_BACKUP_LATE, ALERT_BACKUP_FAILED, ALERT_FULL,
	ALERT_TARGET, ALERT_COMMITS, ALERT_COMMITS_LATE,
	ALERT_TARGET_DRIFT, ALERT_CODES
};

struct alert_info {
	const char *name;	/* stable, dotted: "flow.late" */
	bool urgent;		/* quiet hours do not hold it back */
	/* N_() marked; %1$s is the subject, %2$s the value. */
	const char *what;
	const char *hint;
};

enum alert_event { ALERT_RAISED, ALERT_REPEATED, ALERT_RECOVERED };

struct alert {
	enum alert_code code;
	enum alert_event event;
	const char *subject, *value;
	int64_t since, recovered;
};

#define ALERT_TEXT_MAX 200	/* bytes kept of a subject or a value */
#define ALERT_SIGNATURE 17

const struct alert_info *alert_info(enum alert_code);
bool alert_find(const char *name, enum alert_code *out);
const char *alert_event_name(enum alert_event);
void alert_signature(enum alert_code, const char *subject,
	char out[ALERT_SIGNATURE]);
/* Tamed: a subject may be foreign text. */
void alert_sentence(const struct alert *, struct str *out);
/* "2026-10-05 14:03 IST" */
#define ALERT_TIME 24
void alert_time(int64_t at, char out[ALERT_TIME]);

/* One alert as a notice of its own, several as one digest. */
void alerts_title(const struct alert *, size_t n, struct str *out);
void alerts_text(const struct alert *, size_t n, struct str *out);
/* "alert.raised", "alert.digest" */
const char *alerts_type(const struct alert *, size_t n);
void alerts_encode(const struct alert *, size_t n, const char *message,
	int64_t at, struct json *);

#endif
