/*
 * Digests and encodings against their published vectors: FIPS 180-4,
 * RFC 4231, RFC 4648, RFC 8032.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/digest.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
sha256_vectors(void **state)
{
	static const struct {
		const char *in, *hex;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct span in = span_of(rows[i].in);
		unsigned char digest[SHA256_SIZE];
		char hex[SHA256_HEX];

		digest_sha256(in, digest);
		digest_hex(digest, sizeof digest, hex);
		assert_string_equal(hex, rows[i].hex);
		for (size_t cut = 0; cut <= in.n; cut++) {
			struct span parts[] = {
				{ in.p, cut }, { NULL, 0 },
				{ in.p + cut, in.n - cut },
			};
			struct digest *pieces;

			digest_sha256v(parts, COUNT(parts), digest);
			digest_hex(digest, sizeof digest, hex);
			assert_string_equal(hex, rows[i].hex);
			pieces = digest_new();
			digest_add(pieces, parts[0]);
			digest_add(pieces, parts[2]);
			digest_end(&pieces, digest);
			digest_hex(digest, sizeof digest, hex);
			assert_string_equal(hex, rows[i].hex);
		}
	}
}

static void
hmac_vectors(void **state)
{
	static char aa20[20], aa131[131], dd50[50], cd50[50], b20[20];
	static const char key4[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"
	    "\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19";
	const struct {
		struct span key, data;
		const char *hex;
	} rows[] = {
		{ { b20, 20 }, SPAN("Hi There"),
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7" },
		{ SPAN("Jefe"), SPAN("what do ya want for nothing?"),
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843" },
		{ { aa20, 20 }, { dd50, 50 },
		    "773ea91e36800e46854db8ebd09181a7"
		    "2959098b3ef8c122d9635514ced565fe" },
		{ { key4, 25 }, { cd50, 50 },
		    "82558a389a443c0ea4cc819899f2083a"
		    "85f0faa3e578f8077a2e3ff46729665b" },
		{ { aa131, 131 }, SPAN("Test Using Larger Than Block-Size "
		    "Key - Hash Key First"),
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54" },
		{ { aa131, 131 }, SPAN("This is a test using a larger than "
		    "block-size key and a larger than block-size data. The "
		    "key needs to be hashed before being used by the HMAC "
		    "algorithm."),
		    "9b09ffa71b942fcb27635fbcd5b0e944"
		    "bfdc63644f0713938a7f51535c3a35e2" },
	};

	(void)state;
	memset(b20, 0x0b, sizeof b20);
	memset(aa20, 0xaa, sizeof aa20);
	memset(aa131, 0xaa, sizeof aa131);
	memset(dd50, 0xdd, sizeof dd50);
	memset(cd50, 0xcd, sizeof cd50);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct span d = rows[i].data;
		unsigned char out[SHA256_SIZE];
		char hex[SHA256_HEX];

		for (size_t cut = 0; cut <= d.n; cut++) {
			struct span parts[] = {
				{ d.p, cut }, { d.p + cut, d.n - cut },
			};

			digest_hmac(rows[i].key, parts, 2, out);
			digest_hex(out, sizeof out, hex);
			assert_string_equal(hex, rows[i].hex);
		}
	}
}

/* RFC 8032, 7.1: tests 1 to 3. */
static const struct {
	const char *key, *message, *sig;
} ed25519[] = {
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	    "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901"
	    "555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
	},
	{ "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb"
	    "69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c"
	    "00" },
	{ "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	    "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db"
	    "5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1e"
	    "c40a" },
};

static void
ed25519_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ed25519); i++) {
		unsigned char key[32], sig[64], text[8];
		size_t n = strlen(ed25519[i].message) / 2;
		struct span message = { (char *)text, n };

		assert_true(digest_unhex(span_of(ed25519[i].key), key, 32));
		assert_true(digest_unhex(span_of(ed25519[i].sig), sig, 64));
		assert_true(digest_unhex(span_of(ed25519[i].message), text,
		    n));
		assert_true(digest_ed25519(key, message, sig));
		for (size_t bit = 0; bit < 512; bit += 7) {
			sig[bit / 8] ^= (unsigned char)(1 << bit % 8);
			assert_false(digest_ed25519(key, message, sig));
			sig[bit / 8] ^= (unsigned char)(1 << bit % 8);
		}
		text[n] = 0;
		message.n++;
		assert_false(digest_ed25519(key, message, sig));
		message.n--;
		key[0] ^= 1;
		assert_false(digest_ed25519(key, message, sig));
	}
}

static void
ed25519_of_nothing(void **state)
{
	unsigned char key[32] = { 0 }, sig[64] = { 0 };

	(void)state;
	memset(key, 0xff, sizeof key);
	assert_false(digest_ed25519(key, SPAN("x"), sig));
}

static void
compares(void **state)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	assert_true(digest_equal(a, b, 32));
	assert_true(digest_equal(a, b, 0));
	for (int i = 0; i < 32; i++) {
		b[i] = 0x80;
		assert_false(digest_equal(a, b, 32));
		assert_true(digest_equal(a, b, (size_t)i));
		b[i] = 0;
	}
}

