-- The close of a bank statement: a control, not for the books, since its
-- entries came one by one. One that does not add up is a finding.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.statement', 'statement') AS number,
	day(:body ->> '$.closing.date', 'closing.date') AS date,
	:body ->> '$.currency' AS currency,
	0 AS total,
	finding('payload.format', :body ->> '$.wrong', 'closing') AS memo
WHERE :body ->> '$.wrong' IS NOT NULL

-- name: lines
SELECT 'bank' AS type, lookup('account', '@bank') AS account, 0 AS amount
WHERE false

-- name: bank
SELECT 'balance' AS says, known('entity', '@default') AS entity,
	known('account', :body ->> '$.account') AS account,
	:body ->> '$.account' AS holder,
	:body ->> '$.closing.date' AS day, :body ->> '$.currency' AS currency,
	paise(:body ->> '$.closing.amount', :body ->> '$.currency', 'closing')
		* CASE :body ->> '$.closing.mark' WHEN 'C' THEN 1 ELSE -1 END
		AS amount
WHERE :body ->> '$.wrong' IS NULL
UNION ALL
SELECT 'opening', known('entity', '@default'),
	known('account', :body ->> '$.account'), :body ->> '$.account',
	:body ->> '$.opening.date', :body ->> '$.currency',
	paise(:body ->> '$.opening.amount', :body ->> '$.currency', 'opening')
		* CASE :body ->> '$.opening.mark' WHEN 'C' THEN 1 ELSE -1 END
WHERE :body ->> '$.wrong' IS NULL
