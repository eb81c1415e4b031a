/*
 * target FOLDER NAME POSTINGS ACT [ARGUMENT ...]
 *
 * One adapter at work, without the queue: opens the target of FOLDER/NAME.conf,
 * does one thing, prints one JSON object. POSTINGS says where postings come
 * from: a store of bahid's, of which the arguments then name journals, mapped
 * as bahid would; or a file of JSON, an array of
 *     {"journal": 12, "entity": "IN01", "date": "2026-10-05", "lines": [
 *      {"account": "1000", "amount": "118.00"}, ...]}
 * with, if wanted, kind number version currency book narration reverses
 * reverses_remote against, and of lines party party_name cost_centre tax_code
 * item location memo currency foreign subledger (true); or "-", none.
 *
 *     check
 *     send JOURNAL ...            in one call, as a batch
 *     each JOURNAL ...            one call each
 *     find REFERENCE ...          a JOURNAL stands for its reference
 *     reach SERIES                "bahi-IN01-"
 *     finish JOURNAL REMOTE VERSION
 *     restore JOURNAL REMOTE VERSION
 *     list FROM TO                all pages
 *     balances DAY
 *
 * {"error": {"code", "why"}} besides, where the adapter said false. Exit 0: the
 * adapter was asked; 1: it could not be opened; 2: usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/file.h"
#include "core/json.h"
#include "core/vec.h"
#include "rules/rules.h"
#include "targets/list.h"

#define POSTINGS_MAX 100000
#define PAGES_MAX 10000

struct tool {
	struct arena *arena;
	struct targetconf *conf;
	struct target *target;
	struct db *db;
	struct posting *postings;	/* of the file */
	size_t n_postings;
	struct str text;
	struct json out;
};

static void
fail(const struct err *e)
{
	fprintf(stderr, "target: %s: %s\n", err_info(e->code)->name, e->why);
	exit(1);
}

/* ---- postings of a file ----------------------------------------------- */

static const char *
text_of(struct tool *tool, const cJSON *object, const char *name,
    const char *other)
{
	const char *text = json_text(object, name);

	return arena_strdup(tool->arena, text != NULL ? text : other);
}

static bool
read_line(struct tool *tool, const cJSON *item, const char *currency,
    struct posting_line *line)
{
	*line = (struct posting_line){
	    .account = text_of(tool, item, "account", ""),
	    .ours = text_of(tool, item, "account", ""),
	    .party = text_of(tool, item, "party", ""),
	    .cost_centre = text_of(tool, item, "cost_centre", ""),
	    .tax_code = text_of(tool, item, "tax_code", ""),
	    .item = text_of(tool, item, "item", ""),
	    .location = text_of(tool, item, "location", ""),
	    .party_name = text_of(tool, item, "party_name", ""),
	    .memo = text_of(tool, item, "memo", ""),
	    .subledger = cJSON_IsTrue(json_at(item, "subledger")),
	};
	memcpy(line->currency, currency, sizeof line->currency);
	if (!amount_read(json_text(item, "amount"), currency, &line->amount))
		return false;
	line->foreign = line->amount;
	if (json_text(item, "foreign") == NULL)
		return true;
	snprintf(line->currency, sizeof line->currency, "%s",
	    text_of(tool, item, "currency", currency));
	return amount_read(json_text(item, "foreign"), line->currency,
	    &line->foreign);
}

static void
read_names(struct tool *tool, const cJSON *item, struct posting *p)
{
	p->journal = json_digits(item, "journal");
	p->entity = text_of(tool, item, "entity", "IN01");
	p->kind = text_of(tool, item, "kind", "journal_voucher");
	p->number = text_of(tool, item, "number", "N-1");
	p->version = json_digits(item, "version");
	p->book = text_of(tool, item, "book", "");
	p->reverses = text_of(tool, item, "reverses", "");
	p->reverses_remote = text_of(tool, item, "reverses_remote", "");
	p->against = text_of(tool, item, "against", "");
	snprintf(p->currency, sizeof p->currency, "%s",
	    text_of(tool, item, "currency", "INR"));
	posting_reference(p->entity, p->journal, p->reference);
	p->narration = text_of(tool, item, "narration",
	    arena_printf(tool->arena, "%s %s %s", p->reference, p->kind,
	    p->number));
}

static bool
read_posting(struct tool *tool, const cJSON *item, struct posting *p)
{
	const cJSON *lines = json_at(item, "lines"), *line;

	read_names(tool, item, p);
	p->lines = arena_alloc(tool->arena,
	    ((size_t)cJSON_GetArraySize(lines) + 1) * sizeof *p->lines);
	cJSON_ArrayForEach(line, lines)
		if (!read_line(tool, line, p->currency,
		    &p->lines[p->n_lines++]))
			return false;
	return day_parse(span_of(text_of(tool, item, "date", "")), &p->date);
}

