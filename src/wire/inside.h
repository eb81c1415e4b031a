#ifndef BAHI_WIRE_INSIDE_H
#define BAHI_WIRE_INSIDE_H
/* Inside of wire/: what its decoders share. */
#include "wire/shapes.h"

struct cJSON;

/* Numbers as texts; NULL: not JSON. Free with cJSON_Delete. */
struct cJSON *wire_tree(struct span);
void wire_findings(const struct cJSON *items, struct arena *,
	struct wire_findings *out);
/* A member as JSON of its own; "" for null or nothing. */
const char *wire_printed(const struct cJSON *, struct arena *);

#endif
