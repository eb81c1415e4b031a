-- The books of one bahid.  Events, decisions, reference changes and rule
-- activations share one sequence (seq): replaying it gives the same journals.
-- Amounts are minor units; debit is positive.  Times are microseconds UTC.

CREATE TABLE event (
	seq INTEGER PRIMARY KEY,
	source TEXT NOT NULL,
	key TEXT NOT NULL,
	topic TEXT,
	correlation TEXT,
	secret_id TEXT,
	received INTEGER NOT NULL,
	occurred INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	body BLOB NOT NULL,
	-- what follows changes as the event is worked on
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	entity TEXT,
	kind TEXT,
	number TEXT,
	doc_version INTEGER,
	party TEXT,
	amount INTEGER,
	currency TEXT,
	journal INTEGER,	-- the last of its journals
	journals INTEGER NOT NULL,	-- how many, up to that one
	change INTEGER NOT NULL,
	answer TEXT,
	-- why the record is not of its file's format; never changed
	wrong TEXT,
	audit INTEGER NOT NULL	-- the row that says it came
) STRICT;

CREATE INDEX event_open ON event(state, seq) WHERE state <> 'posted';

CREATE TRIGGER event_kept BEFORE UPDATE OF
	seq, source, key, topic, correlation, secret_id, received, occurred,
	digest, body, wrong ON event
BEGIN SELECT raise(ABORT, 'an event is never changed'); END;

CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'an event is never deleted'); END;

