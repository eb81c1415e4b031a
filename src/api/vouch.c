/*
 * What we vouch for of somebody who decides: his role, and that a one-time
 * code proved him.  It goes with what he says into the log, where an act asks
 * for it; the code itself is in no log.
 */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "flow/act_approve.h"

static void
put(cJSON *with, const char *key, const char *value)
{
	if (cJSON_AddStringToObject(with, key, value) == NULL)
		bug("out of memory");
}

bool
with_vouch(struct call *call, const struct act *act, cJSON **with,
    struct err *e)
{
	const char *code;

	if (*with != NULL && !cJSON_IsObject(*with))
		return err_set(e, ERR_REQUEST, "with is an object");
	/* Only we say these. */
	cJSON_DeleteItemFromObjectCaseSensitive(*with, "role");
	cJSON_DeleteItemFromObjectCaseSensitive(*with, "proved");
	code = arena_strdup(call->arena, json_text(*with, "totp"));
	cJSON_DeleteItemFromObjectCaseSensitive(*with, "totp");
	if (!approve_vouched(act))
		return true;
	if (!role_may(call->caller.role, act->roles))
		code = NULL;	/* it would be used up for nothing */
	if (code != NULL && !stepup_prove(call, code, e))
		return false;
	if (*with == NULL && (*with = cJSON_CreateObject()) == NULL)
		bug("out of memory");
	put(*with, "role", role_name(call->caller.role));
	if (code != NULL)
		put(*with, "proved", "yes");
	return true;
}
