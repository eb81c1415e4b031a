/*
 * The table of verbs: the one list that usage, --dump=verbs and bahid(8)
 * agree on.
 */
#include "bahid/verbs.h"

#include "core/i18n.h"

const struct verb verbs[] = {
	{ "init", "DIR [CSVDIR]",
	    N_("make a configuration and an empty store in DIR"),
	    1, 2, false, verb_init },
	{ "run", "", N_("serve until SIGTERM"), 0, 0, true, verb_run },
	{ "import", "CSVDIR",
	    N_("read master data and mappings from CSV files"),
	    1, 1, true, verb_import },
	{ "source add", "NAME SCHEME",
	    N_("register a source and make its secret"),
	    2, 2, true, verb_source_add },
	{ "source list", "", N_("print the registered sources"),
	    0, 0, true, verb_source_list },
	{ "token add", "NAME ROLE",
	    N_("make a bearer token; it is shown once"),
	    2, 2, true, verb_token_add },
	{ "rules test", "FILE SAMPLE [FORM]",
	    N_("run a rule on a sample: document, journal, findings"),
	    2, 3, true, verb_rules_test },
	{ "export", "hledger [ENTITY]",
	    N_("write the posted journals to standard output"),
	    1, 2, true, verb_export },
	{ "audit verify", "[--from ROW|DAY] [--to ROW|DAY]",
	    N_("walk the audit chain; the first broken row and what is wrong"),
	    0, 4, true, verb_audit_verify },
	{ "replay", "[SOURCE] [FROM] [TO]",
	    N_("try open events again, compare what is posted"),
	    0, 3, true, verb_replay },
	{ "rules backtest", "FOLDER [FROM] [TO]",
	    N_("what rules of another folder would post differently"),
	    1, 3, true, verb_rules_backtest },
	{ "rebuild", "", N_("replay the log and compare the books"),
	    0, 0, true, verb_rebuild },
	{ "totp enrol", "NAME",
	    N_("make a person's second factor; it is shown once"),
	    1, 1, true, verb_totp_enrol },
	{ "totp remove", "NAME", N_("take a person's second factor away"),
	    1, 1, true, verb_totp_remove },
	{ "key new", "FILE", N_("make a key for the store"),
	    1, 1, false, verb_key_new },
	{ "seal-file", "FROM TO", N_("seal a file with the key"),
	    2, 2, true, verb_seal_file },
	{ "unseal-file", "FROM TO", N_("open a sealed file with the key"),
	    2, 2, true, verb_unseal_file },
};

const size_t n_verbs = sizeof(verbs) / sizeof(verbs[0]);
