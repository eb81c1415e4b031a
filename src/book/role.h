#ifndef BAHI_BOOK_ROLE_H
#define BAHI_BOOK_ROLE_H
/*
 * What a caller may do. What each role may is a set of roles beside each route
 * and each act: a text of letters, in their column, - where one is missing:
 *
 *	v viewer  c clerk  p approver  k controller  a admin  w warehouse
 *	i integration
 *
 * The order below is of approvals alone: who may approve what a viewer, a
 * clerk ... may.
 */
#include <stdbool.h>
#include <stddef.h>

enum role { ROLE_NONE, ROLE_INTEGRATION, ROLE_WAREHOUSE, ROLE_VIEWER,
	ROLE_CLERK, ROLE_APPROVER, ROLE_CONTROLLER, ROLE_ADMIN };

#define ROLES "vcpkawi"		/* everybody */

const char *role_name(enum role);
bool role_find(const char *, enum role *out);	/* not "none" */
/* "clerk", or "clerk read": who may then only read. */
bool role_words(const char *, enum role *out, bool *reads_only);
bool role_may(enum role, const char *set);
/* The names of a set in the order of the letters, with sep between them;
 * cut when there is no room. */
#define ROLES_SIZE 96
void roles_say(const char *set, const char *sep, char out[ROLES_SIZE]);

#endif
