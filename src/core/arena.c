/*
 * Blocks chained newest first; each handed-out piece is zeroed.  Used for a
 * request, a step, a pane load: never freed piecewise.
 */
#include "core/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK 8192
#define ALIGN 16

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGN) char bytes[];
};

struct arena {
	struct block *top;
	size_t handed;
};

static struct block *
block_new(size_t size)
{
	struct block *block = NULL;

	if (size <= SIZE_MAX - sizeof *block)
		block = malloc(sizeof *block + size);
	if (block == NULL)
		bug("out of memory");
	block->next = NULL;
	block->used = 0;
	block->size = size;
	return block;
}

struct arena *
arena_new(void)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (arena == NULL)
		bug("out of memory");
	arena->top = block_new(BLOCK);
	return arena;
}

void
arena_free(struct arena **ap)
{
	struct arena *arena = *ap;
	struct block *next;

	if (arena == NULL)
		return;
	for (struct block *b = arena->top; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
	*ap = NULL;
}

void
arena_reset(struct arena *arena)
{
	struct block *next;

	for (; arena->top->next != NULL; arena->top = next) {
		next = arena->top->next;
		free(arena->top);
	}
	arena->top->used = 0;
	arena->handed = 0;
}

void *
arena_alloc(struct arena *arena, size_t n)
{
	size_t need = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	struct block *block = arena->top;
	void *p;

	if (need < n)
		bug("allocation of %zu bytes", n);
	if (block->size - block->used < need) {
		block = block_new(need > BLOCK ? need : BLOCK);
		block->next = arena->top;
		arena->top = block;
	}
	p = block->bytes + block->used;
	block->used += need;
	arena->handed += n;
	return memset(p, 0, n);
}

char *
arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_alloc(arena, n + 1);

	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *s)
{
	return s != NULL ? arena_strndup(arena, s, strlen(s)) : NULL;
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	char small[256], *out;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n < 0)
		bug("format \"%s\"", fmt);
	if ((size_t)n < sizeof small)
		return arena_strndup(arena, small, (size_t)n);
	out = arena_alloc(arena, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(out, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return out;
}

char *
arena_id(struct arena *arena, char letter, int64_t n)
{
	char text[24], *p = text + sizeof text;
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	*--p = letter;
	return arena_strndup(arena, p, (size_t)(text + sizeof text - p));
}

size_t
arena_size(const struct arena *arena)
{
	return arena->handed;
}
