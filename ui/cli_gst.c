/*
 * bahi gst: what returns hold, as the panes show it.  What is written into
 * files is in cli_gst_out.c, what is matched in cli_gst_recon.c.
 */
#include "ui/cli_gst_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "wire/gst.h"

/* ---- what was asked ---------------------------------------------------- */

static bool
read_asked(struct job *job, struct gst_asked *asked, struct err *e)
{
	const struct {
		const char *name, **at;
	} known[] = {
		{ "--gstin", &asked->gstin }, { "--period", &asked->period },
		{ "--out", &asked->out }, { "--format", &asked->format },
		{ "--form", &asked->form }, { "--arn", &asked->arn },
		{ "--filed", &asked->filed }, { "--reason", &asked->reason },
		{ "--status", &asked->status }, { "--party", &asked->party },
	};
	size_t n = sizeof known / sizeof *known;

	*asked = (struct gst_asked){ .word = job->argv[0], .yes = job->yes };
	asked->rest = arena_alloc(job->arena, ((size_t)job->argc + 1) *
	    sizeof *asked->rest);
	for (int i = 1; i < job->argc; i++) {
		const char *word = job->argv[i];
		size_t k = 0;

		while (k < n && strcmp(known[k].name, word) != 0)
			k++;
		if (k < n && i + 1 < job->argc)
			*known[k].at = job->argv[++i];
		else if (strcmp(word, "--force") == 0)
			asked->force = true;
		else if (strncmp(word, "--", 2) == 0)
			return err_set(e, ERR_USAGE, "%.60s is not understood here", word);
		else
			asked->rest[asked->n++] = word;
	}
	if (asked->period == NULL)
		return true;
	asked->period = gst_period(job->arena, asked->period);
	return asked->period != NULL || err_set(e, ERR_USAGE,
	    "--period 102026 or 2026-10");
}

/* The only one there is, or the one that was named; of what filing. */
static bool
find_registration(struct job *job, struct gst_asked *asked,
    const char **filing, struct err *e)
{
	static const char *const paths[] = { "gstin", "filing" };
	const char *all = "";
	struct wire_rows rows;

	if (!wire_rows_get(job->wire, "/v1/gst/registrations", "items",
	    paths, 2, job->arena, &rows, e))
		return false;
	if (rows.n == 1 && asked->gstin == NULL)
		asked->gstin = rows.texts[0];
	*filing = "";
	for (size_t i = 0; i < rows.n; i++) {
		if (asked->gstin != NULL &&
		    strcmp(asked->gstin, rows.texts[2 * i]) == 0)
			*filing = rows.texts[2 * i + 1];
		all = arena_printf(job->arena, "%s %s", all,
		    cli_tame(job, rows.texts[2 * i]));
	}
	if (asked->gstin != NULL)
		return true;
	return err_set(e, ERR_USAGE, rows.n == 0 ?
	    "no GSTIN in the table registration%s" : "--gstin: one of%s",
	    all);
}

bool
gst_settle(struct job *job, struct gst_asked *asked, struct err *e)
{
	const char *filing;
	struct span filings;

	if (asked->gstin != NULL && asked->period != NULL)
		return true;
	if (!find_registration(job, asked, &filing, e))
		return false;
	if (asked->period != NULL)
		return true;
	if (!wire_get(job->wire, wire_path(job->arena,
	    "/v1/gst/filings?gstin=", asked->gstin, ""), job->arena,
	    &filings, e))
		return false;
	asked->period = gst_period_ready(job->arena,
	    day_from_time(clock_now()), strcmp(filing, "quarterly") == 0,
	    filings);
	return true;
}

static bool
takes(const struct list *list, const char *name)
{
	for (size_t i = 0; list->names[i] != NULL; i++)
		if (strcmp(list->names[i], name) == 0)
			return true;
	return false;
}

