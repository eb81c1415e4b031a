/*
 * The seam to time.  Everything else asks here, so that a test can stop or
 * move the wall clock.
 */
#include "core/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "core/err.h"

static _Atomic int64_t fixed;
static atomic_bool asked;

static int64_t
read_clock(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) != 0)
		bug("no clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
clock_now(void)
{
	if (!atomic_exchange(&asked, true)) {
		const char *text = getenv("BAHI_CLOCK");
		int64_t at;

		if (text != NULL && clock_parse(span_of(text), &at))
			atomic_store(&fixed, at);
	}
	return atomic_load(&fixed) != 0 ? atomic_load(&fixed) :
	    read_clock(CLOCK_REALTIME);
}

int64_t
clock_mono(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void
clock_fix(int64_t now)
{
	atomic_store(&asked, true);
	atomic_store(&fixed, now);
}

/* Days since 1970-01-01 of a proleptic Gregorian date, and back: the era
 * arithmetic of 400 years, March first so that leap days fall at the end. */
static int64_t
days_of(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_of(int64_t days, int *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

/* The last n digits and what follows them. */
static char *
put(char *p, size_t n, unsigned value, char after)
{
	for (size_t i = n; i-- > 0; value /= 10)
		p[i] = (char)('0' + value % 10);
	p[n] = after;
	return p + n + 1;
}

/* Each event asks for some: printf is slow at them. */
void
clock_format(int64_t at, char out[25])
{
	int64_t day = at / 86400000000, rest = at % 86400000000;
	unsigned ms;
	int y, m, d;

	if (rest < 0) {
		day--;
		rest += 86400000000;
	}
	date_of(day, &y, &m, &d);
	ms = (unsigned)(rest / 1000);
	out = put(out, 4, (unsigned)y, '-');
	out = put(out, 2, (unsigned)m, '-');
	out = put(out, 2, (unsigned)d, 'T');
	out = put(out, 2, ms / 3600000, ':');
	out = put(out, 2, ms / 60000 % 60, ':');
	out = put(out, 2, ms / 1000 % 60, '.');
	*put(out, 3, ms % 1000, 'Z') = '\0';
}

/* n digits at *p as a number; -1: not digits. Moves on. */
static int
digits(struct span *s, size_t n)
{
	int value = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		value = value * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return value;
}

static bool
mark(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool
parse_offset(struct span *s, int *minutes)
{
	int sign, h, m;

	*minutes = 0;
	if (mark(s, 'Z') || mark(s, 'z'))
		return true;
	if (mark(s, '+'))
		sign = 1;
	else if (mark(s, '-'))
		sign = -1;
	else
		return false;
	h = digits(s, 2);
	if (!mark(s, ':'))
		return false;
	m = digits(s, 2);
	*minutes = sign * (h * 60 + m);
	return h >= 0 && h < 24 && m >= 0 && m < 60;
}

/* Digits past the microsecond are cut; a point without any is no fraction. */
static bool
parse_fraction(struct span *s, int64_t *micros)
{
	int64_t unit = 100000;

	*micros = 0;
	if (!mark(s, '.'))
		return true;
	if (s->n == 0 || s->p[0] < '0' || s->p[0] > '9')
		return false;
	for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--) {
		*micros += (s->p[0] - '0') * unit;
		unit /= 10;
	}
	return true;
}

/* A day that the calendar has: one that comes back as it went. */
static bool
real_date(int y, int m, int d)
{
	int y2, m2, d2;

	date_of(days_of(y, m, d), &y2, &m2, &d2);
	return y2 == y && m2 == m && d2 == d;
}

bool
clock_parse(struct span s, int64_t *out)
{
	int y, m, d, hh, mm, ss, offset;
	int64_t micros;

	y = digits(&s, 4);
	if (y < 0 || !mark(&s, '-') || (m = digits(&s, 2)) < 1 || m > 12 ||
	    !mark(&s, '-') || (d = digits(&s, 2)) < 1 || !real_date(y, m, d))
		return false;
	if (!mark(&s, 'T') && !mark(&s, 't') && !mark(&s, ' '))
		return false;
	hh = digits(&s, 2);
	if (hh < 0 || hh > 23 || !mark(&s, ':'))
		return false;
	mm = digits(&s, 2);
	if (mm < 0 || mm > 59 || !mark(&s, ':'))
		return false;
	ss = digits(&s, 2);
	if (ss < 0 || ss > 60)
		return false;
	if (!parse_fraction(&s, &micros) || !parse_offset(&s, &offset) ||
	    s.n != 0)
		return false;
	*out = ((days_of(y, m, d) * 86400 + hh * 3600 + mm * 60 + ss) -
	    (int64_t)offset * 60) * 1000000 + micros;
	return true;
}
