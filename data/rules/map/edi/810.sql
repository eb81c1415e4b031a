-- X12 810, a supplier's invoice: our purchase invoice. What an order names came
-- by a receipt and clears goods received; all else is a purchase. TDS01 and
-- SAC05 have two decimals that are not written. An Indian supplier says in
-- TXI05 which tax it is: CGST, SGST or IGST; and its GSTIN in REF GT. The number
-- is the supplier's own.
-- name: header
WITH seg AS MATERIALIZED (
	SELECT value AS s, value ->> '$[0]' AS tag
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT (SELECT s FROM seg WHERE tag = 'BIG' LIMIT 1) AS big,
		coalesce((SELECT s ->> '$[2]' FROM seg WHERE tag = 'CUR'
			LIMIT 1), 'INR') AS currency,
		(SELECT s ->> '$[4]' FROM seg WHERE tag = 'N1'
			AND s ->> '$[1]' IN ('SU', 'SE', 'VN') LIMIT 1)
			AS supplier,
		(SELECT s ->> '$[1]' FROM seg WHERE tag = 'TDS' LIMIT 1)
			AS total
)
SELECT 'purchase_invoice' AS kind,
	coalesce(known('entity', :body ->> '$.receiver'),
		lookup('entity', '@default', 'entity')) AS entity,
	need(big ->> '$[2]', 'BIG02') AS number,
	day(substr(d, 1, 4) || '-' || substr(d, 5, 2) || '-' || substr(d, 7),
		'BIG01') AS date,
	coalesce(known('party', nullif(supplier, '')),
		lookup('party', :body ->> '$.sender', 'ISA06')) AS party,
	currency,
	minor(need(total, 'TDS01'), 'TDS01') AS total,
	(SELECT sum(paise(s ->> '$[2]', currency, 'TXI02')) FROM seg
		WHERE tag = 'TXI') AS tax,
	'edi' AS channel,
	nullif(big ->> '$[4]', '') AS order_number,
	(:body ->> '$.interchange') || '/' || (:body ->> '$.control')
		AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		WHEN big ->> '$[7]' NOT IN ('', 'DI', 'DR', 'PR')
		THEN finding('payload.schema', 'BIG07', 'BIG07') END AS memo
FROM (SELECT *, need(big ->> '$[1]', 'BIG01') AS d FROM head)
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		sum(value ->> '$[0]' = 'IT1') OVER (ORDER BY key) AS line
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT coalesce((SELECT s ->> '$[2]' FROM seg WHERE tag = 'CUR'
			LIMIT 1), 'INR') AS currency,
		(SELECT nullif(s ->> '$[4]', '') FROM seg WHERE tag = 'BIG'
			LIMIT 1) AS po
),
billed AS MATERIALIZED (
	SELECT at, line, currency, po, s ->> '$[2]' AS quantity,
		s ->> '$[4]' AS price,
		coalesce((SELECT s ->> ('$[' || (id.key + 1) || ']')
			FROM json_each(s) AS id WHERE id.key >= 6
			AND id.key % 2 = 0 AND id.value IN ('BP', 'IN')
			LIMIT 1), s ->> '$[7]') AS item
	FROM seg, head WHERE tag = 'IT1'
)
SELECT 'purchase' AS type,
	lookup('account', CASE WHEN po IS NULL THEN '@purchases'
		ELSE '@goods_received' END) AS account,
	NULL AS tax_code,
	lookup('item', item, 'IT107') AS item,
	(SELECT s ->> '$[5]' FROM seg WHERE seg.line = billed.line
		AND tag = 'PID' LIMIT 1) AS memo,
	quantity,
	paise(need(price, 'IT104'), currency, 'IT104') * minor(CASE
		WHEN instr(quantity, '.') > 0
		THEN rtrim(rtrim(quantity, '0'), '.') ELSE quantity END,
		'IT102') AS amount,
	NULL AS head
FROM billed
UNION ALL
SELECT CASE s ->> '$[1]' WHEN 'A' THEN 'discount' ELSE 'purchase' END,
	lookup('account', '@purchases'), NULL, NULL,
	coalesce(nullif(s ->> '$[15]', ''), s ->> '$[2]'), NULL,
	minor(need(s ->> '$[5]', 'SAC05'), 'SAC05'), NULL
FROM seg WHERE tag = 'SAC' AND s ->> '$[1]' IN ('A', 'C')
UNION ALL
SELECT 'tax', lookup('account', '@input_' || lower(coalesce(
		nullif(s ->> '$[5]', ''), 'igst')), 'TXI05'),
	lookup('tax_code', (s ->> '$[5]') || ' ' || (s ->> '$[3]') || '%',
		'TXI03'), NULL, s ->> '$[5]', NULL,
	paise(s ->> '$[2]', currency, 'TXI02'),
	lower(coalesce(nullif(s ->> '$[5]', ''), 'igst'))
FROM seg, head WHERE tag = 'TXI'

-- name: gst
SELECT (SELECT value ->> '$[2]' FROM json_each(:body, '$.segments')
		WHERE value ->> '$[0]' = 'REF' AND value ->> '$[1]' = 'GT'
		LIMIT 1) AS party_gstin,
	(SELECT value ->> '$[2]' FROM json_each(:body, '$.segments')
		WHERE value ->> '$[0]' = 'BIG' LIMIT 1) AS original
