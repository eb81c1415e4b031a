/* What the writer does for one request, in a commit of its own. */
#include "api/inside.h"

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
