/*
 * libFuzzer target of declared signature schemes: the file first, and behind
 * an empty line a request that it is used on, if it can be.
 */
#include "fuzz.h"

#include "sources/list.h"

#define END "\n\n\n"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size), conf = in;
	const char *end = memmem(in.p, in.n, END, strlen(END));
	struct fuzz_request request = { 0 };
	struct source source = { .name = "x", .scheme = "hmac",
	    .tolerance = 300, .n_secrets = 1 };
	struct verified out = { 0 };
	struct declared *declared = NULL;
	struct delivery d;
	struct err e = { 0 };

	if (end != NULL) {
		conf.n = (size_t)(end - in.p);
		in.p = end + strlen(END);
		in.n = size - conf.n - strlen(END);
	}
	request.arena = arena_new();
	source.secrets[0] = (struct secret){ "s1", "secret", 0 };
	fuzz_file("x.conf", conf);
	if (declared_read(fuzz_folder(), "x", request.arena, &declared, &e)) {
		source.declared = declared;
		fuzz_delivery(in, &request, &d);
		if (scheme_hmac.verify(&source, &d, request.arena, &out, &e))
			must(out.ping);	/* it knows no secret */
		else
			must(e.code != ERR_NONE && e.why[0] != '\0');
	} else {
		must(e.code == ERR_CONFIG && e.why[0] != '\0');
	}
	arena_free(&request.arena);
	return 0;
}
