#ifndef BAHI_BOOK_DOCUMENT_GST_H
#define BAHI_BOOK_DOCUMENT_GST_H
/*
 * The members of struct document_gst as a table: by it a rule's row is read,
 * the canonical JSON written and read back.  What is not said is not there.
 */
#include "book/document.h"

enum gst_form { GST_TEXT, GST_DAY, GST_FLAG };

struct gst_member {
	const char *name;
	enum gst_form form;
	size_t at;
};

#define DOCUMENT_GST_MEMBERS 19
extern const struct gst_member document_gst_members[DOCUMENT_GST_MEMBERS];

const struct gst_member *document_gst_find(const char *name);
/* One member: NULL: not said. A flag is "true". */
const char *document_gst_text(const struct document_gst *,
	const struct gst_member *);
/* NULL or "": it is not said. The text outlives `out`. */
MUST_CHECK bool document_gst_set(struct document_gst *out,
	const struct gst_member *, const char *text);
/* Is anything? */
bool document_gst_said(const struct document_gst *);

struct json;
struct cJSON;
/* Key and object, or nothing. */
void document_gst_encode(struct json *, const struct document_gst *);
/* NULL: nothing is said, or, `wrong` then being the path, it is no such
 * object. */
const struct document_gst *document_gst_read(const struct cJSON *,
	struct arena *, const char **wrong);

#endif
