/* Growing array of equal things; the limit is the caller's. */
#include "core/vec.h"

#include <stdlib.h>
#include <string.h>

#include "core/err.h"

void
vec_init(struct vec *v, size_t size, size_t max)
{
	*v = (struct vec){ .size = size, .max = max };
}

void
vec_free(struct vec *v)
{
	free(v->p);
	*v = (struct vec){ .size = v->size, .max = v->max };
}

void
vec_clear(struct vec *v)
{
	v->n = 0;
}

void *
vec_add(struct vec *v)
{
	void *p;

	if (v->n >= v->max)
		return NULL;
	if (v->n == v->cap) {
		size_t cap = v->cap > 0 ? v->cap * 2 : 16;

		p = realloc(v->p, cap * v->size);
		if (p == NULL)
			bug("out of memory");
		v->p = p;
		v->cap = cap;
	}
	p = (char *)v->p + v->n++ * v->size;
	return memset(p, 0, v->size);
}

void *
vec_at(const struct vec *v, size_t i)
{
	if (i >= v->n)
		bug("index %zu of %zu", i, v->n);
	return (char *)v->p + i * v->size;
}
