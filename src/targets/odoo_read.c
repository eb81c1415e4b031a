/* Odoo's records and refusals as ours. Foreign bytes end here; asks nobody,
 * keeps nothing but names. */
#include "targets/odoo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "book/money.h"
#include "core/json.h"
#include "core/map.h"
#include "targets/foreign.h"

#define LINES_MAX 50000		/* of one answer */
#define NAME_MOST 255

/* ---- texts ------------------------------------------------------------ */

/* As it is, but for what no name has. */
static const char *
name_of(const char *text, struct arena *arena)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f ||
		    p - text >= NAME_MOST)
			return words_of(span_of(text), arena);
	return arena_strdup(arena, text);
}

/* False of Odoo is no text. */
static const char *
text_of(const cJSON *value, struct arena *arena)
{
	return name_of(cJSON_IsString(value) ? value->valuestring : "",
	    arena);
}

/* ---- names ------------------------------------------------------------ */

void
odoo_names_begin(struct odoo_names *names, struct arena *arena)
{
	*names = (struct odoo_names){ .arena = arena };
	for (int i = 0; i < ODOO_KINDS; i++) {
		names->codes[i] = map_new();
		names->ids[i] = map_new();
	}
}

void
odoo_names_end(struct odoo_names *names)
{
	for (int i = 0; i < ODOO_KINDS; i++) {
		map_free(&names->codes[i], NULL);
		map_free(&names->ids[i], NULL);
	}
}

static struct span
key_of(const int64_t *id)
{
	return (struct span){ (const char *)id, sizeof *id };
}

const struct odoo_name *
odoo_by_code(const struct odoo_names *names, enum odoo_kind kind,
    const char *code)
{
	return map_find(names->codes[kind], span_of(code));
}

const struct odoo_name *
odoo_by_id(const struct odoo_names *names, enum odoo_kind kind, int64_t id)
{
	return map_find(names->ids[kind], key_of(&id));
}

void
odoo_names_add(struct odoo_names *names, enum odoo_kind kind, int64_t id,
    const char *code, bool usable)
{
	const struct odoo_name *other;
	struct odoo_name *name = arena_alloc(names->arena, sizeof *name);

	if (id <= 0)
		return;
	code = name_of(code, names->arena);
	other = odoo_by_code(names, kind, code);
	*name = (struct odoo_name){ id, code };
	map_set(names->ids[kind], key_of(&id), name);
	if (*code == '\0' || !usable)
		return;
	if (other != NULL && other->id != id) {
		name = arena_alloc(names->arena, sizeof *name);
		name->code = other->code;
	}
	map_set(names->codes[kind], span_of(code), name);
}

/* The second of [12, "its name"]. */
static const char *
title_of(const cJSON *pair, struct arena *arena)
{
	return text_of(cJSON_GetArrayItem(pair, 1), arena);
}

int64_t
odoo_id(const cJSON *value)
{
	const char *text;
	size_t n;

	if (cJSON_IsArray(value))
		value = cJSON_GetArrayItem(value, 0);
	if (!cJSON_IsString(value))
		return 0;
	text = value->valuestring;
	n = strlen(text);
	return n > 0 && n <= 18 && strspn(text, "0123456789") == n ?
	    strtoll(text, NULL, 10) : 0;
}

/* ---- moves ------------------------------------------------------------ */

static bool
state_of(const char *text, enum remote_state *out)
{
	*out = strcmp(text, "posted") == 0 ? REMOTE_BOOKED :
	    strcmp(text, "cancel") == 0 ? REMOTE_CANCELLED : REMOTE_DRAFT;
	return *out != REMOTE_DRAFT || strcmp(text, "draft") == 0;
}

