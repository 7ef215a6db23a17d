-- The schema on a PostgreSQL server, beside that of the SQLite file: the same tables and
-- columns, so that what reads and writes them is written once.
--
-- How to read it
--   * ids are UUIDs. A tenant of zeros means: of no directory.
--   * instants are microseconds since 1970 in UTC: `to_timestamp(x / 1000000.0)`.
--   * whole numbers are BIGINT throughout, yes and no are 1 and 0: a value has one type,
--     whichever column it goes to.
--   * `rowid` counts up as rows are written, as every table in SQLite does by itself.
--   * every column called `sealed…` is ChaCha20-Poly1305 under the key it names;
--     nothing else here says more about a person than ids.
--   * the tenant is part of every key that does not carry it already (as a place, a
--     resource or a hash does), and of every arrow to a request.

-- Which key opens this database, as a value sealed with it.
CREATE TABLE seal_check (
    one    BIGINT  PRIMARY KEY CHECK (one = 1),
    sealed BYTEA   NOT NULL
);

-- Switches of the operator.
CREATE TABLE switch (
    one    BIGINT  PRIMARY KEY CHECK (one = 1),
    paused BIGINT  NOT NULL CHECK (paused IN (0, 1))
);
INSERT INTO switch (one, paused) VALUES (1, 0);

-- What must never happen to a row.
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;

-- The numbers people say: the last one given out in each tenant.
CREATE TABLE numbering (
    tenant_id UUID    PRIMARY KEY,
    last      BIGINT  NOT NULL CHECK (last > 1000)
);

-- Requests -----------------------------------------------------------------

