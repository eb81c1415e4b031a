-- The voucher's own lines, debit positive.
-- name: entries
SELECT account, party, cost_centre, tax_code, item, location, memo, amount
FROM line
