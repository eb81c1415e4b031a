#ifndef BAHI_UI_PANES_H
#define BAHI_UI_PANES_H
/*
 * A pane says its columns, its rows (from the cache, nothing else) and what
 * may be done there. A view is a pane opened on something.
 */
#include "core/map.h"
#include "core/vec.h"
#include "ui/cache.h"
#include "ui/grid.h"
#include "ui/jobs.h"
#include "ui/keys.h"
#include "ui/lists.h"

#define VIEW_KEY 128

struct pane;

struct place {
	const struct pane *pane;
	char key[VIEW_KEY];	/* what it is opened on: a signature, E12 */
	char title[200];	/* tame */
	char filter[64];	/* to begin with; "" none */
};

enum subject_kind {
	SUBJECT_NONE, SUBJECT_EVENT, SUBJECT_SIGNATURE, SUBJECT_SOURCE,
	SUBJECT_ROW,		/* of a list, by its key: `source` */
	SUBJECT_MOVED_ON	/* the row is drawn as it no longer is */
};

/* What an action on a row acts upon. */
struct subject {
	enum subject_kind kind;
	char event[24];
	int64_t version;
	char currency[4], amount[40];
	char signature[40];	/* of the event's first finding, or itself */
	char source[128];
	bool conflict, posted;
	bool code;		/* to approve it takes a one-time code */
	char document[200], seen[32];	/* and the version that is shown */
};

struct view {
	struct place place;
	struct cache *cache;
	struct arena *arena;	/* of the list */
	struct vec list;	/* struct row; panes without fetch */
	struct grid grid;
	struct map *marks;	/* event id -> struct subject; NULL: none */
	uint64_t generation;
	int64_t total;		/* -1: unknown */
	int64_t put_off;	/* of all, until later */
	bool put_off_too;	/* they are shown */
	bool posted;		/* the event that is shown */
	bool loaded;
	int64_t version;	/* of the record that is drawn; 0: a list */
	/* What the cache lacks; the loop has it fetched. */
	bool wants, asked;
	enum job_kind want;
	char want_key[VIEW_KEY];
	const char *want_body;	/* of a preview; in the arena */
	/* Of lists that the feed does not bring, see view_freshen(). */
	struct column columns[LIST_COLUMNS];
	int64_t asked_seq, known_seq, asked_at, again;
	bool unread;		/* no answer has ever come */
	int64_t answered;	/* clock_now of its last one; 0: the feed's */
	char needle[256];	/* of a list narrowed by typing */
	char filter[256];	/* pattern in force; "" none */
	void *data;		/* of the pane; drop() frees it */
	void (*drop)(struct view *);
	int pages;		/* of a long list, behind the first */
	struct paged *paged;	/* a list that is not all here */
	char below[VIEW_KEY];	/* the row that was asked about */
	struct arena *lower;	/* of the lower half */
	int lower_room;		/* cells of its lines */
	bool placed;		/* the cursor was put on the first record */
	int64_t go;		/* row to go to when loaded; -1: stay */
	bool done;		/* there is nothing left to do here */
	struct layout layout;	/* how its columns are arranged */
	int held;		/* how often, beside who frees it */
	int64_t spot;		/* number of the row as drawn last; 0: none */
	struct marking *marking;	/* of marks.c; NULL: none */
	bool old;		/* news are held back, see arrange_news() */
};

struct pane {
	const char *name, *title;	/* title: N_() */
	enum act act;		/* that leads there, from anywhere; or none */
	const struct column *columns;
	size_t n_columns;
	key_can can;		/* CAN_ bits */
	void (*load)(struct view *);	/* the list, or what is missing */
	grid_fetch *fetch;	/* NULL: rows are the list's, or of events */
	int64_t (*count)(struct view *);
	bool (*open)(struct view *, const struct row *, struct place *);
	bool (*subject)(struct view *, const struct row *, struct subject *);
	const char *list;	/* of ui/lists.c, instead of columns */
	/* What is shown of the row under the cursor, in the lower half; and
	 * what is to be fetched for it (JOB_GST), or "". */
	void (*below)(struct view *, const struct row *, struct vec *lines);
	const char *(*about)(struct view *, const struct row *);
	int lower;		/* lines of it at most; 0: as usual; -1:
				 * only beside the list, or on a tall screen */
};

