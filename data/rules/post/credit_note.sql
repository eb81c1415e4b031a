-- The mirror of a sales invoice: what came back and its tax is debited.
-- name: entries
SELECT lookup('account', '@receivable') AS account, :party AS party,
	NULL AS cost_centre, NULL AS tax_code, NULL AS item, NULL AS memo,
	- :total AS amount
UNION ALL
SELECT account, NULL, cost_centre, tax_code, item, memo, amount FROM line
