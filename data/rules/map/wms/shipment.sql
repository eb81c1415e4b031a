-- Goods that left the warehouse, at standard cost. It waits for its order, and
-- only what left is moved: the rest of the order stays promised.
-- name: header
SELECT 'shipment' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(d ->> '$.shipment', 'data.shipment') AS number,
	day(need(d ->> '$.shipped_at', 'data.shipped_at'), 'data.shipped_at')
		AS date,
	lookup('party', d ->> '$.ship_to', 'data.ship_to') AS party,
	lookup('currency', '@base') AS currency,
	(SELECT coalesce(sum(cost(known('item', value ->> '$.sku'),
			value ->> '$.shipped', day(d ->> '$.shipped_at'))), 0)
		FROM json_each(d, '$.lines')) AS total,
	d ->> '$.carrier' AS channel,
	d ->> '$.order' AS order_number,
	CASE WHEN d ->> '$.order' IS NOT NULL THEN 'sales_order' END
		AS after_kind,
	d ->> '$.order' AS after_number,
	d ->> '$.tracking' AS reference
FROM (SELECT :body -> '$.data' AS d)

-- name: lines
SELECT 'goods' AS type, item, location, memo, quantity, cost, cost AS amount
FROM (SELECT lookup('item', need(value ->> '$.sku', 'data.lines.sku'),
		'data.lines.sku') AS item,
	lookup('location', need(d ->> '$.warehouse', 'data.warehouse'),
		'data.warehouse') AS location,
	value ->> '$.lot' AS memo,
	need(value ->> '$.shipped', 'data.lines.shipped') AS quantity,
	need(cost(known('item', value ->> '$.sku'), value ->> '$.shipped',
		day(d ->> '$.shipped_at'), 'data.lines.shipped'),
		'standard cost of ' || (value ->> '$.sku')) AS cost
FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines')
WHERE value ->> '$.shipped' <> '0')
