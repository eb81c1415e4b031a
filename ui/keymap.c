/*
 * Which keys are in force: what is built in, then files read upon it. Read at
 * start; the loop asks key_act() for every key outside a prompt, which only
 * compares numbers.
 */
#include "ui/keys.h"

#include <stdlib.h>
#include <strings.h>

#include "core/file.h"
#include "core/i18n.h"
#include "ui/term.h"

#define FILE_MAX 65536
#define KEYS_EACH 6
#define ORIGINS 4		/* built in, a set, a person's */
#define FAULTS_MAX 1000
#define HEADER 2		/* lines of default.keys before the first */

struct name {
	const char *name;
	int key;
};

static const struct name names[] = {
	{ "Up", TERM_UP }, { "Down", TERM_DOWN }, { "Left", TERM_LEFT },
	{ "Right", TERM_RIGHT }, { "PageUp", TERM_PAGE_UP },
	{ "PageDown", TERM_PAGE_DOWN }, { "Home", TERM_HOME },
	{ "End", TERM_END }, { "Enter", TERM_ENTER },
	{ "Esc", TERM_ESCAPE }, { "Space", ' ' },
	{ "Backspace", TERM_BACKSPACE }, { "Tab", '\t' },
	{ "Delete", TERM_DELETE }, { "Shift-Tab", TERM_SHIFT_TAB },
	{ "Shift-Up", TERM_SHIFT_UP }, { "Shift-Down", TERM_SHIFT_DOWN },
	{ "F1", TERM_F1 }, { "F2", TERM_F1 + 1 }, { "F3", TERM_F1 + 2 },
	{ "F4", TERM_F1 + 3 }, { "F5", TERM_F1 + 4 }, { "F6", TERM_F1 + 5 },
	{ "F7", TERM_F1 + 6 }, { "F8", TERM_F1 + 7 }, { "F9", TERM_F1 + 8 },
	{ "F10", TERM_F1 + 9 }, { "F11", TERM_F1 + 10 },
	{ "F12", TERM_F1 + 11 },
};

struct stroke {
	int first, then;	/* first 0: one key alone */
};

struct binding {
	bool read;
	char text[64];
	struct stroke keys[KEYS_EACH];
	size_t n, origin;	/* the file that says so, */
	unsigned line;		/* and where */
};

static struct binding bindings[ACT_COUNT];
static char origins[ORIGINS][200] = { "default.keys" };
static size_t n_origins = 1;

/* ---- names ------------------------------------------------------------- */

static bool
is_char(char c)
{
	return c > ' ' && c < 0x7f;
}

static int
letter(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' :
	    c >= 'A' && c <= 'Z' ? c : 0;
}

static int
key_of(struct span s)
{
	if (s.n == 1 && is_char(s.p[0]))
		return s.p[0];
	if (s.n == 6 && strncasecmp(s.p, "Ctrl-", 5) == 0 && letter(s.p[5]))
		return letter(s.p[5]) - '@';
	if (s.n == 5 && strncasecmp(s.p, "Alt-", 4) == 0 && letter(s.p[4]))
		return TERM_ALT + letter(s.p[4]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (s.n == strlen(names[i].name) &&
		    strncasecmp(s.p, names[i].name, s.n) == 0)
			return names[i].key;
	return TERM_NONE;
}

const char *
key_name(int key, char out[8])
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].key == key)
			return names[i].name;
	if (key > 0 && key < ' ')
		snprintf(out, 8, "Ctrl-%c", key + '@');
	else if (key > TERM_ALT && key <= TERM_ALT + 'Z')
		snprintf(out, 8, "Alt-%c", key - TERM_ALT);
	else
		snprintf(out, 8, "%c", key > ' ' && key < 0x7f ? key : '?');
	return out;
}

