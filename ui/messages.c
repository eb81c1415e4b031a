/* A ring of the last messages; only the console's loop touches it. */
#include "ui/messages.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

#define KEPT 200

static struct message kept[KEPT];
static size_t said;

void
messages_add(bool bad, const char *tame)
{
	struct message *one = &kept[said++ % KEPT];

	one->at = clock_now();
	one->bad = bad;
	snprintf(one->text, sizeof one->text, "%s", tame);
}

const struct message *
messages_at(size_t n)
{
	return n >= said || n >= KEPT ? NULL :
	    &kept[(said - 1 - n) % KEPT];
}
