/* The table of file formats. */
#include "formats/formats.h"

#include <strings.h>

#include "formats/list.h"

const struct format *const formats[] = {
	&format_csv, &format_jsonl, &format_mt940,
	&format_camt053, &format_x12, &format_edifact, &format_edi, NULL
};

const struct format *
format_find(const char *name)
{
	for (size_t i = 0; formats[i] != NULL; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

/* Is the suffix one of the words? */
static bool
among(const char *words, const char *suffix)
{
	size_t n = strlen(suffix), length;

	for (; *words != '\0'; words += length) {
		words += strspn(words, " ");
		length = strcspn(words, " ");
		if (length == n && strncasecmp(words, suffix, n) == 0)
			return true;
	}
	return false;
}

const struct format *
format_of_file(const char *name)
{
	const char *suffix = strrchr(name, '.');

	if (suffix == NULL)
		return NULL;
	for (size_t i = 0; formats[i] != NULL; i++)
		if (among(formats[i]->suffixes, suffix))
			return formats[i];
	return NULL;
}
