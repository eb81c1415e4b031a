#ifndef BAHI_UI_THEME_H
#define BAHI_UI_THEME_H
/*
 * What the tones look like: a table for each theme. Colour only repeats what
 * words and marks already say; a theme can be taken away and nothing is lost.
 */
#include <stdbool.h>
#include "ui/term.h"

enum theme { THEME_PLAIN, THEME_DARK, THEME_LIGHT, THEME_CONTRAST,
	THEME_MONO, THEME_COUNT };

struct paint {
	bool bold, reverse, underline;
	int few;		/* of 8 colours; 0: the terminal's own */
	int many;		/* of 256 */
	int rgb;		/* of all */
};

const struct paint *theme_paint(enum theme, enum tone);
/* wish: of the option `theme`; the others are what the variables NO_COLOR and
 * COLORFGBG hold, or NULL. */
enum theme theme_choose(const char *wish, const char *no_color,
	const char *colorfgbg);

#endif
