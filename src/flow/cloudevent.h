#ifndef BAHI_FLOW_CLOUDEVENT_H
#define BAHI_FLOW_CLOUDEVENT_H
/*
 * CloudEvents 1.0 (cloudevents/spec, HTTP binding and JSON format): binary
 * (ce- headers), structured and batch. Key: source and id; topic: type.
 */
#include "core/arena.h"
#include "core/json.h"
#include "sources/sources.h"

#define CLOUDEVENTS_MAX 1000	/* of one batch */

enum cloudevent_mode { CLOUDEVENT_BINARY, CLOUDEVENT_STRUCTURED,
	CLOUDEVENT_BATCH };

/* By the content type; ERR_MEDIA when it is none. */
MUST_CHECK bool cloudevent_mode(const struct delivery *,
	enum cloudevent_mode *, struct err *);
/* ERR_REQUEST names the attribute that is missing or wrong. */
MUST_CHECK bool cloudevent_binary(const struct delivery *, struct arena *,
	struct verified *, struct err *);
/* Strict JSON; ERR_JSON says where it is not. */
MUST_CHECK bool cloudevent_read(struct span text, struct arena *,
	struct json_item *, struct err *);
/* The item stays for as long as what it was verified to be. */
MUST_CHECK bool cloudevent_structured(const struct json_item *,
	struct arena *, struct verified *, struct err *);
/* Each element of a JSON array, all judged. */
MUST_CHECK bool cloudevent_split(struct span batch, struct arena *,
	struct json_item **items, size_t *n, struct err *);

#endif
