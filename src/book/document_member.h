#ifndef BAHI_BOOK_DOCUMENT_MEMBER_H
#define BAHI_BOOK_DOCUMENT_MEMBER_H
/* Inside of book/document*.c: the plain members of a document and its lines,
 * by which one is read back and one that somebody wrote is judged. */
#include "book/document.h"

enum member_form { MEMBER_TEXT, MEMBER_NUMBER };

struct member {
	const char *name;
	enum member_form form;
	size_t at;
};

#define DOCUMENT_HEAD_MEMBERS 17
#define DOCUMENT_LINE_MEMBERS 15

/* In the order in which document_encode writes them. */
extern const struct member document_head_members[DOCUMENT_HEAD_MEMBERS];
extern const struct member document_line_members[DOCUMENT_LINE_MEMBERS];

#endif
