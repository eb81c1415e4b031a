-- schema: inventory_adjusted
-- Stock counted, received, moved or written off, at the cost that is sent or
-- at the standard cost. A transfer is two lines: out of the one location and
-- into the other.
-- name: header
SELECT 'inventory_move' AS kind,
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
	d ->> '$.reason' AS channel,
	d ->> '$.order' AS order_number,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
WITH moved AS MATERIALIZED (
	SELECT d ->> '$.reason' AS reason, key AS n, value,
		lookup('cost_centre', value ->> '$.cost_centre',
			'data.lines.cost_centre') AS cost_centre,
		lookup('item', value ->> '$.item', 'data.lines.item') AS item,
		lookup('location', value ->> '$.location',
			'data.lines.location') AS place,
		lookup('location', value ->> '$.to_location',
			'data.lines.to_location') AS target,
		value ->> '$.quantity' AS quantity,
		need(coalesce(paise(value ->> '$.cost', d ->> '$.currency',
			'data.lines.cost'), cost(known('item',
				value ->> '$.item'),
			value ->> '$.quantity', d ->> '$.date')),
				'data.lines.cost')
			AS value_at_cost
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
),
leg AS MATERIALIZED (
	SELECT n, 0 AS side, CASE reason WHEN 'receipt' THEN 'receipt'
			WHEN 'transfer' THEN 'out' ELSE 'adjust' END AS type,
		cost_centre, item, place AS location, value,
		CASE reason WHEN 'transfer' THEN CASE WHEN quantity LIKE '-%'
			THEN substr(quantity, 2) ELSE '-' || quantity END
			ELSE quantity END AS quantity,
		CASE reason WHEN 'transfer' THEN - value_at_cost
			ELSE value_at_cost END AS value_at_cost
	FROM moved
	UNION ALL
	SELECT n, 1, 'in', cost_centre, item,
		need(target, 'data.lines.to_location'), value, quantity,
		value_at_cost
	FROM moved WHERE reason = 'transfer'
)
SELECT type, cost_centre, item, location, value ->> '$.memo' AS memo, quantity,
	value_at_cost AS amount, value_at_cost AS cost
FROM leg ORDER BY n, side