CREATE TABLE request (
    rowid            BIGINT  GENERATED ALWAYS AS IDENTITY UNIQUE,
    request_id       UUID    NOT NULL,
    tenant_id        UUID    NOT NULL,
    number           BIGINT  NOT NULL CHECK (number > 1000),
    version          BIGINT  NOT NULL CHECK (version >= 1),   -- counts up by one with each save
    kind             TEXT    NOT NULL CHECK (kind IN ('change', 'read', 'standing', 'batch')),
    state            TEXT    NOT NULL CHECK (state IN ('clarifying', 'pending', 'approved', 'scheduled',
                         'running', 'succeeded', 'partly_failed', 'failed', 'in_doubt', 'rejected',
                         'expired', 'cancelled', 'superseded')),
    open             BIGINT  NOT NULL CHECK (open IN (0, 1)),
    revision         BIGINT  NOT NULL CHECK (revision >= 0),  -- of its plan; 0: none yet
    digest           BYTEA   CHECK (octet_length(digest) = 32),
    parent_id        UUID,
    relation         TEXT    CHECK (relation IN ('edit', 'retry', 'undo', 'restore', 'follow_up', 'item', 'expiry')),
    requester_tenant UUID    NOT NULL,
    requester_id     UUID    NOT NULL,
    origin_place     TEXT    NOT NULL,
    own_words        BIGINT  NOT NULL CHECK (own_words IN (0, 1)),  -- not quoted, not forwarded
    policy_version   TEXT,
    verdict          TEXT    CHECK (verdict IN ('confirm', 'approve')),
    asked_at         BIGINT  NOT NULL,
    due_at           BIGINT,           -- the next instant at which something is due
    stopped          BIGINT  NOT NULL CHECK (stopped IN (0, 1)),
    lease_owner      TEXT,
    lease_token      BIGINT  NOT NULL DEFAULT 0 CHECK (lease_token >= 0),
    lease_until      BIGINT,
    sealed           BYTEA   NOT NULL,
    PRIMARY KEY (request_id, tenant_id),
    CHECK ((parent_id IS NULL) = (relation IS NULL)),
    CHECK (open = 1 OR due_at IS NULL)
);
CREATE UNIQUE INDEX request_number ON request (tenant_id, number);
CREATE INDEX request_due   ON request (due_at) WHERE due_at IS NOT NULL;   -- the only timer of requests
CREATE INDEX request_lease ON request (due_at, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX request_open  ON request (tenant_id, number) WHERE open = 1;
CREATE INDEX request_place ON request (origin_place, rowid);
CREATE INDEX request_child ON request (parent_id, relation) WHERE parent_id IS NOT NULL;

-- Whom a request is about.
CREATE TABLE request_subject (
    tenant_id  UUID NOT NULL,
    subject_id UUID NOT NULL,
    request_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, request_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);
CREATE INDEX subject_of_request ON request_subject (request_id);

-- Plans: written once. What was shown is what runs.
CREATE TABLE plan_revision (
    request_id UUID    NOT NULL,
    tenant_id  UUID    NOT NULL,
    revision   BIGINT  NOT NULL CHECK (revision >= 1),
    format     BIGINT  NOT NULL CHECK (format >= 1),
    digest     BYTEA   NOT NULL CHECK (octet_length(digest) = 32),   -- over the opened bytes
    made_at    BIGINT  NOT NULL,
    sealed     BYTEA   NOT NULL,
    PRIMARY KEY (request_id, tenant_id, revision),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);
CREATE TRIGGER plan_revision_is_never_changed BEFORE UPDATE ON plan_revision
    FOR EACH ROW EXECUTE FUNCTION never('a plan revision is never changed');
CREATE TRIGGER plan_revision_is_never_deleted BEFORE DELETE ON plan_revision
    FOR EACH ROW EXECUTE FUNCTION never('a plan revision is never deleted');

-- Steps: one row each. The first half comes with the plan and stays; the second
-- half is where the step stands, empty until the run begins.
CREATE TABLE step (
    request_id      UUID    NOT NULL,
    tenant_id       UUID    NOT NULL,
    revision        BIGINT  NOT NULL,
    step_id         BIGINT  NOT NULL CHECK (step_id BETWEEN 1 AND 65535),
    sort            TEXT    NOT NULL CHECK (sort IN ('change', 'wait_until', 'probe', 'propose')),
    change_kind     TEXT    NOT NULL,
    needs           TEXT    NOT NULL CHECK (needs::json IS NOT NULL),      -- must have ended well
    after_steps     TEXT    NOT NULL CHECK (after_steps::json IS NOT NULL),-- must have ended
    resources       TEXT    NOT NULL CHECK (resources::json IS NOT NULL),  -- what it locks
    contain         BIGINT  NOT NULL CHECK (contain IN (0, 1)),      -- ends somebody's access
    repeat_class    TEXT    NOT NULL CHECK (repeat_class IN ('idempotent', 'read_first', 'never_blind')),
    evidence_kind   TEXT    NOT NULL CHECK (evidence_kind IN ('state', 'trace', 'answer')),
    not_before      BIGINT,
    deadline_s      BIGINT  NOT NULL CHECK (deadline_s > 0),         -- of reading back
    state           TEXT    CHECK (state IN ('waiting', 'started', 'verifying', 'done', 'already_so',
                        'failed', 'skipped', 'in_doubt')),
    attempts        BIGINT  NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    intent_at       BIGINT,
    call_id         TEXT,               -- client-request-id of the last call
    next_look_at    BIGINT,
    error_code      TEXT,
    sealed_before   BYTEA,               -- observed before the first call
    sealed_after    BYTEA,               -- observed last
    sealed          BYTEA,               -- everything else of the run
    PRIMARY KEY (request_id, tenant_id, revision, step_id),
    FOREIGN KEY (request_id, tenant_id, revision) REFERENCES plan_revision (request_id, tenant_id, revision),
    CHECK ((state IS NULL) = (sealed IS NULL))
);

-- Ids that a step put out for later steps.
CREATE TABLE step_output (
    request_id UUID    NOT NULL,
    tenant_id  UUID    NOT NULL,
    revision   BIGINT  NOT NULL,
    step_id    BIGINT  NOT NULL,
    output     TEXT    NOT NULL,
    sealed     BYTEA   NOT NULL,
    PRIMARY KEY (request_id, tenant_id, revision, step_id, output),
    FOREIGN KEY (request_id, tenant_id, revision, step_id) REFERENCES step (request_id, tenant_id, revision, step_id)
);

-- Votes: one of each person about each revision, never changed.
CREATE TABLE vote (
    request_id    UUID    NOT NULL,
    tenant_id     UUID    NOT NULL,
    revision      BIGINT  NOT NULL,
    voter_tenant  UUID    NOT NULL,
    voter_id      UUID    NOT NULL,
    digest        BYTEA   NOT NULL CHECK (octet_length(digest) = 32),
    choice        TEXT    NOT NULL CHECK (choice IN ('approve', 'reject')),
    door          TEXT    NOT NULL,
    auth_strength TEXT,
    at            BIGINT  NOT NULL,
    mac           BYTEA   NOT NULL,
    sealed        BYTEA   NOT NULL,     -- the whole vote, with name and reason
    PRIMARY KEY (request_id, tenant_id, revision, voter_tenant, voter_id),
    FOREIGN KEY (request_id, tenant_id, revision) REFERENCES plan_revision (request_id, tenant_id, revision)
);
CREATE TRIGGER vote_is_never_changed BEFORE UPDATE ON vote
    FOR EACH ROW EXECUTE FUNCTION never('a vote is never changed');
CREATE TRIGGER vote_is_never_deleted BEFORE DELETE ON vote
    FOR EACH ROW EXECUTE FUNCTION never('a vote is never deleted');

-- Who was shown every step of a plan whose card only counts them: what they sign next
-- is what they were shown, also after a restart.
CREATE TABLE shown (
    request_id UUID    NOT NULL,
    tenant_id  UUID    NOT NULL,
    digest     BYTEA   NOT NULL CHECK (octet_length(digest) = 32),   -- of the plan
    who        BYTEA   NOT NULL CHECK (octet_length(who) = 32),      -- a hash of the chat account
    at         BIGINT  NOT NULL,
    PRIMARY KEY (request_id, tenant_id, digest, who),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);

-- What a request holds while it runs.
CREATE TABLE resource_lock (
    resource   TEXT    PRIMARY KEY,     -- has its tenant in it
    tenant_id  UUID    NOT NULL,
    request_id UUID    NOT NULL,
    taken_at   BIGINT  NOT NULL,
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);
CREATE INDEX lock_of_request ON resource_lock (request_id);

-- Standing approvals: signed once, narrow, limited, revocable.
CREATE TABLE standing (
    standing_id UUID    NOT NULL,
    tenant_id   UUID    NOT NULL,
    request_id  UUID    NOT NULL,       -- the request by which it was signed
    action      TEXT    NOT NULL,
    allowed     BIGINT  NOT NULL CHECK (allowed >= 0),
    used        BIGINT  NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND allowed),
    until       BIGINT  NOT NULL,
    revoked_at  BIGINT,
    sealed      BYTEA   NOT NULL,
    PRIMARY KEY (standing_id, tenant_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);

-- How much was used of a limit, by window.
CREATE TABLE quota (
    tenant_id UUID    NOT NULL,
    name      TEXT    NOT NULL,         -- whose limit, and of what
    window_at BIGINT  NOT NULL,
    used      BIGINT  NOT NULL CHECK (used >= 0),
    PRIMARY KEY (tenant_id, name, window_at)
);

-- In and out ---------------------------------------------------------------

-- Deliveries, so that a repeat gets the same answer. Between being received and
-- being handled, the delivery itself is kept.
CREATE TABLE inbox (
    delivery_key    TEXT    PRIMARY KEY,
    tenant_id       UUID    NOT NULL,
    at              BIGINT  NOT NULL,
    sealed_answer   BYTEA,
    sealed_delivery BYTEA,
    CHECK ((sealed_answer IS NULL) <> (sealed_delivery IS NULL))
);
CREATE INDEX inbox_unhandled ON inbox (at) WHERE sealed_answer IS NULL;

-- Messages to say once, in the order they were written.
CREATE TABLE outbox (
    rowid            BIGINT  GENERATED ALWAYS AS IDENTITY UNIQUE,
    message_id    UUID    NOT NULL,
    tenant_id     UUID    NOT NULL,
    lane          BYTEA   NOT NULL,     -- hash of the conversation: order holds within it
    at            BIGINT  NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'said', 'given_up')),
    tries         BIGINT  NOT NULL DEFAULT 0,
    next_at       BIGINT  NOT NULL,
    claimed_until BIGINT  NOT NULL DEFAULT 0,
    why           BYTEA,                 -- sealed: why it can never be said
    sealed        BYTEA,                 -- erased once it is said
    sealed_card   BYTEA,
    instead_of    UUID,                  -- the message in whose place this is said
    PRIMARY KEY (message_id, tenant_id),
    CHECK (state <> 'waiting' OR sealed IS NOT NULL)
);
CREATE INDEX outbox_due ON outbox (greatest(next_at, claimed_until)) WHERE state = 'waiting';
CREATE INDEX outbox_instead ON outbox (instead_of) WHERE instead_of IS NOT NULL AND state = 'waiting';

