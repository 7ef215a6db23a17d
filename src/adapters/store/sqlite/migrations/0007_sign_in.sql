-- Whose a chat account is, by a sign-in: one person at a time; who it was before is remembered,
-- because two directory accounts behind one chat account are one person. Nothing was ever
-- written to the table of the first schema, which remembered nobody.
DROP TABLE identity_link;
CREATE TABLE identity_link (
    platform  TEXT    NOT NULL,
    realm     TEXT    NOT NULL,
    chat_id   TEXT    NOT NULL,
    tenant_id BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    user_id   BLOB    NOT NULL CHECK (length(user_id) = 16),
    at        INTEGER NOT NULL,
    until     INTEGER,                  -- when it ended
    sealed    BLOB    NOT NULL,         -- who that is, as people read it
    PRIMARY KEY (platform, realm, chat_id, tenant_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identity_now  ON identity_link (platform, realm, chat_id, tenant_id) WHERE until IS NULL;
CREATE INDEX        identity_user ON identity_link (tenant_id, user_id);

-- Sign-ins that somebody was asked for in a chat: one of an account for each purpose.
CREATE TABLE sign_in (
    account    BLOB    NOT NULL CHECK (length(account) = 32),     -- hash of the chat account
    about      TEXT    NOT NULL,                                  -- link, or a request
    tenant_id  BLOB    NOT NULL CHECK (length(tenant_id) = 16),
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    state_hash BLOB    CHECK (length(state_hash) = 32),
    version    INTEGER NOT NULL CHECK (version >= 1),
    expires_at INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    PRIMARY KEY (account, about, tenant_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sign_in_token ON sign_in (token_hash);
CREATE UNIQUE INDEX sign_in_state ON sign_in (state_hash) WHERE state_hash IS NOT NULL;
