#ifndef BAHI_CORE_I18N_H
#define BAHI_CORE_I18N_H
#include <libintl.h>
#define _(s) gettext(s)
#define N_(s) s
/* setlocale (messages and ctype only), bindtextdomain. */
void i18n_open(void);
#endif
