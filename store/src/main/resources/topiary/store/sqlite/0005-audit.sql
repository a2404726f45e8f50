-- The log as an audit: each row of command has a hash over itself and the hash of the row before.

CREATE TABLE audit (
  log_index INTEGER PRIMARY KEY, -- of command
  hash TEXT NOT NULL
) STRICT;

-- Whom a row is about, to find it by; made of command, and so no part of the chain.

CREATE TABLE audit_about (
  subject TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (subject, log_index)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_about_index ON audit_about (log_index);

-- Both ends of the chain: where it was cut off, and its head.

CREATE TABLE audit_chain (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  cut_index INTEGER NOT NULL,
  cut_hash TEXT NOT NULL,
  last_index INTEGER NOT NULL,
  last_hash TEXT NOT NULL
) STRICT;
