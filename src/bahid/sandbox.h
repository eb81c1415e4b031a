#ifndef BAHI_BAHID_SANDBOX_H
#define BAHI_BAHID_SANDBOX_H
/*
 * What the process gives up before it hears anybody, for good: system calls
 * that it never makes (seccomp), writing anywhere but beneath the folders of
 * its settings and starting programs (Landlock, where the kernel has it),
 * core dumps and being looked into. Before any thread is there.
 */
#include "core/option.h"

/* ERR_CONFIG: root, and nobody allowed that. Named in the log: files that
 * others can read. */
MUST_CHECK bool guard_check(const struct options *, struct err *);
MUST_CHECK bool sandbox_enter(const struct options *, struct err *);

#endif