bool
gst_key(struct job *job, const struct gst_asked *asked,
    const struct list *list, const char **out, struct err *e)
{
	const char *key = "";

	if (takes(list, "gstin"))
		key = asked->gstin;
	if (takes(list, "period"))
		key = arena_printf(job->arena, "%s %s", key, asked->period);
	for (size_t i = 0; i < asked->n; i++) {
		const char *word = asked->rest[i];
		size_t n = strcspn(word, "="), k = 0;

		while (list->names[k] != NULL && (word[n] != '=' ||
		    !span_is((struct span){ word, n }, list->names[k])))
			k++;
		if (list->names[k] == NULL || strchr(word, ' ') != NULL)
			return err_set(e, ERR_USAGE, "%.60s is not understood here", word);
		key = gst_with(job->arena, key, (int)k, word + n + 1);
	}
	*out = key;
	return true;
}

bool
gst_rows(struct job *job, struct gst_asked *asked, const char *name,
    struct list_rows *out, bool *printed, struct err *e)
{
	const struct list *list = list_find(name);
	const char *key, *path;

	*printed = job->json;
	if ((takes(list, "gstin") && !gst_settle(job, asked, e)) ||
	    !gst_key(job, asked, list, &key, e))
		return false;
	path = gst_path(job->arena, list, key);
	return job->json ? cli_print_json(job, path, e) :
	    cli_list_get(job, list, path, out, e);
}

/* ---- lists ------------------------------------------------------------- */

static bool
run_plain(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	const char *name = arena_printf(job->arena, "gst_%s", asked->word);
	struct list_rows rows;
	bool printed;

	if (!gst_rows(job, asked, name, &rows, &printed, e))
		return false;
	if (printed)
		return true;
	cli_print_list(job, list_find(name), &rows);
	cli_more(job, arena_printf(job->arena, "gst %s", asked->word),
	    rows.next);
	*status = rows.n == 0;
	return true;
}

/* Of all GSTINs, unless one was named. */
static bool
run_calendar(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	const struct list *list = list_find("gst_calendar");
	const char *path = gst_path(job->arena, list, asked->gstin != NULL ?
	    asked->gstin : "");
	struct list_rows rows;

	if (asked->n > 0)
		return err_set(e, ERR_USAGE, "%.60s is not understood here", asked->rest[0]);
	if (job->json)
		return cli_print_json(job, path, e);
	if (!cli_list_get(job, list, path, &rows, e))
		return false;
	cli_print_list(job, list, &rows);
	for (size_t i = 0; i < rows.n; i++)
		*status |= rows.items[i].alarm > 0;
	return true;
}

/* ---- the summary ------------------------------------------------------- */

static void
print_due(struct job *job, const struct wire_gst_summary *s)
{
	for (size_t i = 0; i < s->n_due; i++)
		printf(_("%s by %s, %s days\n"), gst_text(job->arena,
		    s->due[i].form), cli_tame(job, s->due[i].date),
		    cli_tame(job, s->due[i].days));
}

