/*
 * Sums of what one legal entity says of another.  They are sums only: the
 * same, in whatever order documents come.
 */
#include "store/mutual.h"

struct side {
	const char *entity, *party, *name;
};

static bool
add(struct books *books, const struct side *side,
    const struct document *document, const struct entry *entry,
    const struct journal *journal, struct err *e)
{
	static const char SQL[] = "INSERT INTO mutual VALUES ($1, $2, $3, $4,"
	    " $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO UPDATE SET"
	    " amount = amount + excluded.amount,"
	    " base = base + excluded.base, date = excluded.date,"
	    " journal = excluded.journal";
	struct stmt *s = db_stmt(books->db, SQL);
	char period[8];

	day_period(journal->date, period);
	stmt_text(s, 1, side->entity);
	stmt_text(s, 2, side->party);
	stmt_text(s, 3, side->name);
	stmt_text(s, 4, entry->account);
	stmt_text(s, 5, document_kind_name(document->kind));
	stmt_text(s, 6, document->number);
	stmt_text(s, 7, entry->currency);
	stmt_text(s, 8, period);
	stmt_int(s, 9, entry->amount);
	stmt_int(s, 10, entry->base);
	stmt_text(s, 11, journal->date.text);
	stmt_int(s, 12, journal->id);
	return stmt_run(s, e);
}

static bool
add_sum(struct books *books, const struct side *side,
    const struct entry *entry, struct day day, struct err *e)
{
	static const char SQL[] = "INSERT INTO mutual_sum VALUES"
	    " ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET"
	    " amount = amount + excluded.amount";
	struct stmt *s = db_stmt(books->db, SQL);
	char period[8];

	day_period(day, period);
	stmt_text(s, 1, side->entity);
	stmt_text(s, 2, side->party);
	stmt_text(s, 3, entry->account);
	stmt_text(s, 4, entry->currency);
	stmt_text(s, 5, period);
	stmt_int(s, 6, entry->amount);
	return stmt_run(s, e);
}

/* ---- do they agree ---------------------------------------------------- */

#define COUNTED " JOIN intercompany_side i ON i.entity = m.entity" \
	" AND i.account = m.account AND i.counterparty = m.party"

static void
bind_pair(struct stmt *s, const struct side *side)
{
	bool first = strcmp(side->entity, side->party) < 0;

	stmt_text(s, 1, first ? side->entity : side->party);
	stmt_text(s, 2, first ? side->party : side->entity);
	stmt_text(s, 3, side->name);
}

static bool
differ(struct books *books, const struct side *side, bool *yes,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM (SELECT m.currency, m.period,"
	    " m.amount FROM mutual m" COUNTED
	    " WHERE m.entity = $1 AND m.party = $2 AND m.name = $3"
	    " UNION ALL SELECT m.currency, m.period, m.amount FROM mutual m"
	    COUNTED
	    " WHERE m.entity = $2 AND m.party = $1 AND m.name = $3)"
	    " GROUP BY currency, period HAVING sum(amount) <> 0 LIMIT 1";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_pair(s, side);
	return stmt_found(s, yes, e);
}

static bool
judge(struct books *books, const struct side *side, struct err *e)
{
	static const char OPEN[] = "INSERT INTO mutual_open VALUES"
	    " ($1, $2, $3) ON CONFLICT DO NOTHING";
	static const char CLOSE[] = "DELETE FROM mutual_open"
	    " WHERE low = $1 AND high = $2 AND name = $3";
	struct stmt *s;
	bool yes;

	if (!differ(books, side, &yes, e))
		return false;
	s = db_stmt(books->db, yes ? OPEN : CLOSE);
	bind_pair(s, side);
	return stmt_run(s, e);
}

/* The other company that the party is: its own code, or what the code of a
 * party is mapped to. NULL: it is none. */
static const char *
company_of(const struct reference *reference, const struct journal *journal,
    const char *party)
{
	const char *code = party != NULL ? reference_lookup(reference, "*",
	    reference_table_name(REF_ENTITY), party) : NULL;

	return code != NULL && strcmp(code, journal->entity) != 0 ? code :
	    NULL;
}

bool
mutual_concerns(const struct reference *reference,
    const struct journal *journal)
{
	for (size_t i = 0; i < journal->n_entries; i++)
		if (company_of(reference, journal,
		    journal->entries[i].party) != NULL)
			return true;
	return false;
}

bool
mutual_note(struct books *books, const struct reference *reference,
    const struct document *document, const struct journal *journal,
    struct err *e)
{
	struct side side = { .entity = journal->entity,
	    .name = document->reference };

	if (side.name == NULL || *side.name == '\0')
		side.name = document->number;
	for (size_t i = 0; i < journal->n_entries; i++) {
		const struct entry *entry = &journal->entries[i];

		side.party = company_of(reference, journal, entry->party);
		if (side.party == NULL)
			continue;
		if (!add(books, &side, document, entry, journal, e) ||
		    !add_sum(books, &side, entry, journal->date, e) ||
		    !judge(books, &side, e))
			return false;
	}
	return true;
}

bool
mutual_again(struct db *db, struct err *e)
{
	static const char CLEAR[] = "DELETE FROM mutual_open";
	static const char FILL[] = "INSERT INTO mutual_open"
	    " SELECT DISTINCT low, high, name FROM (SELECT"
	    " min(m.entity, m.party) AS low, max(m.entity, m.party) AS high,"
	    " m.name AS name FROM mutual m" COUNTED
	    " GROUP BY 1, 2, 3, m.currency, m.period"
	    " HAVING sum(m.amount) <> 0)";

	return stmt_run(db_stmt(db, CLEAR), e) &&
	    stmt_run(db_stmt(db, FILL), e);
}
