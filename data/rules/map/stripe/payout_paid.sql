-- Stripe paid out to the bank: net, since fees were taken from the balance as
-- they arose (balance_transaction). A negative payout took money back.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(p ->> '$.id', 'id') AS number,
	day(need(p ->> '$.arrival_date', 'arrival_date'), 'arrival_date') AS date,
	upper(need(p ->> '$.currency', 'currency')) AS currency,
	minor(need(p ->> '$.amount', 'amount'), 'amount') AS total,
	'stripe' AS channel,
	coalesce(p ->> '$.trace_id.value', p ->> '$.balance_transaction')
		AS reference,
	p ->> '$.statement_descriptor' AS memo
FROM (SELECT :body -> '$.data.object' AS p)
WHERE :body ->> '$.livemode' = 1

-- name: lines
SELECT 'bank' AS type, lookup('account', '@bank') AS account,
	minor(:body ->> '$.data.object.amount', 'amount') AS amount
UNION ALL
SELECT 'clearing', lookup('account', '@stripe_clearing'),
	minor(:body ->> '$.data.object.amount', 'amount')
