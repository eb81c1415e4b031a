#ifndef BAHI_STORE_BANK_INSIDE_H
#define BAHI_STORE_BANK_INSIDE_H
/* Inside of store/: what the files of banks share. */
#include "store/bank.h"

/* Line p says the same of that, word by word. */
#define BANK_SAME(entity, account, day, amount, currency, text, reference) \
	"p.entity = " entity " AND p.account = " account \
	" AND p.day = " day " AND p.amount = " amount \
	" AND p.currency = " currency " AND p.text = " text \
	" AND p.reference = " reference

/* Of bank_line l: the first that another file said before, word by word; needs
 * its event e. What has no number in it is for bank_numbered to leave out. */
#define BANK_BEFORE "(SELECT p.id FROM bank_line p JOIN event pe" \
	" ON pe.seq = p.event WHERE " BANK_SAME("l.entity", "l.account", \
	"l.day", "l.amount", "l.currency", "l.text", "l.reference") \
	" AND +p.id < l.id AND pe.received <> e.received" \
	" ORDER BY p.id LIMIT 1)"

/* Its file has no opening balance of that account. */
#define BANK_LOOSE(event) "NOT EXISTS (SELECT 1 FROM bank_opening oc" \
	" CROSS JOIN event oy ON oy.seq = oc.event WHERE oc.entity =" \
	" o.entity AND oc.account = o.account AND oy.received = " event \
	".received)"
/* The day of the first opening balance of that account, in whatever order
 * statements came. One that tells of days before its own opens with them; '':
 * what else is told of before says that the account was not opened then. */
#define BANK_OPENED(entity, account) "(SELECT CASE WHEN EXISTS (SELECT 1" \
	" FROM bank_balance ob WHERE ob.entity = o.entity" \
	" AND ob.account = o.account AND ob.day < o.day) OR EXISTS (SELECT 1" \
	" FROM bank_line ol CROSS JOIN event ox ON ox.seq = ol.event" \
	" WHERE ol.entity = o.entity AND ol.account = o.account" \
	" AND ol.day < o.day AND " BANK_LOOSE("ox") ") THEN '' ELSE" \
	" min(o.day, coalesce((SELECT min(ol.day) FROM bank_line ol" \
	" WHERE ol.entity = o.entity AND ol.account = o.account), o.day))" \
	" END FROM bank_opening o WHERE o.entity = " entity \
	" AND o.account = " account " ORDER BY o.day, o.event LIMIT 1)"
/* The first day of account a that counts: as a person says, else as the first
 * statement does; '': none is said. */
#define BANK_SINCE(entity, account) "coalesce((SELECT nullif(r.opening, '')" \
	" FROM bank_rule r WHERE r.account IN (" account ", '*')" \
	" ORDER BY r.account = '*' LIMIT 1), " \
	BANK_OPENED(entity, account) ", '')"
/* Accounts with that day, which is looked for once. */
#define BANK_ACCOUNTS "WITH a AS MATERIALIZED (SELECT *, " \
	BANK_SINCE("b.entity", "b.account") " AS since" \
	" FROM bank_account b) "

/* Nothing of that match is of the day or later. */
#define BANK_OVER(match, day) "NOT EXISTS (SELECT 1 FROM bank_line x" \
	" WHERE x.match = " match " AND x.match > 0 AND x.day >= " day ")" \
	" AND NOT EXISTS (SELECT 1 FROM bank_item x" \
	" WHERE x.match = " match " AND x.match > 0 AND x.day >= " day ")"

/* Was line l, entry i, open as that day ended? By the days of what it is
 * matched with, not by when that was said. */
#define BANK_LINE_WAS(l, on) l ".day <= " on " AND (" l ".match = 0 OR (" \
	l ".match > 0 AND coalesce((SELECT min(x.day) FROM bank_item x" \
	" WHERE x.match = " l ".match AND x.match > 0)," \
	" (SELECT max(x.day) FROM bank_line x WHERE x.match = " l ".match" \
	" AND x.match > 0)) > " on "))"
#define BANK_ITEM_WAS(i, on) i ".day <= " on " AND (" i ".match = 0 OR (" \
	i ".match = -1 AND " i ".until > " on ") OR (" i ".match > 0" \
	" AND NOT EXISTS (SELECT 1 FROM bank_line x WHERE x.match = " i \
	".match AND x.match > 0 AND x.day <= " on ")))"

/* bank_opening.c: a statement begins with that balance. */
MUST_CHECK bool bank_opening_put(struct books *, int64_t event,
	const struct bank_line *, struct err *);

/* It is paired anew, and the feed says so: once a commit. */
void bank_touch(struct books *, const char *entity, const char *account);

/* A suggestion as it is kept. */
struct bank_proposal {
	int64_t line, n, off, days, alike;
	const char *rule, *sure, *by, *code, *lines, *items;
};

struct bank_kept {		/* a match as it is kept */
	const char *entity, *account, *rule, *sure, *by, *actor, *reason;
	int64_t *lines, *items, at, seq;
	size_t n_lines, n_items;
};
MUST_CHECK bool bank_match_load(struct db *, int64_t id, struct arena *,
	struct bank_kept *, bool *found, struct err *);
/* That is the last that was said of its lines. */
MUST_CHECK bool bank_speak(struct books *, const struct bank_kept *,
	const struct bank_word *, struct err *);

/* bank_broken.c: a match loses an entry, since that journal is undone. What a
 * person said of its lines stays said. */
MUST_CHECK bool bank_break(struct books *, int64_t match, int64_t journal,
	struct err *);
/* An entry is new: when its document took another one back within the same
 * event, and it is the same money, what a person matched is matched again. */
MUST_CHECK bool bank_mend(struct books *, int64_t item, struct err *);

/* "[1,2]" and back. */
const char *bank_ids_write(struct arena *, const int64_t *, size_t n);
MUST_CHECK bool bank_ids_read(const char *, struct arena *, int64_t **out,
	size_t *n);

#endif
