-- schema: intercompany_charge
-- One company of the group charges another: the invoice in its books and the
-- bill in the other's, owed between due-from and due-to accounts, each with the
-- other company as party. Both post, or neither.
-- name: header
WITH charge AS MATERIALIZED (
	SELECT d, lookup('entity', need(d ->> '$.entity', 'data.entity'),
			'data.entity') AS giver,
		lookup('entity', need(d ->> '$.charged', 'data.charged'),
			'data.charged') AS taker,
		need(d ->> '$.number', 'data.number') AS number,
		day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
		need(d ->> '$.currency', 'data.currency') AS currency,
		paise(need(d ->> '$.total', 'data.total'), d ->> '$.currency',
		'data.total') AS total,
		(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d,
				'$.taxes')) AS tax
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
)
SELECT 'charge' AS part, 'sales_invoice' AS kind, giver AS entity, number,
	date, lookup('party', taker, 'data.charged') AS party, currency, total,
	tax, 'intercompany' AS channel, d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo, d ->> '$.revision' AS revision
FROM charge WHERE giver <> taker
	OR finding('payload.schema', 'data.charged', 'data.charged') IS NULL
UNION ALL
SELECT 'bill', 'purchase_invoice', taker, number, date,
	lookup('party', giver, 'data.entity'), currency, total, tax,
	'intercompany', d ->> '$.reference', d ->> '$.memo', d ->> '$.revision'
FROM charge

-- name: lines
SELECT 'charge' AS part, 'sale' AS type,
	lookup('account', coalesce(value ->> '$.account',
		'@intercompany_income'),
		'data.lines.account') AS account,
	NULL AS cost_centre,
	lookup('tax_code', value ->> '$.tax_code',
		'data.lines.tax_code') AS tax_code,
	value ->> '$.description' AS memo,
	paise(need(value ->> '$.amount', 'data.lines.amount'),
		d ->> '$.currency',
		'data.lines.amount') AS amount,
	value ->> '$.hsn' AS hsn, value ->> '$.unit' AS unit,
	value ->> '$.supply' AS supply, NULL AS head
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
UNION ALL
SELECT 'charge', 'tax', lookup('account', '@output_' || CASE value ->> '$.kind'
		WHEN 'other' THEN 'tax' ELSE value ->> '$.kind' END), NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, NULL, NULL, nullif(value ->> '$.kind', 'other')
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.taxes')
UNION ALL
SELECT 'charge', 'settled', lookup('account', '@intercompany_receivable'),
	NULL, NULL, NULL, paise(d ->> '$.total', d ->> '$.currency',
		'data.total'), NULL, NULL, NULL, NULL
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
UNION ALL
SELECT 'bill', 'purchase',
	lookup('account', coalesce(value ->> '$.cost_account',
		'@intercompany_expense'),
		'data.lines.cost_account'),
	lookup('cost_centre', value ->> '$.cost_centre',
		'data.lines.cost_centre'),
	lookup('tax_code', value ->> '$.tax_code', 'data.lines.tax_code'),
	value ->> '$.description', paise(need(value ->> '$.amount',
		'data.lines.amount'), d ->> '$.currency',
		'data.lines.amount'),
	value ->> '$.hsn', value ->> '$.unit', value ->> '$.supply', NULL
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
UNION ALL
SELECT 'bill', 'tax', lookup('account', CASE value ->> '$.kind' WHEN 'other'
		THEN '@intercompany_expense'
		ELSE '@input_' || (value ->> '$.kind') END), NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, NULL, NULL, nullif(value ->> '$.kind', 'other')
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.taxes')
UNION ALL
SELECT 'bill', 'settled', lookup('account', '@intercompany_payable'), NULL,
	NULL, NULL, paise(d ->> '$.total', d ->> '$.currency', 'data.total'),
	NULL, NULL, NULL, NULL
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: gst
WITH said AS MATERIALIZED (
	SELECT CASE WHEN :body ->> '$.specversion' IS NULL
		THEN :body -> '$.gst' ELSE :body -> '$.data.gst' END AS g
)
SELECT 'charge' AS part, g ->> '$.gstin' AS gstin,
	g ->> '$.party_gstin' AS party_gstin, g ->> '$.place' AS place,
	g ->> '$.supply' AS supply, g ->> '$.reverse_charge' AS reverse_charge,
	NULL AS credit
FROM said
UNION ALL
SELECT 'bill', g ->> '$.party_gstin', g ->> '$.gstin', g ->> '$.place',
	g ->> '$.supply', g ->> '$.reverse_charge', g ->> '$.credit'
FROM said
