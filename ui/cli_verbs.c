/* The table of verbs; what they do is in the files named after it. */
#include "core/i18n.h"
#include "ui/cli.h"
#include "ui/cli_inside.h"

#define TABLE (TAKES_JSON | TAKES_TABLE)
#define PAGES (TABLE | TAKES_PAGES)
#define ACT (TAKES_JSON | TAKES_CHANGE)
#define MANY (ACT | TAKES_MANY)

const struct cli_verb cli_verbs[] = {
	{ "status", "", N_("events by state, numbers, failures, trial balance"),
	    0, 0, GROUP_LOOK, TABLE, run_status, "-", "",
	    "\n--json\n" },
	{ "events", "[NAME=VALUE ...]",
	    N_("list events; names: state source code signature q after "
	    "limit assignee snoozed"), 0, 9, GROUP_LOOK, PAGES, run_events,
	    "-", "state source code signature q after limit assignee "
	    "snoozed",
	    "state=failed source=shopify\n"
	    "--sort -amount --columns event,document,amount --csv\n" },
	{ "failures", "[--history [NAME=VALUE ...]]",
	    N_("failures by signature, with amounts; --history: what was "
	    "settled, by whom and why; names: source assignee q after limit"),
	    0, 5, GROUP_LOOK, PAGES, run_failures, "-",
	    "source assignee q after limit",
	    "--sort -count\n--history assignee=me\n" },
	{ "retry", "E12|SIGNATURE|--where WHERE [--dry-run]",
	    N_("process again with today's rules and master data"), 0, 1,
	    GROUP_DECIDE, MANY | TAKES_TABLE, run_retry, "event|signature",
	    "", "E12\n--where code=account.unmapped --dry-run --json\n" },
	{ "fix", "SIGNATURE TO",
	    N_("map the missing value, then retry all that share it"),
	    2, 2, GROUP_DECIDE, ACT, run_fix, "signature account", "",
	    "3f2a91c07be54d18 4010\n" },
	{ "dismiss", "E12|SIGNATURE|--where WHERE REASON [--dry-run]",
	    N_("not for the books: take it off the backlog"), 1, 2,
	    GROUP_DECIDE, MANY | TAKES_TABLE | TAKES_REASON, run_dismiss,
	    "event|signature -", "", "E12 --reason 'sent twice'\n" },
	{ "trace", "ID", N_("one errand from its bytes to its journals: E12, "
	    "J9, ENTITY/KIND/NUMBER, correlation or key"), 1, 1,
	    GROUP_LOOK, TAKES_JSON, run_trace, "event", "",
	    "E12\nIN01/sales_invoice/INV-7\n" },
	{ "ledger", "[ACCOUNT]",
	    N_("trial balance with totals; of an account its entries, the "
	    "newest first"), 0, 1, GROUP_LOOK, PAGES | TAKES_AS_OF,
	    run_ledger, "account", "",
	    "--as-of 2026-09-30 --csv\n4010 --limit 20\n" },
	{ "journal", "J9", N_("one journal with its entries"), 1, 1,
	    GROUP_LOOK, TABLE, run_journal, "-", "", "J9\n" },
	{ "reference", "TABLE [--csv|--sheet]",
	    N_("master data; --csv: as import takes it; --sheet: for a "
	    "spreadsheet"), 1, 1, GROUP_MASTERS, TABLE, run_reference,
	    "table", "", "account --csv\n" },
	{ "set", "TABLE CODE COLUMN=VALUE ...",
	    N_("change or add one row; to=DAY closes it"), 3, 12,
	    GROUP_MASTERS, ACT, run_set, "table -", "",
	    "account 4010 'name=Sales of books'\n" },
	{ "remove", "TABLE KEY",
	    N_("take away a mapping, rate or pair"), 2, 2, GROUP_MASTERS,
	    ACT, run_remove, "table -", "", "mapping pos/account/Tips\n" },
	{ "import", "TABLE FILE [--dry-run]",
	    N_("read a CSV into a table; --dry-run: only say what would be"),
	    2, 2, GROUP_MASTERS, ACT | TAKES_TABLE, run_import, "table file",
	    "", "account accounts.csv --dry-run\n" },
	{ "drift", "",
	    N_("values that master data lacks, codes closed while in use"),
	    0, 0, GROUP_MASTERS, TABLE, run_drift, "-", "", "\n" },
	{ "alerts", "[sent] [NAME=VALUE ...]",
	    N_("what is wrong with the system, or what was sent of it; "
	    "names: state after limit"), 0, 4, GROUP_SYSTEM, PAGES,
	    run_alerts, "=sent", "state after limit", "\nsent\n" },
	{ "files", "[F12|NAME=VALUE ...]",
	    N_("files of the inbox and what became of their records; names: "
	    "source state after limit"), 0, 4, GROUP_LOOK, PAGES, run_files,
	    "-", "source state after limit", "state=failed\nF12\n" },
	{ "proposals", "[P3]",
	    N_("changes that wait for a second person; one with all it says"),
	    0, 1, GROUP_MASTERS, TABLE, run_proposals, "-", "", "P3\n" },
	{ "propose", "TABLE|rules FILE REASON",
	    N_("propose a CSV of a table, or rule files as JSON"), 3, 3,
	    GROUP_MASTERS, ACT | TAKES_REASON, run_propose, "table file -",
	    "", "account accounts.csv --reason 'new shop'\n" },
	{ "backtest", "P3 [FROM [TO]]",
	    N_("what would post differently, of the last 30 days"), 1, 3,
	    GROUP_MASTERS, TABLE | TAKES_CHANGE, run_backtest, "-", "",
	    "P3 2026-09-01\n" },
	{ "accept", "P3 [REASON]",
	    N_("put somebody else's proposal in force"), 1, 2,
	    GROUP_MASTERS, ACT | TAKES_REASON, run_accept, "-", "", "P3\n" },
	{ "decline", "P3 REASON", N_("turn a proposal down"), 2, 2,
	    GROUP_MASTERS, ACT | TAKES_REASON, run_decline, "-", "",
	    "P3 --reason 'wrong account'\n" },
	{ "rules", "[OLD NEW]",
	    N_("versions of the rules, or what differs between two"), 0, 2,
	    GROUP_MASTERS, TABLE, run_rules, "-", "", "\n" },
	{ "documents", "[TEXT] [NAME=VALUE ...]",
	    N_("every document, the newest first; names: q kind after limit"),
	    0, 4, GROUP_LOOK, PAGES, run_list, "-", "q kind after limit",
	    "INV-12\n" },
	{ "decisions", "[WHO] [NAME=VALUE ...]",
	    N_("what was decided, by whom and why; names: actor action event "
	    "since until after limit"), 0, 7, GROUP_LOOK, PAGES, run_list,
	    "-", "actor action event since until after limit",
	    "action=dismiss since=2026-10-01\n" },
	{ "rulebook", "",
	    N_("rules in force, and what became of their events"), 0, 0,
	    GROUP_MASTERS, TABLE, run_list, "-", "", "\n" },
	{ "polls", "",
	    N_("what is fetched from others, and how that goes"), 0, 0,
	    GROUP_LOOK, TABLE, run_list, "-", "", "\n" },
	{ "flows", "",
	    N_("flows with window, objective and owner; what is late first"),
	    0, 0, GROUP_LOOK, TABLE, run_list, "-", "",
	    "--sort -late\n" },
	{ "orders", "[NUMBER] [NAME=VALUE ...]",
	    N_("from order to cash; one order with its items and backorders; "
	    "names: number after limit"), 0, 3, GROUP_LOOK, PAGES,
	    run_orders, "-", "number after limit", "SO-1\n" },
	{ "stock", "[LOCATION] [NAME=VALUE ...]",
	    N_("quantity and value by item, short first; names: location q "
	    "after limit"), 0, 4, GROUP_LOOK, PAGES, run_list, "-",
	    "location q after limit", "MUM --all --csv\n" },
	{ "targets", "[check NAME [now]|pause NAME|resume NAME]",
	    N_("which ERP has what, and how that goes; ask one whether it "
	    "works, stop or go on; --reason TEXT"), 0, 3,
	    GROUP_LOOK, TABLE | TAKES_CHANGE | TAKES_WHY, run_targets,
	    "=check|pause|resume", "",
	    "\ncheck erp\npause erp --reason 'year end there'\n" },
	{ "commits", "[causes [TARGET]|show ROW|retry ROW ...|resend ROW ...|"
	    "skip ROW ...] [NAME=VALUE ...]",
	    N_("which journals are at which target, or why not; causes: what "
	    "stands in the way; one with all that was tried; send again or "
	    "not at all; names: of state target entity kind number after "
	    "limit; --reason TEXT"), 0, 500, GROUP_LOOK,
	    PAGES | TAKES_CHANGE | TAKES_WHY, run_commits,
	    "=causes|show|retry|resend|skip", "of state target entity kind "
	    "number after limit", "state=failed\ncauses erp\n"
	    "show erp/J12\nretry erp/J12 erp/J13\n" },
	{ "counts", "[show OF|add FILE|approve OF [ITEM ...]|reject OF ITEM "
	    "...|undo OF ITEM ...] [NAME=VALUE ...]",
	    N_("stock counts; show one beside stock; adjust stock to lines "
	    "that differ, or say that they were counted wrong; names: "
	    "location entity state after limit; --reason TEXT"), 0, 500,
	    GROUP_CLOSE, PAGES | TAKES_CHANGE | TAKES_WHY, run_counts,
	    "=show|add|approve|reject|undo file", "location entity state "
	    "after limit", "\nadd count.json\nshow IN01/CC-7 state=open\n"
	    "approve IN01/CC-7 state=small\n" },
	{ "batches", "[NAME=VALUE ...]",
	    N_("batches that gather, and those closed last; names: after "
	    "limit"), 0, 2, GROUP_LOOK, PAGES, run_list, "-", "after limit",
	    "\n" },
	{ "dead", "[CLASS] [NAME=VALUE ...]",
	    N_("what failed, by class: data, reference or system; names: "
	    "class after limit"), 0, 3, GROUP_LOOK, PAGES, run_list,
	    "=data|reference|system", "class after limit", "data\n" },
	{ "clearing", "",
	    N_("money captured and not settled, since when; money only "
	    "authorised"), 0, 0, GROUP_LOOK, TABLE, run_clearing, "-", "",
	    "\n" },
	{ "explain", "ACCOUNT [PERIOD] [after=J9]",
	    N_("what a balance is made of, of all time or of 2026-10"), 1, 3,
	    GROUP_LOOK, TABLE, run_explain, "account -", "after",
	    "4010 2026-10\n" },
	{ "replay", "SOURCE|E12 [FROM [TO]]",
	    N_("judge again what came, a day or time to a day or time; "
	    "changes nothing that is right"), 1, 3, GROUP_DECIDE, ACT,
	    run_replay, "source|event -", "", "shopify 2026-10-01\n" },
	{ "approve", "E12 ...|--where WHERE [--code-file FILE|-] "
	    "[--for NAME] [--dry-run]",
	    N_("release held events; a second person's"), 0, 500,
	    GROUP_APPROVE, MANY | TAKES_TABLE | TAKES_WHY | TAKES_CODE,
	    run_approve, "event", "", "E12 E14\nE15 --code-file code.txt\n" },
	{ "pause", "SOURCE REASON",
	    N_("keep what the source sends and post nothing of it"), 2, 2,
	    GROUP_DECIDE, ACT | TAKES_REASON, run_pause, "source -", "",
	    "shopify --reason 'sends twice'\n" },
	{ "resume", "SOURCE",
	    N_("post what the paused source has sent, and go on"), 1, 1,
	    GROUP_DECIDE, ACT, run_resume, "source", "", "shopify\n" },
	{ "runs", "[show|cancel|retry R7] [NAME=VALUE ...]",
	    N_("actions on many events: how far, receipt, stop, what failed "
	    "once more; names: state after limit"), 0, 4, GROUP_DECIDE,
	    PAGES | TAKES_CHANGE, run_runs, "=show|cancel|retry run",
	    "state after limit", "\nshow R7 --csv\nretry R7\n" },
	{ "intercompany", "[adjust HERE/THERE NAME] [NAME=VALUE ...] "
	    "[--dry-run]",
	    N_("what companies of the group owe each other and where they "
	    "differ (names: entity period all); adjust: post the entry that "
	    "makes them agree (names: in against period reason version)"),
	    0, 8, GROUP_CLOSE, TABLE | TAKES_CHANGE, run_intercompany,
	    "=adjust -", "entity period all in against reason version",
	    "period=2026-10\nadjust IN01/SG01 INV-7 --dry-run\n" },
	{ "target", "drift|look|trial|against NAME [OTHER|ours|theirs|adopt|"
	    "ignore T12 ...] [NAME=VALUE ...]",
	    N_("what an ERP holds otherwise than we do, and what is to become "
	    "of it; look now; its trial balance beside ours; two ERPs beside "
	    "each other (names: kind state entity cost_centre day after limit)"),
	    2, 500,
	    GROUP_CLOSE, PAGES | TAKES_CHANGE | TAKES_WHY, run_target,
	    "=drift|look|trial|against -",
	    "kind state entity cost_centre day after limit",
	    "drift erp\ndrift erp theirs T12 --reason 'they are right'\n"
	    "trial erp day=2026-11-30\nagainst old new\n" },
	{ "conflicts", "[show E12|resolve E12 --take SIDE|--document FILE "
	    "--reason TEXT [--dry-run]]",
	    N_("what two sides changed; show it field by field; decide it"),
	    0, 8, GROUP_DECIDE, PAGES | TAKES_CHANGE | TAKES_WHY,
	    run_conflicts, "=show|resolve event", "after limit",
	    "show E12\nresolve E12 --take merge --reason 'both are right'\n" },
	{ "close", "status|sign LINE|soft|period|reopen REASON|approve "
	    "[--period 2026-10] [--entity CODE]",
	    N_("the close of a period: what is open, sign a line off, close "
	    "softly or for good, open again with a second person"), 1, 7,
	    GROUP_CLOSE, TABLE | TAKES_CHANGE | TAKES_WHY, run_close,
	    "=status|sign|soft|period|reopen|approve =backlog|failures|"
	    "conflicts|approvals|intercompany|settlement|gst|targets|"
	    "consistency|audit", "",
	    "status --period 2026-10 --json\nsign settlement\n" },
	{ "assign", "E12|SIGNATURE|--where WHERE WHO [--dry-run]",
	    N_("give it to somebody; me: to you, -: to nobody; --reason TEXT"),
	    1, 4, GROUP_SHARE, MANY | TAKES_TABLE | TAKES_WHY, run_assign,
	    "event|signature =me|-", "", "E12 me\n--where source=pos devi\n" },
	{ "snooze", "E12|SIGNATURE|--where WHERE UNTIL [--dry-run]",
	    N_("put it off: 4h, 3d, tomorrow, monday, a day or time; now: "
	    "wake it; --reason TEXT"), 1, 4, GROUP_SHARE,
	    MANY | TAKES_TABLE | TAKES_WHY, run_snooze,
	    "event|signature =4h|1d|3d|tomorrow|monday|tuesday|wednesday|"
	    "thursday|friday|now", "", "E12 3d\n" },
	{ "comment", "E12 TEXT", N_("say something of it; it stays open"),
	    2, 2, GROUP_SHARE, ACT | TAKES_REASON, run_comment, "event -", "",
	    "E12 'asked the shop'\nE12 --edit\n" },
	{ "reopen", "E12 REASON",
	    N_("what was dismissed is to be done after all"), 2, 2,
	    GROUP_DECIDE, ACT | TAKES_REASON, run_reopen, "event -", "",
	    "E12 --reason 'it was ours'\n" },
	{ "undo", "[D12|R7|E12]",
	    N_("take back what you decided last: of all, of an event, or that "
	    "decision or run; --reason TEXT"), 0, 3, GROUP_DECIDE,
	    ACT | TAKES_WHY, run_undo, "event|run", "", "\nE12\nR7\n" },
	{ "approvals", "[show E12|NAME=VALUE ...]",
	    N_("what waits for an approval; show why and what it changes; "
	    "names: after limit"), 0, 3, GROUP_APPROVE, PAGES,
	    run_approvals, "=show event", "after limit", "\nshow E12\n" },
	{ "reject", "E12 ... --reason TEXT",
	    N_("turn down what waits for an approval"), 1, 500,
	    GROUP_APPROVE, ACT | TAKES_WHY, run_reject, "event", "",
	    "E12 --reason 'no contract'\n" },
	{ "delegate", "[NAME --until DAY --reason TEXT [--limit AMOUNT]]",
	    N_("let somebody approve for you; alone: who may for whom"),
	    0, 7, GROUP_APPROVE, TABLE | TAKES_CHANGE | TAKES_WHY,
	    run_delegate, "-", "",
	    "\ndevi --until 2026-11-30 --limit 50000.00 --reason leave\n" },
	{ "undelegate", "NAME REASON",
	    N_("take such a right back before its time"), 2, 2,
	    GROUP_APPROVE, ACT | TAKES_REASON, run_undelegate, "-", "",
	    "devi --reason 'I am back'\n" },
	{ "carry", "E12|SIGNATURE|--where WHERE REASON [--dry-run]",
	    N_("of a closed period: post it into the first open one"), 1, 2,
	    GROUP_DECIDE, MANY | TAKES_TABLE | TAKES_REASON, run_carry,
	    "event|signature -", "", "E12 --reason 'came late'\n" },
	{ "reverse", "E12 REASON",
	    N_("undo what is posted by another version: as it was before, "
	    "or void"), 2, 2, GROUP_DECIDE, ACT | TAKES_REASON, run_reverse,
	    "event -", "", "E12 --reason 'wrong customer'\n" },
	{ "gst", "WORD [--gstin GSTIN] [--period 102026] [--out DIR] "
	    "[NAME=VALUE ...]",
	    N_("returns of GST: summary gstr1 gstr3b hsn issued changes cells "
	    "documents check liability recon followup import file unfile "
	    "enter calendar filings exports stop registrations"), 1, 500,
	    GROUP_CLOSE, PAGES | TAKES_CHANGE | TAKES_WHY, run_gst,
	    "=summary|gstr1|gstr3b|iff|ims|purchases|hsn|issued|changes|"
	    "cells|documents|check|liability|entries|recon|followup|import|"
	    "file|unfile|enter|calendar|filings|exports|stop|registrations "
	    "file", "section type place rate part after limit",
	    "summary --period 2026-10\ngstr1 --out returns --format csv\n"
	    "recon --status mismatch --csv\n" },
	{ "bank", "[WORD] [L12 ...] [NAME=VALUE ...]",
	    N_("lines of bank statements beside the ledger: what is open; "
	    "L12 says why; lines entries accounts ages statement tills payouts "
	    "payout; match accept unmatch book ignore restore undo"), 0, 500,
	    GROUP_CLOSE, PAGES | TAKES_CHANGE | TAKES_WHY | TAKES_AS_OF,
	    run_bank,
	    "=lines|entries|accounts|ages|statement|tills|payouts|payout|"
	    "match|accept|unmatch|book|ignore|restore|undo -",
	    "state account entity day on month rule party cost_centre memo gst "
	    "supply into after limit",
	    "\nL12\naccept rule=reference account=1000\n"
	    "book L12 5230 gst=18 --reason charges\n"
	    "statement IN01/1000 day=2026-10-31\n" },
	{ "search", "TEXT",
	    N_("where a number, a name, a GSTIN or an amount stands in the "
	    "books"), 1, 1, GROUP_LOOK, TABLE, run_list, "-", "",
	    "INV-12\n12,360.00 --json\n" },
	{ "views", "", N_("saved views, each with how many rows it has in "
	    "the local copy"), 0, 0, GROUP_LOOK, TABLE | TAKES_NOBODY,
	    run_views, "-", "", "--json\n" },
	{ "keys", "[--check [FILE]]",
	    N_("the keys of the console; --check: what is wrong with them, "
	    "or with those of a file"), 0, 2, GROUP_SYSTEM,
	    TAKES_TABLE | TAKES_NOBODY, run_keys, "file", "",
	    "\n--check my.keys\n" },
	{ "config", "[NAME]",
	    N_("settings in force and where each was said"), 0, 1,
	    GROUP_SYSTEM, TABLE | TAKES_NOBODY, run_config, "setting", "",
	    "\nsocket\n" },
	{ "completion", "bash|zsh|fish",
	    N_("print the completion of a shell"), 1, 1, GROUP_SYSTEM,
	    TAKES_NOBODY, run_completion, "=bash|zsh|fish", "", "bash\n" },
	{ "queue", "[list|send|drop N|change N TEXT|clear|verify]",
	    N_("decisions that wait on this side for the daemon; verify: is "
	    "their trail whole"), 0, 3, GROUP_DECIDE, TABLE, run_queue,
	    "=list|send|drop|change|clear|verify -", "",
	    "\nsend\ndrop 3\n" },
	{ "help", "[VERB]", N_("what there is; or all of one verb"), 0, 1,
	    GROUP_SYSTEM, TAKES_NOBODY, run_help, "verb", "", "retry\n" },
	{ "activity", "[NAME=VALUE ...]",
	    N_("what came and was posted, day by day; names: period"), 0, 1,
	    GROUP_LOOK, TABLE, run_list, "-", "period", "period=2026-10\n" },
	{ "report", "--html FILE|- [--period 2026-10] [--entity CODE] "
	    "[--gstin GSTIN]",
	    N_("close board, backlog and returns of a month as one page that "
	    "needs no network; without the daemon from the copy"), 2, 8,
	    GROUP_CLOSE, 0, run_report, "-", "",
	    "--html close.html --period 2026-10\n" },
	{ "correct", "E12 [FILE|-]",
	    N_("send the payload put right, in a file or the editor, instead "
	    "of the one that came; --reason TEXT"), 1, 2, GROUP_DECIDE,
	    ACT | TAKES_TABLE | TAKES_WHY, run_correct, "event file", "",
	    "E12 right.json --reason 'wrong account' --dry-run\n" },
	{ "audit", "[verify [from=ROW] [to=ROW] | OBJECT] [NAME=VALUE ...]",
	    N_("who did what, old and new, and who read what; verify: is the "
	    "chain whole; names: object actor action since until after "
	    "limit"), 0, 8, GROUP_SYSTEM, PAGES, run_audit, "=verify",
	    "object actor action since until after limit from to",
	    "verify\nE12\nactor=asha since=2026-10-01\n" },
	{ "pin", "[URL]",
	    N_("what the server shows of itself, to be compared by telephone"),
	    0, 1, GROUP_SYSTEM, TAKES_JSON | TAKES_NOBODY, run_pin, "-", "",
	    "\nhttps://books.example.in\n" },
};

const size_t n_cli_verbs = sizeof(cli_verbs) / sizeof(cli_verbs[0]);

const struct cli_verb *
cli_find(const char *name)
{
	for (size_t i = 0; i < n_cli_verbs; i++)
		if (strcmp(cli_verbs[i].name, name) == 0)
			return &cli_verbs[i];
	return NULL;
}