-- The first delivery of each key; what makes a second one a replay.
CREATE TABLE idem (
	source TEXT NOT NULL,
	key TEXT NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- Other bytes under a used key: kept once for each content.
CREATE TABLE reuse (
	source TEXT NOT NULL,
	key TEXT NOT NULL,
	digest BLOB NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (source, key, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	source TEXT NOT NULL,
	sole INTEGER NOT NULL,	-- 1: it stands as that source sent it
	revision TEXT,
	event INTEGER NOT NULL,
	part INTEGER NOT NULL,	-- which of that event's documents
	journal INTEGER NOT NULL,	-- 0: the kind is not posted
	shared INTEGER NOT NULL,	-- 1: the journal is of a whole batch
	PRIMARY KEY (entity, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_version (
	id INTEGER PRIMARY KEY,	-- event * 128 + part
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	body TEXT NOT NULL,
	rule_digest TEXT NOT NULL,
	generation INTEGER NOT NULL,
	journal INTEGER NOT NULL,
	before INTEGER NOT NULL,	-- id of the version before; 0: none
	actor TEXT NOT NULL,	-- source, or who ruled on its event
	ruling INTEGER NOT NULL	-- seq of that decision; 0: as it came
) STRICT;

-- Versions of settlements by the payout that they are of: their batch, else
-- their own number. What a bank says is none.
CREATE TABLE payout_row (
	payout TEXT NOT NULL,
	entity TEXT NOT NULL,
	version INTEGER NOT NULL,	-- document_version
	PRIMARY KEY (payout, entity, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
	id INTEGER PRIMARY KEY,
	entity TEXT NOT NULL,
	date TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	event INTEGER NOT NULL,
	reverses INTEGER,
	narration TEXT
) STRICT;

CREATE TABLE entry (
	journal INTEGER NOT NULL,
	line INTEGER NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	amount INTEGER NOT NULL,
	base INTEGER NOT NULL,
	party TEXT,
	cost_centre TEXT,
	tax_code TEXT,
	item TEXT,
	location TEXT,
	memo TEXT,
	PRIMARY KEY (journal, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_account ON entry(account, journal);

CREATE TRIGGER journal_kept BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'a journal is never changed'); END;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'a journal is never deleted'); END;
CREATE TRIGGER entry_kept BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never deleted'); END;

-- Maintained in the settling transaction; rebuilt from entry at will.
CREATE TABLE balance (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	period TEXT NOT NULL,
	debit INTEGER NOT NULL,
	credit INTEGER NOT NULL,
	base_debit INTEGER NOT NULL,
	base_credit INTEGER NOT NULL,
	PRIMARY KEY (entity, account, currency, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
	event INTEGER NOT NULL,
	n INTEGER NOT NULL,
	code TEXT NOT NULL,
	value TEXT NOT NULL,
	field TEXT NOT NULL,
	detail TEXT NOT NULL,
	signature TEXT NOT NULL,
	level TEXT NOT NULL CHECK (level IN ('block', 'warn')),
	PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_signature ON finding(signature, event);

CREATE TABLE signature (
	id TEXT PRIMARY KEY,
	code TEXT NOT NULL,
	source TEXT NOT NULL,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How many open events share a signature, by day received (IST).
CREATE TABLE signature_day (
	signature TEXT NOT NULL,
	day TEXT NOT NULL,
	currency TEXT NOT NULL,
	count INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (signature, day, currency)
) STRICT, WITHOUT ROWID;

-- Conservation: for each source, received = sum of all other states.
CREATE TABLE tally (
	source TEXT NOT NULL,
	state TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (source, state)
) STRICT, WITHOUT ROWID;

-- What is in the one sequence besides events.
CREATE TABLE log (
	seq INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('decision', 'reference', 'rules')),
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	body TEXT NOT NULL
) STRICT;
CREATE INDEX log_actor ON log(actor, seq);

-- Answers to decisions by Idempotency-Key.
CREATE TABLE answered (
	actor TEXT NOT NULL,
	key TEXT NOT NULL,
	digest BLOB NOT NULL,
	answer TEXT NOT NULL,
	PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE rules (
	digest TEXT PRIMARY KEY,
	files TEXT NOT NULL	-- JSON object: name -> text
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL,
	old TEXT NOT NULL,
	new TEXT NOT NULL,
	prev BLOB NOT NULL,
	hash BLOB NOT NULL
) STRICT;

-- What happened to a thing later; that it came is found by event.audit.
CREATE INDEX audit_later ON audit(object, seq) WHERE old <> '';
-- What is not of an event: few, and found by what it is of.
CREATE INDEX audit_other ON audit(object, seq)
	WHERE substr(object, 1, 1) <> 'E';

CREATE TRIGGER audit_kept BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit is append only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit is append only'); END;

-- The feed: the latest change of each key only.
CREATE TABLE change (
	seq INTEGER PRIMARY KEY,
	topic TEXT NOT NULL,
	key TEXT NOT NULL
) STRICT;

CREATE INDEX change_key ON change(topic, key) WHERE topic <> 'event';

CREATE TABLE master (
	tab TEXT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	entity TEXT,
	kind TEXT NOT NULL,
	extra TEXT NOT NULL,
	first TEXT NOT NULL,
	last TEXT NOT NULL,
	PRIMARY KEY (tab, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE mapping (
	source TEXT NOT NULL,
	dimension TEXT NOT NULL,
	from_value TEXT NOT NULL,
	to_value TEXT NOT NULL,
	PRIMARY KEY (source, dimension, from_value)
) STRICT, WITHOUT ROWID;

CREATE TABLE rate (
	from_currency TEXT NOT NULL,
	to_currency TEXT NOT NULL,
	first TEXT NOT NULL,
	rate INTEGER NOT NULL CHECK (rate > 0),	-- millionths
	PRIMARY KEY (from_currency, to_currency, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE period (
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'soft', 'closed')),
	PRIMARY KEY (entity, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE pair (
	account TEXT NOT NULL,
	cost_centre TEXT NOT NULL,
	PRIMARY KEY (account, cost_centre)
) STRICT, WITHOUT ROWID;

-- Secrets are not here: they are files, see bahid.conf(5).
CREATE TABLE source (
	name TEXT PRIMARY KEY,
	scheme TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The last change of each table of master data: what an editor has seen.
CREATE TABLE master_version (
	tab TEXT PRIMARY KEY,
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a source may send; '*' is any other one. 0: no bound.
CREATE TABLE source_limit (
	source TEXT PRIMARY KEY,
	rate INTEGER NOT NULL,		-- events a second
	burst INTEGER NOT NULL,		-- events at once
	body INTEGER NOT NULL,		-- bytes
	allow TEXT NOT NULL		-- addresses; '': any
) STRICT, WITHOUT ROWID;

-- Where each poll of a foreign API stands.
CREATE TABLE poll (
	name TEXT PRIMARY KEY,
	source TEXT NOT NULL,
	cursor TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN
		('waiting', 'good', 'retrying', 'stopped', 'removed')),
	breaker TEXT NOT NULL,
	config TEXT NOT NULL,
	meaning TEXT NOT NULL,
	why TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	pages INTEGER NOT NULL,
	items INTEGER NOT NULL,
	at INTEGER NOT NULL,
	good INTEGER NOT NULL,
	next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Standard cost of one of an item, from a day on.
CREATE TABLE cost (
	item TEXT NOT NULL,
	first TEXT NOT NULL,
	cost TEXT NOT NULL,	-- decimal
	currency TEXT NOT NULL,
	PRIMARY KEY (item, first)
) STRICT, WITHOUT ROWID;

-- How a kind of document of a source gets into the books; see book/flow.h.
CREATE TABLE flow (
	source TEXT NOT NULL,
	kind TEXT NOT NULL,
	entity TEXT NOT NULL,
	pattern TEXT NOT NULL,
	window TEXT NOT NULL,
	latency INTEGER NOT NULL,
	owner TEXT NOT NULL,
	objective INTEGER NOT NULL,
	wait INTEGER NOT NULL,
	control TEXT NOT NULL,
	PRIMARY KEY (source, kind, entity)
) STRICT, WITHOUT ROWID;

-- What keeps an event waiting: one thing at a time.
CREATE TABLE wait (
	event INTEGER PRIMARY KEY,
	reason TEXT NOT NULL CHECK (reason IN
	    ('document', 'stock', 'window', 'batch', 'paused')),
	key TEXT NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER,	-- when it becomes a failure, or its window opens
	weight INTEGER,	-- of a batch: what it adds to the sum; of stock: how
			-- much must be there
	control INTEGER,	-- of a batch: 1 when it says what that must be
	document TEXT,	-- of these: what it writes, ENTITY/KIND/NUMBER
	documents INTEGER	-- of a batch: how many of its documents count
) STRICT;

CREATE INDEX wait_key ON wait(reason, key, event);
CREATE INDEX wait_until ON wait(until) WHERE until IS NOT NULL;
CREATE INDEX wait_document ON wait(document) WHERE document IS NOT NULL;

-- Batches that are open, and what has gathered; ENTITY/SOURCE/NAME.
CREATE TABLE batch (
	key TEXT PRIMARY KEY,
	part INTEGER NOT NULL,	-- from 1; late ones make another
	n INTEGER NOT NULL,
	total INTEGER NOT NULL,
	currency TEXT NOT NULL,
	due INTEGER,		-- closes by itself; null: by its control
	control INTEGER,	-- event that says what it must add up to
	control_total INTEGER,
	control_count INTEGER,
	journal INTEGER,	-- of the part closed last
	closed INTEGER,		-- when that was
	last_n INTEGER NOT NULL,	-- and what it had
	last_total INTEGER NOT NULL,
	failed INTEGER	-- its control, that failed: it does not close before
			-- another one agrees or a person decided that one
) STRICT, WITHOUT ROWID;

CREATE INDEX batch_due ON batch(due) WHERE due IS NOT NULL;
CREATE INDEX batch_failed ON batch(failed) WHERE failed IS NOT NULL;

-- What each document of a batch is of its one journal.
CREATE TABLE share (
	version INTEGER NOT NULL,	-- of document_version
	line INTEGER NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	amount INTEGER NOT NULL,
	base INTEGER NOT NULL,
	party TEXT,
	cost_centre TEXT,
	tax_code TEXT,
	item TEXT,
	location TEXT,
	memo TEXT,
	PRIMARY KEY (version, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER share_kept BEFORE UPDATE ON share
BEGIN SELECT raise(ABORT, 'a share is never changed'); END;
CREATE TRIGGER share_stays BEFORE DELETE ON share
BEGIN SELECT raise(ABORT, 'a share is never deleted'); END;

-- Quantities are thousandths; values minor units of the base currency.
CREATE TABLE stock (
	entity TEXT NOT NULL,
	item TEXT NOT NULL,
	location TEXT NOT NULL,
	on_hand INTEGER NOT NULL,
	reserved INTEGER NOT NULL,
	value INTEGER NOT NULL,
	tracked INTEGER NOT NULL,	-- stock was ever received or counted
	PRIMARY KEY (entity, item, location)
) STRICT, WITHOUT ROWID;

-- What moved in or out on a day; stock is the sum of all its days.
-- Quantities are thousandths, as in stock.
CREATE TABLE stock_day (
	entity TEXT NOT NULL,
	location TEXT NOT NULL,
	item TEXT NOT NULL,
	day TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (entity, location, item, day)
) STRICT, WITHOUT ROWID;

-- What was counted of an item at a place, as of the end of a day: the sum of
-- all documents of that count. `expected` is what stock said of that day as
-- the last of them came.
CREATE TABLE count_line (
	entity TEXT NOT NULL,
	count TEXT NOT NULL,	-- its name
	location TEXT NOT NULL,
	item TEXT NOT NULL,
	day TEXT NOT NULL,
	counted INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	parts INTEGER NOT NULL,	-- lines that it is the sum of
	event INTEGER NOT NULL,	-- the last of them
	counter TEXT,		-- who counted
	memo TEXT,
	PRIMARY KEY (entity, count, location, item, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX count_line_item ON count_line(entity, location, item, day);

-- What documents that adjust stock to a count did, each while it stands.
CREATE TABLE count_adjusted (
	entity TEXT NOT NULL,
	count TEXT NOT NULL,
	location TEXT NOT NULL,
	item TEXT NOT NULL,
	day TEXT NOT NULL,
	number TEXT NOT NULL,	-- of the inventory_move
	quantity INTEGER NOT NULL,
	value INTEGER NOT NULL,
	event INTEGER NOT NULL,
	PRIMARY KEY (entity, count, location, item, day, number)
) STRICT, WITHOUT ROWID;

-- A person's no to a line, as long as it differs by as much.
CREATE TABLE count_word (
	entity TEXT NOT NULL,
	count TEXT NOT NULL,
	location TEXT NOT NULL,
	item TEXT NOT NULL,
	day TEXT NOT NULL,
	difference INTEGER NOT NULL,
	actor TEXT NOT NULL,
	reason TEXT NOT NULL,
	at INTEGER NOT NULL,
	seq INTEGER NOT NULL,	-- of the log
	PRIMARY KEY (entity, count, location, item, day)
) STRICT, WITHOUT ROWID;

-- By how much a count may differ and still be believed at once: percent of
-- what is expected, and value at standard cost; "": any. '*' is any other one.
CREATE TABLE tolerance (
	entity TEXT NOT NULL,
	location TEXT NOT NULL,
	percent TEXT NOT NULL,	-- decimal, two digits at most
	value TEXT NOT NULL,	-- decimal, of the base currency
	PRIMARY KEY (entity, location)
) STRICT, WITHOUT ROWID;

-- From order to cash: one row an order, one an item of it.
CREATE TABLE ordering (
	entity TEXT NOT NULL,
	number TEXT NOT NULL,
	party TEXT,
	currency TEXT,
	ordered INTEGER NOT NULL,
	invoiced INTEGER NOT NULL,
	paid INTEGER NOT NULL,
	credited INTEGER NOT NULL,
	refunded INTEGER NOT NULL,
	ordered_at INTEGER,	-- when each came first
	shipped_at INTEGER,
	invoiced_at INTEGER,
	paid_at INTEGER,
	PRIMARY KEY (entity, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE ordering_item (
	entity TEXT NOT NULL,
	number TEXT NOT NULL,
	item TEXT NOT NULL,
	location TEXT,		-- where it is promised from
	ordered INTEGER NOT NULL,
	shipped INTEGER NOT NULL,
	invoiced INTEGER NOT NULL,
	returned INTEGER NOT NULL,
	PRIMARY KEY (entity, number, item)
) STRICT, WITHOUT ROWID;

-- Which document versions belong to an order: one errand from end to end.
CREATE TABLE ordering_document (
	entity TEXT NOT NULL,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (entity, number, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX ordering_document_version ON ordering_document(version);
CREATE INDEX event_correlation ON event(correlation)
	WHERE correlation IS NOT NULL;

-- Senders that fail, and those that are paused for it.
CREATE TABLE sender (
	name TEXT PRIMARY KEY,
	good INTEGER NOT NULL,	-- 1: something of it was ever usable
	failing INTEGER NOT NULL,	-- failures in a row
	paused INTEGER		-- since when; null: it is not
) STRICT, WITHOUT ROWID;

-- What rules looked for in vain without a finding, by day-to-day use.
CREATE TABLE drift (
	source TEXT NOT NULL,
	dimension TEXT NOT NULL,
	value TEXT NOT NULL,
	count INTEGER NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (source, dimension, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX drift_last ON drift(source, dimension, last);

-- What somebody wants to change and somebody else must approve. Once
-- approved it is in force by a row of the log; this only says how it came.
CREATE TABLE proposal (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('rules', 'reference')),
	tab TEXT NOT NULL,		-- of reference; '' of rules
	remove INTEGER NOT NULL,	-- 1: the rows are to go
	digest TEXT NOT NULL,	-- of rules: theirs; else of the body
	body TEXT NOT NULL,	-- CSV; of rules '': they are in that table
	base TEXT NOT NULL,	-- digest of what it changes, as was seen
	author TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	signature TEXT,		-- problem to retry once in force
	state TEXT NOT NULL CHECK (state IN
	    ('draft', 'approved', 'rejected', 'superseded')),
	version INTEGER NOT NULL,
	decided_by TEXT,
	decided_at INTEGER,
	decision TEXT,
	seq INTEGER,		-- of the log row that put it in force
	backtest TEXT		-- what it would have changed, JSON
) STRICT;

CREATE INDEX proposal_state ON proposal(state, id);

-- What people are told about the system itself: one row for each signature,
-- with a new id each time it is raised afresh.
CREATE TABLE alert (
	id INTEGER PRIMARY KEY,
	signature TEXT NOT NULL UNIQUE,
	code TEXT NOT NULL,
	subject TEXT NOT NULL,
	value TEXT NOT NULL,		-- how much, when last seen
	state TEXT NOT NULL CHECK (state IN ('raised', 'recovered')),
	since INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	recovered_at INTEGER,
	told TEXT NOT NULL CHECK (told IN ('', 'raised', 'recovered')),
	told_at INTEGER,
	held INTEGER NOT NULL,		-- 1: kept back in the quiet hours
	sent_at INTEGER,		-- what follows is of its delivery
	attempts INTEGER NOT NULL,
	why TEXT NOT NULL
) STRICT;

-- Notices that are decided and not delivered yet.
CREATE TABLE alert_out (
	id INTEGER PRIMARY KEY,
	message TEXT NOT NULL,		-- its Message-ID or webhook-id
	at INTEGER NOT NULL,
	channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook',
	    'command')),
	target TEXT NOT NULL,
	type TEXT NOT NULL,		-- 'alert.raised', 'alert.digest'
	code TEXT NOT NULL,		-- '': more than one
	signatures TEXT NOT NULL,	-- separated by spaces
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	refused INTEGER NOT NULL,	-- 1: for good; goes after the others
	why TEXT NOT NULL
) STRICT;

CREATE INDEX alert_out_next ON alert_out(channel, target, refused, id);

-- Every attempt to deliver, good or bad.
CREATE TABLE alert_sent (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	channel TEXT NOT NULL,
	target TEXT NOT NULL,
	signature TEXT NOT NULL,
	message TEXT NOT NULL,
	outcome TEXT NOT NULL		-- 'sent', or why not
) STRICT;

CREATE INDEX stock_short ON stock(tracked, on_hand, reserved)
	WHERE tracked = 1 AND on_hand < reserved;

-- Which open events are late, without reading the events.  A list of states
-- would be built anew for each event that is inserted.
CREATE INDEX event_late ON event(source, kind, entity, state, received)
	WHERE state <> 'posted';

-- How long things took, by the day they ended (IST); day '' sums all days.
-- bucket: of the table in store/figure.c.  Times of our clock: not of the
-- sequence, so a rebuild copies them.
CREATE TABLE latency (
	what TEXT NOT NULL CHECK (what IN ('sync', 'resolve', 'invoice')),
	source TEXT NOT NULL,
	day TEXT NOT NULL,
	bucket INTEGER NOT NULL,
	n INTEGER NOT NULL,
	micros INTEGER NOT NULL,
	PRIMARY KEY (what, source, day, bucket)
) STRICT, WITHOUT ROWID;

-- What is counted besides states, by the day the event was received (IST);
-- day '' sums all days.  Of what = 'adjusted', detail is a location, source
-- its entity and n an amount in minor units.
CREATE TABLE figure (
	what TEXT NOT NULL,
	detail TEXT NOT NULL,
	source TEXT NOT NULL,
	day TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (what, day, detail, source)
) STRICT, WITHOUT ROWID;

-- Where each account stands, the event that moved it last, and the one since
-- which it has not been zero (0: it is zero).
CREATE TABLE standing (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	balance INTEGER NOT NULL,
	base INTEGER NOT NULL,
	last INTEGER NOT NULL,
	since INTEGER NOT NULL,
	PRIMARY KEY (entity, account, currency)
) STRICT, WITHOUT ROWID;

-- The last new event of each source.
CREATE TABLE heard (
	source TEXT PRIMARY KEY,
	last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events that a person ever decided on: never touchless.
CREATE TABLE decided (
	event INTEGER PRIMARY KEY
) STRICT;

-- What a person may still act on, by the minute received; '' is not known.
CREATE TABLE backlog (
	state TEXT NOT NULL,
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	currency TEXT NOT NULL,
	minute INTEGER NOT NULL,
	n INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (state, entity, kind, currency, minute)
) STRICT, WITHOUT ROWID;

-- What keeps periods from closing: open events by the month of their
-- document; where that is not known (dated 0) by the month received.  '' is
-- an entity or currency that is not known.  Those that lack a tax code count
-- once more, as state 'tax'.
CREATE TABLE closing (
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	state TEXT NOT NULL,
	currency TEXT NOT NULL,
	dated INTEGER NOT NULL,
	n INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (entity, period, state, currency, dated)
) STRICT, WITHOUT ROWID;

-- And what each of them adds to that.
CREATE TABLE closing_event (
	event INTEGER PRIMARY KEY,
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	state TEXT NOT NULL,
	currency TEXT NOT NULL,
	dated INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	signature TEXT NOT NULL,	-- of the finding to look at; '' none
	day TEXT NOT NULL		-- received (IST)
) STRICT;
CREATE INDEX closing_event_problem ON closing_event(signature, event);

-- The last event that a problem let go.
CREATE TABLE problem_past (
	signature TEXT PRIMARY KEY,
	event INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Tax of posted documents by tax code (account ''), and what the entries
-- with a tax code say of it, account by account.
CREATE TABLE tax_sum (
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	currency TEXT NOT NULL,
	tax_code TEXT NOT NULL,
	account TEXT NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (entity, period, currency, tax_code, account)
) STRICT, WITHOUT ROWID;

-- Who is to see to a line of the close board, and by which day of the month
-- after; entity '*' is any other one.
CREATE TABLE close_task (
	entity TEXT NOT NULL,
	line TEXT NOT NULL,
	owner TEXT NOT NULL,
	due INTEGER NOT NULL,
	PRIMARY KEY (entity, line)
) STRICT, WITHOUT ROWID;

-- A person's word for a line, with the figures that it was given on.
CREATE TABLE signoff (
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	line TEXT NOT NULL,
	signer TEXT NOT NULL,
	at INTEGER NOT NULL,
	figures TEXT NOT NULL,
	suspended INTEGER,	-- when the figures were seen to have moved
	PRIMARY KEY (entity, period, line)
) STRICT, WITHOUT ROWID;

-- Periods that one person wants open again and another must approve.
CREATE TABLE reopening (
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	author TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (entity, period)
) STRICT, WITHOUT ROWID;

-- Orders that go no further, and stock that cannot be.
CREATE INDEX ordering_to_ship ON ordering(ordered_at)
	WHERE ordered_at IS NOT NULL AND shipped_at IS NULL
	AND invoiced_at IS NULL AND ordered <> 0;
CREATE INDEX ordering_to_invoice ON ordering(shipped_at)
	WHERE shipped_at IS NOT NULL AND invoiced_at IS NULL;
CREATE INDEX stock_negative ON stock(entity, location)
	WHERE on_hand < 0 AND tracked = 1;

-- Files of the inbox, and what became of their records.
CREATE TABLE file (
	id INTEGER PRIMARY KEY,
	source TEXT NOT NULL,
	name TEXT NOT NULL,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	size INTEGER NOT NULL,
	format TEXT,
	state TEXT NOT NULL CHECK (state IN ('reading', 'done', 'failed')),
	first INTEGER NOT NULL,		-- last event before it
	at_byte INTEGER NOT NULL,
	of_records INTEGER NOT NULL,
	records INTEGER NOT NULL
	    CHECK (records = posted + waiting + failed + duplicate + ignored),
	posted INTEGER NOT NULL,
	waiting INTEGER NOT NULL,
	failed INTEGER NOT NULL,
	duplicate INTEGER NOT NULL,
	ignored INTEGER NOT NULL,
	started INTEGER NOT NULL,
	ended INTEGER NOT NULL,
	place TEXT,
	moved INTEGER NOT NULL,
	trailer TEXT CHECK (trailer IN ('matched', 'differs')),
	why TEXT
) STRICT;

CREATE INDEX file_name ON file(source, name);
CREATE INDEX event_of_file ON event(correlation, received, source, state)
	WHERE correlation IS NOT NULL AND state <> 'posted';
CREATE INDEX file_open ON file(moved) WHERE moved = 0;

-- The control total of each currency; null: too large to be a number.
CREATE TABLE file_amount (
	file INTEGER NOT NULL,
	currency TEXT NOT NULL,
	records INTEGER NOT NULL,
	total INTEGER,
	posted INTEGER,
	PRIMARY KEY (file, currency)
) STRICT, WITHOUT ROWID;

-- Accounts, or prefixes*, that a client may post to by journals of its own.
CREATE TABLE account_grant (
	client TEXT NOT NULL,
	account TEXT NOT NULL,
	PRIMARY KEY (client, account)
) STRICT, WITHOUT ROWID;

-- One action on many events, and how far it went. The log has each piece of
-- it; this only says how it came, so a rebuild needs nothing of it.
CREATE TABLE run (
	id INTEGER PRIMARY KEY,
	actor TEXT NOT NULL,
	key TEXT NOT NULL,		-- Idempotency-Key
	plan TEXT NOT NULL,		-- or the run that it retries, R7
	action TEXT NOT NULL,
	reason TEXT NOT NULL,
	parameters TEXT NOT NULL,	-- JSON
	total INTEGER NOT NULL,
	done INTEGER NOT NULL,
	failed INTEGER NOT NULL,
	skipped INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN
	    ('running', 'done', 'cancelled')),
	cancelled_by TEXT,
	started INTEGER NOT NULL,
	ended INTEGER,
	CHECK (done + failed + skipped <= total),
	UNIQUE (actor, key)
) STRICT;

CREATE INDEX run_running ON run(id) WHERE state = 'running';

-- What is picked, EVENT:VERSION by spaces; apart, since it is long and never
-- changes. Gone when the run ends.
CREATE TABLE run_pick (
	run INTEGER PRIMARY KEY,
	picks TEXT NOT NULL
) STRICT;

-- The receipt: a row for each picked event that was come to.
CREATE TABLE run_row (
	run INTEGER NOT NULL,
	n INTEGER NOT NULL,		-- its place among the picks, from 1
	event INTEGER NOT NULL,
	version INTEGER NOT NULL,	-- that was picked
	outcome TEXT NOT NULL CHECK (outcome IN
	    ('done', 'failed', 'skipped')),
	from_state TEXT NOT NULL,	-- '': there is no such event
	to_state TEXT NOT NULL,
	to_version INTEGER NOT NULL,
	code TEXT NOT NULL,		-- of a finding or a skip; '': none
	value TEXT NOT NULL,
	field TEXT NOT NULL,
	detail TEXT NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

-- What a person said an event's documents are, or when they are posted: in
-- force whenever the event is judged again, and kept once it is posted.
CREATE TABLE ruling (
	event INTEGER NOT NULL,
	part INTEGER NOT NULL,
	parts INTEGER NOT NULL,	-- how many documents the event made
	base INTEGER,		-- version it is made against; null: not said
	document TEXT,		-- instead of what rules make; null: that
	day TEXT,		-- that it is posted on; null: its own
	merged INTEGER NOT NULL,	-- 1: not as its source sent it
	seq INTEGER NOT NULL,	-- of the last decision
	actor TEXT NOT NULL,	-- and who made it
	PRIMARY KEY (event, part)
) STRICT, WITHOUT ROWID;

-- Everybody who ever ruled on an event: each is a maker of it.
CREATE TABLE ruler (
	event INTEGER NOT NULL,
	actor TEXT NOT NULL,
	PRIMARY KEY (event, actor)
) STRICT, WITHOUT ROWID;

-- Accounts that companies of the group keep with each other: what the one
-- says on its account, the other says on its own, the other way round.
CREATE TABLE intercompany (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	counterparty TEXT NOT NULL,
	counter_account TEXT NOT NULL,
	PRIMARY KEY (entity, account, counterparty)
) STRICT, WITHOUT ROWID;

-- The same, each side by itself.
CREATE VIEW intercompany_side AS
	SELECT entity, account, counterparty, counter_account
	FROM intercompany UNION
	SELECT counterparty, counter_account, entity, account
	FROM intercompany;

-- What one legal entity says of another: every entry whose party is one, by
-- the document it is of. name: what both sides know it by, the document's
-- reference or else its number.
CREATE TABLE mutual (
	entity TEXT NOT NULL,
	party TEXT NOT NULL,
	name TEXT NOT NULL,
	account TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	currency TEXT NOT NULL,
	period TEXT NOT NULL,
	amount INTEGER NOT NULL,
	base INTEGER NOT NULL,
	date TEXT NOT NULL,	-- of the journal that moved it last
	journal INTEGER NOT NULL,
	PRIMARY KEY (entity, party, name, account, kind, number, currency,
	    period)
) STRICT, WITHOUT ROWID;

-- The same of each account, whatever the document.
CREATE TABLE mutual_sum (
	entity TEXT NOT NULL,
	party TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	period TEXT NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (entity, party, account, currency, period)
) STRICT, WITHOUT ROWID;

-- Of which names the two sides do not agree in some month; low < high.
CREATE TABLE mutual_open (
	low TEXT NOT NULL,
	high TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (low, high, name)
) STRICT, WITHOUT ROWID;

-- Which policy asks for whose approval; see book/policy.h.
CREATE TABLE policy (
	policy TEXT NOT NULL,
	kind TEXT NOT NULL,
	entity TEXT NOT NULL,
	amount TEXT NOT NULL,	-- decimals; '': none
	second TEXT NOT NULL,
	third TEXT NOT NULL,
	role TEXT NOT NULL,
	expires INTEGER NOT NULL,	-- hours; 0: never
	PRIMARY KEY (policy, kind, entity)
) STRICT, WITHOUT ROWID;

-- Why an event waits for an approval is in its findings; this is what it
-- takes.  digest: of its documents and their entries.
CREATE TABLE hold (
	event INTEGER PRIMARY KEY,
	digest BLOB NOT NULL CHECK (length(digest) = 32),
	needed INTEGER NOT NULL,
	totp INTEGER NOT NULL,
	role TEXT NOT NULL,
	base INTEGER NOT NULL,	-- its largest total, in
	currency TEXT NOT NULL,
	since INTEGER NOT NULL,
	expires INTEGER		-- null: never
) STRICT;

CREATE INDEX hold_expires ON hold(expires, event) WHERE expires IS NOT NULL;

-- One person's yes to that content.
CREATE TABLE approval (
	event INTEGER NOT NULL,
	n INTEGER NOT NULL,
	digest BLOB NOT NULL,
	actor TEXT NOT NULL,
	giver TEXT,		-- for whom; null: for himself
	totp INTEGER NOT NULL,	-- 1: with a one-time code
	at INTEGER NOT NULL,
	seq INTEGER NOT NULL,	-- of the log
	PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

-- Who may approve in whose stead.
CREATE TABLE delegation (
	id INTEGER PRIMARY KEY,	-- seq of the log
	giver TEXT NOT NULL,
	taker TEXT NOT NULL,
	role TEXT NOT NULL,	-- of the giver
	amount TEXT NOT NULL,	-- decimal; '': any
	at INTEGER NOT NULL,
	until INTEGER NOT NULL,
	reason TEXT NOT NULL,
	revoked INTEGER
) STRICT;

CREATE INDEX delegation_taker ON delegation(taker, until);

-- First versions of documents, by party ('': all of them), for those kinds
-- that a policy asks for; counted up to a document version.
CREATE TABLE habit (
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	party TEXT NOT NULL,
	currency TEXT NOT NULL,
	n INTEGER NOT NULL,
	total INTEGER NOT NULL,
	PRIMARY KEY (entity, kind, party, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE habit_mark (
	kind TEXT PRIMARY KEY,
	last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How people share the work on events.
CREATE TABLE desk (
	event INTEGER PRIMARY KEY,
	assignee TEXT,
	snoozed INTEGER,	-- until then nobody wants to see it
	comments INTEGER NOT NULL	-- how many there ever were
) STRICT;

CREATE TABLE comment (
	event INTEGER NOT NULL,
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

-- What each decision did to each event, to be taken back.
CREATE TABLE deed (
	of TEXT NOT NULL,	-- D12 or R7
	event INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	version INTEGER NOT NULL,
	old TEXT NOT NULL,
	undone INTEGER NOT NULL,	-- by which row of the log; 0
	PRIMARY KEY (of, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX deed_event ON deed(event, seq);
CREATE INDEX deed_actor ON deed(actor, seq) WHERE undone = 0;
-- What failed of a document that is posted now.
CREATE INDEX event_failed ON event(entity, kind, number)
	WHERE state = 'failed';

-- ---- GST ----------------------------------------------------------------
-- What posted documents are under GST, written in the settling transaction
-- (store/gst.c) from the pure reading of src/gst.  Paise; rates are thousandths
-- of a percent; period is the return's, 202610.

-- One row a document version that stands in a return, or stood in a filed one.
CREATE TABLE gst_document (
	version INTEGER PRIMARY KEY,	-- of document_version
	gstin TEXT NOT NULL,		-- ours
	period INTEGER NOT NULL,
	inward INTEGER NOT NULL,
	nature TEXT NOT NULL CHECK (nature IN
	    ('invoice', 'credit', 'debit', 'advance', 'adjustment')),
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	date TEXT NOT NULL,
	party TEXT,
	name TEXT,
	ctin TEXT,			-- the other side's GSTIN
	category TEXT NOT NULL,
	place TEXT,			-- of supply
	inter INTEGER NOT NULL,
	reverse_charge INTEGER NOT NULL,
	reduced INTEGER NOT NULL,	-- 65% of the rate
	operator TEXT,
	seller TEXT,
	original TEXT,
	original_date TEXT,
	port TEXT,
	bill TEXT,			-- of shipping, or of entry
	bill_date TEXT,
	credit TEXT NOT NULL,		-- of input tax; '' of sales
	value INTEGER NOT NULL,
	voided INTEGER NOT NULL,	-- its number alone counts
	-- what it is the amendment of: a version in a filed return; 0: of none
	amends INTEGER NOT NULL,
	seq INTEGER NOT NULL,		-- event or decision that put it here
	bill_number TEXT NOT NULL,	-- as the other side or a shop calls it
	-- lines of table 12, signed: part rate quantity taxable igst cgst sgst
	-- cess unit hsn, with tabs between them
	goods TEXT NOT NULL
) STRICT;

CREATE INDEX gst_document_amends ON gst_document(amends) WHERE amends <> 0;
-- What changed in a return since some moment.
CREATE INDEX gst_document_period ON gst_document(gstin, period, seq);
-- A note stands by the size of its invoice, which may come later.
CREATE INDEX gst_document_original ON gst_document(entity, original)
	WHERE original IS NOT NULL;
-- A refund names its invoice by what the shop calls that.
CREATE INDEX gst_document_called ON gst_document(entity, bill_number)
	WHERE kind = 'sales_invoice' AND bill_number <> number;
-- Purchases are matched and found again by supplier and number.
CREATE INDEX gst_document_inward ON gst_document(gstin, ctin, bill_number)
	WHERE inward = 1;
-- Numbers that differ in case are one.
CREATE INDEX gst_document_number ON gst_document(gstin, upper(number))
	WHERE inward = 0;

-- Amounts are positive as the document reads; its nature gives the sign. An
-- amendment has its new rows in b2ba and so on, and one row with `was` for each
-- that it takes the place of, negative: with those each cell of GSTR-3B, and
-- b2csa, ata, txpda, nil and supecoa, hold what it changes. Its period (of a
-- b2b row that an IFF has) may be another than the document's.
CREATE TABLE gst_row (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	section TEXT NOT NULL,		-- b2b, or b2ba of an amendment, ...
	version INTEGER NOT NULL,
	n INTEGER NOT NULL,
	type TEXT NOT NULL,		-- R SEWP SEWOP DE CBW WPAY ...
	cell TEXT NOT NULL,		-- of GSTR-3B
	treatment TEXT NOT NULL,
	rate INTEGER NOT NULL,
	taxable INTEGER NOT NULL,
	igst INTEGER NOT NULL,
	cgst INTEGER NOT NULL,
	sgst INTEGER NOT NULL,
	cess INTEGER NOT NULL,
	also TEXT NOT NULL,		-- other cells that it counts in
	place TEXT NOT NULL,
	was INTEGER NOT NULL,
	PRIMARY KEY (gstin, period, section, version, n)
) STRICT, WITHOUT ROWID;

-- Sums of the above by all that any return asks for, with the sign of the
-- document (cdnr, txpd: what lowers is negative); sections are those of GSTR-1,
-- `unplaced`, `inward` and the cells of GSTR-3B.  `type` of b2b and cdnr: 4B
-- under reverse charge; of nil: INTRB2B/nil ..; of ecom b2b/SELLER ..; of
-- supeco the operator, where `place` is clttx or paytx; of b2csa, ata, txpda
-- the period that is changed, 202610 (of supecoa behind the operator and a /),
-- and the sums are the change alone; of 5(gst): inter, intra.  Advances are in
-- 3.1(a) too.  `documents` counts those in the row; `first` each once a section,
-- and value is of those.
CREATE TABLE gst_sum (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	section TEXT NOT NULL,
	type TEXT NOT NULL,
	place TEXT NOT NULL,
	rate INTEGER NOT NULL,
	documents INTEGER NOT NULL,
	n INTEGER NOT NULL,
	value INTEGER NOT NULL,
	taxable INTEGER NOT NULL,
	igst INTEGER NOT NULL,
	cgst INTEGER NOT NULL,
	sgst INTEGER NOT NULL,
	cess INTEGER NOT NULL,
	first INTEGER NOT NULL,
	PRIMARY KEY (gstin, period, section, type, place, rate)
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_hsn (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	part TEXT NOT NULL,		-- b2b b2c in
	hsn TEXT NOT NULL,
	unit TEXT NOT NULL,
	rate INTEGER NOT NULL,
	quantity INTEGER NOT NULL,	-- thousandths
	value INTEGER NOT NULL,
	taxable INTEGER NOT NULL,
	igst INTEGER NOT NULL,
	cgst INTEGER NOT NULL,
	sgst INTEGER NOT NULL,
	cess INTEGER NOT NULL,
	PRIMARY KEY (gstin, period, part, hsn, unit, rate)
) STRICT, WITHOUT ROWID;

-- Table 13: numbers issued, by nature and what stands around the serial (#).
CREATE TABLE gst_series (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	nature INTEGER NOT NULL,	-- 1..12, as table 13 numbers them
	prefix TEXT NOT NULL,
	width INTEGER NOT NULL,		-- of the serial's digits
	low INTEGER NOT NULL,
	high INTEGER NOT NULL,
	n INTEGER NOT NULL,
	cancelled INTEGER NOT NULL,
	torn INTEGER NOT NULL,		-- 1: low and high are to be asked anew
	PRIMARY KEY (gstin, period, nature, prefix, width)
) STRICT, WITHOUT ROWID;

-- Returns that were filed: locked; what changes later is an amendment.
CREATE TABLE gst_filing (
	gstin TEXT NOT NULL,
	form TEXT NOT NULL CHECK (form IN ('gstr1', 'iff', 'gstr3b')),
	period INTEGER NOT NULL,
	filed TEXT NOT NULL,		-- day
	arn TEXT NOT NULL,		-- the portal's receipt
	actor TEXT NOT NULL,
	seq INTEGER NOT NULL,		-- of the log
	PRIMARY KEY (gstin, form, period)
) STRICT, WITHOUT ROWID;

-- What left a return that was not filed: went to another, or is no supply any
-- more. What came or changed tells its `seq`.
CREATE TABLE gst_gone (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	version INTEGER NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	PRIMARY KEY (gstin, period, seq, version)
) STRICT, WITHOUT ROWID;

-- Entities that were registered, and how far their documents from before
-- that are read.
CREATE TABLE gst_reading (
	entity TEXT PRIMARY KEY,
	seq INTEGER NOT NULL,		-- of the log, that asked for it
	again INTEGER NOT NULL,		-- 1: it was registered before, too
	ended INTEGER NOT NULL,
	kind TEXT NOT NULL,		-- the last that was read
	number TEXT NOT NULL,
	done INTEGER NOT NULL		-- documents
) STRICT;


-- The law of GST as dated master data; see book/statute.h. Texts as they
-- were imported, so that a table goes out as it came in.
CREATE TABLE registration (
	gstin TEXT NOT NULL,
	first TEXT NOT NULL,
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	filing TEXT NOT NULL,		-- monthly quarterly
	turnover TEXT NOT NULL,		-- rupees, of the year before
	last TEXT NOT NULL,
	PRIMARY KEY (gstin, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE taxpayer (
	party TEXT PRIMARY KEY,
	gstin TEXT NOT NULL,
	category TEXT NOT NULL,
	state TEXT NOT NULL,
	pin TEXT NOT NULL,
	address TEXT NOT NULL,
	status TEXT NOT NULL,		-- active cancelled suspended
	since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_state (
	code TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	alpha TEXT NOT NULL,
	pins TEXT NOT NULL,		-- first digits of PIN codes
	due_group TEXT NOT NULL,	-- of GSTR-3B
	utgst TEXT NOT NULL,		-- yes no, as the next two
	gstin TEXT NOT NULL,		-- begins GSTINs
	place TEXT NOT NULL,		-- may be a place of supply
	first TEXT NOT NULL,
	last TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_unit (
	code TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	goods TEXT NOT NULL		-- yes no
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_rate (
	rate TEXT NOT NULL,		-- percent
	first TEXT NOT NULL,
	hsn TEXT NOT NULL,		-- prefixes; '': any
	goods TEXT NOT NULL,
	services TEXT NOT NULL,
	last TEXT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (rate, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_limit (
	name TEXT NOT NULL,
	first TEXT NOT NULL,
	value TEXT NOT NULL,		-- rupees with paise, or a count
	PRIMARY KEY (name, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_due (
	form TEXT NOT NULL,
	filing TEXT NOT NULL,
	due_group TEXT NOT NULL,
	period TEXT NOT NULL,		-- MMYYYY; '*': any
	months TEXT NOT NULL,
	day TEXT NOT NULL,
	due TEXT NOT NULL,		-- an extension; else ''
	PRIMARY KEY (form, filing, due_group, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_level (
	code TEXT NOT NULL,		-- of the check: D01
	entity TEXT NOT NULL,		-- or '*'
	level TEXT NOT NULL,
	PRIMARY KEY (code, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE hsn (
	code TEXT PRIMARY KEY,
	name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE gst_item (
	item TEXT PRIMARY KEY,
	hsn TEXT NOT NULL,
	unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What people enter of GSTR-3B: interest, late fee, credit of a distributor,
-- reversals, credit brought forward.  The decision in the log is behind it.
CREATE TABLE gst_entry (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	cell TEXT NOT NULL,		-- gst/gstr3b.h
	igst INTEGER NOT NULL,
	cgst INTEGER NOT NULL,
	sgst INTEGER NOT NULL,
	cess INTEGER NOT NULL,
	reason TEXT NOT NULL,
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	seq INTEGER NOT NULL,		-- of the log
	PRIMARY KEY (gstin, period, cell)
) STRICT, WITHOUT ROWID;

-- What tax documents of a party or, for one of it, of an item had under a tax
-- code: how many by size, eight steps to each doubling (store/usual.c).
CREATE TABLE usual_tax (
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	scope TEXT NOT NULL CHECK (scope IN ('party', 'item')),
	who TEXT NOT NULL,
	tax_code TEXT NOT NULL,
	currency TEXT NOT NULL,
	step INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (entity, kind, scope, who, tax_code, currency, step)
) STRICT, WITHOUT ROWID;

-- What was exported, for whom, and what was in it: the receipt stays when
-- its files are gone.
CREATE TABLE gst_export (
	id INTEGER PRIMARY KEY,		-- X12
	gstin TEXT NOT NULL,
	form TEXT NOT NULL,
	period INTEGER NOT NULL,
	format TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN
	    ('waiting', 'running', 'done', 'failed', 'cancelled')),
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	ended INTEGER,
	seq INTEGER NOT NULL,		-- the last event or decision in it
	total INTEGER NOT NULL,		-- of what the form counts
	kept INTEGER NOT NULL,		-- its files are there
	why TEXT NOT NULL,		-- of a failure
	files TEXT NOT NULL,		-- JSON
	totals TEXT NOT NULL,		-- JSON
	warnings TEXT NOT NULL		-- JSON
) STRICT;

CREATE INDEX gst_export_of ON gst_export(gstin, form, period, id);
CREATE INDEX gst_export_open ON gst_export(state, id)
	WHERE state IN ('waiting', 'running');

-- Tax of a registered entity's documents by month, side and head: as the
-- ledger has it, and as returns have it (store/tie.c). Output is owed, input
-- is credit; gstin '' is of what stands in no return.
CREATE TABLE gst_ledger (
	entity TEXT NOT NULL,
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('output', 'input')),
	head TEXT NOT NULL,		-- igst cgst sgst cess other
	ledger INTEGER NOT NULL,
	returned INTEGER NOT NULL,
	PRIMARY KEY (entity, gstin, period, side, head)
) STRICT, WITHOUT ROWID;

-- What the ledger has of a document in a month less what returns have of it;
-- never zero.
CREATE TABLE gst_tie (
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	period INTEGER NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('output', 'input')),
	head TEXT NOT NULL,
	amount INTEGER NOT NULL,
	gstin TEXT NOT NULL,
	placed INTEGER NOT NULL,	-- it stands in a return
	settles INTEGER NOT NULL,	-- it pays tax, or sets it off
	PRIMARY KEY (entity, kind, number, period, side, head)
) STRICT, WITHOUT ROWID;
CREATE INDEX gst_tie_period ON gst_tie(entity, period);

-- ---- what suppliers filed -------------------------------------------------
-- Files of GSTR-2B, 2A and IMS by the row of the log that took them in; their
-- bytes by content, so that a rebuild reads them as it reads events.
CREATE TABLE inward_bytes (
	digest TEXT PRIMARY KEY,
	body BLOB NOT NULL
) STRICT;
CREATE TABLE inward_file (
	seq INTEGER PRIMARY KEY,	-- of the log
	digest TEXT NOT NULL UNIQUE,
	form TEXT NOT NULL CHECK (form IN ('2b', '2a', 'ims')),
	gstin TEXT NOT NULL,		-- ours
	period INTEGER NOT NULL,	-- 0: of several
	generated TEXT NOT NULL,	-- day; '' of those that do not say
	name TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	documents INTEGER NOT NULL,
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	warnings TEXT NOT NULL,		-- JSON array
	told TEXT NOT NULL,		-- its own sums of credit, as JSON
	replaced INTEGER NOT NULL	-- by the file of that seq; 0: in force
) STRICT;
CREATE INDEX inward_file_of ON inward_file(gstin, form, period);

-- Documents of those files. One that a later file no longer has stays, with
-- what was said of it, and counts nowhere.
CREATE TABLE inward_row (
	id INTEGER PRIMARY KEY,
	gstin TEXT NOT NULL,		-- ours
	form TEXT NOT NULL,
	period INTEGER NOT NULL,
	section TEXT NOT NULL,		-- b2b b2ba cdnr ... of the file
	party TEXT NOT NULL,		-- GSTIN; '' of imports
	number TEXT NOT NULL,
	date TEXT NOT NULL,
	credit INTEGER NOT NULL,	-- a credit note
	file INTEGER NOT NULL,		-- that said it last
	gone INTEGER NOT NULL,		-- by the file of that seq; 0: it is there
	own TEXT NOT NULL,		-- our PAN
	pan TEXT NOT NULL,		-- the supplier's, or its number
	year INTEGER NOT NULL,		-- financial, its first
	class TEXT NOT NULL,
	apart INTEGER NOT NULL,		-- listed, not matched
	rejected INTEGER NOT NULL,	-- in IMS, says the file
	odd INTEGER NOT NULL,		-- wrong check character
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	place TEXT NOT NULL,
	port TEXT NOT NULL,
	reverse_charge INTEGER NOT NULL,
	available TEXT NOT NULL,	-- Y N T ''
	reason TEXT NOT NULL,		-- P C ''
	amended INTEGER NOT NULL,
	original TEXT NOT NULL,
	original_date TEXT NOT NULL,
	amends INTEGER NOT NULL,	-- row of that original; 0
	amended_by INTEGER NOT NULL,	-- row that replaces it; 0
	filed TEXT NOT NULL,
	supplied INTEGER NOT NULL,
	ims TEXT NOT NULL,		-- N A R P '', as the file has it
	no_pending INTEGER NOT NULL,
	hash TEXT NOT NULL,
	status TEXT NOT NULL,
	value INTEGER NOT NULL,
	taxable INTEGER NOT NULL,
	igst INTEGER NOT NULL,
	cgst INTEGER NOT NULL,
	sgst INTEGER NOT NULL,
	cess INTEGER NOT NULL,
	UNIQUE (gstin, form, period, section, party, number, date, credit)
) STRICT;
CREATE INDEX inward_row_unit ON inward_row(own, pan, year);
CREATE INDEX inward_row_bill ON inward_row(gstin, party, number);

-- The purchase register: each purchase as it stands now, in paise of the base
-- currency. class '': not one that a supplier files for us.
CREATE TABLE purchase (
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	gstin TEXT NOT NULL,		-- ours
	period INTEGER NOT NULL,
	own TEXT NOT NULL,		-- our PAN
	pan TEXT NOT NULL,
	year INTEGER NOT NULL,
	class TEXT NOT NULL,
	credit INTEGER NOT NULL,
	party TEXT,			-- code
	name TEXT,
	ctin TEXT NOT NULL,		-- GSTIN; '': none
	category TEXT NOT NULL,
	bill TEXT NOT NULL,		-- the supplier's number
	date TEXT NOT NULL,
	place TEXT NOT NULL,
	reverse_charge INTEGER NOT NULL,
	itc TEXT NOT NULL,		-- available blocked ...
	value INTEGER NOT NULL,
	taxable INTEGER NOT NULL,
	exempt INTEGER NOT NULL,	-- nil, exempt and outside of GST
	igst INTEGER NOT NULL,
	cgst INTEGER NOT NULL,
	sgst INTEGER NOT NULL,
	cess INTEGER NOT NULL,
	PRIMARY KEY (entity, kind, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_unit ON purchase(own, pan, year);
CREATE INDEX purchase_period ON purchase(gstin, period);
CREATE INDEX purchase_version ON purchase(version);

-- What a person said of a row (R12) or a purchase (ENTITY/KIND/NUMBER), and
-- what was said before each decision, to be taken back.
CREATE TABLE recon_word (
	item TEXT PRIMARY KEY,
	action TEXT NOT NULL,		-- accept ignore pending ''
	ims TEXT NOT NULL,		-- A R P ''
	link TEXT NOT NULL,		-- of a row: the purchase; ''
	parted TEXT NOT NULL,		-- of a row: JSON array of purchases
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recon_word_link ON recon_word(link) WHERE link <> '';
CREATE TABLE recon_past (
	of INTEGER NOT NULL,		-- the decision
	item TEXT NOT NULL,
	action TEXT NOT NULL,
	ims TEXT NOT NULL,
	link TEXT NOT NULL,
	parted TEXT NOT NULL,
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (of, item)
) STRICT, WITHOUT ROWID;

-- What matching says of each; follows from the three above. A unit is what can
-- match at all: our PAN, a supplier's, a financial year.
CREATE TABLE recon (
	gstin TEXT NOT NULL,		-- of the row, else of the purchase
	period INTEGER NOT NULL,
	party TEXT NOT NULL,
	inward INTEGER NOT NULL,	-- row; 0: only in books
	version INTEGER NOT NULL,	-- of the purchase; 0: only in 2B
	own TEXT NOT NULL,
	pan TEXT NOT NULL,
	year INTEGER NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('exact', 'suggested',
	    'mismatch', 'manual', 'only_2b', 'only_books')),
	rule INTEGER NOT NULL,		-- 0: none; 12: a person
	differs TEXT NOT NULL,		-- fields, by blanks
	twin INTEGER NOT NULL,		-- version of the same bill in books; 0
	books INTEGER NOT NULL,		-- period of the purchase; 0
	-- With the sign of the document; tax: all heads of it.
	portal_taxable INTEGER NOT NULL,
	portal_tax INTEGER NOT NULL,
	books_taxable INTEGER NOT NULL,
	books_tax INTEGER NOT NULL,
	PRIMARY KEY (gstin, period, party, inward, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX recon_unit ON recon(own, pan, year);
CREATE INDEX recon_status ON recon(gstin, period, status);
CREATE INDEX recon_books ON recon(gstin, books) WHERE books <> period;
CREATE INDEX recon_inward ON recon(inward) WHERE inward <> 0;
CREATE INDEX recon_version ON recon(version) WHERE version <> 0;
CREATE TABLE recon_sum (
	gstin TEXT NOT NULL,
	period INTEGER NOT NULL,
	status TEXT NOT NULL,
	n INTEGER NOT NULL,
	portal_taxable INTEGER NOT NULL,
	portal_tax INTEGER NOT NULL,
	books_taxable INTEGER NOT NULL,
	books_tax INTEGER NOT NULL,
	PRIMARY KEY (gstin, period, status)
) STRICT, WITHOUT ROWID;
CREATE TABLE recon_dirty (
	own TEXT NOT NULL,
	pan TEXT NOT NULL,
	year INTEGER NOT NULL,
	seq INTEGER NOT NULL,		-- that moved it last
	PRIMARY KEY (own, pan, year)
) STRICT, WITHOUT ROWID;
CREATE INDEX recon_dirty_seq ON recon_dirty(seq);
CREATE INDEX inward_row_amends ON inward_row(gstin, party, original)
	WHERE amended = 1;
CREATE INDEX inward_row_amended ON inward_row(amended_by)
	WHERE amended_by <> 0;

-- What somebody looks for by a number that stands in no key.
CREATE INDEX event_amount ON event(amount) WHERE currency IS NOT NULL;
CREATE INDEX gst_document_bill ON gst_document(bill_number)
	WHERE inward = 1;
CREATE INDEX inward_row_number ON inward_row(number);
CREATE INDEX taxpayer_gstin ON taxpayer(gstin);

-- Which event a person sent instead of which; signed by nobody.
CREATE TABLE correction (
	event INTEGER PRIMARY KEY,
	original INTEGER NOT NULL,
	decision INTEGER NOT NULL,	-- seq of its row of the log
	actor TEXT NOT NULL
) STRICT;
CREATE INDEX correction_original ON correction(original);

-- What is not posted by problem and day, kept as events come and go.
CREATE TABLE problem_sum (
	signature TEXT NOT NULL,
	day TEXT NOT NULL,
	currency TEXT NOT NULL,
	entity TEXT NOT NULL,
	period TEXT NOT NULL,
	dated INTEGER NOT NULL,
	events INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (signature, day, currency, entity, period, dated)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER problem_more AFTER INSERT ON closing_event BEGIN
	INSERT INTO problem_sum VALUES (NEW.signature, NEW.day, NEW.currency,
		NEW.entity, NEW.period, NEW.dated, 1, NEW.amount)
		ON CONFLICT DO UPDATE SET events = events + 1,
		amount = amount + excluded.amount;
END;
CREATE TRIGGER problem_less AFTER DELETE ON closing_event BEGIN
	UPDATE problem_sum SET events = events - 1, amount = amount - OLD.amount
		WHERE signature = OLD.signature AND day = OLD.day
		AND currency = OLD.currency AND entity = OLD.entity
		AND period = OLD.period AND dated = OLD.dated;
	DELETE FROM problem_sum WHERE signature = OLD.signature
		AND day = OLD.day AND currency = OLD.currency
		AND entity = OLD.entity AND period = OLD.period
		AND dated = OLD.dated AND events = 0;
END;

-- ---- who sees what ---------------------------------------------------------
-- Of a person, a Unix group or a client: the role here, the entities by blanks
-- (* is all) and what it sees of what is restricted (* is all of it).
CREATE TABLE access (
	subject TEXT NOT NULL CHECK (subject IN ('user', 'group', 'client')),
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	entities TEXT NOT NULL,
	sees TEXT NOT NULL,
	PRIMARY KEY (subject, name)
) STRICT, WITHOUT ROWID;

-- Accounts (or prefixes*), kinds of documents and reports that only those see
-- whose row above names the topic.
CREATE TABLE restricted (
	what TEXT NOT NULL CHECK (what IN ('account', 'kind', 'report')),
	code TEXT NOT NULL,
	topic TEXT NOT NULL,
	PRIMARY KEY (what, code)
) STRICT, WITHOUT ROWID;

-- The tally of those events whose entity is known, by it. What a source sent
-- again is in none.
CREATE TABLE tally_entity (
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	source TEXT NOT NULL,
	state TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (entity, kind, source, state)
) STRICT, WITHOUT ROWID;

-- Events that made documents of more entities than one: shown whole only to
-- who sees all entities.
CREATE TABLE event_shared (
	event INTEGER PRIMARY KEY
) STRICT;

-- Whose open events ever had a problem; '' is not known.
CREATE TABLE signature_entity (
	signature TEXT NOT NULL,
	entity TEXT NOT NULL,
	kind TEXT NOT NULL,
	PRIMARY KEY (signature, entity, kind)
) STRICT, WITHOUT ROWID;

-- ---- a trail that proves itself --------------------------------------------
-- Rows of the audit that others than the writer left for it to chain.
CREATE TABLE audit_left (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL,
	old TEXT NOT NULL,
	new TEXT NOT NULL
) STRICT;

-- What a row says as "text=DIGEST": of salt and text, so that nothing is told
-- by it once they are erased.
CREATE TABLE audit_text (
	digest TEXT PRIMARY KEY,
	salt BLOB NOT NULL,
	text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Signed statements of how long the chain was and how it ended; their text is
-- what is signed. bahi-audit(5).
CREATE TABLE anchor (
	id INTEGER PRIMARY KEY,
	row INTEGER NOT NULL,
	at INTEGER NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE TRIGGER anchor_kept BEFORE UPDATE ON anchor
BEGIN SELECT raise(ABORT, 'an anchor is never changed'); END;
CREATE TRIGGER anchor_stays BEFORE DELETE ON anchor
BEGIN SELECT raise(ABORT, 'an anchor is never deleted'); END;
CREATE TRIGGER log_kept BEFORE UPDATE OF seq, kind, at, actor ON log
BEGIN SELECT raise(ABORT, 'what was decided is never changed'); END;
CREATE TRIGGER log_stays BEFORE DELETE ON log
BEGIN SELECT raise(ABORT, 'what was decided is never deleted'); END;
CREATE TRIGGER rules_kept BEFORE UPDATE ON rules
BEGIN SELECT raise(ABORT, 'rules that were in force are never changed'); END;
CREATE TRIGGER rules_stays BEFORE DELETE ON rules
BEGIN SELECT raise(ABORT, 'rules that were in force are never deleted'); END;

-- Programs that ask over TCP; scope: what each may, as in OAuth.
CREATE TABLE client (
	name TEXT PRIMARY KEY,
	scope TEXT NOT NULL,
	certificate TEXT NOT NULL,	-- SHA-256 in hex; '': none is asked
	since INTEGER NOT NULL,
	revoked INTEGER NOT NULL	-- when; 0: not
) STRICT, WITHOUT ROWID;

CREATE TABLE client_secret (
	digest BLOB PRIMARY KEY,	-- SHA-256 of it
	client TEXT NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL		-- 0: for ever
) STRICT, WITHOUT ROWID;
CREATE INDEX client_secret_client ON client_secret(client);

CREATE TABLE token (
	digest BLOB PRIMARY KEY,	-- SHA-256 of the bearer token
	client TEXT NOT NULL,
	scope TEXT NOT NULL,		-- never more than the client's
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	lasting INTEGER NOT NULL	-- made by an administrator
) STRICT, WITHOUT ROWID;
CREATE INDEX token_client ON token(client, since);
CREATE INDEX token_until ON token(until);

-- What was cut out of an event's payload before it was kept: `event.body` is
-- what is left, and its digest is here; `event.digest` is of all that came.
CREATE TABLE redacted (
	event INTEGER PRIMARY KEY,
	kept BLOB NOT NULL CHECK (length(kept) = 32)
) STRICT;

-- And that itself, for each person it is of, under a key that is kept apart
-- (store/vault.h): without the key nobody reads it.
CREATE TABLE personal (
	event INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	sealed BLOB NOT NULL,
	PRIMARY KEY (event, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_subject ON personal(subject, event);

CREATE TRIGGER redacted_kept BEFORE UPDATE ON redacted
BEGIN SELECT raise(ABORT, 'an event is never changed'); END;
CREATE TRIGGER redacted_stays BEFORE DELETE ON redacted
BEGIN SELECT raise(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER personal_kept BEFORE UPDATE ON personal
BEGIN SELECT raise(ABORT, 'an event is never changed'); END;
CREATE TRIGGER personal_stays BEFORE DELETE ON personal
BEGIN SELECT raise(ABORT, 'an event is never deleted'); END;

-- Whose key was destroyed, by which decision of the log.
CREATE TABLE erased (
	subject INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	seq INTEGER NOT NULL
) STRICT;
-- Backups that were made and tried, by whoever made them.
CREATE TABLE backup (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('backup', 'drill')),
	at INTEGER NOT NULL,		-- of the snapshot; of the trial
	took INTEGER NOT NULL,		-- microseconds
	place TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	point INTEGER NOT NULL,		-- last seq that is in it
	pointed INTEGER NOT NULL,	-- when its last event was received
	good INTEGER NOT NULL,
	why TEXT NOT NULL,
	actor TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX backup_at ON backup(kind, good, at);

-- ---- targets ----------------------------------------------------------

-- Where each target stands: what it is stands in its file. All journals up to
-- `taken` have their row in `outbox`, or are not for it.
CREATE TABLE target (
	name TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	entities TEXT NOT NULL,	-- JSON array; []: all
	first TEXT NOT NULL,	-- day; earlier journals are not for it
	state TEXT NOT NULL CHECK (state IN
		('running', 'paused', 'stopped', 'removed')),
	why TEXT NOT NULL,
	actor TEXT NOT NULL,	-- who paused it,
	reason TEXT NOT NULL,	-- and what he said
	breaker TEXT NOT NULL,
	config TEXT NOT NULL,
	books TEXT NOT NULL,	-- which, by its settings
	product TEXT NOT NULL,
	company TEXT NOT NULL,
	at INTEGER NOT NULL,
	taken INTEGER NOT NULL,
	rate INTEGER NOT NULL,	-- postings a second; 0: no bound
	tried INTEGER NOT NULL,
	good INTEGER NOT NULL,
	next_at INTEGER NOT NULL,
	looked INTEGER NOT NULL,
	until INTEGER NOT NULL,	-- nothing goes before, as it asked
	older_from INTEGER NOT NULL,	-- behind it, up to older_to, what is
	older_to INTEGER NOT NULL	-- there may be of a later store; 0, 0
) STRICT, WITHOUT ROWID;

-- One journal and one target, from before the first byte went.
CREATE TABLE outbox (
	target TEXT NOT NULL,
	journal INTEGER NOT NULL,
	entity TEXT NOT NULL,	-- of its document
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	version INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'sending',
		'retrying', 'done', 'failed', 'dead', 'skipped')),
	asked INTEGER NOT NULL,
	apart INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	next_at INTEGER NOT NULL,
	refusal TEXT NOT NULL,
	cause TEXT NOT NULL,
	words TEXT NOT NULL,
	remote TEXT NOT NULL,
	remote_number TEXT NOT NULL,
	remote_version TEXT NOT NULL,
	sent TEXT NOT NULL,	-- SHA-256 of the bytes that went for it
	held TEXT NOT NULL,	-- of what the target says that it holds
	actor TEXT NOT NULL,
	reason TEXT NOT NULL,
	first INTEGER NOT NULL,
	at INTEGER NOT NULL,
	moved INTEGER NOT NULL,	-- in the change feed, from this number on
	PRIMARY KEY (target, journal)
) STRICT, WITHOUT ROWID;

-- Only what is not settled is looked for; the rest is the bulk.
CREATE INDEX outbox_open ON outbox(target, state, next_at, journal)
	WHERE state NOT IN ('done', 'skipped');
CREATE INDEX outbox_document ON outbox(number, kind, entity, target);

CREATE TABLE outbox_try (
	target TEXT NOT NULL,
	journal INTEGER NOT NULL,
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	act TEXT NOT NULL,
	outcome TEXT NOT NULL,
	actor TEXT NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (target, journal, n)
) STRICT, WITHOUT ROWID;

-- Rows of each state, kept as they move.
CREATE TABLE outbox_sum (
	target TEXT NOT NULL,
	entity TEXT NOT NULL,
	state TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (target, entity, state)
) STRICT, WITHOUT ROWID;

-- ---- banks ---------------------------------------------------------------

-- Ledger accounts of which a bank tells; all their entries are in bank_item.
CREATE TABLE bank_account (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	holder TEXT NOT NULL,	-- its number at the bank
	source TEXT NOT NULL,
	PRIMARY KEY (entity, account)
) STRICT, WITHOUT ROWID;

-- One line of a statement, as the bank has it; what comes in is positive.
CREATE TABLE bank_line (
	id INTEGER PRIMARY KEY,	-- event * 16 + which of its lines
	event INTEGER NOT NULL,
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	day TEXT NOT NULL,
	amount INTEGER NOT NULL,
	text TEXT NOT NULL,
	reference TEXT NOT NULL,
	party TEXT,
	number TEXT NOT NULL,	-- of the document that books it; ''
	match INTEGER NOT NULL,	-- bank_match; 0: open, -1: ignored
	actor TEXT NOT NULL,	-- who ignored or booked it
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	seq INTEGER NOT NULL	-- of that decision
) STRICT;
-- With what it is of as a column: else another that begins alike is taken.
CREATE INDEX bank_line_open ON bank_line(entity, account, match, id)
	WHERE match = 0;
CREATE INDEX bank_line_ignored ON bank_line(entity, account, id)
	WHERE match = -1;
CREATE INDEX bank_line_day ON bank_line(entity, account, day, id);
CREATE INDEX bank_line_same ON bank_line(entity, account, day, amount,
	reference, text);
CREATE INDEX bank_line_match ON bank_line(match) WHERE match > 0;
CREATE INDEX bank_line_number ON bank_line(number, entity, account)
	WHERE number <> '';

-- One entry of such an account.
CREATE TABLE bank_item (
	id INTEGER PRIMARY KEY,	-- journal * 2048 + line
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	day TEXT NOT NULL,
	amount INTEGER NOT NULL,	-- debit positive
	event INTEGER NOT NULL,
	kind TEXT NOT NULL,
	number TEXT NOT NULL,
	reference TEXT NOT NULL,
	other TEXT NOT NULL,	-- order, or whatever else names it
	party TEXT,
	match INTEGER NOT NULL,	-- bank_match; 0: open, -1: undone, or undoes
	until TEXT NOT NULL	-- of what is undone: the day; ''
) STRICT;
CREATE INDEX bank_item_open ON bank_item(entity, account, id)
	WHERE match = 0;
CREATE INDEX bank_item_match ON bank_item(match) WHERE match > 0;

-- Lines and entries that are the same money.
CREATE TABLE bank_match (
	id INTEGER PRIMARY KEY,
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	rule TEXT NOT NULL,
	sure TEXT NOT NULL,
	off INTEGER NOT NULL,	-- lines less entries
	by TEXT NOT NULL,	-- the reference or name; ''
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	seq INTEGER NOT NULL	-- of the event or decision that made it
) STRICT;
CREATE INDEX bank_match_seq ON bank_match(seq);

-- What a decision took back, for who takes that decision back.
CREATE TABLE bank_past (
	of INTEGER NOT NULL,
	n INTEGER NOT NULL,
	what TEXT NOT NULL,	-- match: it was taken apart; line: its word
	body TEXT NOT NULL,
	PRIMARY KEY (of, n)
) STRICT, WITHOUT ROWID;

-- Closing balances, as statements say.
CREATE TABLE bank_balance (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	day TEXT NOT NULL,
	amount INTEGER NOT NULL,
	event INTEGER NOT NULL,
	PRIMARY KEY (entity, account, day)
) STRICT, WITHOUT ROWID;

-- Opening balances, as statements say.
CREATE TABLE bank_opening (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	day TEXT NOT NULL,	-- it is of the morning of
	event INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (entity, account, day, event)
) STRICT, WITHOUT ROWID;

-- To which account people booked lines that begin like this.
CREATE TABLE bank_habit (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	pattern TEXT NOT NULL,
	sign INTEGER NOT NULL,
	code TEXT NOT NULL,	-- the account of the other side
	n INTEGER NOT NULL,
	PRIMARY KEY (entity, account, pattern, sign, code)
) STRICT, WITHOUT ROWID;

-- What pairing proposes; follows from lines, entries and habits that are open.
CREATE TABLE bank_suggestion (
	line INTEGER NOT NULL,
	n INTEGER NOT NULL,	-- the best first
	rule TEXT NOT NULL,
	sure TEXT NOT NULL,
	off INTEGER NOT NULL,
	days INTEGER NOT NULL,
	alike INTEGER NOT NULL,	-- others fit as well; of a habit: how often
	by TEXT NOT NULL,
	code TEXT NOT NULL,	-- of a habit: the account
	lines TEXT NOT NULL,	-- JSON arrays of ids
	items TEXT NOT NULL,
	PRIMARY KEY (line, n)
) STRICT, WITHOUT ROWID;

-- Where something moved since pairing looked last.
CREATE TABLE bank_dirty (
	entity TEXT NOT NULL,
	account TEXT NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (entity, account)
) STRICT, WITHOUT ROWID;

-- What tills sold by day, as posted; kept like the balances.
CREATE TABLE till_sum (
	entity TEXT NOT NULL,
	till TEXT NOT NULL,	-- cost centre
	day TEXT NOT NULL,
	currency TEXT NOT NULL,
	n INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	PRIMARY KEY (entity, till, day, currency)
) STRICT, WITHOUT ROWID;

-- And what their own reports of the day say.
CREATE TABLE till_total (
	id INTEGER PRIMARY KEY,	-- event * 16 + which of its rows
	entity TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	currency TEXT NOT NULL,
	source TEXT NOT NULL,
	number TEXT NOT NULL,	-- of the report
	n INTEGER NOT NULL,	-- sales; -1: not said
	amount INTEGER NOT NULL
) STRICT;
CREATE INDEX till_total_day ON till_total(entity, till, day);

-- How an account is paired; '*' is any other.
CREATE TABLE bank_rule (
	account TEXT PRIMARY KEY,
	tolerance TEXT NOT NULL,	-- decimal, that an amount may be off
	days INTEGER NOT NULL,
	auto TEXT NOT NULL CHECK (auto IN ('no', 'certain', 'likely')),
	opening TEXT NOT NULL	-- the first day that counts; '': as said
) STRICT, WITHOUT ROWID;

-- What a target holds otherwise than we do, as a look found it; one row for
-- each commit of ours, and for each posting there that is none of ours. Rows
-- that are settled stay: what was said of a version is not asked again.
CREATE TABLE target_drift (
	id INTEGER PRIMARY KEY,
	target TEXT NOT NULL,
	entity TEXT NOT NULL,	-- '': not known
	kind TEXT NOT NULL CHECK (kind IN ('changed', 'missing',
		'cancelled', 'doubled', 'unknown', 'conflict')),
	journal INTEGER NOT NULL,	-- ours; 0: none
	remote TEXT NOT NULL,
	remote_number TEXT NOT NULL,
	remote_version TEXT NOT NULL,
	day TEXT NOT NULL,	-- there; '': it is not there
	version INTEGER NOT NULL,	-- one more with all that is found or said
	state TEXT NOT NULL CHECK (state IN ('open', 'asked', 'closed')),
	base TEXT NOT NULL,	-- JSON of the posting that both had; '': none
	ours TEXT NOT NULL,
	theirs TEXT NOT NULL,
	amount INTEGER NOT NULL,	-- what differs, in base currency
	currency TEXT NOT NULL,
	found INTEGER NOT NULL,
	at INTEGER NOT NULL,
	act TEXT NOT NULL CHECK (act IN ('', 'ours', 'theirs', 'ignore',
		'adopt', 'mended')),
	actor TEXT NOT NULL,
	reason TEXT NOT NULL,
	words TEXT NOT NULL,	-- the target's own, of the last try
	event INTEGER NOT NULL	-- that takes what it has; 0: none
) STRICT;

CREATE UNIQUE INDEX target_drift_ours ON target_drift(target, journal)
	WHERE journal <> 0;
CREATE UNIQUE INDEX target_drift_stranger ON target_drift(target, remote)
	WHERE journal = 0;
CREATE INDEX target_drift_open ON target_drift(target, id)
	WHERE state <> 'closed';
CREATE INDEX target_drift_event ON target_drift(event) WHERE event <> 0;
CREATE INDEX outbox_skipped ON outbox(target, journal)
	WHERE state = 'skipped';

-- What the last look at each target came to.
CREATE TABLE target_look (
	target TEXT PRIMARY KEY,
	began INTEGER NOT NULL,
	ended INTEGER NOT NULL,
	first_day TEXT NOT NULL,
	last_day TEXT NOT NULL,
	seen INTEGER NOT NULL,		-- postings there
	ours INTEGER NOT NULL,		-- of them
	strangers INTEGER NOT NULL,
	mended INTEGER NOT NULL,
	not_kept INTEGER NOT NULL,	-- drift beyond what is kept
	actor TEXT NOT NULL,		-- who asked for it; '': the clock
	why TEXT NOT NULL		-- it is not whole; '': it is
) STRICT, WITHOUT ROWID;
