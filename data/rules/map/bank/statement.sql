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
