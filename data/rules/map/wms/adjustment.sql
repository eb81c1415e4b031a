-- Stock that was damaged, lost or found, at standard cost; `quantity` is signed.
-- name: header
SELECT 'inventory_move' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(d ->> '$.adjustment', 'data.adjustment') AS number,
	day(need(d ->> '$.adjusted_at', 'data.adjusted_at'), 'data.adjusted_at')
		AS date,
	lookup('currency', '@base') AS currency,
	(SELECT coalesce(sum(cost(known('item', value ->> '$.sku'),
			value ->> '$.quantity', day(d ->> '$.adjusted_at'))), 0)
		FROM json_each(d, '$.lines')) AS total,
	'adjustment' AS channel,
	d ->> '$.reason' AS memo
FROM (SELECT :body -> '$.data' AS d)

-- name: lines
SELECT 'adjust' AS type, cost_centre, item, location, memo, quantity, cost,
	cost AS amount
FROM (SELECT lookup('item', need(value ->> '$.sku', 'data.lines.sku'),
		'data.lines.sku') AS item,
	lookup('location', need(d ->> '$.warehouse', 'data.warehouse'),
		'data.warehouse') AS location,
	lookup('cost_centre', d ->> '$.cost_centre', 'data.cost_centre')
		AS cost_centre,
	coalesce(value ->> '$.reason', d ->> '$.reason') AS memo,
	need(value ->> '$.quantity', 'data.lines.quantity') AS quantity,
	need(cost(known('item', value ->> '$.sku'), value ->> '$.quantity',
		day(d ->> '$.adjusted_at'), 'data.lines.quantity'),
		'standard cost of ' || (value ->> '$.sku')) AS cost
FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines'))
