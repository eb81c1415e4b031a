-- The mirror of a sales invoice: what came back and its tax is debited.
-- name: entries
SELECT lookup('account', '@receivable') AS account, :doc ->> '$.party' AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS memo,
	- (:doc ->> '$.total') AS amount
UNION ALL
SELECT value ->> '$.account', NULL, value ->> '$.cost_centre',
	value ->> '$.tax_code', value ->> '$.item', value ->> '$.memo',
	value ->> '$.amount'
FROM json_each(:doc, '$.lines')
