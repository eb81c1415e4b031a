/*
 * What documents do besides entries: stock by item and location, promises to
 * customers, and how far each order has come.  All of it is sums, so that
 * documents may come in any order.
 */
#include "flow/inside.h"

#include "book/quantity.h"
#include "store/figure.h"
#include "store/till.h"

/* Goods in (1), out (-1), or as the line's own sign says (0 means neither). */
static int
stock_sign(enum document_kind kind)
{
	switch (kind) {
	case DOC_INVENTORY_MOVE:
	case DOC_CREDIT_NOTE:
		return 1;
	case DOC_SHIPMENT:
	case DOC_SALES_INVOICE:
		return -1;
	default:
		return 0;
	}
}

static bool
quantity_of(const struct document_line *line, int64_t *out)
{
	return line->item != NULL && line->quantity != NULL &&
	    quantity_parse(span_of(line->quantity), out) && *out != 0;
}

/* ---- stock ------------------------------------------------------------ */

struct moving {
	struct settler *settler;
	struct work *work;
	const struct document *document;
	int sign;
};

/* Whoever waits for stock hears when there is more to promise. */
static bool
change_stock(struct moving *m, const char *item, const char *location,
    const struct stock_row *by, struct err *e)
{
	struct settler *settler = m->settler;
	const char *entity = m->document->entity;
	struct stock_row row;
	int64_t before;

	if (!stock_find(settler->books, entity, item, location, &row, e))
		return false;
	before = row.on_hand - row.reserved;
	row.on_hand += by->on_hand;
	row.reserved += by->reserved;
	row.value += by->value;
	row.tracked = row.tracked || by->tracked;
	if (row.on_hand - row.reserved > before)
		release_stock(settler, entity, item, location);
	if (row.tracked && row.on_hand < 0 && by->on_hand < 0 && m->sign > 0)
		finding_add(&m->work->findings, m->work->arena,
		    FIND_OVERSOLD, item, "lines.quantity", location);
	books_touch(settler->books, "stock", stock_key(m->work->arena, entity,
	    item, location));
	return stock_put(settler->books, entity, item, location, &row, e);
}

static bool
move_stock(struct moving *m, const struct document_line *line, struct err *e)
{
	int sign = stock_sign(m->document->kind);
	struct stock_row by = {
		.tracked = m->document->kind == DOC_INVENTORY_MOVE,
	};
	int64_t quantity;

	if (sign == 0 || line->location == NULL ||
	    !quantity_of(line, &quantity))
		return true;
	by.on_hand = m->sign * sign * quantity;
	by.value = m->sign * sign * line->cost;
	if (by.tracked && strcmp(line->type, "adjust") == 0)
		figures_adjusted(m->settler->books, &m->work->event,
		    m->document->entity, line->location, line->cost, m->sign);
	return count_moved(m->settler, m->work, m->document, line, &by,
	    m->sign, e) && change_stock(m, line->item, line->location, &by,
	    e);
}

/* ---- orders ----------------------------------------------------------- */

const char *
track_order(const struct document *document)
{
	if (document->order_number != NULL)
		return document->order_number;
	return document->kind == DOC_SALES_ORDER ? document->number : NULL;
}

static int64_t
open_quantity(const struct ordering_item *row)
{
	int64_t open = row->ordered - row->shipped;

	return row->location != NULL && open > 0 ? open : 0;
}

static void
warn_exceeded(struct moving *m, const char *item, int64_t quantity,
    int64_t ordered, const char *what)
{
	struct str text;

	str_init(&text, 2000);
	str_addf(&text, "%s %s ", item, what);
	quantity_plain(quantity, &text);
	str_adds(&text, " > ");
	quantity_plain(ordered, &text);
	finding_add(&m->work->findings, m->work->arena, FIND_ORDER_EXCEEDED,
	    text.p, "lines.quantity", m->document->order_number);
	str_free(&text);
}

static void
judge_exceeded(struct moving *m, const char *item,
    const struct ordering_item *row)
{
	if (m->sign < 0 || row->location == NULL)
		return;
	if (m->document->kind == DOC_SHIPMENT && row->shipped > row->ordered)
		warn_exceeded(m, item, row->shipped, row->ordered, "shipped");
	if (m->document->kind == DOC_SALES_INVOICE &&
	    row->invoiced > row->ordered)
		warn_exceeded(m, item, row->invoiced, row->ordered,
		    "invoiced");
}

/* The promise moves with the order: made at its location, kept as goods go. */
static bool
promise(struct moving *m, const char *item, const char *location,
    int64_t by, struct err *e)
{
	const struct stock_row change = { .reserved = by };

	return by == 0 || location[0] == '\0' ||
	    change_stock(m, item, location, &change, e);
}

