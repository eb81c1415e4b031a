-- Supplies used on a ward: out of the supply room, at standard cost, into the
-- ward's cost. What was used for whom stays in the clinic's own system.
-- name: header
SELECT 'inventory_move' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(d ->> '$.record', 'data.record') AS number,
	day(need(d ->> '$.used_at', 'data.used_at'), 'data.used_at') AS date,
	lookup('currency', '@base') AS currency,
	(SELECT coalesce(sum(cost(known('item', value ->> '$.item'),
			'-' || (value ->> '$.quantity'), day(d ->> '$.used_at'))), 0)
		FROM json_each(d, '$.supplies')) AS total,
	'clinic' AS channel,
	d ->> '$.ward' AS memo
FROM (SELECT :body -> '$.data' AS d)

-- name: lines
SELECT 'adjust' AS type, lookup('account', '@supplies_used') AS account,
	cost_centre, item, location, quantity, cost, cost AS amount
FROM (SELECT lookup('item', need(value ->> '$.item', 'data.supplies.item'),
		'data.supplies.item') AS item,
	lookup('location', need(d ->> '$.room', 'data.room'), 'data.room')
		AS location,
	lookup('cost_centre', need(d ->> '$.ward', 'data.ward'), 'data.ward')
		AS cost_centre,
	'-' || need(value ->> '$.quantity', 'data.supplies.quantity')
		AS quantity,
	need(cost(known('item', value ->> '$.item'),
		'-' || (value ->> '$.quantity'), day(d ->> '$.used_at'),
		'data.supplies.quantity'),
		'standard cost of ' || (value ->> '$.item')) AS cost
FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.supplies'))
