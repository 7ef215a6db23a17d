-- The partner's way into customers' tenants: one refresh token, which each use replaces.
CREATE TABLE partner_token (
    one    BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    at     BIGINT NOT NULL,              -- when it was given or last replaced
    sealed BYTEA  NOT NULL
);
