-- EDIFACT INVOIC, a supplier's invoice: our purchase invoice. What an order
-- names came by a receipt and clears goods received; all else is a purchase.
-- Taxes are those of the summary, each named in TAX 5153: CGST, SGST or IGST.
-- A credit note (BGM 381) is for a person. The number is the supplier's own, its
-- GSTIN is RFF VA of NAD SU; PIA with HS is an HSN.
-- name: header
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		value ->> '$[1][0]' AS which,
		replace(value ->> '$[1][1]', ',', '.') AS text,
		sum(value ->> '$[0]' = 'UNS') OVER (ORDER BY key) AS summary
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT (SELECT s FROM seg WHERE tag = 'BGM' LIMIT 1) AS bgm,
		(SELECT text FROM seg WHERE tag = 'DTM' AND which = '137'
			LIMIT 1) AS d,
		coalesce((SELECT text FROM seg WHERE tag = 'CUX' LIMIT 1),
			'INR') AS currency,
		(SELECT text FROM seg WHERE tag = 'RFF' AND which = 'ON'
			LIMIT 1) AS po,
		(SELECT coalesce(s ->> '$[2][0]', s ->> '$[2]') FROM seg
			WHERE tag = 'NAD' AND s ->> '$[1]' = 'SU' LIMIT 1)
			AS supplier,
		(SELECT text FROM seg WHERE tag = 'MOA' AND summary = 1
			AND which IN ('77', '86', '9') LIMIT 1) AS total
)
SELECT 'purchase_invoice' AS kind,
	coalesce(known('entity', :body ->> '$.receiver'),
		lookup('entity', '@default', 'entity')) AS entity,
	need(coalesce(bgm ->> '$[2][0]', bgm ->> '$[2]'), 'BGM 1004') AS number,
	day(substr(d, 1, 4) || '-' || substr(d, 5, 2) || '-' || substr(d, 7, 2),
		'DTM 137') AS date,
	coalesce(known('party', nullif(supplier, '')),
		lookup('party', :body ->> '$.sender', 'UNB 0004')) AS party,
	currency,
	paise(need(total, 'MOA 77'), currency, 'MOA 77') AS total,
	(SELECT sum(paise(text, currency, 'MOA 124')) FROM seg
		WHERE tag = 'MOA' AND which = '124' AND summary = 1) AS tax,
	'edi' AS channel,
	po AS order_number,
	(:body ->> '$.interchange') || '/' || (:body ->> '$.control')
		AS reference,
	CASE WHEN :body ->> '$.wrong' IS NOT NULL
		THEN finding('payload.format', :body ->> '$.wrong', '')
		WHEN coalesce(bgm ->> '$[1][0]', bgm ->> '$[1]') <> '380'
		THEN finding('payload.schema', 'BGM 1001', 'BGM 1001') END AS memo
FROM head
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH seg AS MATERIALIZED (
	SELECT key AS at, value AS s, value ->> '$[0]' AS tag,
		value ->> '$[1][0]' AS which,
		replace(value ->> '$[1][1]', ',', '.') AS text,
		sum(value ->> '$[0]' = 'LIN') OVER (ORDER BY key) AS line,
		sum(value ->> '$[0]' = 'UNS') OVER (ORDER BY key) AS summary,
		sum(value ->> '$[0]' = 'TAX') OVER (ORDER BY key) AS tax
	FROM json_each(:body, '$.segments')
),
head AS MATERIALIZED (
	SELECT coalesce((SELECT text FROM seg WHERE tag = 'CUX' LIMIT 1),
			'INR') AS currency,
		(SELECT text FROM seg WHERE tag = 'RFF' AND which = 'ON'
			LIMIT 1) AS po
),
billed AS MATERIALIZED (
	SELECT line,
		max(CASE WHEN tag = 'PIA' THEN (SELECT id.value ->> '$[0]'
			FROM json_each(s) AS id WHERE id.type = 'array'
			AND id.value ->> '$[1]' IN ('IN', 'BP') LIMIT 1) END)
			AS ours,
		max(CASE WHEN tag = 'PIA' THEN (SELECT id.value ->> '$[0]'
			FROM json_each(s) AS id WHERE id.type = 'array'
			AND id.value ->> '$[1]' = 'HS' LIMIT 1) END) AS hsn,
		max(CASE tag WHEN 'LIN' THEN coalesce(s ->> '$[3][0]',
			s ->> '$[3]') END) AS theirs,
		max(CASE tag WHEN 'IMD' THEN coalesce(s ->> '$[3][3]',
			s ->> '$[3]') END) AS memo,
		max(CASE WHEN tag = 'MOA' AND which = '203' THEN text END) AS net,
		max(CASE WHEN tag = 'QTY' AND which = '47' THEN text END)
			AS quantity
	FROM seg WHERE line > 0 AND summary = 0 GROUP BY line
),
taxed AS MATERIALIZED (
	SELECT tax, max(CASE tag WHEN 'TAX' THEN coalesce(s ->> '$[2][0]',
			s ->> '$[2]') END) AS name,
		max(CASE tag WHEN 'TAX' THEN s ->> '$[5][3]' END) AS rate,
		max(CASE WHEN tag = 'MOA' AND which = '124' THEN text END)
			AS amount
	FROM seg WHERE tax > 0 AND summary = 1 AND tag IN ('TAX', 'MOA')
	GROUP BY tax
)
SELECT 'purchase' AS type,
	lookup('account', CASE WHEN po IS NULL THEN '@purchases'
		ELSE '@goods_received' END) AS account,
	NULL AS tax_code,
	lookup('item', coalesce(ours, theirs), 'LIN 7140') AS item,
	memo, quantity,
	paise(need(net, 'MOA 203'), currency, 'MOA 203') AS amount,
	hsn, NULL AS head
FROM billed, head
UNION ALL
SELECT 'tax', lookup('account', '@input_' || lower(name), 'TAX 5153'),
	lookup('tax_code', name || ' ' || rate || '%', 'TAX 5278'), NULL, name,
	NULL, paise(need(amount, 'MOA 124'), currency, 'MOA 124'), NULL,
	lower(name)
FROM taxed, head WHERE name IS NOT NULL

-- name: gst
WITH seg AS MATERIALIZED (
	SELECT value AS s, value ->> '$[0]' AS tag, value ->> '$[1][0]' AS which,
		sum(value ->> '$[0]' = 'NAD') OVER (ORDER BY key) AS who
	FROM json_each(:body, '$.segments')
)
SELECT (SELECT s ->> '$[1][1]' FROM seg WHERE tag = 'RFF' AND which = 'VA'
		AND who = (SELECT who FROM seg WHERE tag = 'NAD'
		AND s ->> '$[1]' = 'SU' LIMIT 1) LIMIT 1) AS party_gstin,
	(SELECT coalesce(s ->> '$[2][0]', s ->> '$[2]') FROM seg
		WHERE tag = 'BGM' LIMIT 1) AS original
