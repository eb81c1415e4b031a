#ifndef BAHI_BAHID_VERBS_H
#define BAHI_BAHID_VERBS_H
/* What `bahid VERB` can do: one table, one function a verb. */
#include <stddef.h>
#include "core/err.h"
#include "core/option.h"

struct verb {
	const char *name;	/* "source add" */
	const char *arguments;	/* "NAME SCHEME" */
	const char *help;
	int least, most;	/* arguments after the name */
	enum { CONFIG_NONE, CONFIG_READ, CONFIG_MAY } config;	/* of
			 * bahid.conf, first; may: does without it, too */
	bool (*run)(struct options *, int argc, char **argv, struct err *);
};

extern const struct verb verbs[];
extern const size_t n_verbs;

bool verb_init(struct options *, int argc, char **argv, struct err *);
bool verb_run(struct options *, int argc, char **argv, struct err *);
bool verb_import(struct options *, int argc, char **argv, struct err *);
bool verb_rules_test(struct options *, int argc, char **argv, struct err *);
bool verb_source_add(struct options *, int argc, char **argv, struct err *);
bool verb_token_add(struct options *, int argc, char **argv, struct err *);
bool verb_source_list(struct options *, int argc, char **argv, struct err *);
bool verb_export(struct options *, int argc, char **argv, struct err *);
bool verb_audit_verify(struct options *, int argc, char **argv,
	struct err *);
bool verb_replay(struct options *, int argc, char **argv, struct err *);
bool verb_rules_backtest(struct options *, int argc, char **argv,
	struct err *);
bool verb_rebuild(struct options *, int argc, char **argv, struct err *);
bool verb_totp_enrol(struct options *, int argc, char **argv, struct err *);
bool verb_totp_remove(struct options *, int argc, char **argv, struct err *);
bool verb_key_new(struct options *, int argc, char **argv, struct err *);
bool verb_seal(struct options *, int argc, char **argv, struct err *);
bool verb_unseal(struct options *, int argc, char **argv, struct err *);
bool verb_rekey(struct options *, int argc, char **argv, struct err *);
bool verb_rekey_data(struct options *, int argc, char **argv, struct err *);
bool verb_seal_file(struct options *, int argc, char **argv, struct err *);
bool verb_unseal_file(struct options *, int argc, char **argv, struct err *);
bool verb_client_add(struct options *, int argc, char **argv, struct err *);
bool verb_client_list(struct options *, int argc, char **argv, struct err *);
bool verb_client_rotate(struct options *, int argc, char **argv,
	struct err *);
bool verb_client_revoke(struct options *, int argc, char **argv,
	struct err *);
bool verb_client_remove(struct options *, int argc, char **argv,
	struct err *);
bool verb_pin(struct options *, int argc, char **argv, struct err *);
bool verb_audit_anchor(struct options *, int argc, char **argv,
	struct err *);
bool verb_audit_export(struct options *, int argc, char **argv,
	struct err *);
/* Into the audit, by who runs this, before it is done: the first byte of an
 * export leaves, a second factor is made. */
MUST_CHECK bool audit_say(const char *store, const char *action,
	const char *what, const char *said, struct err *);
bool verb_audit_key(struct options *, int argc, char **argv, struct err *);
bool verb_privacy_find(struct options *, int argc, char **argv,
	struct err *);
bool verb_privacy_export(struct options *, int argc, char **argv,
	struct err *);
bool verb_privacy_retention(struct options *, int argc, char **argv,
	struct err *);
bool verb_privacy_erase(struct options *, int argc, char **argv,
	struct err *);
bool verb_backup(struct options *, int argc, char **argv, struct err *);
bool verb_totp_codes(struct options *, int argc, char **argv, struct err *);
bool verb_restore(struct options *, int argc, char **argv, struct err *);
bool verb_target_list(struct options *, int argc, char **argv, struct err *);
bool verb_target_check(struct options *, int argc, char **argv,
	struct err *);
bool verb_target_pause(struct options *, int argc, char **argv,
	struct err *);
bool verb_target_resume(struct options *, int argc, char **argv,
	struct err *);

#endif
