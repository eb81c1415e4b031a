-- Goods that left: their cost moves from inventory to cost of goods sold.
-- name: entries
SELECT lookup('account', '@cogs') AS account, cost_centre, item, location,
	memo, cost AS amount
FROM line
UNION ALL
SELECT lookup('account', '@inventory'), NULL, item, location, memo, - cost
FROM line
