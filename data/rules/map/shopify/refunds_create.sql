-- Goods sent back: the credit note. There is no total; it is the sum of the
-- successful refund transactions. Tax follows the lines that came back. Of the
-- order it tells the id alone, which is the invoice's `reference`. Central and
-- state tax are equal: the odd paisa of a part of a line is left with the goods.
-- name: header
SELECT 'credit_note' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	'RF-' || need(:body ->> '$.id', 'id') AS number,
	day(need(coalesce(:body ->> '$.processed_at', :body ->> '$.created_at'),
		'processed_at'), 'processed_at') AS date,
	need(:body ->> '$.transactions[0].currency', 'transactions.currency')
		AS currency,
	(SELECT coalesce(sum(paise(value ->> '$.amount',
			:body ->> '$.transactions[0].currency',
			'transactions.amount')), 0)
		FROM json_each(:body, '$.transactions')
		WHERE value ->> '$.kind' = 'refund'
		AND value ->> '$.status' = 'success') AS total,
	(SELECT coalesce(sum(whole - whole % 2 * halved), 0) FROM (SELECT
			paise(value ->> '$.total_tax',
				:body ->> '$.transactions[0].currency',
				'refund_line_items.total_tax') AS whole,
			coalesce(rx('^(C|S|UT)GST',
				value ->> '$.line_item.tax_lines[0].title'), 0)
				AS halved
		FROM json_each(:body, '$.refund_line_items'))) AS tax,
	'web' AS channel,
	:body ->> '$.order_id' AS reference,
	:body ->> '$.note' AS memo

-- name: lines
WITH line AS MATERIALIZED (
	SELECT value,
		value ->> '$.line_item.sku' AS sku,
		value ->> '$.line_item.tax_lines[0].title' AS title,
		paise(need(value ->> '$.subtotal', 'refund_line_items.subtotal'),
			:body ->> '$.transactions[0].currency',
			'refund_line_items.subtotal') AS goods,
		coalesce(paise(value ->> '$.total_tax',
			:body ->> '$.transactions[0].currency',
			'refund_line_items.total_tax'), 0) AS whole,
		coalesce(rx('^(C|S|UT)GST',
			value ->> '$.line_item.tax_lines[0].title'), 0) AS halved
	FROM json_each(:body, '$.refund_line_items')
),
part AS MATERIALIZED (
	SELECT line.*, whole - whole % 2 * halved AS tax,
		goods + whole % 2 * halved AS net
	FROM line
)
SELECT 'sale' AS type,
	lookup('account', sku, 'refund_line_items.line_item.sku') AS account,
	lookup('cost_centre', 'web', 'source_name') AS cost_centre,
	lookup('tax_code', title, 'tax_lines.title') AS tax_code,
	known('item', sku) AS item,
	value ->> '$.line_item.title' AS memo,
	value ->> '$.quantity' AS quantity,
	net AS amount, NULL AS head
FROM part
UNION ALL
SELECT 'tax', lookup('account', '@output_igst'), NULL,
	lookup('tax_code', title, 'tax_lines.title'), NULL, title, NULL, tax,
	'igst'
FROM part WHERE tax <> 0 AND rx('^IGST', title)
UNION ALL
SELECT 'tax', lookup('account', '@output_cgst'), NULL,
	lookup('tax_code', title, 'tax_lines.title'), NULL, title, NULL, tax / 2,
	'cgst'
FROM part WHERE tax <> 0 AND halved
UNION ALL
SELECT 'tax', lookup('account', '@output_sgst'), NULL,
	lookup('tax_code', title, 'tax_lines.title'), NULL, title, NULL,
	tax / 2, 'sgst'
FROM part WHERE tax <> 0 AND halved
UNION ALL
SELECT 'tax', lookup('account', '@output_tax'), NULL,
	lookup('tax_code', title, 'tax_lines.title'), NULL, title, NULL, tax,
	NULL
FROM part WHERE tax <> 0 AND NOT coalesce(rx('^(C|S|I|UT)GST', title), 0)
UNION ALL
SELECT 'sale', lookup('account', '@returns'),
	lookup('cost_centre', 'web', 'source_name'), NULL, NULL,
	value ->> '$.reason', NULL,
	- coalesce(paise(value ->> '$.amount',
		:body ->> '$.transactions[0].currency', 'order_adjustments.amount'), 0)
	- coalesce(paise(value ->> '$.tax_amount',
		:body ->> '$.transactions[0].currency',
		'order_adjustments.tax_amount'), 0), NULL
FROM json_each(:body, '$.order_adjustments')

-- name: gst
SELECT :body ->> '$.order_id' AS original