bool
odoo_read_move(const cJSON *row, struct arena *arena, struct remote *out)
{
	const char *reference = text_of(json_at(row, "ref"), arena);
	int64_t id = odoo_id(json_at(row, "id"));

	*out = (struct remote){
	    .reference = posting_journal(reference) > 0 &&
	    strlen(reference) < REFERENCE_MAX ? reference : "",
	    .remote = arena_printf(arena, "%lld", (long long)id),
	    .number = text_of(json_at(row, "name"), arena),
	    .version = text_of(json_at(row, "write_date"), arena),
	    .changed_by = title_of(json_at(row, "write_uid"), arena),
	    .narration = words_of(span_of(foreign_plain(json_word(row,
	    "narration"), arena)), arena),
	};
	return id > 0 && *out->version != '\0' &&
	    state_of(json_word(row, "state"), &out->state) &&
	    day_parse(span_of(json_word(row, "date")), &out->date);
}

static const char *
code_of(const struct odoo_names *names, enum odoo_kind kind,
    const cJSON *pair, struct arena *arena)
{
	int64_t id = odoo_id(pair);
	const struct odoo_name *name = odoo_by_id(names, kind, id);

	if (id == 0)
		return "";
	return name != NULL && *name->code != '\0' ?
	    arena_strdup(arena, name->code) : title_of(pair, arena);
}

/* {"12": 100.0}: of one account the whole. */
static const char *
centre_of(const struct odoo_names *names, const cJSON *shares,
    struct arena *arena)
{
	const cJSON *only = cJSON_IsObject(shares) ? shares->child : NULL;
	const struct odoo_name *name;

	if (only == NULL || only->next != NULL ||
	    strlen(only->string) > 18 ||
	    strspn(only->string, "0123456789") != strlen(only->string))
		return "";
	name = odoo_by_id(names, ODOO_ANALYTIC,
	    strtoll(only->string, NULL, 10));
	return name != NULL ? arena_strdup(arena, name->code) : "";
}

static bool
amount_at(const cJSON *row, const char *member, const char *currency,
    int64_t *out)
{
	const char *text = json_text(row, member);

	*out = 0;
	return text == NULL || foreign_amount(text, currency, out);
}

static bool
read_line(const struct odoo_names *names, const cJSON *row,
    struct arena *arena, struct posting_line *line)
{
	const char *currency = title_of(json_at(row, "currency_id"), arena);
	int64_t credit;

	if (money_exponent(currency) < 0)
		currency = names->currency;
	*line = (struct posting_line){ .ours = "", .party_name = "",
	    .tax_code = "", .item = "", .location = "",
	    .account = code_of(names, ODOO_ACCOUNT,
	    json_at(row, "account_id"), arena),
	    .party = code_of(names, ODOO_PARTNER,
	    json_at(row, "partner_id"), arena),
	    .cost_centre = centre_of(names,
	    json_at(row, "analytic_distribution"), arena),
	    .memo = text_of(json_at(row, "name"), arena),
	};
	snprintf(line->currency, sizeof line->currency, "%s", currency);
	if (*line->account == '\0' || !amount_at(row, "debit",
	    names->currency, &line->amount) || !amount_at(row, "credit",
	    names->currency, &credit))
		return false;
	line->amount -= credit;
	return amount_at(row, "amount_currency", currency, &line->foreign);
}

bool
odoo_read_lines(const struct odoo_names *names, const cJSON *rows,
    int64_t id, struct arena *arena, struct remote *out)
{
	int all = cJSON_IsArray(rows) ? cJSON_GetArraySize(rows) : -1;
	const cJSON *row;
	size_t n = 0;

	out->n_lines = 0;
	out->lined = all >= 0 && all <= LINES_MAX;
	if (!out->lined)
		return false;
	cJSON_ArrayForEach(row, rows)
		n += odoo_id(json_at(row, "move_id")) == id;
	out->lines = arena_alloc(arena, sizeof *out->lines * (n + 1));
	cJSON_ArrayForEach(row, rows) {
		struct posting_line *line = &out->lines[out->n_lines];

		if (odoo_id(json_at(row, "move_id")) != id)
			continue;
		if (!read_line(names, row, arena, line))
			return out->lined = false;
		out->n_lines += line->amount != 0;
	}
	return true;
}

bool
odoo_read_balances(const struct odoo_names *names, const cJSON *rows,
    struct arena *arena, struct remote_balance **out, size_t *n)
{
	int all = cJSON_IsArray(rows) ? cJSON_GetArraySize(rows) : -1;
	const cJSON *row;

