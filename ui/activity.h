#ifndef BAHI_UI_ACTIVITY_H
#define BAHI_UI_ACTIVITY_H
/*
 * What came and was posted by day (/v1/activity), out of the cache, as lines
 * of text with a picture. Lives in the arena given.
 */
#include "ui/cache.h"

#define ACTIVITY_DAYS 31

struct activity {
	size_t n;
	const char *days[ACTIVITY_DAYS];
	int64_t posted[ACTIVITY_DAYS], open[ACTIVITY_DAYS], before;
	int64_t journals[ACTIVITY_DAYS];	/* dated that day */
	struct wire_rows sources;	/* source day posted p95_seconds */
};

/* Of a month, or, "", of the last days; false: not here. */
bool activity_find(struct cache *, struct arena *, const char *period,
	struct activity *);
MUST_CHECK bool activity_read(struct span json, struct arena *,
	struct activity *);
/* "Posted by day  ▁▂█  most 1,234 on 05-10-2026", or NULL: nothing was. */
const char *activity_posted(struct arena *, const struct activity *);
const char *activity_open(struct arena *, const struct activity *);
/* Of one source: postings, and how late its 95th of a hundred was. */
const char *activity_source(struct arena *, const struct activity *,
	const char *source);
/* A month of journals as a strip of shades, the days above it, its legend. */
const char *activity_scale(struct arena *, const struct activity *);
const char *activity_strip(struct arena *, const struct activity *);
const char *activity_legend(struct arena *, const struct activity *);
/* "Age  ░░▒▄█  ░ 0-2d 12  ▒ 3-7d 4 ..." */
#define ACTIVITY_AGES 5
extern const char *const activity_ages[ACTIVITY_AGES];	/* as the API has */
const char *activity_bar(struct arena *, const int64_t ages[ACTIVITY_AGES],
	int cells);

#endif
