-- The tables of a SQLite store, with the same names and columns in the same order; a snapshot is a
-- SQLite file. Times are UTC text with nine digits of a second, as there.
-- A table commits by itself here, so a text that was cut short is run again from its beginning:
-- every statement does no harm when it was done before.
-- ${table} ends every table: its engine, and a collation by which texts are equal when their bytes
-- are. A statement ends with a semicolon at the end of its line.

CREATE TABLE IF NOT EXISTS meta (
  one INT PRIMARY KEY CHECK (one = 1),
  format INT NOT NULL, -- of the JSON in all other tables
  applied_term BIGINT NOT NULL,
  applied_index BIGINT NOT NULL,
  node_epoch BIGINT NOT NULL -- how often this store was opened
) ${table};

INSERT IGNORE INTO meta VALUES (1, 1, 0, 0, 0);

-- Whose the schema is; no part of the state, and of no snapshot.

CREATE TABLE IF NOT EXISTS holder (
  one INT PRIMARY KEY CHECK (one = 1),
  node TEXT NOT NULL, -- machine and data folder
  run VARCHAR(36) NOT NULL, -- made up each time a node opens the store
  writes BIGINT NOT NULL -- one more with every transaction
) ${table};

INSERT IGNORE INTO holder VALUES (1, '', '', 0);

-- The state: what decisions read, and nothing else.

CREATE TABLE IF NOT EXISTS instance (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  cluster VARCHAR(64) NOT NULL,
  PRIMARY KEY (host, port)
) ${table};

CREATE TABLE IF NOT EXISTS cluster_head (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY,
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS open_plan (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  plan LONGTEXT NOT NULL, -- JSON
  actor LONGTEXT NOT NULL,
  since VARCHAR(64) NOT NULL,
  begun INT NOT NULL,
  ended INT NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS held (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  plan VARCHAR(64) NOT NULL,
  PRIMARY KEY (host, port)
) ${table};

-- The log, kept for whoever asks who did what.

CREATE TABLE IF NOT EXISTS command (
  log_index BIGINT PRIMARY KEY,
  log_term BIGINT NOT NULL,
  id VARCHAR(36) NOT NULL UNIQUE,
  actor LONGTEXT NOT NULL,
  cause LONGTEXT NOT NULL,
  at VARCHAR(64) NOT NULL,
  level INT NOT NULL,
  type VARCHAR(64) NOT NULL,
  body LONGTEXT NOT NULL, -- JSON
  verdict VARCHAR(8) NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
  reason LONGTEXT,
  CHECK ((reason IS NULL) = (verdict = 'accepted'))
) ${table};

-- What was planned and done.

CREATE TABLE IF NOT EXISTS plan (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  opened_index BIGINT NOT NULL UNIQUE,
  intent LONGTEXT NOT NULL, -- in words
  plan LONGTEXT NOT NULL, -- JSON
  actor LONGTEXT NOT NULL,
  opened VARCHAR(64) NOT NULL,
  closed VARCHAR(64),
  end VARCHAR(64),
  report LONGTEXT NOT NULL,
  undone_by VARCHAR(64) -- no foreign key: it may be told of a plan that is not known here
) ${table};

CREATE TABLE IF NOT EXISTS plan_step (
  plan VARCHAR(64) NOT NULL,
  number INT NOT NULL,
  step LONGTEXT NOT NULL, -- JSON
  begun VARCHAR(64) NOT NULL,
  ended VARCHAR(64),
  failure LONGTEXT,
  PRIMARY KEY (plan, number),
  FOREIGN KEY (plan) REFERENCES plan (id)
) ${table};
