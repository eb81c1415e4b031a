-- EDIFACT ORDERS, a customer's purchase order: our sales order, a promise that
-- posts nothing. The item is our own number (PIA with SA) if the customer
-- sends it. Amounts may have a decimal comma. A change or a cancellation
-- (BGM 1225 other than 9, 5 or none) is for a person.
-- name: header
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		value ->> '$[1][0]' AS which,
		replace(value ->> '$[1][1]', ',', '.') AS text,
		sum(value ->> '$[0]' = 'LIN') OVER (ORDER BY key) AS line,
		sum(value ->> '$[0]' = 'UNS') OVER (ORDER BY key) AS summary
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT (SELECT s FROM seg WHERE tag = 'BGM' LIMIT 1) AS bgm,
		(SELECT text FROM seg WHERE tag = 'DTM' AND which = '137'
			LIMIT 1) AS d,
		coalesce((SELECT text FROM seg WHERE tag = 'CUX' LIMIT 1),
			'INR') AS currency,
		(SELECT coalesce(s ->> '$[2][0]', s ->> '$[2]') FROM seg
			WHERE tag = 'NAD' AND s ->> '$[1]' = 'BY' LIMIT 1) AS buyer
),
ordered AS MATERIALIZED (
	SELECT line,
		max(CASE WHEN tag = 'MOA' AND which = '203' THEN text END) AS net,
		max(CASE WHEN tag = 'PRI' AND which IN ('AAA', 'AAB')
			THEN text END) AS price,
		max(CASE WHEN tag = 'QTY' AND which = '21' THEN text END)
			AS quantity
	FROM seg WHERE line > 0 AND summary = 0 GROUP BY line
)
SELECT 'sales_order' AS kind,
	coalesce(known('entity', :body ->> '$.receiver'),
		lookup('entity', '@default', 'entity')) AS entity,
	need(coalesce(bgm ->> '$[2][0]', bgm ->> '$[2]'), 'BGM 1004') AS number,
	day(substr(d, 1, 4) || '-' || substr(d, 5, 2) || '-' || substr(d, 7, 2),
		'DTM 137') AS date,
	coalesce(known('party', nullif(buyer, '')),
		lookup('party', :body ->> '$.sender', 'UNB 0004')) AS party,
	currency,
	(SELECT coalesce(sum(coalesce(paise(net, currency, 'MOA 203'),
		paise(need(price, 'PRI'), currency, 'PRI') * minor(CASE
			WHEN instr(quantity, '.') > 0
			THEN rtrim(rtrim(quantity, '0'), '.') ELSE quantity END,
			'QTY 21'))), 0) FROM ordered) AS total,
	'edi' AS channel,
	coalesce(bgm ->> '$[2][0]', bgm ->> '$[2]') AS order_number,
	(:body ->> '$.interchange') || '/' || (:body ->> '$.control')
		AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		WHEN bgm ->> '$[3]' NOT IN ('', '9', '5')
		THEN finding('payload.schema', 'BGM 1225', 'BGM 1225') END AS memo
FROM head
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		value ->> '$[1][0]' AS which,
		replace(value ->> '$[1][1]', ',', '.') AS text,
		sum(value ->> '$[0]' = 'LIN') OVER (ORDER BY key) AS line,
		sum(value ->> '$[0]' = 'UNS') OVER (ORDER BY key) AS summary
	FROM json_each(:body, '$.segments')
),
ordered AS MATERIALIZED (
	SELECT line,
		coalesce((SELECT text FROM seg WHERE tag = 'CUX' LIMIT 1),
			'INR') AS currency,
		max(CASE WHEN tag = 'PIA' THEN (SELECT id.value ->> '$[0]'
			FROM json_each(s) AS id WHERE id.type = 'array'
			AND id.value ->> '$[1]' = 'SA' LIMIT 1) END) AS ours,
		max(CASE tag WHEN 'LIN' THEN coalesce(s ->> '$[3][0]',
			s ->> '$[3]') END) AS theirs,
		max(CASE tag WHEN 'IMD' THEN coalesce(s ->> '$[3][3]',
			s ->> '$[3]') END) AS memo,
		max(CASE WHEN tag = 'MOA' AND which = '203' THEN text END) AS net,
		max(CASE WHEN tag = 'PRI' AND which IN ('AAA', 'AAB')
			THEN text END) AS price,
		max(CASE WHEN tag = 'QTY' AND which = '21' THEN text END)
			AS quantity
	FROM seg WHERE line > 0 AND summary = 0 GROUP BY line
)
SELECT 'ordered' AS type,
	lookup('item', need(coalesce(ours, theirs), 'LIN 7140'), 'LIN 7140')
		AS item,
	memo, quantity,
	coalesce(paise(net, currency, 'MOA 203'), paise(price, currency, 'PRI')
		* minor(CASE WHEN instr(quantity, '.') > 0
			THEN rtrim(rtrim(quantity, '0'), '.') ELSE quantity END,
			'QTY 21')) AS amount
FROM ordered ORDER BY line
