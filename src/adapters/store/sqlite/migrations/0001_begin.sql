-- The first schema. Rows for rooms that are not built yet are here already, so
-- that those rooms need no rewrite of the store.
--
-- How to read it
--   * ids are GUIDs in 16 bytes; `hex(x)` shows them. A tenant of 16 zero bytes
--     means: of no directory.
--   * instants are microseconds since 1970 in UTC: `datetime(x/1000000, 'unixepoch')`.
--   * every column called `sealed…` is ChaCha20-Poly1305 under the key it names;
--     nothing else in the file says more about a person than ids.
--   * a click pays for every page it touches; so a table that only grows has no index
--     that only the sweep would use, and small rows live in their key (WITHOUT ROWID).
--   * the tenant is part of every key that does not carry it already (as a place, a
--     resource or a hash does), and of every arrow to a request.

-- Which key opens this file, as a value sealed with it.
CREATE TABLE seal_check (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    sealed BLOB    NOT NULL
) STRICT;

-- Switches of the operator.
CREATE TABLE switch (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    paused INTEGER NOT NULL CHECK (paused IN (0, 1))
) STRICT;
INSERT INTO switch (one, paused) VALUES (1, 0);

-- The numbers people say: the last one given out in each tenant.
CREATE TABLE numbering (
    tenant_id BLOB    PRIMARY KEY CHECK (length(tenant_id) = 16),
    last      INTEGER NOT NULL CHECK (last > 1000)
) STRICT, WITHOUT ROWID;

-- Requests -----------------------------------------------------------------

