#ifndef BAHI_CORE_WORDDIFF_H
#define BAHI_CORE_WORDDIFF_H
/*
 * What differs between two short texts: by words, and by the digits of a
 * number that is another. Never cuts a character. Memory is bounded: texts of
 * more than WORDDIFF_MAX words count as wholly replaced.
 */
#include "core/span.h"

#define WORDDIFF_MAX 300

enum word_op { WORD_SAME, WORD_GONE, WORD_NEW };

/* In order, what is gone before what is new in its place; pieces of one kind
 * are one. Same and gone make the old text, same and new the new one. */
void word_diff(struct span old, struct span new, void (*piece)(void *arg,
	enum word_op, struct span), void *arg);

#endif
