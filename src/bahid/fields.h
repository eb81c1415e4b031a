#ifndef BAHI_BAHID_FIELDS_H
#define BAHI_BAHID_FIELDS_H
/* The field map of a rule, side by side: see fields.c. */
struct work;
struct rulebook;
struct reference;

/* The work has been judged with both; it stays as it is. */
void fields_print(const struct work *, struct rulebook *,
	struct reference *);

#endif
