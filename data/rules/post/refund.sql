-- Money given back: the customer owes it again, the clearing account has less.
-- name: entries
SELECT value ->> '$.account' AS account,
	CASE value ->> '$.type' WHEN 'returned' THEN :doc ->> '$.party' END AS party,
	value ->> '$.memo' AS memo,
	CASE value ->> '$.type' WHEN 'paid' THEN - (value ->> '$.amount')
		ELSE value ->> '$.amount' END AS amount
FROM json_each(:doc, '$.lines')
