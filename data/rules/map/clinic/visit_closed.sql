-- A visit as it was coded: the invoice to the patient or the insurer. The
-- codes in use are items of the master data, so that a code that is not is
-- seen before the claim goes out. Health care is exempt from GST.
-- name: header
SELECT 'sales_invoice' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(d ->> '$.visit', 'data.visit') AS number,
	day(need(d ->> '$.closed_at', 'data.closed_at'), 'data.closed_at')
		AS date,
	lookup('party', need(d ->> '$.payer', 'data.payer'), 'data.payer')
		AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	(SELECT coalesce(sum(paise(value ->> '$.amount', d ->> '$.currency',
			'data.codes.amount')), 0)
		FROM json_each(d, '$.codes')) AS total,
	'clinic' AS channel,
	d ->> '$.claim' AS reference,
	d ->> '$.revision' AS revision
FROM (SELECT :body -> '$.data' AS d)

-- name: lines
SELECT 'sale' AS type, lookup('account', '@clinic_income') AS account,
	lookup('cost_centre', d ->> '$.ward', 'data.ward') AS cost_centre,
	lookup('tax_code', '0', 'tax') AS tax_code,
	lookup('item', need(value ->> '$.code', 'data.codes.code'),
		'data.codes.code') AS item,
	value ->> '$.text' AS memo,
	paise(need(value ->> '$.amount', 'data.codes.amount'),
		d ->> '$.currency', 'data.codes.amount') AS amount,
	'exempt' AS supply
FROM (SELECT :body -> '$.data' AS d), json_each(d, '$.codes')
