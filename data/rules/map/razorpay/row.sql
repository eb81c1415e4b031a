-- A row of Razorpay's settlement recon report (major units): what of one
-- payment, refund or adjustment went to the bank, with which settlement. Fees
-- were booked when the payment was captured. In a batch flow the rows of one
-- settlement are one entry. This and settlement.processed tell of the same
-- money reaching the bank: take one of the two.
-- name: header
SELECT 'settlement' AS kind,
	lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.settlement_id', 'settlement_id') || '/'
		|| need(:body ->> '$.entity_id', 'entity_id') AS number,
	day(need(:body ->> '$.settled_at', 'settled_at'), 'settled_at') AS date,
	currency,
	coalesce(paise(nullif(:body ->> '$.credit', ''), currency, 'credit'), 0)
	- coalesce(paise(nullif(:body ->> '$.debit', ''), currency, 'debit'), 0)
		AS total,
	:body ->> '$.settlement_id' AS batch,
	'razorpay' AS channel,
	:body ->> '$.settlement_utr' AS reference,
	nullif(:body ->> '$.description', '') AS memo
FROM (SELECT coalesce(nullif(:body ->> '$.currency', ''), 'INR') AS currency)
WHERE coalesce(:body ->> '$.settled', '1') IN ('1', 'true')

-- name: lines
WITH row AS MATERIALIZED (
	SELECT need(:body ->> '$.type', 'type') AS type,
		coalesce(paise(nullif(:body ->> '$.credit', ''), currency,
			'credit'), 0) AS credit,
		coalesce(paise(nullif(:body ->> '$.debit', ''), currency,
			'debit'), 0) AS debit
	FROM (SELECT coalesce(nullif(:body ->> '$.currency', ''), 'INR')
		AS currency)
)
SELECT 'bank' AS type, lookup('account', '@bank') AS account,
	credit - debit AS amount FROM row
UNION ALL
SELECT 'clearing', lookup('account', '@razorpay_clearing'), credit FROM row
	WHERE type = 'payment'
UNION ALL
SELECT 'refunded', lookup('account', '@razorpay_clearing'), debit FROM row
	WHERE type = 'refund'
UNION ALL
SELECT 'adjustment', lookup('account', '@payout_adjustments'), debit - credit
	FROM row WHERE type NOT IN ('payment', 'refund')