-- Copies of request cards. A copy is stale while `drawn` is behind `wanted`.
CREATE TABLE card_copy (
    rowid            BIGINT  GENERATED ALWAYS AS IDENTITY UNIQUE,
    copy_id       UUID    NOT NULL,
    request_id    UUID    NOT NULL,
    tenant_id     UUID    NOT NULL,
    wanted        BIGINT  NOT NULL DEFAULT 1,
    drawn         BIGINT  NOT NULL DEFAULT 0,
    tries         BIGINT  NOT NULL DEFAULT 0,
    next_at       BIGINT  NOT NULL,
    claimed_until BIGINT  NOT NULL DEFAULT 0,
    given_up      BIGINT  NOT NULL DEFAULT 0 CHECK (given_up IN (0, 1)),
    why           BYTEA,                 -- sealed: why it can never be drawn
    sealed        BYTEA   NOT NULL,     -- to whom, and the value of its buttons
    sealed_card   BYTEA,                 -- the message it became
    PRIMARY KEY (copy_id, tenant_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id),
    CHECK (drawn <= wanted)
);
CREATE INDEX copy_of_request ON card_copy (request_id);
CREATE INDEX copy_due ON card_copy (greatest(next_at, claimed_until)) WHERE drawn < wanted AND given_up = 0;

