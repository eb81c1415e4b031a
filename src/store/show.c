/* The small things that every view writes. */
#include "store/show.h"

#include <stdio.h>

#include "book/quantity.h"
#include "core/clock.h"

void
show_id(struct json *j, const char *key, char letter, int64_t id)
{
	char text[32];

	snprintf(text, sizeof text, "%c%lld", letter, (long long)id);
	json_kstr(j, key, id != 0 ? text : NULL);
}

void
show_amount(struct json *j, const char *key, int64_t minor,
    const char *currency)
{
	struct money m = { .minor = minor };
	struct str text;

	snprintf(m.currency, sizeof m.currency, "%s", currency);
	str_init(&text, 64);
	money_plain(m, &text);
	json_key(j, key);
	json_span(j, str_span(&text));
	str_free(&text);
}

void
show_quantity(struct json *j, const char *key, int64_t quantity)
{
	struct str text;

	str_init(&text, 64);
	quantity_plain(quantity, &text);
	json_key(j, key);
	json_span(j, str_span(&text));
	str_free(&text);
}

void
show_time(struct json *j, const char *key, int64_t at)
{
	char text[25];

	clock_format(at, text);
	json_kstr(j, key, at != 0 ? text : NULL);
}

void
show_name(struct json *j, const char *entity, const char *kind,
    const char *number)
{
	struct str name;

	json_key(j, "document");
	if (entity == NULL || kind == NULL || number == NULL) {
		json_null(j);
		return;
	}
	str_init(&name, 4096);
	str_addf(&name, "%s/%s/%s", entity, kind, number);
	json_span(j, str_span(&name));
	str_free(&name);
}

void
show_next(struct json *j, bool more, char letter, int64_t last)
{
	show_id(j, "next", letter, more ? last : 0);
}

bool
show_page(struct json *j, struct stmt *s, int limit, char letter,
    void (*write)(struct json *, struct stmt *), struct err *e)
{
	int64_t last = 0;
	enum step step;
	int n = 0;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW && n++ < limit) {
		last = col_int(s, 0);
		write(j, s);
	}
	json_close(j, ']');
	show_next(j, step == STEP_ROW, letter, last);
	json_close(j, '}');
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
show_sees_gstin(struct db *db, const char *gstin, bool *sees, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM registration"
	    " WHERE gstin = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	return stmt_found(s, sees, e);
}

bool
show_as_of(struct db *db, struct json *j, struct err *e)
{
	int64_t seq, change;

	if (!view_last_seq(db, &seq, e) || !view_last_change(db, &change, e))
		return false;
	json_key(j, "as_of");
	json_open(j, '{');
	json_kint(j, "seq", seq);
	json_kint(j, "change", change);
	show_time(j, "at", clock_now());
	json_close(j, '}');
	return true;
}

void
sums_add(struct sums *sums, const char *currency, int64_t amount)
{
	struct money *m;
	size_t i = 0;

	while (i < sums->n &&
	    strcmp(sums->items[i].currency, currency) != 0)
		i++;
	if (i == SUMS_MAX || currency[0] == '\0')
		return;
	m = &sums->items[i];
	if (i == sums->n) {
		snprintf(m->currency, sizeof m->currency, "%s", currency);
		sums->n++;
	}
	m->minor += amount;
}

void
show_sums(struct json *j, const struct sums *sums)
{
	json_open(j, '[');
	for (size_t i = 0; i < sums->n; i++) {
		const struct money *m = &sums->items[i];

		json_open(j, '{');
		json_kstr(j, "currency", m->currency);
		show_amount(j, "amount", m->minor, m->currency);
		json_close(j, '}');
	}
	json_close(j, ']');
}
