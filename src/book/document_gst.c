/*
 * What a document says of GST, member by member.
 */
#include "book/document_gst.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"

#define TEXT_MAX 1000		/* bytes, as of the rest of a document */
#define AT(field) offsetof(struct document_gst, field)

const struct gst_member document_gst_members[DOCUMENT_GST_MEMBERS] = {
	{ "gstin", GST_TEXT, AT(gstin) },
	{ "party_gstin", GST_TEXT, AT(party_gstin) },
	{ "party_name", GST_TEXT, AT(party_name) },
	{ "category", GST_TEXT, AT(category) },
	{ "place", GST_TEXT, AT(place) },
	{ "pin", GST_TEXT, AT(pin) },
	{ "supply", GST_TEXT, AT(supply) },
	{ "operator", GST_TEXT, AT(operator) },
	{ "seller", GST_TEXT, AT(seller) },
	{ "original", GST_TEXT, AT(original) },
	{ "original_date", GST_DAY, AT(original_date) },
	{ "port", GST_TEXT, AT(port) },
	{ "bill", GST_TEXT, AT(bill) },
	{ "bill_date", GST_DAY, AT(bill_date) },
	{ "credit", GST_TEXT, AT(credit) },
	{ "reverse_charge", GST_FLAG, AT(reverse_charge) },
	{ "reduced", GST_FLAG, AT(reduced) },
	{ "counter", GST_FLAG, AT(counter) },
	{ "debit_note", GST_FLAG, AT(debit_note) },
};

const struct gst_member *
document_gst_find(const char *name)
{
	for (size_t i = 0; i < DOCUMENT_GST_MEMBERS; i++)
		if (strcmp(document_gst_members[i].name, name) == 0)
			return &document_gst_members[i];
	return NULL;
}

static const void *
place_of(const struct document_gst *gst, const struct gst_member *member)
{
	return (const char *)gst + member->at;
}

const char *
document_gst_text(const struct document_gst *gst,
    const struct gst_member *member)
{
	const char *text;
	bool flag;

	if (gst == NULL)
		return NULL;
	switch (member->form) {
	case GST_TEXT:
		memcpy(&text, place_of(gst, member), sizeof text);
		return text;
	case GST_DAY:
		text = ((const struct day *)place_of(gst, member))->text;
		return text[0] != '\0' ? text : NULL;
	case GST_FLAG:
		memcpy(&flag, place_of(gst, member), sizeof flag);
		return flag ? "true" : NULL;
	}
	return NULL;
}

bool
document_gst_set(struct document_gst *out, const struct gst_member *member,
    const char *text)
{
	char *at = (char *)out + member->at;
	bool absent = text == NULL || text[0] == '\0';
	struct day day = { "" };

	if (absent)
		text = NULL;
	switch (member->form) {
	case GST_TEXT:
		memcpy(at, &text, sizeof text);
		return true;
	case GST_DAY:
		if (!absent && !day_parse(span_of(text), &day))
			return false;
		memcpy(at, &day, sizeof day);
		return true;
	case GST_FLAG:
		*(bool *)at = !absent;
		return absent || strcmp(text, "true") == 0;
	}
	return false;
}

bool
document_gst_said(const struct document_gst *gst)
{
	for (size_t i = 0; i < DOCUMENT_GST_MEMBERS; i++)
		if (document_gst_text(gst, &document_gst_members[i]) != NULL)
			return true;
	return false;
}

void
document_gst_encode(struct json *j, const struct document_gst *gst)
{
	if (gst == NULL || !document_gst_said(gst))
		return;
	json_key(j, "gst");
	json_open(j, '{');
	for (size_t i = 0; i < DOCUMENT_GST_MEMBERS; i++) {
		const struct gst_member *member = &document_gst_members[i];
		const char *text = document_gst_text(gst, member);

		if (text == NULL)
			continue;
		json_key(j, member->name);
		if (member->form == GST_FLAG)
			json_bool(j, true);
		else
			json_str(j, text);
	}
	json_close(j, '}');
}

/* ---- the way back ----------------------------------------------------- */

static bool
read_member(const cJSON *item, struct arena *arena, struct document_gst *out)
{
	const struct gst_member *member = document_gst_find(item->string);

	if (member == NULL)
		return false;
	if (cJSON_IsNull(item))
		return true;
	if (member->form == GST_FLAG)
		return cJSON_IsBool(item) && document_gst_set(out, member,
		    cJSON_IsTrue(item) ? "true" : NULL);
	return cJSON_IsString(item) && strlen(item->valuestring) <= TEXT_MAX
	    && document_gst_set(out, member,
	    arena_strdup(arena, item->valuestring));
}

const struct document_gst *
document_gst_read(const cJSON *tree, struct arena *arena, const char **wrong)
{
	struct document_gst *gst;
	const cJSON *item;

	*wrong = NULL;
	if (tree == NULL || cJSON_IsNull(tree))
		return NULL;
	*wrong = "gst";
	if (!cJSON_IsObject(tree))
		return NULL;
	gst = arena_alloc(arena, sizeof *gst);
	*gst = (struct document_gst){ 0 };
	cJSON_ArrayForEach(item, tree) {
		*wrong = arena_printf(arena, "gst.%.80s", item->string);
		if (!read_member(item, arena, gst))
			return NULL;
	}
	*wrong = NULL;
	return document_gst_said(gst) ? gst : NULL;
}
