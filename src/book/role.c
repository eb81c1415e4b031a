/* Names of roles, as configuration, tokens and refusals say them. */
#include "book/role.h"

#include <string.h>

static const char *const names[] = {
	"none", "integration", "viewer", "clerk", "approver", "controller",
	"admin"
};

const char *
role_name(enum role role)
{
	return names[role];
}

bool
role_find(const char *name, enum role *out)
{
	for (int i = ROLE_INTEGRATION; i <= ROLE_ADMIN; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}
