-- The mirror of a sales invoice: what came back and its tax is debited, and
-- goods are in inventory again at cost.
-- name: entries
SELECT lookup('account', '@receivable') AS account, :party AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS location,
	NULL AS memo, - :total AS amount
UNION ALL
SELECT account, NULL, cost_centre, tax_code, item, NULL, memo, amount FROM line
UNION ALL
SELECT lookup('account', '@inventory'), NULL, NULL, NULL, item, location, memo,
	cost
FROM line WHERE cost <> 0
UNION ALL
SELECT lookup('account', '@cogs'), NULL, cost_centre, NULL, item, location,
	memo, - cost
FROM line WHERE cost <> 0
