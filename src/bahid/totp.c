/*
 * `bahid totp`: a person's second factor, made here and shown once, as a
 * picture for the telephone and as text for everything else.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>

#include <qrencode.h>

#include "bahid/verbs.h"
#include "core/i18n.h"
#include "core/totp.h"

#define QUIET 4		/* modules of white around it, ISO 18004 */

static bool
is_dark(const QRcode *code, int x, int y)
{
	x -= QUIET;
	y -= QUIET;
	return x >= 0 && y >= 0 && x < code->width && y < code->width &&
	    (code->data[y * code->width + x] & 1) != 0;
}

/* Two modules a character; what is dark is left to the background. */
static void
draw(const QRcode *code)
{
	static const char *const halves[] = { "█", "▀", "▄", " " };
	int size = code->width + 2 * QUIET;

	for (int y = 0; y < size; y += 2) {
		for (int x = 0; x < size; x++)
			fputs(halves[is_dark(code, x, y) * 2 +
			    is_dark(code, x, y + 1)], stdout);
		putchar('\n');
	}
}

static bool
show(const char *person, const char *secret, struct err *e)
{
	struct str uri;
	QRcode *code;

	str_init(&uri, 1024);
	totp_uri(person, secret, &uri);
	code = QRcode_encodeString8bit(uri.p, 0, QR_ECLEVEL_L);
	if (code != NULL) {
		draw(code);
		QRcode_free(code);
	}
	printf("%s\n", uri.p);
	str_free(&uri);
	return code != NULL || err_set(e, ERR_SYSTEM, "no QR code");
}

static void
show_codes(char codes[TOTP_CODES][TOTP_CODE])
{
	printf(_("\nrecovery codes, each good once; keep them on paper:\n"));
	for (size_t i = 0; i < TOTP_CODES; i++)
		printf("  %s\n", codes[i]);
	explicit_bzero(codes, TOTP_CODES * sizeof *codes);
}

bool
verb_totp_enrol(struct options *options, int argc, char **argv,
    struct err *e)
{
	char codes[TOTP_CODES][TOTP_CODE];
	struct str secret;
	bool ok;

	(void)argc;
	str_init(&secret, 256);
	ok = audit_say(options_text(options, "store"), "totp.enrol", argv[0],
	    "", e) && totp_enrol(options_text(options, "totp"), argv[0],
	    &secret, codes, e) && show(argv[0], secret.p, e);
	if (ok)
		show_codes(codes);
	if (secret.n > 0)
		explicit_bzero(secret.p, secret.n);
	str_free(&secret);
	return ok;
}

bool
verb_totp_codes(struct options *options, int argc, char **argv,
    struct err *e)
{
	char codes[TOTP_CODES][TOTP_CODE];

	(void)argc;
	if (!audit_say(options_text(options, "store"), "totp.codes", argv[0],
	    "", e) || !totp_recode(options_text(options, "totp"), argv[0],
	    codes, e))
		return false;
	show_codes(codes);
	return true;
}

bool
verb_totp_remove(struct options *options, int argc, char **argv,
    struct err *e)
{
	(void)argc;
	if (!audit_say(options_text(options, "store"), "totp.remove", argv[0],
	    "", e) || !totp_remove(options_text(options, "totp"), argv[0], e))
		return false;
	printf(_("%s has no second factor any more\n"), argv[0]);
	return true;
}
