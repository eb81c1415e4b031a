/* The files of the inbox: what came, and what became of it. */
#include "api/inside.h"

#define FILES_MAX (16 << 20)

void
files_get(struct call *call)
{
	struct file_filter filter = { .source = call_query(call, "source"),
	    .state = call_query(call, "state") };
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	if (!page_of(call, 'F', &filter.after, &filter.limit))
		return;
	str_init(&out, FILES_MAX);
	json_start(&j, &out);
	ok = view_files(call->db, &filter, &j, &e);
	answer_view(call, ok, &out, &e);
	str_free(&out);
}

void
file_get(struct call *call)
{
	struct err e = { 0 };
	struct str out;
	struct json j;
	int64_t id;
	bool found, ok;

	if (!parse_id(call->args[0], 'F', &id)) {
		answer_absent(call, "such file");
		return;
	}
	str_init(&out, FILES_MAX);
	json_start(&j, &out);
	ok = view_file(call->db, id, &j, &found, &e);
	if (ok && !found)
		answer_absent(call, "such file");
	else
		answer_view(call, ok, &out, &e);
	str_free(&out);
}
