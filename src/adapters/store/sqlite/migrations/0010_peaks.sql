-- The record's tree as it stood when a head was signed: the roots of its complete subtrees, largest
-- first. What continues the record after a start takes it up there; it is checked against the root
-- that was signed. NULL: not written down then, and the record is read from its beginning.
ALTER TABLE head ADD COLUMN peaks BLOB;
