#ifndef BAHI_UI_CLI_GST_INSIDE_H
#define BAHI_UI_CLI_GST_INSIDE_H
/* Inside of `bahi gst`: what was asked, and the words of each file. */
#include "ui/cli_inside.h"
#include "ui/gst.h"

struct gst_asked {
	const char *word;		/* summary, gstr1 ... */
	const char *gstin, *period;	/* NULL: as usual */
	const char *out, *format, *form, *arn, *filed, *reason;	/* or NULL */
	const char *status, *party;	/* of recon; or NULL */
	bool force, yes;
	const char **rest;		/* NAME=VALUE, files, rows */
	size_t n;
};

typedef bool gst_run(struct job *, struct gst_asked *, int *status,
	struct err *);

/* GSTIN and period, when they were not said. */
bool gst_settle(struct job *, struct gst_asked *, struct err *);
/* Both as a key, with the NAME=VALUE that the list takes. */
bool gst_key(struct job *, const struct gst_asked *, const struct list *,
	const char **out, struct err *);
/* A list as asked for; NULL rows: it was printed as JSON. */
bool gst_rows(struct job *, struct gst_asked *, const char *list,
	struct list_rows *, bool *printed, struct err *);

/* cli_gst_recon.c */
gst_run gst_recon, gst_import;

gst_run gst_stop;
/* cli_gst_out.c: an export into --out. */
bool gst_write(struct job *, struct gst_asked *, const char *form,
	struct err *);

#endif
