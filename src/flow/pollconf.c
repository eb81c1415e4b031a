/* Settings of a poll, judged whole before anything is asked. */
#include "flow/pollconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/conf.h"
#include "core/option.h"
#include "core/secret.h"

static const char *const cursors[] = { "next", "page", "since", NULL };
static const char *const ends[] = { "stay", "restart", NULL };

static const struct option_info infos[] = {
	{ "url", OPTION_TEXT, "", 0, 0, NULL, "where to ask" },
	{ "source", OPTION_TEXT, "", 0, 0, NULL,
	    "whose events they are; else the name of the file" },
	{ "token", OPTION_PATH, "", 0, 0, NULL,
	    "file with a bearer token, 0600" },
	{ "headers", OPTION_PATH, "", 0, 0, NULL,
	    "file with headers that prove who we are, 0600" },
	{ "ca", OPTION_PATH, "", 0, 0, NULL, "file of authorities" },
	{ "every", OPTION_COUNT, "300", 1, 604800, NULL, "seconds" },
	{ "timeout", OPTION_COUNT, "30", 1, 600, NULL,
	    "seconds for one page" },
	{ "items", OPTION_TEXT, "", 0, 0, NULL, "path of the array" },
	{ "key", OPTION_TEXT, "id", 0, 0, NULL, "of an item" },
	{ "topic", OPTION_TEXT, "", 0, 0, NULL, "of an item" },
	{ "occurred", OPTION_TEXT, "", 0, 0, NULL, "path in the item" },
	{ "cursor", OPTION_CHOICE, "next", 0, 0, cursors,
	    "how the next page is asked for" },
	{ "next", OPTION_TEXT, "", 0, 0, NULL,
	    "path of the next page's URL or token" },
	{ "since", OPTION_TEXT, "", 0, 0, NULL,
	    "path in the item of what is greatest in the newest" },
	{ "start", OPTION_TEXT, "", 0, 0, NULL, "first cursor" },
	{ "parameter", OPTION_TEXT, "", 0, 0, NULL,
	    "query parameter of the cursor" },
	{ "limit", OPTION_COUNT, "0", 0, PAGE_ITEMS_MAX, NULL,
	    "items of a page that are asked for" },
	{ "limit_parameter", OPTION_TEXT, "limit", 0, 0, NULL,
	    "query parameter of the limit" },
	{ "end", OPTION_CHOICE, "stay", 0, 0, ends,
	    "after the last page" },
	{ "pages", OPTION_COUNT, "100", 1, 100000, NULL,
	    "pages at a time at most" },
	{ "backoff", OPTION_COUNT, "300", 1, 86400, NULL,
	    "seconds between tries at most" },
	{ "failures", OPTION_COUNT, "5", 1, 1000, NULL,
	    "in a row that open the breaker" },
	{ "pause", OPTION_COUNT, "300", 1, 86400, NULL,
	    "seconds that it stays open" },
};

/* A cursor of another list, or of another style, says nothing here. */
static void
find_meaning(struct pollconf *conf)
{
	const struct span parts[] = {
		span_of(conf->url), SPAN("\n"), span_of(cursors[conf->cursor]),
		SPAN("\n"), span_of(conf->parameter), SPAN("\n"),
		span_of(conf->shape.next), SPAN("\n"),
		span_of(conf->shape.since), SPAN("\n"), span_of(conf->start)
	};
	unsigned char digest[SHA256_SIZE];

	digest_sha256v(parts, sizeof parts / sizeof *parts, digest);
	digest_hex(digest, SHA256_SIZE, conf->meaning);
}

/* ---- secrets ---------------------------------------------------------- */

static bool
add_header(struct pollconf *conf, const char *line, struct err *e)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
	size_t n = strspn(line, token);

	if (conf->n_headers == FETCH_HEADERS_MAX)
		return err_set(e, ERR_CONFIG, "more than %d headers",
		    FETCH_HEADERS_MAX);
	if (n == 0 || line[n] != ':')
		return err_set(e, ERR_CONFIG, "a header is `Name: value`");
	for (const char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return err_set(e, ERR_CONFIG,
			    "control characters in a header");
	conf->headers[conf->n_headers++] = line;
	return true;
}

static bool
read_token(struct pollconf *conf, const char *path, struct span *text,
    struct err *e)
{
	*text = (struct span){ "", 0 };
	return *path == '\0' || (secret_read(path, conf->arena, text, e) &&
	    add_header(conf, arena_printf(conf->arena,
	    "Authorization: Bearer %.*s", (int)text->n, text->p), e));
}

static bool
read_headers(struct pollconf *conf, const char *path, struct span *text,
    struct err *e)
{
	char *next;

