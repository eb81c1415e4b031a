-- One movement of the Stripe balance, as polled: only its fee is ours to book,
-- the movement itself came as an event. `fee_details` tells the tax in it.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.id', 'id') AS number,
	day(need(:body ->> '$.created', 'created'), 'created') AS date,
	upper(need(:body ->> '$.currency', 'currency')) AS currency,
	minor(need(:body ->> '$.fee', 'fee'), 'fee') AS total,
	'stripe' AS channel,
	:body ->> '$.source' AS reference,
	:body ->> '$.description' AS memo
WHERE :body ->> '$.fee' <> '0'

-- name: lines
WITH fee AS MATERIALIZED (
	SELECT minor(:body ->> '$.fee', 'fee') AS whole,
		coalesce((SELECT sum(minor(value ->> '$.amount',
				'fee_details.amount'))
			FROM json_each(:body, '$.fee_details')
			WHERE value ->> '$.type' = 'tax'), 0) AS tax
)
SELECT 'fee' AS type, lookup('account', '@gateway_fees') AS account,
	whole - tax AS amount FROM fee
UNION ALL
SELECT 'fee_tax', lookup('account', '@input_igst'), tax FROM fee
	WHERE tax <> 0
UNION ALL
SELECT 'clearing', lookup('account', '@stripe_clearing'), whole FROM fee
