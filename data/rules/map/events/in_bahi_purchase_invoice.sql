-- schema: purchase_invoice
-- A supplier's bill. Goods that came by a receipt clear it; tax deducted at
-- source is owed to the tax office instead.
-- name: header
SELECT 'purchase_invoice' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', d ->> '$.party', 'data.party') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.total', 'data.total'), d ->> '$.currency',
		'data.total') AS total,
	CASE WHEN coalesce(d ->> '$.reverse_charge', 0) = 0 THEN
		(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d,
				'$.taxes')) END AS tax,
	d ->> '$.order' AS order_number,
	CASE WHEN d ->> '$.order' IS NOT NULL THEN 'purchase_order' END
		AS after_kind,
	d ->> '$.order' AS after_number,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'purchase' AS type, lookup('account', coalesce(value ->> '$.account',
		CASE WHEN value ->> '$.received' = 1 THEN '@goods_received'
		ELSE '@purchases' END), 'data.lines.account') AS account,
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
UNION ALL
SELECT 'reverse_charge', lookup('account', '@reverse_charge'), NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL,
		value ->> '$.kind', NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, NULL, NULL, nullif(value ->> '$.kind', 'other')
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.taxes')
WHERE d ->> '$.reverse_charge' = 1
UNION ALL
SELECT 'withheld', lookup('account', '@tds_payable'), NULL, NULL, NULL, 'TDS',
	NULL, paise(d ->> '$.withheld', d ->> '$.currency', 'data.withheld'),
	NULL, NULL, NULL, NULL
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d) WHERE d ->> '$.withheld' IS NOT NULL

-- name: gst
SELECT g ->> '$.gstin' AS gstin, g ->> '$.party_gstin' AS party_gstin,
	g ->> '$.party_name' AS party_name, g ->> '$.category' AS category,
	g ->> '$.place' AS place, g ->> '$.pin' AS pin,
	g ->> '$.supply' AS supply, g ->> '$.operator' AS operator,
	g ->> '$.seller' AS seller, g ->> '$.original' AS original,
	g ->> '$.original_date' AS original_date, g ->> '$.port' AS port,
	g ->> '$.bill' AS bill, g ->> '$.bill_date' AS bill_date,
	g ->> '$.credit' AS credit,
	max(coalesce(g ->> '$.reverse_charge', 0), coalesce(charged, 0))
		AS reverse_charge,
	g ->> '$.reduced' AS reduced, g ->> '$.counter' AS counter,
	g ->> '$.debit_note' AS debit_note
FROM (SELECT d -> '$.gst' AS g, d ->> '$.reverse_charge' AS charged
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
		ELSE :body -> '$.data' END AS d))
