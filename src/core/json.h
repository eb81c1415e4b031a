#ifndef BAHI_CORE_JSON_H
#define BAHI_CORE_JSON_H
/*
 * JSON without doubles. json_quote() judges foreign text strictly (RFC 8259,
 * UTF-8, no duplicate keys, bounded depth, no NUL escapes) and writes a copy
 * in which every bare number is a string of its exact source text; only that
 * copy is given to cJSON or to a rule.
 */
#include <stdint.h>
#include "core/arena.h"
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

/*
 * The values of a judged text in a row, each group before what is in it: read
 * without a tree. A member is its key, a string, and then its value.
 */
enum json_kind {
	JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY,
	JSON_OBJECT
};

struct json_token {
	uint32_t at, n;		/* in the text; without quotes */
	uint32_t end;		/* token past the value; of a key: past its
				 * member */
	uint32_t from, to;	/* of the value as it came, quotes and all */
	enum json_kind kind;
};

struct json_tape {
	struct span text;	/* quoted, and a NUL behind it */
	const struct json_token *tokens;
	size_t n;
};

/* Both judged, quoted and told in one pass; out is in the arena, untouched
 * when there is a fault. */
enum json_fault json_read(struct span in, int depth_max, struct arena *,
	struct json_tape *out, struct json_where *where);
/* The same of no more values than that; 0: of as many as there are. */
enum json_fault json_read_bounded(struct span in, int depth_max,
	size_t values_max, struct arena *, struct json_tape *out,
	struct json_where *where);

/* By its first byte: nothing is judged. */
bool json_is_array(struct span);

struct json_item {
	struct span text;		/* as it came */
	struct json_tape tape;
};

/* The items of an array, each as json_read gives it; depth and offset are of
 * the whole. *n is how many there are: those past max are judged, but not
 * kept. Anything but an array is JSON_SYNTAX. */
enum json_fault json_read_items(struct span in, int depth_max,
	struct arena *, struct json_item *items, size_t max, size_t *n,
	struct json_where *where);
struct json_tape json_tape_copy(const struct json_tape *, struct arena *);

/* As it stands in the text: escapes are still in it. */
struct span json_told(const struct json_tape *, size_t token);
/* The same without escapes; copied only when there are any. */
struct span json_plain(const struct json_tape *, size_t token,
	struct arena *);
/* Token of the member's value; 0: absent, or no object. */
size_t json_find(const struct json_tape *, size_t object, struct span key);
/* String or number at a path of members, "data.amount"; NULL: there is none.
 * In the arena. */
const char *json_take(const struct json_tape *, const char *path,
	struct arena *);
/* A member of the outermost object, when it is a number or a text without
 * escapes. p NULL: none. */
struct span json_member(const struct json_tape *, const char *key);

/* Reading: thin, over cJSON. The tree is of quoted text: numbers are
 * strings. Free with cJSON_Delete. */
struct cJSON;
struct cJSON *json_parse(struct span quoted);	/* NULL: not JSON */
/* Of foreign text, judged as json_quote does. NULL: ERR_JSON says where.
 * Bounded: of "[1,1,.." a tree is fifty times as large as the text. */
struct cJSON *json_strict(struct span text, struct err *);
struct cJSON *json_bounded(struct span text, size_t values_max, struct err *);
/* String at a path of object keys, "data.amount"; NULL when absent or not
 * a string. */
const char *json_text(const struct cJSON *, const char *path);
const char *json_word(const struct cJSON *, const char *path);	/* or "" */
/* A whole number that is written as text; 0: none. */
int64_t json_digits(const struct cJSON *, const char *path);
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
