/* Settings of a target, judged whole before anything is asked. */
#include "targets/conf.h"

#include <stdio.h>
#include <string.h>

#include "book/day.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/secret.h"
#include "net/fetch.h"
#include "targets/targets.h"

#define SECOND_MAX 100000

static const char *const unmapped[] = { "same", "refuse", NULL };
static const char *const strangers[] = { "ignore", "list", NULL };
static const char *const protocols[] = { "json", "xml", NULL };
static const char *const masters[] = { "refuse", "create", NULL };
static const char *const logins[] = { "bearer", "basic", "header", NULL };
static const char *const accounts[] = { "name", "number", NULL };
static const char *const parties[] = { "ledgers", "accounts", NULL };
static const char *const yes_no[] = { "no", "yes", NULL };

/* The adapters' own stand at the end; bahid-target.conf(5). */
static const struct option_info infos[] = {
	{ "kind", OPTION_TEXT, "", 0, 0, NULL, "which ERP" },
	{ "url", OPTION_TEXT, "", 0, 0, NULL, "where it is" },
	{ "ca", OPTION_PATH, "", 0, 0, NULL, "file of authorities" },
	{ "user", OPTION_TEXT, "", 0, 0, NULL, "who we are there" },
	{ "secret", OPTION_PATH, "", 0, 0, NULL,
	    "file with a password or token, 0600" },
	{ "database", OPTION_TEXT, "", 0, 0, NULL, "which database there" },
	{ "company", OPTION_TEXT, "", 0, 0, NULL, "which company there" },
	{ "entities", OPTION_TEXT, "", 0, 0, NULL,
	    "whose journals go there; else all" },
	{ "first", OPTION_TEXT, "", 0, 0, NULL,
	    "day; earlier journals do not go there" },
	{ "rate", OPTION_COUNT, "0", 0, SECOND_MAX, NULL,
	    "postings a second at most; 0: no bound" },
	{ "burst", OPTION_COUNT, "0", 0, SECOND_MAX, NULL,
	    "postings at once; 0: as rate" },
	{ "batch", OPTION_COUNT, "0", 0, TARGET_BATCH_MAX, NULL,
	    "postings of one call; 0: as the ERP takes" },
	{ "timeout", OPTION_COUNT, "60", 1, 600, NULL,
	    "seconds for one call" },
	{ "attempts", OPTION_COUNT, "12", 1, 1000, NULL,
	    "after so many it is dead" },
	{ "backoff", OPTION_COUNT, "900", 1, 86400, NULL,
	    "seconds between tries at most" },
	{ "failures", OPTION_COUNT, "5", 1, 1000, NULL,
	    "in a row that open the breaker" },
	{ "pause", OPTION_COUNT, "60", 1, 86400, NULL,
	    "seconds that it stays open" },
	{ "away", OPTION_TEXT, "", 0, 0, NULL,
	    "hours of each day in which it is not spoken to, 02:00-04:00" },
	{ "unmapped", OPTION_CHOICE, "same", 0, 0, unmapped,
	    "what no row maps goes as it is, or is refused" },
	{ "book", OPTION_TEXT, "", 0, 0, NULL,
	    "voucher type or journal there, where no row maps the kind" },
	{ "look", OPTION_COUNT, "3600", 0, 2592000, NULL,
	    "seconds between looks for drift; 0: on a key only" },
	{ "look_days", OPTION_COUNT, "45", 1, 3660, NULL,
	    "days back that a look goes" },
	{ "strangers", OPTION_CHOICE, "ignore", 0, 0, strangers,
	    "what is there and not ours" },
	{ "protocol", OPTION_CHOICE, "json", 0, 0, protocols,
	    "of tryton" },
	{ "party", OPTION_TEXT, "", 0, 0, NULL,
	    "of tryton: where an account wants one and an entry has none" },
	{ "masters", OPTION_CHOICE, "refuse", 0, 0, masters,
	    "what tally does not know" },
	{ "accounts", OPTION_CHOICE, "name", 0, 0, accounts,
	    "of erpnext: how they are named" },
	{ "field", OPTION_TEXT, "bahi_reference", 0, 0, NULL,
	    "of erpnext: the field of our reference" },
	{ "parties", OPTION_CHOICE, "ledgers", 0, 0, parties,
	    "of tally: each party is a ledger, or its account is" },
	{ "plain", OPTION_CHOICE, "no", 0, 0, yes_no,
	    "of tally: over a private link, without TLS" },
	{ "folder", OPTION_PATH, "", 0, 0, NULL, "of tally-file" },
	{ "rule", OPTION_PATH, "", 0, 0, NULL, "of rest: a file of SQL" },
	{ "login", OPTION_CHOICE, "bearer", 0, 0, logins,
	    "of rest: how the secret goes" },
	{ "login_header", OPTION_TEXT, "X-Api-Key", 0, 0, NULL,
	    "of rest: with login header" },
	{ "currency", OPTION_TEXT, "INR", 0, 0, NULL,
	    "of rest: of the amounts there" },
};

