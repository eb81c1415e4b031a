-- schema: advance
-- Money from a customer before its invoice, with the tax due on it (GSTR-1, 11A).
-- name: header
SELECT 'advance' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', d ->> '$.party', 'data.party') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.amount', 'data.amount'), d ->> '$.currency',
		'data.amount') AS total,
	(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d,
				'$.taxes')) AS tax,
	d ->> '$.channel' AS channel,
	d ->> '$.order' AS order_number,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'received' AS type, lookup('account', coalesce(d ->> '$.account', '@bank'),
		'data.account') AS account,
	NULL AS tax_code, NULL AS memo,
	paise(d ->> '$.amount', d ->> '$.currency', 'data.amount') AS amount,
	NULL AS hsn, NULL AS head
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
UNION ALL
SELECT 'advance', lookup('account', '@advances'),
	lookup('tax_code', value ->> '$.tax_code', 'data.lines.tax_code'),
	value ->> '$.description',
	paise(need(value ->> '$.amount', 'data.lines.amount'),
		d ->> '$.currency', 'data.lines.amount'),
	value ->> '$.hsn', NULL
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
UNION ALL
SELECT 'tax', lookup('account', '@output_' || CASE value ->> '$.kind'
		WHEN 'other' THEN 'tax' ELSE value ->> '$.kind' END),
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
	NULL, nullif(value ->> '$.kind', 'other')
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
