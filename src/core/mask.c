/* Finding them by their form alone: nobody says which field a text was. */
#include "core/mask.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* D digit, L letter, X either */
static const char gstin[] = "DDLLLLLDDDDLXXX", pan[] = "LLLLLDDDDL";

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_word(char c)
{
	return is_digit(c) || is_letter(c);
}

/* Bytes of the word there that has that form; 0: it has not. */
static size_t
formed(const char *text, const char *form)
{
	size_t n = 0;

	for (; form[n] != '\0'; n++)
		if (form[n] == 'D' ? !is_digit(text[n]) : form[n] == 'L' ?
		    !is_letter(text[n]) : !is_word(text[n]))
			return 0;
	return is_word(text[n]) ? 0 : n;
}

static bool
is_local(char c)
{
	return is_word(c) || (c != '\0' && strchr("._%+-", c) != NULL);
}

/* An address whose local part is there. */
static size_t
address(const char *text)
{
	size_t n = 0, dots = 0;

	while (is_local(text[n]))
		n++;
	if (n == 0 || text[n] != '@' || !is_word(text[n + 1]))
		return 0;
	for (n++; is_word(text[n]) || text[n] == '-' || (text[n] == '.' &&
	    is_word(text[n + 1])); n++)
		dots += text[n] == '.';
	return dots > 0 ? n : 0;
}

/* Ten digits from 6 to 9, with or without the country, in one or two
 * groups. Longer ones are numbers of other things. */
static size_t
phone(const char *text)
{
	size_t n = 0, digits = 0;

	if (text[0] == '+' && text[1] == '9' && text[2] == '1')
		n = 3;
	else if (text[0] == '9' && text[1] == '1' && is_digit(text[11]))
		n = 2;
	if (n > 0 && (text[n] == ' ' || text[n] == '-'))
		n++;
	if (text[n] < '6' || text[n] > '9')
		return 0;
	for (; digits < 10; n++) {
		if (is_digit(text[n]))
			digits++;
		else if (digits != 5 || (text[n] != ' ' && text[n] != '-') ||
		    !is_digit(text[n + 1]))
			return 0;
	}
	return is_word(text[n]) ? 0 : n;
}

/* `head` and `tail` bytes of it stay. */
static size_t
put(char *out, const char *from, size_t n, size_t head, size_t tail)
{
	memmove(out, from, head);
	memmove(out + head + 3, from + n - tail, tail);
	memcpy(out + head, "***", 3);
	return head + 3 + tail;
}

void
mask_personal(char *text)
{
	char *out = text, before = '\0';

	while (*text != '\0') {
		size_t n = 0, said = 0;

		if (!is_word(before)) {
			if ((n = address(text)) > 0) {
				said = put(out, text, n, 1, 0);
			} else if ((n = formed(text, gstin)) > 0) {
				said = put(out, text, n, 4, 3);
			} else if ((n = formed(text, pan)) > 0) {
				said = put(out, text, n, 2, 1);
			} else if (before != '.' && (n = phone(text)) > 0) {
				said = put(out, text, n, 0, 2);
			}
		}
		if (n == 0) {
			before = *text;
			*out++ = *text++;
			continue;
		}
		text += n;
		out += said;
		before = 'x';
	}
	*out = '\0';
}
