/* Where a supply is made, and the addresses that say so. */
#include "gst/place.h"

#include <string.h>

#include "checks/gst.h"
#include "checks/list.h"
#include "gst/gstin.h"

static bool
is_pin(const char *pin)
{
	return strlen(pin) == 6 && pin[0] != '0' &&
	    strspn(pin, "0123456789") == 6;
}

/* Of the message; else of master data. */
static const char *
pin_of(const struct gst_case *c)
{
	const struct taxpayer *t;

	if (c->said->pin != NULL && c->said->pin[0] != '\0')
		return c->said->pin;
	t = reference_taxpayer(c->reference, c->supply->party);
	return t != NULL && t->pin[0] != '\0' ? t->pin : NULL;
}

/* The state that the address is in: of the GSTIN, of master data, or where
 * what is sold goes. */
static const struct gst_state *
state_of(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	const struct taxpayer *t = reference_taxpayer(c->reference,
	    s->party);
	const char *state = s->place;
	char code[3];

	if (s->gstin != NULL) {
		gstin_state(s->gstin, code);
		state = code;
	} else if (t != NULL && t->state[0] != '\0') {
		state = t->state;
	} else if (s->inward) {
		return NULL;
	}
	return reference_gst_state(c->reference, state);
}

static void
judge_pin(const struct gst_case *c)
{
	const char *pin = pin_of(c);
	const struct gst_state *state;

	if (pin == NULL || c->supply->category == GST_OVERSEAS)
		return;
	state = state_of(c);
	if (!is_pin(pin))
		gst_find(c, FIND_GST_PIN, pin, "gst.pin", "not six digits");
	else if (state != NULL && !gst_pin_fits(state, pin))
		gst_find(c, FIND_GST_PIN, pin, "gst.pin",
		    arena_printf(c->arena, "not of %s", state->name));
}

/* Shipped to somebody here after all? */
static bool
shipped_here(const struct gst_case *c, const struct gst_state *place)
{
	return c->said->pin != NULL && is_pin(c->said->pin) &&
	    gst_pin_fits(place, c->said->pin);
}

static void
judge_place(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	const struct gst_state *place = reference_gst_state(c->reference,
	    s->place);

	if (c->said->place != NULL && c->said->place[0] != '\0' &&
	    !gst_place_allowed(c->reference, c->said->place, s->category,
	    s->date))
		gst_find(c, FIND_GST_PLACE, c->said->place, "gst.place", "");
	else if (place == NULL && !gst_is_note(s))
		gst_find(c, FIND_GST_PLACE_MISSING, s->party, "gst.place",
		    "");
	else if (!s->inward && s->category == GST_OVERSEAS &&
	    strcmp(place->code, GST_ABROAD) != 0 &&
	    !shipped_here(c, place))
		gst_find(c, FIND_GST_OVERSEAS, place->name, "gst.place", "");
}

/* What is listed bill by bill must say to whom. */
static void
judge_address(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	const struct taxpayer *t = reference_taxpayer(c->reference,
	    s->party);

	for (size_t i = 0; i < s->n_rows; i++) {
		if (s->rows[i].section != GST_B2CL)
			continue;
		if (s->name == NULL || s->name[0] == '\0' || t == NULL ||
		    t->address[0] == '\0')
			gst_find(c, FIND_GST_ADDRESS, s->number, "party",
			    "");
		return;
	}
}

void
gst_check_place(const struct gst_case *c)
{
	judge_place(c);
	judge_pin(c);
	judge_address(c);
}
