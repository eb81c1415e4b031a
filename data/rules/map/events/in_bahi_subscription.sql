-- schema: subscription
-- A subscription billed ahead. The invoice defers what it earns; a voucher at
-- the end of each month that it covers releases an equal share, the last one
-- with what does not divide. Months that are over when it is billed are
-- released on the day of the invoice.
-- name: header
WITH sixty AS MATERIALIZED (
	SELECT tens.value * 10 + ones.value AS n
	FROM json_each('[0,1,2,3,4,5]') AS tens,
		json_each('[0,1,2,3,4,5,6,7,8,9]') AS ones
),
sold AS MATERIALIZED (
	SELECT d, lookup('entity', coalesce(d ->> '$.entity', '@default'),
		'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
		lookup('party', d ->> '$.party', 'data.party') AS party,
		need(d ->> '$.currency', 'data.currency') AS currency,
		paise(need(d ->> '$.total', 'data.total'), d ->> '$.currency',
		'data.total') AS total,
		(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d,
				'$.taxes')) AS tax,
		paise(d ->> '$.amount', d ->> '$.currency',
			'data.amount') AS amount,
		minor(need(d ->> '$.months', 'data.months'),
			'data.months') AS months,
		day(coalesce(d ->> '$.starts', d ->> '$.date'), 'data.starts')
			AS starts
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
),
month AS MATERIALIZED (
	SELECT sold.*, n, CAST(substr(starts, 1, 4) AS INTEGER) * 12
		+ CAST(substr(starts, 6, 2) AS INTEGER) - 1 + n AS at
	FROM sold, sixty WHERE n < months ORDER BY n
),
last AS MATERIALIZED (
	SELECT month.*, (at / 12) || '-' || substr('0' || (at % 12 + 1),
		-2) || '-'
		|| CASE WHEN at % 12 IN (3, 5, 8, 10) THEN '30'
		WHEN at % 12 <> 1 THEN '31'
		WHEN at / 12 % 400 = 0 THEN '29' WHEN at / 12 % 100 = 0 THEN '28'
		WHEN at / 12 % 4 = 0 THEN '29' ELSE '28' END AS day
	FROM month
)
SELECT 'invoice' AS part, 'sales_invoice' AS kind, entity, number, date, party,
	currency, total, tax, d ->> '$.plan' AS channel,
	d ->> '$.reference' AS reference, d ->> '$.memo' AS memo
FROM sold
UNION ALL
SELECT 'R' || (n + 1), 'journal_voucher', entity,
	number || '/R' || substr('0' || (n + 1), -2), max(date, day), party,
	currency, amount / months + (n = months - 1) * (amount % months), NULL,
	NULL, number, 'Month ' || (n + 1) || ' of ' || months
FROM last

-- name: lines
WITH sixty AS MATERIALIZED (
	SELECT tens.value * 10 + ones.value AS n
	FROM json_each('[0,1,2,3,4,5]') AS tens,
		json_each('[0,1,2,3,4,5,6,7,8,9]') AS ones
),
sold AS MATERIALIZED (
	SELECT d, minor(d ->> '$.months', 'data.months') AS months,
		paise(need(d ->> '$.amount', 'data.amount'), d ->> '$.currency',
			'data.amount') AS amount,
		lookup('party', d ->> '$.party', 'data.party') AS party,
		lookup('account', coalesce(d ->> '$.account',
			'@subscription_revenue'), 'data.account') AS revenue,
		lookup('account', '@deferred_revenue') AS deferred,
		lookup('cost_centre', d ->> '$.cost_centre', 'data.cost_centre')
			AS cost_centre,
		lookup('tax_code', d ->> '$.tax_code',
			'data.tax_code') AS tax_code
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
),
share AS MATERIALIZED (
	SELECT sold.*, n, amount / months + (n = months - 1) * (amount % months)
		AS share
	FROM sold, sixty WHERE n < months ORDER BY n
)
SELECT 'invoice' AS part, 'sale' AS type, deferred AS account, party,
	cost_centre, tax_code, d ->> '$.plan' AS memo, amount,
	d ->> '$.hsn' AS hsn, NULL AS head
FROM sold
UNION ALL
SELECT 'invoice', 'tax', lookup('account', '@output_' || CASE value ->> '$.kind'
		WHEN 'other' THEN 'tax' ELSE value ->> '$.kind' END), NULL,
			NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, nullif(value ->> '$.kind', 'other')
FROM sold, json_each(d, '$.taxes')
UNION ALL
SELECT 'R' || (n + 1), 'entry', deferred, party, cost_centre, NULL, NULL, share,
	NULL, NULL
FROM share
UNION ALL
SELECT 'R' || (n + 1), 'entry', revenue, NULL, cost_centre, NULL, NULL, - share,
	NULL, NULL
FROM share

-- name: gst
SELECT 'invoice' AS part, g ->> '$.gstin' AS gstin, g ->> '$.party_gstin' AS party_gstin,
	g ->> '$.party_name' AS party_name, g ->> '$.category' AS category,
	g ->> '$.place' AS place, g ->> '$.pin' AS pin,
	g ->> '$.supply' AS supply, g ->> '$.operator' AS operator,
	g ->> '$.seller' AS seller, g ->> '$.original' AS original,
	g ->> '$.original_date' AS original_date, g ->> '$.port' AS port,
	g ->> '$.bill' AS bill, g ->> '$.bill_date' AS bill_date,
	g ->> '$.credit' AS credit,
	g ->> '$.reverse_charge' AS reverse_charge,
	g ->> '$.reduced' AS reduced, g ->> '$.counter' AS counter,
	g ->> '$.debit_note' AS debit_note
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL
	THEN :body -> '$.gst' ELSE :body -> '$.data.gst' END AS g)
