/* A journal becomes what a target is told; called by flow/committer.c and by
 * what compares. Reads the store only. */
#include "targets/posting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/document.h"
#include "targets/conf.h"
#include "targets/targets.h"

#define UNMAPPED_MAX 200		/* of one journal */
#define NOTHING "-"		/* mapped to it: the dimension is left out */

void
posting_reference(const char *entity, int64_t journal,
    char out[REFERENCE_MAX])
{
	char code[33];
	size_t n = 0;

	for (; entity[n] != '\0' && n < sizeof code - 1; n++) {
		char c = entity[n];

		code[n] = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c >= '0' && c <= '9') || c == '_' || c == '-' ? c : '_';
	}
	code[n] = '\0';
	snprintf(out, REFERENCE_MAX, "bahi-%s-%012lld", code,
	    (long long)journal);
}

void
posting_series(const char *entity, char out[REFERENCE_MAX])
{
	posting_reference(entity, 0, out);
	out[strlen(out) - (sizeof POSTING_DIGITS - 1)] = '\0';
}

int64_t
posting_journal(const char *reference)
{
	const char *digits = strrchr(reference, '-');
	int64_t journal = 0;
	size_t n;

	if (strncmp(reference, "bahi-", 5) != 0 || digits < reference + 6)
		return 0;
	n = strlen(++digits);
	if (n < 12 || n > 18 || strspn(digits, "0123456789") != n)
		return 0;
	for (size_t i = 0; i < n; i++)
		journal = journal * 10 + (digits[i] - '0');
	return journal;
}

/* ---- mapping ---------------------------------------------------------- */

struct mapper {
	struct db *db;
	struct arena *arena;
	struct err *e;
	const char *source;		/* "to:NAME" */
	bool strict;
	bool subledgers;		/* parties are accounts there, */
	bool as_ledgers;		/* and that is wanted */
	bool details;			/* it is told items and the like */
	struct posting_miss misses[UNMAPPED_MAX];
	size_t n_misses;
};

static void
miss(struct mapper *m, const char *dimension, const char *value)
{
	for (size_t i = 0; i < m->n_misses; i++)
		if (strcmp(m->misses[i].dimension, dimension) == 0 &&
		    strcmp(m->misses[i].value, value) == 0)
			return;
	if (m->n_misses < UNMAPPED_MAX)
		m->misses[m->n_misses++] =
		    (struct posting_miss){ dimension, value };
}

/* Theirs for ours; *out "" where there is nothing to say. */
static bool
map(struct mapper *m, const char *dimension, const char *value,
    const char **out)
{
	static const char SQL[] = "SELECT to_value FROM mapping WHERE"
	    " source = $1 AND dimension = $2 AND from_value = $3";
	struct stmt *s;
	enum step step;

	*out = "";
	if (value == NULL || *value == '\0')
		return true;
	s = db_stmt(m->db, SQL);
	stmt_text(s, 1, m->source);
	stmt_text(s, 2, dimension);
	stmt_text(s, 3, value);
	step = stmt_step(s, m->e);
	if (step == STEP_ROW) {
		if (strcmp(col_text(s, 0), NOTHING) != 0)
			*out = arena_strdup(m->arena, col_text(s, 0));
		stmt_reset(s);
		return true;
	}
	*out = value;
	if (step == STEP_DONE && m->strict)
		miss(m, dimension, value);
	return step == STEP_DONE;
}

