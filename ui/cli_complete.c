/*
 * Completion of bash, zsh and fish. What the tables know is written into the
 * script, so that most of it needs no program; ids and codes come from the
 * cache by `bahi --complete KIND PREFIX`, which never asks the daemon. What
 * it prints is foreign text: a candidate a line, tame, and no shell ever
 * evaluates it.
 */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/i18n.h"
#include "core/json.h"
#include "ui/cache.h"
#include "ui/cli_args.h"
#include "ui/options.h"

#define OFFERED_MAX 500

struct offer {
	struct arena *arena;
	struct cache *cache;
	const char *prefix;
};

static void
offer(const struct offer *o, const char *word, const char *about)
{
	/* What is not plain is not typed by completing it. */
	if (strncmp(word, o->prefix, strlen(o->prefix)) != 0 ||
	    strcmp(text_tame(o->arena, word), word) != 0)
		return;
	printf("%s\t%s\n", word, text_tame(o->arena, about));
}

/* ---- what the program knows ------------------------------------------ */

static void
offer_verbs(const struct offer *o)
{
	for (size_t i = 0; i < n_cli_verbs; i++)
		offer(o, cli_verbs[i].name, _(cli_verbs[i].help));
}

static void
offer_settings(const struct offer *o)
{
	for (size_t i = 0; i < n_ui_options; i++)
		offer(o, ui_options[i].name, _(ui_options[i].help));
}

/* ---- what the cache knows ----------------------------------------------- */

static void
offer_events(const struct offer *o)
{
	struct cache_event *events = arena_alloc(o->arena, OFFERED_MAX *
	    sizeof *events);
	const struct cache_search all = { .awake = CACHE_ALL };
	struct cache_stretch found = { .deadline = INT64_MAX, .out = events,
	    .n = OFFERED_MAX };
	size_t n;

	cache_search(o->cache, o->arena, &all, &found);
	n = found.got;
	for (size_t i = 0; i < n; i++)
		offer(o, arena_id(o->arena, 'E', events[i].seq),
		    arena_printf(o->arena, "%s %s", events[i].document,
		    events[i].sentence));
}

static void
offer_signatures(const struct offer *o)
{
	struct wire_signature *all = arena_alloc(o->arena, OFFERED_MAX *
	    sizeof *all);
	size_t n = cache_signatures(o->cache, o->arena, INT64_MAX, "",
	    false, all, OFFERED_MAX);

	for (size_t i = 0; i < n; i++)
		offer(o, all[i].id, all[i].sentence);
}

static void
offer_items(const struct offer *o, const char *kind, const char *key,
    const char *list, const char *word, const char *about)
{
	const cJSON *item;
	struct span json;
	cJSON *tree;

	if (!cache_find(o->cache, o->arena, kind, key, &json) ||
	    (tree = json_parse(json)) == NULL)
		return;
	cJSON_ArrayForEach(item, json_at(tree, list)) {
		const char *text = json_text(item, word);
		const char *more = json_text(item, about);

		if (text != NULL)
			offer(o, text, more != NULL ? more : "");
	}
	cJSON_Delete(tree);
}

static void
offer_accounts(const struct offer *o)
{
	offer_items(o, "reference", "account", "items", "code", "name");
}

static void
offer_sources(const struct offer *o)
{
	offer_items(o, "status", "", "sources", "name", "scheme");
}

static void
offer_entities(const struct offer *o)
{
	offer_items(o, "status", "", "entities", "code", "name");
}

static void
offer_gstins(const struct offer *o)
{
	offer_items(o, "gst", "registrations", "items", "gstin", "name");
}

static void
offer_runs(const struct offer *o)
{
	offer_items(o, "view", "runs", "items", "id", "action");
}

