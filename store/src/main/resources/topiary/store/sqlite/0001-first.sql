-- Times are UTC text with nine digits of a second, as in 2026-11-22T21:00:00.123456789Z: exact,
-- because a state that is read back must equal the one that was written; in order as text; and
-- readable in any SQLite shell.
-- A statement ends with a semicolon at the end of its line.

CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  format INTEGER NOT NULL, -- of the JSON in all other tables
  applied_term INTEGER NOT NULL,
  applied_index INTEGER NOT NULL,
  node_epoch INTEGER NOT NULL -- how often this folder was opened
) STRICT;

INSERT INTO meta VALUES (1, 1, 0, 0, 0);

-- The state: what decisions read, and nothing else.

CREATE TABLE instance (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  cluster TEXT NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;

CREATE TABLE cluster_head (
  cluster TEXT NOT NULL PRIMARY KEY,
  host TEXT NOT NULL,
  port INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE open_plan (
  id TEXT NOT NULL PRIMARY KEY,
  plan TEXT NOT NULL, -- JSON
  actor TEXT NOT NULL,
  since TEXT NOT NULL,
  begun INTEGER NOT NULL,
  ended INTEGER NOT NULL
) STRICT;

CREATE TABLE held (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  plan TEXT NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;

-- The log, kept for whoever asks who did what.

CREATE TABLE command (
  log_index INTEGER PRIMARY KEY,
  log_term INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  cause TEXT NOT NULL,
  at TEXT NOT NULL,
  level INTEGER NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL, -- JSON
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
  reason TEXT CHECK ((reason IS NULL) = (verdict = 'accepted'))
) STRICT;

-- What was planned and done.

CREATE TABLE plan (
  id TEXT NOT NULL PRIMARY KEY,
  opened_index INTEGER NOT NULL UNIQUE,
  intent TEXT NOT NULL, -- in words
  plan TEXT NOT NULL, -- JSON
  actor TEXT NOT NULL,
  opened TEXT NOT NULL,
  closed TEXT,
  end TEXT,
  report TEXT NOT NULL,
  undone_by TEXT -- no foreign key: it may be told of a plan that is not known here
) STRICT;

CREATE TABLE plan_step (
  plan TEXT NOT NULL REFERENCES plan (id),
  number INTEGER NOT NULL,
  step TEXT NOT NULL, -- JSON
  begun TEXT NOT NULL,
  ended TEXT,
  failure TEXT,
  PRIMARY KEY (plan, number)
) STRICT, WITHOUT ROWID;
