#ifndef BAHI_BOOK_ROLE_H
#define BAHI_BOOK_ROLE_H
/* What a caller may do; each may all that stands before it. */
#include <stdbool.h>

enum role { ROLE_NONE, ROLE_INTEGRATION, ROLE_VIEWER, ROLE_CLERK,
	ROLE_APPROVER, ROLE_CONTROLLER, ROLE_ADMIN };

const char *role_name(enum role);
bool role_find(const char *, enum role *out);	/* not "none" */

#endif
