-- An order accepted is a promise: nothing is booked until goods or money move.
-- posts: nothing
-- name: entries
SELECT account, 0 AS amount FROM line WHERE false
