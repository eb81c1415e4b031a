/* libFuzzer target of the settings of a poll and of a target. What is not
 * taken has a reason. */
#include "fuzz.h"

#include "flow/pollconf.h"
#include "targets/conf.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char digest[SHA256_HEX];
	struct targetconf *target;
	struct pollconf *poll;
	struct err e = { 0 };

	(void)fuzz_file("x.conf", fuzz_span(data, size));
	poll = pollconf_read(fuzz_folder(), "x", digest, &e);
	must((poll != NULL) == (e.code == ERR_NONE));
	pollconf_free(&poll);
	e = (struct err){ 0 };
	target = targetconf_read(fuzz_folder(), "x", digest, &e);
	must((target != NULL) == (e.code == ERR_NONE));
	targetconf_free(&target);
	return 0;
}
