#include "ui/split.h"

#include <string.h>

/* One word from *from on, written at `to`; NULL: a quote is not closed. */
static char *
take_word(const char **from, char *to)
{
	const char *p = *from;
	char quote = '\0';

	for (; *p != '\0' && (quote != '\0' || strchr(" \t", *p) == NULL);
	    p++) {
		if (quote == '\0' && (*p == '\'' || *p == '"'))
			quote = *p;
		else if (quote != '\0' && *p == quote)
			quote = '\0';
		else if (*p == '\\' && quote != '\'' && p[1] != '\0')
			*to++ = *++p;
		else
			*to++ = *p;
	}
	*to = '\0';
	*from = p;
	return quote == '\0' ? to + 1 : NULL;
}

bool
split_line(struct arena *arena, const char *line, struct split *out,
    struct err *e)
{
	char *to = arena_alloc(arena, 2 * strlen(line) + 2);

	*out = (struct split){ .n = 0 };
	for (line += strspn(line, " \t"); *line != '\0';
	    line += strspn(line, " \t")) {
		if (out->n == SPLIT_MAX)
			return err_set(e, ERR_USAGE, "more than %d words",
			    SPLIT_MAX);
		out->words[out->n++] = to;
		to = take_word(&line, to);
		if (to == NULL)
			return err_set(e, ERR_USAGE, "a quote is not closed");
	}
	return true;
}
