-- Money that the payer's bank promised and the gateway has not taken: nothing
-- for the ledger, but seen under way until its payment is captured.
-- name: header
SELECT 'authorisation' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(p ->> '$.id', 'payment.id') AS number,
	day(need(p ->> '$.created_at', 'payment.created_at'),
		'payment.created_at') AS date,
	need(p ->> '$.currency', 'payment.currency') AS currency,
	minor(need(p ->> '$.amount', 'payment.amount'), 'payment.amount') AS total,
	p ->> '$.method' AS channel,
	p ->> '$.order_id' AS reference
FROM (SELECT :body -> '$.payload.payment.entity' AS p)

-- name: lines
SELECT 'promised' AS type, minor(:body ->> '$.payload.payment.entity.amount',
	'payment.amount') AS amount
