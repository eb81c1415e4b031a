#ifndef BAHI_UI_RESOLVE_H
#define BAHI_UI_RESOLVE_H
/* What a person does about a conflict: in its review, field by field, or for
 * marked rows of the list at once. */
#include "ui/console.h"

void resolve_act(struct console *, enum act);
/* Enter behind a field of the result that somebody wrote. */
void resolve_written(struct console *);

#endif
