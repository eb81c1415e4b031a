-- X12 856, a supplier's advance ship notice, taken as the receipt of the
-- goods: stock at standard cost against goods that were not billed yet. The
-- item is our own number (BP or IN), the place the one of N1*ST. Each item
-- stands in a HL loop of its own, below the order that it is of.
-- name: header
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		sum(value ->> '$[0]' = 'HL') OVER (ORDER BY key) AS loop
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT (SELECT s FROM seg WHERE tag = 'BSN' LIMIT 1) AS bsn,
		(SELECT s ->> '$[1]' FROM seg WHERE tag = 'PRF' LIMIT 1) AS po,
		(SELECT s ->> '$[4]' FROM seg WHERE tag = 'N1'
			AND s ->> '$[1]' IN ('SF', 'SU', 'VN') LIMIT 1) AS supplier
),
dated AS MATERIALIZED (
	SELECT *, day(substr(d, 1, 4) || '-' || substr(d, 5, 2) || '-'
		|| substr(d, 7), 'BSN03') AS date
	FROM (SELECT *, need(bsn ->> '$[3]', 'BSN03') AS d FROM head)
),
moved AS MATERIALIZED (
	SELECT (SELECT coalesce((SELECT s ->> ('$[' || (id.key + 1) || ']')
			FROM json_each(s) AS id WHERE id.key >= 2
			AND id.key % 2 = 0 AND id.value IN ('BP', 'IN')
			LIMIT 1), s ->> '$[3]')
			FROM seg AS lin WHERE lin.loop = seg.loop
			AND lin.tag = 'LIN' LIMIT 1) AS item,
		s ->> '$[2]' AS quantity
	FROM seg WHERE tag = 'SN1'
)
SELECT 'inventory_move' AS kind,
	coalesce(known('entity', :body ->> '$.receiver'),
		lookup('entity', '@default', 'entity')) AS entity,
	need(bsn ->> '$[2]', 'BSN02') AS number, date,
	coalesce(known('party', nullif(supplier, '')),
		lookup('party', :body ->> '$.sender', 'ISA06')) AS party,
	'INR' AS currency,
	(SELECT coalesce(sum(cost(known('item', item), quantity, date)), 0)
		FROM moved) AS total,
	'receipt' AS channel,
	nullif(po, '') AS order_number,
	(:body ->> '$.interchange') || '/' || (:body ->> '$.control')
		AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		WHEN bsn ->> '$[1]' <> '00'
		THEN finding('payload.schema', 'BSN01', 'BSN01') END AS memo
FROM dated
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		sum(value ->> '$[0]' = 'HL') OVER (ORDER BY key) AS loop
	FROM json_each(:body, '$.segments')
),
moved AS MATERIALIZED (
	SELECT at, loop, (SELECT coalesce((SELECT
			s ->> ('$[' || (id.key + 1) || ']')
			FROM json_each(s) AS id WHERE id.key >= 2
			AND id.key % 2 = 0 AND id.value IN ('BP', 'IN')
			LIMIT 1), s ->> '$[3]')
			FROM seg AS lin WHERE lin.loop = seg.loop
			AND lin.tag = 'LIN' LIMIT 1) AS item,
		need(s ->> '$[2]', 'SN102') AS quantity,
		(SELECT s ->> '$[4]' FROM seg WHERE tag = 'N1'
			AND s ->> '$[1]' = 'ST' LIMIT 1) AS place,
		(SELECT substr(s ->> '$[3]', 1, 4) || '-'
			|| substr(s ->> '$[3]', 5, 2) || '-'
			|| substr(s ->> '$[3]', 7) FROM seg WHERE tag = 'BSN'
			LIMIT 1) AS date
	FROM seg WHERE tag = 'SN1'
)
SELECT 'receipt' AS type,
	lookup('item', need(item, 'LIN03'), 'LIN03') AS item,
	lookup('location', need(place, 'N104'), 'N104') AS location,
	(SELECT s ->> '$[5]' FROM seg WHERE seg.loop = moved.loop
		AND tag = 'PID' LIMIT 1) AS memo,
	quantity,
	cost(known('item', item), quantity, date, 'SN102') AS amount,
	need(cost(known('item', item), quantity, date, 'SN102'), 'LIN03')
		AS cost
FROM moved ORDER BY at
