/* Messages and character set follow the user; numbers and dates never do. */
#include "core/i18n.h"

#include <locale.h>
#include <stdlib.h>

void
i18n_open(void)
{
	const char *dir = getenv("BAHI_LOCALEDIR");

	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	bindtextdomain("bahi", dir != NULL ? dir : BAHI_LOCALEDIR);
	bind_textdomain_codeset("bahi", "UTF-8");
	textdomain("bahi");
}
