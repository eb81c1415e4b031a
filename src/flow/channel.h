#ifndef BAHI_FLOW_CHANNEL_H
#define BAHI_FLOW_CHANNEL_H
/*
 * Where notices go, as configured: each recipient of mail, the webhook, the
 * command. Each is a lane of its own: one that is down holds up no other.
 */
#include <stdatomic.h>
#include "core/option.h"
#include "net/send.h"
#include "store/alerts.h"

#define LANES_MAX 18		/* 16 recipients, webhook, command */

struct channels;

/* Wrong settings are refused here, when the daemon starts. */
MUST_CHECK bool channels_open(struct channels **, const struct options *,
	struct err *);
void channels_close(struct channels **);
size_t channels_count(const struct channels *);
const struct alert_lane *channel_lane(const struct channels *, size_t);
/* Does this lane want the text, or JSON? */
bool channel_reads(const struct channels *, size_t);
/* Delivers one notice; blocks, within the bounds of net/send.h. */
enum send_result channel_send(const struct channels *, size_t,
	const struct alert_notice *, const atomic_bool *stop, struct err *);

#endif
