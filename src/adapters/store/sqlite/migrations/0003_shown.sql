-- Who was shown every step of a plan whose card only counts them: what they sign next
-- is what they were shown, also after a restart.
CREATE TABLE shown (
    request_id BLOB    NOT NULL,
    tenant_id  BLOB    NOT NULL,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),   -- of the plan
    who        BLOB    NOT NULL CHECK (length(who) = 32),      -- a hash of the chat account
    at         INTEGER NOT NULL,
    PRIMARY KEY (request_id, tenant_id, digest, who),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id)
) STRICT, WITHOUT ROWID;
