/*
 * bahi gst recon, import, followup: what suppliers filed, beside the books.
 */
#include "ui/cli_gst_inside.h"

#include <string.h>

#include "core/file.h"
#include "core/i18n.h"
#include "ui/recon.h"
#include "ui/restricted.h"
#include "wire/gst.h"

#define FILE_MAX ((size_t)64 << 20)

/* ---- files -------------------------------------------------------------- */

static bool
take_file(struct job *job, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct span file, answer;

	if (!restricted_read(path, FILE_MAX, job->arena, &file, e) ||
	    !wire_gst_inward(job->wire, file, slash != NULL ? slash + 1 :
	    path, job->arena, &answer, e))
		return false;
	if (job->json)
		cli_put_json(job, answer);
	else
		printf("%s: %s\n", cli_tame(job, path), recon_report(answer,
		    job->arena));
	return true;
}

bool
gst_import(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	bool ok = asked->n > 0 || err_set(e, ERR_USAGE, "import FILE ...");

	(void)status;
	for (size_t i = 0; ok && i < asked->n; i++)
		ok = take_file(job, asked->rest[i], e);
	return ok;
}

/* ---- what is said ------------------------------------------------------ */

static bool
fill(struct job *job, struct gst_asked *asked, struct wire_gst_word *word,
    struct err *e)
{
	if (strcmp(word->action, "undo") == 0) {
		word->decision = asked->n == 2 ? asked->rest[1] : NULL;
		return word->decision != NULL || err_set(e, ERR_USAGE,
		    "recon undo D12");
	}
	if (strcmp(word->action, "link") == 0) {
		if (asked->n != 3)
			return err_set(e, ERR_USAGE, "recon link R12 B34");
		word->items = asked->rest + 1;
		word->n_items = 1;
		word->with = asked->rest[2];
		return true;
	}
	word->items = asked->rest + 1;
	word->n_items = asked->n - 1;
	if (word->n_items > 0)
		return asked->status == NULL || err_set(e, ERR_USAGE,
		    "rows, or --status");
	if (asked->status == NULL)
		return err_set(e, ERR_USAGE, "recon %s R12 ...|--status S",
		    word->action);
	if (!gst_settle(job, asked, e))
		return false;
	word->gstin = asked->gstin;
	word->period = asked->period;
	word->status = asked->status;
	word->party = asked->party;
	return true;
}

static bool
say(struct job *job, struct gst_asked *asked, int *status, struct err *e)
{
	struct wire_gst_word word = { .what = "recon",
	    .action = asked->rest[0], .reason = asked->reason };
	struct wire_gst_said said;
	struct span answer;

	if (!fill(job, asked, &word, e) || !wire_gst_post(job->wire, &word,
	    NULL, job->arena, &answer, e))
		return false;
	if (!shape_gst_said(answer, job->arena, &said))
		return err_set(e, ERR_JSON, "the answer to recon");
	*status = said.skipped > 0;
	if (job->json)
		cli_put_json(job, answer);
	else if (said.skipped > 0)
		printf(_("%s %s: %lld done, %lld left out: %s\n"),
		    cli_tame(job, said.decision), word.action,
		    (long long)said.done, (long long)said.skipped,
		    cli_tame(job, said.why));
	else
		printf(_("%s %s: %lld done\n"), cli_tame(job, said.decision),
		    word.action, (long long)said.done);
	return true;
}

/* ---- what there is ------------------------------------------------------ */

static bool
show(struct job *job, const char *item, struct err *e)
{
	const char *path = gst_path(job->arena, list_find("gst_why"), item);
	struct vec lines;
	struct span body;

	if (job->json)
		return cli_print_json(job, path, e);
	if (!wire_get(job->wire, path, job->arena, &body, e))
		return false;
	vec_init(&lines, sizeof(const char *), 100);
	recon_why(body, job->arena, &lines);
	for (size_t i = 0; i < lines.n; i++)
		puts(*(const char **)vec_at(&lines, i));
	vec_free(&lines);
	return true;
}

static const char *
key_of(struct job *job, const struct gst_asked *asked)
{
	const char *key = arena_printf(job->arena, "%s %s", asked->gstin,
	    asked->period);

	if (asked->status != NULL)
		key = gst_with(job->arena, key, 2, asked->status);
	return asked->party != NULL ? gst_with(job->arena, key, 3,
	    asked->party) : key;
}

/* Nobody has to do anything about it any more. */
static bool
is_settled(const struct recon_row *row)
{
	return row->action[0] != '\0' || strcmp(row->status, "exact") == 0 ||
	    strcmp(row->status, "manual") == 0;
}

static bool
list_all(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	const struct list *list = list_find("gst_recon");
	const char *path, *after = "";
	struct recon_rows all;
	struct list_rows rows;
	struct span body;

	if (!gst_settle(job, asked, e))
		return false;
	path = gst_path(job->arena, list, key_of(job, asked));
	if (job->json)
		return cli_print_json(job, path, e);
	do {
		const char *page = wire_page(job->arena, path, after);

		if (!wire_get(job->wire, page, job->arena, &body, e))
			return false;
		if (!recon_read(body, job->arena, &all) ||
		    !list_read(list, body, job->arena, &rows))
			return err_set(e, ERR_JSON, "the answer to %.100s",
			    page);
		if (rows.n > 0 || after[0] == '\0')
			cli_print_list(job, list, &rows);
		for (size_t i = 0; i < all.n; i++)
			*status |= !is_settled(&all.items[i]);
		after = rows.next;
	} while (after[0] != '\0');
	return true;
}

bool
gst_recon(struct job *job, struct gst_asked *asked, int *status,
    struct err *e)
{
	if (asked->n == 2 && strcmp(asked->rest[0], "show") == 0)
		return show(job, asked->rest[1], e);
	if (asked->n > 0)
		return say(job, asked, status, e);
	if (asked->out != NULL)
		return gst_write(job, asked, "purchases", e);
	return list_all(job, asked, status, e);
}
