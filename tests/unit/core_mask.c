/* What may be seen of numbers and addresses, and what stays as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/mask.h"

static void
test_all(void **state)
{
	static const char *const said[][2] = {
		{ "27ABCDE1234F1Z5", "27AB***1Z5" },
		{ "gstin=27abcde1234f1z5 was", "gstin=27ab***1z5 was" },
		{ "(29AAAAA0000A1ZY,29AAAAA0000A1ZY)",
		    "(29AA***1ZY,29AA***1ZY)" },
		{ "27ABCDE1234F1Z55", "27ABCDE1234F1Z55" },
		{ "ABCDE1234F", "AB***F" },
		{ "xABCDE1234F", "xABCDE1234F" },
		{ "to rutuja.k+x@mail.example.in.", "to r***." },
		{ "user@localhost", "user@localhost" },
		{ "a@b.c", "a***" },
		{ "9822011987", "***87" },
		{ "+91 98220-11987 rang", "***87 rang" },
		{ "+919822011987", "***87" },
		{ "919822011987", "***87" },
		{ "98220 11987", "***87" },
		{ "seq=1790822224 at=1790822224000000", 
		    "seq=1790822224 at=1790822224000000" },
		{ "shop-6820593942708", "shop-6820593942708" },
		{ "98220119871", "98220119871" },
		{ "3.9822011987", "3.9822011987" },
		{ "E12 IN01/sales_invoice/1006", "E12 IN01/sales_invoice/1006"
		},
		{ "", "" }, { "@", "@" }, { "a@", "a@" }, { "91", "91" },
		{ "+91", "+91" }, { "98220 ", "98220 " },
		{ "\xe0\xa4\x95@x.in", "\xe0\xa4\x95@x.in" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		char text[200];

		strncpy(text, said[i][0], sizeof text - 1);
		text[sizeof text - 1] = '\0';
		mask_personal(text);
		assert_string_equal(text, said[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_all) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
