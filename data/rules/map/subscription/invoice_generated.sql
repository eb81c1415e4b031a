-- An invoice of a billing system. What is billed ahead for more than a month
-- is deferred, and a voucher at the end of each month that it covers releases
-- an equal share, the last one with what does not divide. What is billed after
-- use, or once, is earned with the invoice. The vouchers are documents of the
-- same event: all are posted, or none. Months that were over when it was billed
-- are released on its day; more than 60 months are for a person.
-- name: header
WITH line AS MATERIALIZED (
	SELECT d, value, key AS n,
		paise(need(value ->> '$.amount', 'data.lines.amount'),
			d ->> '$.currency', 'data.lines.amount') AS amount,
		day(value ->> '$.from', 'data.lines.from') AS first,
		day(value ->> '$.to', 'data.lines.to') AS last
	FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines')
),
-- as months since the year 0
span AS MATERIALIZED (
	SELECT line.*, substr(first, 1, 4) * 12 + substr(first, 6, 2) - 1 AS start,
		(substr(last, 1, 4) - substr(first, 1, 4)) * 12
		+ substr(last, 6, 2) - substr(first, 6, 2)
		+ (substr(last, 9, 2) >= substr(first, 9, 2)) AS months
	FROM line WHERE first IS NOT NULL AND last IS NOT NULL
),
sixty(i) AS MATERIALIZED (
	SELECT tens.value * 10 + ones.value
	FROM json_each('[0,1,2,3,4,5]') AS tens,
		json_each('[0,1,2,3,4,5,6,7,8,9]') AS ones
),
share AS MATERIALIZED (
	SELECT d, value, n, start + i AS at, amount / months
		+ (i = months - 1) * (amount % months) AS amount
	FROM span, sixty WHERE months > 1 AND i < months
),
month AS MATERIALIZED (
	SELECT d, at, sum(amount) AS amount,
		((at / 12) || '-' || substr('0' || (at % 12 + 1), -2)) AS name,
		CASE WHEN at % 12 IN (3, 5, 8, 10) THEN '30'
			WHEN at % 12 <> 1 THEN '31'
			WHEN at / 12 % 4 = 0 AND (at / 12 % 100 <> 0
				OR at / 12 % 400 = 0) THEN '29'
			ELSE '28' END AS last
	FROM share GROUP BY at
)
SELECT 'invoice' AS part, 'sales_invoice' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.invoice', 'data.invoice') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', need(d ->> '$.customer', 'data.customer'),
		'data.customer') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.total', 'data.total'), d ->> '$.currency',
		'data.total') AS total,
	(SELECT coalesce(sum(paise(value ->> '$.amount', d ->> '$.currency',
		'data.taxes.amount')), 0) FROM json_each(d, '$.taxes')) AS tax,
	'billing' AS channel, d ->> '$.subscription' AS reference,
	CASE WHEN EXISTS (SELECT 1 FROM span WHERE months > 60)
		THEN finding('payload.schema', 'more than 60 months', 'data.lines.to')
		END AS memo
FROM (SELECT :body -> '$.data' AS d)
UNION ALL
SELECT name, 'journal_voucher',
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity'),
	(d ->> '$.invoice') || '/' || name,
	max(day(d ->> '$.date'), name || '-' || last), NULL, d ->> '$.currency',
	amount, 0, 'billing', d ->> '$.subscription', 'Earned in ' || name
FROM month

-- name: lines
WITH line AS MATERIALIZED (
	SELECT d, value, key AS n,
		paise(need(value ->> '$.amount', 'data.lines.amount'),
			d ->> '$.currency', 'data.lines.amount') AS amount,
		day(value ->> '$.from', 'data.lines.from') AS first,
		day(value ->> '$.to', 'data.lines.to') AS last
	FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.lines')
),
-- as months since the year 0
span AS MATERIALIZED (
	SELECT line.*, substr(first, 1, 4) * 12 + substr(first, 6, 2) - 1 AS start,
		(substr(last, 1, 4) - substr(first, 1, 4)) * 12
		+ substr(last, 6, 2) - substr(first, 6, 2)
		+ (substr(last, 9, 2) >= substr(first, 9, 2)) AS months
	FROM line WHERE first IS NOT NULL AND last IS NOT NULL
),
sixty(i) AS MATERIALIZED (
	SELECT tens.value * 10 + ones.value
	FROM json_each('[0,1,2,3,4,5]') AS tens,
		json_each('[0,1,2,3,4,5,6,7,8,9]') AS ones
),
share AS MATERIALIZED (
	SELECT d, value, n, start + i AS at, amount / months
		+ (i = months - 1) * (amount % months) AS amount
	FROM span, sixty WHERE months > 1 AND i < months
)
SELECT 'invoice' AS part, 'sale' AS type,
	CASE WHEN n IN (SELECT n FROM share)
		THEN lookup('account', '@deferred_revenue')
		ELSE lookup('account', need(value ->> '$.product',
			'data.lines.product'), 'data.lines.product') END AS account,
	lookup('cost_centre', '@billing') AS cost_centre,
	lookup('tax_code', '18', 'tax') AS tax_code,
	value ->> '$.description' AS memo,
	value ->> '$.quantity' AS quantity, amount,
	value ->> '$.hsn_or_sac' AS hsn, NULL AS head
FROM line
UNION ALL
SELECT 'invoice', 'tax', CASE value ->> '$.name'
		WHEN 'CGST' THEN lookup('account', '@output_cgst')
		WHEN 'SGST' THEN lookup('account', '@output_sgst')
		WHEN 'IGST' THEN lookup('account', '@output_igst')
		ELSE lookup('account', '@output_tax') END,
	NULL, lookup('tax_code', '18', 'tax'), value ->> '$.name', NULL,
	paise(need(value ->> '$.amount', 'data.taxes.amount'),
		d ->> '$.currency', 'data.taxes.amount'), NULL,
	CASE WHEN value ->> '$.name' IN ('CGST', 'SGST', 'IGST')
		THEN lower(value ->> '$.name') END
FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.taxes')
UNION ALL
SELECT ((at / 12) || '-' || substr('0' || (at % 12 + 1), -2)), 'entry',
	lookup('account', '@deferred_revenue'), NULL, NULL,
	value ->> '$.description', NULL, amount, NULL, NULL
FROM share
UNION ALL
SELECT ((at / 12) || '-' || substr('0' || (at % 12 + 1), -2)), 'entry',
	lookup('account', need(value ->> '$.product', 'data.lines.product'),
		'data.lines.product'),
	lookup('cost_centre', '@billing'), NULL, value ->> '$.description', NULL,
	- amount, NULL, NULL
FROM share

-- name: gst
SELECT 'invoice' AS part, d ->> '$.gst_no' AS party_gstin,
	d ->> '$.place_of_supply' AS place
FROM (SELECT :body -> '$.data' AS d)
