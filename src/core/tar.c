/* Files in a row; see tar.h.  No more of the format than we write: what else
 * stands there was not written by us. */
#include "core/tar.h"

#include <stdio.h>
#include <string.h>

#define OCTAL_MOST (INT64_C(1) << 33)	/* twelve bytes hold less */
#define PAX_MAX (TAR_NAME_MAX + 16)

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12],
	    sum[8], type, link[100], magic[6], version[2], user[32],
	    group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == TAR_BLOCK, "a block");

static const char zeros[TAR_BLOCK];

/* ---- writing ---------------------------------------------------------- */

static void
octal(char *out, size_t n, int64_t value)
{
	for (out[--n] = '\0'; n-- > 0; value >>= 3)
		out[n] = (char)('0' + (value & 7));
}

/* What eight digits of three bits can not say, in base 256. */
static void
put_size(char out[12], int64_t size)
{
	if (size < OCTAL_MOST) {
		octal(out, 12, size);
		return;
	}
	for (int i = 11; i > 0; i--, size >>= 8)
		out[i] = (char)(size & 0xff);
	out[0] = (char)0x80;
}

static unsigned
sum_of(const struct header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	const size_t at = offsetof(struct header, sum);
	unsigned sum = 8 * ' ';

	for (size_t i = 0; i < sizeof *h; i++)
		if (i < at || i >= at + sizeof h->sum)
			sum += p[i];
	return sum;
}

/* A name of up to 100 bytes, or one that a slash parts. */
static bool
put_name(struct header *h, const char *name)
{
	size_t n = strlen(name);
	const char *slash;

	if (n <= sizeof h->name) {
		memcpy(h->name, name, n);
		return true;
	}
	slash = memchr(name + n - sizeof h->name - 1, '/', sizeof h->name);
	if (slash == NULL || slash == name ||
	    (size_t)(slash - name) > sizeof h->prefix)
		return false;
	memcpy(h->prefix, name, (size_t)(slash - name));
	memcpy(h->name, slash + 1, n - (size_t)(slash - name) - 1);
	return true;
}

static bool
put_header(struct tar_out *t, struct header *h, char type, int64_t size,
    int64_t at, struct err *e)
{
	octal(h->mode, sizeof h->mode, 0600);
	octal(h->uid, sizeof h->uid, 0);
	octal(h->gid, sizeof h->gid, 0);
	put_size(h->size, size);
	octal(h->mtime, sizeof h->mtime, at > 0 ? at : 0);
	h->type = type;
	memcpy(h->magic, "ustar", 6);
	memcpy(h->version, "00", 2);
	octal(h->sum, 7, sum_of(h));
	h->sum[7] = ' ';
	t->left = size;
	t->pad = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
	return t->to.put(t->to.arg, (struct span){ (const char *)h,
	    sizeof *h }, e);
}

/* "LENGTH path=NAME\n", its own length included. */
static bool
put_long_name(struct tar_out *t, const char *name, int64_t at,
    struct err *e)
{
	struct header h = { .name = "pax" };
	char text[PAX_MAX];
	int n = (int)strlen(name) + 7, length = n + 1;

	while (snprintf(NULL, 0, "%d", length) + n > length)
		length++;
	snprintf(text, sizeof text, "%d path=%s\n", length, name);
	return put_header(t, &h, 'x', length, at, e) && tar_put(t,
	    (struct span){ text, (size_t)length }, e) && tar_close(t, e);
}

bool
tar_open(struct tar_out *t, const char *name, int64_t size, int64_t at,
    struct err *e)
{
	struct header h = { .name = "" };

	if (strlen(name) > TAR_NAME_MAX)
		return err_set(e, ERR_TOO_LARGE, "a name of %zu bytes",
		    strlen(name));
	if (!put_name(&h, name)) {
		if (!put_long_name(t, name, at, e))
			return false;
		memcpy(h.name, name, sizeof h.name);
	}
	return put_header(t, &h, '0', size, at, e);
}

bool
tar_put(struct tar_out *t, struct span data, struct err *e)
{
	if ((int64_t)data.n > t->left)
		bug("tar: more than was said");
	t->left -= (int64_t)data.n;
	return t->to.put(t->to.arg, data, e);
}

bool
tar_close(struct tar_out *t, struct err *e)
{
	if (t->left != 0)
		bug("tar: less than was said");
	return t->to.put(t->to.arg, (struct span){ zeros, (size_t)t->pad },
	    e);
}

bool
tar_end(struct tar_out *t, struct err *e)
{
	struct span block = { zeros, TAR_BLOCK };

	return t->to.put(t->to.arg, block, e) &&
	    t->to.put(t->to.arg, block, e);
}

/* ---- reading ---------------------------------------------------------- */

static bool
broken(struct err *e, const char *why)
{
	return err_set(e, ERR_CORRUPT, "the archive is broken: %s", why);
}

static bool
get_all(struct tar_in *t, void *p, size_t n, struct err *e)
{
	size_t got;

	if (!t->from.get(t->from.arg, p, n, &got, e))
		return false;
	return got == n || broken(e, "it ends too soon");
}

static bool
all_zero(const void *p, size_t n)
{
	const char *c = p;

	while (n > 0 && *c == '\0')
		c++, n--;
	return n == 0;
}

static bool
get_octal(const char *p, size_t n, int64_t *out)
{
	*out = 0;
	for (; n > 1; p++, n--) {
		if (*p < '0' || *p > '7')
			return false;
		*out = *out << 3 | (*p - '0');
	}
	return *p == '\0';
}

