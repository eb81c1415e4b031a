#ifndef BAHI_BAHID_MANAGER_H
#define BAHI_BAHID_MANAGER_H
/* What the service manager is told, sd_notify(3); without one, nothing. */
#include <stdint.h>

/* "READY=1", "STOPPING=1", ... */
void manager_tell(const char *state);
/* A reload began; READY=1 ends it. */
void manager_reloading(void);
/* Milliseconds between two signs of life that it wants; -1: none. */
int manager_pulse(void);

#endif
