-- schema: count_adjustment
-- Stock as it was counted: one document for each day that was counted, at
-- standard cost, against stock adjustments. Somebody saw the lines and said so.
-- name: header
WITH line AS MATERIALIZED (
	SELECT d, value ->> '$.day' AS day, value ->> '$.posting' AS posting,
		cost(known('item', value ->> '$.item'), value ->> '$.quantity',
			value ->> '$.day') AS cost
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
		ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
)
SELECT line.day AS part, 'inventory_move' AS kind,
	lookup('entity', need(d ->> '$.entity', 'data.entity'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number')
		|| CASE WHEN (SELECT count(DISTINCT day) FROM line) > 1
			THEN '/' || line.day ELSE '' END AS number,
	day(need(line.day, 'data.lines.day'), 'data.lines.day') AS date,
	day(max(line.posting), 'data.lines.posting') AS posting_date,
	lookup('currency', '@base') AS currency,
	coalesce(sum(line.cost), 0) AS total, 'count' AS channel,
	need(d ->> '$.count', 'data.count') AS reference,
	d ->> '$.memo' AS memo, 0 AS base_version
FROM line GROUP BY line.day

-- name: lines
SELECT part, 'adjust' AS type, item, location, quantity, cost, cost AS amount
FROM (SELECT value ->> '$.day' AS part,
	lookup('item', need(value ->> '$.item', 'data.lines.item'),
		'data.lines.item') AS item,
	lookup('location', need(value ->> '$.location',
		'data.lines.location'), 'data.lines.location') AS location,
	need(value ->> '$.quantity', 'data.lines.quantity') AS quantity,
	need(cost(known('item', value ->> '$.item'), value ->> '$.quantity',
		value ->> '$.day', 'data.lines.quantity'),
		'standard cost of ' || (value ->> '$.item')) AS cost
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines'))
