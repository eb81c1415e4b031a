-- One entry of a bank statement (MT940, CAMT.053). Our account at the bank is
-- mapped to the ledger's. The other side is, in this order: the account that
-- `reference:` and the entry's reference, or `type:` and its kind, are mapped
-- to (charges, interest); the party that its account, name or reference is
-- mapped to, who paid what it owed or was paid what we owed; else a person
-- maps its reference. The prefixes are there so that nobody who pays can name
-- a ledger account. A payout that its gateway's own settlement books is mapped
-- to where that settlement puts it, never booked twice. Entries that the bank
-- has not booked are not for the books.
-- name: header
WITH entry AS MATERIALIZED (
	SELECT need(:body ->> '$.currency', 'currency') AS currency,
		need(:body ->> '$.mark', 'mark') AS mark,
		coalesce(known('account', 'reference:'
				|| nullif(:body ->> '$.reference', 'NONREF')),
			known('account', 'type:' || (:body ->> '$.type')))
			AS account,
		coalesce(known('party', :body ->> '$.party_account'),
			known('party', :body ->> '$.party'),
			known('party', nullif(:body ->> '$.reference', 'NONREF')))
			AS party,
		coalesce(:body ->> '$.details', :body ->> '$.additional',
			:body ->> '$.supplementary') AS memo
),
signed AS MATERIALIZED (
	SELECT *, mark = 'C' AND account IS NULL AND party IS NOT NULL AS paid,
		paise(need(:body ->> '$.amount', 'amount'), currency, 'amount')
		* CASE WHEN mark IN ('C', 'RD') THEN 1 ELSE -1 END AS amount
	FROM entry
)
SELECT CASE WHEN paid THEN 'payment' ELSE 'settlement' END AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.account', 'account') || '/'
		|| coalesce(:body ->> '$.opening_date', '') || '/'
		|| coalesce(:body ->> '$.statement', '') || '/'
		|| (:body ->> '$.n') AS number,
	day(coalesce(:body ->> '$.entry_date', need(:body ->> '$.value_date',
		'value_date')), 'value_date') AS date,
	party, currency, amount AS total,
	'bank' AS channel,
	coalesce(nullif(:body ->> '$.reference', 'NONREF'),
		:body ->> '$.bank_reference') AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		ELSE memo END AS memo
FROM signed
WHERE coalesce(:body ->> '$.status', 'BOOK') = 'BOOK'

-- name: lines
WITH entry AS MATERIALIZED (
	SELECT :body ->> '$.mark' AS mark,
		paise(:body ->> '$.amount', :body ->> '$.currency', 'amount')
		* CASE WHEN :body ->> '$.mark' IN ('C', 'RD') THEN 1 ELSE -1 END
			AS amount,
		lookup('account', :body ->> '$.account', 'account') AS bank,
		coalesce(known('account', 'reference:'
				|| nullif(:body ->> '$.reference', 'NONREF')),
			known('account', 'type:' || (:body ->> '$.type')))
			AS account,
		coalesce(known('party', :body ->> '$.party_account'),
			known('party', :body ->> '$.party'),
			known('party', nullif(:body ->> '$.reference', 'NONREF')))
			AS party
),
sides AS MATERIALIZED (
	SELECT *, mark = 'C' AND account IS NULL AND party IS NOT NULL AS paid,
		CASE WHEN account IS NOT NULL THEN account
		WHEN party IS NOT NULL THEN lookup('account',
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
SELECT CASE WHEN paid THEN 'allocated' ELSE 'adjustment' END, other,
	CASE WHEN account IS NULL THEN party END,
	CASE WHEN paid THEN amount ELSE - amount END
FROM sides
