#ifndef BAHI_FLOW_EXPORTER_H
#define BAHI_FLOW_EXPORTER_H
/*
 * Makes exports, one after the other, on a thread and a connection of its
 * own.  Files are offered only once all of them are on the disk and the row
 * says so: a stop before leaves nothing, and the next start says that it
 * failed.
 */
#include "core/json.h"
#include "flow/exporting.h"
#include "flow/pump.h"
#include "store/exports.h"

struct exporter;

struct exporter *exporter_new(const char *store, const char *folder);
void exporter_free(struct exporter **);

/* "gstr1", "json"; NULL: there is none. */
const struct export_form *export_form_find(const char *form,
	const char *format);

/* What is asked of the writer; made by the API. */
struct export_order {
	struct arena *arena;		/* has the order itself */
	struct exporter *exporter;
	struct export_row row;		/* to start; or its id, to cancel */
	const char *actor;

	bool absent;			/* out: no such export to cancel */
	struct err err;
	void (*finished)(struct export_order *);  /* takes it over; on the
						   * writer's thread */
	void *owner;
};

struct export_order *export_order_new(void);
void export_order_free(struct export_order **);

/* For pump_call. */
bool exporter_start(struct settler *, void *order);
bool exporter_cancel(struct settler *, void *order);

/* "done" and "total" of one that runs; 0 of any other. */
void exporter_progress(struct exporter *, int64_t id, int64_t *done,
	int64_t *total);
/* A file of an export whose files are kept, opened; -1: there is none. */
int exporter_file(struct exporter *, int64_t id, const char *name,
	int64_t *size);

#endif
