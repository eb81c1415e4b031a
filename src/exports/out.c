/* Files of an export; see out.h.  Knows nothing of what is in them, and tells
 * no names, since they have tax numbers in them and faults go to the log. */
#include "exports/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/seal.h"
#include "core/sealed.h"
#include "core/vec.h"

#define HELD 65536		/* written once there is that much */
#define PIECE_MAX (16 << 20)	/* between two flushes */

struct out {
	int folder, fd;
	struct str text;
	struct digest *digest;
	struct seal *seal;		/* NULL: as it is */
	struct vec files;
};

struct out *
out_new(int folder)
{
	struct out *out = calloc(1, sizeof *out);

	if (out == NULL)
		bug("out of memory");
	out->folder = folder;
	out->fd = -1;
	str_init(&out->text, PIECE_MAX);
	vec_init(&out->files, sizeof(struct out_file), OUT_FILES_MAX);
	return out;
}

void
out_free(struct out **op)
{
	struct out *out = *op;
	unsigned char sum[SHA256_SIZE];

	if (out == NULL)
		return;
	*op = NULL;
	if (out->digest != NULL)
		digest_end(&out->digest, sum);
	seal_free(&out->seal);
	if (out->fd >= 0)
		close(out->fd);
	close(out->folder);
	str_free(&out->text);
	vec_free(&out->files);
	free(out);
}

static struct out_file *
present(const struct out *out)
{
	return vec_at(&out->files, out->files.n - 1);
}

static bool
fail(const struct out *out, const char *doing, struct err *e)
{
	/* A full disk is not a fault of what was asked. */
	return err_set(e, errno == ENOSPC || errno == EDQUOT ? ERR_FULL :
	    ERR_SYSTEM, "%s file %zu of an export: %s", doing, out->files.n,
	    strerror(errno));
}

static bool
put_bytes(void *arg, struct span text, struct err *e)
{
	struct out *out = arg;

	while (text.n > 0) {
		ssize_t w = write(out->fd, text.p, text.n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return fail(out, "write", e);
		text.p += w;
		text.n -= (size_t)w;
	}
	return true;
}

static bool
write_out(struct out *out, struct err *e)
{
	struct span text = str_span(&out->text);
	bool ok;

	if (out->text.over)
		return err_set(e, ERR_TOO_LARGE, "file %zu of an export: a"
		    " piece is too large", out->files.n);
	present(out)->bytes += (int64_t)text.n;
	digest_add(out->digest, text);
	ok = out->seal != NULL ? seal_add(out->seal, text, e) :
	    put_bytes(out, text, e);
	str_clear(&out->text);
	return ok;
}

static bool
end_file(struct out *out, struct err *e)
{
	unsigned char sum[SHA256_SIZE];
	bool ok;

	if (out->fd < 0)
		return true;
	ok = write_out(out, e) && (out->seal == NULL ||
	    seal_end(&out->seal, e)) && (fsync(out->fd) == 0 ||
	    fail(out, "write", e));
	if (close(out->fd) != 0 && ok)
		ok = fail(out, "close", e);
	out->fd = -1;
	digest_end(&out->digest, sum);
	digest_hex(sum, sizeof sum, present(out)->sha256);
	return ok;
}

bool
out_open(struct out *out, const char *name, struct err *e)
{
	struct out_file *file;

	if (!end_file(out, e))
		return false;
	if (strlen(name) > OUT_NAME_MAX || strchr(name, '/') != NULL)
		bug("file of an export: %s", name);
	file = vec_add(&out->files);
	if (file == NULL)
		return err_set(e, ERR_TOO_LARGE, "more than %d files",
		    OUT_FILES_MAX);
	snprintf(file->name, sizeof file->name, "%s", name);
	out->fd = openat(out->folder, name, O_WRONLY | O_CREAT | O_EXCL |
	    O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out->fd < 0)
		return fail(out, "create", e);
	out->digest = digest_new();
	return sealed_key() == NULL || seal_begin(&out->seal, sealed_key(),
	    put_bytes, out, e);
}

struct str *
out_text(struct out *out)
{
	return &out->text;
}

bool
out_flush(struct out *out, struct err *e)
{
	return out->text.n < HELD || write_out(out, e);
}

void
out_rows(struct out *out, int64_t n)
{
	present(out)->rows += n;
}

int64_t
out_bytes(const struct out *out)
{
	return out->fd < 0 ? 0 : present(out)->bytes +
	    (int64_t)out->text.n;
}

bool
out_end(struct out *out, struct err *e)
{
	return end_file(out, e) && (fsync(out->folder) == 0 ||
	    err_set(e, ERR_SYSTEM, "the folder of an export: %s",
	    strerror(errno)));
}

const struct out_file *
out_files(const struct out *out, size_t *n)
{
	*n = out->files.n;
	return out->files.p;
}
