/* How figures are written; called by metrics.c and those that have figures of
 * their own. */
#include "api/metrics.h"

#include <stdio.h>
#include <string.h>

#include "book/money.h"
#include "store/numbers.h"

void
metric_family(struct str *out, const char *name, const char *type,
    const char *unit, const char *help)
{
	str_addf(out, "# TYPE %s %s\n", name, type);
	if (unit != NULL)
		str_addf(out, "# UNIT %s %s\n", name, unit);
	str_addf(out, "# HELP %s %s\n", name, help);
}

static void
label(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\' || *text == '\n')
			str_addc(out, '\\');
		str_addc(out, *text == '\n' ? 'n' : *text);
	}
}

/* labels: name, value, ..., NULL. */
void
metric_sample(struct str *out, const char *name, const char *const *labels,
    const char *value)
{
	str_adds(out, name);
	for (size_t i = 0; labels[i] != NULL; i += 2) {
		str_addf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i]);
		label(out, labels[i + 1]);
		str_addc(out, '"');
	}
	str_addf(out, "%s %s\n", labels[0] != NULL ? "}" : "", value);
}

void
metric_count(struct str *out, const char *name, const char *const *labels,
    int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)n);
	metric_sample(out, name, labels, text);
}

void
metric_seconds(struct str *out, const char *name, const char *const *labels,
    int64_t micros)
{
	char text[32];

	seconds_text(micros, text);
	metric_sample(out, name, labels, text);
}

/* Nothing is said of what nothing is known of. */
void
metric_ratio(struct str *out, const char *name, const char *const *labels,
    int64_t n, int64_t of)
{
	char text[16];

	if (of <= 0 || n < 0 || n > of)
		return;
	ratio_text(n, of, text);
	metric_sample(out, name, labels, text);
}

void
metric_amount(struct str *out, const char *name, const char *const *labels,
    int64_t minor, const char *currency)
{
	struct money m = { .minor = minor };
	struct str text;

	snprintf(m.currency, sizeof m.currency, "%s", currency);
	str_init(&text, 64);
	money_plain(m, &text);
	metric_sample(out, name, labels, text.p);
	str_free(&text);
}

const char *const metric_none[] = { NULL };

void
metric_counter(struct str *out, const char *name, const char *help, int64_t n)
{
	char total[80];

	metric_family(out, name, "counter", NULL, help);
	snprintf(total, sizeof total, "%s_total", name);
	metric_count(out, total, metric_none, n);
}

void
metric_gauge(struct str *out, const char *name, const char *help, int64_t n)
{
	metric_family(out, name, "gauge", NULL, help);
	metric_count(out, name, metric_none, n);
}

/* ---- latencies -------------------------------------------------------- */

/* As the specification writes them: 0.001, 1.0, 100000.0, 2e+06. */
static void
bound_text(int64_t micros, char out[32])
{
	size_t n;

	if (micros >= INT64_C(1000000000000)) {
		snprintf(out, 32, "%llde+06",
		    (long long)(micros / INT64_C(1000000000000)));
		return;
	}
	seconds_text(micros, out);
	n = strlen(out);
	while (out[n - 1] == '0' && out[n - 2] != '.')
		out[--n] = '\0';
}

void
metric_histogram(struct str *out, const char *name, const char *key,
    const char *value, const int64_t buckets[LATENCY_BUCKETS + 1],
    int64_t micros)
{
	char bucket[80], count[80], sum[80], bound[32] = "+Inf";
	const char *const labels[] = { key, value, "le", bound, NULL };
	const char *const only[] = { key, value, NULL };
	int64_t n = 0;

	snprintf(bucket, sizeof bucket, "%s_bucket", name);
	snprintf(count, sizeof count, "%s_count", name);
	snprintf(sum, sizeof sum, "%s_sum", name);
	for (int i = 0; i <= LATENCY_BUCKETS; i++) {
		n += buckets[i];
		if (i < LATENCY_BUCKETS)
			bound_text(latency_bounds[i], bound);
		else
			snprintf(bound, sizeof bound, "+Inf");
		metric_count(out, bucket, labels, n);
	}
	metric_count(out, count, only, n);
	metric_seconds(out, sum, only, micros);
}
