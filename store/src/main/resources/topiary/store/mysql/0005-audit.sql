-- The log as an audit: each row of command has a hash over itself and the hash of the row before.

CREATE TABLE IF NOT EXISTS audit (
  log_index BIGINT PRIMARY KEY, -- of command
  hash VARCHAR(64) NOT NULL
) ${table};

-- Whom a row is about, to find it by; made of command, and so no part of the chain.

CREATE TABLE IF NOT EXISTS audit_about (
  subject VARCHAR(300) NOT NULL,
  log_index BIGINT NOT NULL,
  PRIMARY KEY (subject, log_index),
  KEY audit_about_index (log_index)
) ${table};

-- Both ends of the chain: where it was cut off, and its head.

CREATE TABLE IF NOT EXISTS audit_chain (
  one INT PRIMARY KEY CHECK (one = 1),
  cut_index BIGINT NOT NULL,
  cut_hash VARCHAR(64) NOT NULL,
  last_index BIGINT NOT NULL,
  last_hash VARCHAR(64) NOT NULL
) ${table};
