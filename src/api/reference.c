/* Master data: tables out as JSON, in as CSV by a controller. */
#include "api/inside.h"

#include <stdlib.h>

#include "flow/settle.h"
#include "store/master.h"

void
reference_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool found, ok;

	str_init(&out, 256 << 20);
	json_start(&j, &out);
	ok = view_reference(call->db, call->args[0], &j, &found, &e);
	if (ok && !found)
		answer_absent(call, "such table");
	else
		answer_view(call, ok, &out, &e);
	str_free(&out);
}

struct import {
	struct request *request;
	const char *actor, *table;
	struct span csv;
};

/* On the writer's thread. The request's own memory holds all of it. */
static bool
import(struct settler *settler, void *arg)
{
	struct import *import = arg;
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	int64_t seq = 0;
	bool ok = books_begin(books, &e);

	if (ok && !(master_import(books, import->actor, import->table,
	    import->csv, &seq, &e) && books_commit(books, &e))) {
		books_rollback(books);
		ok = false;
	}
	ok = ok && settler_reload(settler, &e);
	if (!ok) {
		request_fail(import->request, &e);
	} else {
		struct str out;

		str_init(&out, 128);
		str_addf(&out, "{\"generation\":%lld}", (long long)seq);
		request_answer(import->request, 200, "application/json",
		    str_span(&out));
		str_free(&out);
	}
	return false;
}

void
reference_post(struct call *call)
{
	struct import *job = arena_alloc(call->arena, sizeof *job);
	struct err e = { 0 };

	*job = (struct import){ call->request, call->caller.name,
	    call->args[0], request_body(call->request) };
	if (!pump_call(api_pump(call->api), import, job, &e))
		request_fail(call->request, &e);
}
