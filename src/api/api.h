#ifndef BAHI_API_API_H
#define BAHI_API_API_H
/*
 * The API under /v1: one table of routes (routes.c), one file a resource.
 * Reads on a connection of each thread; whatever writes goes to the pump.
 */
#include <stdio.h>

#include "flow/pump.h"
#include "net/httpd.h"
#include "store/backups.h"

struct api;

struct api_options {
	const char *store, *secrets, *schemes;
	const char *totp;		/* folder of second factors */
	int64_t tolerance;		/* seconds, of signed times */
	const char *fronts;		/* addresses whose X-Forwarded-For
					 * is believed (core/cidr.h) */
	struct backup_plan backup;
	int64_t minutes;		/* saved by each touchless item */
	/* Unix groups, comma separated, of each role; "" none. */
	struct drift *drift;
	struct consistency *consistency;
	struct backtester *backtester;
	struct exporter *exporter;
	struct committing *committing;
	struct lookers *lookers;
	int64_t token_minutes;	/* that tokens of OAuth are good for */
	struct witness *witness;	/* who reads what */
	bool govern;		/* changes wait for a second person */
	const char *viewers, *clerks, *approvers, *controllers, *admins,
	    *warehouses;
};

MUST_CHECK bool api_open(struct api **, const struct api_options *,
	struct err *);
/* Before the first request. */
void api_start(struct api *, struct pump *);
/* For pump_options.changed: wakes whoever waits for changes. */
void api_changed(void *api);
/* Answers everyone who waits; further waiting is answered at once. */
void api_stop(struct api *);
void api_close(struct api **);

/* Each route: method, path, roles, and what is left of it for a caller of
 * some entities. */
void api_dump(FILE *);

httpd_handler api_handle;	/* arg: the struct api */

#endif
