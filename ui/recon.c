/* Rows of the reconciliation: read, and put into words. Asks nobody. */
#include "ui/recon.h"

#include <string.h>

#include "book/money.h"
#include "core/i18n.h"
#include "ui/text.h"
#include "wire/gst.h"

#define SIDE 8
#define OWN 9
#define PATHS (OWN + 2 * SIDE)

static const char *const paths[PATHS] = {
	"item", "status", "differs", "ctin", "name", "action", "ims",
	"comment", "says",
	"books.event", "books.number", "books.date", "books.taxable",
	"books.igst", "books.cgst", "books.sgst", "books.cess",
	"portal.form", "portal.number", "portal.date", "portal.taxable",
	"portal.igst", "portal.cgst", "portal.sgst", "portal.cess",
};

const char *
recon_tax(struct arena *arena, const char *const heads[])
{
	struct money sum = { 0, "INR" }, one;
	struct str out;
	const char *text;

	for (int i = 0; i < WIRE_GST_HEADS; i++)
		if (!money_parse(span_of(heads[i]), "INR", &one) ||
		    !money_add(&sum, one))
			return "";
	str_init(&out, 64);
	money_plain(sum, &out);
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

static struct recon_side
side_of(struct arena *arena, const char **t)
{
	return (struct recon_side){ .id = t[0], .number = t[1],
	    .date = t[2], .taxable = t[3], .tax = recon_tax(arena, t + 4) };
}

bool
recon_read(struct span json, struct arena *arena, struct recon_rows *out)
{
	struct wire_rows rows;

	if (!shape_rows(json, "items", paths, PATHS, arena, &rows))
		return false;
	*out = (struct recon_rows){ .n = rows.n, .next = rows.next };
	out->items = arena_alloc(arena, (rows.n + 1) * sizeof *out->items);
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * PATHS;

		out->items[i] = (struct recon_row){ .id = t[0],
		    .status = t[1], .differs = t[2], .party = t[3],
		    .name = t[4], .action = t[5], .ims = t[6],
		    .reason = t[7], .says = t[8],
		    .books = side_of(arena, t + OWN),
		    .portal = side_of(arena, t + OWN + SIDE) };
	}
	return true;
}

/* ---- words ------------------------------------------------------------- */

const char *const recon_statuses[] = {
	"only_2b", "only_books", "mismatch", "suggested", "manual", "exact",
	"elsewhere", NULL
};

struct word {
	const char *name, *text;
};

static const char *
find(const struct word *words, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i].name, name) == 0)
			return _(words[i].text);
	return NULL;
}

const char *
recon_status(const char *status)
{
	static const struct word words[] = {
		{ "only_2b", N_("only in 2B") },
		{ "only_books", N_("only in books") },
		{ "mismatch", N_("in both, differs") },
		{ "suggested", N_("in both, alike") },
		{ "manual", N_("in both, by hand") },
		{ "exact", N_("in both, equal") },
		{ "elsewhere", N_("in another month's 2B") },
	};
	const char *text = find(words, sizeof words / sizeof *words, status);

	return text != NULL ? text : "";
}

const char *
recon_said(struct arena *arena, const struct recon_row *row)
{
	static const struct word actions[] = {
		{ "accept", N_("accepted") }, { "ignore", N_("ignored") },
		{ "pending", N_("pending") },
	};
	const char *action = find(actions, sizeof actions / sizeof *actions,
	    row->action);

	if (row->ims[0] == '\0')
		return action != NULL ? action : "";
	return arena_printf(arena, "%s IMS %s", action != NULL ? action : "",
	    text_cut(arena, row->ims, 4));
}

static const struct word fields[] = {
	{ "class", N_("kind") }, { "party", N_("supplier") },
	{ "year", N_("year") }, { "own", N_("our GSTIN") },
	{ "number", N_("number") }, { "date", N_("date") },
	{ "place", N_("place") }, { "reverse", N_("reverse charge") },
	{ "taxable", N_("taxable") }, { "cgst", "CGST" },
	{ "sgst", "SGST" }, { "igst", "IGST" }, { "gst", N_("tax") },
	{ "cess", N_("cess") },
};

