#ifndef BAHI_API_METRICS_H
#define BAHI_API_METRICS_H
/*
 * Inside of api/: the form of OpenMetrics 1.0. Names say their unit; names
 * from outside are only ever label values, and escaped here.
 */
#include "core/str.h"
#include "store/figure.h"

struct call;

extern const char *const metric_none[];		/* no labels */

/* unit NULL: none. */
void metric_family(struct str *, const char *name, const char *type,
	const char *unit, const char *help);
/* labels: name, value, ..., NULL. */
void metric_sample(struct str *, const char *name,
	const char *const *labels, const char *value);
void metric_count(struct str *, const char *name, const char *const *labels,
	int64_t n);
void metric_seconds(struct str *, const char *name,
	const char *const *labels, int64_t micros);
void metric_ratio(struct str *, const char *name, const char *const *labels,
	int64_t n, int64_t of);
void metric_amount(struct str *, const char *name,
	const char *const *labels, int64_t minor, const char *currency);
void metric_counter(struct str *, const char *name, const char *help,
	int64_t n);
void metric_gauge(struct str *, const char *name, const char *help,
	int64_t n);
/* One series of a histogram: by latency_bounds, and their sum. */
void metric_histogram(struct str *, const char *name, const char *key,
	const char *value, const int64_t n[LATENCY_BUCKETS + 1],
	int64_t micros);

/* metrics_target.c */
MUST_CHECK bool metrics_targets(struct call *, struct str *, struct err *);

#endif
