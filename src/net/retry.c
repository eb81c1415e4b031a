/*
 * The arithmetic of trying again.  Called by whoever talks to others (polls,
 * targets) and by the intake, which limits those who talk to us.
 */
#include "net/retry.h"

#include <stdio.h>

#include "core/clock.h"

#define SECOND INT64_C(1000000)

/* ---- backoff ---------------------------------------------------------- */

int64_t
retry_backoff(unsigned attempt, int64_t base, int64_t most,
    uint64_t random)
{
	int64_t top = base < most ? base : most;

	for (unsigned i = 1; i < attempt && top < most; i++)
		top = top > most / 2 ? most : top * 2;
	return top > 0 ? (int64_t)(random % ((uint64_t)top + 1)) : 0;
}

/* ---- Retry-After ------------------------------------------------------ */

static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
	"Nov", "Dec"
};

static int
month_of(const char *name)
{
	for (int i = 0; i < 12; i++)
		if (strcmp(months[i], name) == 0)
			return i + 1;
	return 0;
}

/* Two digits of a year are the one that is not 50 years ahead (RFC 9110). */
static int
century(int year, int64_t now)
{
	char text[25];
	int this = 0;

	clock_format(now, text);
	for (int i = 0; i < 4; i++)
		this = this * 10 + text[i] - '0';
	year += this - this % 100;
	return year > this + 50 ? year - 100 : year;
}

struct when {
	char month[4];
	int day, year, h, m, s;
};

/* IMF-fixdate, and the two obsolete forms that must still be read. %n is
 * reached only when all before it was there. */
static bool
read_parts(const char *s, int64_t now, struct when *w)
{
	int end = 0;

	(void)sscanf(s, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
	    &w->day, w->month, &w->year, &w->h, &w->m, &w->s, &end);
	if (end > 0)
		return s[end] == '\0';
	(void)sscanf(s, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n",
	    &w->day, w->month, &w->year, &w->h, &w->m, &w->s, &end);
	if (end > 0) {
		w->year = century(w->year, now);
		return s[end] == '\0';
	}
	(void)sscanf(s, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n",
	    w->month, &w->day, &w->h, &w->m, &w->s, &w->year, &end);
	return end > 0 && s[end] == '\0';
}

static bool
read_date(const char *s, int64_t now, int64_t *out)
{
	struct when w = { .month = "" };
	char text[80];

	if (!read_parts(s, now, &w))
		return false;
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", w.year,
	    month_of(w.month), w.day, w.h, w.m, w.s);
	return clock_parse(span_of(text), out);
}

static int64_t
within(int64_t wait)
{
	return wait < 0 ? 0 : wait > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : wait;
}

bool
retry_after(struct span value, int64_t now, int64_t *wait)
{
	char text[64];
	int64_t seconds = 0, at;

	if (value.n == 0 || value.n >= sizeof text)
		return false;
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	if (strspn(text, "0123456789") != value.n) {
		if (!read_date(text, now, &at))
			return false;
		*wait = within(at - now);
		return true;
	}
	for (size_t i = 0; i < value.n && seconds <= 86400; i++)
		seconds = seconds * 10 + text[i] - '0';
	*wait = within(seconds * SECOND);
	return true;
}

/* ---- breaker ---------------------------------------------------------- */

const char *
breaker_name(enum breaker_state state)
{
	static const char *const names[] = { "closed", "open", "half-open" };

	return names[state];
}

bool
breaker_admits(struct breaker *b, int64_t now)
{
	if (b->state == BREAKER_CLOSED)
		return true;
	if (b->state == BREAKER_HALF || now < b->until)
		return false;	/* one trial at a time */
	b->state = BREAKER_HALF;
	return true;
}

void
breaker_good(struct breaker *b)
{
	b->state = BREAKER_CLOSED;
	b->failures = 0;
}

bool
breaker_bad(struct breaker *b, int64_t now)
{
	bool was = b->state == BREAKER_CLOSED;

	b->failures += b->failures < UINT32_MAX;
	if (b->state != BREAKER_HALF && b->failures < b->limit)
		return false;
	b->state = BREAKER_OPEN;
	b->until = now + b->pause;
	return was;
}

/* ---- token bucket ----------------------------------------------------- */

/* A millionth of a token a microsecond is a token a second. */
static int64_t
level_at(const struct bucket *b, int64_t now, int64_t rate, int64_t burst)
{
	int64_t full = burst * SECOND;
	int64_t passed = now - b->at;
	int64_t level = b->level < full ? b->level : full;

	if (!b->used)
		return full;
	if (passed <= 0)	/* the clock was set back */
		return level;
	if (passed > (full - level) / rate)
		return full;
	return level + passed * rate;
}

int64_t
bucket_wait(const struct bucket *b, int64_t now, int64_t rate, int64_t burst,
    int64_t n)
{
	int64_t level = level_at(b, now, rate, burst);
	int64_t want = (n < burst ? n : burst) * SECOND;

	return level >= want ? 0 : (want - level + rate - 1) / rate;
}

int64_t
bucket_take(struct bucket *b, int64_t now, int64_t rate, int64_t burst,
    int64_t n)
{
	int64_t wait = bucket_wait(b, now, rate, burst, n);

	b->level = level_at(b, now, rate, burst);
	b->at = now;
	b->used = true;
	if (wait == 0)
		b->level -= n * SECOND;
	return wait;
}