-- Conversations the bot was met in.
CREATE TABLE conversation (
    rowid            BIGINT  GENERATED ALWAYS AS IDENTITY UNIQUE,
    place_key   TEXT    PRIMARY KEY,
    user_tenant UUID,
    user_id     UUID,
    open        BIGINT  NOT NULL CHECK (open IN (0, 1)),
    at          BIGINT  NOT NULL,
    sealed      BYTEA   NOT NULL,       -- where
    sealed_with BYTEA,                   -- with whom
    CHECK ((user_tenant IS NULL) = (user_id IS NULL))
);
CREATE INDEX conversation_with ON conversation (user_tenant, user_id) WHERE user_id IS NOT NULL;

-- Which chat account is whose.
CREATE TABLE identity_link (
    platform  TEXT    NOT NULL,
    realm     TEXT    NOT NULL,
    chat_id   TEXT    NOT NULL,
    tenant_id UUID    NOT NULL,
    user_id   UUID    NOT NULL,
    made_by   TEXT    NOT NULL,
    at        BIGINT  NOT NULL,
    until     BIGINT,
    PRIMARY KEY (platform, realm, chat_id, tenant_id)
);

-- Words of a thread, kept for a limited time.
CREATE TABLE heard (
    heard_id  BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id UUID    NOT NULL,
    place_key TEXT    NOT NULL,
    at        BIGINT  NOT NULL,
    until     BIGINT  NOT NULL,
    sealed    BYTEA   NOT NULL
);
CREATE INDEX heard_in    ON heard (place_key, at);
CREATE INDEX heard_until ON heard (until);

-- Secrets ------------------------------------------------------------------

