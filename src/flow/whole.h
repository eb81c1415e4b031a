#ifndef BAHI_FLOW_WHOLE_H
#define BAHI_FLOW_WHOLE_H
/*
 * Is a file that somebody else writes there as a whole? The kernel knows who
 * has it open for writing, and tells when asked for a lease; where it does
 * not (network file systems, a file of another user and no CAP_LEASE), a long
 * quiet time must do.
 */
#include <stdbool.h>
#include <sys/stat.h>

#define WHOLE_SETTLE 1		/* seconds without a change, in any case */

/* fd: open for reading only. */
bool is_written(int fd);	/* as far as the kernel tells */
/* st: of it. quiet: seconds without a change where the kernel does not
 * tell. */
bool is_whole(int fd, const struct stat *st, int quiet);

#endif
