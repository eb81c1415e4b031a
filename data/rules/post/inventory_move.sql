-- Stock that changed, at cost: received against goods that were not billed yet,
-- adjusted against stock adjustments or the line's own account; to a count
-- against @shrinkage, where that is mapped. What only moves
-- (out, in) is nothing in sum: both legs are in inventory.
-- name: entries
SELECT lookup('account', '@inventory') AS account, NULL AS party,
	NULL AS cost_centre, item, location, memo, cost AS amount
FROM line
UNION ALL
SELECT coalesce(account, CASE WHEN :channel = 'count' AND type = 'adjust'
		THEN known('account', '@shrinkage') END, lookup('account', CASE type
		WHEN 'receipt' THEN '@goods_received' ELSE '@stock_adjustment' END)),
	CASE type WHEN 'receipt' THEN :party END, cost_centre, item, NULL, memo,
	- cost
FROM line WHERE type IN ('receipt', 'adjust')
