#ifndef BAHI_UI_FUZZY_H
#define BAHI_UI_FUZZY_H
/*
 * How well some typed letters stand for a text: all of them must be in it, in
 * their order; word starts and letters in a row count most, then a short
 * text. Letters of any script, without regard to case.
 */

/* -1: they are not in it. Nothing typed is 0. */
int fuzzy_score(const char *typed, const char *text);

#endif
