/* Shapes and the check character of GSTINs (gst.md 1.1 to 1.4). */
#include "gst/gstin.h"

#include <ctype.h>
#include <string.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* n a digit, a a letter, x either, t the letter or digit of a registration,
 * z what regular taxpayers have there; capitals, 9 and | are themselves. */
static const struct {
	enum gstin_kind kind;
	const char *shape;
} shapes[] = {
	{ GSTIN_OIDAR, "99nnaaannnnnOSx" },
	{ GSTIN_UIN, "nnnnaaannnnnUNx" },
	{ GSTIN_UIN, "nnnnaaannnnnONx" },
	{ GSTIN_NON_RESIDENT, "nnnnaaannnnnNRx" },
	{ GSTIN_OPERATOR, "nnaaaaannnnatCx" },
	{ GSTIN_DEDUCTOR, "nnaaaaxnnnnatDx" },
	{ GSTIN_REGULAR, "nnaaaaannnnatzx" },
	{ GSTIN_GOVERNMENT, "nnaaaannnnnanZn" },
};

#define SHAPES (sizeof shapes / sizeof *shapes)
#define LENGTH (GSTIN_SIZE - 1)

bool
gstin_clean(struct span text, char out[GSTIN_SIZE])
{
	while (text.n > 0 && text.p[0] == ' ')
		text.p++, text.n--;
	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	out[0] = '\0';
	if (text.n != LENGTH)
		return false;
	for (size_t i = 0; i < LENGTH; i++) {
		char c = (char)toupper((unsigned char)text.p[i]);

		if (c == '\0' || strchr(digits, c) == NULL)
			return out[0] = '\0', false;
		out[i] = c;
	}
	out[LENGTH] = '\0';
	return true;
}

static bool
is(char c, char want)
{
	bool number = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z';

	switch (want) {
	case 'n':
		return number;
	case 'a':
		return letter;
	case 'x':
		return number || letter;
	case 't':
		return letter || (number && c != '0');
	case 'z':
		return c == 'Z' || (c >= '1' && c <= '9') ||
		    (c >= 'A' && c <= 'J' && c != 'C');
	default:
		return c == want;
	}
}

static bool
has_shape(const char *gstin, const char *shape)
{
	size_t i = 0;

	while (i < LENGTH && is(gstin[i], shape[i]))
		i++;
	return i == LENGTH && gstin[LENGTH] == '\0';
}

enum gstin_kind
gstin_kind(const char *gstin)
{
	for (size_t i = 0; i < SHAPES; i++)
		if (has_shape(gstin, shapes[i].shape))
			return shapes[i].kind;
	return GSTIN_NONE;
}

char
gstin_check(const char *gstin)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < LENGTH - 1; i++) {
		const char *at = gstin[i] != '\0' ?
		    strchr(digits, gstin[i]) : NULL;
		unsigned product;

		if (at == NULL)
			return '\0';
		product = (unsigned)(at - digits) * (i % 2 + 1);
		sum += product / 36 + product % 36;
	}
	return digits[(36 - sum % 36) % 36];
}

bool
gstin_valid(const char *gstin)
{
	return gstin_kind(gstin) != GSTIN_NONE &&
	    gstin_check(gstin) == gstin[LENGTH - 1];
}

/* The letter of a deductor is one that a regular number may have, too. */
static bool
regular(enum gstin_kind kind, const char *gstin)
{
	return kind == GSTIN_REGULAR || kind == GSTIN_GOVERNMENT ||
	    has_shape(gstin, "nnaaaaannnnatzx");
}

bool
gstin_fits(const char *gstin, enum gst_category category)
{
	enum gstin_kind kind = gstin_kind(gstin);

	switch (category) {
	case GST_UNREGISTERED:
		return false;
	case GST_OVERSEAS:
		return kind == GSTIN_NON_RESIDENT || kind == GSTIN_OIDAR;
	case GST_UIN:
		return kind == GSTIN_UIN;
	case GST_OPERATOR:
		return kind == GSTIN_OPERATOR;
	case GST_DEDUCTOR:
		return kind == GSTIN_DEDUCTOR;
	default:
		return regular(kind, gstin);
	}
}

void
gstin_state(const char *gstin, char out[3])
{
	memcpy(out, gstin, 2);
	out[2] = '\0';
}

bool
gstin_pan(const char *gstin, char out[11])
{
	static const char shape[] = "aaaaannnna";

	out[0] = '\0';
	if (strlen(gstin) != LENGTH)
		return false;
	for (size_t i = 0; i < 10; i++)
		if (!is(gstin[i + 2], shape[i]))
			return false;
	memcpy(out, gstin + 2, 10);
	out[10] = '\0';
	return true;
}
