/* What the writer does for one request, and how it is answered. */
#include "api/inside.h"

#include <cjson/cJSON.h>

#include "core/log.h"
#include "flow/settle.h"

/* On the writer's thread; an answer leaves only after the commit. */
static bool
carry_out(struct settler *settler, void *arg)
{
	struct books *books = settler_books(settler);
	struct writing *w = arg;
	struct err e = { 0 };

	if (books_begin(books, &e)) {
		if (w->write(books, w->what, &e) && books_commit(books, &e)) {
			w->answer(w->request, w->what);
			return false;
		}
		books_rollback(books);
	}
	if (err_info(e.code)->http >= 500)
		log_line(LOG_ERROR, "api.write", "path=%s why=\"%s\"",
		    request_path(w->request), e.why);
	request_fail(w->request, &e);
	return false;
}

void
writing_offer(struct call *call, const struct writing *writing)
{
	struct writing *w = arena_alloc(call->arena, sizeof *w);
	struct err e = { 0 };

	*w = *writing;
	w->request = call->request;
	if (!pump_call(api_pump(call->api), carry_out, w, &e))
		request_fail(call->request, &e);
}

/* ---- what is said in a body ------------------------------------------- */

#define SAID_MAX (16 << 20)

struct said {
	const struct wording *wording;
	void *what;
	struct request *request;
};

/* On the writer's thread. After the answer the request's memory is gone. */
static bool
say(struct settler *settler, void *arg)
{
	const struct said *said = arg;
	struct err e = { 0 };
	struct str out;
	struct json j;

	if (!said->wording->say(settler, said->what, &e)) {
		request_fail(said->request, &e);
		return false;
	}
	str_init(&out, SAID_MAX);
	json_start(&j, &out);
	said->wording->show(&j, said->what);
	request_answer(said->request, 200, "application/json",
	    str_span(&out));
	str_free(&out);
	return false;
}

static bool
read_body(struct call *call, const struct wording *wording, void *what,
    struct err *e)
{
	cJSON *tree = json_strict(request_body(call->request), e);
	bool ok = tree != NULL && wording->read(call, tree, what, e);

	cJSON_Delete(tree);
	return ok;
}

void
wording_offer(struct call *call, const struct wording *wording, void *what)
{
	struct said *said = arena_alloc(call->arena, sizeof *said);
	struct err e = { 0 };

	*said = (struct said){ wording, what, call->request };
	if ((wording->read != NULL && !read_body(call, wording, what, &e)) ||
	    !pump_call(api_pump(call->api), say, said, &e))
		request_fail(call->request, &e);
}
