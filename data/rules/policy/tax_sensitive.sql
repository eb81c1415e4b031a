-- What changes the tax of a return otherwise than a sale or a purchase does.
-- name: holds
SELECT CASE (SELECT type FROM line
		WHERE type IN ('reverse_charge', 'withheld') LIMIT 1)
	WHEN 'reverse_charge' THEN 'tax that we owe ourselves'
	WHEN 'withheld' THEN 'tax deducted at source'
	ELSE CASE WHEN :kind IN ('credit_note', 'debit_note')
			AND coalesce(:tax, 0) <> 0
		THEN 'tax is taken back'
		ELSE 'a voucher with a tax code' END
	END AS why
WHERE (EXISTS (SELECT 1 FROM line
		WHERE type IN ('reverse_charge', 'withheld'))
	OR (:kind IN ('credit_note', 'debit_note') AND coalesce(:tax, 0) <> 0)
	OR (:kind = 'journal_voucher'
		AND EXISTS (SELECT 1 FROM line WHERE tax_code IS NOT NULL)))
	AND (:limit IS NULL OR :base_total > :limit)