static bool
print_summary(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	const struct list *list = list_find("gst_summary");
	struct wire_gst_summary s;
	struct list_rows rows;
	const char *key;
	struct span body;

	if (!gst_settle(job, asked, e) || !gst_key(job, asked, list, &key, e))
		return false;
	key = gst_path(job->arena, list, key);
	if (job->json)
		return cli_print_json(job, key, e);
	if (!wire_get(job->wire, key, job->arena, &body, e))
		return false;
	if (!shape_gst_summary(body, job->arena, &s) ||
	    !list_read(list, body, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", key);
	printf("%s %s: %s, %s\n", cli_tame(job, s.gstin),
	    gst_period_text(job->arena, s.period),
	    gst_text(job->arena, s.filing), gst_text(job->arena, s.state));
	print_due(job, &s);
	cli_print_list(job, list, &rows);
	if (strtoll(s.unplaced, NULL, 10) > 0)
		printf(_("%s documents are in no section.\n"),
		    cli_tame(job, s.unplaced));
	if (strtoll(s.changed, NULL, 10) > 0)
		printf(_("%s documents changed since it was exported or "
		    "filed.\n"), cli_tame(job, s.changed));
	*status = rows.n == 0;
	return true;
}

/* ---- into files ---------------------------------------------------------- */

/* A return on the screen, or into a folder. */
static bool
run_return(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	if (asked->out != NULL)
		return gst_write(job, asked, asked->word, e);
	if (strcmp(asked->word, "gstr1") == 0)
		return print_summary(job, asked, status, e);
	if (!run_plain(job, asked, status, e) || job->json)
		return e->code == ERR_NONE;
	puts("");
	asked->word = "liability";
	return run_plain(job, asked, status, e);
}

static bool
run_followup(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	return asked->out != NULL ? gst_write(job, asked, asked->word, e) :
	    run_plain(job, asked, status, e);
}

static bool
run_out(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	(void)status;
	return asked->out != NULL ? gst_write(job, asked, asked->word, e) :
	    err_set(e, ERR_USAGE, "%s --out DIR", asked->word);
}

/* ---- do they agree ------------------------------------------------------- */

static void
print_sides(struct job *job, struct span body, const char *half)
{
	static const char *const names[] = { "gstr1", "gstr3b",
		"reverse_charge", "ledger", "difference" };
	static const char *const heads[] = { N_("Side"), N_("IGST"),
		N_("CGST"), N_("SGST"), N_("Cess"), N_("Other"), NULL };
	static const char *const of[] = { "igst", "cgst", "sgst", "cess",
		"other" };
	struct table table;

	table_start(&table, "<>>>>>", heads);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *paths[5], *t[6] = { gst_text(job->arena,
		    names[i]) };

		for (int h = 0; h < 5; h++)
			paths[h] = arena_printf(job->arena, "%s.%s.%s", half,
			    names[i], of[h]);
		if (!shape_texts(body, paths, 5, job->arena, t + 1) ||
		    t[1][0] == '\0')
			continue;
		for (int h = 1; h < 6; h++)
			t[h] = text_money(job->arena, "INR", t[h]);
		table_add(&table, t);
	}
	cli_table(job, &table);
}

static bool
run_check(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	static const char *const flag[] = { "agrees" };
	const struct list *list = list_find("gst_agree");
	struct list_rows rows;
	const char *path, *agrees;
	struct span body;

	if (!gst_settle(job, asked, e) || !gst_key(job, asked, list, &path,
	    e))
		return false;
	path = gst_path(job->arena, list, path);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	if (!shape_texts(body, flag, 1, job->arena, &agrees) ||
	    !list_read(list, body, job->arena, &rows))
		return err_set(e, ERR_JSON, "the answer to %.100s", path);
	*status = agrees[0] == '\0';
	if (job->json)
		return cli_print_json(job, path, e);
	puts(_("Sold"));
	print_sides(job, body, "output");
	puts(_("Bought"));
	print_sides(job, body, "input");
	if (rows.n > 0)
		cli_print_list(job, list, &rows);
	puts(*status == 0 ? _("GSTR-1, GSTR-3B and the ledger agree.") :
	    _("GSTR-1, GSTR-3B and the ledger do not agree."));
	return true;
}

/* ---- filing ------------------------------------------------------------ */

static bool
run_file(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	struct wire_gst_word word = { .what = "filings",
	    .form = asked->form, .arn = asked->arn, .filed = asked->filed,
	    .reason = asked->reason };
	struct span answer;

	(void)status;
	if (asked->form == NULL || asked->arn == NULL ||
	    asked->period == NULL || (!asked->yes && !job->dry &&
	    !cli_may_ask(job)))
		return err_set(e, ERR_USAGE, "file --form gstr1 --arn ARN "
		    "--period 102026 --yes [--filed 2026-11-10]");
	if (!gst_settle(job, asked, e))
		return false;
	word.gstin = asked->gstin;
	word.period = asked->period;
	if (!job->dry && !cli_confirm(job, arena_printf(job->arena,
	    _("Mark %s of %s, %s as filed? It is locked from then on."),
	    gst_text(job->arena, word.form), word.gstin,
	    gst_period_text(job->arena, word.period))))
		return false;
	if (word.filed == NULL)
		word.filed = arena_strdup(job->arena,
		    day_from_time(clock_now()).text);
	if (!wire_gst_post(job->wire, &word, NULL, job->arena, &answer, e))
		return false;
	if (job->json)
		cli_put_json(job, answer);
	else
		printf(_("%s of %s, %s is filed: later changes become "
		    "amendments.\n"), gst_text(job->arena, word.form),
		    cli_tame(job, word.gstin), gst_period_text(job->arena,
		    word.period));
	return true;
}

/* It was said by mistake: what is on the portal stays there. */
static bool
run_unfile(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	struct wire_gst_word word = { .what = "filings/withdraw",
	    .form = asked->form, .reason = asked->reason };
	struct span answer;

	(void)status;
	if (asked->form == NULL || asked->period == NULL)
		return err_set(e, ERR_USAGE, "unfile --form gstr1 "
		    "--period 102026 --reason TEXT");
	if (!cli_reason(job, &word.reason, e))
		return false;
	if (!gst_settle(job, asked, e))
		return false;
	word.gstin = asked->gstin;
	word.period = asked->period;
	if (!wire_gst_post(job->wire, &word, NULL, job->arena, &answer, e))
		return false;
	if (job->json)
		cli_put_json(job, answer);
	else
		printf(_("%s of %s, %s is not filed any more.\n"),
		    gst_text(job->arena, word.form), cli_tame(job,
		    word.gstin), gst_period_text(job->arena, word.period));
	return true;
}

/* ---- entering ---------------------------------------------------------- */

static bool
run_enter(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	struct wire_gst_word word = { .what = "entries",
	    .reason = asked->reason };
	struct span answer;

	(void)status;
	if (asked->n < 2)
		return err_set(e, ERR_USAGE, "enter CELL igst=1.00 ...|none "
		    "--reason TEXT");
	if (!cli_reason(job, &word.reason, e))
		return false;
	word.cell = asked->rest[0];
	for (size_t i = 1; i < asked->n; i++) {
		const char *one = asked->rest[i];
		size_t n = strcspn(one, "="), h = 0;

		word.remove |= strcmp(one, "none") == 0;
		while (h < WIRE_GST_HEADS && (one[n] != '=' || !span_is(
		    (struct span){ one, n }, wire_gst_heads[h])))
			h++;
		if (h < WIRE_GST_HEADS)
			word.heads[h] = one + n + 1;
		else if (strcmp(one, "none") != 0)
			return err_set(e, ERR_USAGE, "%.60s is not understood here", one);
	}
	if (!gst_settle(job, asked, e))
		return false;
	word.gstin = asked->gstin;
	word.period = asked->period;
	if (!wire_gst_post(job->wire, &word, NULL, job->arena, &answer, e))
		return false;
	if (job->json)
		cli_put_json(job, answer);
	else
		printf(_("%s of %s, %s is entered.\n"), cli_tame(job,
		    word.cell), cli_tame(job, word.gstin), gst_period_text(
		    job->arena, word.period));
	return true;
}

/* ---- the words --------------------------------------------------------- */

static const struct {
	const char *name;
	gst_run *run;
} words[] = {
	{ "summary", print_summary }, { "gstr1", run_return },
	{ "gstr3b", run_return }, { "iff", run_out }, { "ims", run_out },
	{ "purchases", run_out }, { "followup", run_followup },
	{ "recon", gst_recon }, { "import", gst_import }, { "cells", run_plain },
	{ "documents", run_plain }, { "hsn", run_plain },
	{ "issued", run_plain }, { "changes", run_plain }, { "filings", run_plain },
	{ "registrations", run_plain }, { "file", run_file },
	{ "unfile", run_unfile },
	{ "exports", run_plain }, { "stop", gst_stop },
	{ "liability", run_plain }, { "entries", run_plain },
	{ "enter", run_enter },
	{ "calendar", run_calendar }, { "check", run_check },
};

bool
run_gst(struct job *job, int *status, struct err *e)
{
	struct gst_asked asked;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].name, job->argv[0]) == 0)
			return read_asked(job, &asked, e) &&
			    words[i].run(job, &asked, status, e);
	return err_set(e, ERR_USAGE, "gst %.60s", job->argv[0]);
}
