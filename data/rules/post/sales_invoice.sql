-- Debit what is owed or was settled at once, credit what was sold and its tax.
-- Goods that leave with the invoice leave inventory at cost.
-- name: entries
SELECT lookup('account', '@receivable') AS account, :party AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS location,
	NULL AS memo, :total AS amount
WHERE NOT EXISTS (SELECT 1 FROM line WHERE type = 'settled')
UNION ALL
SELECT account, CASE type WHEN 'settled' THEN :party ELSE party END,
	cost_centre, tax_code, item, NULL, memo,
	CASE WHEN type IN ('settled', 'discount') THEN amount ELSE - amount END
FROM line
UNION ALL
SELECT lookup('account', '@cogs'), NULL, cost_centre, NULL, item, location,
	memo, cost
FROM line WHERE cost <> 0
UNION ALL
SELECT lookup('account', '@inventory'), NULL, NULL, NULL, item, location, memo,
	- cost
FROM line WHERE cost <> 0
