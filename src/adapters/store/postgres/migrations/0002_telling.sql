-- Messages to one conversation are handed out in their order: what waits before one is found
-- without reading the rest.
CREATE INDEX outbox_lane ON outbox (lane, rowid) WHERE state = 'waiting';

-- A card whose earlier drawing may still arrive until then, late, and show what was true before:
-- it is drawn once more after that. 0: nothing is in doubt.
ALTER TABLE card_copy ADD COLUMN doubtful_until BIGINT NOT NULL DEFAULT 0;
