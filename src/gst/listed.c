/* Names of what GSTR-1 lists; see listed.h. */
#include "gst/listed.h"

#include "core/i18n.h"

static const struct {
	const char *name;
	bool documents, iff;
} sections[LISTED_SECTIONS] = {
	[R1_B2B] = { "b2b", true, true },
	[R1_B2BA] = { "b2ba", true, true },
	[R1_B2CL] = { "b2cl", true, false },
	[R1_B2CLA] = { "b2cla", true, false },
	[R1_B2CS] = { "b2cs", false, false },
	[R1_B2CSA] = { "b2csa", false, false },
	[R1_CDNR] = { "cdnr", true, true },
	[R1_CDNRA] = { "cdnra", true, true },
	[R1_CDNUR] = { "cdnur", true, false },
	[R1_CDNURA] = { "cdnura", true, false },
	[R1_EXP] = { "exp", true, false },
	[R1_EXPA] = { "expa", true, false },
	[R1_AT] = { "at", false, false },
	[R1_ATA] = { "ata", false, false },
	[R1_TXPD] = { "txpd", false, false },
	[R1_TXPDA] = { "txpda", false, false },
	[R1_NIL] = { "nil", false, false },
	[R1_SUPECO] = { "supeco", false, false },
	[R1_SUPECOA] = { "supecoa", false, false },
	[R1_ECOM] = { "ecom", true, false },
	[R1_ECOMA] = { "ecoma", true, false },
	[R1_HSN] = { "hsn", false, false },
	[R1_DOCS] = { "doc_issue", false, false },
};

const char *
listed_name(enum listed_section section)
{
	return sections[section].name;
}

bool
listed_find(const char *name, enum listed_section *out)
{
	for (int i = 0; i < LISTED_SECTIONS; i++) {
		if (strcmp(sections[i].name, name) == 0) {
			*out = (enum listed_section)i;
			return true;
		}
	}
	return false;
}

bool
listed_of_documents(enum listed_section section)
{
	return sections[section].documents;
}

bool
listed_in_iff(enum listed_section section)
{
	return sections[section].iff;
}

const char *
listed_nature(int64_t nature)
{
	/* To the letter: the offline tool finds them by their text. We issue
	 * no more than the first six. */
	static const char *const natures[] = { NULL,
		N_("Invoices for outward supply"),
		N_("Invoices for inward supply from unregistered person"),
		N_("Revised Invoice"),
		N_("Debit Note"),
		N_("Credit Note"),
		N_("Receipt Voucher"),
		"Payment Voucher", "Refund Voucher",
		"Delivery Challan for job work",
		"Delivery Challan for supply on approval",
		"Delivery Challan in case of liquid gas",
		"Delivery Challan in case other than by way of supply "
		"(excluding at S no. 9 to 11)",
	};

	return nature > 0 &&
	    nature < (int64_t)(sizeof natures / sizeof *natures) ?
	    natures[nature] : NULL;
}