static void
offer_tables(const struct offer *o)
{
	static const char *const tables[] = {
		"account", "bank_rule", "close", "cost_centre", "currency", "entity",
		"gst_state", "gst_unit", "item", "location", "mapping",
		"pair", "party", "period", "policy", "rate", "registration",
		"tax_code"
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		offer(o, tables[i], "");
}

static const struct {
	const char *name;
	bool cached;
	void (*offer)(const struct offer *);
} kinds[] = {
	{ "verb", false, offer_verbs }, { "setting", false, offer_settings },
	{ "table", false, offer_tables }, { "event", true, offer_events },
	{ "signature", true, offer_signatures },
	{ "account", true, offer_accounts },
	{ "source", true, offer_sources }, { "entity", true, offer_entities },
	{ "gstin", true, offer_gstins }, { "run", true, offer_runs },
};

static bool
open_cache(struct offer *o, struct options *options)
{
	struct http_place place;
	struct err e = { 0 };
	const char *path;

	return options_place(options, o->arena, &place, &e) &&
	    options_cache(options, o->arena, &path, &e) &&
	    cache_open(&o->cache, path, place.socket ? place.socket :
	    place.url, &e);
}

/* Nobody reads what went wrong here. */
int
cli_complete(int argc, char **argv)
{
	struct offer o = { .prefix = argc > 1 ? argv[1] : "" };
	struct options *options = NULL;
	struct err e = { 0 };

	o.arena = arena_new();
	for (size_t i = 0; argc > 0 && i < sizeof kinds / sizeof *kinds;
	    i++) {
		if (strcmp(kinds[i].name, argv[0]) != 0)
			continue;
		if (!kinds[i].cached || (options_open(&options,
		    getenv("BAHI_CONFIG"), &e) && open_cache(&o, options)))
			kinds[i].offer(&o);
	}
	cache_close(&o.cache);
	options_free(&options);
	arena_free(&o.arena);
	return EXIT_DONE;
}

/* ---- scripts ----------------------------------------------------------- */

/* What an option's value is of: a kind, "=a|b", file, dir; "": a flag. */
static const char *
kind_of(const struct cli_option *option, struct arena *arena)
{
	static const struct {
		const char *value, *kind;
	} known[] = {
		{ "FILE", "file" }, { "DIR", "dir" }, { "ENTITY", "entity" },
		{ "GSTIN", "gstin" },
	};

	if (option->value == NULL)
		return "";
	if (strchr(option->value, '|') != NULL)
		return arena_printf(arena, "=%s", option->value);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].value, option->value) == 0)
			return known[i].kind;
	return "-";
}

/* The same of a setting. */
static const char *
kind_of_setting(const struct option_info *info, struct arena *arena)
{
	const char *all = "=";

	if (info->kind == OPTION_PATH)
		return "file";
	if (info->kind != OPTION_CHOICE)
		return "-";
	for (size_t i = 0; info->choices[i] != NULL; i++)
		all = arena_printf(arena, "%s%s%s", all, i > 0 ? "|" : "",
		    info->choices[i]);
	return all;
}

/* "--type-count" of type_count. */
static const char *
flag_of(const struct option_info *info, struct arena *arena)
{
	char *out = arena_printf(arena, "--%s", info->name);

	for (char *c = out; *c != '\0'; c++)
		if (*c == '_')
			*c = '-';
	return out;
}

/* Of English text, so that the files in the tree are the same everywhere. */
static void
put_quoted(const char *text, bool fish, FILE *out)
{
	fputc('\'', out);
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs(fish ? "\\'" : "'\\''", out);
		else if (*text == '\\' && fish)
			fputs("\\\\", out);
		else
			fputc(*text, out);
	}
	fputc('\'', out);
}

