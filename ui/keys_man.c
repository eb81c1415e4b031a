/* bahi-keys(7), from the table of keys; English, as manuals are. */
#include "ui/keyset.h"

#include <string.h>

#include "ui/may.h"
#include "ui/panes.h"

static const char HEAD[] =
    "'\\\" t\n"
    ".\\\" Made by bahi --dump=man-keys; change ui/keys.c, not this.\n"
    ".TH BAHI-KEYS 7 2026-10-05 bahi \"Keys of the console\"\n"
    ".SH NAME\n"
    "bahi\\-keys \\- keys of the accountants' console\n"
    ".SH DESCRIPTION\n"
    "What each key of\n"
    ".BR bahi (1)\n"
    "does, in which views, and which verb does the same without a screen.\n"
    "The console says so itself:\n"
    ".B ?\n"
    "lists the keys of the view that is open, then all others;\n"
    ".B :\n"
    "takes what you type of an action, a view, a verb or a number and does\n"
    "it. In a verb ROW is the row under the cursor; other capitals are typed.\n"
    ".PP\n"
    "An action that can not be taken back lightly has a capital letter, asks\n"
    "first, and is confirmed by\n"
    ".BR y :\n"
    "neither Enter nor the key that began it says yes.\n"
    "Esc leaves what is open and never the console;\n"
    ".B q\n"
    "goes back and asks on the first view.\n"
    "Each key with F or Alt has another one beside it, for terminals that\n"
    "keep those for themselves.\n";

static const char FOOT[] =
    ".SH FILES\n"
    ".TP\n"
    ".I ~/.config/bahi/keys\n"
    "What you change of the set that the setting\n"
    ".B keys\n"
    "names: default, vi, or the path of a file\n"
    ".RB ( bahi.conf (5)).\n"
    ".PP\n"
    "Each line is\n"
    ".IR \"action = key key ...\" ,\n"
    "up to six keys; none behind the = and the action has no key.\n"
    "Only what changes need be there.\n"
    "Keys are written as above, with Ctrl\\- or Alt\\- and a letter;\n"
    "two characters in a row, as gg, are pressed one after the other, in any\n"
    "time, and Ctrl\\-W,k does so for keys with a name.\n"
    "Of one key the later file has it; in one file it is an error for two\n"
    "actions of the same view. What a view has of its own goes before what is\n"
    "the same everywhere.\n"
    ".PP\n"
    ".B bahi keys \\-\\-check\n"
    "says all that is wrong with them, with file and line, and exits with 1\n"
    "when there is an error; the console leaves such lines out.\n"
    ".SH SEE ALSO\n"
    ".BR bahi (1),\n"
    ".BR bahi.conf (5)\n";

static void
put(FILE *out, const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '-')
			fputs("\\-", out);
		else if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '\'')
			fputs("\\(aq", out);
		else if (*text == '^' || *text == '~' || *text == '`')
			fprintf(out, "\\(%s", *text == '^' ? "ha" :
			    *text == '~' ? "ti" : "ga");
		else
			fputc(*text, out);
	}
}

static void
put_places(FILE *out, key_can needs)
{
	const char *comma = "In ";

	for (size_t i = 0; needs != 0 && panes[i] != NULL; i++) {
		if ((needs & ~panes[i]->can) != 0)
			continue;
		fputs(comma, out);
		put(out, panes[i]->name);
		comma = ",\n";
	}
	if (needs != 0)
		fputs(".\n", out);
}

static void
put_act(FILE *out, enum act act, const char *keys)
{
	const struct key_info *info = key_info(act);

	fputs(".TP\n.B ", out);
	put(out, keys[0] != '\0' ? keys : "(no key)");
	fprintf(out, "\n.RI ( ");
	put(out, info->name);
	fputs(")\n", out);
	put(out, info->help);
	fputs(".\n", out);
	put_places(out, info->needs);
	if (info->verb[0] != '\0') {
		fputs(".br\n.B bahi ", out);
		put(out, info->verb);
		fputc('\n', out);
	}
}

/* Of the tests: name, kind, places, verb and keys, between tabs. */
void
keys_actions(FILE *out)
{
	static const char *const kinds[] = { "moves", "views", "acts" };

	for (int act = 1; act < ACT_COUNT; act++) {
		const struct key_info *info = key_info((enum act)act);
		const char *comma = "", *right;

		fprintf(out, "%s\t%s\t", info->name, kinds[info->kind]);
		for (size_t i = 0; panes[i] != NULL; i++) {
			if ((info->needs & ~panes[i]->can) != 0)
				continue;
			fprintf(out, "%s%s", comma, panes[i]->name);
			comma = ",";
		}
		right = may_right((enum act)act);
		fprintf(out, "\t%s\t%s\t%s\n", info->verb, info->keys,
		    right != NULL ? right : "");
	}
}

bool
keys_man(FILE *out, struct err *e)
{
	static const char *const heads[] = {
		[KEY_MOVES] = "MOVING", [KEY_VIEWS] = "VIEWS",
		[KEY_ACTS] = "ACTIONS"
	};
	struct key_report report;
	bool ok;

	key_report_open(&report);
	fputs(HEAD, out);
	for (int kind = KEY_MOVES; kind <= KEY_ACTS; kind++) {
		fprintf(out, ".SH %s\n", heads[kind]);
		for (int act = 1; act < ACT_COUNT; act++)
			if ((int)key_info((enum act)act)->kind == kind)
				put_act(out, (enum act)act,
				    key_info((enum act)act)->keys);
	}
	ok = keyset_read(report.arena, "vi", &report, e);
	fputs(".SH THE SET VI\nAs above, but for:\n", out);
	for (int act = 1; ok && act < ACT_COUNT; act++)
		if (strcmp(key_names((enum act)act),
		    key_info((enum act)act)->keys) != 0) {
			fputs(".TP\n.B ", out);
			put(out, key_names((enum act)act));
			fputc('\n', out);
			put(out, key_info((enum act)act)->help);
			fputc('\n', out);
		}
	fputs(FOOT, out);
	key_report_close(&report);
	return ok;
}
