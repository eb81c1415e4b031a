-- A meter reading becomes a usage charge: whole units since the reading
-- before, at the tariff of the contract, with GST of 18% within the state.
-- A meter that runs backwards, or was changed, is for a person. The tax is
-- rounded half up, each half by itself.
-- name: header
WITH reading AS MATERIALIZED (
	SELECT d, d ->> '$.currency' AS currency, (
		minor(need(d ->> '$.reading', 'data.reading'), 'data.reading')
		- minor(need(d ->> '$.previous', 'data.previous'), 'data.previous'))
		* paise(need(d ->> '$.tariff', 'data.tariff'), d ->> '$.currency',
		'data.tariff') AS net
	FROM (SELECT :body -> '$.data' AS d)
)
SELECT 'sales_invoice' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.meter', 'data.meter') || '/'
		|| need(d ->> '$.read_at', 'data.read_at') AS number,
	day(d ->> '$.read_at', 'data.read_at') AS date,
	lookup('party', need(d ->> '$.customer', 'data.customer'),
		'data.customer') AS party,
	need(currency, 'data.currency') AS currency,
	net + (net * 9 + 50) / 100 * 2 AS total,
	(net * 9 + 50) / 100 * 2 AS tax,
	'meter' AS channel,
	d ->> '$.meter' AS reference,
	(d ->> '$.reading') || ' less ' || (d ->> '$.previous') || ' '
		|| (d ->> '$.unit') AS memo,
	d ->> '$.revision' AS revision
FROM reading
WHERE net <> 0

-- name: lines
WITH reading AS MATERIALIZED (
	SELECT d, units, units * paise(d ->> '$.tariff', d ->> '$.currency',
		'data.tariff') AS net
	FROM (SELECT d, minor(d ->> '$.reading', 'data.reading')
		- minor(d ->> '$.previous', 'data.previous') AS units
		FROM (SELECT :body -> '$.data' AS d))
),
tax AS MATERIALIZED (
	SELECT (net * 9 + 50) / 100 AS half FROM reading
)
SELECT 'sale' AS type, lookup('account', '@usage_revenue') AS account,
	lookup('cost_centre', d ->> '$.site', 'data.site') AS cost_centre,
	lookup('tax_code', '18', 'tax') AS tax_code,
	d ->> '$.meter' AS memo, '' || units AS quantity, net AS amount,
	d ->> '$.hsn' AS hsn, NULL AS head
FROM reading
UNION ALL
SELECT 'tax', lookup('account', '@output_cgst'), NULL,
	lookup('tax_code', '18', 'tax'), 'CGST 9%', NULL, half,
	NULL, 'cgst' FROM tax
UNION ALL
SELECT 'tax', lookup('account', '@output_sgst'), NULL,
	lookup('tax_code', '18', 'tax'), 'SGST 9%', NULL, half,
	NULL, 'sgst'
FROM tax
