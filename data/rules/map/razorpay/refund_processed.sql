-- Money given back by the gateway. The automatic refund of a payment that was
-- never captured has nothing to reverse.
-- name: header
SELECT 'refund' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(r ->> '$.id', 'refund.id') AS number,
	day(need(r ->> '$.created_at', 'refund.created_at'),
		'refund.created_at') AS date,
	need(r ->> '$.currency', 'refund.currency') AS currency,
	minor(need(r ->> '$.amount', 'refund.amount'), 'refund.amount') AS total,
	r ->> '$.payment_id' AS reference
FROM (SELECT :body -> '$.payload.refund.entity' AS r)
WHERE coalesce(:body ->> '$.payload.payment.entity.captured', 1) <> 0

-- name: lines
WITH refund AS MATERIALIZED (
	SELECT minor(:body ->> '$.payload.refund.entity.amount',
		'refund.amount') AS amount
)
SELECT 'returned' AS type, lookup('account', '@receivable') AS account, amount
	FROM refund
UNION ALL
SELECT 'paid', lookup('account', '@razorpay_clearing'), amount FROM refund
