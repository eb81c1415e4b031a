/* The page of `bahi report`. Called by cli_report.c; asks nobody. */
#include <config.h>
#include "ui/report.h"

#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "ui/gst.h"
#include "ui/text.h"

#define PROBLEMS 12		/* told; all are counted */

/* Lines cards below one another on a phone; black on white on paper. */
static const char STYLE[] =
    ":root{color-scheme:light dark;--bg:#fff;--ink:#1c2024;--dim:#5d6670;"
    "--line:#dfe3e8;--soft:#f4f6f8;--good:#17693a;--bad:#b3261e;"
    "--warn:#8a5a00;--a:#c6d4ea;--b:#97b2dd;--c:#6a8fce;--d:#3f6bb4;"
    "--e:#1f4380}"
    "@media(prefers-color-scheme:dark){:root{--bg:#14171b;--ink:#e6e9ec;"
    "--dim:#9aa4ae;--line:#2d333a;--soft:#1d2126;--good:#6fcf97;"
    "--bad:#ff8a80;--warn:#f2c46d;--a:#243247;--b:#31496e;--c:#44689e;"
    "--d:#6290d3;--e:#9dc0f5}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:2rem 1.25rem 3rem;max-width:68rem;"
    "background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"
    "'Noto Sans','Noto Sans Devanagari','Noto Sans Gujarati',"
    "'Noto Sans Tamil',sans-serif}"
    "h1{font-size:1.6rem;line-height:1.2;margin:0}"
    "h2{font-size:1.15rem;margin:2.2rem 0 .6rem;break-after:avoid}"
    "h3{font-size:1rem;margin:1.4rem 0 .4rem;break-after:avoid}"
    "p{margin:.3rem 0}.dim{color:var(--dim)}"
    ".good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}"
    ".bad,.warn,.good{font-weight:600}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fit,"
    "minmax(11rem,1fr));gap:.75rem;margin:1.4rem 0 0}"
    ".card{border:1px solid var(--line);border-radius:.6rem;"
    "padding:.8rem 1rem;background:var(--soft);break-inside:avoid}"
    ".card b{display:block;font-size:1.45rem;line-height:1.25;"
    "font-variant-numeric:tabular-nums;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%}"
    "th{font-size:.8rem;font-weight:600;color:var(--dim);text-align:left;"
    "border-bottom:2px solid var(--line)}"
    "th,td{padding:.4rem .6rem .4rem 0;vertical-align:top}"
    "td.long{overflow-wrap:anywhere}"
    "td{border-bottom:1px solid var(--line)}tr{break-inside:avoid}"
    ".s,table.stack td:first-child{white-space:nowrap;"
    "overflow-wrap:normal}td.long{white-space:normal!important}"
    ".n{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}"
    "tr.sum td{font-weight:700;border-bottom:0;"
    "border-top:2px solid var(--line)}"
    ".wide{overflow-x:auto}svg{display:block;width:100%}"
    ".legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;"
    "font-variant-numeric:tabular-nums;margin:.4rem 0}"
    ".legend svg{display:inline-block;width:.8rem;height:.8rem;"
    "margin-right:.35rem;vertical-align:-.05rem}"
    ".fa{fill:var(--a)}.fb{fill:var(--b)}.fc{fill:var(--c)}"
    ".fd{fill:var(--d)}.fe{fill:var(--e)}"
    "svg text{fill:var(--dim);font-size:10px;text-anchor:middle}"
    "footer{margin-top:2.5rem;border-top:1px solid var(--line);"
    "padding-top:.6rem;font-size:.85rem}"
    "@media(max-width:42rem){table.stack thead{display:none}"
    "table.stack tr{display:block;border:1px solid var(--line);"
    "border-radius:.6rem;padding:.5rem .8rem;margin:.6rem 0}"
    "table.stack td{display:flex;justify-content:space-between;gap:1rem;"
    "border:0;padding:.15rem 0;text-align:right}"
    "table.stack td:empty{display:none}"
    "table.stack td::before{content:attr(data-l);color:var(--dim);"
    "text-align:left;white-space:nowrap}"
    "table.stack td:first-child{font-weight:700;font-size:1.05rem}"
    "table.stack td:first-child::before{content:none}}"
    "@page{size:A4;margin:14mm 12mm}"
    "@media print{:root{--bg:#fff;--ink:#000;--dim:#444;--line:#bbb;"
    "--soft:#fff;--good:#000;--bad:#000;--warn:#000;--a:#c6d4ea;"
    "--b:#97b2dd;--c:#6a8fce;--d:#3f6bb4;--e:#1f4380}"
    "body{padding:0;font-size:9.5pt;max-width:none}svg,.card{"
    "print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

