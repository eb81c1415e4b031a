/*
 * libFuzzer target of anchors. The first byte says what: r, the rest is a file
 * that somebody sent; k, the file of a key; else what stands above a signature
 * that is right, so that every field is reached.
 */
#include "fuzz.h"

#include <stdio.h>

#include "core/digest.h"
#include "store/anchor.h"

static const unsigned char seed[32] = "fuzz";

static bool
parse(struct span text, struct anchor *out)
{
	struct err e = { 0 };
	bool ok = anchor_parse(text, out, &e);

	must(ok == (e.code == ERR_NONE) && (ok || e.why[0] != '\0'));
	return ok;
}

static void
judge_signed(struct span in)
{
	unsigned char sig[64];
	char hex[129];
	struct anchor anchor;
	struct str text;

	str_init(&text, 65536);
	str_add(&text, in.p, in.n);
	digest_ed25519_sign(seed, in, sig);
	digest_hex(sig, sizeof sig, hex);
	str_addf(&text, "signature %s\n", hex);
	if (parse(str_span(&text), &anchor)) {
		must(anchor.row > 0 && strlen(anchor.hash) == 64 &&
		    strlen(anchor.key) == 64 && anchor.host[0] != '\0');
		text.p[in.n / 2] ^= 1;
		must(!parse(str_span(&text), &anchor));
	}
	str_free(&text);
}

static void
judge_key(struct span in)
{
	const char *path = fuzz_file("key", in);
	struct anchor_key key;
	struct err e = { 0 };

	if (anchor_key_read(path, &key, &e))
		must(strlen(key.key) == 64);
	else
		must(e.code != ERR_NONE && e.why[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct anchor anchor;
	struct span in;

	if (size == 0 || size > 8192)
		return 0;
	in = fuzz_span(data + 1, size - 1);
	if (data[0] == 'r')
		(void)!parse(in, &anchor);
	else if (data[0] == 'k')
		judge_key(in);
	else
		judge_signed(in);
	return 0;
}
