-- Standing approvals: where each of them stands, beside the request by which it was signed.
-- What is signed is in that request's plan. Nothing was ever written to the table of the
-- first schema, which knew neither days nor whole requests.
DROP TABLE standing;
CREATE TABLE standing (
    request_id UUID   NOT NULL,
    tenant_id  UUID   NOT NULL,
    until      BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (request_id, tenant_id),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
);
CREATE INDEX standing_until ON standing (tenant_id, until);
