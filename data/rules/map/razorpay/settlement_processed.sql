-- Razorpay paid out to the bank: net, since the fee of each payment was booked
-- when it was captured. The UTR is what the bank statement says.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(s ->> '$.id', 'settlement.id') AS number,
	day(need(s ->> '$.created_at', 'settlement.created_at'),
		'settlement.created_at') AS date,
	coalesce(s ->> '$.currency', 'INR') AS currency,
	minor(need(s ->> '$.amount', 'settlement.amount'), 'settlement.amount')
		AS total,
	'razorpay' AS channel,
	s ->> '$.utr' AS reference
FROM (SELECT :body -> '$.payload.settlement.entity' AS s)
WHERE coalesce(s ->> '$.status', 'processed') = 'processed'

-- name: lines
SELECT 'bank' AS type, lookup('account', '@bank') AS account,
	minor(:body ->> '$.payload.settlement.entity.amount', 'settlement.amount')
		AS amount
UNION ALL
SELECT 'clearing', lookup('account', '@razorpay_clearing'),
	minor(:body ->> '$.payload.settlement.entity.amount', 'settlement.amount')
