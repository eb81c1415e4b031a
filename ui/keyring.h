#ifndef BAHI_UI_KEYRING_H
#define BAHI_UI_KEYRING_H
/*
 * Keys of what the console keeps: nobody asks for them, they are made when
 * they are first needed. That of the cache dies with the login where the
 * machine has a place that does; what waits to be sent must outlive it, and
 * its key is kept in the state folder.
 */
#include "core/option.h"

/* For all that is opened from now on, as the setting `seal` says. */
void keyring_use(const struct options *);

#endif
