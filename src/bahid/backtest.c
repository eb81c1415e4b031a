/*
 * `bahid rules backtest`: what a folder of rules would post differently, of
 * the events in the store; beside a running daemon or without one.
 */
#include <stdio.h>

#include <cjson/cJSON.h>

#include "bahid/verbs.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/json.h"
#include "flow/backtest.h"
#include "rules/rules.h"
#include "store/master.h"
#include "store/proposal.h"

#define DAYS_US (INT64_C(30) * 86400000000)

static const char *
text(const cJSON *item, const char *name)
{
	const char *value = json_text(item, name);

	return value != NULL ? value : "-";
}

static long long
number(const cJSON *item, const char *name)
{
	return (long long)cJSON_GetNumberValue(json_at(item, name));
}

static void
print_event(const cJSON *event)
{
	const cJSON *item;

	printf("%s %s %s -> %s\n", text(event, "event"),
	    text(event, "document"), text(event, "old"), text(event, "new"));
	cJSON_ArrayForEach(item, json_at(event, "fields"))
		printf("  %s: %s -> %s\n", text(item, "field"),
		    text(item, "old"), text(item, "new"));
	cJSON_ArrayForEach(item, json_at(event, "new_findings"))
		printf("  %s %s\n", text(item, "code"), text(item, "value"));
}

static bool
print_result(const struct str *out, struct err *e)
{
	cJSON *tree = json_parse(str_span(out));
	const cJSON *item;

	if (tree == NULL)
		return err_set(e, ERR_JSON, "the result");
	cJSON_ArrayForEach(item, json_at(tree, "events"))
		print_event(item);
	cJSON_ArrayForEach(item, json_at(tree, "accounts"))
		printf("%s %s: %s -> %s (%s)\n", text(item, "account"),
		    text(item, "currency"), text(item, "old"),
		    text(item, "new"), text(item, "difference"));
	printf(_("%lld events judged, %lld would post differently\n"),
	    number(tree, "judged"), number(tree, "changed"));
	cJSON_Delete(tree);
	return true;
}

static bool
load(struct backtest *ask, struct arena *arena, const char *folder,
    struct err *e)
{
	static const char SQL[] = "SELECT body FROM log WHERE kind = 'rules'"
	    " ORDER BY seq DESC LIMIT 1";
	struct db *db = NULL;
	struct span files = { "", 0 };
	struct stmt *s;
	bool ok = db_open(&db, ask->store, DB_READ, e);

	if (ok && stmt_step(s = db_stmt(db, SQL), e) == STEP_ROW) {
		ok = rules_files(db, col_text(s, 0), arena, &files, e);
		stmt_reset(s);
	}
	if (ok && files.n == 0)
		ok = err_set(e, ERR_NOT_FOUND, "no rules were in force yet");
	ok = ok && rulebook_parse(&ask->old_rules, files, e) &&
	    rulebook_load(&ask->new_rules, folder, e) &&
	    master_load(db, &ask->old_reference, e);
	if (ok)
		ask->new_reference = reference_hold(ask->old_reference);
	db_close(&db);
	return ok;
}

static bool
read_moment(const char *given, int64_t *out, struct err *e)
{
	return day_moment(span_of(given), out) || err_set(e, ERR_USAGE,
	    "%.60s is no day or RFC 3339 time", given);
}

bool
verb_rules_backtest(struct options *options, int argc, char **argv,
    struct err *e)
{
	atomic_bool stop = false;
	atomic_llong done = 0, of = 0;
	struct backtest ask = { .store = options_text(options, "store"),
	    .to = clock_now(), .stop = &stop, .done = &done, .of = &of };
	struct arena *arena = arena_new();
	struct str out;
	bool ok = true;

	ask.from = ask.to - DAYS_US;
	if (argc > 1)
		ok = read_moment(argv[1], &ask.from, e);
	if (argc > 2)
		ok = ok && read_moment(argv[2], &ask.to, e);
	str_init(&out, BACKTEST_BYTES);
	ok = ok && load(&ask, arena, argv[0], e) &&
	    backtest_run(&ask, &out, e) && print_result(&out, e);
	str_free(&out);
	rulebook_drop(&ask.old_rules);
	rulebook_drop(&ask.new_rules);
	reference_drop(&ask.old_reference);
	reference_drop(&ask.new_reference);
	arena_free(&arena);
	return ok;
}