CREATE TABLE request (
    request_id       BLOB    NOT NULL CHECK (length(request_id) = 16),
    tenant_id        BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    number           INTEGER NOT NULL CHECK (number > 1000),
    version          INTEGER NOT NULL CHECK (version >= 1),   -- counts up by one with each save
    kind             TEXT    NOT NULL CHECK (kind IN ('change', 'read', 'standing', 'batch')),
    state            TEXT    NOT NULL CHECK (state IN ('clarifying', 'pending', 'approved', 'scheduled',
                         'running', 'succeeded', 'partly_failed', 'failed', 'in_doubt', 'rejected',
                         'expired', 'cancelled', 'superseded')),
    open             INTEGER NOT NULL CHECK (open IN (0, 1)),
    revision         INTEGER NOT NULL CHECK (revision >= 0),  -- of its plan; 0: none yet
    digest           BLOB    CHECK (length(digest) = 32),
    parent_id        BLOB    CHECK (length(parent_id) = 16),
    relation         TEXT    CHECK (relation IN ('edit', 'retry', 'undo', 'restore', 'follow_up', 'item', 'expiry')),
    requester_tenant BLOB    NOT NULL CHECK (length(requester_tenant) = 16),
    requester_id     BLOB    NOT NULL CHECK (length(requester_id) = 16),
    origin_place     TEXT    NOT NULL,
    own_words        INTEGER NOT NULL CHECK (own_words IN (0, 1)),  -- not quoted, not forwarded
    policy_version   TEXT,
    verdict          TEXT    CHECK (verdict IN ('confirm', 'approve')),
    asked_at         INTEGER NOT NULL,
    due_at           INTEGER,           -- the next instant at which something is due
    stopped          INTEGER NOT NULL CHECK (stopped IN (0, 1)),
    lease_owner      TEXT,
    lease_token      INTEGER NOT NULL DEFAULT 0 CHECK (lease_token >= 0),
    lease_until      INTEGER,
    sealed           BLOB    NOT NULL,
    PRIMARY KEY (request_id, tenant_id),
    CHECK ((parent_id IS NULL) = (relation IS NULL)),
    CHECK (open = 1 OR due_at IS NULL)
) STRICT;
CREATE UNIQUE INDEX request_number ON request (tenant_id, number);
CREATE INDEX request_due   ON request (due_at) WHERE due_at IS NOT NULL;   -- the only timer of requests
CREATE INDEX request_lease ON request (due_at, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX request_open  ON request (tenant_id, number) WHERE open = 1;
CREATE INDEX request_place ON request (origin_place);
CREATE INDEX request_child ON request (parent_id, relation) WHERE parent_id IS NOT NULL;

-- Whom a request is about.
CREATE TABLE request_subject (
    tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    request_id BLOB NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, request_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_of_request ON request_subject (request_id);

-- Plans: written once. What was shown is what runs.
CREATE TABLE plan_revision (
    request_id BLOB    NOT NULL,
    tenant_id  BLOB    NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    format     INTEGER NOT NULL CHECK (format >= 1),
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),   -- over the opened bytes
    made_at    INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    PRIMARY KEY (request_id, tenant_id, revision),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT;
CREATE TRIGGER plan_revision_is_never_changed BEFORE UPDATE ON plan_revision
BEGIN SELECT RAISE(ABORT, 'a plan revision is never changed'); END;
CREATE TRIGGER plan_revision_is_never_deleted BEFORE DELETE ON plan_revision
BEGIN SELECT RAISE(ABORT, 'a plan revision is never deleted'); END;

-- Steps: one row each. The first half comes with the plan and stays; the second
-- half is where the step stands, empty until the run begins.
CREATE TABLE step (
    request_id      BLOB    NOT NULL,
    tenant_id       BLOB    NOT NULL,
    revision        INTEGER NOT NULL,
    step_id         INTEGER NOT NULL CHECK (step_id BETWEEN 1 AND 65535),
    sort            TEXT    NOT NULL CHECK (sort IN ('change', 'wait_until', 'probe', 'propose')),
    change_kind     TEXT    NOT NULL,
    needs           TEXT    NOT NULL CHECK (json_valid(needs)),      -- must have ended well
    after_steps     TEXT    NOT NULL CHECK (json_valid(after_steps)),-- must have ended
    resources       TEXT    NOT NULL CHECK (json_valid(resources)),  -- what it locks
    contain         INTEGER NOT NULL CHECK (contain IN (0, 1)),      -- ends somebody's access
    repeat_class    TEXT    NOT NULL CHECK (repeat_class IN ('idempotent', 'read_first', 'never_blind')),
    evidence_kind   TEXT    NOT NULL CHECK (evidence_kind IN ('state', 'trace', 'answer')),
    not_before      INTEGER,
    deadline_s      INTEGER NOT NULL CHECK (deadline_s > 0),         -- of reading back
    state           TEXT    CHECK (state IN ('waiting', 'started', 'verifying', 'done', 'already_so',
                        'failed', 'skipped', 'in_doubt')),
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    intent_at       INTEGER,
    call_id         TEXT,               -- client-request-id of the last call
    next_look_at    INTEGER,
    error_code      TEXT,
    sealed_before   BLOB,               -- observed before the first call
    sealed_after    BLOB,               -- observed last
    sealed          BLOB,               -- everything else of the run
    PRIMARY KEY (request_id, tenant_id, revision, step_id),
    FOREIGN KEY (request_id, tenant_id, revision) REFERENCES plan_revision (request_id, tenant_id, revision),
    CHECK ((state IS NULL) = (sealed IS NULL))
) STRICT;

-- Ids that a step put out for later steps.
CREATE TABLE step_output (
    request_id BLOB    NOT NULL,
    tenant_id  BLOB    NOT NULL,
    revision   INTEGER NOT NULL,
    step_id    INTEGER NOT NULL,
    output     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    PRIMARY KEY (request_id, tenant_id, revision, step_id, output),
    FOREIGN KEY (request_id, tenant_id, revision, step_id) REFERENCES step (request_id, tenant_id, revision, step_id)
) STRICT;

-- Votes: one of each person about each revision, never changed.
CREATE TABLE vote (
    request_id    BLOB    NOT NULL,
    tenant_id     BLOB    NOT NULL,
    revision      INTEGER NOT NULL,
    voter_tenant  BLOB    NOT NULL CHECK (length(voter_tenant) = 16),
    voter_id      BLOB    NOT NULL CHECK (length(voter_id) = 16),
    digest        BLOB    NOT NULL CHECK (length(digest) = 32),
    choice        TEXT    NOT NULL CHECK (choice IN ('approve', 'reject')),
    door          TEXT    NOT NULL,
    auth_strength TEXT,
    at            INTEGER NOT NULL,
    mac           BLOB    NOT NULL,
    sealed        BLOB    NOT NULL,     -- the whole vote, with name and reason
    PRIMARY KEY (request_id, tenant_id, revision, voter_tenant, voter_id),
    FOREIGN KEY (request_id, tenant_id, revision) REFERENCES plan_revision (request_id, tenant_id, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER vote_is_never_changed BEFORE UPDATE ON vote
BEGIN SELECT RAISE(ABORT, 'a vote is never changed'); END;
CREATE TRIGGER vote_is_never_deleted BEFORE DELETE ON vote
BEGIN SELECT RAISE(ABORT, 'a vote is never deleted'); END;

-- What a request holds while it runs.
CREATE TABLE resource_lock (
    resource   TEXT    PRIMARY KEY,     -- has its tenant in it
    tenant_id  BLOB    NOT NULL,
    request_id BLOB    NOT NULL,
    taken_at   INTEGER NOT NULL,
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lock_of_request ON resource_lock (request_id);

-- What somebody had, so that it can be given back.
CREATE TABLE snapshot (
    request_id BLOB    NOT NULL,
    tenant_id  BLOB    NOT NULL,
    step_id    INTEGER NOT NULL,
    what       TEXT    NOT NULL,
    taken_at   INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    PRIMARY KEY (request_id, tenant_id, step_id, what),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT;

-- Standing approvals: signed once, narrow, limited, revocable.
CREATE TABLE standing (
    standing_id BLOB    NOT NULL CHECK (length(standing_id) = 16),
    tenant_id   BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    request_id  BLOB    NOT NULL,       -- the request by which it was signed
    action      TEXT    NOT NULL,
    allowed     INTEGER NOT NULL CHECK (allowed >= 0),
    used        INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND allowed),
    until       INTEGER NOT NULL,
    revoked_at  INTEGER,
    sealed      BLOB    NOT NULL,
    PRIMARY KEY (standing_id, tenant_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT;

-- How much was used of a limit, by window.
CREATE TABLE quota (
    tenant_id BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    name      TEXT    NOT NULL,         -- whose limit, and of what
    window_at INTEGER NOT NULL,
    used      INTEGER NOT NULL CHECK (used >= 0),
    PRIMARY KEY (tenant_id, name, window_at)
) STRICT, WITHOUT ROWID;

-- In and out ---------------------------------------------------------------

-- Deliveries, so that a repeat gets the same answer. Between being received and
-- being handled, the delivery itself is kept.
CREATE TABLE inbox (
    delivery_key    TEXT    PRIMARY KEY,
    tenant_id       BLOB    NOT NULL,
    at              INTEGER NOT NULL,
    sealed_answer   BLOB,
    sealed_delivery BLOB,
    CHECK ((sealed_answer IS NULL) <> (sealed_delivery IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_unhandled ON inbox (at) WHERE sealed_answer IS NULL;

-- Messages to say once, in the order they were written.
CREATE TABLE outbox (
    message_id    BLOB    NOT NULL CHECK (length(message_id) = 16),
    tenant_id     BLOB    NOT NULL,
    lane          BLOB    NOT NULL,     -- hash of the conversation: order holds within it
    at            INTEGER NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'said', 'given_up')),
    tries         INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL DEFAULT 0,
    why           BLOB,                 -- sealed: why it can never be said
    sealed        BLOB,                 -- erased once it is said
    sealed_card   BLOB,
    PRIMARY KEY (message_id, tenant_id),
    CHECK (state <> 'waiting' OR sealed IS NOT NULL)
) STRICT;
CREATE INDEX outbox_due ON outbox (max(next_at, claimed_until)) WHERE state = 'waiting';

-- Copies of request cards. A copy is stale while `drawn` is behind `wanted`.
CREATE TABLE card_copy (
    copy_id       BLOB    NOT NULL CHECK (length(copy_id) = 16),
    request_id    BLOB    NOT NULL,
    tenant_id     BLOB    NOT NULL,
    wanted        INTEGER NOT NULL DEFAULT 1,
    drawn         INTEGER NOT NULL DEFAULT 0,
    tries         INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL DEFAULT 0,
    given_up      INTEGER NOT NULL DEFAULT 0 CHECK (given_up IN (0, 1)),
    why           BLOB,                 -- sealed: why it can never be drawn
    sealed        BLOB    NOT NULL,     -- to whom, and the value of its buttons
    sealed_card   BLOB,                 -- the message it became
    PRIMARY KEY (copy_id, tenant_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id),
    CHECK (drawn <= wanted)
) STRICT;
CREATE INDEX copy_of_request ON card_copy (request_id);
CREATE INDEX copy_due ON card_copy (max(next_at, claimed_until)) WHERE drawn < wanted AND given_up = 0;

-- Conversations the bot was met in.
CREATE TABLE conversation (
    place_key   TEXT    PRIMARY KEY,
    user_tenant BLOB    CHECK (length(user_tenant) = 16),
    user_id     BLOB    CHECK (length(user_id) = 16),
    open        INTEGER NOT NULL CHECK (open IN (0, 1)),
    at          INTEGER NOT NULL,
    sealed      BLOB    NOT NULL,       -- where
    sealed_with BLOB,                   -- with whom
    CHECK ((user_tenant IS NULL) = (user_id IS NULL))
) STRICT;
CREATE INDEX conversation_with ON conversation (user_tenant, user_id) WHERE user_id IS NOT NULL;

-- Which chat account is whose.
CREATE TABLE identity_link (
    platform  TEXT    NOT NULL,
    realm     TEXT    NOT NULL,
    chat_id   TEXT    NOT NULL,
    tenant_id BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    user_id   BLOB    NOT NULL CHECK (length(user_id) = 16),
    made_by   TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    until     INTEGER,
    PRIMARY KEY (platform, realm, chat_id, tenant_id)
) STRICT, WITHOUT ROWID;

-- Words of a thread, kept for a limited time.
CREATE TABLE heard (
    heard_id  INTEGER PRIMARY KEY,
    tenant_id BLOB    NOT NULL,
    place_key TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    sealed    BLOB    NOT NULL
) STRICT;
CREATE INDEX heard_in    ON heard (place_key, at);
CREATE INDEX heard_until ON heard (until);

-- Secrets ------------------------------------------------------------------

CREATE TABLE secret (
    request_id       BLOB    NOT NULL,
    tenant_id        BLOB    NOT NULL,
    step_id          INTEGER NOT NULL,
    recipient_tenant BLOB    NOT NULL CHECK (length(recipient_tenant) = 16),
    recipient_id     BLOB    NOT NULL CHECK (length(recipient_id) = 16),
    expires_at       INTEGER NOT NULL,
    sealed           BLOB    NOT NULL,
    PRIMARY KEY (request_id, tenant_id, step_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT;

-- Links to secrets. `sealed` is under a key made from the link's token, which is
-- nowhere in this file; only its hash is.
CREATE TABLE secret_link (
    token_hash BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    tenant_id  BLOB    NOT NULL,
    request_id BLOB    NOT NULL,
    step_id    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT;
CREATE INDEX link_of_step ON secret_link (request_id, step_id);

-- The record ---------------------------------------------------------------

-- One random key for each subject, itself sealed. Without it nothing written
-- about them can be read, and the tree over the facts still verifies.
CREATE TABLE subject_key (
    subject      TEXT    NOT NULL,      -- an object id, or `house`
    tenant_id    BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    made_at      INTEGER NOT NULL,
    sealed       BLOB,
    forgotten_at INTEGER,
    PRIMARY KEY (subject, tenant_id),
    CHECK ((sealed IS NULL) = (forgotten_at IS NOT NULL))
) STRICT;

-- What happened, in the order it was written. Never changed.
CREATE TABLE fact (
    position     INTEGER PRIMARY KEY,   -- counts up, because no fact is ever deleted
    tenant_id    BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    header       BLOB    NOT NULL,      -- the canonical bytes: ids, kind, time, digest
    payload_hash BLOB    NOT NULL CHECK (length(payload_hash) = 32)   -- SHA-256(salt ‖ payload)
) STRICT;
CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact
BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER fact_is_never_deleted BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;

-- Salt and payload of a fact, under its subject's key.
CREATE TABLE fact_payload (
    position  INTEGER PRIMARY KEY REFERENCES fact (position),
    tenant_id BLOB    NOT NULL,
    subject   TEXT    NOT NULL,
    sealed    BLOB    NOT NULL,
    FOREIGN KEY (subject, tenant_id) REFERENCES subject_key (subject, tenant_id)
) STRICT;

-- The place of a fact in the record: counts from 0 without gaps. A fact beyond
-- the last position here waits for its number.
CREATE TABLE record (
    seq      INTEGER PRIMARY KEY CHECK (seq >= 0),
    position INTEGER NOT NULL UNIQUE REFERENCES fact (position)
) STRICT;
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END;
CREATE TRIGGER record_is_never_deleted BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'the record is never deleted'); END;

-- Signed heads: what the first `size` facts were.
CREATE TABLE head (
    size      INTEGER PRIMARY KEY CHECK (size >= 0),
    root      BLOB    NOT NULL CHECK (length(root) = 32),
    at        TEXT    NOT NULL,         -- exactly as signed
    key_id    TEXT    NOT NULL,
    signature BLOB    NOT NULL
) STRICT;