bool
targetconf_spoken_to(const struct targetconf *conf, struct err *e)
{
	char hours[HOURS_SIZE], end[HOURS_SIZE];

	if (!hours_hold(&conf->away, clock_now()))
		return true;
	hours_text(&conf->away, hours);
	hours_end(&conf->away, end);
	return err_set(e, ERR_REFUSED, "%.60s is not spoken to at %s, as set: "
	    "until %s IST; check %.60s now asks it all the same",
	    conf->name, hours, end, conf->name);
}

bool
targetconf_takes(const struct targetconf *conf, const char *entity)
{
	if (conf->n_entities == 0)
		return true;
	for (size_t i = 0; i < conf->n_entities; i++)
		if (strcmp(conf->entities[i], entity) == 0)
			return true;
	return false;
}

/* ---- judging ---------------------------------------------------------- */

/* What came of reading one setting, with its name. */
static bool
named(const char *setting, bool ok, const char *more, const struct err *found,
    struct err *e)
{
	return ok || err_set(e, found->code, "%s: %.300s%s", setting,
	    found->why, more);
}

static bool
judge_url(const struct targetconf *conf, const struct adapter *adapter,
    struct err *e)
{
	struct err found = { 0 };

	if (adapter->mute)
		return true;
	if (*conf->url == '\0')
		return err_set(e, ERR_CONFIG, "url must be there");
	if (!adapter->plain ||
	    strcmp(options_text(conf->options, "plain"), "yes") != 0)
		return named("url", fetch_judge(conf->url, &found),
		    adapter->plain ? "; over a link that is private: "
		    "plain = yes" : "", &found, e);
	return *conf->secret == '\0' || err_set(e, ERR_CONFIG,
	    "plain: a secret does not go over a link without TLS");
}

static bool
no_kind(const struct targetconf *conf, struct err *e)
{
	struct str all;

	str_init(&all, 400);
	for (size_t i = 0; adapters[i] != NULL; i++)
		str_addf(&all, "%s%s", i > 0 ? ", " : "", adapters[i]->name);
	if (*conf->kind == '\0')
		err_set(e, ERR_CONFIG, "kind must be there: %s", all.p);
	else
		err_set(e, ERR_CONFIG, "kind: no such kind of target: %.60s; "
		    "there are %s", conf->kind, all.p);
	str_free(&all);
	return false;
}

static bool
judge(struct targetconf *conf, struct err *e)
{
	const struct adapter *adapter = adapter_find(conf->kind);
	const char *away = options_text(conf->options, "away");
	struct day day;

	if (adapter == NULL)
		return no_kind(conf, e);
	if (*conf->first != '\0' && !day_parse(span_of(conf->first), &day))
		return err_set(e, ERR_CONFIG, "first: %.60s is not a day "
		    "like 2026-10-01", conf->first);
	if (!hours_parse_span(span_of(away), &conf->away))
		return err_set(e, ERR_CONFIG,
		    "away: %.60s is not like 02:00-04:00", away);
	return judge_url(conf, adapter, e);
}

