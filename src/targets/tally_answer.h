#ifndef BAHI_TARGETS_TALLY_ANSWER_H
#define BAHI_TARGETS_TALLY_ANSWER_H
/* What Tally's answers say. Its words are foreign text: words_of. */
#include "targets/targets.h"
#include "targets/tally_xml.h"

#define TALLY_ERRORS_MAX 20	/* lines of one answer that we keep */

/* Counters of an import, whichever of its two roots it came in. */
struct tally_result {
	bool counted;		/* false: it is no answer of an import */
	int64_t created, altered, deleted, cancelled, combined, ignored,
	    errors, exceptions;
	const char *last;	/* master id of the last voucher; "": none */
	const char *number;	/* its number, of newer versions; "" */
	const char *words;	/* its LINEERRORs in a row; "": none */
};

void tally_result_read(const struct xml_node *root, struct arena *,
	struct tally_result *);
/* Whose matter these words are; REFUSAL_DATA where nothing says so. */
enum refusal tally_refusal(const char *words);
/* No company is open there, or not ours: it has nothing of what was sent. */
bool tally_is_away(const char *words);

/* "-1,180.00", "1180.00 Dr", "-$ 10 @ 83/$ = -830.00": minor units, debit
 * positive; "" is 0. */
MUST_CHECK bool tally_amount_read(const char *, const char *currency,
	int64_t *minor);
/* "20260521" or "21-May-2026". */
MUST_CHECK bool tally_day_read(const char *, struct day *);
/* "20260521" of a day. */
void tally_day(struct day, char out[9]);

/* A name as it is compared, in the arena of its node. */
const char *tally_name(const char *, struct arena *);

/* What holds the rows of an exported collection; NULL: it is no such answer,
 * which is not the same as one without rows. */
const struct xml_node *tally_rows(const struct xml_node *root);
/* One VOUCHER. False: something of it cannot be read. */
MUST_CHECK bool tally_voucher_read(const struct xml_node *,
	const char *currency, struct arena *, struct remote *);

#endif
