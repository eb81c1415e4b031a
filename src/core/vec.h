#ifndef BAHI_CORE_VEC_H
#define BAHI_CORE_VEC_H
/* A growing array of equal things with a limit. */
#include <stddef.h>

struct vec {
	void *p;
	size_t n, cap, size, max;
};

void vec_init(struct vec *, size_t size, size_t max);
void vec_free(struct vec *);
void vec_clear(struct vec *);
void *vec_add(struct vec *);	/* a zeroed new last one; NULL when at max */
void *vec_at(const struct vec *, size_t);	/* bug() when out of range */

#endif
