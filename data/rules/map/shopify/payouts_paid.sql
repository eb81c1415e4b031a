-- A payout of Shopify Payments as one balanced entry: what reached the bank
-- against charges, gross, less refunds and fees, adjustments and reserves.
-- In `summary` what lowers the payout is negative, but a fee is positive.
-- When it does not add up the rest goes to the account mapped to
-- @payout_difference; without that mapping the payout does not balance, and
-- a person looks at it.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	'PO-' || need(:body ->> '$.id', 'id') AS number,
	day(need(:body ->> '$.date', 'date'), 'date') AS date,
	need(:body ->> '$.currency', 'currency') AS currency,
	paise(need(:body ->> '$.amount', 'amount'), :body ->> '$.currency',
		'amount') AS total,
	'shopify_payments' AS channel,
	:body ->> '$.id' AS reference
WHERE :body ->> '$.status' = 'paid'

-- name: lines
WITH part(type, name, field, sign) AS (
	VALUES ('clearing', '@shopify_clearing', 'charges_gross_amount', 1),
	('refunded', '@shopify_clearing', 'refunds_gross_amount', -1),
	('fee', '@gateway_fees', 'charges_fee_amount', 1),
	('fee', '@gateway_fees', 'refunds_fee_amount', 1),
	('fee', '@gateway_fees', 'adjustments_fee_amount', 1),
	('fee', '@gateway_fees', 'reserved_funds_fee_amount', 1),
	('fee', '@gateway_fees', 'retried_payouts_fee_amount', 1),
	('adjustment', '@payout_adjustments', 'adjustments_gross_amount', -1),
	('adjustment', '@gateway_reserve', 'reserved_funds_gross_amount', -1),
	('adjustment', '@bank', 'retried_payouts_gross_amount', -1)
),
-- debit positive, for the sum; `clearing` alone is a credit
line AS MATERIALIZED (
	SELECT type, name, field, sign * coalesce(paise(
		:body ->> ('$.summary.' || field), :body ->> '$.currency',
		'summary.' || field), 0) AS amount
	FROM part
),
bank AS MATERIALIZED (
	SELECT paise(:body ->> '$.amount', :body ->> '$.currency', 'amount')
		AS amount
),
rest AS MATERIALIZED (
	SELECT coalesce(sum(CASE type WHEN 'clearing' THEN amount
		ELSE - amount END), 0) - (SELECT amount FROM bank) AS amount
	FROM line
)
SELECT 'bank' AS type, lookup('account', '@bank') AS account,
	NULL AS memo, amount FROM bank
UNION ALL
SELECT type, lookup('account', name), field, amount FROM line
	WHERE amount <> 0
UNION ALL
SELECT 'adjustment', known('account', '@payout_difference'), 'difference',
	amount FROM rest
	WHERE amount <> 0 AND known('account', '@payout_difference') IS NOT NULL
