-- Money that moved through Shopify's own gateway: taken, or given back. It
-- stays in the clearing account until the payout. Other gateways send their
-- own events; authorisations and failures move nothing.
-- name: header
SELECT CASE :body ->> '$.kind' WHEN 'refund' THEN 'refund' ELSE 'payment' END
		AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	'TX-' || need(:body ->> '$.id', 'id') AS number,
	day(need(coalesce(:body ->> '$.processed_at', :body ->> '$.created_at'),
		'processed_at'), 'processed_at') AS date,
	need(:body ->> '$.currency', 'currency') AS currency,
	paise(need(:body ->> '$.amount', 'amount'), :body ->> '$.currency',
		'amount') AS total,
	:body ->> '$.gateway' AS channel,
	:body ->> '$.order_id' AS reference
WHERE :body ->> '$.gateway' = 'shopify_payments'
	AND :body ->> '$.status' = 'success'
	AND :body ->> '$.kind' IN ('sale', 'capture', 'refund')
	AND coalesce(:body ->> '$.test', 0) = 0

-- name: lines
WITH money AS MATERIALIZED (
	SELECT paise(:body ->> '$.amount', :body ->> '$.currency', 'amount')
		AS amount, :body ->> '$.kind' = 'refund' AS back
)
SELECT CASE WHEN back THEN 'paid' ELSE 'received' END AS type,
	lookup('account', '@shopify_clearing') AS account, amount FROM money
UNION ALL
SELECT CASE WHEN back THEN 'returned' ELSE 'allocated' END,
	lookup('account', '@receivable'), amount FROM money
