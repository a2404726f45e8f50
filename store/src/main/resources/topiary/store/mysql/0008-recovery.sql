-- Recoveries that are under way, the latest of each cluster, and which begin by themselves.

CREATE TABLE IF NOT EXISTS recovery_switch (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY, -- * for all of which nothing is said
  of_primary INT NOT NULL,
  of_intermediate INT NOT NULL
) ${table};

INSERT IGNORE INTO recovery_switch VALUES ('*', 0, 0);

CREATE TABLE IF NOT EXISTS recovery_halt (
  one INT PRIMARY KEY CHECK (one = 1),
  halted INT NOT NULL
) ${table};

INSERT IGNORE INTO recovery_halt VALUES (1, 0);

CREATE TABLE IF NOT EXISTS open_recovery (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  cluster VARCHAR(64) NOT NULL,
  failed TEXT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  code VARCHAR(255) NOT NULL,
  forced INT NOT NULL,
  wanted TEXT NOT NULL, -- empty for whoever suits best
  successor TEXT NOT NULL, -- empty until that is decided
  since VARCHAR(64) NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS ended_recovery (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY,
  id VARCHAR(64) NOT NULL,
  failed TEXT NOT NULL,
  successor TEXT NOT NULL, -- empty for nobody
  ended VARCHAR(64) NOT NULL
) ${table};
