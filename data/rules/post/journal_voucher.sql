-- The voucher's own lines, debit positive.
-- name: entries
SELECT value ->> '$.account' AS account, value ->> '$.party' AS party,
	value ->> '$.cost_centre' AS cost_centre, value ->> '$.tax_code' AS tax_code,
	value ->> '$.item' AS item, value ->> '$.location' AS location,
	value ->> '$.memo' AS memo, value ->> '$.amount' AS amount
FROM json_each(:doc, '$.lines')
