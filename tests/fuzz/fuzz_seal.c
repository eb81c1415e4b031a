/*
 * libFuzzer target of sealed streams. The first byte says what: r, the rest is
 * a stream that somebody made up; else the rest is sealed and then changed
 * in one byte, cut off or made longer. Only what is unchanged comes back.
 */
#include "fuzz.h"

#include "core/seal.h"
#include "core/str.h"

struct stream {
	struct span rest;
	size_t step;
};

static bool
give(void *arg, char *p, size_t *n, struct err *e)
{
	struct stream *from = arg;

	(void)e;
	if (*n > from->step)
		*n = from->step;
	if (*n > from->rest.n)
		*n = from->rest.n;
	memcpy(p, from->rest.p, *n);
	from->rest.p += *n;
	from->rest.n -= *n;
	return true;
}

static bool
take(void *arg, struct span piece, struct err *e)
{
	(void)e;
	str_add(arg, piece.p, piece.n);
	return true;
}

static bool
open_all(struct sealkey *key, struct span in, struct str *out)
{
	struct stream from = { in, 1 + in.n % 5000 };
	struct err e = { 0 };
	bool ok;

	str_clear(out);
	ok = seal_open(key, give, &from, take, out, &e);
	must(ok == (e.code == ERR_NONE) && (ok || e.why[0] != '\0'));
	return ok;
}

static void
seal_all(struct sealkey *key, struct span in, struct str *out)
{
	struct seal *seal = NULL;
	struct err e = { 0 };

	must(seal_begin(&seal, key, take, out, &e) &&
	    seal_add(seal, in, &e) && seal_end(&seal, &e));
}

static void
judge(struct sealkey *key, const uint8_t *how, struct span plain,
    struct str *sealed, struct str *out)
{
	size_t at;

	seal_all(key, plain, sealed);
	at = ((size_t)how[1] << 8 | how[2]) % sealed->n;
	switch (how[0] % 4) {
	case 0:
		sealed->p[at] ^= (char)(how[3] | 1);
		must(!open_all(key, str_span(sealed), out));
		break;
	case 1:
		must(!open_all(key, (struct span){ sealed->p, at }, out));
		break;
	case 2:
		str_addc(sealed, (char)how[3]);
		must(!open_all(key, str_span(sealed), out));
		break;
	case 3:
		must(open_all(key, str_span(sealed), out));
		must(span_equal(str_span(out), plain));
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char bytes[AEAD_KEY] = "fuzz";
	struct sealkey *key;
	struct str sealed, out;

	if (size < 4)
		return 0;
	key = sealkey_of(bytes);
	str_init(&sealed, 1 << 20);
	str_init(&out, 1 << 20);
	if (data[0] == 'r')
		must(!open_all(key, fuzz_span(data + 1, size - 1), &out));
	else
		judge(key, data, fuzz_span(data + 4, size - 4), &sealed,
		    &out);
	str_free(&sealed);
	str_free(&out);
	sealkey_free(&key);
	return 0;
}
