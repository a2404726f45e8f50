-- Hooks that are to be run, and where applications are told to write.

CREATE TABLE hook_duty (
  of_recovery TEXT NOT NULL,
  list INTEGER NOT NULL, -- its place among the lists, from 0; none ever gets another
  facts TEXT NOT NULL, -- names and values, as JSON
  ended INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  failure TEXT NOT NULL,
  settled INTEGER NOT NULL,
  PRIMARY KEY (of_recovery, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE told_primary (
  cluster TEXT NOT NULL PRIMARY KEY,
  alias TEXT NOT NULL,
  server TEXT NOT NULL,
  ipv4 TEXT NOT NULL,
  ipv6 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
