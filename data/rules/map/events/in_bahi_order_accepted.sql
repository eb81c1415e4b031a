-- schema: order_accepted
-- A customer's order, or our own: what later documents name.
-- name: header
SELECT CASE d ->> '$.direction' WHEN 'purchase' THEN 'purchase_order'
		ELSE 'sales_order' END AS kind,
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
	d ->> '$.channel' AS channel,
	d ->> '$.number' AS order_number,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
SELECT 'ordered' AS type, lookup('cost_centre', value ->> '$.cost_centre',
	'data.lines.cost_centre') AS cost_centre,
	lookup('tax_code', value ->> '$.tax_code',
		'data.lines.tax_code') AS tax_code,
	lookup('item', value ->> '$.item', 'data.lines.item') AS item,
	lookup('location', value ->> '$.location',
		'data.lines.location') AS location,
	value ->> '$.description' AS memo, value ->> '$.quantity' AS quantity,
	paise(need(value ->> '$.amount', 'data.lines.amount'),
		d ->> '$.currency',
		'data.lines.amount') AS amount
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.lines')
UNION ALL
SELECT 'tax', NULL,
	lookup('tax_code', value ->> '$.code', 'data.taxes.code'), NULL, NULL,
	value ->> '$.kind', NULL,
	paise(value ->> '$.amount', d ->> '$.currency', 'data.taxes.amount')
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d), json_each(d, '$.taxes')
