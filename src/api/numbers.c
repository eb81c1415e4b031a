/* The numbers that finance asks for, as JSON. */
#include "api/inside.h"

#include "core/clock.h"
#include "store/numbers.h"

void
numbers_get(struct call *call)
{
	struct numbers numbers;
	struct err e = { 0 };
	struct str out;
	struct json j;
	bool ok;

	str_init(&out, 16 << 20);
	json_start(&j, &out);
	ok = numbers_read(call->db, call->arena, clock_now(), &numbers, &e);
	if (ok) {
		json_open(&j, '{');
		view_numbers(&j, &numbers, api_options(call->api)->minutes);
		json_close(&j, '}');
		numbers_free(&numbers);
	}
	answer_view(call, ok, &out, &e);
	str_free(&out);
}