static void
random_bytes_differ(void **state)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 }, none[32] = { 0 };

	(void)state;
	digest_random(a, sizeof a);
	digest_random(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	assert_memory_not_equal(a, none, sizeof a);
	digest_random(a, 0);
}

static void
hex_both_ways(void **state)
{
	unsigned char bytes[256], back[256];
	char hex[513];

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	digest_hex(bytes, 256, hex);
	assert_int_equal(strlen(hex), 512);
	assert_memory_equal(hex, "000102", 6);
	assert_string_equal(hex + 506, "fdfeff");
	assert_true(digest_unhex(span_of(hex), back, 256));
	assert_memory_equal(bytes, back, 256);
	digest_hex(bytes, 0, hex);
	assert_string_equal(hex, "");
}

static void
unhex_is_strict(void **state)
{
	static const struct {
		const char *in;
		size_t n;
		bool ok;
	} rows[] = {
		{ "", 0, true }, { "00", 1, true }, { "aF", 1, true },
		{ "Fa09", 2, true },
		{ "", 1, false }, { "0", 1, false }, { "000", 1, false },
		{ "0000", 1, false }, { "00", 2, false }, { "00", 0, false },
		{ "0g", 1, false }, { "G0", 1, false }, { " 0", 1, false },
		{ "0x", 1, false }, { "+1", 1, false }, { "/:", 1, false },
		{ "@`", 1, false }, { "\xc3\xa9", 1, false },
	};
	unsigned char out[4];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (digest_unhex(span_of(rows[i].in), out, rows[i].n) !=
		    rows[i].ok)
			fail_msg("row %zu: %s", i, rows[i].in);
}

static void
base64_vectors(void **state)
{
	static const struct {
		struct span raw;
		const char *text;
	} rows[] = {
		{ SPAN(""), "" },
		{ SPAN("f"), "Zg==" },
		{ SPAN("fo"), "Zm8=" },
		{ SPAN("foo"), "Zm9v" },
		{ SPAN("foob"), "Zm9vYg==" },
		{ SPAN("fooba"), "Zm9vYmE=" },
		{ SPAN("foobar"), "Zm9vYmFy" },
		{ SPAN("\xfb\xff\xbf"), "+/+/" },
		{ SPAN("\0\0\0"), "AAAA" },
		{ SPAN("\0"), "AA==" },
		{ SPAN("\xff"), "/w==" },
	};
	struct str out;

	(void)state;
	str_init(&out, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned char back[16];
		size_t n = rows[i].raw.n;

		str_clear(&out);
		digest_base64((const unsigned char *)rows[i].raw.p,
		    rows[i].raw.n, &out);
		assert_string_equal(out.p, rows[i].text);
		assert_true(digest_unbase64(span_of(rows[i].text), back, &n));
		assert_int_equal(n, rows[i].raw.n);
		assert_memory_equal(back, rows[i].raw.p, n);
		if (n == 0)
			continue;
		n--;		/* one byte too little room */
		assert_false(digest_unbase64(span_of(rows[i].text), back,
		    &n));
	}
	str_free(&out);
}

static void
base64_is_strict(void **state)
{
	static const struct span rows[] = {
		SPAN("Z"), SPAN("Zg"), SPAN("Zg="), SPAN("Zm9"),
		SPAN("Zg==="), SPAN("Zg===="), SPAN("===="), SPAN("="),
		SPAN("A==="), SPAN("=AAA"), SPAN("A=AA"), SPAN("AA=A"),
		SPAN("Zg==Zg=="), SPAN("Zm8=Zm8="),
		SPAN("Zh=="), SPAN("Zv=="), SPAN("Zm9="),	/* loose bits */
		SPAN("Zm9v\n"), SPAN("Zm9v\n\n\n\n"), SPAN("Zm 9"),
		SPAN(" Zm9"), SPAN("Zm9vYg==\n"), SPAN("Zm\n9v"),
		SPAN("-_-_"), SPAN("Zm9*"), SPAN("AA\0A"), SPAN("AAA\0"),
		SPAN("\xff\xff\xff\xff"), SPAN("Zm9,"), SPAN("Zm9."),
	};
	unsigned char out[16];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = sizeof out;

		if (digest_unbase64(rows[i], out, &n))
			fail_msg("row %zu: %.*s", i, (int)rows[i].n,
			    rows[i].p);
	}
}

static void
base64_goes_round(void **state)
{
	unsigned char bytes[100], back[100];
	struct str out;

	(void)state;
	str_init(&out, 4096);
	for (size_t size = 0; size <= sizeof bytes; size++) {
		size_t n = sizeof back;

		digest_random(bytes, size);
		str_clear(&out);
		digest_base64(bytes, size, &out);
		assert_int_equal(out.n, (size + 2) / 3 * 4);
		assert_true(digest_unbase64(str_span(&out), back, &n));
		assert_int_equal(n, size);
		assert_memory_equal(bytes, back, size);
	}
	str_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_vectors),
		cmocka_unit_test(hmac_vectors),
		cmocka_unit_test(ed25519_vectors),
		cmocka_unit_test(ed25519_of_nothing),
		cmocka_unit_test(compares),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(hex_both_ways),
		cmocka_unit_test(unhex_is_strict),
		cmocka_unit_test(base64_vectors),
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(base64_goes_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