/* "gg", two characters that follow each other; "Ctrl-W,k" with names. */
static bool
stroke_of(struct span s, struct stroke *out)
{
	const char *comma = s.n > 2 ? memchr(s.p + 1, ',', s.n - 2) : NULL;

	*out = (struct stroke){ 0, key_of(s) };
	if (out->then != TERM_NONE)
		return true;
	if (s.n == 2 && is_char(s.p[0]) && is_char(s.p[1])) {
		*out = (struct stroke){ s.p[0], s.p[1] };
		return true;
	}
	if (comma == NULL)
		return false;
	out->first = key_of((struct span){ s.p, (size_t)(comma - s.p) });
	out->then = key_of((struct span){ comma + 1,
	    s.n - 1 - (size_t)(comma - s.p) });
	return out->first != TERM_NONE && out->first != TERM_ESCAPE &&
	    out->then != TERM_NONE && out->then != TERM_ESCAPE;
}

static bool
bind_keys(struct binding *b, const char *text)
{
	size_t n = strlen(text);

	*b = (struct binding){ .read = true };
	if (n >= sizeof b->text)
		return false;
	memcpy(b->text, text, n + 1);
	for (const char *p = text; *p != '\0'; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		if (n == 0)
			continue;
		if (b->n == KEYS_EACH || !stroke_of((struct span){ p, n },
		    &b->keys[b->n]))
			return false;
		b->n++;
	}
	return true;
}

static struct binding *
binding(int act)
{
	struct binding *b = &bindings[act];

	if (!b->read && !bind_keys(b, key_info((enum act)act)->keys))
		bug("default keys of %s", key_info((enum act)act)->name);
	if (b->line == 0)
		b->line = HEADER + (unsigned)act;
	return b;
}

const char *
key_names(enum act act)
{
	return binding(act)->text;
}

/* ---- pressed ----------------------------------------------------------- */

static bool
is_able(int act, key_can can)
{
	return (key_info((enum act)act)->needs & ~can) == 0;
}

static bool
bound(int act, int first, int key)
{
	const struct binding *b = binding(act);

	for (size_t i = 0; i < b->n; i++)
		if (b->keys[i].first == first && b->keys[i].then == key)
			return true;
	return false;
}

/* Among those of the pane, then among all others, that of the last file. */
static bool
goes_before(int act, int other)
{
	bool own = key_info((enum act)act)->needs != 0;
	bool others = key_info((enum act)other)->needs != 0;

	if (own != others)
		return own;
	return binding(act)->origin > binding(other)->origin;
}

enum act
key_act(int first, int key, key_can can)
{
	int found = ACT_NONE;

	for (int act = 1; act < ACT_COUNT; act++)
		if (is_able(act, can) && bound(act, first, key) &&
		    (found == ACT_NONE || goes_before(act, found)))
			found = act;
	return (enum act)found;
}

static bool
begins(int act, int key)
{
	const struct binding *b = binding(act);

	for (size_t i = 0; i < b->n; i++)
		if (b->keys[i].first == key)
			return true;
	return false;
}

bool
key_begins(int key, key_can can)
{
	for (int act = 1; act < ACT_COUNT; act++)
		if (is_able(act, can) && begins(act, key))
			return true;
	return false;
}

const char *
key_follow(struct arena *arena, int first, key_can can)
{
	const char *out = "";
	char name[8];

	for (int act = 1; act < ACT_COUNT; act++) {
		const struct binding *b = binding(act);

		for (size_t i = 0; is_able(act, can) && i < b->n; i++)
			if (b->keys[i].first == first)
				out = arena_printf(arena, "%s  %s %s", out,
				    key_name(b->keys[i].then, name),
				    key_info((enum act)act)->name);
	}
	return out;
}

/* ---- reports ----------------------------------------------------------- */

void
key_report_open(struct key_report *report)
{
	report->arena = arena_new();
	vec_init(&report->faults, sizeof(struct key_fault), FAULTS_MAX);
}

void
key_report_close(struct key_report *report)
{
	vec_free(&report->faults);
	arena_free(&report->arena);
}

size_t
key_report_count(const struct key_report *report, enum key_level least)
{
	size_t n = 0;

	for (size_t i = 0; i < report->faults.n; i++)
		n += ((struct key_fault *)vec_at(&report->faults, i))->level
		    >= least;
	return n;
}

static void
fault(struct key_report *report, enum key_level level, const char *text)
{
	struct key_fault *one = vec_add(&report->faults);

	if (one != NULL)
		*one = (struct key_fault){ level, text };
}

