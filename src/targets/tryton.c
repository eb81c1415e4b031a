/*
 * Tryton 6.0, by JSON-RPC or XML-RPC. There is no key against doubling: our
 * reference is the first word of a move's description, and searched for.
 */
#include "targets/tryton.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

#define BATCH 20		/* what it is fastest with */

static bool
open_handle(struct target *target, struct err *e)
{
	const struct targetconf *conf = target->conf;
	struct tryton *t;

	if (*conf->database == '\0' || *conf->user == '\0' ||
	    *conf->secret == '\0')
		return err_set(e, ERR_CONFIG, "tryton: %s must be there",
		    *conf->database == '\0' ? "database" :
		    *conf->user == '\0' ? "user" : "secret");
	t = calloc(1, sizeof *t);
	if (t == NULL)
		bug("out of memory");
	t->protocol = strcmp(options_text(conf->options, "protocol"),
	    "xml") == 0 ? &tryton_xml : &tryton_json;
	t->party = options_text(conf->options, "party");
	target->state = t;
	return true;
}

static void
close_handle(struct target *target)
{
	struct tryton *t = target->state;

	tryton_master_free(t);
	digest_clean(t->session, sizeof t->session);
	free(t);
}

static bool
check(struct target *target, struct arena *arena, struct target_found *out,
    struct err *e)
{
	struct tryton *t = target->state;
	struct tryton_said said;
	const char *version = tryton_version(target, arena, &said, e);

	*out = (struct target_found){ .product = "Tryton", .company = "",
	    .currency = "" };
	if (version == NULL)
		return false;
	out->product = arena_printf(arena, "Tryton %s", version);
	if (!tryton_learn(target, true, arena, &said, e))
		return false;
	out->company = arena_strdup(arena, tryton_company_name(t));
	out->currency = arena_strdup(arena, t->currency);
	out->n_faults = tryton_faults(t, options_text(target->conf->options,
	    "book"), day_from_time(clock_now()), arena, &out->faults);
	return true;
}

const struct adapter adapter_tryton = {
	.name = "tryton", .batch = BATCH, .atomic = false,
	.open = open_handle, .close = close_handle, .check = check,
	.send = tryton_send, .find = tryton_find, .reach = tryton_reach,
	.finish = tryton_finish,
	.list = tryton_list, .balances = tryton_balances,
	.restore = tryton_restore,
};
