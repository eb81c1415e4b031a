-- Money received, net of the gateway's fee and the tax on it, against what the
-- customer owed.
-- name: entries
SELECT value ->> '$.account' AS account,
	CASE value ->> '$.type' WHEN 'allocated' THEN :doc ->> '$.party' END
		AS party,
	value ->> '$.cost_centre' AS cost_centre, value ->> '$.tax_code' AS tax_code,
	value ->> '$.memo' AS memo,
	CASE value ->> '$.type' WHEN 'allocated' THEN - (value ->> '$.amount')
		ELSE value ->> '$.amount' END AS amount
FROM json_each(:doc, '$.lines')