/* ---- files ------------------------------------------------------------- */

static char *
trim(char *s)
{
	char *end;

	s += strspn(s, " \t");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r", end[-1]) != NULL)
		*--end = '\0';
	for (char *p = s; *p != '\0'; p++)
		if (*p == '\t')
			*p = ' ';
	return s;
}

static int
act_of(const char *name)
{
	for (int act = 1; act < ACT_COUNT; act++)
		if (strcmp(key_info((enum act)act)->name, name) == 0)
			return act;
	return ACT_NONE;
}

/* What of the keys is not one, for the report. */
static const char *
bad_key(struct arena *arena, const char *text)
{
	struct stroke stroke;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		if (n > 0 && !stroke_of((struct span){ text, n }, &stroke))
			return arena_printf(arena, _("no such key: %.*s"),
			    (int)(n < 40 ? n : 40), text);
		text += n + (text[n] == ' ');
	}
	return arena_printf(arena, _("more than %d keys, or too long"),
	    KEYS_EACH);
}

/* What is wrong with the line, or NULL. */
static const char *
read_line(struct arena *arena, char *line, size_t origin, unsigned number)
{
	char *equals = strchr(line, '='), *name;
	struct binding new;
	int act;

	line = trim(line);
	if (line[0] == '\0' || line[0] == '#')
		return NULL;
	if (equals == NULL)
		return _("no = in the line");
	*equals = '\0';
	name = trim(line);
	act = act_of(name);
	if (act == ACT_NONE)
		return arena_printf(arena, _("no such action: %.40s"), name);
	if (!bind_keys(&new, trim(equals + 1)))
		return bad_key(arena, trim(equals + 1));
	if (binding(act)->origin == origin)
		return arena_printf(arena, _("%s is given twice, at line %u "
		    "before"), name, bindings[act].line);
	new.origin = origin;
	new.line = number;
	bindings[act] = new;
	return NULL;
}

static size_t
origin_new(const char *path)
{
	size_t n = n_origins < ORIGINS ? n_origins++ : ORIGINS - 1;

	snprintf(origins[n], sizeof origins[n], "%s", path);
	return n;
}

bool
keys_read(const char *path, struct key_report *report, struct err *e)
{
	size_t origin = origin_new(path);
	unsigned number = 0;
	struct span text;
	char *next;

	if (!file_read(path, FILE_MAX, report->arena, &text, e))
		return false;
	next = arena_strndup(report->arena, text.p, text.n);
	while (next != NULL) {
		char *line = next;
		const char *why;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		why = read_line(report->arena, line, origin, ++number);
		if (why != NULL)
			fault(report, KEY_ERROR, arena_printf(report->arena,
			    "%.200s:%u: %s", path, number, why));
	}
	return true;
}

void
keys_reset(void)
{
	memset(bindings, 0, sizeof bindings);
	n_origins = 1;
}

/* ---- judging ----------------------------------------------------------- */

static const char *
where(struct arena *arena, int act)
{
	const struct binding *b = binding(act);

	return arena_printf(arena, "%s:%u", origins[b->origin], b->line);
}

/* Panes that offer both; NULL: none does. */
static const char *
in_common(struct arena *arena, const struct key_place *places, size_t n,
    int act, int other)
{
	const char *out = NULL;
	size_t both = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_able(act, places[i].can) ||
		    !is_able(other, places[i].can))
			continue;
		both++;
		out = out == NULL ? places[i].name :
		    arena_printf(arena, "%s, %s", out, places[i].name);
	}
	return both == n ? _("every pane") : out;
}

/* The key that stands for both, or begins what is a sequence of the other;
 * its name, or NULL. */
