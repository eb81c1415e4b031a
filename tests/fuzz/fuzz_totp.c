/* libFuzzer target of second factors and of the encodings of secrets: the
 * person's file, a line with the code; base32, base64 and hex. */
#include "fuzz.h"

#include "core/digest.h"
#include "core/totp.h"

static void
judge_encodings(struct span text)
{
	unsigned char bytes[64];
	char hex[2 * sizeof bytes + 1];
	size_t n = sizeof bytes;
	struct str back;

	str_init(&back, 1024);
	if (digest_unbase64(text, bytes, &n)) {
		must(n <= sizeof bytes);
		digest_base64(bytes, n, &back);
		must(span_equal(str_span(&back), text));
	}
	if (text.n % 2 == 0 && text.n / 2 <= sizeof bytes &&
	    digest_unhex(text, bytes, text.n / 2)) {
		digest_hex(bytes, text.n / 2, hex);
		must(strncasecmp(hex, text.p, text.n) == 0);
	}
	str_free(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	char *code = fuzz_text(fuzz_cut(&in, '\n'));
	char *secret = fuzz_text(in);
	struct err e = { 0 };
	int64_t step;
	int left;

	fuzz_file("x", in);
	if (!totp_use(fuzz_folder(), "x", code, 1790000000, &left, &e))
		must(e.code != ERR_NONE && e.why[0] != '\0');
	(void)!totp_use(fuzz_folder(), code, "123456", 1790000000, &left, &e);
	if (totp_match(secret, code, 1790000000, 0, &step))
		must(strlen(code) == 6);
	judge_encodings(in);
	free(code);
	free(secret);
	return 0;
}
