-- A REST ERP that books vouchers: the rule of tests/erp/restd.py, and the one
-- to begin yours with. README.md says what each section is given and gives.

-- name: check
SELECT '/company' AS path

-- name: checked
SELECT :answer ->> '$.product' AS product,
    :answer ->> '$.name' AS company,
    :answer ->> '$.currency' AS currency

-- name: send
SELECT '/vouchers' AS path,
    json_object(
        'reference', :reference,
        'date', :posting ->> '$.date',
        'type', nullif(:posting ->> '$.book', ''),
        'narration', :posting ->> '$.narration',
        'currency', :posting ->> '$.currency',
        'reverses', nullif(:posting ->> '$.reverses_id', ''),
        'lines', json((
            SELECT json_group_array(json_object(
                'account', value ->> '$.account',
                'party', nullif(value ->> '$.party', ''),
                'cost_centre', nullif(value ->> '$.cost_centre', ''),
                'debit', value ->> '$.debit',
                'credit', value ->> '$.credit'))
            FROM json_each(:posting, '$.lines')))) AS body

-- name: sent
SELECT :answer ->> '$.id' AS id,
    :answer ->> '$.number' AS number,
    :answer ->> '$.version' AS version,
    :answer ->> '$.reference' AS reference,
    :answer ->> '$.date' AS date,
    :answer -> '$.lines' AS lines,
    :answer ->> '$.error.message' AS words,
    CASE WHEN :answer ->> '$.status' = 'draft' THEN 'unknown'
        WHEN :answer ->> '$.error.code' = 'bad_digest' THEN 'later'
        WHEN :answer ->> '$.error.code' IN ('duplicate_reference',
            'key_reused') THEN 'refused' END AS outcome,
    CASE WHEN rx('^unknown_', :answer ->> '$.error.code') THEN 'mapping'
        WHEN :answer ->> '$.error.code' = 'period_closed' THEN 'period'
        WHEN rx('^(duplicate_reference|key_reused)$',
            :answer ->> '$.error.code') THEN 'duplicate'
        END AS refusal

-- name: find
SELECT '/vouchers?reference=' || url(:reference) AS path,
    '$.items' AS rows

-- name: found
SELECT value ->> '$.reference' AS reference,
    value ->> '$.id' AS id,
    value ->> '$.number' AS number,
    value ->> '$.version' AS version,
    value ->> '$.status' AS state,
    value ->> '$.date' AS date,
    value ->> '$.narration' AS narration,
    value ->> '$.changed_by' AS changed_by,
    value -> '$.lines' AS lines
FROM json_each(:answer, '$.items')

-- The highest reference of a series.
-- name: reach
SELECT '/vouchers?series=' || url(:series) AS path,
    '$.items' AS rows

-- name: reached
SELECT value ->> '$.reference' AS reference
FROM json_each(:answer, '$.items')

-- A draft that a crash left behind.
-- name: finish
SELECT '/vouchers/' || url(:id) || '/book' AS path,
    json_object('If-Match', '"' || :version || '"') AS headers,
    '{}' AS body

-- name: finished
SELECT :answer ->> '$.id' AS id,
    :answer ->> '$.number' AS number,
    :answer ->> '$.version' AS version,
    :answer ->> '$.reference' AS reference,
    :answer ->> '$.date' AS date,
    :answer -> '$.lines' AS lines,
    :answer ->> '$.error.message' AS words,
    CASE WHEN rx('^unknown_', :answer ->> '$.error.code') THEN 'mapping'
        WHEN :answer ->> '$.error.code' = 'period_closed' THEN 'period'
        END AS refusal

-- name: list
SELECT '/vouchers?from=' || :from || '&to=' || :to || '&cursor=' ||
    url(:cursor) AS path, '$.items' AS rows

-- name: listed
SELECT value ->> '$.reference' AS reference,
    value ->> '$.id' AS id,
    value ->> '$.number' AS number,
    value ->> '$.version' AS version,
    value ->> '$.status' AS state,
    value ->> '$.date' AS date,
    value ->> '$.narration' AS narration,
    value ->> '$.changed_by' AS changed_by,
    value -> '$.lines' AS lines
FROM json_each(:answer, '$.items')

-- name: more
SELECT :answer ->> '$.next' AS cursor

-- name: balance
SELECT '/trial-balance?day=' || :day || '&cursor=' || url(:cursor) AS path,
    '$.items' AS rows

-- name: balanced
SELECT value ->> '$.account' AS account,
    value ->> '$.name' AS name,
    value ->> '$.debit' AS debit,
    value ->> '$.credit' AS credit
FROM json_each(:answer, '$.items')

-- Our side of a drift, while it is still what we saw.
-- name: restore
SELECT '/vouchers/' || url(:id) AS path,
    json_object('If-Match', '"' || :version || '"') AS headers,
    json_object(
        'reference', :reference,
        'date', :posting ->> '$.date',
        'type', nullif(:posting ->> '$.book', ''),
        'narration', :posting ->> '$.narration',
        'currency', :posting ->> '$.currency',
        'lines', json((
            SELECT json_group_array(json_object(
                'account', value ->> '$.account',
                'party', nullif(value ->> '$.party', ''),
                'cost_centre', nullif(value ->> '$.cost_centre', ''),
                'debit', value ->> '$.debit',
                'credit', value ->> '$.credit'))
            FROM json_each(:posting, '$.lines')))) AS body

-- name: restored
SELECT :answer ->> '$.id' AS id,
    :answer ->> '$.number' AS number,
    :answer ->> '$.version' AS version,
    :answer ->> '$.reference' AS reference,
    :answer ->> '$.date' AS date,
    :answer -> '$.lines' AS lines,
    :answer ->> '$.error.message' AS words,
    CASE WHEN rx('^unknown_', :answer ->> '$.error.code') THEN 'mapping'
        WHEN :answer ->> '$.error.code' = 'period_closed' THEN 'period'
        END AS refusal
