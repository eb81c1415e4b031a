-- Debit what is owed or was settled at once, credit what was sold and its tax.
-- name: entries
WITH line AS MATERIALIZED (
	SELECT key AS n, value AS l, value ->> '$.type' AS type
	FROM json_each(:doc, '$.lines')
)
SELECT lookup('account', '@receivable') AS account, :doc ->> '$.party' AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS memo,
	:doc ->> '$.total' AS amount
WHERE NOT EXISTS (SELECT 1 FROM line WHERE type = 'settled')
UNION ALL
SELECT l ->> '$.account', CASE type WHEN 'settled' THEN :doc ->> '$.party' END,
	l ->> '$.cost_centre', l ->> '$.tax_code', l ->> '$.item', l ->> '$.memo',
	CASE WHEN type IN ('settled', 'discount') THEN l ->> '$.amount'
		ELSE - (l ->> '$.amount') END
FROM line
