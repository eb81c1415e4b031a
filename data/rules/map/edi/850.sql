-- X12 850, a customer's purchase order: our sales order, a promise that posts
-- nothing. The item is our own number (VP, VN or SK) if the customer sends it.
-- New orders (BEG01 00) and replacements (05) are taken; a change or a
-- cancellation is for a person.
-- name: header
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT (SELECT s FROM seg WHERE tag = 'BEG' LIMIT 1) AS beg,
		coalesce((SELECT s ->> '$[2]' FROM seg WHERE tag = 'CUR'
			LIMIT 1), 'INR') AS currency,
		(SELECT s ->> '$[4]' FROM seg WHERE tag = 'N1'
			AND s ->> '$[1]' = 'BY' LIMIT 1) AS buyer,
		(SELECT s ->> '$[2]' FROM seg WHERE tag = 'AMT'
			AND s ->> '$[1]' = 'TT' LIMIT 1) AS stated
),
sums AS MATERIALIZED (
	SELECT coalesce(sum(paise(need(s ->> '$[4]', 'PO104'), currency,
		'PO104') * minor(CASE WHEN instr(s ->> '$[2]', '.') > 0
			THEN rtrim(rtrim(s ->> '$[2]', '0'), '.')
			ELSE s ->> '$[2]' END, 'PO102')), 0) AS total
	FROM head, seg WHERE tag = 'PO1'
)
SELECT 'sales_order' AS kind,
	coalesce(known('entity', :body ->> '$.receiver'),
		lookup('entity', '@default', 'entity')) AS entity,
	need(beg ->> '$[3]', 'BEG03') AS number,
	day(substr(d, 1, 4) || '-' || substr(d, 5, 2) || '-' || substr(d, 7),
		'BEG05') AS date,
	coalesce(known('party', nullif(buyer, '')),
		lookup('party', :body ->> '$.sender', 'ISA06')) AS party,
	currency,
	CASE WHEN paise(stated, currency, 'AMT02') <> total
		THEN finding('payload.schema', 'AMT02', 'AMT02')
		ELSE total END AS total,
	'edi' AS channel,
	beg ->> '$[3]' AS order_number,
	(:body ->> '$.interchange') || '/' || (:body ->> '$.control')
		AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		WHEN beg ->> '$[1]' NOT IN ('00', '05')
		THEN finding('payload.schema', 'BEG01', 'BEG01') END AS memo
FROM (SELECT *, need(beg ->> '$[5]', 'BEG05') AS d FROM head), sums
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		sum(value ->> '$[0]' = 'PO1') OVER (ORDER BY key) AS line
	FROM json_each(:body, '$.segments')
),
ordered AS MATERIALIZED (
	SELECT line, s ->> '$[2]' AS quantity, s ->> '$[4]' AS price,
		coalesce((SELECT s ->> ('$[' || (id.key + 1) || ']')
			FROM json_each(s) AS id WHERE id.key >= 6
			AND id.key % 2 = 0 AND id.value IN ('VP', 'VN', 'SK')
			LIMIT 1), s ->> '$[7]') AS item,
		coalesce((SELECT s ->> '$[2]' FROM seg WHERE tag = 'CUR'
			LIMIT 1), 'INR') AS currency
	FROM seg WHERE tag = 'PO1'
)
SELECT 'ordered' AS type,
	lookup('item', need(item, 'PO107'), 'PO107') AS item,
	(SELECT s ->> '$[5]' FROM seg WHERE seg.line = ordered.line
		AND tag = 'PID' LIMIT 1) AS memo,
	quantity,
	paise(price, currency, 'PO104') * minor(CASE
		WHEN instr(quantity, '.') > 0
		THEN rtrim(rtrim(quantity, '0'), '.') ELSE quantity END,
		'PO102') AS amount
FROM ordered ORDER BY line
