/* Keys, periods and words of GST. */
#include "ui/gst.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/text.h"
#include "wire/gst.h"

/* ---- keys -------------------------------------------------------------- */

const char *
gst_word(struct arena *arena, const char *key, int n)
{
	const char *word;

	for (; n > 0 && *key != '\0'; n--) {
		key += strcspn(key, " ");
		key += *key == ' ';
	}
	word = arena_strndup(arena, key, strcspn(key, " "));
	return strcmp(word, "-") == 0 ? "" : word;
}

const char *
gst_with(struct arena *arena, const char *key, int n, const char *word)
{
	const char *out = "";
	int words = key[0] != '\0';

	for (const char *p = key; *p != '\0'; p++)
		words += *p == ' ';
	if (words <= n)
		words = n + 1;
	for (int i = 0; i < words; i++) {
		const char *one = i == n ? word : gst_word(arena, key, i);

		out = arena_printf(arena, "%s%s%s", out, i > 0 ? " " : "",
		    one[0] != '\0' ? one : "-");
	}
	return out;
}

const char *
gst_path(struct arena *arena, const struct list *list, const char *key)
{
	const char *path = arena_strdup(arena, list->path);
	const char *hole = strstr(path, "{}");
	char glue = strchr(path, '?') != NULL ? '&' : '?';

	/* What is named there may have spaces in it. */
	if (hole != NULL)
		return wire_path(arena, arena_strndup(arena, path,
		    (size_t)(hole - path)), key, hole + 2);
	for (int i = 0; list->names[i] != NULL; i++) {
		const char *word = gst_word(arena, key, i);

		if (word[0] == '\0')
			continue;
		path = wire_path(arena, arena_printf(arena, "%s%c%s=", path,
		    glue, list->names[i]), word, "");
		glue = '&';
	}
	return path;
}

const struct list *
gst_list(struct arena *arena, const char *word)
{
	const struct list *list = list_find(arena_printf(arena, "gst_%.*s",
	    (int)strcspn(word, "@"), word));

	if (list == NULL)
		bug("no list %s", word);
	return list;
}

const char *
gst_stored(struct arena *arena, const char *word, const char *key)
{
	const struct list *list = gst_list(arena, word);
	const char *out = word;

	if (strstr(list->path, "{}") != NULL)
		return arena_printf(arena, "%s %s", word, key);
	for (int i = 0; list->names[i] != NULL; i++) {
		const char *one = gst_word(arena, key, i);

		out = arena_printf(arena, "%s %s", out, one[0] != '\0' ?
		    one : "-");
	}
	return out;
}

/* ---- periods ----------------------------------------------------------- */

/* Months since the year 0; -1: no period. */
static int
months_of(const char *period)
{
	int month, year;

	if (strlen(period) != 6 || strspn(period, "0123456789") != 6)
		return -1;
	month = (period[0] - '0') * 10 + period[1] - '0';
	year = (int)strtol(period + 2, NULL, 10);
	return month >= 1 && month <= 12 ? year * 12 + month - 1 : -1;
}

static const char *
period_of(struct arena *arena, int months)
{
	return arena_printf(arena, "%02d%04d", months % 12 + 1, months / 12);
}

const char *
gst_period(struct arena *arena, const char *typed)
{
	const char *out = typed;
	size_t n = strlen(typed);

	if (n == 7 && typed[4] == '-')
		out = arena_printf(arena, "%.2s%.4s", typed + 5, typed);
	else if (n == 7 && (typed[2] == '/' || typed[2] == '-'))
		out = arena_printf(arena, "%.2s%.4s", typed, typed + 3);
	return months_of(out) >= 0 ? out : NULL;
}

const char *
gst_period_step(struct arena *arena, const char *period, int months)
{
	int at = months_of(period);

	return at < 0 || at + months < 0 ? period : period_of(arena,
	    at + months);
}

static bool
is_filed(struct arena *arena, struct span filings, const char *period)
{
	static const char *const paths[] = { "form", "period" };
	struct wire_rows rows;

	if (!shape_rows(filings, "items", paths, 2, arena, &rows))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		if (strcmp(rows.texts[2 * i], "gstr3b") == 0 &&
		    strcmp(rows.texts[2 * i + 1], period) == 0)
			return true;
	return false;
}

const char *
gst_period_ready(struct arena *arena, struct day today, bool quarterly,
    struct span filings)
{
	int step = quarterly ? 3 : 1;
	int now = (int)strtol(today.text, NULL, 10) * 12 +
	    (int)strtol(today.text + 5, NULL, 10) - 1;
	const char *before;

