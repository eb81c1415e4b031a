-- A WooCommerce order, created or updated: the invoice of what was sold, once
-- it is paid for or on its way. Drafts, unpaid and cancelled orders are not
-- for the books. Amounts are major units as text; `total` of a line is after
-- its discounts and without tax, whatever the shop shows its customers. Money
-- arrives as the gateway's own payment. Shops keep a customer's GSTIN in a
-- field of their own; one with GST in its name is taken for it.
-- name: header
SELECT 'sales_invoice' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.number', 'number') AS number,
	day(need(coalesce(:body ->> '$.date_paid_gmt',
		:body ->> '$.date_created_gmt'), 'date_created_gmt') || 'Z',
		'date_created_gmt') AS date,
	lookup('party', CASE :body ->> '$.customer_id' WHEN '0' THEN '@guest'
		ELSE 'woo-' || (:body ->> '$.customer_id') END, 'customer_id')
		AS party,
	need(:body ->> '$.currency', 'currency') AS currency,
	paise(need(:body ->> '$.total', 'total'), :body ->> '$.currency', 'total')
		AS total,
	paise(:body ->> '$.total_tax', :body ->> '$.currency', 'total_tax')
		AS tax,
	:body ->> '$.created_via' AS channel,
	coalesce(nullif(:body ->> '$.transaction_id', ''), :body ->> '$.id')
		AS reference,
	:body ->> '$.payment_method_title' AS memo,
	need(:body ->> '$.date_modified_gmt', 'date_modified_gmt') || 'Z'
		AS revision
WHERE :body ->> '$.status' IN ('processing', 'completed', 'refunded')

-- name: lines
WITH part AS MATERIALIZED (
	SELECT 'sale' AS type, value, need(value ->> '$.sku', 'line_items.sku')
			AS sku,
		paise(need(value ->> '$.total', 'line_items.total'),
			:body ->> '$.currency', 'line_items.total') AS amount
	FROM json_each(:body, '$.line_items')
	UNION ALL
	SELECT 'shipping', value, NULL, paise(value ->> '$.total',
		:body ->> '$.currency', 'shipping_lines.total')
	FROM json_each(:body, '$.shipping_lines')
	UNION ALL
	SELECT 'sale', value, '@fee:' || (value ->> '$.name'),
		paise(value ->> '$.total', :body ->> '$.currency', 'fee_lines.total')
	FROM json_each(:body, '$.fee_lines')
),
tax AS MATERIALIZED (
	SELECT value ->> '$.rate_id' AS rate, value ->> '$.label' AS label,
		(value ->> '$.label') || ' ' || (value ->> '$.rate_percent') || '%'
			AS title,
		coalesce(paise(value ->> '$.tax_total', :body ->> '$.currency',
			'tax_lines.tax_total'), 0)
		+ coalesce(paise(value ->> '$.shipping_tax_total',
			:body ->> '$.currency', 'tax_lines.shipping_tax_total'), 0)
			AS amount
	FROM json_each(:body, '$.tax_lines')
),
-- what rounding each line leaves, at most a paisa a line
rest AS MATERIALIZED (
	SELECT paise(:body ->> '$.total', :body ->> '$.currency')
		- (SELECT coalesce(sum(amount), 0) FROM part)
		- (SELECT coalesce(sum(amount), 0) FROM tax) AS amount
)
SELECT type,
	CASE type WHEN 'sale' THEN lookup('account', sku, 'line_items.sku')
		ELSE lookup('account', '@shipping') END AS account,
	lookup('cost_centre', :body ->> '$.created_via', 'created_via')
		AS cost_centre,
	(SELECT lookup('tax_code', title, 'tax_lines.rate_percent')
		FROM tax, json_each(part.value, '$.taxes') AS own
		WHERE own.value ->> '$.id' = rate
		AND coalesce(own.value ->> '$.total', '') NOT IN ('', '0', '0.00')
		LIMIT 1) AS tax_code,
	known('item', sku) AS item,
	coalesce(value ->> '$.name', value ->> '$.method_title') AS memo,
	value ->> '$.quantity' AS quantity,
	amount, NULL AS head
FROM part
UNION ALL
SELECT 'tax',
	CASE WHEN rx('^CGST', label) THEN lookup('account', '@output_cgst')
		WHEN rx('^(SGST|UTGST)', label) THEN lookup('account', '@output_sgst')
		WHEN rx('^IGST', label) THEN lookup('account', '@output_igst')
		ELSE lookup('account', '@output_tax') END,
	NULL, lookup('tax_code', title, 'tax_lines.rate_percent'), NULL, title,
	NULL, amount, CASE WHEN rx('^CGST', label) THEN 'cgst'
		WHEN rx('^(SGST|UTGST)', label) THEN 'sgst'
		WHEN rx('^IGST', label) THEN 'igst' END
FROM tax WHERE amount <> 0
UNION ALL
SELECT 'sale', lookup('account', '@rounding'), NULL, NULL, NULL, 'rounding',
	NULL, amount, NULL
FROM rest WHERE amount <> 0
	AND abs(amount) <= (SELECT count(amount) FROM part)

-- name: gst
WITH billed AS MATERIALIZED (
	SELECT (SELECT value ->> '$.value' FROM json_each(:body, '$.meta_data')
			WHERE rx('(?i)^_?(billing_)?gst', value ->> '$.key')
			LIMIT 1) AS gstin,
		:body -> '$.billing' AS billing,
		CASE WHEN coalesce(:body ->> '$.shipping.country', '') <> ''
			THEN :body -> '$.shipping' ELSE :body -> '$.billing' END
			AS shipping
),
whither AS MATERIALIZED (
	SELECT gstin, billing, CASE WHEN nullif(gstin, '') IS NULL THEN shipping
		ELSE billing END AS place FROM billed
)
SELECT upper(trim(gstin)) AS party_gstin,
	billing ->> '$.company' AS party_name,
	CASE WHEN place ->> '$.country' <> 'IN' THEN '96'
		ELSE place ->> '$.state' END AS place,
	CASE WHEN place ->> '$.country' <> 'IN' THEN 'overseas' END AS category,
	CASE WHEN place ->> '$.country' = 'IN' THEN place ->> '$.postcode' END
		AS pin
FROM whither