/* What bash and zsh share: four functions that answer by name. */
static void
put_tables(struct arena *arena, FILE *out)
{
	fputs("# options of a verb\n_bahi_options() {\n\tcase $1 in\n", out);
	for (size_t v = 0; v < n_cli_verbs; v++) {
		fprintf(out, "\t%s) echo '", cli_verbs[v].name);
		for (size_t i = 0; i < n_cli_options; i++)
			if (cli_takes(&cli_verbs[v], &cli_options[i]))
				fprintf(out, "--%s ", cli_options[i].name);
		fputs("--help' ;;\n", out);
	}
	fputs("\tesac\n\techo '--config", out);
	for (size_t i = 0; i < n_ui_options; i++)
		fprintf(out, " %s", flag_of(&ui_options[i], arena));
	fputs("'\n}\n# what an option takes: nothing where it is a flag\n"
	    "_bahi_value() {\n\tcase \"$1 $2\" in\n", out);
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < n_cli_options; i++) {
			const struct cli_option *o = &cli_options[i];

			if (o->value == NULL || (o->verbs != NULL) != own)
				continue;
			for (size_t v = 0; own && v < n_cli_verbs; v++)
				if (cli_takes(&cli_verbs[v], o))
					fprintf(out, "\t'%s --%s') echo '%s' "
					    ";;\n", cli_verbs[v].name,
					    o->name, kind_of(o, arena));
			if (!own)
				fprintf(out, "\t*' --%s') echo '%s' ;;\n",
				    o->name, kind_of(o, arena));
		}
	for (size_t i = 0; i < n_ui_options; i++)
		fprintf(out, "\t*' %s') echo '%s' ;;\n",
		    flag_of(&ui_options[i], arena),
		    kind_of_setting(&ui_options[i], arena));
	fputs("\t*' --config') echo file ;;\n\tesac\n}\n"
	    "# what each argument of a verb is\n_bahi_words() {\n"
	    "\tcase $1 in\n", out);
	for (size_t v = 0; v < n_cli_verbs; v++)
		if (strcmp(cli_verbs[v].words, "-") != 0)
			fprintf(out, "\t%s) echo '%s' ;;\n",
			    cli_verbs[v].name, cli_verbs[v].words);
	fputs("\tesac\n}\n# names of NAME=VALUE\n_bahi_names() {\n"
	    "\tcase $1 in\n", out);
	for (size_t v = 0; v < n_cli_verbs; v++)
		if (cli_verbs[v].names[0] != '\0')
			fprintf(out, "\t%s) echo '%s' ;;\n",
			    cli_verbs[v].name, cli_verbs[v].names);
	fputs("\tesac\n}\n", out);
}

