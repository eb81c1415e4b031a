#ifndef BAHI_UI_EXPORTING_H
#define BAHI_UI_EXPORTING_H
/*
 * One export under way for what a GST view is of. Kept in the cache as "gst":
 * "export KEY" the receipt, "folder KEY" where its files go, "saved KEY" what
 * became of them. Called by the jobs thread.
 */
#include "ui/cache.h"
#include "wire/gst_export.h"

struct exporting {
	struct wire *wire;
	struct cache *cache;
	struct arena *arena;
	const char *key;	/* GSTIN and period */
};

MUST_CHECK bool exporting_start(const struct exporting *, const char *form,
	const char *format, const char *folder, struct err *);
/* How far it is; once it is done, its files are fetched. */
MUST_CHECK bool exporting_look(const struct exporting *, struct err *);
MUST_CHECK bool exporting_stop(const struct exporting *, struct err *);

#endif