	if (quarterly)
		now += 2 - now % 3;	/* the quarter's last month */
	before = period_of(arena, now - step);
	return is_filed(arena, filings, before) ? period_of(arena, now) :
	    before;
}

const char *
gst_period_text(struct arena *arena, const char *period)
{
	static const char *const months[] = {
		N_("January"), N_("February"), N_("March"), N_("April"),
		N_("May"), N_("June"), N_("July"), N_("August"),
		N_("September"), N_("October"), N_("November"),
		N_("December")
	};
	int at = months_of(period);

	return at < 0 ? text_cut(arena, period, 20) : arena_printf(arena,
	    "%s %d", _(months[at % 12]), at / 12);
}

/* ---- words ------------------------------------------------------------- */

const struct gst_form gst_forms[] = {
	{ "gstr1", "json", N_("GSTR-1 for the offline tool or the portal"),
	    false },
	{ "gstr1", "csv", N_("GSTR-1, one CSV a section"), false },
	{ "iff", "json", N_("invoice furnishing facility, months 1 and 2"),
	    true },
	{ "iff", "csv", N_("the same, one CSV a section"), true },
	{ "gstr3b", "json", N_("GSTR-3B for the portal"), false },
	{ "gstr3b", "csv", N_("GSTR-3B, cell by cell"), false },
	{ "gstr3b", "html", N_("GSTR-3B to print and sign"), false },
	{ "purchases", "csv", N_("purchase register"), false },
	{ "followup", "csv", N_("suppliers to follow up"), false },
	{ "ims", "json", N_("actions for the invoice management system"),
	    false },
};

const size_t n_gst_forms = sizeof gst_forms / sizeof *gst_forms;

const char *
gst_text(struct arena *arena, const char *word)
{
	static const struct {
		const char *word, *text;
	} known[] = {
		{ "gstr1", "GSTR-1" }, { "gstr3b", "GSTR-3B" },
		{ "gstr2b", "GSTR-2B" }, { "iff", "IFF" },
		{ "2b", "GSTR-2B" }, { "2a", "GSTR-2A" }, { "ims", "IMS" },
		{ "pmt06", "PMT-06" }, { "cmp08", "CMP-08" },
		{ "gstr9", "GSTR-9" },
		{ "b2b", "B2B" }, { "b2cl", "B2CL" }, { "b2cs", "B2CS" },
		{ "exp", "EXP" }, { "cdnr", "CDNR" }, { "cdnur", "CDNUR" },
		{ "at", "AT" }, { "txpd", "TXPD" }, { "nil", "NIL" },
		{ "b2ba", "B2BA" }, { "b2cla", "B2CLA" },
		{ "b2csa", "B2CSA" }, { "expa", "EXPA" },
		{ "cdnra", "CDNRA" }, { "cdnura", "CDNURA" },
		{ "ata", "ATA" }, { "txpda", "TXPDA" },
		{ "supeco", "ECO" }, { "supecoa", "ECOA" },
		{ "ecom", "ECOM" }, { "ecoma", "ECOMA" },
		{ "hsn", "HSN" }, { "doc_issue", "DOCS" },
		{ "b2c", "B2C" }, { "in", N_("bought") },
		{ "igst", "IGST" }, { "cgst", "CGST" }, { "sgst", "SGST" },
		{ "cess", N_("Cess") },
		{ "computed", N_("documents") }, { "manual", N_("entered") },
		{ "both", N_("both") },
		{ "ledger", N_("Ledger") },
		{ "difference", N_("Difference") },
		{ "reverse_charge", N_("Reverse charge") },
		{ "differs", N_("differs") },
		{ "unplaced", N_("in no return") },
		{ "unreturned", N_("only in ledger") },
		{ "settles", N_("pays tax") }, { "timing", N_("other month") },
		{ "new", N_("new") }, { "changed", N_("changed") },
		{ "void", N_("void") }, { "gone", N_("gone") },
		{ "accept", N_("accepted") }, { "ignore", N_("ignored") },
		{ "pending", N_("pending") },
		{ "equal", N_("equal") }, { "alike", N_("alike") },
		{ "contained", N_("one contains the other") },
		{ "no", N_("not alike") },
		{ "waiting", N_("waiting") }, { "running", N_("running") },
		{ "done", N_("done") }, { "failed", N_("failed") },
		{ "cancelled", N_("stopped") },
		{ "open", N_("not filed") }, { "filed", N_("filed") },
		{ "monthly", N_("monthly") },
		{ "quarterly", N_("quarterly") },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].word, word) == 0)
			return _(known[i].text);
	return word[0] == '\0' ? "" : text_cut(arena, _(word), 300);
}
