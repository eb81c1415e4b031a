/*
 * The table of lists, and how one answer of the API becomes rows of text.
 * Asks nobody and draws nothing.
 */
#include "ui/lists.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/gst.h"
#include "ui/text.h"

#define CELL_MAX 300	/* bytes of one text shown in a list */

const struct list lists[] = {
	{ "flows", N_("flows as configured, and what is late"), "/v1/flows",
	    "items", { NULL }, false, "source", { "late", "paused" }, NULL, {
	    { "source", N_("Source"), FORM_TEXT, 10, 0 },
	    { "kind", N_("Kind"), FORM_KIND, 13, -1 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 6 },
	    { "late", N_("Late"), FORM_COUNT, 4, 0 },
	    { "waiting", N_("Waiting"), FORM_COUNT, 7, 1 },
	    { "held", N_("Held"), FORM_COUNT, 4, 1 },
	    { "failed", N_("Failed"), FORM_COUNT, 6, 1 },
	    { "oldest", N_("Oldest"), FORM_AGE, 6, 2 },
	    { "latency", N_("Within"), FORM_SECONDS, 6, 4 },
	    { "objective", N_("Recover"), FORM_COUNT, 7, 8 },
	    { "pattern", N_("Pattern"), FORM_TEXT, 8, 5 },
	    { "window", N_("Window"), FORM_TEXT, 11, 7 },
	    { "owner", N_("Owner"), FORM_TEXT, 8, 3 },
	    { "paused", N_("Paused"), FORM_AGE, 6, 0 } }, NULL },
	{ "orders", N_("from order to cash, order by order"), "/v1/orders",
	    "items", { "number", "after", "limit" }, true, "number", { NULL },
	    "currency", {
	    { "number", N_("Order"), FORM_TEXT, 12, -1 },
	    { "state", N_("State"), FORM_STATE, 12, 0 },
	    { "party", N_("Party"), FORM_TEXT, 12, 3 },
	    { "ordered_at", N_("Ordered"), FORM_AGE, 7, 4 },
	    { "ordered", N_("Amount"), FORM_MONEY, 13, 0 },
	    { "invoiced", N_("Invoiced"), FORM_MONEY, 13, 1 },
	    { "paid", N_("Paid"), FORM_MONEY, 13, 0 },
	    { "credited", N_("Credited"), FORM_MONEY, 13, 5 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 2 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 6 } }, NULL },
	{ "order", N_("items of an order, and what is still to come"),
	    "/v1/orders", "items/items", { "number" }, true, "item", { NULL },
	    NULL, {
	    { "item", N_("Item"), FORM_TEXT, 16, -1 },
	    { "location", N_("Location"), FORM_TEXT, 9, 1 },
	    { "ordered", N_("Ordered"), FORM_QUANTITY, 9, 0 },
	    { "shipped", N_("Shipped"), FORM_QUANTITY, 9, 0 },
	    { "backorder", N_("Backorder"), FORM_QUANTITY, 9, 0 },
	    { "invoiced", N_("Invoiced"), FORM_QUANTITY, 9, 0 },
	    { "returned", N_("Returned"), FORM_QUANTITY, 9, 0 } }, NULL },
	{ "stock", N_("stock by item and location; short comes first"),
	    "/v1/stock", "items", { "location", "q", "after", "limit" }, true,
	    "item", { "short" }, "currency", {
	    { "item", N_("Item"), FORM_TEXT, 16, -1 },
	    { "location", N_("Location"), FORM_TEXT, 9, 0 },
	    { "on_hand", N_("On hand"), FORM_QUANTITY, 9, 0 },
	    { "reserved", N_("Reserved"), FORM_QUANTITY, 9, 1 },
	    { "available", N_("Available"), FORM_QUANTITY, 9, 0 },
	    { "short", N_("Short"), FORM_FLAG, 5, 0 },
	    { "value", N_("Value"), FORM_MONEY, 14, 2 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 3 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 4 } }, NULL },
	{ "targets", N_("targets, and how each does"), "/v1/targets", "items",
	    { NULL }, false, "name", { "state", "breaker",
	    "states.dead", "states.failed" },
	    NULL, {
	    { "name", N_("Target"), FORM_TEXT, 12, 0 },
	    { "state", N_("State"), FORM_STATE, 8, 0 },
	    { "breaker", N_("Link"), FORM_LINK, 7, 0 },
	    { "backlog", N_("Backlog"), FORM_COUNT, 7, 0 },
	    { "oldest", N_("Oldest"), FORM_AGE, 6, 0 },
	    { "states.failed", N_("Failed"), FORM_COUNT, 6, 0 },
	    { "states.dead", N_("Dead"), FORM_COUNT, 5, 0 },
	    { "states.retrying", N_("Retrying"), FORM_COUNT, 8, 3 },
	    { "next_at", N_("Next"), FORM_TIME, 16, 2 },
	    { "rate", N_("Rate"), FORM_COUNT, 4, 6 },
	    { "states.done", N_("Done"), FORM_COUNT, 9, 5 },
	    { "good", N_("Good"), FORM_AGE, 5, 7 },
	    { "kind", N_("Kind"), FORM_TEXT, 8, 8 },
	    { "why", N_("Why"), FORM_TEXT, 16, -1 },
	    { "actor", N_("Who"), FORM_TEXT, 8, 10 },
	    { "reason", N_("Reason"), FORM_TEXT, 12, 9 } }, NULL },
	{ "causes", N_("what does not get to its target, by cause"),
	    "/v1/commits/causes", "items", { "target" }, false, "id",
	    { "dead", "failed" }, NULL, {
	    { "target", N_("Target"), FORM_TEXT, 10, 0 },
	    { "refusal", N_("Class"), FORM_STATE, 10, 0 },
	    { "n", N_("Commits"), FORM_COUNT, 7, 0 },
	    { "failed", N_("Failed"), FORM_COUNT, 6, 2 },
	    { "dead", N_("Dead"), FORM_COUNT, 5, 2 },
	    { "retrying", N_("Retrying"), FORM_COUNT, 8, 3 },
	    { "since", N_("Since"), FORM_AGE, 6, 0 },
	    { "last", N_("Last"), FORM_AGE, 5, 1 },
	    { "journal", N_("Journal"), FORM_TEXT, 8, 4 },
	    { "words", N_("In its words"), FORM_WORDS, 24, -1 } }, "change" },
	{ "commits", N_("which journals are at which target, or why not"),
	    "/v1/commits", "items", { "of", "state", "target", "entity",
	    "kind", "number", "after", "limit" }, true, "id", { "refusal" },
	    NULL, {
	    { "target", N_("Target"), FORM_TEXT, 10, 5 },
	    { "journal", N_("Journal"), FORM_TEXT, 8, 0 },
	    { "state", N_("State"), FORM_STATE, 10, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 22, -1 },
	    { "refusal", N_("Class"), FORM_STATE, 10, 2 },
	    { "attempts", N_("Attempts"), FORM_COUNT, 8, 6 },
	    { "next_at", N_("Next"), FORM_TIME, 16, 7 },
	    { "remote_number", N_("There as"), FORM_TEXT, 12, 1 },
	    { "at", N_("Age"), FORM_AGE, 5, 3 },
	    { "words", N_("In its words"), FORM_TEXT, 24, 4 },
	    { "actor", N_("Who"), FORM_TEXT, 8, 8 },
	    { "reason", N_("Reason"), FORM_TEXT, 12, 9 } }, NULL },
	{ "target_drift", N_("what a target holds otherwise than we do"),
	    "/v1/targets/{}/drift", "items", { "state", "kind", "after",
	    "limit" }, true, "id", { "kind" }, "currency", {
	    { "kind", N_("What"), FORM_STATE, 10, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 22, -1 },
	    { "remote_number", N_("There as"), FORM_TEXT, 16, 0 },
	    { "date", N_("Date"), FORM_DAY, 10, 3 },
	    { "amount", N_("Moves"), FORM_MONEY, 13, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 5 },
	    { "found", N_("Age"), FORM_AGE, 5, 1 },
	    { "state", N_("State"), FORM_STATE, 10, 2 },
	    { "act", N_("Said"), FORM_STATE, 7, 4 },
	    { "actor", N_("Who"), FORM_TEXT, 8, 6 },
	    { "words", N_("In its words"), FORM_TEXT, 16, 7 },
	    { "id", N_("Drift"), FORM_TEXT, 6, 8 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 9 } }, "version" },
	{ "target_trial", N_("the trial balance of a target beside ours"),
	    "/v1/targets/{}/trial", "items", { NULL }, false, "account",
	    { "difference" }, NULL, {
	    { "account", N_("Account"), FORM_TEXT, 10, 0 },
	    { "name", N_("Name"), FORM_TEXT, 14, -1 },
	    { "amount", N_("Ours"), FORM_RUPEES, 15, 1 },
	    { "in_flight", N_("On its way"), FORM_RUPEES, 13, 3 },
	    { "refused", N_("Refused"), FORM_RUPEES, 13, 4 },
	    { "skipped", N_("Skipped"), FORM_RUPEES, 13, 5 },
	    { "expected", N_("Expected"), FORM_RUPEES, 15, 0 },
	    { "held", N_("There"), FORM_RUPEES, 15, 0 },
	    { "difference", N_("Difference"), FORM_RUPEES, 13, 0 },
	    { "only", N_("Only"), FORM_STATE, 6, 2 } }, NULL },
	{ "counts", N_("stock counts, the newest first"), "/v1/counts",
	    "items", { "location", "entity", "after", "limit" }, true, "id",
	    { "open" }, "currency", {
	    { "count", N_("Count"), FORM_TEXT, 12, -1 },
	    { "state", N_("State"), FORM_STATE, 10, 0 },
	    { "day", N_("Day"), FORM_DAY, 10, 1 },
	    { "location", N_("Location"), FORM_TEXT, 9, 2 },
	    { "lines", N_("Lines"), FORM_COUNT, 6, 3 },
	    { "open", N_("To decide"), FORM_COUNT, 9, 0 },
	    { "differs", N_("Recount"), FORM_COUNT, 7, 4 },
	    { "value", N_("Differs by"), FORM_MONEY, 13, 0 },
	    { "adjusted_value", N_("Adjusted"), FORM_MONEY, 13, 5 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 6 },
	    { "counter", N_("Who"), FORM_TEXT, 12, 7 },
	    { "event", N_("Event"), FORM_TEXT, 8, 9 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 8 } }, NULL },
	{ "count_lines", N_("a count beside stock, line by line"),
	    "/v1/counts/lines", "items", { "of", "state", "after", "limit" },
	    true, "id", { "decide" }, "currency", {
	    { "state", N_("State"), FORM_STATE, 16, 0 },
	    { "item", N_("Item"), FORM_TEXT, 12, -1 },
	    { "location", N_("Location"), FORM_TEXT, 9, 3 },
	    { "expected", N_("Stock"), FORM_QUANTITY, 8, 0 },
	    { "counted", N_("Counted"), FORM_QUANTITY, 8, 0 },
	    { "open", N_("Differs"), FORM_QUANTITY, 8, 0 },
	    { "value", N_("Value"), FORM_MONEY, 12, 1 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 5 },
	    { "adjusted", N_("Adjusted"), FORM_QUANTITY, 8, 4 },
	    { "adjusted_by", N_("By"), FORM_TEXT, 7, 6 },
	    { "moved_since", N_("Later"), FORM_QUANTITY, 7, 7 },
	    { "reserved", N_("Reserved"), FORM_QUANTITY, 8, 8 },
	    { "in_transit", N_("On its way"), FORM_QUANTITY, 10, 9 },
	    { "counter", N_("Who"), FORM_TEXT, 12, 10 },
	    { "day", N_("Day"), FORM_DAY, 10, 11 },
	    { "event", N_("Event"), FORM_TEXT, 8, 12 } }, NULL },
	{ "batches", N_("batches that gather, and those closed last"),
	    "/v1/batches", "items", { "after", "limit" }, true, "key", { NULL },
	    "currency", {
	    { "key", N_("Batch"), FORM_TEXT, 24, -1 },
	    { "state", N_("State"), FORM_STATE, 6, 0 },
	    { "documents", N_("Documents"), FORM_COUNT, 9, 0 },
	    { "total", N_("Total"), FORM_MONEY, 14, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 },
	    { "control_total", N_("Control"), FORM_MONEY, 14, 2 },
	    { "due", N_("Due"), FORM_TIME, 16, 3 },
	    { "journal", N_("Journal"), FORM_TEXT, 8, 1 },
	    { "closed", N_("Closed"), FORM_TIME, 16, 4 } }, NULL },
	{ "dead", N_("what failed, by whose it is to correct"),
	    "/v1/dead-letters", "items", { "class", "after", "limit" }, true,
	    "event.id", { NULL }, "event.currency", {
	    { "class", N_("Class"), FORM_STATE, 9, 0 },
	    { "event.id", N_("Event"), FORM_TEXT, 8, 0 },
	    { "event.received", N_("Age"), FORM_AGE, 4, 1 },
	    { "event.source", N_("Source"), FORM_TEXT, 9, 2 },
	    { "event.document", N_("Document"), FORM_DOCUMENT, 22, 3 },
	    { "event.amount", N_("Amount"), FORM_MONEY, 13, 4 },
	    { "event.currency", N_("Cur"), FORM_TEXT, 3, 5 },
	    { "event.findings.0.sentence", N_("Finding"), FORM_TEXT, 24,
		-1 } }, "event.version" },
	{ "files", N_("files of the inbox and their records"), "/v1/files",
	    "items", { "source", "state", "after", "limit" }, true, "id",
	    { "failed", "why" }, NULL, {
	    { "id", N_("File"), FORM_TEXT, 6, 0 },
	    { "state", N_("State"), FORM_STATE, 8, 0 },
	    { "source", N_("Source"), FORM_TEXT, 9, 3 },
	    { "name", N_("Name"), FORM_TEXT, 16, -1 },
	    { "read", N_("Read"), FORM_COUNT, 7, 2 },
	    { "of", N_("Of"), FORM_COUNT, 7, 5 },
	    { "posted", N_("Posted"), FORM_COUNT, 7, 0 },
	    { "waiting", N_("Waiting"), FORM_COUNT, 7, 1 },
	    { "failed", N_("Failed"), FORM_COUNT, 7, 0 },
	    { "trailer", N_("Totals"), FORM_STATE, 8, 4 },
	    { "started", N_("Age"), FORM_AGE, 4, 2 },
	    { "why", N_("Why"), FORM_TEXT, 16, 6 } }, NULL },
	{ "conflicts", N_("what two sides changed, oldest first"),
	    "/v1/conflicts", "items", { "entity", "after", "limit" }, true,
	    "event", { NULL }, "currency", {
	    { "event", N_("Event"), FORM_TEXT, 8, 0 },
	    { "received", N_("Age"), FORM_AGE, 4, 1 },
	    { "kind", N_("Kind"), FORM_KIND, 13, 6 },
	    { "number", N_("Number"), FORM_TEXT, 12, -1 },
	    { "at_stake", N_("At stake"), FORM_MONEY, 13, 0 },
	    { "amount", N_("Amount"), FORM_MONEY, 13, 4 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 3 },
	    { "fields", N_("Fields"), FORM_COUNT, 6, 2 },
	    { "overlap", N_("Overlap"), FORM_COUNT, 7, 0 },
	    { "current_by", N_("Changed by"), FORM_TEXT, 12, 0 },
	    { "incoming_by", N_("Wants"), FORM_TEXT, 12, 0 } }, NULL },
	{ "alerts", N_("what is wrong with the system"),
	    "/v1/alerts?state=raised", "items", { NULL }, true, "id",
	    { "state" }, NULL, {
	    { "since", N_("Since"), FORM_AGE, 6, 0 },
	    { "sentence", N_("Sentence"), FORM_TEXT, 24, -1 } }, NULL },
	{ "masters", N_("master data"), "", "items", { NULL }, false, "code",
	    { NULL }, NULL, {
	    { "code", N_("Code"), FORM_TEXT, 12, 0 },
	    { "name", N_("Name"), FORM_TEXT, 20, -1 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 3 },
	    { "kind", N_("Kind"), FORM_TEXT, 10, 2 },
	    { "extra", N_("Extra"), FORM_TEXT, 12, 4 },
	    { "from", N_("From"), FORM_DAY, 10, 1 },
	    { "to", N_("To"), FORM_DAY, 10, 0 } }, NULL },
	{ "numbers", N_("the numbers that finance asks for"), "/v1/numbers",
	    "sources", { NULL }, false, "name", { NULL }, NULL, {
	    { "name", N_("Source"), FORM_TEXT, 12, -1 },
	    { "posted", N_("Posted"), FORM_COUNT, 8, 0 } }, NULL },
	{ "clearing", N_("money under way"), "/v1/clearing", "accounts",
	    { NULL }, false, "account", { NULL }, "currency", {
	    { "account", N_("Account"), FORM_TEXT, 8, 0 },
	    { "name", N_("Name"), FORM_TEXT, 16, -1 },
	    { "captured", N_("Captured"), FORM_MONEY, 14, 1 },
	    { "settled", N_("Settled"), FORM_MONEY, 14, 1 },
	    { "balance", N_("Under way"), FORM_MONEY, 14, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 },
	    { "oldest", N_("Oldest"), FORM_AGE, 6, 0 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 2 } }, NULL },
	{ "bank", N_("lines of statements, and what is suggested"),
	    "/v1/bank/lines", "items", { "state", "account", "entity",
	    "on", "after", "limit" }, true, "id", { NULL }, "currency", {
	    { "id", N_("Line"), FORM_TEXT, 8, 0 },
	    { "day", N_("Date"), FORM_DAY, 10, 1 },
	    { "amount", N_("Amount"), FORM_MONEY, 14, 0 },
	    { "text", N_("At the bank"), FORM_TEXT, 24, -1 },
	    { "suggestion.first.number", N_("In books"), FORM_TEXT, 14, 0 },
	    { "suggestion.account", N_("Book to"), FORM_TEXT, 8, 2 },
	    { "suggestion.rule", N_("Why"), FORM_TEXT, 10, 0 },
	    { "suggestion.sure", N_("Sure"), FORM_TEXT, 8, 3 },
	    { "before", N_("Same as"), FORM_TEXT, 8, 7 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 4 },
	    { "account", N_("Account"), FORM_TEXT, 8, 5 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 6 } }, NULL },
	{ "bank_entries", N_("entries that no statement has"),
	    "/v1/bank/entries", "items", { "account", "entity", "state",
	    "on", "after", "limit" }, true, "id", { NULL }, "currency", {
	    { "id", N_("Entry"), FORM_TEXT, 10, 0 },
	    { "day", N_("Date"), FORM_DAY, 10, 1 },
	    { "amount", N_("Amount"), FORM_MONEY, 14, 0 },
	    { "number", N_("Number"), FORM_TEXT, 16, -1 },
	    { "party", N_("Party"), FORM_TEXT, 12, 2 },
	    { "reference", N_("Reference"), FORM_TEXT, 14, 3 },
	    { "journal", N_("Journal"), FORM_TEXT, 8, 4 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 5 },
	    { "account", N_("Account"), FORM_TEXT, 8, 6 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 7 } }, NULL },
	{ "bank_accounts", N_("accounts of which a bank tells"),
	    "/v1/bank/accounts", "items", { NULL }, false, "account",
	    { NULL }, "currency", {
	    { "account", N_("Account"), FORM_TEXT, 8, 0 },
	    { "name", N_("Name"), FORM_TEXT, 16, -1 },
	    { "lines", N_("Lines"), FORM_COUNT, 6, 0 },
	    { "entries", N_("Entries"), FORM_COUNT, 7, 0 },
	    { "statement_day", N_("Statement"), FORM_DAY, 10, 2 },
	    { "opening", N_("Begins"), FORM_DAY, 10, 7 },
	    { "statement", N_("At the bank"), FORM_MONEY, 15, 0 },
	    { "ledger", N_("In books"), FORM_MONEY, 15, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 3 },
	    { "auto", N_("By itself"), FORM_TEXT, 9, 5 },
	    { "holder", N_("Number"), FORM_TEXT, 16, 6 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 4 } }, NULL },
	{ "bank_ages", N_("how old what is open is"), "/v1/bank/ages",
	    "items", { "entity", "day", "on" }, false, "account", { NULL },
	    "currency", {
	    { "account", N_("Account"), FORM_TEXT, 8, -1 },
	    { "lines.0.n", N_("0-7"), FORM_COUNT, 6, 0 },
	    { "lines.1.n", N_("8-30"), FORM_COUNT, 6, 0 },
	    { "lines.2.n", N_("31-90"), FORM_COUNT, 6, 0 },
	    { "lines.3.n", N_("Older"), FORM_COUNT, 6, 0 },
	    { "entries.0.n", N_("Booked 0-7"), FORM_COUNT, 10, 0 },
	    { "entries.1.n", N_("8-30"), FORM_COUNT, 6, 0 },
	    { "entries.2.n", N_("31-90"), FORM_COUNT, 6, 0 },
	    { "entries.3.n", N_("Older"), FORM_COUNT, 6, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 2 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 3 } }, NULL },
	{ "bank_statement", N_("from the bank's balance to the ledger's"),
	    "/v1/bank/statement", "parts", { "of", "day", "on" }, false, "what",
	    { NULL }, NULL, {
	    { "what", N_("What"), FORM_TEXT, 30, -1 },
	    { "n", N_("Count"), FORM_COUNT, 6, 0 },
	    { "amount", N_("Amount"), FORM_RUPEES, 16, 0 } }, NULL },
	{ "bank_tills", N_("what tills reported, and what was posted"),
	    "/v1/bank/tills", "items", { "month", "entity" }, false, "till",
	    { NULL }, "currency", {
	    { "till", N_("Till"), FORM_TEXT, 14, -1 },
	    { "day", N_("Date"), FORM_DAY, 10, 0 },
	    { "state", N_("State"), FORM_STATE, 12, 0 },
	    { "said.amount", N_("Reported"), FORM_MONEY, 14, 0 },
	    { "posted.amount", N_("Posted"), FORM_MONEY, 14, 0 },
	    { "off", N_("Off"), FORM_MONEY, 13, 0 },
	    { "said.n", N_("Sales"), FORM_COUNT, 6, 3 },
	    { "posted.n", N_("Posted"), FORM_COUNT, 6, 4 },
	    { "open", N_("Open"), FORM_COUNT, 5, 2 },
	    { "explains", N_("Explains"), FORM_TEXT, 8, 1 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 5 },
	    { "reports", N_("Reports"), FORM_TEXT, 12, 6 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 7 } }, NULL },
	{ "bank_payouts", N_("what gateways paid out"), "/v1/bank/payouts",
	    "items", { "entity", "after", "limit" }, true, "payout",
	    { NULL }, "currency", {
	    { "payout", N_("Payout"), FORM_TEXT, 16, -1 },
	    { "day", N_("Date"), FORM_DAY, 10, 1 },
	    { "gross", N_("Gross"), FORM_MONEY, 13, 0 },
	    { "refunded", N_("Refunded"), FORM_MONEY, 12, 3 },
	    { "fees", N_("Fees"), FORM_MONEY, 11, 2 },
	    { "fee_tax", N_("Tax on fees"), FORM_MONEY, 11, 2 },
	    { "net", N_("Net"), FORM_MONEY, 13, 0 },
	    { "rest", N_("Rest"), FORM_MONEY, 11, 0 },
	    { "short", N_("Short"), FORM_MONEY, 11, 0 },
	    { "open", N_("Open"), FORM_COUNT, 5, 0 },
	    { "rows", N_("Rows"), FORM_COUNT, 5, 4 },
	    { "reference", N_("Reference"), FORM_TEXT, 16, 5 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 6 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 7 } }, NULL },
	{ "bank_payout", N_("a payout, payment by payment"),
	    "/v1/bank/payouts/{}", "items", { "entity" }, true, "number",
	    { NULL }, NULL, {
	    { "payment", N_("Payment"), FORM_TEXT, 18, -1 },
	    { "reason", N_("State"), FORM_STATE, 12, 0 },
	    { "paid", N_("Paid out"), FORM_RUPEES, 13, 0 },
	    { "expected", N_("In books"), FORM_RUPEES, 13, 0 },
	    { "off", N_("Off"), FORM_RUPEES, 12, 0 },
	    { "fee", N_("Fees"), FORM_RUPEES, 11, 2 },
	    { "fee_tax", N_("Tax on fees"), FORM_RUPEES, 11, 3 },
	    { "order", N_("Order"), FORM_TEXT, 18, 1 },
	    { "number", N_("Number"), FORM_TEXT, 16, 4 } }, NULL },
	{ "authorised", N_("authorised, not captured"), "/v1/clearing",
	    "authorised", { NULL }, false, "source", { NULL }, "currency", {
	    { "source", N_("Source"), FORM_TEXT, 16, -1 },
	    { "payments", N_("Payments"), FORM_COUNT, 8, 0 },
	    { "amount", N_("Authorised"), FORM_MONEY, 14, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 0 } }, NULL },
	{ "by", N_("what a balance is made of"), "", "by", { NULL }, false,
	    "source", { NULL }, "currency", {
	    { "source", N_("Source"), FORM_TEXT, 10, 0 },
	    { "kind", N_("Kind"), FORM_KIND, 16, -1 },
	    { "entries", N_("Entries"), FORM_COUNT, 7, 0 },
	    { "debit", N_("Debit"), FORM_MONEY, 14, 0 },
	    { "credit", N_("Credit"), FORM_MONEY, 14, 0 },
	    { "balance", N_("Balance"), FORM_MONEY, 14, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 } }, NULL },
	{ "runs", N_("actions on many events, newest first"), "/v1/runs",
	    "items", { "state", "after", "limit" }, true, "id", { NULL },
	    NULL, {
	    { "id", N_("Run"), FORM_TEXT, 6, 0 },
	    { "action", N_("Action"), FORM_TEXT, 10, 0 },
	    { "state", N_("State"), FORM_STATE, 9, 0 },
	    { "total", N_("Events"), FORM_COUNT, 7, 1 },
	    { "done", N_("Done"), FORM_COUNT, 7, 0 },
	    { "failed", N_("Failed"), FORM_COUNT, 7, 0 },
	    { "skipped", N_("Skipped"), FORM_COUNT, 7, 2 },
	    { "left", N_("Left"), FORM_COUNT, 7, 0 },
	    { "started", N_("Age"), FORM_AGE, 4, 3 },
	    { "actor", N_("Who"), FORM_TEXT, 10, 4 },
	    { "reason", N_("Reason"), FORM_TEXT, 12, -1 } }, NULL },
	{ "history", N_("what was settled: how, by whom and why"),
	    "/v1/events?state=resolved", "items", { NULL }, true, "id",
	    { NULL }, "currency", {
	    { "id", N_("Event"), FORM_TEXT, 8, 0 },
	    { "settled.at", N_("Settled"), FORM_TIME, 16, 1 },
	    { "settled.as", N_("As"), FORM_STATE, 9, 0 },
	    { "settled.by", N_("Who"), FORM_TEXT, 9, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 24, 3 },
	    { "amount", N_("Amount"), FORM_MONEY, 13, 2 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 4 },
	    { "settled.why", N_("Why"), FORM_TEXT, 20, -1 } }, "version" },
	{ "receipt", N_("what a run did, event by event"),
	    "/v1/runs/{}/rows", "items", { "outcome", "after", "limit" },
	    true, "event", { "code" }, "currency", {
	    { "event", N_("Event"), FORM_TEXT, 8, 0 },
	    { "outcome", N_("Outcome"), FORM_STATE, 8, 0 },
	    { "from", N_("From"), FORM_STATE, 9, 3 },
	    { "to", N_("To"), FORM_STATE, 9, 2 },
	    { "document", N_("Document"), FORM_DOCUMENT, 22, 4 },
	    { "amount", N_("Amount"), FORM_MONEY, 13, 1 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 5 },
	    { "sentence", N_("Why"), FORM_TEXT, 24, -1 } }, NULL },
	{ "intercompany", N_("where companies of the group do not agree"),
	    "/v1/intercompany", "items", { NULL }, false, "name", { "why" },
	    "currency", {
	    { "name", N_("Name"), FORM_TEXT, 16, -1 },
	    { "difference", N_("Difference"), FORM_MONEY, 14, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 } }, NULL },
	{ "approvals", N_("what waits for an approval"), "/v1/approvals",
	    "items", { "after", "limit" }, true, "event", { NULL },
	    "currency", {
	    { "event", N_("Event"), FORM_TEXT, 7, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 18, -1 },
	    { "policies.0.policy", N_("Policy"), FORM_TEXT, 13, 0 },
	    { "amount", N_("Amount"), FORM_MONEY, 13, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 4 },
	    { "maker", N_("Maker"), FORM_TEXT, 8, 1 },
	    { "approved", N_("Given"), FORM_COUNT, 5, 0 },
	    { "needed", N_("Of"), FORM_COUNT, 2, 0 },
	    { "totp", N_("Code"), FORM_FLAG, 4, 2 },
	    { "since", N_("Age"), FORM_AGE, 4, 0 },
	    { "expires", N_("Until"), FORM_TIME, 16, 3 },
	    { "mine", N_("Own"), FORM_FLAG, 3, 5 },
	    { "policies.0.why", N_("Why"), FORM_TEXT, 26, 6 } },
	    "version" },
	{ "delegations", N_("who may approve for whom"), "/v1/delegations",
	    "items", { "after", "limit" }, true, "id", { NULL }, NULL, {
	    { "giver", N_("Giver"), FORM_TEXT, 10, 0 },
	    { "taker", N_("Taker"), FORM_TEXT, 10, 0 },
	    { "role", N_("Role"), FORM_TEXT, 10, 2 },
	    { "limit", N_("Up to"), FORM_TEXT, 12, 1 },
	    { "until", N_("Until"), FORM_TIME, 16, 0 },
	    { "state", N_("State"), FORM_STATE, 8, 0 },
	    { "reason", N_("Reason"), FORM_TEXT, 12, -1 } }, NULL },
	{ "why", N_("entry by entry"), "", "items", { NULL }, true, "event",
	    { NULL }, "currency", {
	    { "date", N_("Date"), FORM_DAY, 10, 0 },
	    { "journal", N_("Journal"), FORM_TEXT, 8, 0 },
	    { "event", N_("Event"), FORM_TEXT, 8, 0 },
	    { "source", N_("Source"), FORM_TEXT, 9, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 20, -1 },
	    { "amount", N_("Amount"), FORM_MONEY, 14, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 } }, NULL },
	{ "gst_registrations", N_("GSTINs of the companies"),
	    "/v1/gst/registrations", "items", { NULL }, false, "gstin",
	    { NULL }, NULL, {
	    { "gstin", N_("GSTIN"), FORM_TEXT, 15, 0 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 0 },
	    { "name", N_("Name"), FORM_TEXT, 20, -1 },
	    { "state", N_("State"), FORM_TEXT, 12, 2 },
	    { "kind", N_("Kind"), FORM_GST, 11, 1 },
	    { "filing", N_("Files"), FORM_GST, 10, 0 } }, NULL },
	{ "gst_summary", N_("sections of GSTR-1"), "/v1/gst/summary",
	    "sections", { "gstin", "period" }, false, "section", { NULL },
	    NULL, {
	    { "section", N_("Section"), FORM_GST, 7, 0 },
	    { "title", N_("Holds"), FORM_GST, 24, -1 },
	    { "table", N_("Table"), FORM_TEXT, 9, 4 },
	    { "documents", N_("Docs"), FORM_COUNT, 5, 0 },
	    { "value", N_("Value"), FORM_RUPEES, 12, 5 },
	    { "taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 0 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 0 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 1 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 6 } }, NULL },
	{ "gst_cells", N_("a section by type, place and rate"),
	    "/v1/gst/cells", "items", { "gstin", "period", "section" },
	    false, "place", { NULL }, NULL, {
	    { "type", N_("Type"), FORM_TEXT, 7, 1 },
	    { "place", N_("Place of supply"), FORM_TEXT, 10, -1 },
	    { "rate", N_("Rate"), FORM_RATE, 6, 0 },
	    { "documents", N_("Docs"), FORM_COUNT, 5, 0 },
	    { "value", N_("Value"), FORM_RUPEES, 12, 5 },
	    { "taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 0 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 0 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 1 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 6 } }, NULL },
	{ "gst_documents", N_("documents of a section or cell"),
	    "/v1/gst/documents", "items", { "gstin", "period", "section",
	    "type", "place", "rate", "after", "limit" }, true, "event",
	    { NULL }, NULL, {
	    { "date", N_("Date"), FORM_DAY, 10, 1 },
	    { "number", N_("Number"), FORM_TEXT, 14, 0 },
	    { "name", N_("Name"), FORM_TEXT, 10, -1 },
	    { "ctin", N_("Their GSTIN"), FORM_TEXT, 15, 5 },
	    { "place", N_("Place"), FORM_TEXT, 5, 6 },
	    { "rate", N_("Rate"), FORM_RATE, 6, 0 },
	    { "taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 2 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 2 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 3 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 8 },
	    { "value", N_("Value"), FORM_RUPEES, 12, 4 },
	    { "amends", N_("Amends"), FORM_FLAG, 6, 7 } }, NULL },
	{ "gst_changes", N_("documents that changed since it was exported"),
	    "/v1/gst/changes", "items", { "gstin", "period", "after",
	    "limit" }, true, "event", { NULL }, NULL, {
	    { "date", N_("Date"), FORM_DAY, 10, 0 },
	    { "number", N_("Number"), FORM_TEXT, 16, 0 },
	    { "kind", N_("Kind"), FORM_KIND, 16, -1 },
	    { "what", N_("What"), FORM_GST, 9, 0 },
	    { "value", N_("Value"), FORM_RUPEES, 13, 1 } }, NULL },
	{ "gst_hsn", N_("what was sold, by HSN, unit and rate"),
	    "/v1/gst/hsn", "items", { "gstin", "period", "part" }, false,
	    "hsn", { NULL }, NULL, {
	    { "part", N_("Section"), FORM_GST, 7, 0 },
	    { "hsn", N_("HSN"), FORM_TEXT, 8, 0 },
	    { "description", N_("Description"), FORM_TEXT, 8, -1 },
	    { "unit", N_("Unit"), FORM_TEXT, 4, 3 },
	    { "quantity", N_("Quantity"), FORM_QUANTITY, 10, 2 },
	    { "rate", N_("Rate"), FORM_RATE, 6, 0 },
	    { "value", N_("Value"), FORM_RUPEES, 12, 5 },
	    { "taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 0 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 1 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 1 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 6 } }, NULL },
	{ "gst_issued", N_("numbers issued and cancelled"),
	    "/v1/gst/issued", "items", { "gstin", "period" }, false, "from",
	    { NULL }, NULL, {
	    { "title", N_("Nature"), FORM_GST, 16, -1 },
	    { "from", N_("From"), FORM_TEXT, 16, 0 },
	    { "to", N_("To"), FORM_TEXT, 16, 0 },
	    { "total", N_("Numbers"), FORM_COUNT, 8, 1 },
	    { "cancelled", N_("Cancelled"), FORM_COUNT, 9, 0 },
	    { "issued", N_("Issued"), FORM_COUNT, 8, 0 } }, NULL },
	{ "gst_filings", N_("returns that were filed"), "/v1/gst/filings",
	    "items", { "gstin" }, false, "period", { NULL }, NULL, {
	    { "form", N_("Form"), FORM_GST, 8, 0 },
	    { "period", N_("Period"), FORM_MONTH, 15, 0 },
	    { "filed", N_("Filed on"), FORM_TEXT, 10, 0 },
	    { "arn", N_("ARN"), FORM_TEXT, 15, -1 },
	    { "by", N_("Who"), FORM_TEXT, 10, 1 } }, NULL },
	{ "gst_gstr3b", N_("cells of GSTR-3B"), "/v1/gst/gstr3b", "items",
	    { "gstin", "period" }, false, "cell", { NULL }, NULL, {
	    { "cell", N_("Cell"), FORM_TEXT, 13, 0 },
	    { "title", N_("Holds"), FORM_GST, 24, -1 },
	    { "source", N_("Source"), FORM_GST, 9, 3 },
	    { "entry", N_("Entry"), FORM_FLAG, 5, 4 },
	    { "taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 0 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 0 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 1 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 6 } }, NULL },
	{ "gst_liability", N_("tax, credit and cash by head"),
	    "/v1/gst/liability", "payment", { "gstin", "period" }, false,
	    "head", { NULL }, NULL, {
	    { "head", N_("Head"), FORM_GST, 6, -1 },
	    { "output", N_("Output tax"), FORM_RUPEES, 12, 0 },
	    { "reverse_charge", N_("Reverse charge"), FORM_RUPEES, 12, 0 },
	    { "credit_before", N_("Credit before"), FORM_RUPEES, 12, 0 },
	    { "credit", N_("Credit"), FORM_RUPEES, 12, 0 },
	    { "interest", N_("Interest"), FORM_RUPEES, 10, 0 },
	    { "late_fee", N_("Late fee"), FORM_RUPEES, 10, 0 },
	    { "cash_total", N_("Cash"), FORM_RUPEES, 12, 0 },
	    { "credit_after", N_("Credit after"), FORM_RUPEES, 12, 0 } },
	    NULL },
	{ "gst_calendar", N_("what is to be filed next, and by when"),
	    "/v1/gst/calendar", "items", { "gstin" }, false, "form",
	    { "overdue" }, NULL, {
	    { "date", N_("Due"), FORM_DAY, 10, 0 },
	    { "days", N_("Days"), FORM_COUNT, 5, 0 },
	    { "form", N_("Form"), FORM_GST, 8, 0 },
	    { "period", N_("Period"), FORM_MONTH, 16, -1 },
	    { "overdue", N_("Overdue"), FORM_FLAG, 7, 1 },
	    { "gstin", N_("GSTIN"), FORM_TEXT, 15, 2 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 3 } }, NULL },
	{ "gst_recon", N_("purchases beside what suppliers filed"),
	    "/v1/gst/recon", "items", { "gstin", "period", "status",
	    "party", "after", "limit" }, true, "item", { NULL }, NULL, {
	    { "item", N_("Item"), FORM_TEXT, 6, 0 },
	    { "ctin", N_("Supplier"), FORM_TEXT, 15, 0 },
	    { "name", N_("Name"), FORM_TEXT, 16, -1 },
	    { "books.number", N_("In books"), FORM_TEXT, 16, 0 },
	    { "books.taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "portal.number", N_("In 2B"), FORM_TEXT, 16, 0 },
	    { "portal.taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "action", N_("Said"), FORM_GST, 8, 0 },
	    { "ims", N_("IMS"), FORM_TEXT, 3, 0 },
	    { "says", N_("State"), FORM_TEXT, 30, 0 } }, NULL },
	{ "gst_why", N_("why two documents match or not"),
	    "/v1/gst/recon/{}", "why", { NULL }, false, "rule", { NULL },
	    NULL, { { "rule", N_("Rule"), FORM_TEXT, 4, 0 } }, NULL },
	{ "gst_followup", N_("suppliers and what they have not filed"),
	    "/v1/gst/followup", "items", { "gstin", "period", "after",
	    "limit" }, true, "ctin", { NULL }, NULL, {
	    { "ctin", N_("Supplier"), FORM_TEXT, 15, 0 },
	    { "name", N_("Name"), FORM_TEXT, 14, -1 },
	    { "missing", N_("Missing"), FORM_COUNT, 7, 0 },
	    { "missing_tax", N_("Their tax"), FORM_RUPEES, 11, 2 },
	    { "short", N_("Short"), FORM_COUNT, 5, 2 },
	    { "short_tax", N_("Their tax"), FORM_RUPEES, 11, 3 },
	    { "at_stake", N_("At stake"), FORM_RUPEES, 11, 0 },
	    { "oldest", N_("Oldest"), FORM_TEXT, 10, 1 },
	    { "registration", N_("Status"), FORM_GST, 9, 5 },
	    { "bills", N_("Bills"), FORM_TEXT, 16, 4 } }, NULL },
	{ "gst_agree", N_("where returns and ledger part, by document"),
	    "/v1/gst/agree", "items", { "gstin", "period" }, false,
	    "event", { "open" }, NULL, {
	    { "class", N_("Why"), FORM_GST, 14, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 20, -1 },
	    { "output.igst", N_("Sold IGST"), FORM_RUPEES, 11, 0 },
	    { "output.cgst", N_("CGST"), FORM_RUPEES, 11, 0 },
	    { "output.sgst", N_("SGST"), FORM_RUPEES, 11, 1 },
	    { "output.other", N_("Other"), FORM_RUPEES, 6, 5 },
	    { "input.igst", N_("Bought IGST"), FORM_RUPEES, 11, 2 },
	    { "input.cgst", N_("CGST"), FORM_RUPEES, 11, 2 },
	    { "input.sgst", N_("SGST"), FORM_RUPEES, 11, 3 } }, NULL },
	{ "gst_exports", N_("returns that were written, newest first"),
	    "/v1/gst/exports", "items", { "gstin", "after", "limit" }, true,
	    "export", { NULL }, NULL, {
	    { "export", N_("Export"), FORM_TEXT, 6, 0 },
	    { "form", N_("Form"), FORM_GST, 10, 0 },
	    { "format", N_("Format"), FORM_TEXT, 6, 0 },
	    { "period", N_("Period"), FORM_MONTH, 15, 0 },
	    { "state", N_("State"), FORM_GST, 9, 0 },
	    { "at", N_("When"), FORM_TIME, 16, 0 },
	    { "actor", N_("Who"), FORM_TEXT, 10, 0 },
	    { "why", N_("Why"), FORM_TEXT, 12, -1 } }, NULL },
	{ "gst_totals", N_("what an export holds"), "/v1/gst/exports",
	    "totals", { NULL }, false, "section", { NULL }, NULL, {
	    { "section", N_("Section"), FORM_GST, 8, -1 },
	    { "documents", N_("Docs"), FORM_COUNT, 7, 0 },
	    { "rows", N_("Rows"), FORM_COUNT, 7, 0 },
	    { "value", N_("Value"), FORM_RUPEES, 12, 3 },
	    { "taxable", N_("Taxable"), FORM_RUPEES, 12, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 1 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 1 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 1 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 2 } }, NULL },
	{ "gst_entries", N_("what people entered of GSTR-3B"),
	    "/v1/gst/entries", "items", { "gstin", "period" }, false, "cell",
	    { NULL }, NULL, {
	    { "cell", N_("Cell"), FORM_TEXT, 10, 0 },
	    { "igst", N_("IGST"), FORM_RUPEES, 10, 0 },
	    { "cgst", N_("CGST"), FORM_RUPEES, 10, 0 },
	    { "sgst", N_("SGST"), FORM_RUPEES, 10, 0 },
	    { "cess", N_("Cess"), FORM_RUPEES, 6, 0 },
	    { "by", N_("Who"), FORM_TEXT, 10, 0 },
	    { "at", N_("When"), FORM_TIME, 16, 0 },
	    { "reason", N_("Reason"), FORM_TEXT, 12, -1 } }, NULL },
	{ "activity", N_("what came and was posted, day by day"),
	    "/v1/activity", "days", { "period" }, false, "day", { NULL },
	    NULL, {
	    { "day", N_("Day"), FORM_DAY, 10, -1 },
	    { "posted", N_("Posted"), FORM_COUNT, 10, 0 },
	    { "journals", N_("Journals"), FORM_COUNT, 10, 0 },
	    { "open", N_("Open"), FORM_COUNT, 10, 0 } }, NULL },
	{ "documents", N_("every document, the newest first"),
	    "/v1/documents?order=newest", "items", { "q", "kind", "after",
	    "limit" }, true, "document", { NULL }, "currency", {
	    { "date", N_("Date"), FORM_TEXT, 10, 1 },
	    { "kind", N_("Kind"), FORM_KIND, 14, 3 },
	    { "number", N_("Number"), FORM_TEXT, 14, -1 },
	    { "party", N_("Party"), FORM_TEXT, 14, 4 },
	    { "amount", N_("Amount"), FORM_MONEY, 15, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 },
	    { "state", N_("State"), FORM_STATE, 7, 2 },
	    { "version", N_("Version"), FORM_COUNT, 7, 5 },
	    { "journal", N_("Journal"), FORM_TEXT, 8, 2 },
	    { "event", N_("Event"), FORM_TEXT, 8, 6 },
	    { "source", N_("Source"), FORM_TEXT, 10, 7 },
	    { "entity", N_("Entity"), FORM_TEXT, 6, 8 } }, NULL },
	{ "decisions", N_("what was decided, by whom and why"),
	    "/v1/decisions", "items", { "actor", "action", "event", "since",
	    "until", "after", "limit" }, true, "id", { NULL }, NULL, {
	    { "at", N_("When"), FORM_TIME, 16, 0 },
	    { "actor", N_("Who"), FORM_TEXT, 12, 0 },
	    { "action", N_("What"), FORM_TEXT, 14, 0 },
	    { "events", N_("Events"), FORM_COUNT, 6, 2 },
	    { "event", N_("Event"), FORM_TEXT, 8, 0 },
	    { "object", N_("Of"), FORM_TEXT, 15, 1 },
	    { "reason", N_("Reason"), FORM_TEXT, 16, -1 },
	    { "id", N_("Decision"), FORM_TEXT, 8, 3 },
	    { "of", N_("Part of"), FORM_TEXT, 8, 4 } }, NULL },
	{ "audit", N_("the audit chain, the newest row first"),
	    "/v1/audit", "items", { "object", "actor", "action", "since",
	    "until", "after", "limit" }, true, "row", { NULL }, NULL, {
	    { "row", N_("Row"), FORM_TEXT, 8, 0 },
	    { "at", N_("When"), FORM_TIME, 16, 0 },
	    { "actor", N_("Who"), FORM_TEXT, 12, 0 },
	    { "action", N_("What"), FORM_TEXT, 12, 0 },
	    { "object", N_("Of"), FORM_TEXT, 15, 0 },
	    { "old", N_("Old"), FORM_TEXT, 16, 1 },
	    { "new", N_("New"), FORM_TEXT, 24, -1 } }, NULL },
	{ "rulebook", N_("rules in force, and what became of their events"),
	    "/v1/rules-in-force", "items", { NULL }, false, "file",
	    { "failed" }, NULL, {
	    { "kind", N_("Kind"), FORM_TEXT, 6, 0 },
	    { "source", N_("Source"), FORM_TEXT, 12, 0 },
	    { "topic", N_("Topic"), FORM_TEXT, 16, -1 },
	    { "posted", N_("Posted"), FORM_COUNT, 7, 0 },
	    { "failed", N_("Failed"), FORM_COUNT, 6, 0 },
	    { "other", N_("Other"), FORM_COUNT, 6, 2 },
	    { "last", N_("Last"), FORM_AGE, 5, 1 },
	    { "lines", N_("Lines"), FORM_COUNT, 5, 4 },
	    { "digest", N_("Digest"), FORM_TEXT, 12, 3 } }, NULL },
	{ "polls", N_("what is fetched from others, and how that goes"),
	    "/v1/status", "polls", { NULL }, false, "name", { "failures" },
	    NULL, {
	    { "name", N_("Name"), FORM_TEXT, 16, -1 },
	    { "source", N_("Source"), FORM_TEXT, 12, 2 },
	    { "state", N_("State"), FORM_STATE, 8, 0 },
	    { "breaker", N_("Breaker"), FORM_STATE, 10, 1 },
	    { "last_success", N_("Last"), FORM_AGE, 5, 0 },
	    { "next_attempt", N_("Next"), FORM_TIME, 16, 0 },
	    { "items", N_("Events"), FORM_COUNT, 7, 3 },
	    { "failures", N_("Failed"), FORM_COUNT, 6, 0 },
	    { "why", N_("Why"), FORM_TEXT, 20, 4 } }, NULL },
	{ "problems", N_("what is not posted, by problem"), "/v1/problems",
	    "items", { NULL }, false, "id", { NULL }, NULL, {
	    { "kind", N_("Kind"), FORM_STATE, 10, 0 },
	    { "sentence", N_("Problem"), FORM_TEXT, 24, -1 },
	    { "source", N_("Source"), FORM_TEXT, 10, 0 },
	    { "all.count", N_("Events"), FORM_COUNT, 7, 0 },
	    { "blocks.count", N_("Blocks"), FORM_COUNT, 6, 0 },
	    { "attempts", N_("Attempts"), FORM_COUNT, 8, 2 },
	    { "next", N_("Next"), FORM_TIME, 16, 3 },
	    { "owner", N_("Who"), FORM_TEXT, 8, 1 },
	    { "id", N_("Signature"), FORM_TEXT, 16, 4 } }, NULL },
	{ "cell", N_("events of one problem and age"),
	    "/v1/problem-events", "items", { "cell", "after", "limit" },
	    true, "id", { NULL }, "currency", {
	    { "id", N_("Event"), FORM_TEXT, 8, 0 },
	    { "state", N_("State"), FORM_STATE, 8, 5 },
	    { "received", N_("Age"), FORM_AGE, 4, 2 },
	    { "source", N_("Source"), FORM_TEXT, 9, 4 },
	    { "document", N_("Document"), FORM_DOCUMENT, 22, 3 },
	    { "party", N_("Party"), FORM_TEXT, 12, 6 },
	    { "amount", N_("Amount"), FORM_MONEY, 15, 0 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 0 },
	    { "findings.0.sentence", N_("Finding"), FORM_TEXT, 20, -1 } },
	    "version" },
	{ "search", N_("where a number, a name or an amount stands"),
	    "/v1/search", "items", { "q" }, true, "id", { NULL },
	    "currency", {
	    { "kind", N_("Kind"), FORM_TEXT, 9, 0 },
	    { "id", N_("Number"), FORM_TEXT, 14, 0 },
	    { "document", N_("Document"), FORM_DOCUMENT, 24, 2 },
	    { "party", N_("Party"), FORM_TEXT, 14, 3 },
	    { "amount", N_("Amount"), FORM_MONEY, 15, 1 },
	    { "currency", N_("Cur"), FORM_TEXT, 3, 1 },
	    { "state", N_("State"), FORM_STATE, 10, 4 },
	    { "why", N_("By"), FORM_TEXT, 11, 5 },
	    { "text", N_("Name"), FORM_TEXT, 12, -1 } }, NULL },
};

const size_t n_lists = sizeof(lists) / sizeof(lists[0]);

const struct list *
list_find(const char *name)
{
	for (size_t i = 0; i < n_lists; i++)
		if (strcmp(lists[i].name, name) == 0)
			return &lists[i];
	return NULL;
}

size_t
list_width(const struct list *list)
{
	size_t n = 0;

	while (n < LIST_COLUMNS && list->columns[n].path != NULL)
		n++;
	return n;
}

bool
list_right(enum form form)
{
	return form == FORM_COUNT || form == FORM_QUANTITY ||
	    form == FORM_SECONDS || form == FORM_MONEY || form == FORM_AGE ||
	    form == FORM_RUPEES || form == FORM_RATE;
}

static const char *
seconds(struct arena *arena, const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n <= 0)
		return "";
	return n % 3600 == 0 ? arena_printf(arena, _("%dh"), (int)(n / 3600)) :
	    n % 60 == 0 ? arena_printf(arena, _("%dm"), (int)(n / 60)) :
	    arena_printf(arena, _("%llds"), n);
}

const char *
list_word(struct arena *arena, const char *name)
{
	static const char *const known[] = {
		N_("no order"), N_("ordered"), N_("part shipped"),
		N_("shipped"), N_("invoiced"), N_("paid"), N_("closed"),
		N_("data"), N_("reference"), N_("system"), N_("reading"),
		N_("done"), N_("raised"), N_("over"), N_("matched"),
		N_("differs"), N_("running"), N_("cancelled"), N_("skipped"),
		N_("in force"), N_("mapping"), N_("rights"),
		N_("connection"), N_("limit"), N_("duplicate"),
		N_("ours"), N_("theirs"), N_("adopt"), N_("ignore"),
		N_("retry"), N_("resend"), N_("skip"), N_("agrees"),
		N_("refunded"), N_("amount")
	};

	static const struct {
		const char *name, *words;
	} worded[] = {
		{ "open", N_("still open") },	/* "open" is a key's */
		{ "equal", N_("equal, counted") },
		{ "small", N_("differs little") },
		{ "confirmed", N_("differs twice") },
		{ "moved", N_("moved since") },
		{ "adjusted", N_("adjusted") },
		{ "waits", N_("being adjusted") },
		{ "recounted", N_("counted again") },
		{ "not_counted", N_("not counted") },
		{ "closed", N_("closed") }, { "half-open", N_("half open") },
		{ "paused", N_("PAUSED") }, { "stopped", N_("STOPPED") },
		{ "sending", N_("on its way") },
		{ "retrying", N_("retrying") }, { "dead", N_("dead") },
		{ "period", N_("period") }, { "rate", N_("rate") },
		{ "conflict", N_("conflict") },
		{ "changed", N_("changed") }, { "missing", N_("missing") },
		{ "doubled", N_("twice") }, { "unknown", N_("not ours") },
		{ "asked", N_("under way") },
		{ "not_reported", N_("not reported") },
		{ "not_posted", N_("not posted") },
		{ "fee", N_("fee kept") },
		{ "fee_tax", N_("tax on a fee") },
	};

	for (size_t i = 0; i < sizeof worded / sizeof *worded; i++)
		if (strcmp(worded[i].name, name) == 0)
			return _(worded[i].words);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], name) == 0)
			return _(known[i]);
	return text_state(arena, name);
}

/* A table of tax is mostly nothing. */
static const char *
rupees(struct arena *arena, const char *text)
{
	return strspn(text, "0.") == strlen(text) && text[0] != '\0' ? "." :
	    text_money(arena, "INR", text);
}

/* Of a breaker; who reads it knows no breakers. */
static const char *
link_word(const char *text)
{
	return strcmp(text, "closed") == 0 ? _("answers") :
	    strcmp(text, "open") == 0 ? _("AWAY") : _("trying");
}

static const char *
cell(struct arena *arena, enum form form, const char *text,
    const char *currency)
{
	switch (form) {
	case FORM_STATE: return list_word(arena, text);
	case FORM_LINK: return link_word(text);
	case FORM_WORDS: return text[0] == '\0' ? _("not tried yet") :
	    text_cut(arena, text, CELL_MAX);
	case FORM_DOCUMENT: return text_document(arena, text);
	case FORM_FLAG: return text[0] != '\0' ? _("yes") : "";
	case FORM_COUNT: return strcmp(text, "0") == 0 ? "." :
	    text_number(arena, text);
	case FORM_QUANTITY: return text_number(arena, text);
	case FORM_KIND: return text_kind(arena, text);
	case FORM_DAY: return text_day(arena, text);
	case FORM_SECONDS: return seconds(arena, text);
	case FORM_MONEY: return text_money(arena, currency, text);
	case FORM_RUPEES: return rupees(arena, text);
	case FORM_RATE: return text[0] == '\0' ? "" : arena_printf(arena,
	    "%s%%", text_cut(arena, text, 20));
	case FORM_GST: return gst_text(arena, text);
	case FORM_MONTH: return gst_period_text(arena, text);
	case FORM_TIME: return text_time(arena, text);
	case FORM_AGE: return text_age(arena, text);
	case FORM_TEXT: break;
	}
	return text_cut(arena, text, CELL_MAX);
}

/* "0.00" is nothing, too, and so are a target that runs or that a person
 * paused and a breaker that is closed. */
static bool
is_well(const char *text)
{
	return strspn(text, "0.") == strlen(text) ||
	    strcmp(text, "closed") == 0 || strcmp(text, "running") == 0 ||
	    strcmp(text, "paused") == 0;
}

static int
alarm_of(const char *const *texts)
{
	for (int i = 0; i < LIST_ALARMS; i++)
		if (!is_well(texts[i]))
			return LIST_ALARMS - i;
	return 0;
}

/* The alarming ones in front, each kind in the order of the answer. */
static struct list_row *
sorted(const struct list_rows *rows, struct arena *arena)
{
	struct list_row *out = arena_alloc(arena, (rows->n + 1) *
	    sizeof *out);
	size_t n = 0;

	for (int alarm = LIST_ALARMS; alarm >= 0; alarm--)
		for (size_t i = 0; i < rows->n; i++)
			if (rows->items[i].alarm == alarm)
				out[n++] = rows->items[i];
	return out;
}

bool
list_read(const struct list *list, struct span json, struct arena *arena,
    struct list_rows *out)
{
	const char *paths[LIST_COLUMNS + LIST_ALARMS + 3];
	size_t n = list_width(list), all = n + LIST_ALARMS + 3;
	struct wire_rows rows;

	for (size_t i = 0; i < n; i++)
		paths[i] = list->columns[i].path;
	paths[n] = list->key;
	for (size_t i = 0; i < LIST_ALARMS; i++)
		paths[n + 1 + i] = list->alarm[i] != NULL ? list->alarm[i] :
		    "-";
	paths[all - 2] = list->version != NULL ? list->version : "-";
	paths[all - 1] = list->currency != NULL ? list->currency : "-";
	if (!shape_rows(json, list->items, paths, all, arena, &rows))
		return false;
	*out = (struct list_rows){ .n = rows.n, .next = rows.next };
	out->items = arena_alloc(arena, (rows.n + 1) * sizeof *out->items);
	for (size_t r = 0; r < rows.n; r++) {
		const char **texts = rows.texts + r * all;
		struct list_row *row = &out->items[r];

		*row = (struct list_row){ .key = texts[n],
		    .version = strtoll(texts[all - 2], NULL, 10),
		    .alarm = alarm_of(texts + n + 1) };
		for (size_t i = 0; i < n; i++) {
			row->raw[i] = texts[i];
			row->cells[i] = cell(arena, list->columns[i].form,
			    texts[i], texts[all - 1]);
		}
	}
	out->items = sorted(out, arena);
	return true;
}