/* ---- writing ----------------------------------------------------------- */

static void
element(struct str *out, const char *name, const char *class,
    const char *text)
{
	str_addf(out, class[0] ? "<%s class=\"%s\">" : "<%s>", name, class);
	str_add_html(out, text);
	str_addf(out, "</%s>", name);
}

/* With the column's head for those who see no columns. */
static void
cell(struct str *out, const char *label, const char *class,
    const char *text)
{
	str_adds(out, "<td");
	if (class[0] != '\0')
		str_addf(out, " class=\"%s\"", class);
	str_adds(out, " data-l=\"");
	str_add_html(out, label);
	str_adds(out, "\">");
	str_add_html(out, text);
	str_adds(out, "</td>");
}

static void
head(struct str *out, const char *label, bool right)
{
	str_addf(out, "<th scope=col%s>", right ? " class=n" : "");
	str_add_html(out, label);
	str_adds(out, "</th>");
}

static void
card(struct str *out, const char *name, const char *class,
    const char *figure, const char *note)
{
	str_adds(out, "<div class=card>");
	element(out, "span", "dim", name);
	element(out, "b", class, figure);
	element(out, "span", "dim", note);
	str_adds(out, "</div>");
}

static int64_t
number(const char *text)
{
	return strtoll(text, NULL, 10);
}

/* ---- the top ----------------------------------------------------------- */

static const char *
company(const struct report *r, struct arena *arena)
{
	for (size_t i = 0; i < r->status.n_entities; i++)
		if (strcmp(r->status.entities[i].code, r->board.entity) == 0)
			return arena_printf(arena, "%s (%s)", text_cut(arena,
			    r->status.entities[i].name, 120), text_cut(arena,
			    r->board.entity, 20));
	return text_cut(arena, r->board.entity, 40);
}

/* The policy names the style by its digest: no other runs. */
static void
put_start(struct str *out, const char *title)
{
	unsigned char digest[SHA256_SIZE];

	digest_sha256(span_of(STYLE), digest);
	str_addf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=utf-8>\n<meta http-equiv="
	    "\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "base-uri 'none'; form-action 'none'; style-src 'sha256-",
	    /* TRANSLATORS: the code of your language: hi, gu, mr, ta. */
	    _("en"));
	digest_base64(digest, sizeof digest, out);
	str_adds(out, "'\">\n<meta name=viewport content=\"width=device-width,"
	    "initial-scale=1\">\n<meta name=referrer content=no-referrer>\n"
	    "<title>");
	str_add_html(out, title);
	str_addf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", STYLE);
}

static void
put_top(const struct report *r, struct arena *arena, struct str *out)
{
	const char *at, *gst = gst_period(arena, r->board.period);
	const char *month = gst_period_text(arena, gst != NULL ? gst :
	    r->board.period);

	put_start(out, arena_printf(arena, _("Close of %s, %s"), month,
	    company(r, arena)));
	str_adds(out, "<header>\n");
	element(out, "p", "dim", company(r, arena));
	element(out, "h1", "", arena_printf(arena, _("Close of %s"), month));
	element(out, "p", "", arena_printf(arena, _("Period: %s"),
	    text_period(r->board.state)));
	at = arena_printf(arena, _("As of sequence %lld, %s IST"),
	    (long long)r->status.seq, text_time(arena, r->status.at));
	if (r->cached)
		element(out, "p", "warn", arena_printf(arena,
		    _("The daemon cannot be reached: from a copy, %s old."),
		    text_age(arena, r->status.at)));
	element(out, "p", "dim", at);
	str_adds(out, "</header>\n");
}