static const char bash_rest[] =
    "# candidates that begin with $2, of any of the kinds $1: a|b, or =x|y\n"
    "_bahi_offer() {\n"
    "\tlocal kind word\n"
    "\tcase $1 in\n"
    "\t=*)\n"
    "\t\tword=${1#=}\n"
    "\t\tfor word in ${word//|/ }; do\n"
    "\t\t\t[[ $word == \"$2\"* ]] && COMPREPLY+=(\"$word\")\n"
    "\t\tdone\n"
    "\t\treturn ;;\n"
    "\tesac\n"
    "\tfor kind in ${1//|/ }; do\n"
    "\t\tcase $kind in\n"
    "\t\t-) ;;\n"
    "\t\tfile|dir)\n"
    "\t\t\tcompopt -o filenames 2>/dev/null\n"
    "\t\t\twhile IFS= read -r word; do\n"
    "\t\t\t\tCOMPREPLY+=(\"$word\")\n"
    "\t\t\tdone < <(compgen -${kind:0:1} -- \"$2\") ;;\n"
    "\t\t*)\n"
    "\t\t\twhile IFS=$'\\t' read -r word _; do\n"
    "\t\t\t\tprintf -v word %q \"$word\"\n"
    "\t\t\t\tCOMPREPLY+=(\"$word\")\n"
    "\t\t\tdone < <(bahi --complete \"$kind\" \"$2\" 2>/dev/null) ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "}\n"
    "_bahi() {\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb= option= at=0 i word\n"
    "\tlocal -a kinds\n"
    "\tCOMPREPLY=()\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tword=${COMP_WORDS[i]}\n"
    "\t\tif [[ $word == = ]]; then\n"
    "\t\t\tcontinue\n"
    "\t\telif [[ $word == --* ]]; then\n"
    "\t\t\toption=$word\n"
    "\t\t\t[[ -n $(_bahi_value \"$verb\" \"$word\") ]] || option=\n"
    "\t\telif [[ -n $option ]]; then\n"
    "\t\t\toption=\n"
    "\t\telif [[ -z $verb ]]; then\n"
    "\t\t\tverb=$word\n"
    "\t\telif [[ ${COMP_WORDS[i+1]} != = ]]; then\n"
    "\t\t\t((at++))\n"
    "\t\tfi\n"
    "\tdone\n"
    "\t[[ $cur == = ]] && cur=\n"
    "\tif [[ -n $option ]]; then\n"
    "\t\t_bahi_offer \"$(_bahi_value \"$verb\" \"$option\")\" \"$cur\"\n"
    "\telif [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then\n"
    "\t\t[[ ${COMP_WORDS[COMP_CWORD-2]} == source ]] &&\n"
    "\t\t    _bahi_offer source \"$cur\"\n"
    "\telif [[ $cur == -* ]]; then\n"
    "\t\tfor word in $(_bahi_options \"$verb\"); do\n"
    "\t\t\t[[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n"
    "\t\tdone\n"
    "\telif [[ -z $verb ]]; then\n"
    "\t\tfor word in $_bahi_verbs; do\n"
    "\t\t\t[[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n"
    "\t\tdone\n"
    "\telse\n"
    "\t\tread -ra kinds <<<\"$(_bahi_words \"$verb\")\"\n"
    "\t\t((at < ${#kinds[@]})) || at=$((${#kinds[@]} - 1))\n"
    "\t\t((at < 0)) || _bahi_offer \"${kinds[at]}\" \"$cur\"\n"
    "\t\tfor word in $(_bahi_names \"$verb\"); do\n"
    "\t\t\t[[ $word == \"$cur\"* ]] || continue\n"
    "\t\t\tCOMPREPLY+=(\"$word=\")\n"
    "\t\t\tcompopt -o nospace 2>/dev/null\n"
    "\t\tdone\n"
    "\tfi\n"
    "}\n"
    "complete -F _bahi bahi\n";

static void
put_bash(struct arena *arena, FILE *out)
{
	fputs("# Completion of bahi for bash, by bahi --dump=completion-bash."
	    "\n_bahi_verbs='", out);
	for (size_t v = 0; v < n_cli_verbs; v++)
		fprintf(out, "%s%s", v > 0 ? " " : "", cli_verbs[v].name);
	fputs("'\n", out);
	put_tables(arena, out);
	fputs(bash_rest, out);
}

