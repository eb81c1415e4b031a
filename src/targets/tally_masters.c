/*
 * Ledgers that vouchers name and Tally does not have: made there where the
 * settings want it, else told of, with what mends it.
 */
#include "targets/tally.h"

#include <ctype.h>
#include <string.h>

static struct span
folded(const char *name, struct arena *arena)
{
	char *low = arena_strdup(arena, name);

	for (char *p = low; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return span_of(low);
}

static bool
sells(const char *kind)
{
	return strcmp(kind, "purchase_invoice") != 0 &&
	    strcmp(kind, "debit_note") != 0;
}

/* The group that is right as far as we know. */
static const char *
group_of(const struct posting *posting, const struct posting_line *line)
{
	if (!line->subledger)
		return "Suspense A/c";
	return sells(posting->kind) ? TALLY_DEBTORS : TALLY_CREDITORS;
}

/* Those that postings name and Tally does not have: name -> group. */
static bool
look_missing(struct target *target, const struct posting *postings, size_t n,
    struct arena *arena, struct map *out, struct err *e)
{
	struct remote_balance *ledgers;
	struct map *there;
	size_t n_ledgers;

	if (!tally_ledgers(target, arena, &ledgers, &n_ledgers, e))
		return false;
	there = map_new();
	for (size_t i = 0; i < n_ledgers; i++)
		map_set(there, folded(ledgers[i].name, arena), &ledgers[i]);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < postings[i].n_lines; k++) {
			const struct posting_line *line =
			    &postings[i].lines[k];

			if (map_find(there, folded(line->account, arena)) ==
			    NULL && map_count(out) < TALLY_MISSING_MAX)
				map_set(out, span_of(line->account),
				    arena_strdup(arena,
				    group_of(&postings[i], line)));
		}
	map_free(&there, NULL);
	return true;
}

/* `masters = create`: what is missing is made first. Whether that went well
 * the vouchers will say. */
bool
tally_make_missing(struct target *target, const struct posting *postings,
    size_t n, struct arena *arena, struct err *e)
{
	struct tally *tally = target->state;
	struct map *missing = map_new();
	const struct xml_node *root;
	struct fetch_answer answer;
	struct span name;
	struct str body;
	void *group;
	size_t at = 0;
	bool ok = look_missing(target, postings, n, arena, missing, e);

	if (ok && map_count(missing) > 0) {
		str_init(&body, VOUCHERS_BYTES);
		tally_import_begin(&body, "All Masters", tally->company);
		while (map_next(missing, &at, &name, &group))
			tally_ledger_put(&body, arena_strndup(arena, name.p,
			    name.n), group);
		tally_import_end(&body);
		ok = tally_post(target, &body, arena, &root, &answer, e);
		str_free(&body);
	}
	map_free(&missing, NULL);
	return ok;
}

void
tally_forget(struct tally *tally, const struct remote_balance *ledgers,
    size_t n)
{
	struct arena *arena = arena_new();
	struct map *there = map_new(), *left = map_new();
	struct span name;
	void *what;
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		map_set(there, folded(ledgers[i].name, arena), tally);
	while (map_next(tally->missing, &at, &name, &what))
		if (map_find(there, folded(arena_strndup(arena, name.p,
		    name.n), arena)) == NULL)
			map_set(left, name, what);
	map_free(&tally->missing, NULL);
	tally->missing = left;
	map_free(&there, NULL);
	arena_free(&arena);
}

/* Which they are, where they belong, and what can be done. */
const char *
tally_explain(struct target *target, const struct posting *posting,
    const char *words, struct arena *arena)
{
	struct tally *tally = target->state;
	struct map *missing = map_new();
	struct err e = { 0 };
	struct span name;
	struct str text;
	void *group;
	size_t at = 0;

	str_init(&text, 4 * TARGET_WORDS);
	str_adds(&text, words);
	if (look_missing(target, posting, 1, arena, missing, &e))
		while (map_next(missing, &at, &name, &group)) {
			str_addf(&text, "%s\"%.*s\" under %s",
			    at == 1 ? " | Tally has no ledger " : ", ",
			    (int)name.n, name.p, (const char *)group);
			if (map_count(tally->missing) < TALLY_MISSING_MAX)
				map_set(tally->missing, name,
				    strcmp(group, "Suspense A/c") == 0 ?
				    "an account" : "a party");
		}
	if (map_count(missing) > 0)
		str_addf(&text, ": create it there, or map to one that is"
		    " there in mapping.csv (source to:%s)",
		    target->conf->name);
	map_free(&missing, NULL);
	words = words_of(str_span(&text), arena);
	str_free(&text);
	return words;
}
