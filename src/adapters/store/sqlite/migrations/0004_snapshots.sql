-- What somebody had, so that it can be given back: now with whose it was. Each part is
-- sealed under the key of its subject, and can be read as long as that key. Nothing was
-- ever written to the table of the first schema.
DROP TABLE snapshot;
CREATE TABLE snapshot (
    request_id BLOB    NOT NULL,
    tenant_id  BLOB    NOT NULL,
    subject    TEXT    NOT NULL,        -- an object id, as in subject_key
    step_id    INTEGER NOT NULL,        -- 0: read beside the steps
    part       TEXT    NOT NULL,
    taken_at   INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    PRIMARY KEY (request_id, tenant_id, subject, step_id, part),
    FOREIGN KEY (request_id, tenant_id) REFERENCES request (request_id, tenant_id),
    FOREIGN KEY (subject, tenant_id) REFERENCES subject_key (subject, tenant_id)
) STRICT;
