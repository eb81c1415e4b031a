-- A cycle count: what differs from what the warehouse system had is adjusted
-- at standard cost, in whole units. A count without a difference is not for
-- the books.
-- name: header
WITH counted AS MATERIALIZED (
	SELECT d, value ->> '$.sku' AS sku,
		minor(need(value ->> '$.counted', 'data.lines.counted'),
			'data.lines.counted')
		- minor(need(value ->> '$.expected', 'data.lines.expected'),
			'data.lines.expected') AS differs
	FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines')
)
SELECT 'inventory_move' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(d ->> '$.count', 'data.count') AS number,
	day(need(d ->> '$.counted_at', 'data.counted_at'), 'data.counted_at')
		AS date,
	lookup('currency', '@base') AS currency,
	(SELECT coalesce(sum(cost(known('item', sku), '' || differs,
		day(d ->> '$.counted_at'))), 0) FROM counted) AS total,
	'count' AS channel,
	d ->> '$.counted_by' AS memo
FROM (SELECT :body -> '$.data' AS d)
WHERE EXISTS (SELECT 1 FROM counted WHERE differs IS NULL OR differs <> 0)

-- name: lines
WITH counted AS MATERIALIZED (
	SELECT d, value ->> '$.sku' AS sku, value ->> '$.bin' AS bin,
		minor(value ->> '$.counted', 'data.lines.counted')
		- minor(value ->> '$.expected', 'data.lines.expected') AS differs
	FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines')
)
SELECT 'adjust' AS type, item, location, memo, quantity, cost, cost AS amount
FROM (SELECT lookup('item', need(sku, 'data.lines.sku'), 'data.lines.sku')
		AS item,
	lookup('location', need(d ->> '$.warehouse', 'data.warehouse'),
		'data.warehouse') AS location,
	bin AS memo, '' || differs AS quantity,
	need(cost(known('item', sku), '' || differs,
		day(d ->> '$.counted_at')), 'standard cost of ' || sku) AS cost
FROM counted WHERE differs <> 0)
