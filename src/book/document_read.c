/*
 * A document as somebody wrote it, in the form that it is shown in: judged
 * member by member, since nothing of it may be lost without a word.
 */
#include "book/document.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "book/document_gst.h"
#include "book/document_member.h"
#include "core/json.h"

#define TEXT_MAX 1000		/* bytes, as of what rules make */

#define N(table) (sizeof(table) / sizeof *(table))

/* A text of nothing is an absent one. */
static bool
read_text(const cJSON *item, struct arena *arena, const char **out)
{
	if (!cJSON_IsString(item) || strlen(item->valuestring) > TEXT_MAX)
		return false;
	*out = item->valuestring[0] != '\0' ?
	    arena_strdup(arena, item->valuestring) : NULL;
	return true;
}

/* Digits alone: who writes 118.00 means rupees. */
static bool
read_number(const cJSON *item, int64_t *out)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	size_t n = strlen(text + (text[0] == '-'));

	if (n == 0 || n > 15 ||
	    strspn(text + (text[0] == '-'), "0123456789") != n)
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

static bool
read_member(const cJSON *item, const struct member *table, size_t n,
    struct arena *arena, void *out)
{
	for (size_t i = 0; i < n; i++) {
		char *at = (char *)out + table[i].at;

		if (strcmp(table[i].name, item->string) == 0)
			return table[i].form == MEMBER_TEXT ?
			    read_text(item, arena, (const char **)at) :
			    read_number(item, (int64_t *)at);
	}
	return false;
}

static bool
read_line(const cJSON *tree, struct arena *arena, struct document_line *out,
    size_t n, const char **wrong)
{
	const cJSON *item;

	*out = (struct document_line){ 0 };
	*wrong = arena_printf(arena, "lines[%zu]", n);
	if (!cJSON_IsObject(tree))
		return false;
	cJSON_ArrayForEach(item, tree) {
		if (read_member(item, document_line_members, DOCUMENT_LINE_MEMBERS,
		    arena, out))
			continue;
		*wrong = arena_printf(arena, "lines[%zu].%.80s", n,
		    item->string);
		return false;
	}
	*wrong = arena_printf(arena, "lines[%zu].%s", n,
	    out->type == NULL ? "type" : "amount");
	return out->type != NULL && json_text(tree, "amount") != NULL;
}

static bool
read_lines(const cJSON *list, struct arena *arena, struct document *out,
    const char **wrong)
{
	const cJSON *item;
	int n = cJSON_GetArraySize(list);

	*wrong = "lines";
	if (!cJSON_IsArray(list) || n > DOCUMENT_LINES_MAX)
		return false;
	out->lines = arena_alloc(arena, ((size_t)n + 1) * sizeof *out->lines);
	out->n_lines = 0;
	cJSON_ArrayForEach(item, list) {
		if (!read_line(item, arena, &out->lines[out->n_lines],
		    out->n_lines, wrong))
			return false;
		out->n_lines++;
	}
	return true;
}

static bool
read_gst(const cJSON *item, struct arena *arena, struct document *out,
    const char **wrong)
{
	const char *of_gst;

	out->gst = document_gst_read(item, arena, &of_gst);
	if (of_gst != NULL)
		*wrong = of_gst;
	return of_gst == NULL;
}

static bool
read_special(const cJSON *item, struct arena *arena, struct document *out,
    bool *ours, const char **wrong)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";

	*ours = true;
	if (strcmp(item->string, "kind") == 0)
		return document_kind_find(text, &out->kind);
	if (strcmp(item->string, "date") == 0)
		return day_parse(span_of(text), &out->date);
	if (strcmp(item->string, "posting_date") == 0)
		return day_parse(span_of(text), &out->posting);
	if (strcmp(item->string, "void") == 0) {
		out->voided = cJSON_IsTrue(item);
		return cJSON_IsBool(item);
	}
	if (strcmp(item->string, "lines") == 0)
		return read_lines(item, arena, out, wrong);
	if (strcmp(item->string, "gst") == 0)
		return read_gst(item, arena, out, wrong);
	*ours = false;
	return true;
}

static bool
whole(const cJSON *tree, const char **wrong)
{
	static const char *const needed[] = { "kind", "entity", "number",
	    "date", "currency", "total", "lines" };

	for (size_t i = 0; i < N(needed); i++) {
		const cJSON *item = json_at(tree, needed[i]);
		const char *text = json_text(tree, needed[i]);

		*wrong = needed[i];
		if (item == NULL || cJSON_IsNull(item) ||
		    (text != NULL && text[0] == '\0'))
			return false;
	}
	return true;
}

bool
document_read(const cJSON *tree, struct arena *arena, struct document *out,
    const char **wrong)
{
	const cJSON *item;

	*out = (struct document){ .base_version = -1, .control_count = -1 };
	*wrong = "";
	if (!cJSON_IsObject(tree))
		return false;
	cJSON_ArrayForEach(item, tree) {
		bool ours;

		*wrong = arena_strdup(arena, item->string);
		if (cJSON_IsNull(item))
			continue;	/* as good as not there */
		if (!read_special(item, arena, out, &ours, wrong) || (!ours &&
		    !read_member(item, document_head_members,
		    DOCUMENT_HEAD_MEMBERS, arena, out)))
			return false;
	}
	out->has_control = json_text(tree, "control_total") != NULL;
	return whole(tree, wrong);
}
