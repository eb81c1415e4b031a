#ifndef BAHI_FORMATS_EDI_H
#define BAHI_FORMATS_EDI_H
/*
 * Segments of elements inside envelopes: what X12 and EDIFACT share. A
 * dialect says where the separators are and which element means what.
 */
#include "formats/list.h"

#define EDI_HEAD_MAX 106	/* an ISA segment, its separators included */

struct separators {
	int element, component, repetition, release, end;	/* -1: none */
	char decimal;
};

struct place {
	int element, component;	/* element 0 is the tag: not there */
};

enum edi_tag { TAG_INTERCHANGE, TAG_GROUP, TAG_MESSAGE, TAG_MESSAGE_END,
	TAG_GROUP_END, TAG_INTERCHANGE_END, TAG_COUNT };

struct dialect {
	const char *name;
	const char *tags[TAG_COUNT];
	/* The separators, from the first bytes of an interchange: 1; 0: more
	 * bytes are needed; -1: these are none. *keep: the bytes are text
	 * of the first segment, too. */
	int (*head)(const char *p, size_t n, struct separators *, bool *keep);
	struct place sender, sender_qualifier, receiver, receiver_qualifier,
	    interchange, test;			/* of the interchange */
	const char *is_test;
	struct place group, group_version;	/* of a group */
	struct place type, control, version[2];	/* of a message */
	bool numeric;		/* 0001 and 1 are one control number */
};

extern const struct dialect dialect_x12, dialect_edifact;

/* A reader of one dialect, or of either (NULL). */
struct reader *edi_open(const struct dialect *);
void edi_close(struct reader **);
void edi_feed(struct reader *, const char *p, size_t n);
bool edi_record(struct reader *, struct record *);
bool edi_end(struct reader *, struct err *);

#endif
