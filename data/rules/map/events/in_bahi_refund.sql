-- schema: refund
-- Money given back to a customer; with lines also the credit note for what came
-- back, and both post together. What was posted before stays as it is.
-- name: header
SELECT 'money' AS part, 'refund' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', d ->> '$.party', 'data.party') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.amount', 'data.amount'), d ->> '$.currency',
		'data.amount') AS total,
	NULL AS tax,
	d ->> '$.order' AS order_number,
	CASE WHEN d -> '$.lines' IS NULL AND d ->> '$.credit_note' IS NOT NULL
		THEN 'credit_note'
		WHEN d ->> '$.payment' IS NOT NULL THEN 'payment' END
			AS after_kind,
	CASE WHEN d -> '$.lines' IS NULL AND d ->> '$.credit_note' IS NOT NULL
		THEN d ->> '$.credit_note' ELSE d ->> '$.payment' END
			AS after_number,
	coalesce(d ->> '$.reference', d ->> '$.payment') AS reference,
	coalesce(d ->> '$.memo', d ->> '$.reason') AS memo
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
UNION ALL
SELECT 'goods', 'credit_note',
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity'),
	coalesce(d ->> '$.credit_note', d ->> '$.number'),
	day(d ->> '$.date', 'data.date'),
	lookup('party', d ->> '$.party', 'data.party'), d ->> '$.currency',
	(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.lines.amount')) FROM json_each(d, '$.lines'))
	+ coalesce((SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d, '$.taxes')), 0),
	(SELECT sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.taxes.amount')) FROM json_each(d, '$.taxes')),
	d ->> '$.order', NULL, NULL, d ->> '$.reference', d ->> '$.reason'
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d) WHERE d -> '$.lines' IS NOT NULL

-- name: lines
WITH refund AS MATERIALIZED (
	SELECT d, lookup('account', coalesce(d ->> '$.account', '@bank'),
			'data.account') AS account,
		paise(d ->> '$.amount', d ->> '$.currency',
			'data.amount') AS amount
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
)
SELECT 'money' AS part, 'returned' AS type,
	lookup('account', '@receivable') AS account, NULL AS cost_centre,
	NULL AS tax_code, NULL AS item, NULL AS location, NULL AS quantity,
	amount, NULL AS cost, NULL AS hsn, NULL AS unit, NULL AS supply,
	NULL AS head
FROM refund
UNION ALL
SELECT 'money', 'paid', account, NULL, NULL, NULL, NULL, NULL, amount, NULL,
	NULL, NULL, NULL, NULL
FROM refund
UNION ALL
SELECT 'goods', 'sale', lookup('account', coalesce(value ->> '$.account',
	'@returns'),
		'data.lines.account'),
	lookup('cost_centre', value ->> '$.cost_centre',
		'data.lines.cost_centre'),
	lookup('tax_code', value ->> '$.tax_code', 'data.lines.tax_code'),
	lookup('item', value ->> '$.item', 'data.lines.item'),
	lookup('location', value ->> '$.location', 'data.lines.location'),
	value ->> '$.quantity',
	paise(need(value ->> '$.amount', 'data.lines.amount'),
		d ->> '$.currency',
		'data.lines.amount'),
	CASE WHEN value ->> '$.location' IS NOT NULL THEN
		coalesce(paise(value ->> '$.cost', d ->> '$.currency',
		'data.lines.cost'), cost(known('item', value ->> '$.item'),
		value ->> '$.quantity', d ->> '$.date')) END,
	value ->> '$.hsn', value ->> '$.unit', value ->> '$.supply', NULL
FROM refund, json_each(d, '$.lines')
UNION ALL
SELECT 'goods', 'tax', lookup('account', '@output_' || CASE value ->> '$.kind'
		WHEN 'other' THEN 'tax' ELSE value ->> '$.kind' END), NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL, NULL,
		NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount'),
		NULL, NULL, NULL, NULL, nullif(value ->> '$.kind', 'other')
FROM refund, json_each(d, '$.taxes') WHERE d -> '$.lines' IS NOT NULL

-- name: gst
SELECT 'goods' AS part, g ->> '$.gstin' AS gstin, g ->> '$.party_gstin' AS party_gstin,
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
FROM (SELECT d -> '$.gst' AS g, d -> '$.lines' AS lines
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
		ELSE :body -> '$.data' END AS d))
WHERE lines IS NOT NULL
