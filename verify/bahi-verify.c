/*
 * bahi-verify: is a chain that bahid exported whole?  Written from
 * bahi-audit(5) alone, to be read in one sitting by whoever does not want to
 * trust bahid: no line of it is shared with that.  Needs libc and libcrypto.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#define HASH 32
#define FIELDS 12
#define PENDING 10000		/* contents that differ, until it is said why */

static const char *file = "-", *want_key;
static long long line_number;

static void
fail(const char *what, long long row)
{
	if (row > 0)
		fprintf(stderr, "bahi-verify: row %lld: %s (line %lld)\n",
		    row, what, line_number);
	else
		fprintf(stderr, "bahi-verify: %s (line %lld)\n", what,
		    line_number);
	exit(1);
}

static void
stop(const char *what, const char *name)
{
	fprintf(stderr, "bahi-verify: %s: %s\n", what, name);
	exit(2);
}

static char *
copy(const char *text)
{
	char *out = strdup(text);

	if (out == NULL)
		stop("out of memory", file);
	return out;
}

/* ---- digests and signatures -------------------------------------------- */

static void
to_hex(const unsigned char *in, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", in[i]);
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
from_hex(const char *in, size_t n, unsigned char *out)
{
	for (size_t i = 0; i < n; i++) {
		int high = digit(in[2 * i]);
		int low = high < 0 ? -1 : digit(in[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static EVP_MD_CTX *md;

static void
add(const void *p, size_t n)
{
	if (EVP_DigestUpdate(md, p, n) != 1)
		stop("SHA-256", "libcrypto");
}

static void
begin(void)
{
	if (md == NULL)
		md = EVP_MD_CTX_new();
	if (md == NULL || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
		stop("SHA-256", "libcrypto");
}

static void
end(unsigned char out[HASH])
{
	if (EVP_DigestFinal_ex(md, out, NULL) != 1)
		stop("SHA-256", "libcrypto");
}

static bool
signed_by(const char *key_hex, const char *text, size_t n,
    const char *sig_hex)
{
	unsigned char key[32], sig[64];
	EVP_PKEY *pkey = NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = from_hex(key_hex, 32, key) && from_hex(sig_hex, 64, sig) &&
	    (pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key,
	    32)) != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, sig, 64, (const unsigned char *)text, n)
	    == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok;
}

/* ---- a line: {"name":"text","name":12} --------------------------------- */

struct field {
	char *name, *text;
	size_t n;		/* of the text, which may have NUL in it */
};

static struct field fields[FIELDS];
static int n_fields;

/* The escape at p, behind the backslash; returns what follows, NULL: none. */
static const char *
unescape(const char *p, char **out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = *p != '\0' ? strchr(from, *p) : NULL;

	if (at != NULL) {
		*(*out)++ = to[at - from];
		return p + 1;
	}
	if (strncmp(p, "u00", 3) != 0 || !from_hex(p + 3, 1,
	    (unsigned char *)*out) || (unsigned char)**out > 0x7f)
		return NULL;
	++*out;
	return p + 5;
}

/* In place: what is read is never shorter than what it stands for. */
static char *
read_text(char *p, char **text, size_t *n)
{
	const char *in = p;
	char *out = p;

	*text = p;
	while (*in != '"') {
		if ((unsigned char)*in < ' ')
			return NULL;
		if (*in != '\\')
			*out++ = *in++;
		else if ((in = unescape(in + 1, &out)) == NULL)
			return NULL;
	}
	*n = (size_t)(out - p);
	p = (char *)in + 1;
	*out = '\0';
	return p;
}

static bool
read_fields(char *p)
{
	size_t n;

	n_fields = 0;
	if (*p++ != '{')
		return false;
	while (n_fields < FIELDS) {
		struct field *f = &fields[n_fields++];
		char *comma;

		if (*p++ != '"' || (p = read_text(p, &f->name, &n)) == NULL ||
		    *p++ != ':')
			return false;
		if (*p == '"') {
			if ((p = read_text(p + 1, &f->text, &f->n)) == NULL)
				return false;
		} else {
			f->text = p;
			f->n = strspn(p, "-0123456789");
			p += f->n;
			if (f->n == 0 || f->n > 19)
				return false;
		}
		comma = p++;
		if (*comma == '}') {
			*comma = '\0';
			return *p == '\0';
		}
		if (*comma != ',')
			return false;
		*comma = '\0';
	}
	return false;
}

static const struct field *
find(const char *name)
{
	for (int i = 0; i < n_fields; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

static const struct field *
need(const char *name)
{
	const struct field *f = find(name);

	if (f == NULL)
		fail("a line without what it must have", 0);
	return f;
}

static long long
number(const char *name)
{
	return strtoll(need(name)->text, NULL, 10);
}

/* ---- the chain --------------------------------------------------------- */

static unsigned char last[HASH];
static long long first_row, row, rows, anchors, contents;
static char *row_new, *row_object;
static char first_prev[2 * HASH + 1], first_hash[2 * HASH + 1];
static bool began, ended;

/* What differs is no fault once a later row says that it was erased by law. */
static char *pending[PENDING];
static long long pending_row[PENDING];
static size_t n_pending;

static void
forgive(const char *object)
{
	for (size_t i = 0; i < n_pending; i++)
		if (strcmp(pending[i], object) == 0)
			pending[i][0] = '\0';
}

static void
add_field(const char *name)
{
	const struct field *f = need(name);

	if (memchr(f->text, '\0', f->n) != NULL)
		fail("a text with NUL in it", 0);
	add(f->text, f->n + 1);
}

static void
check_row(void)
{
	char numbers[64], hex[2 * HASH + 1];
	unsigned char hash[HASH];
	long long seq = number("row");

	if (seq != (row == 0 ? first_row : row + 1))
		fail("missing, or in another order", row == 0 ? first_row :
		    row + 1);
	if (row == 0 && seq > 1 && (strlen(need("prev")->text) != 2 * HASH ||
	    !from_hex(need("prev")->text, HASH, last)))
		fail("malformed", seq);
	to_hex(last, HASH, hex);
	if (row == 0)
		memcpy(first_prev, hex, sizeof hex);
	row = seq;
	if (strcmp(need("prev")->text, hex) != 0)
		fail("does not follow the row before it", row);
	begin();
	add(last, HASH);
	add(numbers, (size_t)snprintf(numbers, sizeof numbers, "%lld %lld",
	    seq, number("at")) + 1);
	add_field("actor");
	add_field("action");
	add_field("object");
	add_field("old");
	add_field("new");
	end(hash);
	to_hex(hash, HASH, hex);
	if (strcmp(need("hash")->text, hex) != 0)
		fail("does not say what was hashed", row);
	memcpy(last, hash, HASH);
	if (row == 1)
		memcpy(first_hash, hex, sizeof hex);
	if (strcmp(need("action")->text, "erased") == 0)
		forgive(need("object")->text);
	free(row_new);
	free(row_object);
	row_new = copy(need("new")->text);
	row_object = copy(need("object")->text);
	rows++;
}

/* ---- anchors ----------------------------------------------------------- */

struct anchor {
	char books[65], hash[65], previous[65], key[65], next[65];
	long long row;
};

static char signer[65], previous[2 * HASH + 1] =
    "00000000000000000000000000000000" "00000000000000000000000000000000";
static bool trusted;
static struct anchor kept;	/* one from elsewhere; row 0: none */

/* The line "name value" at *p; moves behind it. */
static void
take_line(const char **p, const char *name, char *out, size_t room)
{
	size_t n = strlen(name), length = strcspn(*p, "\n");

	if (strncmp(*p, name, n) != 0 || (*p)[length] != '\n' ||
	    length < n || length - n >= room)
		fail("an anchor that is malformed", 0);
	memcpy(out, *p + n, length - n);
	out[length - n] = '\0';
	*p += length + 1;
}

static void
read_anchor(const char *text, struct anchor *a)
{
	char host[65], at[40], number_text[20], sig[129];
	const char *p = text;
	size_t n;

	take_line(&p, "bahi-anchor 1", host, sizeof host);
	take_line(&p, "host ", host, sizeof host);
	take_line(&p, "books ", a->books, sizeof a->books);
	take_line(&p, "row ", number_text, sizeof number_text);
	take_line(&p, "hash ", a->hash, sizeof a->hash);
	take_line(&p, "at ", at, sizeof at);
	take_line(&p, "previous ", a->previous, sizeof a->previous);
	take_line(&p, "key ", a->key, sizeof a->key);
	take_line(&p, "next ", a->next, sizeof a->next);
	n = (size_t)(p - text);
	take_line(&p, "signature ", sig, sizeof sig);
	a->row = strtoll(number_text, NULL, 10);
	if (*p != '\0' || a->row <= 0 || strlen(a->key) != 64 ||
	    strlen(sig) != 128 || !signed_by(a->key, text, n, sig))
		fail("an anchor whose signature is wrong", a->row);
	trusted = trusted || (want_key != NULL && strcmp(a->key, want_key)
	    == 0);
}

static void
compare(const struct anchor *a)
{
	char hex[2 * HASH + 1];

	to_hex(last, HASH, hex);
	if (a->row == row && strcmp(hex, a->hash) != 0)
		fail("was anchored with another hash", row);
	if (row > 0 && a->row == first_row - 1 && strcmp(first_prev, a->hash)
	    != 0)
		fail("was anchored with another hash", a->row);
	if (first_hash[0] != '\0' && strcmp(first_hash, a->books) != 0)
		fail("an anchor of other books", a->row);
}

static void
check_anchor(void)
{
	const struct field *f = need("anchor");
	unsigned char digest[HASH];
	struct anchor a = { .row = 0 };

	if (strlen(f->text) != f->n)
		fail("a text with NUL in it", 0);
	read_anchor(f->text, &a);
	if (a.row > row && row > 0)
		fail("is anchored, and comes later", a.row);
	if (strcmp(a.previous, previous) != 0)
		fail("an anchor is missing before it", a.row);
	if (anchors > 0 && strcmp(a.key, signer) != 0)
		fail("an anchor signed by another key", a.row);
	memcpy(signer, strcmp(a.next, "-") != 0 ? a.next : a.key,
	    sizeof signer);
	begin();
	add(f->text, f->n);
	end(digest);
	to_hex(digest, HASH, previous);
	compare(&a);
	anchors++;
}

/* ---- what rows name ---------------------------------------------------- */

static bool
row_says(const char *word, const char *hex)
{
	char said[256];

	snprintf(said, sizeof said, "%s%s", word, hex);
	return row_new != NULL && strstr(row_new, said) != NULL;
}

static void
differs(const char *name)
{
	if (n_pending == PENDING)
		fail("too much of what it names is not as it was", row);
	pending_row[n_pending] = row;
	pending[n_pending++] = copy(name);
}

static void
check_content(void)
{
	static unsigned char entries[HASH];
	const struct field *f = find("text");
	const char *of = need("of")->text, *name = need("name")->text;
	char hex[2 * HASH + 1], word[128];
	unsigned char digest[HASH];
	size_t n;

	if (f == NULL) {
		f = need("bytes");
		n = f->n / 2;
		if (f->n % 2 != 0 || !from_hex(f->text, n,
		    (unsigned char *)f->text))
			fail("malformed content", row);
	} else {
		n = f->n;
	}
	begin();
	add(f->text, n);
	if (strcmp(of, "journal") == 0)
		add(entries, HASH);
	end(digest);
	to_hex(digest, HASH, hex);
	contents++;
	if (strcmp(of, "entries") == 0) {
		memcpy(entries, digest, HASH);
		contents--;	/* it counts with its journal */
		return;
	}
	if (strcmp(of, "journal") == 0)
		snprintf(word, sizeof word, "journal=%.80s entries=", name);
	else if (row_object == NULL || strcmp(name, row_object) != 0)
		fail("content of another row", row);
	else
		snprintf(word, sizeof word, "%s", strcmp(of, "event") == 0 ?
		    " event=" : strcmp(of, "log") == 0 ? " digest=" : "");
	/* What is personal stays at home: then it is of what is left. */
	if (!row_says(word, hex) && (strcmp(of, "event") != 0 ||
	    !row_says(" kept=", hex)))
		differs(name);
}

/* ---- the whole --------------------------------------------------------- */

static void
check_line(char *text, size_t n)
{
	if (n == 0 || text[n - 1] != '\n' || strlen(text) != n)
		fail("a line that is cut off", 0);
	text[n - 1] = '\0';
	if (ended || !read_fields(text))
		fail(ended ? "a line behind the last" : "not a line of it", 0);
	if (!began) {
		if (find("bahi-audit") == NULL || number("bahi-audit") != 1)
			fail("not an export of the audit", 0);
		first_row = number("from");
		began = true;
	} else if (find("anchor") != NULL) {
		check_anchor();
	} else if (find("of") != NULL) {
		check_content();
	} else if (find("row") != NULL) {
		check_row();
		if (kept.row > 0)
			compare(&kept);
	} else {
		if (number("rows") != rows)
			fail("rows are missing", 0);
		ended = true;
	}
}

static void
read_kept(const char *path)
{
	char text[2048];
	FILE *in = fopen(path, "r");
	size_t n;

	if (in == NULL)
		stop("cannot read", path);
	n = fread(text, 1, sizeof text - 1, in);
	fclose(in);
	text[n] = '\0';
	if (strlen(text) != n)
		fail("an anchor that is malformed", 0);
	read_anchor(text, &kept);
}

static void
check_end(void)
{
	if (!ended)
		fail("the file ends before its last line", row);
	for (size_t i = 0; i < n_pending; i++)
		if (pending[i][0] != '\0')
			fail("what it names is not as it was",
			    pending_row[i]);
	if (kept.row > row)
		fail("was anchored, and is missing: truncated", kept.row);
	if (want_key != NULL && !trusted)
		fail("no anchor is signed by that key", 0);
}

int
main(int argc, char **argv)
{
	const char *anchor = NULL;
	char *text = NULL;
	size_t room = 0;
	FILE *in = stdin;
	ssize_t n;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--key") == 0 && i + 1 < argc)
			want_key = argv[++i];
		else if (strcmp(argv[i], "--anchor") == 0 && i + 1 < argc)
			anchor = argv[++i];
		else if (i == argc - 1 && strncmp(argv[i], "--", 2) != 0)
			file = argv[i];
		else
			stop("usage", "bahi-verify [--key KEY] "
			    "[--anchor FILE] FILE");
	}
	if (strcmp(file, "-") != 0 && (in = fopen(file, "r")) == NULL)
		stop("cannot read", file);
	if (anchor != NULL)
		read_kept(anchor);
	while ((n = getline(&text, &room, in)) > 0) {
		line_number++;
		check_line(text, (size_t)n);
	}
	if (ferror(in))
		stop("cannot read", file);
	check_end();
	printf("%lld rows from %lld to %lld are whole; %lld anchors%s, "
	    "%lld contents\n", rows, first_row, row, anchors, want_key == NULL
	    ? " (of any key: none was given)" : "", contents);
	return 0;
}