	*n = 0;
	if (all < 0)
		return false;
	*out = arena_alloc(arena, sizeof **out * ((size_t)all + 1));
	cJSON_ArrayForEach(row, rows) {
		const cJSON *account = json_at(row, "account_id");
		struct remote_balance *one = &(*out)[*n];

		one->account = code_of(names, ODOO_ACCOUNT, account, arena);
		one->name = title_of(account, arena);
		if (*one->account == '\0' || !amount_at(row, "debit:sum",
		    names->currency, &one->debit) || !amount_at(row,
		    "credit:sum", names->currency, &one->credit))
			return false;
		(*n)++;
	}
	return true;
}

/* ---- what was told and what is held ----------------------------------- */

void
odoo_take(const struct posting *posting, const struct remote *remote,
    struct arena *arena, struct verdict *verdict)
{
	if (strcmp(remote->reference, posting->reference) != 0)
		return;
	verdict->remote = remote->remote;
	verdict->number = remote->number;
	verdict->version = remote->version;
	verdict_held(verdict, remote->date, remote->lines, remote->n_lines);
	if (remote->state != REMOTE_BOOKED)
		return;
	verdict->kind = VERDICT_DONE;
	verdict->refusal = REFUSAL_NONE;
	verdict->words = "";
	if (!remote_same(posting, remote))
		verdict_refuse(verdict, REFUSAL_CONFLICT,
		    arena_printf(arena, "Odoo posted it as %s of %s with"
		    " another day or other lines than it was told",
		    remote->number, remote->date.text));
}

/* ---- refusals --------------------------------------------------------- */

void
odoo_read_fault(const cJSON *root, struct arena *arena, const char **type,
    const char **words)
{
	const char *name = json_word(root, "name");
	const char *dot = strrchr(name, '.');
	const char *message = cJSON_IsString(root) ? root->valuestring :
	    json_word(root, "message");

	*type = words_of(span_of(dot != NULL ? dot + 1 : name), arena);
	*words = words_of(span_of(message), arena);
}

static const struct { const char *type; enum refusal refusal; } types[] = {
	{ "AccessError", REFUSAL_RIGHTS },
	{ "AccessDenied", REFUSAL_RIGHTS },
	{ "MissingError", REFUSAL_CONFLICT },
};

/* Of a UserError only the words tell; bahi asks for English. */
static const struct { const char *words; enum refusal refusal; } hints[] = {
	{ "prior to and inclusive of", REFUSAL_PERIOD },
	{ "lock date", REFUSAL_PERIOD },
	{ "Lock Date", REFUSAL_PERIOD },
	{ "locked", REFUSAL_PERIOD },
	{ "deprecated", REFUSAL_MAPPING },
	{ "archived", REFUSAL_MAPPING },
	{ "not allowed in this journal", REFUSAL_MAPPING },
	{ "different company", REFUSAL_MAPPING },
	{ "another company", REFUSAL_MAPPING },
	{ "analytic", REFUSAL_MAPPING },
};

static enum refusal
refusal_of(const char *type, const char *words)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].refusal;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(words, hints[i].words) != NULL)
			return hints[i].refusal;
	return REFUSAL_DATA;
}

void
odoo_judge(const struct fetch_answer *answer, const char *type,
    const char *words, struct verdict *verdict)
{
	verdict->words = words;
	if (!verdict_of_status(answer, verdict))
		return;
	if (answer->status == 401) {
		/* Of us, not of what we said. */
		verdict->kind = VERDICT_AWAY;
		verdict->refusal = REFUSAL_RIGHTS;
	} else if (answer->status == 409) {
		/* LockError: rolled back, and good later. */
		verdict->kind = VERDICT_AWAY;
		verdict->refusal = REFUSAL_CONNECTION;
	} else if (verdict->kind == VERDICT_REFUSED &&
	    answer->status != 403) {
		verdict_refuse(verdict, refusal_of(type, words), words);
	}
}
