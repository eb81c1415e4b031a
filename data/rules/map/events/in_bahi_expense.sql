-- schema: expense
-- What an employee spent for the company, or the company's card or bank paid.
-- name: header
SELECT 'purchase_invoice' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', CASE coalesce(d ->> '$.paid_by', 'employee')
		WHEN 'employee' THEN need(d ->> '$.party', 'data.party')
		ELSE d ->> '$.party' END, 'data.party') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.total', 'data.total'), d ->> '$.currency',
		'data.total') AS total,
	(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d,
				'$.taxes')) AS tax,
	coalesce(d ->> '$.paid_by', 'employee') AS channel,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'purchase' AS type, lookup('account', coalesce(value ->> '$.account',
	'@staff_expenses'),
		'data.lines.account') AS account,
	lookup('cost_centre', value ->> '$.cost_centre',
		'data.lines.cost_centre') AS cost_centre,
	lookup('tax_code', value ->> '$.tax_code',
		'data.lines.tax_code') AS tax_code,
	coalesce(value ->> '$.description', value ->> '$.category') AS memo,
	paise(need(value ->> '$.amount', 'data.lines.amount'),
		d ->> '$.currency',
		'data.lines.amount') AS amount,
	value ->> '$.hsn' AS hsn, value ->> '$.unit' AS unit,
	value ->> '$.supply' AS supply, NULL AS head
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
UNION ALL
SELECT 'tax', lookup('account', CASE value ->> '$.kind' WHEN 'other'
		THEN '@staff_expenses'
		ELSE '@input_' || (value ->> '$.kind') END), NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'),
		value ->> '$.kind',
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, NULL, NULL, nullif(value ->> '$.kind', 'other')
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.taxes')
UNION ALL
SELECT 'settled', lookup('account', CASE d ->> '$.paid_by'
		WHEN 'card' THEN '@card_payable' WHEN 'bank' THEN '@bank'
		ELSE '@employee_payable' END), NULL, NULL, NULL,
	paise(d ->> '$.total', d ->> '$.currency', 'data.total'),
	NULL, NULL, NULL, NULL
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: gst
SELECT g ->> '$.gstin' AS gstin, g ->> '$.party_gstin' AS party_gstin,
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
