/*
 * GSTR-1 and the IFF: walks what is kept, leaves out what the portal would
 * refuse and says so, and adds up what went out.
 */
#include "core/i18n.h"
#include "exports/gstr1.h"
#include "flow/exporting.h"
#include "store/listed.h"

#define NAME_CHARACTERS 99

struct work {
	struct exporting *ing;
	const struct gstr1_format *format;
	struct gstr1_writer *writer;
	struct export_total total;
	int64_t left_out;		/* of the section */
};

static bool
has_csv(enum listed_section section)
{
	return section != R1_ECOMA;
}

/* Sections of whose rows the tool works out the tax by itself. */
static bool
has_no_tax(enum listed_section section)
{
	return section < R1_NIL;
}

static const char *
about(const struct listed *row)
{
	return row->number != NULL ? row->number : row->hsn != NULL ?
	    row->hsn : row->from != NULL ? row->from : row->place;
}

static void
warn_of_bill(struct work *work, const struct listed *row)
{
	if ((row->section == R1_EXP || row->section == R1_EXPA) &&
	    !gstr1_bill_fits(row))
		exporting_warn(work->ing, "bill", N_("Written without its"
		    " shipping bill: one needs a number of 3 to 7 digits, a"
		    " day, and a port of at most 6 characters."),
		    row->number);
}

static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; text != NULL && *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* Accepted by the portal, and wrong all the same. */
static void
warn_of_heads(struct work *work, const struct listed *rows, size_t n)
{
	for (size_t i = 0; i < n && rows->document != 0; i++)
		if (rows[i].tax[GST_CGST] != rows[i].tax[GST_SGST] ||
		    (rows[i].tax[GST_IGST] != 0 &&
		    rows[i].tax[GST_CGST] != 0)) {
			exporting_warn(work->ing, "mixed", N_("Integrated and"
			    " central tax in one row, or central tax that is"
			    " not the state's."), about(rows));
			return;
		}
}

/* The tool takes those of what is sold to consumers, and of advances. */
static bool
takes_negative(enum listed_section section)
{
	return section == R1_B2CS || section == R1_AT ||
	    section == R1_HSN || section == R1_SUPECO;
}

static bool
is_negative(const struct listed *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].taxable < 0 || rows[i].nil < 0 ||
		    rows[i].exempt < 0 || rows[i].non_gst < 0)
			return true;
	return false;
}

/* What a CSV cannot say as the books do. */
static void
warn_of_csv(struct work *work, const struct listed *rows, size_t n)
{
	int64_t tax[GST_HEADS];

	if (!has_csv(rows->section))
		exporting_warn(work->ing, "no_csv", N_("Not in the CSV files:"
		    " the offline tool has none of this table; take the"
		    " JSON."), about(rows));
	if (rows->document != 0 && characters(rows->name) > NAME_CHARACTERS)
		exporting_warn(work->ing, "name", N_("Cut: a name longer than"
		    " 99 characters."), rows->number);
	if (!takes_negative(rows->section) && is_negative(rows, n))
		exporting_warn(work->ing, "tool_negative", N_("The offline"
		    " tool takes no negative amount here; take the JSON."),
		    about(rows));
	for (size_t i = 0; i < n && has_no_tax(rows->section); i++) {
		gstr1_tool_tax(&rows[i], tax);
		if (memcmp(tax, rows[i].tax, sizeof tax) != 0) {
			exporting_warn(work->ing, "tool_tax", N_("The tool"
			    " works out tax from rate and value, which is"
			    " not to the paisa what the books have; the JSON"
			    " has that."), about(rows));
			break;
		}
	}
}

static void
add_up(struct work *work, const struct listed *rows, size_t n)
{
	struct export_total *total = &work->total;
	bool note = rows->section >= R1_CDNR && rows->section <= R1_CDNURA;
	int sign = note && !rows->debit ? -1 : 1;

	total->rows += (int64_t)n;
	for (size_t i = 0; i < n; i++) {
		total->documents += rows[i].documents;
		if (i == 0 || rows->document == 0)
			total->value += sign * rows[i].value;
		total->taxable += sign * rows[i].taxable;
		for (int head = 0; head < GST_HEADS; head++)
			total->tax[head] += sign * rows[i].tax[head];
	}
}

/* Sums are few, whatever they are sums of. */
static bool
step(struct work *work, const struct listed *rows, size_t n, struct err *e)
{
	return exporting_step(work->ing, rows->document != 0 ? (int64_t)n :
	    0, e);
}