static const char *
days_text(struct arena *arena, int64_t days)
{
	unsigned long n = (unsigned long)(days < 0 ? -days : days);

	return arena_printf(arena, days < 0 ? ngettext("%s day late",
	    "%s days late", n) : ngettext("in %s day", "in %s days", n),
	    text_count(arena, (int64_t)n));
}

static void
put_cards(const struct report *r, struct arena *arena, struct str *out)
{
	bool open = number(r->board.open) > 0;

	str_adds(out, "<div class=cards>");
	card(out, _("Close board"), r->board.ready ? "good" : open ? "bad" :
	    "warn", r->board.ready ? _("ready") : arena_printf(arena,
	    _("%s open"), text_number(arena, r->board.open)),
	    r->board.ready ? _("It may be closed.") : arena_printf(arena,
	    _("%s not signed off"), text_number(arena,
	    r->board.unsigned_lines)));
	card(out, _("Not posted"), r->status.unposted > 0 ? "bad" : "good",
	    text_count(arena, r->status.unposted), text_amounts(arena,
	    &r->status.amounts));
	if (!r->status.conservation)
		card(out, _("Conservation"), "bad", _("EVENTS ARE MISSING"),
		    _("received and accounted for differ"));
	for (size_t i = 0; i < r->n_returns; i++) {
		const struct wire_gst_summary *s = &r->returns[i].summary;

		if (s->n_due == 0)
			continue;
		card(out, arena_printf(arena, _("%s of %s due"),
		    gst_text(arena, s->due[0].form), text_cut(arena,
		    s->gstin, 20)), number(s->due[0].days) < 0 ? "bad" : "",
		    text_day(arena, s->due[0].date), days_text(arena,
		    number(s->due[0].days)));
	}
	str_adds(out, "</div>\n");
}

/* ---- the board --------------------------------------------------------- */

/* A sign beside the word: not by colour alone. */
static const char *
state_of(struct arena *arena, const struct wire_close_line *line,
    const char **class)
{
	const char *sign = "\u2713";

	*class = "good";
	if (!line->ok || strcmp(line->state, "suspended") == 0) {
		*class = "bad";
		sign = "\u2717";
	} else if (strcmp(line->state, "signed") != 0) {
		*class = "warn";
		sign = "\u25cb";
	}
	return arena_printf(arena, "%s %s", sign, text_close(line->state));
}

static void
put_line(const struct wire_close_line *line, struct arena *arena,
    struct str *out)
{
	const char *class, *state = state_of(arena, line, &class);
	const char *what = line->note[0] != '\0' ? _(line->note) :
	    line->figures[0] != '\0' ? line->figures :
	    line->sentence[0] != '\0' ? _(line->sentence) : "";

	str_adds(out, "<tr>");
	cell(out, _("Line"), "", text_line(arena, line->line));
	cell(out, _("State"), arena_printf(arena, "s %s", class), state);
	cell(out, _("Count"), "n", text_number(arena, line->count));
	cell(out, _("Figures"), "long", text_figures(arena, what));
	cell(out, _("Owner"), "", text_cut(arena, line->owner, 60));
	cell(out, _("Due"), "n", text_day(arena, line->due));
	cell(out, _("Signed by"), "", line->signer[0] == '\0' ? "" :
	    arena_printf(arena, "%s, %s", text_cut(arena, line->signer, 60),
	    text_time(arena, line->signed_at)));
	str_adds(out, "</tr>\n");
}

static void
put_board(const struct report *r, struct arena *arena, struct str *out)
{
	element(out, "h2", "", _("Close board"));
	str_adds(out, "<table class=stack><thead><tr>");
	head(out, _("Line"), false);
	head(out, _("State"), false);
	head(out, _("Count"), true);
	head(out, _("Figures"), false);
	head(out, _("Owner"), false);
	head(out, _("Due"), true);
	head(out, _("Signed by"), false);
	str_adds(out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < r->board.n; i++)
		put_line(&r->board.lines[i], arena, out);
	str_adds(out, "</tbody></table>\n");
}

/* ---- the backlog ------------------------------------------------------- */

static const char *const age_names[ACTIVITY_AGES] = {
	N_("0-2d"), N_("3-7d"), N_("8-15d"), N_("16-30d"), N_("30+d")
};

