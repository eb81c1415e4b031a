#ifndef BAHI_WIRE_GST_EXPORT_H
#define BAHI_WIRE_GST_EXPORT_H
/*
 * Exports of returns: made by the daemon, fetched from it.  Texts are "" when
 * absent.
 */
#include "wire/wire.h"

struct wire_gst_file {
	const char *name, *sha256;
	int64_t bytes, rows;
};

struct wire_gst_warning {
	const char *sentence;
	int64_t count;
};

struct wire_gst_export {
	const char *id, *gstin, *form, *period, *format;
	const char *state;	/* waiting running done failed cancelled */
	const char *why;
	int64_t done, total;	/* of total 0: not known yet */
	bool ended;		/* neither waiting nor running */
	struct wire_gst_file *files;
	struct wire_gst_warning *warnings;
	size_t n_files, n_warnings;
};

MUST_CHECK bool shape_gst_export(struct span, struct arena *,
	struct wire_gst_export *);

/* Begins one; `json`: as it came. */
MUST_CHECK bool wire_gst_export_start(struct wire *, const char *gstin,
	const char *period, const char *form, const char *format,
	struct arena *, struct span *json, struct err *);
/* `id` is X3. */
MUST_CHECK bool wire_gst_export_get(struct wire *, const char *id,
	struct arena *, struct span *json, struct err *);
MUST_CHECK bool wire_gst_export_cancel(struct wire *, const char *id,
	struct arena *, struct err *);
/* A file of it, piece by piece: no more is in memory than a piece. */
MUST_CHECK bool wire_gst_export_file(struct wire *, const char *id,
	const char *name, const struct http_sink *, struct arena *,
	struct err *);

#endif