static const char zsh_rest[] =
    "# candidates of any of the kinds $1: a|b, or =x|y\n"
    "_bahi_offer() {\n"
    "\tlocal kind word about\n"
    "\tlocal -a words abouts\n"
    "\tif [[ $1 == =* ]]; then\n"
    "\t\tcompadd -- ${(s:|:)1#=}\n"
    "\t\treturn\n"
    "\tfi\n"
    "\tfor kind in ${(s:|:)1}; do\n"
    "\t\tcase $kind in\n"
    "\t\t-) ;;\n"
    "\t\tfile) _files ;;\n"
    "\t\tdir) _files -/ ;;\n"
    "\t\t*)\n"
    "\t\t\twords=() abouts=()\n"
    "\t\t\twhile IFS=$'\\t' read -r word about; do\n"
    "\t\t\t\twords+=(\"$word\")\n"
    "\t\t\t\tabouts+=(\"$word  $about\")\n"
    "\t\t\tdone < <(bahi --complete $kind \"$PREFIX\" 2>/dev/null)\n"
    "\t\t\tcompadd -l -d abouts -- \"${words[@]}\" ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "}\n"
    "_bahi() {\n"
    "\tlocal verb= option= word i\n"
    "\tlocal -i at=1\n"
    "\tlocal -a kinds\n"
    "\tfor ((i = 2; i < CURRENT; i++)); do\n"
    "\t\tword=$words[i]\n"
    "\t\tif [[ $word == --*=* ]]; then\n"
    "\t\t\toption=\n"
    "\t\telif [[ $word == --* ]]; then\n"
    "\t\t\toption=$word\n"
    "\t\t\t[[ -n $(_bahi_value \"$verb\" \"$word\") ]] || option=\n"
    "\t\telif [[ -n $option ]]; then\n"
    "\t\t\toption=\n"
    "\t\telif [[ -z $verb ]]; then\n"
    "\t\t\tverb=$word\n"
    "\t\telif [[ $word != *=* ]]; then\n"
    "\t\t\t((at++))\n"
    "\t\tfi\n"
    "\tdone\n"
    "\tif [[ $PREFIX == --*=* ]]; then\n"
    "\t\toption=${PREFIX%%=*}\n"
    "\t\tcompset -P '*='\n"
    "\tfi\n"
    "\tif [[ -n $option ]]; then\n"
    "\t\t_bahi_offer \"$(_bahi_value \"$verb\" \"$option\")\"\n"
    "\telif [[ $PREFIX == source=* ]]; then\n"
    "\t\tcompset -P '*='\n"
    "\t\t_bahi_offer source\n"
    "\telif [[ $PREFIX == -* ]]; then\n"
    "\t\tcompadd -- ${=$(_bahi_options \"$verb\")}\n"
    "\telif [[ -z $verb ]]; then\n"
    "\t\t_describe -t verbs verb _bahi_verbs\n"
    "\telse\n"
    "\t\tkinds=(${=$(_bahi_words \"$verb\")})\n"
    "\t\t((at <= $#kinds)) || at=$#kinds\n"
    "\t\t((at < 1)) || _bahi_offer \"$kinds[at]\"\n"
    "\t\tcompadd -S= -- ${=$(_bahi_names \"$verb\")}\n"
    "\tfi\n"
    "}\n"
    "if [[ $funcstack[1] == _bahi ]]; then\n"
    "\t_bahi \"$@\"\n"
    "else\n"
    "\tcompdef _bahi bahi\n"
    "fi\n";

static void
put_zsh(struct arena *arena, FILE *out)
{
	fputs("#compdef bahi\n# Completion of bahi for zsh, by bahi "
	    "--dump=completion-zsh.\n_bahi_verbs=(\n", out);
	for (size_t v = 0; v < n_cli_verbs; v++) {
		fputc('\t', out);
		put_quoted(arena_printf(arena, "%s:%s", cli_verbs[v].name,
		    cli_verbs[v].help), false, out);
		fputc('\n', out);
	}
	fputs(")\n", out);
	put_tables(arena, out);
	fputs(zsh_rest, out);
}

static const char fish_head[] =
    "# Completion of bahi for fish, by bahi --dump=completion-fish.\n"
    "# Whether argument number $argv[2] (or a later one, where $argv[3]) of\n"
    "# the verb $argv[1] is being typed.\n"
    "function __bahi_at\n"
    "\tset -l verb\n"
    "\tset -l at 1\n"
    "\tfor word in (commandline -opc)[2..-1]\n"
    "\t\tif string match -q -- '-*' $word\n"
    "\t\t\tcontinue\n"
    "\t\telse if test -z \"$verb\"\n"
    "\t\t\tset verb $word\n"
    "\t\telse if not string match -q -- '*=*' $word\n"
    "\t\t\tset at (math $at + 1)\n"
    "\t\tend\n"
    "\tend\n"
    "\ttest \"$verb\" = $argv[1]; or return 1\n"
    "\ttest $at -eq $argv[2]; or test $at -gt $argv[2] -a \"$argv[3]\" = "
    "more\n"
    "end\n"
    "complete -c bahi -f\n"
    "complete -c bahi -l config -r -F -d 'settings, instead of the usual "
    "files'\n"
    "complete -c bahi -l help -d 'say how to call it'\n"
    "complete -c bahi -l version -d 'say which release it is'\n";