static const char *
clash(struct arena *arena, int act, int other)
{
	const struct binding *a = binding(act), *b = binding(other);
	char first[8], then[8];

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++) {
			struct stroke x = a->keys[i], y = b->keys[k];

			if (x.first == y.first && x.then == y.then)
				return arena_printf(arena, x.first == 0 ?
				    "%s%s" : "%s %s", x.first == 0 ? "" :
				    key_name(x.first, first),
				    key_name(x.then, then));
			if (x.first == 0 && x.then == y.first)
				return arena_strdup(arena,
				    key_name(x.then, first));
			if (y.first == 0 && y.then == x.first)
				return arena_strdup(arena,
				    key_name(y.then, first));
		}
	return NULL;
}

static void
judge_pair(const struct key_place *places, size_t n,
    struct key_report *report, int act, int other)
{
	const char *key = clash(report->arena, act, other), *panes;
	size_t from = binding(act)->origin, of = binding(other)->origin;
	bool own = key_info((enum act)act)->needs != 0;
	bool others = key_info((enum act)other)->needs != 0;

	panes = key == NULL ? NULL : in_common(report->arena, places, n, act,
	    other);
	if (panes == NULL)
		return;
	if (from > of || (from == of && own && !others)) {
		int swap = act;

		act = other;
		other = swap;
	}
	/* Which pane has what of its own is known of what is built in. */
	if (own != others && from == 0 && of == 0)
		return;
	if (own == others)
		fault(report, from == of ? KEY_ERROR : KEY_WARNING,
		    arena_printf(report->arena, _("%s: %s is of \"%s\", and "
		    "at %s of \"%s\" (%s)"), where(report->arena, other),
		    key, key_info((enum act)other)->name,
		    where(report->arena, act),
		    key_info((enum act)act)->name, panes));
	else
		fault(report, KEY_NOTE, arena_printf(report->arena,
		    _("%s: %s of \"%s\" and %s of \"%s\": the pane's own "
		    "goes first (%s)"), where(report->arena, other), key,
		    key_info((enum act)other)->name,
		    where(report->arena, act),
		    key_info((enum act)act)->name, panes));
}

/* A key alone and a sequence that it begins, of one action. */
static bool
clashes_itself(const struct binding *b)
{
	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (b->keys[i].first == 0 &&
			    b->keys[i].then == b->keys[k].first)
				return true;
	return false;
}

/* Flow control, job control and what screen and tmux take. */
static bool
is_taken(struct stroke s)
{
	return s.then == 'S' - '@' || s.then == 'Q' - '@' ||
	    s.then == 'Z' - '@' || s.then == 'A' - '@' ||
	    s.first == 'S' - '@' || s.first == 'Q' - '@' ||
	    s.first == 'Z' - '@' || s.first == 'A' - '@';
}

static void
judge_one(struct key_report *report, int act)
{
	const struct binding *b = binding(act);

	if (clashes_itself(b))
		fault(report, KEY_ERROR, arena_printf(report->arena,
		    _("%s: one key of \"%s\" begins another: %s"),
		    where(report->arena, act),
		    key_info((enum act)act)->name, b->text));
	for (size_t i = 0; i < b->n; i++) {
		if (is_taken(b->keys[i]))
			fault(report, KEY_WARNING, arena_printf(
			    report->arena, _("%s: the terminal keeps a key "
			    "of \"%s\" for itself: %s"),
			    where(report->arena, act),
			    key_info((enum act)act)->name, b->text));
		/* Else pressing it twice would say yes. */
		if (act != ACT_RUN && b->keys[i].first == 0 &&
		    b->keys[i].then == 'y' &&
		    key_info((enum act)act)->kind == KEY_ACTS)
			fault(report, KEY_ERROR, arena_printf(report->arena,
			    _("%s: y is the yes to a question, so \"%s\" can "
			    "not begin with it"), where(report->arena, act),
			    key_info((enum act)act)->name));
	}
}

void
keys_judge(const struct key_place *places, size_t n,
    struct key_report *report)
{
	for (int act = 1; act < ACT_COUNT; act++) {
		judge_one(report, act);
		for (int other = act + 1; other < ACT_COUNT; other++)
			judge_pair(places, n, report, act, other);
	}
}

void
keys_dump(FILE *out)
{
	for (int act = 1; act < ACT_COUNT; act++)
		fprintf(out, "%s = %s\n", key_info((enum act)act)->name,
		    key_info((enum act)act)->keys);
}
