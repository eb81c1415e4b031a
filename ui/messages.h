#ifndef BAHI_UI_MESSAGES_H
#define BAHI_UI_MESSAGES_H
/* What the console said since its start, the last of it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message {
	int64_t at;		/* clock_now() */
	bool bad;
	char text[400];		/* tame */
};

void messages_add(bool bad, const char *tame);
/* The n-th from the last, 0 the last; NULL: there are no more. */
const struct message *messages_at(size_t n);

#endif
