-- Whose a chat account is, by a sign-in: one person at a time; who it was before is remembered,
-- because two directory accounts behind one chat account are one person. Nothing was ever
-- written to the table of the first schema, which remembered nobody.
DROP TABLE identity_link;
CREATE TABLE identity_link (
    platform  TEXT    NOT NULL,
    realm     TEXT    NOT NULL,
    chat_id   TEXT    NOT NULL,
    tenant_id UUID    NOT NULL,
    user_id   UUID    NOT NULL,
    at        BIGINT  NOT NULL,
    until     BIGINT,                   -- when it ended
    sealed    BYTEA   NOT NULL,         -- who that is, as people read it
    PRIMARY KEY (platform, realm, chat_id, tenant_id, user_id)
);
CREATE UNIQUE INDEX identity_now  ON identity_link (platform, realm, chat_id, tenant_id) WHERE until IS NULL;
CREATE INDEX        identity_user ON identity_link (tenant_id, user_id);

-- Sign-ins that somebody was asked for in a chat: one of an account for each purpose.
CREATE TABLE sign_in (
    account    BYTEA   NOT NULL,        -- hash of the chat account
    about      TEXT    NOT NULL,        -- link, or a request
    tenant_id  UUID    NOT NULL,
    token_hash BYTEA   NOT NULL,
    state_hash BYTEA,
    version    BIGINT  NOT NULL CHECK (version >= 1),
    expires_at BIGINT  NOT NULL,
    sealed     BYTEA   NOT NULL,
    PRIMARY KEY (account, about, tenant_id)
);
CREATE UNIQUE INDEX sign_in_token ON sign_in (token_hash);
CREATE UNIQUE INDEX sign_in_state ON sign_in (state_hash) WHERE state_hash IS NOT NULL;
