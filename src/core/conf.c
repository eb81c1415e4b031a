/* What all folders of NAME.conf share. Polls and targets are such; nothing
 * here reads settings, core/option.h does. */
#include "core/conf.h"

#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".conf"
#define SUFFIX_SIZE (sizeof SUFFIX - 1)

bool
conf_name_valid(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t n = strlen(name);

	return n > 0 && n < CONF_NAME_SIZE && strspn(name, allowed) == n &&
	    name[0] != '-';
}

bool
conf_name_of(const char *file, char name[CONF_NAME_SIZE])
{
	size_t n = strlen(file);

	if (n <= SUFFIX_SIZE || n - SUFFIX_SIZE >= CONF_NAME_SIZE ||
	    strcmp(file + n - SUFFIX_SIZE, SUFFIX) != 0)
		return false;
	memcpy(name, file, n - SUFFIX_SIZE);
	name[n - SUFFIX_SIZE] = '\0';
	return conf_name_valid(name);
}

void
conf_digest(const char *const *files, size_t n_files,
    const struct span *found, size_t n_found, char out[SHA256_HEX])
{
	unsigned char bytes[SHA256_SIZE];
	struct digest *digest = digest_new();

	for (size_t i = 0; i < n_files; i++) {
		struct stat at = { 0 };

		(void)stat(files[i], &at);
		digest_add(digest, (struct span){ (const char *)&at.st_mtim,
		    sizeof at.st_mtim });
	}
	for (size_t i = 0; i < n_found; i++)
		digest_add(digest, found[i]);
	digest_end(&digest, bytes);
	digest_hex(bytes, sizeof bytes, out);
}
