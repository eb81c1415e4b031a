/*
 * The console's loop: waits, takes a key, draws. Nothing in it blocks.
 */
#include "ui/console.h"

#include "ui/keys.h"
#include "ui/term.h"

bool
console_run(const struct options *options, struct err *e)
{
	const char *keys = options_text(options, "keys");

	if (keys[0] != '\0' && !keys_read(keys, e))
		return false;
	return err_set(e, ERR_USAGE, "name a verb; see bahi --help");
}
