#ifndef BAHI_TARGETS_TALLY_XML_H
#define BAHI_TARGETS_TALLY_XML_H
/*
 * XML as Tally writes it: in UTF-8, UTF-16 or the Windows code page, with
 * control characters that no XML may have. Read into a small tree, with limits
 * on depth and count; a document type is refused, and with it every entity.
 */
#include "core/arena.h"
#include "core/span.h"
#include "core/str.h"

#define XML_NODES_MAX 300000

struct xml_node {
	const char *name;	/* "ALLLEDGERENTRIES.LIST" */
	const char *text;	/* its own, trimmed; never NULL */
	const char *title;	/* its attribute NAME; "" */
	const char *remote;	/* its attribute REMOTEID; "" */
	struct xml_node *first, *next;
};

/* UTF-8 without what XML 1.0 has no place for; out is cleared first. */
void xml_clean(struct span, struct str *out);
/* The root; nodes and texts live in the arena. False: it is no whole XML. */
MUST_CHECK bool xml_read(struct span, struct arena *,
	const struct xml_node **root, struct err *);
/* Down the path "BODY/DATA"; NULL: there is none. A NULL node has none. */
const struct xml_node *xml_at(const struct xml_node *, const char *path);
/* The text there; "": none. */
const char *xml_text(const struct xml_node *, const char *path);
/* The next of these names after `last` among the children; NULL first. */
const struct xml_node *xml_next(const struct xml_node *parent,
	const struct xml_node *last, const char *name);
/* Adds text as content or as a quoted attribute; controls are left out. */
void xml_put(struct str *, const char *text);

#endif
