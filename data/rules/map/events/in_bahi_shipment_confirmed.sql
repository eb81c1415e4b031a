-- schema: shipment_confirmed
-- Goods that left, at the cost that is sent or at the standard cost. It waits
-- for its order.
-- name: header
SELECT 'shipment' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', d ->> '$.party', 'data.party') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	(SELECT coalesce(sum(coalesce(paise(value ->> '$.cost',
			d ->> '$.currency', 'data.lines.cost'),
			cost(known('item', value ->> '$.item'),
				value ->> '$.quantity',
			d ->> '$.date'))), 0) FROM json_each(d,
				'$.lines')) AS total,
	d ->> '$.carrier' AS channel,
	d ->> '$.order' AS order_number,
	CASE WHEN d ->> '$.order' IS NOT NULL THEN 'sales_order' END
		AS after_kind,
	d ->> '$.order' AS after_number,
	coalesce(d ->> '$.reference', d ->> '$.tracking') AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
WITH moved AS MATERIALIZED (
	SELECT key AS n, lookup('cost_centre', value ->> '$.cost_centre',
		'data.lines.cost_centre') AS cost_centre,
		lookup('item', value ->> '$.item', 'data.lines.item') AS item,
		lookup('location', value ->> '$.location',
			'data.lines.location') AS location,
		value ->> '$.quantity' AS quantity,
		need(coalesce(paise(value ->> '$.cost', d ->> '$.currency',
			'data.lines.cost'), cost(known('item',
				value ->> '$.item'),
			value ->> '$.quantity', d ->> '$.date')),
				'data.lines.cost')
			AS value_at_cost
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
)
SELECT 'goods' AS type, cost_centre, item, location, quantity,
	value_at_cost AS amount, value_at_cost AS cost
FROM moved ORDER BY n
