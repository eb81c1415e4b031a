-- A paid invoice of Stripe Billing. What came by card or bank through Stripe
-- is in its clearing account at once, gross; the fee is of the balance
-- transaction. Credit balance, and what was paid outside Stripe, is settled
-- against the receivable. Amounts are minor units, whole ones for currencies
-- without decimals. Each tax goes to the account that its rate is mapped to, else
to integrated tax.
-- name: header
SELECT 'sales_invoice' AS kind,
	lookup('entity', coalesce(i ->> '$.metadata.entity', '@default'),
		'metadata.entity') AS entity,
	need(coalesce(i ->> '$.number', i ->> '$.id'), 'number') AS number,
	day(need(coalesce(i ->> '$.status_transitions.finalized_at',
		i ->> '$.created'), 'status_transitions.finalized_at'),
		'status_transitions.finalized_at') AS date,
	lookup('party', need(i ->> '$.customer', 'customer'), 'customer')
		AS party,
	upper(need(i ->> '$.currency', 'currency')) AS currency,
	minor(need(i ->> '$.total', 'total'), 'total') AS total,
	coalesce((SELECT sum(minor(value ->> '$.amount', 'total_taxes.amount'))
		FROM json_each(coalesce(i -> '$.total_taxes',
			i -> '$.total_tax_amounts'))), 0) AS tax,
	'stripe' AS channel,
	i ->> '$.id' AS reference,
	i ->> '$.description' AS memo,
	:body ->> '$.created' AS revision
FROM (SELECT :body -> '$.data.object' AS i)
WHERE :body ->> '$.livemode' = 1 AND i ->> '$.total' <> '0'

-- name: lines
WITH invoice AS MATERIALIZED (
	SELECT :body -> '$.data.object' AS i
),
part AS MATERIALIZED (
	SELECT value,
		minor(need(value ->> '$.amount', 'lines.amount'), 'lines.amount')
		- coalesce((SELECT sum(minor(json_each.value ->> '$.amount',
				'lines.discount_amounts.amount'))
			FROM json_each(data.value, '$.discount_amounts')), 0)
		- coalesce((SELECT sum(minor(json_each.value ->> '$.amount',
				'lines.taxes.amount'))
			FROM json_each(coalesce(data.value -> '$.taxes',
				data.value -> '$.tax_amounts'))
			WHERE json_each.value ->> '$.tax_behavior' = 'inclusive'
			OR json_each.value ->> '$.inclusive' = 1), 0) AS net
	FROM invoice, json_each(i, '$.lines.data') AS data
),
paid AS MATERIALIZED (
	SELECT minor(i ->> '$.total', 'total') AS total,
		CASE WHEN i ->> '$.paid_out_of_band' = 1 THEN 0
			ELSE minor(need(i ->> '$.amount_paid', 'amount_paid'),
			'amount_paid') END AS here
	FROM invoice
)
SELECT 'sale' AS type,
	lookup('account', need(coalesce(
		value ->> '$.pricing.price_details.product',
		value ->> '$.price.product'), 'lines.price.product'),
		'lines.price.product') AS account,
	lookup('cost_centre', '@stripe', 'cost_centre') AS cost_centre,
	value ->> '$.description' AS memo,
	value ->> '$.quantity' AS quantity,
	net AS amount,
	known('tax_code', coalesce(value ->> '$.taxes[0].tax_rate_details.tax_rate',
		value ->> '$.tax_amounts[0].tax_rate')) AS tax_code,
	value ->> '$.metadata.hsn' AS hsn
FROM part
UNION ALL
SELECT 'tax', coalesce(known('account', coalesce(
		value ->> '$.tax_rate_details.tax_rate', value ->> '$.tax_rate')),
		lookup('account', '@output_igst')), NULL, NULL, NULL,
	minor(value ->> '$.amount', 'total_taxes.amount'),
	known('tax_code', coalesce(value ->> '$.tax_rate_details.tax_rate',
		value ->> '$.tax_rate')), NULL
FROM invoice, json_each(coalesce(i -> '$.total_taxes',
	i -> '$.total_tax_amounts'))
UNION ALL
SELECT 'settled', lookup('account', '@stripe_clearing'), NULL, NULL, NULL, here,
	NULL, NULL
FROM paid WHERE here <> 0
UNION ALL
SELECT 'settled', lookup('account', '@receivable'), NULL, NULL, NULL,
	total - here, NULL, NULL
FROM paid WHERE total <> here

-- name: gst
WITH billed AS MATERIALIZED (
	SELECT i, coalesce(i -> '$.customer_shipping.address',
		i -> '$.customer_address') AS place
	FROM (SELECT :body -> '$.data.object' AS i)
)
SELECT (SELECT value ->> '$.value' FROM json_each(i, '$.customer_tax_ids')
		WHERE value ->> '$.type' = 'in_gst' LIMIT 1) AS party_gstin,
	i ->> '$.customer_name' AS party_name,
	CASE WHEN place ->> '$.country' <> 'IN' THEN '96'
		ELSE place ->> '$.state' END AS place,
	CASE WHEN place ->> '$.country' <> 'IN' THEN 'overseas' END AS category,
	CASE WHEN place ->> '$.country' = 'IN' THEN place ->> '$.postal_code'
		END AS pin
FROM billed
