-- A row of a sheet that was filled in while counting: count, date, location,
-- item, counted, and where they are wanted bin, entity, counter, memo. Bins of
-- one item add up; the same bin twice in a count fails, and somebody decides.
-- name: header
SELECT 'stock_count' AS kind,
	lookup('entity', coalesce(nullif(:body ->> '$.entity', ''), '@default'),
		'entity') AS entity,
	need(nullif(:body ->> '$.count', ''), 'count') || '/'
		|| need(nullif(:body ->> '$.location', ''), 'location') || '/'
		|| need(nullif(:body ->> '$.item', ''), 'item')
		|| coalesce('/' || nullif(:body ->> '$.bin', ''), '') AS number,
	day(need(nullif(:body ->> '$.date', ''), 'date'), 'date') AS date,
	lookup('currency', '@base') AS currency,
	0 AS total,
	:body ->> '$.count' AS reference,
	nullif(:body ->> '$.counter', '') AS memo

-- name: lines
SELECT 'count' AS type,
	lookup('item', :body ->> '$.item', 'item') AS item,
	lookup('location', :body ->> '$.location', 'location') AS location,
	coalesce(nullif(:body ->> '$.memo', ''), nullif(:body ->> '$.bin', ''))
		AS memo,
	need(nullif(:body ->> '$.counted', ''), 'counted') AS quantity,
	0 AS amount
