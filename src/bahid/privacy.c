/*
 * `bahid privacy`: what is held about a person, given out or erased.  The
 * daemon does it; whom it is about never stands in a path.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>

#include "bahid/there.h"
#include "bahid/verbs.h"
#include "core/i18n.h"
#include "core/json.h"

#define ANSWER_MAX (80 << 20)

/* The tree is the answer; free it, and `answer`. */
static bool
ask(struct options *options, const char *path, const char *const *said,
    struct str *answer, cJSON **tree, struct err *e)
{
	struct http_call call = { .method = said != NULL ? "POST" : "GET",
	    .path = path };
	struct str body;
	struct json j;
	bool ok;

	str_init(answer, ANSWER_MAX);
	str_init(&body, 64 << 10);
	json_start(&j, &body);
	json_open(&j, '{');
	for (; said != NULL && *said != NULL; said += 2)
		if (said[1] != NULL)
			json_kstr(&j, said[0], said[1]);
	json_close(&j, '}');
	if (said != NULL)
		call.body = str_span(&body);
	ok = there_ask(options, &call, answer, tree, e);
	str_free(&body);
	return ok;
}

/* ---- as text ----------------------------------------------------------- */

/* What came from outside never writes to a terminal by itself. */
static void
print(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' :
		    *text);
}

static void
print_value(const cJSON *one, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(one, name);

	if (cJSON_IsString(value) && value->valuestring[0] != '\0') {
		printf("  ");
		print(value->valuestring);
	} else if (cJSON_IsNull(value)) {
		printf("  -");
	}
}

static void
print_list(const cJSON *tree, const char *name, const char *title,
    const char *const *columns)
{
	const cJSON *one;
	bool any = false;

	cJSON_ArrayForEach(one, json_at(tree, name)) {
		if (!any)
			printf("%s\n", title);
		any = true;
		for (size_t i = 0; columns[i] != NULL; i++)
			print_value(one, columns[i]);
		printf("\n");
	}
}

static void
print_plan(const cJSON *tree)
{
	static const char *const people[] = { "id", "events", "first",
	    "last", NULL };
	static const char *const parties[] = { "code", "kind", "documents",
	    NULL };
	static const char *const lines[] = { "of", "what", "law", "until",
	    NULL };

	print_list(tree, "subjects", _("Persons, events, first and last day:"),
	    people);
	print_list(tree, "parties", _("Parties, documents:"), parties);
	print_list(tree, "goes", _("May go:"), lines);
	print_list(tree, "stays", _("Must stay, by which law, until when:"),
	    lines);
}

static void
print_export(const cJSON *tree)
{
	static const char *const party[] = { "code", "name", "kind", "gstin",
	    NULL };
	static const char *const document[] = { "date", "kind", "number",
	    "amount_minor", "currency", NULL };
	static const char *const member[] = { "member", "value", NULL };
	const cJSON *one;

	print_list(tree, "parties", _("Parties:"), party);
	cJSON_ArrayForEach(one, json_at(tree, "parties"))
		print_list(one, "documents", json_text(one, "code"),
		    document);
	cJSON_ArrayForEach(one, json_at(tree, "events")) {
		print_value(one, "event");
		print_value(one, "source");
		print_value(one, "received");
		print_value(one, "document");
		print_list(one, "personal", "", member);
	}
}

static bool
written(struct err *e)
{
	return fflush(stdout) == 0 || err_set(e, ERR_SYSTEM, "cannot write");
}

/* ---- the verbs --------------------------------------------------------- */

bool
verb_privacy_find(struct options *options, int argc, char **argv,
    struct err *e)
{
	const char *const said[] = { "who", argv[0], NULL };
	struct str answer;
	cJSON *tree;
	bool ok = ask(options, "/v1/privacy/find", said, &answer, &tree, e);

	(void)argc;
	if (ok) {
		print_plan(tree);
		ok = written(e);
	}
	cJSON_Delete(tree);
	str_free(&answer);
	return ok;
}

bool
verb_privacy_export(struct options *options, int argc, char **argv,
    struct err *e)
{
	const char *const said[] = { "who", argv[0], NULL };
	struct str answer;
	cJSON *tree;
	bool ok;

	if (argc > 1 && strcmp(argv[1], "text") != 0)
		return err_set(e, ERR_USAGE, "no form %.60s", argv[1]);
	ok = ask(options, "/v1/privacy/export", said, &answer, &tree, e);
	if (ok && argc > 1)
		print_export(tree);
	else if (ok)
		printf("%s\n", answer.p);
	ok = ok && written(e);
	cJSON_Delete(tree);
	str_free(&answer);
	return ok;
}

bool
verb_privacy_erase(struct options *options, int argc, char **argv,
    struct err *e)
{
	const char *const said[] = { "who", argv[0], "reason", argv[1],
	    "plan", argc > 2 ? argv[2] : NULL, NULL };
	struct str answer;
	cJSON *tree;
	bool ok = ask(options, argc > 2 ? "/v1/privacy/erase" :
	    "/v1/privacy/find", said, &answer, &tree, e);

	if (ok) {
		print_plan(tree);
		if (argc > 2)
			printf(_("Erased: decision %s.\n"),
			    json_text(tree, "decision"));
		else
			printf(_("Nothing is done yet. To do it, the same "
			    "again with the plan:\n%s\n"),
			    json_text(tree, "plan"));
		ok = written(e);
	}
	cJSON_Delete(tree);
	str_free(&answer);
	return ok;
}

bool
verb_privacy_retention(struct options *options, int argc, char **argv,
    struct err *e)
{
	static const char *const rules[] = { "what", "months", "held", "over",
	    "first_until", "law", NULL };
	struct str answer;
	cJSON *tree;
	bool ok = ask(options, "/v1/privacy/retention", NULL, &answer, &tree,
	    e);

	(void)argc;
	(void)argv;
	if (ok) {
		print_list(tree, "rules", _("What, months, how many, over "
		    "their time, the first one goes after, law:"), rules);
		ok = written(e);
	}
	cJSON_Delete(tree);
	str_free(&answer);
	return ok;
}