const char *
recon_differs(struct arena *arena, const char *names)
{
	const char *out = "";

	while (*names != '\0') {
		size_t n = strcspn(names, " ");
		const char *name = arena_strndup(arena, names, n);
		const char *text = find(fields, sizeof fields /
		    sizeof *fields, name);

		out = arena_printf(arena, "%s%s%s", out, out[0] != '\0' ?
		    ", " : "", text != NULL ? text : text_tame(arena, name));
		names += n + (names[n] == ' ');
	}
	return out;
}

bool
recon_differ(const struct recon_row *row, const char *field)
{
	size_t n = strlen(field);

	for (const char *p = row->differs; *p != '\0';) {
		size_t m = strcspn(p, " ");

		if (m == n && memcmp(p, field, n) == 0)
			return true;
		p += m + (p[m] == ' ');
	}
	return false;
}

/* ---- why ---------------------------------------------------------------- */

#define FIELDS 14

static void
add(struct vec *lines, const char *text)
{
	const char **at = vec_add(lines);

	if (at != NULL)
		*at = text;
}

/* What a rule wants of a field. */
static const char *
need_text(const char *need)
{
	static const struct word words[] = {
		{ "equal", N_("equal") }, { "alike", N_("alike") },
		{ "near", N_("near") }, { "pan", N_("same PAN") },
	};
	const char *text = find(words, sizeof words / sizeof *words, need);

	return text != NULL ? text : "";
}

/* Both values of each field that the rule wants and does not get. */
static const char *
failing(struct arena *arena, const char **t)
{
	const char *out = "";

	for (int i = 0; i < FIELDS; i++, t += 5) {
		if (t[0][0] == '\0' || strcmp(t[2], "yes") == 0)
			continue;
		out = arena_printf(arena, "%s%s%s (%s) [-%s-] {+%s+}", out,
		    out[0] != '\0' ? ", " : "", recon_differs(arena, t[0]),
		    need_text(t[1]), text_cut(arena, t[3], 40),
		    text_cut(arena, t[4], 40));
	}
	return out;
}

/* By what it fits: "equal number, near taxable". */
static const char *
fitting(struct arena *arena, const char **t)
{
	const char *out = "";

	for (int i = 0; i < FIELDS; i++, t += 5)
		if (t[0][0] != '\0')
			out = arena_printf(arena, "%s%s%s %s", out,
			    out[0] != '\0' ? ", " : "", need_text(t[1]),
			    recon_differs(arena, t[0]));
	return out;
}

static void
add_rule(struct arena *arena, const char **t, struct vec *lines)
{
	bool fits = strcmp(t[2], "yes") == 0;

	add(lines, arena_printf(arena, fits ? _("rule %s (%s) fits: %s") :
	    _("rule %s (%s) not: %s"), text_cut(arena, t[0], 4),
	    recon_status(t[1]), fits ? fitting(arena, t + 3) :
	    failing(arena, t + 3)));
}

/* The last that was tried first: it is the one that decides. */
static void
add_rules(struct span json, struct arena *arena, struct vec *lines)
{
	static const char *const own[] = { "rule", "result", "fits" };
	static const char *const of[] = { "field", "need", "ok", "books",
		"portal" };
	const char *all[3 + 5 * FIELDS];
	struct wire_rows rows;

	for (int i = 0; i < 3; i++)
		all[i] = own[i];
	for (int i = 0; i < 5 * FIELDS; i++)
		all[3 + i] = arena_printf(arena, "fields.%d.%s", i / 5,
		    of[i % 5]);
	if (!shape_rows(json, "why", all, 3 + 5 * FIELDS, arena, &rows))
		return;
	for (size_t i = rows.n; i > 0; i--)
		add_rule(arena, rows.texts + (i - 1) * (3 + 5 * FIELDS),
		    lines);
}

