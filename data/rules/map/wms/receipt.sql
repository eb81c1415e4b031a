-- Goods that came in and were accepted, at standard cost, against what the
-- supplier will bill. What was rejected is not ours.
-- name: header
SELECT 'inventory_move' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(d ->> '$.receipt', 'data.receipt') AS number,
	day(need(d ->> '$.received_at', 'data.received_at'), 'data.received_at')
		AS date,
	lookup('party', d ->> '$.supplier', 'data.supplier') AS party,
	lookup('currency', '@base') AS currency,
	(SELECT coalesce(sum(cost(known('item', value ->> '$.sku'),
			value ->> '$.accepted', day(d ->> '$.received_at'))), 0)
		FROM json_each(d, '$.lines')) AS total,
	'receipt' AS channel,
	d ->> '$.purchase_order' AS order_number,
	d ->> '$.delivery_note' AS reference
FROM (SELECT :body -> '$.data' AS d)

-- name: lines
SELECT 'receipt' AS type, item, location, memo, quantity, cost, cost AS amount
FROM (SELECT lookup('item', need(value ->> '$.sku', 'data.lines.sku'),
		'data.lines.sku') AS item,
	lookup('location', need(d ->> '$.warehouse', 'data.warehouse'),
		'data.warehouse') AS location,
	value ->> '$.lot' AS memo,
	need(value ->> '$.accepted', 'data.lines.accepted') AS quantity,
	need(cost(known('item', value ->> '$.sku'), value ->> '$.accepted',
		day(d ->> '$.received_at'), 'data.lines.accepted'),
		'standard cost of ' || (value ->> '$.sku')) AS cost
FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines')
WHERE value ->> '$.accepted' <> '0')
