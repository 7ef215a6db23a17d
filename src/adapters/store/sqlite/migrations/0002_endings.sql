-- What is said in the place of an earlier message.

-- The message that is changed. Such a row waits until what it says is true: the
-- message with a one-time link says at its time that the link ran out.
ALTER TABLE outbox ADD COLUMN instead_of BLOB CHECK (length(instead_of) = 16);
CREATE INDEX outbox_instead ON outbox (instead_of) WHERE instead_of IS NOT NULL AND state = 'waiting';

-- The message a link was sent in; empty for links from before.
ALTER TABLE secret_link ADD COLUMN message_id BLOB CHECK (length(message_id) = 16);
