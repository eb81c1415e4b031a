#ifndef BAHI_UI_SAVE_H
#define BAHI_UI_SAVE_H
/*
 * The files of an export into a folder, for their owner's eyes only. All of
 * them are fetched and proved before the first gets its name, and none takes
 * the place of one that says something else unless that is wanted.
 */
#include "wire/gst_export.h"

struct save {
	const char *folder;	/* is made when it is not there */
	bool force;		/* what stands there is replaced */
	size_t written, same;	/* files; same: stood there already */
};

MUST_CHECK bool save_export(struct wire *, const struct wire_gst_export *,
	struct save *, struct arena *, struct err *);
/* What is typed for a folder: ~ is the home. */
const char *save_folder(struct arena *, const char *typed);

#endif