/* Codes, parted by commas or blanks. */
static bool
read_entities(struct targetconf *conf, struct err *e)
{
	char *rest = arena_strdup(conf->arena,
	    options_text(conf->options, "entities"));
	char *word, *save = NULL;

	for (word = strtok_r(rest, ", \t", &save); word != NULL;
	    word = strtok_r(NULL, ", \t", &save)) {
		if (conf->n_entities == TARGET_ENTITIES_MAX)
			return err_set(e, ERR_CONFIG,
			    "more than %d entities", TARGET_ENTITIES_MAX);
		conf->entities[conf->n_entities++] = word;
	}
	return true;
}

static bool
read_secret(struct targetconf *conf, struct err *e)
{
	const char *path = options_text(conf->options, "secret");
	struct err found = { 0 };
	struct span text;

	if (*path == '\0')
		return true;
	if (!named("secret", secret_read(path, conf->arena, &text, &found), "",
	    &found, e))
		return false;
	conf->secret = arena_strndup(conf->arena, text.p, text.n);
	return true;
}

/* Another server is other books: a trial site has the same company. Not how it
 * is spoken to, or at which port. */
static const char *
books_of(const struct targetconf *conf)
{
	const char *scheme = strstr(conf->url, "://");
	const char *host = scheme != NULL ? scheme + 3 : "";
	bool numbers = *host == '[';		/* of IPv6 */
	size_t n;

	host += numbers;
	n = strcspn(host, numbers ? "]" : ":/?#");
	return arena_printf(conf->arena, "%s %s/%s%s%.*s", conf->kind,
	    conf->database, conf->company, n > 0 ? " at " : "", (int)n,
	    host);
}

static void
fill(struct targetconf *conf)
{
	struct options *o = conf->options;

	conf->kind = options_text(o, "kind");
	conf->url = options_text(o, "url");
	conf->ca = options_text(o, "ca");
	conf->user = options_text(o, "user");
	conf->database = options_text(o, "database");
	conf->company = options_text(o, "company");
	conf->books = books_of(conf);
	conf->rule = options_text(o, "rule");
	conf->first = options_text(o, "first");
	conf->rate = options_count(o, "rate");
	conf->burst = options_count(o, "burst");
	conf->batch = options_count(o, "batch");
	conf->timeout = options_count(o, "timeout");
	conf->attempts = options_count(o, "attempts");
	conf->backoff = options_count(o, "backoff");
	conf->failures = options_count(o, "failures");
	conf->pause = options_count(o, "pause");
	conf->look = options_count(o, "look");
}

/* A fault of another kind, a new secret and a new rule are a change, too. */
static void
find_digest(struct targetconf *conf, const char *path, const struct err *e)
{
	const char *const files[] = { path, conf->rule };
	const struct span found[] = { span_of(e->why),
		span_of(conf->secret) };

	conf_digest(files, 2, found, 2, conf->digest);
}

struct targetconf *
targetconf_read(const char *folder, const char *name,
    char digest[SHA256_HEX], struct err *e)
{
	struct arena *arena = arena_new();
	struct targetconf *conf = arena_alloc(arena, sizeof *conf);
	const char *path = arena_printf(arena, "%s/%s.conf", folder, name);
	bool ok;

	conf->arena = arena;
	conf->name = arena_strdup(arena, name);
	conf->folder = arena_strdup(arena, folder);
	conf->rule = conf->secret = "";
	ok = options_read(&conf->options, infos,
	    sizeof infos / sizeof *infos, path, e);
	if (ok) {
		fill(conf);
		ok = read_secret(conf, e) && read_entities(conf, e) &&
		    judge(conf, e);
	}
	find_digest(conf, path, e);
	memcpy(digest, conf->digest, SHA256_HEX);
	if (ok)
		return conf;
	targetconf_free(&conf);
	return NULL;
}

void
targetconf_free(struct targetconf **cp)
{
	struct arena *arena;

	if (*cp == NULL)
		return;
	options_free(&(*cp)->options);
	arena = (*cp)->arena;
	*cp = NULL;
	arena_free(&arena);
}
