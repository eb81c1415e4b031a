/* The files of the inbox: what came, and what became of it. */
#include "api/inside.h"

#define FILES_MAX (16 << 20)

void
files_get(struct call *call)
{
	struct file_filter filter = { .source = call_query(call, "source"),
	    .state = call_query(call, "state") };
	struct answer a;
	bool ok;

	if (!page_of(call, 'F', &filter.after, &filter.limit))
		return;
	answer_start(&a, FILES_MAX);
	ok = view_files(call->db, &filter, &a.j, &a.e);
	answer_end(call, &a, ok);
}

void
file_get(struct call *call)
{
	struct answer a;
	int64_t id;
	bool found, ok;

	if (!parse_id(call->args[0], 'F', &id)) {
		answer_absent(call, "such file");
		return;
	}
	answer_start(&a, FILES_MAX);
	ok = view_file(call->db, id, &a.j, &found, &a.e);
	answer_end_found(call, &a, ok, found, "such file");
}