static void
read_postings(struct tool *tool, const char *path)
{
	struct err e = { 0 };
	struct span text;
	cJSON *tree = NULL;
	const cJSON *item;

	if (!file_read(path, (size_t)256 << 20, tool->arena, &text, &e) ||
	    (tree = json_strict(text, &e)) == NULL)
		fail(&e);
	tool->postings = arena_alloc(tool->arena,
	    ((size_t)cJSON_GetArraySize(tree) + 1) * sizeof *tool->postings);
	cJSON_ArrayForEach(item, tree) {
		struct posting *p = &tool->postings[tool->n_postings++];

		if (!read_posting(tool, item, p)) {
			err_set(&e, ERR_JSON, "posting %lld cannot be read",
			    (long long)p->journal);
			fail(&e);
		}
	}
	cJSON_Delete(tree);
}

static bool
is_store(const char *path)
{
	static const char *const marks[] = { "SQLite format 3",
		"bahi-sealed-1" };
	char head[16] = "";
	FILE *file = fopen(path, "rb");
	size_t n = file != NULL ? fread(head, 1, sizeof head - 1, file) : 0;

	if (file != NULL)
		fclose(file);
	for (size_t i = 0; i < 2; i++)
		if (n > 0 && strncmp(head, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

/* ---- postings --------------------------------------------------------- */

static struct posting
find_posting(struct tool *tool, const char *journal)
{
	int64_t number = strtoll(journal, NULL, 10);
	struct posting posting = { 0 };
	struct posting_miss *misses;
	struct err e = { 0 };
	bool found = false;
	size_t n = 0;

	for (size_t i = 0; i < tool->n_postings; i++)
		if (tool->postings[i].journal == number)
			return tool->postings[i];
	if (tool->db != NULL && !posting_load(tool->db, tool->conf, number,
	    tool->arena, &posting, &misses, &n, &found, &e))
		fail(&e);
	if (!found)
		err_set(&e, ERR_NOT_FOUND, "no journal %s", journal);
	else if (n > 0)
		err_set(&e, ERR_REFUSED, "%s %s is not mapped",
		    misses->dimension, misses->value);
	if (e.code != ERR_NONE)
		fail(&e);
	return posting;
}

static struct posting *
find_postings(struct tool *tool, char **journals, size_t n)
{
	struct posting *all = arena_alloc(tool->arena, (n + 1) *
	    sizeof *all);

	for (size_t i = 0; i < n; i++)
		all[i] = find_posting(tool, journals[i]);
	return all;
}

/* ---- telling ---------------------------------------------------------- */

static void
tell_error(struct tool *tool, const struct err *e)
{
	if (e->code == ERR_NONE)
		return;
	json_key(&tool->out, "error");
	json_open(&tool->out, '{');
	json_kstr(&tool->out, "code", err_info(e->code)->name);
	json_kstr(&tool->out, "why", e->why);
	json_close(&tool->out, '}');
}

static void
tell_verdicts(struct tool *tool, const struct posting *postings,
    const struct verdict *verdicts, size_t n)
{
	struct json *j = &tool->out;

	json_key(j, "verdicts");
	json_open(j, '[');
	for (size_t i = 0; i < n; i++) {
		const struct verdict *v = &verdicts[i];

		json_open(j, '{');
		json_kstr(j, "reference", postings[i].reference);
		json_kstr(j, "verdict", verdict_name(v->kind));
		json_kstr(j, "refusal", refusal_name(v->refusal));
		json_kstr(j, "words", v->words);
		json_kstr(j, "remote", v->remote);
		json_kstr(j, "number", v->number);
		json_kstr(j, "version", v->version);
		json_kint(j, "wait", v->wait);
		json_kstr(j, "sent", v->sent);
		json_kstr(j, "held", v->held);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
tell_lines(struct tool *tool, const struct remote *r)
{
	struct json *j = &tool->out;

	json_key(j, "lines");
	json_open(j, '[');
	for (size_t i = 0; i < r->n_lines; i++) {
		const struct posting_line *line = &r->lines[i];

		json_open(j, '{');
		json_kstr(j, "account", line->account);
		json_kstr(j, "party", line->party);
		json_kstr(j, "cost_centre", line->cost_centre);
		json_kint(j, "minor", line->amount);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
tell_digest(struct tool *tool, const struct remote *r)
{
	struct verdict held = { 0 };

	if (r->lined)
		verdict_held(&held, r->date, r->lines, r->n_lines);
	json_kstr(&tool->out, "held", held.held);
}

static void
tell_remote(struct tool *tool, const struct remote *r)
{
	static const char *const states[] = { "draft", "booked",
		"cancelled" };
	struct json *j = &tool->out;

	json_open(j, '{');
	json_kstr(j, "reference", r->reference);
	json_kstr(j, "remote", r->remote);
	json_kstr(j, "number", r->number);
	json_kstr(j, "version", r->version);
	json_kstr(j, "state", states[r->state]);
	json_kstr(j, "date", r->date.text);
	json_kstr(j, "narration", r->narration);
	json_kstr(j, "changed_by", r->changed_by);
	json_key(j, "lined");
	json_bool(j, r->lined);
	tell_digest(tool, r);
	tell_lines(tool, r);
	json_close(j, '}');
}

static void
tell_remotes(struct tool *tool, const char *name, const struct remote *list,
    size_t n)
{
	json_key(&tool->out, name);
	json_open(&tool->out, '[');
	for (size_t i = 0; i < n; i++)
		tell_remote(tool, &list[i]);
	json_close(&tool->out, ']');
}

/* ---- acts ------------------------------------------------------------- */

static void
do_check(struct tool *tool, char **args, size_t n)
{
	struct target_found found = { 0 };
	struct json *j = &tool->out;
	struct err e = { 0 };

	(void)args;
	(void)n;
	if (!target_adapter(tool->target)->check(tool->target, tool->arena,
	    &found, &e)) {
		tell_error(tool, &e);
		return;
	}
	json_kstr(j, "product", found.product);
	json_kstr(j, "company", found.company);
	json_kstr(j, "currency", found.currency);
	json_key(j, "faults");
	json_open(j, '[');
	for (size_t i = 0; i < found.n_faults; i++) {
		json_open(j, '{');
		json_kstr(j, "refusal", refusal_name(
		    found.faults[i].refusal));
		json_kstr(j, "field", found.faults[i].field);
		json_kstr(j, "value", found.faults[i].value);
		json_kstr(j, "words", found.faults[i].words);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
send_some(struct tool *tool, const struct posting *postings, size_t n,
    struct verdict *verdicts, struct err *e)
{
	if (!target_adapter(tool->target)->send(tool->target, postings, n,
	    tool->arena, verdicts, e) && e->code == ERR_NONE)
		err_set(e, ERR_SYSTEM, "false, and no word why");
}

static void
do_send(struct tool *tool, char **args, size_t n)
{
	struct posting *postings = find_postings(tool, args, n);
	struct verdict *verdicts = arena_alloc(tool->arena, (n + 1) *
	    sizeof *verdicts);
	struct err e = { 0 };

	send_some(tool, postings, n, verdicts, &e);
	tell_error(tool, &e);
	tell_verdicts(tool, postings, verdicts, n);
}

static void
do_each(struct tool *tool, char **args, size_t n)
{
	struct posting *postings = find_postings(tool, args, n);
	struct verdict *verdicts = arena_alloc(tool->arena, (n + 1) *
	    sizeof *verdicts);
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++)
		send_some(tool, &postings[i], 1, &verdicts[i], &e);
	tell_error(tool, &e);
	tell_verdicts(tool, postings, verdicts, n);
}

static void
do_find(struct tool *tool, char **args, size_t n)
{
	const char **references = arena_alloc(tool->arena, (n + 1) *
	    sizeof *references);
	struct remote *found = NULL;
	struct err e = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		references[i] = strncmp(args[i], "bahi-", 5) == 0 ? args[i] :
		    arena_strdup(tool->arena,
		    find_posting(tool, args[i]).reference);
	if (target_adapter(tool->target)->find(tool->target, references, n,
	    tool->arena, &found, &count, &e))
		tell_remotes(tool, "found", found, count);
	else
		tell_error(tool, &e);
}

static void
do_reach(struct tool *tool, char **args, size_t n)
{
	const char *last = "";
	struct err e = { 0 };

	(void)n;
	if (target_adapter(tool->target)->reach(tool->target, args[0],
	    tool->arena, &last, &e))
		json_kstr(&tool->out, "reach", last);
	else
		tell_error(tool, &e);
}

static void
act_on(struct tool *tool, char **args, bool (*act)(struct target *,
    const struct posting *, const struct remote *, struct arena *,
    struct verdict *, struct err *))
{
	struct posting posting = find_posting(tool, args[0]);
	struct remote remote = { .reference = posting.reference,
	    .remote = args[1], .number = "", .version = args[2],
	    .narration = "", .changed_by = "" };
	struct verdict verdict = { 0 };
	struct err e = { 0 };

	if (act == NULL)
		err_set(&e, ERR_REFUSED, "the adapter has no such act");
	else if (act(tool->target, &posting, &remote, tool->arena, &verdict,
	    &e))
		tell_verdicts(tool, &posting, &verdict, 1);
	tell_error(tool, &e);
}

static void
do_finish(struct tool *tool, char **args, size_t n)
{
	(void)n;
	act_on(tool, args, target_adapter(tool->target)->finish);
}

static void
do_restore(struct tool *tool, char **args, size_t n)
{
	(void)n;
	act_on(tool, args, target_adapter(tool->target)->restore);
}

static struct day
day_of(const char *text)
{
	struct day day = { .text = "" };
	struct err e = { 0 };

	if (!day_parse(span_of(text), &day)) {
		err_set(&e, ERR_USAGE, "not a day: %s", text);
		fail(&e);
	}
	return day;
}

static void
do_list(struct tool *tool, char **args, size_t n)
{
	struct day from = day_of(args[0]), to = day_of(args[1]);
	const struct adapter *adapter = target_adapter(tool->target);
	const char *cursor = "";
	struct err e = { 0 };
	struct remote *list;
	size_t pages = 0, count;
	bool ok = adapter->list != NULL || err_set(&e, ERR_REFUSED,
	    "the adapter has no list");

	(void)n;
	json_key(&tool->out, "listed");
	json_open(&tool->out, '[');
	while (ok && (pages == 0 || *cursor != '\0')) {
		ok = pages++ < PAGES_MAX && adapter->list(tool->target, from,
		    to, &cursor, tool->arena, &list, &count, &e);
		for (size_t i = 0; ok && i < count; i++)
			tell_remote(tool, &list[i]);
	}
	json_close(&tool->out, ']');
	json_kint(&tool->out, "pages", (int64_t)pages);
	tell_error(tool, &e);
}

static void
do_balances(struct tool *tool, char **args, size_t n)
{
	const struct adapter *adapter = target_adapter(tool->target);
	struct remote_balance *list = NULL;
	struct json *j = &tool->out;
	struct err e = { 0 };
	size_t count = 0;

	(void)n;
	if (adapter->balances == NULL)
		err_set(&e, ERR_REFUSED, "the adapter has no balances");
	else if (!adapter->balances(tool->target, day_of(args[0]),
	    tool->arena, &list, &count, &e))
		count = 0;
	json_key(j, "balances");
	json_open(j, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(j, '{');
		json_kstr(j, "account", list[i].account);
		json_kstr(j, "name", list[i].name);
		json_kint(j, "debit", list[i].debit);
		json_kint(j, "credit", list[i].credit);
		json_close(j, '}');
	}
	json_close(j, ']');
	tell_error(tool, &e);
}

static const struct {
	const char *name;
	size_t least, most;	/* arguments */
	void (*act)(struct tool *, char **, size_t);
} acts[] = {
	{ "check", 0, 0, do_check },
	{ "send", 1, TARGET_BATCH_MAX, do_send },
	{ "each", 1, POSTINGS_MAX, do_each },
	{ "find", 1, POSTINGS_MAX, do_find },
	{ "reach", 1, 1, do_reach },
	{ "finish", 3, 3, do_finish },
	{ "restore", 3, 3, do_restore },
	{ "list", 2, 2, do_list },
	{ "balances", 1, 1, do_balances },
};

/* ---- the whole -------------------------------------------------------- */

static void
open_tool(struct tool *tool, char **argv)
{
	char digest[SHA256_HEX];
	struct err e = { 0 };

	tool->arena = arena_new();
	tool->conf = targetconf_read(argv[1], argv[2], digest, &e);
	if (tool->conf == NULL)
		fail(&e);
	if (is_store(argv[3])) {
		if (!db_open(&tool->db, argv[3], DB_READ, &e))
			fail(&e);
	} else if (strcmp(argv[3], "-") != 0)
		read_postings(tool, argv[3]);
	if (!target_open(&tool->target, tool->conf, &e))
		fail(&e);
	str_init(&tool->text, (size_t)1 << 30);
	json_start(&tool->out, &tool->text);
}

static void
close_tool(struct tool *tool)
{
	target_close(&tool->target);
	targetconf_free(&tool->conf);
	db_close(&tool->db);
	str_free(&tool->text);
	arena_free(&tool->arena);
}

int
main(int argc, char **argv)
{
	struct tool tool = { 0 };
	size_t n = argc > 5 ? (size_t)argc - 5 : 0;

	rules_setup();
	for (size_t i = 0; argc > 4 && i < sizeof acts / sizeof *acts; i++) {
		if (strcmp(acts[i].name, argv[4]) != 0 || n < acts[i].least ||
		    n > acts[i].most)
			continue;
		open_tool(&tool, argv);
		json_open(&tool.out, '{');
		acts[i].act(&tool, argv + 5, n);
		json_close(&tool.out, '}');
		puts(tool.text.p);
		close_tool(&tool);
		return 0;
	}
	fputs("usage: target FOLDER NAME POSTINGS ACT [ARGUMENT ...]\n",
	    stderr);
	return 2;
}
