-- EDIFACT DESADV, a supplier's despatch advice, taken as the receipt of the
-- goods: stock at standard cost against goods that were not billed yet. The
-- item is our own number (PIA with IN or BP), the place the one of NAD+DP.
-- name: header
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		value ->> '$[1][0]' AS which,
		replace(value ->> '$[1][1]', ',', '.') AS text,
		sum(value ->> '$[0]' = 'LIN') OVER (ORDER BY key) AS line
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT (SELECT s FROM seg WHERE tag = 'BGM' LIMIT 1) AS bgm,
		(SELECT text FROM seg WHERE tag = 'DTM' AND which = '137'
			LIMIT 1) AS d,
		(SELECT text FROM seg WHERE tag = 'RFF' AND which = 'ON'
			LIMIT 1) AS po,
		(SELECT coalesce(s ->> '$[2][0]', s ->> '$[2]') FROM seg
			WHERE tag = 'NAD' AND s ->> '$[1]' = 'SU' LIMIT 1)
			AS supplier
),
dated AS MATERIALIZED (
	SELECT *, day(substr(d, 1, 4) || '-' || substr(d, 5, 2) || '-'
		|| substr(d, 7, 2), 'DTM 137') AS date FROM head
),
moved AS MATERIALIZED (
	SELECT line,
		coalesce(max(CASE WHEN tag = 'PIA' THEN (SELECT
			id.value ->> '$[0]' FROM json_each(s) AS id
			WHERE id.type = 'array' AND id.value ->> '$[1]'
			IN ('IN', 'BP') LIMIT 1) END),
			max(CASE tag WHEN 'LIN' THEN coalesce(s ->> '$[3][0]',
			s ->> '$[3]') END)) AS item,
		max(CASE WHEN tag = 'QTY' AND which = '12' THEN text END)
			AS quantity
	FROM seg WHERE line > 0 GROUP BY line
)
SELECT 'inventory_move' AS kind,
	coalesce(known('entity', :body ->> '$.receiver'),
		lookup('entity', '@default', 'entity')) AS entity,
	need(coalesce(bgm ->> '$[2][0]', bgm ->> '$[2]'), 'BGM 1004') AS number,
	date,
	coalesce(known('party', nullif(supplier, '')),
		lookup('party', :body ->> '$.sender', 'UNB 0004')) AS party,
	'INR' AS currency,
	(SELECT coalesce(sum(cost(known('item', item), quantity, date)), 0)
		FROM moved) AS total,
	'receipt' AS channel,
	po AS order_number,
	(:body ->> '$.interchange') || '/' || (:body ->> '$.control')
		AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		WHEN bgm ->> '$[3]' NOT IN ('', '9')
		THEN finding('payload.schema', 'BGM 1225', 'BGM 1225') END AS memo
FROM dated
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		value ->> '$[1][0]' AS which,
		replace(value ->> '$[1][1]', ',', '.') AS text,
		sum(value ->> '$[0]' = 'LIN') OVER (ORDER BY key) AS line
	FROM json_each(:body, '$.segments')
),
moved AS MATERIALIZED (
	SELECT line,
		coalesce(max(CASE WHEN tag = 'PIA' THEN (SELECT
			id.value ->> '$[0]' FROM json_each(s) AS id
			WHERE id.type = 'array' AND id.value ->> '$[1]'
			IN ('IN', 'BP') LIMIT 1) END),
			max(CASE tag WHEN 'LIN' THEN coalesce(s ->> '$[3][0]',
			s ->> '$[3]') END)) AS item,
		max(CASE tag WHEN 'IMD' THEN coalesce(s ->> '$[3][3]',
			s ->> '$[3]') END) AS memo,
		max(CASE WHEN tag = 'QTY' AND which = '12' THEN text END)
			AS quantity,
		(SELECT coalesce(s ->> '$[2][0]', s ->> '$[2]') FROM seg
			WHERE tag = 'NAD' AND s ->> '$[1]' = 'DP' LIMIT 1)
			AS place,
		(SELECT substr(text, 1, 4) || '-' || substr(text, 5, 2) || '-'
			|| substr(text, 7, 2) FROM seg WHERE tag = 'DTM'
			AND which = '137' LIMIT 1) AS date
	FROM seg WHERE line > 0 GROUP BY line
)
SELECT 'receipt' AS type,
	lookup('item', need(item, 'LIN 7140'), 'LIN 7140') AS item,
	lookup('location', need(place, 'NAD DP'), 'NAD DP') AS location,
	memo, need(quantity, 'QTY 12') AS quantity,
	cost(known('item', item), quantity, date, 'QTY 12') AS amount,
	need(cost(known('item', item), quantity, date, 'QTY 12'), 'LIN 7140')
		AS cost
FROM moved ORDER BY line
