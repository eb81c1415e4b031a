-- A till's sale, paid at the counter. `amount` is what was paid, tax inside.
-- A payload without a tax rate books its tax as one; with a rate it is GST
-- within the state, half central and half state; both are equal by law, so an
-- odd paisa of a till that rounds their sum is left with the sale.
-- name: header
SELECT 'sales_invoice' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	coalesce(:body ->> '$.data.receipt', :key) AS number,
	coalesce(day(:body ->> '$.data.paid_at', 'data.paid_at'), :day) AS date,
	lookup('party', :body ->> '$.data.customer_id', 'data.customer_id') AS party,
	need(:body ->> '$.data.currency', 'data.currency') AS currency,
	paise(need(:body ->> '$.data.amount', 'data.amount'),
		:body ->> '$.data.currency', 'data.amount') AS total,
	(SELECT whole - whole % 2 * (:body ->> '$.data.tax_rate' IS NOT NULL)
		FROM (SELECT paise(:body ->> '$.data.tax_amount',
			:body ->> '$.data.currency', 'data.tax_amount') AS whole))
		AS tax,
	'pos' AS channel,
	:body ->> '$.data.store' AS memo

-- name: lines
WITH sale AS MATERIALIZED (
	SELECT paise(:body ->> '$.data.amount', :body ->> '$.data.currency',
			'data.amount') AS amount,
		coalesce(paise(:body ->> '$.data.tax_amount',
			:body ->> '$.data.currency', 'data.tax_amount'), 0) AS whole,
		lookup('cost_centre', :body ->> '$.data.store', 'data.store')
			AS cost_centre,
		lookup('tax_code', :body ->> '$.data.tax_rate', 'data.tax_rate')
			AS tax_code,
		:body ->> '$.data.tax_rate' IS NOT NULL AS gst
),
till AS MATERIALIZED (
	SELECT sale.*, whole - whole % 2 * gst AS tax
	FROM sale
)
SELECT 'settled' AS type, lookup('account', '@pos_clearing') AS account,
	NULL AS cost_centre, NULL AS tax_code, amount, NULL AS head FROM till
UNION ALL
SELECT 'sale',
	lookup('account', need(:body ->> '$.data.ledger_account',
		'data.ledger_account'), 'data.ledger_account'),
	cost_centre, tax_code, amount - tax, NULL FROM till
UNION ALL
SELECT 'tax', lookup('account', '@output_tax'), cost_centre, tax_code, tax,
	NULL FROM till WHERE NOT gst AND tax <> 0
UNION ALL
SELECT 'tax', lookup('account', '@output_cgst'), cost_centre, tax_code, tax / 2,
	'cgst' FROM till WHERE gst AND tax <> 0
UNION ALL
SELECT 'tax', lookup('account', '@output_sgst'), cost_centre, tax_code,
	tax / 2, 'sgst' FROM till WHERE gst AND tax <> 0

-- name: gst
SELECT 1 AS counter
