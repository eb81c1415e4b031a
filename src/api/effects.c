/* What a judged event would change in the books, for a person to see. */
#include "api/inside.h"

#include "book/money.h"
#include "flow/effect.h"

void
show_minor(struct json *j, const char *key, int64_t minor,
    const char *currency)
{
	struct money m = { .minor = minor };
	struct str text;

	str_init(&text, 64);
	memcpy(m.currency, currency, strnlen(currency, 3));
	money_plain(m, &text);
	json_kstr(j, key, text.p);
	str_free(&text);
}

/* Of the whole account, now; what becomes of it is that and the change. */
static bool
show_balance_of(struct call *call, struct json *j, const struct effect *f,
    struct err *e)
{
	int64_t balance;

	if (!view_balance(call->db, f->entity, f->code, f->currency,
	    &balance, e))
		return false;
	show_minor(j, "balance", balance, f->currency);
	show_minor(j, "balance_after", balance + f->after - f->before,
	    f->currency);
	return true;
}

static bool
show_list(struct call *call, struct json *j, const struct effect *list,
    size_t n, const struct reference *reference, enum reference_table table,
    struct err *e)
{
	bool ok = true;

	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		const struct effect *f = &list[i];
		const struct master *row = reference_find(reference, table,
		    f->code);

		json_open(j, '{');
		json_kstr(j, "entity", f->entity);
		json_kstr(j, reference_table_name(table), f->code);
		json_kstr(j, "name", row != NULL ? row->name : "");
		json_kstr(j, "currency", f->currency);
		show_minor(j, "before", f->before, f->currency);
		show_minor(j, "after", f->after, f->currency);
		show_minor(j, "change", f->after - f->before, f->currency);
		if (ok && table == REF_ACCOUNT)
			ok = show_balance_of(call, j, f, e);
		json_close(j, '}');
	}
	json_close(j, ']');
	return ok;
}

bool
show_effects(struct call *call, struct work *work,
    const struct contest *contests, struct json *j, struct err *e)
{
	struct reference *reference;
	struct effects effects;
	bool ok;

	if (!effects_find(call->db, work, contests, &effects, e))
		return false;
	reference = pump_reference(api_pump(call->api));
	json_key(j, "effect");
	ok = show_list(call, j, effects.accounts, effects.n_accounts,
	    reference, REF_ACCOUNT, e);
	json_key(j, "tax");
	ok = show_list(call, j, effects.taxes, effects.n_taxes, reference,
	    REF_TAX_CODE, e) && ok;
	reference_drop(&reference);
	return ok;
}

void
show_findings(const struct work *work, struct json *j)
{
	json_key(j, "findings");
	json_open(j, '[');
	for (size_t i = 0; i < work->findings.n; i++)
		finding_encode(&work->findings.items[i], work->event.source,
		    j);
	json_close(j, ']');
}

bool
would_post(const struct work *work, struct err *e)
{
	const struct findings *findings = &work->findings;
	size_t i = 0;

	if (!findings_block(findings))
		return true;
	while (i + 1 < findings->n &&
	    findings->items[i].level != FINDING_BLOCK)
		i++;
	return err_set(e, ERR_REFUSED, "it would not post: %s %.120s",
	    finding_info(findings->items[i].code)->name,
	    findings->items[i].value);
}