static int64_t
aged(const struct wire_signature *one, size_t age)
{
	for (size_t i = 0; i < one->ages.n; i++)
		if (strcmp(one->ages.items[i].name, activity_ages[age]) == 0)
			return one->ages.items[i].count;
	return 0;
}

static void
put_ages(const struct report *r, struct arena *arena, struct str *out)
{
	int64_t sums[ACTIVITY_AGES] = { 0 }, total = 0, at = 0;

	for (size_t i = 0; i < r->n_problems; i++)
		for (size_t k = 0; k < ACTIVITY_AGES; k++) {
			sums[k] += aged(&r->problems[i], k);
			total += aged(&r->problems[i], k);
		}
	if (total == 0)
		return;
	str_adds(out, "<svg viewBox=\"0 0 1000 28\" height=28 "
	    "preserveAspectRatio=none role=img aria-label=\"");
	str_add_html(out, _("By age"));
	str_adds(out, "\">");
	for (size_t k = 0; k < ACTIVITY_AGES; k++) {
		int64_t end = at + sums[k];

		if (sums[k] > 0)
			str_addf(out, "<rect class=f%c x=%lld y=0 width=%lld "
			    "height=28 />", (char)('a' + k),
			    (long long)(at * 1000 / total),
			    (long long)(end * 1000 / total - at * 1000 /
			    total));
		at = end;
	}
	str_adds(out, "</svg><div class=legend>");
	for (size_t k = 0; k < ACTIVITY_AGES; k++) {
		str_addf(out, "<span><svg viewBox=\"0 0 1 1\" aria-hidden=true>"
		    "<rect class=f%c width=1 height=1 /></svg>",
		    (char)('a' + k));
		str_add_html(out, arena_printf(arena, "%s: %s", _(age_names[k]),
		    text_count(arena, sums[k])));
		str_adds(out, "</span>");
	}
	str_adds(out, "</div>\n");
}

static void
put_problems(const struct report *r, struct arena *arena, struct str *out)
{
	str_adds(out, "<table class=stack><thead><tr>");
	head(out, _("Problem"), false);
	head(out, _("Source"), false);
	head(out, _("Events"), true);
	head(out, _("Amounts"), true);
	str_adds(out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < r->n_problems && i < PROBLEMS; i++) {
		const struct wire_signature *one = &r->problems[i];

		str_adds(out, "<tr>");
		cell(out, _("Problem"), "long", text_cut(arena, one->sentence,
		    300));
		cell(out, _("Source"), "", text_cut(arena, one->source, 60));
		cell(out, _("Events"), "n", text_count(arena, one->count));
		cell(out, _("Amounts"), "n", text_amounts(arena,
		    &one->amounts));
		str_adds(out, "</tr>\n");
	}
	str_adds(out, "</tbody></table>\n");
	if (r->n_problems > PROBLEMS)
		element(out, "p", "dim", arena_printf(arena,
		    ngettext("and %s problem more", "and %s problems more",
		    r->n_problems - PROBLEMS), text_count(arena,
		    (int64_t)(r->n_problems - PROBLEMS))));
}

static void
put_backlog(const struct report *r, struct arena *arena, struct str *out)
{
	element(out, "h2", "", _("Backlog"));
	if (r->n_problems == 0) {
		element(out, "p", "good", _("Nothing fails."));
		return;
	}
	put_ages(r, arena, out);
	put_problems(r, arena, out);
}

/* A column a day; its number is said to who points at it or cannot see. */
static void
put_days(const struct report *r, struct arena *arena, struct str *out)
{
	const struct activity *a = &r->activity;
	int64_t most = 0;

	for (size_t i = 0; i < a->n; i++)
		most = a->journals[i] > most ? a->journals[i] : most;
	if (most == 0)
		return;
	element(out, "h2", "", _("Journals by day"));
	str_addf(out, "<svg viewBox=\"0 0 %d 134\" role=img aria-label=\"",
	    (int)a->n * 32);
	str_add_html(out, arena_printf(arena, _("most: %s"), text_count(arena, most)));
	str_adds(out, "\">");
	for (size_t i = 0; i < a->n; i++) {
		int high = (int)(a->journals[i] * 110 / most);

		if (a->journals[i] > 0 && high == 0)
			high = 1;
		str_addf(out, "<g><title>");
		str_add_html(out, arena_printf(arena, "%s: %s", text_day(arena,
		    a->days[i]), text_count(arena, a->journals[i])));
		str_addf(out, "</title><rect class=fd x=%d y=%d width=26 "
		    "height=%d rx=2 /><text x=%d y=129>%.2s</text></g>",
		    (int)i * 32 + 3, 114 - high, high, (int)i * 32 + 16,
		    a->days[i] + (strlen(a->days[i]) == 10 ? 8 : 0));
	}
	str_adds(out, "</svg>\n");
	element(out, "p", "dim", arena_printf(arena, _("most: %s"),
	    text_count(arena, most)));
}

