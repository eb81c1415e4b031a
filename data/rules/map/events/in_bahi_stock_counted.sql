-- schema: stock_counted
-- What was counted, item by item and place by place, as of the end of its day.
-- It posts nothing: it is shown beside stock, and somebody decides. Several
-- messages of one count, each with a number of its own, add up.
-- name: header
SELECT 'stock_count' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('currency', '@base') AS currency,
	0 AS total,
	coalesce(d ->> '$.count', d ->> '$.number') AS reference,
	d ->> '$.counter' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'count' AS type,
	lookup('item', need(value ->> '$.item', 'data.lines.item'),
		'data.lines.item') AS item,
	lookup('location', need(coalesce(value ->> '$.location',
		d ->> '$.location'), 'data.lines.location'),
		'data.lines.location') AS location,
	value ->> '$.memo' AS memo,
	need(value ->> '$.counted', 'data.lines.counted') AS quantity,
	0 AS amount
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
