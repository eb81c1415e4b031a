-- Money given back out of the clearing account; the customer's credit note
-- comes from who made the invoice. `amount_refunded` is all that was ever
-- given back of the charge: this refund is what it has grown by.
-- name: header
SELECT 'refund' AS kind,
	lookup('entity', coalesce(c ->> '$.metadata.entity', '@default'),
		'metadata.entity') AS entity,
	need(c ->> '$.id', 'id') || '/' || (c ->> '$.amount_refunded')
		AS number,
	day(need(:body ->> '$.created', 'created'), 'created') AS date,
	lookup('party', c ->> '$.customer', 'customer') AS party,
	upper(need(c ->> '$.currency', 'currency')) AS currency,
	minor(need(c ->> '$.amount_refunded', 'amount_refunded'),
		'amount_refunded')
	- minor(need(:body ->> '$.data.previous_attributes.amount_refunded',
		'previous_attributes.amount_refunded'),
		'previous_attributes.amount_refunded') AS total,
	coalesce(c ->> '$.metadata.order', c ->> '$.payment_intent') AS reference
FROM (SELECT :body -> '$.data.object' AS c)
WHERE :body ->> '$.livemode' = 1

-- name: lines
WITH refund AS MATERIALIZED (
	SELECT minor(:body ->> '$.data.object.amount_refunded', 'amount_refunded')
		- minor(:body ->> '$.data.previous_attributes.amount_refunded',
			'previous_attributes.amount_refunded') AS amount
)
SELECT 'returned' AS type, lookup('account', '@receivable') AS account,
	amount FROM refund
UNION ALL
SELECT 'paid', lookup('account', '@stripe_clearing'), amount FROM refund
