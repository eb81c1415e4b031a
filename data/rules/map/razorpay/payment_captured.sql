-- Money taken by the gateway. Amounts are paise; `fee` includes `tax`, the GST
-- on the fee, which the gateway's own state makes integrated tax for us.
-- name: header
SELECT 'payment' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(p ->> '$.id', 'payment.id') AS number,
	day(need(p ->> '$.created_at', 'payment.created_at'),
		'payment.created_at') AS date,
	need(p ->> '$.currency', 'payment.currency') AS currency,
	minor(need(p ->> '$.amount', 'payment.amount'), 'payment.amount') AS total,
	minor(p ->> '$.tax', 'payment.tax') AS tax,
	p ->> '$.method' AS channel,
	p ->> '$.order_id' AS reference
FROM (SELECT :body -> '$.payload.payment.entity' AS p)

-- name: lines
WITH payment AS MATERIALIZED (
	SELECT minor(p ->> '$.amount', 'payment.amount') AS amount,
		coalesce(minor(p ->> '$.fee', 'payment.fee'), 0) AS fee,
		coalesce(minor(p ->> '$.tax', 'payment.tax'), 0) AS tax
	FROM (SELECT :body -> '$.payload.payment.entity' AS p)
)
SELECT 'received' AS type, lookup('account', '@razorpay_clearing') AS account,
	amount - fee AS amount FROM payment
UNION ALL
SELECT 'fee', lookup('account', '@gateway_fees'), fee - tax FROM payment
	WHERE fee <> tax
UNION ALL
SELECT 'fee_tax', lookup('account', '@input_igst'), tax FROM payment
	WHERE tax <> 0
UNION ALL
SELECT 'allocated', lookup('account', '@receivable'), amount FROM payment