static void
put_fish_kind(const char *kind, FILE *out)
{
	if (kind[0] == '=') {
		fputs(" -a '", out);
		for (kind++; *kind != '\0'; kind++)
			fputc(*kind == '|' ? ' ' : *kind, out);
		fputc('\'', out);
	} else if (strcmp(kind, "file") == 0) {
		fputs(" -F", out);
	} else if (strcmp(kind, "dir") == 0) {
		fputs(" -a '(__fish_complete_directories)'", out);
	} else if (strcmp(kind, "-") != 0 && kind[0] != '\0') {
		fputs(" -a '(", out);
		for (size_t n; *kind != '\0'; kind += n + (kind[n] != '\0')) {
			n = strcspn(kind, "|");
			fprintf(out, "bahi --complete %.*s (commandline -ct) "
			    "2>/dev/null%s", (int)n, kind, kind[n] != '\0' ?
			    "; " : "");
		}
		fputs(")'", out);
	}
}

static void
put_fish_verb(const struct cli_verb *verb, FILE *out)
{
	const char *at = verb->words;
	int k = 1;

	fprintf(out, "complete -c bahi -n __fish_use_subcommand -a %s -d ",
	    verb->name);
	put_quoted(verb->help, true, out);
	fputc('\n', out);
	for (size_t n; *at != '\0'; at += n + (at[n] != '\0'), k++) {
		char kind[400];

		n = strcspn(at, " ");
		snprintf(kind, sizeof kind, "%.*s", (int)n, at);
		if (strcmp(kind, "-") == 0)
			continue;
		fprintf(out, "complete -c bahi -n '__bahi_at %s %d%s'",
		    verb->name, k, at[n] == '\0' ? " more" : "");
		put_fish_kind(kind, out);
		fputc('\n', out);
	}
	if (verb->names[0] == '\0')
		return;
	fprintf(out, "complete -c bahi -n '__bahi_at %s 1 more' -a '",
	    verb->name);
	for (at = verb->names; *at != '\0'; at++)
		fprintf(out, *at == ' ' ? "= " : "%c", *at);
	fputs("='\n", out);
}

static void
put_fish_option(const struct cli_option *option, struct arena *arena,
    FILE *out)
{
	fputs("complete -c bahi -n '__fish_seen_subcommand_from", out);
	for (size_t v = 0; v < n_cli_verbs; v++)
		if (cli_takes(&cli_verbs[v], option))
			fprintf(out, " %s", cli_verbs[v].name);
	fprintf(out, "' -l %s%s", option->name, option->value != NULL ?
	    " -r" : "");
	put_fish_kind(kind_of(option, arena), out);
	fputs(" -d ", out);
	put_quoted(option->help, true, out);
	fputc('\n', out);
}

static void
put_fish(struct arena *arena, FILE *out)
{
	fputs(fish_head, out);
	for (size_t v = 0; v < n_cli_verbs; v++)
		put_fish_verb(&cli_verbs[v], out);
	for (size_t i = 0; i < n_cli_options; i++)
		put_fish_option(&cli_options[i], arena, out);
	for (size_t i = 0; i < n_ui_options; i++) {
		fprintf(out, "complete -c bahi -l %s -r",
		    flag_of(&ui_options[i], arena) + 2);
		put_fish_kind(kind_of_setting(&ui_options[i], arena), out);
		fputs(" -d ", out);
		put_quoted(ui_options[i].help, true, out);
		fputc('\n', out);
	}
}

bool
cli_print_completion(const char *shell, FILE *out)
{
	static const struct {
		const char *name;
		void (*put)(struct arena *, FILE *);
	} shells[] = {
		{ "bash", put_bash }, { "zsh", put_zsh },
		{ "fish", put_fish },
	};

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		struct arena *arena;

		if (strcmp(shells[i].name, shell) != 0)
			continue;
		arena = arena_new();
		shells[i].put(arena, out);
		arena_free(&arena);
		return true;
	}
	return false;
}
