-- A refund as polled from /wc/v3/refunds: the credit note of what came back.
-- The order tells of its refunds too, but without their day and their tax.
-- Totals of its lines are negative. The money itself comes back as the
-- gateway's own refund.
-- name: header
SELECT 'credit_note' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	'R-' || need(:body ->> '$.id', 'id') AS number,
	day(need(:body ->> '$.date_created_gmt', 'date_created_gmt') || 'Z',
		'date_created_gmt') AS date,
	currency,
	paise(need(:body ->> '$.amount', 'amount'), currency, 'amount') AS total,
	(SELECT - coalesce(sum(paise(line.value ->> '$.total_tax', currency,
			list.value || '.total_tax')), 0)
		FROM json_each('["line_items", "shipping_lines", "fee_lines"]')
			AS list, json_each(:body, '$.' || list.value) AS line) AS tax,
	'web' AS channel,
	:body ->> '$.parent_id' AS reference,
	nullif(:body ->> '$.reason', '') AS memo
FROM (SELECT coalesce(:body ->> '$.currency',
	lookup('currency', '@default', 'currency')) AS currency)

-- name: lines
WITH part AS MATERIALIZED (
	SELECT list.value AS list, line.value AS value,
		coalesce(:body ->> '$.currency', known('currency', '@default'))
			AS currency
	FROM json_each('["line_items", "shipping_lines", "fee_lines"]') AS list,
		json_each(:body, '$.' || list.value) AS line
)
SELECT 'sale' AS type,
	CASE list WHEN 'line_items' THEN lookup('account', need(
			value ->> '$.sku', 'line_items.sku'), 'line_items.sku')
		WHEN 'shipping_lines' THEN lookup('account', '@shipping')
		ELSE lookup('account', '@fee:' || (value ->> '$.name'),
			'fee_lines.name') END AS account,
	lookup('cost_centre', 'checkout', 'cost_centre') AS cost_centre,
	(SELECT lookup('tax_code', 'rate-' || (json_each.value ->> '$.id'),
			'taxes.id')
		FROM json_each(part.value, '$.taxes')
		WHERE coalesce(json_each.value ->> '$.total', '')
			NOT IN ('', '0', '0.00', '-0.00') LIMIT 1) AS tax_code,
	known('item', value ->> '$.sku') AS item,
	coalesce(value ->> '$.name', value ->> '$.method_title') AS memo,
	replace(value ->> '$.quantity', '-', '') AS quantity,
	- paise(need(value ->> '$.total', list || '.total'), currency,
		list || '.total') AS amount
FROM part
WHERE coalesce(value ->> '$.total', '') NOT IN ('0', '0.00', '-0.00')
UNION ALL
SELECT 'tax', lookup('account', rate, 'taxes.id'), NULL,
	lookup('tax_code', rate, 'taxes.id'), NULL, NULL, NULL, - sum(amount)
FROM (SELECT 'rate-' || (json_each.value ->> '$.id') AS rate,
		paise(nullif(json_each.value ->> '$.total', ''), currency,
			'taxes.total') AS amount
	FROM part, json_each(part.value, '$.taxes'))
WHERE amount <> 0 GROUP BY rate

-- name: gst
SELECT :body ->> '$.parent_id' AS original
