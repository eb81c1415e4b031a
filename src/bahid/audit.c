/* The verbs of the audit: verify; anchors, keys and exports follow. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bahid/verbs.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "store/audit.h"

struct word {			/* --name VALUE, or --name alone */
	const char *name;
	const char **value;
	bool *said;
};

/* What is no word of these is put first, *n of them. */
static bool
read_words(int argc, char **argv, const struct word *words, size_t n_words,
    int *n, struct err *e)
{
	*n = 0;
	for (int i = 0; i < argc; i++) {
		const struct word *word = NULL;

		if (strncmp(argv[i], "--", 2) != 0) {
			argv[(*n)++] = argv[i];
			continue;
		}
		for (size_t k = 0; k < n_words; k++)
			if (strcmp(argv[i] + 2, words[k].name) == 0)
				word = &words[k];
		if (word == NULL || (word->value != NULL && i + 1 == argc))
			return err_set(e, ERR_USAGE, "%.60s", argv[i]);
		if (word->value != NULL)
			*word->value = argv[++i];
		else
			*word->said = true;
	}
	return true;
}

/* A row, a day (IST) or a time; after: the last one of it. */
static bool
find_row(struct db *db, const char *text, bool after, int64_t *row,
    struct err *e)
{
	char time[40];
	int64_t at;

	*row = 0;
	if (text == NULL)
		return true;
	if (strspn(text, "0123456789") == strlen(text) && strlen(text) < 19) {
		*row = strtoll(text, NULL, 10);
		return *row > 0 || err_set(e, ERR_USAGE, "%.60s", text);
	}
	snprintf(time, sizeof time, "%.20s%s", text,
	    strlen(text) == 10 ? "T00:00:00+05:30" : "");
	if (!clock_parse(span_of(strlen(text) == 10 ? time : text), &at))
		return err_set(e, ERR_USAGE,
		    "not a row, a day or a time: %.60s", text);
	if (after)
		at += strlen(text) == 10 ? INT64_C(86400000000) : 1;
	if (!audit_row_at(db, at, row, e))
		return false;
	*row -= after;
	return !after || *row > 0 || err_set(e, ERR_NOT_FOUND,
	    "no audit row until %.60s", text);
}

static bool
find_rows(const char *store, const char *from, const char *to,
    struct audit_range *range, struct err *e)
{
	struct db *db = NULL;
	bool ok = db_open(&db, store, DB_READ, e) && db_begin_read(db, e) &&
	    find_row(db, from, false, &range->from, e) &&
	    find_row(db, to, true, &range->to, e);

	db_close(&db);
	return ok;
}

bool
verb_audit_verify(struct options *options, int argc, char **argv,
    struct err *e)
{
	const char *from = NULL, *to = NULL;
	const struct word words[] = { { "from", &from, NULL },
		{ "to", &to, NULL } };
	struct audit_range range = { .store = options_text(options, "store") };
	struct audit_report report;
	int n;

	if (!read_words(argc, argv, words, sizeof words / sizeof *words, &n,
	    e))
		return false;
	if (n > 0)
		return err_set(e, ERR_USAGE, "%.60s", argv[0]);
	if (!find_rows(range.store, from, to, &range, e) ||
	    !audit_verify(&range, &report, e))
		return false;
	printf(_("%lld audit rows, the chain is whole\n"),
	    (long long)report.rows);
	return true;
}