	*text = (struct span){ "", 0 };
	if (*path == '\0')
		return true;
	if (!secret_read(path, conf->arena, text, e))
		return false;
	for (char *line = arena_strndup(conf->arena, text->p, text->n);
	    line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		if (*line != '\0' && *line != '#' &&
		    !add_header(conf, line, e))
			return false;
	}
	return true;
}

/* ---- settings --------------------------------------------------------- */

static bool
judge(const struct pollconf *conf, struct err *e)
{
	const struct page_shape *shape = &conf->shape;

	if (!fetch_judge(conf->url, e))
		return false;
	if (!conf_name_valid(conf->source))
		return err_set(e, ERR_CONFIG,
		    "source: a-z 0-9 - _ only: %.60s", conf->source);
	if (*shape->topic == '\0' || *shape->key == '\0')
		return err_set(e, ERR_CONFIG, "topic and key must be there");
	if (!page_template(shape->topic) || !page_template(shape->key))
		return err_set(e, ERR_CONFIG,
		    "topic, key: {body:PATH} and {digest} only");
	switch (conf->cursor) {
	case CURSOR_NEXT:
		return *shape->next != '\0' ||
		    err_set(e, ERR_CONFIG, "cursor next needs next");
	case CURSOR_PAGE:
		return strspn(conf->start, "0123456789") ==
		    strlen(conf->start) && strlen(conf->start) < 10 &&
		    *conf->parameter != '\0' ? true : err_set(e, ERR_CONFIG,
		    "cursor page needs parameter, and start is a number");
	case CURSOR_SINCE:
		break;
	}
	return (*shape->since != '\0' && *conf->parameter != '\0') ||
	    err_set(e, ERR_CONFIG, "cursor since needs since and parameter");
}

static enum poll_cursor
cursor_of(const char *text)
{
	int i = 0;

	while (strcmp(cursors[i], text) != 0)
		i++;
	return (enum poll_cursor)i;
}

static const char *
copy(struct pollconf *conf, const struct options *o, const char *name)
{
	return arena_strdup(conf->arena, options_text(o, name));
}

static void
fill(struct pollconf *conf, const struct options *o, const char *name)
{
	conf->source = copy(conf, o, "source");
	if (*conf->source == '\0')
		conf->source = arena_strdup(conf->arena, name);
	conf->url = copy(conf, o, "url");
	conf->ca = copy(conf, o, "ca");
	conf->cursor = cursor_of(options_text(o, "cursor"));
	conf->shape = (struct page_shape){
	    .items = copy(conf, o, "items"),
	    .next = conf->cursor == CURSOR_NEXT ? copy(conf, o, "next") : "",
	    .key = copy(conf, o, "key"),
	    .topic = copy(conf, o, "topic"),
	    .since = conf->cursor == CURSOR_SINCE ?
		copy(conf, o, "since") : "",
	    .occurred = copy(conf, o, "occurred"),
	};
	conf->start = copy(conf, o, "start");
	conf->parameter = copy(conf, o, "parameter");
	conf->limit_parameter = copy(conf, o, "limit_parameter");
	conf->limit = options_count(o, "limit");
	conf->restart = strcmp(options_text(o, "end"), "restart") == 0;
	conf->every = options_count(o, "every");
	conf->timeout = options_count(o, "timeout");
	conf->backoff = options_count(o, "backoff");
	conf->pause = options_count(o, "pause");
	conf->pages = options_count(o, "pages");
	conf->failures = options_count(o, "failures");
	find_meaning(conf);
}

struct pollconf *
pollconf_read(const char *folder, const char *name, char digest[SHA256_HEX],
    struct err *e)
{
	struct arena *arena = arena_new();
	struct pollconf *conf = arena_alloc(arena, sizeof *conf);
	const char *path = arena_printf(arena, "%s/%s.conf", folder, name);
	/* A fault of another kind and new secrets are a change, too. */
	struct span found[3] = { { "", 0 }, { "", 0 }, { "", 0 } };
	struct options *o = NULL;
	bool ok;

	conf->arena = arena;
	ok = options_read(&o, infos, sizeof infos / sizeof *infos, path, e);
	if (ok) {
		fill(conf, o, name);
		ok = judge(conf, e) && read_token(conf,
		    options_text(o, "token"), &found[1], e) &&
		    read_headers(conf, options_text(o, "headers"),
		    &found[2], e);
	}
	found[0] = span_of(e->why);
	conf_digest(&path, 1, found, 3, digest);
	options_free(&o);
	if (ok)
		return conf;
	arena_free(&arena);
	return NULL;
}

void
pollconf_free(struct pollconf **cp)
{
	struct arena *arena;

	if (*cp == NULL)
		return;
	arena = (*cp)->arena;
	*cp = NULL;
	arena_free(&arena);
}
