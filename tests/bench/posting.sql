-- The same posting on a PostgreSQL server: the same tables, and one function
-- that does on the server what bahid does for a till's sale.  Nothing of HTTP,
-- signatures, JSON or rules: only the key, the rows, the sums and the chain.
-- With sums => false it leaves out balances and chain, which every posting
-- shares; that is faster, but it is not the same books.
CREATE SEQUENCE event_seq;

CREATE TABLE event (
	seq bigint PRIMARY KEY,
	source text NOT NULL,
	key text NOT NULL,
	topic text,
	correlation text,
	secret_id text,
	received bigint NOT NULL,
	occurred bigint NOT NULL,
	digest bytea NOT NULL CHECK (length(digest) = 32),
	body bytea NOT NULL,
	state text NOT NULL,
	version integer NOT NULL,
	attempts integer NOT NULL,
	entity text,
	kind text,
	number text,
	doc_version integer,
	party text,
	amount bigint,
	currency text,
	journal bigint,
	change bigint NOT NULL,
	answer text
);
CREATE INDEX event_open ON event(state, seq) WHERE state <> 'posted';

CREATE TABLE idem (
	source text NOT NULL,
	key text NOT NULL,
	seq bigint NOT NULL,
	PRIMARY KEY (source, key)
);

CREATE TABLE document (
	entity text NOT NULL,
	kind text NOT NULL,
	number text NOT NULL,
	version integer NOT NULL,
	source text NOT NULL,
	sole integer NOT NULL,
	revision text,
	event bigint NOT NULL,
	journal bigint NOT NULL,
	PRIMARY KEY (entity, kind, number)
);

CREATE TABLE document_version (
	event bigint PRIMARY KEY,
	entity text NOT NULL,
	kind text NOT NULL,
	number text NOT NULL,
	version integer NOT NULL,
	body text NOT NULL,
	rule_digest text NOT NULL,
	generation bigint NOT NULL,
	journal bigint NOT NULL
);

CREATE TABLE journal (
	id bigint PRIMARY KEY,
	entity text NOT NULL,
	date text NOT NULL,
	kind text NOT NULL,
	number text NOT NULL,
	version integer NOT NULL,
	event bigint NOT NULL,
	reverses bigint,
	narration text
);

CREATE TABLE entry (
	journal bigint NOT NULL,
	line integer NOT NULL,
	account text NOT NULL,
	currency text NOT NULL,
	amount bigint NOT NULL,
	base bigint NOT NULL,
	party text,
	cost_centre text,
	tax_code text,
	item text,
	location text,
	memo text,
	PRIMARY KEY (journal, line)
);
CREATE INDEX entry_account ON entry(account, journal);

CREATE TABLE balance (
	entity text NOT NULL,
	account text NOT NULL,
	currency text NOT NULL,
	period text NOT NULL,
	debit bigint NOT NULL,
	credit bigint NOT NULL,
	base_debit bigint NOT NULL,
	base_credit bigint NOT NULL,
	PRIMARY KEY (entity, account, currency, period)
);

CREATE TABLE audit (
	seq bigint PRIMARY KEY,
	at bigint NOT NULL,
	actor text NOT NULL,
	action text NOT NULL,
	object text NOT NULL,
	old text NOT NULL,
	new text NOT NULL,
	prev bytea NOT NULL,
	hash bytea NOT NULL
);

-- The end of the chain.  Half empty, so that its one row stays on its page.
CREATE TABLE chain (hash bytea NOT NULL) WITH (fillfactor = 50);
INSERT INTO chain VALUES (sha256('bahi'));

CREATE TABLE change (
	seq bigint PRIMARY KEY,
	topic text NOT NULL,
	key text NOT NULL
);

-- Returns the event, or the first one of its key.
CREATE FUNCTION post(wanted text, payload text, sums boolean) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	n bigint := nextval('event_seq');
	now_us bigint := extract(epoch FROM clock_timestamp()) * 1000000;
	receipt text := 'MUM-' || lpad(n::text, 16, '0');
	bytes bytea := convert_to(payload, 'UTF8');
	outcome text;
	was bytea;
BEGIN
	INSERT INTO idem VALUES ('pos', wanted, n) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN (SELECT seq FROM idem
			WHERE source = 'pos' AND key = wanted);
	END IF;
	INSERT INTO event VALUES (n, 'pos', wanted, 'payment.success', NULL,
		'51ebb6c0538fe3b4', now_us, now_us, sha256(bytes), bytes,
		'posted', 1, 1, 'IN01', 'sales_invoice', receipt, 1, 'WALKIN',
		100000, 'INR', n, n, NULL);
	INSERT INTO document VALUES ('IN01', 'sales_invoice', receipt, 1,
		'pos', 1, NULL, n, n);
	INSERT INTO document_version VALUES (n, 'IN01', 'sales_invoice',
		receipt, 1, payload,
		'32d41ec202ab9a06b7237c5993be1c6bc35e15b201f85d1e2dc5d445b02b12da',
		12, n);
	INSERT INTO journal VALUES (n, 'IN01', '2026-10-05', 'sales_invoice',
		receipt, 1, n, NULL, 'STORE-MUM');
	INSERT INTO entry VALUES
		(n, 1, '1200', 'INR', 100000, 100000, 'WALKIN', NULL, NULL,
		NULL, NULL, NULL),
		(n, 2, '4000', 'INR', -84746, -84746, NULL, 'MUM-RETAIL',
		'GST18', NULL, NULL, NULL),
		(n, 3, '2300', 'INR', -7627, -7627, NULL, 'MUM-RETAIL',
		'GST18', NULL, NULL, NULL),
		(n, 4, '2310', 'INR', -7627, -7627, NULL, 'MUM-RETAIL',
		'GST18', NULL, NULL, NULL);
	INSERT INTO change VALUES (n, 'event', 'E' || n);
	outcome := 'state=posted event=' || encode(sha256(bytes), 'hex')
		|| ' rules=32d41ec202ab9a06 generation=12 journal=J' || n
		|| ' entries=' || encode(sha256(receipt::bytea), 'hex')
		|| ' version=1';
	IF NOT sums THEN
		INSERT INTO audit VALUES (n, now_us, 'pos', 'posted', 'E' || n,
			'', outcome, '', sha256(outcome::bytea));
		RETURN n;
	END IF;
	-- What postings share comes last, in one order: locks are short and
	-- nobody waits in a circle.
	INSERT INTO balance VALUES
		('IN01', '1200', 'INR', '2026-10', 100000, 0, 100000, 0),
		('IN01', '2300', 'INR', '2026-10', 0, 7627, 0, 7627),
		('IN01', '2310', 'INR', '2026-10', 0, 7627, 0, 7627),
		('IN01', '4000', 'INR', '2026-10', 0, 84746, 0, 84746)
		ON CONFLICT (entity, account, currency, period) DO UPDATE SET
		debit = balance.debit + excluded.debit,
		credit = balance.credit + excluded.credit,
		base_debit = balance.base_debit + excluded.base_debit,
		base_credit = balance.base_credit + excluded.base_credit;
	SELECT hash INTO was FROM chain FOR UPDATE;
	INSERT INTO audit VALUES (n, now_us, 'pos', 'posted', 'E' || n, '',
		outcome, was, sha256(was || outcome::bytea));
	UPDATE chain SET hash = sha256(was || outcome::bytea);
	RETURN n;
END
$$;
