#include "ui/age.h"

#include <stddef.h>

#include "core/i18n.h"

#define MINUTE INT64_C(60000000)

static const struct {
	int64_t from;
	const char *text;
} steps[] = {
	{ 1 * MINUTE, N_(", over 1 min old") },
	{ 5 * MINUTE, N_(", OLD: over 5 min") },
	{ 30 * MINUTE, N_(", VERY OLD: over 30 min") },
	{ 24 * 60 * MINUTE, N_(", VERY OLD: over a day") },
};

const char *
age_text(int64_t age)
{
	const char *text = "";

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (age >= steps[i].from)
			text = _(steps[i].text);
	return text;
}

int64_t
age_next(int64_t age)
{
	for (size_t i = 0; age >= 0 && i < sizeof steps / sizeof *steps; i++)
		if (age < steps[i].from)
			return steps[i].from - age;
	return INT64_MAX;
}
