/* Every route there is. data/openapi.yaml describes each; a test compares. */
#include "api/inside.h"

const struct route routes[] = {
	{ "POST", "/v1/hooks/{}", ROLE_NONE, false, hooks_post },
	{ "GET", "/healthz", ROLE_NONE, false, health_get },
	{ "GET", "/metrics", ROLE_VIEWER, true, metrics_get },
	{ "POST", "/v1/events", ROLE_INTEGRATION, false, events_post },
	{ "GET", "/v1/events", ROLE_VIEWER, true, events_get },
	{ "GET", "/v1/events/{}", ROLE_INTEGRATION, true, event_get },
	{ "GET", "/v1/status", ROLE_VIEWER, true, status_get },
	{ "GET", "/v1/signatures", ROLE_VIEWER, true, signatures_get },
	{ "POST", "/v1/decisions", ROLE_CLERK, false, decisions_post },
	{ "GET", "/v1/trial-balance", ROLE_VIEWER, true,
	    trial_balance_get },
	{ "GET", "/v1/accounts/{}/entries", ROLE_VIEWER, true,
	    account_entries_get },
	{ "GET", "/v1/journals/{}", ROLE_VIEWER, true, journal_get },
	{ "GET", "/v1/documents", ROLE_VIEWER, true, documents_get },
	{ "GET", "/v1/documents/{}/{}/{}", ROLE_VIEWER, true,
	    document_get },
	{ "GET", "/v1/reference/{}/{}", ROLE_VIEWER, true,
	    reference_row_get },
	{ "PATCH", "/v1/reference/{}/{}", ROLE_CONTROLLER, false,
	    reference_row_patch },
	{ "DELETE", "/v1/reference/{}/{}", ROLE_CONTROLLER, false,
	    reference_row_delete },
	{ "GET", "/v1/reference/{}", ROLE_VIEWER, true, reference_get },
	{ "POST", "/v1/reference/{}", ROLE_CONTROLLER, false,
	    reference_post },
	{ "GET", "/v1/changes", ROLE_VIEWER, true, changes_get },
	{ "GET", "/v1/drift", ROLE_VIEWER, true, drift_get },
	{ "GET", "/v1/alerts", ROLE_VIEWER, true, alerts_get },
	{ "GET", "/v1/alerts/sent", ROLE_VIEWER, true, alerts_sent_get },
};

const size_t n_routes = sizeof routes / sizeof *routes;