static void
add_nearest(struct arena *arena, const char **t, struct vec *lines)
{
	if (t[0][0] == '\0')
		return;
	add(lines, arena_printf(arena, t[4][0] != '\0' ?
	    _("nearest: %s of %s, taxable %s, which %s has") :
	    _("nearest: %s of %s, taxable %s"), text_cut(arena, t[1], 40),
	    text_cut(arena, t[2], 10), text_money(arena, "INR", t[3]),
	    text_cut(arena, t[4], 20)));
}

/* Where it is, in the reader's words. */
static const char *
sentence(struct span json, struct arena *arena)
{
	static const char *const own[] = { "status", "differs", "timing",
		"books.period", "twin", "awaited", "portal.available" };
	const char *t[7], *out;

	if (!shape_texts(json, own, 7, arena, t))
		return "";
	out = t[1][0] == '\0' ? recon_status(t[0]) : arena_printf(arena,
	    strcmp(t[0], "mismatch") == 0 ? "%s: %s" : _("%s but for: %s"),
	    recon_status(t[0]), recon_differs(arena, t[1]));
	if (t[2][0] != '\0')
		out = arena_printf(arena, _("%s; booked in %s"), out,
		    gst_period_text(arena, t[3]));
	if (t[4][0] != '\0')
		out = arena_printf(arena,
		    _("%s; the same bill is in books already"), out);
	if (t[5][0] != '\0')
		out = arena_printf(arena,
		    _("%s; 2B of that month has not come"), out);
	if (strcmp(t[6], "N") == 0)
		out = arena_printf(arena, _("%s; 2B gives no credit of it"),
		    out);
	return out;
}

void
recon_why(struct span json, struct arena *arena, struct vec *lines)
{
	static const char *const own[] = { "comment", "actor",
		"nearest.item", "nearest.number", "nearest.date",
		"nearest.taxable", "nearest.taken_by", "numbers.books",
		"numbers.portal", "numbers.alike", "numbers.weak" };
	const char *t[11];

	if (!shape_texts(json, own, 11, arena, t))
		return;
	add(lines, sentence(json, arena));
	if (t[0][0] != '\0')
		add(lines, arena_printf(arena, _("%s said: %s"),
		    text_cut(arena, t[1], 40), text_cut(arena, t[0], 200)));
	add_nearest(arena, t + 2, lines);
	add_rules(json, arena, lines);
	if (t[7][0] == '\0' && t[8][0] == '\0')
		add(lines, _("nothing of this supplier comes near"));
	else
		add(lines, arena_printf(arena,
		    _("numbers compared as \"%s\" and \"%s\": %s"),
		    text_cut(arena, t[7], 40), text_cut(arena, t[8], 40),
		    gst_text(arena, t[9])));
	if (t[10][0] != '\0')
		add(lines, _("a short number within a longer one: many would "
		    "fit, look yourself"));
}

const char *
recon_report(struct span json, struct arena *arena)
{
	static const char *const own[] = { "form", "gstin", "period",
		"documents", "added", "changed", "same", "gone",
		"repeated" };
	const char *t[9];

	if (!shape_texts(json, own, 9, arena, t))
		return _("Done.");
	if (t[8][0] != '\0')
		return _("This very file came before: nothing changed.");
	return arena_printf(arena, _("%s of %s %s: %s documents; %s new, "
	    "%s changed, %s as before, %s gone"), gst_text(arena, t[0]),
	    text_cut(arena, t[1], 20), gst_period_text(arena, t[2]),
	    text_cut(arena, t[3], 12), text_cut(arena, t[4], 12),
	    text_cut(arena, t[5], 12), text_cut(arena, t[6], 12),
	    text_cut(arena, t[7], 12));
}
