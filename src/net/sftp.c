/* libcurl's use for SFTP; see sftp.h.  Called by flow/backup.c. */
#include "net/sftp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/secret.h"
#include "net/curl.h"
#include "net/http.h"

#define CONNECT_SECONDS 15L
#define STALL_SECONDS 60L	/* less than STALL_BYTES a second so long */
#define STALL_BYTES 1024L
#define LIST_MAX (4 << 20)

struct session {
	const struct sftp *of;
	CURL *curl;
	CURLM *multi;
	struct curl_slist *quote;
	atomic_bool never;
	char why[CURL_ERROR_SIZE];
};

bool
sftp_is(const char *place)
{
	return strncmp(place, "sftp://", 7) == 0;
}

/* A user by name, a host and an absolute folder; no password in it. */
static bool
good_url(const char *text)
{
	CURLU *url = curl_url();
	char *user = NULL, *word = NULL, *path = NULL, *query = NULL;
	bool ok;

	if (url == NULL)
		bug("out of memory");
	ok = sftp_is(text) && strpbrk(text, " \t\r\n\\\"") == NULL &&
	    curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_PASSWORD, &word, 0) != CURLUE_OK &&
	    curl_url_get(url, CURLUPART_QUERY, &query, 0) != CURLUE_OK &&
	    curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK &&
	    path[0] == '/' && strchr(path, '%') == NULL;
	curl_free(user);
	curl_free(word);
	curl_free(query);
	curl_free(path);
	curl_url_cleanup(url);
	return ok;
}

/* Only judged here: libssh2 reads it. */
static bool
good_key(const char *path, struct err *e)
{
	struct arena *arena;
	struct span text;
	bool ok;

	if (path[0] == '\0')
		return err_set(e, ERR_CONFIG, "backup_key names no file");
	arena = arena_new();
	ok = secret_read(path, arena, &text, e);
	if (ok)
		explicit_bzero((char *)text.p, text.n);
	arena_free(&arena);
	return ok;
}

bool
sftp_judge(const struct sftp *s, struct err *e)
{
	if (!good_url(s->url))
		return err_set(e, ERR_CONFIG, "%.200s is not "
		    "sftp://USER@HOST/FOLDER", s->url);
	if (s->hosts[0] == '\0')
		return err_set(e, ERR_CONFIG, "backup_hosts is empty: which "
		    "key the server must have is not known");
	return good_key(s->key, e);
}

/* ---- one transfer ----------------------------------------------------- */

static bool
begin(struct session *s, const struct sftp *of, struct err *e)
{
	*s = (struct session){ .of = of };
	if (!sftp_judge(of, e))
		return false;
	curl_begin();
	s->curl = curl_easy_init();
	s->multi = curl_multi_init();
	if (s->curl == NULL || s->multi == NULL)
		bug("out of memory");
	return true;
}

static void
end(struct session *s)
{
	curl_slist_free_all(s->quote);
	if (s->curl != NULL)
		curl_easy_cleanup(s->curl);
	if (s->multi != NULL)
		curl_multi_cleanup(s->multi);
}

/* The folder, with a slash at its end, and a name in it; NULL: none. */
static void
aim(struct session *s, const char *name)
{
	struct str url;

	str_init(&url, 8192);
	str_adds(&url, s->of->url);
	if (url.p[url.n - 1] != '/')
		str_addc(&url, '/');
	if (name != NULL)
		http_encode(&url, span_of(name));
	curl_easy_setopt(s->curl, CURLOPT_URL, url.p);
	str_free(&url);
}

static const char *
folder_of(const struct sftp *of)
{
	const char *slash = strchr(of->url + 7, '/');

	return slash != NULL ? slash : "/";
}

/* A command of the server: rename, rm; names are quoted. */
static void
order(struct session *s, const char *verb, const char *name,
    const char *to)
{
	const char *folder = folder_of(s->of);
	const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
	struct str line;

	str_init(&line, 8192);
	str_addf(&line, "%s \"%s%s%s\"", verb, folder, slash, name);
	if (to != NULL)
		str_addf(&line, " \"%s%s%s\"", folder, slash, to);
	s->quote = curl_slist_append(s->quote, line.p);
	if (s->quote == NULL)
		bug("out of memory");
	str_free(&line);
}

static void
trust(struct session *s)
{
	const char *hosts = s->of->hosts;

	if (strncmp(hosts, "SHA256:", 7) == 0)
		curl_easy_setopt(s->curl, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256,
		    hosts + 7);
	else
		curl_easy_setopt(s->curl, CURLOPT_SSH_KNOWNHOSTS, hosts);
}

