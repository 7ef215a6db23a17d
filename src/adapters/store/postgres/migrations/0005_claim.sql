-- Rows of batches are carried out after everything else, those that were never taken up before
-- those that were. Each of the three has an index of its own, in the order in which they are due,
-- so that a batch of thousands costs a claim, the timer and the sweeper no more than one request.
DROP INDEX request_due;
CREATE INDEX request_due       ON request (due_at) WHERE due_at IS NOT NULL AND relation IS DISTINCT FROM 'item';
CREATE INDEX request_row_due   ON request (due_at) WHERE due_at IS NOT NULL AND relation = 'item' AND lease_token = 0;
CREATE INDEX request_row_again ON request (due_at) WHERE due_at IS NOT NULL AND relation = 'item' AND lease_token > 0;
