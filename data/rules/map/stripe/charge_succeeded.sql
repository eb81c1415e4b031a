-- Money taken for an order of ours: the shop puts its number in the metadata.
-- A charge without one is of an invoice, which invoice.paid books with its
-- money; of both, the same money would be booked twice.
-- name: header
SELECT 'payment' AS kind,
	lookup('entity', coalesce(c ->> '$.metadata.entity', '@default'),
		'metadata.entity') AS entity,
	need(c ->> '$.id', 'id') AS number,
	day(need(c ->> '$.created', 'created'), 'created') AS date,
	lookup('party', c ->> '$.customer', 'customer') AS party,
	upper(need(c ->> '$.currency', 'currency')) AS currency,
	minor(need(c ->> '$.amount_captured', 'amount_captured'),
		'amount_captured') AS total,
	c ->> '$.payment_method_details.type' AS channel,
	c ->> '$.metadata.order' AS reference,
	c ->> '$.description' AS memo
FROM (SELECT :body -> '$.data.object' AS c)
WHERE :body ->> '$.livemode' = 1 AND c ->> '$.captured' = 1
	AND c ->> '$.metadata.order' IS NOT NULL

-- name: lines
SELECT 'received' AS type, lookup('account', '@stripe_clearing') AS account,
	minor(:body ->> '$.data.object.amount_captured', 'amount_captured')
		AS amount
UNION ALL
SELECT 'allocated', lookup('account', '@receivable'),
	minor(:body ->> '$.data.object.amount_captured', 'amount_captured')