static bool
perform(struct session *s, struct err *e)
{
	CURL *curl = s->curl;
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "sftp");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, s->why);
	curl_easy_setopt(curl, CURLOPT_SSH_AUTH_TYPES,
	    (long)CURLSSH_AUTH_PUBLICKEY);
	curl_easy_setopt(curl, CURLOPT_SSH_PRIVATE_KEYFILE, s->of->key);
	/* The public one is worked out of it. */
	curl_easy_setopt(curl, CURLOPT_SSH_PUBLIC_KEYFILE, NULL);
	trust(s);
	code = curl_run(s->multi, curl, s->of->stop != NULL ? s->of->stop :
	    &s->never);
	return code == CURLE_OK || err_set(e, ERR_UNREACHABLE,
	    "the backup's server: %.200s", s->why[0] != '\0' ? s->why :
	    curl_easy_strerror(code));
}

/* ---- files ------------------------------------------------------------ */

static size_t
read_piece(char *p, size_t size, size_t n, void *arg)
{
	ssize_t r;

	do
		r = read(*(int *)arg, p, size * n);
	while (r < 0 && errno == EINTR);
	return r < 0 ? CURL_READFUNC_ABORT : (size_t)r;
}

bool
sftp_put(const struct sftp *of, const char *path, const char *name,
    struct err *e)
{
	char part[512];
	struct session s;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool ok;

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(e, ERR_SYSTEM, "open %.200s: %s", path,
		    strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	snprintf(part, sizeof part, "%s.part", name);
	ok = begin(&s, of, e);
	if (ok) {
		aim(&s, part);
		order(&s, "rename", part, name);
		curl_easy_setopt(s.curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(s.curl, CURLOPT_READFUNCTION, read_piece);
		curl_easy_setopt(s.curl, CURLOPT_READDATA, &fd);
		curl_easy_setopt(s.curl, CURLOPT_INFILESIZE_LARGE,
		    (curl_off_t)st.st_size);
		curl_easy_setopt(s.curl, CURLOPT_NEW_FILE_PERMS, 0600L);
		curl_easy_setopt(s.curl, CURLOPT_POSTQUOTE, s.quote);
		ok = perform(&s, e);
	}
	end(&s);
	close(fd);
	return ok;
}

static size_t
write_piece(char *p, size_t size, size_t n, void *arg)
{
	size_t left = size * n;

	while (left > 0) {
		ssize_t w = write(*(int *)arg, p, left);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return 0;
		p += w;
		left -= (size_t)w;
	}
	return size * n;
}

bool
sftp_get(const struct sftp *of, const char *name, const char *path,
    struct err *e)
{
	struct session s;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "create %.200s: %s", path,
		    strerror(errno));
	ok = begin(&s, of, e);
	if (ok) {
		aim(&s, name);
		curl_easy_setopt(s.curl, CURLOPT_WRITEFUNCTION, write_piece);
		curl_easy_setopt(s.curl, CURLOPT_WRITEDATA, &fd);
		ok = perform(&s, e);
	}
	end(&s);
	if (close(fd) != 0 && ok)
		ok = err_set(e, ERR_SYSTEM, "write %.200s: %s", path,
		    strerror(errno));
	return ok;
}

static bool
split_names(const struct str *text, struct arena *arena,
    const char ***names, size_t *n, struct err *e)
{
	char *rest, *copy = arena_strndup(arena, text->p, text->n);

	*names = arena_alloc(arena, SFTP_FILES_MAX * sizeof **names);
	*n = 0;
	for (char *name = strtok_r(copy, "\n", &rest); name != NULL;
	    name = strtok_r(NULL, "\n", &rest)) {
		if (*n == SFTP_FILES_MAX)
			return err_set(e, ERR_TOO_LARGE,
			    "more than %d files there", SFTP_FILES_MAX);
		(*names)[(*n)++] = name;
	}
	return true;
}

bool
sftp_list(const struct sftp *of, struct arena *arena, const char ***names,
    size_t *n, struct err *e)
{
	struct session s;
	struct str text;
	bool ok = begin(&s, of, e);

	str_init(&text, LIST_MAX);
	if (ok) {
		aim(&s, NULL);
		curl_easy_setopt(s.curl, CURLOPT_DIRLISTONLY, 1L);
		curl_easy_setopt(s.curl, CURLOPT_WRITEFUNCTION, curl_take);
		curl_easy_setopt(s.curl, CURLOPT_WRITEDATA, &text);
		ok = perform(&s, e) && split_names(&text, arena, names, n, e);
	}
	end(&s);
	str_free(&text);
	return ok;
}

bool
sftp_remove(const struct sftp *of, const char *name, struct err *e)
{
	struct session s;
	bool ok = begin(&s, of, e);

	if (ok) {
		aim(&s, NULL);
		order(&s, "rm", name, NULL);
		curl_easy_setopt(s.curl, CURLOPT_QUOTE, s.quote);
		curl_easy_setopt(s.curl, CURLOPT_NOBODY, 1L);
		ok = perform(&s, e);
	}
	end(&s);
	return ok;
}
