/* Places of supply. What special rules say is for who writes the bill. */
#include "gst/place.h"

#include <string.h>

#include "gst/gstin.h"

static const char *
known(const struct reference *r, const char *state)
{
	const struct gst_state *found = reference_gst_state(r, state);

	return found != NULL ? found->code : NULL;
}

static const char *
state_of(const struct reference *r, const char *gstin)
{
	char state[3];

	if (gstin == NULL || strlen(gstin) < 2)
		return NULL;
	gstin_state(gstin, state);
	return known(r, state);
}

static const char *
other_state(const struct reference *r, const struct gst_sides *s)
{
	const char *state = NULL;

	if (s->category == GST_OVERSEAS)
		return known(r, GST_ABROAD);
	if (s->gstin != NULL)
		state = state_of(r, s->gstin);
	return state != NULL ? state : known(r, s->state);
}

const char *
gst_place_from(const struct reference *r, const struct gst_sides *s)
{
	return s->inward ? other_state(r, s) : state_of(r, s->own);
}

const char *
gst_place_default(const struct reference *r, const struct gst_sides *s)
{
	const char *place = s->inward ? NULL : other_state(r, s);
	const struct gst_state *state = reference_gst_state(r, place);

	return state != NULL && state->place ? place : state_of(r, s->own);
}

bool
gst_inter(const char *from, const char *place, enum gst_category category,
    bool cbw)
{
	if (category == GST_SEZ || category == GST_OVERSEAS || cbw)
		return true;
	return from != NULL && place != NULL && strcmp(from, place) != 0;
}

bool
gst_place_allowed(const struct reference *r, const char *place,
    enum gst_category category, struct day day)
{
	const struct gst_state *state = reference_gst_state(r, place);

	if (state == NULL || !state->place ||
	    strcmp(day.text, state->from.text) < 0 ||
	    (state->to.text[0] != '\0' &&
	    strcmp(day.text, state->to.text) > 0))
		return false;
	return strcmp(state->code, GST_ABROAD) != 0 ||
	    category == GST_OVERSEAS;
}

bool
gst_pin_fits(const struct gst_state *state, const char *pin)
{
	/* The army's post is delivered wherever it stands. */
	if (state->pins[0] == '\0' || pin[0] == '9')
		return true;
	for (const char *at = state->pins; *at != '\0';
	    at += strspn(at, " ")) {
		size_t n = strcspn(at, " ");

		if (n > 0 && strncmp(pin, at, n) == 0)
			return true;
		at += n;
	}
	return false;
}
