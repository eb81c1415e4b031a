/*
 * The table of tones. Backgrounds are left as the terminal has them: whose
 * white or black it is, is not ours to say.
 */
#include "ui/theme.h"

#include <stdlib.h>
#include <string.h>

/* PLAIN is for a background that nobody told us: its colours are read on
 * white as on black (4.5 to 1 and more). */
static const struct paint paints[THEME_COUNT][TONE_COUNT] = {
	[THEME_PLAIN] = {
		[TONE_BAR] = { .reverse = true },
		[TONE_HEAD] = { .bold = true },
		[TONE_STRONG] = { .bold = true },
		[TONE_BAD] = { .bold = true, .few = 1, .many = 160,
		    .rgb = 0xdf0000 },
		[TONE_GOOD] = { .few = 2, .many = 28, .rgb = 0x008700 },
	},
	[THEME_DARK] = {
		[TONE_BAR] = { .reverse = true },
		[TONE_HEAD] = { .bold = true, .few = 6, .many = 152,
		    .rgb = 0xafdfdf },
		[TONE_STRONG] = { .bold = true },
		[TONE_BAD] = { .bold = true, .few = 1, .many = 210,
		    .rgb = 0xff8787 },
		[TONE_GOOD] = { .few = 2, .many = 114, .rgb = 0x87df87 },
	},
	[THEME_LIGHT] = {
		[TONE_BAR] = { .reverse = true },
		[TONE_HEAD] = { .bold = true, .few = 4, .many = 18,
		    .rgb = 0x000087 },
		[TONE_STRONG] = { .bold = true },
		[TONE_BAD] = { .bold = true, .few = 1, .many = 124,
		    .rgb = 0xaf0000 },
		/* 8 colours have no green that is read on white. */
		[TONE_GOOD] = { .bold = true, .few = 4, .many = 22,
		    .rgb = 0x005f00 },
	},
	[THEME_CONTRAST] = {
		[TONE_BAR] = { .bold = true, .reverse = true },
		[TONE_HEAD] = { .bold = true, .underline = true },
		[TONE_STRONG] = { .bold = true },
		[TONE_BAD] = { .bold = true, .reverse = true },
		[TONE_GOOD] = { .bold = true, .underline = true },
	},
	[THEME_MONO] = {
		[TONE_BAR] = { .reverse = true },
		[TONE_HEAD] = { .bold = true },
		[TONE_STRONG] = { .bold = true },
		[TONE_BAD] = { .bold = true },
	},
};

const struct paint *
theme_paint(enum theme theme, enum tone tone)
{
	return &paints[theme][tone];
}

/* "15;0", "0;default;15": what is last is the background. */
static enum theme
from_background(const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	char *end;
	long n;

	if (last == NULL)
		return THEME_PLAIN;
	n = strtol(last + 1, &end, 10);
	if (end == last + 1 || *end != '\0' || n < 0 || n > 15)
		return THEME_PLAIN;
	return n == 7 || n > 8 ? THEME_LIGHT : THEME_DARK;
}

enum theme
theme_choose(const char *wish, const char *no_color, const char *colorfgbg)
{
	static const char *const names[] = {
		[THEME_DARK] = "dark", [THEME_LIGHT] = "light",
		[THEME_CONTRAST] = "contrast", [THEME_MONO] = "mono"
	};

	for (int i = THEME_DARK; i <= THEME_MONO; i++)
		if (strcmp(wish, names[i]) == 0)
			return (enum theme)i;
	if (no_color != NULL && no_color[0] != '\0')
		return THEME_MONO;
	return from_background(colorfgbg);
}
