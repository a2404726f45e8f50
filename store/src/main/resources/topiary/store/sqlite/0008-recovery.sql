-- Recoveries that are under way, the latest of each cluster, and which begin by themselves.

CREATE TABLE recovery_switch (
  cluster TEXT NOT NULL PRIMARY KEY, -- * for all of which nothing is said
  of_primary INTEGER NOT NULL,
  of_intermediate INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO recovery_switch VALUES ('*', 0, 0);

CREATE TABLE recovery_halt (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  halted INTEGER NOT NULL
) STRICT;

INSERT INTO recovery_halt VALUES (1, 0);

CREATE TABLE open_recovery (
  id TEXT NOT NULL PRIMARY KEY,
  cluster TEXT NOT NULL,
  failed TEXT NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  forced INTEGER NOT NULL,
  wanted TEXT NOT NULL, -- empty for whoever suits best
  successor TEXT NOT NULL, -- empty until that is decided
  since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ended_recovery (
  cluster TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  failed TEXT NOT NULL,
  successor TEXT NOT NULL, -- empty for nobody
  ended TEXT NOT NULL
) STRICT, WITHOUT ROWID;