static bool
take(void *arg, const struct listed *rows, size_t n, struct err *e)
{
	struct work *work = arg;
	enum gstr1_fault fault = gstr1_judge(rows, n);

	if (fault != GSTR1_FINE) {
		work->left_out++;
		exporting_warn(work->ing, gstr1_fault_name(fault),
		    gstr1_fault_sentence(fault), about(rows));
		return step(work, rows, n, e);
	}
	if (rows->missing > 0)
		exporting_warn(work->ing, "gap", N_("Numbers of a series are"
		    " missing between its first and its last."), rows->from);
	warn_of_bill(work, rows);
	warn_of_heads(work, rows, n);
	if (work->format == &gstr1_csv)
		warn_of_csv(work, rows, n);
	add_up(work, rows, n);
	return work->format->unit(work->writer, rows, n, e) &&
	    step(work, rows, n, e);
}

/* Of what the summary has as it goes out: amended sums are kept as the change
 * alone, and an IFF that is not filed is a part of its quarter. */
static bool
is_summed(const struct listing *listing, enum listed_section section)
{
	return !listing->iff && section <= R1_NIL && section != R1_B2CSA &&
	    section != R1_ATA && section != R1_TXPDA;
}

/* What was written is what the summary says, unless something was left out. */
static bool
compare(struct work *work, const struct listing *listing,
    enum listed_section section, struct err *e)
{
	int64_t sum;

	if (!is_summed(listing, section))
		return true;
	if (!listed_sum(listing, section, &sum, e))
		return false;
	if (sum != work->total.taxable && work->left_out == 0)
		exporting_warn(work->ing, "differs", N_("Does not add up to"
		    " the summary of the section: run bahid rebuild."),
		    listed_name(section));
	return true;
}

static bool
write_section(struct work *work, const struct listing *listing,
    enum listed_section section, struct err *e)
{
	work->total = (struct export_total){ .section =
	    listed_name(section) };
	work->left_out = 0;
	if (!listed_walk(listing, section, take, work, e) ||
	    !compare(work, listing, section, e))
		return false;
	if (work->total.rows > 0)
		exporting_total(work->ing, &work->total);
	return true;
}

static bool
unplaced(void *arg, const char *number, struct err *e)
{
	(void)e;
	exporting_warn(arg, "unplaced", N_("Left out: no section takes it;"
	    " rate, treatment or place of supply is not known."), number);
	return true;
}

static bool
write_all(struct work *work, const struct listing *listing, struct err *e)
{
	int64_t rows;

	if (!listed_count(listing, &rows, e))
		return false;
	exporting_expect(work->ing, rows);
	for (int i = 0; i < LISTED_SECTIONS; i++)
		if ((!listing->iff || listed_in_iff((enum listed_section)i))
		    && !write_section(work, listing, (enum listed_section)i,
		    e))
			return false;
	return listed_unplaced(listing, unplaced, work->ing, e) &&
	    work->format->end(work->writer, e);
}

static bool
write_form(struct exporting *ing, const struct gstr1_format *format,
    bool iff, struct err *e)
{
	const struct listing listing = { ing->db, ing->reference, ing->gstin,
	    ing->period, iff };
	const struct gstr1_head head = { ing->gstin, ing->period, ing->today,
	    iff, GSTR1_FILE_MAX };
	struct work work = { .ing = ing, .format = format };
	bool ok;

	work.writer = format->new(&head, ing->out);
	ok = write_all(&work, &listing, e);
	format->free(&work.writer);
	return ok;
}

static bool
write_gstr1_json(struct exporting *ing, struct err *e)
{
	return write_form(ing, &gstr1_json, false, e);
}

static bool
write_gstr1_csv(struct exporting *ing, struct err *e)
{
	return write_form(ing, &gstr1_csv, false, e);
}

static bool
write_iff_json(struct exporting *ing, struct err *e)
{
	return write_form(ing, &gstr1_json, true, e);
}

static bool
write_iff_csv(struct exporting *ing, struct err *e)
{
	return write_form(ing, &gstr1_csv, true, e);
}

const struct export_form export_gstr1_json = {
	"gstr1", "json", write_gstr1_json
};
const struct export_form export_gstr1_csv = {
	"gstr1", "csv", write_gstr1_csv
};
const struct export_form export_iff_json = {
	"iff", "json", write_iff_json
};
const struct export_form export_iff_csv = {
	"iff", "csv", write_iff_csv
};
