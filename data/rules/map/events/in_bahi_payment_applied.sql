-- schema: payment_applied
-- Money from a customer against invoices, or on account. It waits for the
-- first invoice that it pays.
-- name: header
SELECT 'payment' AS kind,
	lookup('entity', coalesce(d ->> '$.entity', '@default'), 'data.entity')
		AS entity,
	need(d ->> '$.number', 'data.number') AS number,
	day(need(d ->> '$.date', 'data.date'), 'data.date') AS date,
	lookup('party', d ->> '$.party', 'data.party') AS party,
	need(d ->> '$.currency', 'data.currency') AS currency,
	paise(need(d ->> '$.amount', 'data.amount'), d ->> '$.currency',
		'data.amount') AS total,
	paise(d ->> '$.fee_tax', d ->> '$.currency', 'data.fee_tax') AS tax,
	d ->> '$.channel' AS channel,
	d ->> '$.order' AS order_number,
	CASE WHEN d ->> '$.invoices[0].number' IS NOT NULL
		THEN 'sales_invoice' END AS after_kind,
	d ->> '$.invoices[0].number' AS after_number,
	d ->> '$.reference' AS reference,
	d ->> '$.memo' AS memo,
	d ->> '$.revision' AS revision,
	minor(d ->> '$.base_version', 'data.base_version') AS base_version
FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)

-- name: lines
WITH payment AS MATERIALIZED (
	SELECT d, lookup('account', coalesce(d ->> '$.account', '@bank'),
			'data.account') AS account,
		paise(d ->> '$.amount', d ->> '$.currency',
			'data.amount') AS amount,
		coalesce(paise(d ->> '$.fee', d ->> '$.currency', 'data.fee'),
			0) AS fee,
		coalesce(paise(d ->> '$.fee_tax', d ->> '$.currency',
			'data.fee_tax'), 0)
			AS tax
	FROM (SELECT CASE WHEN :body ->> '$.specversion' IS NULL THEN :body
	ELSE :body -> '$.data' END AS d)
)
SELECT 'received' AS type, account, NULL AS memo, amount - fee - tax AS amount
FROM payment
UNION ALL
SELECT 'fee', lookup('account', '@gateway_fees'), NULL, fee FROM payment
	WHERE fee <> 0
UNION ALL
SELECT 'fee_tax', lookup('account', '@input_igst'), NULL, tax FROM payment
	WHERE tax <> 0
UNION ALL
SELECT 'allocated', lookup('account', '@receivable'), value ->> '$.number',
	paise(value ->> '$.amount', d ->> '$.currency', 'data.invoices.amount')
FROM payment, json_each(d, '$.invoices')
UNION ALL
SELECT 'allocated', lookup('account', '@receivable'), NULL, amount
FROM payment WHERE d -> '$.invoices' IS NULL
