/* Forms, by the rules of URL-encoding. */
#include "core/form.h"

#include "core/digest.h"

const char *
form_decode(struct span text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			if (text.n - i < 3 || !digest_unhex((struct span){
			    text.p + i + 1, 2 }, &c, 1))
				return NULL;
			i += 2;
		}
		if (c == '\0')
			return NULL;
		out[n++] = (char)c;
	}
	return out;
}

static bool
add(struct form *form, struct span pair, struct arena *arena, struct err *e)
{
	const char *equals = memchr(pair.p, '=', pair.n);
	size_t n = equals != NULL ? (size_t)(equals - pair.p) : pair.n;
	struct span rest = { "", 0 };
	const char *name, *value;

	if (equals != NULL)
		rest = (struct span){ equals + 1, pair.n - n - 1 };
	name = form_decode((struct span){ pair.p, n }, arena);
	value = form_decode(rest, arena);
	if (name == NULL || value == NULL)
		return err_set(e, ERR_REQUEST, "a broken escape in the form");
	for (size_t i = 0; i < form->n; i++)
		if (strcmp(form->names[i], name) == 0)
			return err_set(e, ERR_REQUEST,
			    "a parameter comes twice");
	if (form->n == FORM_MAX)
		return err_set(e, ERR_REQUEST, "more than %d parameters",
		    FORM_MAX);
	form->names[form->n] = name;
	form->values[form->n++] = value;
	return true;
}

bool
form_read(struct span text, struct arena *arena, struct form *out,
    struct err *e)
{
	size_t at = 0;

	out->n = 0;
	while (at < text.n) {
		const char *end = memchr(text.p + at, '&', text.n - at);
		size_t n = end != NULL ? (size_t)(end - text.p) - at :
		    text.n - at;

		if (n > 0 && !add(out, (struct span){ text.p + at, n },
		    arena, e))
			return false;
		at += n + 1;
	}
	return true;
}

const char *
form_value(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->n; i++)
		if (strcmp(form->names[i], name) == 0)
			return form->values[i][0] != '\0' ? form->values[i] :
			    NULL;
	return NULL;
}
