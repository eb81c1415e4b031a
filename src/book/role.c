/* Names of roles, as configuration, tokens and refusals say them. */
#include "book/role.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	char letter;
} roles[] = {
	[ROLE_NONE] = { "none", '\0' },
	[ROLE_INTEGRATION] = { "integration", 'i' },
	[ROLE_WAREHOUSE] = { "warehouse", 'w' },
	[ROLE_VIEWER] = { "viewer", 'v' },
	[ROLE_CLERK] = { "clerk", 'c' },
	[ROLE_APPROVER] = { "approver", 'p' },
	[ROLE_CONTROLLER] = { "controller", 'k' },
	[ROLE_ADMIN] = { "admin", 'a' },
};

const char *
role_name(enum role role)
{
	return roles[role].name;
}

bool
role_find(const char *name, enum role *out)
{
	for (int i = ROLE_INTEGRATION; i <= ROLE_ADMIN; i++) {
		if (strcmp(roles[i].name, name) == 0) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

bool
role_words(const char *text, enum role *out, bool *reads_only)
{
	size_t n = strcspn(text, " ");
	char name[16];

	*reads_only = strcmp(text + n, " read") == 0;
	if (n >= sizeof name || (text[n] != '\0' && !*reads_only))
		return false;
	memcpy(name, text, n);
	name[n] = '\0';
	return role_find(name, out);
}

bool
role_may(enum role role, const char *set)
{
	return role != ROLE_NONE && strchr(set, roles[role].letter) != NULL;
}

static const char *
name_of(char letter)
{
	for (int i = ROLE_INTEGRATION; i <= ROLE_ADMIN; i++)
		if (roles[i].letter == letter)
			return roles[i].name;
	return NULL;
}

void
roles_say(const char *set, const char *sep, char out[ROLES_SIZE])
{
	size_t n = 0;

	out[0] = '\0';
	for (; *set != '\0'; set++) {
		const char *name = name_of(*set);

		if (name != NULL && n < ROLES_SIZE)
			n += (size_t)snprintf(out + n, ROLES_SIZE - n, "%s%s",
			    n > 0 ? sep : "", name);
	}
}
