/* One call, one answer, judged. */
#include "bahid/there.h"

#include "core/json.h"

static bool
judge(int status, const struct str *answer, cJSON **tree, struct err *e)
{
	enum err_code code;
	const char *why;

	*tree = json_strict(str_span(answer), e);
	if (*tree == NULL)
		return false;
	if (status >= 200 && status < 300)
		return true;
	why = json_text(*tree, "detail");
	code = err_named(json_text(*tree, "code"));
	err_set(e, code != ERR_NONE ? code : ERR_SYSTEM, "%.400s",
	    why != NULL ? why : "the daemon refuses");
	cJSON_Delete(*tree);
	*tree = NULL;
	return false;
}

bool
there_ask(const struct options *options, const struct http_call *call,
    struct str *answer, cJSON **tree, struct err *e)
{
	const struct http_place place = { .socket = options_text(options,
	    "socket") };
	struct http *http = NULL;
	int status = 0;
	bool ok;

	*tree = NULL;
	ok = http_open(&http, &place, e) &&
	    http_send(http, call, &status, answer, e) &&
	    judge(status, answer, tree, e);
	http_close(&http);
	return ok;
}
