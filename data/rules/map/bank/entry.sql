-- One entry of a bank statement (MT940, CAMT.053). Our account at the bank is
-- mapped to the ledger's. The other side is the party that its account or name
-- is mapped to, who paid what it owed or was paid what we owed; else the
-- account that `reference:` and its reference, or `type:` and its kind
-- (charges, interest), are mapped to. The prefixes are there so that nobody
-- who pays can name a ledger account. A name is that of CAMT, or the third
-- part of a narration like NEFT CR-IFSC-NAME-. A payout that its gateway's own
-- settlement books is mapped to where that settlement puts it, never booked
-- twice. What the bank has not booked is not for the books. Where @unknown is
-- mapped (to the bank's own account), a line of which none of this is known is
-- only held against the ledger: what it is of is booked by somebody else, or
-- by a person who looks at it.
-- name: header
WITH narrated AS MATERIALIZED (
	SELECT substr(d, instr(d, '-') + 1) AS rest
	FROM (SELECT replace(:body ->> '$.details', '
', '') AS d)
	WHERE rx('^(NEFT|RTGS|IMPS) (CR|DR|RTN)-[A-Z]{4}0[A-Z0-9]{6}-', d)
),
named AS MATERIALIZED (
	SELECT substr(more, 1, instr(more || '-', '-') - 1) AS name
	FROM (SELECT substr(rest, instr(rest, '-') + 1) AS more FROM narrated)
),
entry AS MATERIALIZED (
	SELECT need(:body ->> '$.currency', 'currency') AS currency,
		need(:body ->> '$.mark', 'mark') AS mark,
		coalesce(known('party', :body ->> '$.party_account'),
			known('party', coalesce(:body ->> '$.party',
				(SELECT name FROM named)))) AS party
)
SELECT CASE WHEN mark = 'C' AND party IS NOT NULL THEN 'payment'
		ELSE 'settlement' END AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.account', 'account') || '/'
		|| coalesce(:body ->> '$.opening_date', '') || '/'
		|| coalesce(:body ->> '$.statement', '') || '/'
		|| (:body ->> '$.n') AS number,
	day(coalesce(:body ->> '$.entry_date', need(:body ->> '$.value_date',
		'value_date')), 'value_date') AS date,
	party, currency,
	paise(need(:body ->> '$.amount', 'amount'), currency, 'amount')
		* CASE WHEN mark IN ('C', 'RD') THEN 1 ELSE -1 END AS total,
	'bank' AS channel,
	coalesce(nullif(:body ->> '$.reference', 'NONREF'),
		:body ->> '$.bank_reference') AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		ELSE coalesce(:body ->> '$.details', :body ->> '$.additional',
			:body ->> '$.supplementary') END AS memo
FROM entry
WHERE coalesce(:body ->> '$.status', 'BOOK') = 'BOOK'
	AND (party IS NOT NULL OR known('account', '@unknown') IS NULL
		OR (coalesce(nullif(:body ->> '$.reference', 'NONREF'), '') = ''
			AND known('account', 'type:' || (:body ->> '$.type'))
				IS NOT NULL))

-- name: lines
WITH narrated AS MATERIALIZED (
	SELECT substr(d, instr(d, '-') + 1) AS rest
	FROM (SELECT replace(:body ->> '$.details', '
', '') AS d)
	WHERE rx('^(NEFT|RTGS|IMPS) (CR|DR|RTN)-[A-Z]{4}0[A-Z0-9]{6}-', d)
),
named AS MATERIALIZED (
	SELECT substr(more, 1, instr(more || '-', '-') - 1) AS name
	FROM (SELECT substr(rest, instr(rest, '-') + 1) AS more FROM narrated)
),
entry AS MATERIALIZED (
	SELECT :body ->> '$.mark' AS mark,
		paise(:body ->> '$.amount', :body ->> '$.currency', 'amount')
		* CASE WHEN :body ->> '$.mark' IN ('C', 'RD') THEN 1 ELSE -1 END
			AS amount,
		lookup('account', :body ->> '$.account', 'account') AS bank,
		coalesce(known('party', :body ->> '$.party_account'),
			known('party', coalesce(:body ->> '$.party',
				(SELECT name FROM named)))) AS party
),
sides AS MATERIALIZED (
	SELECT *, mark = 'C' AND party IS NOT NULL AS paid,
		CASE WHEN party IS NOT NULL THEN lookup('account',
			CASE WHEN mark IN ('C', 'RC') THEN '@receivable'
			ELSE '@payable' END)
		ELSE lookup('account', coalesce('reference:'
				|| nullif(:body ->> '$.reference', 'NONREF'),
			'type:' || need(:body ->> '$.type', 'type')), 'reference')
		END AS other
	FROM entry
)
SELECT CASE WHEN paid THEN 'received' ELSE 'bank' END AS type,
	bank AS account, NULL AS party, amount
FROM sides
UNION ALL
SELECT CASE WHEN paid THEN 'allocated' ELSE 'adjustment' END, other, party,
	CASE WHEN paid THEN amount ELSE - amount END
FROM sides

-- name: bank
SELECT 'line' AS says, known('entity', '@default') AS entity,
	known('account', :body ->> '$.account') AS account,
	:body ->> '$.account' AS holder,
	day(coalesce(:body ->> '$.entry_date', :body ->> '$.value_date'),
		'value_date') AS day,
	:body ->> '$.currency' AS currency,
	paise(:body ->> '$.amount', :body ->> '$.currency', 'amount')
		* CASE WHEN :body ->> '$.mark' IN ('C', 'RD') THEN 1 ELSE -1 END
		AS amount,
	coalesce(:body ->> '$.details', :body ->> '$.additional',
		:body ->> '$.supplementary') AS text,
	trim(coalesce(nullif(:body ->> '$.reference', 'NONREF'), '') || ' '
		|| coalesce(:body ->> '$.bank_reference', '')) AS reference,
	:body ->> '$.party' AS party
WHERE coalesce(:body ->> '$.status', 'BOOK') = 'BOOK'