static bool
name_party(struct mapper *m, const char *code, const char **out)
{
	static const char SQL[] = "SELECT name FROM master WHERE"
	    " tab = 'party' AND code = $1";
	struct stmt *s;
	enum step step;

	*out = "";
	if (code == NULL || *code == '\0')
		return true;
	s = db_stmt(m->db, SQL);
	stmt_text(s, 1, code);
	step = stmt_step(s, m->e);
	if (step == STEP_ROW) {
		*out = arena_strdup(m->arena, col_text(s, 0));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

/* Its own account there: as it is mapped, or by the name that it has here. */
static void
give_ledger(const struct entry *entry, struct posting_line *line)
{
	if (*line->party == '\0')
		return;
	line->account = strcmp(line->party, entry->party) == 0 &&
	    *line->party_name != '\0' ? line->party_name : line->party;
	line->subledger = true;
}

/* What is not told there needs no row. */
static bool
map_details(struct mapper *m, const struct entry *entry,
    struct posting_line *line)
{
	bool strict = m->strict, ok;

	m->strict = strict && m->details;
	ok = map(m, "tax_code", entry->tax_code, &line->tax_code) &&
	    map(m, "item", entry->item, &line->item) &&
	    map(m, "location", entry->location, &line->location);
	m->strict = strict;
	return ok;
}

static bool
map_line(struct mapper *m, const struct entry *entry,
    struct posting_line *line)
{
	line->ours = entry->account;
	line->memo = entry->memo != NULL ? entry->memo : "";
	line->amount = entry->base;
	line->foreign = entry->amount;
	memcpy(line->currency, entry->currency, sizeof line->currency);
	if (!map(m, "account", entry->account, &line->account) ||
	    !map(m, "party", entry->party, &line->party) ||
	    !name_party(m, entry->party, &line->party_name))
		return false;
	if (m->as_ledgers)
		give_ledger(entry, line);
	if (m->subledgers)
		line->party = "";
	return map(m, "cost_centre", entry->cost_centre, &line->cost_centre) &&
	    map_details(m, entry, line);
}

/* Of an account nothing can be left out. */
static void
judge_line(struct mapper *m, const struct posting_line *line)
{
	if (*line->account == '\0')
		miss(m, "account", line->ours);
}

static bool
map_lines(struct mapper *m, const struct journal *journal,
    struct posting *posting)
{
	posting->lines = arena_alloc(m->arena, sizeof *posting->lines *
	    (journal->n_entries + 1));
	for (size_t i = 0; i < journal->n_entries; i++) {
		struct posting_line *line = &posting->lines[posting->n_lines];

		if (journal->entries[i].base == 0)
			continue;
		if (!map_line(m, &journal->entries[i], line))
			return false;
		judge_line(m, line);
		posting->n_lines++;
	}
	return true;
}

static bool
base_currency(struct mapper *m, struct posting *posting)
{
	static const char SQL[] = "SELECT extra FROM master WHERE"
	    " tab = 'entity' AND code = $1";
	struct stmt *s = db_stmt(m->db, SQL);
	enum step step;

	stmt_text(s, 1, posting->entity);
	step = stmt_step(s, m->e);
	if (step != STEP_ROW)
		return step == STEP_DONE && err_set(m->e, ERR_CORRUPT,
		    "no entity %.60s", posting->entity);
	snprintf(posting->currency, sizeof posting->currency, "%.3s",
	    col_text(s, 0));
	stmt_reset(s);
	return true;
}

static bool
among(const char *kind, const char *const *kinds)
{
	for (size_t i = 0; kind != NULL && kinds[i] != NULL; i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	return false;
}

static bool
has_bill(const char *kind)
{
	static const char *const kinds[] = { "sales_invoice",
	    "purchase_invoice", "credit_note", "debit_note", "advance", NULL };

	return among(kind, kinds);
}

static bool
settles(const char *kind)
{
	static const char *const kinds[] = { "payment", "refund",
	    "credit_note", "debit_note", "advance_adjustment", NULL };

	return among(kind, kinds);
}

/* The number of the document that this one settles. */
static bool
look_against(struct mapper *m, const struct journal_head *head,
    struct posting *posting)
{
	static const char SQL[] = "SELECT body FROM document_version WHERE"
	    " id >= $1 * 128 AND id < ($1 + 1) * 128 AND kind = $2"
	    " AND number = $3 ORDER BY id DESC LIMIT 1";
	struct stmt *s = db_stmt(m->db, SQL);
	struct document document;
	enum step step;
	bool note;

	stmt_int(s, 1, head->event);
	stmt_text(s, 2, head->kind);
	stmt_text(s, 3, head->number);
	step = stmt_step(s, m->e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	note = strcmp(head->kind, "credit_note") == 0 ||
	    strcmp(head->kind, "debit_note") == 0;
	if (document_decode(span_of(col_text(s, 0)), m->arena, &document)) {
		if (note && document.gst != NULL &&
		    document.gst->original != NULL)
			posting->against = document.gst->original;
		else if (!note && has_bill(document.after_kind))
			posting->against = document.after_number;
	}
	stmt_reset(s);
	return true;
}

/* ---- the whole -------------------------------------------------------- */

static void
fill(struct posting *posting, const struct journal *journal,
    const struct journal_head *head, struct arena *arena)
{
	char undone[REFERENCE_MAX];

	*posting = (struct posting){
	    .journal = journal->id, .entity = journal->entity,
	    .kind = head->kind, .number = head->number,
	    .version = head->version, .event = head->event,
	    .date = journal->date, .reverses = "", .reverses_remote = "",
	    .against = ""
	};
	posting_reference(journal->entity, journal->id, posting->reference);
	posting->narration = arena_printf(arena, "%s %s %s%s%s",
	    posting->reference, head->kind, head->number,
	    journal->narration != NULL && *journal->narration != '\0' ?
	    ": " : "", journal->narration != NULL ? journal->narration : "");
	if (journal->reverses == 0)
		return;
	posting_reference(journal->entity, journal->reverses, undone);
	posting->reverses = arena_strdup(arena, undone);
}

static bool
has_details(const struct targetconf *conf)
{
	const struct adapter *adapter = adapter_find(conf->kind);

	return adapter == NULL || adapter->details;
}

static void
read_parties(struct mapper *m, const struct targetconf *conf)
{
	const struct adapter *adapter = adapter_find(conf->kind);

	m->subledgers = adapter != NULL && adapter->subledgers;
	m->as_ledgers = m->subledgers && strcmp(options_text(conf->options,
	    "parties"), "ledgers") == 0;
}

bool
posting_load(struct db *db, const struct targetconf *conf, int64_t id,
    struct arena *arena, struct posting *posting,
    struct posting_miss **misses, size_t *n_misses, bool *found,
    struct err *e)
{
	struct mapper *m = arena_alloc(arena, sizeof *m);
	struct journal_head head;
	struct journal journal;

	*misses = m->misses;
	*n_misses = 0;
	if (!journal_load(db, id, arena, &journal, &head, found, e) || !*found)
		return e->code == ERR_NONE;
	m->db = db;
	m->arena = arena;
	m->e = e;
	m->source = arena_printf(arena, "to:%s", conf->name);
	m->strict = strcmp(options_text(conf->options, "unmapped"),
	    "refuse") == 0;
	read_parties(m, conf);
	m->details = has_details(conf);
	fill(posting, &journal, &head, arena);
	if (m->as_ledgers && settles(head.kind) &&
	    !look_against(m, &head, posting))
		return false;
	if (!base_currency(m, posting) || !map_lines(m, &journal, posting))
		return false;
	/* A book that nobody mapped is the conf's. */
	m->strict = false;
	if (!map(m, "kind", head.kind, &posting->book))
		return false;
	if (posting->book == head.kind)
		posting->book = options_text(conf->options, "book");
	*n_misses = m->n_misses;
	return true;
}

/* ---- as text ---------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	const struct posting_line *x = *(const struct posting_line *const *)a;
	const struct posting_line *y = *(const struct posting_line *const *)b;
	int order = strcmp(x->account, y->account);

	if (order == 0)
		order = strcmp(x->party, y->party);
	if (order == 0)
		order = (x->amount > y->amount) - (x->amount < y->amount);
	return order;
}

static const char *
text_of(const char *text)
{
	return text != NULL ? text : "";
}

void
posting_text(struct day day, const struct posting_line *lines, size_t n,
    struct str *out)
{
	const struct posting_line **order = calloc(n + 1, sizeof *order);

	if (order == NULL)
		bug("out of memory");
	for (size_t i = 0; i < n; i++)
		order[i] = &lines[i];
	qsort(order, n, sizeof *order, compare);
	str_addf(out, "%s\n", day.text);
	for (size_t i = 0; i < n; i++)
		str_addf(out, "%s\t%s\t%lld\n", text_of(order[i]->account),
		    text_of(order[i]->party), (long long)order[i]->amount);
	free(order);
}