static bool
change_item(struct moving *m, const char *number,
    const struct document_line *line, int64_t quantity, struct err *e)
{
	struct books *books = m->settler->books;
	const char *entity = m->document->entity;
	struct ordering_item row;
	const char *old_place;
	int64_t before;

	if (!ordering_item_find(books, entity, number, line->item,
	    m->work->arena, &row, e))
		return false;
	before = open_quantity(&row);
	old_place = row.location;
	switch (m->document->kind) {
	case DOC_SALES_ORDER:
		row.ordered += quantity;
		row.location = line->location != NULL ? line->location : "";
		break;
	case DOC_SHIPMENT:
		row.shipped += quantity;
		if (row.location == NULL && m->sign > 0)
			release_order(m->settler, entity, number);
		break;
	case DOC_SALES_INVOICE:
		row.invoiced += quantity;
		break;
	case DOC_CREDIT_NOTE:
		row.returned += quantity;
		break;
	default:
		return true;
	}
	judge_exceeded(m, line->item, &row);
	if (old_place != NULL && strcmp(old_place, row.location) != 0) {
		if (!promise(m, line->item, old_place, -before, e))
			return false;
		before = 0;
	}
	return ordering_item_put(books, entity, number, line->item, &row,
	    e) && (row.location == NULL ||
	    promise(m, line->item, row.location,
	    open_quantity(&row) - before, e));
}

/* Times are when things happened; what is taken back leaves them. */
static bool
change_order(struct moving *m, const char *number, struct err *e)
{
	const struct document *d = m->document;
	const struct event *event = &m->work->event;
	int64_t at = event->occurred != 0 ? event->occurred :
	    event->received;
	int64_t total = m->sign * d->total;
	struct ordering by = { .currency = d->currency };

	at = m->sign > 0 ? at : 0;
	switch (d->kind) {
	case DOC_SALES_ORDER:
		by.ordered = total;
		by.ordered_at = at;
		by.party = d->party;
		break;
	case DOC_SHIPMENT:
		by.shipped_at = at;
		break;
	case DOC_SALES_INVOICE:
		by.invoiced = total;
		by.invoiced_at = at;
		break;
	case DOC_PAYMENT:
		by.paid = total;
		by.paid_at = at;
		break;
	case DOC_CREDIT_NOTE:
		by.credited = total;
		break;
	case DOC_REFUND:
		by.refunded = total;
		break;
	default:
		return true;
	}
	books_touch(m->settler->books, "order", arena_printf(m->work->arena,
	    "%s/%s", d->entity, number));
	return figures_order(m->settler->books, event, d->entity, number, &by,
	    e) && ordering_add(m->settler->books, d->entity, number, &by, e);
}

bool
track(struct settler *settler, struct work *work,
    const struct document *document, int sign, struct err *e)
{
	struct moving m = { settler, work, document, sign };
	const char *number = track_order(document);
	int64_t quantity;

	till_note(settler->books, document, sign);
	if (number != NULL && !change_order(&m, number, e))
		return false;
	for (size_t i = 0; i < document->n_lines; i++) {
		const struct document_line *line = &document->lines[i];

		if (line->item == NULL)
			continue;
		if (document->kind == DOC_STOCK_COUNT && !count_take(settler,
		    work, document, line, sign, e))
			return false;
		if (!move_stock(&m, line, e))
			return false;
		if (number != NULL && quantity_of(line, &quantity) &&
		    !change_item(&m, number, line, sign * quantity, e))
			return false;
	}
	return true;
}

/* ---- promising -------------------------------------------------------- */

/* All that the order wants of one item at one place. */
static int64_t
wanted(const struct document *document, const struct document_line *of)
{
	int64_t sum = 0, quantity;

	for (size_t i = 0; i < document->n_lines; i++) {
		const struct document_line *line = &document->lines[i];

		if (quantity_of(line, &quantity) && line->location != NULL &&
		    strcmp(line->item, of->item) == 0 &&
		    strcmp(line->location, of->location) == 0)
			sum += quantity;
	}
	return sum;
}

bool
track_short(struct settler *settler, struct work *work,
    const struct document *document, const char **item,
    struct waiting *out, struct err *e)
{
	struct document_row row;
	bool found;

	*item = NULL;
	if (!document_find(settler->books, document, work->arena, &row,
	    &found, e))
		return false;
	for (size_t i = 0; !found && i < document->n_lines; i++) {
		const struct document_line *line = &document->lines[i];
		struct stock_row stock;
		struct ordering_item gone;
		int64_t quantity;

		if (!quantity_of(line, &quantity) || line->location == NULL)
			continue;
		if (!stock_find(settler->books, document->entity, line->item,
		    line->location, &stock, e) ||
		    !ordering_item_find(settler->books, document->entity,
		    track_order(document), line->item, work->arena, &gone, e))
			return false;
		/* What already left needs no promise. */
		quantity = wanted(document, line) - gone.shipped;
		if (!stock.tracked || quantity <= 0 ||
		    stock.on_hand - stock.reserved >= quantity)
			continue;
		*item = line->item;
		*out = (struct waiting){ .reason = WAIT_STOCK,
		    .weight = quantity,
		    .key = stock_key(work->arena, document->entity,
		    line->item, line->location),
		    .document = document_key(work->arena, document) };
		return true;
	}
	return true;
}
