/*
 * `bahid target`: where journals go.  Checking asks the target itself, as its
 * file says, so it works before the daemon ever runs; the rest is the running
 * daemon's.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>

#include "bahid/there.h"
#include "bahid/verbs.h"
#include "core/conf.h"
#include "core/i18n.h"
#include "core/json.h"
#include "targets/targets.h"

#define ANSWER_MAX (4 << 20)

/* What came from outside never writes to a terminal by itself. */
static void
print(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' :
		    *text);
}

/* ---- listing ----------------------------------------------------------- */

static void
print_target(const cJSON *one)
{
	const cJSON *n;

	print(json_word(one, "name"));
	printf("  ");
	print(json_word(one, "state"));
	printf("  ");
	print(json_word(one, "breaker"));
	printf("  backlog=%lld", (long long)json_digits(one, "backlog"));
	cJSON_ArrayForEach(n, json_at(one, "states"))
		if (cJSON_IsString(n) && strcmp(n->valuestring, "0") != 0)
			printf("  %s=%s", n->string, n->valuestring);
	if (*json_word(one, "why") != '\0') {
		printf("  ");
		print(json_word(one, "why"));
	}
	if (strcmp(json_word(one, "reason"), json_word(one, "why")) != 0) {
		printf("  paused by ");
		print(json_word(one, "actor"));
		printf(": ");
		print(json_word(one, "reason"));
	}
	printf("\n");
}

bool
verb_target_list(struct options *options, int argc, char **argv,
    struct err *e)
{
	struct http_call call = { .method = "GET", .path = "/v1/targets" };
	const cJSON *one;
	struct str answer;
	cJSON *tree = NULL;
	bool ok;

	(void)argc;
	(void)argv;
	str_init(&answer, ANSWER_MAX);
	ok = there_ask(options, &call, &answer, &tree, e);
	cJSON_ArrayForEach(one, json_at(tree, "items"))
		print_target(one);
	cJSON_Delete(tree);
	str_free(&answer);
	return ok;
}

/* ---- saying ------------------------------------------------------------ */

static bool
say(struct options *options, const char *name, const char *what,
    const char *reason, struct err *e)
{
	struct http_call call = { .method = "POST" };
	struct str answer, body, path;
	cJSON *tree = NULL;
	struct json j;
	bool ok;

	if (!conf_name_valid(name))
		return err_set(e, ERR_USAGE, "no name of a target: %.60s",
		    name);
	str_init(&answer, ANSWER_MAX);
	str_init(&body, 8192);
	str_init(&path, 256);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "reason", reason);
	json_close(&j, '}');
	str_addf(&path, "/v1/targets/%s/%s", name, what);
	call.path = path.p;
	call.body = str_span(&body);
	ok = there_ask(options, &call, &answer, &tree, e);
	cJSON_Delete(tree);
	str_free(&path);
	str_free(&body);
	str_free(&answer);
	return ok;
}

bool
verb_target_pause(struct options *options, int argc, char **argv,
    struct err *e)
{
	(void)argc;
	return say(options, argv[0], "pause", argv[1], e);
}

bool
verb_target_resume(struct options *options, int argc, char **argv,
    struct err *e)
{
	return say(options, argv[0], "resume", argc > 1 ? argv[1] : "", e);
}

/* ---- checking ---------------------------------------------------------- */

static void
print_found(const struct target_found *found)
{
	print(found->product);
	printf("\n");
	if (found->company != NULL && *found->company != '\0') {
		print(found->company);
		printf("  ");
		print(found->currency);
		printf("\n");
	}
	for (size_t i = 0; i < found->n_faults; i++) {
		const struct target_fault *fault = &found->faults[i];

		printf("%s  ", refusal_name(fault->refusal));
		print(fault->field);
		printf("  ");
		print(fault->value);
		printf("  ");
		print(fault->words);
		printf("\n");
	}
}

static bool
check(struct target *target, struct arena *arena, struct err *e)
{
	struct target_found found = { .product = "", .company = "",
	    .currency = "" };
	const struct adapter *adapter = target_adapter(target);

	if (adapter->check != NULL && !adapter->check(target, arena, &found,
	    e))
		return false;
	print_found(&found);
	return found.n_faults == 0 || err_set(e, ERR_REFUSED,
	    "%zu faults: correct them before journals go there",
	    found.n_faults);
}

bool
verb_target_check(struct options *options, int argc, char **argv,
    struct err *e)
{
	char digest[SHA256_HEX];
	struct targetconf *conf;
	struct target *target;
	struct arena *arena;
	bool ok;

	if (!conf_name_valid(argv[0]))
		return err_set(e, ERR_USAGE, "no name of a target: %.60s",
		    argv[0]);
	if (argc > 1 && strcmp(argv[1], "now") != 0)
		return err_set(e, ERR_USAGE, "now, or nothing: %.60s",
		    argv[1]);
	conf = targetconf_read(options_text(options, "targets"), argv[0],
	    digest, e);
	if (conf == NULL)
		return false;
	if (argc < 2 && !targetconf_spoken_to(conf, e)) {
		targetconf_free(&conf);
		return false;
	}
	arena = arena_new();
	ok = target_open(&target, conf, e);
	if (ok) {
		ok = check(target, arena, e);
		target_close(&target);
		if (!ok && err_is_away(e->code))
			e->code = ERR_AWAY;
	}
	arena_free(&arena);
	targetconf_free(&conf);
	return ok;
}
