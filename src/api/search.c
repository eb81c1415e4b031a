/* GET /v1/search: what a person types into one line. */
#include "api/inside.h"
#include "core/utf8.h"
#include "store/search.h"

#include <string.h>

#define ANSWER_MAX (4 << 20)

static bool
sound(const char *q)
{
	return q != NULL && strlen(q) <= SEARCH_MAX &&
	    strspn(q, " ") < strlen(q) && utf8_valid(span_of(q));
}

void
search_get(struct call *call)
{
	const char *q = call_query(call, "q");
	struct answer a;
	bool ok;

	answer_start(&a, ANSWER_MAX);
	ok = sound(q) ? view_search(call->db, q, &a.j, &a.e) :
	    err_set(&a.e, ERR_REQUEST, "q: what to look for");
	answer_end(call, &a, ok);
}
