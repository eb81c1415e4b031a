#ifndef BAHI_CORE_JSON_H
#define BAHI_CORE_JSON_H
/*
 * JSON without doubles. json_quote() judges foreign text strictly (RFC 8259,
 * UTF-8, no duplicate keys, bounded depth, no NUL escapes) and writes a copy
 * in which every bare number is a string of its exact source text; only that
 * copy is given to cJSON or to a rule.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/str.h"

enum json_fault {
	JSON_OK, JSON_SYNTAX, JSON_DEPTH, JSON_UTF8, JSON_DUPLICATE,
	JSON_NUL, JSON_TOO_LARGE
};

#define JSON_DEPTH_MAX 32
#define JSON_NUMBER_MAX 64	/* longest number text */

struct json_where {
	size_t offset;		/* byte where the fault was seen */
	char key[64];		/* duplicate key, cut */
};

/* `out` is cleared first. Numbers longer than JSON_NUMBER_MAX: SYNTAX. */
enum json_fault json_quote(struct span in, int depth_max, struct str *out,
	struct json_where *where);
const char *json_fault_name(enum json_fault);	/* "json.duplicate_key" */

/* The value of a member of the outermost object, when it is a string without
 * escapes: for one look it beats making the tree. p NULL: none. */
struct span json_member(struct span quoted, const char *key);

/* Reading: thin, over cJSON. The tree is of quoted text: numbers are
 * strings. Free with cJSON_Delete. */
struct cJSON;
struct cJSON *json_parse(struct span quoted);	/* NULL: not JSON */
/* String at a path of object keys, "data.amount"; NULL when absent or not
 * a string. */
const char *json_text(const struct cJSON *, const char *path);
const struct cJSON *json_at(const struct cJSON *, const char *path);

/* Writing: commas and escapes are done here. Depth at most 32. */
struct json {
	struct str *out;
	unsigned depth;
	unsigned char first[JSON_DEPTH_MAX + 1];
	bool keyed;
};

void json_start(struct json *, struct str *out);
void json_open(struct json *, char open);	/* '{' or '[' */
void json_close(struct json *, char close);	/* '}' or ']' */
void json_key(struct json *, const char *);
void json_span(struct json *, struct span);	/* a string; bad UTF-8 -> U+FFFD */
void json_str(struct json *, const char *);	/* NULL -> null */
void json_int(struct json *, int64_t);		/* counts and versions only */
void json_bool(struct json *, bool);
void json_null(struct json *);
void json_raw(struct json *, struct span);	/* already JSON */
/* key and value at once */
void json_kstr(struct json *, const char *key, const char *);
void json_kint(struct json *, const char *key, int64_t);

#endif