extern const struct pane pane_overview, pane_backlog, pane_failures,
    pane_members, pane_event, pane_ledger, pane_entries, pane_journal,
    pane_help, pane_pick, pane_sync, pane_orders, pane_order, pane_stock,
    pane_files, pane_dead, pane_masters, pane_rows, pane_record,
    pane_intercompany, pane_adjust, pane_conflicts, pane_review,
    pane_plan, pane_runs, pane_receipt, pane_close, pane_approvals,
    pane_approval, pane_history, pane_gst, pane_gst_3b, pane_gst_hsn,
    pane_gst_issued, pane_gst_export, pane_gst_calendar, pane_gst_changes,
    pane_gst_agree,
    pane_recon, pane_followup,
    pane_gst_filings, pane_gst_cells, pane_gst_documents, pane_views,
    pane_cells, pane_palette, pane_output,
    pane_documents, pane_document, pane_decisions, pane_trace,
    pane_rulebook, pane_rule, pane_source, pane_messages, pane_cell,
    pane_groups, pane_search, pane_jobs, pane_bank, pane_bank_statement,
    pane_bank_tills, pane_bank_payouts, pane_bank_payout;
extern const struct pane pane_queue, pane_counts, pane_count, pane_targets,
    pane_causes, pane_commits, pane_commit, pane_drift, pane_drifted,
    pane_trial;
/* Every pane there is, NULL ended: the first are those of the digits. */
extern const struct pane *const panes[];
const struct pane *pane_named(const char *);	/* NULL: no such */
#define PANES_DIGITS 10
/* Where that action leads; NULL: it leads nowhere. */
const struct pane *pane_of(enum act);

struct below {
	enum tone tone;
	const char *text;	/* tame; as term_marked() draws it */
};

struct view *view_new(struct cache *, const struct place *);
void view_free(struct view **);
/* The columns of the pane's list, as wide as the list has them. */
void view_columns(struct view *);
/* Reads the cache again, staying in place. */
void view_load(struct view *);
void view_size(struct view *, int height);

/* For panes: a row of the list; cells end with NULL, are tame and live in
 * view->arena or for ever. */
void view_add(struct view *, enum tone, const char *key,
	const char *const *cells);
/* Of a record that is acted on: bound to the version that is drawn. */
void view_add_version(struct view *, enum tone, const char *key,
	int64_t version, const char *const *cells);
/* And with the values of its columns as they came. */
void view_add_raw(struct view *, enum tone, const char *key,
	int64_t version, const char *const *cells, const char *const *raw);
void view_want(struct view *, enum job_kind, const char *key);
/* True at first, when the feed has moved on, and once a minute: what the view
 * shows is then to be asked for again. */
bool view_ages(struct view *);
/* Has lists (a key of JOB_VIEW) fetched when the feed has moved on since. */
void view_freshen(struct view *, const char *key);
void place_set(struct place *, const struct pane *, const char *key,
	const char *title);
/* Code -> name of a table of master data; free with map_free(&m, NULL). */
struct map *view_names(struct view *, const char *table);
/* A row that is acted on by its key, at the version that is drawn. */
bool row_subject(struct view *, const struct row *, struct subject *);
/* Shared by the panes that list events. What is put off until later than
 * that is not to be seen now. */
const char *view_awake(struct arena *);
void events_start(struct view *);	/* whose columns are those below */
bool events_open(struct view *, const struct row *, struct place *);
bool events_subject(struct view *, const struct row *, struct subject *);
/* The same of a row whose key is "E12". */
bool events_keyed(struct view *, const struct row *, struct subject *);
/* panes/intercompany.c: the item of such a row, and why no entry of it can be
 * posted, or NULL. */
struct wire_mismatch;
bool adjust_find(struct cache *, struct arena *, const char *key,
	struct wire_mismatch *);
const char *adjust_missing(struct arena *, const struct wire_mismatch *);
/* panes/conflicts.c: what the daemon said of this very result of a review;
 * false: it has not judged it yet. */
struct review;
struct wire_preview;
bool review_judged(struct view *, const struct review *, struct arena *,
	struct wire_preview *);
/* The first thing that keeps it from the books; NULL: there is none. */
const char *review_objection(const struct wire_preview *);
/* panes/close.c: the board of such a view, and where its period is among all;
 * -1: not among them. */
struct wire_close;
bool close_find(struct cache *, struct arena *, const char *key,
	struct wire_close *);
int close_at(const struct wire_close *);
/* panes/cells.c: what such a view shows. */
void cells_of(struct view *, const struct grid *, const struct row *);
#define EVENTS_COLUMNS 10
extern const struct column events_columns[EVENTS_COLUMNS];
/* For panes that are a list of ui/lists.c: their rows as the cache has them,
 * and what is stale asked for. */
void list_load(struct view *);
/* panes/bank.c: the account whose statement comes behind the one that is
 * shown; NULL: there is no other. */
const char *bank_next_account(struct view *, struct arena *);
/* panes/overview.c: the next cell of its problems. */
void overview_step(struct view *, int step);
/* panes/source.c: of a row whose key is a source. */
bool source_open(struct view *, const struct row *, struct place *);

#endif