/* ---- returns ----------------------------------------------------------- */

static void
put_list(const char *name, const struct list_rows *rows, struct str *out)
{
	const struct list *list = list_find(name);
	size_t n = list_width(list);

	str_adds(out, "<div class=wide><table><thead><tr>");
	for (size_t i = 0; i < n; i++)
		head(out, _(list->columns[i].head), list_right(
		    list->columns[i].form));
	str_adds(out, "</tr></thead><tbody>\n");
	for (size_t r = 0; r < rows->n; r++) {
		str_adds(out, "<tr>");
		for (size_t i = 0; i < n; i++)
			cell(out, "", list_right(list->columns[i].form) ? "n" :
			    "", rows->items[r].cells[i]);
		str_adds(out, "</tr>\n");
	}
	str_adds(out, "</tbody></table></div>\n");
}

static void
put_due(const struct wire_gst_summary *s, struct arena *arena,
    struct str *out)
{
	str_adds(out, "<p class=legend>");
	for (size_t i = 0; i < s->n_due; i++) {
		bool late = number(s->due[i].days) < 0;

		element(out, "span", late ? "bad" : "", arena_printf(arena,
		    _("%s by %s, %s"), gst_text(arena, s->due[i].form),
		    text_day(arena, s->due[i].date), days_text(arena,
		    number(s->due[i].days))));
	}
	str_adds(out, "</p>\n");
}

static void
put_totals(const struct report_return *one, struct arena *arena,
    struct str *out)
{
	static const char *const names[] = { N_("Docs"), N_("Taxable"),
		N_("IGST"), N_("CGST"), N_("SGST"), N_("Cess") };

	str_adds(out, "<div class=cards>");
	for (size_t i = 0; i < 6; i++)
		card(out, _(names[i]), "", i == 0 ? text_number(arena,
		    one->total[0]) : text_money(arena, "INR", one->total[i]),
		    "");
	str_adds(out, "</div>\n");
}

static void
put_return(const struct report_return *one, struct arena *arena,
    struct str *out)
{
	const struct wire_gst_summary *s = &one->summary;

	element(out, "h2", "", arena_printf(arena, "GST %s, %s",
	    text_cut(arena, s->gstin, 20), gst_period_text(arena,
	    s->period)));
	put_due(s, arena, out);
	if (number(s->unplaced) > 0)
		element(out, "p", "bad", arena_printf(arena,
		    _("%s documents are in no section."), text_number(arena,
		    s->unplaced)));
	if (number(one->total[0]) == 0) {
		element(out, "p", "dim", _("No documents: a nil return."));
		return;
	}
	element(out, "h3", "", _("GSTR-1"));
	put_totals(one, arena, out);
	put_list("gst_summary", &one->sections, out);
	if (one->liability.n > 0) {
		element(out, "h3", "", _("GSTR-3B: tax, credit and cash"));
		put_list("gst_liability", &one->liability, out);
	}
}

void
report_html(const struct report *r, struct arena *arena, struct str *out)
{
	put_top(r, arena, out);
	put_cards(r, arena, out);
	str_adds(out, "<main>\n");
	put_board(r, arena, out);
	put_backlog(r, arena, out);
	if (r->has_activity)
		put_days(r, arena, out);
	for (size_t i = 0; i < r->n_returns; i++)
		put_return(&r->returns[i], arena, out);
	str_adds(out, "</main>\n<footer class=dim>");
	str_add_html(out, arena_printf(arena, _("bahi %s. This page needs no network "
	    "and sends nothing."), PACKAGE_VERSION));
	str_adds(out, "</footer>\n</body>\n</html>\n");
}
