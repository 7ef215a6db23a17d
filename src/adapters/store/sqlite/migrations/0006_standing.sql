-- Standing approvals: where each of them stands, beside the request by which it was signed.
-- What is signed is in that request's plan. Nothing was ever written to the table of the
-- first schema, which knew neither days nor whole requests.
DROP TABLE standing;
CREATE TABLE standing (
    request_id BLOB    NOT NULL,
    tenant_id  BLOB    NOT NULL,
    until      INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (request_id, tenant_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_until ON standing (tenant_id, until);