static bool
get_size(const char p[12], int64_t *out)
{
	if ((unsigned char)p[0] != 0x80)
		return get_octal(p, 12, out);
	*out = 0;
	if (!all_zero(p + 1, 3) || (p[4] & 0x80) != 0)
		return false;
	for (int i = 4; i < 12; i++)
		*out = *out << 8 | (unsigned char)p[i];
	return *out >= OCTAL_MOST;
}

/* Exactly as put_header writes it, so that no byte of it is free. */
static bool
read_header(const struct header *h, int64_t *size, struct err *e)
{
	struct header plain = { .name = "" };
	int64_t sum, at;

	octal(plain.mode, sizeof plain.mode, 0600);
	octal(plain.uid, sizeof plain.uid, 0);
	if (!get_octal(h->sum, 7, &sum) || h->sum[7] != ' ' ||
	    sum != (int64_t)sum_of(h))
		return broken(e, "the sum of a header");
	if (memcmp(h->magic, "ustar\0" "00", 8) != 0 ||
	    (h->type != '0' && h->type != 'x') ||
	    memcmp(h->mode, plain.mode, sizeof plain.mode) != 0 ||
	    memcmp(h->uid, plain.uid, sizeof plain.uid) != 0 ||
	    memcmp(h->gid, plain.uid, sizeof plain.uid) != 0 ||
	    !all_zero(h->link, sizeof h->link) || !all_zero(h->user,
	    offsetof(struct header, prefix) - offsetof(struct header, user))
	    || !all_zero(h->rest, sizeof h->rest) ||
	    !get_octal(h->mtime, sizeof h->mtime, &at) ||
	    !get_size(h->size, size))
		return broken(e, "a header");
	return true;
}

/* One that stays in the folder it is put into. */
static bool
good_name(const char *name)
{
	for (const char *p = name; ; p++) {
		size_t n = strcspn(p, "/");

		if (n == 0 || (n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (*p == '\0')
			return true;
	}
}

static bool
read_name(const struct header *h, char *out, struct err *e)
{
	size_t n = strnlen(h->name, sizeof h->name);
	size_t m = strnlen(h->prefix, sizeof h->prefix);

	if (!all_zero(h->name + n, sizeof h->name - n) ||
	    !all_zero(h->prefix + m, sizeof h->prefix - m))
		return broken(e, "a name");
	snprintf(out, TAR_NAME_MAX + 1, "%.*s%s%.*s", (int)m, h->prefix,
	    m > 0 ? "/" : "", (int)n, h->name);
	return true;
}

static bool
read_pad(struct tar_in *t, struct err *e)
{
	char pad[TAR_BLOCK];
	size_t n = (size_t)t->pad;

	t->pad = 0;
	return get_all(t, pad, n, e) && (all_zero(pad, n) ||
	    broken(e, "what stands between two files"));
}

static bool
read_over(struct tar_in *t, struct err *e)
{
	char piece[8192];
	size_t got = 1;

	while (got > 0)
		if (!tar_get(t, piece, sizeof piece, &got, e))
			return false;
	return true;
}

static bool
read_long_name(struct tar_in *t, char *out, struct err *e)
{
	char text[PAX_MAX], want[PAX_MAX + 32];
	size_t n = (size_t)t->left, got;
	char *at;

	if (t->left >= PAX_MAX)
		return broken(e, "a long name");
	if (!tar_get(t, text, n, &got, e))
		return false;
	text[n] = '\0';
	at = strstr(text, " path=");
	if (n == 0 || text[n - 1] != '\n' || at == NULL)
		return broken(e, "a long name");
	text[n - 1] = '\0';
	snprintf(want, sizeof want, "%zu path=%s", n, at + 6);
	if (strcmp(want, text) != 0)
		return broken(e, "a long name");
	snprintf(out, TAR_NAME_MAX + 1, "%s", at + 6);
	return read_over(t, e);
}

/* Two blocks of nothing, and nothing behind. */
static bool
read_end(struct tar_in *t, struct err *e)
{
	char block[TAR_BLOCK];
	size_t got;

	if (!get_all(t, block, sizeof block, e))
		return false;
	if (!all_zero(block, sizeof block))
		return broken(e, "its end");
	if (!t->from.get(t->from.arg, block, 1, &got, e))
		return false;
	return got == 0 || broken(e, "something stands behind its end");
}

static bool
begin(struct tar_in *t, struct header *h, struct err *e)
{
	if (!get_all(t, h, sizeof *h, e))
		return false;
	if (all_zero(h, sizeof *h))
		return true;
	if (!read_header(h, &t->left, e))
		return false;
	t->pad = (TAR_BLOCK - t->left % TAR_BLOCK) % TAR_BLOCK;
	return true;
}

bool
tar_next(struct tar_in *t, struct tar_file *f, bool *end, struct err *e)
{
	struct header h;
	char name[TAR_NAME_MAX + 1] = "";

	if (!read_over(t, e) || !begin(t, &h, e))
		return false;
	*end = all_zero(&h, sizeof h);
	if (*end)
		return read_end(t, e);
	if (h.type == 'x' && (!read_long_name(t, name, e) ||
	    !begin(t, &h, e)))
		return false;
	if (all_zero(&h, sizeof h) || h.type != '0' ||
	    !read_name(&h, f->name, e))
		return broken(e, "a header");
	if (name[0] != '\0') {
		if (strncmp(name, h.name, sizeof h.name) != 0)
			return broken(e, "a long name");
		memcpy(f->name, name, sizeof name);
	}
	f->size = t->left;
	return good_name(f->name) || broken(e, "a name");
}

bool
tar_get(struct tar_in *t, void *p, size_t n, size_t *got, struct err *e)
{
	*got = (int64_t)n < t->left ? n : (size_t)t->left;
	if (*got == 0)
		return t->pad == 0 || read_pad(t, e);
	t->left -= (int64_t)*got;
	return get_all(t, p, *got, e);
}
