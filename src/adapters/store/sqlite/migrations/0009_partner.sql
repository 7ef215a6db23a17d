-- The partner's way into customers' tenants: one refresh token, which each use replaces.
CREATE TABLE partner_token (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    at     INTEGER NOT NULL,             -- when it was given or last replaced
    sealed BLOB    NOT NULL
) STRICT;
