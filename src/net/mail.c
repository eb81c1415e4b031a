/*
 * Composing a mail: headers that hold, a body as quoted-printable, so that
 * no server on the way has to take eight bits or long lines.
 */
#include "net/mail.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/utf8.h"

#define IST 19800000000
#define WORD 39			/* bytes in one encoded word, 64 out */
#define PLAIN 60		/* bytes of a header that is left as it is */
#define LINE 75

bool
mail_address(const char *text)
{
	static const char sound[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-";
	size_t name = strspn(text, sound), host;

	if (name == 0 || name > 64 || text[name] != '@' || text[0] == '-')
		return false;
	host = strspn(text + name + 1, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	return host > 0 && host < 190 && text[name + 1 + host] == '\0';
}

static bool
is_plain(const char *text)
{
	size_t n = 0;

	for (; text[n] != '\0'; n++)
		if (text[n] < ' ' || text[n] > '~')
			return false;
	return n <= PLAIN && strstr(text, "=?") == NULL;
}

/* Whole characters only: a word must decode by itself. */
static struct span
take_word(struct span *text)
{
	struct span word = { text->p, 0 };
	uint32_t cp;
	size_t n;

	while ((n = utf8_next(*text, &cp)) > 0 && word.n + n <= WORD) {
		word.n += n;
		text->p += n;
		text->n -= n;
	}
	return word;
}

void
mail_header(const char *name, const char *text, struct str *out)
{
	struct span rest = span_of(text);

	str_addf(out, "%s:", name);
	if (is_plain(text)) {
		str_addf(out, " %s\r\n", text);
		return;
	}
	while (rest.n > 0) {
		struct span word = take_word(&rest);

		str_adds(out, " =?UTF-8?B?");
		digest_base64((const unsigned char *)word.p, word.n, out);
		str_adds(out, "?=\r\n");
	}
}

static void
write_date(int64_t at, struct str *out)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t local = at + IST;
	char text[25];
	int month;

	clock_format(local, text);
	month = (text[5] - '0') * 10 + text[6] - '0';
	str_addf(out, "Date: %.3s, %.2s %.3s %.4s %.8s +0530\r\n",
	    days + local / 86400000000 % 7 * 3, text + 8,
	    months + (month - 1) * 3, text, text + 11);
}

/* One line of the body, without its end. */
static void
write_line(struct span line, struct str *out)
{
	int used = 0;

	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		bool plain = (c > ' ' && c <= '~' && c != '=') ||
		    (c == ' ' && i + 1 < line.n);

		if (used + (plain ? 1 : 3) > LINE) {
			str_adds(out, "=\r\n");
			used = 0;
		}
		if (plain)
			str_addc(out, (char)c);
		else
			str_addf(out, "=%02X", c);
		used += plain ? 1 : 3;
	}
	str_adds(out, "\r\n");
}

static void
write_body(const char *body, struct str *out)
{
	while (*body != '\0') {
		size_t n = strcspn(body, "\n");

		write_line((struct span){ body, n }, out);
		body += n + (body[n] == '\n');
	}
}

void
mail_write(const struct mail *mail, struct str *out)
{
	str_addf(out, "From: bahi <%s>\r\nTo: <%s>\r\n", mail->from,
	    mail->to);
	mail_header("Subject", mail->title, out);
	write_date(mail->at, out);
	str_addf(out, "Message-ID: <%s%s>\r\n", mail->message,
	    strchr(mail->from, '@'));
	str_adds(out, "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	write_body(mail->body, out);
}
