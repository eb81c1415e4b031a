-- schema: debit_note
-- What goes back to a supplier, or was billed too dearly. `reference` is the
-- number of the supplier's own credit note, which it files; `gst.original` the
-- bill that it lowers.
-- name: header
SELECT 'debit_note' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
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
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'purchase' AS type, lookup('account', coalesce(value ->> '$.account',
		'@purchases'), 'data.lines.account') AS account,
	lookup('cost_centre', value ->> '$.cost_centre',
		'data.lines.cost_centre') AS cost_centre,
	lookup('tax_code', value ->> '$.tax_code',
		'data.lines.tax_code') AS tax_code,
	lookup('item', value ->> '$.item', 'data.lines.item') AS item,
	value ->> '$.description' AS memo, value ->> '$.quantity' AS quantity,
	paise(need(value ->> '$.amount', 'data.lines.amount'),
		d ->> '$.currency',
		'data.lines.amount') AS amount,
	value ->> '$.hsn' AS hsn, value ->> '$.unit' AS unit,
	value ->> '$.supply' AS supply, NULL AS head
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
UNION ALL
SELECT 'tax', lookup('account', CASE value ->> '$.kind' WHEN 'other'
		THEN '@purchases'
		ELSE '@input_' || (value ->> '$.kind') END), NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL,
		value ->> '$.kind', NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, NULL, NULL, nullif(value ->> '$.kind', 'other')
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.taxes')

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