CREATE TABLE secret (
    request_id       UUID    NOT NULL,
    tenant_id        UUID    NOT NULL,
    step_id          BIGINT  NOT NULL,
    recipient_tenant UUID    NOT NULL,
    recipient_id     UUID    NOT NULL,
    expires_at       BIGINT  NOT NULL,
    sealed           BYTEA   NOT NULL,
    PRIMARY KEY (request_id, tenant_id, step_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);

-- Links to secrets. `sealed` is under a key made from the link's token, which is
-- nowhere in this database; only its hash is.
CREATE TABLE secret_link (
    token_hash BYTEA   PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    tenant_id  UUID    NOT NULL,
    request_id UUID    NOT NULL,
    step_id    BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL,
    sealed     BYTEA   NOT NULL,
    message_id UUID,                    -- the message it was sent in
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);
CREATE INDEX link_of_step ON secret_link (request_id, step_id);

-- The record ---------------------------------------------------------------

-- One random key for each subject, itself sealed. Without it nothing written
-- about them can be read, and the tree over the facts still verifies.
CREATE TABLE subject_key (
    subject      TEXT    NOT NULL,      -- an object id, or `house`
    tenant_id    UUID    NOT NULL,
    made_at      BIGINT  NOT NULL,
    sealed       BYTEA,
    forgotten_at BIGINT,
    PRIMARY KEY (subject, tenant_id),
    CHECK ((sealed IS NULL) = (forgotten_at IS NOT NULL))
);

-- What somebody had, so that it can be given back. Each part is sealed under the key of its
-- subject, and can be read as long as that key.
CREATE TABLE snapshot (
    request_id UUID    NOT NULL,
    tenant_id  UUID    NOT NULL,
    subject    TEXT    NOT NULL,        -- an object id, as in subject_key
    step_id    BIGINT  NOT NULL,        -- 0: read beside the steps
    part       TEXT    NOT NULL,
    taken_at   BIGINT  NOT NULL,
    until      BIGINT  NOT NULL,
    sealed     BYTEA   NOT NULL,
    PRIMARY KEY (request_id, tenant_id, subject, step_id, part),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id),
    FOREIGN KEY (subject, tenant_id) REFERENCES subject_key (subject, tenant_id)
);

-- What happened. Never changed. Positions count up, but turns commit in any order, and one
-- that failed leaves a gap; the order of the record is in `record`.
CREATE TABLE fact (
    position     BIGINT  GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME fact_position) PRIMARY KEY,
    tenant_id    UUID    NOT NULL,
    header       BYTEA   NOT NULL,      -- the canonical bytes: ids, kind, time, digest
    payload_hash BYTEA   NOT NULL CHECK (octet_length(payload_hash) = 32)   -- SHA-256(salt ‖ payload)
);
CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact
    FOR EACH ROW EXECUTE FUNCTION never('a fact is never changed');
CREATE TRIGGER fact_is_never_deleted BEFORE DELETE ON fact
    FOR EACH ROW EXECUTE FUNCTION never('a fact is never deleted');

-- Salt and payload of a fact, under its subject's key.
CREATE TABLE fact_payload (
    position  BIGINT  PRIMARY KEY REFERENCES fact (position),
    tenant_id UUID    NOT NULL,
    subject   TEXT    NOT NULL,
    sealed    BYTEA   NOT NULL,
    FOREIGN KEY (subject, tenant_id) REFERENCES subject_key (subject, tenant_id)
);

-- Facts that wait for their number.
CREATE TABLE fact_waiting (
    position BIGINT PRIMARY KEY REFERENCES fact (position)
);

-- The place of a fact in the record: counts from 0 without gaps.
CREATE TABLE record (
    seq      BIGINT  PRIMARY KEY CHECK (seq >= 0),
    position BIGINT  NOT NULL UNIQUE REFERENCES fact (position)
);
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
    FOR EACH ROW EXECUTE FUNCTION never('the record is never changed');
CREATE TRIGGER record_is_never_deleted BEFORE DELETE ON record
    FOR EACH ROW EXECUTE FUNCTION never('the record is never deleted');

-- Signed heads: what the first `size` facts were.
CREATE TABLE head (
    size      BIGINT  PRIMARY KEY CHECK (size >= 0),
    root      BYTEA   NOT NULL CHECK (octet_length(root) = 32),
    at        TEXT    NOT NULL,         -- exactly as signed
    key_id    TEXT    NOT NULL,
    signature BYTEA   NOT NULL
);
