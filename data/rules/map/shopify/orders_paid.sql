-- A paid online order: the invoice of what was sold. Money arrives as the
-- gateway's own payment. Amounts are major units as text; with taxes_included
-- each price has its tax inside. `discount_allocations` has all discounts of a
-- line, `total_discount` only those of scripts and drafts. Test orders are not
-- for the books. The shop writes its numbers with a `#`, which an invoice may
-- not have (rule 46). Goods are supplied where they are delivered, or, to a
-- business that gave its GSTIN, where that is billed.
-- name: header
SELECT 'sales_invoice' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	ltrim(need(:body ->> '$.name', 'name'), '#') AS number,
	day(need(coalesce(:body ->> '$.processed_at', :body ->> '$.created_at'),
		'processed_at'), 'processed_at') AS date,
	lookup('party', 'shop-' || (:body ->> '$.customer.id'), 'customer.id')
		AS party,
	need(:body ->> '$.currency', 'currency') AS currency,
	paise(need(:body ->> '$.total_price', 'total_price'),
		:body ->> '$.currency', 'total_price') AS total,
	paise(:body ->> '$.total_tax', :body ->> '$.currency', 'total_tax') AS tax,
	:body ->> '$.source_name' AS channel,
	:body ->> '$.id' AS reference,
	:body ->> '$.updated_at' AS revision
WHERE coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH part AS MATERIALIZED (
	SELECT 0 AS n, key AS at, 'sale' AS type, value,
		need(value ->> '$.sku', 'line_items.sku') AS sku,
		paise(need(value ->> '$.price', 'line_items.price'),
			:body ->> '$.currency', 'line_items.price')
		* minor(need(value ->> '$.quantity', 'line_items.quantity'),
			'line_items.quantity')
		- coalesce((SELECT sum(paise(json_each.value ->> '$.amount',
				:body ->> '$.currency', 'discount_allocations.amount'))
			FROM json_each(line_items.value, '$.discount_allocations')),
			paise(value ->> '$.total_discount', :body ->> '$.currency',
			'line_items.total_discount'), 0) AS gross
	FROM json_each(:body, '$.line_items') AS line_items
	UNION ALL
	SELECT 1, key, 'shipping', value, NULL,
		paise(coalesce(value ->> '$.discounted_price', value ->> '$.price'),
			:body ->> '$.currency', 'shipping_lines.price')
	FROM json_each(:body, '$.shipping_lines')
),
tax AS MATERIALIZED (
	SELECT n, at, json_each.value ->> '$.title' AS title,
		coalesce(paise(json_each.value ->> '$.price',
			:body ->> '$.currency', 'tax_lines.price'), 0) AS amount
	FROM part, json_each(part.value, '$.tax_lines')
)
SELECT type,
	CASE type WHEN 'sale' THEN lookup('account', sku, 'line_items.sku')
		ELSE lookup('account', '@shipping') END AS account,
	lookup('cost_centre', :body ->> '$.source_name', 'source_name')
		AS cost_centre,
	(SELECT lookup('tax_code', title, 'tax_lines.title') FROM tax
		WHERE tax.n = part.n AND tax.at = part.at LIMIT 1) AS tax_code,
	known('item', sku) AS item,
	value ->> '$.title' AS memo,
	value ->> '$.quantity' AS quantity,
	gross - CASE WHEN :body ->> '$.taxes_included' = 1
		THEN (SELECT coalesce(sum(amount), 0) FROM tax
			WHERE tax.n = part.n AND tax.at = part.at)
		ELSE 0 END AS amount, NULL AS head
FROM part
UNION ALL
SELECT 'tax',
	CASE WHEN rx('^CGST', title) THEN lookup('account', '@output_cgst')
		WHEN rx('^(SGST|UTGST)', title) THEN lookup('account', '@output_sgst')
		WHEN rx('^IGST', title) THEN lookup('account', '@output_igst')
		ELSE lookup('account', '@output_tax') END,
	NULL, lookup('tax_code', title, 'tax_lines.title'), NULL, title, NULL,
	sum(amount), CASE WHEN rx('^CGST', title) THEN 'cgst'
		WHEN rx('^(SGST|UTGST)', title) THEN 'sgst'
		WHEN rx('^IGST', title) THEN 'igst' END
FROM tax WHERE amount <> 0 GROUP BY title

-- name: gst
WITH billed AS MATERIALIZED (
	SELECT (SELECT value ->> '$.value'
			FROM json_each(:body, '$.note_attributes')
			WHERE rx('(?i)^gst', value ->> '$.name') LIMIT 1) AS gstin,
		:body -> '$.billing_address' AS billing,
		coalesce(:body -> '$.shipping_address',
			:body -> '$.billing_address') AS shipping
),
whither AS MATERIALIZED (
	SELECT gstin, billing, CASE WHEN nullif(gstin, '') IS NULL THEN shipping
		ELSE coalesce(billing, shipping) END AS place FROM billed
)
SELECT upper(trim(gstin)) AS party_gstin,
	billing ->> '$.company' AS party_name,
	CASE WHEN place ->> '$.country_code' <> 'IN' THEN '96'
		ELSE place ->> '$.province_code' END AS place,
	CASE WHEN place ->> '$.country_code' <> 'IN' THEN 'overseas' END
		AS category,
	CASE WHEN place ->> '$.country_code' = 'IN' THEN place ->> '$.zip' END
		AS pin
FROM whither
