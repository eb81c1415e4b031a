-- Debit what is owed or was settled at once, credit what was sold and its tax.
-- name: entries
SELECT lookup('account', '@receivable') AS account, :party AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS memo,
	:total AS amount
WHERE NOT EXISTS (SELECT 1 FROM line WHERE type = 'settled')
UNION ALL
SELECT account, CASE type WHEN 'settled' THEN :party END, cost_centre, tax_code,
	item, memo,
	CASE WHEN type IN ('settled', 'discount') THEN amount ELSE - amount END
FROM line
